package decide_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// What is wrong with a conversation's ticket is told at a glance.
func TestMatch(t *testing.T) {
	t.Parallel()
	const (
		none         = conversation.MismatchTicket
		status       = conversation.MismatchStatus
		session      = conversation.MismatchSession
		organization = conversation.MismatchOrganization
	)
	for name, tt := range map[string]struct {
		change func(*conversation.Conversation)
		want   []conversation.Mismatch
	}{
		"all is well":                     {func(*conversation.Conversation) {}, nil},
		"no ticket":                       {func(c *conversation.Conversation) { c.Ticket = conversation.Ticket{} }, []conversation.Mismatch{none}},
		"the bot has it":                  {func(c *conversation.Conversation) { c.State, c.Ticket = conversation.StateBot, conversation.Ticket{} }, nil},
		"opened, and nobody has it":       {func(c *conversation.Conversation) { c.Ticket.Status = "open" }, []conversation.Mismatch{status}},
		"opened by who has it":            {func(c *conversation.Conversation) { c.Ticket.Status, c.State = "open", conversation.StateActive }, nil},
		"closed":                          {func(c *conversation.Conversation) { c.Ticket.Status, c.State = "closed", conversation.StateActive }, []conversation.Mismatch{status}},
		"another session":                 {func(c *conversation.Conversation) { c.Ticket.Session = "wa-100-c1-9" }, []conversation.Mismatch{session}},
		"an earlier conversation's, open": {func(c *conversation.Conversation) { c.Ticket.Status, c.Ticket.Session = "open", "" }, []conversation.Mismatch{session}},
		"no organisation":                 {func(c *conversation.Conversation) { c.Ticket.Organization = 0 }, []conversation.Mismatch{organization}},
		"another organisation":            {func(c *conversation.Conversation) { c.Ticket.Organization = betaID }, []conversation.Mismatch{organization}},
		"an organisation, not known here": {func(c *conversation.Conversation) { c.Procedure.Organization = nil }, nil},
		"everything": {func(c *conversation.Conversation) {
			c.Ticket.Organization, c.Ticket.Status, c.Ticket.Session, c.State = 0, "closed", "", conversation.StateActive
		}, []conversation.Mismatch{status, session, organization}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := queued(t)
			tt.change(w.thread.Conversation)
			if diff := cmp.Diff(tt.want, w.thread.Match()); diff != "" {
				t.Errorf("mismatches (-want +got):\n%s", diff)
			}
		})
	}
	if got := conversation.NewThread("100", "c1").Match(); got != nil {
		t.Errorf("without a conversation: %q", got)
	}
}
