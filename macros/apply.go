package macros

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/ponte-desk/ponte/zendesk"
)

// Merge returns what a macro does to a ticket, where applied is Zendesk's answer about both: what Fold knows is folded, the rest is
// taken from the answer. Only properties that the macro's actions name are in the result, so that what people change meanwhile stays.
func Merge(m zendesk.Macro, at Ticket, applied zendesk.Applied) Result {
	f := folder{at: at, out: Result{MacroID: m.ID, ByZendesk: true}}
	told := answer{applied: applied}
	for _, a := range m.Actions {
		if !f.do(a) {
			told.into(&f, a)
		}
	}
	if told.tags {
		f.answeredTags(applied.Ticket.Tags)
	}
	return f.out
}

// answer is what Zendesk told.
type answer struct {
	applied zendesk.Applied
	tags    bool // an action on tags was left to Zendesk
}

// into takes over the property that an action names.
func (t *answer) into(f *folder, a zendesk.MacroAction) {
	ticket := t.applied.Ticket
	switch a.Field {
	case "comment_value", "comment_value_html", "comment_mode_is_public":
		t.comment(f, a)
	case "set_tags", "current_tags", "remove_tags":
		t.tags = true
	case "subject":
		f.out.Subject = harmless(ticket.Subject)
	case "status":
		f.out.Status = ticket.Status
	case "priority":
		f.out.Priority = ticket.Priority
	case "type":
		f.out.Type = ticket.Type
	case "custom_status_id":
		f.out.CustomStatusID = ticket.CustomStatusID
	case "ticket_form_id":
		f.out.FormID = ticket.TicketFormID
	case "brand_id":
		f.out.BrandID = ticket.BrandID
	case "group_id":
		f.out.GroupID = refOf(ticket.GroupID)
	case "assignee_id":
		f.out.AssigneeID = refOf(ticket.AssigneeID)
	default:
		if !t.field(f, a.Field) {
			f.out.note(a.Field, ReasonUnknownAction)
		}
	}
}

// comment takes over the text or who sees it.
func (t *answer) comment(f *folder, a zendesk.MacroAction) {
	said := t.applied.Comment
	if said == nil {
		return
	}
	switch a.Field {
	case "comment_value":
		f.out.Comment.Text, f.settled = harmless(said.Body), true
	case "comment_value_html":
		f.out.Comment.HTML = harmless(said.HTMLBody)
		if said.HTMLBody == "" {
			f.out.Comment.Text = harmless(said.Body)
		}
	default:
		if said.Public != nil {
			f.out.Comment.Public, f.out.Comment.PublicSet = *said.Public, true
		}
	}
	if bytes.Contains(a.Value, []byte("current_user")) {
		f.out.note(a.Field, ReasonAPIUser)
	}
}

// field takes over a custom field; false when the action names none that the answer has.
func (t *answer) field(f *folder, name string) bool {
	var id int64
	digits, custom := strings.CutPrefix(name, fieldPrefix)
	if !custom || !idInto(&id, digits) {
		return false
	}
	for _, told := range t.applied.Ticket.CustomFields {
		var value bytes.Buffer
		if told.ID == id && json.Compact(&value, told.Value) == nil {
			f.field(id, value.Bytes())
			return true
		}
	}
	return false
}

// answeredTags takes over the answer's tags: as additions and removals where the ticket's tags are known, else as the whole list.
func (f *folder) answeredTags(tags []string) {
	if f.at.Tags == nil {
		f.out.setTags(tags)
		return
	}
	f.out.SetTags = nil
	f.out.AddTags, f.out.RemoveTags = orNil(without(tags, f.at.Tags)), orNil(without(f.at.Tags, tags))
}

// refOf makes a reference of an id as read, where 0 is none.
func refOf(id int64) zendesk.Ref {
	if id == 0 {
		return zendesk.NoRef()
	}
	return zendesk.RefTo(id)
}
