package desk_test

import (
	"crypto"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/sandbox/desk"
)

const (
	appID        = 941_205
	installation = 7_203_118
	keyPath      = "/api/v2/apps/941205/public_key.pem"
)

func withApp(c *desk.Config) {
	c.App = desk.App{
		ID: appID, InstallationID: installation, Name: "Conversas WhatsApp",
		SidebarURL: "http://app.test:8080/app/sidebar?v=2", NavURL: "http://app.test:8080/app/conversas",
	}
}

// publicKey asks the account for the app's key.
func (b *bench) publicKey() (*rsa.PublicKey, []byte) {
	b.t.Helper()
	r := b.get(keyPath).want(200)
	block, rest := pem.Decode(r.raw)
	if block == nil || block.Type != "PUBLIC KEY" || len(rest) > 0 {
		b.t.Fatalf("the key is %q", r.raw)
	}
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		b.t.Fatal(err)
	}
	key, isRSA := parsed.(*rsa.PublicKey)
	if !isRSA {
		b.t.Fatalf("the key is a %T", parsed)
	}
	return key, r.raw
}

// jwt is a token in its parts.
type jwt struct {
	raw          string
	text         string // what is signed
	head, claims object
	signature    []byte
}

func readJWT(t *testing.T, raw string) jwt {
	t.Helper()
	parts := strings.Split(raw, ".")
	if len(parts) != 3 {
		t.Fatalf("token %q", raw)
	}
	out := jwt{raw: raw, text: parts[0] + "." + parts[1]}
	for i, into := range []*object{&out.head, &out.claims} {
		text, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, into); err != nil {
			t.Fatal(err)
		}
	}
	var err error
	if out.signature, err = base64.RawURLEncoding.DecodeString(parts[2]); err != nil {
		t.Fatal(err)
	}
	return out
}

func (j jwt) signedBy(key *rsa.PublicKey) bool {
	sum := sha256.Sum256([]byte(j.text))
	return rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], j.signature) == nil
}

// open asks for a page of the app in an agent's name.
func (b *bench) open(agent int64, body object) (*url.URL, jwt) {
	b.t.Helper()
	r := b.page(agent, "POST", "/app/token", body).want(201)
	address, err := url.Parse(r.text("url"))
	if err != nil {
		b.t.Fatal(err)
	}
	return address, readJWT(b.t, r.text("token"))
}

func (b *bench) knob(k desk.Knobs) {
	b.t.Helper()
	if err := b.desk.SetKnobs(k); err != nil {
		b.t.Fatal(err)
	}
}

var guid = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

func TestAppToken(t *testing.T) {
	t.Parallel()
	b := setup(t, withApp)
	ana := b.user("Ana Beatriz Souza").ID
	key, _ := b.publicKey()
	if key.N.BitLen() != 2048 {
		t.Errorf("a key of %d bits", key.N.BitLen())
	}
	b.pass(time.Hour)
	address, token := b.open(ana, object{"location": "ticket_sidebar", "origin": "http://localhost:8080", "color_scheme": "dark"})
	query := address.Query()
	if !guid.MatchString(query.Get("app_guid")) {
		t.Errorf("app_guid %q", query.Get("app_guid"))
	}
	wantQuery := url.Values{
		"v": {"2"}, "origin": {"http://localhost:8080"}, "colorScheme": {"dark"}, "app_guid": {query.Get("app_guid")},
	}
	if diff := cmp.Diff(wantQuery, query); diff != "" {
		t.Error(diff)
	}
	if address.RawQuery = ""; address.String() != "http://app.test:8080/app/sidebar" {
		t.Errorf("page %s", address)
	}
	if !token.signedBy(key) {
		t.Error("the signature is not the app's")
	}
	if diff := cmp.Diff(object{"alg": "RS256", "typ": "JWT"}, token.head); diff != "" {
		t.Error(diff)
	}
	now := float64(start().Add(time.Hour).Unix())
	sum := sha256.Sum256([]byte(wantQuery.Encode()))
	id, _ := token.claims["jti"].(string)
	if diff := cmp.Diff(object{
		"iss": "desk.test", "aud": baseURL + "/api/v2/apps/installations/7203118.json", "sub": baseURL + "/api/v2/users/" + itoa(ana) + ".json",
		"iat": now, "nbf": now, "exp": now + 300, "jti": id, "qsh": hex.EncodeToString(sum[:]),
		"context": object{"product": "support", "location": "ticket_sidebar"}, "cnf": object{"jku": baseURL + keyPath},
	}, token.claims); diff != "" {
		t.Error(diff)
	}
	if !guid.MatchString(id) {
		t.Errorf("jti %q", id)
	}
}

