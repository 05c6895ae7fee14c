package effects_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/zendesk"
)

const (
	foreignKey = "ticket|11"

	foreignFields = `{"ticket_fields":[
	 {"id":501,"type":"text","title":"CNPJ","active":true,"removable":true},
	 {"id":502,"type":"text","title":"Sessão do robô","active":true,"removable":true},
	 {"id":503,"type":"text","title":"Derivado em","active":true,"removable":true},
	 {"id":504,"type":"tagger","title":"Catálogo","active":true,"removable":true,"custom_field_options":[{"id":1,"name":"A::B::Nota","value":"a_b_nota"}]},
	 {"id":505,"type":"text","title":"Log","active":true,"removable":true}]}`
	foreignTicket = `{"ticket":{"id":11,"status":"open","subject":"Boleto","requester_id":7,"submitter_id":9,"assignee_id":8,"group_id":70,
	 "organization_id":null,"tags":["robo","x"],"via":{"channel":"api"},"created_at":"2026-03-02T08:00:00Z","updated_at":"2026-03-02T08:59:40Z",
	 "custom_fields":[{"id":501,"value":"11.222.333/0001-81"},{"id":502,"value":"s-1"},{"id":503,"value":"02/03/2026 05:01"},
	  {"id":504,"value":"a_b_nota"},{"id":505,"value":"https://robo.example/1"}]},
	 "users":[{"id":7,"name":"Joana","email":"j@x.br","role":"end-user"},{"id":8,"name":"Ana","role":"agent"}]}`
)

// another is a rig whose account has another bot.
func another(t *testing.T) *rig {
	t.Helper()
	r := setup(t)
	r.account.OtherBot = settings.OtherBot{Tag: "robo", Session: "Sessão do robô", Derived: "Derivado em", Log: "Log"}
	r.set.Desk = settings.Desk{N2: "Suporte N2", Fields: settings.TicketFields{Catalogue: "Catálogo", CNPJ: "CNPJ"}}
	r.set.Organizations.CNPJField = "cnpj"
	r.desk.on(fieldsRoute, says(200, foreignFields))
	r.desk.on(groupsRoute, says(200, groupsAnswer))
	r.desk.on(showRoute, says(200, foreignTicket))
	return r
}

// looksAt is a look at the ticket in the mailbox of one that no thread knows, a close one where the ticket is known.
func (r *rig) looksAt(f *conversation.Foreign) conversation.Result {
	r.Helper()
	return r.tryAs(foreignKey, conversation.Thread{}, conversation.Pending{Effect: conversation.Effect{
		ID: "1", Kind: conversation.EffectAudit, Hint: &conversation.Hint{Ticket: 11}, Look: &conversation.AuditLook{Ticket: f != nil, Foreign: f},
	}})
}

// otherTicket is the ticket of foreignTicket.
func otherTicket() *conversation.Foreign {
	return &conversation.Foreign{
		Ticket: 11, Status: "open", Subject: "Boleto", Created: at(-3600), UpdatedAt: at(-20), Assignee: 8, Group: 70, Tags: []string{"robo", "x"},
		Queue: "Suporte N1", Catalogue: "A::B::Nota", Requester: 7, RequesterName: "Joana", RequesterEmail: "j@x.br", Session: "s-1",
		Derived: "02/03/2026 05:01", Log: "https://robo.example/1", CNPJ: "11.222.333/0001-81", API: true, Submitter: 9,
	}
}

func TestForeignTicket(t *testing.T) {
	t.Parallel()
	r := another(t)
	got := r.done(r.looksAt(nil)).Audit
	r.same("seen", got, &conversation.AuditSeen{Foreign: otherTicket()})
	r.same("with its people", r.desk.seen[0].Query["include"], []string{"users"})
	r.same("asked for", r.budget.asks, []ask{{foreignKey + "#1", zendesk.LaneAudit, zendesk.Cost{Requests: 1}}})
}

// TestForeignTicketOfNobody: what is gone, or is not, or not any more, another bot's is left alone.
func TestForeignTicketOfNobody(t *testing.T) {
	t.Parallel()
	for name, turn := range map[string]func(*rig){
		"our own": func(r *rig) {
			r.desk.on(showRoute, says(200, strings.Replace(foreignTicket, `"id":11,`, `"id":11,"external_id":"wa-100-c1-1",`, 1)))
		},
		"another tag": func(r *rig) { r.account.OtherBot.Tag = "outra" },
		"no tag":      func(r *rig) { r.account.OtherBot.Tag = "" },
	} {
		r := another(t)
		turn(r)
		r.same(name, r.done(r.looksAt(nil)).Audit, &conversation.AuditSeen{})
	}
	r := another(t)
	r.desk.on(showRoute, says(404, `{"error":"RecordNotFound"}`))
	r.same("gone", r.done(r.looksAt(nil)).Audit, &conversation.AuditSeen{Gone: true})
}

