package desk_test

import (
	"strings"
	"testing"
	"time"
)

func TestCreateOrUpdateUser(t *testing.T) {
	t.Parallel()
	b := setup(t)
	write := func(user object) *reply {
		t.Helper()
		return b.call("POST", "/api/v2/users/create_or_update.json", object{"user": user})
	}
	r := write(object{"name": "Maria", "external_id": "Ponte:1", "phone": "+5511999990000", "skip_verify_email": true}).want(201)
	id := r.id("user", "id")
	r.is("end-user", "user", "role").is(true, "user", "verified").is(true, "user", "active").is("Ponte:1", "user", "external_id")
	if want := baseURL + "/api/v2/users/" + itoa(id) + ".json"; r.header.Get("Location") != want {
		t.Errorf("location %q", r.header.Get("Location"))
	}
	// By external id, whatever its case; it takes the case that was sent.
	write(object{"name": "Maria Silva", "external_id": "ponte:1"}).want(200).is(id, "user", "id").is("Maria Silva", "user", "name").
		is("ponte:1", "user", "external_id").is("+5511999990000", "user", "phone")
	// Never by phone.
	if other := write(object{"name": "Outra", "phone": "+5511999990000"}).want(201).id("user", "id"); other == id {
		t.Error("found by phone")
	}
	// By e-mail, once it has one.
	write(object{"name": "Maria Silva", "external_id": "ponte:1", "email": "Maria@Silva.example"}).want(200).is("maria@silva.example", "user", "email")
	write(object{"name": "Maria S.", "email": "MARIA@silva.example"}).want(200).is(id, "user", "id")
	b.get("/api/v2/users/"+itoa(id)+".json").want(200).is("Maria S.", "user", "name")
	b.get("/api/v2/users/"+itoa(id)+"/identities").want(200).is("+5511999990000", "identities", 0, "value").
		is("maria@silva.example", "identities", 1, "value").is(true, "identities", 1, "primary")
	// Two different people cannot become one.
	write(object{"name": "X", "external_id": "ponte:1", "email": "juliana@ipe.example"}).want(422).is("DuplicateValue", "details", "email", 0, "error")
}

func TestUserWritesRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for name, tt := range map[string]struct {
		user  object
		field string
	}{
		"no name":              {object{"email": "x@y.example"}, "name"},
		"bad e-mail":           {object{"name": "x", "email": "x"}, "email"},
		"e-mail with a name":   {object{"name": "x", "email": "x <x@y.example>"}, "email"},
		"taken e-mail":         {object{"name": "x", "email": "Juliana@ipe.example"}, "email"},
		"unknown role":         {object{"name": "x", "role": "chefe"}, "role"},
		"unknown organisation": {object{"name": "x", "organization_id": 5}, "organization"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			r := b.call("POST", "/api/v2/users", object{"user": tt.user}).want(422).is("RecordInvalid", "error")
			if r.len("details", tt.field) != 1 {
				t.Errorf("details: %s", r.raw)
			}
		})
	}
	b.call("POST", "/api/v2/users", object{"user": object{"name": "x", "external_id": "e"}}).want(201)
	b.call("POST", "/api/v2/users", object{"user": object{"name": "y", "external_id": "E"}}).want(422)
	b.call("POST", "/api/v2/users", object{"user": 1}).want(400)
	b.call("PUT", "/api/v2/users/5", object{"user": object{"name": "x"}}).want(404)
}

func TestWriteOrganisationOfUser(t *testing.T) {
	t.Parallel()
	b := setup(t)
	aurora, ipe := b.org("Distribuidora Aurora Ltda"), b.org("Comercial Ipê Alimentos Ltda")
	id := b.call("POST", "/api/v2/users", object{"user": object{"name": "Nova", "organization": object{"name": "distribuidora aurora ltda"}}}).
		want(201).is(aurora, "user", "organization_id").id("user", "id")
	path := "/api/v2/users/" + itoa(id)
	b.call("PUT", path, object{"user": object{"organization_id": ipe}}).want(200).is(ipe, "user", "organization_id")
	b.get(path+"/organization_memberships").want(200).is(2, "count").is(false, "organization_memberships", 0, "default").
		is(true, "organization_memberships", 1, "default")
	b.get(path+"/organizations").want(200).is(2, "count")
}

func TestWhatOnlyZendeskSets(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.user("Edson Farias").ID
	r := b.call("PUT", "/api/v2/users/"+itoa(id), `{"user":{"name":"Edson","active":false,"id":7,"created_at":"0001-01-01T00:00:00Z","photo":{},"user_fields":null}}`).want(200)
	r.is(id, "user", "id").is(true, "user", "active").is(nil, "user", "photo").is(object{}, "user", "user_fields")
	want := `Removed restricted keys ["active", "created_at", "id", "photo"] from parameters`
	if got := r.header.Get("X-Zendesk-API-Warn"); got != want {
		t.Errorf("warning %q, want %q", got, want)
	}
	if strings.HasPrefix(r.text("user", "created_at"), "0001") {
		t.Error("created_at was written")
	}
}

