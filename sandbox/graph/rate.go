package graph

import (
	"slices"
	"time"
)

// rates remembers what was exchanged lately. Its times are the sandbox's; a restart forgets them.
type rates struct {
	recent map[string][]time.Time // of each number, within the last second
	pairs  map[pairKey]time.Time  // when what was sent to a recipient is paid back
}

// pairKey names a number and whom it writes to: a customer's id, or digits that nobody has.
type pairKey struct{ number, to string }

func newRates() *rates {
	return &rates{recent: map[string][]time.Time{}, pairs: map[pairKey]time.Time{}}
}

// count records that a number received or sent a message.
func (r *rates) count(number string, now time.Time) {
	r.recent[number] = append(r.within(number, now), now)
}

func (r *rates) within(number string, now time.Time) []time.Time {
	r.recent[number] = slices.DeleteFunc(r.recent[number], func(t time.Time) bool { return now.Sub(t) >= time.Second })
	return r.recent[number]
}

// take counts a message that is to be sent, or returns the code of the limit it would break. What is over a limit does
// not count.
func (r *rates) take(key pairKey, now time.Time, k Knobs) (code int) {
	if most := k.perSecond(); most > 0 && len(r.within(key.number, now)) >= most {
		return codeThroughput
	}
	interval, burst := k.pair()
	paid := r.pairs[key]
	if paid.Before(now) {
		paid = now
	}
	if burst > 0 && paid.Sub(now) > time.Duration(burst-1)*interval {
		return codePair
	}
	r.pairs[key] = paid.Add(interval)
	r.count(key.number, now)
	return 0
}

// spend takes a message's place in the number's throughput and in what its recipient may get. The caller holds s.mu.
func (s *Server) spend(m *message) error {
	key := pairKey{number: m.Number, to: m.Customer}
	if key.to == "" {
		key.to = m.ToPhone + m.ToBSUID
	}
	switch code := s.rates.take(key, s.cfg.Clock.Now(), s.knobs); code {
	case codeThroughput:
		return &apiError{code: code, details: "Message failed to send because there were too many messages sent from this phone number in a short period of time"}
	case codePair:
		return &apiError{code: code, details: "Message failed to send because there were too many messages sent from this phone number to the same phone number in a short period of time."}
	}
	return nil
}
