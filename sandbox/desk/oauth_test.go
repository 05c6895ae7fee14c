package desk_test

import (
	"maps"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/sandbox/desk"
)

func grant(more object) object {
	out := object{"grant_type": "client_credentials", "client_id": clientID, "client_secret": clientSecret, "scope": "read write"}
	maps.Copy(out, more)
	return out
}

func TestTokens(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		body   any
		status int
		code   string
	}{
		"client credentials":    {grant(nil), 201, ""},
		"as long as allowed":    {grant(object{"expires_in": 172800}), 201, ""},
		"longer than allowed":   {grant(object{"expires_in": 172801}), 400, "invalid_request"},
		"shorter than allowed":  {grant(object{"expires_in": 299}), 400, "invalid_request"},
		"refresh too long":      {grant(object{"refresh_token_expires_in": 7776001}), 400, "invalid_request"},
		"wrong secret":          {grant(object{"client_secret": "x"}), 401, "invalid_client"},
		"wrong client":          {grant(object{"client_id": "x"}), 401, "invalid_client"},
		"unknown kind of grant": {grant(object{"grant_type": "password"}), 400, "unsupported_grant_type"},
		"unknown refresh token": {grant(object{"grant_type": "refresh_token", "refresh_token": "x"}), 400, "invalid_grant"},
		"no refresh token":      {grant(object{"grant_type": "refresh_token"}), 400, "invalid_grant"},
		"not JSON":              {"{", 400, "InvalidJSON"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			r := b.call("POST", "/oauth/tokens", tt.body, "Authorization", "").want(tt.status)
			if r.text("error") != tt.code {
				t.Errorf("error %q, want %q", r.text("error"), tt.code)
			}
		})
	}
}

func TestTokenAnswerAndExpiry(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.call("POST", "/oauth/tokens", grant(nil)).want(201)
	r.is("bearer", "token_type").is(1800, "expires_in").is(30*24*3600, "refresh_token_expires_in").is("read write", "scope")
	auth := "Bearer " + r.text("access_token")
	b.call("GET", "/api/v2/users/me.json", nil, "Authorization", auth).want(200).is("Ponte (integração)", "user", "name")

	b.pass(30*time.Minute - time.Second)
	b.call("GET", "/api/v2/users/me", nil, "Authorization", auth).want(200)
	b.pass(time.Second)
	b.call("GET", "/api/v2/users/me", nil, "Authorization", auth).want(401).is("invalid_token", "error")
	b.call("GET", "/api/v2/users/me", nil, "Authorization", "Bearer "+desk.DemoToken).want(200)
}

func TestTokenLifeOfConfig(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *desk.Config) { c.TokenLife = 10 * time.Minute })
	b.call("POST", "/oauth/tokens", grant(nil)).want(201).is(600, "expires_in")
}

func TestRefreshKillsTheOldPair(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := b.call("POST", "/oauth/tokens", grant(object{"scope": "read"})).want(201)
	b.pass(time.Hour) // the access token is dead, the refresh token is not
	again := grant(object{"grant_type": "refresh_token", "refresh_token": first.text("refresh_token")})
	second := b.call("POST", "/oauth/tokens", again).want(201).is("read", "scope")

	b.call("GET", "/api/v2/users/me", nil, "Authorization", "Bearer "+first.text("access_token")).want(401)
	b.call("GET", "/api/v2/users/me", nil, "Authorization", "Bearer "+second.text("access_token")).want(200)
	b.call("POST", "/oauth/tokens", again).want(400).is("invalid_grant", "error")

	b.pass(31 * 24 * time.Hour)
	late := grant(object{"grant_type": "refresh_token", "refresh_token": second.text("refresh_token")})
	b.call("POST", "/oauth/tokens", late).want(400).is("invalid_grant", "error")
}

func TestTokenAsForm(t *testing.T) {
	t.Parallel()
	b := setup(t)
	form := "grant_type=client_credentials&expires_in=600&client_id=" + clientID + "&client_secret=" + clientSecret
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/oauth/tokens", strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	b.serve(b.desk.API(), r).want(201).is(600, "expires_in")
}

func TestScopes(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		scope       string
		read, write int
	}{
		"both":          {"read write", 200, 200},
		"read only":     {"read", 200, 403},
		"write only":    {"write", 403, 200},
		"tickets only":  {"tickets:read tickets:write", 200, 200},
		"other things":  {"users:read users:write", 403, 403},
		"read resource": {"tickets:read", 200, 403},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			id := b.ticket(nil)
			auth := "Bearer " + b.call("POST", "/oauth/tokens", grant(object{"scope": tt.scope})).want(201).text("access_token")
			b.call("GET", ticketPath(id), nil, "Authorization", auth).want(tt.read)
			b.call("PUT", ticketPath(id), object{"ticket": object{"subject": "x"}}, "Authorization", auth).want(tt.write)
		})
	}
}

func TestWhoIsLetIn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, auth := range []string{"", "Bearer", "Bearer x", "Basic ZGVtbw==", "demo"} {
		b.call("GET", "/api/v2/tickets", nil, "Authorization", auth).want(401)
	}
	b.call("GET", "/api/v2/tickets", nil, "Authorization", "bearer demo").want(200)
	b.get("/api/v2/oauth/tokens/current").want(200).is([]string{"read", "write"}, "token", "scopes")
}

func TestUnknownPathsAndMethods(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.get("/api/v2/nothing").want(404).is("InvalidEndpoint", "error")
	b.get("/api/v2/tickets/abc").want(404).is("InvalidEndpoint", "error")
	b.get("/api/v2/tickets/1").want(404).is("RecordNotFound", "error").is("Not found", "description")
	r := b.call("PATCH", "/api/v2/tickets/1.json", object{}).want(405)
	if got := r.header.Get("Allow"); got != "DELETE, GET, PUT" {
		t.Errorf("Allow: %q", got)
	}
}

func TestTokensOutliveARestart(t *testing.T) {
	t.Parallel()
	b := setup(t)
	dir := t.TempDir()
	b.restart(dir)
	r := b.call("POST", "/oauth/tokens", grant(nil)).want(201)
	b.restart(dir)
	b.call("GET", "/api/v2/users/me", nil, "Authorization", "Bearer "+r.text("access_token")).want(200)
}
