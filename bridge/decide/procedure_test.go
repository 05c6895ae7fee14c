package decide_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

func TestIdentifiedByUser(t *testing.T) {
	t.Parallel()
	const no, yes, empty = conversation.PendingNo, conversation.PendingYes, conversation.PendingEmpty
	for name, tt := range map[string]struct {
		unknown settings.UnknownContact
		nobody  bool
		found   []conversation.PendingAnswer // of Alfa, then of Beta
		state   conversation.State
		outcome string
		flags   []conversation.Flag
		known   bool
		says    string // words of it
		note    string // words of it
		tickets int    // creations on their way
		offered int
	}{
		"one organisation":            {found: []conversation.PendingAnswer{no}, state: conversation.StateQueued, known: true, tickets: 1},
		"several organisations":       {found: []conversation.PendingAnswer{no, yes}, state: conversation.StateQueued, tickets: 1, offered: 2},
		"no organisation":             {state: conversation.StateQueued, flags: []conversation.Flag{conversation.FlagNoOrganization}, note: "Organização não encontrada", tickets: 1},
		"nobody, who is created":      {nobody: true, unknown: settings.UnknownCreate, state: conversation.StateQueued, flags: []conversation.Flag{conversation.FlagNoOrganization}, tickets: 1},
		"nobody, who goes to a queue": {nobody: true, unknown: settings.UnknownQueue, state: conversation.StateQueued, flags: []conversation.Flag{conversation.FlagNoOrganization}, tickets: 1},
		"nobody, who is refused":      {nobody: true, unknown: settings.UnknownRefuse, state: conversation.StateClosed, outcome: conversation.EndRefused, says: "Este canal atende apenas"},
		"known where nobody else may": {unknown: settings.UnknownRefuse, found: []conversation.PendingAnswer{no}, state: conversation.StateQueued, known: true, tickets: 1},
		"a pending": {
			found: []conversation.PendingAnswer{yes}, state: conversation.StateClosed, outcome: conversation.EndFinancial,
			known: true, says: "Identificamos uma pendência", tickets: 1,
		},
		"an empty field": {
			found: []conversation.PendingAnswer{empty}, state: conversation.StateQueued, known: true, tickets: 1,
			flags: []conversation.Flag{conversation.FlagPendingEmpty}, note: "está vazio",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := procedural(t)
			if tt.unknown != "" {
				w.set.Organizations.Unknown = tt.unknown
			}
			w.says("oi")
			w.numbers()
			answer := knows()
			if tt.nobody {
				answer.User = 0
			}
			for i, p := range tt.found {
				o := w.alfa(p)
				if i > 0 {
					o = w.beta(p)
				}
				answer.Organizations = append(answer.Organizations, o)
			}
			w.identifies(answer)
			w.wantState(tt.state)
			w.wantOutcome(tt.outcome)
			w.wantFlags(tt.flags...)
			if known := w.proc().Organization != nil; known != tt.known {
				t.Errorf("the organisation is known: %v", known)
			}
			if n := len(w.proc().Offers); n != tt.offered {
				t.Errorf("%d organisations are offered, want %d", n, tt.offered)
			}
			if w.proc().Nobody != tt.nobody || !tt.nobody && w.thread.Contact.Zendesk != contactUser {
				t.Errorf("nobody is %v, the user %d", w.proc().Nobody, w.thread.Contact.Zendesk)
			}
			creations := 0
			for _, p := range w.thread.Outbox.Ticket {
				if p.Effect.Kind == conversation.EffectCreate {
					creations++
				}
			}
			if creations != tt.tickets {
				t.Errorf("%d tickets are made, want %d: %q", creations, tt.tickets, w.lane())
			}
			if said := strings.Join(w.phone(), "\n"); !strings.Contains(said, tt.says) || said != "" && tt.says == "" {
				t.Errorf("the customer is told %q, want words of %q", said, tt.says)
			}
			if wrote := strings.Join(w.lane(), "\n"); !strings.Contains(wrote, tt.note) {
				t.Errorf("the lane is %q, want %q in it", wrote, tt.note)
			}
		})
	}
}

// What is not asked needs no answer.
func TestNobodyIsIdentified(t *testing.T) {
	t.Parallel()
	w := procedural(t)
	w.set.Organizations.Check = false
	w.says("oi")
	if w.asks() != nil || w.proc().Awaits != "" {
		t.Errorf("asked for %+v", w.asks())
	}
	w.says("meu CNPJ é 11.222.333/0001-81")
	if w.asks() != nil {
		t.Errorf("asked for %+v", w.asks())
	}
	w = procedural(t)
	w.decide(conversation.Event{
		Kind: conversation.EventMessage, ID: "m", At: at(0), Contact: &conversation.Contact{Username: "ana", UserID: "BR.1"},
		Message: &conversation.Message{ID: "m", Type: "text", Text: "oi", Sent: at(0)},
	})
	if w.asks() != nil || !w.proc().Nobody {
		t.Errorf("without a phone it is asked for %+v", w.asks())
	}
}

