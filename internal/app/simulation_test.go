package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/internal/app"
	"github.com/ponte-desk/ponte/sandbox/desk"
)

// play is the story that the simulation tells at every crash point: a customer writes, an agent answers, in public, twice the
// same, and privately, the ticket becomes pending and is opened again by the customer.
func play(w *world) {
	w.customer("bom dia m1")
	w.run(time.Second)
	w.customer("meu sistema parou m2")
	w.customer("pode ajudar m3")
	w.run(3 * time.Second)
	w.agent("olá r1", true)
	w.agent("ver com o N2 p1", false)
	w.run(time.Second)
	w.customer("sim m4")
	w.run(25 * time.Second)
	w.agent("um instante r2", true)
	w.agent("um instante r2", true)
	w.status("pending")
	w.run(5 * time.Second)
	w.customer("resolveu m5")
	w.run(5 * time.Minute)
}

// customer has the seeded customer write.
func (w *world) customer(text string) {
	w.t.Helper()
	if _, err := w.peers.WhatsApp().ReceiveFrom(w.peers.WhatsApp().Customers()[0].ID, text); err != nil {
		w.fatalf("%v", err)
	}
}

// tickets is those that Ponte made; the desk is seeded with others.
func (w *world) tickets() []desk.TicketView {
	return slices.DeleteFunc(w.peers.Zendesk().Tickets(), func(t desk.TicketView) bool { return !strings.HasPrefix(t.ExternalID, "wa-") })
}

// agent has Ana comment on the ticket, as soon as there is one.
func (w *world) agent(text string, public bool) {
	w.t.Helper()
	for range 120 {
		if list := w.tickets(); len(list) > 0 {
			if _, err := w.peers.Zendesk().AgentComment(list[0].ID, w.ana(), text, public); err != nil {
				w.fatalf("%v", err)
			}
			return
		}
		w.run(time.Second)
	}
	w.fatalf("no ticket to answer (struck at %q)", w.p.struck)
}

func (w *world) status(status string) {
	w.t.Helper()
	if err := w.peers.Zendesk().SetStatus(w.tickets()[0].ID, w.ana(), status); err != nil {
		w.fatalf("%v", err)
	}
}

func (w *world) ana() int64 {
	for _, u := range w.peers.Zendesk().Users() {
		if strings.HasPrefix(u.Name, "Ana Beatriz") {
			return u.ID
		}
	}
	w.fatalf("no such agent")
	return 0
}

// verdict is what is wrong at the end of a story, and how many marked repeats it took.
type verdict struct {
	wrong   []string
	repeats int
}

func (v *verdict) fail(format string, args ...any) {
	v.wrong = append(v.wrong, fmt.Sprintf(format, args...))
}

// judge looks at what people see: the tickets and the phone.
func (w *world) judge() verdict {
	w.t.Helper()
	var v verdict
	w.judgeTickets(&v)
	w.judgePhone(&v)
	ctx := context.Background()
	if n, err := w.live.Mailboxes.Repair(ctx); n != 0 || err != nil {
		v.fail("%d mailboxes that nobody would have woken (%v)", n, err)
	}
	st, err := w.live.Mailboxes.Stats(ctx)
	if err != nil || st.Dead != 0 || st.Halted != 0 {
		v.fail("%d dead letters, %d halted (%v)", st.Dead, st.Halted, err)
	}
	return v
}

// accepted is the customer's words in the order in which Ponte took them in: WhatsApp delivers again later what was not
// taken, so it need not be the order of writing.
func (w *world) accepted(v *verdict, session string) []string {
	key, _ := conversation.ThreadOfSession(session)
	lines, err := w.live.Mailboxes.Transcript(context.Background(), key, session)
	if err != nil {
		v.fail("transcript: %v", err)
	}
	var words []string
	for _, line := range lines {
		var e conversation.Entry
		if err := json.Unmarshal(line, &e); err != nil {
			v.fail("transcript: %v", err)
		}
		if e.Author == conversation.AuthorCustomer {
			f := strings.Fields(e.Text)
			words = append(words, f[len(f)-1])
		}
	}
	return words
}

// judgeTickets wants each message of the customer on one ticket, once, in order, and the ticket open again.
func (w *world) judgeTickets(v *verdict) {
	tickets := w.tickets()
	if len(tickets) != 1 {
		v.fail("%d tickets", len(tickets))
		return
	}
	var words []string
	for _, c := range w.peers.Zendesk().Comments(tickets[0].ID) {
		for word := range strings.FieldsSeq(c.Body) {
			if len(word) == 2 && word[0] == 'm' {
				words = append(words, word)
			}
		}
		if strings.Contains(c.Body, "outra vez") {
			v.repeats++
		}
	}
	accepted := w.accepted(v, tickets[0].ExternalID)
	if !slices.Equal(words, accepted) {
		v.fail("on the ticket: %v, accepted: %v", words, accepted)
	}
	slices.Sort(words)
	if want := []string{"m1", "m2", "m3", "m4", "m5"}; !slices.Equal(words, want) {
		v.fail("on the ticket: %v", words)
	}
	if tickets[0].Status != "open" {
		v.fail("ticket is %s", tickets[0].Status)
	}
}

// judgePhone wants each public reply on the phone, once and in order; a marked repeat may show the same words again.
func (w *world) judgePhone(v *verdict) {
	chat, ok := w.peers.WhatsApp().Chat(w.peers.WhatsApp().Customers()[0].ID, app.DemoNumber, true)
	if !ok {
		v.fail("no chat on the phone")
	}
	var words []string
	for _, m := range chat.Messages {
		if m.From != "business" {
			continue
		}
		var text struct {
			Body string `json:"body"`
		}
		if err := json.Unmarshal(m.Content, &text); err != nil {
			v.fail("unreadable message on the phone")
		}
		f := strings.Fields(text.Body)
		words = append(words, f[len(f)-1])
	}
	if want := []string{"r1", "r2", "r2"}; !slices.Equal(words, want) {
		v.fail("on the phone: %v with %d marked repeats", words, v.repeats)
	}
}

// TestStoryWithoutFaults is the story when nothing goes wrong.
func TestStoryWithoutFaults(t *testing.T) {
	t.Parallel()
	p := &points{}
	if v := playOnce(t, p); len(v.wrong) > 0 || v.repeats > 0 {
		t.Fatalf("%v, %d repeats", v.wrong, v.repeats)
	}
	t.Logf("%d calls", p.n)
}
