package bridge

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// Performer carries effects out.
type Performer interface {
	// Perform makes one attempt and says how it ended; it returns when ctx ends. mark writes the journal entry that must
	// stand before an effect without an idempotent peer leaves the house: its error forbids the effect. It returns the time
	// that counts as the sending; repeat says that the words go out a second time.
	Perform(
		ctx context.Context, a conversation.Attempt, set settings.Number,
		mark func(ctx context.Context, repeat bool) (time.Time, error),
	) conversation.Result
}

// Deps is what an Engine works with; all but Account, Go and Committed are required.
type Deps struct {
	Mailboxes *mailbox.Store
	Perform   Performer
	Settings  func(number string) settings.Number
	Account   func() settings.Account // nil: the defaults
	Now       func() time.Time
	NewID     func() string
	Logger    *slog.Logger
	Metrics   *Metrics
	// Go starts effects; nil starts a goroutine for each. A simulation runs them on the spot.
	Go func(func())
	// Committed is told that the state of a mailbox was committed or forgotten; it must not block. nil: nobody is.
	Committed func()
}

// Options says how much an Engine does at once.
type Options struct {
	Sessions  int           // mailboxes drained at once; default 256
	Poll      time.Duration // how often all partitions are looked at; default 50 ms
	Reconcile time.Duration // how often the account is asked what changed; default 2 min
	Repair    time.Duration // how often all mailboxes are checked for the invariant; default 1 h
}

const (
	defaultSessions  = 256
	defaultPoll      = 50 * time.Millisecond
	defaultReconcile = 2 * time.Minute
	defaultRepair    = time.Hour
	claimsAtOnce     = 16 // per partition and round
	mostFailures     = 3  // in a row, before a mailbox is halted
)

// Engine drains mailboxes. Run and Step may not be used together.
type Engine struct {
	Deps
	opt   Options
	slots chan struct{} // one token a session

	mu     sync.Mutex
	nudged map[int]bool
	live   map[string]chan struct{} // sessions by mailbox: signalled when an event came
	wake   chan struct{}
	stop   chan struct{}
	busy   sync.WaitGroup
}

// New builds an engine; nothing runs yet.
func New(d Deps, o Options) *Engine {
	if o.Sessions == 0 {
		o.Sessions = defaultSessions
	}
	if o.Poll == 0 {
		o.Poll = defaultPoll
	}
	if o.Reconcile == 0 {
		o.Reconcile = defaultReconcile
	}
	if o.Repair == 0 {
		o.Repair = defaultRepair
	}
	if d.Account == nil {
		d.Account = func() settings.Account { return settings.DefaultOperation().Account }
	}
	if d.Go == nil {
		d.Go = func(f func()) { go f() }
	}
	return &Engine{
		Deps: d, opt: o, slots: make(chan struct{}, o.Sessions), nudged: map[int]bool{}, live: map[string]chan struct{}{},
		wake: make(chan struct{}, 1), stop: make(chan struct{}),
	}
}

// Start makes sure that the installation's own jobs are scheduled. Every instance may call it.
func (e *Engine) Start(ctx context.Context) error {
	if err := e.revive(ctx); err != nil {
		return err
	}
	raw, err := conversation.Event{Kind: conversation.EventWake, At: e.Now()}.Encode()
	if err != nil {
		return err
	}
	wake := []mailbox.Event{{Data: raw}}
	_, err = e.Mailboxes.Append(ctx,
		mailbox.Delivery{Key: conversation.ReconcileKey, Events: wake}, mailbox.Delivery{Key: conversation.RepairKey, Events: wake},
		mailbox.Delivery{Key: conversation.AuditKey, Events: wake}, mailbox.Delivery{Key: conversation.ReportKey, Events: wake})
	return err
}

// Notify tells the engine that events were appended, so that it need not wait for its next look.
func (e *Engine) Notify(keys ...string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, key := range keys {
		if live, ok := e.live[key]; ok {
			signal(live)
			continue
		}
		e.nudged[e.Mailboxes.Partition(key)] = true
	}
	if len(e.nudged) > 0 {
		signal(e.wake)
	}
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Run drains mailboxes until ctx ends or Stop is called.
func (e *Engine) Run(ctx context.Context) {
	if !e.begin() {
		return
	}
	defer e.busy.Done()
	all := e.allPartitions()
	tick := time.NewTicker(e.opt.Poll)
	defer tick.Stop()
	for {
		var partitions []int
		select {
		case <-ctx.Done():
			return
		case <-e.stop:
			return
		case <-tick.C:
			partitions = all
		case <-e.wake:
			partitions = e.takeNudged()
		}
		for len(partitions) > 0 && !e.stopping() && ctx.Err() == nil {
			partitions = e.round(ctx, partitions)
		}
	}
}

// begin counts Run among what Stop waits for; it is false after Stop.
func (e *Engine) begin() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.stopping() {
		return false
	}
	e.busy.Add(1)
	return true
}

