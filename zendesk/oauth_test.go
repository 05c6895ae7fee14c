package zendesk_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ponte-desk/ponte/zendesk"
)

// account is a simulated account with OAuth: it gives out tokens t1, t2, … and takes the latest only.
type account struct {
	mu      sync.Mutex
	issued  int      // tokens given out
	grants  []string // bodies of the token requests
	calls   []recorded
	revoked bool          // the latest token is not taken either
	stuck   bool          // the same token is given out again and again
	life    int           // expires_in, 0 for none
	fail    int           // status of the token call, 0 for success
	gate    chan struct{} // when set, the token call waits for it
}

// valid returns the token that is taken.
func (a *account) valid() string { return fmt.Sprintf("t%d", a.issued) }

// ServeHTTP implements http.Handler.
func (a *account) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		body = nil
	}
	if r.URL.Path == prefix+"/oauth/tokens" {
		a.grant(w, r, string(body))
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	good := r.Header.Get("Authorization") == "Bearer "+a.valid() && !a.revoked
	status := http.StatusOK
	if !good {
		status = http.StatusUnauthorized
	} else if r.Method == http.MethodPost {
		status = http.StatusCreated
	}
	a.calls = append(a.calls, recorded{Method: r.Method, Path: r.URL.Path, Header: r.Header.Clone(), Body: string(body), Status: status})
	if !good {
		answer(w, status, `{"error":"invalid_token","error_description":"The access token is invalid"}`)
		return
	}
	answer(w, status, `{"ticket":{"id":7},"user":{"id":1},"upload":{"token":"up"}}`)
}

