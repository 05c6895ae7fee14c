package decide_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ponte-desk/ponte/bridge/calendar"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/decide"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// late is a conversation whose customer went silent so long ago that the auditor finds it.
func late(t *testing.T) *world {
	t.Helper()
	w := titled(attended(t))
	w.passes(w.second + 91*minute)
	w.told(conversation.AccountPrefix + "100")
	return w
}

// A conversation that moved on while the auditor looked, at its words or at its ticket, is left alone.
func TestAuditMovedOn(t *testing.T) {
	t.Parallel()
	for name, meanwhile := range map[string]func(w *world){
		"the customer writes": func(w *world) { w.says("voltei") },
		"the agent writes": func(w *world) {
			w.wantOK(conversation.Command{Kind: conversation.CommandReply, Agent: ana(), Text: "ainda aí?"})
		},
		"it changes hands": func(w *world) {
			w.wantOK(conversation.Command{Kind: conversation.CommandTransfer, Agent: ana(), To: bento()})
		},
		"put off": func(w *world) {
			w.wantOK(conversation.Command{Kind: conversation.CommandSnooze, Agent: ana(), Until: at(30 * hour)})
		},
		"it ends":        func(w *world) { w.wantOK(finish()) },
		"another begins": func(w *world) { w.wantOK(finish()); w.second += hour; w.says("tenho outra dúvida") },
		"words arrive": func(w *world) {
			w.status(conversation.Status{MessageID: w.lastSent(), State: conversation.DeliveryRead, At: at(w.second)})
		},
		"told of by hand": func(w *world) {
			w.wantOK(conversation.Command{Kind: conversation.CommandNote, Agent: ana(), Text: "liguei"})
		},
	} {
		for _, second := range []bool{false, true} {
			t.Run(map[bool]string{false: "first look", true: "second look"}[second]+", "+name, func(t *testing.T) {
				t.Parallel()
				w := late(t)
				w.wakesAuditor()
				if second {
					w.sees(w.look())
				}
				p, seen := w.look()
				meanwhile(w)
				lane, phone, verdicts := w.lane(), w.phone(), w.verdicts()
				w.sees(p, seen)
				w.wantReason("moved on while the auditor looked")
				w.wantLane(lane...)
				w.wantPhone(phone...)
				if w.verdicts() != verdicts || w.thread.Outbox.Has(conversation.EffectAudit) {
					t.Errorf("%d verdicts more; looks again: %v", w.verdicts()-verdicts, w.thread.Outbox.Has(conversation.EffectAudit))
				}
			})
		}
	}
}

// lastSent is WhatsApp's id of what was said last.
func (w *world) lastSent() string {
	return w.thread.Deliveries[len(w.thread.Deliveries)-1].MessageID
}

