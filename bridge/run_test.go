package bridge_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/ponte-desk/ponte/bridge"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/mailbox"
)

// run starts an engine; the channel is closed when Run has returned.
func (h *house) run(ctx context.Context, e *bridge.Engine) chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		e.Run(ctx)
	}()
	return done
}

// stop stops an engine and wants it to be quiet.
func (h *house) stop(e *bridge.Engine) {
	h.Helper()
	ctx, cancel := context.WithTimeout(h.Context(), long)
	defer cancel()
	h.ok(e.Stop(ctx))
}

// TestRunLikeStep wants Run to do what Step does.
func TestRunLikeStep(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		created := make(chan struct{})
		h.perform.on(conversation.EffectCreate, func(t try) conversation.Result {
			defer close(created)
			return well(t)
		})
		e := h.engine()
		ended := h.run(h.Context(), e)
		h.put(thread, h.says("wamid.1", "oi"))
		e.Notify(thread)
		h.await("creation", created)
		h.stop(e)
		h.await("Run's end", ended)
		h.same("ticket", stored[conversation.Thread](h, thread).Conversation.Ticket.ID, int64(11))
		h.idle()
	})
}

// TestNotify wants an event to be taken up without a look at all partitions.
func TestNotify(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.options = bridge.Options{Poll: time.Hour}
		created := make(chan struct{})
		h.perform.on(conversation.EffectCreate, func(t try) conversation.Result {
			defer close(created)
			return well(t)
		})
		e := h.engine()
		ended := h.run(h.Context(), e)
		h.put(thread, h.says("wamid.1", "oi"))
		e.Notify(thread)
		h.await("creation", created)
		h.stop(e)
		h.await("Run's end", ended)
	})
}

// TestStop wants a running effect to end and its result to be committed, and nothing new to be started.
func TestStop(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		g := newGate()
		h.perform.on(conversation.EffectComment, g.hang)
		h.seed(thread, openThread(conversation.Outbox{Ticket: []conversation.Pending{commentEffect("1", "oi"), commentEffect("2", "mais")}}), h.clock.now())
		e := h.engine()
		ended := h.run(h.Context(), e)
		h.await("comment under way", g.entered)

		hasty, cancel := context.WithCancel(h.Context())
		cancel()
		if err := e.Stop(hasty); err == nil {
			h.Error("Stop returned while an effect was under way")
		}
		stopped := make(chan error, 1)
		go func() { stopped <- e.Stop(h.Context()) }()
		h.put("100|c2", h.says("wamid.9", "oi"))
		e.Notify("100|c2", thread)
		close(g.open)
		select {
		case err := <-stopped:
			h.ok(err)
		case <-time.After(long):
			h.Fatal("Stop hangs")
		}
		h.await("Run's end", ended)
		h.stop(e)
		h.same("effects", len(h.perform.attempts()), 1)
		got := stored[conversation.Thread](h, thread)
		h.same("own comments: the result was committed", got.Conversation.Ticket.Own, []int64{102})
		h.same("waiting", len(got.Outbox.Ticket), 1)
		if s := h.stats(); s.Running != 0 || s.Due != 2 {
			h.Errorf("due %d, running %d; want 2 that wait for another instance", s.Due, s.Running)
		}
		h.step(e, 0) // a stopped engine takes nothing
		h.step(h.engineOn(h.boxes, h.perform, prometheus.NewRegistry()), 2)
		h.same("effects by the next instance", len(h.perform.attempts()), 4)
	})
}

// TestStopBeforeRun wants an engine that was stopped before it ran not to begin.
func TestStopBeforeRun(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.put(thread, h.says("wamid.1", "oi"))
		e := h.engine()
		h.stop(e)
		h.await("Run's end", h.run(h.Context(), e))
		h.same("effects", len(h.perform.attempts()), 0)
	})
}

// TestRunEndsWithItsContext wants Run to return when its context ends, though an effect hangs.
func TestRunEndsWithItsContext(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		g := newGate()
		h.perform.on(conversation.EffectComment, g.hang)
		h.seed(thread, openThread(conversation.Outbox{Ticket: []conversation.Pending{commentEffect("1", "oi")}}), h.clock.now())
		ctx, cancel := context.WithCancel(h.Context())
		e := h.engine()
		ended := h.run(ctx, e)
		h.await("comment under way", g.entered)
		cancel()
		h.await("the effect called off", g.left)
		h.await("Run's end", ended)
		h.stop(e)
		h.same("journal", h.journal(thread), []string{"j:1"})
	})
}

