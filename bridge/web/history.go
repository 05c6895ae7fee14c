package web

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// Past is what was before a conversation.
type Past interface {
	// Conversations lists those of a thread's contact that are kept, on whichever number, newest first.
	Conversations(ctx context.Context, t conversation.Thread) ([]PastConversation, error)
	// Tickets lists tickets of a thread's contact and, where there are few, of the company, those changed last first; known is false when
	// Zendesk can't be asked.
	Tickets(ctx context.Context, t conversation.Thread) (list []Ticket, known bool)
}

// PastConversation is an earlier conversation of a contact.
type PastConversation struct {
	Session string             `json:"session"`
	Started time.Time          `json:"started"`
	Ended   time.Time          `json:"ended,omitzero"`
	State   conversation.State `json:"state"`
	Outcome string             `json:"outcome,omitempty"`
	Verdict string             `json:"verdict,omitempty"`
	Subject string             `json:"subject,omitempty"`
	Queue   string             `json:"queue,omitempty"`
	Owner   int64              `json:"owner,omitempty"`
	Ticket  int64              `json:"ticket,omitempty"`
}

// Ticket is a ticket of Zendesk in a list.
type Ticket struct {
	ID      int64     `json:"id"`
	Subject string    `json:"subject,omitempty"`
	Status  string    `json:"status,omitempty"`
	Updated time.Time `json:"updated,omitzero"`
}

// past answers what was before: conversations and tickets of the contact.
func (a *api) past(c echo.Context) error {
	t, ok, err := a.thread(c)
	if !ok {
		return err
	}
	ctx, session, caller := c.Request().Context(), c.Param("session"), callerOf(c)
	all, err := a.Reads.Past.Conversations(ctx, t)
	if err != nil {
		return a.unavailable(c, err)
	}
	own := map[string]bool{} // of this thread, which the caller sees
	for _, s := range t.Sessions() {
		own[s] = true
	}
	earlier := []PastConversation{}
	for _, p := range all {
		if p.Session != session && (own[p.Session] || caller.seesPast(p)) {
			earlier = append(earlier, p)
		}
	}
	tickets, known := a.Reads.Past.Tickets(ctx, t)
	return c.JSON(http.StatusOK, struct {
		Conversations []PastConversation `json:"conversations"`
		Tickets       []Ticket           `json:"tickets"`
		Known         bool               `json:"tickets_known"`
	}{earlier, append([]Ticket{}, tickets...), known})
}

// seesPast tells whether the caller may see an earlier conversation of another thread.
func (c Caller) seesPast(p PastConversation) bool {
	return c.Everything || p.Owner != 0 && p.Owner == c.Agent.ID || p.Queue != "" && c.Agent.Serves(p.Queue)
}
