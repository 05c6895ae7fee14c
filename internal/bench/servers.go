package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"runtime/pprof"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/ponte-desk/ponte/bridge/web"
	"github.com/ponte-desk/ponte/internal/app"
	"github.com/ponte-desk/ponte/whatsapp"
)

// appSecret signs the webhooks that are sent.
const appSecret = "bench-app-secret" // #nosec G101 -- guards nothing but a process on this machine

// listening is the line in which a server tells its address.
var listening = regexp.MustCompile(`"msg":"listening","addr":"([^"]+)"`)

// server is a started server and where it listens.
type server struct {
	*process
	addr string
}

func startServer(ctx context.Context, f *freed, c command) (server, error) {
	p, err := start(ctx, c)
	if err != nil {
		return server{}, err
	}
	f.add(p.stop)
	addr, err := p.address(ctx, listening)
	return server{p, addr}, err
}

// startPonte starts `ponte serve` without workers, or where a profile is asked for the same under the profiler.
func startPonte(ctx context.Context, f *freed, o Options, redisURL, profile string) (server, error) {
	args := []string{"serve"}
	if profile != "" {
		args = []string{"bench", "-serve", "-cpuprofile", profile}
	}
	return startServer(ctx, f, command{name: "ponte", path: o.Executable, args: args, env: []string{
		"PONTE_HTTP_ADDR=127.0.0.1:0", "PONTE_REDIS_URL=" + redisURL, "PONTE_REDIS_PREFIX=" + keyPrefix, "PONTE_SESSIONS=0",
		"PONTE_WHATSAPP_APP_SECRET=" + appSecret, "PONTE_WHATSAPP_VERIFY_TOKEN=bench", "PONTE_WHATSAPP_ACCESS_TOKEN=bench",
		"PONTE_ZENDESK_URL=http://ponte.invalid", "PONTE_ZENDESK_CLIENT_ID=bench", "PONTE_ZENDESK_CLIENT_SECRET=bench",
		"PONTE_ZENDESK_WEBHOOK_SECRET=bench",
	}})
}

// startComparator starts the server that only checks signatures.
func startComparator(ctx context.Context, f *freed, o Options) (server, error) {
	return startServer(ctx, f, command{
		name: "comparator", path: o.Executable, args: []string{"bench", "-comparator", "-addr", "127.0.0.1:0"},
		env: []string{"PONTE_WHATSAPP_APP_SECRET=" + appSecret},
	})
}

// Comparator serves Ponte's routes with webhooks that are checked and forgotten, on addr until ctx ends.
func Comparator(ctx context.Context, addr, secret string, logger *slog.Logger) error {
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("-addr: %w", err)
	}
	registry := prometheus.NewRegistry()
	handler := web.New(web.Config{ //nolint:contextcheck // requests bring contexts of their own
		Webhooks: signatureOnly{[]string{secret}}, Gatherer: registry, Registry: registry, Logger: logger,
		Waiting: func(context.Context) (web.Waiting, error) { return web.Waiting{}, nil },
	})
	srv := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second}
	defer context.AfterFunc(ctx, func() { srv.Close() })()
	logger.InfoContext(ctx, "listening", "addr", ln.Addr().String())
	if err := srv.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// signatureOnly does the least that a webhook needs.
type signatureOnly struct{ secrets []string }

var errSignature = errors.New("bench: signature")

// Handshake refuses all.
func (signatureOnly) Handshake(url.Values) (string, bool) { return "", false }

// WhatsApp checks a signature.
func (s signatureOnly) WhatsApp(_ context.Context, h http.Header, body []byte) error {
	if !whatsapp.Verify(s.secrets, h.Get(whatsapp.SignatureHeader), body) {
		return errSignature
	}
	return nil
}

// Dialog360 refuses all.
func (signatureOnly) Dialog360(context.Context, http.Header, []byte) error { return errSignature }

// Zendesk refuses all.
func (signatureOnly) Zendesk(context.Context, http.Header, []byte) error { return errSignature }

// Profiled is the service, with its use of the CPU written to a file when ctx ends.
func Profiled(ctx context.Context, c app.Config, file string, logger *slog.Logger) (err error) {
	a, err := app.Build(ctx, c, app.Parts{Logger: logger})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close(context.WithoutCancel(ctx))) }()
	out, err := os.Create(file) // #nosec G304 G703 -- the operator names the file
	if err != nil {
		return fmt.Errorf("-cpuprofile: %w", err)
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", c.HTTPAddr)
	if err != nil {
		return fmt.Errorf("PONTE_HTTP_ADDR: %w", err)
	}
	return profile(out, func() error {
		logger.InfoContext(ctx, "listening", "addr", ln.Addr().String())
		return a.Serve(ctx, ln, a.Handler())
	})
}

func profile(out io.Writer, run func() error) error {
	if err := pprof.StartCPUProfile(out); err != nil {
		return fmt.Errorf("-cpuprofile: %w", err)
	}
	defer pprof.StopCPUProfile()
	return run()
}
