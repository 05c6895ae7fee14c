package inbound

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/whatsapp"
)

// intake is one webhook on its way into the mailboxes.
type intake struct {
	body    []byte
	updates []whatsapp.Update
	routes  []Route // of the updates
	now     time.Time
	times   entryTimes // once an update needs them

	people     []conversation.Resolved // of the updates for a person, in order
	recipients []string                // contacts of the statuses that only tell who they are about, "" where nobody knows them
}

// store appends the updates of one webhook, in their order, in as few round trips as there are kinds of work.
func (r *Receiver) store(ctx context.Context, body []byte, updates []whatsapp.Update) error {
	in := intake{body: body, updates: updates, routes: make([]Route, len(updates)), now: r.Now()}
	for i := range updates {
		in.routes[i] = RouteOf(updates[i])
	}
	if err := r.find(ctx, &in); err != nil {
		return err
	}
	if err := r.park(ctx, &in); err != nil {
		return err
	}
	b := batch{deliveries: make([]mailbox.Delivery, 0, min(len(updates), fewMailboxes))}
	for i := range updates {
		if err := in.put(&b, i); err != nil {
			return err
		}
	}
	return r.append(ctx, &b)
}

// find looks all people of a webhook up together.
func (r *Receiver) find(ctx context.Context, in *intake) error {
	var people, recipients []conversation.Person
	for i := range in.routes {
		switch route := &in.routes[i]; {
		case route.To == ToPerson:
			people = append(people, route.Person)
		case route.To == ToParking && route.named():
			recipients = append(recipients, route.Person)
		}
	}
	var err error
	if len(people) > 0 {
		if in.people, err = r.Contacts.Resolve(ctx, people); err != nil {
			return fmt.Errorf("resolve contacts: %w", err)
		}
	}
	if len(recipients) > 0 {
		if in.recipients, err = r.Contacts.Known(ctx, recipients); err != nil {
			return fmt.Errorf("look contacts up: %w", err)
		}
	}
	return nil
}

// park keeps the statuses that don't say whose they are: the answer to their send may still be on its way.
func (r *Receiver) park(ctx context.Context, in *intake) error {
	var list []ParkedStatus
	for i := range in.routes {
		if in.routes[i].To != ToParking {
			continue
		}
		s := in.updates[i].Status
		raw, err := json.Marshal(statusOf(s))
		if err != nil {
			return fmt.Errorf("park status: %w", err)
		}
		list = append(list, ParkedStatus{MessageID: s.ID, Raw: raw})
	}
	if len(list) == 0 {
		return nil
	}
	if err := r.Parking.ParkAll(ctx, list); err != nil {
		return fmt.Errorf("park statuses: %w", err)
	}
	r.Metrics.parked.Add(float64(len(list)))
	return nil
}

// put adds what becomes of the i-th update to the batch; the updates must come one after the other.
func (in *intake) put(b *batch, i int) error {
	u, route := &in.updates[i], &in.routes[i]
	key, one := in.next(u, route)
	if key == "" {
		return nil
	}
	if err := b.add(key, eventOf(u, route, in.now, in.entryTime(u))); err != nil {
		return err
	}
	return b.identity(u.NumberID, route.Person, one, in.now)
}

// next is the mailbox of the next update, "" for none, and what was found of the person that it belongs to.
func (in *intake) next(u *whatsapp.Update, route *Route) (key string, one conversation.Resolved) {
	switch route.To {
	case ToPerson:
		one, in.people = in.people[0], in.people[1:]
		return conversation.Key(u.NumberID, one.Contact), one
	case ToThread, ToAccount:
		return route.Key, one
	case ToParking:
		if route.named() {
			contact := in.recipients[0]
			if in.recipients = in.recipients[1:]; contact != "" {
				return conversation.Key(u.NumberID, contact), one
			}
		}
	case Nowhere:
	}
	return "", one
}

// entryTime is when WhatsApp made the entry of an account event, which has no id of its own; "" for others and where it is not told.
func (in *intake) entryTime(u *whatsapp.Update) string {
	if u.Kind != whatsapp.KindAccount && u.Kind != whatsapp.KindNumberError {
		return ""
	}
	if in.times == nil {
		in.times = readEntryTimes(in.body)
	}
	return in.times[string(u.Raw)]
}

func (r *Receiver) append(ctx context.Context, b *batch) error {
	if len(b.deliveries) == 0 {
		return nil
	}
	receipts, err := r.Mailboxes.Append(ctx, b.deliveries...)
	if err != nil {
		return err
	}
	keys := make([]string, 0, len(receipts))
	for _, got := range receipts {
		r.Metrics.fresh.Add(float64(got.New))
		r.Metrics.duplicates.Add(float64(got.Duplicates))
		if got.New > 0 {
			keys = append(keys, got.Key)
		}
	}
	r.Notify(keys...)
	return nil
}
