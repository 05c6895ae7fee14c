package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/audit/report"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/sandbox/desk"
	"github.com/ponte-desk/ponte/sandbox/rig"
)

// otherBot is the tag of the other bot's tickets.
const otherBot = "robo_antigo"

// beside is a world in which another bot makes tickets as well.
func beside(t *testing.T, began time.Time) *attendance {
	t.Helper()
	p := procedurePoints(procedure(settings.ModeTranscript))
	p.began = began
	op := settings.DefaultOperation()
	op.Account.OtherBot = settings.OtherBot{Tag: otherBot, Session: fieldSession, Derived: fieldDerived, Log: "Log do bot"}
	p.account = &op
	w := newWorld(t, p)
	t.Cleanup(w.close)
	return &attendance{world: w, alone: true}
}

// asBot writes to Zendesk as the other bot does.
func (a *attendance) asBot(method, path string, body fields) map[string]any {
	a.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		a.fatalf("%v", err)
	}
	return a.call(method, "/sandbox/zendesk/api/v2"+path, map[string]string{"Authorization": "Bearer " + desk.DemoToken}, "application/json", raw)
}

// opens has the other bot make a ticket.
func (a *attendance) opens(subject, text string, derived time.Time) desk.TicketView {
	a.t.Helper()
	own := map[string]any{}
	for title, value := range map[string]string{fieldSession: "s-" + subject, "Log do bot": "https://robo.example/log/1"} {
		own[title] = value
	}
	if !derived.IsZero() {
		own[fieldDerived] = derived.In(settings.Default().Zone).Format("02/01/2006 15:04:05")
	}
	var values []fields
	for title, value := range own {
		values = append(values, fields{"id": a.fieldID(title), "value": value})
	}
	out := a.asBot(http.MethodPost, "/tickets", fields{"ticket": fields{
		"subject": subject, "requester_id": a.user("Mariana Albuquerque").ID, "tags": []string{otherBot}, "custom_fields": values,
		"group_id": a.group(queueN1), "comment": fields{"body": text, "author_id": a.user("Mariana Albuquerque").ID},
	}})
	ticket, _ := out["ticket"].(map[string]any)
	id, _ := ticket["id"].(float64)
	return a.again(desk.TicketView{ID: int64(id)})
}

// fieldID finds a ticket field by its title.
func (a *attendance) fieldID(title string) int64 {
	a.t.Helper()
	list, _ := a.asBot(http.MethodGet, "/ticket_fields", fields{})["ticket_fields"].([]any)
	for _, item := range list {
		if f, _ := item.(map[string]any); f["title"] == title {
			id, _ := f["id"].(float64)
			return int64(id)
		}
	}
	a.fatalf("no ticket field %q", title)
	return 0
}

// writesAs has the other bot write in somebody's name.
func (a *attendance) writesAs(t desk.TicketView, author int64, text string) {
	a.t.Helper()
	comment := fields{"body": text, "public": true}
	if author != 0 {
		comment["author_id"] = author
	}
	a.asBot(http.MethodPut, fmt.Sprintf("/tickets/%d", t.ID), fields{"ticket": fields{"comment": comment}})
	a.run(3 * time.Second)
}

// lists is what supervisors hear of tickets that belong to no number, by rule.
func (a *attendance) lists(rule string) (texts []string) {
	a.t.Helper()
	raw, _, err := a.live.Mailboxes.Field(context.Background(), conversation.AccountPrefix+"none", conversation.StateField)
	if err != nil {
		a.fatalf("%v", err)
	}
	var account conversation.Account
	if err := conversation.DecodeState(raw, &account); err != nil {
		a.fatalf("the account's notices: %v", err)
	}
	for _, n := range account.Notices {
		if n.Rule == rule {
			texts = append(texts, n.Text)
		}
	}
	return texts
}

