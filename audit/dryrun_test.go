package audit_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ponte-desk/ponte/audit"
	"github.com/ponte-desk/ponte/audit/classify"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/internal/testredis"
)

// each runs f with a fresh installation on every kind of store.
func each(t *testing.T, f func(h *house)) {
	t.Helper()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		f(setup(t, r))
	})
}

// variety is conversations of every kind that the auditor tells apart.
func variety(n int) []talk {
	const number = "5511"
	var all []talk
	for i := range n {
		t := chat(number, i, ago(4*time.Hour), 2+i%9, i%2 == 0)
		c := t.thread.Conversation
		switch i % 12 {
		case 1: // nobody ever had it
			c.Attended, c.Owner, c.Ticket.Assignee, c.State = false, 0, 0, conversation.StateQueued
			t.entries = t.entries[:1]
			t.entries[0].Author, t.entries[0].Agent = conversation.AuthorCustomer, 0
		case 2: // just now
			t = chat(number, i, ago(20*time.Minute), 6, true)
		case 3: // over, and nobody took the ticket
			c.State, c.Ended, c.Ticket.Status, c.Ticket.Assignee = conversation.StateClosed, ago(3*time.Hour), "new", 0
		case 4: // over, under a title that says nothing
			c.State, c.Ended, c.Ticket.Status, c.Ticket.Subject = conversation.StateClosed, ago(3*time.Hour), "solved", "Atendimento iniciado via WhatsApp"
		case 5: // without an organisation
			c.Ticket.Organization = 0
		case 6:
			c.Clock.Snoozed = now().Add(time.Hour)
		case 7: // begun at night
			night := time.Date(2026, 3, 4, 3, 0, 0, 0, time.UTC)
			t = chat(number, i, night, 1, true)
			t.thread.Conversation.Attended, t.thread.Conversation.Owner, t.thread.Conversation.Ticket.Assignee = false, 0, 0
			t.thread.Conversation.State, t.thread.Conversation.Ended = conversation.StateExpired, ago(time.Hour)
		case 8: // judged before
			t.entries = append(t.entries, conversation.Entry{
				At: ago(time.Minute), Author: conversation.AuthorPonte, Type: classify.VerdictType,
				Text: string(classify.OutcomeClientAbandonment) + " " + string(classify.OutcomeAgentAbandonment),
			})
		case 9:
			c.State = conversation.StatePending
		case 10:
			c.Ticket = conversation.Ticket{}
		}
		all = append(all, t)
	}
	return all
}

// verdicts are what the classifier says of conversations, by session.
func (h *house) verdicts(talks []talk) map[string]classify.Verdict {
	all := map[string]classify.Verdict{}
	for _, t := range talks {
		c, k := t.thread.Conversation, t.thread.Conversation.Ticket
		fact := classify.FromThread(t.thread, t.entries, classify.Ticket{
			ID: k.ID, Status: k.Status, Assignee: k.Assignee, Group: k.Group, Organization: k.Organization, Subject: k.Subject,
		})
		fact.Snoozed = c.Clock.Snoozed
		set := h.settings(t.thread.Number)
		all[c.Session] = classify.Classify(fact, now(), set, classify.RulesOf(set))
	}
	return all
}

