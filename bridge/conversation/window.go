package conversation

import "time"

// ServiceWindow is how long after the customer's last message WhatsApp takes free words.
//
// Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages
const ServiceWindow = 24 * time.Hour

// WindowEnds is when the window closes, counted from the customer's own time; zero when the customer never wrote.
func (t Thread) WindowEnds() time.Time {
	if t.LastInbound.IsZero() {
		return time.Time{}
	}
	return t.LastInbound.Add(ServiceWindow)
}

// WindowOpen tells whether free words may go out. margin is taken off its end, so that no message comes just too late.
// What WhatsApp said counts more than our clock.
func (t Thread) WindowOpen(now time.Time, margin time.Duration) bool {
	return !t.WindowShut && now.Before(t.WindowEnds().Add(-margin))
}
