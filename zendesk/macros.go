package zendesk

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// MacroAction is one thing a macro does.
type MacroAction struct {
	// Field names a property of the ticket or of its comment, for example "status", "comment_value" or "custom_fields_360".
	Field string `json:"field"`
	// Value is a string, a boolean, null or a list, such as ["channel:all","text"].
	Value json.RawMessage `json:"value"`
}

// Macro is a prepared answer or set of changes.
// Source: https://developer.zendesk.com/api-reference/ticketing/business-rules/macros/.
type Macro struct {
	ID int64 `json:"id"`
	// Title names it; its folders come first, each followed by "::".
	Title       string        `json:"title"`
	Description string        `json:"description"`
	Active      bool          `json:"active"`
	Position    int64         `json:"position"`
	Actions     []MacroAction `json:"actions"`
	// Restriction says who may use it, null for everybody.
	Restriction json.RawMessage `json:"restriction"`
	UpdatedAt   time.Time       `json:"updated_at"`
}

// macroPage is one page of the account's macros.
type macroPage struct {
	pageMeta
	Macros []Macro `json:"macros"`
}

// macroPath is the path of one macro.
func macroPath(id int64) string { return "/macros/" + strconv.FormatInt(id, 10) }

// Macros returns all active macros the API user may use, with their actions.
// Source: https://developer.zendesk.com/api-reference/ticketing/business-rules/macros/#list-macros.
func (c *Client) Macros(ctx context.Context) ([]Macro, error) {
	var macros []Macro
	visit := func(p macroPage) bool {
		for _, m := range p.Macros {
			if m.Active {
				macros = append(macros, m)
			}
		}
		return true
	}
	if err := eachPage(ctx, c, "list macros", "/macros", url.Values{"active": {"true"}}, visit); err != nil {
		return nil, err
	}
	return macros, nil
}

// ShowMacro reads a macro, an inactive one too.
func (c *Client) ShowMacro(ctx context.Context, id int64) (Macro, error) {
	const op = "show macro"
	var out struct {
		Macro Macro `json:"macro"`
	}
	if err := c.Get(ctx, op, macroPath(id), &out); err != nil {
		return Macro{}, err
	}
	if out.Macro.ID == 0 {
		return Macro{}, unreadable(op, http.MethodGet, http.StatusOK, errNoRecord)
	}
	return out.Macro, nil
}

// ScopedBody is a comment's text for one kind of channel.
type ScopedBody struct {
	// Channel is for example "channel:all", "channel:web" or "channel:chat".
	Channel string
	Body    string
}

// AppliedComment is the comment a macro proposes; what it leaves alone is empty.
type AppliedComment struct {
	// Body is the plain text.
	Body string
	// HTMLBody is the text as HTML, "" when the macro has a plain text only and the account adds none.
	HTMLBody string
	// Scoped are the texts by channel.
	Scoped []ScopedBody
	// Public says whether the requester would see it; nil when the answer does not tell.
	Public *bool
}

// Applied is a ticket as it would be after a macro.
type Applied struct {
	// Ticket holds the properties, its custom fields included.
	Ticket Ticket
	// Comment is what the macro would write, nil when it writes nothing.
	Comment *AppliedComment
}

// ApplyMacro returns the ticket as it would be after the macro, and changes nothing. Placeholders are filled; the current user is
// the API user.
//
// Source: https://developer.zendesk.com/api-reference/ticketing/business-rules/macros/#show-ticket-after-changes.
func (c *Client) ApplyMacro(ctx context.Context, ticketID, macroID int64) (Applied, error) {
	const op = "apply macro"
	var out struct {
		Result *struct {
			Ticket *Applied `json:"ticket"`
		} `json:"result"`
	}
	if err := c.Get(ctx, op, ticketPath(ticketID)+macroPath(macroID)+"/apply", &out); err != nil {
		return Applied{}, err
	}
	if out.Result == nil || out.Result.Ticket == nil {
		return Applied{}, unreadable(op, http.MethodGet, http.StatusOK, errNoRecord)
	}
	return *out.Result.Ticket, nil
}