// TestDryRunAgreesWithTheClassifier wants each conversation to be told with the verdict that the auditor would give, and nothing to be
// written.
func TestDryRunAgreesWithTheClassifier(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		talks := variety(600)
		h.store(talks...)
		verdicts := h.verdicts(talks)
		before := h.dump()
		found, counts := h.run(h.config())
		if diff := cmp.Diff(before, h.dump()); diff != "" {
			h.Errorf("something was written (-before +after):\n%s", diff)
		}

		want := audit.Counts{Outcomes: map[classify.Outcome]int{}, Left: map[classify.Reason]int{}, Looked: len(talks)}
		told := map[string]audit.Finding{}
		for _, f := range found {
			if _, twice := told[f.Session]; twice {
				h.Errorf("%s is told twice", f.Session)
			}
			told[f.Session] = f
		}
		for session, v := range verdicts {
			f, ok := told[session]
			switch {
			case v.Nothing():
				want.Left[v.Reason]++
			case v.Outcome == classify.OutcomeNone:
				want.Corrected++
			default:
				want.Outcomes[v.Outcome]++
			}
			if ok == v.Nothing() {
				h.Errorf("%s: told is %v; verdict %q, %v", session, ok, v.Outcome, v.Corrections)
			}
			if !ok {
				continue
			}
			if f.Outcome != v.Outcome || f.Reason != v.Reason || !slices.Equal(f.Corrections, v.Corrections) || f.Evidence != v.Evidence.Text(settings.LanguagePT) {
				h.Errorf("%s is told as %+v; verdict %+v", session, f, v)
			}
			if f.Changes.Status != v.Action.Status || f.Changes.Assignee != v.Action.Assignee || f.Changes.Catalogue != v.Action.Catalogue {
				h.Errorf("%s would change %+v; action %+v", session, f.Changes, v.Action)
			}
		}
		if diff := cmp.Diff(want, counts); diff != "" {
			h.Errorf("counts (-want +got):\n%s", diff)
		}
		if len(want.Outcomes) < 5 || want.Corrected == 0 || len(want.Left) < 4 {
			h.Errorf("the conversations are too much alike: %+v", want)
		}
	})
}

func TestDryRunTellsWhatWouldChange(t *testing.T) {
	t.Parallel()
	h := setup(t, testredis.Mini(t))
	set := settings.Default()
	set.Desk.Macros[settings.RoleClientAbandonment] = "Auditoria Whatsapp | Abandono do Cliente"
	h.sets["5511"] = set
	left := chat("5511", 1, ago(4*time.Hour), 4, false)
	left.thread.Conversation.Ticket.Subject, left.thread.Conversation.Ticket.Organization = "Atendimento iniciado via WhatsApp", 0
	left.thread.Conversation.Procedure.Subject = ""
	h.store(left)
	found, _ := h.run(h.config())
	if len(found) != 1 || found[0].Evidence == "" {
		t.Fatalf("found: %+v", found)
	}
	found[0].Evidence = ""
	want := audit.Finding{
		Session: "wa-5511-01JC00000001KXQ2VX7R-1", Ticket: 1001, Outcome: classify.OutcomeClientAbandonment, Reason: classify.ReasonSilent,
		Corrections: []classify.Correction{classify.CorrectionNoOrganization, classify.CorrectionWrongTitle},
		Changes: audit.Changes{
			Macros: []string{"Auditoria Whatsapp | Abandono do Cliente", set.Desk.Macro(settings.RoleWrongTitle)}, Status: "solved", Assignee: 31, Group: "70",
			Catalogue: "Distribuição::Linha Winthor::99::007::Abandono de chat", Transcript: "public", Conversation: conversation.StateClosed, Organization: true,
		},
	}
	if diff := cmp.Diff(want, found[0], cmpopts.IgnoreFields(audit.Changes{}, "Subject")); diff != "" {
		t.Errorf("finding (-want +got):\n%s", diff)
	}
	if found[0].Changes.Subject == "" {
		t.Error("the ticket would get no title")
	}
}

// TestDryRunLeavesOut wants nothing to be told of what a sweep would not wake, or what would not be judged then.
func TestDryRunLeavesOut(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		off := settings.Default()
		off.Audit.On = false
		h.sets["99"] = off
		due := func(n int) talk { return chat("5511", n, ago(4*time.Hour), 4, false) }
		later := due(1)
		later.due = now().Add(time.Millisecond)
		broken := due(2)
		broken.raw = []byte(`{"n":`)
		blank := due(3)
		blank.thread.Conversation = nil
		moved := due(4)
		silent := chat("99", 5, ago(4*time.Hour), 4, false)
		h.store(later, broken, blank, moved, silent, due(6))
		key := moved.thread.Key()
		if err := h.r.Client.HSet(h.Context(), h.key(key, "c:"+key), "_moved", "5511|x").Err(); err != nil {
			h.Fatal(err)
		}
		found, counts := h.run(h.config())
		if len(found) != 1 || found[0].Ticket != 1006 {
			h.Errorf("found: %+v", found)
		}
		want := audit.Counts{
			Looked: 1, Off: 1, Unreadable: 1, Outcomes: map[classify.Outcome]int{classify.OutcomeClientAbandonment: 1}, Left: map[classify.Reason]int{},
		}
		if diff := cmp.Diff(want, counts); diff != "" {
			h.Errorf("counts (-want +got):\n%s", diff)
		}
	})
}

