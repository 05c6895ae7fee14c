package web_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/web"
)

func TestWork(t *testing.T) {
	t.Parallel()
	c := openCounter(t, newSecret)
	c.tells(c.ask("GET", "/api/v1/work", ""), http.StatusOK, `{"dead":[],"halted":[]}`)
	c.library.dead = []web.DeadWork{{ID: "d1", At: apiNow(), Reason: "refused by zendesk", Kind: "comment", Session: session}}
	c.library.halted = []web.HaltedWork{{Key: apiKey, Since: apiNow().Add(-time.Hour), Reason: "paused", Waiting: 3, Session: session}}
	type work struct {
		Dead   []web.DeadWork
		Halted []web.HaltedWork
	}
	var got work
	c.read("/api/v1/work", &got)
	if diff := cmp.Diff(work{c.library.dead, c.library.halted}, got); diff != "" {
		t.Errorf("work (-want +got):\n%s", diff)
	}
	c.library.haltedIs = errDown
	c.tells(c.ask("GET", "/api/v1/work", ""), http.StatusServiceUnavailable, `"unavailable"`)
	c.library.haltedIs, c.library.err = nil, errDown
	c.tells(c.ask("GET", "/api/v1/work", ""), http.StatusServiceUnavailable, `"unavailable"`)
}

func TestWorkIsOperated(t *testing.T) {
	t.Parallel()
	const odd = "account|a/b%2F c"
	tests := []struct{ method, path, want string }{
		{"POST", "/work/dead/d%3A1", "replay d:1"},
		{"DELETE", "/work/dead/d1", "drop d1"},
		{"POST", "/work/halted/" + apiNumber + "%7C" + apiContact, "resume " + apiKey},
		{"POST", "/work/halted/" + apiNumber + "|" + apiContact, "resume " + apiKey},
		{"POST", "/work/halted/" + url.PathEscape(odd), "resume " + odd},
		{"POST", "/work/dead/" + url.PathEscape(apiKey+"#12/3"), "replay " + apiKey + "#12/3"},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			t.Parallel()
			c := openCounter(t, newSecret)
			if rec := c.ask(tt.method, "/api/v1"+tt.path, ""); rec.Code != http.StatusNoContent {
				t.Errorf("answered %d %s", rec.Code, rec.Body)
			}
			if diff := cmp.Diff([]string{tt.want}, c.library.done); diff != "" {
				t.Errorf("done (-want +got):\n%s", diff)
			}
			c.library.missing = true
			c.tells(c.ask(tt.method, "/api/v1"+tt.path, ""), http.StatusNotFound, `"not_found"`)
			c.library.err = errDown
			c.tells(c.ask(tt.method, "/api/v1"+tt.path, ""), http.StatusServiceUnavailable, `"unavailable"`)
		})
	}
}
