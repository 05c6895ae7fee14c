package zendesk_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/zendesk"
)

func TestMe(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	p.handle("GET /api/v2/users/me", http.StatusOK,
		`{"user":{"id":99,"name":"Ponte","email":"ponte@example.com","role":"admin","organization_id":null,"active":true}}`)
	got, err := c.Me(t.Context())
	want := zendesk.User{ID: 99, Name: "Ponte", Email: "ponte@example.com", Role: zendesk.RoleAdmin, Active: true}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
	if !got.Staff() {
		t.Error("an admin is staff")
	}
}

func TestMeIsNobody(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	p.handle("GET /api/v2/users/me", http.StatusOK, `{"user":{"id":null,"name":"Anonymous user"}}`)
	_, err := c.Me(t.Context())
	wantKind(t, err, zendesk.KindUnauthorized)
}

func TestUpsertUser(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusOK, http.StatusCreated} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			p, c := setup(t)
			p.handle("POST /api/v2/users/create_or_update", status, `{"user":{"id":21,"external_id":"c-1"}}`)
			got, err := c.UpsertUser(t.Context(), zendesk.UserUpsert{
				Name: "Ana", ExternalID: "c-1", Phone: "+5511987654321", SkipVerifyEmail: true,
				UserFields: json.RawMessage(`{"whatsapp":true}`),
			})
			if err != nil || got.ID != 21 || got.ExternalID != "c-1" {
				t.Errorf("UpsertUser = %+v, %v", got, err)
			}
			wantJSON(t, p.only().Body, `{"user":{"name":"Ana","external_id":"c-1","phone":"+5511987654321",
				"user_fields":{"whatsapp":true},"skip_verify_email":true}}`)
		})
	}
}

func TestFindUsers(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	p.handle("GET /api/v2/users/search", http.StatusOK, `{"users":[{"id":21,"phone":"+5511987654321"},{"id":22}],"next_page":null}`)
	p.handle("GET /api/v2/users/21", http.StatusOK, `{"user":{"id":21}}`)
	got, err := c.SearchUsers(t.Context(), "phone:+55 11 98765-4321&x")
	if err != nil || len(got) != 2 || got[0].Phone != "+5511987654321" {
		t.Errorf("SearchUsers = %+v, %v", got, err)
	}
	if got, err = c.UsersByExternalID(t.Context(), "c-1"); err != nil || len(got) != 2 {
		t.Errorf("UsersByExternalID = %+v, %v", got, err)
	}
	if u, err := c.ShowUser(t.Context(), 21); err != nil || u.ID != 21 {
		t.Errorf("ShowUser = %+v, %v", u, err)
	}
	seen := p.requests()
	if q := seen[0].Query.Get("query"); q != "phone:+55 11 98765-4321&x" {
		t.Errorf("query = %q", q)
	}
	if q := seen[1].Query.Encode(); q != "external_id=c-1" {
		t.Errorf("query = %q", q)
	}
}

func TestIdentities(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	p.pages("GET /api/v2/users/21/identities",
		`"identities":[{"id":1,"user_id":21,"type":"email","value":"ana@example.com","verified":true,"primary":true}]`,
		`"identities":[{"id":2,"user_id":21,"type":"phone_number","value":"+5511987654321"}]`)
	p.handle("POST /api/v2/users/21/identities", http.StatusCreated, `{"identity":{"id":3,"type":"phone_number"}}`)
	got, err := c.UserIdentities(t.Context(), 21)
	want := []zendesk.Identity{
		{ID: 1, UserID: 21, Type: zendesk.IdentityEmail, Value: "ana@example.com", Verified: true, Primary: true},
		{ID: 2, UserID: 21, Type: zendesk.IdentityPhone, Value: "+5511987654321"},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
	added, err := c.AddIdentity(t.Context(), 21, zendesk.IdentityCreate{
		Type: zendesk.IdentityPhone, Value: "+5511987654321", Verified: true, SkipVerifyEmail: true,
	})
	if err != nil || added.ID != 3 {
		t.Errorf("AddIdentity = %+v, %v", added, err)
	}
	seen := p.requests()
	wantJSON(t, seen[len(seen)-1].Body,
		`{"identity":{"type":"phone_number","value":"+5511987654321","verified":true,"skip_verify_email":true}}`)
}

func TestOrganizations(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	p.handle("GET /api/v2/organizations/search", http.StatusOK, `{"organizations":[
		{"id":40,"external_id":"12ABC34501DE35X"},
		{"id":41,"name":"Acme","external_id":"12abc34501de35","organization_fields":{"pendencia":"Não","limite":5},"tags":["vip"]}]}`)
	p.handle("GET /api/v2/organizations/41", http.StatusOK, `{"organization":{"id":41,"name":"Acme","group_id":null}}`)
	got, ok, err := c.OrganizationByExternalID(t.Context(), "12ABC34501DE35")
	if err != nil || !ok || got.ID != 41 || string(got.Fields["pendencia"]) != `"Não"` || string(got.Fields["limite"]) != "5" {
		t.Errorf("OrganizationByExternalID = %+v, %v, %v", got, ok, err)
	}
	if _, ok, err = c.OrganizationByExternalID(t.Context(), "99"); ok || err != nil {
		t.Errorf("an organisation with another id was taken: %v, %v", ok, err)
	}
	if list, err := c.OrganizationsByName(t.Context(), "Acme & Filhos"); err != nil || len(list) != 2 {
		t.Errorf("OrganizationsByName = %+v, %v", list, err)
	}
	if o, err := c.ShowOrganization(t.Context(), 41); err != nil || o.Name != "Acme" {
		t.Errorf("ShowOrganization = %+v, %v", o, err)
	}
	seen := p.requests()
	for i, want := range []string{"external_id=12ABC34501DE35", "external_id=99", "name=Acme+%26+Filhos"} {
		if q := seen[i].Query.Encode(); q != want {
			t.Errorf("query %d = %s, want %s", i, q, want)
		}
	}
}

func TestSearchOrganizations(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	p.handle("GET /api/v2/search", http.StatusOK, `{"results":[
		{"result_type":"user","id":1},{"result_type":"organization","id":41,"name":"Acme"}]}`)
	list, err := c.SearchOrganizations(t.Context(), "cnpj:12345678000195")
	if err != nil || len(list) != 1 || list[0].Name != "Acme" {
		t.Errorf("SearchOrganizations = %+v, %v", list, err)
	}
	if q := p.only().Query.Get("query"); q != "type:organization cnpj:12345678000195" {
		t.Errorf("query = %q", q)
	}
}
