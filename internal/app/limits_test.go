package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/internal/app"
)

// Figures of the storm: what the product must live with, and what it must hold.
const (
	stormMessages = 300             // a minute, of all customers
	stormReplies  = 60              // a minute, of all agents
	stormBefore   = 2 * time.Minute // load before Zendesk refuses everything
	stormLasts    = 2 * time.Minute // that long
	stormAfter    = 2 * time.Minute // load goes on after it
	stormDrain    = 6 * time.Minute // until everything must be done
	stormReply    = 5 * time.Second // within which replies reach WhatsApp, for 95 of 100
	mostUpdates   = 30              // of a ticket in ten minutes
)

// storm is many conversations at once.
type storm struct {
	*world
	people  []writer
	replies map[string]time.Time // when each reply was given
	said    int
}

// writer is a customer with the mailbox of the thread.
type writer struct {
	id, key string
	words   []string
	replies []string
}

// populate makes customers, each with a phone of their own.
func (s *storm) populate(n int) {
	s.t.Helper()
	for i := range n {
		made := s.control("/sandbox/phone/api/customers", map[string]any{"name": fmt.Sprintf("Cliente %d", i), "phone": fmt.Sprintf("+55119700%05d", i)})
		id, _ := made["id"].(string)
		s.people = append(s.people, writer{id: id})
	}
}

// says has a customer write.
func (s *storm) says(p *writer) {
	s.said++
	word := fmt.Sprintf("m%d", s.said)
	p.words = append(p.words, word)
	s.control("/sandbox/phone/api/customers/"+p.id+"/messages", map[string]any{"type": "text", "text": map[string]any{"body": word}})
}

// answers has an agent reply to a customer in the app.
func (s *storm) answers(p *writer) {
	s.t.Helper()
	if p.key == "" && !s.locate(p) {
		return
	}
	raw, _, err := s.live.Mailboxes.Field(context.Background(), p.key, "s")
	var t conversation.Thread
	if err != nil || conversation.DecodeState(raw, &t) != nil || t.Conversation == nil {
		s.fatalf("no thread: %v", err)
	}
	s.said++
	word := fmt.Sprintf("r%d", s.said)
	p.replies = append(p.replies, word)
	s.replies[word] = s.clock()
	e, err := conversation.Event{Kind: conversation.EventCommand, ID: "c:" + word, At: s.clock(), Command: &conversation.Command{
		ID: word, Kind: conversation.CommandReply, Session: t.Conversation.Session, Agent: conversation.Agent{ID: s.ana()}, Text: word,
	}}.Encode()
	if err == nil {
		_, err = s.live.Mailboxes.Append(context.Background(), mailbox.Delivery{Key: p.key, Events: []mailbox.Event{{ID: "c:" + word, Data: e}}})
	}
	if err != nil {
		s.fatalf("%v", err)
	}
}

// locate finds the mailbox of a customer's thread; false while there is none.
func (s *storm) locate(p *writer) bool {
	for _, state := range []conversation.State{conversation.StateQueued, conversation.StateActive} {
		members, err := s.live.Mailboxes.IndexMembers(context.Background(), "state:"+string(state))
		if err != nil {
			s.fatalf("%v", err)
		}
		for key := range members {
			raw, _, err := s.live.Mailboxes.Field(context.Background(), key, "s")
			var t conversation.Thread
			if err != nil || conversation.DecodeState(raw, &t) != nil {
				s.fatalf("%v", err)
			}
			for i := range s.people {
				if strings.HasSuffix(t.Contact.Name, fmt.Sprintf(" %d", i)) {
					s.people[i].key = key
				}
			}
		}
	}
	return p.key != ""
}

// blow lets customers and agents write for d.
func (s *storm) blow(d time.Duration, turn int) int {
	const step = time.Second
	for end := s.clock().Add(d); s.clock().Before(end); turn++ {
		for i := range stormMessages / 60 {
			s.says(&s.people[(turn*stormMessages/60+i)%len(s.people)])
		}
		for i := range stormReplies / 60 {
			s.answers(&s.people[(turn*7+i)%len(s.people)])
		}
		s.run(step)
	}
	return turn
}

// latencies is how long each reply took to reach WhatsApp, shortest first; those that never did are reported.
func (s *storm) latencies() []time.Duration {
	s.t.Helper()
	var all []time.Duration
	for _, p := range s.people {
		chat, _ := s.peers.WhatsApp().Chat(p.id, app.DemoNumber, true)
		var got []string
		for _, m := range chat.Messages {
			var text struct {
				Body string `json:"body"`
			}
			if m.From != "business" || json.Unmarshal(m.Content, &text) != nil {
				continue
			}
			got = append(got, text.Body)
			all = append(all, m.At.Sub(s.replies[text.Body]))
		}
		if !slices.Equal(got, p.replies) {
			s.t.Errorf("customer %s got %v, agents wrote %v", p.id, got, p.replies)
		}
	}
	slices.Sort(all)
	return all
}

