package zendesk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"
	"unicode/utf8"
)

// ticketPath is the path of one ticket.
func ticketPath(id int64) string { return "/tickets/" + strconv.FormatInt(id, 10) }

// ticketAnswer is the body of every answer about one ticket.
type ticketAnswer struct {
	Ticket Ticket `json:"ticket"`
	Audit  Audit  `json:"audit"`
}

// CreateTicket creates a ticket. idempotencyKey (1 to 255 characters) makes a repeat within two hours answer the first
// call's ticket, with Replayed set; the same key with another body is refused with KindBad.
// Source: https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#create-ticket.
func (c *Client) CreateTicket(ctx context.Context, t TicketCreate, idempotencyKey string) (TicketWrite, error) {
	const op = "create ticket"
	if n := utf8.RuneCountInString(idempotencyKey); n == 0 || n > MaxIdempotencyKey {
		return TicketWrite{}, &Error{
			Op: op, Kind: KindBad, cause: fmt.Errorf("an idempotency key has 1 to %d characters", MaxIdempotencyKey),
		}
	}
	ex := &exchange{idempotencyKey: idempotencyKey}
	return c.writeTicket(ctx, call{op: op, method: http.MethodPost, path: "/tickets", in: ticketBody(t)}, ex)
}

// UpdateTicket changes a ticket. It is never repeated by the client: after an Error.Uncertain look with FindAudit whether
// it happened. A closed ticket is KindClosed, a SafeUpdate that lost is KindConflict.
// Source: https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#update-ticket.
func (c *Client) UpdateTicket(ctx context.Context, id int64, t TicketUpdate) (TicketWrite, error) {
	t.UpdatedStamp = t.UpdatedStamp.UTC()
	put := call{op: "update ticket", method: http.MethodPut, path: ticketPath(id), in: ticketBody(t)}
	return c.writeTicket(ctx, put, &exchange{})
}

// ticketBody wraps a ticket as Zendesk wants it.
func ticketBody[T TicketCreate | TicketUpdate](t T) any {
	return struct {
		Ticket T `json:"ticket"`
	}{t}
}

// writeTicket carries out a creation or an update.
func (c *Client) writeTicket(ctx context.Context, r call, ex *exchange) (TicketWrite, error) {
	var out ticketAnswer
	r.out = &out
	if err := c.call(ctx, r, ex); err != nil {
		return TicketWrite{}, err
	}
	if out.Ticket.ID == 0 {
		return TicketWrite{}, unreadable(r.op, r.method, int(ex.status.Load()), errNoRecord)
	}
	return TicketWrite{
		Ticket: out.Ticket, Audit: out.Audit, CommentIDs: out.Audit.CommentIDs(), Replayed: ex.replayed.Load(),
	}, nil
}

// AddTags adds tags to a ticket and leaves those that it has. It may be repeated.
// Source: https://developer.zendesk.com/api-reference/ticketing/ticket-management/tags/#add-tags.
func (c *Client) AddTags(ctx context.Context, id int64, tags []string) error {
	in := struct {
		Tags []string `json:"tags"`
	}{tags}
	var out struct {
		Tags []string `json:"tags"`
	}
	return c.Put(ctx, "add tags", ticketPath(id)+"/tags", in, &out)
}

// ShowTicket reads a ticket.
func (c *Client) ShowTicket(ctx context.Context, id int64) (Ticket, error) {
	const op = "show ticket"
	var out ticketAnswer
	if err := c.Get(ctx, op, ticketPath(id), &out); err != nil {
		return Ticket{}, err
	}
	if out.Ticket.ID == 0 {
		return Ticket{}, unreadable(op, http.MethodGet, http.StatusOK, errNoRecord)
	}
	return out.Ticket, nil
}

// TicketsByExternalID lists the tickets that carry an external id, at most 100. It reads the record, not the search index.
func (c *Client) TicketsByExternalID(ctx context.Context, externalID string) ([]Ticket, error) {
	var out struct {
		Tickets []Ticket `json:"tickets"`
	}
	q := url.Values{"external_id": {externalID}, "page[size]": {pageSize}}
	if err := c.Get(ctx, "list tickets by external id", withQuery("/tickets", q), &out); err != nil {
		return nil, err
	}
	return out.Tickets, nil
}

// ChangedTicket is a ticket as the incremental export names it. Ids that are null are 0.
type ChangedTicket struct {
	ID             int64     `json:"id"`
	UpdatedAt      time.Time `json:"updated_at"`
	ExternalID     string    `json:"external_id"`
	Subject        string    `json:"subject"`
	Status         string    `json:"status"`
	GroupID        int64     `json:"group_id"`
	AssigneeID     int64     `json:"assignee_id"`
	OrganizationID int64     `json:"organization_id"`
	Tags           []string  `json:"tags"`
}

// ChangedPage is one page of the incremental export.
type ChangedPage struct {
	// Tickets changed; the same one may come again on a later page.
	Tickets []ChangedTicket
	// After is the cursor to go on from, also after the end.
	After string
	// End says that nothing more has changed up to a minute ago.
	End bool
}

// ChangedTickets reads one page of the tickets that changed after cursor, or since start when there is no cursor yet. A start
// younger than Zendesk allows is moved back; changes of the last minute come with a later call. Needs an admin's token and
// counts against IncrementalPerMinute.
// Source: https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports/.
func (c *Client) ChangedTickets(ctx context.Context, cursor string, start time.Time) (ChangedPage, error) {
	const op = "list changed tickets"
	q := url.Values{}
	switch {
	case cursor != "":
		q.Set("cursor", cursor)
	case start.Unix() <= 0:
		return ChangedPage{}, &Error{Op: op, Kind: KindBad, cause: errors.New("a cursor or a start is needed")}
	default:
		latest := c.now().Add(-IncrementalDelay - time.Second)
		if start.After(latest) {
			start = latest
		}
		q.Set("start_time", strconv.FormatInt(start.Unix(), 10))
	}
	var out struct {
		Tickets []ChangedTicket `json:"tickets"`
		After   string          `json:"after_cursor"`
		End     bool            `json:"end_of_stream"`
	}
	if err := c.Get(ctx, op, withQuery("/incremental/tickets/cursor", q), &out); err != nil {
		return ChangedPage{}, err
	}
	if out.After == "" {
		out.After = cursor
	}
	return ChangedPage{Tickets: out.Tickets, After: out.After, End: out.End}, nil
}
