package app_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/internal/app"
	"github.com/ponte-desk/ponte/internal/testredis"
)

// TestStateOfSchemaOne lets the present binary finish what one of schema 1 left behind when it ended in the middle of everything:
// the customers' names in the snapshot tell of what.
func TestStateOfSchemaOne(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(testing.TB) *testredis.Redis{
		"miniredis": testredis.Mini, "redis": func(tb testing.TB) *testredis.Redis { tb.Helper(); return testredis.Server(tb) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := inherit(t, open(t), "state_v1.json", nil)
			h.wantFound()
			h.pass(5 * time.Minute)
			want := map[string][]string{
				"closed": {"closed-m1", "closed-m2"}, "landed": {"landed-m1", "landed-m2"}, "unlanded": {"unlanded-m1", "unlanded-m2"},
				"queued": {"queued-m1"}, "unsent": {"unsent-m1"}, "created": {"created-m1"}, "uncreated": {"uncreated-m1"},
				"growing": {"growing-m1", "growing-m2"}, "user": {"user-m1"}, "pull": {"pull-m1"}, "dead": {"dead-m1"},
				"unread": {"unread-m1", "unread-m2"}, "lost": {"lost-m1", "lost-m2"}, "lostsend": {"lostsend-m1"},
				"stranger": {"stranger-m1"}, "limited": {"limited-m1"},
			}
			tickets := h.wantTickets(want)
			h.wantReplies(tickets)
			h.wantCalm(1)
			h.wantNotices()
			h.wantSchema("sys|", "ticket|")

			h.retryDead()
			for name, words := range want { // the old keys still name the same people: their words go where the others are
				want[name] = append(words, name+"-m9")
				h.says(name, "ainda estou aqui "+name+"-m9")
			}
			h.pass(5 * time.Minute)
			if again := h.wantTickets(want); !maps.Equal(again, tickets) {
				t.Errorf("the tickets were %v and are %v", tickets, again)
			}
			h.wantCalm(0)
			h.wantSchema(app.DemoNumber + "|")
			h.wantRegistered(want)
		})
	}
}

// onTickets is the customers' words on tickets, by ticket: the last word of each message.
func (h heir) onTickets() map[int64][]string {
	found := map[int64][]string{}
	for _, ticket := range h.tickets() {
		for _, c := range h.peers.Zendesk().Comments(ticket.ID) {
			if !c.Public {
				continue
			}
			for word := range strings.FieldsSeq(c.Body) {
				if _, number, ok := strings.Cut(word, "-m"); ok && len(number) == 1 {
					found[ticket.ID] = append(found[ticket.ID], word)
				}
			}
		}
	}
	return found
}

// wantTickets wants each customer on one ticket, with these words in this order.
func (h heir) wantTickets(want map[string][]string) map[string]int64 {
	h.t.Helper()
	tickets := map[string]int64{}
	for ticket, words := range h.onTickets() {
		name, _, _ := strings.Cut(words[0], "-")
		if other := tickets[name]; other != 0 {
			h.t.Errorf("%s is on tickets %d and %d", name, other, ticket)
		}
		tickets[name] = ticket
		if !slices.Equal(words, want[name]) {
			h.t.Errorf("on the ticket of %s: %v, want %v", name, words, want[name])
		}
	}
	for name := range want {
		if tickets[name] == 0 {
			h.t.Errorf("no ticket of %s", name)
		}
	}
	return tickets
}

// onPhone is the last words of what the business wrote to a customer.
func (h heir) onPhone(name string) []string {
	h.t.Helper()
	chat, ok := h.peers.WhatsApp().Chat(h.Customers[name], app.DemoNumber, true)
	if !ok {
		h.t.Fatalf("no chat of %s", name)
	}
	var words []string
	for _, m := range chat.Messages {
		var text struct {
			Body string `json:"body"`
		}
		if m.From != "business" {
			continue
		}
		if err := json.Unmarshal(m.Content, &text); err != nil {
			h.t.Fatal(err)
		}
		f := strings.Fields(text.Body)
		words = append(words, f[len(f)-1])
	}
	return words
}

