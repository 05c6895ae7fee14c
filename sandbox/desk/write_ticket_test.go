package desk_test

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"
)

// stayed fails when an update that was refused left something behind.
func (b *bench) stayed(id int64, before *reply, comments int) {
	b.t.Helper()
	if after := b.get(ticketPath(id)); string(after.raw) != string(before.raw) {
		b.t.Errorf("a refused update left %s", after.raw)
	}
	if n := len(b.desk.Comments(id)); n != comments {
		b.t.Errorf("a refused update left %d comments", n)
	}
}

// TestWhatATicketRefuses goes through every key of a written ticket, on updates and on creations.
func TestWhatATicketRefuses(t *testing.T) {
	t.Parallel()
	b := setup(t)
	marcos, edson := b.user("Marcos Vinícius Teixeira"), b.user("Edson Farias")
	ana, diego := b.user("Ana Beatriz Souza").ID, b.user("Diego Martins").ID
	queue := b.group("WINTHOR WHATSAPP")
	date, hours, csat, catalogue := b.field("Data prevista"), b.field("Horas apontadas"), b.field("Avaliação (CSAT)"), b.field("Catálogo de serviços")
	value := func(field int64, v any) object { return object{"custom_fields": []object{{"id": field, "value": v}}} }
	for name, tt := range map[string]struct {
		written     object
		status      int
		field, code string
	}{
		"status, unknown":              {object{"status": "aberto"}, 422, "status", "InvalidValue"},
		"status, a number":             {object{"status": 1}, 400, "", "InvalidJSON"},
		"status, a list":               {object{"status": []string{"open"}}, 400, "", "InvalidJSON"},
		"priority, unknown":            {object{"priority": "alta"}, 422, "priority", "InvalidValue"},
		"priority, upper case":         {object{"priority": "HIGH"}, 422, "priority", "InvalidValue"},
		"type, unknown":                {object{"type": "dúvida"}, 422, "type", "InvalidValue"},
		"requester, unknown":           {object{"requester_id": 5}, 422, "requester_id", "InvalidValue"},
		"requester, no number":         {object{"requester_id": "abc"}, 400, "", "InvalidJSON"},
		"requester without a name":     {object{"requester": object{"phone": "+5511"}}, 422, "requester", "BlankValue"},
		"requester, bad e-mail":        {object{"requester": object{"name": "x", "email": "x"}}, 422, "email", "InvalidValue"},
		"requester, a text":            {object{"requester": "x"}, 400, "", "InvalidJSON"},
		"assignee, unknown":            {object{"assignee_id": 5}, 422, "assignee_id", "InvalidValue"},
		"assignee, a customer":         {object{"assignee_id": marcos.ID}, 422, "assignee_id", "InvalidValue"},
		"assignee, not in the group":   {object{"assignee_id": diego, "group_id": queue}, 422, "assignee_id", "InvalidValue"},
		"group, unknown":               {object{"group_id": 5}, 422, "group_id", "InvalidValue"},
		"organisation, not theirs":     {object{"organization_id": edson.OrganizationID, "requester_id": marcos.ID}, 422, "organization_id", "InvalidValue"},
		"organisation, unknown":        {object{"organization_id": 5}, 422, "organization_id", "InvalidValue"},
		"form, unknown":                {object{"ticket_form_id": 5}, 422, "ticket_form_id", "InvalidValue"},
		"problem, unknown":             {object{"problem_id": 5}, 422, "problem_id", "InvalidValue"},
		"problem, no problem":          {object{"problem_id": 5160}, 422, "problem_id", "InvalidValue"},
		"due date, no date":            {object{"type": "task", "due_at": "amanhã"}, 400, "", "InvalidJSON"},
		"date field":                   {value(date, "22/11/2026"), 422, "base", "InvalidValue"},
		"date field, short":            {value(date, "2026"), 422, "base", "InvalidValue"},
		"decimal field":                {value(hours, "duas"), 422, "base", "InvalidValue"},
		"integer field":                {value(csat, 4.5), 422, "base", "InvalidValue"},
		"integer field, a list":        {value(csat, []int{4}), 422, "base", "InvalidValue"},
		"catalogue, its name":          {value(catalogue, "Distribuição::Linha Winthor::99::007::Z-Outros"), 422, "base", "InvalidValue"},
		"fields, no list":              {object{"custom_fields": "x"}, 400, "", "InvalidJSON"},
		"fields, no id":                {object{"custom_fields": object{"abc": 1}}, 400, "", "InvalidJSON"},
		"tags, no list":                {object{"tags": 5}, 400, "", "InvalidJSON"},
		"tags, a list of lists":        {object{"tags": [][]string{{"a"}}}, 400, "", "InvalidJSON"},
		"comment, unknown author":      {object{"comment": object{"body": "x", "author_id": 5}}, 422, "base", "InvalidValue"},
		"comment, unknown upload":      {object{"comment": object{"body": "x", "uploads": []string{"x"}}}, 422, "uploads", "InvalidValue"},
		"comment, uploads no list":     {object{"comment": object{"body": "x", "uploads": "x"}}, 400, "", "InvalidJSON"},
		"comment, public no boolean":   {object{"comment": object{"body": "x", "public": "sim"}}, 400, "", "InvalidJSON"},
		"comment, a number":            {object{"comment": 5}, 400, "", "InvalidJSON"},
		"comment, too long":            {object{"comment": object{"body": strings.Repeat("x", 65_536)}}, 422, "comment", "TooLong"},
		"copies, no list":              {object{"email_ccs": "x"}, 400, "", "InvalidJSON"},
		"copies, bad e-mail":           {object{"email_ccs": []object{{"user_email": "x"}}}, 422, "email", "InvalidValue"},
		"collaborators, no list":       {object{"collaborators": 5}, 400, "", "InvalidJSON"},
		"collaborators, a list inside": {object{"collaborators": []any{[]int{1}}}, 400, "", "InvalidJSON"},
		"external id, an object":       {object{"external_id": object{}}, 400, "", "InvalidJSON"},
		"subject, a list":              {object{"subject": []string{"x"}}, 400, "", "InvalidJSON"},
		"stamp, none":                  {object{"safe_update": true, "priority": "low"}, 400, "", "InvalidValue"},
		"stamp, no time":               {object{"safe_update": true, "updated_stamp": "x", "priority": "low"}, 400, "", "InvalidValue"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			id := b.ticket(nil)
			before := b.get(ticketPath(id))
			whole := object{"subject": "mudou", "comment": object{"body": "mudou"}, "tags": []string{"mudou"}}
			maps.Copy(whole, tt.written)
			check := func(r *reply) {
				r.want(tt.status)
				if tt.status == 422 {
					r.is("RecordInvalid", "error").is("Record validation errors", "description").is(tt.code, "details", tt.field, 0, "error")
					if r.text("details", tt.field, 0, "description") == "" {
						t.Errorf("no description: %s", r.raw)
					}
				} else {
					r.is(tt.code, "error")
				}
			}
			check(b.put(id, whole))
			b.stayed(id, before, 1)
			if strings.HasPrefix(name, "stamp") {
				return
			}
			tickets := len(b.desk.Tickets())
			check(b.call("POST", "/api/v2/tickets", object{"ticket": whole}))
			if n := len(b.desk.Tickets()); n != tickets {
				t.Errorf("a refused creation left a ticket")
			}
			// The page passes over what agents may not write.
			for _, key := range []string{"collaborators", "external_id", "requester"} {
				if _, written := tt.written[key]; written {
					return
				}
			}
			if name != "comment, unknown author" {
				check(b.page(ana, "PUT", "/tickets/"+itoa(id), whole))
			}
		})
	}
}

