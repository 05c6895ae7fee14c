package zendesk

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// scalar reads a JSON string or number as text and anything else as nothing.
type scalar string

// UnmarshalJSON never fails: a field of the wrong type is a field that is missing.
func (s *scalar) UnmarshalJSON(b []byte) error {
	*s = ""
	switch {
	case b[0] == '"':
		var t string
		if json.Unmarshal(b, &t) == nil {
			*s = scalar(strings.TrimSpace(t))
		}
	case b[0] == '-' || b[0] >= '0' && b[0] <= '9':
		*s = scalar(b)
	}
	return nil
}

// id returns a positive id, 0 for anything else.
func (s scalar) id() int64 {
	n, err := strconv.ParseInt(string(s), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// time returns a time in RFC 3339, the zero time for anything else.
func (s scalar) time() time.Time {
	t, err := time.Parse(time.RFC3339Nano, string(s))
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// hintFacts are the properties of a ticket that both shapes of body may tell.
type hintFacts struct {
	Group        known   `json:"group_id"`
	Assignee     known   `json:"assignee_id"`
	Organization known   `json:"organization_id"`
	Form         known   `json:"form_id"`
	Tags         tagList `json:"tags"`
}

// tell copies the facts into a hint.
func (f hintFacts) tell(h *Hint) {
	h.Group, h.Assignee, h.Organization, h.Form = f.Group.id, f.Assignee.id, f.Organization.id, f.Form.id
	h.Tags, h.TagsKnown = f.Tags.tags, f.Tags.known
}

// known is an id that may be absent, none or some.
type known struct{ id *int64 }

// UnmarshalJSON never fails: null and an empty text are none, what is no id stays unknown.
func (k *known) UnmarshalJSON(b []byte) error {
	k.id = nil
	var s scalar
	if err := s.UnmarshalJSON(b); err != nil {
		return err
	}
	none := string(b) == "null" || b[0] == '"' && s == ""
	if id := s.id(); id > 0 || none {
		k.id = &id
	}
	return nil
}

// tagList is a list of tags that may be absent.
type tagList struct {
	tags  []string
	known bool
}

// UnmarshalJSON never fails: an event lists the tags, a trigger writes them with spaces between; anything else stays unknown.
func (l *tagList) UnmarshalJSON(b []byte) error {
	*l = tagList{}
	var list []string
	var line string
	switch {
	case json.Unmarshal(b, &list) == nil: // null too
		l.tags, l.known = list, true
	case json.Unmarshal(b, &line) == nil && !strings.Contains(line, "{{"):
		l.tags, l.known = strings.Fields(line), true
	}
	return nil
}