func TestForeignTicketLater(t *testing.T) {
	t.Parallel()
	for _, route := range []string{showRoute, fieldsRoute, groupsRoute} {
		r := another(t)
		r.desk.on(route, says(503, `{}`))
		r.later(r.looksAt(nil), 500*time.Millisecond, time.Minute)
	}
	r := another(t)
	r.budget.at = at(30)
	r.later(r.looksAt(nil), 30*time.Second, 30*time.Second)
	r.silent()
}

const (
	foreignComments = `{"comments":[
	 {"id":6,"author_id":8,"public":true,"html_body":"<p>posso <b>ajudar</b>?</p>","created_at":"2026-03-02T08:30:00Z","via":{"channel":"web"}},
	 {"id":5,"author_id":8,"public":false,"body":"ver fiscal","created_at":"2026-03-02T08:20:00Z","via":{"channel":"api"}},
	 {"id":7,"author_id":7,"public":true,"body":"segue","created_at":"2026-03-02T08:40:00Z","via":{"channel":"api"},"attachments":[{"id":1,"file_name":"a.pdf"}]},
	 {"id":8,"author_id":9,"public":true,"body":"Aguarde","created_at":"2026-03-02T08:41:00Z","via":{"channel":"api"}},
	 {"id":9,"author_id":9,"public":true,"body":"sou eu mesmo","created_at":"2026-03-02T08:42:00Z","via":{"channel":"web"}},
	 {"id":10,"author_id":-1,"public":true,"body":"sistema","created_at":"2026-03-02T08:43:00Z","via":{"channel":"rule"}},
	 {"id":11,"author_id":8,"public":false,"body":"veredito","created_at":"2026-03-02T08:44:00Z","via":{"channel":"api"},"metadata":{"custom":{"ponte_effect":"bot-11-1#3"}}},
	 {"id":12,"author_id":99,"public":true,"body":"quem?","created_at":"2026-03-02T08:45:00Z","via":{"channel":"web"}},
	 {"id":4,"author_id":7,"public":true,"body":"O boleto não registra","created_at":"2026-03-02T08:00:00Z","via":{"channel":"api"}}],
	 "users":[{"id":7,"name":"Joana","role":"end-user"},{"id":8,"name":"Ana","role":"agent"},{"id":9,"name":"Robô","role":"admin"}],"meta":{"has_more":false}}`
	foreignAudits = `{"audits":[
	 {"id":25,"author_id":9,"created_at":"2026-03-02T08:50:00Z","via":{"channel":"api"},"metadata":{"custom":{"ponte_verdict":"agent_abandonment"}},
	  "events":[{"type":"Change","field_name":"tags","value":["robo","ponte_auditoria_wrong_title","auditoria_x"],"previous_value":["robo"]}]},
	 {"id":24,"author_id":8,"created_at":"2026-03-02T08:46:00Z","via":{"channel":"web"},
	  "events":[{"type":"Change","field_name":"status","value":"pending"},{"type":"Change","field_name":"group_id","value":71},
	   {"type":"Change","field_name":"tags","value":"robo y","previous_value":"robo"}]},
	 {"id":23,"author_id":8,"created_at":"2026-03-02T08:15:00Z","via":{"channel":"web"},"events":[{"type":"Change","field_name":"assignee_id","value":null}]},
	 {"id":22,"author_id":8,"created_at":"2026-03-02T08:10:00Z","via":{"channel":"web"},"events":[{"type":"Comment","id":1},{"type":"Change","field_name":"assignee_id","value":"8"}]},
	 {"id":21,"author_id":8,"created_at":"2026-03-02T08:05:00Z","via":{"channel":"web"},"events":[{"type":"Change","field_name":"priority","value":"low"}]},
	 {"id":20,"author_id":9,"created_at":"2026-03-02T08:00:00Z","via":{"channel":"api"},"events":[{"type":"Comment","id":4},
	  {"type":"Create","field_name":"group_id","value":"70"},{"type":"Create","field_name":"status","value":"new"}]}],"meta":{"has_more":false}}`
	noOrganizations = `{"organizations":[],"meta":{"has_more":false}}`
)

