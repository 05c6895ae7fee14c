package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/ponte-desk/ponte/internal/app"
	"github.com/ponte-desk/ponte/sandbox"
	helpdesk "github.com/ponte-desk/ponte/sandbox/desk"
)

// nowhere stands for Ponte where its address is not known yet.
const nowhere = "http://ponte.invalid"

// maxSent is the longest body of a message to WhatsApp that is looked into.
const maxSent = 1 << 20

// peers are the simulated peers, served by this process: they take note of the instant at which WhatsApp is handed a reply.
type peers struct {
	base    string
	box     *sandbox.Sandbox
	replies *flights
	now     func() time.Time
	hooks   atomic.Pointer[string] // address of the instance that gets the peers' own webhooks
}

// startPeers serves them on a free loopback port, with an account that has the app.
func startPeers(ctx context.Context, f *freed, replies *flights, now func() time.Time) (*peers, error) {
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("serve the peers: %w", err)
	}
	p := &peers{base: "http://" + ln.Addr().String(), replies: replies, now: now}
	if p.box, err = sandbox.New(p.config()); err != nil {
		return nil, errors.Join(err, ln.Close())
	}
	f.add(func(context.Context) error { return p.box.Close() })
	living, stop := context.WithCancel(context.WithoutCancel(ctx))
	lived, served := make(chan struct{}), make(chan struct{})
	srv := &http.Server{Handler: p, ReadHeaderTimeout: startTimeout}
	go func() {
		defer close(lived)
		p.box.Run(living)
	}()
	go func() {
		defer close(served)
		_ = srv.Serve(ln) // it ends with the run, and a peer that is gone shows
	}()
	f.add(func(context.Context) error {
		stop()
		err := srv.Close()
		<-lived
		<-served
		return err
	})
	return p, nil
}

// config is what the peers and Ponte have agreed on. Agents are made all at once, faster than an account allows; Ponte keeps to the usual
// limits by itself.
func (p *peers) config() sandbox.Config {
	c := sandbox.Config{Now: p.now, BaseURL: p.base, Transport: p}
	c.WhatsApp = sandbox.WhatsAppConfig{
		AppSecret: appSecret, VerifyToken: app.DemoVerifyToken, AccessToken: app.DemoAccessToken, CallbackURL: nowhere + "/webhooks/whatsapp",
		NumberID: app.DemoNumber,
	}
	c.Zendesk = sandbox.ZendeskConfig{
		ClientID: app.DemoClientID, ClientSecret: app.DemoClientSecret, WebhookSecret: app.DemoWebhookSecret, WebhookURL: nowhere + "/webhooks/zendesk",
		Seed: helpdesk.SeedMuted, Limits: helpdesk.Limits{UserWritesPerSecond: -1},
		App: helpdesk.App{ID: app.DemoAppID, InstallationID: app.DemoInstallation, Name: "Conversas WhatsApp", NavURL: nowhere + "/app/conversas"},
	}
	return c
}

// tell has the peers' webhooks go to an instance.
func (p *peers) tell(addr string) { p.hooks.Store(&addr) }

var errNobody = errors.New("bench: no instance takes webhooks yet")

// RoundTrip carries a webhook of the peers to the instance that gets them.
func (p *peers) RoundTrip(r *http.Request) (*http.Response, error) {
	addr := p.hooks.Load()
	if addr == nil {
		return nil, errNobody
	}
	out := r.Clone(r.Context())
	out.URL.Host, out.Host = *addr, ""
	return http.DefaultTransport.RoundTrip(out)
}

// ServeHTTP takes note of a message's arrival before the peer looks at it.
func (p *peers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost && strings.HasPrefix(r.URL.Path, "/sandbox/whatsapp/") && strings.HasSuffix(r.URL.Path, "/messages") {
		at := p.now()
		body, err := io.ReadAll(io.LimitReader(r.Body, maxSent))
		if err != nil {
			return // who sent it is gone
		}
		p.replies.arrive(string(body), "", at)
		r.Body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(bytes.NewReader(body), r.Body), r.Body}
	}
	p.box.Handler().ServeHTTP(w, r)
}

// startAttending starts `ponte serve` with workers, beside the peers.
func (p *peers) startAttending(ctx context.Context, f *freed, o Options, redisURL string) (server, error) {
	return startServer(ctx, f, command{name: "ponte", path: o.Executable, args: []string{"serve"}, env: []string{
		"PONTE_HTTP_ADDR=127.0.0.1:0", "PONTE_REDIS_URL=" + redisURL, "PONTE_REDIS_PREFIX=" + keyPrefix,
		"PONTE_WHATSAPP_API_URL=" + p.base + "/sandbox/whatsapp", "PONTE_WHATSAPP_APP_SECRET=" + appSecret,
		"PONTE_WHATSAPP_VERIFY_TOKEN=" + app.DemoVerifyToken, "PONTE_WHATSAPP_ACCESS_TOKEN=" + app.DemoAccessToken,
		"PONTE_ZENDESK_URL=" + p.base + "/sandbox/zendesk", "PONTE_ZENDESK_CLIENT_ID=" + app.DemoClientID,
		"PONTE_ZENDESK_CLIENT_SECRET=" + app.DemoClientSecret, "PONTE_ZENDESK_WEBHOOK_SECRET=" + app.DemoWebhookSecret,
		fmt.Sprintf("PONTE_ZENDESK_APP_ID=%d", app.DemoAppID),
	}})
}
