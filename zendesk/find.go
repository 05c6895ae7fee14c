package zendesk

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"unicode"
)

// ticketList is the body of an answer that lists tickets.
type ticketList struct {
	Tickets []Ticket `json:"tickets"`
}

// newestFirst asks for one page of a list, by when its records were changed.
func newestFirst(most int) url.Values {
	return url.Values{"sort_by": {"updated_at"}, "sort_order": {"desc"}, "per_page": {strconv.Itoa(min(max(most, 1), ticketsPerPage))}}
}

// RequestedTickets returns a user's tickets, those changed last first, at most 100; it costs one request.
// Source: https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#list-tickets.
func (c *Client) RequestedTickets(ctx context.Context, userID int64, most int) ([]Ticket, error) {
	var out ticketList
	path := withQuery("/users/"+strconv.FormatInt(userID, 10)+"/tickets/requested", newestFirst(most))
	if err := c.Get(ctx, "list requested tickets", path, &out); err != nil {
		return nil, err
	}
	return out.Tickets[:min(len(out.Tickets), max(most, 0))], nil
}

// FindTickets returns the tickets that hold words, those changed last first, at most 100; it costs one request. What Zendesk would take for
// operators of its search is looked for as words. The index lags behind; without any words nothing is found.
// Source: https://developer.zendesk.com/api-reference/ticketing/ticket-management/search/#list-search-results.
func (c *Client) FindTickets(ctx context.Context, words string, most int) ([]Ticket, error) {
	words = searchWords(words)
	if words == "" {
		return nil, nil
	}
	q := newestFirst(most)
	q.Set("query", "type:ticket "+words)
	var out struct {
		Results []Ticket `json:"results"`
	}
	if err := c.Get(ctx, "find tickets", withQuery("/search", q), &out); err != nil {
		return nil, err
	}
	return out.Results[:min(len(out.Results), max(most, 0))], nil
}

// searchWords is what people typed without what has a meaning in Zendesk's search syntax.
func searchWords(typed string) string {
	words := strings.FieldsFunc(typed, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune(`":<>*()`, r)
	})
	for i, w := range words {
		words[i] = strings.TrimLeft(w, "-+")
	}
	return strings.Join(strings.Fields(strings.Join(words, " ")), " ")
}
