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
	effect atomic.Uint64 // the commands of the one that fails which take effect all the same, one bit each
	twice  atomic.Bool   // each is repeated, as after a lost reply
	before func(n int64) // runs before each, when set
}

// everything is an effect of all commands.
const everything = ^uint64(0)

var errLost = errors.New("lost on the way")

func (c *calls) DialHook(next redis.DialHook) redis.DialHook { return next }

func (c *calls) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if handshake(cmd) {
			return next(ctx, cmd)
		}
		return c.pass([]redis.Cmder{cmd}, func([]redis.Cmder) error { return next(ctx, cmd) })
	}
}

func (c *calls) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		if handshake(cmds[0]) {
			return next(ctx, cmds)
		}
		return c.pass(cmds, func(some []redis.Cmder) error { return next(ctx, some) })
	}
}

// handshake reports whether the command belongs to the opening of a connection.
func handshake(cmd redis.Cmder) bool { return cmd.Name() == "hello" || cmd.Name() == "client" }

func (c *calls) pass(cmds []redis.Cmder, do func([]redis.Cmder) error) error {
	n := c.n.Add(1)
	if c.before != nil {
		c.before(n)
	}
	if n != c.failAt.Load() {
		if c.twice.Load() {
			_ = do(cmds)
		}
		return do(cmds)
	}
	var some []redis.Cmder
	for i, cmd := range cmds {
		if c.effect.Load()>>(i%64)&1 == 1 {
			some = append(some, cmd)
		}
	}
	if len(some) > 0 {
		_ = do(some)
	}
	for _, cmd := range cmds {
		cmd.SetErr(errLost)
	}
	return errLost
}

func watched(t *testing.T, r *testredis.Redis) (redis.UniversalClient, *calls) {
	t.Helper()
	client, c := open(t, r.URL), &calls{}
	client.AddHook(c)
	return client, c
}