// TestBusySessionsClaimNothing wants an engine whose sessions are all taken to leave other mailboxes to other instances.
func TestBusySessionsClaimNothing(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.options = bridge.Options{Sessions: 1}
		g := newGate()
		h.perform.on(conversation.EffectComment, g.hang)
		h.seed(thread, openThread(conversation.Outbox{Ticket: []conversation.Pending{commentEffect("1", "oi")}}), h.clock.now())
		e := h.engine()
		ended := h.run(h.Context(), e)
		h.await("comment under way", g.entered)
		for i := range 20 {
			key := "100|d" + strconv.Itoa(i)
			h.put(key, h.says("wamid."+key, "oi"))
			e.Notify(key)
		}
		h.step(h.engineOn(h.boxes, h.perform, prometheus.NewRegistry()), 20)
		close(g.open)
		h.stop(e)
		h.await("Run's end", ended)
		h.same("leases lost", h.metric("ponte_leases_lost_total"), 0.0)
		h.idle()
	})
}

// TestStress drives 200 threads with five messages each through eight sessions of two instances and wants everything done
// once and in order.
func TestStress(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		threads, messages := 200, 5
		if h.r.Mini != nil {
			threads = 40 // its scripts are slow
		}
		h.options = bridge.Options{Sessions: 8}
		desk := &ledger{words: map[string][]string{}, marks: map[string]int{}, full: make(chan struct{}), want: threads * messages}
		for _, k := range []conversation.EffectKind{conversation.EffectCreate, conversation.EffectComment} {
			h.perform.on(k, desk.write)
		}
		engines := []*bridge.Engine{h.engine(), h.engineOn(h.boxes, h.perform, prometheus.NewRegistry())}
		var ended []chan struct{}
		for _, e := range engines {
			ended = append(ended, h.run(h.Context(), e))
		}
		var busy sync.WaitGroup
		for w := range 8 {
			busy.Go(func() {
				for m := range messages {
					for i := w; i < threads; i += 8 {
						key := fmt.Sprintf("100|t%d", i)
						raw, err := h.says(fmt.Sprintf("wamid.%d.%d", i, m), strconv.Itoa(m)).Encode()
						if err == nil {
							_, err = h.boxes.Append(h.Context(), mailbox.Delivery{Key: key, Events: []mailbox.Event{{ID: fmt.Sprintf("wamid.%d.%d", i, m), Data: raw}}})
						}
						if err != nil {
							h.Error(err)
							return
						}
						engines[i%2].Notify(key)
					}
				}
			})
		}
		busy.Wait()
		minute := time.NewTicker(100 * time.Millisecond)
		defer minute.Stop()
		for done := false; !done; {
			select {
			case <-desk.full:
				done = true
			case <-minute.C: // what waits for more words goes, also what is decided only now
				h.clock.advance(time.Minute)
			case <-h.Context().Done():
				h.Fatal("the test ends before all words are on their tickets")
			}
		}
		for i, e := range engines {
			h.stop(e)
			h.await("Run's end", ended[i])
		}
		desk.check(h, threads, messages)
		if s := h.stats(); s.Running+s.Halted+s.Dead != 0 {
			h.Errorf("left over: %+v", s)
		}
	})
}

// ledger is a desk that keeps the words of each thread and how often an effect was carried out.
type ledger struct {
	mu    sync.Mutex
	words map[string][]string
	marks map[string]int
	total int
	want  int
	full  chan struct{}
}

func (l *ledger) write(t try) conversation.Result {
	if _, err := t.mark(t.ctx, false); err != nil {
		return conversation.Result{Outcome: conversation.Later, Reason: err.Error()}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	c := t.Pending.Effect.Comment
	l.words[t.Key] = append(l.words[t.Key], strings.Split(c.Body(), "\n\n")...)
	l.marks[t.Key+"#"+t.Pending.Effect.ID]++
	l.total += len(c.Lines)
	if l.total == l.want {
		close(l.full)
	}
	return well(t)
}

func (l *ledger) check(h *house, threads, messages int) {
	h.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	want := make([]string, messages)
	for m := range want {
		want[m] = strconv.Itoa(m)
	}
	if len(l.words) != threads {
		h.Errorf("%d threads have a ticket; want %d", len(l.words), threads)
	}
	for key, words := range l.words {
		if !slices.Equal(words, want) {
			h.Errorf("%s: %v", key, words)
		}
	}
	for effect, n := range l.marks {
		if n != 1 {
			h.Errorf("%s was carried out %d times", effect, n)
		}
	}
}
