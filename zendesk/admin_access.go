package zendesk

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
)

// GroupCreate is a new group of agents.
type GroupCreate struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
}

// CreateGroup makes a group without members. It needs an admin.
// Source: https://developer.zendesk.com/api-reference/ticketing/groups/groups/#create-group.
func (c *Client) CreateGroup(ctx context.Context, g GroupCreate) (Group, error) {
	var out Group
	err := c.record(ctx, send{"create group", http.MethodPost, "/groups", "group", g}, &out)
	return out, err
}

// ProbeSearch asks how many tickets match a query of Zendesk's search syntax: whether search answers at all.
// Source: https://developer.zendesk.com/api-reference/ticketing/ticket-management/search/#show-results-count.
func (c *Client) ProbeSearch(ctx context.Context, query string) (int, error) {
	var out struct {
		Count int `json:"count"`
	}
	err := c.Get(ctx, "count search results", withQuery("/search/count", url.Values{"query": {query}}), &out)
	return out.Count, err
}

// ProbeChanges reads one ticket of the incremental export, which needs an admin: what reconciliation stands on.
// Source: https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports/.
func (c *Client) ProbeChanges(ctx context.Context, since int64) error {
	q := url.Values{"start_time": {strconv.FormatInt(since, 10)}, "per_page": {"1"}}
	return c.Get(ctx, "probe incremental export", withQuery("/incremental/tickets/cursor", q), nil)
}

// ProbeWrite learns whether the token may write tickets, by an update of a ticket that can't exist: nil when it may, else an
// *Error, of KindForbidden when scope or role do not reach. Nothing is written.
func (c *Client) ProbeWrite(ctx context.Context) error {
	in := map[string]any{"ticket": map[string]any{}}
	err := c.Put(ctx, "probe ticket update", ticketPath(0), in, nil)
	e, refused := errors.AsType[*Error](err)
	if refused && (e.Kind == KindNotFound || e.Kind == KindInvalid || e.Kind == KindClosed || e.Status == http.StatusBadRequest) {
		return nil // it was let in, and there is no such ticket
	}
	return err
}

// AssignedTickets counts the tickets that a user is or was assigned to.
// Source: https://developer.zendesk.com/api-reference/ticketing/users/users/#show-user-related-information.
func (c *Client) AssignedTickets(ctx context.Context, userID int64) (int, error) {
	var out struct {
		Related struct {
			Assigned int `json:"assigned_tickets"`
		} `json:"user_related"`
	}
	err := c.Get(ctx, "show user's related", userPath(userID)+"/related", &out)
	return out.Related.Assigned, err
}
