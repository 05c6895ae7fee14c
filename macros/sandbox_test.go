package macros_test

import (
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/macros"
	"github.com/ponte-desk/ponte/sandbox/desk"
	"github.com/ponte-desk/ponte/sandbox/rig"
	"github.com/ponte-desk/ponte/zendesk"
)

// setupDesk returns a client of a simulated account, the account, and one of its tickets as a macro meets it.
func setupDesk(t *testing.T) (*zendesk.Client, macros.Ticket) {
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
	client, err := zendesk.New(zendesk.Config{BaseURL: srv.URL, StaticToken: desk.DemoToken, Now: noon})
	if err != nil {
		t.Fatal(err)
	}
	for _, view := range account.Tickets() {
		shown, err := client.ShowTicket(t.Context(), view.ID)
		if err != nil {
			t.Fatal(err)
		}
		user, err := client.ShowUser(t.Context(), shown.RequesterID)
		if err != nil {
			t.Fatal(err)
		}
		if shown.Status == zendesk.StatusOpen {
			return client, macros.Ticket{
				ID: shown.ID, Subject: shown.Subject, Tags: append([]string{}, shown.Tags...),
				Requester: macros.Person{ID: user.ID, Name: user.Name, Email: user.Email, Phone: user.Phone},
				Agent:     macros.Person{ID: shown.AssigneeID, Name: "Ana", GroupID: shown.GroupID},
			}
		}
	}
	t.Fatal("the account has no open ticket")
	return nil, macros.Ticket{}
}

// TestFoldAgreesWithTheAccount: what is folded here is what the simulated account would do.
func TestFoldAgreesWithTheAccount(t *testing.T) {
	t.Parallel()
	client, at := setupDesk(t)
	book := macros.NewBook(client, noon)
	all, err := book.All(t.Context())
	if err != nil || len(all) == 0 {
		t.Fatalf("macros: %d, %v", len(all), err)
	}
	for _, m := range all {
		folded, err := macros.Fold(m, at)
		if err != nil {
			t.Errorf("%s: %v", m.Title, err)
			continue
		}
		applied, err := client.ApplyMacro(t.Context(), at.ID, m.ID)
		if err != nil {
			t.Errorf("%s: %v", m.Title, err)
			continue
		}
		agree(t, m.Title, at, folded, applied)
	}
}

// agree compares a folded macro with the account's answer.
func agree(t *testing.T, title string, at macros.Ticket, folded macros.Result, applied zendesk.Applied) {
	t.Helper()
	told := applied.Ticket
	if folded.Status != "" && folded.Status != told.Status || folded.Subject != "" && folded.Subject != told.Subject {
		t.Errorf("%s: folded %+v, the account %+v", title, folded, told)
	}
	if id := folded.GroupID.ID(); id != 0 && id != told.GroupID {
		t.Errorf("%s: group %d, the account's %d", title, id, told.GroupID)
	}
	for id, value := range folded.Fields {
		if got := told.Field(id); string(got) != string(value) {
			t.Errorf("%s: field %d is %s, the account's %s", title, id, value, got)
		}
	}
	for _, tag := range folded.Tags(at.Tags) {
		if !slices.Contains(told.Tags, tag) {
			t.Errorf("%s: tag %s is not among the account's %v", title, tag, told.Tags)
		}
	}
	switch {
	case folded.Comment.Empty() != (applied.Comment == nil):
		t.Errorf("%s: comment %+v, the account's %+v", title, folded.Comment, applied.Comment)
	case applied.Comment != nil && applied.Comment.Body != strings.TrimSpace(folded.Comment.Text):
		t.Errorf("%s: text %q, the account's %q", title, folded.Comment.Text, applied.Comment.Body)
	case applied.Comment != nil && folded.Comment.PublicSet && *applied.Comment.Public != folded.Comment.Public:
		t.Errorf("%s: public %v, the account's %v", title, folded.Comment.Public, *applied.Comment.Public)
	}
}

// TestRolesOfTheAccount: the simulated account has a macro for every role, under the reference title.
func TestRolesOfTheAccount(t *testing.T) {
	t.Parallel()
	client, at := setupDesk(t)
	book := macros.NewBook(client, noon)
	for _, role := range settings.MacroRoles() {
		if _, found, err := book.Run(t.Context(), settings.Default().Desk.Macro(role), at); err != nil || !found {
			t.Errorf("%s: %v, %v", role, found, err)
		}
	}
}

// TestAccountFillsInWhatIsUnknown: the same macro of a ticket of which nothing but the id is known goes through the account.
func TestAccountFillsInWhatIsUnknown(t *testing.T) {
	t.Parallel()
	client, at := setupDesk(t)
	book := macros.NewBook(client, noon)
	const title = "Pedir mais informações"
	want, found, err := book.Run(t.Context(), title, at)
	if err != nil || !found || want.ByZendesk {
		t.Fatalf("folded: %+v, %v, %v", want, found, err)
	}
	got, found, err := book.Run(t.Context(), title, macros.Ticket{ID: at.ID})
	if err != nil || !found {
		t.Fatalf("applied: %v, %v", found, err)
	}
	want.ByZendesk = true
	wantResult(t, got, want)
}
