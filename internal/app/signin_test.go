package app_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/internal/app"
	"github.com/ponte-desk/ponte/internal/testredis"
	"github.com/ponte-desk/ponte/sandbox"
	"github.com/ponte-desk/ponte/sandbox/desk"
)

// hosted is Ponte with the app inside a simulated Zendesk, which signs the tokens.
type hosted struct {
	t     *testing.T
	box   *sandbox.Sandbox
	ponte *app.App
	rules settings.Operation
	logs  *bytes.Buffer
}

// deskAt is where everything is; nothing listens there.
const deskAt = "http://zendesk.test"

func openHosted(t *testing.T) *hosted {
	t.Helper()
	h := &hosted{t: t, rules: *app.DemoSettings(), logs: &bytes.Buffer{}}
	r := testredis.Mini(t)
	var err error
	h.box, err = sandbox.New(sandbox.Config{
		Now: time.Now, BaseURL: deskAt,
		WhatsApp: sandbox.WhatsAppConfig{AppSecret: app.DemoAppSecret, VerifyToken: app.DemoVerifyToken, AccessToken: app.DemoAccessToken, NumberID: app.DemoNumber},
		Zendesk: sandbox.ZendeskConfig{
			ClientID: app.DemoClientID, ClientSecret: app.DemoClientSecret, Seed: desk.SeedMuted,
			App: desk.App{ID: app.DemoAppID, InstallationID: app.DemoInstallation, SidebarURL: "http://ponte.test/app/sidebar", NavURL: "http://ponte.test/app/conversas"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.box.Close() })
	page := &fstest.MapFile{Data: []byte("<html><head><!--ponte:head--></head></html>")}
	c := app.DemoDefaults(app.Config{PublicURL: deskAt, RedisPrefix: r.Prefix, WhatsAppAPIURL: deskAt + "/sandbox/whatsapp", WhatsAppAPIVersion: "v26.0"})
	h.ponte, err = app.Build(t.Context(), c, app.Parts{
		Redis: r.Client, Transport: h.box.RoundTripper(), Logger: slog.New(slog.NewJSONHandler(h.logs, nil)), Fallback: &h.rules,
		Settings: h.rules.Of, Files: fstest.MapFS{"sidebar.html": page, "conversas.html": page, "janela.html": page}, RetryWait: time.Microsecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.ponte.Close(t.Context()) })
	return h
}

// do makes a request of a handler.
func (h *hosted) do(handler http.Handler, method, path, body string, header map[string]string) *httptest.ResponseRecorder {
	h.t.Helper()
	r := httptest.NewRequestWithContext(h.t.Context(), method, path, strings.NewReader(body))
	for name, value := range header {
		r.Header.Set(name, value)
	}
	rec := httptest.NewRecorder()
	handler.ServeHTTP(rec, r)
	return rec
}

// agent is a seeded agent's id.
func (h *hosted) agent(name string) string {
	h.t.Helper()
	var out struct {
		Agents []struct {
			ID   json.Number `json:"id"`
			Name string      `json:"name"`
		} `json:"agents"`
	}
	rec := h.do(h.box.Handler(), "GET", "/sandbox/helpdesk/api/agents", "", nil)
	if err := json.Unmarshal(rec.Body.Bytes(), &out); err != nil {
		h.t.Fatal(err)
	}
	for _, a := range out.Agents {
		if a.Name == name {
			return a.ID.String()
		}
	}
	h.t.Fatalf("no agent %s: %s", name, rec.Body)
	return ""
}

// signed has Zendesk sign a token for an agent at a place; it returns the page's address and the form that goes there.
func (h *hosted) signed(name, place string) (path, form string) {
	h.t.Helper()
	var out struct {
		URL   string `json:"url"`
		Token string `json:"token"`
	}
	rec := h.do(h.box.Handler(), "POST", "/sandbox/helpdesk/api/app/token", `{"location":"`+place+`"}`, map[string]string{"X-Desk-Agent": h.agent(name), "Content-Type": "application/json"})
	if err := json.Unmarshal(rec.Body.Bytes(), &out); err != nil || out.Token == "" {
		h.t.Fatalf("%v: %s", err, rec.Body)
	}
	u, err := url.Parse(out.URL)
	if err != nil {
		h.t.Fatal(err)
	}
	return u.RequestURI(), url.Values{"token": {out.Token}}.Encode()
}

// post opens a page as Zendesk does.
func (h *hosted) post(path, form string) *httptest.ResponseRecorder {
	h.t.Helper()
	return h.do(h.ponte.Handler(), "POST", path, form, map[string]string{"Content-Type": "application/x-www-form-urlencoded"})
}

// forge has Zendesk make bad tokens from now on; "" = good ones.
func (h *hosted) forge(how string) {
	h.t.Helper()
	if rec := h.do(h.box.Handler(), "POST", "/sandbox/control/zendesk", `{"app_token":"`+how+`"}`, nil); rec.Code != 200 {
		h.t.Fatalf("%d %s", rec.Code, rec.Body)
	}
}

// session is what a page's session opens.
func (h *hosted) session(page *httptest.ResponseRecorder) (token string, out map[string]any) {
	h.t.Helper()
	found := regexp.MustCompile(`name="ponte-session" content="([^"]+)"`).FindStringSubmatch(page.Body.String())
	if page.Code != 200 || found == nil {
		h.t.Fatalf("%d %s", page.Code, page.Body)
	}
	rec := h.api(found[1], "GET", "/session", "")
	if err := json.Unmarshal(rec.Body.Bytes(), &out); err != nil || rec.Code != 200 {
		h.t.Fatalf("%d %s", rec.Code, rec.Body)
	}
	return found[1], out
}

func (h *hosted) api(token, method, path, body string) *httptest.ResponseRecorder {
	h.t.Helper()
	return h.do(h.ponte.Handler(), method, "/api/v1"+path, body, map[string]string{"Authorization": "Bearer " + token, "Content-Type": "application/json"})
}

// Zendesk's token opens the page with a session of its own, which is as good as the agent is.
func TestSignInFromZendesk(t *testing.T) {
	t.Parallel()
	h := openHosted(t)
	for name, role := range map[string]string{"Ana Beatriz Souza": "agent", "Helena Prado": "admin"} {
		for _, place := range []string{"ticket_sidebar", "nav_bar"} {
			path, form := h.signed(name, place)
			page := h.post(path, form)
			token, got := h.session(page)
			agent, _ := got["agent"].(map[string]any)
			if agent["name"] != name || agent["role"] != role || got["everything"] != (role == "admin") || len(got["numbers"].([]any)) != 2 ||
				got["ticket_url"] != deskAt+"/sandbox/zendesk/agent/tickets/{id}" {
				t.Errorf("%s: %v", name, got)
			}
			if policy := page.Header().Get("Content-Security-Policy"); !strings.HasSuffix(policy, "frame-ancestors "+deskAt) {
				t.Errorf("policy %q", policy)
			}
			if rec := h.api(token, "DELETE", "/session", ""); rec.Code != 204 {
				t.Errorf("%d %s", rec.Code, rec.Body)
			}
			if rec := h.api(token, "GET", "/session", ""); rec.Code != 401 {
				t.Errorf("an ended session: %d", rec.Code)
			}
			if rec := h.post(path, form); rec.Code != 401 || !strings.Contains(rec.Body.String(), "já foi usado") {
				t.Errorf("the same token again: %d %s", rec.Code, rec.Body)
			}
		}
	}
	if strings.Contains(h.logs.String(), "eyJ") {
		t.Errorf("the log tells a token: %s", h.logs)
	}
}

func TestSignInForged(t *testing.T) {
	t.Parallel()
	h := openHosted(t)
	h.session(h.post(h.signed("Ana Beatriz Souza", "ticket_sidebar"))) // the one that is replayed
	for how, words := range map[string]string{
		"other_key": "não pôde ser confirmado", "expired": "expirou", "early": "não pôde ser confirmado", "other_account": "não pôde ser confirmado",
		"other_installation": "não pôde ser confirmado", "no_algorithm": "não pôde ser confirmado", "hmac": "não pôde ser confirmado",
	} {
		h.forge(how)
		rec := h.post(h.signed("Ana Beatriz Souza", "ticket_sidebar"))
		if rec.Code != 401 || !strings.Contains(rec.Body.String(), words) || strings.Contains(rec.Body.String(), "ponte-session") {
			t.Errorf("%s: %d %s", how, rec.Code, rec.Body)
		}
	}
	h.forge("")
	path, form := h.signed("Ana Beatriz Souza", "ticket_sidebar")
	if rec := h.post(strings.Replace(path, "sidebar", "conversas", 1), form); rec.Code != 401 {
		t.Errorf("the sidebar's token opens the console: %d", rec.Code)
	}
	if rec := h.post(path, "token="); rec.Code != 401 {
		t.Errorf("no token: %d", rec.Code)
	}
	h.session(h.post(path, form)) // none of this has used it up
	h.forge("replayed")
	if rec := h.post(h.signed("Ana Beatriz Souza", "ticket_sidebar")); rec.Code != 401 || !strings.Contains(rec.Body.String(), "já foi usado") {
		t.Errorf("replayed: %d %s", rec.Code, rec.Body)
	}
}

func TestSignInWithoutPermission(t *testing.T) {
	t.Parallel()
	h := openHosted(t)
	if rec := h.post(h.signed("Ivo Menezes", "nav_bar")); rec.Code != 403 || !strings.Contains(rec.Body.String(), "agentes light") {
		t.Errorf("a light agent: %d %s", rec.Code, rec.Body)
	}
	token, _ := h.session(h.post(h.signed("Ana Beatriz Souza", "nav_bar")))
	h.rules.Account.Access.Agents = []string{"Financeiro"}
	if rec := h.post(h.signed("Ana Beatriz Souza", "nav_bar")); rec.Code != 403 || !strings.Contains(rec.Body.String(), "nenhum grupo") {
		t.Errorf("without the group: %d %s", rec.Code, rec.Body)
	}
	if rec := h.api(token, "GET", "/queues", ""); rec.Code != 401 {
		t.Errorf("a session from before: %d", rec.Code)
	}
	if rec := h.api(token, "POST", "/session/renew", "{}"); rec.Code != 401 {
		t.Errorf("its renewal: %d %s", rec.Code, rec.Body)
	}
	admin, _ := h.session(h.post(h.signed("Helena Prado", "nav_bar")))
	if rec := h.api(admin, "DELETE", "/agents/"+h.agent("Helena Prado")+"/sessions", ""); rec.Code != 200 || strings.TrimSpace(rec.Body.String()) != `{"ended":1}` {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
	if rec := h.api(admin, "GET", "/session", ""); rec.Code != 401 {
		t.Errorf("an ended session: %d", rec.Code)
	}
}

// The window of an agent's own has a session of its own, renewed by itself.
func TestWindowOfOnesOwn(t *testing.T) {
	t.Parallel()
	h := openHosted(t)
	token, _ := h.session(h.post(h.signed("Ana Beatriz Souza", "ticket_sidebar")))
	var code, session struct {
		Code  string `json:"code"`
		Token string `json:"token"`
	}
	if rec := h.api(token, "POST", "/session/window", ""); json.Unmarshal(rec.Body.Bytes(), &code) != nil || code.Code == "" {
		t.Fatalf("%d %s", rec.Code, rec.Body)
	}
	body := `{"code":"` + code.Code + `"}`
	redeem := func() *httptest.ResponseRecorder {
		return h.do(h.ponte.Handler(), "POST", "/api/v1/session/redeem", body, map[string]string{"Content-Type": "application/json"})
	}
	rec := redeem()
	if json.Unmarshal(rec.Body.Bytes(), &session) != nil || rec.Code != 200 || session.Token == "" {
		t.Fatalf("%d %s", rec.Code, rec.Body)
	}
	if rec := redeem(); rec.Code != 401 {
		t.Errorf("the same code again: %d", rec.Code)
	}
	was := session.Token
	if rec := h.api(was, "POST", "/session/renew", "{}"); json.Unmarshal(rec.Body.Bytes(), &session) != nil || rec.Code != 200 || session.Token == was {
		t.Fatalf("%d %s", rec.Code, rec.Body)
	}
	for _, one := range []string{token, was, session.Token} {
		if rec := h.api(one, "GET", "/session", ""); rec.Code != 200 {
			t.Errorf("%d %s", rec.Code, rec.Body)
		}
	}
}
