package decide_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// nightly is a conversation that came while closed and that the auditor is about to end.
func nightly(t *testing.T) *world {
	t.Helper()
	w := office(t, settings.BotOwn)
	w.second = evening
	w.says("a rotina 1400 não abre")
	w.numbers()
	w.identifies(knows(w.alfa(conversation.PendingNo)))
	w.creates(of(alfaID, groupN1, 0))
	w.delivers()
	w.writes()
	w.passes(w.second + 15*hour)
	return titled(w)
}

// Somebody else's change meets the verdict's update, or is heard of before that goes out: the verdict is left alone, and the conversation
// follows the ticket.
func TestVerdictConflict(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		begin  func(*testing.T) *world
		status string
		facts  conversation.Facts
		state  conversation.State
		owner  int64
		said   []string
	}{
		"taken over": {
			late, "open", named(of(alfaID, groupN1, 801), "", "Bento"), conversation.StateActive, 801,
			[]string{"O seu atendimento foi transferido para Bento. Aguarde um instante, por favor."},
		},
		"solved by people": {late, "solved", of(alfaID, groupN1, agent), conversation.StateClosed, agent, []string{"até logo"}},
		"waits":            {late, "pending", of(alfaID, groupN1, agent), conversation.StatePending, agent, nil},
		"taken when it had expired": {
			func(t *testing.T) *world {
				t.Helper()
				w := titled(attended(t))
				w.passes(25 * hour)
				w.passes(25*hour + 2*minute)
				return w
			}, "pending", of(alfaID, groupN1, agent), conversation.StatePending, agent, nil,
		},
		"taken in the dawn": {nightly, "open", named(of(alfaID, groupN1, 801), "", "Bento"), conversation.StateActive, 801, nil},
		"new as it was":     {nightly, "new", of(alfaID, groupFinance, 0), conversation.StateQueued, 0, nil},
	} {
		for _, sent := range []bool{true, false} {
			t.Run(map[bool]string{true: "", false: "before it goes: "}[sent]+name, func(t *testing.T) {
				t.Parallel()
				w := tt.begin(t)
				w.set.Says.Closing, w.set.Transcript.AtEnd = "até logo", settings.TranscriptPrivate
				tt.facts.Status = tt.status
				w.audits()
				w.wantState(conversation.StateClosed)
				w.second++
				if sent {
					w.conflicts(tt.status, tt.facts)
				} else {
					w.finds(tt.status, tt.facts)
				}
				if !slices.ContainsFunc(w.lane(), func(l string) bool { return strings.Contains(l, "não foi aplicado") }) {
					t.Errorf("people are not told: %q", w.lane())
				}
				if c := w.changes(); len(c.Roles) > 0 || c.Status != "" {
					t.Errorf("something of it is left: %+v", c)
				}
				if transcript := shown(w); (transcript != "") != (tt.state == conversation.StateClosed) {
					t.Errorf("the transcript is %q", transcript)
				}
				w.wantState(tt.state)
				w.wantPhone(tt.said...)
				c := w.thread.Conversation
				if c.Owner != tt.owner || c.Audited.Outcome != "" || !c.Audited.At.IsZero() {
					t.Errorf("the owner is %d, want %d; %+v", c.Owner, tt.owner, c.Audited)
				}
				w.settles()
				w.finds(tt.status, tt.facts) // by its own hint, which comes later
				w.wantState(tt.state)
			})
		}
	}
}

// A transcript that the customer sees already is not written again.
func TestAuditWritesNoSecondTranscript(t *testing.T) {
	t.Parallel()
	for visibility, want := range map[settings.Visibility]string{settings.TranscriptPublic: "", settings.TranscriptPrivate: "public", settings.TranscriptNone: "public"} {
		w := titled(attended(t))
		w.set.Transcript.AtEnd = visibility
		w.wantOK(finish())
		w.settles()
		w.finds("solved", of(alfaID, groupN1, 0))
		w.passes(w.second + 5*minute)
		w.audits()
		if got := shown(w); got != want || w.changes().Assignee != agent {
			t.Errorf("%s: the transcript is %q, want %q; %+v", visibility, got, want, w.changes())
		}
	}
}

