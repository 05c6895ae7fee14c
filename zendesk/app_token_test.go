package zendesk_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/zendesk"
)

// The app of these tests, and what it is installed as.
const (
	appID        = 501
	installation = 9001
)

// keys are two pairs: the app's, and somebody else's.
var keys = sync.OnceValues(func() (own, other *rsa.PrivateKey) {
	draw := func() *rsa.PrivateKey {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		return key
	}
	return draw(), draw()
})

// pemOf is a public key as Zendesk hands it out.
func pemOf(t *testing.T, key *rsa.PrivateKey) string {
	t.Helper()
	raw, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: raw}))
}

// gate is the check of tokens with the account behind it.
type gate struct {
	*zendesk.AppTokens

	t     *testing.T
	p     *peer
	mu    sync.Mutex
	now   time.Time
	pem   string
	list  string
	fails int // the status that the account answers
}

func openGate(t *testing.T) *gate {
	t.Helper()
	own, _ := keys()
	g := &gate{t: t, p: newPeer(t), now: noon(), pem: pemOf(t, own), list: fmt.Sprintf(
		`{"id":%d,"app_id":%d,"enabled":true},{"id":9002,"app_id":777,"enabled":true},{"id":9003,"app_id":%d,"enabled":false},{"id":9004,"app_id":%d}`,
		installation, appID, appID, appID)}
	answers := func(f func() string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			g.mu.Lock()
			defer g.mu.Unlock()
			if g.fails != 0 {
				answer(w, g.fails, `{"error":"Forbidden"}`)
				return
			}
			w.Header().Set("Content-Type", "text/plain")
			fmt.Fprint(w, f())
		}
	}
	g.p.mux.HandleFunc(fmt.Sprintf("GET /api/v2/apps/%d/public_key.pem", appID), answers(func() string { return g.pem }))
	g.p.mux.HandleFunc("GET /api/v2/apps/installations", answers(func() string { return `{"installations":[` + g.list + `]}` }))
	client := g.p.client(func(c *zendesk.Config) { c.Now = g.clock })
	var err error
	if g.AppTokens, err = zendesk.NewAppTokens(client, appID); err != nil {
		t.Fatal(err)
	}
	return g
}

func (g *gate) clock() time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.now
}

// set changes the account.
func (g *gate) set(f func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	f()
}

// asked counts the requests to the account: keys and installations.
func (g *gate) asked() (keys, lists int) {
	for _, r := range g.p.requests() {
		if strings.HasSuffix(r.Path, ".pem") {
			keys++
		} else {
			lists++
		}
	}
	return keys, lists
}

// claims are those of a good token, changed by some; nil takes one away.
func (g *gate) claims(changes jwt.MapClaims) jwt.MapClaims {
	u, err := url.Parse(g.p.url)
	if err != nil {
		g.t.Fatal(err)
	}
	now := g.clock()
	c := jwt.MapClaims{
		"iss": u.Host, "aud": fmt.Sprintf("%s/api/v2/apps/installations/%d.json", g.p.url, installation),
		"sub": g.p.url + "/api/v2/users/31.json", "iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(),
		"qsh": "x", "context": map[string]any{"product": "support", "location": "ticket_sidebar"},
		"cnf": map[string]any{"jku": "https://evil.example/keys"},
	}
	maps.Copy(c, changes)
	maps.DeleteFunc(c, func(_ string, v any) bool { return v == nil })
	return c
}

// sign makes a token.
func (g *gate) sign(method jwt.SigningMethod, key any, claims jwt.MapClaims) string {
	g.t.Helper()
	raw, err := jwt.NewWithClaims(method, claims).SignedString(key)
	if err != nil {
		g.t.Fatal(err)
	}
	return raw
}

// good is a token as Zendesk makes them, with changes.
func (g *gate) good(changes jwt.MapClaims) string {
	own, _ := keys()
	return g.sign(jwt.SigningMethodRS256, own, g.claims(changes))
}

