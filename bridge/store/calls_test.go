package store_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/internal/testredis"
)

// calls counts the round trips a client asks for, and makes one of them go wrong.
type calls struct {
	n      atomic.Int64
	failAt atomic.Int64
	after  atomic.Bool   // the one that fails takes effect all the same
	twice  atomic.Bool   // each is repeated, as after a lost reply
	before func(n int64) // runs before each, when set
}

var errLost = errors.New("lost on the way")

func (c *calls) DialHook(next redis.DialHook) redis.DialHook { return next }

func (c *calls) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if handshake(cmd) {
			return next(ctx, cmd)
		}
		return c.pass(func() error { return next(ctx, cmd) }, func() { cmd.SetErr(errLost) })
	}
}

func (c *calls) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		if handshake(cmds[0]) {
			return next(ctx, cmds)
		}
		return c.pass(func() error { return next(ctx, cmds) }, func() {
			for _, cmd := range cmds {
				cmd.SetErr(errLost)
			}
		})
	}
}

// handshake reports whether the command belongs to the opening of a connection.
func handshake(cmd redis.Cmder) bool { return cmd.Name() == "hello" || cmd.Name() == "client" }

func (c *calls) pass(do func() error, fail func()) error {
	n := c.n.Add(1)
	if c.before != nil {
		c.before(n)
	}
	if n != c.failAt.Load() {
		if c.twice.Load() {
			_ = do()
		}
		return do()
	}
	if c.after.Load() {
		_ = do()
	}
	fail()
	return errLost
}

func watched(t *testing.T, r *testredis.Redis) (redis.UniversalClient, *calls) {
	t.Helper()
	client, c := open(t, r.URL), &calls{}
	client.AddHook(c)
	return client, c
}
