// Package inbound turns webhooks into events in the right mailbox: it checks signatures, finds out who is meant, and appends.
// It returns without an error only when everything is stored.
package inbound

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/whatsapp"
)

// Contacts finds out who a person is.
type Contacts interface {
	// Resolve tells who each person is among our contacts, in order; first sight makes a contact.
	Resolve(ctx context.Context, people []conversation.Person) ([]conversation.Resolved, error)
	// Known returns the contact id of each person, in order, and "" for one that nobody has met yet; it makes no contact.
	Known(ctx context.Context, people []conversation.Person) ([]string, error)
}

// Tickets finds the threads of tickets; those unknown are left out.
type Tickets interface {
	TicketThreads(ctx context.Context, tickets []int64) (map[int64]string, error)
}

// ParkedStatus is a status whose message is not known yet: a conversation.Status as JSON.
type ParkedStatus struct {
	MessageID string // wamid
	Raw       []byte
}

// Parking keeps statuses whose message is not known yet.
type Parking interface {
	// ParkAll keeps the statuses of one webhook, those of one message in the order given.
	ParkAll(ctx context.Context, list []ParkedStatus) error
}

// Mailboxes stores events.
type Mailboxes interface {
	Append(ctx context.Context, deliveries ...mailbox.Delivery) ([]mailbox.Receipt, error)
}

// Config is what a Receiver works with; all fields are required but those of 360dialog.
type Config struct {
	Mailboxes Mailboxes
	Contacts  Contacts
	Tickets   Tickets
	Parking   Parking
	// Notify hears which mailboxes have something new.
	Notify func(keys ...string)
	// OwnUser is the Zendesk user that Ponte writes as, 0 while unknown: hints about its own updates are not worth a look.
	OwnUser func() int64
	Now     func() time.Time
	Metrics *Metrics
	// Secrets that webhooks are signed with, several while rotating, and WhatsApp's handshake token.
	WhatsAppSecrets []string
	VerifyToken     string
	ZendeskSecrets  []string
	// Dialog360Secrets are what 360dialog's webhooks carry in their Authorization header, several while rotating. Without any,
	// all of them are refused.
	Dialog360Secrets []string
	// Dialog360Number tells whether 360dialog carries the number, by phone_number_id; required with Dialog360Secrets.
	Dialog360Number func(number string) bool
}

// Receiver takes webhooks in.
type Receiver struct{ Config }

// New builds a Receiver.
func New(c Config) *Receiver { return &Receiver{Config: c} }

// RefusedError is a webhook that is not taken in, whatever is tried again. It says nothing that a stranger could use.
type RefusedError struct {
	Reason string
	Status int // HTTP
}

// Error tells the reason.
func (r *RefusedError) Error() string { return r.Reason }

// HTTPStatus is the status to answer with.
func (r *RefusedError) HTTPStatus() int { return r.Status }

func (r *Receiver) refuse(peer, reason string, status int) error {
	r.Metrics.outcome(peer, reason)
	return &RefusedError{Reason: reason, Status: status}
}

// Peers as metrics name them.
const (
	peerWhatsApp  = "whatsapp"
	peerDialog360 = "360dialog"
	peerZendesk   = "zendesk"
)

// Handshake answers WhatsApp's subscription request; ok is false when the token is wrong.
func (r *Receiver) Handshake(q url.Values) (challenge string, ok bool) {
	return whatsapp.Handshake(q, r.VerifyToken)
}

// WhatsApp takes in one webhook of WhatsApp. An error other than *RefusedError means: not stored, deliver it again.
func (r *Receiver) WhatsApp(ctx context.Context, h http.Header, body []byte) error {
	if !whatsapp.Verify(r.WhatsAppSecrets, h.Get(whatsapp.SignatureHeader), body) {
		return r.refuse(peerWhatsApp, outcomeSignature, http.StatusUnauthorized)
	}
	updates, err := whatsapp.Parse(body)
	if err != nil {
		return r.refuse(peerWhatsApp, outcomeMalformed, http.StatusBadRequest)
	}
	return r.keep(ctx, peerWhatsApp, body, updates)
}

// keep stores the updates of a webhook that is to be trusted and counts it.
func (r *Receiver) keep(ctx context.Context, peer string, body []byte, updates []whatsapp.Update) error {
	if err := r.store(ctx, body, updates); err != nil {
		r.Metrics.outcome(peer, outcomeUnavailable)
		return err
	}
	r.Metrics.outcome(peer, outcomeAccepted)
	return nil
}
