package whatsapp_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/ponte-desk/ponte/whatsapp"
)

// shared returns the path of a file of the folder "shared" beside the repository, or nothing where there is none.
func shared(tb testing.TB, parts ...string) string {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for {
		path := filepath.Join(append([]string{dir, "shared"}, parts...)...)
		if _, err := os.Stat(path); err == nil {
			return path
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			tb.Logf("no shared/%s here: nothing to check against", filepath.Join(parts...))
			return ""
		}
		dir = parent
	}
}

// contract loads Meta's OpenAPI description for any server. Its "additionalProperties: false" beside allOf refuses every message and
// is lifted; everything else is as published.
func contract(t *testing.T, file string) routers.Router {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text = bytes.ReplaceAll(text, []byte("additionalProperties: false"), []byte("additionalProperties: true"))
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		t.Fatal(err)
	}
	doc.Servers = nil
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	return router
}

func validate(router routers.Router, r *http.Request) error {
	route, params, err := router.FindRoute(r)
	if err != nil {
		return err
	}
	return openapi3filter.ValidateRequest(r.Context(), &openapi3filter.RequestValidationInput{
		Request: r, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
	})
}

func TestSendTextKeepsTheContract(t *testing.T) {
	t.Parallel()
	file := shared(t, "contracts", "whatsapp-cloud-api.yaml")
	if file == "" {
		return
	}
	tests := map[string]whatsapp.TextMessage{
		"plain":   {Body: "Bom dia"},
		"preview": {Body: "https://example.com", PreviewURL: true},
		"quoted":  {Body: "Sim", ReplyTo: "wamid.Q"},
		"tracked": {Body: "Sim", CallbackData: "thread/effect"},
	}
	router := contract(t, file)
	outcome := make(chan error, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		outcome <- validate(router, r)
		w.Write([]byte(accepted))
	}))
	defer server.Close()
	cloud := whatsapp.NewCloud(whatsapp.CloudConfig{BaseURL: server.URL, Version: "v23.0", Token: "t", HTTP: server.Client()})
	for name, m := range tests {
		m.NumberID, m.To = "700800900100200", "5521998877665"
		if _, err := cloud.SendText(t.Context(), m); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := <-outcome; err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}

	// The check must be able to fail.
	for name, body := range map[string]string{
		"no recipient": `{"messaging_product":"whatsapp","recipient_type":"individual","type":"text","text":{"body":"x"}}`,
		"no text":      `{"messaging_product":"whatsapp","recipient_type":"individual","to":"+5521998877665","type":"text"}`,
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/v23.0/700800900100200/messages", bytes.NewBufferString(body))
		r.Header.Set("Authorization", "Bearer t")
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("User-Agent", "ponte/1.0.0")
		if err := validate(router, r); err == nil || !strings.Contains(err.Error(), "request body") {
			t.Errorf("%s: got %v, want a complaint about the body", name, err)
		}
	}
}
