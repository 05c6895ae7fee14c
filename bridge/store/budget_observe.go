package store

import (
	"context"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

// Observe corrects the budget by an answer's headers: the limit per minute (0 = not told), what remains of it, and the time until it starts
// anew (0 = not told). A 429 is remaining 0 with its Retry-After as reset: nothing goes until then. It is meant for every answer; those
// that tell nothing new cost nothing.
func (b *Budget) Observe(ctx context.Context, limit, remaining int, reset time.Duration) error {
	now := b.now()
	if last := b.told.Load(); last != nil && limit > 0 && limit == last.limit && now.Sub(last.at) < toldFor && remaining > limit/2 {
		return nil
	}
	if err := b.correct(ctx, b.observe, now, limit, remaining, min(reset, maxPause).Milliseconds()); err != nil {
		return fmt.Errorf("observe the budget: %w", err)
	}
	if limit > 0 {
		b.told.Store(&toldLimit{limit, now})
	}
	return nil
}

// ObserveUpdates corrects the budget of ticket updates alone: how many remain, and the time until they start anew (0 = not told; at most a
// minute counts). With none left updates wait until then; everything else goes on.
func (b *Budget) ObserveUpdates(ctx context.Context, remaining int, reset time.Duration) error {
	if err := b.correct(ctx, b.observeUpdates, b.now(), remaining, min(reset, maxUpdatePause).Milliseconds()); err != nil {
		return fmt.Errorf("observe the budget of updates: %w", err)
	}
	return nil
}

// correct runs a script that takes what headers tell, and the wait for when they don't tell one.
func (b *Budget) correct(ctx context.Context, s *redis.Script, now time.Time, told ...any) error {
	args := append([]any{now.UnixMilli()}, b.limits.Load().account...)
	args = append(append(args, told...), blindPause.Milliseconds())
	return s.Run(ctx, b.client, []string{budgetKey(b.prefix)}, args...).Err()
}

// BudgetStats is how the budget stands. A zero time stands for now.
type BudgetStats struct {
	// Limit is the account's requests per minute as far as known.
	Limit int
	// Requests and Updates are how many may go at once.
	Requests, Updates int
	// PausedUntil is when Zendesk wants requests again, UpdatesPausedUntil ticket updates.
	PausedUntil, UpdatesPausedUntil time.Time
	// Lanes is until when each lane's queue waits.
	Lanes [Lanes]LaneStats
}

// LaneStats is when the last of a lane's waiting work goes. A zero time says that nothing waits.
type LaneStats struct{ Requests, Updates time.Time }

// Stats tells how the budget stands; it changes nothing.
func (b *Budget) Stats(ctx context.Context) (BudgetStats, error) {
	args := append([]any{b.now().UnixMilli()}, b.limits.Load().account...)
	v, err := b.stats.Run(ctx, b.client, []string{budgetKey(b.prefix)}, args...).Int64Slice()
	if err != nil {
		return BudgetStats{}, fmt.Errorf("read the budget: %w", err)
	}
	const counts, times = 3, 2
	if len(v) != counts+times+2*Lanes {
		return BudgetStats{}, fmt.Errorf("read the budget: %d numbers", len(v))
	}
	s := BudgetStats{
		Limit: int(v[0]), Requests: int(v[1]), Updates: int(v[2]), PausedUntil: moment(v[3]), UpdatesPausedUntil: moment(v[4]),
	}
	lanes := v[counts+times:]
	for i := range s.Lanes {
		s.Lanes[i] = LaneStats{Requests: moment(lanes[i]), Updates: moment(lanes[Lanes+i])}
	}
	return s, nil
}

// moment is a time in ms, the zero time for 0.
func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}
