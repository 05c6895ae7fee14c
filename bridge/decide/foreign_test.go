package decide_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/decide"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// foreignDesk is the mailbox of a ticket of another bot, with a clock.
type foreignDesk struct {
	t   *testing.T
	set settings.Number
	j   conversation.Job
	now time.Time
}

// nine is Monday 23 November 2026, 9:00 in São Paulo.
func nine() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

func newForeignDesk(t *testing.T) *foreignDesk {
	t.Helper()
	return &foreignDesk{t: t, set: settings.Default(), now: nine().Add(3 * time.Hour)}
}

func (d *foreignDesk) event(e conversation.Event) {
	d.t.Helper()
	before := d.j.Clone()
	next := decide.Foreign(d.j, e, d.set, d.now)
	if diff := cmp.Diff(before, d.j); diff != "" {
		d.t.Fatalf("the job it was given has changed (-before +after):\n%s", diff)
	}
	d.j = next
}

func (d *foreignDesk) due() {
	d.t.Helper()
	d.event(conversation.Event{Kind: conversation.EventAudit, ID: "audit:r", Hint: &conversation.Hint{Ticket: 9000}})
}

// only is the one effect that waits.
func (d *foreignDesk) only(kind conversation.EffectKind) conversation.Effect {
	d.t.Helper()
	o := d.j.Outbox
	all := append(append([]conversation.Pending{}, o.Ticket...), o.Background...)
	if len(all) != 1 || all[0].Effect.Kind != kind {
		d.t.Fatalf("waiting: %+v; want one %s", all, kind)
	}
	return all[0].Effect
}

// answers settles the effect.
func (d *foreignDesk) answers(e conversation.Effect, r conversation.Result) {
	d.t.Helper()
	r.Effect, r.Kind = e.ID, e.Kind
	d.event(conversation.Event{Kind: conversation.EventResult, Result: &r})
}

// looks lets the auditor look at a ticket, closely too where it wants to.
func (d *foreignDesk) looks(f conversation.Foreign) {
	d.t.Helper()
	d.due()
	first := d.only(conversation.EffectAudit)
	if first.Look.Ticket || first.Look.Foreign != nil || first.Hint.Ticket != f.Ticket {
		d.t.Fatalf("first look: %+v", first)
	}
	bare := f
	bare.Comments, bare.Changes = nil, nil
	d.answers(first, conversation.Result{Outcome: conversation.Done, Audit: &conversation.AuditSeen{Look: *first.Look, Foreign: &bare}})
	if !d.j.Outbox.Has(conversation.EffectAudit) {
		return
	}
	closely := d.only(conversation.EffectAudit)
	if diff := cmp.Diff(&bare, closely.Look.Foreign); diff != "" || !closely.Look.Ticket {
		d.t.Fatalf("close look: %+v (-want +got):\n%s", closely, diff)
	}
	d.answers(closely, conversation.Result{Outcome: conversation.Done, Audit: &conversation.AuditSeen{Look: *closely.Look, Foreign: &f}})
}

// tells lists what goes to supervisors, by rule, and settles it together with rows.
func (d *foreignDesk) tells() map[string]string {
	d.t.Helper()
	told := map[string]string{}
	for _, p := range d.j.Clone().Outbox.Background {
		if t := p.Effect.Tell; t != nil {
			if t.Key != "account|none" || t.Event.Kind != conversation.EventNotice || !strings.HasPrefix(t.Event.ID, "sv:"+t.Event.Notice.Rule+":9000:") {
				d.t.Errorf("told: %+v", t)
			}
			told[t.Event.Notice.Rule] = t.Event.Notice.Text
		}
		d.answers(p.Effect, conversation.Result{Outcome: conversation.Done})
	}
	return told
}

// rows lists the rows that are to be kept.
func (d *foreignDesk) rows() (list []conversation.Summary) {
	for _, p := range d.j.Outbox.Background {
		if s := p.Effect.Summary; s != nil {
			list = append(list, *s)
		}
	}
	return list
}

func (d *foreignDesk) wantRest() {
	d.t.Helper()
	if !d.j.Outbox.Empty() || d.j.Thread != nil {
		d.t.Errorf("left in the mailbox: %+v", d.j)
	}
}

// foreignTicket is one whose customer waits for Ana.
func foreignTicket() conversation.Foreign {
	ana := int64(101)
	return conversation.Foreign{
		Ticket: 9000, Status: "open", Subject: "Boleto sem registro", Created: nine(), UpdatedAt: nine().Add(20 * time.Minute), Assignee: ana, Group: 5,
		Queue: "Suporte N1", Organization: 77, Tags: []string{"robo"}, Requester: 7, RequesterName: "Joana", RequesterEmail: "j@x.br",
		Session: "s1", Derived: "23/11/2026 09:01", Log: "https://robo.example/1", API: true,
		Comments: []conversation.ForeignComment{
			{At: nine(), Author: conversation.AuthorCustomer, Public: true, Text: "O boleto não registra", First: true, API: true},
			{At: nine().Add(10 * time.Minute), Author: conversation.AuthorAgent, Agent: ana, Who: "Ana", Public: true, Text: "Qual banco?"},
			{At: nine().Add(20 * time.Minute), Author: conversation.AuthorCustomer, Public: true, Text: "Itaú", API: true},
		},
		Changes: []conversation.ForeignChange{{At: nine().Add(5 * time.Minute), Assignee: &ana}},
	}
}

