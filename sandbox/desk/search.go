package desk

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"
)

// maxResults is how many results offset paging reaches; more need the export.
const maxResults = 1000

func (s *Server) searchRoutes() []route {
	return []route{
		rt("GET", "/api/v2/search", s.search),
		rt("GET", "/api/v2/search/count", s.searchCount),
		rt("GET", "/api/v2/search/export", s.searchExport),
	}
}

func badSearch(why string) error {
	return &apiError{status: http.StatusUnprocessableEntity, code: "invalid", description: "Invalid search: " + why}
}

func (s *Server) search(c *call) (answer, error) {
	found, err := s.results(c)
	if err != nil {
		return answer{}, err
	}
	if size := clamp(intParam(c.query, "per_page", maxPage), maxPage); intParam(c.query, "page", 1)*size > maxResults {
		return answer{}, badSearch("Requested response size was greater than Search Response Limits")
	}
	out, err := s.resultPage(c, found, maxPage)
	if err == nil {
		out["facets"] = nil
	}
	return answer{body: out}, err
}

func (s *Server) searchCount(c *call) (answer, error) {
	found, err := s.results(c)
	return answer{body: map[string]any{"count": len(found)}}, err
}

// searchExport goes over all results of one type by cursor, oldest first.
func (s *Server) searchExport(c *call) (answer, error) {
	if err := s.spend(c.header, limit{"search-export", "", s.limits().SearchExportsPerMinute, time.Minute}); err != nil {
		return answer{}, err
	}
	kind := c.query.Get("filter[type]")
	if !slices.Contains([]string{"ticket", "organization", "user", "group"}, kind) {
		return answer{}, badSearch("filter[type] must be ticket, organization, user or group")
	}
	q := parseQuery(c.query.Get("query"))
	if q.typed() {
		return answer{}, badSearch("the type belongs in filter[type]")
	}
	q.terms = append(q.terms, term{key: "type", op: ":", value: kind})
	found := s.index.find(s, q)
	slices.SortStableFunc(found, func(a, b indexed) int { return a.created().Compare(b.created()) })
	if !c.query.Has("page[size]") {
		c.query.Set("page[size]", "100")
	}
	out, err := s.resultPage(c, found, maxResults)
	return answer{body: out}, err
}

func (s *Server) results(c *call) ([]indexed, error) {
	q := parseQuery(c.query.Get("query"))
	if len(q.terms) == 0 {
		return nil, badSearch("the query is empty")
	}
	found := s.index.find(s, q)
	by := c.query.Get("sort_by")
	slices.SortStableFunc(found, func(a, b indexed) int {
		var n int
		switch by {
		case "created_at":
			n = a.created().Compare(b.created())
		case "status", "priority", "ticket_type":
			n = cmp.Compare(a.attribute(by), b.attribute(by))
		default:
			n = a.at.Compare(b.at)
		}
		if c.query.Get("sort_order") == "asc" {
			return n
		}
		return -n
	})
	return found, nil
}

func (d *indexed) created() time.Time {
	switch {
	case d.ticket != nil:
		return d.ticket.CreatedAt
	case d.user != nil:
		return d.user.CreatedAt
	case d.org != nil:
		return d.org.CreatedAt
	default:
		return d.group.CreatedAt
	}
}

func (d *indexed) attribute(name string) string {
	switch {
	case d.ticket == nil:
		return ""
	case name == "status":
		return string(rune('0' + statusRank(d.ticket.Status)))
	default:
		return ticketAttribute(d.ticket, strings.TrimPrefix(name, "ticket_"))
	}
}

func (s *Server) resultPage(c *call, found []indexed, most int) (map[string]any, error) {
	return page(s, c, listing[indexed]{
		key: "results", items: found, most: most,
		id: func(d indexed) int64 { return d.id }, show: func(d indexed) any { return s.result(&d) },
	})
}

// result shows a record as a search does: as it was indexed, with its type.
func (s *Server) result(d *indexed) any {
	switch {
	case d.ticket != nil:
		return struct {
			*ticketWire
			Kind string `json:"result_type"`
		}{s.ticketWire(d.ticket), d.kind}
	case d.user != nil:
		shown := *d.user
		shown.URL = s.url("/users/%d.json", d.id)
		return struct {
			*user
			Kind string `json:"result_type"`
		}{&shown, d.kind}
	case d.org != nil:
		shown := *d.org
		shown.URL = s.url("/organizations/%d.json", d.id)
		return struct {
			*organization
			Kind string `json:"result_type"`
		}{&shown, d.kind}
	default:
		shown := *d.group
		shown.URL = s.url("/groups/%d.json", d.id)
		return struct {
			*group
			Kind string `json:"result_type"`
		}{&shown, d.kind}
	}
}