// The ticket is closed for it, and nothing else is said.
func TestPendingClosesTheTicket(t *testing.T) {
	t.Parallel()
	w := procedural(t)
	w.says("oi")
	w.numbers()
	w.identifies(knows(w.alfa(conversation.PendingYes)))
	w.creates(of(0, groupN1, 0))
	if diff := cmp.Diff([]string{"update"}, w.lane()); diff != "" {
		t.Errorf("lane (-want +got):\n%s", diff)
	}
	c := w.changes()
	if c.Status != "solved" || c.Subject != "Whats - Pendência no Cadastro" || !slices.Equal(c.Roles, []string{"financial_pending"}) {
		t.Errorf("the change is %+v", c)
	}
	if c.Fields[conversation.FieldCNPJ] != "11.222.333/0001-81" || c.Fields[conversation.FieldSession] != "wa-100-c1-1" {
		t.Errorf("the fields are %v", c.Fields)
	}
	if s := w.thread.Outbox.Phone[0].Effect.Send; !s.Automatic || !s.Insist {
		t.Errorf("it is said for certain: %+v", s)
	}
	if said := w.delivers(); len(said) != 1 {
		t.Errorf("the customer hears %q: no closing text follows", said)
	}
	w.writes()
	w.finds("solved", of(alfaID, groupN1, 0))
	w.wantState(conversation.StateClosed)
	if said := w.delivers(); len(said) != 0 {
		t.Errorf("the customer hears %q as well", said)
	}
}

// With a transcript at the end, that carries the rest.
func TestPendingInTranscriptOnly(t *testing.T) {
	t.Parallel()
	w := procedural(t)
	w.set.Mode, w.set.Transcript.AtEnd = settings.ModeTranscript, settings.TranscriptPrivate
	w.says("oi")
	w.numbers()
	w.identifies(knows(w.alfa(conversation.PendingYes)))
	w.creates(of(0, groupN1, 0))
	writes := w.writes()
	if len(writes) != 1 || writes[0].Status != "solved" {
		t.Errorf("the ticket is changed by %+v, want one write", writes)
	}
}

func TestPendingFoundWhileAttended(t *testing.T) {
	t.Parallel()
	w := procedural(t)
	w.says("oi")
	w.attempt(conversation.EffectIdentify, conversation.Result{Outcome: conversation.Later, NotBefore: at(30)})
	w.creates(of(0, groupN1, 0))
	w.ask(conversation.Command{Kind: conversation.CommandReply, Agent: ana(), Text: "olá"})
	w.second = 40
	w.identifies(knows(w.alfa(conversation.PendingYes)))
	w.wantState(conversation.StateActive)
	w.wantFlags(conversation.FlagPending)
	w.wantReason("financial pending while attended")
	if lane := strings.Join(w.lane(), "\n"); !strings.Contains(lane, "Alfa tem pendência financeira") {
		t.Errorf("the agent is not told: %q", lane)
	}
	w.wantOK(conversation.Command{Kind: conversation.CommandOverride, Agent: ana(), Reason: "pagou hoje"})
	w.wantFlags(conversation.FlagOverridden)
}

// A conversation that was stopped is left to people.
func TestPendingFoundWhileStopped(t *testing.T) {
	t.Parallel()
	w := procedural(t)
	w.says("oi")
	w.ask(conversation.Command{Kind: conversation.CommandStop, Agent: ana()})
	w.identifies(knows(w.alfa(conversation.PendingYes)))
	w.wantState(conversation.StateStopped)
	w.wantOutcome("")
	w.wantFlags(conversation.FlagPending)
	w.wantPhone()
}

// An agent who began the conversation, or answers already, is not interrupted.
func TestAttendedUnknownIsNotRefused(t *testing.T) {
	t.Parallel()
	w := procedural(t)
	w.set.Organizations.Unknown = settings.UnknownRefuse
	w.says("oi")
	w.ask(conversation.Command{Kind: conversation.CommandReply, Agent: ana(), Text: "olá"})
	w.identifies(conversation.Identity{})
	w.wantState(conversation.StateActive)
	w.wantOutcome("")
	w.wantPhone("olá")
}