func TestForeignVerdict(t *testing.T) {
	t.Parallel()
	d := newForeignDesk(t)
	f := foreignTicket()
	d.looks(f)
	write := d.only(conversation.EffectUpdate)
	want := &conversation.Change{
		Roles: []string{"audit.agent_abandonment"}, Agent: conversation.Agent{ID: 101}, Status: "open", Assignee: 101, Verdict: true,
		Fields: map[string]string{"catalogue": d.set.Catalogue.Abandoned}, Tags: []string{"ponte_auditoria_agent_abandonment"},
	}
	if diff := cmp.Diff(want, write.Change); diff != "" {
		t.Errorf("change (-want +got):\n%s", diff)
	}
	stand := d.j.Thread
	if stand == nil {
		t.Fatal("no conversation stands in the ticket's place")
	}
	c := stand.Conversation
	if c.Session != "bot-9000-"+strconv.FormatInt(f.UpdatedAt.Unix(), 10) || c.Ticket.ID != 9000 || !c.Ticket.UpdatedAt.Equal(f.UpdatedAt) || !c.Ticket.TagsKnown ||
		stand.Contact.Zendesk != 7 || !c.Attended {
		t.Errorf("in its place stands %+v", stand)
	}

	d.due() // another run, while it writes
	d.only(conversation.EffectUpdate)
	d.answers(write, conversation.Result{Outcome: conversation.Later, NotBefore: d.now.Add(time.Minute)})
	d.answers(d.only(conversation.EffectUpdate), conversation.Result{Outcome: conversation.Unsure, NotBefore: d.now.Add(time.Minute), SentAt: d.now})
	if d.j.Thread == nil {
		t.Fatal("the conversation is forgotten before it is written")
	}
	d.answers(d.only(conversation.EffectUpdate), conversation.Result{Outcome: conversation.Done, Ticket: &conversation.TicketResult{ID: 9000}})
	rows := d.rows()
	if len(rows) != 1 || rows[0].Session != "bot-9000" || rows[0].Audited == nil || rows[0].Audited.Outcome != "agent_abandonment" || rows[0].Owner != 101 ||
		rows[0].Queue != "Suporte N1" || rows[0].Ticket != 9000 || !rows[0].Derived.Equal(nine().Add(time.Minute)) {
		t.Errorf("rows: %+v", rows)
	}
	told := d.tells()
	if len(told) != 1 || !strings.Contains(told["agent_abandonment"], "9000") || !strings.Contains(told["agent_abandonment"], f.Log) {
		t.Errorf("told: %q", told)
	}
	d.wantRest()
}

// TestForeignOpen: what is not told is nobody's to guess, and changes nothing.
func TestForeignOpen(t *testing.T) {
	t.Parallel()
	d := newForeignDesk(t)
	f := foreignTicket()
	f.Comments = append(f.Comments[:1:1], conversation.ForeignComment{
		At: nine().Add(time.Hour), Author: conversation.AuthorPonte, Public: true, API: true, Text: "[09:10] Ana: oi\n[09:20] Cliente: Itaú\n[09:30] Ana: um instante",
	})
	d.looks(f)
	told := d.tells()
	if len(told) != 1 || !strings.Contains(told["audit_open"], d.set.Texts.OpenOutcome) || !strings.Contains(told["audit_open"], f.Log) {
		t.Errorf("told: %q", told)
	}
	d.wantRest()
}

func TestForeignRepair(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		repair *conversation.ForeignRepair
		tags   string
		open   bool
	}{
		{"certain", &conversation.ForeignRepair{Organization: 78, Requester: 12, CC: "j@x.br"}, "ponte_auditoria_agent_abandonment ponte_auditoria_no_organization", false},
		{"not certain", nil, "ponte_auditoria_agent_abandonment ponte_auditoria_no_organization", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := newForeignDesk(t)
			f := foreignTicket()
			f.Organization, f.Repair = 0, tt.repair
			d.looks(f)
			write := d.only(conversation.EffectUpdate)
			var got conversation.ForeignRepair
			if c := write.Change; c != nil {
				got = conversation.ForeignRepair{Organization: c.Organization, Requester: c.Requester, CC: c.CC}
			}
			if tt.repair != nil && got != *tt.repair || tt.repair == nil && got != (conversation.ForeignRepair{}) {
				t.Errorf("repaired by %+v", got)
			}
			if tags := strings.Join(write.Change.Tags, " "); tags != tt.tags {
				t.Errorf("tags %q", tags)
			}
			d.answers(write, conversation.Result{Outcome: conversation.Done, Notes: []string{"responsável"}})
			told := d.tells()
			if _, open := told["audit_open"]; open != tt.open || !strings.Contains(told["audit_left"], "responsável") {
				t.Errorf("told: %q", told)
			}
			d.wantRest()
		})
	}
}

