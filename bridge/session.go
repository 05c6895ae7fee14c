package bridge

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/mailbox"
)

// session is one worker's time with one mailbox.
type session struct {
	e       *Engine
	l       *mailbox.Lease
	a       actor
	nudge   chan struct{}
	results chan conversation.Result
	running int
	fresh   []conversation.Result // results that the next commit takes in
	orphans []string              // journal entries whose effect is settled
	stored  string                // the JSON of the state as it was last committed
}

// journalField is where an effect's journal entry lies among the mailbox's fields.
func journalField(effect string) string { return journalPrefix + effect }

const journalPrefix = "j:"

// journal says that an effect was about to leave the house.
type journal struct {
	At     time.Time `json:"at"`
	Repeat bool      `json:"r,omitempty"`
}

// guarded runs a session and turns a panic into a failure of the mailbox.
func (e *Engine) guarded(ctx context.Context, l *mailbox.Lease, nudge chan struct{}) (err error) {
	defer func() {
		if p := recover(); p != nil {
			e.Metrics.panics.Inc()
			err = fmt.Errorf("%w: panic: %v", errHandling, p)
		}
	}()
	a, err := e.load(l)
	if err != nil {
		return err
	}
	stored, err := conversation.StateJSON(l.Fields[stateField])
	if err != nil {
		return fmt.Errorf("%w: %w", errHandling, err)
	}
	// The channel takes every result that can come, so that an effect never waits for a session that is gone.
	s := &session{e: e, l: l, a: a, nudge: nudge, results: make(chan conversation.Result, len(l.Fields)+64), stored: string(stored)}
	s.recall()
	return s.run(ctx)
}

// recall takes the journal in: what stands there may have happened.
func (s *session) recall() {
	for field, raw := range s.l.Fields {
		id, ok := strings.CutPrefix(field, journalPrefix)
		if !ok {
			continue
		}
		p := s.a.outbox().Find(id)
		var j journal
		if p == nil || json.Unmarshal(raw, &j) != nil {
			s.orphans = append(s.orphans, field)
			continue
		}
		p.Frozen, p.Unsure, p.SentAt = true, true, j.At
		p.Repeated = p.Repeated || j.Repeat
	}
}

func (s *session) run(ctx context.Context) error {
	for {
		release, err := s.commit(ctx)
		if err != nil || release {
			return err
		}
		s.start(ctx)
		if err := s.wait(ctx); err != nil {
			return err
		}
	}
}

// commit decides about all events read and results come in, and commits. It gives the lease back when nothing is under way
// and nothing can be started.
func (s *session) commit(ctx context.Context) (released bool, err error) {
	now := s.e.Now()
	var c mailbox.Commit
	inbox := s.l.Inbox()
	for _, m := range inbox {
		s.take(m, now, &c)
	}
	for i := range s.fresh {
		r := s.fresh[i]
		s.a.apply(conversation.Event{Kind: conversation.EventResult, At: now, Result: &r}, now, &c)
		c.Del = append(c.Del, journalField(r.Effect))
	}
	c.Consume = len(inbox)
	c.Del = append(c.Del, s.orphans...)
	s.a.finish(now, &c)

	c.Release = s.running == 0 && (s.e.stopping() || len(s.a.outbox().Ready(now)) == 0)
	if c.Release {
		c.Wake = wholeMillis(s.a.outbox().NextWake())
	}
	c.Deadline = wholeMillis(c.Deadline)
	raw, err := json.Marshal(s.a.state())
	if err != nil {
		return false, fmt.Errorf("%w: write state: %w", errHandling, err)
	}
	if string(raw) != s.stored && (!c.Release || !c.Forget) {
		c.Set = map[string][]byte{stateField: conversation.PackState(raw)}
	}
	if !c.Release && c.Consume == 0 && len(c.Set)+len(c.Del)+len(c.Dead)+len(c.Transcript)+len(c.Index) == 0 && c.Find == (mailbox.FindChange{}) {
		return false, nil // nothing new since the last commit
	}
	if err := s.e.Mailboxes.Commit(ctx, s.l, c); err != nil {
		return false, err
	}
	if s.e.Committed != nil && (len(c.Set) > 0 || c.Forget) {
		s.e.Committed()
	}
	s.stored, s.fresh, s.orphans = string(raw), nil, nil
	return c.Release, nil
}

// wholeMillis rounds a time up to what a mailbox keeps of it: woken a part of a millisecond early, a worker would have nothing
// to do and be woken again at once.
func wholeMillis(t time.Time) time.Time {
	if whole := t.Truncate(time.Millisecond); whole.Before(t) {
		return whole.Add(time.Millisecond)
	}
	return t
}

