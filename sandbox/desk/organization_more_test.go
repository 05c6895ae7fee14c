package desk_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/sandbox/desk"
)

// TestWhatAnOrganisationRefuses goes through the keys of a written organisation.
func TestWhatAnOrganisationRefuses(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		written     object
		status      int
		field, code string
	}{
		"no name":                  {object{"notes": "x"}, 422, "name", "BlankValue"},
		"a white name":             {object{"name": "  "}, 422, "name", "BlankValue"},
		"a taken name":             {object{"name": "Atacado Boa Vista S.A."}, 422, "name", "DuplicateValue"},
		"a taken name, other case": {object{"name": "ATACADO boa vista s.a."}, 422, "name", "DuplicateValue"},
		"a taken external id":      {object{"name": "x", "external_id": "45312789000154"}, 422, "external_id", "DuplicateValue"},
		"taken, alphanumeric":      {object{"name": "x", "external_id": "12abc34501de35"}, 422, "external_id", "DuplicateValue"},
		"an unknown choice":        {object{"name": "x", "organization_fields": object{"pendencia_financeira": "talvez"}}, 422, "base", "InvalidValue"},
		"the choice's name":        {object{"name": "x", "organization_fields": object{"pendencia_financeira": "Sim"}}, 422, "base", "InvalidValue"},
		"fields, no object":        {object{"name": "x", "organization_fields": []int{1}}, 400, "", "InvalidJSON"},
		"tags, no list":            {object{"name": "x", "tags": 5}, 400, "", "InvalidJSON"},
		"a name that is a number":  {object{"name": 5}, 400, "", "InvalidJSON"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			check := func(r *reply) {
				t.Helper()
				r.want(tt.status)
				if tt.status == 422 {
					r.is("RecordInvalid", "error").is(tt.code, "details", tt.field, 0, "error")
				} else {
					r.is(tt.code, "error")
				}
			}
			check(b.call("POST", "/api/v2/organizations", object{"organization": tt.written}))
			if name == "no name" {
				return
			}
			aurora := "/api/v2/organizations/" + itoa(b.org("Distribuidora Aurora Ltda"))
			before := b.get(aurora)
			check(b.call("PUT", aurora, object{"organization": tt.written}))
			if after := b.get(aurora); string(after.raw) != string(before.raw) {
				t.Errorf("a refused update left %s", after.raw)
			}
		})
	}
}

func TestFieldsOfOrganisations(t *testing.T) {
	t.Parallel()
	b := setup(t)
	aurora := "/api/v2/organizations/" + itoa(b.org("Distribuidora Aurora Ltda"))
	write := func(fields object) *reply {
		t.Helper()
		return b.call("PUT", aurora, object{"organization": object{"organization_fields": fields}}).want(200)
	}
	value := func(key string) any { return b.get(aurora).at("organization", "organization_fields", key) }
	write(object{"pendencia_financeira": "sim"}).is("sim", "organization", "organization_fields", "pendencia_financeira")
	if value("cnpj") != "11.222.333/0001-81" || value("segmento") != "Atacado" {
		t.Errorf("the other fields: %v, %v", value("cnpj"), value("segmento"))
	}
	for _, empty := range []any{nil, ""} {
		write(object{"pendencia_financeira": "sim"})
		write(object{"pendencia_financeira": empty}).is(nil, "organization", "organization_fields", "pendencia_financeira")
	}
	write(object{"cor": "azul"}).is(nil, "organization", "organization_fields", "cor")
	write(object{"cnpj": 112}).is("112", "organization", "organization_fields", "cnpj")
	b.call("PUT", aurora, object{"organization": object{"notes": "x"}}).want(200).is("112", "organization", "organization_fields", "cnpj")
}

