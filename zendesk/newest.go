package zendesk

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// TicketWithUsers reads a ticket and the users that it names, by id.
// Source: https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#show-ticket.
func (c *Client) TicketWithUsers(ctx context.Context, id int64) (Ticket, map[int64]User, error) {
	const op = "show ticket"
	var out struct {
		Ticket Ticket `json:"ticket"`
		Users  []User `json:"users"`
	}
	if err := c.Get(ctx, op, withQuery(ticketPath(id), url.Values{"include": {"users"}}), &out); err != nil {
		return Ticket{}, nil, err
	}
	if out.Ticket.ID == 0 {
		return Ticket{}, nil, unreadable(op, http.MethodGet, http.StatusOK, errNoRecord)
	}
	users := make(map[int64]User, len(out.Users))
	for _, u := range out.Users {
		users[u.ID] = u
	}
	return out.Ticket, users, nil
}

// NewestComments returns a ticket's comments from the newest so many pages of a hundred, the oldest first, and the users they name, by id;
// more says that there are earlier ones. An account that does not sort is read to its end.
func (c *Client) NewestComments(ctx context.Context, ticketID int64, pages int) (comments []Comment, users map[int64]User, more bool, err error) {
	users = make(map[int64]User)
	visit := func(p commentPage) bool {
		for _, u := range p.Users {
			users[u.ID] = u
		}
		comments = append(comments, p.Comments...)
		pages--
		more = p.next() != ""
		return pages > 0 || !descending(comments, func(a Comment) time.Time { return a.CreatedAt })
	}
	q := url.Values{"sort": {"-created_at"}, "include": {"users"}}
	if err := eachPage(ctx, c, "list comments", ticketPath(ticketID)+"/comments", q, visit); err != nil {
		return nil, nil, false, err
	}
	slices.SortFunc(comments, func(a, b Comment) int { return cmp.Compare(a.ID, b.ID) })
	return comments, users, more, nil
}

// NewestAudits returns a ticket's updates from the newest so many pages of a hundred, the oldest first; more says that there are earlier
// ones. An account that does not sort is read to its end.
func (c *Client) NewestAudits(ctx context.Context, ticketID int64, pages int) (audits []Audit, more bool, err error) {
	visit := func(p auditPage) bool {
		audits = append(audits, p.Audits...)
		pages--
		more = p.next() != ""
		return pages > 0 || !descending(audits, func(a Audit) time.Time { return a.CreatedAt })
	}
	if err := eachPage(ctx, c, "list audits", ticketPath(ticketID)+"/audits", url.Values{"sort": {"-created_at"}}, visit); err != nil {
		return nil, false, err
	}
	slices.SortFunc(audits, func(a, b Audit) int { return cmp.Compare(a.ID, b.ID) })
	return audits, more, nil
}

// descending tells whether a list is not oldest first.
func descending[T any](list []T, at func(T) time.Time) bool {
	return len(list) == 0 || !at(list[len(list)-1]).After(at(list[0]))
}

// Text returns the string value of a key, in custom itself or one object deeper; "" when there is none.
func (m Metadata) Text(key string) string {
	if s := text(m.Custom[key]); s != "" {
		return s
	}
	for _, raw := range m.Custom {
		var nested map[string]json.RawMessage
		if json.Unmarshal(raw, &nested) != nil {
			continue
		}
		if s := text(nested[key]); s != "" {
			return s
		}
	}
	return ""
}
