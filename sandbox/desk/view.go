package desk

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// view is a saved list of tickets (https://developer.zendesk.com/api-reference/ticketing/business-rules/views/).
type view struct {
	head
	Title       string        `json:"title"`
	RawTitle    string        `json:"raw_title"`
	Description string        `json:"description"`
	Active      bool          `json:"active"`
	Default     bool          `json:"default"`
	Position    int           `json:"position"`
	Conditions  conditions    `json:"conditions"`
	Execution   viewExecution `json:"execution"`
	Output      viewOutput    `json:"output"`
	All         []condition   `json:"all,omitempty"` // as written; kept in Conditions
	Any         []condition   `json:"any,omitempty"`
	Restriction any           `json:"restriction"`
}

// viewOutput is how a written view names its columns and order.
type viewOutput struct {
	Columns    []string `json:"columns,omitempty"`
	GroupBy    string   `json:"group_by,omitempty"`
	GroupOrder string   `json:"group_order,omitempty"`
	SortBy     string   `json:"sort_by,omitempty"`
	SortOrder  string   `json:"sort_order,omitempty"`
}

// viewExecution is how a view is shown.
type viewExecution struct {
	GroupBy    string           `json:"group_by"`
	GroupOrder string           `json:"group_order"`
	SortBy     string           `json:"sort_by"`
	SortOrder  string           `json:"sort_order"`
	Columns    []map[string]any `json:"columns"`
}

func (s *Server) viewResource() *resource[view, *view] {
	return &resource[view, *view]{
		list: s.views, singular: "view", plural: "views", made: http.StatusOK,
		fresh: func() *view { return &view{Active: true, Position: 1 + len(s.views.order)} },
		check: func(_ *call, _, v *view) error { return checkView(v) },
	}
}

func (s *Server) viewRoutes() []route {
	res := s.viewResource()
	active := func(c *call) (answer, error) {
		return res.indexOf(s, c, s.views.where(func(v *view) bool { return v.Active }))
	}
	return append(
		[]route{
			rt("GET", "/api/v2/views/active", active),
			rt("GET", "/api/v2/views/compact", active),
			rt("GET", "/api/v2/views/count_many", s.countViews),
			rt("GET", "/api/v2/views/count", func(*call) (answer, error) { return s.count(len(s.views.order)) }),
			rt("GET", "/api/v2/views/search", func(c *call) (answer, error) {
				words := strings.ToLower(c.query.Get("query"))
				return res.indexOf(s, c, s.views.where(func(v *view) bool { return strings.Contains(strings.ToLower(v.Title), words) }))
			}),
			rt("GET", "/api/v2/views/{id}/execute", s.executeView),
			rt("GET", "/api/v2/views/{id}/tickets", s.viewTickets),
			rt("GET", "/api/v2/views/{id}/count", s.countView),
		},
		res.routes(s)...,
	)
}

func checkView(v *view) error {
	v.RawTitle = v.Title
	if strings.TrimSpace(v.Title) == "" {
		return invalid("title", "BlankValue", "Title: cannot be blank")
	}
	if v.All != nil || v.Any != nil {
		v.Conditions = conditions{All: v.All, Any: v.Any}
		v.All, v.Any = nil, nil
	}
	if len(v.Conditions.All) == 0 {
		return invalid("base", "BlankValue", "Conditions: at least one must be in all")
	}
	o := v.Output
	orDefault(&o.SortBy, "updated_at")
	orDefault(&o.SortOrder, "desc")
	v.Execution = viewExecution{GroupBy: o.GroupBy, GroupOrder: o.GroupOrder, SortBy: o.SortBy, SortOrder: o.SortOrder, Columns: []map[string]any{}}
	if len(o.Columns) == 0 {
		o.Columns = []string{"status", "subject", "requester", "created", "group", "assignee"}
	}
	for _, id := range o.Columns {
		v.Execution.Columns = append(v.Execution.Columns, map[string]any{"id": id, "title": strings.ToUpper(id[:1]) + id[1:]})
	}
	return v.Conditions.check()
}

// ticketsOf lists a view's tickets as the caller sees them.
func (s *Server) ticketsOf(v *view, by actor) []*ticket {
	return s.tickets.where(func(t *ticket) bool {
		return t.Status != statusClosed && s.holds(v.Conditions, &situation{prev: t, next: t, by: by})
	})
}

func (s *Server) viewTickets(c *call) (answer, error) {
	v := s.views.get(c.id("id"))
	if v == nil {
		return answer{}, notFound()
	}
	return s.ticketList(c, s.ticketsOf(v, actorOf(c)))
}

func (s *Server) executeView(c *call) (answer, error) {
	v := s.views.get(c.id("id"))
	if v == nil {
		return answer{}, notFound()
	}
	key := fmt.Sprintf("%d/%d", v.ID, c.user.ID)
	if err := s.spend(c.header, limit{"views-execute", key, s.limits().ViewExecutions, time.Minute}); err != nil {
		return answer{}, err
	}
	list := s.ticketsOf(v, actorOf(c))
	sortTickets(c, list)
	out, err := page(s, c, listing[*ticket]{
		key: "rows", items: list, id: func(t *ticket) int64 { return t.ID }, show: func(t *ticket) any { return s.viewRow(t) },
	})
	if err == nil {
		out["view"] = s.viewResource().wire(s, v)
		out["columns"] = v.Execution.Columns
	}
	return answer{body: out}, err
}

func (s *Server) viewRow(t *ticket) map[string]any {
	return map[string]any{
		"ticket": s.ticketWire(t), "ticket_id": t.ID, "subject": t.Subject, "status": t.Status, "created": t.CreatedAt,
		"updated": t.UpdatedAt, "requester_id": t.RequesterID, "assignee_id": t.AssigneeID, "group_id": t.GroupID,
		"organization_id": t.OrganizationID, "priority": t.Priority,
	}
}

func (s *Server) viewCount(v *view, by actor) map[string]any {
	n := len(s.ticketsOf(v, by))
	return map[string]any{
		"url": s.url("/views/%d/count.json", v.ID), "view_id": v.ID, "value": n, "pretty": fmt.Sprint(n), "fresh": true, "active": v.Active,
	}
}

func (s *Server) countView(c *call) (answer, error) {
	v := s.views.get(c.id("id"))
	if v == nil {
		return answer{}, notFound()
	}
	return ok(map[string]any{"view_count": s.viewCount(v, actorOf(c))})
}

func (s *Server) countViews(c *call) (answer, error) {
	ids, err := idList(c.query.Get("ids"))
	if err != nil {
		return answer{}, err
	}
	counts := []any{}
	for _, v := range s.views.where(func(v *view) bool { return slices.Contains(ids, v.ID) }) {
		counts = append(counts, s.viewCount(v, actorOf(c)))
	}
	return ok(map[string]any{"view_counts": counts})
}

// UnmarshalJSON implements json.Unmarshaler: output's columns may be ids or objects.
func (o *viewOutput) UnmarshalJSON(raw []byte) error {
	type plain viewOutput
	var in struct {
		*plain
		Columns []json.RawMessage `json:"columns"`
	}
	in.plain = (*plain)(o)
	if err := json.Unmarshal(raw, &in); err != nil {
		return err
	}
	o.Columns = nil
	for _, c := range in.Columns {
		var obj struct {
			ID flexText `json:"id"`
		}
		if json.Unmarshal(c, &obj) != nil && json.Unmarshal(c, &obj.ID) != nil {
			continue
		}
		if obj.ID != "" {
			o.Columns = append(o.Columns, string(obj.ID))
		}
	}
	return nil
}
