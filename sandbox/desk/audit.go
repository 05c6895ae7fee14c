package desk

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// audit is one change of a ticket: who, when, and its events
// (https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_audits/).
type audit struct {
	ID        int64         `json:"id"`
	TicketID  int64         `json:"ticket_id"`
	CreatedAt time.Time     `json:"created_at"`
	AuthorID  int64         `json:"author_id"` // the updater
	Via       via           `json:"via"`
	Metadata  auditMetadata `json:"metadata"`
	Events    []event       `json:"events"`
}

type auditMetadata struct {
	System map[string]any  `json:"system"`
	Custom json.RawMessage `json:"custom"`
}

// Types of events.
const (
	eventCreate  = "Create"
	eventChange  = "Change"
	eventComment = "Comment"
	eventNotify  = "Notification" // an e-mail by a trigger
	eventPrivate = "CommentPrivacyChange"
	eventRedact  = "CommentRedactionEvent"
)

// event is one thing that an audit tells. As stored, a comment stands in Comment; on the wire its keys are the event's.
type event struct {
	ID         int64           `json:"id"`
	Type       string          `json:"type"`
	FieldName  string          `json:"field_name,omitempty"`
	Value      json.RawMessage `json:"value,omitempty"`
	Previous   json.RawMessage `json:"previous_value,omitempty"`
	Comment    *comment        `json:"comment,omitempty"`
	CommentID  int64           `json:"comment_id,omitempty"`
	Subject    string          `json:"subject,omitempty"`
	Body       string          `json:"body,omitempty"`
	Recipients []int64         `json:"recipients,omitempty"`
	Via        *via            `json:"via,omitempty"`
}

// auditWire is an audit as the API shows it.
type auditWire struct {
	audit
	Events []any `json:"events"`
}

func (s *Server) auditWire(a *audit) *auditWire {
	w := &auditWire{audit: *a, Events: make([]any, 0, len(a.Events))}
	for i := range a.Events {
		e := a.Events[i]
		if e.Comment == nil {
			w.Events = append(w.Events, e)
			continue
		}
		w.Events = append(w.Events, s.commentWire(e.Comment))
	}
	return w
}

func (s *Server) auditRoutes() []route {
	base := "/api/v2/tickets/{ticket}/audits"
	return []route{
		rt("GET", base, s.listAudits),
		rt("GET", base+"/count", func(c *call) (answer, error) {
			if s.tickets.get(c.id("ticket")) == nil {
				return answer{}, notFound()
			}
			return s.count(len(s.tickets.audits[c.id("ticket")]))
		}),
		rt("GET", base+"/{id}", s.showAudit),
	}
}

// listAudits answers oldest first; sort=-created_at, sort=-id or sort_order=desc turn it round.
func (s *Server) listAudits(c *call) (answer, error) {
	if s.tickets.get(c.id("ticket")) == nil {
		return answer{}, notFound()
	}
	list := slices.Clone(s.tickets.audits[c.id("ticket")])
	if newestFirst(c) {
		slices.Reverse(list)
	}
	out, err := page(s, c, listing[*audit]{
		key: "audits", items: list,
		id: func(a *audit) int64 { return a.ID }, show: func(a *audit) any { return s.auditWire(a) },
	})
	if err == nil {
		s.sideload(c, out, peopleOfAudits(list))
	}
	return answer{body: out}, err
}

func (s *Server) showAudit(c *call) (answer, error) {
	for _, a := range s.tickets.audits[c.id("ticket")] {
		if a.ID == c.id("id") {
			return ok(map[string]any{"audit": s.auditWire(a)})
		}
	}
	return answer{}, notFound()
}

func newestFirst(c *call) bool {
	return strings.HasPrefix(c.query.Get("sort"), "-") || c.query.Get("sort_order") == "desc"
}

func peopleOfAudits(list []*audit) []int64 {
	var ids []int64
	for _, a := range list {
		ids = append(ids, a.AuthorID)
	}
	return ids
}

// sideload adds the users that were asked for with include=users.
func (s *Server) sideload(c *call, out map[string]any, ids []int64) {
	if !slices.Contains(strings.Split(c.query.Get("include"), ","), "users") {
		return
	}
	slices.Sort(ids)
	res, shown := s.userResource(), []any{}
	for _, id := range slices.Compact(ids) {
		if u := s.users.get(id); u != nil {
			shown = append(shown, res.wire(s, u))
		}
	}
	out["users"] = shown
}

// setEvents are the events of a new ticket's attributes.
func (s *Server) setEvents(t *ticket) []event {
	var out []event
	for _, f := range s.auditedFields(t) {
		if string(f.value) == "null" || string(f.value) == "[]" {
			continue
		}
		out = append(out, event{ID: s.newID(), Type: eventCreate, FieldName: f.name, Value: f.value})
	}
	return out
}

// changeEvents are the events of what differs between two states of a ticket.
func (s *Server) changeEvents(prev, next *ticket) []event {
	var out []event
	before := s.auditedFields(prev)
	for i, f := range s.auditedFields(next) {
		if string(before[i].value) == string(f.value) {
			continue
		}
		out = append(out, event{ID: s.newID(), Type: eventChange, FieldName: f.name, Value: f.value, Previous: before[i].value})
	}
	return out
}

type auditedField struct {
	name  string
	value json.RawMessage
}

// auditedFields lists what audits report, in a fixed order; ids are texts, as in Zendesk's audits.
func (s *Server) auditedFields(t *ticket) []auditedField {
	id := func(p *int64) json.RawMessage {
		if p == nil {
			return json.RawMessage("null")
		}
		return mustJSON(itoa(*p))
	}
	out := []auditedField{
		{"subject", mustJSON(t.Subject)},
		{"status", mustJSON(t.Status)},
		{"type", mustJSON(t.Type)},
		{"priority", mustJSON(t.Priority)},
		{"requester_id", id(&t.RequesterID)},
		{"organization_id", id(t.OrganizationID)},
		{"assignee_id", id(t.AssigneeID)},
		{"group_id", id(t.GroupID)},
		{"tags", mustJSON(listOf(t.Tags))},
		{"external_id", mustJSON(t.ExternalID)},
		{"ticket_form_id", id(t.FormID)},
		{"problem_id", id(t.ProblemID)},
		{"due_at", mustJSON(t.DueAt)},
		{"email_ccs", mustJSON(listOf(t.EmailCCs))},
		{"followers", mustJSON(listOf(t.Followers))},
	}
	for _, v := range s.fieldValues(t) {
		if string(v.Value) == "false" {
			v.Value = json.RawMessage("null")
		}
		out = append(out, auditedField{itoa(v.ID), v.Value})
	}
	return out
}
