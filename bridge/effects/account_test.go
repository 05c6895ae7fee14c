package effects_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"strings"
	"testing"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

const (
	fieldsRoute = "GET /api/v2/ticket_fields"
	groupsRoute = "GET /api/v2/groups"
	macrosRoute = "GET /api/v2/macros"
	agentRoute  = "GET /api/v2/users/8"
	stamp       = "2026-03-02T08:59:30Z" // at(-30)

	fieldsAnswer = `{"ticket_fields":[
 {"id":1,"type":"subject","title":"CNPJ","active":true,"removable":false},
 {"id":2,"type":"text","title":"CNPJ","active":false,"removable":true},
 {"id":501,"type":"text","title":"CNPJ","active":true,"removable":true},
 {"id":502,"type":"text","title":"Sessão  whatsapp","active":true,"removable":true},
 {"id":503,"type":"date","title":"Data prevista","active":true,"removable":true},
 {"id":504,"type":"tagger","title":"Catálogo de serviços","active":true,"removable":true,"custom_field_options":[
  {"id":1,"name":"Distribuição::Linha Winthor::99::007::Z-Outros","value":"z_outros"},
  {"id":2,"name":"Distribuição::Linha Winthor::99::007::Abandono de chat","value":"abandono_de_chat"}]},
 {"id":505,"type":"text","title":"777","active":true,"removable":true}],"meta":{"has_more":false}}`
	groupsAnswer = `{"groups":[{"id":69,"name":"Suporte N1","deleted":true},{"id":70,"name":"Suporte N1"},{"id":71,"name":"Suporte N2"}],"meta":{"has_more":false}}`
)

// procedural is a rig whose operation has fields, groups and macros; the account answers for the first two.
func procedural(t *testing.T) *rig {
	t.Helper()
	r := setup(t)
	r.set.Desk = settings.Desk{
		Queue: "Suporte N1", N2: "Suporte N2",
		Fields: settings.TicketFields{CNPJ: "CNPJ", Session: "sessão WhatsApp", Expected: "Data prevista", Catalogue: "Catálogo de serviços"},
		Macros: map[settings.MacroRole]string{settings.RoleClosing: "Encerrar", settings.RoleN2: "Para o N2", settings.RoleTransfer: "9"},
	}
	r.set.Organizations.Check = true
	r.desk.on(fieldsRoute, says(200, fieldsAnswer))
	r.desk.on(groupsRoute, says(200, groupsAnswer))
	return r
}

// macros gives the account macros.
func (r *rig) macros(list ...string) {
	r.desk.on(macrosRoute, says(200, `{"macros":[`+strings.Join(list, ",")+`],"meta":{"has_more":false}}`))
}

// macro is an active macro; actions are field and JSON value in pairs.
func macro(id int64, title string, actions ...string) string {
	list := []string{}
	for i := 0; i+1 < len(actions); i += 2 {
		list = append(list, fmt.Sprintf(`{"field":%q,"value":%s}`, actions[i], actions[i+1]))
	}
	return fmt.Sprintf(`{"id":%d,"title":%q,"active":true,"actions":[%s]}`, id, title, strings.Join(list, ","))
}

// known is open with all that is known of its ticket.
func known(tags ...string) conversation.Thread {
	t := open()
	k := &t.Conversation.Ticket
	k.Group, k.Assignee, k.Organization, k.UpdatedAt, k.Tags, k.TagsKnown = 70, 8, 40, at(-30), tags, true
	return t
}

// changing is an update without words.
func changing(c conversation.Change) conversation.Pending {
	return conversation.Pending{Effect: conversation.Effect{ID: "3", Kind: conversation.EffectUpdate, Change: &c}}
}

// along lets a change ride along with words.
func along(p conversation.Pending, c conversation.Change) conversation.Pending {
	p.Effect.Change = &c
	return p
}

// written is the ticket that the newest write of a method asked for.
func (r *rig) written(method string) object {
	r.Helper()
	ticket, _ := r.desk.last(method).Body["ticket"].(object)
	return ticket
}

// ticketOf is ticket 11 as Zendesk answers it, with properties of its own.
func ticketOf(properties object) string {
	ticket := object{"id": 11, "status": "open", "group_id": 70, "assignee_id": 8, "organization_id": 40, "updated_at": stamp, "tags": []string{"whatsapp"}}
	maps.Copy(ticket, properties)
	raw, err := json.Marshal(object{"ticket": ticket, "audit": object{"id": 2, "events": []object{{"id": 201, "type": "Comment"}}}})
	if err != nil {
		panic(err)
	}
	return string(raw)
}

// factsOf is what ticketOf says, without properties of its own.
func factsOf() conversation.Facts {
	group, assignee, organization := int64(70), int64(8), int64(40)
	return conversation.Facts{Status: "open", Group: &group, Assignee: &assignee, Organization: &organization, Tags: []string{"whatsapp"}, TagsKnown: true}
}

// field is a custom field as it is written.
func field(id float64, value any) object { return object{"id": id, "value": value} }

// page is the query of a whole list.
func page() url.Values { return url.Values{"page[size]": {"100"}} }
