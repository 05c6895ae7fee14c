package zendesk

import (
	"context"
	"net/http"
	"strconv"
)

// FieldOptionWrite is a new choice of a drop-down.
type FieldOptionWrite struct {
	// Name is what people see; its folders come first, each followed by "::".
	Name string `json:"name"`
	// Value is the tag that stands for it, which no other field's choice may have.
	Value string `json:"value"`
}

// TicketFieldCreate is a new custom field of tickets.
type TicketFieldCreate struct {
	// Type is one of the Field constants; a drop-down is FieldTagger.
	Type  string `json:"type"`
	Title string `json:"title"`
	// AgentDescription is what agents read about it.
	AgentDescription string             `json:"agent_description,omitempty"`
	Options          []FieldOptionWrite `json:"custom_field_options,omitempty"`
}

// CreateTicketField makes a custom field of tickets. It needs an admin; a form shows the field once somebody puts it there.
// Source: https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_fields/#create-ticket-field.
func (c *Client) CreateTicketField(ctx context.Context, f TicketFieldCreate) (TicketField, error) {
	var out TicketField
	err := c.record(ctx, send{"create ticket field", http.MethodPost, "/ticket_fields", "ticket_field", f}, &out)
	return out, err
}

// DescribedTicketField is a field of tickets with what agents read about it.
type DescribedTicketField struct {
	TicketField
	AgentDescription string `json:"agent_description"`
}

// DescribedTicketFields returns all fields of tickets, inactive ones too, with their descriptions for agents.
func (c *Client) DescribedTicketFields(ctx context.Context) ([]DescribedTicketField, error) {
	return records[DescribedTicketField](ctx, c, "list described ticket fields", "/ticket_fields", "ticket_fields")
}

// ActivateTicketField makes an inactive field of tickets active again.
// Source: https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_fields/#update-ticket-field.
func (c *Client) ActivateTicketField(ctx context.Context, id int64) (TicketField, error) {
	var out TicketField
	s := send{"activate ticket field", http.MethodPut, "/ticket_fields/" + strconv.FormatInt(id, 10), "ticket_field", active{true}}
	err := c.record(ctx, s, &out)
	return out, err
}

// active is the change that switches a record on.
type active struct {
	Active bool `json:"active"`
}

// AddTicketFieldOption adds one choice to a drop-down of tickets and leaves the others alone.
// Source: https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_fields/#create-or-update-ticket-field-option.
func (c *Client) AddTicketFieldOption(ctx context.Context, fieldID int64, o FieldOptionWrite) (FieldOption, error) {
	path := "/ticket_fields/" + strconv.FormatInt(fieldID, 10) + "/options"
	var out FieldOption
	err := c.record(ctx, send{"add ticket field option", http.MethodPost, path, "custom_field_option", o}, &out)
	return out, err
}

// OrganizationFieldCreate is a new custom field of organisations.
type OrganizationFieldCreate struct {
	// Type is one of the Field constants; a drop-down is FieldDropdown.
	Type string `json:"type"`
	// Key is its name in Organization.Fields; it can't be changed later.
	Key         string             `json:"key"`
	Title       string             `json:"title"`
	Description string             `json:"description,omitempty"`
	Options     []FieldOptionWrite `json:"custom_field_options,omitempty"`
}

// CreateOrganizationField makes a custom field of organisations. It needs an admin.
// Source: https://developer.zendesk.com/api-reference/ticketing/organizations/organization_fields/#create-organization-field.
func (c *Client) CreateOrganizationField(ctx context.Context, f OrganizationFieldCreate) (OrganizationField, error) {
	var out OrganizationField
	err := c.record(ctx, send{"create organization field", http.MethodPost, "/organization_fields", "organization_field", f}, &out)
	return out, err
}

// ActivateOrganizationField makes an inactive field of organisations active again.
// Source: https://developer.zendesk.com/api-reference/ticketing/organizations/organization_fields/#update-organization-field.
func (c *Client) ActivateOrganizationField(ctx context.Context, id int64) (OrganizationField, error) {
	var out OrganizationField
	s := send{"activate organization field", http.MethodPut, "/organization_fields/" + strconv.FormatInt(id, 10), "organization_field", active{true}}
	err := c.record(ctx, s, &out)
	return out, err
}
