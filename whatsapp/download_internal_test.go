package whatsapp

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"strings"
	"testing"
)

// The credential goes to its owner's hosts and nowhere else.
func TestCredentialOfFiles(t *testing.T) {
	t.Parallel()
	cloud := NewCloud(CloudConfig{BaseURL: "http://127.0.0.1:8080/sandbox", Version: "v26.0", Token: "secret"})
	dialog := NewDialog360(Dialog360Config{Key: "secret"})
	for address, want := range map[string]struct{ cloud, dialog string }{
		"https://lookaside.fbsbx.com/a?b":  {"https://lookaside.fbsbx.com/a?b", "https://waba-v2.360dialog.io/a?b"},
		"https://LOOKASIDE.FBSBX.COM/a":    {"https://LOOKASIDE.FBSBX.COM/a", "https://waba-v2.360dialog.io/a"},
		"https://graph.facebook.com/a":     {"https://graph.facebook.com/a", ""},
		"https://scontent.fbcdn.net/a":     {"https://scontent.fbcdn.net/a", ""},
		"https://mmg.whatsapp.net/a":       {"https://mmg.whatsapp.net/a", ""},
		"https://waba-v2.360dialog.io/a":   {"", "https://waba-v2.360dialog.io/a"},
		"http://127.0.0.1:8080/media":      {"http://127.0.0.1:8080/media", ""},
		"http://127.0.0.1:8081/media":      {"", ""},
		"https://127.0.0.1:8080/media":     {"", ""},
		"http://graph.facebook.com/a":      {"", ""},
		"http://waba-v2.360dialog.io/a":    {"", ""},
		"https://evil.example/a":           {"", ""},
		"https://fbsbx.com.evil.example/a": {"", ""},
		"https://evilfbsbx.com/a":          {"", ""},
	} {
		for _, tt := range []struct {
			api  *api
			name string
			want string
		}{{&cloud.api, "Authorization", want.cloud}, {&dialog.api, "D360-Api-Key", want.dialog}} {
			req, err := tt.api.fileRequest(t.Context(), address)
			if err != nil {
				t.Fatal(err)
			}
			sent := strings.TrimPrefix(req.Header.Get(tt.name), "Bearer ") == "secret"
			if sent != (tt.want != "") || sent && req.URL.String() != tt.want {
				t.Errorf("%s: credential sent: %v, to %s", address, sent, req.URL)
			}
		}
	}
}

func TestFileIsTooLarge(t *testing.T) {
	t.Parallel()
	v := &verified{ReadCloser: io.NopCloser(strings.NewReader("123456")), sum: sha256.New(), left: 5}
	if _, err := io.ReadAll(v); !errors.Is(err, ErrMediaBroken) {
		t.Errorf("error = %v", err)
	}
	v = &verified{ReadCloser: io.NopCloser(strings.NewReader("12345")), sum: sha256.New(), left: 5}
	if body, err := io.ReadAll(v); string(body) != "12345" || err != nil {
		t.Errorf("got %q, %v", body, err)
	}
}

func TestDigest(t *testing.T) {
	t.Parallel()
	want := bytes.Repeat([]byte{0xfb}, 32)
	for s, ok := range map[string]bool{
		strings.Repeat("fb", 32):                       true,
		strings.Repeat("FB", 32):                       true,
		"+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/s=": true,
		"+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/s":  true,
		"-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s=": true,
		"":                       false,
		"=":                      false,
		"fb":                     false,
		strings.Repeat("fb", 33): false,
		strings.Repeat("zz", 32): false,
	} {
		got := digest(s)
		if ok != bytes.Equal(got, want) || !ok && got != nil {
			t.Errorf("digest(%q) = %x", s, got)
		}
	}
}
