package desk_test

import (
	"net/http/httptest"
	"testing"

	"github.com/nukosuke/go-zendesk/zendesk"

	"github.com/ponte-desk/ponte/sandbox/desk"
)

// TestAPublicClientReadsTheAnswers lets the public Go client decode what it can.
func TestAPublicClientReadsTheAnswers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.talk(3)
	server := httptest.NewServer(b.desk.API())
	t.Cleanup(server.Close)
	client, err := zendesk.NewClient(server.Client())
	if err != nil {
		t.Fatal(err)
	}
	if err := client.SetEndpointURL(server.URL + "/api/v2"); err != nil {
		t.Fatal(err)
	}
	client.SetCredential(zendesk.NewBearerTokenCredential(desk.DemoToken))
	ctx := t.Context()

	comments, err := client.ListTicketComments(ctx, id, &zendesk.ListTicketCommentsOptions{
		CursorPagination: zendesk.CursorPagination{PageSize: 2}, Include: "users", Sort: "-created_at",
	})
	if err != nil || len(comments.TicketComments) != 2 || comments.TicketComments[0].Body != "resposta 3" || !comments.Meta.HasMore {
		t.Errorf("comments: %+v, %v", comments, err)
	}
	audits, _, err := client.GetTicketAuditsCBP(ctx, &zendesk.CBPOptions{CommonOptions: zendesk.CommonOptions{Id: id}})
	if err != nil || len(audits) != 4 {
		t.Errorf("audits: %d, %v", len(audits), err)
	}
	ticket, err := client.GetTicket(ctx, id)
	if err != nil || ticket.Subject != "Conversa pelo WhatsApp" {
		t.Errorf("ticket: %+v, %v", ticket, err)
	}
	org, err := client.GetOrganization(ctx, b.org("Atacado Boa Vista S.A."))
	if err != nil || org.OrganizationFields["pendencia_financeira"] != "sim" {
		t.Errorf("organisation: %+v, %v", org, err)
	}
	orgs, _, err := client.GetOrganizationByExternalID(ctx, "12ABC34501DE35")
	if err != nil || len(orgs) != 1 {
		t.Errorf("organisations: %+v, %v", orgs, err)
	}
	users, _, err := client.SearchUsers(ctx, &zendesk.SearchUsersOptions{Query: "juliana"})
	if err != nil || len(users) != 1 {
		t.Errorf("users: %+v, %v", users, err)
	}
	related, err := client.GetUserRelated(ctx, b.user("Marcos Vinícius Teixeira").ID)
	if err != nil || related.RequestedTickets != 4 {
		t.Errorf("related: %+v, %v", related, err)
	}
	groups, _, err := client.GetGroups(ctx, &zendesk.GroupListOptions{})
	if err != nil || len(groups) != 4 {
		t.Errorf("groups: %+v, %v", groups, err)
	}
	members, _, err := client.GetGroupMemberships(ctx, &zendesk.GroupMembershipListOptions{})
	if err != nil || len(members) != 13 {
		t.Errorf("memberships: %d, %v", len(members), err)
	}
	views, _, err := client.GetViews(ctx)
	if err != nil || len(views) != 6 {
		t.Errorf("views: %d, %v", len(views), err)
	}
	fields, _, err := client.GetTicketFields(ctx)
	if err != nil || len(fields) != 21 {
		t.Errorf("fields: %d, %v", len(fields), err)
	}
	triggers, _, err := client.GetTriggers(ctx, &zendesk.TriggerListOptions{})
	if err != nil || len(triggers) != 9 {
		t.Errorf("triggers: %d, %v", len(triggers), err)
	}
	hook, err := client.CreateWebhook(ctx, &zendesk.Webhook{
		Name: "x", Endpoint: "https://x.example", HTTPMethod: "POST", RequestFormat: "json", Status: "active",
		Subscriptions: []string{"conditional_ticket_events"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if secret, err := client.GetWebhookSigningSecret(ctx, hook.ID); err != nil || secret.Secret == "" {
		t.Errorf("secret: %+v, %v", secret, err)
	}
}
