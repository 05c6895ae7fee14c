package app_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/sandbox/desk"
)

// derived has a customer get through the bot to people, and returns the ticket.
func (a *attendance) derived(customer string) desk.TicketView {
	a.t.Helper()
	a.says(customer, "bom dia, preciso de ajuda")
	a.chooses(customer, menuInvoices)
	a.run(30 * time.Second)
	return a.ticket()
}

// wantTags wants tags on a ticket.
func (a *attendance) wantTags(t desk.TicketView, tags ...string) {
	a.t.Helper()
	for _, tag := range tags {
		if !slices.Contains(t.Tags, tag) {
			a.t.Errorf("ticket %d lacks the tag %s: %v", t.ID, tag, t.Tags)
		}
	}
}

// wantFields wants custom fields to begin with these values, as JSON.
func (a *attendance) wantFields(t desk.TicketView, want map[string]string) {
	a.t.Helper()
	for title, value := range want {
		if got := string(t.Fields[title]); !strings.HasPrefix(got, value) {
			a.t.Errorf("%s of ticket %d is %s, want %s", title, t.ID, got, value)
		}
	}
}

// wantTranscript wants one transcript on the ticket, as a comment or a file, with these words.
func (a *attendance) wantTranscript(t desk.TicketView, words ...string) {
	a.t.Helper()
	found := a.comments(t, "Conversa pelo WhatsApp")
	if len(found) != 1 {
		a.t.Errorf("%d transcripts on ticket %d: %q", len(found), t.ID, a.bodies(t))
		return
	}
	for _, w := range words {
		if !strings.Contains(found[0].Body, w) {
			a.t.Errorf("the transcript lacks %q: %s", w, found[0].Body)
		}
	}
}

// wantRepaired wants a ticket to belong to Aurora and who opens most tickets there, with the contact in copy.
func (a *attendance) wantRepaired(t desk.TicketView, email string) {
	a.t.Helper()
	if t.OrganizationID != a.organization("Distribuidora Aurora Ltda") || t.RequesterID != a.user(a.busiest("Distribuidora Aurora Ltda")).ID {
		a.t.Errorf("repaired: %+v; most tickets are opened by %s", t, a.busiest("Distribuidora Aurora Ltda"))
	}
	var copied []string
	for _, u := range a.peers.Zendesk().Users() {
		if slices.Contains(t.EmailCCs, u.ID) {
			copied = append(copied, u.Email)
		}
	}
	if got := strings.Join(copied, " "); got != email {
		a.t.Errorf("in copy: %q, want %q", got, email)
	}
	// What the customer wrote stands there in the contact's own name.
	for _, c := range a.peers.Zendesk().Comments(t.ID) {
		if c.Public && c.AuthorID == t.RequesterID {
			a.t.Errorf("the contact's words stand in the requester's name: %s", c.Body)
		}
	}
}

// busiest is who opened most of an organisation's tickets.
func (a *attendance) busiest(organization string) string {
	a.t.Helper()
	id := a.organization(organization)
	counts := map[int64]int{}
	for _, t := range a.peers.Zendesk().Tickets() {
		if t.OrganizationID == id && !strings.HasPrefix(t.ExternalID, "wa-") {
			counts[t.RequesterID]++
		}
	}
	var best desk.UserView
	for _, u := range a.peers.Zendesk().Users() {
		if counts[u.ID] > counts[best.ID] {
			best = u
		}
	}
	return best.Name
}

// openTicketOf is the number of an organisation's unsolved ticket.
func (a *attendance) openTicketOf(organization string) string {
	a.t.Helper()
	id := a.organization(organization)
	for _, t := range a.peers.Zendesk().Tickets() {
		if t.OrganizationID == id && t.Status != "solved" && t.Status != "closed" && !strings.HasPrefix(t.ExternalID, "wa-") {
			return strconv.FormatInt(t.ID, 10)
		}
	}
	a.fatalf("%s has no open ticket", organization)
	return ""
}

func number(t *testing.T, digits string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// wantQuiet wants nothing left to do, nothing dead, and that no customer got an e-mail of what they wrote themselves.
func (a *attendance) wantQuiet() {
	a.t.Helper()
	a.run(10 * time.Minute)
	var v verdict
	a.judgeRest(&v)
	for _, wrong := range v.wrong {
		a.t.Error(wrong)
	}
	a.wantNoMails()
}

// wantNoMails wants no e-mail to a customer about our tickets, and none in copy.
func (a *attendance) wantNoMails() {
	a.t.Helper()
	agents := map[int64]bool{}
	for _, u := range a.peers.Zendesk().Users() {
		agents[u.ID] = u.Role != "end-user"
	}
	ours := map[int64]bool{}
	for _, t := range a.tickets() {
		ours[t.ID] = true
	}
	for _, m := range a.peers.Zendesk().MailLog() {
		if ours[m.TicketID] && !agents[m.UserID] {
			a.t.Errorf("an e-mail left for %s about ticket %d: %s (%s)", m.To, m.TicketID, m.Subject, m.Trigger)
		}
	}
}