// A ticket that somebody touched since it was last heard of is read first; what is true then counts.
func TestAuditReadsFirst(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		status   string
		facts    conversation.Facts
		comments []conversation.Pull
		verdict  bool
		state    conversation.State
	}{
		"only a tag":          {"open", of(alfaID, groupN1, agent), nil, true, conversation.StateClosed},
		"the agent wrote":     {"open", of(alfaID, groupN1, agent), []conversation.Pull{{ID: 60, Author: agent, Staff: true, Public: true, Texts: []string{"alguma novidade?"}, Created: at(93 * minute)}}, false, conversation.StateActive},
		"it was given away":   {"open", named(of(alfaID, groupN1, 801), "", "Bento"), nil, false, conversation.StateActive},
		"to nobody knows who": {"open", of(alfaID, groupN1, 801), nil, false, conversation.StateActive},
		"to no one":           {"open", of(alfaID, groupN1, 0), nil, false, conversation.StateQueued},
		"it waits for them":   {"pending", of(alfaID, groupN1, agent), nil, false, conversation.StatePending},
		"it was solved":       {"solved", of(alfaID, groupN1, agent), nil, false, conversation.StateClosed},
		"it went to a queue":  {"open", of(alfaID, groupFinance, 0), nil, false, conversation.StateQueued},
		"it went to the N2":   {"open", named(of(alfaID, groupN2, 0), "Suporte N2", ""), nil, false, conversation.StateClosed},
		"of another customer": {"open", of(betaID, groupN1, agent), nil, true, conversation.StateClosed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := late(t)
			w.wakesAuditor()
			w.sees(w.look())
			p, seen := w.look()
			tt.facts.Status, tt.facts.Subject = tt.status, "Rotina 1400 não abre"
			seen.Facts, seen.UpdatedAt = tt.facts, at(w.second)
			w.sees(p, seen)
			w.wantReason("ticket moved on: read first")
			if w.verdicts() > 0 {
				t.Error("judged before it was read")
			}
			pull := w.start(conversation.EffectPull)
			if h := pull.Effect.Hint; h.Status != tt.status || !h.UpdatedAt.Equal(at(w.second)) {
				t.Errorf("reads by %+v", h)
			}
			w.result(pull, conversation.Result{Outcome: conversation.Done, Pulled: &conversation.Pulled{
				Comments: tt.comments, Status: tt.status, At: at(w.second), Hint: *pull.Effect.Hint, Facts: tt.facts,
			}})
			w.second += minute
			for range 5 { // whoever was asked about the other customer tells nothing new
				if w.asks() == nil {
					break
				}
				w.identifies(knows(w.beta(conversation.PendingNo)))
			}
			w.writes()
			if w.thread.Outbox.Has(conversation.EffectAudit) {
				w.sees(w.look())
			}
			if got := w.verdicts() > 0; got != tt.verdict {
				t.Errorf("judged: %v, want %v; %v", got, tt.verdict, w.reasons)
			}
			w.wantState(tt.state)
		})
	}
}

// A ticket that is gone, or that the second level has, is left alone.
func TestAuditLeavesAlone(t *testing.T) {
	t.Parallel()
	for name, see := range map[string]func(*conversation.AuditSeen){
		"gone":         func(s *conversation.AuditSeen) { s.Gone = true },
		"second level": func(s *conversation.AuditSeen) { s.N2 = true },
		"closed":       func(s *conversation.AuditSeen) { s.Facts.Status = "closed" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := late(t)
			w.wakesAuditor()
			w.sees(w.look())
			p, seen := w.look()
			see(&seen)
			before := w.thread.Clone()
			w.sees(p, seen)
			w.wantLane()
			w.wantState(conversation.StateActive)
			if w.verdicts() > 0 {
				t.Error("judged")
			}
			after := w.thread.Clone()
			before.Conversation.Audited, after.Conversation.Audited = nil, nil
			before.Outbox, after.Outbox = conversation.Outbox{}, conversation.Outbox{}
			if diff := cmp.Diff(before, after); diff != "" {
				t.Errorf("(-before +after):\n%s", diff)
			}
		})
	}
}

// Nothing is looked at without a conversation, with the audit switched off, or twice at once.
func TestAuditIsNotDue(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.wakesAuditor()
	w.wantReason("nothing to audit")
	w = late(t)
	w.set.Audit.On = false
	w.wakesAuditor()
	w.wantReason("nothing to audit")
	w.set.Audit.On = true
	w.wakesAuditor()
	w.wakesAuditor()
	w.wantReason("nothing to audit")
	if n := len(slices.DeleteFunc(slices.Clone(w.thread.Outbox.Background), func(p conversation.Pending) bool {
		return p.Effect.Kind != conversation.EffectAudit
	})); n != 1 {
		t.Errorf("%d looks", n)
	}
}

