package decide_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/decide"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// Values of the catalogue field that the auditor sets.
const (
	abandoned = "Distribuição::Linha Winthor::99::007::Abandono de chat"
	others    = "Distribuição::Linha Winthor::99::007::Z-Outros"
)

// audits lets the auditor come by and look as often as it wants to, at a ticket that is as the thread knows it.
func (w *world) audits() {
	w.t.Helper()
	w.wakesAuditor()
	for range 3 {
		if !w.thread.Outbox.Has(conversation.EffectAudit) {
			return
		}
		w.sees(w.look())
	}
	w.t.Fatal("the auditor looks and looks")
}

func (w *world) wakesAuditor() {
	w.t.Helper()
	w.decide(conversation.Event{Kind: conversation.EventAudit, ID: "audit:1", At: at(w.second)})
}

// look is what the auditor sees by the look that waits.
func (w *world) look() (conversation.Pending, conversation.AuditSeen) {
	w.t.Helper()
	p := w.start(conversation.EffectAudit)
	c := w.thread.Conversation
	seen := conversation.AuditSeen{Look: *p.Effect.Look, Session: c.Session, Lines: c.Lines, Entries: slices.Clone(w.transcript)}
	if seen.Look.Ticket {
		seen.Facts, seen.UpdatedAt = w.stands(), c.Ticket.UpdatedAt
	}
	return p, seen
}

// stands is the ticket as the thread knows it.
func (w *world) stands() conversation.Facts {
	k := w.thread.Conversation.Ticket
	f := of(k.Organization, k.Group, k.Assignee)
	f.Status, f.Subject = k.Status, k.Subject
	return f
}

func (w *world) sees(p conversation.Pending, seen conversation.AuditSeen) {
	w.t.Helper()
	w.result(p, conversation.Result{Outcome: conversation.Done, Audit: &seen})
}

// settles lets everything that is on its way arrive.
func (w *world) settles() {
	w.t.Helper()
	w.second += minute
	w.writes()
	w.delivers()
	w.told(conversation.AccountPrefix + "100")
	w.told(conversation.DeskKey)
}

// titled gives the ticket a title that says something.
func titled(w *world) *world {
	w.thread.Conversation.Ticket.Subject = "Rotina 1400 não abre"
	return w
}

// endedUnassigned is a conversation that Ana attended and closed; its ticket then lost its assignee.
func endedUnassigned(t *testing.T, command conversation.Command) *world {
	t.Helper()
	w := titled(attended(t))
	w.wantOK(command)
	w.settles()
	w.finds("solved", of(alfaID, groupN1, 0))
	return w
}

// quits is a customer who left during the bot.
func quits(t *testing.T) *world {
	t.Helper()
	w := robotic(t)
	w.says("nota fiscal rejeitada")
	w.identifies(knows(w.alfa(conversation.PendingNo)))
	w.numbers()
	w.creates(of(alfaID, groupN1, 0))
	w.delivers()
	return w
}

// verdict is what one look comes to.
type verdict struct {
	outcome string
	change  conversation.Change
	// comment is "", "public" or "private": the transcript.
	comment   string
	state     conversation.State
	attention bool
	notices   []string
}