// marked counts the notes on a ticket that tell of a repeat.
func (h heir) marked(ticket int64) int {
	n := 0
	for _, c := range h.peers.Zendesk().Comments(ticket) {
		if strings.Contains(c.Body, "outra vez") && !c.Public {
			n++
		}
	}
	return n
}

// field reads a field of each mailbox that has it.
func (h heir) field(name string) map[string]string {
	h.t.Helper()
	found := map[string]string{}
	for part := range 2 {
		base := fmt.Sprintf("%s{w%d}:c:", h.cfg.RedisPrefix, part)
		keys, err := h.r.Client.Keys(h.t.Context(), strings.ReplaceAll(base, "{", `\{`)+"*").Result()
		if err != nil {
			h.t.Fatal(err)
		}
		for _, key := range keys {
			v, err := h.r.Client.HGet(h.t.Context(), key, name).Bytes()
			if err != nil {
				continue
			}
			plain, err := conversation.StateJSON(v)
			if err != nil {
				h.t.Errorf("%s of %s: %v", name, key, err)
			}
			found[strings.TrimPrefix(key, base)] = string(plain)
		}
	}
	return found
}

// wantCalm wants nothing waiting, halted or forgotten by its partition, and so many dead letters.
func (h heir) wantCalm(dead int) {
	h.t.Helper()
	ctx := h.t.Context()
	st, err := h.live.Mailboxes.Stats(ctx)
	if err != nil || st.Dead != dead || st.Halted != 0 || st.Due != 0 || st.Running != 0 {
		h.t.Errorf("the mailboxes stand at %+v (%v), want %d dead letters", st, err, dead)
	}
	if n, err := h.live.Mailboxes.Repair(ctx); n != 0 || err != nil {
		h.t.Errorf("%d mailboxes that nobody would have woken (%v)", n, err)
	}
	inboxes, err := h.r.Client.Keys(ctx, h.cfg.RedisPrefix+"*:in:*").Result()
	if err != nil || len(inboxes) > 0 {
		h.t.Errorf("unread: %v (%v)", inboxes, err)
	}
	for key, state := range h.field("s") {
		if strings.Contains(state, `"o":{"`) && !strings.Contains(state, `"o":{}`) {
			h.t.Errorf("%s still has to do: %s", key, state)
		}
	}
}

// wantReplies wants each agent's reply on the phone once. The one that never left was sent again, which its ticket says.
func (h heir) wantReplies(tickets map[string]int64) {
	h.t.Helper()
	for name, want := range map[string][]string{
		"closed": {"closed-r1"}, "landed": {"landed-r1"}, "queued": {"queued-r1", "queued-r2"}, "unsent": {"unsent-r1", "unsent-r2"},
		"growing": {"growing-r1"}, "pull": {"pull-r1"}, "unread": {"unread-r1", "unread-r2"}, "lostsend": {"lostsend-r1"},
		"limited": {"limited-r1"}, "dead": nil, "lost": nil, "unlanded": nil, "user": nil, "stranger": nil,
	} {
		if got := h.onPhone(name); !slices.Equal(got, want) {
			h.t.Errorf("on the phone of %s: %v, want %v", name, got, want)
		}
	}
	for name, ticket := range tickets {
		if n, want := h.marked(ticket), map[string]int{"unsent": 1}[name]; n != want {
			h.t.Errorf("%d repeats marked for %s, want %d", n, name, want)
		}
	}
}

// wantNotices wants the number's and the account's notices, those that were kept and the one that nobody had read.
func (h heir) wantNotices() {
	h.t.Helper()
	for key, want := range map[string]int{conversation.AccountPrefix + app.DemoNumber: 1, conversation.AccountPrefix + "none": 2} {
		var a conversation.Account
		if err := json.Unmarshal([]byte(h.field("s")[key]), &a); err != nil || len(a.Notices) != want {
			h.t.Errorf("%s keeps %+v (%v), want %d notices", key, a.Notices, err, want)
		}
	}
}

