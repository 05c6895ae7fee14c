// Package inbound turns webhooks into events in the right mailbox: it checks signatures, finds out who is meant, and appends.
// It returns without an error only when everything is stored.
package inbound

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/whatsapp"
	"github.com/ponte-desk/ponte/zendesk"
)

// Contacts finds out who a person is.
type Contacts interface {
	// Resolve returns the contact id of each person, in order; first sight makes one.
	Resolve(ctx context.Context, people []conversation.Person) ([]string, error)
}

// Tickets finds the threads of tickets; those unknown are left out.
type Tickets interface {
	TicketThreads(ctx context.Context, tickets []int64) (map[int64]string, error)
}

// Parking keeps statuses whose message is not known yet.
type Parking interface {
	Park(ctx context.Context, messageID string, status []byte) error
}

// Mailboxes stores events.
type Mailboxes interface {
	Append(ctx context.Context, deliveries ...mailbox.Delivery) ([]mailbox.Receipt, error)
}

// Config is what a Receiver works with; all fields are required.
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

// Handshake answers WhatsApp's subscription request; ok is false when the token is wrong.
func (r *Receiver) Handshake(q url.Values) (challenge string, ok bool) {
	return whatsapp.Handshake(q, r.VerifyToken)
}

// WhatsApp takes in one webhook of WhatsApp. An error other than *RefusedError means: not stored, deliver it again.
func (r *Receiver) WhatsApp(ctx context.Context, h http.Header, body []byte) error {
	if !whatsapp.Verify(r.WhatsAppSecrets, h.Get(whatsapp.SignatureHeader), body) {
		return r.refuse("whatsapp", "signature", http.StatusUnauthorized)
	}
	updates, err := whatsapp.Parse(body)
	if err != nil {
		return r.refuse("whatsapp", "malformed", http.StatusBadRequest)
	}
	if err := r.store(ctx, updates); err != nil {
		r.Metrics.webhooks.WithLabelValues("whatsapp", "unavailable").Inc()
		return err
	}
	r.Metrics.webhooks.WithLabelValues("whatsapp", "accepted").Inc()
	return nil
}

func (r *Receiver) refuse(peer, reason string, status int) error {
	r.Metrics.webhooks.WithLabelValues(peer, reason).Inc()
	return &RefusedError{Reason: reason, Status: status}
}

// store appends the updates of one webhook, in their order, in as few round trips as there are kinds of work.
func (r *Receiver) store(ctx context.Context, updates []whatsapp.Update) error {
	routes := make([]Route, len(updates))
	var people []conversation.Person
	for i, u := range updates {
		routes[i] = RouteOf(u)
		if routes[i].To == ToPerson {
			people = append(people, routes[i].Person)
		}
	}
	var contacts []string
	if len(people) > 0 {
		var err error
		if contacts, err = r.Contacts.Resolve(ctx, people); err != nil {
			return fmt.Errorf("resolve contacts: %w", err)
		}
	}
	var b batch
	for i, u := range updates {
		key := routes[i].Key
		switch routes[i].To {
		case ToPerson:
			key = conversation.Key(u.NumberID, contacts[0])
			contacts = contacts[1:]
		case ToParking:
			if err := r.park(ctx, u); err != nil {
				return err
			}
			continue
		case ToThread, ToAccount, Nowhere:
		}
		if routes[i].To == Nowhere {
			continue
		}
		if err := b.add(key, eventOf(u, routes[i], r.Now())); err != nil {
			return err
		}
	}
	return r.append(ctx, b)
}

func (r *Receiver) park(ctx context.Context, u whatsapp.Update) error {
	raw, err := json.Marshal(statusOf(u.Status))
	if err != nil {
		return fmt.Errorf("park status: %w", err)
	}
	if err := r.Parking.Park(ctx, u.Status.ID, raw); err != nil {
		return fmt.Errorf("park status: %w", err)
	}
	r.Metrics.parked.Inc()
	return nil
}

