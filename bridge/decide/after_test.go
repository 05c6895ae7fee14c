package decide_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

func TestMessageAfterSolvedTicket(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		status   string
		after    settings.AfterSolved
		owed     bool // something waits to be written on the old ticket
		want     conversation.Ticket
		previous []int64
		creates  bool
	}{
		"reopened":              {status: "solved", after: settings.AfterReopen, want: conversation.Ticket{ID: ticket}},
		"a new one":             {status: "solved", after: settings.AfterNew, previous: []int64{ticket}, creates: true},
		"words wait for it":     {status: "solved", after: settings.AfterNew, owed: true, want: conversation.Ticket{ID: ticket}},
		"closed for good":       {status: "closed", after: settings.AfterReopen, want: conversation.Ticket{FollowUp: ticket}, previous: []int64{ticket}, creates: true},
		"closed, and a new one": {status: "closed", after: settings.AfterNew, want: conversation.Ticket{FollowUp: ticket}, previous: []int64{ticket}, creates: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := attended(t)
			w.set.Ending.AfterSolved = tt.after
			if tt.owed {
				w.notice("mudou de número")
			}
			w.finds(tt.status, of(alfaID, groupN1, agent))
			w.wantState(conversation.StateClosed)
			w.wantOutcome(conversation.EndClosed)
			w.second += 5 * hour
			w.says("mais uma coisa")
			w.wantState(conversation.StateQueued)
			got := w.thread.Conversation.Ticket
			if got.ID != tt.want.ID || got.FollowUp != tt.want.FollowUp {
				t.Errorf("the ticket is %+v", got)
			}
			if diff := cmp.Diff(tt.previous, w.proc().Previous); diff != "" {
				t.Errorf("previous tickets (-want +got):\n%s", diff)
			}
			if tt.creates == w.lacks("create") {
				t.Errorf("the lane is %q", w.lane())
			}
		})
	}
}

// lacks tells whether no effect of the ticket's lane begins so.
func (w *world) lacks(kind string) bool {
	return !slices.ContainsFunc(w.lane(), func(line string) bool { return strings.HasPrefix(line, kind) })
}

// The tickets left behind are listed newest first, and only so many.
func TestPreviousTickets(t *testing.T) {
	t.Parallel()
	w := attended(t)
	w.set.Ending.AfterSolved = settings.AfterNew
	for n := range 12 {
		w.thread.Conversation.Ticket.ID, w.thread.Conversation.Ticket.Status = int64(100+n), "solved"
		w.thread.Conversation.State = conversation.StateClosed
		w.thread.Outbox = conversation.Outbox{}
		w.second += 5 * hour
		w.says("de novo")
	}
	if diff := cmp.Diff([]int64{111, 110, 109, 108, 107, 106, 105, 104, 103, 102}, w.proc().Previous); diff != "" {
		t.Errorf("previous tickets (-want +got):\n%s", diff)
	}
}

func TestThanksAfterTheEnd(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		text   string
		after  int
		begins bool
	}{
		"thanks":           {"Muito obrigado! 🙏", 60, false},
		"a thumb":          {"👍", 60, false},
		"thanks and more":  {"obrigado, mas não abriu", 60, true},
		"a question":       {"ok?", 60, true},
		"thanks, too late": {"obrigado", 1801, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := attended(t)
			w.finds("solved", of(alfaID, groupN1, agent))
			w.second += tt.after
			w.says(tt.text)
			if begun := w.thread.Count == 2; begun != tt.begins {
				t.Errorf("a conversation is begun: %v", begun)
			}
			if last := w.transcript[len(w.transcript)-1]; !tt.begins && last.Text != tt.text {
				t.Errorf("the words are not kept: %+v", last)
			}
			if !w.thread.LastInbound.Equal(at(w.second - 1)) {
				t.Errorf("the window was opened at %v", w.thread.LastInbound)
			}
		})
	}
	w := attended(t)
	w.finds("solved", of(alfaID, groupN1, agent))
	w.decide(conversation.Event{
		Kind: conversation.EventMessage, ID: "p", At: at(w.second),
		Message: &conversation.Message{ID: "p", Type: "image", Text: "ok", Sent: at(w.second), File: &conversation.File{ID: "p", Kind: "image"}},
	})
	if w.thread.Count != 2 {
		t.Error("a picture begins nothing")
	}
}