// take decides about one stored event; one that can't be read becomes a dead letter.
func (s *session) take(m mailbox.Event, now time.Time, c *mailbox.Commit) {
	ev, err := conversation.DecodeEvent(m.Data)
	if err != nil || !ev.Kind.Known() { // a newer binary may know it: its retry keeps
		c.Dead = append(c.Dead, mailbox.DeadLetter{ID: s.e.NewID(), Reason: "unreadable event", Event: m.Data})
		return
	}
	s.a.apply(ev, now, c)
}

// start begins every effect that may go now.
func (s *session) start(ctx context.Context) {
	if s.e.stopping() {
		return
	}
	now := s.e.Now()
	for _, p := range s.a.outbox().Ready(now) {
		pending := s.a.outbox().Find(p.Effect.ID)
		pending.Running, pending.Frozen = true, true
		p.Frozen = true
		s.running++
		a := conversation.Attempt{Key: s.l.Key, Thread: s.a.thread(), Pending: p}
		own, cancel := context.WithCancel(ctx)
		s.e.Go(func() {
			defer cancel()
			s.results <- s.e.perform(own, a, s.mark(p.Effect.ID, cancel))
		})
	}
}

// mark journals an effect: fenced, and only while the lease lasts. From then on the effect must not outlive what was left of
// the lease at that moment: whoever takes the mailbox over will look for it.
func (s *session) mark(effect string, cancel context.CancelFunc) func(context.Context, bool) (time.Time, error) {
	return func(ctx context.Context, repeat bool) (time.Time, error) {
		at := s.e.Now()
		raw, err := json.Marshal(journal{At: at, Repeat: repeat})
		if err != nil {
			return time.Time{}, fmt.Errorf("journal: %w", err)
		}
		left, err := s.e.Mailboxes.Step(ctx, s.l, journalField(effect), raw)
		if err != nil {
			return time.Time{}, err
		}
		time.AfterFunc(left, cancel)
		return at, ctx.Err()
	}
}

// wait returns when there is something to decide or to start: a result, an event, or a time that has come. It keeps the
// lease alive meanwhile and gives up when that fails for too long.
func (s *session) wait(ctx context.Context) error {
	beat := s.e.Mailboxes.Lease() / beatsALease
	timer := time.NewTimer(beat)
	defer timer.Stop()
	for {
		select {
		case r := <-s.results:
			return s.collect(ctx, r)
		default:
		}
		if s.running == 0 || s.dueNow() {
			return nil
		}
		select {
		case r := <-s.results:
			return s.collect(ctx, r)
		case <-s.nudge:
		case <-timer.C:
		case <-ctx.Done():
			return ctx.Err()
		}
		more, err := s.beat(ctx)
		if err != nil {
			return err
		}
		if more {
			return nil
		}
		timer.Reset(beat)
	}
}

// beatsALease is how often a lease is extended within its length: often enough that events from other instances don't wait.
const beatsALease = 10

// dueNow tells whether an effect beside the running ones can be started.
func (s *session) dueNow() bool { return !s.e.stopping() && len(s.a.outbox().Ready(s.e.Now())) > 0 }

// beat extends the lease and reads new events. When it can't in time, the session ends and its effects with it: they must
// not outlive the lease.
func (s *session) beat(ctx context.Context) (more bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, s.e.Mailboxes.Lease()/2)
	defer cancel()
	return s.e.Mailboxes.Beat(ctx, s.l)
}

// collect takes results in. What came while the auditor looked is read before what it saw counts.
func (s *session) collect(ctx context.Context, r conversation.Result) error {
	looked := false
	for {
		s.running--
		s.fresh = append(s.fresh, r)
		looked = looked || r.Kind == conversation.EffectAudit
		select {
		case r = <-s.results:
			continue
		default:
		}
		if !looked {
			return nil
		}
		_, err := s.beat(ctx)
		return err
	}
}

// perform makes one attempt and measures it.
func (e *Engine) perform(
	ctx context.Context, a conversation.Attempt, mark func(context.Context, bool) (time.Time, error),
) (r conversation.Result) {
	began := e.Now()
	defer func() {
		if p := recover(); p != nil {
			e.Metrics.panics.Inc()
			r = conversation.Result{Outcome: conversation.Unsure, NotBefore: e.Now().Add(time.Minute), SentAt: began, Reason: "panic"}
		}
		r.Effect, r.Kind = a.Pending.Effect.ID, a.Pending.Effect.Kind
		e.Metrics.effect(r, e.Now().Sub(began))
	}()
	key := a.Key
	if t := a.Pending.Effect.Stream; t != nil {
		key = t.Thread // a file's settings are its thread's
	}
	if a.Pending.Effect.Kind == conversation.EffectRepair {
		if err := e.revive(ctx); err != nil {
			e.Logger.WarnContext(ctx, "jobs not looked at", "error", err)
		}
	}
	number, _, _ := conversation.ParseKey(key)
	return e.Perform.Perform(ctx, a, e.Settings(number), mark)
}