// auditCases are conversations, with what is found of them.
func auditCases() map[string]struct {
	begin func(t *testing.T) *world
	after int // seconds
	want  verdict
} {
	type entry = struct {
		begin func(t *testing.T) *world
		after int
		want  verdict
	}
	catalogue := func(value string) map[string]string {
		return map[string]string{conversation.FieldCatalogue: value}
	}
	role := func(r settings.MacroRole) []string { return []string{string(r)} }
	unassumed := verdict{
		outcome: "not_assumed", comment: "public", state: conversation.StateClosed,
		change: conversation.Change{
			Roles: role(settings.RoleNotAssumed), Status: "solved", Assignee: agent, Group: "61", Fields: catalogue("99::007::Fiscal"),
		},
	}
	unknownRoutine := unassumed
	unknownRoutine.change.Fields, unknownRoutine.notices = catalogue(""), []string{"audit_open"}
	left := verdict{
		outcome: "client_abandonment", comment: "public", state: conversation.StateClosed,
		change: conversation.Change{
			Roles: role(settings.RoleClientAbandonment), Status: "solved", Assignee: agent, Group: "61", Fields: catalogue(abandoned),
		},
	}
	owes := verdict{
		outcome: "agent_abandonment", comment: "private", state: conversation.StateActive, attention: true, notices: []string{"agent_abandonment"},
		change: conversation.Change{
			Roles: role(settings.RoleAgentAbandonment), Status: "open", Assignee: agent, Group: "61", Fields: catalogue(abandoned),
		},
	}
	in := func(v verdict, s conversation.State) verdict { v.state = s; return v }
	hours := verdict{
		outcome: "after_hours", state: conversation.StateClosed,
		change: conversation.Change{Roles: role(settings.RoleAfterHours), Status: "solved", Fields: catalogue(others)},
	}
	nobody := verdict{
		outcome: "agent_unavailable", state: conversation.StateQueued,
		change: conversation.Change{Roles: role(settings.RoleAgentUnavailable), Status: "pending", Fields: catalogue(abandoned)},
	}
	quit := verdict{outcome: "bot_abandoned", state: conversation.StateExpired}
	solved := quit
	solved.change = conversation.Change{Status: "solved", Tags: []string{"abandono_no_robo"}}
	asked := func(t *testing.T) *world {
		t.Helper()
		w := titled(attended(t))
		w.says("e agora?")
		w.settles()
		return w
	}
	atNight := func(kind settings.BotKind) func(t *testing.T) *world {
		return func(t *testing.T) *world {
			t.Helper()
			w := office(t, kind)
			w.second = evening
			w.says("a rotina 1400 não abre")
			w.numbers()
			w.identifies(knows(w.alfa(conversation.PendingNo)))
			w.creates(of(alfaID, groupN1, 0))
			w.delivers()
			w.writes()
			return titled(w)
		}
	}
	return map[string]entry{
		"not assumed": {func(t *testing.T) *world { t.Helper(); return endedUnassigned(t, finish()) }, 2 * minute, unassumed},
		"not assumed, nobody said what it was about": {func(t *testing.T) *world {
			t.Helper()
			w := titled(attended(t))
			w.finds("solved", of(alfaID, groupN1, 0))
			w.settles()
			return w
		}, 2 * minute, unknownRoutine},
		"not assumed, still new": {func(t *testing.T) *world {
			t.Helper()
			w := endedUnassigned(t, finish())
			w.thread.Conversation.Ticket.Status = "new"
			return w
		}, 2 * minute, unassumed},

		"customer silent": {func(t *testing.T) *world { t.Helper(); return titled(attended(t)) }, 91 * minute, left},
		"customer silent, after thanks": {func(t *testing.T) *world {
			t.Helper()
			w := titled(attended(t))
			w.says("ok, obrigado!")
			w.settles()
			return w
		}, 91 * minute, left},
		"customer silent, expired": {func(t *testing.T) *world { t.Helper(); return titled(attended(t)) }, 25 * hour, left},
		"customer silent, waited for": {func(t *testing.T) *world {
			t.Helper()
			w := titled(attended(t))
			w.wantOK(conversation.Command{Kind: conversation.CommandClose, Agent: ana(), Folder: conversation.FolderPending})
			w.settles()
			return w
		}, 25 * hour, left},

		"agent silent": {asked, 91 * minute, owes},
		"agent never wrote": {func(t *testing.T) *world {
			t.Helper()
			w := titled(taken(t))
			w.settles()
			return w
		}, 91 * minute, owes},
		"agent silent, expired": {asked, 25 * hour, in(owes, conversation.StateExpired)},
		"agent silent, gave it back": {func(t *testing.T) *world {
			t.Helper()
			w := asked(t)
			w.wantOK(conversation.Command{Kind: conversation.CommandTransfer, Agent: ana(), Group: "Suporte N1"})
			w.settles()
			return w
		}, 91 * minute, in(owes, conversation.StateQueued)},

		"came while closed, with a bot":             {atNight(settings.BotOwn), 15 * hour, hours},
		"came while closed, with a bot, expired":    {atNight(settings.BotOwn), 25 * hour, hours},
		"came while closed, without a bot, expired": {atNight(settings.BotNone), 25 * hour, hours},

		"nobody there":          {func(t *testing.T) *world { t.Helper(); return titled(queued(t)) }, 91 * minute, nobody},
		"nobody there, expired": {func(t *testing.T) *world { t.Helper(); return titled(queued(t)) }, 25 * hour, in(nobody, conversation.StateExpired)},

		"quit during the bot": {func(t *testing.T) *world { t.Helper(); return titled(quits(t)) }, 25 * hour, quit},
		"quit during the bot, solved": {func(t *testing.T) *world {
			t.Helper()
			w := titled(quits(t))
			w.set.Audit.BotAbandoned = settings.BotSolve
			return w
		}, 25 * hour, solved},
	}
}

