package app_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/bridge/settings"
)

// phase is the side of a call on which a fault strikes.
type phase int

const (
	before phase = iota
	after
)

// fault is what strikes at one point.
type fault int

const (
	none  fault = iota
	crash       // the instance ends: this call (before) or its answer (after) is its last
	lost        // the call fails for the instance: not done (before), done but the answer lost (after)
	stall       // the instance stands still past its lease while another one takes over, then goes on
	late        // HTTP only: the answer never comes, and the request lands after the look-up that follows
)

func (f fault) String() string { return [...]string{"none", "crash", "lost", "stall", "late"}[f] }

var (
	errCrashed = errors.New("simulated crash")
	errLost    = errors.New("simulated loss")
)

// points counts the calls of all instances to Redis and to the peers, and strikes at one of them.
type points struct {
	mu     sync.Mutex
	armed  bool // the story has begun and not ended
	n      int  // calls so far; each has two sides
	target int  // 0 = nowhere
	side   phase
	what   fault
	struck string // the call that was struck
	names  []string
	usual  []string // the names of the story's calls when nothing strikes; nil = not known

	raw     redis.UniversalClient // to Redis, past all faults
	story   func(*world)          // what is played; nil = play
	judge   func(*world) verdict  // what is wanted at its end; nil = what play wants
	onStall func()                // lets another instance take over and finish
	onLate  func(path string, land func())
	looked  func()                 // an update has been looked for
	asked   func()                 // a command's answer has been looked for; may be nil
	began   time.Time              // the first moment; zero = the usual one
	without rule                   // what is taken away; zero takes nothing
	number  func() settings.Number // the number's settings; nil = plain ones
	seed    string                 // of the simulated Zendesk
	account *settings.Operation    // its account's settings; nil = the defaults
}

// instance is what faults know of one running Ponte.
type instance struct {
	mu      sync.Mutex
	crashed bool
	expired bool // stood still past its lease: its HTTP calls are over their time
}

func (i *instance) kill() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.crashed = true
}

func (i *instance) expire() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.expired = true
}

func (i *instance) state() (crashed, expired bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.crashed, i.expired
}

// arm begins or ends the counting.
func (p *points) arm(on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.armed = on
}

// arrive counts a call and tells whether the fault strikes at it.
func (p *points) arrive(name string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.armed {
		return false
	}
	p.n++
	p.names = append(p.names, name)
	if p.n != p.target {
		return false
	}
	p.struck = name
	return true
}

// unsent tells whether the fault struck a message to a customer, or the journal entry that stands right before it: from then on nobody
// knows whether it was sent.
func (p *points) unsent() bool {
	const send, entry = "/messages", "redis evalsha"
	if strings.HasSuffix(p.struck, send) {
		return true
	}
	return p.struck == entry && p.target < len(p.usual) && p.usual[p.target-1] == entry && strings.HasSuffix(p.usual[p.target], send)
}

// call runs one call of an instance under the fault.
func (p *points) call(i *instance, name string, do func() error) error {
	if crashed, _ := i.state(); crashed {
		return errCrashed
	}
	if !p.arrive(name) {
		return do()
	}
	if p.side == after {
		if err := do(); err != nil {
			return err
		}
	}
	switch p.what {
	case crash:
		i.kill()
		return errCrashed
	case lost:
		return errLost
	case stall:
		if !p.without.deadline {
			i.expire()
		}
		p.onStall()
		if p.side == before {
			return do()
		}
		return nil
	case late, none:
	}
	return nil
}

// redisHook puts the points into a client.
type redisHook struct {
	p *points
	i *instance
}

func (h redisHook) DialHook(next redis.DialHook) redis.DialHook { return next }

func (h redisHook) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		err := h.p.call(h.i, "redis "+cmd.Name(), func() error { return next(ctx, cmd) })
		if errors.Is(err, errCrashed) || errors.Is(err, errLost) {
			cmd.SetErr(err)
		}
		return err
	}
}

func (h redisHook) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		name := "redis pipeline"
		if len(cmds) == 1 {
			name = "redis " + scriptName(cmds[0])
		}
		err := h.p.call(h.i, name, func() error { return h.p.without.redis(h.p.raw, cmds, func() error { return next(ctx, cmds) }) })
		if h.p.asked != nil && looksForAnswer(cmds) {
			h.p.asked()
		}
		if errors.Is(err, errCrashed) || errors.Is(err, errLost) {
			for _, c := range cmds {
				c.SetErr(err)
			}
		}
		return err
	}
}

// scriptName tells scripts apart by what they touch.
func scriptName(c redis.Cmder) string {
	name := c.Name()
	for _, a := range c.Args() {
		if s, ok := a.(string); ok && strings.Contains(s, ":in:") {
			return name + " inbox"
		}
	}
	return name
}

// looksForAnswer tells whether somebody waits for what becomes of a command.
func looksForAnswer(cmds []redis.Cmder) bool {
	args := cmds[0].Args()
	key, _ := args[min(1, len(args)-1)].(string)
	return cmds[0].Name() == "get" && strings.Contains(key, "}:re:")
}

// peerTransport puts the points into an instance's calls to the peers.
type peerTransport struct {
	p    *points
	i    *instance
	next http.RoundTripper
}

func (t peerTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := buffered(r, t.p.without.request)
	if err != nil {
		return nil, err
	}
	var resp *http.Response
	do := func() error {
		if _, expired := t.i.state(); expired {
			return context.DeadlineExceeded // no call outlives the lease that it was marked under
		}
		var err error
		if resp, err = t.next.RoundTrip(body()); err == nil && t.p.without.response != nil {
			resp = t.p.without.response(r, resp)
		}
		if strings.HasSuffix(r.URL.Path, "/audits") {
			t.p.looked()
		}
		return err
	}
	if t.p.what == late && r.Method != http.MethodGet {
		if crashed, _ := t.i.state(); !crashed && t.p.arrive("http "+r.Method+" "+r.URL.Path) {
			t.p.onLate(r.URL.Path, func() {
				late := body().WithContext(context.Background())
				if resp, err := t.next.RoundTrip(late); err == nil {
					_ = resp.Body.Close()
				}
			})
			return nil, io.ErrUnexpectedEOF
		}
		if err := do(); err != nil {
			return nil, err
		}
		return resp, nil
	}
	err = t.p.call(t.i, "http "+r.Method+" "+r.URL.Path, do)
	switch {
	case errors.Is(err, errCrashed), errors.Is(err, errLost):
		if t.p.side == before {
			return nil, &net.OpError{Op: "read", Net: "tcp", Err: io.ErrUnexpectedEOF} // sent or not, nobody knows
		}
		return nil, io.ErrUnexpectedEOF
	case err != nil:
		return nil, err
	}
	return resp, nil
}

// buffered lets a request be sent more than once; change, if any, sees each before it goes.
func buffered(r *http.Request, change func(r *http.Request, body []byte) []byte) (func() *http.Request, error) {
	var raw []byte
	if r.Body != nil {
		var err error
		if raw, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
		_ = r.Body.Close()
	}
	return func() *http.Request {
		c, sent := r.Clone(r.Context()), raw
		if change != nil {
			sent = change(c, raw)
		}
		if r.Body != nil {
			c.Body, c.ContentLength = io.NopCloser(bytes.NewReader(sent)), int64(len(sent))
		}
		return c
	}, nil
}