func TestTicketsOutsideTheirObject(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.ticket(nil)
	for name, body := range map[string]string{
		"no wrapper":   `{"subject":"x"}`,
		"null":         `{"ticket":null}`,
		"a list":       `{"ticket":[]}`,
		"a text":       `{"ticket":"x"}`,
		"another name": `{"tickets":{"subject":"x"}}`,
	} {
		for method, path := range map[string]string{"PUT": ticketPath(id), "POST": "/api/v2/tickets"} {
			r := b.call(method, path, body).want(400).is("InvalidAttribute", "error")
			if !strings.Contains(r.text("description"), "ticket attribute") {
				t.Errorf("%s: %s", name, r.raw)
			}
		}
	}
}

// TestSpellingsOfOneThing writes the same in the ways that Zendesk takes.
func TestSpellingsOfOneThing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ana, juliana := b.user("Ana Beatriz Souza"), b.user("Juliana Castro")
	csat := b.field("Avaliação (CSAT)")
	for name, tt := range map[string]struct {
		ways []object
		want any
		path []any
	}{
		"tags": {
			[]object{{"tags": []string{"b", "a"}}, {"tags": "b a"}, {"tags": "a,b"}, {"tags": []string{"A b"}}, {"tags": []string{"b", "a", "b"}}},
			[]string{"a", "b"},
			[]any{"tags"},
		},
		"ids": {
			[]object{{"assignee_id": ana.ID}, {"assignee_id": itoa(ana.ID)}, {"assignee_email": ana.Email}, {"assignee_email": strings.ToUpper(ana.Email)}},
			ana.ID,
			[]any{"assignee_id"},
		},
		"nobody": {
			[]object{{"assignee_id": nil}, {"assignee_id": ""}, {"assignee_id": 0}},
			nil,
			[]any{"assignee_id"},
		},
		"external id": {
			[]object{{"external_id": "7"}, {"external_id": 7}},
			"7",
			[]any{"external_id"},
		},
		"no external id": {
			[]object{{"external_id": nil}, {"external_id": ""}},
			nil,
			[]any{"external_id"},
		},
		"subject": {
			[]object{{"subject": "Novo"}, {"raw_subject": "Novo"}, {"subject": "  Novo "}, {"subject": "Novo", "raw_subject": "outro"}},
			"Novo",
			[]any{"subject"},
		},
		"no priority": {
			[]object{{"priority": nil}, {"priority": ""}},
			nil,
			[]any{"priority"},
		},
		"copies": {
			[]object{
				{"email_ccs": []object{{"user_id": juliana.ID}}},
				{"email_ccs": []object{{"user_id": itoa(juliana.ID), "action": "put"}}},
				{"email_ccs": []object{{"user_email": "JULIANA@ipe.example"}}},
				{"collaborator_ids": []int64{juliana.ID}},
				{"collaborators": []any{juliana.ID}},
				{"collaborators": []any{itoa(juliana.ID)}},
				{"collaborators": []any{"juliana@ipe.example"}},
				{"collaborators": []any{object{"name": "Juliana", "email": "juliana@ipe.example"}}},
				{"additional_collaborators": []any{"juliana@ipe.example", juliana.ID}},
			},
			[]int64{juliana.ID},
			[]any{"email_cc_ids"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, way := range tt.ways {
				b := setup(t)
				id := b.ticket(nil)
				b.put(id, way).want(200).is(tt.want, append([]any{"ticket"}, tt.path...)...)
			}
		})
	}
	for _, fields := range []any{
		[]object{{"id": csat, "value": 4}}, []object{{"id": itoa(csat), "value": "4"}}, object{itoa(csat): 4}, object{itoa(csat): "4"},
	} {
		for _, key := range []string{"custom_fields", "fields"} {
			id := b.ticket(object{key: fields})
			if got := string(b.show(id).Fields["Avaliação (CSAT)"]); got != "4" {
				t.Errorf("%s %v: %s", key, fields, got)
			}
		}
	}
}

