package decide_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// named gives facts the names that people know.
func named(f conversation.Facts, group, assignee string) conversation.Facts {
	f.GroupName, f.AssigneeName = group, assignee
	return f
}

// taken is a world in which Ana has the conversation and has not written.
func taken(t *testing.T) *world {
	t.Helper()
	w := queued(t)
	w.ask(conversation.Command{Kind: conversation.CommandTake, Agent: ana()})
	w.second += 60
	w.writes()
	w.delivers()
	return w
}

// What people do in Zendesk itself moves the conversation along.
func TestFactsMoveTheConversation(t *testing.T) {
	t.Parallel()
	const told = "O seu atendimento foi transferido para %. Aguarde um instante, por favor."
	for name, tt := range map[string]struct {
		begin  func(*testing.T) *world
		status string
		facts  conversation.Facts
		state  conversation.State
		owner  int64
		queue  string
		told   string // to whom the customer hears it goes
		reason string
	}{
		"assigned": {
			queued, "new", named(of(alfaID, groupN1, 801), "", "Bento"), conversation.StateActive, 801, "Suporte N1", "", "assigned in zendesk",
		},
		"assigned to another": {
			attended, "open", named(of(alfaID, groupN1, 801), "", "Bento"), conversation.StateActive, 801, "Suporte N1", "Bento", "assigned in zendesk",
		},
		"assigned to another, whose name is not known": {
			attended, "open", of(alfaID, groupN1, 801), conversation.StateActive, 801, "Suporte N1", "", "assigned in zendesk",
		},
		"assigned to another before anybody wrote": {
			taken, "open", named(of(alfaID, groupN1, 801), "", "Bento"), conversation.StateActive, 801, "Suporte N1", "", "assigned in zendesk",
		},
		"unassigned": {
			attended, "open", of(alfaID, groupN1, 0), conversation.StateQueued, 0, "Suporte N1", "", "unassigned in zendesk",
		},
		"to another group": {
			attended, "open", named(of(alfaID, groupFinance, 0), "Financeiro", ""), conversation.StateQueued, 0, "Financeiro", "Financeiro",
			"moved to another group in zendesk",
		},
		"to another group, unattended": {
			queued, "new", named(of(alfaID, groupFinance, 0), "Financeiro", ""), conversation.StateQueued, 0, "Financeiro", "",
			"moved to another group in zendesk",
		},
		"to a group without a name": {
			attended, "open", of(alfaID, groupFinance, 0), conversation.StateQueued, 0, "63", "", "moved to another group in zendesk",
		},
		"to another group and an agent there": {
			attended, "open", named(of(alfaID, groupFinance, 801), "Financeiro", "Bento"), conversation.StateActive, 801, "Financeiro", "Bento",
			"assigned in zendesk",
		},
		"nothing new":   {attended, "open", of(alfaID, groupN1, agent), conversation.StateActive, agent, "Suporte N1", "", ""},
		"nothing known": {attended, "", conversation.Facts{}, conversation.StateActive, agent, "Suporte N1", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := tt.begin(t)
			w.second++
			w.finds(tt.status, tt.facts)
			w.wantState(tt.state)
			if got := w.thread.Conversation.Owner; got != tt.owner {
				t.Errorf("the owner is %d, want %d", got, tt.owner)
			}
			if got := w.proc().Queue; got != tt.queue {
				t.Errorf("the queue is %q, want %q", got, tt.queue)
			}
			if tt.reason != "" {
				w.wantReason(tt.reason)
			}
			if tt.told == "" {
				w.wantPhone()
				return
			}
			w.wantPhone(strings.Replace(told, "%", tt.told, 1))
		})
	}
}

// A waiting conversation that is given to somebody goes on, and the time that its ticket was taken is in the timeline.
func TestAssignedWhilePending(t *testing.T) {
	t.Parallel()
	w := attended(t)
	w.wantOK(conversation.Command{Kind: conversation.CommandClose, Agent: ana(), Folder: conversation.FolderPending})
	w.second += 60
	w.writes()
	w.finds("open", named(of(alfaID, groupN1, 801), "", "Bento"))
	w.wantState(conversation.StateActive)
	if !slices.ContainsFunc(w.transcript, func(e conversation.Entry) bool {
		return e.Type == "hands" && strings.HasSuffix(e.Text, "Bento") && e.Private
	}) {
		t.Errorf("the timeline is %+v", w.transcript)
	}
}

