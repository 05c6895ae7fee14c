package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/effects"
	"github.com/ponte-desk/ponte/sandbox/desk"
	"github.com/ponte-desk/ponte/sandbox/graph"
	"github.com/ponte-desk/ponte/whatsapp"
)

// person is a customer who writes and is answered; words name messages and replies.
type person struct {
	tag     string // begins all of their words
	as      graph.Customer
	written []string // words that Ponte has answered 200 to, in this order
	replies []string // words that agents have written on the ticket, in this order
	ticket  int64
	box     string // the mailbox
}

func newPerson(n int) *person {
	return &person{tag: fmt.Sprintf("c%d", n), as: graph.Customer{
		Name: fmt.Sprintf("Cliente %d", n), Phone: fmt.Sprintf("55119876%05d", 50000+n), BSUID: fmt.Sprintf("BR.77%010d", n),
	}}
}

// word is the n-th one, of a message (m) or a reply (r).
func (p *person) word(kind string, n int) string { return fmt.Sprintf("%s-%s%03d", p.tag, kind, n) }

// hook is the webhook that tells of a text of theirs, as WhatsApp sends it.
func (p *person) hook(word string) []byte {
	type fields map[string]any
	contact := fields{"profile": fields{"name": p.as.Name}}
	message := fields{
		"id": "wamid." + word, "type": "text", "timestamp": strconv.FormatInt(time.Now().Unix(), 10), "text": fields{"body": "preciso de ajuda " + word},
	}
	if !p.as.HidesPhone {
		contact["wa_id"], message["from"] = p.as.Phone, p.as.Phone
	}
	if p.as.BSUID != "" {
		contact["user_id"], message["from_user_id"] = p.as.BSUID, p.as.BSUID
	}
	raw, err := json.Marshal(fields{"object": "whatsapp_business_account", "entry": []fields{{
		"id": "102290129340398", "changes": []fields{{"field": "messages", "value": fields{
			"messaging_product": "whatsapp", "metadata": fields{"display_phone_number": "551140034000", "phone_number_id": "106540352242922"},
			"contacts": []fields{contact}, "messages": []fields{message},
		}}},
	}}})
	if err != nil {
		panic(err)
	}
	return raw
}

// post delivers one webhook, signed, to an instance.
func post(client *http.Client, p *process, body []byte) (status int, err error) {
	req, err := http.NewRequest(http.MethodPost, p.url+"/webhooks/whatsapp", bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(whatsapp.SignatureHeader, signature(body))
	resp, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	io.Copy(io.Discard, resp.Body)
	return resp.StatusCode, resp.Body.Close()
}

// tally counts what became of deliveries.
type tally struct{ refused, failed atomic.Int64 }

// deliver posts a webhook to one instance after the other until one answers 200, as WhatsApp and what stands before Ponte do.
func (f *fleet) deliver(client *http.Client, body []byte, count *tally) {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patience); time.Now().Before(end); <-tick.C {
		for _, p := range f.turn(false) {
			status, err := post(client, p, body)
			switch {
			case err != nil:
				count.failed.Add(1)
			case status == http.StatusOK:
				return
			case status == http.StatusServiceUnavailable:
				count.refused.Add(1)
			default:
				f.t.Errorf("a webhook is answered %d", status)
			}
		}
	}
	f.t.Error("a webhook is never taken in")
}

// crowd makes the sandbox's own customers and some more write for the first time, and returns when all have a ticket.
func (f *fleet) crowd(size int) []*person {
	f.t.Helper()
	var people []*person
	for i, c := range f.peers.WhatsApp().Customers() {
		people = append(people, &person{tag: fmt.Sprintf("c%d", i), as: c})
	}
	for i := len(people); i < size; i++ {
		p := newPerson(i)
		f.control(http.MethodPost, "/phone/api/customers", fmt.Sprintf(`{"name":%q,"phone":"+%s"}`, p.as.Name, p.as.Phone), &p.as)
		people = append(people, p)
	}
	for _, p := range people {
		first := p.word("m", 1)
		if _, err := f.peers.WhatsApp().ReceiveFrom(p.as.ID, "bom dia "+first); err != nil {
			f.t.Fatal(err)
		}
		p.written = append(p.written, first)
	}
	f.bind(people)
	return people
}

// bind finds everybody's ticket.
func (f *fleet) bind(people []*person) {
	f.t.Helper()
	eventually(f.t, patience, "everybody has a ticket", func() bool {
		for _, t := range f.peers.Zendesk().Tickets() {
			for _, p := range people {
				if p.ticket == 0 && len(f.wordsOn(t.ID, p.tag+"-m")) > 0 {
					p.ticket = t.ID
					p.box, _ = conversation.ThreadOfSession(t.ExternalID)
				}
			}
		}
		return !slices.ContainsFunc(people, func(p *person) bool { return p.ticket == 0 })
	})
}

// ana is an agent.
func (f *fleet) ana() int64 {
	f.t.Helper()
	for _, u := range f.peers.Zendesk().Users() {
		if strings.HasPrefix(u.Name, "Ana Beatriz") {
			return u.ID
		}
	}
	f.t.Fatal("no such agent")
	return 0
}

// rush is customers writing and agents answering, all the time.
type rush struct {
	tally

	f      *fleet
	people []*person
	stop   chan struct{}
	once   sync.Once
	busy   sync.WaitGroup
	last   time.Time
}

// The pace of a rush: messages of each person, and replies to one person after the other.
const (
	messageEvery = 600 * time.Millisecond
	replyEvery   = 1200 * time.Millisecond
)