// grant answers the token call.
func (a *account) grant(w http.ResponseWriter, r *http.Request, body string) {
	if a.gate != nil {
		select {
		case <-a.gate:
		case <-r.Context().Done(): // the one who asked is gone
			answer(w, http.StatusServiceUnavailable, "")
			return
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.grants = append(a.grants, r.Method+" "+body)
	if a.fail != 0 {
		w.Header().Set("Retry-After", "7")
		answer(w, a.fail, `{"error":"invalid_client","error_description":"Client authentication failed"}`)
		return
	}
	if !a.stuck || a.issued == 0 {
		a.issued++
	}
	out := map[string]any{"access_token": a.valid(), "token_type": "bearer", "scope": "read write"}
	if a.life != 0 {
		out["expires_in"] = a.life
	}
	text, err := json.Marshal(out)
	if err != nil {
		a.fail = http.StatusInternalServerError
	}
	answer(w, http.StatusCreated, string(text))
}

// counts returns how many token calls and API calls were made.
func (a *account) counts() (grants, calls int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.grants), len(a.calls)
}

// wantCounts checks how many token calls and API calls were made.
func (a *account) wantCounts(t *testing.T, grants, calls int) {
	t.Helper()
	if g, c := a.counts(); g != grants || c != calls {
		t.Errorf("%d token calls and %d API calls, want %d and %d", g, c, grants, calls)
	}
}

// pass lets the fake time of a bubble go on.
func pass(d time.Duration) { <-time.After(d) }

// client returns a client of the account; change adapts its configuration.
func (a *account) client(t *testing.T, store zendesk.TokenStore, change func(*zendesk.Config)) *zendesk.Client {
	t.Helper()
	cfg := zendesk.Config{
		BaseURL: "https://acme.zendesk.com" + prefix, ClientID: "ponte", ClientSecret: "s3cr3t", Tokens: store, Now: time.Now,
		RetryWait: time.Microsecond, Transport: inMemory{a}, BreakAfter: -1,
	}
	if change != nil {
		change(&cfg)
	}
	c, err := zendesk.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestTokenIsFetchedOnce(t *testing.T) {
	t.Parallel()
	a := &account{life: 3600}
	c := a.client(t, zendesk.NewMemoryTokens(), nil)
	for range 3 {
		if _, err := c.Me(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	a.wantCounts(t, 1, 3)
	method, body, _ := strings.Cut(a.grants[0], " ")
	if method != http.MethodPost {
		t.Errorf("method = %s", method)
	}
	wantJSON(t, body, `{"grant_type":"client_credentials","client_id":"ponte","client_secret":"s3cr3t","scope":"read write"}`)
}

func TestManyCallsOneRefresh(t *testing.T) {
	t.Parallel()
	for _, instances := range []int{1, 2, 4} {
		t.Run(fmt.Sprint(instances, " instances"), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				a := &account{life: 3600, gate: make(chan struct{})}
				store := zendesk.NewMemoryTokens()
				var wg sync.WaitGroup
				for range instances {
					c := a.client(t, store, nil)
					for range 10 {
						wg.Go(func() {
							if _, err := c.Me(t.Context()); err != nil {
								t.Errorf("Me: %v", err)
							}
						})
					}
				}
				synctest.Wait() // everybody waits for the one token call, or for its lock
				close(a.gate)
				wg.Wait()
				a.wantCounts(t, 1, instances*10)
			})
		})
	}
}

func TestRefreshAheadOfTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := &account{life: 1000}
		store := zendesk.NewMemoryTokens()
		c := a.client(t, store, nil)
		use := func() {
			t.Helper()
			if _, err := c.Me(t.Context()); err != nil {
				t.Errorf("Me: %v", err)
			}
			synctest.Wait()
		}
		use()
		pass(799 * time.Second)
		use()
		a.wantCounts(t, 1, 2)
		pass(2 * time.Second)
		a.mu.Lock()
		a.fail = http.StatusInternalServerError // the account still takes t1
		a.mu.Unlock()
		use()
		a.wantCounts(t, 2, 3)
		use() // a refresh has just failed: the living token is used without another try
		a.wantCounts(t, 2, 4)
		pass(11 * time.Second)
		a.mu.Lock()
		a.fail = 0
		a.mu.Unlock()
		// The peer takes the latest token only, so this call may be refused once and repeated; it must succeed.
		use()
		use()
		if g, _ := a.counts(); g != 3 {
			t.Errorf("%d token calls, want 3", g)
		}
		token, ok, err := store.Load(t.Context())
		if err != nil || !ok || token.Access != "t2" || token.Scope != "read write" {
			t.Errorf("stored = %#v, %v, %v", token, ok, err)
		}
		if !token.Expires.Equal(time.Now().Add(1000*time.Second)) || !token.RenewAt.Equal(time.Now().Add(800*time.Second)) {
			t.Errorf("expires %v, to be renewed %v", token.Expires, token.RenewAt)
		}
	})
}

func TestExpiredTokenIsNotUsed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := &account{} // tells no life
		c := a.client(t, zendesk.NewMemoryTokens(), nil)
		if _, err := c.Me(t.Context()); err != nil {
			t.Fatal(err)
		}
		pass(zendesk.DefaultTokenLife)
		if _, err := c.Me(t.Context()); err != nil {
			t.Fatal(err)
		}
		a.wantCounts(t, 2, 2)
		if got := a.calls[1].Header.Get("Authorization"); got != "Bearer t2" {
			t.Errorf("Authorization = %q", got)
		}
	})
}

func TestRefusedTokenIsReplacedOnce(t *testing.T) {
	t.Parallel()
	for _, o := range operations() {
		switch o.name {
		case "CreateTicket", "UpdateTicket", "ShowTicket", "Delete":
		default:
			continue
		}
		t.Run(o.name, func(t *testing.T) {
			t.Parallel()
			a := &account{life: 3600}
			c := a.client(t, zendesk.NewMemoryTokens(), nil)
			if _, err := c.Me(t.Context()); err != nil {
				t.Fatal(err)
			}
			a.mu.Lock()
			a.issued++ // somebody took t1 out of use
			a.mu.Unlock()
			if err := o.call(t.Context(), c); err != nil {
				t.Fatalf("%s: %v", o.name, err)
			}
			a.wantCounts(t, 2, 3)
			first, again := a.calls[1], a.calls[2]
			if first.Status != 401 || again.Status >= 300 || first.Method != again.Method || first.Body != again.Body {
				t.Errorf("first %+v, again %+v", first, again)
			}
			if first.Header.Get("Idempotency-Key") != again.Header.Get("Idempotency-Key") {
				t.Error("the key was lost")
			}
			if got := again.Header.Values("Authorization"); len(got) != 1 || got[0] != "Bearer t3" {
				t.Errorf("Authorization = %q", got)
			}
		})
	}
}