func TestFindUsers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for query, want := range map[string]string{
		"query=marcos":                                                 "Marcos Vinícius Teixeira",
		"query=%22Marcos+Vinícius%22":                                  "Marcos Vinícius Teixeira",
		"query=juliana%40ipe.example":                                  "Juliana Castro",
		"query=phone%3A%2B5521976540003":                               "Roberto Sampaio",
		"query=phone%3A5521976540003":                                  "Roberto Sampaio",
		"query=%2B55+21+97654-0003":                                    "",
		"query=%22%2B55+21+97654-0003%22":                              "Roberto Sampaio",
		"query=976540003":                                              "Roberto Sampaio",
		"query=phone%3A976540003":                                      "",
		"query=phone%3A*976540003":                                     "Roberto Sampaio",
		"query=email%3Ajuliana%40ipe.example":                          "Juliana Castro",
		"query=role%3Aagent+name%3Agustavo":                            "Gustavo Pires",
		"query=simone+organization%3A%22Laticínios+Campo+Novo+S.A.%22": "Simone Albuquerque",
		"query=role%3Aadmin+-name%3Aponte":                             "Helena Prado",
		"external_id=nada":                                             "",
		"query=ninguém":                                                "",
	} {
		r := b.get("/api/v2/users/search.json?" + query).want(200)
		if got := r.text("users", 0, "name"); got != want || (want != "" && r.len("users") != 1) {
			t.Errorf("%s: %s (%d)", query, got, r.len("users"))
		}
	}
	b.get("/api/v2/users/search").want(400)
	b.get("/api/v2/users/autocomplete?name=mar").want(200).is("Marcos Vinícius Teixeira", "users", 0, "name")
	b.get("/api/v2/users/autocomplete?name=m").want(400)
}

func TestUserSearchLagsButExternalIDDoesNot(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.call("POST", "/api/v2/users", object{"user": object{"name": "Recém Criada", "external_id": "e9"}}).want(201)
	b.get("/api/v2/users/search?query=recém").want(200).is(0, "count")
	b.get("/api/v2/users/search?external_id=E9").want(200).is(1, "count")
	b.pass(30 * time.Second)
	b.get("/api/v2/users/search?query=recém").want(200).is(1, "count")
}

func TestListUsers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.get("/api/v2/users?role=agent").want(200).is(7, "count")
	b.get("/api/v2/users?role[]=agent&role[]=admin").want(200).is(9, "count")
	b.get("/api/v2/users?role=end-user&page[size]=2").want(200).is(true, "meta", "has_more")
	b.get("/api/v2/users/count").want(200).is(24, "count", "value")
	ana, edson := b.user("Ana Beatriz Souza"), b.user("Edson Farias")
	b.get("/api/v2/users/show_many?ids="+itoa(ana.ID)+","+itoa(edson.ID)).want(200).is(2, "count")
	r := b.get("/api/v2/users/me").want(200).is("admin", "user", "role")
	b.get("/api/v2/users/"+itoa(r.id("user", "id"))).want(200).is("ponte@desk.example", "user", "email")
	b.get("/api/v2/users/5").want(404)
}

func TestRelated(t *testing.T) {
	t.Parallel()
	b := setup(t)
	marcos, ana := b.user("Marcos Vinícius Teixeira").ID, b.user("Ana Beatriz Souza").ID
	b.get("/api/v2/users/"+itoa(marcos)+"/related").want(200).is(3, "user_related", "requested_tickets")
	b.ticket(object{"assignee_id": ana, "email_ccs": []object{{"user_id": marcos}}})
	b.get("/api/v2/users/"+itoa(marcos)+"/related").want(200).is(4, "user_related", "requested_tickets").is(1, "user_related", "ccd_tickets")
	b.get("/api/v2/users/"+itoa(ana)+"/related").want(200).is(7, "user_related", "assigned_tickets")
	b.get("/api/v2/users/5/related").want(404)
}

func TestDeleteUser(t *testing.T) {
	t.Parallel()
	b := setup(t)
	marcos := b.user("Marcos Vinícius Teixeira").ID
	id := b.ticket(nil)
	b.call("DELETE", "/api/v2/users/"+itoa(marcos), nil).want(422)
	b.put(id, object{"status": "solved"}).want(200)
	b.call("DELETE", "/api/v2/users/"+itoa(marcos), nil).want(200).is(false, "user", "active").is(nil, "user", "email")
	b.call("DELETE", "/api/v2/users/"+itoa(marcos), nil).want(404)
	b.get("/api/v2/users/"+itoa(marcos)+"/identities").want(200).is(0, "count")
	// The e-mail is free again.
	b.call("POST", "/api/v2/users", object{"user": object{"name": "Novo", "email": "marcos.teixeira@aurora.example"}}).want(201)
}
