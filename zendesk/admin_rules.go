package zendesk

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
)

// RuleCondition is one test of a trigger or view.
type RuleCondition struct {
	// Field names a property of the ticket or of its update, for example "status" or "current_tags".
	Field    string `json:"field"`
	Operator string `json:"operator"`
	// Value is a text, null or a list; it is written back as it was read.
	Value json.RawMessage `json:"value,omitempty"`
}

// Text is the condition's value as text, "" for anything else.
func (c RuleCondition) Text() string { return text(c.Value) }

// RuleConditions hold when every one of All does and, where there are any, one of Any does.
type RuleConditions struct {
	All []RuleCondition `json:"all"`
	Any []RuleCondition `json:"any"`
}

// RuleAction is one thing that a trigger does.
type RuleAction struct {
	Field string `json:"field"`
	// Value is a text or a list; it is written back as it was read.
	Value json.RawMessage `json:"value"`
}

// Texts is the action's value as a list of texts; nil when it is neither a text nor a list of them.
func (a RuleAction) Texts() []string {
	var list []string
	if json.Unmarshal(a.Value, &list) == nil {
		return list
	}
	var one string
	if json.Unmarshal(a.Value, &one) != nil {
		return nil
	}
	return []string{one}
}

// Trigger is a rule that runs at every change of a ticket.
// Source: https://developer.zendesk.com/api-reference/ticketing/business-rules/triggers/.
type Trigger struct {
	ID          int64          `json:"id"`
	Title       string         `json:"title"`
	Description string         `json:"description"`
	Active      bool           `json:"active"`
	Position    int64          `json:"position"`
	CategoryID  string         `json:"category_id"`
	Conditions  RuleConditions `json:"conditions"`
	Actions     []RuleAction   `json:"actions"`
}

// Triggers returns all triggers of tickets, inactive ones too. It needs an admin.
// Source: https://developer.zendesk.com/api-reference/ticketing/business-rules/triggers/#list-triggers.
func (c *Client) Triggers(ctx context.Context) ([]Trigger, error) {
	return records[Trigger](ctx, c, "list triggers", "/triggers", "triggers")
}

// TriggerWrite is a new trigger, or what an existing one becomes: Zendesk empties conditions and actions of which one is left out,
// so that both are always written.
type TriggerWrite struct {
	Title       string         `json:"title,omitempty"`
	Description string         `json:"description,omitempty"`
	Active      bool           `json:"active"`
	CategoryID  string         `json:"category_id,omitempty"`
	Conditions  RuleConditions `json:"conditions"`
	Actions     []RuleAction   `json:"actions"`
}

// CreateTrigger makes a trigger. An account that wants a category for it refuses one without with KindInvalid or KindBad.
// Source: https://developer.zendesk.com/api-reference/ticketing/business-rules/triggers/#create-trigger.
func (c *Client) CreateTrigger(ctx context.Context, t TriggerWrite) (Trigger, error) {
	var out Trigger
	err := c.record(ctx, send{"create trigger", http.MethodPost, "/triggers", "trigger", t.whole()}, &out)
	return out, err
}

// UpdateTrigger replaces a trigger's conditions and actions, and title and description where they are not empty.
// Source: https://developer.zendesk.com/api-reference/ticketing/business-rules/triggers/#update-trigger.
func (c *Client) UpdateTrigger(ctx context.Context, id int64, t TriggerWrite) (Trigger, error) {
	var out Trigger
	s := send{"update trigger", http.MethodPut, "/triggers/" + strconv.FormatInt(id, 10), "trigger", t.whole()}
	err := c.record(ctx, s, &out)
	return out, err
}

// whole writes lists without anything as lists, not as null.
func (t TriggerWrite) whole() TriggerWrite {
	if t.Conditions.All == nil {
		t.Conditions.All = []RuleCondition{}
	}
	if t.Conditions.Any == nil {
		t.Conditions.Any = []RuleCondition{}
	}
	return t
}

