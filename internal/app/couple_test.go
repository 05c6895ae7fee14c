package app_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/internal/app"
	"github.com/ponte-desk/ponte/internal/testredis"
	"github.com/ponte-desk/ponte/sandbox"
	"github.com/ponte-desk/ponte/sandbox/desk"
)

// couple is two instances in this process that share a cluster, beside their peers.
type couple struct {
	*fleet

	apps  [2]*app.App
	turns atomic.Int64
}

// newCouple starts both.
func newCouple(t *testing.T) *couple {
	t.Helper()
	c := &couple{fleet: &fleet{t: t, r: testredis.Cluster(t)}}
	cfg := sandbox.Config{Now: time.Now, BaseURL: base, Transport: c}
	cfg.WhatsApp = sandbox.WhatsAppConfig{
		AppSecret: app.DemoAppSecret, VerifyToken: app.DemoVerifyToken, AccessToken: app.DemoAccessToken,
		CallbackURL: base + "/webhooks/whatsapp", NumberID: app.DemoNumber,
	}
	cfg.Zendesk = sandbox.ZendeskConfig{
		ClientID: app.DemoClientID, ClientSecret: app.DemoClientSecret, WebhookSecret: app.DemoWebhookSecret,
		WebhookURL: base + "/webhooks/zendesk",
		Limits:     desk.Limits{RequestsPerMinute: -1, TicketUpdatesPerMinute: -1, UpdatesPerTicket: -1, UserWritesPerSecond: -1, UserWritesPerUser: -1},
	}
	var err error
	if c.peers, err = sandbox.New(cfg); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.peers.Close() })
	quick := plain(settings.Default())
	quick.Quiet, quick.Longest = 200*time.Millisecond, time.Second
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	var busy sync.WaitGroup
	for i := range c.apps {
		c.apps[i] = c.instance(quick)
		if err := c.apps[i].Engine.Start(ctx); err != nil {
			t.Fatal(err)
		}
		busy.Go(func() { c.apps[i].Engine.Run(context.WithoutCancel(ctx)) })
	}
	busy.Go(func() { c.peers.Run(ctx) })
	t.Cleanup(func() {
		for _, a := range c.apps {
			if err := a.Engine.Stop(context.WithoutCancel(ctx)); err != nil {
				t.Error(err)
			}
		}
		cancel()
		busy.Wait()
	})
	c.boxes = c.apps[0].Mailboxes
	return c
}

// instance builds one, with a connection of its own to the cluster.
func (c *couple) instance(n settings.Number) *app.App {
	c.t.Helper()
	opt, err := redis.ParseClusterURL(c.r.URL)
	if err != nil {
		c.t.Fatal(err)
	}
	client := redis.NewClusterClient(opt)
	c.t.Cleanup(func() { client.Close() })
	client.AddHook(boundless{})
	a, err := app.Build(c.t.Context(), app.DemoDefaults(app.Config{
		PublicURL: base, RedisPrefix: c.r.Prefix, WhatsAppAPIURL: base + "/sandbox/whatsapp", WhatsAppAPIVersion: "v26.0", Sessions: 32,
	}), app.Parts{
		Redis: client, Transport: c.peers.RoundTripper(), Logger: slog.New(slog.DiscardHandler), Token: "demo",
		Settings: func(string) settings.Number { return n },
	})
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { a.Close(context.WithoutCancel(c.t.Context())) })
	return a
}

// RoundTrip carries a webhook of the peers to the instances in turn.
func (c *couple) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	in := r.Clone(r.Context())
	in.Body = io.NopCloser(bytes.NewReader(body))
	rec := httptest.NewRecorder()
	c.next().ServeHTTP(rec, in)
	return rec.Result(), nil
}

func (c *couple) next() http.Handler { return c.apps[c.turns.Add(1)%2].Handler() }

// post delivers a webhook, now and then to both instances at once, until it is taken.
func (c *couple) post(body []byte, twice bool) {
	deliver := func() {
		eventually(c.t, soon, "a webhook is taken", func() bool {
			rec := httptest.NewRecorder()
			c.next().ServeHTTP(rec, signed(body))
			return rec.Code == http.StatusOK
		})
	}
	var other sync.WaitGroup
	if twice {
		other.Go(deliver)
	}
	deliver()
	other.Wait()
}

// boundless stands for an account without limits: every reservation is for now. The merges are to be many, not the minutes.
type boundless struct{}

// DialHook implements redis.Hook.
func (boundless) DialHook(next redis.DialHook) redis.DialHook { return next }

// ProcessPipelineHook implements redis.Hook.
func (boundless) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

// ProcessHook implements redis.Hook.
func (boundless) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		c, script := cmd.(*redis.Cmd)
		const reservation = 4 // the second key of the script
		if args := cmd.Args(); script && len(args) > reservation && strings.Contains(fmt.Sprint(args[reservation]), "{zd}:rsv:") {
			c.SetVal(time.Now().UnixMilli())
			return nil
		}
		return next(ctx, cmd)
	}
}
