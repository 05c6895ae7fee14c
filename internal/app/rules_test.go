package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/sandbox/rig"
)

// rule is one of the rules that make effects happen once, taken away from outside: on the way to the peers, to Redis, or by
// a setting. The product itself has no switch for it.
type rule struct {
	name      string
	request   func(r *http.Request, body []byte) []byte
	response  func(*http.Request, *http.Response) *http.Response
	mangle    func(raw redis.UniversalClient, cmd redis.Cmder, next func() error) error
	set       func(*settings.Number)
	answer200 bool // webhooks are answered 200 whatever happened
	deadline  bool // calls may outlive the lease they were marked under

	story   func(*world)        // one in which the rule matters; nil = play
	strikes func(string) []kind // what to strike at a call of that name; nil = nothing at all
}

// kind is a fault on one side.
type kind struct {
	side phase
	what fault
}

func (r rule) redis(raw redis.UniversalClient, cmds []redis.Cmder, next func() error) error {
	if r.mangle == nil || len(cmds) != 1 {
		return next()
	}
	return r.mangle(raw, cmds[0], next)
}

func (r rule) settings(s settings.Number) settings.Number {
	if r.set != nil {
		r.set(&s)
	}
	return s
}

// at strikes at calls whose name matches.
func at(pattern string, kinds ...kind) func(string) []kind {
	re := regexp.MustCompile(pattern)
	return func(name string) []kind {
		if re.MatchString(name) {
			return kinds
		}
		return nil
	}
}

// keyCount tells scripts apart: step has 2 keys, append 6, commit 10.
func keyCount(cmd redis.Cmder) int {
	args := cmd.Args()
	if len(args) < 3 {
		return 0
	}
	n, _ := args[2].(int)
	return n
}

const (
	stepKeys   = 2
	appendKeys = 6
	commitKeys = 10
)

// rules lists the rules of ARCHITECTURE §4 that the product uses so far. Each must be missed when it is gone.
func rules() []rule {
	var unique atomic.Int64
	ticketUpdate := `^http PUT /sandbox/zendesk/api/v2/tickets/`
	return []rule{
		{
			name: "a ticket's creation carries an Idempotency-Key", strikes: at(`^http POST .*/tickets`, kind{after, lost}, kind{after, crash}),
			request: func(r *http.Request, body []byte) []byte {
				if r.Header.Get("Idempotency-Key") != "" {
					r.Header.Set("Idempotency-Key", fmt.Sprint(unique.Add(1)))
				}
				return body
			},
		},
		{
			name: "after two hours a creation is looked for by external id", story: playOutage,
			strikes:  at(`^http POST .*/tickets`, kind{after, lost}),
			response: emptied("external_id="),
		},
		{
			name: "the journal says sending before an effect leaves", strikes: at(ticketUpdate+`|^http POST .*/messages`, kind{after, crash}),
			mangle: func(_ redis.UniversalClient, cmd redis.Cmder, next func() error) error {
				if c, ok := cmd.(*redis.Cmd); ok && keyCount(cmd) == stepKeys && strings.Contains(fmt.Sprint(cmd.Args()...), "j:") {
					c.SetVal(int64(10_000))
					return nil
				}
				return next()
			},
		},
		{
			name: "an uncertain update is looked for before it is repeated", strikes: at(ticketUpdate, kind{after, lost}, kind{after, crash}),
			response: emptied("/audits"),
		},
		{
			name: "an update is repeated with safe_update only", strikes: at(ticketUpdate, kind{after, late}),
			request: func(_ *http.Request, body []byte) []byte {
				return bytes.ReplaceAll(body, []byte(`"safe_update":true`), []byte(`"safe_update":false`))
			},
		},
		{
			name: "a look-up that fails is no answer", story: playBlindLookup, strikes: at(ticketUpdate, kind{after, lost}),
			response: func(r *http.Request, resp *http.Response) *http.Response {
				if resp.StatusCode == http.StatusServiceUnavailable && strings.Contains(r.URL.Path, "/audits") {
					return empty(resp)
				}
				return resp
			},
		},
		{
			name: "an uncertain send waits for its status", strikes: at(`^http POST .*/messages`, kind{after, lost}, kind{after, crash}),
			set: func(s *settings.Number) { s.StatusWait = 0 },
		},
		{
			name: "a send carries the effect's id home", strikes: at(`^http POST .*/messages`, kind{after, lost}, kind{after, crash}),
			request: func(_ *http.Request, body []byte) []byte {
				return regexp.MustCompile(`,?"biz_opaque_callback_data":"[^"]*"`).ReplaceAll(body, nil)
			},
		},
		{
			name: "a worker whose lease was taken over changes nothing", strikes: at(`^redis evalsha`, kind{before, stall}),
			mangle: unfenced,
		},
		{
			name: "no call outlives the lease that it was marked under", deadline: true,
			strikes: at(ticketUpdate+`|^http POST .*/messages`, kind{before, stall}),
		},
		{
			name: "a mailbox takes a message once", strikes: at(`^webhook .*whatsapp`, kind{after, lost}),
			mangle: func(_ redis.UniversalClient, cmd redis.Cmder, next func() error) error {
				if keyCount(cmd) == appendKeys {
					args := cmd.Args()
					for i := 3 + appendKeys + 2; i < len(args); i += 2 {
						args[i] = ""
					}
				}
				return next()
			},
		},
		{
			name: "a webhook is answered 200 only when it is stored", strikes: at(`^redis evalsha inbox`, kind{before, lost}),
			answer200: true,
		},
		{
			name: "a webhook that never came is found by reconciliation", story: playDropped,
			response: emptied("/incremental/"),
		},
	}
}