// NextLook is when something can be found first, and every ten minutes from then on.
func TestNextLook(t *testing.T) {
	t.Parallel()
	looked := func(begin func(*testing.T) *world, after int) func(*testing.T) *world {
		return func(t *testing.T) *world {
			t.Helper()
			w := begin(t)
			w.passes(w.second + after)
			w.audits()
			return w
		}
	}
	pending := func(t *testing.T) *world {
		t.Helper()
		w := attended(t)
		w.wantOK(conversation.Command{Kind: conversation.CommandClose, Agent: ana(), Folder: conversation.FolderPending})
		return w
	}
	closed := func(t *testing.T) *world {
		t.Helper()
		w := titled(attended(t))
		w.second = hour
		w.wantOK(finish())
		w.settles()
		return w
	}
	never := -1
	for name, tt := range map[string]struct {
		begin func(*testing.T) *world
		want  int // seconds; -1 = never
	}{
		"nobody wrote yet": {setup, never},
		"queued":           {queued, 90 * minute},
		"queued, looked":   {looked(queued, 80*minute), 90 * minute},
		"queued, judged": {func(t *testing.T) *world {
			t.Helper()
			w := looked(func(t *testing.T) *world { t.Helper(); return titled(queued(t)) }, 95*minute)(t)
			w.settles()
			return w
		}, 105 * minute},
		"answered":      {attended, 90 * minute},
		"never written": {taken, 90 * minute},
		"asked again": {func(t *testing.T) *world {
			t.Helper()
			w := attended(t)
			w.second = hour
			w.says("e agora?")
			w.second += hour
			w.says("alô?")
			return w
		}, hour + 90*minute},
		"waits for the customer": {pending, never},
		"put off": {func(t *testing.T) *world {
			t.Helper()
			w := attended(t)
			w.wantOK(conversation.Command{Kind: conversation.CommandSnooze, Agent: ana(), Until: at(30 * hour)})
			return w
		}, never},
		"stopped": {func(t *testing.T) *world {
			t.Helper()
			w := attended(t)
			w.wantOK(conversation.Command{Kind: conversation.CommandStop, Agent: ana()})
			return w
		}, never},
		"cancelled": {func(t *testing.T) *world {
			t.Helper()
			w := attended(t)
			w.wantOK(conversation.Command{Kind: conversation.CommandCancel, Agent: ana(), Reason: "engano"})
			return w
		}, never},
		"with the bot":         {quits, 90 * minute},
		"closed":               {closed, hour + minute},
		"closed, and in order": {looked(closed, 2*minute), never},
		"expired":              {func(t *testing.T) *world { t.Helper(); w := attended(t); w.passes(25 * hour); return w }, 25*hour + minute},
		"switched off":         {func(t *testing.T) *world { t.Helper(); w := queued(t); w.set.Audit.On = false; return w }, never},
		"being erased":         {func(t *testing.T) *world { t.Helper(); w := queued(t); w.thread.Erasing = true; return w }, never},
		"moved away": {func(t *testing.T) *world {
			t.Helper()
			w := queued(t)
			w.thread.Merging = &conversation.Merging{With: "c2", Moved: true}
			return w
		}, never},
		"closed in the evening": {func(t *testing.T) *world {
			t.Helper()
			w := queued(t)
			w.set.Hours = calendar.Hours{}
			for day := time.Monday; day <= time.Friday; day++ { // until 13:00 in São Paulo, an hour from now; from 8:00 on
				w.set.Hours.Week[day] = []calendar.Interval{{From: 8 * hour, To: 13 * hour}}
			}
			return w
		}, 20*hour + 30*minute}, // 56 min today, 34 min tomorrow
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := tt.begin(t)
			got := decide.NextLook(w.thread, w.set)
			want := time.Time{}
			if tt.want != never {
				want = at(tt.want)
			}
			if !got.Equal(want) {
				t.Errorf("the auditor comes at %v, want %v", got, want)
			}
		})
	}
}

