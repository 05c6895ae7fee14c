package store

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

// Lanes is the number of lanes that share the budget; 0 is the most urgent.
const Lanes = 5

const (
	// burstShare is the part of a limit per minute that may go at once; the rate is lowered by it, so that no minute exceeds the limit.
	burstShare = 0.15
	// ticketBurstShare is the same for a ticket's updates: a lively conversation starts fast, then its comments grow instead.
	ticketBurstShare = 0.5
	// incrementalBurst is the number of incremental reads that may follow each other at once.
	incrementalBurst = 3
	// lapse is how late a reservation may be used; later it would go together with those that came after it.
	lapse = 30 * time.Second
	// keepReservation is how long a reservation is remembered after its time.
	keepReservation = time.Hour
	// blindPause is the wait when Zendesk says that nothing is left but not for how long.
	blindPause = 5 * time.Second
	// smallestPlan is the requests a minute of Zendesk's smallest plan.
	smallestPlan = 200
	// maxPause is the longest wait believed.
	maxPause = 10 * time.Minute
	// maxUpdatePause is the longest wait believed that only updates are asked for: their limit is one per minute.
	maxUpdatePause = time.Minute
	// toldFor is how long a limit needs not be told again.
	toldFor = time.Minute
)

// BudgetConfig holds the account's limits. Source: https://developer.zendesk.com/api-reference/introduction/rate-limits.
type BudgetConfig struct {
	// RequestsPerMinute is the most requests; a lower limit told by Zendesk's headers counts instead. 0 = what the headers tell, up
	// to 100,000, and 200, the smallest plan's, until they do.
	RequestsPerMinute int
	// UpdatesPerMinute is the account's limit of ticket updates, humans' included.
	UpdatesPerMinute int
	// HumanShare is the part of UpdatesPerMinute left to humans, from 0 to below 1.
	HumanShare float64
	// LaneShares is the part of the requests that each lane can count on, UpdateShares that of the updates; together at most 1, each
	// above 0. Updates are the mirror's, most of all.
	LaneShares, UpdateShares [Lanes]float64
	// TicketUpdates is the limit of updates of one ticket per TicketWindow.
	TicketUpdates int
	// TicketWindow is the window of TicketUpdates.
	TicketWindow time.Duration
	// UserWritesPerSecond is the account's limit of users created or updated.
	UserWritesPerSecond int
	// IncrementalPerMinute is the account's limit of incremental exports.
	IncrementalPerMinute int
}

// DefaultBudget gives the limits of every plan: as many requests as Zendesk's headers tell, and 30 % of the updates left to humans.
func DefaultBudget() BudgetConfig {
	return BudgetConfig{
		UpdatesPerMinute: 100, HumanShare: 0.3,
		LaneShares:    [Lanes]float64{0.4, 0.2, 0.2, 0.1, 0.1},
		UpdateShares:  [Lanes]float64{0.1, 0.05, 0.75, 0.05, 0.05},
		TicketUpdates: 30, TicketWindow: 10 * time.Minute,
		UserWritesPerSecond: 1, IncrementalPerMinute: 10,
	}
}

// Validate tells what is wrong with the limits.
func (c BudgetConfig) Validate() error {
	if c.RequestsPerMinute < 0 || c.UpdatesPerMinute < 1 || c.TicketUpdates < 1 || c.UserWritesPerSecond < 1 || c.IncrementalPerMinute < 1 {
		return errors.New("budget: every limit must be at least 1")
	}
	if c.TicketWindow <= 0 {
		return errors.New("budget: the ticket window must be longer than 0")
	}
	if !(c.HumanShare >= 0 && c.HumanShare < 1) {
		return errors.New("budget: the humans' share must be from 0 to below 1")
	}
	for _, shares := range [][Lanes]float64{c.LaneShares, c.UpdateShares} {
		sum := 0.0
		for _, s := range shares {
			if !(s > 0) {
				return errors.New("budget: every lane needs a share above 0")
			}
			sum += s
		}
		if !(sum <= 1+1e-9) {
			return errors.New("budget: the lanes' shares must not exceed 1 together")
		}
	}
	return nil
}

// Cost is what a piece of work takes from the account's limits.
type Cost struct {
	// Requests is the number of HTTP requests, at least 1.
	Requests int
	// Update is the id of the ticket that is updated, 0 for none.
	Update int64
	// UserWrite says that a user is created or updated.
	UserWrite bool
	// Incremental says that an incremental export is read.
	Incremental bool
}

