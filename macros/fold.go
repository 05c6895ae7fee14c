package macros

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/ponte-desk/ponte/zendesk"
)

// ErrDynamic is a macro that says something only Zendesk knows.
var ErrDynamic = errors.New("macro cannot be folded locally")

// Fold returns what a macro does to a ticket. It fails with ErrDynamic, naming the action, when Static is false.
//
// Actions are carried out in their order. What changes no ticket, such as a side conversation, becomes a Note.
func Fold(m zendesk.Macro, at Ticket) (Result, error) {
	f := folder{at: at, out: Result{MacroID: m.ID}}
	for i, a := range m.Actions {
		if !f.do(a) {
			return Result{}, fmt.Errorf("%w: action %d", ErrDynamic, i+1)
		}
	}
	return f.out, nil
}

// Static reports whether Fold knows all that the macro says.
func Static(m zendesk.Macro, at Ticket) bool {
	_, err := Fold(m, at)
	return err == nil
}

// folder builds a result, action by action.
type folder struct {
	at  Ticket
	out Result
	// settled says that the comment's text wins over those for all channels: it is for the web alone, or Zendesk chose it.
	settled bool
}

// do carries out one action; false leaves the result as it was, for Zendesk to tell.
func (f *folder) do(a zendesk.MacroAction) bool {
	texts, ok := textsOf(a.Value)
	switch {
	case ignored(a.Field):
		f.out.note(a.Field, ReasonNoTicketChange)
		return true
	case strings.HasPrefix(a.Field, fieldPrefix):
		return f.customField(a)
	case !ok:
		return false
	}
	switch a.Field {
	case "comment_value":
		return f.text(texts)
	case "comment_value_html":
		return f.html(texts)
	case "set_tags", "current_tags", "remove_tags":
		return f.tags(a.Field, texts)
	}
	return len(texts) > 0 && f.property(a.Field, texts[len(texts)-1])
}

// property carries out an action of one value.
func (f *folder) property(field, value string) bool {
	switch field {
	case "comment_mode_is_public":
		return f.mode(value)
	case "subject":
		return f.subject(value)
	case "status":
		return oneOf(&f.out.Status, value, zendesk.StatusOpen, zendesk.StatusPending, zendesk.StatusHold, zendesk.StatusSolved)
	case "priority":
		return f.cleared(field, value) || oneOf(&f.out.Priority, value, "low", "normal", "high", "urgent")
	case "type":
		return f.cleared(field, value) || oneOf(&f.out.Type, value, "question", "incident", "problem", "task")
	case "custom_status_id":
		return idInto(&f.out.CustomStatusID, value)
	case "ticket_form_id":
		return idInto(&f.out.FormID, value)
	case "brand_id":
		return idInto(&f.out.BrandID, value)
	case "group_id":
		return f.group(value)
	case "assignee_id":
		return f.assignee(value)
	case "cc":
		return f.copyTo(value)
	}
	return false
}

// mode decides who sees the comment.
func (f *folder) mode(value string) bool {
	public, err := strconv.ParseBool(value)
	if err != nil {
		return false
	}
	f.out.Comment.Public, f.out.Comment.PublicSet = public, true
	return true
}

// subject replaces the subject; an empty one leaves it alone.
func (f *folder) subject(value string) bool {
	subject, ok := f.at.fill(value, false)
	if ok {
		f.out.Subject = subject
	}
	return ok
}

// cleared notes that a property was to become empty, which an update can't say.
func (f *folder) cleared(field, value string) bool {
	if value != "" {
		return false
	}
	f.out.note(field, ReasonCannotClear)
	return true
}

// group moves the ticket to a group.
func (f *folder) group(value string) bool {
	if value == "current_groups" {
		if f.at.Agent.GroupID == 0 {
			f.out.note("group_id", ReasonNoAgent)
		}
		return refInto(&f.out.GroupID, f.at.Agent.GroupID)
	}
	return refIn(&f.out.GroupID, value)
}