func TestAppTokensDiffer(t *testing.T) {
	t.Parallel()
	b := setup(t, withApp)
	ana, bruno := b.user("Ana Beatriz Souza").ID, b.desk.Users()[0].ID
	_, one := b.open(ana, object{"location": "ticket_sidebar"})
	address, two := b.open(ana, object{"location": "nav_bar"})
	if one.claims["jti"] == two.claims["jti"] {
		t.Error("two tokens have one id")
	}
	if got := at(two.claims, "context", "location"); got != "nav_bar" {
		t.Errorf("location %v", got)
	}
	if q := address.Query(); address.Path != "/app/conversas" || q.Get("origin") != "http://desk.test" || q.Get("colorScheme") != "light" {
		t.Errorf("page %s", address)
	}
	if bruno == ana {
		t.Fatal("the first user is the same")
	}
	if _, other := b.open(bruno, object{"location": "nav_bar"}); other.claims["sub"] == two.claims["sub"] {
		t.Error("two agents are the same subject")
	}
}

func TestAppTokenIsForTheSignedIn(t *testing.T) {
	t.Parallel()
	b := setup(t, withApp)
	ana := b.user("Ana Beatriz Souza").ID
	for _, nobody := range []int64{0, 5, b.user("Edson Farias").ID} {
		b.page(nobody, "POST", "/app/token", object{"location": "nav_bar"}).want(401)
		b.page(nobody, "GET", "/app", nil).want(401)
	}
	b.page(ana, "POST", "/app/token", object{"location": "background"}).want(422)
	b.page(ana, "POST", "/app/token", object{"location": "nav_bar", "color_scheme": "roxo"}).want(422)
	b.page(ana, "POST", "/app/token", "{").want(400)
	b.page(ana, "GET", "/app", nil).want(200).is(object{
		"id": appID, "installation_id": installation, "name": "Conversas WhatsApp", "product": "support", "version": "1.0.0",
		"locations": []string{"ticket_sidebar", "nav_bar"}, "subdomain": "balcao",
	}, "app")
}

func TestForgedAppTokens(t *testing.T) {
	t.Parallel()
	b := setup(t, withApp)
	ana := b.user("Ana Beatriz Souza").ID
	key, text := b.publicKey()
	_, before := b.open(ana, object{"location": "nav_bar"})
	now := start().Unix()
	claim := func(j jwt, name string) int64 { n, _ := j.claims[name].(float64); return int64(n) }
	for forge, check := range map[string]func(j jwt) bool{
		"other_key": func(j jwt) bool { return !j.signedBy(key) && j.claims["iss"] == "desk.test" && len(j.signature) == 256 },
		"expired": func(j jwt) bool {
			return j.signedBy(key) && claim(j, "exp") == now-60 && claim(j, "iat") == now-360 && claim(j, "nbf") == now-360
		},
		"early": func(j jwt) bool { return j.signedBy(key) && claim(j, "nbf") == now+3600 && claim(j, "exp") == now+3900 },
		"other_account": func(j jwt) bool {
			return j.signedBy(key) && j.claims["iss"] == "outra.zendesk.example" &&
				j.claims["aud"] == "https://outra.zendesk.example/api/v2/apps/installations/7203118.json" &&
				j.claims["sub"] == "https://outra.zendesk.example/api/v2/users/"+itoa(ana)+".json"
		},
		"other_installation": func(j jwt) bool {
			return j.signedBy(key) && j.claims["iss"] == "desk.test" && j.claims["aud"] == baseURL+"/api/v2/apps/installations/7203119.json"
		},
		"no_algorithm": func(j jwt) bool {
			return j.head["alg"] == "none" && len(j.signature) == 0 && claim(j, "exp") == now+300
		},
		"hmac": func(j jwt) bool {
			mac := hmac.New(sha256.New, text)
			mac.Write([]byte(j.text))
			return j.head["alg"] == "HS256" && hmac.Equal(mac.Sum(nil), j.signature)
		},
	} {
		b.knob(desk.Knobs{AppToken: forge})
		if _, got := b.open(ana, object{"location": "nav_bar"}); !check(got) {
			t.Errorf("%s: %v %v", forge, got.head, got.claims)
		}
	}
	b.knob(desk.Knobs{})
	_, good := b.open(ana, object{"location": "nav_bar"})
	if !good.signedBy(key) || good.raw == before.raw {
		t.Error("the knob outlived its reset")
	}
	b.knob(desk.Knobs{AppToken: "other_key"})
	b.open(ana, object{"location": "nav_bar"})
	b.knob(desk.Knobs{AppToken: "replayed"})
	if _, again := b.open(ana, object{"location": "nav_bar"}); again.raw != good.raw {
		t.Error("the replayed token is another")
	}
	if err := b.desk.SetKnobs(desk.Knobs{AppToken: "nada"}); err == nil {
		t.Error("an unknown forgery was taken")
	}
}

