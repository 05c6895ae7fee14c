package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

// PaceConfig holds WhatsApp's rates.
type PaceConfig struct {
	// PairInterval and PairBurst are the pace to one recipient: one message per interval, and so many at once, borrowed from the
	// future.
	PairInterval time.Duration
	PairBurst    int
	// BurstShare is the part of a number's rate per second that may go at once; the pace is lowered by it, so that no second exceeds
	// the rate.
	BurstShare float64
}

// DefaultPace gives the documented pair rate, with a few of the 45 at once left to what goes out beside Ponte.
//
// Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/about-the-platform
func DefaultPace() PaceConfig {
	return PaceConfig{PairInterval: 6 * time.Second, PairBurst: 40, BurstShare: 0.2}
}

// Pace shares WhatsApp's rates among all instances. It is safe for concurrent use.
//
// Instances pass their own time in, so their clocks should agree to about a second.
type Pace struct {
	client         redis.UniversalClient
	prefix         string
	cfg            PaceConfig
	now            func() time.Time
	reserve, pause *redis.Script
}

// NewPace makes the pace.
func NewPace(client redis.UniversalClient, prefix string, cfg PaceConfig, now func() time.Time) *Pace {
	return &Pace{client: client, prefix: prefix, cfg: cfg, now: now, reserve: script(paceSource), pause: script(pauseSource)}
}

// Reserve hands out the time at which the message named id may go from the number to the recipient: not later than now means go.
//
// Else ask again with the same id when the time has come, and go when the answer is not later than now: that uses the reservation up.
// Until then the same id gets the same time, unless the number was paused meanwhile. A message that the pace to its recipient held back
// waits for the number's rate only after that, so the second answer may be later once more. A reservation nobody asked for within 30 s of
// its time lapses.
func (p *Pace) Reserve(ctx context.Context, id, number, recipient string, perSecond int) (time.Time, error) {
	if id == "" || number == "" || recipient == "" || perSecond < 1 {
		return time.Time{}, errors.New("pace: an id, a number, a recipient and a rate of at least 1 are needed")
	}
	keys := []string{paceKey(p.prefix, number), pairKey(p.prefix, number, recipient), pacedKey(p.prefix, number, id)}
	burst := max(1, min(int(p.cfg.BurstShare*float64(perSecond)), perSecond))
	interval := float64(time.Second.Milliseconds()) / float64(perSecond-burst+1)
	at, err := p.reserve.Run(ctx, p.client, keys, p.now().UnixMilli(), interval, burst,
		p.cfg.PairInterval.Milliseconds(), max(1, p.cfg.PairBurst), lapse.Milliseconds(), keepReservation.Milliseconds()).Int64()
	if err != nil {
		return time.Time{}, fmt.Errorf("pace: %w", err)
	}
	return time.UnixMilli(at), nil
}

// Pause holds everything back that the number sends, for d from now, at most 10 minutes; it never shortens a pause.
func (p *Pace) Pause(ctx context.Context, number string, d time.Duration) error {
	now := p.now()
	until := now.Add(min(d, maxPause)).UnixMilli()
	keys := []string{paceKey(p.prefix, number)}
	if err := p.pause.Run(ctx, p.client, keys, now.UnixMilli(), until, keepReservation.Milliseconds()).Err(); err != nil {
		return fmt.Errorf("pause a number: %w", err)
	}
	return nil
}

// Paused tells until when a number is held back; zero when it is not.
func (p *Pace) Paused(ctx context.Context, number string) (time.Time, error) {
	until, err := p.client.HGet(ctx, paceKey(p.prefix, number), "pause").Int64()
	if errors.Is(err, redis.Nil) || err == nil && until <= p.now().UnixMilli() {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("read a pause: %w", err)
	}
	return time.UnixMilli(until), nil
}
