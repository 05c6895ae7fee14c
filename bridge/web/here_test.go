package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/web"
)

// openNotes is a hall whose answers are held against the description.
func openNotes(t *testing.T) (*hall, *counter) {
	t.Helper()
	h := openHall(t)
	t.Cleanup(h.hub.Close)
	h.commit("A", standing("A", 2, "Suporte"))
	h.person("ana", 7, web.RoleAgent, false, "Suporte")
	h.person("bia", 8, web.RoleAgent, false, "Suporte", "Cobrança")
	h.person("leo", 9, web.RoleAgent, false, "Cobrança")
	return h, &counter{t: t, echo: h.echo, router: description(t), office: &office{}}
}

func at(contact string, n int, what string) string {
	return "/api/v1/conversations/" + sessionOf(contact, n) + "/" + what
}

func TestWhoIsHere(t *testing.T) {
	t.Parallel()
	_, c := openNotes(t)
	here := at("A", 2, "here")
	c.tells(c.askAs("Bearer ana", http.MethodPut, here, `{"doing":"viewing"}`), http.StatusOK, `{"session":"`+sessionOf("A", 2)+`","agents":[]}`)
	c.tells(c.askAs("Bearer bia", http.MethodPut, here, `{"doing":"typing"}`), http.StatusOK, `"agents":[{"id":7,"name":"Ana ana","typing":false}]`)
	c.tells(c.askAs("Bearer ana", http.MethodPut, here, `{"doing":"viewing"}`), http.StatusOK, `"agents":[{"id":8,"name":"Ana bia","typing":true}]`)
	c.tells(c.askAs("Bearer bia", http.MethodPut, here, `{"doing":"left"}`), http.StatusOK, `"id":7`)
	c.tells(c.askAs("Bearer ana", http.MethodPut, here, `{"doing":"viewing"}`), http.StatusOK, `"agents":[]`)
	c.tells(c.askAs("Bearer ana", http.MethodPut, at("A", 1, "here"), `{"doing":"viewing"}`), http.StatusOK, sessionOf("A", 1)) // an earlier one
	for _, wrong := range []string{`{"doing":"sleeping"}`, `{}`, `{"doing":"viewing","x":1}`, `[]`} {
		c.tells(c.askAs("Bearer ana", http.MethodPut, here, wrong), http.StatusBadRequest)
	}
}

func TestDraftsOverTheAPI(t *testing.T) {
	t.Parallel()
	h, c := openNotes(t)
	draft := at("A", 2, "draft")
	c.tells(c.askAs("Bearer ana", http.MethodGet, draft, ""), http.StatusOK, `{}`)
	c.tells(c.askAs("Bearer ana", http.MethodPut, draft, `{"reply":"Olá","note":"não é cliente"}`), http.StatusNoContent)
	c.tells(c.askAs("Bearer ana", http.MethodGet, draft, ""), http.StatusOK, `{"reply":"Olá","note":"não é cliente"}`)
	c.tells(c.askAs("Bearer bia", http.MethodGet, draft, ""), http.StatusOK, `{}`)
	c.tells(c.askAs("Bearer ana", http.MethodPut, draft, `{"note":"só isto"}`), http.StatusNoContent)
	c.tells(c.askAs("Bearer ana", http.MethodGet, draft, ""), http.StatusOK, `{"note":"só isto"}`)

	long := strings.Repeat("é", 60_000)
	c.tells(c.askAs("Bearer ana", http.MethodPut, draft, `{"reply":"`+long+`"}`), http.StatusNoContent)
	c.tells(c.askAs("Bearer ana", http.MethodPut, draft, `{"reply":"`+long+`x"}`), http.StatusBadRequest, "too_long")
	c.tells(c.askAs("Bearer ana", http.MethodPut, draft, `{"note":"`+long+`x"}`), http.StatusBadRequest, "too_long")
	c.tells(c.askAs("Bearer ana", http.MethodPut, draft, `{"note":"`+strings.Repeat("x", web.MaxCommand)+`"}`), http.StatusRequestEntityTooLarge)
	c.tells(c.askAs("Bearer ana", http.MethodPut, draft, `{"text":"x"}`), http.StatusBadRequest)
	if got := h.drafts[own(sessionOf("A", 2), 7)]; got.Reply != long {
		t.Errorf("%d characters are kept", len(got.Reply))
	}
}

