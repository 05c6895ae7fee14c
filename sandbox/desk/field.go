package desk

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Types of fields that are treated specially.
const (
	typeTagger      = "tagger" // a ticket's drop-down
	typeDropdown    = "dropdown"
	typeMultiselect = "multiselect"
	typeCheckbox    = "checkbox"
	typeInteger     = "integer"
	typeDecimal     = "decimal"
	typeDate        = "date"
	typeRegexp      = "regexp"
)

// fieldOption is one choice of a drop-down; Value is the tag it stands for.
type fieldOption struct {
	ID      int64  `json:"id"`
	Name    string `json:"name"`
	RawName string `json:"raw_name"`
	Value   string `json:"value"`
	Default bool   `json:"default"`
}

// fieldBase is what fields of tickets, users and organisations share.
type fieldBase struct {
	Type               string        `json:"type"`
	Title              string        `json:"title"`
	RawTitle           string        `json:"raw_title"`
	Description        string        `json:"description"`
	RawDescription     string        `json:"raw_description"`
	Position           int           `json:"position"`
	Active             bool          `json:"active"`
	Regexp             *string       `json:"regexp_for_validation"`
	Tag                *string       `json:"tag"`
	CustomFieldOptions []fieldOption `json:"custom_field_options,omitempty"`
}

// ticketField is a field of tickets (https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_fields/).
type ticketField struct {
	head
	fieldBase
	Required           bool          `json:"required"`
	CollapsedForAgents bool          `json:"collapsed_for_agents"`
	TitleInPortal      string        `json:"title_in_portal"`
	RawTitleInPortal   string        `json:"raw_title_in_portal"`
	VisibleInPortal    bool          `json:"visible_in_portal"`
	EditableInPortal   bool          `json:"editable_in_portal"`
	RequiredInPortal   bool          `json:"required_in_portal"`
	AgentDescription   *string       `json:"agent_description"`
	Removable          bool          `json:"removable"`
	SystemFieldOptions []fieldOption `json:"system_field_options,omitempty"`
}

// entityField is a field of users or organisations.
type entityField struct {
	head
	fieldBase
	Key    string `json:"key"`
	System bool   `json:"system"`
}

// ticketForm is a form of tickets.
type ticketForm struct {
	head
	Name           string  `json:"name"`
	RawName        string  `json:"raw_name"`
	DisplayName    string  `json:"display_name"`
	EndUserVisible bool    `json:"end_user_visible"`
	Position       int     `json:"position"`
	Active         bool    `json:"active"`
	Default        bool    `json:"default"`
	TicketFieldIDs []int64 `json:"ticket_field_ids"`
}

func (s *Server) fieldRoutes() []route {
	tickets := &resource[ticketField, *ticketField]{
		list: s.fields, singular: "ticket_field", plural: "ticket_fields",
		fresh: func() *ticketField { return &ticketField{fieldBase: fieldBase{Active: true}, Removable: true} },
		check: s.checkTicketField,
		guard: func(f *ticketField) error {
			if !f.Removable {
				return forbidden("System fields cannot be deleted")
			}
			return nil
		},
	}
	forms := &resource[ticketForm, *ticketForm]{
		list: s.forms, singular: "ticket_form", plural: "ticket_forms",
		fresh: func() *ticketForm { return &ticketForm{Active: true, TicketFieldIDs: []int64{}} },
		check: func(_ *call, _, f *ticketForm) error {
			if f.Name == "" {
				return invalid("name", "BlankValue", "Name: cannot be blank")
			}
			f.RawName = f.Name
			orDefault(&f.DisplayName, f.Name)
			return nil
		},
	}
	out := tickets.routes(s)
	out = append(out, forms.routes(s)...)
	out = append(out, s.entityFields(s.orgFields, "organization_field").routes(s)...)
	return append(out, s.entityFields(s.userFields, "user_field").routes(s)...)
}

func (s *Server) entityFields(list *collection[entityField, *entityField], singular string) *resource[entityField, *entityField] {
	return &resource[entityField, *entityField]{
		list: list, singular: singular, plural: singular + "s",
		fresh: func() *entityField { return &entityField{fieldBase: fieldBase{Active: true}} },
		check: func(_ *call, old, f *entityField) error {
			if f.Key == "" {
				return invalid("key", "BlankValue", "Key: cannot be blank")
			}
			if other := list.first(func(o *entityField) bool { return o.Key == f.Key }); other != nil && other.ID != f.ID {
				return invalid("key", "DuplicateValue", fmt.Sprintf("Key: %s has already been taken", f.Key))
			}
			if old != nil && old.Key != f.Key {
				return invalid("key", "InvalidValue", "Key: cannot be changed")
			}
			kinds := []string{"text", "textarea", typeCheckbox, typeDate, typeInteger, typeDecimal, typeRegexp, typeDropdown, typeMultiselect, "lookup"}
			return s.checkField(&f.fieldBase, kinds)
		},
	}
}

func (s *Server) checkTicketField(_ *call, old, f *ticketField) error {
	if old != nil && !old.Removable {
		f.Type, f.Removable = old.Type, false
		f.RawTitle = f.Title
		return nil
	}
	f.Removable, f.SystemFieldOptions = true, nil
	orDefault(&f.TitleInPortal, f.Title)
	f.RawTitleInPortal = f.TitleInPortal
	kinds := []string{
		"text", "textarea", typeCheckbox, typeDate, typeInteger, typeDecimal, typeRegexp, typeTagger, typeMultiselect, "partialcreditcard", "lookup",
	}
	if err := s.checkField(&f.fieldBase, kinds); err != nil {
		return err
	}
	for _, o := range f.CustomFieldOptions {
		taken := s.fields.first(func(other *ticketField) bool { return other.ID != f.ID && other.option(o.Value) != nil })
		if taken != nil {
			return invalid("custom_field_options", "DuplicateValue", fmt.Sprintf("Tag %s is already used in %s", o.Value, taken.Title))
		}
	}
	return nil
}