// Every outcome, from every state in which it can be found, is done in one update; nothing is said to the customer; and neither the next
// look nor the one after the end finds it again.
func TestAudit(t *testing.T) {
	t.Parallel()
	for name, tt := range auditCases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := tt.begin(t)
			w.passes(w.second + tt.after)
			w.passes(w.second + 2*minute)
			w.writes()
			w.told(conversation.AccountPrefix + "100")
			if look := decide.NextLook(w.thread, w.set); look.IsZero() || look.After(at(w.second)) {
				t.Fatalf("the auditor comes at %v, it is %v", look, at(w.second))
			}
			w.thread.Conversation.Clock.Attention = false
			w.audits()
			c := w.thread.Conversation
			got := verdict{
				outcome: c.Audited.Outcome, state: c.State, attention: c.Clock.Attention, change: w.changes(), comment: shown(w),
				notices: w.told(conversation.AccountPrefix + "100"),
			}
			if catalogue := got.change.Fields[conversation.FieldCatalogue]; tt.want.change.Fields != nil {
				got.change.Fields = map[string]string{conversation.FieldCatalogue: catalogue}
			}
			if !got.change.Verdict && !got.change.Empty() {
				t.Error("the change is not the auditor's")
			}
			got.change.Verdict, got.change.Agent = false, conversation.Agent{}
			if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(verdict{}), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("verdict (-want +got):\n%s", diff)
			}
			if n := len(w.thread.Outbox.Ticket); n > 1 {
				t.Errorf("%d updates: %q", n, w.lane())
			}
			w.wantPhone()
			if c.Audited.Evidence == "" || c.Audited.Reason == "" || !c.Audited.At.Equal(at(w.second)) {
				t.Errorf("the verdict is kept as %+v", c.Audited)
			}
			w.findsNothing(2 * minute)
			w.findsNothing(12 * minute)
			w.findsNothing(3 * hour)
		})
	}
}

// shown is how the transcript goes onto the ticket, "" when it does not.
func shown(w *world) string {
	for _, p := range w.thread.Outbox.Ticket {
		if c := p.Effect.Comment; c != nil && c.Transcript != "" {
			if c.Public {
				return "public"
			}
			return "private"
		}
	}
	return ""
}

// findsNothing wants a look some time later to change nothing.
func (w *world) findsNothing(later int) {
	w.t.Helper()
	w.settles()
	w.passes(w.second + later)
	w.writes()
	before := *w.thread.Conversation
	verdicts := w.verdicts()
	w.audits()
	if lane := w.lane(); len(lane) > 0 {
		w.t.Errorf("%d s later: %q", later, lane)
	}
	if n := w.verdicts(); n != verdicts {
		w.t.Errorf("%d s later: %d verdicts more", later, n-verdicts)
	}
	after := *w.thread.Conversation
	before.Audited, after.Audited = nil, nil
	if diff := cmp.Diff(before, after); diff != "" {
		w.t.Errorf("%d s later (-before +after):\n%s", later, diff)
	}
	w.wantTold(conversation.AccountPrefix + "100")
}

// verdicts counts those in the transcript.
func (w *world) verdicts() (n int) {
	for _, e := range w.transcript {
		if e.Type == "verdict" {
			n++
		}
	}
	return n
}

// The end that the auditor makes is silent, and named so.
func TestAuditEndsSilently(t *testing.T) {
	t.Parallel()
	w := titled(attended(t))
	w.set.Survey.On, w.set.Says.Closing = true, "até logo"
	w.passes(w.second + 91*minute)
	w.audits()
	w.wantOutcome(conversation.EndAudited)
	w.wantPhone()
	if c := w.thread.Conversation; c.Survey != nil || !c.Procedure.Silent || !c.Ended.Equal(at(w.second)) {
		t.Errorf("the conversation is %+v", c)
	}
	summary := w.thread.Outbox.Background
	if !slices.ContainsFunc(summary, func(p conversation.Pending) bool {
		return p.Effect.Summary != nil && p.Effect.Summary.Audited != nil && p.Effect.Summary.Audited.Outcome == "client_abandonment" &&
			p.Effect.Summary.State == conversation.StateClosed && strings.Contains(p.Effect.Summary.Audited.Evidence, "falou por último")
	}) {
		t.Errorf("no row for reports: %+v", summary)
	}
}
