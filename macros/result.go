package macros

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/ponte-desk/ponte/zendesk"
)

// Comment is what a macro writes.
type Comment struct {
	// Text is the plain text, "" when there is none.
	Text string `json:"text,omitempty"`
	// HTML is the text as HTML; it wins over Text on the ticket.
	HTML string `json:"html,omitempty"`
	// Public says whether the requester sees the comment; it counts only when PublicSet.
	Public bool `json:"public,omitempty"`
	// PublicSet says that the macro decides who sees it, also for a comment that others write in the same update.
	PublicSet bool `json:"public_set,omitempty"`
}

// Empty reports whether the macro writes no text.
func (c Comment) Empty() bool { return c.Text == "" && c.HTML == "" }

// Reason says why something of a macro is not in its Result as written.
type Reason string

// The reasons.
const (
	// ReasonNoTicketChange marks an action that changes no ticket: a side conversation, a notification, a follower.
	ReasonNoTicketChange Reason = "no_ticket_change"
	// ReasonUnknownAction marks an action that is not known here and that the apply call does not tell.
	ReasonUnknownAction Reason = "unknown_action"
	// ReasonNoAgent marks "current_user" or "current_groups" where no agent, or no group of theirs, is known.
	ReasonNoAgent Reason = "no_agent"
	// ReasonOtherChannel marks a text for another channel than the ticket's.
	ReasonOtherChannel Reason = "other_channel"
	// ReasonCannotClear marks a property that an update can't clear.
	ReasonCannotClear Reason = "cannot_clear"
	// ReasonAPIUser marks a text in which Zendesk filled the current user's placeholders with the API user's.
	ReasonAPIUser Reason = "api_user"
)

// Note is a remark about one action.
type Note struct {
	// Field is the action's field.
	Field  string `json:"field"`
	Reason Reason `json:"reason"`
}

// Result is what a macro does to a ticket. Zero values leave a property alone.
type Result struct {
	// MacroID is the macro.
	MacroID        int64       `json:"macro_id"`
	Comment        Comment     `json:"comment,omitzero"`
	Subject        string      `json:"subject,omitempty"`
	Status         string      `json:"status,omitempty"`
	CustomStatusID int64       `json:"custom_status_id,omitempty"`
	Priority       string      `json:"priority,omitempty"`
	Type           string      `json:"type,omitempty"`
	AssigneeID     zendesk.Ref `json:"assignee_id,omitzero"`
	GroupID        zendesk.Ref `json:"group_id,omitzero"`
	FormID         int64       `json:"form_id,omitempty"`
	BrandID        int64       `json:"brand_id,omitempty"`
	// Fields are the custom fields by id; the value null clears one.
	Fields map[int64]json.RawMessage `json:"fields,omitempty"`
	// SetTags replaces all tags: nil leaves them alone, an empty list clears them. AddTags and RemoveTags are then empty.
	SetTags []string `json:"set_tags,omitzero"`
	// AddTags and RemoveTags have no tag in common.
	AddTags    []string `json:"add_tags,omitempty"`
	RemoveTags []string `json:"remove_tags,omitempty"`
	// CCs are users who get the ticket's e-mails.
	CCs []int64 `json:"ccs,omitempty"`
	// Notes say what the macro wanted besides.
	Notes []Note `json:"notes,omitempty"`
	// ByZendesk says that Zendesk's apply call filled in a part.
	ByZendesk bool `json:"by_zendesk,omitempty"`
}

// TouchesTags reports whether the macro changes tags.
func (r Result) TouchesTags() bool {
	return r.SetTags != nil || len(r.AddTags) > 0 || len(r.RemoveTags) > 0
}

// Tags returns the tags of a ticket after the macro, given those before; the order is kept, new ones come last.
func (r Result) Tags(before []string) []string {
	if r.SetTags != nil {
		return slices.Clone(r.SetTags)
	}
	return without(union(before, r.AddTags), r.RemoveTags)
}

// CustomFields returns Fields as a ticket update wants them, by rising id; nil when there are none. Values of more win.
func (r Result) CustomFields(more map[int64]json.RawMessage) (json.RawMessage, error) {
	all := make(map[int64]json.RawMessage, len(r.Fields)+len(more))
	maps.Copy(all, r.Fields)
	maps.Copy(all, more)
	if len(all) == 0 {
		return nil, nil
	}
	list := make([]zendesk.CustomField, 0, len(all))
	for _, id := range slices.Sorted(maps.Keys(all)) {
		list = append(list, zendesk.CustomField{ID: id, Value: all[id]})
	}
	return json.Marshal(list)
}

// note adds a remark once.
func (r *Result) note(field string, reason Reason) {
	if n := (Note{Field: field, Reason: reason}); !slices.Contains(r.Notes, n) {
		r.Notes = append(r.Notes, n)
	}
}

// setTags replaces all tags.
func (r *Result) setTags(tags []string) {
	r.SetTags, r.AddTags, r.RemoveTags = union([]string{}, tags), nil, nil
}

// addTags adds tags to those of the ticket or of an earlier action.
func (r *Result) addTags(tags []string) {
	if r.SetTags != nil {
		r.SetTags = union(r.SetTags, tags)
		return
	}
	r.AddTags, r.RemoveTags = orNil(union(r.AddTags, tags)), orNil(without(r.RemoveTags, tags))
}

// removeTags takes tags from those of the ticket or of an earlier action.
func (r *Result) removeTags(tags []string) {
	if r.SetTags != nil {
		r.SetTags = without(r.SetTags, tags)
		return
	}
	r.AddTags, r.RemoveTags = orNil(without(r.AddTags, tags)), orNil(union(r.RemoveTags, tags))
}

// tagsIn splits a list of tags as Zendesk writes it: lower case, blanks between.
func tagsIn(texts []string) []string {
	return strings.Fields(strings.ToLower(strings.Join(texts, " ")))
}

// union returns a and what b has besides; nil only when nothing is added to nil.
func union(a, b []string) []string {
	out := slices.Clone(a)
	for _, tag := range b {
		if !slices.Contains(out, tag) {
			out = append(out, tag)
		}
	}
	return out
}

// without returns a less the tags of b.
func without(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(tag string) bool { return slices.Contains(b, tag) })
}

// orNil turns an empty list into none.
func orNil(tags []string) []string {
	if len(tags) == 0 {
		return nil
	}
	return tags
}
