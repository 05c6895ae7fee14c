package provision

import (
	"slices"
	"strconv"

	"github.com/ponte-desk/ponte/macros"
	"github.com/ponte-desk/ponte/zendesk"
)

// unmade stands for the id of what the plan makes first.
const unmade = -1

// places knows where named things are in the account: what is there, and what a plan makes on its way.
type places struct {
	groups  map[string]int64
	fields  map[string]field
	tags    map[string]bool // of all choices
	webhook string
}

// field is a ticket field with its choices.
type field struct {
	id      int64
	options []zendesk.FieldOption
}

func newPlaces(n Needs, h Have) *places {
	p := &places{groups: map[string]int64{}, fields: map[string]field{}, tags: map[string]bool{}}
	for _, ref := range n.Groups {
		if g, ok := h.group(ref); ok {
			p.groups[macros.Normal(ref)] = g.ID
		}
	}
	for _, want := range n.TicketFields {
		if f, ok := h.ticketField(want.Ref); ok {
			p.fields[macros.Normal(want.Ref)] = field{f.ID, f.Options}
		}
	}
	if w, ok := h.Webhook(n.Endpoint); ok {
		p.webhook = w.ID
	}
	for _, f := range h.TicketFields {
		for _, o := range f.Options {
			p.tags[o.Value] = true
		}
	}
	return p
}

// group is a group's id as actions and conditions have it, "" when there is none.
func (p *places) group(ref string) string {
	id, ok := p.groups[macros.Normal(ref)]
	if !ok {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

// choice is a catalogue's field and tag as actions have them; empty when there is none.
func (p *places) choice(ref string, o Option) (name, tag string) {
	f, ok := p.fields[macros.Normal(ref)]
	if !ok {
		return "", ""
	}
	found, ok := o.find(f.options)
	if !ok {
		return "", ""
	}
	return "custom_fields_" + strconv.FormatInt(f.id, 10), found.Value
}

// offer adds a choice to a field and returns it with its tag.
func (p *places) offer(ref string, o Option) zendesk.FieldOptionWrite {
	made := zendesk.FieldOptionWrite{Name: o.Path, Value: tagFor(o.Path, p.tags)}
	p.tags[made.Value] = true
	f := p.fields[macros.Normal(ref)]
	f.options = append(slices.Clip(f.options), zendesk.FieldOption{Name: made.Name, Value: made.Value})
	p.fields[macros.Normal(ref)] = f
	return made
}
