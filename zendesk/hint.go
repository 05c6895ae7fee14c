package zendesk

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// maxDepth is how deeply a webhook's body may be nested.
const maxDepth = 64

// eventPrefix starts the type of every event webhook.
const eventPrefix = "zen:event-type:"

// ErrMalformed is a body that is no webhook of Zendesk's or ours.
var ErrMalformed = errors.New("malformed webhook")

// ErrNoTicket is a well-formed event that is not about a ticket.
var ErrNoTicket = errors.New("webhook is not about a ticket")

// Hint is what a webhook tells: that something happened to a ticket. What happened is read from the API.
type Hint struct {
	// TicketID is the ticket, always set.
	TicketID int64
	// AccountID is the account of an event, 0 for a trigger.
	AccountID int64
	// ExternalID is the ticket's external id; may be empty.
	ExternalID string
	// Status is the ticket's status as the REST API spells it, "" when it is unknown or could not be understood.
	Status string
	// UpdatedAt is the ticket's last change, zero when unknown.
	UpdatedAt time.Time
	// ActorID is who caused it, 0 when unknown.
	ActorID int64
	// EventID is the id of an event, "" for a trigger.
	EventID string
	// Type is the event's type without "zen:event-type:", "" for a trigger.
	Type string
	// Group is the ticket's group: nil when the webhook does not tell, 0 when the ticket has none. The same holds for the ids below.
	Group *int64
	// Assignee is the agent the ticket is assigned to.
	Assignee *int64
	// Organization is the ticket's organisation.
	Organization *int64
	// Form is the ticket's form.
	Form *int64
	// Tags are the ticket's tags; empty and not TagsKnown when the webhook does not tell them.
	Tags []string
	// TagsKnown says that Tags is all of them, also when there are none.
	TagsKnown bool
}

// hintBody holds both shapes of body: an event has Type and Detail, a trigger the rest.
type hintBody struct {
	Type      scalar          `json:"type"`
	ID        scalar          `json:"id"`
	AccountID scalar          `json:"account_id"`
	Subject   scalar          `json:"subject"`
	Detail    json.RawMessage `json:"detail"`

	TicketID   scalar `json:"ticket_id"`
	ExternalID scalar `json:"external_id"`
	Status     scalar `json:"status"`
	UpdatedAt  scalar `json:"updated_at"`
	ActorID    scalar `json:"actor_id"`
	hintFacts
}

// ParseHint reads the body of an event webhook or of our trigger's webhook,
// {"ticket_id":"…","external_id":"…","status":"Open","updated_at":"…","actor_id":"…","group_id":"…","assignee_id":"…",
// "organization_id":"…","tags":"a b"}, whose numbers may be strings and whose status may be in the account's language. A key that
// is absent tells nothing, an empty one or null tells that the ticket has none. The signature must have been checked.
//
// It fails with ErrMalformed, or with ErrNoTicket for an event about something else, which is to be acknowledged and
// dropped. Source: https://developer.zendesk.com/api-reference/webhooks/event-types/webhook-event-types/.
func ParseHint(body []byte) (Hint, error) {
	if tooDeep(body) {
		return Hint{}, fmt.Errorf("%w: nested more than %d levels", ErrMalformed, maxDepth)
	}
	var b hintBody
	if err := json.Unmarshal(body, &b); err != nil {
		return Hint{}, fmt.Errorf("%w: not a JSON object", ErrMalformed)
	}
	if kind, ok := strings.CutPrefix(string(b.Type), eventPrefix); ok {
		return eventHint(b, kind)
	}
	h := Hint{
		TicketID: b.TicketID.id(), ExternalID: string(b.ExternalID), Status: normalStatus(string(b.Status)),
		UpdatedAt: b.UpdatedAt.time(), ActorID: b.ActorID.id(),
	}
	b.tell(&h)
	if h.TicketID == 0 {
		return Hint{}, fmt.Errorf("%w: no ticket id", ErrMalformed)
	}
	return h, nil
}

// eventHint reads an event's envelope.
func eventHint(b hintBody, kind string) (Hint, error) {
	var detail struct {
		ID         scalar `json:"id"`
		ExternalID scalar `json:"external_id"`
		Status     scalar `json:"status"`
		UpdatedAt  scalar `json:"updated_at"`
		ActorID    scalar `json:"actor_id"`
		hintFacts
	}
	if !strings.HasPrefix(kind, "ticket.") && !strings.HasPrefix(kind, "messaging_ticket.") {
		return Hint{}, fmt.Errorf("%w: another kind of event", ErrNoTicket)
	}
	if len(b.Detail) > 0 && json.Unmarshal(b.Detail, &detail) != nil {
		return Hint{}, fmt.Errorf("%w: detail is not an object", ErrMalformed)
	}
	h := Hint{
		TicketID: detail.ID.id(), AccountID: b.AccountID.id(), ExternalID: string(detail.ExternalID),
		Status: normalStatus(string(detail.Status)), UpdatedAt: detail.UpdatedAt.time(), ActorID: detail.ActorID.id(),
		EventID: string(b.ID), Type: kind,
	}
	detail.tell(&h)
	if h.TicketID == 0 {
		subject, _ := strings.CutPrefix(string(b.Subject), "zen:ticket:")
		h.TicketID = scalar(subject).id()
	}
	if h.TicketID == 0 {
		return Hint{}, fmt.Errorf("%w: no ticket id", ErrMalformed)
	}
	return h, nil
}

// normalStatus turns a status of an event (upper case) or of a trigger's placeholder (the account's language: English,
// Portuguese or Spanish) into the REST API's spelling, "" for anything else.
func normalStatus(s string) string {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "new", "novo", "nuevo":
		return StatusNew
	case "open", "aberto", "abierto":
		return StatusOpen
	case "pending", "pendente", "pendiente":
		return StatusPending
	case "hold", "on-hold", "on hold", "em espera", "en espera":
		return StatusHold
	case "solved", "resolvido", "resuelto":
		return StatusSolved
	case "closed", "fechado", "cerrado":
		return StatusClosed
	case "deleted", "archived", "scrubbed":
		return strings.ToLower(strings.TrimSpace(s))
	}
	return ""
}

// tooDeep counts brackets outside of strings, which costs less than the parser it protects.
func tooDeep(body []byte) bool {
	depth, inString, escaped := 0, false, false
	for _, c := range body {
		switch {
		case escaped:
			escaped = false
		case inString && c == '\\':
			escaped = true
		case c == '"':
			inString = !inString
		case inString:
		case c == '{' || c == '[':
			if depth++; depth > maxDepth {
				return true
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return false
}
