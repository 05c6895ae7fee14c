package zendesk

import (
	"context"
	"net/url"
)

// Types of custom fields that are treated specially.
const (
	FieldTagger      = "tagger" // a ticket's drop-down
	FieldDropdown    = "dropdown"
	FieldMultiselect = "multiselect"
	FieldCheckbox    = "checkbox"
	FieldText        = "text"
	FieldTextarea    = "textarea"
	FieldInteger     = "integer"
	FieldDecimal     = "decimal"
	FieldDate        = "date"
	FieldRegexp      = "regexp"
)

// FieldOption is one choice of a drop-down.
type FieldOption struct {
	ID int64 `json:"id"`
	// Name is what people see; its folders come first, each followed by "::".
	Name string `json:"name"`
	// Value is the tag that stands for it: what a ticket's or organisation's field holds.
	Value   string `json:"value"`
	Default bool   `json:"default"`
}

// TicketField is a system or custom field of tickets.
// Source: https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_fields/.
type TicketField struct {
	ID int64 `json:"id"`
	// Type is one of the Field constants, another of Zendesk's types, or a system field's own, for example "subject".
	Type   string `json:"type"`
	Title  string `json:"title"`
	Active bool   `json:"active"`
	// Required says that it must be filled to solve a ticket.
	Required bool `json:"required"`
	// Removable is false for system fields.
	Removable bool `json:"removable"`
	// Regexp is what the value of a FieldRegexp must match.
	Regexp string `json:"regexp_for_validation"`
	// Options are the choices of a drop-down or multi-select.
	Options []FieldOption `json:"custom_field_options"`
	// SystemOptions are the choices of a system field.
	SystemOptions []FieldOption `json:"system_field_options"`
}

// ticketFieldPage is one page of ticket fields.
type ticketFieldPage struct {
	pageMeta
	Fields []TicketField `json:"ticket_fields"`
}

// TicketFields returns all fields of tickets, inactive ones too.
func (c *Client) TicketFields(ctx context.Context) ([]TicketField, error) {
	var fields []TicketField
	visit := func(p ticketFieldPage) bool {
		fields = append(fields, p.Fields...)
		return true
	}
	if err := eachPage(ctx, c, "list ticket fields", "/ticket_fields", url.Values{}, visit); err != nil {
		return nil, err
	}
	return fields, nil
}

// TicketForm is a form of tickets.
type TicketForm struct {
	ID       int64   `json:"id"`
	Name     string  `json:"name"`
	Active   bool    `json:"active"`
	Default  bool    `json:"default"`
	FieldIDs []int64 `json:"ticket_field_ids"`
}

// TicketForms returns all forms of the account, inactive ones too. The list is not paged. An account without several forms may
// answer with KindForbidden or KindNotFound.
// Source: https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_forms/#list-ticket-forms.
func (c *Client) TicketForms(ctx context.Context) ([]TicketForm, error) {
	var out struct {
		Forms []TicketForm `json:"ticket_forms"`
	}
	if err := c.Get(ctx, "list ticket forms", "/ticket_forms", &out); err != nil {
		return nil, err
	}
	return out.Forms, nil
}

// OrganizationField is a custom field of organisations.
// Source: https://developer.zendesk.com/api-reference/ticketing/organizations/organization_fields/.
type OrganizationField struct {
	ID int64 `json:"id"`
	// Key is its name in Organization.Fields.
	Key     string        `json:"key"`
	Type    string        `json:"type"`
	Title   string        `json:"title"`
	Active  bool          `json:"active"`
	Options []FieldOption `json:"custom_field_options"`
}

// organizationFieldPage is one page of organisation fields.
type organizationFieldPage struct {
	pageMeta
	Fields []OrganizationField `json:"organization_fields"`
}

// OrganizationFields returns all custom fields of organisations, inactive ones too.
func (c *Client) OrganizationFields(ctx context.Context) ([]OrganizationField, error) {
	var fields []OrganizationField
	visit := func(p organizationFieldPage) bool {
		fields = append(fields, p.Fields...)
		return true
	}
	if err := eachPage(ctx, c, "list organization fields", "/organization_fields", url.Values{}, visit); err != nil {
		return nil, err
	}
	return fields, nil
}