func TestFindingOrganisationsExactly(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := b.call("POST", "/api/v2/organizations", object{"organization": object{"name": "Padaria São João", "external_id": "7Q4ZT81K000199"}}).want(201)
	id := made.id("organization", "id")
	for query, want := range map[string]int{
		"name=" + escape("Padaria São João"): 1, "name=" + escape("PADARIA SÃO JOÃO"): 1, "name=Padaria": 0, "name=" + escape("Padaria São João "): 0,
		"external_id=7Q4ZT81K000199": 1, "external_id=7q4zt81k000199": 1, "external_id=7Q4ZT81K": 0, "external_id=nada": 0,
	} {
		r := b.get("/api/v2/organizations/search?"+query).want(200).is(want, "count")
		if want == 1 {
			r.is(id, "organizations", 0, "id")
		}
	}
	for _, query := range []string{"", "?name=", "?name=x&external_id=y"} {
		b.get("/api/v2/organizations/search" + query).want(400)
	}
	for name, want := range map[string]int{"pad": 1, "PADARIA": 1, "padaria s": 1, "aria": 0, "di": 1, "l": -1, "": -1} {
		r := b.get("/api/v2/organizations/autocomplete?name=" + escape(name))
		if want < 0 {
			r.want(400)
			continue
		}
		r.want(200).is(want, "count")
	}
	b.get("/api/v2/organizations/count").want(200).is(6, "count", "value")
	b.call("DELETE", "/api/v2/organizations/"+itoa(id), nil).want(204)
	b.get("/api/v2/organizations/" + itoa(id)).want(404)
	b.get("/api/v2/organizations/search?external_id=7Q4ZT81K000199").want(200).is(0, "count")
}

func TestMembersOfSeveralOrganisations(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.newPerson(object{"name": "Nova"})
	aurora, boavista, ipe := b.org("Distribuidora Aurora Ltda"), b.org("Atacado Boa Vista S.A."), b.org("Comercial Ipê Alimentos Ltda")
	join := func(org int64, def bool) *reply {
		return b.call("POST", "/api/v2/organization_memberships", object{"organization_membership": object{
			"user_id": p.id, "organization_id": org, "default": def,
		}})
	}
	first := join(aurora, false).want(201).is(true, "organization_membership", "default") // the first is the default
	p.is(aurora, "organization_id")
	second := join(boavista, false).want(201).is(false, "organization_membership", "default")
	third := join(ipe, true).want(201).is(true, "organization_membership", "default")
	p.is(ipe, "organization_id")
	join(ipe, false).want(422).is("DuplicateValue", "details", "user_id", 0, "error")
	join(5, false).want(422)
	b.call("POST", "/api/v2/organization_memberships", object{"organization_membership": object{"user_id": 5, "organization_id": ipe}}).want(422)

	defaults := func() string {
		r := b.get(p.path("/organization_memberships")).want(200)
		out := ""
		for i := range r.len("organization_memberships") {
			out += map[any]string{true: "D", false: "-"}[r.at("organization_memberships", i, "default")]
		}
		return out
	}
	if got := defaults(); got != "--D" {
		t.Errorf("defaults %s", got)
	}
	membership := func(r *reply) string { return itoa(r.id("organization_membership", "id")) }
	b.call("PUT", p.path("/organization_memberships/", membership(second), "/make_default"), nil).want(200)
	if got := defaults(); got != "-D-" {
		t.Errorf("defaults %s", got)
	}
	p.is(boavista, "organization_id")
	b.call("PUT", b.person("Edson Farias").path("/organization_memberships/", membership(second), "/make_default"), nil).want(404)

	// A ticket's organisation is one of its requester's; without a word it is the default.
	id := b.ticket(object{"requester_id": p.id})
	if got := b.show(id).OrganizationID; got != boavista {
		t.Errorf("organisation %d", got)
	}
	b.put(id, object{"organization_id": aurora}).want(200).is(aurora, "ticket", "organization_id")
	b.put(id, object{"organization_id": b.org("Laticínios Campo Novo S.A.")}).want(422)
	b.put(id, object{"organization_id": nil}).want(200).is(nil, "ticket", "organization_id")

	// Who leaves the default gets another one, and none in the end.
	for _, leave := range []struct {
		of   *reply
		want any
	}{{second, aurora}, {first, ipe}, {third, nil}} {
		b.call("DELETE", "/api/v2/organization_memberships/"+membership(leave.of), nil).want(204)
		p.is(leave.want, "organization_id")
	}
	b.call("DELETE", "/api/v2/organization_memberships/"+membership(first), nil).want(404)
	if got := defaults(); got != "" {
		t.Errorf("defaults %s", got)
	}
}