// written wants each customer's words on their tickets once and in order.
func (s *storm) written() {
	s.t.Helper()
	byPerson := map[string][]string{}
	for _, ticket := range s.tickets() {
		for _, c := range s.peers.Zendesk().Comments(ticket.ID) {
			for word := range strings.FieldsSeq(c.Body) {
				if word = strings.TrimSpace(word); len(word) > 1 && word[0] == 'm' && word[1] >= '0' && word[1] <= '9' {
					byPerson[ticket.ExternalID] = append(byPerson[ticket.ExternalID], word)
				}
			}
		}
	}
	for _, p := range s.people {
		_, contact, _ := conversation.ParseKey(p.key)
		if got := byPerson[conversation.SessionID(app.DemoNumber, contact, 1)]; !slices.Equal(got, p.words) {
			s.t.Errorf("customer %s wrote %v, on the ticket are %v", p.id, p.words, got)
		}
	}
}

// TestStorm has many conversations at once while Zendesk allows 100 updates a minute and then answers 429 to everything for two
// minutes: agents' replies go out all the same, no limit is broken, and all is done soon after.
func TestStorm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, &points{})
	defer w.close()
	s := &storm{world: w, replies: map[string]time.Time{}}
	s.populate(stormPeople)
	turn := s.blow(stormBefore, 0)
	fault := []map[string]any{{"peer": "zendesk", "path": "/api/v2/*", "status": http.StatusTooManyRequests, "headers": map[string]string{"Retry-After": "30"}, "percent": 100}}
	raw, err := json.Marshal(fault)
	if err != nil {
		t.Fatal(err)
	}
	w.setFaults(raw)
	turn = s.blow(stormLasts, turn)
	w.setFaults([]byte("[]"))
	s.blow(stormAfter, turn)
	drained := time.Duration(0)
	for ; drained < stormDrain; drained += 10 * time.Second {
		st, err := w.live.Mailboxes.Stats(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		waiting, _, err := w.live.Mailboxes.View(context.Background(), "wait:ticket")
		if err != nil {
			t.Fatal(err)
		}
		if waiting == 0 && st.Due == 0 {
			break
		}
		w.run(10 * time.Second)
	}
	all := s.latencies()
	s.written()
	c := w.peers.Zendesk().Counters()
	p95 := all[len(all)*95/100]
	t.Logf("%d customers, %d messages, %d replies: p50 %v, p95 %v, worst %v; drained %v after the load", len(s.people), s.said-len(s.replies), len(s.replies),
		all[len(all)/2], p95, all[len(all)-1], drained)
	refused := w.answered(http.StatusTooManyRequests)
	t.Logf("Zendesk: %d answers 429 in the storm and %d for its limits, at most %d updates of a ticket in ten minutes, at most %d updates of all in a minute",
		refused, c.Answered429, c.MaxUpdatesPerTicket, c.UpdatesPerMinute)
	if refused == 0 {
		t.Error("there was no storm")
	}
	if p95 > stormReply {
		t.Errorf("95 of 100 replies took up to %v, more than %v", p95, stormReply)
	}
	if c.MaxUpdatesPerTicket > mostUpdates {
		t.Errorf("%d updates of one ticket in ten minutes", c.MaxUpdatesPerTicket)
	}
	if drained >= stormDrain {
		t.Errorf("not drained after %v", drained)
	}
	var v verdict
	w.judgeRest(&v)
	for _, wrong := range v.wrong {
		t.Error(wrong)
	}
}

// setFaults sets the sandbox's faults; an empty list clears them.
func (w *world) setFaults(list []byte) {
	w.t.Helper()
	rec := w.raw(http.MethodPost, "/sandbox/control/faults", list)
	if rec.Code != http.StatusOK {
		w.fatalf("faults: %d %s", rec.Code, rec.Body)
	}
}

// answered counts the requests that the peers answered with a status.
func (w *world) answered(status int) int {
	w.t.Helper()
	var counts []struct {
		Status int `json:"status"`
		Count  int `json:"count"`
	}
	if err := json.Unmarshal(w.raw(http.MethodGet, "/sandbox/control/requests", nil).Body.Bytes(), &counts); err != nil {
		w.fatalf("requests: %v", err)
	}
	n := 0
	for _, c := range counts {
		if c.Status == status {
			n += c.Count
		}
	}
	return n
}

// raw asks the sandbox for something and returns its answer as it is.
func (w *world) raw(method, path string, body []byte) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(context.Background(), method, base+path, bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	rec := httptest.NewRecorder()
	w.peers.Handler().ServeHTTP(rec, r)
	return rec
}
