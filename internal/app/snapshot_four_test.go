package app_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/audit/classify"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/internal/testredis"
	"github.com/ponte-desk/ponte/sandbox/desk"
)

// TestStateOfSchemaFour lets the present binary list and finish what one of schema 4 left behind: an afternoon of a desk that writes
// transcripts only, with three of its instances gone in the middle of a write. It is a Tuesday, a quarter to one in São Paulo.
func TestStateOfSchemaFour(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(testing.TB) *testredis.Redis{
		"miniredis": testredis.Mini, "redis": func(tb testing.TB) *testredis.Redis { tb.Helper(); return testredis.Server(tb) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := desktop{upgraded: upgraded{inherit(t, open(t), "state_v4.json", func() settings.Number { return quiet(procedure(settings.ModeTranscript)) })}}
			h.attendance = &attendance{world: h.world, alone: true}
			h.wantListed()
			before := h.phones()
			h.leap(6*time.Minute, time.Second)
			h.wantFinished(before)
			h.wantSettled()
			h.wantKept()
			h.goOn()
			h.wantSettled()
			h.wantSchema("sys|") // threads that nobody touched are as they were
		})
	}
}

// desktop is an installation of schema 4 under the present binary, with the app in front of it.
type desktop struct {
	upgraded

	attendance *attendance
}

// states is where each customer's conversation stands in the snapshot.
func (h desktop) states() map[string]string {
	return map[string]string{
		"judged": "closed", "left": "expired", "kept": "active", "pending": "pending", "snoozed": "active", "closed": "closed", "stopped": "stopped",
		"active": "active", "closing": "closed", "lost": "active", "sent": "active", "queued": "queued", "bot": "bot", "picture": "active",
	}
}

// listed is the conversations of a view by customer, as the API lists them.
func (h desktop) listed(view string) map[string]string {
	h.t.Helper()
	found := map[string]string{}
	for _, row := range h.attendance.page("view=" + view).Rows {
		found[strings.TrimPrefix(row.Contact.Name, "Cliente ")] = row.State
	}
	return found
}