func TestCopies(t *testing.T) {
	t.Parallel()
	b := setup(t)
	juliana, simone, ana := b.user("Juliana Castro").ID, b.user("Simone Albuquerque").ID, b.user("Ana Beatriz Souza").ID
	id := b.ticket(object{"email_ccs": []object{{"user_id": juliana}}})
	people := len(b.desk.Users())
	copied := func(body object) *reply {
		t.Helper()
		return b.put(id, body).want(200)
	}
	put := func(who ...object) object { return object{"email_ccs": who} }
	// Moves add and remove; the older keys replace.
	copied(put(object{"user_id": simone})).is([]int64{juliana, simone}, "ticket", "email_cc_ids")
	copied(put(object{"user_id": juliana, "action": "delete"})).is([]int64{simone}, "ticket", "email_cc_ids")
	copied(put(object{"user_id": juliana, "action": "delete"})).is(nil, "audit")
	copied(object{"additional_collaborators": []any{juliana}}).is([]int64{simone, juliana}, "ticket", "email_cc_ids")
	copied(object{"collaborator_ids": []int64{juliana, 5}}).is([]int64{juliana}, "ticket", "email_cc_ids")
	copied(object{"collaborators": []any{}}).is([]any{}, "ticket", "email_cc_ids")
	// Somebody outside the account is made; removing a stranger makes nobody.
	copied(put(object{"user_email": "fora@novo.example", "action": "delete"})).is([]any{}, "ticket", "email_cc_ids")
	if n := len(b.desk.Users()); n != people {
		t.Errorf("%d users, %d before", n, people)
	}
	r := copied(put(object{"user_email": "Fora@Novo.example", "user_name": "De Fora"}))
	outside := r.id("ticket", "email_cc_ids", 0)
	b.get("/api/v2/users/"+itoa(outside)).want(200).is("De Fora", "user", "name").is("fora@novo.example", "user", "email").is("end-user", "user", "role")
	copied(put(object{"user_email": "outra@novo.example"}))
	if u := b.user("outra"); u.Email != "outra@novo.example" {
		t.Errorf("named after the address: %+v", u)
	}
	// Followers are staff only.
	copied(object{"followers": []object{{"user_id": ana}, {"user_id": juliana}}}).is([]int64{ana}, "ticket", "follower_ids")
	copied(object{"followers": []object{{"user_id": ana, "action": "delete"}}}).is([]any{}, "ticket", "follower_ids")
	// Copied people are mailed like the requester.
	before := b.desk.Mails(id, outside)
	if _, err := b.desk.AgentComment(id, ana, "Olá", true); err != nil {
		t.Fatal(err)
	}
	if got := b.desk.Mails(id, outside); got != before+1 {
		t.Errorf("%d mails, %d before", got, before)
	}
}

