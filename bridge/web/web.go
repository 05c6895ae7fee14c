// Package web is Ponte's HTTP surface: the webhooks of both peers, health, readiness and metrics.
package web

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Webhooks takes webhooks in. An error that tells an HTTP status (`HTTPStatus() int`) refuses the webhook for good; any
// other error means that it was not stored and should be delivered again.
type Webhooks interface {
	Handshake(q url.Values) (challenge string, ok bool)
	WhatsApp(ctx context.Context, h http.Header, body []byte) error
	Dialog360(ctx context.Context, h http.Header, body []byte) error
	Zendesk(ctx context.Context, h http.Header, body []byte) error
}

// Waiting is what the mailboxes hold at the moment.
type Waiting struct {
	Due     int       `json:"due"`
	Running int       `json:"running"`
	Halted  int       `json:"halted"`
	Dead    int       `json:"dead"`
	Oldest  time.Time `json:"oldest,omitzero"` // since when the longest waiting mailbox is due
	// What waits in threads, by what it waits for: the number of threads and since when the first.
	Threads map[string]Queue `json:"threads,omitempty"`
	// Peers is what holds calls to the peers back at the moment.
	Peers map[string]Peer `json:"peers,omitempty"`
}

// Queue is what waits for one thing.
type Queue struct {
	Count int       `json:"count"`
	Since time.Time `json:"since,omitzero"`
}

// Peer is what holds calls to a peer back.
type Peer struct {
	Breaker string    `json:"breaker,omitempty"` // closed, half-open, open
	Since   time.Time `json:"since,omitzero"`    // of that state
	Paused  time.Time `json:"paused,omitzero"`   // until when the peer wants no requests
	// UpdatesPaused is until when it wants no updates of tickets.
	UpdatesPaused time.Time `json:"updates_paused,omitzero"`
}

// Config is what the server works with; all fields are required.
type Config struct {
	Webhooks Webhooks
	Waiting  func(ctx context.Context) (Waiting, error) // fails when Redis can't be reached
	Gatherer prometheus.Gatherer
	Registry prometheus.Registerer
	Logger   *slog.Logger
	API      API
	App      App
}

// MaxBody is the largest webhook taken in, in bytes: WhatsApp sends up to 3 MB.
const MaxBody = 4 << 20

// ready is how long the readiness check waits for Redis.
const ready = 2 * time.Second

type server struct {
	Config
	refused *prometheus.CounterVec
}

// New builds the handler.
func New(c Config) *echo.Echo {
	s := &server{Config: c, refused: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "ponte_requests_refused_total", Help: "Webhook requests refused before they were looked at, by peer and reason.",
	}, []string{"peer", "reason"})}
	c.Registry.MustRegister(s.refused)

	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = s.fail
	e.Pre(sniffless)
	e.GET("/webhooks/whatsapp", s.handshake)
	e.POST("/webhooks/whatsapp", s.webhook("whatsapp", c.Webhooks.WhatsApp, http.StatusServiceUnavailable))
	// 409 is the answer after which Zendesk delivers again.
	e.POST("/webhooks/zendesk", s.webhook("zendesk", c.Webhooks.Zendesk, http.StatusConflict))
	e.POST("/webhooks/360dialog", s.webhook("360dialog", c.Webhooks.Dialog360, http.StatusServiceUnavailable))
	in := newEntries(c.Registry)
	(&api{API: c.API, logger: c.Logger, entries: in}).mount(e)
	newPages(c.App, c.API.Entrance, in, c.Logger).mount(e)
	e.GET("/healthz", func(c echo.Context) error { return c.String(http.StatusOK, "ok\n") })
	e.GET("/readyz", s.readyz)
	e.GET("/metrics", echo.WrapHandler(promhttp.HandlerFor(c.Gatherer, promhttp.HandlerOpts{})))
	return e
}

// sniffless keeps browsers from taking an answer for something else than it says to be.
func sniffless(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set("X-Content-Type-Options", "nosniff")
		return next(c)
	}
}

// handshake answers WhatsApp's subscription request.
func (s *server) handshake(c echo.Context) error {
	challenge, ok := s.Webhooks.Handshake(c.QueryParams())
	if !ok {
		s.refused.WithLabelValues("whatsapp", "handshake").Inc()
		return c.String(http.StatusForbidden, "forbidden\n")
	}
	return c.Blob(http.StatusOK, echo.MIMETextPlainCharsetUTF8, []byte(challenge))
}

// webhook reads the body whole, hands it over and answers 200 only when it is stored. again is the status that makes the
// peer deliver once more.
func (s *server) webhook(peer string, accept func(context.Context, http.Header, []byte) error, again int) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		body, err := readBody(c)
		if err != nil {
			status, reason := http.StatusBadRequest, "unreadable body"
			if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
				status, reason = http.StatusRequestEntityTooLarge, "body too large"
			}
			s.refused.WithLabelValues(peer, reason).Inc()
			return c.String(status, reason+"\n")
		}
		err = accept(r.Context(), r.Header, body)
		if refusal := (interface{ HTTPStatus() int })(nil); errors.As(err, &refusal) {
			return c.String(refusal.HTTPStatus(), "refused\n")
		}
		if err != nil {
			s.Logger.WarnContext(r.Context(), "webhook not stored", "peer", peer, "error", err)
			return c.String(again, "not stored\n")
		}
		return c.NoContent(http.StatusOK)
	}
}

// readBody reads at most MaxBody bytes, into a buffer of the announced size.
func readBody(c echo.Context) ([]byte, error) {
	r := c.Request()
	limited := http.MaxBytesReader(c.Response(), r.Body, MaxBody)
	if r.ContentLength > 0 && r.ContentLength <= MaxBody {
		body := make([]byte, r.ContentLength)
		_, err := io.ReadFull(limited, body)
		return body, err
	}
	if r.ContentLength > MaxBody {
		return nil, &http.MaxBytesError{Limit: MaxBody}
	}
	return io.ReadAll(limited)
}

// readyz tells whether Ponte can take webhooks in, and what waits.
func (s *server) readyz(c echo.Context) error {
	ctx, cancel := context.WithTimeout(c.Request().Context(), ready)
	defer cancel()
	w, err := s.Waiting(ctx)
	if err != nil {
		return c.JSON(http.StatusServiceUnavailable, map[string]string{"status": "redis unreachable"})
	}
	return c.JSON(http.StatusOK, struct {
		Status  string  `json:"status"`
		Waiting Waiting `json:"waiting"`
	}{"ready", w})
}

// fail answers what no handler answered; it tells nothing of the cause.
func (s *server) fail(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	status := http.StatusInternalServerError
	if he := (*echo.HTTPError)(nil); errors.As(err, &he) {
		status = he.Code
	} else {
		s.Logger.ErrorContext(c.Request().Context(), "request failed", "error", err)
	}
	if err := explain(c, status); err != nil {
		s.Logger.DebugContext(c.Request().Context(), "answer not written", "error", err)
	}
}

// explain answers a status in words: to the API's callers in the form of its problems.
func explain(c echo.Context, status int) error {
	if !strings.HasPrefix(c.Request().URL.Path, apiPrefix+"/") {
		return c.String(status, http.StatusText(status)+"\n")
	}
	if status == http.StatusNotFound { // of a method, too: every path below the prefix is caught before
		return problem(c, status, "not_found", "Este endereço não existe ou não aceita este método.")
	}
	return problem(c, status, "internal", "O pedido não pôde ser atendido.")
}