// wantListed wants everything listed that the older binary had put into its views, before anything happens to it.
func (h desktop) wantListed() {
	h.t.Helper()
	going, ended := map[string]string{}, map[string]string{}
	for name, state := range h.states() {
		if conversation.State(state).Ended() {
			ended[name] = state
		} else {
			going[name] = state
		}
	}
	if diff := cmp.Diff(going, h.listed("all")); diff != "" {
		h.t.Errorf("what goes on (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(ended, h.listed("ended")); diff != "" {
		h.t.Errorf("what has ended (-want +got):\n%s", diff)
	}
	for view, want := range map[string][]string{"new": {"queued"}, "snoozed": {"kept", "snoozed"}} {
		for _, name := range want {
			if h.listed(view)[name] == "" {
				h.t.Errorf("%s is not listed as %s: %v", name, view, h.listed(view))
			}
		}
	}
}

// transcripts counts the transcripts on a customer's ticket that have the customer's first words.
func (h desktop) transcripts(name string) (n int) {
	for _, c := range h.peers.Zendesk().Comments(h.thread(name).Conversation.Ticket.ID) {
		if strings.Contains(c.Body, "Conversa pelo WhatsApp") && strings.Contains(c.Body, name+"-m1") {
			n++
		}
	}
	return n
}

// wantFinished wants what was under way done once: the end that was not written, the answer that never left and the one that did, and the
// messages that nobody had read.
func (h desktop) wantFinished(before map[string][]string) {
	h.t.Helper()
	if n, state := h.transcripts("closing"), h.thread("closing").Conversation.State; n != 1 || state != conversation.StateClosed {
		h.t.Errorf("closing is %s with %d transcripts", state, n)
	}
	for _, t := range h.tickets() {
		if t.ID == h.thread("closing").Conversation.Ticket.ID && t.Status != "solved" {
			h.t.Errorf("its ticket is %s", t.Status)
		}
	}
	for name, repeated := range map[string]int{"lost": 1, "sent": 0} {
		ticket := h.thread(name).Conversation.Ticket.ID
		if n, marked := h.told(name, name+"-r2"), h.marked(ticket); n != 1 || marked != repeated {
			h.t.Errorf("%s is told %d times with %d repeats marked, want %d", name, n, marked, repeated)
		}
	}
	if h.thread("unread").Conversation == nil || h.told("unread", "CNPJ") != 1 {
		h.t.Errorf("nobody answers who wrote last: %q", h.phones()["unread"])
	}
	after := h.phones()
	for _, name := range []string{"judged", "left", "kept", "pending", "snoozed", "closed", "stopped", "active", "queued", "bot", "picture"} {
		if diff := cmp.Diff(before[name], after[name]); diff != "" {
			h.t.Errorf("the upgrade itself says to %s (-before +after):\n%s", name, diff)
		}
	}
}

// wantKept wants what was known to be known still: the verdicts, what was put off, and the words that wait for the customer.
func (h desktop) wantKept() {
	h.t.Helper()
	for name, want := range map[string]classify.Outcome{"judged": classify.OutcomeClientAbandonment, "left": classify.OutcomeAgentAbandonment} {
		if a := h.thread(name).Conversation.Audited; a == nil || a.Outcome != string(want) || a.Evidence == "" {
			h.t.Errorf("%s is judged %+v, want %s", name, a, want)
		}
	}
	for _, name := range []string{"snoozed", "kept"} {
		if h.thread(name).Conversation.Clock.Snoozed.IsZero() {
			h.t.Errorf("%s is not put off any more", name)
		}
	}
	if f := h.thread("picture").Conversation.Files; len(f) != 1 {
		h.t.Errorf("files that are to be fetched: %+v", f)
	}
	h.says("kept", "voltei kept-m9")
	h.leap(time.Minute, time.Second)
	if n := h.told("kept", "kept-r2"); n != 1 {
		h.t.Errorf("the words that waited are told %d times: %q", n, h.phones()["kept"])
	}
}

// does asks for a command by the API until it is carried out.
func (h desktop) does(name, kind string, body fields) {
	h.t.Helper()
	body["id"] = "after-" + name + "-" + kind
	for range 100 {
		status, answer := h.attendance.ask(http.MethodPost, "/api/v1/conversations/"+h.thread(name).Conversation.Session+"/"+kind, kind, body)
		if status == http.StatusOK {
			return
		}
		if status != http.StatusAccepted {
			h.t.Errorf("%s of %s is answered %d %+v", kind, name, status, answer)
			return
		}
		h.pass(250 * time.Millisecond)
	}
	h.t.Errorf("%s of %s is never carried out", kind, name)
}

// goOn has an agent do in the app what the older binary did not know, and end everything.
func (h desktop) goOn() {
	h.t.Helper()
	a := h.attendance
	ana := a.staff(anaName)
	does := func(name, kind string, body fields) {
		h.t.Helper()
		body["agent"] = ana
		h.does(name, kind, body)
	}
	session := func(name string) string { return h.thread(name).Conversation.Session }
	does("active", "tag", fields{"add": []string{"vip"}})
	does("active", "reply", fields{"text": "segue active-r2", "file": a.uploads(session("active"), "nota.pdf", invoice())})
	does("active", "link", fields{"ticket": h.thread("pending").Conversation.Ticket.ID, "hours": 24})
	does("stopped", "restart", fields{"reason": "pedido do cliente"})
	for _, name := range []string{"queued", "bot"} {
		does(name, "take", fields{"force": true})
	}
	h.leap(2*time.Minute, time.Second)
	if got := a.documents(h.Customers["active"]); !slices.Equal(got, []string{"nota.pdf: segue active-r2"}) {
		h.t.Errorf("files on the phone: %q", got)
	}
	if got := a.page("tag=vip").sessions(); !slices.Equal(got, []string{session("active")}) {
		h.t.Errorf("by its tag is found %q", got)
	}
	for name, state := range h.states() {
		if conversation.State(state).Ended() {
			continue
		}
		does(name, "close", fields{"subject": "Emissão " + name, "catalogue": invoices, "reason": "orientado"})
	}
	h.leap(5*time.Minute, time.Second)
	for name, state := range h.states() {
		if state == "expired" { // the supervisor has it
			continue
		}
		c := h.thread(name).Conversation
		t := a.again(desk.TicketView{ID: c.Ticket.ID})
		if n := h.transcripts(name); c.State != conversation.StateClosed || t.Status != "solved" || n != 1 {
			h.t.Errorf("%s is %s, its ticket %s with %d transcripts", name, c.State, t.Status, n)
		}
	}
	for name, files := range map[string]int{"picture": 1, "active": 1} {
		if got := a.filesOn(h.thread(name).Conversation.Ticket.ID); len(got) != files {
			h.t.Errorf("files on the ticket of %s: %q", name, got)
		}
	}
	pending := a.again(desk.TicketView{ID: h.thread("pending").Conversation.Ticket.ID})
	if n := len(a.comments(pending, fmt.Sprintf("(ticket #%d)", h.thread("active").Conversation.Ticket.ID))); n != 1 {
		h.t.Errorf("messages are linked %d times", n)
	}
}