func TestSentToN2InZendesk(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]conversation.Facts{
		"by its name":  named(of(alfaID, groupN2, 0), "Suporte N2", ""),
		"by its id":    of(alfaID, groupN2, 0),
		"with someone": named(of(alfaID, groupN2, 801), "Suporte N2", "Bento"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := attended(t)
			if f.GroupName == "" {
				w.set.Desk.N2 = "62"
			}
			w.set.Transcript.AtEnd = settings.TranscriptPrivate
			w.second++
			w.finds("open", f)
			w.wantState(conversation.StateClosed)
			w.wantOutcome(conversation.EndN2)
			w.wantReason("sent to n2 in zendesk")
			w.wantSaid("O seu chamado foi encaminhado")
			w.wantLane("comment ponte private: ")
			if c := w.changes(); c.Group != "" || c.Status != "" || c.Assignee != 0 || c.Unassign || len(c.Roles) > 0 {
				t.Errorf("what people did is changed by %+v", c)
			}
		})
	}
}

func TestOrganisationSetInZendesk(t *testing.T) {
	t.Parallel()
	w := queued(t)
	w.second = 30
	w.finds("new", of(betaID, groupN1, 0))
	w.wantReason("organisation set in zendesk")
	if diff := cmp.Diff(&conversation.Identify{Organization: betaID}, w.asks()); diff != "" {
		t.Fatalf("asked for (-want +got):\n%s", diff)
	}
	w.identifies(conversation.Identity{Organizations: []conversation.Organization{w.beta(conversation.PendingYes)}})
	w.wantState(conversation.StateClosed)
	w.wantOutcome(conversation.EndFinancial)

	w = queued(t)
	w.set.Organizations.Check = false
	w.second = 30
	w.finds("new", of(betaID, groupN1, 0))
	if w.asks() != nil {
		t.Error("asked though nothing is to be checked")
	}
}

// A read from before our own last write tells nothing of the ticket; its comments count all the same.
func TestStaleRead(t *testing.T) {
	t.Parallel()
	w := attended(t) // its ticket was written at this second
	now := w.second
	w.second = now - 1
	w.finds("new", of(0, groupFinance, 801), reply(50, "mais uma coisa"))
	w.wantReason("how the ticket was before our last write")
	w.wantPhone("mais uma coisa")
	if c := w.thread.Conversation; c.Owner != agent || c.Ticket.Group != groupN1 || c.Ticket.Organization != alfaID || c.Ticket.Cursor != 50 {
		t.Errorf("the conversation is %+v", c)
	}
	w.second = now + 1
	w.finds("pending", of(alfaID, groupN1, agent))
	w.wantState(conversation.StatePending)
}

// conflicts lets the write that may go meet somebody else's.
func (w *world) conflicts(status string, f conversation.Facts) {
	w.t.Helper()
	i := slices.IndexFunc(w.thread.Outbox.Ticket, func(p conversation.Pending) bool { return p.Effect.Change != nil })
	if i < 0 {
		w.t.Fatalf("nothing is changed: %q", w.lane())
	}
	p := w.thread.Outbox.Ticket[i]
	own := w.thread.Outbox.Find(p.Effect.ID)
	own.Running, own.Frozen = true, true
	f.Status = status
	w.result(p, conversation.Result{
		Outcome: conversation.Failed, Code: conversation.CodeConflict, Ticket: &conversation.TicketResult{ID: ticket, Status: status, Facts: f, UpdatedAt: at(w.second)},
	})
}

