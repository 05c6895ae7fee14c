package inbound

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/mailbox"
)

// batch gathers events by mailbox and keeps both orders.
type batch struct {
	deliveries []mailbox.Delivery
	at         map[string]int  // where a mailbox stands in deliveries, once there are more than a look at each is worth
	told       map[string]bool // news about contacts that are in, by mailbox and id
}

// fewMailboxes is how many mailboxes are found faster without a map; most webhooks have one.
const fewMailboxes = 8

func (b *batch) add(key string, e conversation.Event) error {
	raw, err := e.Encode()
	if err != nil {
		return err
	}
	d := b.delivery(key)
	d.Events = append(d.Events, mailbox.Event{ID: e.ID, Data: raw})
	return nil
}

// delivery is what goes to the mailbox.
func (b *batch) delivery(key string) *mailbox.Delivery {
	if b.at != nil {
		if i, ok := b.at[key]; ok {
			return &b.deliveries[i]
		}
	} else {
		for i := range b.deliveries {
			if b.deliveries[i].Key == key {
				return &b.deliveries[i]
			}
		}
	}
	b.deliveries = append(b.deliveries, mailbox.Delivery{Key: key})
	last := len(b.deliveries) - 1
	switch {
	case b.at != nil:
		b.at[key] = last
	case len(b.deliveries) > fewMailboxes:
		b.at = make(map[string]int, 2*len(b.deliveries))
		for i := range b.deliveries {
			b.at[b.deliveries[i].Key] = i
		}
	}
	return &b.deliveries[last]
}

// identity tells other contacts' threads on the number what an update showed about them: one is the same person, or lost its
// phone to the person.
func (b *batch) identity(number string, p conversation.Person, who conversation.Resolved, now time.Time) error {
	if who.Same != "" {
		e := conversation.Event{
			Kind: conversation.EventMerge, ID: "mg:" + who.Same + ":" + who.Contact, At: now, Merge: &conversation.Merge{With: who.Contact},
		}
		if err := b.tell(conversation.Key(number, who.Same), e); err != nil {
			return err
		}
	}
	if who.Lost != "" {
		phone := sha256.Sum256([]byte(p.Phone))
		e := conversation.Event{
			Kind: conversation.EventGone, ID: "go:" + who.Lost + ":" + who.Contact + ":" + hex.EncodeToString(phone[:8]), At: now,
			Contact: &conversation.Contact{WaID: p.WaID},
		}
		return b.tell(conversation.Key(number, who.Lost), e)
	}
	return nil
}

// tell adds news about a contact, once.
func (b *batch) tell(key string, e conversation.Event) error {
	news := key + " " + e.ID
	if b.told[news] {
		return nil
	}
	if b.told == nil {
		b.told = map[string]bool{}
	}
	b.told[news] = true
	return b.add(key, e)
}