func TestAppKeyStays(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	b := setup(t, withApp)
	b.restart(dir)
	_, before := b.publicKey()
	if err := b.desk.Reset(); err != nil {
		t.Fatal(err)
	}
	if _, after := b.publicKey(); string(after) != string(before) {
		t.Error("a reset changed the key")
	}
	b.restart(dir)
	_, after := b.publicKey()
	if string(after) != string(before) {
		t.Error("a restart changed the key")
	}
	b.restart(t.TempDir())
	if _, other := b.publicKey(); string(other) == string(before) {
		t.Error("another account has the same key")
	}
}

func TestAppInstallations(t *testing.T) {
	t.Parallel()
	b := setup(t, withApp)
	r := b.get("/api/v2/apps/installations.json").want(200)
	if r.len("installations") != 1 {
		t.Fatalf("installations: %s", r.raw)
	}
	r.is(installation, "installations", 0, "id").is(appID, "installations", 0, "app_id").is(true, "installations", 0, "enabled").
		is(object{"name": "Conversas WhatsApp", "title": "Conversas WhatsApp"}, "installations", 0, "settings")
	b.get("/api/v2/apps/installations/7203118.json").want(200).is(appID, "app_id")
	b.get("/api/v2/apps/installations/7203119.json").want(404)
	b.get("/api/v2/apps/941206/public_key.pem").want(404)
	b.call("GET", keyPath, nil, "Authorization", "Bearer nada").want(401)
	b.call("POST", keyPath, object{}).want(405)
}

// TestAppKeyIsForAdmins takes the admin's role away from the user behind a token.
func TestAppKeyIsForAdmins(t *testing.T) {
	t.Parallel()
	b := setup(t, withApp)
	bearer := "Bearer " + b.call("POST", "/oauth/tokens", object{
		"grant_type": "client_credentials", "client_id": clientID, "client_secret": clientSecret, "scope": "apps:read users:write",
	}).want(201).text("access_token")
	b.call("GET", keyPath, nil, "Authorization", bearer).want(200)
	own := b.user("Ponte (integração)").ID
	b.call("PUT", "/api/v2/users/"+itoa(own), object{"user": object{"role": "agent"}}, "Authorization", bearer).want(200)
	b.call("GET", keyPath, nil, "Authorization", bearer).want(403)
	b.get(keyPath).want(200) // the other admin's
}

func TestWithoutApp(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ana := b.user("Ana Beatriz Souza").ID
	b.get("/api/v2/apps/installations.json").want(200).is([]any{}, "installations")
	b.get("/api/v2/apps/installations/0.json").want(404)
	b.get("/api/v2/apps/0/public_key.pem").want(404)
	b.page(ana, "GET", "/app", nil).want(200).is(nil, "app")
	b.page(ana, "POST", "/app/token", object{"location": "nav_bar"}).want(404)
}

func TestAppValidate(t *testing.T) {
	t.Parallel()
	page := "https://ponte.example/app/sidebar"
	for name, tc := range map[string]struct {
		app     desk.App
		good    bool
		origins []string
	}{
		"none":            {desk.App{}, true, nil},
		"one location":    {desk.App{ID: 1, InstallationID: 2, SidebarURL: page}, true, []string{"https://ponte.example"}},
		"two, one origin": {desk.App{ID: 1, InstallationID: 2, SidebarURL: page, NavURL: "https://ponte.example/app"}, true, []string{"https://ponte.example"}},
		"two origins": {
			desk.App{ID: 1, InstallationID: 2, SidebarURL: page, NavURL: "http://[::1]:8080/a"},
			true,
			[]string{"https://ponte.example", "http://[::1]:8080"},
		},
		"no id":           {desk.App{InstallationID: 2, SidebarURL: page}, false, []string{"https://ponte.example"}},
		"no installation": {desk.App{ID: 1, NavURL: page}, false, []string{"https://ponte.example"}},
		"not of the web":  {desk.App{ID: 1, InstallationID: 2, NavURL: "file:///app"}, false, []string{"file://"}},
		"relative":        {desk.App{ID: 1, InstallationID: 2, NavURL: "/app"}, false, []string{"://"}},
		"with a password": {desk.App{ID: 1, InstallationID: 2, NavURL: "https://a:b@ponte.example/"}, false, []string{"https://ponte.example"}},
	} {
		if err := tc.app.Validate(); (err == nil) != tc.good {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(tc.origins, tc.app.Origins()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
