package zendesk

import (
	"bytes"
	"encoding/json"
	"time"
)

// Ticket statuses as the REST API spells them.
const (
	StatusNew     = "new"
	StatusOpen    = "open"
	StatusPending = "pending"
	StatusHold    = "hold"
	StatusSolved  = "solved"
	StatusClosed  = "closed"
)

// Ref is an id in a write that can be left alone (the zero value), set, or cleared.
type Ref struct {
	id    int64
	clear bool
}

// RefTo sets the id; 0 leaves it alone.
func RefTo(id int64) Ref { return Ref{id: id} }

// NoRef clears the id.
func NoRef() Ref { return Ref{clear: true} }

// IsZero reports whether the id is left alone; encoding/json then leaves it out.
func (r Ref) IsZero() bool { return r == Ref{} }

// ID returns the id that is set, 0 when it is left alone or cleared.
func (r Ref) ID() int64 { return r.id }

// MarshalJSON writes the id, or null to clear it.
func (r Ref) MarshalJSON() ([]byte, error) {
	if r.id == 0 {
		return []byte("null"), nil
	}
	return json.Marshal(r.id)
}

// UnmarshalJSON reads what MarshalJSON wrote, so that a frozen update can be stored.
func (r *Ref) UnmarshalJSON(b []byte) error {
	if bytes.Equal(b, []byte("null")) {
		*r = NoRef()
		return nil
	}
	r.clear = false
	return json.Unmarshal(b, &r.id)
}

// CommentWrite is a comment that rides on a ticket's creation or update.
type CommentWrite struct {
	// Body is the plain text; HTMLBody wins when both are given.
	Body string `json:"body,omitempty"`
	// HTMLBody is the text as HTML.
	HTMLBody string `json:"html_body,omitempty"`
	// Public says whether the requester sees it. It is always sent: Zendesk would else repeat the ticket's last choice.
	Public bool `json:"public"`
	// AuthorID is the user it is written in the name of, 0 for the API user.
	AuthorID int64 `json:"author_id,omitempty"`
	// Uploads are upload tokens.
	Uploads []string `json:"uploads,omitempty"`
}

// Requester describes a ticket's requester by properties instead of an id.
type Requester struct {
	Name  string `json:"name"`
	Email string `json:"email,omitempty"`
}

// EmailCC adds someone to, or removes someone from, a ticket's e-mail copies.
type EmailCC struct {
	// UserID or UserEmail names the person.
	UserID    int64  `json:"user_id,omitempty"`
	UserEmail string `json:"user_email,omitempty"`
	UserName  string `json:"user_name,omitempty"`
	// Action is "put" or "delete".
	Action string `json:"action"`
}

// TicketFields are what a creation and an update have in common. Zero values are left out.
type TicketFields struct {
	Comment        *CommentWrite `json:"comment,omitempty"`
	Subject        string        `json:"subject,omitempty"`
	Status         string        `json:"status,omitempty"`
	CustomStatusID int64         `json:"custom_status_id,omitempty"`
	Type           string        `json:"type,omitempty"`
	Priority       string        `json:"priority,omitempty"`
	ExternalID     string        `json:"external_id,omitempty"`
	RequesterID    int64         `json:"requester_id,omitempty"`
	AssigneeID     Ref           `json:"assignee_id,omitzero"`
	GroupID        Ref           `json:"group_id,omitzero"`
	OrganizationID Ref           `json:"organization_id,omitzero"`
	TicketFormID   int64         `json:"ticket_form_id,omitempty"`
	BrandID        int64         `json:"brand_id,omitempty"`
	DueAt          time.Time     `json:"due_at,omitzero"`
	// Tags replaces all tags: nil leaves them alone, an empty list clears them. On an update of a ticket that people edit,
	// send it with SafeUpdate: concurrent writers lose tags.
	Tags []string `json:"tags,omitzero"`
	// CustomFields is a list of {"id":…,"value":…} objects.
	CustomFields json.RawMessage `json:"custom_fields,omitempty"`
	// Metadata is kept in the audit, under metadata.custom; FindAudit looks there.
	Metadata map[string]any `json:"metadata,omitempty"`
	EmailCCs []EmailCC      `json:"email_ccs,omitempty"`
}

// TicketCreate is a new ticket; Comment is required by Zendesk.
type TicketCreate struct {
	TicketFields
	// Requester is used when RequesterID is not given.
	Requester *Requester `json:"requester,omitempty"`
	// SubmitterID is the user who opened it, 0 for the API user.
	SubmitterID int64 `json:"submitter_id,omitempty"`
	// FollowupSourceID makes it the follow-up of that closed ticket, whose tags it takes over.
	FollowupSourceID int64 `json:"via_followup_source_id,omitempty"`
}

// TicketUpdate changes a ticket, with or without a comment.
type TicketUpdate struct {
	TicketFields
	// SafeUpdate makes Zendesk refuse with KindConflict when the ticket was changed since UpdatedStamp.
	SafeUpdate bool `json:"safe_update,omitempty"`
	// UpdatedStamp is the ticket's UpdatedAt as last read.
	UpdatedStamp time.Time `json:"updated_stamp,omitzero"`
}

// CustomField is one custom field of a ticket. Its value is a string, a number, a boolean, a list or null.
type CustomField struct {
	ID    int64           `json:"id"`
	Value json.RawMessage `json:"value"`
}

// Via tells how a record came to be.
type Via struct {
	// Channel is for example "web", "api", "email" or "rule".
	Channel string `json:"channel"`
}

// Ticket is a ticket as read. Ids that are null are 0.
type Ticket struct {
	ID             int64         `json:"id"`
	ExternalID     string        `json:"external_id"`
	Subject        string        `json:"subject"`
	Description    string        `json:"description"`
	Status         string        `json:"status"`
	CustomStatusID int64         `json:"custom_status_id"`
	Type           string        `json:"type"`
	Priority       string        `json:"priority"`
	RequesterID    int64         `json:"requester_id"`
	SubmitterID    int64         `json:"submitter_id"`
	AssigneeID     int64         `json:"assignee_id"`
	GroupID        int64         `json:"group_id"`
	OrganizationID int64         `json:"organization_id"`
	TicketFormID   int64         `json:"ticket_form_id"`
	BrandID        int64         `json:"brand_id"`
	EmailCCIDs     []int64       `json:"email_cc_ids"`
	FollowupIDs    []int64       `json:"followup_ids"`
	Tags           []string      `json:"tags"`
	CustomFields   []CustomField `json:"custom_fields"`
	Via            Via           `json:"via"`
	IsPublic       bool          `json:"is_public"`
	CreatedAt      time.Time     `json:"created_at"`
	UpdatedAt      time.Time     `json:"updated_at"`
	DueAt          time.Time     `json:"due_at"`
}

// Field returns the raw value of a custom field, nil when the ticket has no such field or its value is null.
func (t Ticket) Field(id int64) json.RawMessage {
	for _, f := range t.CustomFields {
		if f.ID == id && !bytes.Equal(f.Value, []byte("null")) {
			return f.Value
		}
	}
	return nil
}

// TicketWrite is what a creation or an update answers.
type TicketWrite struct {
	Ticket Ticket
	// Audit describes the change. An answer to a creation may lack it.
	Audit Audit
	// CommentIDs are the ids of the comments written, by the audit: empty when the answer lacks it.
	CommentIDs []int64
	// Replayed says that Zendesk knew the Idempotency-Key and gave the first call's answer again.
	Replayed bool
}
