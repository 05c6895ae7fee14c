package sandbox_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/ponte-desk/ponte/sandbox/desk"
)

const appKeyPath = zendeskAPI + "/apps/941205/public_key.pem"

// withApp gives the world's account an app whose pages come from another site.
func (w *world) withApp() {
	w.t.Helper()
	w.cfg.Zendesk.App = desk.App{
		ID: 941_205, InstallationID: 7_203_118, SidebarURL: "http://localhost:8080/app/sidebar", NavURL: "http://localhost:8080/app/conversas",
	}
	if err := w.Close(); err != nil {
		w.t.Fatal(err)
	}
	w.open()
}

// policy returns the Content-Security-Policy of an address.
func (w *world) policy(address string) string {
	w.t.Helper()
	res, err := w.try(w.t.Context(), http.MethodGet, address, "")
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	return res.Header.Get("Content-Security-Policy")
}

func TestPagesMayFrameTheApp(t *testing.T) {
	t.Parallel()
	w := setup(t, "")
	const strict = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'"
	addresses := []string{"/sandbox/", "/sandbox/phone", "/sandbox/helpdesk", "/sandbox/pages/helpdesk.html", "/sandbox/pages/helpdesk.js"}
	for _, address := range addresses {
		if got := w.policy(address); got != strict {
			t.Errorf("%s without app: %q", address, got)
		}
	}
	w.withApp()
	want := strings.Replace(strict, "form-action 'none'", "form-action http://localhost:8080; frame-src 'self' http://localhost:8080", 1)
	for _, address := range addresses {
		if got := w.policy(address); got != want {
			t.Errorf("%s with an app: %q", address, got)
		}
	}
}

func TestAppOutlivesResets(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{"", t.TempDir()} {
		w := setup(t, dir)
		w.withApp()
		key := func() string {
			_, body := w.do(http.MethodGet, appKeyPath, "")
			if !strings.HasPrefix(body, "-----BEGIN PUBLIC KEY-----") {
				t.Fatalf("key %q", body)
			}
			return body
		}
		before := key()
		w.want(200, "POST", "/sandbox/control/reset?data=1", "")
		if key() != before {
			t.Errorf("in %q: a reset changed the key", dir)
		}
		w.want(200, "POST", "/sandbox/control/zendesk/account", `{"seed":"empty"}`)
		if key() != before {
			t.Errorf("in %q: a new account changed the key", dir)
		}
		if dir == "" {
			continue
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		w.open()
		if key() != before {
			t.Error("a restart changed the key")
		}
	}
}

func TestAppTokenKnob(t *testing.T) {
	t.Parallel()
	w := setup(t, "")
	w.withApp()
	w.want(200, "POST", "/sandbox/control/zendesk", `{"app_token":"expired"}`)
	if got := w.Zendesk().Knobs().AppToken; got != "expired" {
		t.Errorf("app_token %q", got)
	}
	w.want(400, "POST", "/sandbox/control/zendesk", `{"app_token":"falso"}`)
}
