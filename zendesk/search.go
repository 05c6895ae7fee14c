package zendesk

import (
	"context"
	"net/http"
	"net/url"
)

// FoundPage is one page of the tickets that a query matches.
type FoundPage struct {
	Tickets []ChangedTicket
	// After is the cursor of the next page, good for an hour; "" after the last one.
	After string
}

// ExportTickets reads one page of the tickets that match a query of Zendesk's search syntax, in the order of their creation, each once,
// however many there are. The query names no type. Its index lags behind; a cursor that was forgotten is KindBad, KindInvalid or
// KindNotFound.
// Source: https://developer.zendesk.com/api-reference/ticketing/ticket-management/search/#export-search-results.
func (c *Client) ExportTickets(ctx context.Context, query, cursor string) (FoundPage, error) {
	const op = "export tickets"
	q := url.Values{"query": {query}, "filter[type]": {"ticket"}, "page[size]": {pageSize}}
	if cursor != "" {
		q.Set("page[after]", cursor)
	}
	var out struct {
		pageMeta
		Results []ChangedTicket `json:"results"`
	}
	if err := c.Get(ctx, op, withQuery("/search/export", q), &out); err != nil {
		return FoundPage{}, err
	}
	page := FoundPage{Tickets: out.Results, After: out.next()}
	if page.After != "" && page.After == cursor {
		return FoundPage{}, unreadable(op, http.MethodGet, http.StatusOK, errEndless)
	}
	return page, nil
}
