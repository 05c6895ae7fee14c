package report

import (
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// arrival is how far a message to the customer came.
type arrival struct {
	state conversation.DeliveryState
	freed time.Time // when words that waited for the customer to write were let go
}

// lost tells whether the message did not reach the customer: not delivered, or still kept.
func (a arrival) lost() bool {
	return a.state == conversation.DeliveryFailed || a.state == conversation.DeliveryKept
}

// arrive folds the reports about every message, by effect.
func arrive(entries []conversation.Entry) map[string]arrival {
	list := map[string]arrival{}
	for _, e := range entries {
		if e.Effect == "" || e.Delivery == "" {
			continue
		}
		a := list[e.Effect]
		switch {
		case a.state == conversation.DeliveryKept && e.Delivery != conversation.DeliveryKept:
			a = arrival{state: e.Delivery, freed: e.At}
		case e.Delivery == conversation.DeliveryQueued, e.Delivery == conversation.DeliveryKept:
			a.state = e.Delivery
		default:
			a.state = a.state.Merge(e.Delivery)
		}
		list[e.Effect] = a
	}
	return list
}

// paid counts the messages that cost money by category, each once: the reports of a message name it by effect, by WhatsApp's id, or
// by both.
func paid(entries []conversation.Entry) map[string]int {
	effects := map[string]string{} // by message
	for _, e := range entries {
		if e.Effect != "" && e.Message != "" {
			effects[e.Message] = e.Effect
		}
	}
	type message struct{ effect, id string }
	seen := map[message]bool{}
	var counts map[string]int
	for _, e := range entries {
		if e.Paid == "" {
			continue
		}
		m := message{effect: e.Effect, id: e.Message}
		if m.effect == "" {
			m.effect = effects[e.Message]
		}
		if m.effect != "" {
			m.id = ""
		}
		if m != (message{}) && seen[m] {
			continue
		}
		seen[m] = true
		if counts == nil {
			counts = map[string]int{}
		}
		counts[e.Paid]++
	}
	return counts
}