func TestAppToken(t *testing.T) {
	t.Parallel()
	g := openGate(t)
	want := zendesk.AppToken{User: 31, Location: "ticket_sidebar", Expires: noon().Add(5 * time.Minute)}
	for name, raw := range map[string]string{
		"as Zendesk makes it":         g.good(nil),
		"one aud in a list":           g.good(jwt.MapClaims{"aud": []string{g.claims(nil)["aud"].(string)}}),
		"our clock is 59 s behind":    g.good(jwt.MapClaims{"iat": noon().Add(59 * time.Second).Unix(), "nbf": noon().Add(59 * time.Second).Unix()}),
		"an installation without say": g.good(jwt.MapClaims{"aud": g.p.url + "/api/v2/apps/installations/9004.json"}),
		"no iat, but nbf":             g.good(jwt.MapClaims{"iat": nil}),
		"neither":                     g.good(jwt.MapClaims{"iat": nil, "nbf": nil}),
	} {
		got, err := g.Check(t.Context(), raw)
		got.Expires = got.Expires.UTC()
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
	for name, raw := range map[string]string{
		"late, within the skew": g.good(jwt.MapClaims{"exp": noon().Add(-59 * time.Second).Unix(), "iat": noon().Add(-6 * time.Minute).Unix(), "nbf": nil}),
		"no place":              g.good(jwt.MapClaims{"context": nil}),
	} {
		if got, err := g.Check(t.Context(), raw); err != nil || got.User != 31 {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	if keys, lists := g.asked(); keys != 1 || lists != 1 {
		t.Errorf("%d keys and %d lists were asked for", keys, lists)
	}
}

func TestAppTokenRefused(t *testing.T) {
	t.Parallel()
	own, other := keys()
	g := openGate(t)
	whole := g.good(nil)
	parts := strings.Split(whole, ".")
	host := func(s string) string { return strings.Replace(s, prefix, "", 1) }
	aud, sub := g.claims(nil)["aud"].(string), g.claims(nil)["sub"].(string)
	for name, raw := range map[string]string{
		"nothing":                     "",
		"garbage":                     "garbage",
		"garbage in three parts":      "a.b.c",
		"too long":                    strings.Repeat("a", 9000),
		"no signature":                parts[0] + "." + parts[1] + ".",
		"another's signature":         parts[0] + "." + parts[1] + "." + strings.Split(g.good(jwt.MapClaims{"sub": sub + "x"}), ".")[2],
		"other claims":                parts[0] + "." + strings.Split(g.good(jwt.MapClaims{"qsh": "y"}), ".")[1] + "." + parts[2],
		"alg none":                    g.sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, g.claims(nil)),
		"alg HS256 with the key":      g.sign(jwt.SigningMethodHS256, []byte(pemOf(t, own)), g.claims(nil)),
		"alg RS512":                   g.sign(jwt.SigningMethodRS512, own, g.claims(nil)),
		"alg PS256":                   g.sign(jwt.SigningMethodPS256, own, g.claims(nil)),
		"another key":                 g.sign(jwt.SigningMethodRS256, other, g.claims(nil)),
		"another key, and expired":    g.sign(jwt.SigningMethodRS256, other, g.claims(jwt.MapClaims{"exp": noon().Add(-time.Hour).Unix()})),
		"not yet":                     g.good(jwt.MapClaims{"nbf": noon().Add(61 * time.Second).Unix()}),
		"issued in the future":        g.good(jwt.MapClaims{"iat": noon().Add(61 * time.Second).Unix()}),
		"lives too long":              g.good(jwt.MapClaims{"exp": noon().Add(10*time.Minute + time.Second).Unix()}),
		"lives too long, since nbf":   g.good(jwt.MapClaims{"nbf": noon().Add(-6 * time.Minute).Unix()}),
		"lives too long, without iat": g.good(jwt.MapClaims{"iat": nil, "nbf": nil, "exp": noon().Add(11 * time.Minute).Unix()}),
		"no exp":                      g.good(jwt.MapClaims{"exp": nil}),
		"exp is a word":               g.good(jwt.MapClaims{"exp": "soon"}),
		"no iss":                      g.good(jwt.MapClaims{"iss": nil}),
		"another account":             g.good(jwt.MapClaims{"iss": "outra.zendesk.com"}),
		"another account, expired":    g.good(jwt.MapClaims{"iss": "outra.zendesk.com", "exp": noon().Add(-time.Hour).Unix()}),
		"no aud":                      g.good(jwt.MapClaims{"aud": nil}),
		"two auds":                    g.good(jwt.MapClaims{"aud": []string{aud, aud}}),
		"aud of another account":      g.good(jwt.MapClaims{"aud": "https://outra.zendesk.com/api/v2/apps/installations/9001.json"}),
		"aud outside of the path":     g.good(jwt.MapClaims{"aud": host(aud)}),
		"another app":                 g.good(jwt.MapClaims{"aud": g.p.url + "/api/v2/apps/installations/9002.json"}),
		"an installation that is off": g.good(jwt.MapClaims{"aud": g.p.url + "/api/v2/apps/installations/9003.json"}),
		"an unknown installation":     g.good(jwt.MapClaims{"aud": g.p.url + "/api/v2/apps/installations/9999.json"}),
		"aud that goes on":            g.good(jwt.MapClaims{"aud": aud + "/../../x"}),
		"no sub":                      g.good(jwt.MapClaims{"sub": nil}),
		"sub is a number":             g.good(jwt.MapClaims{"sub": "31"}),
		"sub of another account":      g.good(jwt.MapClaims{"sub": "https://outra.zendesk.com/api/v2/users/31.json"}),
		"sub with a path":             g.good(jwt.MapClaims{"sub": g.p.url + "/api/v2/users/../users/31.json"}),
		"sub with zeros":              g.good(jwt.MapClaims{"sub": g.p.url + "/api/v2/users/031.json"}),
		"sub 0":                       g.good(jwt.MapClaims{"sub": g.p.url + "/api/v2/users/0.json"}),
		"sub below 0":                 g.good(jwt.MapClaims{"sub": g.p.url + "/api/v2/users/-31.json"}),
	} {
		got, err := g.Check(t.Context(), raw)
		var bad *zendesk.TokenError
		if !errors.As(err, &bad) || got != (zendesk.AppToken{}) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		if err != nil && raw != "" && len(raw) > 10 && strings.Contains(err.Error(), raw[:10]) {
			t.Errorf("%s: the error tells of the token: %v", name, err)
		}
	}
	for _, r := range g.p.requests() {
		if strings.Contains(r.Path, "evil") {
			t.Error("a key was read from where the token says")
		}
	}
	if _, err := g.Check(t.Context(), whole); err != nil {
		t.Errorf("afterwards a good one is refused: %v", err)
	}
}

func TestAppTokenExpired(t *testing.T) {
	t.Parallel()
	g := openGate(t)
	raw := g.good(nil)
	g.set(func() { g.now = noon().Add(5*time.Minute + 59*time.Second) })
	if _, err := g.Check(t.Context(), raw); err != nil {
		t.Errorf("within the skew: %v", err)
	}
	g.set(func() { g.now = noon().Add(6*time.Minute + time.Second) })
	if _, err := g.Check(t.Context(), raw); !errors.Is(err, zendesk.ErrTokenExpired) {
		t.Errorf("got %v", err)
	}
}

// A key that was changed is found by itself, but no flood of bad tokens has it asked for again and again.
func TestAppKeyChanges(t *testing.T) {
	t.Parallel()
	_, other := keys()
	g := openGate(t)
	if _, err := g.Check(t.Context(), g.good(nil)); err != nil {
		t.Fatal(err)
	}
	forged := func() string { return g.sign(jwt.SigningMethodRS256, other, g.claims(nil)) }
	for range 20 {
		if _, err := g.Check(t.Context(), forged()); err == nil {
			t.Fatal("another's token passed")
		}
	}
	if keys, _ := g.asked(); keys != 1 {
		t.Errorf("%d keys were asked for within a minute", keys)
	}
	g.set(func() { g.now = g.now.Add(time.Minute) })
	for range 20 {
		if _, err := g.Check(t.Context(), forged()); err == nil {
			t.Fatal("another's token passed")
		}
	}
	if keys, _ := g.asked(); keys != 2 {
		t.Errorf("%d keys were asked for", keys)
	}
	g.set(func() { g.now, g.pem = g.now.Add(time.Minute), pemOf(t, other) })
	if _, err := g.Check(t.Context(), forged()); err != nil {
		t.Errorf("signed with the new key: %v", err)
	}
	if _, err := g.Check(t.Context(), g.good(nil)); err == nil {
		t.Error("the old key still counts")
	}
	if keys, _ := g.asked(); keys != 3 {
		t.Errorf("%d keys were asked for", keys)
	}
	g.set(func() { g.now, g.fails = g.now.Add(time.Minute), http.StatusForbidden })
	if _, err := g.Check(t.Context(), g.good(nil)); err == nil || zendesk.KindOf(err) != 0 {
		t.Errorf("a bad token while the key can't be read: %v", err)
	}
}

// An installation that is new is found by itself, and one that is gone is forgotten.
func TestAppInstallationsChange(t *testing.T) {
	t.Parallel()
	g := openGate(t)
	second := func() string { return g.good(jwt.MapClaims{"aud": g.p.url + "/api/v2/apps/installations/9100.json"}) }
	check := func(raw string, want bool) {
		t.Helper()
		if _, err := g.Check(t.Context(), raw); (err == nil) != want {
			t.Errorf("got %v", err)
		}
	}
	check(second(), false)
	g.set(func() { g.list = fmt.Sprintf(`{"id":9100,"app_id":%d}`, appID) })
	check(second(), false) // asked only just now
	g.set(func() { g.now = g.now.Add(time.Minute) })
	check(second(), true)
	g.set(func() { g.now, g.list = g.now.Add(4*time.Minute), "" })
	check(second(), true)
	g.set(func() { g.now = g.now.Add(time.Minute) })
	check(second(), false)
	if _, lists := g.asked(); lists != 3 {
		t.Errorf("%d lists were asked for", lists)
	}
}

// What Zendesk refuses is no fault of the token.
func TestAppAccountFails(t *testing.T) {
	t.Parallel()
	g := openGate(t)
	g.set(func() { g.fails = http.StatusForbidden })
	for range 3 {
		if _, err := g.Check(t.Context(), g.good(nil)); zendesk.KindOf(err) != zendesk.KindForbidden {
			t.Errorf("got %v", err)
		}
	}
	if keys, _ := g.asked(); keys != 1 {
		t.Errorf("the key was asked for %d times at once", keys)
	}
	g.set(func() { g.now, g.fails, g.pem = g.now.Add(2*time.Second), 0, "no key" })
	if _, err := g.Check(t.Context(), g.good(nil)); zendesk.KindOf(err) != zendesk.KindServer {
		t.Errorf("what is no key: %v", err)
	}
	own, _ := keys()
	g.set(func() { g.now, g.pem = g.now.Add(2*time.Second), pemOf(t, own) })
	if _, err := g.Check(t.Context(), g.good(nil)); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	g.set(func() { g.now, g.fails = g.now.Add(5*time.Minute), http.StatusNotFound })
	if _, err := g.Check(t.Context(), g.good(nil)); zendesk.KindOf(err) != zendesk.KindNotFound {
		t.Errorf("no installations: %v", err)
	}
}