func TestWarningsOfEveryWrite(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id, edson := b.ticket(nil), itoa(b.user("Edson Farias").ID)
	org := itoa(b.org("Atacado Boa Vista S.A."))
	for name, tt := range map[string]struct {
		method, path, body string
		want               string
	}{
		"ticket":                {"PUT", ticketPath(id), `{"ticket":{"id":1,"url":"x","subject":"x"}}`, `"id", "url"`},
		"ticket, bulk keys":     {"PUT", ticketPath(id), `{"ticket":{"additional_tags":["a"],"remove_tags":["b"]}}`, `"additional_tags", "remove_tags"`},
		"comment":               {"PUT", ticketPath(id), `{"ticket":{"comment":{"body":"x","created_at":"0001-01-01T00:00:00Z","id":0}}}`, `"created_at", "id"`},
		"ticket, nothing wrong": {"PUT", ticketPath(id), `{"ticket":{"metadata":{"a":1},"macro_id":5,"brand_id":5,"custom_status_id":5}}`, ""},
		"user":                  {"PUT", "/api/v2/users/" + edson, `{"user":{"id":1,"created_at":"0001-01-01T00:00:00Z","photo":{},"x":1}}`, `"created_at", "id", "photo", "x"`},
		"user, nothing wrong":   {"PUT", "/api/v2/users/" + edson, `{"user":{"skip_verify_email":true,"user_fields":null}}`, ""},
		"organisation":          {"PUT", "/api/v2/organizations/" + org, `{"organization":{"id":1,"cor":"azul"}}`, `"cor", "id"`},
		"macro":                 {"POST", "/api/v2/macros", `{"macro":{"title":"x","actions":[{"field":"status","value":"open"}],"usage_1h":1}}`, `"usage_1h"`},
	} {
		r := b.call(tt.method, tt.path, tt.body)
		if r.status >= 300 {
			t.Fatalf("%s: %d %s", name, r.status, r.raw)
		}
		want := ""
		if tt.want != "" {
			want = "Removed restricted keys [" + tt.want + "] from parameters"
		}
		if got := r.header.Get("X-Zendesk-API-Warn"); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestMetadataOfUpdates(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.ticket(object{"metadata": object{"ponte": object{"effect": "e0", "ids": []int{1, 2}}}})
	for written, want := range map[string]string{
		`{"a":"1"}`:                  `{"a":"1"}`,
		`{"a":{"b":{"c":[1,"2"]}}}`:  `{"a":{"b":{"c":[1,"2"]}}}`,
		`{}`:                         `{}`,
		`null`:                       `{}`,
		`[1]`:                        `{}`,
		`"x"`:                        `{}`,
		`{"n":12345678901234567890}`: `{"n":12345678901234567890}`,
	} {
		b.call("PUT", ticketPath(id), `{"ticket":{"metadata":`+written+`,"comment":{"body":"x"}}}`).want(200)
		list := b.desk.Comments(id)
		if got := string(list[len(list)-1].Custom); got != want {
			t.Errorf("%s: kept as %s, want %s", written, got, want)
		}
	}
	r := b.get(ticketPath(id, "/comments")).want(200)
	raw, err := json.Marshal(r.at("comments", 0, "metadata", "custom"))
	if err != nil || string(raw) != `{"ponte":{"effect":"e0","ids":[1,2]}}` {
		t.Errorf("the opening's metadata: %s, %v", raw, err)
	}
	r.is("127.0.0.1", "comments", 0, "metadata", "system", "ip_address")
}
