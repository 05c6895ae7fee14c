package mailbox_test

import (
	"context"
	"errors"
	"io"
	"net"
	"sync/atomic"

	"github.com/redis/go-redis/v9"
)

// errLost is what a client sees of a command whose way to Redis or back was cut.
var errLost = errors.New("connection lost")

// fault is what happens to a round trip.
type fault int

const (
	noFault     fault = iota
	lostRequest       // Redis never sees it
	lostReply         // Redis carries it out, the client gets an error
	repeated          // Redis carries it out, the reply is lost, the client sends it again by itself
)

// faults is a hook that spoils round trips as its next func says.
type faults struct{ next func() fault }

func (f *faults) DialHook(next redis.DialHook) redis.DialHook { return next }

func (f *faults) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		return f.apply([]redis.Cmder{cmd}, func() error { return next(ctx, cmd) })
	}
}

func (f *faults) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		return f.apply(cmds, func() error { return next(ctx, cmds) })
	}
}

func (f *faults) apply(cmds []redis.Cmder, send func() error) error {
	if name := cmds[0].Name(); name == "hello" || name == "client" {
		return send() // the greeting of a new connection
	}
	switch f.next() {
	case noFault:
		return send()
	case lostRequest:
	case lostReply:
		_ = send()
	case repeated:
		if err := send(); redis.HasErrorPrefix(err, "NOSCRIPT") {
			return err // not carried out: nothing to repeat
		}
		for _, c := range cmds {
			c.SetErr(nil)
		}
		return send()
	}
	for _, c := range cmds {
		c.SetErr(errLost)
	}
	return errLost
}

// once spoils the next round trip only.
func once(what fault) *faults {
	var done atomic.Bool
	return &faults{next: func() fault {
		if done.CompareAndSwap(false, true) {
			return what
		}
		return noFault
	}}
}

// scissors cuts a connection after Redis has answered and before the client reads the answer, once when armed.
type scissors struct {
	armed atomic.Bool
	cuts  atomic.Int64
}

func (s *scissors) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	var d net.Dialer
	c, err := d.DialContext(ctx, network, addr)
	return &cutConn{Conn: c, s: s}, err
}

type cutConn struct {
	net.Conn
	s *scissors
}

func (c *cutConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if c.s.armed.CompareAndSwap(true, false) {
		c.s.cuts.Add(1)
		c.Close()
		return 0, io.ErrUnexpectedEOF
	}
	return n, err
}