// TriggerCategory is a folder of triggers.
type TriggerCategory struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// TriggerCategories returns the folders of triggers.
// Source: https://developer.zendesk.com/api-reference/ticketing/business-rules/trigger_categories/#list-trigger-categories.
func (c *Client) TriggerCategories(ctx context.Context) ([]TriggerCategory, error) {
	return records[TriggerCategory](ctx, c, "list trigger categories", "/trigger_categories", "trigger_categories")
}

// View is a saved list of tickets.
// Source: https://developer.zendesk.com/api-reference/ticketing/business-rules/views/.
type View struct {
	ID          int64          `json:"id"`
	Title       string         `json:"title"`
	Description string         `json:"description"`
	Active      bool           `json:"active"`
	Conditions  RuleConditions `json:"conditions"`
}

// Views returns the views that the API user may use, inactive ones too.
// Source: https://developer.zendesk.com/api-reference/ticketing/business-rules/views/#list-views.
func (c *Client) Views(ctx context.Context) ([]View, error) {
	return records[View](ctx, c, "list views", "/views", "views")
}

// ViewOutput is what a view shows.
type ViewOutput struct {
	Columns   []string `json:"columns,omitempty"`
	SortBy    string   `json:"sort_by,omitempty"`
	SortOrder string   `json:"sort_order,omitempty"`
}

// ViewWrite is a new view, or what an existing one becomes. One of its conditions must be about status, type, group, assignee or
// requester.
type ViewWrite struct {
	Title       string          `json:"title"`
	Description string          `json:"description,omitempty"`
	Active      bool            `json:"active"`
	All         []RuleCondition `json:"all"`
	Output      *ViewOutput     `json:"output,omitempty"`
}

// CreateView makes a view for all agents.
// Source: https://developer.zendesk.com/api-reference/ticketing/business-rules/views/#create-view.
func (c *Client) CreateView(ctx context.Context, v ViewWrite) (View, error) {
	var out View
	err := c.record(ctx, send{"create view", http.MethodPost, "/views", "view", v}, &out)
	return out, err
}

// UpdateView changes a view.
// Source: https://developer.zendesk.com/api-reference/ticketing/business-rules/views/#update-view.
func (c *Client) UpdateView(ctx context.Context, id int64, v ViewWrite) (View, error) {
	var out View
	err := c.record(ctx, send{"update view", http.MethodPut, "/views/" + strconv.FormatInt(id, 10), "view", v}, &out)
	return out, err
}

// AllMacros returns the macros the API user may see, inactive ones too.
// Source: https://developer.zendesk.com/api-reference/ticketing/business-rules/macros/#list-macros.
func (c *Client) AllMacros(ctx context.Context) ([]Macro, error) {
	return records[Macro](ctx, c, "list all macros", "/macros", "macros")
}

// MacroWrite is a new macro, or what an existing one becomes: Zendesk replaces all actions by those written.
type MacroWrite struct {
	Title       string        `json:"title"`
	Description string        `json:"description,omitempty"`
	Active      bool          `json:"active"`
	Actions     []MacroAction `json:"actions"`
}

// CreateMacro makes a macro for all agents.
// Source: https://developer.zendesk.com/api-reference/ticketing/business-rules/macros/#create-macro.
func (c *Client) CreateMacro(ctx context.Context, m MacroWrite) (Macro, error) {
	var out Macro
	err := c.record(ctx, send{"create macro", http.MethodPost, "/macros", "macro", m}, &out)
	return out, err
}

// UpdateMacro changes a macro.
// Source: https://developer.zendesk.com/api-reference/ticketing/business-rules/macros/#update-macro.
func (c *Client) UpdateMacro(ctx context.Context, id int64, m MacroWrite) (Macro, error) {
	var out Macro
	err := c.record(ctx, send{"update macro", http.MethodPut, macroPath(id), "macro", m}, &out)
	return out, err
}