// foreignRow is what reports keep of a ticket of another bot, which was made on a day.
func (a *attendance) foreignRow(t desk.TicketView, made time.Time) (row report.Row) {
	a.t.Helper()
	raw, ok, err := store.NewSummaries(a.r.Client, a.cfg.RedisPrefix).Row(context.Background(), fmt.Sprint("bot-", t.ID), made)
	if err == nil && ok {
		row, err = report.DecodeRow(raw)
	}
	if err != nil || !ok {
		a.fatalf("no row of ticket %d: %v", t.ID, err)
	}
	return row
}

// writes counts what changes the account.
func (c costs) writes() (n int) {
	for endpoint, count := range c {
		if !strings.HasPrefix(endpoint, http.MethodGet) {
			n += count
		}
	}
	return n
}

// looksAgain has the auditor look at tickets again, whether it is time or not.
func (a *attendance) looksAgain(run string, tickets ...desk.TicketView) {
	a.t.Helper()
	for _, t := range tickets {
		e := conversation.Event{
			Kind: conversation.EventAudit, ID: "audit:" + run, At: a.clock(), Hint: &conversation.Hint{Ticket: t.ID},
		}
		raw, err := e.Encode()
		if err != nil {
			a.fatalf("%v", err)
		}
		key := fmt.Sprint(conversation.TicketPrefix, t.ID)
		if _, err := a.live.Mailboxes.Append(context.Background(), mailbox.Delivery{Key: key, Events: []mailbox.Event{{ID: e.ID, Data: raw}}}); err != nil {
			a.fatalf("%v", err)
		}
	}
	a.run(5 * time.Minute)
}

// TestAnotherBotsTickets: the auditor judges tickets whose conversation it never saw by what Zendesk tells, and leaves to a supervisor what
// that is not.
func TestAnotherBotsTickets(t *testing.T) {
	t.Parallel()
	a := beside(t, time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC)) // a Sunday afternoon
	ana := a.user("Ana Beatriz Souza")
	late := a.opens("Nota de devolução rejeitada", "A nota de devolução foi rejeitada", a.clock())
	a.run(time.Minute)
	nine := time.Date(2026, 11, 23, 9, 0, 0, 0, settings.Default().Zone)
	a.advance(nine.Sub(a.clock())) // nothing happens in the night

	owed := a.opens("Boleto sem registro", "O boleto não registra", a.clock())
	unclear := a.opens("Rotina 316", "A rotina 316 trava", a.clock())
	a.run(10 * time.Minute)
	a.edits(ana.Name, owed, fields{"assignee_id": ana.ID})
	a.edits(ana.Name, owed, fields{"comment": fields{"body": "Qual banco?", "public": true}})
	a.edits(ana.Name, unclear, fields{"assignee_id": ana.ID})
	a.run(10 * time.Minute)
	a.writesAs(owed, a.user("Mariana Albuquerque").ID, "Itaú, carteira 109")
	a.writesAs(unclear, 0, "[09:12] Ana: bom dia\n[09:14] Cliente: trava ao gravar\n[09:20] Ana: um instante")
	before := a.costs()
	a.run(6*time.Hour + 30*time.Minute)

	used, _ := a.costs().since(before).lookups()
	t.Logf("the audit: %s", used)
	late, owed, unclear = a.again(late), a.again(owed), a.again(unclear)
	if late.Status != "solved" || string(late.Fields[fieldCatalog]) != `"z_outros"` || late.AssigneeID != 0 {
		t.Errorf("after hours: %+v", late)
	}
	a.wantTags(late, otherBot, "auditoria_fora_do_horario", "ponte_auditoria_after_hours")
	if owed.Status != "open" || string(owed.Fields[fieldCatalog]) != `"abandono_de_chat"` || owed.AssigneeID != ana.ID || owed.GroupID != a.group(queueN1) {
		t.Errorf("abandoned by the agent: %+v", owed)
	}
	a.wantTags(owed, otherBot, "auditoria_abandono_analista", "ponte_auditoria_agent_abandonment")
	if slices.ContainsFunc(unclear.Tags, func(tag string) bool { return strings.Contains(tag, "auditoria") }) || unclear.Status != "open" {
		t.Errorf("unclear: %+v", unclear)
	}
	for rule, ticket := range map[string]desk.TicketView{"audit_open": unclear, "agent_abandonment": owed} {
		got := a.lists(rule)
		if len(got) != 1 || !strings.Contains(got[0], fmt.Sprint(ticket.ID)) || !strings.Contains(got[0], "https://robo.example/log/1") {
			t.Errorf("supervisors hear %q of %s", got, rule)
		}
	}
	if n := used.writes(); n != 2 {
		t.Errorf("%d writes: %s", n, used)
	}
	for _, ticket := range []desk.TicketView{late, owed, unclear} {
		if log := string(ticket.Fields["Log do bot"]); !strings.Contains(log, "robo.example") {
			t.Errorf("the log's link is %s", log)
		}
	}

	for outcome, ticket := range map[string]desk.TicketView{"after_hours": late, "agent_abandonment": owed, "": unclear} {
		made := nine
		if ticket.ID == late.ID {
			made = a.p.began
		}
		row := a.foreignRow(ticket, made)
		if row.Audited == nil || row.Audited.Outcome != outcome || row.Ticket != ticket.ID || row.Queue != queueN1 || row.Attended != (outcome == "agent_abandonment") {
			t.Errorf("the row of %q is %+v", outcome, row.Summary)
		}
	}

	// A second run finds nothing, and neither does a third after the first mailbox was forgotten.
	for _, run := range []string{"again", "and again"} {
		before := a.costs()
		a.looksAgain(run, late, owed, unclear)
		if used := a.costs().since(before); used.writes() != 0 || len(a.lists("audit_open")) != 1 || len(a.lists("agent_abandonment")) != 1 {
			t.Errorf("%s: %s; lists %q", run, used, a.lists("audit_open"))
		}
	}
	if a.told(mariana, "") != 0 {
		t.Errorf("the customer hears of it: %q", a.phone(mariana))
	}
	a.run(90 * time.Second) // not when the next run of the auditor is just due
	a.wantQuiet()
}