// assignee gives the ticket to a person.
func (f *folder) assignee(value string) bool {
	switch value {
	case "current_user":
		if f.at.Agent.ID == 0 {
			f.out.note("assignee_id", ReasonNoAgent)
		}
		return refInto(&f.out.AssigneeID, f.at.Agent.ID)
	case "requester_id":
		return f.at.Requester.ID != 0 && refInto(&f.out.AssigneeID, f.at.Requester.ID)
	}
	return refIn(&f.out.AssigneeID, value)
}

// copyTo lets a user get the ticket's e-mails.
func (f *folder) copyTo(value string) bool {
	id := f.at.Agent.ID
	if value != "current_user" {
		if !idInto(&id, value) {
			return false
		}
	}
	switch {
	case id == 0:
		f.out.note("cc", ReasonNoAgent)
	case !slices.Contains(f.out.CCs, id):
		f.out.CCs = append(f.out.CCs, id)
	}
	return true
}

// tags carries out an action on tags.
func (f *folder) tags(field string, texts []string) bool {
	if slices.ContainsFunc(texts, templated) {
		return false
	}
	switch tags := tagsIn(texts); field {
	case "set_tags":
		f.out.setTags(tags)
	case "current_tags":
		f.out.addTags(tags)
	default:
		f.out.removeTags(tags)
	}
	return true
}

// fieldPrefix starts the action field of a custom field.
const fieldPrefix = "custom_fields_"

// customField sets a custom field to what the action says, whatever its type.
func (f *folder) customField(a zendesk.MacroAction) bool {
	var id int64
	var value bytes.Buffer
	if !idInto(&id, strings.TrimPrefix(a.Field, fieldPrefix)) || json.Compact(&value, a.Value) != nil {
		return false
	}
	texts, plain := textsOf(a.Value)
	if !plain && value.String() != "null" || slices.ContainsFunc(texts, templated) {
		return false
	}
	f.field(id, value.Bytes())
	return true
}

// field keeps a custom field's value.
func (f *folder) field(id int64, value json.RawMessage) {
	if f.out.Fields == nil {
		f.out.Fields = make(map[int64]json.RawMessage)
	}
	f.out.Fields[id] = value
}

// ignored names the actions that change no ticket, whoever carries them out.
func ignored(field string) bool {
	return field == "follower" || strings.HasPrefix(field, "side_conversation") || strings.HasPrefix(field, "notification_")
}

// templated reports whether a text has something of Zendesk's template language.
func templated(s string) bool { return strings.Contains(s, opening) || strings.Contains(s, statement) }

// textsOf reads an action's value, a string, number, boolean or a list of those; false for anything else.
func textsOf(raw json.RawMessage) ([]string, bool) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil {
		return nil, false
	}
	list, several := value.([]any)
	if !several {
		list = []any{value}
	}
	texts := make([]string, len(list))
	for i, item := range list {
		switch item := item.(type) {
		case string:
			texts[i] = item
		case bool:
			texts[i] = strconv.FormatBool(item)
		case json.Number:
			texts[i] = item.String()
		default:
			return nil, false
		}
	}
	return texts, true
}

// oneOf sets a property to one of the values it can have.
func oneOf(property *string, value string, allowed ...string) bool {
	if !slices.Contains(allowed, value) {
		return false
	}
	*property = value
	return true
}

// idInto sets an id.
func idInto(property *int64, value string) bool {
	id, err := strconv.ParseInt(value, 10, 64)
	if err != nil || id <= 0 {
		return false
	}
	*property = id
	return true
}

// refIn sets or, by an empty text, clears a reference.
func refIn(property *zendesk.Ref, value string) bool {
	if value == "" {
		*property = zendesk.NoRef()
		return true
	}
	var id int64
	return idInto(&id, value) && refInto(property, id)
}

// refInto sets a reference; 0 leaves what an earlier action said.
func refInto(property *zendesk.Ref, id int64) bool {
	if id != 0 {
		*property = zendesk.RefTo(id)
	}
	return true
}
