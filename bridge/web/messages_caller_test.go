package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/web"
)

// What the app reads is for those who see the conversation, and what stands still for supervisors.
func TestReadingsByRole(t *testing.T) {
	t.Parallel()
	const ok, no, hidden = 200, http.StatusForbidden, http.StatusNotFound
	for _, r := range readings() {
		var want map[string]int
		switch {
		case strings.HasPrefix(r[1], conv), strings.Contains(r[1], session):
			want = map[string]int{anaToken: ok, brunoToken: hidden, heloToken: ok, adminToken: ok}
		case strings.Contains(r[1], "/work"), strings.Contains(r[1], "/canned"):
			want = map[string]int{anaToken: no, brunoToken: no, heloToken: ok, adminToken: ok}
		default:
			want = map[string]int{anaToken: ok, brunoToken: ok, heloToken: ok, adminToken: ok}
		}
		t.Run(r[0]+" "+r[1], func(t *testing.T) {
			t.Parallel()
			c := openCounter(t, newSecret)
			c.entries = lines()
			for token, status := range want {
				rec := c.askAs("Bearer "+token, r[0], r[1], r[2])
				if rec.Code == http.StatusNoContent {
					rec.Code = ok
				}
				if rec.Code != status {
					t.Errorf("%s: %d %s; want %d", token, rec.Code, rec.Body, status)
				}
			}
		})
	}
}

// An agent's name is what a canned reply says.
func TestCannedReplyOfAnAgent(t *testing.T) {
	t.Parallel()
	c := openCounter(t, newSecret)
	c.library.replies = []web.Canned{{ID: "1", Title: "t", Text: "Sou {{agente.nome}}."}}
	c.tells(c.askAs("Bearer "+anaToken, "GET", "/api/v1/canned?session="+session, ""), http.StatusOK, `"filled":"Sou Ana."`)
}

// Of what the contact had on other numbers an agent sees what their queues have, and what was their own.
func TestHistoryOfAnAgent(t *testing.T) {
	t.Parallel()
	other := func(n, queue string, owner int64) web.PastConversation {
		return web.PastConversation{
			Session: "wa-118273645509182-" + apiContact + "-" + n, Started: apiNow().Add(-time.Hour), State: conversation.StateClosed, Queue: queue, Owner: owner,
		}
	}
	c := openCounter(t, newSecret)
	c.library.past = []web.PastConversation{other("1", "Comercial", 12), other("2", "Suporte N1", 12), other("3", "Comercial", 7), other("4", "", 0)}
	for token, want := range map[string]string{anaToken: "2 3", heloToken: "1 2 3 4"} {
		rec := c.askAs("Bearer "+token, "GET", conv+"/history", "")
		var got []string
		for _, n := range []string{"1", "2", "3", "4"} {
			if strings.Contains(rec.Body.String(), apiContact+"-"+n+`"`) {
				got = append(got, n)
			}
		}
		if list := strings.Join(got, " "); list != want {
			t.Errorf("%s sees %q; want %q", token, list, want)
		}
	}
}
