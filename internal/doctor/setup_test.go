package doctor_test

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/doctor"
	"github.com/ponte-desk/ponte/internal/testredis"
	"github.com/ponte-desk/ponte/sandbox"
	"github.com/ponte-desk/ponte/sandbox/desk"
	"github.com/ponte-desk/ponte/sandbox/graph"
	"github.com/ponte-desk/ponte/whatsapp"
	"github.com/ponte-desk/ponte/zendesk"
)

// Addresses of the simulated peers and of Ponte.
const (
	peers   = "https://peers.example"
	public  = "https://ponte.example"
	waba    = "102290129340398"
	first   = "106540352242922"
	hosted  = "118273645509182" // 360dialog carries it
	appName = "retomar_conversa"
	appID   = 501
)

// The secrets, none of which may show.
const (
	clientSecret  = "client-secret-7f"
	webhookSecret = "webhook-secret-7f"
	accessToken   = "access-token-7f"
	dialogKey     = "dialog-key-7f"
)

// clinic is an installation that is in order, for tests to break.
type clinic struct {
	*zendesk.Client

	t   *testing.T
	box *sandbox.Sandbox
	c   doctor.Config
	set settings.Operation

	mu     sync.Mutex
	writes []string
	// answer may stand in for a peer; nil leaves it to the sandbox.
	answer func(r *http.Request) *http.Response
	broken string // host and path prefix that can't be reached
	skew   time.Duration
}

// open makes an installation in order.
func open(t *testing.T) *clinic {
	t.Helper()
	r := testredis.Mini(t)
	c := &clinic{t: t}
	var err error
	c.box, err = sandbox.New(sandbox.Config{
		Now: time.Now, BaseURL: peers,
		WhatsApp: sandbox.WhatsAppConfig{
			AppSecret: "s", VerifyToken: "v", AccessToken: accessToken, CallbackURL: public + "/webhooks/whatsapp",
			Dialog360: graph.Dialog360{Key: dialogKey},
		},
		Zendesk: sandbox.ZendeskConfig{
			ClientID: "ponte", ClientSecret: clientSecret, WebhookURL: public + "/webhooks/zendesk", WebhookSecret: webhookSecret,
			Seed: desk.SeedMuted, Limits: desk.Limits{RequestsPerMinute: -1},
			App: desk.App{ID: appID, InstallationID: 9, SidebarURL: public + "/app/sidebar"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.box.Close() })
	c.Client, err = zendesk.New(zendesk.Config{
		BaseURL: peers + "/sandbox/zendesk", StaticToken: desk.DemoToken, Now: time.Now, Transport: c.box.RoundTripper(), BreakAfter: -1,
	})
	if err != nil {
		t.Fatal(err)
	}
	c.c = doctor.Config{
		PublicURL: public, RedisURL: r.URL, RedisPrefix: r.Prefix,
		ZendeskURL: peers + "/sandbox/zendesk", ZendeskClientID: "ponte", ZendeskClientSecret: clientSecret, ZendeskWebhookSecret: webhookSecret,
		ZendeskAppID: appID, WhatsAppAPIURL: peers + "/sandbox/whatsapp", WhatsAppAPIVersion: "v26.0", WhatsAppAccessToken: accessToken, Accounts: []string{waba},
		Dialog360URL: peers + "/sandbox/whatsapp/360", Now: time.Now, Transport: c,
	}
	c.set = settings.DefaultOperation()
	c.set.Default.Window.Invite = &settings.Invite{Template: appName, Language: "pt_BR", Values: []string{"{{contato.nome}}"}, Preview: "Olá, {{1}}!"}
	other := c.set.Default
	other.Provider, other.Window.Invite = settings.Provider360Dialog, nil
	c.set.Numbers = map[string]settings.Number{hosted: other}
	c.c.Dialog360Keys = map[string]whatsapp.Secret{hosted: dialogKey}
	kept := store.NewSettings(r.Client, r.Prefix, time.Now)
	c.save(kept)
	return c
}

// save stores the clinic's settings.
func (c *clinic) save(kept *store.Settings) {
	c.t.Helper()
	_, version, err := kept.Load(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	if _, err := kept.Save(c.t.Context(), c.set, "ana", version); err != nil {
		c.t.Fatal(err)
	}
}

// change stores changed settings.
func (c *clinic) change(f func(*settings.Operation)) {
	c.t.Helper()
	f(&c.set)
	client, err := store.Open(c.c.RedisURL)
	if err != nil {
		c.t.Fatal(err)
	}
	defer client.Close()
	c.save(store.NewSettings(client, c.c.RedisPrefix, time.Now))
}

// RoundTrip implements http.RoundTripper.
func (c *clinic) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method != http.MethodGet {
		c.mu.Lock()
		c.writes = append(c.writes, r.Method+" "+r.URL.Path)
		c.mu.Unlock()
	}
	if c.broken != "" && strings.Contains(r.URL.Path, c.broken) {
		if r.Body != nil {
			r.Body.Close()
		}
		return nil, io.ErrUnexpectedEOF
	}
	var resp *http.Response
	if c.answer != nil {
		resp = c.answer(r)
	}
	if resp == nil {
		var err error
		if resp, err = c.box.RoundTripper().RoundTrip(r); err != nil {
			return nil, err
		}
	}
	resp.Header.Set("Date", time.Now().Add(c.skew).UTC().Format(http.TimeFormat))
	return resp, nil
}

// reply is an answer of a peer.
func reply(r *http.Request, status int, body string) *http.Response {
	if r.Body != nil {
		r.Body.Close()
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}
}

// look has the doctor look, and holds what is true of every look: nothing is changed, no secret shows, and everything that is wrong
// has a way to mend it.
func (c *clinic) look() []doctor.Finding {
	c.t.Helper()
	all := doctor.Run(c.t.Context(), c.c)
	for _, f := range all {
		for _, secret := range []string{clientSecret, webhookSecret, accessToken, dialogKey} {
			if strings.Contains(f.What+f.Mend, secret) {
				c.t.Errorf("a secret shows: %+v", f)
			}
		}
		if f.What == "" || f.Check == "" || (f.Mend == "") != (f.Severity == doctor.OK) {
			c.t.Errorf("half a finding: %+v", f)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, w := range c.writes {
		if w != "POST /sandbox/zendesk/oauth/tokens" && w != "PUT /sandbox/zendesk/api/v2/tickets/0" {
			c.t.Errorf("it wrote %s", w)
		}
	}
	return all
}

// checks are those with a severity, each once, in order.
func checks(all []doctor.Finding, s doctor.Severity) []string {
	out := []string{}
	for _, f := range all {
		if name := string(f.Area) + "." + f.Check; f.Severity == s && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// finds wants exactly these checks to be wrong.
func (c *clinic) finds(want ...string) []doctor.Finding {
	c.t.Helper()
	all := c.look()
	if diff := cmp.Diff(append([]string{}, want...), checks(all, doctor.Error)); diff != "" {
		c.t.Errorf("errors (-want +got):\n%s\n%+v", diff, all)
	}
	return all
}

// says wants a finding of a check to hold words.
func says(t *testing.T, all []doctor.Finding, check, words string) {
	t.Helper()
	for _, f := range all {
		if f.Check == check && strings.Contains(f.What+" → "+f.Mend, words) {
			return
		}
	}
	t.Errorf("nothing about %s says %q: %+v", check, words, all)
}

// configurable is a Redis whose configuration can be changed.
type configurable interface {
	ConfigSet(ctx context.Context, parameter, value string) *redis.StatusCmd
}
