package app_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/internal/app"
	"github.com/ponte-desk/ponte/internal/testredis"
)

// TestStateOfSchemaTwo lets the present binary finish what one of schema 2 left behind, with conversations open and effects in flight, by
// plain settings and by those that the same installation has from now on, with the procedure.
func TestStateOfSchemaTwo(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		open   func(testing.TB) *testredis.Redis
		number func() settings.Number
	}{
		"miniredis":     {testredis.Mini, nil},
		"redis":         {func(tb testing.TB) *testredis.Redis { tb.Helper(); return testredis.Server(tb) }, nil},
		"the procedure": {testredis.Mini, func() settings.Number { return procedure(settings.ModeMirror) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := inherit(t, tt.open(t), "state_v2.json", tt.number)
			h.pass(5 * time.Minute)
			want := map[string][]string{
				"kept": {"kept-m1"}, "queued": {"queued-m1"}, "active": {"active-m1", "active-m2"}, "waiting": {"waiting-m1"},
				"closed": {"closed-m1", "closed-m2"}, "unsent": {"unsent-m1"}, "uncreated": {"uncreated-m1"},
				"unwritten": {"unwritten-m1", "unwritten-m2"}, "unlanded": {"unlanded-m1", "unlanded-m2"}, "stopped": {"stopped-m1"},
			}
			tickets := h.wantTickets(want)
			replies := map[string][]string{"active": {"active-r1"}, "waiting": {"waiting-r1"}, "closed": {"closed-r1"}, "unsent": {"unsent-r1"}}
			h.wantOnPhones(want, replies)
			if n := h.marked(tickets["unsent"]); n != 1 {
				t.Errorf("%d repeats marked", n)
			}

			// Everybody writes and is answered again; what was kept goes out first.
			replies["kept"] = []string{"kept-r1"}
			for who, words := range want {
				h.says(who, "e agora? "+who+"-m9")
				want[who] = append(words, who+"-m9")
			}
			h.pass(3 * time.Minute)
			for who, ticket := range tickets {
				if _, err := h.peers.Zendesk().AgentComment(ticket, h.ana(), "respondo "+who+"-r9", true); err != nil {
					t.Fatal(err)
				}
				replies[who] = append(replies[who], who+"-r9")
			}
			h.pass(5 * time.Minute)
			if again := h.wantTickets(want); !maps.Equal(again, tickets) {
				t.Errorf("the tickets were %v and are %v", tickets, again)
			}
			h.wantOnPhones(want, replies)
			h.wantCalm(0)
			h.wantSchema(app.DemoNumber + "|")
			h.wantRegistered(want)
			if tt.number != nil {
				h.wantProcedure(tickets["queued"])
			}
		})
	}
}

// wantOnPhones wants exactly these replies of agents on the phones; what Ponte says by itself does not count.
func (h heir) wantOnPhones(people, want map[string][]string) {
	h.t.Helper()
	for who := range people {
		got := slices.DeleteFunc(h.onPhone(who), func(word string) bool { return !strings.Contains(word, "-r") })
		if !slices.Equal(got, want[who]) {
			h.t.Errorf("on the phone of %s: %v, want %v", who, got, want[who])
		}
	}
}

// wantProcedure wants a conversation that began before there was a procedure to end by it, without the number that it never got.
func (h heir) wantProcedure(ticket int64) {
	h.t.Helper()
	if err := h.peers.Zendesk().SetStatus(ticket, h.ana(), "solved"); err != nil {
		h.t.Fatal(err)
	}
	h.pass(5 * time.Minute)
	a := &attendance{world: h.world}
	if n := a.told(h.Customers["queued"], "Agradecemos o seu contato"); n != 1 {
		h.t.Errorf("the end is told %d times: %q", n, a.phone(h.Customers["queued"]))
	}
	for _, text := range a.phone(h.Customers["queued"]) {
		if strings.Contains(text, "{{") || strings.Contains(text, "número .") {
			h.t.Errorf("the customer reads %q", text)
		}
	}
}