// TestAnotherBotsTicketOnce: an update whose answer is lost is looked for by its mark and not repeated, and a ticket that somebody changed
// meanwhile is left to them.
func TestAnotherBotsTicketOnce(t *testing.T) {
	t.Parallel()
	for name, story := range map[string]struct {
		fault  rig.Fault
		status string
		puts   int
	}{
		"answer lost":        {rig.Fault{Peer: "zendesk", Method: http.MethodPut, Path: "/api/v2/tickets/*", Cut: "after", Percent: 100, Times: 1}, "pending", 1},
		"update lost":        {rig.Fault{Peer: "zendesk", Method: http.MethodPut, Path: "/api/v2/tickets/*", Cut: "before", Percent: 100, Times: 1}, "pending", 2},
		"changed meanwhile":  {rig.Fault{Peer: "zendesk", Method: http.MethodPut, Path: "/api/v2/tickets/*", Status: http.StatusConflict, Percent: 100, Times: 1}, "new", 1},
		"nothing to read by": {rig.Fault{Peer: "zendesk", Method: http.MethodGet, Path: "/api/v2/tickets/*/audits", Status: http.StatusServiceUnavailable, Percent: 100, Times: 2}, "pending", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := beside(t, mondayMorning())
			ticket := a.opens("Nota de devolução rejeitada", "A nota de devolução foi rejeitada", a.clock())
			a.run(time.Hour)
			before := a.costs()
			a.faults(story.fault)
			a.run(45*time.Minute + 90*time.Second)
			a.faults()
			a.run(10 * time.Minute)
			if got := a.again(ticket); got.Status != story.status {
				t.Errorf("the ticket is %+v", got)
			}
			if n := a.costs().since(before)["PUT /tickets/*"]; n != story.puts {
				t.Errorf("%d updates: %s", n, a.costs().since(before))
			}
			if len(a.lists("audit_open")) != 0 {
				t.Errorf("supervisors hear %q", a.lists("audit_open"))
			}
			a.wantQuiet()
		})
	}
}
