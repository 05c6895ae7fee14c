package zendesk

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"time"
)

// clockSlack is how far the account's clock may be behind ours before a search through audits ends too early.
const clockSlack = 2 * time.Minute

// eventComment is the type of the audit event that a comment makes.
const eventComment = "Comment"

// Metadata is an audit's or a comment's metadata.
type Metadata struct {
	// Custom is what a write sent as Metadata, by key.
	Custom map[string]json.RawMessage
}

// UnmarshalJSON reads metadata.custom and takes anything unexpected for none.
func (m *Metadata) UnmarshalJSON(b []byte) error {
	var raw struct {
		Custom json.RawMessage `json:"custom"`
	}
	*m = Metadata{}
	if json.Unmarshal(b, &raw) != nil || json.Unmarshal(raw.Custom, &m.Custom) != nil {
		m.Custom = nil
	}
	return nil
}

// Has reports whether key has the given string value, in custom itself or one object deeper. A key "a.b" means b in a.
func (m Metadata) Has(key, value string) bool {
	if isString(m.Custom[key], value) {
		return true
	}
	outer, inner, dotted := strings.Cut(key, ".")
	for name, raw := range m.Custom {
		var nested map[string]json.RawMessage
		if json.Unmarshal(raw, &nested) != nil {
			continue
		}
		if isString(nested[key], value) || dotted && name == outer && isString(nested[inner], value) {
			return true
		}
	}
	return false
}

// isString reports whether raw is the given JSON string.
func isString(raw json.RawMessage, want string) bool {
	var s *string
	return json.Unmarshal(raw, &s) == nil && s != nil && *s == want
}

// AuditEvent is one event of an audit; which fields are set depends on Type.
// Source: https://developer.zendesk.com/documentation/ticketing/reference-guides/ticket-audit-events-reference.
type AuditEvent struct {
	ID       int64  `json:"id"`
	Type     string `json:"type"`
	AuthorID int64  `json:"author_id"`
	Public   bool   `json:"public"`
	// FieldName, Value and PreviousValue describe a Create or Change event.
	FieldName     string          `json:"field_name"`
	Value         json.RawMessage `json:"value"`
	PreviousValue json.RawMessage `json:"previous_value"`
}

// Audit is one update of a ticket.
type Audit struct {
	ID        int64        `json:"id"`
	TicketID  int64        `json:"ticket_id"`
	AuthorID  int64        `json:"author_id"`
	CreatedAt time.Time    `json:"created_at"`
	Via       Via          `json:"via"`
	Metadata  Metadata     `json:"metadata"`
	Events    []AuditEvent `json:"events"`
}

// CommentIDs returns the ids of the comments the update wrote.
func (a Audit) CommentIDs() []int64 {
	var ids []int64
	for _, e := range a.Events {
		if e.Type == eventComment && e.ID != 0 {
			ids = append(ids, e.ID)
		}
	}
	return ids
}

// auditPage is one page of a ticket's audits.
type auditPage struct {
	pageMeta
	Audits []Audit `json:"audits"`
}

// FindAudit looks for the update whose metadata holds value under key, newest first, back to those older than since (less
// two minutes, for clocks that differ); Audit.CommentIDs then tells its comments. false means that it is not there.
// Needs the token scope "read".
// Source: https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_audits/#list-audits-for-a-ticket.
func (c *Client) FindAudit(
	ctx context.Context, ticketID int64, key, value string, since time.Time,
) (Audit, bool, error) {
	var (
		found  Audit
		ok     bool
		newest time.Time
	)
	visit := func(p auditPage) bool {
		for _, a := range p.Audits {
			if a.Metadata.Has(key, value) {
				found, ok = a, true
				return false
			}
		}
		if len(p.Audits) == 0 {
			return true
		}
		if newest.IsZero() {
			newest = p.Audits[0].CreatedAt
		}
		// An account that does not sort answers the oldest first; then all of it has to be read.
		oldest := p.Audits[len(p.Audits)-1].CreatedAt
		return !oldest.Before(newest) || !oldest.Before(since.Add(-clockSlack))
	}
	q := url.Values{"sort": {"-created_at"}}
	err := eachPage(ctx, c, "list audits", ticketPath(ticketID)+"/audits", q, visit)
	return found, ok, err
}

// Audits returns all updates of a ticket, the newest first where the account sorts them.
func (c *Client) Audits(ctx context.Context, ticketID int64) ([]Audit, error) {
	var audits []Audit
	visit := func(p auditPage) bool {
		audits = append(audits, p.Audits...)
		return true
	}
	q := url.Values{"sort": {"-created_at"}}
	if err := eachPage(ctx, c, "list audits", ticketPath(ticketID)+"/audits", q, visit); err != nil {
		return nil, err
	}
	return audits, nil
}
