package app

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var errStuck = errors.New("stuck")

// chores are cleanups that note the order in which they run.
func chores(c *cleanups, failing map[string]error, names ...string) *[]string {
	done := &[]string{}
	for _, name := range names {
		c.add(name, func(context.Context) error {
			*done = append(*done, name)
			return failing[name]
		})
	}
	return done
}

func TestCleanupsLastInFirstOut(t *testing.T) {
	t.Parallel()
	var c cleanups
	done := chores(&c, nil, "redis", "sandbox", "ponte")
	if err := c.run(t.Context()); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"ponte", "sandbox", "redis"}, *done); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// One that fails keeps none of the others from running, and says its name.
func TestCleanupsAllRun(t *testing.T) {
	t.Parallel()
	var c cleanups
	done := chores(&c, map[string]error{"sandbox": errStuck, "ponte": errStuck}, "redis", "sandbox", "ponte")
	err := c.run(t.Context())
	if !errors.Is(err, errStuck) || err.Error() != "ponte: stuck\nsandbox: stuck" {
		t.Errorf("error = %v", err)
	}
	if len(*done) != 3 {
		t.Errorf("ran %v", *done)
	}
}

func TestCleanupsRunOnce(t *testing.T) {
	t.Parallel()
	var c cleanups
	done := chores(&c, map[string]error{"redis": errStuck}, "redis")
	var all sync.WaitGroup
	failed := make(chan error, 8)
	for range cap(failed) {
		all.Go(func() { failed <- c.run(t.Context()) })
	}
	all.Wait()
	close(failed)
	failures := 0
	for err := range failed {
		if err != nil {
			failures++
		}
	}
	if len(*done) != 1 || failures != 1 {
		t.Errorf("ran %v, %d failures", *done, failures)
	}
	chores(&c, nil, "late")
	if err := c.run(t.Context()); err != nil {
		t.Errorf("what was added later: %v", err)
	}
}

// They get the context of the one who stops, with its deadline.
func TestCleanupsContext(t *testing.T) {
	t.Parallel()
	var c cleanups
	c.add("slow", func(ctx context.Context) error { return ctx.Err() })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.run(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v", err)
	}
}

func TestListOfSecrets(t *testing.T) {
	t.Parallel()
	for given, want := range map[string][]string{
		"": nil, ",": nil, " , ": nil, "a": {"a"}, " a ,b ": {"a", "b"}, "a,,b,": {"a", "b"}, "a b": {"a b"},
	} {
		if diff := cmp.Diff(want, list(given)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", given, diff)
		}
	}
}
