package app

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/bridge/web"
	"github.com/ponte-desk/ponte/whatsapp"
)

// In the demo the app comes from another site than the helpdesk, wherever this machine's names allow it.
func TestDemoApp(t *testing.T) {
	t.Parallel()
	for public, want := range map[string]string{
		"http://127.0.0.1:8080": "http://localhost:8080", "http://localhost:8080": "http://127.0.0.1:8080", "http://127.0.0.1": "http://localhost",
		"http://[::]:8080": "http://localhost:8080", "http://0.0.0.0:8080": "http://localhost:8080", "http://[::1]:8080": "http://localhost:8080",
		"https://demo.example.com": "https://demo.example.com", "http://192.168.0.7:8080": "http://192.168.0.7:8080", "http://localhost/base": "http://127.0.0.1/base",
	} {
		got := demoApp(DemoAppID, public)
		if got.SidebarURL != want+"/app/sidebar" || got.NavURL != want+"/app/conversas" || got.Validate() != nil || got.ID != DemoAppID {
			t.Errorf("%s: %+v, %v; want %s", public, got, got.Validate(), want)
		}
	}
}

func TestDemoFrames(t *testing.T) {
	t.Parallel()
	for public, want := range map[string][]string{
		"http://127.0.0.1:8080/x":  {"http://127.0.0.1:8080", "http://localhost:8080"},
		"https://demo.example.com": {"https://127.0.0.1", "https://demo.example.com", "https://localhost"},
		":":                        nil,
	} {
		if diff := cmp.Diff(want, demoFrames(public)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", public, diff)
		}
	}
}

func TestDemoTicket(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /t/{id}", demoTicket)
	for path, want := range map[string]string{"/t/35436": "/sandbox/helpdesk#/ticket/35436", "/t/%2F%2Fevil": "/sandbox/helpdesk#/ticket/%2F%2Fevil"} {
		rec := httptest.NewRecorder()
		mux.ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		if got := rec.Header().Get("Location"); rec.Code != http.StatusFound || got != want {
			t.Errorf("%s: %d to %q", path, rec.Code, got)
		}
	}
}

// The company's numbers are those of the settings and those that 360dialog carries, each with what holds for it.
func TestLines(t *testing.T) {
	t.Parallel()
	op := settings.DefaultOperation()
	sales := op.Default
	sales.Name, sales.Desk.Queue = "Comercial", "Vendas"
	nameless := sales
	nameless.Name = ""
	op.Numbers = map[string]settings.Number{"200": sales, "300": nameless}
	a := &App{providers: &providers{dialog: map[string]*whatsapp.Dialog360{"100": nil, "200": nil}}}
	want := []web.Line{
		{ID: "100", Name: op.Default.Name, Queue: op.Default.Desk.Queue}, {ID: "200", Name: "Comercial", Queue: "Vendas"}, {ID: "300", Name: "300", Queue: "Vendas"},
	}
	if diff := cmp.Diff(want, a.lines(func() settings.Operation { return op })()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
