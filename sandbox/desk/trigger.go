package desk

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// trigger is a rule that runs at every change of a ticket
// (https://developer.zendesk.com/api-reference/ticketing/business-rules/triggers/).
type trigger struct {
	head
	Title       string     `json:"title"`
	RawTitle    string     `json:"raw_title"`
	Description *string    `json:"description"`
	Active      bool       `json:"active"`
	Position    int        `json:"position"`
	Conditions  conditions `json:"conditions"`
	Actions     []action   `json:"actions"`
	CategoryID  *string    `json:"category_id"`
	Default     bool       `json:"default"`
}

// action is one thing that a trigger or macro does; the value is a text or a list of texts.
type action struct {
	Field string          `json:"field"`
	Value json.RawMessage `json:"value"`
}

// texts are the action's value as a list.
func (a action) texts() []string {
	var one flexText
	if json.Unmarshal(a.Value, &one) == nil {
		return []string{string(one)}
	}
	var list []flexText
	if json.Unmarshal(a.Value, &list) != nil {
		return nil
	}
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}

func (a action) text() string {
	if list := a.texts(); len(list) > 0 {
		return list[0]
	}
	return ""
}

func (s *Server) triggerResource() *resource[trigger, *trigger] {
	return &resource[trigger, *trigger]{
		list: s.triggers, singular: "trigger", plural: "triggers",
		fresh: func() *trigger { return &trigger{Active: true, Position: 1 + len(s.triggers.order)} },
		check: func(_ *call, _, t *trigger) error { return s.checkTrigger(t) },
		keep: func(c *call, t *trigger) bool {
			want := c.query.Get("active")
			return want == "" || want == strconv.FormatBool(t.Active)
		},
	}
}

func (s *Server) triggerRoutes() []route {
	res := s.triggerResource()
	return append(
		[]route{
			rt("GET", "/api/v2/triggers/active", func(c *call) (answer, error) {
				return res.indexOf(s, c, s.triggers.where(func(t *trigger) bool { return t.Active }))
			}),
			rt("GET", "/api/v2/triggers/search", func(c *call) (answer, error) {
				words := strings.ToLower(c.query.Get("query"))
				return res.indexOf(s, c, s.triggers.where(func(t *trigger) bool { return strings.Contains(strings.ToLower(t.Title), words) }))
			}),
		},
		res.routes(s)...,
	)
}

func (s *Server) checkTrigger(t *trigger) error {
	t.RawTitle = t.Title
	if strings.TrimSpace(t.Title) == "" {
		return invalid("title", "BlankValue", "Title: cannot be blank")
	}
	if len(t.Conditions.All)+len(t.Conditions.Any) == 0 {
		return invalid("base", "BlankValue", "Conditions: cannot be blank")
	}
	if len(t.Actions) == 0 {
		return invalid("base", "BlankValue", "Actions: cannot be blank")
	}
	for _, a := range t.Actions {
		if a.Field != "notification_webhook" {
			continue
		}
		w := s.webhooks.items[a.text()]
		if w == nil || !w.onTriggers() || len(a.texts()) > 2 {
			return invalid("base", "InvalidValue", "Action: the webhook does not exist or is not connected to triggers")
		}
	}
	return t.Conditions.check()
}

// firing is what the triggers of one change cause besides changing the ticket.
type firing struct {
	events []event       // e-mails they sent, as the audit tells them
	mails  []Mail        // the same for the log
	calls  []webhookCall // webhooks they called
}

// webhookCall is a webhook about to be called with a body.
type webhookCall struct {
	webhookID string
	body      string
}

// runTriggers lets every active trigger fire at most once, again from the first whenever one changed the ticket.
func (s *Server) runTriggers(ch *change) firing {
	var out firing
	active := s.triggers.where(func(t *trigger) bool { return t.Active })
	slices.SortStableFunc(active, func(a, b *trigger) int { return a.Position - b.Position })
	done := map[int64]bool{}
	for again := true; again; {
		again = false
		for _, t := range active {
			x := &situation{prev: ch.prev, next: ch.next, update: true, comment: ch.comment, by: ch.by}
			if done[t.ID] || !s.holds(t.Conditions, x) {
				continue
			}
			done[t.ID] = true
			before := *ch.next
			s.fire(t, ch, &out)
			if len(s.changeEvents(&before, ch.next)) > 0 {
				again = true
				break
			}
		}
	}
	return out
}

func (s *Server) fire(t *trigger, ch *change, out *firing) {
	for _, a := range t.Actions {
		list := a.texts()
		switch a.Field {
		case "notification_webhook":
			w := s.webhooks.items[a.text()]
			if w == nil || w.Status != "active" {
				continue
			}
			body := ""
			if len(list) > 1 {
				body = s.render(list[1], ch, w.RequestFormat == "json")
			}
			out.calls = append(out.calls, webhookCall{w.ID, body})
		case "notification_user", "notification_group":
			s.mailFrom(t, ch, a, out)
		default:
			s.act(ch.next, a, ch.by)
		}
	}
	s.settleStatus(ch)
}

// act does what an action does to a ticket; what it cannot do is passed over.
func (s *Server) act(t *ticket, a action, by actor) {
	value := a.text()
	id, _ := strconv.ParseInt(value, 10, 64)
	if value == "current_user" {
		id = by.id()
	}
	before := t.Tags
	switch a.Field {
	case "status":
		if statusRank(value) > 0 {
			t.Status = value
		}
	case "priority":
		t.Priority = &value
	case "type":
		t.Type = &value
	case "subject":
		t.Subject = value
	case "set_tags":
		t.Tags = normalTags(a.texts())
	case "current_tags":
		t.Tags = normalTags(append(slices.Clone(t.Tags), a.texts()...))
	case "remove_tags":
		t.Tags = withoutTags(t.Tags, normalTags(a.texts()))
	case "group_id":
		s.moveToGroup(t, id)
	case "assignee_id":
		s.handTo(t, id)
	case "ticket_form_id":
		t.FormID = idPointer(id)
	default:
		if field, err := strconv.ParseInt(strings.TrimPrefix(a.Field, "custom_fields_"), 10, 64); err == nil {
			trial := *t
			if s.setField(&trial, field, mustJSON(value)) == nil {
				*t = trial
			}
		}
	}
	if !slices.Equal(before, t.Tags) {
		s.followTags(t, before)
	}
}

func (s *Server) moveToGroup(t *ticket, id int64) {
	if s.groups.get(id) == nil {
		return
	}
	t.GroupID = &id
	if s.memberOf(idValue(t.AssigneeID), id) == nil {
		t.AssigneeID = nil
	}
}

func (s *Server) handTo(t *ticket, id int64) {
	trial := *t
	if s.assign(&trial, id, false) == nil {
		*t = trial
	}
}
