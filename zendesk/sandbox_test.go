package zendesk_test

import (
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/ponte-desk/ponte/sandbox/desk"
	"github.com/ponte-desk/ponte/sandbox/rig"
	"github.com/ponte-desk/ponte/zendesk"
)

// setupDesk returns a client of a simulated account that knows nothing of this package.
func setupDesk(t *testing.T) *zendesk.Client {
	t.Helper()
	clock := rig.NewClock(noon)
	store, err := rig.OpenStore("", "zendesk")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	account, err := desk.New(desk.Config{Clock: clock, Store: store, Queue: rig.NewQueue(clock), BaseURL: "http://desk.test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { account.Close() })
	srv := httptest.NewServer(account.API())
	t.Cleanup(srv.Close)
	c, err := zendesk.New(zendesk.Config{BaseURL: srv.URL, StaticToken: desk.DemoToken, Now: noon})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestListsOfTheAccount(t *testing.T) {
	t.Parallel()
	c := setupDesk(t)
	fields, err := c.TicketFields(t.Context())
	at := slices.IndexFunc(fields, func(f zendesk.TicketField) bool { return f.Title == "Catálogo de serviços" })
	if err != nil || at < 0 || fields[at].Type != zendesk.FieldTagger || len(fields[at].Options) == 0 || fields[at].Options[0].Value == "" {
		t.Errorf("TicketFields: %v, the catalogue at %d", err, at)
	}
	forms, err := c.TicketForms(t.Context())
	if err != nil || len(forms) == 0 || forms[0].Name == "" || len(forms[0].FieldIDs) == 0 {
		t.Errorf("TicketForms = %+v, %v", forms, err)
	}
	keys, err := c.OrganizationFields(t.Context())
	if err != nil || len(keys) == 0 || keys[0].Key == "" {
		t.Errorf("OrganizationFields = %+v, %v", keys, err)
	}
	macros, err := c.Macros(t.Context())
	if err != nil || len(macros) == 0 || len(macros[0].Actions) == 0 {
		t.Fatalf("Macros = %+v, %v", macros, err)
	}
	one, err := c.ShowMacro(t.Context(), macros[0].ID)
	if err != nil || one.Title != macros[0].Title {
		t.Errorf("ShowMacro = %+v, %v", one, err)
	}
}

func TestGroupsOfTheAccount(t *testing.T) {
	t.Parallel()
	c := setupDesk(t)
	members, err := c.GroupMemberships(t.Context())
	if err != nil || len(members) == 0 {
		t.Fatalf("GroupMemberships = %+v, %v", members, err)
	}
	users, err := c.GroupUsers(t.Context(), members[0].GroupID)
	if err != nil || !slices.ContainsFunc(users, func(u zendesk.User) bool { return u.ID == members[0].UserID && u.Staff() }) {
		t.Errorf("GroupUsers = %+v, %v; want user %d among them", users, err, members[0].UserID)
	}
}

func TestOrganizationsOfTheAccount(t *testing.T) {
	t.Parallel()
	c := setupDesk(t)
	user, err := c.UpsertUser(t.Context(), zendesk.UserUpsert{Name: "Nova Pessoa", ExternalID: "c-1"})
	if err != nil {
		t.Fatal(err)
	}
	found, err := c.SearchOrganizations(t.Context(), "")
	if err != nil || len(found) < 2 {
		t.Fatalf("SearchOrganizations = %d, %v", len(found), err)
	}
	for _, o := range found[:2] {
		m, err := c.AddOrganizationMembership(t.Context(), zendesk.OrganizationMembership{UserID: user.ID, OrganizationID: o.ID})
		if err != nil || m.ID == 0 || m.UserID != user.ID || m.OrganizationID != o.ID {
			t.Fatalf("AddOrganizationMembership = %+v, %v", m, err)
		}
	}
	_, err = c.AddOrganizationMembership(t.Context(), zendesk.OrganizationMembership{UserID: user.ID, OrganizationID: found[0].ID})
	wantKind(t, err, zendesk.KindInvalid)
	mine, err := c.UserOrganizations(t.Context(), user.ID)
	if err != nil || len(mine) != 2 {
		t.Errorf("UserOrganizations = %+v, %v", mine, err)
	}
	users, err := c.OrganizationUsers(t.Context(), found[0].ID)
	if err != nil || !slices.ContainsFunc(users, func(u zendesk.User) bool { return u.ID == user.ID }) {
		t.Errorf("OrganizationUsers = %+v, %v", users, err)
	}
	var last int64
	for _, subject := range []string{"primeiro", "segundo"} {
		made, err := c.CreateTicket(t.Context(), zendesk.TicketCreate{TicketFields: zendesk.TicketFields{
			Subject: subject, RequesterID: user.ID, OrganizationID: zendesk.RefTo(found[0].ID),
			Comment: &zendesk.CommentWrite{Body: subject, Public: true},
		}}, subject)
		if err != nil {
			t.Fatal(err)
		}
		last = made.Ticket.ID
	}
	tickets, people, err := c.OrganizationTickets(t.Context(), found[0].ID, 1)
	if err != nil || len(tickets) != 1 || tickets[0].ID != last {
		t.Errorf("OrganizationTickets = %+v, %v; want ticket %d", tickets, err, last)
	}
	if u := people[user.ID]; u.ID != user.ID || u.ExternalID != "c-1" || u.Staff() || !u.Active {
		t.Errorf("the requester is %+v; want user %d of Ponte", u, user.ID)
	}
}
