package whatsapp_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/whatsapp"
)

func TestMarkRead(t *testing.T) {
	t.Parallel()
	p := newPeer(t, http.StatusOK, `{"success":true}`)
	for path, provider := range map[string]whatsapp.Provider{"/graph/v26.0/7001/messages": p.cloud(), "/d360/messages": p.dialog360()} {
		for _, typing := range []bool{false, true} {
			if err := provider.MarkRead(t.Context(), "7001", "wamid.M==", typing); err != nil {
				t.Fatal(err)
			}
			want := map[string]any{"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.M=="}
			if typing {
				want["typing_indicator"] = map[string]any{"type": "text"}
			}
			got := <-p.asked
			if diff := cmp.Diff(want, got.body); diff != "" || got.method != http.MethodPost || got.path != path {
				t.Errorf("%s %s: %s", got.method, got.path, diff)
			}
		}
	}
	for _, ids := range [][2]string{{"", "wamid.M"}, {"70/01", "wamid.M"}, {"7001", ""}} {
		if err := p.cloud().MarkRead(t.Context(), ids[0], ids[1], false); !errors.Is(err, whatsapp.ErrInvalid) {
			t.Errorf("%q: got %v", ids, err)
		}
	}
}

func TestForgetContact(t *testing.T) {
	t.Parallel()
	p := newPeer(t, http.StatusOK, `{"success":true,"deleted":false}`)
	if err := p.cloud().ForgetContact(t.Context(), "7001", "BR.1502576394655843"); err != nil {
		t.Fatal(err)
	}
	got := <-p.asked
	query, err := url.ParseQuery(got.query)
	want := url.Values{"messaging_product": {"whatsapp"}, "bsuid": {"BR.1502576394655843"}}
	if diff := cmp.Diff(want, query); diff != "" || err != nil {
		t.Errorf("%v: %s", err, diff)
	}
	if got.method != http.MethodDelete || got.path != "/graph/v26.0/7001/contact_book" || got.body != nil || got.header.Get("Content-Type") != "" {
		t.Errorf("got %+v", got)
	}
	for _, ids := range [][2]string{
		{"", "BR.88"}, {"..", "BR.88"}, {"7001", ""}, {"7001", "5521998877665"}, {"7001", "BR.ENT.55"}, {"7001", "BR.88&x=1"},
	} {
		if err := p.cloud().ForgetContact(t.Context(), ids[0], ids[1]); !errors.Is(err, whatsapp.ErrInvalid) {
			t.Errorf("%q: got %v", ids, err)
		}
	}
}

// requests are the calls that send no message.
func requests() map[string]func(context.Context, whatsapp.Provider) error {
	return map[string]func(context.Context, whatsapp.Provider) error{
		"mark read": func(ctx context.Context, p whatsapp.Provider) error { return p.MarkRead(ctx, "7001", "wamid.M", true) },
		"forget":    func(ctx context.Context, p whatsapp.Provider) error { return p.ForgetContact(ctx, "7001", "BR.88") },
		"templates": func(ctx context.Context, p whatsapp.Provider) error {
			_, err := p.Templates(ctx, "3011")
			return err
		},
	}
}

func TestRequestOutcomes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		status int
		answer string
		want   string
	}{
		{400, `{"error":{"code":131009,"message":"Ana"}}`, "our_bug"},
		{401, `{"error":{"code":190}}`, "auth"},
		{404, `<html>`, "unknown"},
		{307, ``, "unknown"},
		{429, ``, "throttled_number"},
		{500, `{"error":{"code":2}}`, "transient"},
		{503, `busy`, "uncertain"},
		{200, `{"success":false}`, "uncertain"},
		{200, `{"success":"true"}`, "uncertain"},
		{200, `{"data":{}}`, "uncertain"},
		{200, `[]`, "uncertain"},
		{204, ``, "uncertain"},
	} {
		p := newPeer(t, test.status, test.answer)
		for name, request := range requests() {
			err := request(t.Context(), p.cloud())
			if got := outcome(err); got != test.want {
				t.Errorf("%s, %d %s: got %s", name, test.status, test.answer, got)
			}
			if strings.Contains(err.Error(), "message may") || strings.Contains(err.Error(), "Ana") {
				t.Errorf("%s: got %v", name, err)
			}
		}
	}
}

