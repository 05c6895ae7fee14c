package app

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"github.com/ponte-desk/ponte/audit"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/mailbox"
)

// Errors of a sweep that somebody asked for.
var (
	// ErrNobodySweeps says that no instance took it up.
	ErrNobodySweeps = errors.New("no instance has taken it up: is `ponte serve` running on this Redis? It is done as soon as one is")
	// ErrSweepLasts says that it is under way.
	ErrSweepLasts = errors.New("it is under way and goes on, but it did not end in time")
)

// How often it is looked whether a sweep has ended.
const sweepLook = 100 * time.Millisecond

// SweepNow has the auditor's sweep run now, by whichever instance takes it up, and waits for its end, but not longer than a time. It
// returns how many mailboxes were woken.
func SweepNow(ctx context.Context, boxes *mailbox.Store, longest time.Duration) (woken int, err error) {
	id := newID()
	at := time.Now() //nolint:forbidigo // an operator's command goes by the machine's clock
	raw, err := conversation.Event{Kind: conversation.EventWake, At: at, Run: id}.Encode()
	if err != nil {
		return 0, err
	}
	if _, err := boxes.Append(ctx, mailbox.Delivery{Key: conversation.AuditKey, Events: []mailbox.Event{{ID: "run:" + id, Data: raw}}}); err != nil {
		return 0, err
	}
	over := time.NewTimer(longest)
	defer over.Stop()
	look := time.NewTicker(sweepLook)
	defer look.Stop()
	for {
		s, err := sweepOf(ctx, boxes)
		if err != nil {
			return 0, err
		}
		if slices.Contains(s.Served, id) {
			return s.Woken, nil
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-over.C:
			if slices.Contains(s.Serving, id) || slices.Contains(s.Asked, id) {
				return 0, ErrSweepLasts
			}
			return 0, ErrNobodySweeps
		}
	}
}

// sweepOf is where the sweep stands.
func sweepOf(ctx context.Context, boxes *mailbox.Store) (conversation.Sweep, error) {
	var j conversation.Job
	raw, _, err := boxes.Field(ctx, conversation.AuditKey, conversation.StateField)
	if err == nil {
		err = conversation.DecodeState(raw, &j)
	}
	if err != nil {
		return j.Sweep, fmt.Errorf("read the sweep: %w", err)
	}
	return j.Sweep, nil
}

// dryRunGarbage is how much garbage may gather beside what is in use, in percent: little is in use, but for a page at a time, so that the
// usual 100 would have it collected hundreds of times.
const dryRunGarbage = 400

// DryRunAudit tells what the auditor would do at a time, by the stored settings. Nothing is written, and nobody but Redis is asked.
func DryRunAudit(ctx context.Context, c Config, at time.Time, tell func(audit.Finding) error) (counts audit.Counts, err error) {
	kept, closeIt, err := OpenSettings(c)
	if err != nil {
		return counts, err
	}
	defer func() { err = errors.Join(err, closeIt()) }()
	op, version, err := kept.Load(ctx)
	if err != nil {
		return counts, fmt.Errorf("settings, version %d: %w", version, err)
	}
	boxes, closeBoxes, err := OpenMailboxes(ctx, c)
	if err != nil {
		return counts, err
	}
	defer func() { err = errors.Join(err, closeBoxes()) }()
	defer debug.SetGCPercent(debug.SetGCPercent(dryRunGarbage))
	return audit.DryRun(ctx, audit.Config{Mailboxes: boxes, Settings: op.Of, Now: at}, tell)
}