// batch gathers events by mailbox and keeps both orders.
type batch struct {
	deliveries []mailbox.Delivery
	at         map[string]int
}

func (b *batch) add(key string, e conversation.Event) error {
	raw, err := e.Encode()
	if err != nil {
		return err
	}
	if b.at == nil {
		b.at = map[string]int{}
	}
	i, ok := b.at[key]
	if !ok {
		i = len(b.deliveries)
		b.at[key] = i
		b.deliveries = append(b.deliveries, mailbox.Delivery{Key: key})
	}
	b.deliveries[i].Events = append(b.deliveries[i].Events, mailbox.Event{ID: e.ID, Data: raw})
	return nil
}

func (r *Receiver) append(ctx context.Context, b batch) error {
	if len(b.deliveries) == 0 {
		return nil
	}
	receipts, err := r.Mailboxes.Append(ctx, b.deliveries...)
	if err != nil {
		return err
	}
	keys := make([]string, 0, len(receipts))
	for _, got := range receipts {
		r.Metrics.events.WithLabelValues("new").Add(float64(got.New))
		r.Metrics.events.WithLabelValues("duplicate").Add(float64(got.Duplicates))
		if got.New > 0 {
			keys = append(keys, got.Key)
		}
	}
	r.Notify(keys...)
	return nil
}

// Zendesk takes in one webhook of Zendesk. An error other than *RefusedError means: not stored, deliver it again.
func (r *Receiver) Zendesk(ctx context.Context, h http.Header, body []byte) error {
	if !zendesk.Verify(r.ZendeskSecrets, h.Get(zendesk.HeaderTimestamp), h.Get(zendesk.HeaderSignature), body) {
		return r.refuse("zendesk", "signature", http.StatusUnauthorized)
	}
	hint, err := zendesk.ParseHint(body)
	switch {
	case errors.Is(err, zendesk.ErrNoTicket):
		r.Metrics.webhooks.WithLabelValues("zendesk", "ignored").Inc()
		return nil
	case err != nil:
		return r.refuse("zendesk", "malformed", http.StatusBadRequest)
	case hint.ActorID != 0 && hint.ActorID == r.OwnUser():
		r.Metrics.webhooks.WithLabelValues("zendesk", "own").Inc()
		return nil
	}
	if err := r.hint(ctx, hint); err != nil {
		r.Metrics.webhooks.WithLabelValues("zendesk", "unavailable").Inc()
		return err
	}
	r.Metrics.webhooks.WithLabelValues("zendesk", "accepted").Inc()
	return nil
}

func (r *Receiver) hint(ctx context.Context, h zendesk.Hint) error {
	threads, err := r.Tickets.TicketThreads(ctx, []int64{h.TicketID})
	if err != nil {
		return fmt.Errorf("find thread: %w", err)
	}
	key, ok := threads[h.TicketID]
	if !ok {
		key, ok = conversation.ThreadOfSession(h.ExternalID)
	}
	if !ok {
		key = fmt.Sprintf("%s%d", conversation.TicketPrefix, h.TicketID)
	}
	e := conversation.Event{
		Kind: conversation.EventHint, At: r.Now(),
		Hint: &conversation.Hint{Ticket: h.TicketID, Status: h.Status, UpdatedAt: h.UpdatedAt},
	}
	if h.EventID != "" {
		e.ID = eventID("z", h.EventID)
	}
	var b batch
	if err := b.add(key, e); err != nil {
		return err
	}
	return r.append(ctx, b)
}

// eventID is a dedupe id: the peer's own where that is short and plain, else its digest.
func eventID(kind, id string) string {
	if len(id) > 200 || strings.ContainsFunc(id, func(c rune) bool { return c < ' ' }) {
		sum := sha256.Sum256([]byte(id))
		id = hex.EncodeToString(sum[:])
	}
	return kind + ":" + id
}