// rush begins one.
func (f *fleet) rush(people []*person) *rush {
	f.t.Helper()
	r := &rush{f: f, people: people, stop: make(chan struct{})}
	f.t.Cleanup(r.end) // a test that fails half-way leaves nobody writing
	for _, p := range people {
		client := &http.Client{Transport: f.web, Timeout: 10 * time.Second}
		r.every(messageEvery, func(n int) {
			word := p.word("m", n+2) // the first one is written
			f.deliver(client, p.hook(word), &r.tally)
			p.written = append(p.written, word)
		})
	}
	ana := f.ana()
	r.every(replyEvery, func(n int) {
		p := people[n%len(people)]
		word := p.word("r", n)
		if _, err := f.peers.Zendesk().AgentComment(p.ticket, ana, "vamos ver "+word, true); err != nil {
			f.t.Errorf("an agent can't answer: %v", err)
			return
		}
		p.replies = append(p.replies, word)
	})
	return r
}

// every calls do again and again until the rush ends.
func (r *rush) every(pause time.Duration, do func(n int)) {
	r.busy.Go(func() {
		tick := time.NewTicker(pause)
		defer tick.Stop()
		for n := 0; ; n++ {
			select {
			case <-r.stop:
				return
			case <-tick.C:
				do(n)
			}
		}
	})
}

// on lets the rush go on for a while.
func (r *rush) on(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	<-timer.C
}

// end ends the writing; everything that was written is accepted then.
func (r *rush) end() {
	r.once.Do(func() {
		close(r.stop)
		r.busy.Wait()
		r.last = time.Now()
	})
}

// gathering is the longest that a customer's last words wait for more.
const gathering = 20 * time.Second

// settle waits until everything is where it belongs and nothing waits any more, and returns how long that took since the last
// message.
func (r *rush) settle(within time.Duration) time.Duration {
	r.f.t.Helper()
	eventually(r.f.t, within-since(r.last), "everything is on its ticket and on its phone", func() bool {
		for _, p := range r.people {
			if len(r.f.wordsOn(p.ticket, p.tag+"-m")) < len(p.written) || len(r.f.wordsFor(p)) < len(p.replies) {
				return false
			}
		}
		return r.f.quiet()
	})
	return since(r.last)
}

// wordsOn lists a ticket's words with that beginning, in their order.
func (f *fleet) wordsOn(ticket int64, begin string) []string {
	var words []string
	for _, c := range f.peers.Zendesk().Comments(ticket) {
		for word := range strings.FieldsSeq(c.Body) {
			if strings.HasPrefix(word, begin) {
				words = append(words, word)
			}
		}
	}
	return words
}

// messagesOn lists the messages that a ticket's updates say they carry.
func (f *fleet) messagesOn(ticket int64) []string {
	var ids []string
	for _, c := range f.peers.Zendesk().Comments(ticket) {
		var mark map[string]json.RawMessage
		var list []string
		if json.Unmarshal(c.Custom, &mark) == nil && json.Unmarshal(mark[effects.MarkMessages], &list) == nil {
			ids = append(ids, list...)
		}
	}
	return ids
}

// wordsFor lists the words that are on a person's phone from the business, in their order.
func (f *fleet) wordsFor(p *person) []string {
	chat, _ := f.peers.WhatsApp().Chat(p.as.ID, "", false)
	var words []string
	for _, m := range chat.Messages {
		var text struct {
			Body string `json:"body"`
		}
		if m.From == "business" && json.Unmarshal(m.Content, &text) == nil {
			if w := strings.Fields(text.Body); len(w) > 0 {
				words = append(words, w[len(w)-1])
			}
		}
	}
	return words
}

// judge wants every message on one ticket, once and in order, and every reply on the phone in order; a reply may be there twice
// only where the ticket says so. It returns the number of such marks.
func (f *fleet) judge(people []*person) (repeats int) {
	f.t.Helper()
	messages, replies, doubles := 0, 0, 0
	for _, p := range people {
		f.judgeTicket(p, f.peers.Zendesk().Tickets())
		phone, marks := f.wordsFor(p), 0
		for _, c := range f.peers.Zendesk().Comments(p.ticket) {
			marks += strings.Count(c.Body, "outra vez")
		}
		once := slices.Compact(slices.Clone(phone))
		if !slices.Equal(once, p.replies) || len(phone)-len(once) > marks {
			f.t.Errorf("%s: on the phone %v with %d marks, replies %v", p.tag, phone, marks, p.replies)
		}
		messages, replies, doubles, repeats = messages+len(p.written), replies+len(p.replies), doubles+len(phone)-len(once), repeats+marks
	}
	f.t.Logf("%d contacts, %d messages on tickets, %d replies on phones, %d of them twice, %d marked as repeats",
		len(people), messages, replies, doubles, repeats)
	return repeats
}

func (f *fleet) judgeTicket(p *person, tickets []desk.TicketView) {
	f.t.Helper()
	for _, t := range tickets {
		words := f.wordsOn(t.ID, p.tag+"-m")
		switch {
		case t.ID == p.ticket && !slices.Equal(words, p.written):
			f.t.Errorf("%s: on the ticket %v, accepted %v", p.tag, words, p.written)
		case t.ID == p.ticket && len(f.messagesOn(t.ID)) != len(p.written):
			f.t.Errorf("%s: the ticket's updates name %d messages of %d", p.tag, len(f.messagesOn(t.ID)), len(p.written))
		case t.ID != p.ticket && len(words) > 0:
			f.t.Errorf("%s: a second ticket has %v", p.tag, words)
		}
	}
}