// UnmarshalJSON reads result.ticket. Beside a ticket's own shape the fields may come as {"id":…,"value":…} or as {"id":value}, and
// the comment's texts as a string or as a list of [channel, text].
func (a *Applied) UnmarshalJSON(b []byte) error {
	*a = Applied{}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(b, &raw); err != nil {
		return err
	}
	fields := appliedFields(raw["custom_fields"])
	if fields == nil {
		fields = appliedFields(raw["fields"])
	}
	comment := raw["comment"]
	for _, own := range []string{"custom_fields", "fields", "comment"} {
		delete(raw, own)
	}
	plain, err := json.Marshal(raw)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(plain, &a.Ticket); err != nil {
		return err
	}
	a.Ticket.CustomFields = fields
	a.Comment = appliedComment(comment)
	return nil
}

// appliedFields reads custom fields in any of the three shapes, nil for anything else.
func appliedFields(raw json.RawMessage) []CustomField {
	var list []CustomField
	if json.Unmarshal(raw, &list) == nil {
		return list
	}
	var one struct {
		ID    int64            `json:"id"`
		Value *json.RawMessage `json:"value"`
	}
	if json.Unmarshal(raw, &one) == nil && one.ID != 0 && one.Value != nil {
		return []CustomField{{ID: one.ID, Value: *one.Value}}
	}
	var byID map[string]json.RawMessage
	if json.Unmarshal(raw, &byID) != nil {
		return nil
	}
	for _, key := range slices.Sorted(maps.Keys(byID)) {
		if id := scalar(key).id(); id != 0 {
			list = append(list, CustomField{ID: id, Value: byID[key]})
		}
	}
	return list
}

// appliedComment reads the comment, nil when there is neither a text nor a word about who sees it.
func appliedComment(raw json.RawMessage) *AppliedComment {
	var in struct {
		Body     json.RawMessage `json:"body"`
		HTMLBody json.RawMessage `json:"html_body"`
		Scoped   json.RawMessage `json:"scoped_body"`
		Public   json.RawMessage `json:"public"`
	}
	if json.Unmarshal(raw, &in) != nil {
		return nil
	}
	out := AppliedComment{Body: text(in.Body), HTMLBody: text(in.HTMLBody), Scoped: scopedBodies(in.Scoped), Public: truth(in.Public)}
	if out.Body == "" {
		out.Body = bodyFor(scopedBodies(in.Body))
	}
	if out.HTMLBody == "" {
		out.HTMLBody = bodyFor(scopedBodies(in.HTMLBody))
	}
	if out.Body == "" {
		out.Body = bodyFor(out.Scoped)
	}
	if out.Body == "" && out.HTMLBody == "" && len(out.Scoped) == 0 && out.Public == nil {
		return nil
	}
	return &out
}

// scopedBodies reads [["channel:all","text"]] or ["channel:all","text"].
func scopedBodies(raw json.RawMessage) []ScopedBody {
	var pairs [][]string
	if json.Unmarshal(raw, &pairs) != nil {
		var pair []string
		if json.Unmarshal(raw, &pair) != nil {
			return nil
		}
		pairs = [][]string{pair}
	}
	var bodies []ScopedBody
	for _, p := range pairs {
		if len(p) == 2 {
			bodies = append(bodies, ScopedBody{Channel: p[0], Body: p[1]})
		}
	}
	return bodies
}

// bodyFor picks the text of a ticket that is answered on the web.
func bodyFor(bodies []ScopedBody) string {
	for _, channel := range []string{"channel:all", "channel:web"} {
		for _, b := range bodies {
			if b.Channel == channel {
				return b.Body
			}
		}
	}
	return ""
}

// truth reads a boolean or its name, nil for anything else.
func truth(raw json.RawMessage) *bool {
	value, err := strconv.ParseBool(string(bytes.Trim(raw, `" `)))
	if err != nil {
		return nil
	}
	return &value
}
