package app_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/audit"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/internal/app"
	"github.com/ponte-desk/ponte/internal/testredis"
)

// errAway is what an instance meets that has lost Redis for good.
var errAway = errors.New("redis is away")

// severed cuts an instance off from Redis once a page of so many mailboxes was woken for the second time: that is stored, and the instance
// never hears of it.
type severed struct {
	page  int64
	pages atomic.Int64
	cut   atomic.Bool
	done  chan struct{}
}

func (s *severed) DialHook(next redis.DialHook) redis.DialHook { return next }

func (s *severed) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if s.cut.Load() {
			cmd.SetErr(errAway)
			return errAway
		}
		return next(ctx, cmd)
	}
}

func (s *severed) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		if !s.cut.Load() {
			err := next(ctx, cmds)
			if int64(len(cmds)) < s.page || !strings.HasPrefix(cmds[0].Name(), "eval") || s.pages.Add(1) < 2 {
				return err
			}
			s.cut.Store(true)
			close(s.done)
		}
		for _, cmd := range cmds {
			cmd.SetErr(errAway)
		}
		return errAway
	}
}

// auditor is one instance of an installation, at work until the test ends.
func auditor(t *testing.T, r *testredis.Redis, hook redis.Hook) {
	t.Helper()
	opt, err := redis.ParseURL(r.URL)
	if err != nil {
		t.Fatal(err)
	}
	opt.MaxRetries = -1
	client := redis.NewClient(opt)
	if hook != nil {
		client.AddHook(hook)
	}
	a, err := app.Build(t.Context(), app.DemoDefaults(app.Config{RedisPrefix: r.Prefix, PublicURL: base, Sessions: 4}), app.Parts{
		Redis: client, Transport: refusing{}, Lease: time.Second, Token: "demo", Logger: slog.New(slog.DiscardHandler),
		Settings: func(string) settings.Number { return plain(settings.Default()) },
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		a.Engine.Run(ctx)
	}()
	t.Cleanup(func() {
		stop()
		<-ended
		_ = a.Engine.Stop(context.Background())
		_ = a.Close(context.Background())
		_ = client.Close()
	})
}

// refusing is peers that nobody should ask.
type refusing struct{}

func (refusing) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		_, _ = io.Copy(io.Discard, r.Body)
	}
	return nil, errAway
}

// TestSweepIsFinishedByAnotherInstance cuts an instance off from Redis in the middle of a sweep. Another one finishes it: each thread that
// is due gets exactly one event of the run.
func TestSweepIsFinishedByAnotherInstance(t *testing.T) {
	t.Parallel()
	r := testredis.Server(t)
	boxes := operator(t, r)
	due := make([]string, 620)
	pipe := r.Client.Pipeline()
	inbox := func(key, name string) string { return fmt.Sprintf("%s{w%d}:%s", r.Prefix, boxes.Partition(key), name) }
	for i := range due {
		due[i] = fmt.Sprintf("100|c%04d", i)
		pipe.ZAdd(t.Context(), inbox(due[i], "ix:"+conversation.ViewAudit), redis.Z{Score: float64(i), Member: due[i]})
		pipe.ZAdd(t.Context(), inbox(due[i], "halt"), redis.Z{Score: 1, Member: due[i]}) // nobody takes out what comes in
	}
	if _, err := pipe.Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
	s := &severed{page: 100, done: make(chan struct{})}
	auditor(t, r, s)
	type end struct {
		woken int
		err   error
	}
	over := make(chan end, 1)
	go func() {
		woken, err := app.SweepNow(t.Context(), boxes, time.Minute)
		over <- end{woken, err}
	}()
	select {
	case <-s.done:
	case e := <-over:
		t.Fatalf("the sweep was over before anything happened: %+v", e)
	}
	auditor(t, r, nil)
	if e := <-over; e.err != nil || e.woken != len(due) {
		t.Fatalf("%d were woken, %v; want %d", e.woken, e.err, len(due))
	}
	runs := map[string]int{}
	for _, key := range due {
		events, err := r.Client.LRange(t.Context(), inbox(key, "in:"+key), 0, -1).Result()
		if err != nil || len(events) != 1 {
			t.Fatalf("%s got %d events, %v", key, len(events), err)
		}
		id, raw, _ := strings.Cut(events[0], "\n")
		e, err := conversation.DecodeEvent([]byte(raw))
		if err != nil || e.Kind != conversation.EventAudit || e.ID != id {
			t.Fatalf("%s got %q, %v", key, events[0], err)
		}
		runs[id]++
	}
	if len(runs) != 1 {
		t.Errorf("events are of %d runs", len(runs))
	}
}

// operator is an operator's look at an installation.
func operator(t *testing.T, r *testredis.Redis) *mailbox.Store {
	t.Helper()
	boxes, closeIt, err := app.OpenMailboxes(t.Context(), app.Config{RedisURL: r.URL, RedisPrefix: r.Prefix})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = closeIt() })
	return boxes
}

func TestSweepNowWithoutAnInstance(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	boxes := operator(t, r)
	if woken, err := app.SweepNow(t.Context(), boxes, 50*time.Millisecond); !errors.Is(err, app.ErrNobodySweeps) || woken != 0 {
		t.Errorf("%d were woken, %v", woken, err)
	}
	leases, err := boxes.Claim(t.Context(), []int{boxes.Partition(conversation.AuditKey)}, 1)
	if err != nil || len(leases) != 1 || len(leases[0].Inbox()) != 1 { // it waits for one
		t.Errorf("%d mailboxes are due, %v", len(leases), err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := app.SweepNow(ctx, boxes, time.Minute); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

// TestSweepNowThatLasts wants a sweep that was taken up and does not end to be told from one that nobody took up.
func TestSweepNowThatLasts(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	boxes := operator(t, r)
	taken := make(chan error, 1)
	go func() { taken <- takeUp(t.Context(), boxes) }()
	_, err := app.SweepNow(t.Context(), boxes, 2*time.Second)
	if took := <-taken; took != nil || !errors.Is(err, app.ErrSweepLasts) {
		t.Errorf("taken: %v; error %v", took, err)
	}
}

// takeUp takes a request for a sweep in, as an instance that gets no further.
func takeUp(ctx context.Context, boxes *mailbox.Store) error {
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for range look.C {
		leases, err := boxes.Claim(ctx, []int{boxes.Partition(conversation.AuditKey)}, 1)
		if err != nil {
			return err
		}
		if len(leases) == 0 {
			continue
		}
		e, err := conversation.DecodeEvent(leases[0].Inbox()[0].Data)
		if err != nil {
			return err
		}
		raw, err := conversation.EncodeState(conversation.Job{Sweep: conversation.Sweep{Run: "r", Serving: []string{e.Run}}})
		if err != nil {
			return err
		}
		return boxes.Commit(ctx, leases[0], mailbox.Commit{Consume: 1, Release: true, Set: map[string][]byte{conversation.StateField: raw}})
	}
	return nil
}

func TestDryRunAuditBySettings(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	c := app.Config{RedisURL: r.URL, RedisPrefix: r.Prefix}
	none := func(audit.Finding) error { return nil }
	if counts, err := app.DryRunAudit(t.Context(), c, time.Now(), none); err != nil || counts.Looked != 0 {
		t.Errorf("%+v, %v", counts, err)
	}
	if _, err := app.DryRunAudit(t.Context(), app.Config{RedisURL: "redis://127.0.0.1:1"}, time.Now(), none); err == nil {
		t.Error("there is no Redis, and no error")
	}
}