func TestTokenThatIsAlwaysRefused(t *testing.T) {
	t.Parallel()
	a := &account{life: 3600, revoked: true}
	c := a.client(t, zendesk.NewMemoryTokens(), nil)
	_, err := c.UpdateTicket(t.Context(), 7, zendesk.TicketUpdate{})
	var got *zendesk.Error
	if !errors.As(err, &got) || got.Kind != zendesk.KindUnauthorized || got.Uncertain() || got.Status != 401 {
		t.Errorf("error = %#v", err)
	}
	a.wantCounts(t, 2, 2)
}

func TestRefusedTokenThatComesAgain(t *testing.T) {
	t.Parallel()
	a := &account{life: 3600, revoked: true, stuck: true}
	c := a.client(t, zendesk.NewMemoryTokens(), nil)
	_, err := c.UpdateTicket(t.Context(), 7, zendesk.TicketUpdate{})
	wantKind(t, err, zendesk.KindUnauthorized)
	a.wantCounts(t, 2, 1)
}

func TestRefusedStaticToken(t *testing.T) {
	t.Parallel()
	a := &account{}
	c := a.client(t, nil, func(cfg *zendesk.Config) { cfg.StaticToken = "demo" })
	_, err := c.Me(t.Context())
	wantKind(t, err, zendesk.KindUnauthorized)
	a.wantCounts(t, 0, 1)
}

func TestAnotherInstanceHasReplacedTheToken(t *testing.T) {
	t.Parallel()
	a := &account{life: 3600}
	store := zendesk.NewMemoryTokens()
	c, other := a.client(t, store, nil), a.client(t, store, nil)
	for _, client := range []*zendesk.Client{c, other} {
		if _, err := client.Me(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	a.mu.Lock()
	a.issued++
	a.mu.Unlock()
	if _, err := other.Me(t.Context()); err != nil { // fetches t3
		t.Fatal(err)
	}
	a.wantCounts(t, 2, 4)
	if _, err := c.Me(t.Context()); err != nil { // refused with t1, finds t3
		t.Fatal(err)
	}
	a.wantCounts(t, 2, 6)
}

func TestManyRefusedCallsOneRefresh(t *testing.T) {
	t.Parallel()
	a := &account{life: 3600}
	store := zendesk.NewMemoryTokens()
	clients := []*zendesk.Client{a.client(t, store, nil), a.client(t, store, nil)}
	for _, c := range clients {
		if _, err := c.Me(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	a.mu.Lock()
	a.issued++
	a.mu.Unlock()
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			if _, err := clients[i%2].UpdateTicket(t.Context(), 7, zendesk.TicketUpdate{}); err != nil {
				t.Errorf("UpdateTicket: %v", err)
			}
		})
	}
	wg.Wait()
	if g, _ := a.counts(); g != 2 {
		t.Errorf("%d token calls, want 2", g)
	}
}

func TestUploadIsNotSentTwice(t *testing.T) {
	t.Parallel()
	a := &account{life: 3600}
	c := a.client(t, zendesk.NewMemoryTokens(), nil)
	if _, err := c.Me(t.Context()); err != nil {
		t.Fatal(err)
	}
	a.mu.Lock()
	a.issued++
	a.mu.Unlock()
	upload := func() error {
		return errOnly(c.Upload(t.Context(), "a.txt", "text/plain", slowReader{strings.NewReader("hello")}, ""))
	}
	wantKind(t, upload(), zendesk.KindUnauthorized)
	a.wantCounts(t, 2, 2) // the token is already replaced
	if err := upload(); err != nil {
		t.Errorf("next try: %v", err)
	}
	a.wantCounts(t, 2, 3)
}