// TestForeignLeftAlone: where somebody changed the ticket meanwhile, or it can't be changed any more, nothing is told.
func TestForeignLeftAlone(t *testing.T) {
	t.Parallel()
	for code, tells := range map[string]int{conversation.CodeConflict: 0, conversation.CodeTicketClosed: 0, conversation.CodeTicketGone: 0, "": 1} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			d := newForeignDesk(t)
			d.looks(foreignTicket())
			d.answers(d.only(conversation.EffectUpdate), conversation.Result{Outcome: conversation.Failed, Code: code})
			if told := d.tells(); len(told) != tells || len(d.rows()) != 0 {
				t.Errorf("told: %q; rows %+v", told, d.rows())
			}
			d.wantRest()
		})
	}
}

func TestForeignNothing(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		turn func(*conversation.Foreign)
		rows int
	}{
		{"fresh", func(f *conversation.Foreign) { f.Created = nine().Add(2 * time.Hour) }, 0},
		{"closed", func(f *conversation.Foreign) { f.Status = "closed" }, 1},
		{"solved, in order", func(f *conversation.Foreign) { f.Status = "solved" }, 1},
		{"solved by the auditor", func(f *conversation.Foreign) {
			f.Status, f.Tags = "solved", []string{"ponte_auditoria_after_hours"}
		}, 0},
		{"answered just now", func(f *conversation.Foreign) { f.Comments[2].At = nine().Add(170 * time.Minute) }, 0},
		{"judged before", func(f *conversation.Foreign) {
			f.Changes = append(f.Changes, conversation.ForeignChange{At: nine().Add(2 * time.Hour), Verdict: []string{"agent_abandonment"}})
		}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := newForeignDesk(t)
			f := foreignTicket()
			tt.turn(&f)
			d.looks(f)
			if rows := d.rows(); len(rows) != tt.rows || tt.rows > 0 && (!rows[0].Attended || rows[0].Audited != nil) {
				t.Errorf("rows: %+v", rows)
			}
			if told := d.tells(); len(told) > 0 {
				t.Errorf("told: %q", told)
			}
			d.wantRest()
		})
	}
}

// TestForeignEvents: events that are none of the auditor's are the look-up's.
func TestForeignEvents(t *testing.T) {
	t.Parallel()
	d := newForeignDesk(t)
	d.event(conversation.Event{Kind: conversation.EventAudit})
	d.wantRest()
	d.event(conversation.Event{Kind: conversation.EventHint, Hint: &conversation.Hint{Ticket: 9000}})
	lookup := d.only(conversation.EffectLookup)
	d.answers(lookup, conversation.Result{Outcome: conversation.Done})
	d.wantRest()

	d.due()
	d.due()
	look := d.only(conversation.EffectAudit)
	d.answers(look, conversation.Result{Outcome: conversation.Later, NotBefore: d.now.Add(time.Minute)})
	look = d.only(conversation.EffectAudit)
	gone := &conversation.AuditSeen{Look: *look.Look, Gone: true}
	d.answers(look, conversation.Result{Outcome: conversation.Done, Audit: gone})
	d.wantRest()
	d.answers(look, conversation.Result{Outcome: conversation.Done, Audit: &conversation.AuditSeen{Look: *look.Look, Foreign: new(foreignTicket())}})
	d.wantRest() // it was settled before
}

// TestForeignQuit: the ticket of somebody who quit during the bot is left, or solved with a tag, as settings say; reports know of it.
func TestForeignQuit(t *testing.T) {
	t.Parallel()
	for way, want := range map[settings.BotAbandoned]*conversation.Change{
		settings.BotLeave: nil,
		settings.BotSolve: {Status: "solved", Verdict: true, Tags: []string{"abandono_no_robo", "ponte_auditoria_bot_abandoned"}},
	} {
		d := newForeignDesk(t)
		d.now, d.set.Audit.BotAbandoned = nine().Add(25*time.Hour), way
		f := foreignTicket()
		f.Status, f.Assignee, f.Derived, f.Comments, f.Changes = "new", 0, "", f.Comments[:1], nil
		d.looks(f)
		if want != nil {
			write := d.only(conversation.EffectUpdate)
			if diff := cmp.Diff(want, write.Change); diff != "" {
				t.Errorf("%s (-want +got):\n%s", way, diff)
			}
			d.answers(write, conversation.Result{Outcome: conversation.Done})
		}
		if rows := d.rows(); len(rows) != 1 || rows[0].Audited.Outcome != "bot_abandoned" || rows[0].Attended {
			t.Errorf("%s: rows %+v", way, rows)
		}
		if told := d.tells(); len(told) != 0 {
			t.Errorf("%s: told %q", way, told)
		}
		d.wantRest()
	}
}
