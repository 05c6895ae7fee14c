package desk

import (
	"encoding/json"
	"net/http"
	"slices"
)

// maxFieldOptions is how many options a drop-down may have
// (https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_fields/).
const maxFieldOptions = 2000

// fieldOptionRoutes are the options of tickets' drop-downs one by one.
func (s *Server) fieldOptionRoutes() []route {
	base := "/api/v2/ticket_fields/{field}/options"
	return []route{
		rt("GET", "/api/v2/ticket_fields/count", func(*call) (answer, error) { return s.count(len(s.fields.order)) }),
		rt("GET", base, s.listFieldOptions),
		rt("POST", base, s.writeFieldOption),
		rt("GET", base+"/{id}", s.showFieldOption),
		rt("DELETE", base+"/{id}", s.deleteFieldOption),
	}
}

// dropDown is the call's field, nil unless it is one with options.
func (s *Server) dropDown(c *call) *ticketField {
	f := s.fields.get(c.id("field"))
	if f == nil || !f.chooses() {
		return nil
	}
	return f
}

func optionAt(f *ticketField, id int64) int {
	return slices.IndexFunc(f.CustomFieldOptions, func(o fieldOption) bool { return o.ID == id })
}

func (s *Server) listFieldOptions(c *call) (answer, error) {
	f := s.dropDown(c)
	if f == nil {
		return answer{}, notFound()
	}
	out, err := page(s, c, listing[fieldOption]{
		key: "custom_field_options", items: f.CustomFieldOptions,
		id: func(o fieldOption) int64 { return o.ID }, show: func(o fieldOption) any { return o },
	})
	return answer{body: out}, err
}

func (s *Server) showFieldOption(c *call) (answer, error) {
	f := s.dropDown(c)
	if f == nil || optionAt(f, c.id("id")) < 0 {
		return answer{}, notFound()
	}
	return ok(map[string]any{"custom_field_option": f.CustomFieldOptions[optionAt(f, c.id("id"))]})
}

// writeFieldOption changes the option that the body's id names (200), or adds one (201).
func (s *Server) writeFieldOption(c *call) (answer, error) {
	f := s.dropDown(c)
	if f == nil {
		return answer{}, notFound()
	}
	raw, err := c.object("custom_field_option")
	if err != nil {
		return answer{}, err
	}
	var in fieldOption
	if err := json.Unmarshal(raw, &in); err != nil {
		return answer{}, badJSON(err)
	}
	next, status := *f, http.StatusOK
	next.CustomFieldOptions = slices.Clone(f.CustomFieldOptions)
	at := optionAt(f, in.ID)
	switch {
	case at >= 0:
		in = next.CustomFieldOptions[at]
		if err := json.Unmarshal(raw, &in); err != nil {
			return answer{}, badJSON(err)
		}
		next.CustomFieldOptions[at] = in
	case len(next.CustomFieldOptions) >= maxFieldOptions:
		return answer{}, invalid("custom_field_options", "TooMany", "Options: a field cannot have more than 2000")
	default:
		in.ID, at, status = 0, len(next.CustomFieldOptions), http.StatusCreated
		next.CustomFieldOptions = append(next.CustomFieldOptions, in)
	}
	if err := s.checkTicketField(c, f, &next); err != nil {
		return answer{}, err
	}
	if err := s.fields.save(s, &next); err != nil {
		return answer{}, err
	}
	c.header.Set("Location", s.url("/ticket_fields/%d/options.json", f.ID))
	return answer{status: status, body: map[string]any{"custom_field_option": next.CustomFieldOptions[at]}}, nil
}

// deleteFieldOption leaves the value on the tickets that have it, as a tag.
func (s *Server) deleteFieldOption(c *call) (answer, error) {
	f := s.dropDown(c)
	if f == nil || optionAt(f, c.id("id")) < 0 {
		return answer{}, notFound()
	}
	next, at := *f, optionAt(f, c.id("id"))
	next.CustomFieldOptions = slices.Delete(slices.Clone(f.CustomFieldOptions), at, at+1)
	if err := s.checkTicketField(c, f, &next); err != nil {
		return answer{}, err
	}
	if err := s.fields.save(s, &next); err != nil {
		return answer{}, err
	}
	return noContent()
}