func TestForeignTalk(t *testing.T) {
	t.Parallel()
	r := another(t)
	r.desk.on(commentsRoute, says(200, foreignComments))
	r.desk.on(auditsRoute, says(200, foreignAudits))
	f := otherTicket()
	f.Organization = 40
	got := r.done(r.looksAt(f)).Audit.Foreign
	customer, agent, nobody := conversation.AuthorCustomer, conversation.AuthorAgent, conversation.AuthorPonte
	minute := func(m float64) time.Time { return at((m - 60) * 60) }
	r.same("comments", got.Comments, []conversation.ForeignComment{
		{At: minute(0), Author: customer, Who: "Joana", Public: true, Text: "O boleto não registra", First: true, API: true},
		{At: minute(20), Author: agent, Agent: 8, Who: "Ana", Text: "ver fiscal", API: true},
		{At: minute(30), Author: agent, Agent: 8, Who: "Ana", Public: true, Text: "posso *ajudar*?"},
		{At: minute(40), Author: customer, Who: "Joana", Public: true, Text: "segue", Files: true, API: true},
		{At: minute(41), Author: nobody, Who: "Robô", Public: true, Text: "Aguarde", API: true},
		{At: minute(42), Author: agent, Agent: 9, Who: "Robô", Public: true, Text: "sou eu mesmo"},
		{At: minute(43), Author: nobody, Public: true, Text: "sistema"},
		{At: minute(44), Author: nobody, Who: "Ana", Text: "veredito", API: true},
		{At: minute(45), Author: nobody, Public: true, Text: "quem?"},
	})
	ana, none, n2 := int64(8), int64(0), int64(71)
	r.same("changes", got.Changes, []conversation.ForeignChange{
		{At: minute(0), Status: "new"},
		{At: minute(10), Assignee: &ana},
		{At: minute(15), Assignee: &none},
		{At: minute(46), Status: "pending", Group: &n2},
		{At: minute(50), Verdict: []string{"agent_abandonment", "wrong_title"}},
	})
	if got.Cut || got.Repair != nil || got.Bot != 0 { // user 9 has written by hand
		t.Errorf("cut %v, repair %+v, bot %d", got.Cut, got.Repair, got.Bot)
	}
	r.same("requests", r.desk.calls(), []string{auditsRoute, commentsRoute})
	r.same("asked for", r.budget.asks, []ask{{foreignKey + "#1", zendesk.LaneAudit, zendesk.Cost{Requests: 2}}})

	r.desk.on(commentsRoute, says(200, strings.Replace(foreignComments, `"created_at":"2026-03-02T08:42:00Z","via":{"channel":"web"}`, `"via":{"channel":"api"}`, 1)))
	if bot := r.done(r.looksAt(f)).Audit.Foreign.Bot; bot != 9 {
		t.Errorf("the bot is %d", bot)
	}

	r = another(t) // the beginning of a long ticket is not read: who made it tells the bot
	r.desk.on(commentsRoute, says(200, strings.Replace(foreignComments, `"has_more":false`, `"has_more":true,"after_cursor":"c"`, 1)), says(200, foreignComments),
		says(200, strings.Replace(foreignComments, `"has_more":false`, `"has_more":true,"after_cursor":"d"`, 1)))
	r.desk.on(auditsRoute, says(200, strings.Replace(foreignAudits, `"has_more":false`, `"has_more":true,"after_cursor":"c"`, 1)),
		says(200, strings.Replace(foreignAudits, `"has_more":false`, `"has_more":true,"after_cursor":"d"`, 1)))
	got = r.done(r.looksAt(f)).Audit.Foreign
	if !got.Cut || got.Comments[len(got.Comments)-5].Author != nobody {
		t.Errorf("cut %v, comments %+v", got.Cut, got.Comments)
	}
}