func (e *Engine) allPartitions() []int {
	all := make([]int, e.Mailboxes.Partitions())
	for p := range all {
		all[p] = p
	}
	return all
}

func (e *Engine) takeNudged() []int {
	e.mu.Lock()
	defer e.mu.Unlock()
	partitions := make([]int, 0, len(e.nudged))
	for p := range e.nudged {
		partitions = append(partitions, p)
	}
	clear(e.nudged)
	return partitions
}

// round claims once and starts a session for each mailbox; it returns the partitions that may hold more. It claims no more
// than there are free sessions: a lease that waits for one would only run out.
func (e *Engine) round(ctx context.Context, partitions []int) []int {
	free := e.free(ctx)
	if free == 0 {
		return nil
	}
	asked := partitions[:min(len(partitions), free)]
	count := min(claimsAtOnce, free/len(asked))
	leases, err := e.Mailboxes.Claim(ctx, asked, count)
	if err != nil {
		if ctx.Err() == nil {
			e.Logger.WarnContext(ctx, "claim failed", "error", err)
		}
		return nil
	}
	counts := map[int]int{}
	for _, l := range leases {
		counts[e.Mailboxes.Partition(l.Key)]++
		e.slots <- struct{}{}
		e.busy.Go(func() {
			defer func() { <-e.slots }()
			e.drain(ctx, l)
		})
	}
	more := slices.Clone(partitions[len(asked):]) // those that were asked now come last
	for p, n := range counts {
		if n == count {
			more = append(more, p)
		}
	}
	return more
}

// free waits until a session can be started and returns how many can; 0 when the engine ends.
func (e *Engine) free(ctx context.Context) int {
	select {
	case e.slots <- struct{}{}:
		<-e.slots
		return cap(e.slots) - len(e.slots)
	case <-e.stop:
	case <-ctx.Done():
	}
	return 0
}

// Step drains every mailbox that is due now, one after the other, and returns how many there were. It is what a simulation
// turns by hand instead of Run.
func (e *Engine) Step(ctx context.Context) (int, error) {
	drained := 0
	for {
		if e.stopping() {
			return drained, nil
		}
		leases, err := e.Mailboxes.Claim(ctx, e.allPartitions(), 1)
		if err != nil {
			return drained, err
		}
		if len(leases) == 0 {
			return drained, nil
		}
		for _, l := range leases {
			e.drain(ctx, l)
			drained++
		}
	}
}

// Stop lets running effects end and their results be committed, and starts nothing new. It returns when all is quiet or ctx
// has ended; what is left then is taken up by whoever claims it next. Stop twice is fine.
func (e *Engine) Stop(ctx context.Context) error {
	e.halt()
	quiet := make(chan struct{})
	go func() {
		e.busy.Wait()
		close(quiet)
	}()
	select {
	case <-quiet:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (e *Engine) halt() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.stopping() {
		close(e.stop)
	}
}

func (e *Engine) stopping() bool {
	select {
	case <-e.stop:
		return true
	default:
		return false
	}
}

// drain works on one claimed mailbox until it has nothing to do now. Whatever goes wrong here is the mailbox's alone.
func (e *Engine) drain(ctx context.Context, l *mailbox.Lease) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	nudge := make(chan struct{}, 1)
	e.enter(l.Key, nudge)
	defer e.leave(l.Key, nudge)

	err := e.guarded(ctx, l, nudge)
	switch {
	case err == nil:
	case errors.Is(err, mailbox.ErrFenceLost):
		e.Metrics.leasesLost.Inc()
		e.Logger.InfoContext(ctx, "lease lost", "mailbox_kind", kindOf(l.Key).String())
	case errors.Is(err, errHandling):
		e.Logger.ErrorContext(ctx, "mailbox failed", "mailbox_kind", kindOf(l.Key).String(), "error", err)
		cancel() // its effects end before the mailbox can be claimed again
		e.fail(context.WithoutCancel(ctx), l, err)
	default: // Redis: the lease runs out and the next claim sees what was committed
		if ctx.Err() == nil {
			e.Logger.WarnContext(ctx, "mailbox left", "mailbox_kind", kindOf(l.Key).String(), "error", err)
		}
	}
}

func (e *Engine) fail(ctx context.Context, l *mailbox.Lease, cause error) {
	halted, err := e.Mailboxes.Fail(ctx, l, e.Now().Add(time.Second), mostFailures, cause.Error())
	if err != nil && !errors.Is(err, mailbox.ErrFenceLost) {
		e.Logger.WarnContext(ctx, "giving a mailbox back failed", "error", err)
	}
	if halted {
		e.Metrics.halted.Inc()
		e.Logger.ErrorContext(ctx, "mailbox halted", "mailbox_kind", kindOf(l.Key).String(), "error", cause)
	}
}

func (e *Engine) enter(key string, nudge chan struct{}) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.live[key] = nudge
}

// leave forgets a session, unless another one of the same mailbox has begun since.
func (e *Engine) leave(key string, nudge chan struct{}) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.live[key] == nudge {
		delete(e.live, key)
	}
}
