package desk

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// condition is one test of a trigger or view.
type condition struct {
	Field    string          `json:"field"`
	Operator string          `json:"operator"`
	Value    json.RawMessage `json:"value"`
}

// conditions hold when every one of All does and, where there are any, one of Any does.
type conditions struct {
	All []condition `json:"all"`
	Any []condition `json:"any"`
}

// situation is what conditions are asked about: a ticket, and for triggers the change that is being made.
type situation struct {
	prev    *ticket // nil when the ticket is being created
	next    *ticket
	update  bool // an update is being made, not a view looked at
	comment *comment
	by      actor
}

func (s *Server) holds(c conditions, x *situation) bool {
	for _, one := range c.All {
		if !s.fulfils(one, x) {
			return false
		}
	}
	return len(c.Any) == 0 || slices.ContainsFunc(c.Any, func(one condition) bool { return s.fulfils(one, x) })
}

func (c condition) text() string {
	var v flexText
	if json.Unmarshal(c.Value, &v) == nil {
		return string(v)
	}
	var list []flexText
	if json.Unmarshal(c.Value, &list) == nil && len(list) > 0 {
		return string(list[0])
	}
	return ""
}

func (s *Server) fulfils(c condition, x *situation) bool {
	want := c.text()
	switch c.Field {
	case "update_type":
		is := x.update && (want == "Create") == (x.prev == nil)
		return is == (c.Operator != "is_not")
	case "current_via_id", "via_id":
		return (viaID(x.by.channel) == want) == (c.Operator != "is_not")
	case "comment_is_public":
		return commentIs(x.comment, want) == (c.Operator != "is_not")
	case "role":
		return x.roleIs(want) == (c.Operator != "is_not")
	case "current_tags":
		return tagsFulfil(c.Operator, x.next.Tags, splitTags(want))
	case "comment_includes_word", "subject_includes_word":
		return wordsFulfil(c, x)
	case "ticket_is_public":
		return (x.next.IsPublic == (want == "public")) == (c.Operator != "is_not")
	}
	if want == "current_user" && x.by.user != nil {
		want = itoa(x.by.user.ID)
	}
	before := ""
	if x.prev != nil {
		before = ticketAttribute(x.prev, c.Field)
	}
	return compare(c, before, ticketAttribute(x.next, c.Field), want)
}

// commentIs tells a comment's visibility in the words of the comment_is_public condition.
func commentIs(m *comment, want string) bool {
	if m == nil {
		return false
	}
	switch want {
	case "true", "requester_can_see_comment":
		return m.Public
	case "false":
		return !m.Public
	default: // not_relevant: there is a comment
		return true
	}
}

// roleIs knows "agent", "end_user", "current_user" and user ids.
func (x *situation) roleIs(want string) bool {
	if x.by.user == nil {
		return false
	}
	switch want {
	case "agent":
		return x.by.user.staff()
	case "end_user", roleEndUser:
		return !x.by.user.staff()
	default:
		return itoa(x.by.user.ID) == want
	}
}

func tagsFulfil(operator string, tags, want []string) bool {
	if operator == "is" || operator == "all" {
		return len(withoutTags(want, tags)) == 0
	}
	has := slices.ContainsFunc(want, func(t string) bool { return slices.Contains(tags, t) })
	return has == (operator != "not_includes")
}

func wordsFulfil(c condition, x *situation) bool {
	where := strings.ToLower(x.next.Subject)
	if c.Field == "comment_includes_word" {
		where = ""
		if x.comment != nil {
			where = strings.ToLower(x.comment.Body)
		}
	}
	has := slices.ContainsFunc(strings.Fields(strings.ToLower(c.text())), func(w string) bool { return strings.Contains(where, w) })
	return has == !strings.HasPrefix(c.Operator, "not")
}

// ticketAttribute is a ticket's attribute as conditions see it; empty when unset.
func ticketAttribute(t *ticket, field string) string {
	ids := map[string]*int64{
		"group_id": t.GroupID, "assignee_id": t.AssigneeID, "organization_id": t.OrganizationID, "ticket_form_id": t.FormID,
		"requester_id": &t.RequesterID, "submitter_id": &t.SubmitterID,
	}
	if id, found := ids[field]; found {
		if id == nil {
			return ""
		}
		return itoa(*id)
	}
	switch field {
	case "status":
		return t.Status
	case "type":
		return text(t.Type)
	case "priority":
		return text(t.Priority)
	case "brand_id":
		return itoa(brandID)
	case "subject":
		return t.Subject
	}
	id, err := strconv.ParseInt(strings.TrimPrefix(field, "custom_fields_"), 10, 64)
	if err != nil {
		return ""
	}
	var v flexText
	if json.Unmarshal(t.Fields[id], &v) != nil {
		return ""
	}
	return string(v)
}

func compare(c condition, before, now, want string) bool {
	rank := func(v string) int {
		if c.Field == "status" {
			return statusRank(v)
		}
		return slices.Index([]string{"low", "normal", "high", "urgent"}, v)
	}
	switch c.Operator {
	case "is_not":
		return now != want
	case "changed":
		return now != before
	case "not_changed":
		return now == before
	case "value", "changed_to":
		return now != before && now == want
	case "not_value", "not_changed_to":
		return now == before || now != want
	case "value_previous", "changed_from":
		return now != before && before == want
	case "not_value_previous", "not_changed_from":
		return now == before || before != want
	case "less_than":
		return rank(now) < rank(want)
	case "greater_than":
		return rank(now) > rank(want)
	case "present":
		return (now != "") == (want != "false")
	case "not_present":
		return now == ""
	default:
		return now == want
	}
}

// conditionFields are the fields of conditions besides custom_fields_<id>.
func conditionFields() []string {
	return []string{
		"update_type", "current_via_id", "via_id", "comment_is_public", "role", "current_tags", "comment_includes_word",
		"subject_includes_word", "ticket_is_public", "status", "type", "priority", "group_id", "assignee_id", "organization_id",
		"ticket_form_id", "requester_id", "submitter_id", "brand_id", "subject",
	}
}

func conditionOperators() []string {
	return []string{
		"is", "is_not", "includes", "not_includes", "all", "changed", "not_changed", "value", "changed_to", "not_value",
		"not_changed_to", "value_previous", "changed_from", "not_value_previous", "not_changed_from", "less_than",
		"greater_than", "present", "not_present",
	}
}

// check refuses conditions that the account does not know.
func (c conditions) check() error {
	fields, operators := conditionFields(), conditionOperators()
	for _, one := range slices.Concat(c.All, c.Any) {
		if !slices.Contains(fields, one.Field) && !strings.HasPrefix(one.Field, "custom_fields_") {
			return invalid("base", "InvalidValue", fmt.Sprintf("Condition: %q is not a field", one.Field))
		}
		if !slices.Contains(operators, one.Operator) {
			return invalid("base", "InvalidValue", fmt.Sprintf("Condition: %q is not an operator", one.Operator))
		}
	}
	return nil
}
