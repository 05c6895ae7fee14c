package bridge_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/bridge"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/effects"
	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// woken counts the events that a run's pages brought to mailboxes.
type woken struct {
	mu   sync.Mutex
	new  map[string]int // by mailbox, those that were taken
	runs map[string]bool
}

// sweeper lets a performer carry sweeps out as the product does.
func (h *house) sweeper(p *performer, w *woken) {
	real := effects.New(effects.Config{
		Due: h.boxes.Due, Now: h.clock.now, Logger: slog.New(slog.DiscardHandler),
		Account: func() settings.Account { return settings.Account{} },
		DeliverAll: func(ctx context.Context, list []conversation.Tell) error {
			deliveries := make([]mailbox.Delivery, len(list))
			for i, t := range list {
				raw, err := t.Event.Encode()
				if err != nil {
					return err
				}
				deliveries[i] = mailbox.Delivery{Key: t.Key, Events: []mailbox.Event{{ID: t.Event.ID, Data: raw}}}
			}
			got, err := h.boxes.Append(ctx, deliveries...)
			w.mu.Lock()
			defer w.mu.Unlock()
			for i, r := range got {
				w.new[r.Key] += r.New
				w.runs[list[i].Event.ID] = true
			}
			return err
		},
	})
	p.on(conversation.EffectSweep, func(t try) conversation.Result {
		return real.Perform(t.ctx, t.Attempt, settings.Default(), t.mark)
	})
}

// sweeps lists the pages of sweeps that were tried.
func (p *performer) sweeps() []conversation.Sweep {
	var all []conversation.Sweep
	for _, a := range p.attempts() {
		if s := a.Pending.Effect.Sweep; s != nil && a.Key == conversation.AuditKey {
			all = append(all, *s)
		}
	}
	return all
}

// lookAt puts so many threads into the auditor's view at a time, and returns their mailboxes.
func (h *house) lookAt(at time.Time, prefix string, n int) []string {
	h.Helper()
	keys := make([]string, n)
	pipe := h.r.Client.Pipeline()
	for i := range keys {
		keys[i] = fmt.Sprintf("100|%s%04d", prefix, i)
		pipe.ZAdd(h.Context(), h.redisKey(keys[i], "ix:"+conversation.ViewAudit), redis.Z{Score: float64(at.UnixMilli()), Member: keys[i]})
	}
	_, err := pipe.Exec(h.Context())
	h.ok(err)
	return keys
}

func newWoken() *woken { return &woken{new: map[string]int{}, runs: map[string]bool{}} }

// once wants each of the mailboxes, and no other, to have been woken once, by one run.
func (w *woken) once(h *house, keys []string) {
	h.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, key := range keys {
		if w.new[key] != 1 {
			h.Fatalf("%s was woken %d times", key, w.new[key])
		}
	}
	if len(w.new) != len(keys) || len(w.runs) != 1 {
		h.Fatalf("%d mailboxes were woken by %d runs; want %d by one", len(w.new), len(w.runs), len(keys))
	}
}

// TestSweepGoesOnElsewhere ends an instance after a page's threads were woken and before that was committed. Another one goes on with that
// page: every thread that is due is woken once by the run.
func TestSweepGoesOnElsewhere(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		due := h.lookAt(h.clock.now(), "due", 700)
		h.lookAt(h.clock.now().Add(time.Second), "later", 20)
		w := newWoken()
		first, second := &performer{}, &performer{}
		h.sweeper(first, w)
		h.sweeper(second, w)
		pages, dying := 0, make(chan struct{})
		play := first.play[conversation.EffectSweep]
		first.on(conversation.EffectSweep, func(t try) conversation.Result {
			r := play(t)
			if pages++; pages == 2 { // all of it was done
				close(dying)
				<-t.ctx.Done()
			}
			return r
		})
		h.put(conversation.AuditKey, conversation.Event{Kind: conversation.EventWake})
		ctx, kill := context.WithCancel(h.Context())
		defer kill()
		done := h.background(ctx, h.engineOn(h.boxes, first, prometheus.NewRegistry()))
		h.await("the second page under way", dying)
		kill()
		h.await("the first instance's end", done)
		h.expire(conversation.AuditKey)
		if found := stored[conversation.Job](h, conversation.AuditKey).Sweep.Found; found == 0 || found >= len(due) {
			h.Fatalf("%d were counted before the end", found)
		}

		_, err := h.engineOn(h.boxes, second, prometheus.NewRegistry()).Step(h.Context())
		h.ok(err)
		w.once(h, due)
		h.same("the page that goes on", second.sweeps()[0], first.sweeps()[1])
		sweep := stored[conversation.Job](h, conversation.AuditKey).Sweep
		h.same("over", sweep.Run == "" && sweep.Last.Equal(h.clock.now()), true)
		if sweep.Woken < 500 || sweep.Woken > len(due) { // what the page has woken the first time may have left the view
			h.Errorf("%d are said to have been woken", sweep.Woken)
		}
		h.idle()
	})
}

// TestSweepBySchedule wants one run to make up for the time in which nobody was there, the next in its time, and a changed schedule to
// hold within minutes.
func TestSweepBySchedule(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		w := newWoken()
		h.sweeper(h.perform, w)
		every := 10 * time.Minute
		e := bridge.New(bridge.Deps{
			Mailboxes: h.boxes, Perform: h.perform, Settings: func(string) settings.Number { return plain(settings.Default()) },
			Account: func() settings.Account { return settings.Account{AuditEvery: every} },
			Now:     h.clock.now, NewID: h.newID, Logger: slog.New(slog.DiscardHandler), Metrics: bridge.NewMetrics(h.registry),
		}, h.options)
		ran := func(want int) {
			h.Helper()
			_, err := e.Step(h.Context())
			h.ok(err)
			runs := 0
			for _, k := range h.perform.kinds() {
				if k == conversation.EffectSweep {
					runs++
				}
			}
			h.same("runs", runs, want)
		}
		h.put(conversation.AuditKey, conversation.Event{Kind: conversation.EventWake})
		ran(1)
		h.clock.advance(every - time.Millisecond)
		ran(1)
		h.clock.advance(time.Millisecond)
		ran(2)
		h.clock.advance(3 * time.Hour)
		due := h.lookAt(h.clock.now(), "due", 3)
		ran(3)
		w.once(h, due)
		every = 0
		h.clock.advance(3 * time.Hour)
		ran(3) // switched off
		every = time.Minute
		h.clock.advance(5 * time.Minute)
		ran(4) // switched on again, without a word to anybody
		every = 0
		h.put(conversation.AuditKey, conversation.Event{Kind: conversation.EventWake, Run: "me"})
		ran(5)
		h.same("served", stored[conversation.Job](h, conversation.AuditKey).Sweep.Served, []string{"me"})
		h.idle()
	})
}