// Budget shares the account's limits among all instances. It is safe for concurrent use.
//
// Instances pass their own time in, so their clocks should agree to about a second.
type Budget struct {
	client redis.UniversalClient
	prefix string
	now    func() time.Time
	limits atomic.Pointer[limitArgs]
	told   atomic.Pointer[toldLimit]

	reserve, observe, observeUpdates, stats *redis.Script
}

// limitArgs is a configuration as the scripts take it.
type limitArgs struct {
	account []any // ARGV[2..16] of all scripts
	narrow  []any // ARGV[22..28] of reserve
}

// toldLimit is a limit per minute and when this instance passed it on.
type toldLimit struct {
	limit int
	at    time.Time
}

// NewBudget makes the budget from valid limits.
func NewBudget(client redis.UniversalClient, prefix string, cfg BudgetConfig, now func() time.Time) (*Budget, error) {
	b := &Budget{
		client: client, prefix: prefix, now: now,
		reserve: script(budgetSource + reserveSource), observe: script(budgetSource + observeSource),
		observeUpdates: script(budgetSource + observeUpdatesSource), stats: script(budgetSource + statsSource),
	}
	if err := b.Configure(cfg); err != nil {
		return nil, err
	}
	return b, nil
}

// Configure replaces the limits from the next call on; invalid ones change nothing. All instances should be given the same. What was
// reserved keeps its time.
func (b *Budget) Configure(cfg BudgetConfig) error {
	if err := cfg.Validate(); err != nil {
		return err
	}
	b.limits.Store(&limitArgs{account: cfg.account(), narrow: cfg.narrow()})
	return nil
}

func (c BudgetConfig) account() []any {
	// What is left of the updates splits into a rate per millisecond and a burst, so that rate, burst and one early slot of each of the
	// lanes' clocks stay within the limit. For requests, whose limit is told, the scripts do the same.
	limit := float64(c.UpdatesPerMinute) * (1 - c.HumanShare)
	reserve := max(1, burstShare*limit)
	rate := max(limit-reserve, limit/2) / float64(time.Minute.Milliseconds())
	args := []any{c.RequestsPerMinute, smallestPlan, burstShare, rate, max(1, reserve-Lanes)}
	for _, s := range append(c.LaneShares[:], c.UpdateShares[:]...) {
		args = append(args, s)
	}
	return args
}

func (c BudgetConfig) narrow() []any {
	interval, burst := gate(c.TicketUpdates, int(math.Ceil(float64(c.TicketUpdates)*ticketBurstShare)), c.TicketWindow)
	incInterval, incBurst := gate(c.IncrementalPerMinute, incrementalBurst, time.Minute)
	return []any{
		interval, burst, float64(time.Second.Milliseconds()) / float64(c.UserWritesPerSecond), incInterval, incBurst,
		lapse.Milliseconds(), keepReservation.Milliseconds(),
	}
}

// gate splits a limit per window into the milliseconds between two and a burst, so that no window exceeds the limit.
func gate(limit, burst int, window time.Duration) (interval float64, allowed int) {
	burst = max(1, min(burst, limit-1))
	return float64(window.Milliseconds()) / float64(max(1, limit-burst)), burst
}

// Reserve hands out the time at which the work named id may go: not later than now means go.
//
// Else ask again with the same id when the time has come, and go when the answer is not later than now: that uses the reservation up.
// Until then the same id gets the same time, unless Zendesk wanted a pause meanwhile. Work that a limit of its ticket, of user writes or of
// incremental reads held back waits for the account's limits only after that, so the second answer may be later once more. A
// reservation nobody asked for within 30 s of its time lapses. Lanes go by their share, within a lane the oldest first.
func (b *Budget) Reserve(ctx context.Context, id string, lane int, c Cost) (time.Time, error) {
	if id == "" || lane < 0 || lane >= Lanes || c.Requests < 1 {
		return time.Time{}, fmt.Errorf("reserve: id %q, lane %d or %d requests make no sense", id, lane, c.Requests)
	}
	keys := []string{budgetKey(b.prefix), reservationKey(b.prefix, id), ticketBudgetKey(b.prefix, c.Update)}
	l := b.limits.Load()
	args := append([]any{b.now().UnixMilli()}, l.account...)
	args = append(args, lane, c.Requests, flag(c.Update != 0), flag(c.UserWrite), flag(c.Incremental))
	at, err := b.reserve.Run(ctx, b.client, keys, append(args, l.narrow...)...).Int64()
	if err != nil {
		return time.Time{}, fmt.Errorf("reserve: %w", err)
	}
	return time.UnixMilli(at), nil
}

func flag(set bool) int {
	if set {
		return 1
	}
	return 0
}
