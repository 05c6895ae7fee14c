package whatsapp_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/ponte-desk/ponte/whatsapp"
)

func TestSecretNeverShows(t *testing.T) {
	t.Parallel()
	secret := whatsapp.Secret(token)
	cfg := whatsapp.CloudConfig{Token: secret}
	var shown []string
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%10s", "%t"} {
		shown = append(shown, fmt.Sprintf(verb, secret), fmt.Sprintf(verb, cfg), fmt.Sprintf(verb, &cfg), fmt.Sprintf(verb, []whatsapp.Secret{secret}),
			fmt.Sprintf(verb, whatsapp.NewCloud(cfg)))
	}
	shown = append(shown, secret.String(), fmt.Sprint(secret), fmt.Sprintln(map[string]whatsapp.Secret{"k": secret}))
	for _, v := range []any{secret, map[string]any{"t": secret}, struct{ T *whatsapp.Secret }{&secret}} {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		shown = append(shown, string(text))
	}
	text, err := xml.Marshal(secret)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "token", secret, "cfg", cfg)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "token", secret)
	shown = append(shown, string(text), log.String())
	for _, s := range shown {
		if strings.Contains(s, token) || strings.Contains(strings.ToLower(s), fmt.Sprintf("%x", token)) {
			t.Errorf("it shows in %q", s)
		}
	}
	if secret.String() != "***" || string(secret) != token {
		t.Error("a secret must hide from readers and not from its user")
	}
}