func (s *Server) checkField(f *fieldBase, kinds []string) error {
	if strings.TrimSpace(f.Title) == "" {
		return invalid("title", "BlankValue", "Title: cannot be blank")
	}
	if !slices.Contains(kinds, f.Type) {
		return invalid("type", "InvalidValue", "Type: is invalid")
	}
	f.RawTitle, f.RawDescription = f.Title, f.Description
	seen := map[string]bool{}
	for i := range f.CustomFieldOptions {
		o := &f.CustomFieldOptions[i]
		if o.Name == "" || o.Value == "" || seen[o.Value] {
			return invalid("custom_field_options", "InvalidValue", "Options: each needs a name and a value of its own")
		}
		seen[o.Value] = true
		o.RawName = o.Name
		if o.ID == 0 {
			o.ID = s.newID()
		}
	}
	if f.chooses() && len(f.CustomFieldOptions) == 0 {
		return invalid("custom_field_options", "BlankValue", "Options: cannot be blank")
	}
	if f.Type == typeRegexp {
		if _, err := regexp.Compile(text(f.Regexp)); err != nil || text(f.Regexp) == "" {
			return invalid("regexp_for_validation", "InvalidValue", "Regular expression: is invalid")
		}
	}
	return nil
}

func (f *fieldBase) chooses() bool {
	return f.Type == typeTagger || f.Type == typeDropdown || f.Type == typeMultiselect
}

func (f *fieldBase) option(value string) *fieldOption {
	i := slices.IndexFunc(f.CustomFieldOptions, func(o fieldOption) bool { return o.Value == value })
	if i < 0 {
		return nil
	}
	return &f.CustomFieldOptions[i]
}

// normal checks a written value and returns it as it is stored.
func (f *fieldBase) normal(raw json.RawMessage) (json.RawMessage, error) {
	wrong := invalid("base", "InvalidValue", f.Title+": is invalid")
	if f.Type == typeMultiselect {
		return f.normalMany(raw)
	}
	var v flexText
	if string(raw) != "null" {
		if err := json.Unmarshal(raw, &v); err != nil {
			return nil, wrong
		}
	}
	s := string(v)
	if f.Type == typeCheckbox {
		return mustJSON(s == "true" || s == "1"), nil
	}
	if s == "" {
		return json.RawMessage("null"), nil
	}
	switch f.Type {
	case typeInteger:
		n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
		if err != nil {
			return nil, wrong
		}
		return mustJSON(n), nil
	case typeDecimal:
		n, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
		if err != nil {
			return nil, wrong
		}
		return mustJSON(n), nil
	case typeDate:
		if _, err := time.Parse(time.DateOnly, s[:min(len(s), 10)]); err != nil {
			return nil, wrong
		}
		return mustJSON(s[:10]), nil
	case typeTagger, typeDropdown:
		if f.option(s) == nil {
			return nil, wrong
		}
	case typeRegexp:
		if ok, err := regexp.MatchString(text(f.Regexp), s); err != nil || !ok {
			return nil, wrong
		}
	}
	return mustJSON(s), nil
}

func (f *fieldBase) normalMany(raw json.RawMessage) (json.RawMessage, error) {
	var values []string
	if err := json.Unmarshal(raw, &values); err != nil {
		return nil, invalid("base", "InvalidValue", f.Title+": is invalid")
	}
	for _, v := range values {
		if f.option(v) == nil {
			return nil, invalid("base", "InvalidValue", f.Title+": is invalid")
		}
	}
	return mustJSON(append([]string{}, values...)), nil
}

// blankValue tells a stored value that says nothing: a box that is not ticked counts as empty.
func blankValue(value json.RawMessage) bool {
	return slices.Contains([]string{"", "null", "false", `""`, "[]"}, string(value))
}

// tags returns the tags that a stored value puts on its ticket.
func (f *fieldBase) tags(value json.RawMessage) []string {
	switch f.Type {
	case typeTagger:
		var s string
		if json.Unmarshal(value, &s) == nil && s != "" {
			return []string{s}
		}
	case typeMultiselect:
		var list []string
		if json.Unmarshal(value, &list) == nil {
			return list
		}
	case typeCheckbox:
		if string(value) == "true" && text(f.Tag) != "" {
			return []string{*f.Tag}
		}
	}
	return nil
}

// checkEntityFields replaces a user's or an organisation's values by their stored form and drops unknown keys.
func checkEntityFields(fields *collection[entityField, *entityField], values map[string]any) error {
	for k, v := range values {
		f := fields.first(func(f *entityField) bool { return f.Key == k })
		if f == nil {
			delete(values, k)
			continue
		}
		raw, err := f.normal(mustJSON(v))
		if err != nil {
			return err
		}
		var stored any
		if err := json.Unmarshal(raw, &stored); err != nil {
			return fmt.Errorf("field %s: %w", k, err)
		}
		values[k] = stored
	}
	for _, f := range fields.all() {
		if _, set := values[f.Key]; !set {
			values[f.Key] = nil
		}
	}
	return nil
}
