package desk_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSeededOrganisations(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.get("/api/v2/organizations.json").want(200).is(5, "count")
	type org struct{ External, CNPJ, Pending any }
	got := map[string]org{}
	for i := range r.len("organizations") {
		o := r.at("organizations", i)
		got[r.text("organizations", i, "name")] = org{
			at(o, "external_id"), at(o, "organization_fields", "cnpj"), at(o, "organization_fields", "pendencia_financeira"),
		}
	}
	want := map[string]org{
		"Distribuidora Aurora Ltda":    {"11222333000181", "11.222.333/0001-81", "não"},
		"Atacado Boa Vista S.A.":       {"45312789000154", "45312789000154", "sim"},
		"Comercial Ipê Alimentos Ltda": {"12ABC34501DE35", "12.ABC.345/01DE-35", "não"},
		"Mercantil Serra Azul Ltda":    {nil, "60741852000161", nil},
		"Laticínios Campo Novo S.A.":   {"7Q4ZT81K000135", "7Q4ZT81K000135", "sim"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestFindOrganisations(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for path, want := range map[string]string{
		"search?external_id=12abc34501de35":     "Comercial Ipê Alimentos Ltda",
		"search?name=mercantil+serra+azul+ltda": "Mercantil Serra Azul Ltda",
		"search?name=mercantil":                 "",
		"search?external_id=60741852000161":     "",
		"autocomplete?name=latic":               "Laticínios Campo Novo S.A.",
		"autocomplete?name=campo":               "",
	} {
		r := b.get("/api/v2/organizations/" + path).want(200)
		if got := r.text("organizations", 0, "name"); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	b.get("/api/v2/organizations/search").want(400)
	b.get("/api/v2/organizations/search?name=a&external_id=b").want(400)
	b.get("/api/v2/organizations/autocomplete?name=a").want(400)
	b.get("/api/v2/organizations/count").want(200).is(5, "count", "value")
	b.get("/api/v2/search?query=type:organization+cnpj:60741852000161").want(200).is("Mercantil Serra Azul Ltda", "results", 0, "name")
}

func TestWriteOrganisation(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.call("POST", "/api/v2/organizations", object{"organization": object{
		"name": "Nova Ltda", "external_id": "33214567000209",
		"organization_fields": object{"cnpj": "33214567000209", "pendencia_financeira": "não", "desconhecido": 1},
	}}).want(201)
	path := "/api/v2/organizations/" + itoa(r.id("organization", "id"))
	r.is(object{"cnpj": "33214567000209", "pendencia_financeira": "não", "segmento": nil}, "organization", "organization_fields")
	b.pass(time.Minute)
	// One field alone leaves the others.
	b.call("PUT", path, object{"organization": object{"organization_fields": object{"pendencia_financeira": "sim"}, "tags": []string{"VIP"}}}).
		want(200).is("33214567000209", "organization", "organization_fields", "cnpj").is("sim", "organization", "organization_fields", "pendencia_financeira").
		is([]string{"vip"}, "organization", "tags").is("2026-11-22T12:01:00Z", "organization", "updated_at")
	// What is written empty is emptied.
	b.call("PUT", path, `{"organization":{"name":"Nova Ltda","tags":null,"domain_names":null,"group_id":0}}`).want(200).
		is([]string{}, "organization", "tags").is(nil, "organization", "group_id")
	for name, org := range map[string]object{
		"no name":        {"name": " "},
		"taken name":     {"name": "distribuidora aurora ltda"},
		"taken id":       {"name": "x", "external_id": "11222333000181"},
		"unknown option": {"name": "x", "organization_fields": object{"pendencia_financeira": "talvez"}},
	} {
		if got := b.call("POST", "/api/v2/organizations", object{"organization": org}); got.status != 422 {
			t.Errorf("%s: %d", name, got.status)
		}
	}
	b.call("DELETE", path, nil).want(204)
	b.get(path).want(404)
}

func TestMemberships(t *testing.T) {
	t.Parallel()
	b := setup(t)
	juliana, edson := b.user("Juliana Castro"), b.user("Edson Farias")
	ipe, serra, aurora := b.org("Comercial Ipê Alimentos Ltda"), b.org("Mercantil Serra Azul Ltda"), b.org("Distribuidora Aurora Ltda")
	b.get("/api/v2/organizations/"+itoa(serra)+"/users.json").want(200).is(4, "count")
	b.get("/api/v2/organizations/5/users").want(404)
	list := b.get("/api/v2/users/"+itoa(juliana.ID)+"/organization_memberships").want(200).is(2, "count")
	second := list.id("organization_memberships", 1, "id")
	b.call("PUT", "/api/v2/users/"+itoa(juliana.ID)+"/organization_memberships/"+itoa(second)+"/make_default", nil).want(200).is(2, "count")
	b.get("/api/v2/users/"+itoa(juliana.ID)).is(serra, "user", "organization_id")
	b.call("DELETE", "/api/v2/organization_memberships/"+itoa(second), nil).want(204)
	b.get("/api/v2/users/"+itoa(juliana.ID)).is(ipe, "user", "organization_id")

	join := func(user, org int64) *reply {
		t.Helper()
		return b.call("POST", "/api/v2/organization_memberships", object{"organization_membership": object{"user_id": user, "organization_id": org}})
	}
	made := join(edson.ID, aurora).want(201).is(false, "organization_membership", "default")
	join(edson.ID, aurora).want(422)
	join(edson.ID, 5).want(422)
	b.get("/api/v2/organization_memberships/" + itoa(made.id("organization_membership", "id"))).want(200)
	b.get("/api/v2/organizations/"+itoa(aurora)+"/organization_memberships").want(200).is(4, "count")
	b.get("/api/v2/organization_memberships").want(200).is(16, "count")
	b.call("DELETE", "/api/v2/organization_memberships/5", nil).want(404)
	b.call("PUT", "/api/v2/users/"+itoa(edson.ID)+"/organization_memberships/5/make_default", nil).want(404)
}

func TestGroups(t *testing.T) {
	t.Parallel()
	b := setup(t)
	queue := b.group("WINTHOR WHATSAPP")
	b.get("/api/v2/groups/assignable").want(200).is(4, "count")
	b.get("/api/v2/groups/count").want(200).is(4, "count", "value")
	b.get("/api/v2/groups/"+itoa(queue)+"/users").want(200).is(4, "count")
	b.get("/api/v2/groups/5/users").want(404)
	b.get("/api/v2/groups/"+itoa(queue)+"/memberships").want(200).is(4, "count")
	b.get("/api/v2/group_memberships/assignable").want(200)
	ana, diego := b.user("Ana Beatriz Souza"), b.user("Diego Martins")
	b.get("/api/v2/users/"+itoa(ana.ID)+"/group_memberships").want(200).is(2, "count").is(true, "group_memberships", 0, "default")
	b.get("/api/v2/users/"+itoa(ana.ID)+"/groups").want(200).is("Suporte N1", "groups", 0, "name")
	b.get("/api/v2/users/5/groups").want(404)
	member := object{"group_membership": object{"user_id": diego.ID, "group_id": queue}}
	b.call("POST", "/api/v2/group_memberships", member).want(201)
	b.call("POST", "/api/v2/group_memberships", member).want(422)
	b.call("POST", "/api/v2/group_memberships", object{"group_membership": object{"user_id": b.user("Edson Farias").ID, "group_id": queue}}).want(422)
	b.call("POST", "/api/v2/groups", object{"group": object{"name": "Plantão"}}).want(201).is(true, "group", "is_public")
	b.call("POST", "/api/v2/groups", object{"group": object{}}).want(422)
}
