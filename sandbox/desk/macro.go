package desk

import (
	"net/http"
	"strconv"
	"strings"
)

// macro is a prepared answer or set of changes (https://developer.zendesk.com/api-reference/ticketing/business-rules/macros/).
type macro struct {
	head
	Title       string   `json:"title"`
	RawTitle    string   `json:"raw_title"`
	Description *string  `json:"description"`
	Active      bool     `json:"active"`
	Default     bool     `json:"default"`
	Position    int      `json:"position"`
	Actions     []action `json:"actions"`
	Restriction any      `json:"restriction"`
}

func (s *Server) macroResource() *resource[macro, *macro] {
	return &resource[macro, *macro]{
		list: s.macros, singular: "macro", plural: "macros", made: http.StatusOK,
		fresh: func() *macro { return &macro{Active: true, Position: 1 + len(s.macros.order)} },
		check: func(_ *call, _, m *macro) error {
			m.RawTitle = m.Title
			if strings.TrimSpace(m.Title) == "" {
				return invalid("title", "BlankValue", "Title: cannot be blank")
			}
			if len(m.Actions) == 0 {
				return invalid("base", "BlankValue", "Actions: cannot be blank")
			}
			return nil
		},
		keep: func(c *call, m *macro) bool {
			want := strings.ToLower(c.query.Get("active"))
			return (want != "true" && want != "false") || want == strconv.FormatBool(m.Active)
		},
	}
}

func (s *Server) macroRoutes() []route {
	res := s.macroResource()
	return append(
		[]route{
			rt("GET", "/api/v2/macros/active", func(c *call) (answer, error) {
				return res.indexOf(s, c, s.macros.where(func(m *macro) bool { return m.Active }))
			}),
			rt("GET", "/api/v2/macros/search", func(c *call) (answer, error) {
				words := strings.ToLower(c.query.Get("query"))
				return res.indexOf(s, c, s.macros.where(func(m *macro) bool { return strings.Contains(strings.ToLower(m.Title), words) }))
			}),
			rt("GET", "/api/v2/macros/{id}/apply", s.applyMacro),
			rt("GET", "/api/v2/tickets/{ticket}/macros/{id}/apply", s.applyMacroToTicket),
		},
		res.routes(s)...,
	)
}

// applyMacro answers only the attributes that the macro would change, on no ticket in particular.
func (s *Server) applyMacro(c *call) (answer, error) {
	m := s.macros.get(c.id("id"))
	if m == nil {
		return answer{}, notFound()
	}
	blank := &ticket{Status: statusNew, Tags: []string{}}
	ch := &change{prev: blank, next: s.underMacro(m, blank, actorOf(c)), by: actorOf(c)}
	full := s.ticketWire(ch.next)
	out := map[string]any{}
	values := map[string]any{
		"status": full.Status, "priority": full.Priority, "type": full.Type, "subject": full.Subject, "assignee_id": full.AssigneeID,
		"group_id": full.GroupID, "tags": full.Tags, "ticket_form_id": full.FormID,
	}
	fields := map[string]any{}
	for _, e := range s.changeEvents(blank, ch.next) {
		if v, known := values[e.FieldName]; known {
			out[e.FieldName] = v
		} else if _, err := strconv.ParseInt(e.FieldName, 10, 64); err == nil {
			fields[e.FieldName] = e.Value
		}
	}
	if len(fields) > 0 {
		out["fields"], out["custom_fields"] = fields, fields
	}
	if cm := s.macroComment(m, ch); cm != nil {
		out["comment"] = cm
	}
	return ok(map[string]any{"result": map[string]any{"ticket": out}})
}

// applyMacroToTicket answers the whole ticket as it would be. Nothing is saved.
func (s *Server) applyMacroToTicket(c *call) (answer, error) {
	m, t := s.macros.get(c.id("id")), s.tickets.get(c.id("ticket"))
	if m == nil || t == nil {
		return answer{}, notFound()
	}
	ch := &change{prev: t, next: s.underMacro(m, t, actorOf(c)), by: actorOf(c)}
	type withComment struct {
		*ticketWire
		Comment *macroComment `json:"comment,omitempty"`
	}
	return ok(map[string]any{"result": map[string]any{"ticket": withComment{s.ticketWire(ch.next), s.macroComment(m, ch)}}})
}

func (s *Server) underMacro(m *macro, t *ticket, by actor) *ticket {
	next := *t
	for _, a := range m.Actions {
		s.act(&next, a, by)
	}
	return &next
}

// macroComment is the comment a macro proposes.
type macroComment struct {
	Body       string     `json:"body"`
	HTMLBody   string     `json:"html_body"`
	ScopedBody [][]string `json:"scoped_body"`
	Public     bool       `json:"public"`
}

func (s *Server) macroComment(m *macro, ch *change) *macroComment {
	var out *macroComment
	public := true
	for _, a := range m.Actions {
		switch a.Field {
		case "comment_mode_is_public":
			public = a.text() == "true"
		case "comment_value", "comment_value_html":
			// A list is [channel, text]; a text alone is for all channels.
			list := a.texts()
			scope := "channel:all"
			if len(list) > 1 {
				scope = list[0]
			}
			said := fromPlain(s.render(list[len(list)-1], ch, false))
			if formatted, err := fromHTML(said.body); err == nil && a.Field == "comment_value_html" {
				said = formatted
			}
			out = &macroComment{Body: said.body, HTMLBody: said.html, ScopedBody: [][]string{{scope, said.body}}}
		}
	}
	if out != nil {
		out.Public = public
	}
	return out
}