func TestGroupsAndTheirMembers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := b.call("POST", "/api/v2/groups", object{"group": object{"name": "Plantão", "description": "fora do horário"}}).want(201)
	id := made.id("group", "id")
	made.is(true, "group", "is_public").is(false, "group", "deleted").is(false, "group", "default")
	b.call("POST", "/api/v2/groups", object{"group": object{}}).want(422).is("BlankValue", "details", "name", 0, "error")
	ana, edson := b.user("Ana Beatriz Souza").ID, b.user("Edson Farias").ID
	join := func(user, group int64) *reply {
		return b.call("POST", "/api/v2/group_memberships", object{"group_membership": object{"user_id": user, "group_id": group}})
	}
	join(edson, id).want(422) // no agent
	join(5, id).want(422)
	join(ana, 5).want(422)
	member := join(ana, id).want(201).id("group_membership", "id")
	join(ana, id).want(422).is("DuplicateValue", "details", "user_id", 0, "error")
	path := "/api/v2/groups/" + itoa(id)
	b.get(path+"/users").want(200).is(1, "count").is(ana, "users", 0, "id")
	b.get(path+"/memberships").want(200).is(1, "count")
	b.get("/api/v2/users/"+itoa(ana)+"/groups").want(200).is(3, "count")
	b.get("/api/v2/users/"+itoa(ana)+"/group_memberships").want(200).is(3, "count")
	b.get("/api/v2/groups/count").want(200).is(5, "count", "value")

	// A ticket of the group can be hers; once she leaves, no new one can.
	ticket := b.ticket(object{"group_id": id, "assignee_id": ana})
	if v := b.show(ticket); v.AssigneeID != ana || v.GroupID != id || v.Status != "open" {
		t.Errorf("ticket %+v", v)
	}
	b.call("DELETE", "/api/v2/group_memberships/"+itoa(member), nil).want(204)
	b.call("POST", "/api/v2/tickets", object{"ticket": object{"comment": "x", "group_id": id, "assignee_id": ana}}).want(422)
	b.call("PUT", path, object{"group": object{"name": "Plantão 24 h"}}).want(200).is("fora do horário", "group", "description")
	b.call("DELETE", path, nil).want(204)
	b.get(path).want(404)
	b.put(b.ticket(nil), object{"group_id": id}).want(422)
}

func TestOrganisationsThatChangeOften(t *testing.T) {
	t.Parallel()
	b := setup(t, limited(func(l *desk.Limits) { l.OrganizationUpdates = 5 }))
	aurora, boavista := "/api/v2/organizations/"+itoa(b.org("Distribuidora Aurora Ltda")), "/api/v2/organizations/"+itoa(b.org("Atacado Boa Vista S.A."))
	write := func(path string) *reply {
		return b.call("PUT", path, object{"organization": object{"notes": strings.Repeat("x", 3)}})
	}
	for range 5 {
		write(aurora).want(200)
	}
	if r := write(aurora).want(429); r.header.Get("Retry-After") != "60" {
		t.Errorf("Retry-After %q", r.header.Get("Retry-After"))
	}
	write(boavista).want(200) // each has its own
	b.call("POST", "/api/v2/organizations", object{"organization": object{"name": "Nova"}}).want(201)
	b.pass(time.Minute)
	write(aurora).want(200)
}