func TestForeignRepair(t *testing.T) {
	t.Parallel()
	const (
		two    = `{"organizations":[{"id":40,"name":"Aurora"},{"id":41,"name":"Ipê"}],"meta":{"has_more":false}}`
		aurora = `{"organizations":[{"id":40,"name":"Aurora","external_id":"11222333000181"}]}`
		opened = `{"tickets":[{"id":1,"requester_id":12,"organization_id":40,"created_at":"2026-03-01T08:00:00Z"}],
		 "users":[{"id":12,"name":"Marcos","role":"end-user","active":true}],"next_page":null}`
		nobody = `{"tickets":[],"users":[],"next_page":null}`
	)
	for _, tt := range []struct {
		name                    string
		belongs, found, tickets string
		cnpj                    string
		want                    *conversation.ForeignRepair
	}{
		{"its requester's only one", `{"organizations":[{"id":41}],"meta":{"has_more":false}}`, "", "", "11222333000181", &conversation.ForeignRepair{Organization: 41}},
		{"one of several, by CNPJ", two, aurora, "", "11.222.333/0001-81", &conversation.ForeignRepair{Organization: 40}},
		{"by CNPJ", noOrganizations, aurora, opened, "11.222.333/0001-81", &conversation.ForeignRepair{Organization: 40, Requester: 12, CC: "j@x.br"}},
		{"by CNPJ, and nobody is of it", noOrganizations, aurora, nobody, "11.222.333/0001-81", nil},
		{"of several none", two, "", "", "", nil},
		{"no CNPJ", noOrganizations, "", "", "123", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := another(t)
			r.desk.on(commentsRoute, says(200, foreignComments))
			r.desk.on(auditsRoute, says(200, foreignAudits))
			r.desk.on(theirsRoute, says(200, tt.belongs))
			if tt.found != "" {
				r.desk.on(exactRoute, says(200, tt.found))
			}
			if tt.tickets != "" {
				r.desk.on(ticketsRoute, says(200, tt.tickets))
			}
			f := otherTicket()
			f.CNPJ = tt.cnpj
			r.same("repair", r.done(r.looksAt(f)).Audit.Foreign.Repair, tt.want)
			r.same("cost", r.budget.asks[0].Cost, zendesk.Cost{Requests: 6})
		})
	}
	for _, route := range []string{commentsRoute, auditsRoute, theirsRoute, exactRoute, ticketsRoute} {
		r := another(t)
		r.desk.on(commentsRoute, says(200, foreignComments))
		r.desk.on(auditsRoute, says(200, foreignAudits))
		r.desk.on(theirsRoute, says(200, noOrganizations))
		r.desk.on(exactRoute, says(200, aurora))
		r.desk.on(ticketsRoute, says(200, opened))
		r.desk.on(route, says(503, `{}`))
		r.later(r.looksAt(otherTicket()), 500*time.Millisecond, time.Minute)
	}
}

// TestForeignWrite: a verdict is one update, with the stamp that was read and a mark of what was found.
func TestForeignWrite(t *testing.T) {
	t.Parallel()
	stand := conversation.Thread{Conversation: &conversation.Conversation{
		Session: "bot-11-5", Ticket: conversation.Ticket{ID: 11, Status: "open", UpdatedAt: at(-20), Tags: []string{"robo"}, TagsKnown: true},
	}}
	pending := conversation.Pending{Effect: conversation.Effect{ID: "3", Kind: conversation.EffectUpdate, Change: &conversation.Change{
		Verdict: true, Status: "solved", Tags: []string{"fim", "ponte_auditoria_after_hours", "ponte_auditoria_wrong_title"}, Subject: "Boleto",
	}}}
	r := another(t)
	r.desk.on(updateRoute, says(200, `{"ticket":{"id":11,"status":"solved","updated_at":"2026-03-02T09:00:00Z"},"audit":{"id":30,"events":[]}}`))
	r.done(r.tryAs(foreignKey, stand, pending))
	sent, _ := r.desk.last(http.MethodPut).Body["ticket"].(object)
	r.same("update", sent, object{
		"status": "solved", "subject": "Boleto", "tags": []any{"robo", "fim", "ponte_auditoria_after_hours", "ponte_auditoria_wrong_title"},
		"safe_update": true, "updated_stamp": "2026-03-02T08:59:40Z",
		"metadata": object{"ponte_effect": "bot-11-5#3", "ponte_verdict": "after_hours wrong_title"},
	})
	r.same("requests", r.desk.calls(), []string{updateRoute})
	r.same("asked for", r.budget.asks, []ask{{foreignKey + "#3", zendesk.LaneAudit, zendesk.Cost{Requests: 1, Update: 11}}})
	r.same("journal", r.marks, []bool{false})

	r = another(t)
	r.desk.on(updateRoute, says(409, `{"error":"UpdateConflict"}`))
	r.desk.on(agentRoute, says(200, `{"user":{"id":8,"name":"Ana","role":"agent"}}`))
	r.failed(r.tryAs(foreignKey, stand, pending), conversation.CodeConflict)
}