// wantSchema wants every mailbox of these kinds stored as the present binary does.
func (h heir) wantSchema(kinds ...string) {
	h.t.Helper()
	for key, schema := range h.field("_schema") {
		if slices.ContainsFunc(kinds, func(kind string) bool { return strings.HasPrefix(key, kind) }) && schema != strconv.Itoa(conversation.Schema) {
			h.t.Errorf("%s is stored as schema %s", key, schema)
		}
	}
	for key, why := range h.field("_why") {
		h.t.Errorf("%s is halted: %s", key, why)
	}
}

// retryDead asks for the dead letter again: it was a reply that WhatsApp refused.
func (h heir) retryDead() {
	h.t.Helper()
	ctx := h.t.Context()
	letters, err := h.live.Mailboxes.Dead(ctx, 10)
	if err != nil || len(letters) != 1 {
		h.t.Fatalf("dead letters: %+v (%v)", letters, err)
	}
	if err := h.live.Mailboxes.RetryDead(ctx, letters[0].ID); err != nil {
		h.t.Fatal(err)
	}
	h.pass(30 * time.Second)
	if got := h.onPhone("dead"); !slices.Equal(got, []string{"dead-r1"}) {
		h.t.Errorf("on the phone after the retry: %v", got)
	}
}

// record exports what is kept of a customer, found by phone as an operator would.
func (h heir) record(name string) app.Record {
	h.t.Helper()
	people := app.PeopleOf(h.live)
	for _, c := range h.peers.WhatsApp().Customers() {
		if c.ID != h.Customers[name] {
			continue
		}
		id := cmp.Or(c.BSUID, "+"+c.Phone)
		contact, err := people.Find(h.t.Context(), id)
		if err != nil {
			h.t.Fatalf("%s is not found: %v", name, err)
		}
		r, err := people.Export(h.t.Context(), contact)
		if err != nil {
			h.t.Fatal(err)
		}
		return r
	}
	h.t.Fatalf("no customer %s", name)
	return app.Record{}
}

// wantFound wants a contact of schema 1 found, though no list of its ids and threads was kept then.
func (h heir) wantFound() {
	h.t.Helper()
	if r := h.record("closed"); r.Contact != "id1" {
		h.t.Errorf("before anything is written: contact %q", r.Contact)
	}
}

// wantRegistered wants everything that is kept of each customer exported, once they have written again.
func (h heir) wantRegistered(want map[string][]string) {
	h.t.Helper()
	for name, words := range want {
		r := h.record(name)
		if len(r.Threads) != 1 {
			h.t.Errorf("of %s are exported %d threads", name, len(r.Threads))
			continue
		}
		h.wantIDs(name, r)
		var said []string
		for _, session := range slices.Sorted(maps.Keys(r.Threads[0].Transcripts)) {
			for _, e := range r.Threads[0].Transcripts[session] {
				if e.Author == conversation.AuthorCustomer && e.Text != "" {
					f := strings.Fields(e.Text)
					said = append(said, f[len(f)-1])
				}
			}
		}
		if !slices.Equal(said, words) {
			h.t.Errorf("the transcripts of %s say %v, want %v", name, said, words)
		}
	}
}

// wantIDs wants every id that names a customer in the export: an erasure removes those and no other.
func (h heir) wantIDs(name string, r app.Record) {
	h.t.Helper()
	var got, want []string
	for _, id := range r.IDs {
		got = append(got, "alias:"+id.Kind+":"+id.Value)
	}
	for _, k := range h.Redis {
		short := strings.TrimPrefix(k.Key, snapshotPrefix)
		if strings.HasPrefix(short, "alias:") && !strings.HasPrefix(short, "alias:owner:") && k.Value[0] == r.Contact {
			want = append(want, short)
		}
	}
	slices.Sort(got)
	if slices.Sort(want); !slices.Equal(got, want) {
		h.t.Errorf("ids of %s in the export: %v, naming it: %v", name, got, want)
	}
}
