package conversation

import (
	"slices"
	"time"
)

// DeliveryState is how far a message to the customer has come.
type DeliveryState string

// Delivery states in the order in which they are reached.
const (
	DeliveryQueued    DeliveryState = "queued"    // waits in the outbox
	DeliveryKept      DeliveryState = "kept"      // waits for the customer to write, because the window is closed
	DeliveryAccepted  DeliveryState = "accepted"  // WhatsApp took it
	DeliverySent      DeliveryState = "sent"      //
	DeliveryDelivered DeliveryState = "delivered" //
	DeliveryRead      DeliveryState = "read"      //
	DeliveryPlayed    DeliveryState = "played"    //
	DeliveryFailed    DeliveryState = "failed"    //
)

// rank orders the states; failed stands apart, unknown ones are below all.
func (s DeliveryState) rank() int {
	switch s {
	case DeliveryQueued, DeliveryKept:
		return 1
	case DeliveryAccepted:
		return 2
	case DeliverySent:
		return 3
	case DeliveryDelivered:
		return 4
	case DeliveryRead:
		return 5
	case DeliveryPlayed:
		return 6
	case DeliveryFailed:
		return 0
	}
	return -1
}

// Merge is the state after WhatsApp reported next, whatever the order of its reports: the highest rank seen counts, failed
// wins until the message was delivered, and a delivery corrects a failure.
func (s DeliveryState) Merge(next DeliveryState) DeliveryState {
	switch {
	case next.rank() < 0:
		return s
	case next == DeliveryFailed:
		if s.rank() >= DeliveryDelivered.rank() {
			return s
		}
		return DeliveryFailed
	case s == DeliveryFailed && next.rank() < DeliveryDelivered.rank():
		return s
	case next.rank() > s.rank():
		return next
	}
	return s
}

// Final tells whether no later report can change the state in a way that people care about.
func (s DeliveryState) Final() bool { return s == DeliveryRead || s == DeliveryPlayed }

// Delivery is an outbound message whose state is followed.
type Delivery struct {
	Effect    string        `json:"e"`            // the effect that sends it
	MessageID string        `json:"id,omitempty"` // wamid, once known
	Comment   int64         `json:"c,omitempty"`  // the comment whose words it carries
	State     DeliveryState `json:"s"`
	Repeated  bool          `json:"r,omitempty"`  // sent again after an uncertain outcome
	Line      string        `json:"ln,omitempty"` // the effect that the transcript knows it by, when that is another
	// Send is the words themselves while WhatsApp may still refuse them because the window is closed.
	Send *Send     `json:"se,omitempty"`
	At   time.Time `json:"at,omitzero"`
}

// Entry is the effect that the transcript knows the message by.
func (d Delivery) Entry() string {
	if d.Line != "" {
		return d.Line
	}
	return d.Effect
}

// MostDeliveries bounds how many outbound messages of a thread are followed at once: the oldest that have left the outbox are
// let go.
const MostDeliveries = 50

// Follow begins to follow a message.
func (t *Thread) Follow(d Delivery) {
	d.Send = d.Send.clone()
	t.Deliveries = append(t.Deliveries, d)
	for i := 0; i < len(t.Deliveries) && len(t.Deliveries) > MostDeliveries; {
		if t.Outbox.Find(t.Deliveries[i].Effect) != nil {
			i++
			continue
		}
		t.Deliveries = slices.Delete(t.Deliveries, i, i+1)
	}
}

// Delivery finds a followed message by the effect that sent it, else by its id; nil when none is.
func (t *Thread) Delivery(effect, messageID string) *Delivery {
	for i := range t.Deliveries {
		d := &t.Deliveries[i]
		if (effect != "" && d.Effect == effect) || (messageID != "" && d.MessageID == messageID) {
			return d
		}
	}
	return nil
}