// What somebody else changed meanwhile stays as they wanted it; the rest is written all the same.
func TestConflict(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		command conversation.Command
		status  string
		facts   conversation.Facts
		want    conversation.Change
		state   conversation.State
		owner   int64
		tags    []string
	}{
		"the assignee": {
			conversation.Command{Kind: conversation.CommandTransfer, To: conversation.Agent{ID: 802, Name: "Célia"}},
			"open", named(of(alfaID, groupN1, 801), "", "Bento"),
			conversation.Change{Agent: ana(), Roles: []string{"transfer"}},
			conversation.StateActive, 801, nil,
		},
		"the group": {
			conversation.Command{Kind: conversation.CommandTransfer, Group: "Fiscal"},
			"open", named(of(alfaID, groupFinance, agent), "Financeiro", ""),
			conversation.Change{Agent: ana(), Roles: []string{"transfer"}, Unassign: true},
			conversation.StateQueued, 0, nil,
		},
		"the organisation": {
			finish(), "open", of(betaID, groupN1, agent),
			conversation.Change{Agent: ana(), Roles: []string{"closing"}, Assignee: agent, Subject: "Nota rejeitada", Status: "solved"},
			conversation.StateClosed, agent, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := attended(t)
			c := tt.command
			c.Agent = ana()
			w.wantOK(c)
			before := w.lane()
			w.second++
			w.conflicts(tt.status, tt.facts)
			w.wantReason("somebody else changed the ticket: decided anew")
			if diff := cmp.Diff(before, w.lane()); diff != "" {
				t.Errorf("lane (-before +after):\n%s", diff)
			}
			got := w.changes()
			got.Fields = nil
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("change (-want +got):\n%s", diff)
			}
			w.wantState(tt.state)
			if w.thread.Conversation.Owner != tt.owner {
				t.Errorf("the owner is %d, want %d", w.thread.Conversation.Owner, tt.owner)
			}
		})
	}
}

// After three times the words go without the fields, and people are told.
func TestConflictThreeTimes(t *testing.T) {
	t.Parallel()
	w := attended(t)
	w.set.Transcript.AtEnd = settings.TranscriptPrivate
	w.wantOK(finish())
	for n := range 3 {
		w.second++
		w.conflicts("open", of(alfaID, int64(70+n), agent))
	}
	w.wantReason("somebody else was faster three times: fields left")
	w.wantLane("comment ponte private: ", "comment ponte private: "+settings.Default().Texts.FieldsLeft)
	if c := w.changes(); !c.Empty() {
		t.Errorf("the ticket is changed by %+v", c)
	}
	if len(w.dead) != 0 {
		t.Errorf("dead letters are %+v", w.dead)
	}
}

// A change without words that has nothing left to say is given up.
func TestConflictLeavesNothing(t *testing.T) {
	t.Parallel()
	w := queued(t)
	w.wantOK(conversation.Command{Kind: conversation.CommandTake, Agent: ana()})
	w.second = 60
	w.conflicts("pending", named(of(alfaID, groupN1, 801), "", "Bento"))
	w.wantLane()
	w.wantState(conversation.StatePending)
	if w.thread.Conversation.Owner != 801 {
		t.Errorf("the owner is %d", w.thread.Conversation.Owner)
	}
}

// Two people close at once: one of them is told, once, and nothing of the other's is undone.
func TestClosedByTwoAtOnce(t *testing.T) {
	t.Parallel()
	w := attended(t)
	w.set.Transcript.AtEnd = settings.TranscriptPrivate
	w.wantOK(finish())
	if said := w.delivers(); len(said) != 1 {
		t.Errorf("the customer hears %q", said)
	}
	w.second++
	w.conflicts("solved", of(alfaID, groupN1, agent))
	w.wantReason("closed by two at once")
	w.wantState(conversation.StateClosed)
	w.second++
	w.conflicts("solved", of(alfaID, groupFinance, agent))
	told := 0
	for _, line := range w.lane() {
		if strings.Contains(line, "já estava concluído") {
			told++
		}
	}
	if told != 1 {
		t.Errorf("it is told %d times: %q", told, w.lane())
	}
	if c := w.changes(); c.Status != "" || len(c.Roles) > 0 {
		t.Errorf("the ticket is changed by %+v", c)
	}
	w.writes()
	w.finds("solved", of(alfaID, groupFinance, agent))
	w.wantPhone()
	w.wantState(conversation.StateClosed)
}

// An agent's end counts more than what another one did on the way to it.
func TestConflictWithAnEnd(t *testing.T) {
	t.Parallel()
	w := attended(t)
	w.wantOK(finish())
	w.second++
	w.conflicts("pending", of(alfaID, groupN1, agent))
	w.wantState(conversation.StateClosed)
	if c := w.changes(); c.Status != "solved" || len(c.Roles) == 0 || c.Subject == "" {
		t.Errorf("the ticket is changed by %+v", c)
	}
}
