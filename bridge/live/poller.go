package live

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"
)

// poller reads changes for the feeds of a hub, one thing after the other, from the first feed to the last.
type poller struct {
	*Hub

	cursor string // its position; "" before the first look
	roster *roster
	here   map[string]Here // who is at the sessions that are watched, as was last told
}

// run looks for changes until ctx ends.
func (p *poller) run(ctx context.Context) {
	tick, gap := time.NewTicker(p.every), time.NewTimer(p.least)
	defer tick.Stop()
	defer gap.Stop()
	wait, whole := firstWait, true
	for {
		err := p.look(ctx, whole)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			p.logger.WarnContext(ctx, "changes not read", "error", err)
			if !sleep(ctx, wait) {
				return
			}
			wait, whole = min(2*wait, mostWait), true
			continue
		}
		wait = firstWait
		gap.Reset(p.least)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			whole = true
		case <-p.nudge:
			whole = false
			select {
			case <-ctx.Done():
				return
			case <-gap.C:
			}
		}
	}
}

// sleep waits; it is false when ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// look reads once: what changed for everybody, then what changed for those who are new, then who is where: the last only for those who are
// new or where somebody just said so, unless it is to look at the whole.
func (p *poller) look(ctx context.Context, whole bool) error {
	if p.roster == nil {
		if err := p.settle(ctx, ""); err != nil {
			return err
		}
	}
	joined, fresh := p.of(p)
	if err := p.everybody(ctx, joined); err != nil {
		return err
	}
	for _, f := range fresh {
		if err := p.first(ctx, f); err != nil {
			return err
		}
	}
	if p.moved.Swap(false) || whole || len(fresh) > 0 {
		return p.visitors(ctx)
	}
	return nil
}

// settle reads where all threads stand, from a position on; "" is now. What is read is as new as the position, or newer.
func (p *poller) settle(ctx context.Context, cursor string) (err error) {
	if cursor == "" {
		if cursor, err = p.reader.Cursor(ctx); err != nil {
			return err
		}
	}
	threads, err := p.reader.Standing(ctx)
	if err != nil {
		return err
	}
	p.cursor, p.roster = cursor, newRoster(threads)
	return nil
}

// everybody tells those who have joined what changed since the position, and moves it on.
func (p *poller) everybody(ctx context.Context, joined []*Feed) error {
	changed, err := p.reader.Changes(ctx, p.cursor)
	if err != nil {
		return err
	}
	if changed.Reset {
		if err := p.settle(ctx, changed.Cursor); err != nil {
			return err
		}
		for _, f := range joined {
			f.offer(Batch{Cursor: changed.Cursor, Reset: true})
		}
		return nil
	}
	if len(changed.Keys) == 0 {
		p.cursor = changed.Cursor
		return nil
	}
	keys, desk := sort(changed.Keys)
	threads, err := p.reader.Threads(ctx, keys)
	if err != nil {
		return err
	}
	b := Batch{Cursor: changed.Cursor, Changes: p.roster.take(keys, threads), Desk: desk}
	p.cursor = changed.Cursor
	for _, f := range joined {
		f.offer(b)
	}
	return nil
}

// first tells a new page what changed since its own cursor. From then on it gets what everybody gets: as its batch is read after the
// position, all that the page knows is as new as the position, or newer.
func (p *poller) first(ctx context.Context, f *Feed) error {
	changed, err := p.reader.Changes(ctx, f.cursor)
	if err != nil {
		return err
	}
	b := Batch{Cursor: changed.Cursor, First: true, Reset: changed.Reset}
	if !changed.Reset && len(changed.Keys) > 0 {
		var keys []string
		keys, b.Desk = sort(changed.Keys)
		threads, err := p.reader.Threads(ctx, keys)
		if err != nil {
			return err
		}
		for _, key := range keys {
			if t, ok := threads[key]; ok {
				b.Changes = append(b.Changes, &Change{Key: key, Thread: t})
			}
		}
	}
	f.offer(b)
	p.join(f)
	return nil
}

// visitors tells who is at the sessions that are watched, all of them read at once.
func (p *poller) visitors(ctx context.Context) error {
	joined, _ := p.of(p)
	wanted := map[string]bool{}
	watched := joined[:0:0]
	for _, f := range joined {
		sessions := f.watched()
		for _, session := range sessions {
			wanted[session] = true
		}
		if len(sessions) > 0 {
			watched = append(watched, f)
		}
	}
	if len(wanted) == 0 {
		clear(p.here)
		return nil
	}
	sessions := slices.Sorted(maps.Keys(wanted))
	lists, err := p.visits.Of(ctx, sessions)
	if err != nil {
		return err
	}
	now, changed := make(map[string]Here, len(sessions)), map[string]bool{}
	for i, session := range sessions {
		now[session] = Here{Session: session, Visitors: lists[i]}
		before, known := p.here[session]
		changed[session] = known && !slices.Equal(before.Visitors, lists[i])
	}
	p.here = now
	for _, f := range watched {
		if tells := f.tells(now, changed); len(tells) > 0 {
			slices.SortFunc(tells, func(a, b Here) int { return strings.Compare(a.Session, b.Session) })
			f.offer(Batch{Here: tells})
		}
	}
	return nil
}