func TestSeenOverTheAPI(t *testing.T) {
	t.Parallel()
	h, c := openNotes(t)
	marks := func(body string, want time.Time) {
		t.Helper()
		c.tells(c.askAs("Bearer ana", http.MethodPut, at("A", 2, "seen"), body), http.StatusNoContent)
		if got := h.seen[own(sessionOf("A", 2), 7)]; !got.Equal(want) {
			t.Errorf("seen up to %v; want %v", got, want)
		}
	}
	marks(`{"at":"2026-11-20T14:00:00Z"}`, apiNow().Add(-time.Hour))
	marks(`{"at":"2026-11-20T10:30:00-03:00"}`, apiNow().Add(-90*time.Minute)) // unread again
	marks(`{"at":"2027-01-01T00:00:00Z"}`, apiNow())                           // nobody reads ahead
	for _, wrong := range []string{`{}`, `{"at":"yesterday"}`, `{"at":null}`} {
		c.tells(c.askAs("Bearer ana", http.MethodPut, at("A", 2, "seen"), wrong), http.StatusBadRequest)
	}
}

func TestNotesAreOfPeopleWhoMaySee(t *testing.T) {
	t.Parallel()
	for _, ask := range [][3]string{
		{http.MethodPut, "here", `{"doing":"viewing"}`},
		{http.MethodGet, "draft", ""},
		{http.MethodPut, "draft", `{"reply":"x"}`},
		{http.MethodPut, "seen", `{"at":"2026-11-20T14:00:00Z"}`},
	} {
		t.Run(ask[0]+" "+ask[1], func(t *testing.T) {
			t.Parallel()
			h, c := openNotes(t)
			rec := c.unchecked(newSecret, ask[0], at("A", 2, ask[1]), ask[2]) // a schema knows nothing of who asks
			c.tells(rec, http.StatusBadRequest, "no_agent", "sessão de uma pessoa")
			c.tells(c.askAs("Bearer leo", ask[0], at("A", 2, ask[1]), ask[2]), http.StatusNotFound, "not_found")
			c.tells(c.askAs("Bearer ana", ask[0], at("B", 1, ask[1]), ask[2]), http.StatusNotFound)
			c.tells(c.askAs("Bearer ana", ask[0], at("A", 3, ask[1]), ask[2]), http.StatusNotFound)
			c.tells(c.askAs("Bearer nobody", ask[0], at("A", 2, ask[1]), ask[2]), http.StatusUnauthorized)
			if len(h.drafts)+len(h.seen)+len(h.visitors) != 0 {
				t.Errorf("kept all the same: %v %v %v", h.drafts, h.seen, h.visitors)
			}
			for _, call := range []string{"thread", "here", "draft", "keepdraft", "markseen"} {
				h.fails(call)
				rec = c.askAs("Bearer ana", ask[0], at("A", 2, ask[1]), ask[2])
				if call == "thread" || rec.Code >= http.StatusBadRequest {
					c.tells(rec, http.StatusServiceUnavailable, "unavailable")
				}
				if strings.Contains(rec.Body.String(), "secret words") {
					t.Errorf("the cause is told: %s", rec.Body)
				}
			}
			h.fails("here", "draft", "keepdraft", "markseen")
			c.tells(c.askAs("Bearer ana", ask[0], at("A", 2, ask[1]), ask[2]), http.StatusServiceUnavailable)
		})
	}
}

// unchecked makes a request that is not held against the description.
func (c *counter) unchecked(token, method, path, body string) *httptest.ResponseRecorder {
	c.t.Helper()
	r := httptest.NewRequestWithContext(c.t.Context(), method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+token)
	rec := httptest.NewRecorder()
	c.echo.ServeHTTP(rec, r)
	return rec
}
