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

// The description is sound for texts, files, reactions and questions; what it gets wrong (templates, user ids, read marks) has
// tests of its own.
func TestSendKeepsTheContract(t *testing.T) {
	t.Parallel()
	file := shared(t, "contracts", "whatsapp-cloud-api.yaml")
	if file == "" {
		return
	}
	router := contract(t, file)
	outcome := make(chan error, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		outcome <- validate(router, r)
		w.Write([]byte(accepted))
	}))
	defer server.Close()
	cloud := whatsapp.NewCloud(whatsapp.CloudConfig{BaseURL: server.URL, Version: "v23.0", Token: "t", HTTP: server.Client()})
	const number, to = "700800900100200", "5521998877665"
	text := func(m whatsapp.TextMessage) func() error {
		m.NumberID, m.To = number, to
		return func() error { _, err := cloud.SendText(t.Context(), m); return err }
	}
	media := func(m whatsapp.MediaMessage) func() error {
		m.NumberID, m.To, m.MediaID = number, to, "9001"
		return func() error { _, err := cloud.SendMedia(t.Context(), m); return err }
	}
	ask := func(change func(*whatsapp.InteractiveMessage)) func() error {
		m := question(change)
		m.NumberID = number
		return func() error { _, err := cloud.SendInteractive(t.Context(), m); return err }
	}
	for name, send := range map[string]func() error{
		"plain":    text(whatsapp.TextMessage{Body: "Bom dia"}),
		"preview":  text(whatsapp.TextMessage{Body: "https://example.com", PreviewURL: true}),
		"quoted":   text(whatsapp.TextMessage{Body: "Sim", ReplyTo: "wamid.Q"}),
		"tracked":  text(whatsapp.TextMessage{Body: "Sim", CallbackData: "thread/effect"}),
		"image":    media(whatsapp.MediaMessage{Kind: "image", Caption: "c"}),
		"audio":    media(whatsapp.MediaMessage{Kind: "audio", Voice: true}),
		"video":    media(whatsapp.MediaMessage{Kind: "video", ReplyTo: "wamid.Q"}),
		"document": media(whatsapp.MediaMessage{Kind: "document", Filename: "nota.pdf", Caption: "c"}),
		"sticker":  media(whatsapp.MediaMessage{Kind: "sticker"}),
		"buttons":  ask(func(m *whatsapp.InteractiveMessage) { m.Buttons, m.Footer = choices(3), "f" }),
		"list":     ask(func(m *whatsapp.InteractiveMessage) { m.List, m.Header = sections(2, 3), "h" }),
		"reaction": func() error {
			_, err := cloud.SendReaction(t.Context(), whatsapp.ReactionMessage{NumberID: number, To: to, MessageID: "wamid.M", Emoji: "👍"})
			return err
		},
	} {
		if err := send(); err != nil {
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
		"no file":      `{"messaging_product":"whatsapp","recipient_type":"individual","to":"+5521998877665","type":"image"}`,
		"four buttons": fourButtons,
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

const fourButtons = `{"messaging_product":"whatsapp","recipient_type":"individual","to":"+5521998877665","type":"interactive","interactive":{` +
	`"type":"button","body":{"text":"b"},"action":{"buttons":[{"type":"reply","reply":{"id":"1","title":"1"}},` +
	`{"type":"reply","reply":{"id":"2","title":"2"}},{"type":"reply","reply":{"id":"3","title":"3"}},{"type":"reply","reply":{"id":"4","title":"4"}}]}}}`
