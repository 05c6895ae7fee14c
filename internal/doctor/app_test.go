package doctor_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/internal/doctor"
)

func TestAppIsMissing(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.c.ZendeskAppID = 0
	all := c.finds()
	if !slices.Contains(checks(all, doctor.Warning), "zendesk.app") {
		t.Errorf("%+v", all)
	}
	says(t, all, "app", "PONTE_ZENDESK_APP_ID is missing: nobody can sign in to the app inside Zendesk → make the app with `ponte app package`")
}

func TestAppInOrder(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.change(func(o *settings.Operation) { o.Account.Access.Agents = []string{"suporte n1"} })
	all := c.finds()
	says(t, all, "app", "the app is installed")
	says(t, all, "app_key", "can be read")
	says(t, all, "access", "are there")
}

func TestAppOfAnotherNumber(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.c.ZendeskAppID = 502
	all := c.finds("zendesk.app_key", "zendesk.app")
	says(t, all, "app_key", "Zendesk knows no app with the number")
	says(t, all, "app", "is not installed")
}

// What Zendesk refuses, and what goes wrong on the way, are two things.
func TestAppUnreadable(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		path     string
		status   int
		body     string
		check    string
		severity doctor.Severity
		says     string
	}{
		{"public_key.pem", 403, `{"error":"Forbidden"}`, "app_key", doctor.Error, "the scope read, and its owner the role of an admin"},
		{"public_key.pem", 401, `{"error":"X"}`, "app_key", doctor.Error, "the scope read"},
		{"public_key.pem", 500, `{}`, "app_key", doctor.Warning, "not checked"},
		{"public_key.pem", 200, "no key", "app_key", doctor.Warning, "not checked"},
		{"apps/installations", 403, `{"error":"Forbidden"}`, "app", doctor.Error, "can't be listed"},
		{"apps/installations", 200, `{"installations":[]}`, "app", doctor.Error, "is not installed"},
		{"apps/installations", 200, `{"installations":[{"id":9,"app_id":501,"enabled":false}]}`, "app", doctor.Error, "switched off"},
	} {
		c := open(t)
		c.answer = func(r *http.Request) *http.Response {
			if !strings.HasSuffix(r.URL.Path, tt.path) {
				return nil
			}
			return reply(r, tt.status, tt.body)
		}
		all := c.look()
		if !slices.Contains(checks(all, tt.severity), "zendesk."+tt.check) {
			t.Errorf("%s, %d: %+v", tt.path, tt.status, all)
		}
		says(t, all, tt.check, tt.says)
	}
}

func TestAccessOfUnknownGroups(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.change(func(o *settings.Operation) {
		o.Account.Access.Agents, o.Account.Access.Supervisors = []string{"Suporte N1", "Suporte N9"}, []string{"99"}
	})
	all := c.finds()
	says(t, all, "access", `account.access.agents names the group "Suporte N9"`)
	says(t, all, "access", `account.access.supervisors names the group "99"`)
	if slices.Contains(checks(all, doctor.OK), "zendesk.access") {
		t.Errorf("good and bad at once: %+v", all)
	}
}