func TestOverrideLetsAPendingPass(t *testing.T) {
	t.Parallel()
	w := queued(t)
	w.wantOK(conversation.Command{Kind: conversation.CommandOverride, Agent: ana(), Reason: "acordo feito"})
	w.wantOK(conversation.Command{Kind: conversation.CommandIdentify, Agent: ana(), CNPJ: alfaCNPJ})
	w.identifies(conversation.Identity{Organizations: []conversation.Organization{w.alfa(conversation.PendingYes)}})
	w.wantState(conversation.StateQueued)
	w.wantFlags(conversation.FlagOverridden)
	if lane := strings.Join(w.lane(), "\n"); !strings.Contains(lane, "Ana Beatriz") || !strings.Contains(lane, "acordo feito") {
		t.Errorf("the override is not recorded: %q", lane)
	}
}

// An answer that is too old is asked for again, and counts for nothing until then.
func TestCheckIsTooOld(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		then  func(*world)
		flags []conversation.Flag
		state conversation.State
	}{
		"no pending": {func(w *world) {
			w.identifies(conversation.Identity{Organizations: []conversation.Organization{w.alfa(conversation.PendingNo)}})
		}, nil, conversation.StateQueued},
		"a pending": {func(w *world) {
			w.identifies(conversation.Identity{Organizations: []conversation.Organization{w.alfa(conversation.PendingYes)}})
		}, nil, conversation.StateClosed},
		"no answer in time": {func(w *world) { w.passes(130 + 10) }, []conversation.Flag{conversation.FlagUnverified}, conversation.StateQueued},
		"no answer ever": {func(w *world) {
			w.attempt(conversation.EffectIdentify, conversation.Result{Outcome: conversation.Failed, Reason: "gone"})
		}, []conversation.Flag{conversation.FlagUnverified}, conversation.StateQueued},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := procedural(t)
			w.says("oi")
			old := w.alfa(conversation.PendingNo)
			w.second = 130
			w.identifies(knows(old))
			w.wantReason("financial check is too old")
			want := &conversation.Identify{Organization: alfaID}
			if diff := cmp.Diff(want, w.asks()); diff != "" {
				t.Fatalf("asked for (-want +got):\n%s", diff)
			}
			tt.then(w)
			w.wantState(tt.state)
			w.wantFlags(tt.flags...)
		})
	}
}

// Zendesk does not answer in time: the conversation goes on, marked, and the late answer counts all the same.
func TestLateAnswer(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		pending conversation.PendingAnswer
		state   conversation.State
	}{
		"no pending": {conversation.PendingNo, conversation.StateQueued},
		"a pending":  {conversation.PendingYes, conversation.StateClosed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := procedural(t)
			w.says("oi")
			w.wantDeadline(at(10))
			p := w.start(conversation.EffectIdentify)
			w.passes(10)
			w.wantFlags(conversation.FlagUnverified)
			w.wantReason("zendesk did not answer in time")
			w.wantDeadline(at(24 * hour))
			w.second = 20
			id := knows(w.alfa(tt.pending))
			id.Ask = *p.Effect.Ask
			w.result(p, conversation.Result{Outcome: conversation.Done, Identity: &id})
			w.wantFlags()
			w.wantState(tt.state)
		})
	}
}

// An answer that comes when the conversation has ended changes nothing in it.
func TestAnswerAfterTheEnd(t *testing.T) {
	t.Parallel()
	w := procedural(t)
	w.says("oi")
	p := w.start(conversation.EffectIdentify)
	w.ask(conversation.Command{Kind: conversation.CommandCancel, Agent: ana()})
	w.wantState(conversation.StateCancelled)
	id := knows(w.alfa(conversation.PendingYes))
	id.Ask = *p.Effect.Ask
	w.result(p, conversation.Result{Outcome: conversation.Done, Identity: &id})
	w.wantReason("identified after the end")
	w.wantState(conversation.StateCancelled)
	w.wantPhone()
}

func TestCNPJTypedToPeople(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		text string
		want *conversation.Identify
	}{
		"with punctuation": {"o CNPJ é 11.222.333/0001-81", &conversation.Identify{CNPJ: alfaCNPJ, Repair: true}},
		"without":          {"11222333000181", &conversation.Identify{CNPJ: alfaCNPJ, Repair: true}},
		"alphanumeric":     {"nosso cnpj: 12.ABC.345/01DE-35", &conversation.Identify{CNPJ: "12ABC34501DE35", Repair: true}},
		"a wrong one":      {"o CNPJ é 11.222.333/0001-80", nil},
		"two":              {"11.222.333/0001-81 ou 11.444.777/0001-61", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := procedural(t)
			w.says("oi")
			w.identifies(knows())
			w.says(tt.text)
			if diff := cmp.Diff(tt.want, w.asks()); diff != "" {
				t.Errorf("asked for (-want +got):\n%s", diff)
			}
		})
	}
	w := queued(t)
	w.says("11.222.333/0001-81")
	if w.asks() != nil {
		t.Error("asked again though the organisation is known")
	}
}