// TestDryRunOfADamagedTranscript wants the lines that can be read to be read.
func TestDryRunOfADamagedTranscript(t *testing.T) {
	t.Parallel()
	h := setup(t, testredis.Mini(t))
	sound, damaged := chat("5511", 1, ago(4*time.Hour), 4, true), chat("5511", 2, ago(4*time.Hour), 4, true)
	h.store(sound, damaged)
	session := damaged.thread.Conversation.Session
	for _, line := range []string{`{"at":`, `[]`, `{"a":"customer"},{"a":"customer"}`} {
		if err := h.r.Client.LPush(t.Context(), h.key(damaged.thread.Key(), "tx:"+session), line).Err(); err != nil {
			t.Fatal(err)
		}
	}
	found, _ := h.run(h.config())
	if len(found) != 2 || found[0].Outcome != classify.OutcomeAgentAbandonment || found[1].Outcome != found[0].Outcome || found[0].Evidence != found[1].Evidence {
		t.Errorf("found: %+v", found)
	}
}

// TestDryRunOfAThreadThatWasAbsorbed wants the transcript to be found where it lies.
func TestDryRunOfAThreadThatWasAbsorbed(t *testing.T) {
	t.Parallel()
	h := setup(t, testredis.Mini(t))
	made := chat("5511", 1, ago(4*time.Hour), 4, true)
	made.thread.Contact.ID = "ANOTHER" // the session is the one of the thread that moved here
	h.store(made)
	found, _ := h.run(h.config())
	if len(found) != 1 || found[0].Outcome != classify.OutcomeAgentAbandonment {
		t.Errorf("found: %+v", found)
	}
}

var errEnough = errors.New("enough")

// failing are mailboxes that fail at some point.
type failing struct {
	audit.Mailboxes
	at   string
	hang bool
}

func (f failing) fail(ctx context.Context, at string) error {
	switch {
	case f.at != at:
		return nil
	case f.hang:
		<-ctx.Done()
		return ctx.Err()
	}
	return errEnough
}

func (f failing) Due(ctx context.Context, view string, upto time.Time, cursor string, limit int) ([]string, string, error) {
	if err := f.fail(ctx, "due"); err != nil {
		return nil, "", err
	}
	return f.Mailboxes.Due(ctx, view, upto, cursor, limit)
}

func (f failing) States(ctx context.Context, keys []string, field string) ([][]byte, error) {
	if err := f.fail(ctx, "states"); err != nil {
		return nil, err
	}
	return f.Mailboxes.States(ctx, keys, field)
}

func (f failing) Transcripts(ctx context.Context, keys, names []string) ([][]string, error) {
	if err := f.fail(ctx, "transcripts"); err != nil {
		return nil, err
	}
	return f.Mailboxes.Transcripts(ctx, keys, names)
}

func TestDryRunFails(t *testing.T) {
	t.Parallel()
	h := setup(t, testredis.Mini(t))
	h.store(variety(900)...)
	for _, at := range []string{"due", "states", "transcripts", "tell"} {
		t.Run(at, func(t *testing.T) {
			t.Parallel()
			c := h.config()
			c.Mailboxes = failing{h.boxes, at, false}
			told := 0
			_, err := audit.DryRun(t.Context(), c, func(audit.Finding) error {
				if told++; at == "tell" && told == 3 {
					return errEnough
				}
				return nil
			})
			if !errors.Is(err, errEnough) {
				t.Errorf("error %v", err)
			}
		})
	}
	for _, at := range []string{"due", "states", "transcripts"} {
		t.Run(at+" hangs", func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			c := h.config()
			c.Mailboxes = failing{h.boxes, at, true}
			if _, err := audit.DryRun(ctx, c, func(audit.Finding) error { return nil }); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("error %v", err)
			}
		})
	}
}

// TestDryRunOfNothing wants an installation without conversations to be told as such.
func TestDryRunOfNothing(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		found, counts := h.run(h.config())
		if len(found) != 0 || fmt.Sprint(counts) != "{0 map[] 0 map[] 0 0}" {
			h.Errorf("found %v, %+v", found, counts)
		}
	})
}
