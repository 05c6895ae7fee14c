// Package doctor looks an installation over: its environment, Redis, the Zendesk account and WhatsApp. It changes nothing. Every
// finding says what is wrong and how to mend it; none shows a secret.
package doctor

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/whatsapp"
	"github.com/ponte-desk/ponte/zendesk"
)

// Severity says how bad a finding is.
type Severity string

// The severities.
const (
	OK      Severity = "ok"
	Warning Severity = "warning" // it works, but not as it should, or could not be checked
	Error   Severity = "error"   // it does not work
)

// Area is what a finding is about.
type Area string

// The areas, in the order of the findings.
const (
	AreaEnvironment Area = "environment"
	AreaRedis       Area = "redis"
	AreaZendesk     Area = "zendesk"
	AreaWhatsApp    Area = "whatsapp"
)

// Finding is one thing that was looked at.
type Finding struct {
	Area Area `json:"area"`
	// Check names what was looked at, always by the same word, for example "webhook".
	Check    string   `json:"check"`
	Severity Severity `json:"severity"`
	// What was found, in one sentence.
	What string `json:"what"`
	// Mend says how to put it right; empty when it is.
	Mend string `json:"mend,omitempty"`
}

// Config is the installation. Now is required.
type Config struct {
	// Mistakes are those of the environment's form, a line each; nil when there are none.
	Mistakes error

	PublicURL             string
	RedisURL, RedisPrefix string

	ZendeskURL, ZendeskClientID               string
	ZendeskClientSecret, ZendeskWebhookSecret zendesk.Secret
	// ZendeskAppID is the number of the app inside Zendesk; 0 = there is none.
	ZendeskAppID int64

	WhatsAppAPIURL, WhatsAppAPIVersion string
	WhatsAppAccessToken                whatsapp.Secret
	// Accounts are ids of WhatsApp Business accounts.
	Accounts     []string
	Dialog360URL string
	// Dialog360Keys are 360dialog's API keys by phone_number_id.
	Dialog360Keys map[string]whatsapp.Secret
	// Numbers are phone_number_ids to look at besides those of the settings and accounts.
	Numbers []string

	// Transport carries the calls of Zendesk and WhatsApp; nil is the network.
	Transport http.RoundTripper
	Now       func() time.Time
	// Timeout bounds each area; 0 is 30 seconds.
	Timeout time.Duration
}

// defaultTimeout bounds what is looked at in one area.
const defaultTimeout = 30 * time.Second

// Run looks everything over. Redis comes first, because the settings lie there; Zendesk and WhatsApp are looked at at the same time.
// What fails in one area hides nothing of another.
func Run(ctx context.Context, c Config) []Finding {
	if c.Timeout <= 0 {
		c.Timeout = defaultTimeout
	}
	if c.Transport == nil {
		c.Transport = http.DefaultTransport
	}
	env, store, desk, phone := sheet{area: AreaEnvironment}, sheet{area: AreaRedis}, sheet{area: AreaZendesk}, sheet{area: AreaWhatsApp}
	c.environment(&env)
	set := within(ctx, c.Timeout, func(ctx context.Context) settings.Operation { return c.redis(ctx, &store) })
	var busy sync.WaitGroup
	busy.Go(func() {
		within(ctx, c.Timeout, func(ctx context.Context) bool { c.zendesk(ctx, &desk, set); return true })
	})
	busy.Go(func() {
		within(ctx, c.Timeout, func(ctx context.Context) bool { c.whatsapp(ctx, &phone, set); return true })
	})
	busy.Wait()
	var all []Finding
	for _, s := range []sheet{env, store, desk, phone} {
		all = append(all, s.findings...)
	}
	return all
}

// within runs f with a deadline.
func within[T any](ctx context.Context, most time.Duration, f func(context.Context) T) T {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	return f(ctx)
}

// Count counts the findings of a severity.
func Count(all []Finding, s Severity) int {
	n := 0
	for _, f := range all {
		if f.Severity == s {
			n++
		}
	}
	return n
}

// sheet collects an area's findings.
type sheet struct {
	area     Area
	findings []Finding
}

func (s *sheet) add(check string, severity Severity, what, mend string) {
	s.findings = append(s.findings, Finding{Area: s.area, Check: check, Severity: severity, What: what, Mend: mend})
}

func (s *sheet) ok(check, what string)          { s.add(check, OK, what, "") }
func (s *sheet) warn(check, what, mend string)  { s.add(check, Warning, what, mend) }
func (s *sheet) wrong(check, what, mend string) { s.add(check, Error, what, mend) }

// sound reports whether nothing is wrong so far about a check.
func (s *sheet) sound(check string) bool {
	for _, f := range s.findings {
		if f.Check == check && f.Severity != OK {
			return false
		}
	}
	return true
}