// What was left alone is found again where it stays true.
func TestVerdictAfterConflict(t *testing.T) {
	t.Parallel()
	w := late(t)
	w.audits()
	w.second++
	w.conflicts("open", of(betaID, groupN1, agent)) // its agent only mended the organisation
	w.settles()
	for w.asks() != nil {
		w.identifies(knows(w.beta(conversation.PendingNo)))
		w.settles()
	}
	w.passes(w.second + 11*minute)
	w.audits()
	w.wantState(conversation.StateClosed)
	if a := w.thread.Conversation.Audited; a.Outcome != "client_abandonment" {
		t.Errorf("the verdict is %+v", a)
	}
	w.findsNothing(hour)
}

// Whoever had the ticket in an earlier conversation does not have the next one.
func TestAuditForgetsTheEarlierAssignee(t *testing.T) {
	t.Parallel()
	w := titled(attended(t))
	w.wantOK(finish())
	w.settles()
	w.second = 2 * hour
	w.transcript = nil
	w.says("surgiu outra dúvida")
	w.numbers()
	w.identifies(knows(w.alfa(conversation.PendingNo)))
	w.settles()
	f := of(alfaID, groupN1, agent)
	f.Status = "open"
	w.attempt(conversation.EffectReopen, conversation.Result{
		Outcome: conversation.Done, Ticket: &conversation.TicketResult{ID: ticket, Status: "open", Facts: f, UpdatedAt: at(w.second)},
	})
	w.passes(w.second + 100*minute)
	if got := w.thread.Conversation.Ticket.Assignee; got != agent {
		t.Fatalf("the ticket is %d's", got)
	}
	w.audits()
	if a := w.thread.Conversation.Audited; a.Outcome != "agent_unavailable" {
		t.Errorf("the verdict is %+v: %q %q", a, w.reasons, w.lane())
	}
}

// A title that somebody gave the ticket after the end, of which no webhook tells, is judged as well.
func TestAuditHearsOfTitles(t *testing.T) {
	t.Parallel()
	w := titled(attended(t))
	w.wantOK(finish())
	w.settles()
	w.thread.Conversation.Ticket.Subject = "Nota rejeitada"
	w.passes(w.second + 5*minute)
	w.audits()
	if !w.thread.Conversation.Audited.Done {
		t.Fatalf("before: %+v", w.thread.Conversation.Audited)
	}
	w.finds("solved", of(alfaID, groupN1, agent)) // the webhook's hint: it does not tell the title
	known := w.thread.Conversation.Ticket
	old := conversation.Hint{Ticket: ticket, Sweep: true, Status: "solved", UpdatedAt: known.UpdatedAt.Add(-time.Minute), Facts: conversation.Facts{Subject: "antigo"}}
	w.second += 10
	w.hint(old)
	if !w.thread.Conversation.Audited.Done {
		t.Error("judged anew by what is older than what is known")
	}
	w.thread.Conversation.Ticket.Seen = known.UpdatedAt
	old.UpdatedAt, old.Facts.Subject = known.UpdatedAt, "teste"
	w.hint(old)
	w.wantReason("nothing new since the last read")
	w.passes(w.second + 11*minute)
	w.audits()
	if c := w.changes(); c.Subject != "Nota rejeitada" {
		t.Errorf("the title becomes %q: %+v", c.Subject, w.thread.Conversation.Audited)
	}
}

// A macro's words for agents, which did not go with the public transcript, become a note of their own.
func TestVerdictWordsApart(t *testing.T) {
	t.Parallel()
	w := late(t)
	w.audits()
	p := w.start(conversation.EffectComment)
	w.result(p, conversation.Result{
		Outcome: conversation.Done, Words: "Auditoria: cliente não respondeu.",
		Ticket: &conversation.TicketResult{ID: ticket, Status: "solved", Facts: of(alfaID, groupN1, agent), UpdatedAt: at(w.second)},
	})
	w.wantLane("comment ponte private: Auditoria: cliente não respondeu.")
	w.wantState(conversation.StateClosed)
	w.findsNothing(20 * minute)
}