// Where nothing was sent it says so, and no error shows whom it was about.
func TestRequestTransportFailures(t *testing.T) {
	t.Parallel()
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	failing := func(err error) *http.Client {
		return &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) { return nil, err })}
	}
	p := newPeer(t, http.StatusOK, `{}`)
	tests := map[string]struct {
		ctx  context.Context
		cfg  whatsapp.CloudConfig
		want string
	}{
		"canceled before": {canceled, whatsapp.CloudConfig{BaseURL: p.URL, Token: token}, "transient"},
		"nobody listens":  {t.Context(), whatsapp.CloudConfig{BaseURL: "http://" + refusedAddress(t), Token: token}, "transient"},
		"hung up":         {t.Context(), whatsapp.CloudConfig{BaseURL: p.URL, Token: token, HTTP: failing(io.ErrUnexpectedEOF)}, "uncertain"},
		"no token":        {t.Context(), whatsapp.CloudConfig{BaseURL: p.URL}, "auth"},
		"no base URL":     {t.Context(), whatsapp.CloudConfig{Token: token}, "our_bug"},
	}
	for name, test := range tests {
		test.cfg.Version = "v26.0"
		for kind, request := range requests() {
			err := request(test.ctx, whatsapp.NewCloud(test.cfg))
			if got := outcome(err); got != test.want {
				t.Errorf("%s, %s: got %s (%v)", name, kind, got, err)
			}
			if strings.Contains(err.Error(), "BR.88") {
				t.Errorf("%s, %s: shows a customer: %v", name, kind, err)
			}
			var uncertain *whatsapp.UncertainError
			if errors.As(err, &uncertain) && err.Error() != "whatsapp: the request may have taken effect: unexpected EOF" {
				t.Errorf("%s, %s: got %v", name, kind, err)
			}
		}
	}
}

func TestDialog360(t *testing.T) {
	t.Parallel()
	t.Run("address", func(t *testing.T) {
		t.Parallel()
		var got string
		client := &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			got = r.Method + " " + r.URL.String()
			return nil, io.EOF
		})}
		d := whatsapp.NewDialog360(whatsapp.Dialog360Config{Key: token, HTTP: client})
		for want, request := range map[string]func() error{
			"POST https://waba-v2.360dialog.io/messages": func() error { _, err := d.SendText(t.Context(), hello()); return err },
			"GET https://waba-v2.360dialog.io/v1/configs/templates?limit=100&offset=0": func() error {
				_, err := d.Templates(t.Context(), "")
				return err
			},
			"DELETE https://waba-v2.360dialog.io/contact_book?bsuid=BR.88&messaging_product=whatsapp": func() error {
				return d.ForgetContact(t.Context(), "7001", "BR.88")
			},
		} {
			if err := request(); outcome(err) != "uncertain" || got != want {
				t.Errorf("got %s, %v, want %s", got, err, want)
			}
		}
	})
	t.Run("redirect", func(t *testing.T) {
		t.Parallel()
		p := newPeer(t, http.StatusFound, ``)
		if _, err := p.dialog360().SendText(t.Context(), hello()); outcome(err) != "unknown" || len(p.asked) != 1 {
			t.Errorf("got %v after %d requests", err, len(p.asked))
		}
	})
	t.Run("key", func(t *testing.T) {
		t.Parallel()
		for _, key := range []whatsapp.Secret{"", "a\nb", "ç"} {
			d := whatsapp.NewDialog360(whatsapp.Dialog360Config{Key: key})
			if _, err := d.SendText(t.Context(), hello()); outcome(err) != "auth" {
				t.Errorf("got %v", err)
			}
		}
	})
}