// A ticket without organisation gets the one that is known in the same update; one that is not known is asked for first.
func TestAuditRepairs(t *testing.T) {
	t.Parallel()
	w := late(t)
	w.thread.Conversation.Ticket.Organization, w.thread.Conversation.Procedure.Category = 0, "99::007::Fiscal"
	w.audits()
	got := w.changes()
	if catalogue := got.Fields[conversation.FieldCatalogue]; catalogue != abandoned { // not the menu's
		t.Errorf("the catalogue is %q", catalogue)
	}
	if got.Organization != alfaID || got.Status != "solved" || !slices.Equal(got.Roles, []string{string(settings.RoleClientAbandonment)}) || len(w.lane()) != 1 {
		t.Errorf("%q: %+v", w.lane(), got)
	}
	if a := w.thread.Conversation.Audited; a.Outcome != "client_abandonment" || !slices.Equal(a.Corrections, []string{"no_organization"}) {
		t.Errorf("the verdict is %+v", a)
	}

	w = late(t)
	c := w.thread.Conversation
	c.Ticket.Organization, c.Procedure.Organization = 0, nil
	c.Procedure.Bot = &conversation.BotMemory{Step: conversation.BotDone, CNPJ: alfaCNPJ}
	w.audits()
	if diff := cmp.Diff(&conversation.Identify{CNPJ: alfaCNPJ, Repair: true}, w.asks()); diff != "" {
		t.Errorf("question (-want +got):\n%s", diff)
	}
	if a := w.thread.Conversation.Audited; a.Outcome != "" || !slices.Equal(a.Corrections, []string{"no_organization"}) || !w.changes().Empty() {
		t.Errorf("before the answer: %+v %+v", a, w.changes())
	}
	w.wantState(conversation.StateActive)
	found := knows(w.alfa(conversation.PendingNo))
	found.Requester, found.RequesterName = 750, "Marta"
	w.identifies(found)
	w.second += minute
	repaired := w.writes()
	if len(repaired) != 1 || repaired[0].Organization != alfaID || repaired[0].Requester != 750 {
		t.Errorf("repaired by %+v", repaired)
	}
	w.sees(w.look()) // at once, at the ticket
	if a := w.thread.Conversation.Audited; a.Outcome != "client_abandonment" || w.changes().Organization != 0 {
		t.Errorf("after the repair: %+v %+v", a, w.changes())
	}
	w.wantState(conversation.StateClosed)
}

// What nobody can be asked for holds the outcome up for one look only.
func TestAuditCannotRepair(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*world){
		"nobody is identified": func(w *world) { w.set.Organizations.Check = false },
		"nothing is found":     func(*world) {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := late(t)
			w.thread.Conversation.Ticket.Organization, w.thread.Conversation.Procedure.Organization = 0, nil
			change(w)
			w.audits()
			if w.asks() != nil {
				w.identifies(conversation.Identity{User: contactUser})
			}
			w.second += minute
			w.writes()
			for w.thread.Outbox.Has(conversation.EffectAudit) {
				w.sees(w.look())
			}
			if w.thread.Conversation.Audited.Outcome == "" {
				w.second += 10 * minute
				w.audits()
			}
			if a := w.thread.Conversation.Audited; a.Outcome != "client_abandonment" || !slices.Equal(a.Corrections, []string{"no_organization"}) {
				t.Errorf("the verdict is %+v", a)
			}
			w.wantState(conversation.StateClosed)
		})
	}
}

// A supervisor can judge otherwise, with a reason; the ticket tells.
func TestOverrule(t *testing.T) {
	t.Parallel()
	w := late(t)
	over := conversation.Command{Kind: conversation.CommandOverrule, Agent: ana(), Reason: "o cliente ligou", Outcome: "agent_abandonment"}
	w.wantRefused(over, conversation.RefusedNoVerdict)
	w.audits()
	w.settles()
	mute, nonsense, nothing := over, over, over
	mute.Reason, nonsense.Outcome, nothing.Outcome = " ", "was_fine", ""
	w.wantRefused(mute, conversation.RefusedMissing)
	w.wantRefused(nonsense, conversation.RefusedMissing)
	w.wantOK(over)
	a := w.thread.Conversation.Audited
	want := &conversation.Overruled{At: at(w.second), By: ana(), Outcome: "agent_abandonment", Reason: "o cliente ligou"}
	if diff := cmp.Diff(want, a.Overruled, cmpopts.EquateEmpty()); diff != "" || a.Outcome != "client_abandonment" {
		t.Errorf("%s overruled (-want +got):\n%s", a.Outcome, diff)
	}
	w.wantLane("comment ponte private: O resultado da auditoria foi revisto por Ana Beatriz. Motivo: o cliente ligou")
	w.wantPhone()
	w.findsNothing(20 * minute)
	w.wantOK(nothing)
	if got := w.thread.Conversation.Audited.Overruled; got.Outcome != "" {
		t.Errorf("overruled again: %+v", got)
	}
}
