package desk

import (
	"log/slog"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/ponte-desk/ponte/sandbox/rig"
)

// DemoToken is the bearer token that is always good; it acts as the integration user.
const DemoToken = "demo"

// Config is what a Server needs. Clock, Store and Queue are required; the rest has the defaults named here.
type Config struct {
	Clock  *rig.Clock
	Store  *rig.Store
	Queue  *rig.Queue
	Logger *slog.Logger // default: discards
	// Dir is where the content of attachments lies; "" is a temporary folder that Close removes.
	Dir string
	// BaseURL is where the account is reached from outside, without a trailing slash: the part before /api/v2. It is
	// used for urls in answers only.
	BaseURL string
	// ClientID and ClientSecret are the one OAuth client's; empty ones refuse every token request.
	ClientID, ClientSecret string
	// WebhookURL and WebhookSecret are the seeded webhook's; without a URL none is seeded.
	WebhookURL, WebhookSecret string
	// App is the app installed at the account; the zero one is none.
	App App
	// Keys keeps the app's key, so that it can outlive what empties Store; default Store.
	Keys *rig.Store
	// Seed is what a store without an account is filled with: SeedFull, SeedMuted or SeedEmpty.
	Seed string

	Transport http.RoundTripper // of webhook deliveries; default http.DefaultTransport
	Rand      func() float64    // in [0,1); default math/rand/v2
	Limits    Limits

	TokenLife        time.Duration // of access tokens; default 30 min
	RefreshLife      time.Duration // of refresh tokens; default 30 days
	SearchLag        time.Duration // default 30 s, negative none
	CloseSolvedAfter time.Duration // default 96 h, negative never
	WebhookTimeout   time.Duration // of the real clock; default 10 s
	WebhookRetry     time.Duration // pause before the first retry, doubled each time; default 1 s
	MaxFileSize      int           // bytes; default 50 MB
}

// Limits are the account's rate limits (https://developer.zendesk.com/api-reference/introduction/rate-limits), by default
// those of Suite Professional. A negative value is no limit, 0 the default.
type Limits struct {
	RequestsPerMinute      int // 400
	TicketUpdatesPerMinute int // 100 per account, the helpdesk page's included
	UpdatesPerTicket       int // 30 in 10 minutes per user and ticket
	UserWritesPerSecond    int // 1 per account
	UserWritesPerUser      int // 5 per minute and user
	OrganizationUpdates    int // 5 per minute and organisation
	IncrementalPerMinute   int // 10
	SearchExportsPerMinute int // 100
	ViewExecutions         int // 5 per minute, view and agent
	DeepListsPerMinute     int // 50 beyond page 500
	Jobs                   int // 30 queued or running
	Comments               int // 5,000 per ticket
}

func (c Config) withDefaults() Config {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Transport == nil {
		c.Transport = http.DefaultTransport
	}
	if c.Rand == nil {
		c.Rand = rand.Float64
	}
	orDefault(&c.Keys, c.Store)
	orDefault(&c.App.Name, "Conversas")
	orDefault(&c.TokenLife, 30*time.Minute)
	orDefault(&c.RefreshLife, 30*24*time.Hour)
	orDefault(&c.SearchLag, 30*time.Second)
	orDefault(&c.CloseSolvedAfter, 96*time.Hour)
	orDefault(&c.WebhookTimeout, 10*time.Second)
	orDefault(&c.WebhookRetry, time.Second)
	orDefault(&c.MaxFileSize, 50_000_000)
	c.Limits = c.Limits.withDefaults()
	return c
}

func (l Limits) withDefaults() Limits {
	orDefault(&l.RequestsPerMinute, 400)
	orDefault(&l.TicketUpdatesPerMinute, 100)
	orDefault(&l.UpdatesPerTicket, 30)
	orDefault(&l.UserWritesPerSecond, 1)
	orDefault(&l.UserWritesPerUser, 5)
	orDefault(&l.OrganizationUpdates, 5)
	orDefault(&l.IncrementalPerMinute, 10)
	orDefault(&l.SearchExportsPerMinute, 100)
	orDefault(&l.ViewExecutions, 5)
	orDefault(&l.DeepListsPerMinute, 50)
	orDefault(&l.Jobs, 30)
	orDefault(&l.Comments, 5000)
	return l
}

func orDefault[T comparable](v *T, def T) {
	var zero T
	if *v == zero {
		*v = def
	}
}