// unfenced gives a worker the lease back that it has lost, and lets it write all the same.
func unfenced(raw redis.UniversalClient, cmd redis.Cmder, next func() error) error {
	err := next()
	c, ok := cmd.(*redis.Cmd)
	var run, fields int // places among the keys
	switch {
	case !ok:
		return err
	case keyCount(cmd) == stepKeys && c.Val() == int64(-1):
		run, fields = 0, 1
	case keyCount(cmd) == commitKeys && c.Val() == int64(0):
		run, fields = 3, 6
	default:
		return err
	}
	args, ctx := cmd.Args(), context.Background()
	mailbox, token := args[3+keyCount(cmd)], args[4+keyCount(cmd)]
	pipe := raw.Pipeline()
	pipe.HSet(ctx, fmt.Sprint(args[3+fields]), "_l", token)
	pipe.ZAdd(ctx, fmt.Sprint(args[3+run]), redis.Z{Score: 1e16, Member: mailbox})
	if _, err := pipe.Exec(ctx); err != nil {
		return err
	}
	return next()
}

// emptied answers an empty list wherever the address holds part.
func emptied(part string) func(*http.Request, *http.Response) *http.Response {
	return func(r *http.Request, resp *http.Response) *http.Response {
		if strings.Contains(r.URL.RequestURI(), part) && r.Method == http.MethodGet {
			return empty(resp)
		}
		return resp
	}
}

// empty empties every list of an answer.
func empty(resp *http.Response) *http.Response {
	var fields map[string]json.RawMessage
	if raw, err := io.ReadAll(resp.Body); err != nil || json.Unmarshal(raw, &fields) != nil {
		fields = map[string]json.RawMessage{"audits": json.RawMessage("[]")}
	}
	for name, value := range fields {
		if bytes.HasPrefix(bytes.TrimSpace(value), []byte("[")) {
			fields[name] = json.RawMessage("[]")
		}
	}
	fields["audits"] = json.RawMessage("[]")
	raw, _ := json.Marshal(fields)
	resp.StatusCode, resp.Body, resp.ContentLength = http.StatusOK, io.NopCloser(bytes.NewReader(raw)), int64(len(raw))
	resp.Header.Del("Content-Length")
	return resp
}

// TestEveryRuleIsNeeded takes the rules away one by one: the simulation must notice each, and notices nothing with it.
func TestEveryRuleIsNeeded(t *testing.T) {
	t.Parallel()
	for _, r := range rules() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			story := func(without rule) func(*points) {
				return func(p *points) { p.story, p.without = r.story, without }
			}
			p := &points{}
			story(rule{})(p)
			playOnce(t, p)
			var all []strike
			if r.strikes == nil {
				all = []strike{{}} // the story is trouble enough
			}
			for i, name := range p.names {
				if r.strikes == nil {
					break
				}
				for _, k := range r.strikes(name) {
					all = append(all, strike{i + 1, k.side, k.what})
				}
			}
			if len(all) == 0 {
				t.Fatalf("the story has no call to strike at: %v", p.names)
			}
			if got := walk(t, all, story(rule{}), 1); len(got.failures) > 0 {
				t.Fatalf("with the rule: %v", got.failures)
			}
			got := walk(t, all, story(r), 1)
			if len(got.failures) == 0 {
				t.Fatalf("without the rule %d stories end well", got.runs)
			}
			t.Logf("without it, after %d of %d stories: %s", got.runs, len(all), got.failures[0])
		})
	}
}

// playOutage is a short story in which Zendesk can't be reached for longer than it remembers an Idempotency-Key.
func playOutage(w *world) {
	w.customer("bom dia m1")
	w.run(time.Second)
	w.faults(rig.Fault{Peer: "zendesk", Path: "/api/v2/*", Status: http.StatusServiceUnavailable})
	w.run(150 * time.Minute)
	w.faults()
	w.run(time.Minute)
	for _, m := range []string{"m2", "m3", "m4", "m5"} {
		w.customer(m)
	}
	w.run(2 * time.Minute)
	w.agent("olá r1", true)
	w.agent("um instante r2", true)
	w.agent("um instante r2", true)
	w.status("open")
	w.run(5 * time.Minute)
}

// playBlindLookup is the story while Zendesk does not show updates' metadata for a while.
func playBlindLookup(w *world) {
	w.faults(rig.Fault{Peer: "zendesk", Path: "/api/v2/tickets/*/audits*", Status: http.StatusServiceUnavailable})
	w.customer("bom dia m1")
	w.run(3 * time.Second)
	for _, m := range []string{"m2", "m3", "m4", "m5"} {
		w.customer(m)
	}
	w.run(2 * time.Minute)
	w.faults()
	w.agent("olá r1", true)
	w.agent("um instante r2", true)
	w.agent("um instante r2", true)
	w.status("open")
	w.run(5 * time.Minute)
}

// playDropped is a story in which none of Zendesk's webhooks arrives.
func playDropped(w *world) {
	w.customer("bom dia m1")
	w.run(5 * time.Second)
	w.peers.Zendesk().DropWebhooks(100)
	for _, m := range []string{"m2", "m3", "m4", "m5"} {
		w.customer(m)
	}
	w.run(2 * time.Minute)
	w.agent("olá r1", true)
	w.agent("um instante r2", true)
	w.agent("um instante r2", true)
	w.status("open")
	w.run(5 * time.Minute)
}
