package app_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/ponte-desk/ponte/internal/app"
	"github.com/ponte-desk/ponte/zendesk"
)

// hint tells an instance that a ticket may have changed, as Zendesk's trigger does.
func (f *fleet) hint(p *process, ticket int64) {
	f.t.Helper()
	body := fmt.Appendf(nil, `{"ticket_id":"%d","status":"open","actor_id":"77"}`, ticket)
	stamp := time.Now().UTC().Format(time.RFC3339)
	mac := hmac.New(sha256.New, []byte(app.DemoWebhookSecret))
	mac.Write([]byte(stamp))
	mac.Write(body)
	req, err := http.NewRequest(http.MethodPost, p.url+"/webhooks/zendesk", bytes.NewReader(body))
	if err != nil {
		f.t.Fatal(err)
	}
	req.Header.Set(zendesk.HeaderTimestamp, stamp)
	req.Header.Set(zendesk.HeaderSignature, base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	resp, err := (&http.Client{Transport: f.web, Timeout: soon}).Do(req)
	if err != nil {
		f.t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		f.t.Errorf("a hint is answered %d", resp.StatusCode)
	}
}

// tokenRequests is how often Zendesk was asked for a token, by its own count.
func (f *fleet) tokenRequests() int {
	f.t.Helper()
	var list []struct {
		Method, Path string
		Count        int
	}
	f.control(http.MethodGet, "/control/requests", "", &list)
	n := 0
	for _, c := range list {
		if c.Method == http.MethodPost && c.Path == "/oauth/tokens" {
			n += c.Count
		}
	}
	return n
}

// holdTokens keeps requests for a token waiting until it is called, at most half as long as Ponte waits for the answer.
func (f *fleet) holdTokens(doors ...*door) (release func()) {
	open := make(chan struct{})
	hold := func(c *call) {
		if c.path != "/sandbox/zendesk/oauth/tokens" {
			return
		}
		late := time.NewTimer(5 * time.Second)
		defer late.Stop()
		select {
		case <-open:
		case <-late.C:
		case <-c.ctx.Done():
		}
	}
	for _, d := range doors {
		d.hook(hold, nil)
	}
	return sync.OnceFunc(func() { close(open) })
}

// oneToken has two instances need a token at the same time, first a first one, then another because Zendesk takes the old one no
// longer: each time one of them fetches it and the other one waits for it.
func oneToken(f *fleet) {
	t := f.t
	a, b := f.start(), f.start()
	release := f.holdTokens(a.door, b.door)
	// Hints about tickets of nobody: on the first one, an instance asks Zendesk who it is.
	f.hint(a, 999_001)
	f.hint(b, 999_002)
	f.oneAsks(a, b)
	release()
	knows := func(c *call) bool {
		return c.path == "/sandbox/zendesk/api/v2/users/me" && c.status == http.StatusOK
	}
	eventually(t, soon, "both know who they are", func() bool { return len(a.door.seen(knows)) > 0 && len(b.door.seen(knows)) > 0 })
	if n := f.tokenRequests(); n != 1 {
		t.Errorf("%d requests for the first token", n)
	}

	people := f.crowd(4)
	f.judge(people)
	release = f.holdTokens(a.door, b.door)
	defer release()
	f.control(http.MethodPost, "/control/clock", `{"offset_seconds":1860}`, &struct{}{})
	refused := func(c *call) bool { return c.status == http.StatusUnauthorized }
	round := 0
	eventually(t, soon, "both are refused", func() bool {
		// Whoever hears of a ticket reads it at once, unless the other one happens to look just then.
		f.hint(a, people[round%2].ticket)
		f.hint(b, people[2+round%2].ticket)
		round++
		return len(a.door.seen(refused)) > 0 && len(b.door.seen(refused)) > 0
	})
	f.oneAsks(a, b)
	release()
	eventually(t, soon, "all go on", func() bool { return f.quiet() && a.door.under()+b.door.under() == 0 })
	good := func(p *process) int {
		first := p.door.seen(refused)[0].at
		return len(p.door.seen(func(c *call) bool { return c.status == http.StatusOK && c.at.After(first) }))
	}
	if n := f.tokenRequests(); n != 2 || good(a) == 0 || good(b) == 0 {
		t.Errorf("%d requests for tokens; afterwards %d and %d calls went well", n, good(a), good(b))
	}
	t.Logf("%d requests for 2 tokens by 2 instances; %d and %d calls were refused for the old token", f.tokenRequests(),
		len(a.door.seen(refused)), len(b.door.seen(refused)))
}

// oneAsks waits until an instance asks for a token, and then for the others: they look ten times a second whether they may.
func (f *fleet) oneAsks(all ...*process) {
	f.t.Helper()
	under := func() (n int) {
		for _, p := range all {
			n += len(p.door.seen(func(c *call) bool { return c.path == "/sandbox/zendesk/oauth/tokens" && c.status == 0 }))
		}
		return n
	}
	began := time.Now()
	eventually(f.t, soon, "a token is asked for", func() bool { return under() > 0 && since(began) > time.Second })
	if n := under(); n != 1 {
		f.t.Errorf("%d requests for a token at once", n)
	}
}
