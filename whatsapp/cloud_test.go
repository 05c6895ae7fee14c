package whatsapp_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ponte-desk/ponte/whatsapp"
)

const (
	accepted = `{"messaging_product":"whatsapp","contacts":[{"input":"+5521998877665","wa_id":"552198877665"}],` +
		`"messages":[{"id":"wamid.A","message_status":"accepted"}]}`
	token = "EAAG-very-secret"
)

func hello() whatsapp.TextMessage {
	return whatsapp.TextMessage{NumberID: "7001", To: "5521998877665", Body: "Olá"}
}

// cloud returns a client of a server that answers with handler, below a path.
func cloud(t *testing.T, handler http.HandlerFunc) *whatsapp.Cloud {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return whatsapp.NewCloud(whatsapp.CloudConfig{BaseURL: server.URL + "/graph/", Version: "v26.0", Token: token, HTTP: server.Client()})
}

func TestSendTextRequest(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*whatsapp.TextMessage)
		want   map[string]any
	}{
		"phone in digits": {func(*whatsapp.TextMessage) {}, map[string]any{"to": "+5521998877665"}},
		"phone as written": {func(m *whatsapp.TextMessage) { m.To = "+55 (21) 99887-7665" }, map[string]any{
			"to": "+5521998877665",
		}},
		"user id":        {func(m *whatsapp.TextMessage) { m.To = "BR.88" }, map[string]any{"recipient": "BR.88"}},
		"parent user id": {func(m *whatsapp.TextMessage) { m.To = "BR.ENT.55" }, map[string]any{"recipient": "BR.ENT.55"}},
		"quote": {func(m *whatsapp.TextMessage) { m.ReplyTo = "wamid.Q" }, map[string]any{
			"to": "+5521998877665", "context": map[string]any{"message_id": "wamid.Q"},
		}},
		"callback data": {func(m *whatsapp.TextMessage) { m.CallbackData = strings.Repeat("ç", 512) }, map[string]any{
			"to": "+5521998877665", "biz_opaque_callback_data": strings.Repeat("ç", 512),
		}},
		"preview": {func(m *whatsapp.TextMessage) { m.PreviewURL = true }, map[string]any{
			"to": "+5521998877665", "text": map[string]any{"body": "Olá", "preview_url": true},
		}},
		"longest": {func(m *whatsapp.TextMessage) { m.Body = strings.Repeat("😀", 2048) }, map[string]any{
			"to": "+5521998877665", "text": map[string]any{"body": strings.Repeat("😀", 2048)},
		}},
		"markup": {func(m *whatsapp.TextMessage) { m.Body = "<b>&\u2028\"" }, map[string]any{
			"to": "+5521998877665", "text": map[string]any{"body": "<b>&\u2028\""},
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for key, v := range map[string]any{
				"messaging_product": "whatsapp", "recipient_type": "individual", "type": "text", "text": map[string]any{"body": "Olá"},
			} {
				if _, set := test.want[key]; !set {
					test.want[key] = v
				}
			}
			c := cloud(t, func(w http.ResponseWriter, r *http.Request) {
				var got map[string]any
				if err := json.NewDecoder(r.Body).Decode(&got); err != nil {
					t.Error(err)
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Error(diff)
				}
				if r.Method != http.MethodPost || r.URL.Path != "/graph/v26.0/7001/messages" || r.URL.RawQuery != "" {
					t.Errorf("got %s %s", r.Method, r.URL)
				}
				if got := r.Header.Get("Authorization"); got != "Bearer "+token {
					t.Errorf("got Authorization %q", got)
				}
				if got := r.Header.Get("Content-Type"); got != "application/json" {
					t.Errorf("got Content-Type %q", got)
				}
				io.WriteString(w, accepted)
			})
			m := hello()
			test.change(&m)
			sent, err := c.SendText(t.Context(), m)
			want := whatsapp.Sent{ID: "wamid.A", WaID: "552198877665", MessageStatus: "accepted"}
			if err != nil || sent != want {
				t.Errorf("got %+v, %v", sent, err)
			}
		})
	}
}

func TestSendTextRefusesBeforeSending(t *testing.T) {
	t.Parallel()
	c := cloud(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	for name, change := range map[string]func(*whatsapp.TextMessage){
		"no text":              func(m *whatsapp.TextMessage) { m.Body = "" },
		"text too long":        func(m *whatsapp.TextMessage) { m.Body = strings.Repeat("a", 4097) },
		"emoji count twice":    func(m *whatsapp.TextMessage) { m.Body = strings.Repeat("😀", 2048) + "a" },
		"callback data":        func(m *whatsapp.TextMessage) { m.CallbackData = strings.Repeat("a", 513) },
		"no recipient":         func(m *whatsapp.TextMessage) { m.To = "" },
		"recipient of letters": func(m *whatsapp.TextMessage) { m.To = "ana.prado" },
		"phone too short":      func(m *whatsapp.TextMessage) { m.To = "190" },
		"phone too long":       func(m *whatsapp.TextMessage) { m.To = "5521998877665123" },
		"no number id":         func(m *whatsapp.TextMessage) { m.NumberID = "" },
		"number id of dots":    func(m *whatsapp.TextMessage) { m.NumberID = ".." },
		"number id with path":  func(m *whatsapp.TextMessage) { m.NumberID = "7001/../7002" },
		"number id with query": func(m *whatsapp.TextMessage) { m.NumberID = "7001?x" },
	} {
		m := hello()
		change(&m)
		if sent, err := c.SendText(t.Context(), m); !errors.Is(err, whatsapp.ErrInvalid) || sent != (whatsapp.Sent{}) {
			t.Errorf("%s: got %+v, %v", name, sent, err)
		}
	}
}

func TestSendTextAnswers(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]whatsapp.Sent{
		`{"contacts":[{"input":"BR.88","user_id":"BR.88"}],"messages":[{"id":"w"}]}`: {ID: "w", UserID: "BR.88"},
		`{"messages":[{"message_status":"held_for_quality_assessment","id":"w"}]}`:   {ID: "w", MessageStatus: "held_for_quality_assessment"},
		`{"messages":[{"id":"w"}],"contacts":"odd"}`:                                 {ID: "w"},
		`{"messages":[{"id":"w\u002f1"}],"contacts":null,"new":{"a":[1]}}`:           {ID: "w/1"},
	} {
		c := cloud(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, body) })
		if sent, err := c.SendText(t.Context(), hello()); err != nil || sent != want {
			t.Errorf("%s: got %+v, %v", body, sent, err)
		}
	}
}

// outcome names how a send ended.
func outcome(err error) string {
	var api *whatsapp.APIError
	var uncertain *whatsapp.UncertainError
	switch {
	case err == nil:
		return "sent"
	case errors.As(err, &uncertain):
		return "uncertain"
	case errors.As(err, &api):
		return string(api.Class)
	}
	return err.Error()
}

// Every HTTP status from 200 on, with every sort of answer.
func TestSendTextEveryStatus(t *testing.T) {
	t.Parallel()
	const known = `{"error":{"message":"(#131047) Re-engagement","type":"OAuthException","code":131047,"fbtrace_id":"T","error_data":{"details":"d"}}}`
	const unknown = `{"error":{"message":"m","code":7777777}}`
	statuses := []int{
		200, 201, 202, 204, 299, 300, 301, 302, 303, 304, 307, 308, 400, 401, 402, 403, 404, 405, 406, 408, 409, 410, 411, 412, 413, 414, 415, 417,
		418, 421, 422, 423, 424, 425, 426, 428, 429, 431, 451, 499, 500, 501, 502, 503, 504, 505, 507, 508, 511, 520, 524, 599,
	}
	byStatus := func(status int) string {
		switch {
		case status >= 500, status == 408:
			return "transient"
		case status == 429:
			return "throttled_number"
		case status == 401:
			return "auth"
		}
		return "unknown"
	}
	unanswered := func(status int) string {
		if status < 300 || status >= 500 {
			return "uncertain"
		}
		return byStatus(status)
	}
	answers := map[string]struct {
		body string
		want func(status int) string
	}{
		"a message id": {accepted, func(status int) string {
			if status < 300 {
				return "sent"
			}
			return unanswered(status)
		}},
		"a known code": {known, func(status int) string {
			if status < 300 {
				return "uncertain"
			}
			return "needs_template"
		}},
		"an unknown code": {unknown, func(status int) string {
			if status < 300 {
				return "uncertain"
			}
			return byStatus(status)
		}},
		"a quoted code":      {`{"error":{"code":"190"}}`, func(status int) string { return map[bool]string{true: "uncertain", false: "auth"}[status < 300] }},
		"an error of no use": {`{"error":"boom"}`, unanswered},
		"a code of no use":   {`{"error":{"code":"x"}}`, unanswered},
		"HTML":               {`<html>`, unanswered},
		"a list":             {`[]`, unanswered},
		"nothing":            {``, unanswered},
		"half an answer":     {accepted[:60], unanswered},
		"a deep one":         {`{"messages":` + strings.Repeat("[", 1000), unanswered},
		"an endless one":     {`{"messages":[{"id":"` + strings.Repeat("a", 1<<20) + `"}]}`, unanswered},
		"no id":              {`{"messages":[]}`, unanswered},
	}
	for name, answer := range answers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			status := 0
			c := cloud(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(status)
				io.WriteString(w, answer.body)
			})
			for _, status = range statuses {
				want := answer.want(status)
				if bodyless := status == 204 || status == 304; bodyless {
					want = unanswered(status)
				}
				_, err := c.SendText(t.Context(), hello())
				if got := outcome(err); got != want {
					t.Errorf("%d: got %s, want %s (%v)", status, got, want, err)
				}
			}
		})
	}
}

func TestSendTextAPIError(t *testing.T) {
	t.Parallel()
	c := cloud(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "17")
		w.WriteHeader(http.StatusBadRequest)
		io.WriteString(w, `{"error":{"message":"(#131056) to 5521998877665","type":"OAuthException","code":131056,"error_subcode":2494055,`+
			`"fbtrace_id":"Az8","error_data":{"messaging_product":"whatsapp","details":"Ana wrote too much"}}}`)
	})
	_, err := c.SendText(t.Context(), hello())
	var got *whatsapp.APIError
	if !errors.As(err, &got) {
		t.Fatalf("got %v", err)
	}
	if got.Code != 131056 || got.Subcode != 2494055 || got.HTTPStatus != 400 || got.Message != "(#131056) to 5521998877665" ||
		got.Details != "Ana wrote too much" || got.FBTrace != "Az8" || got.Class != whatsapp.ClassThrottledRecipient || got.RetryAfter != 17*time.Second {
		t.Errorf("got %+v", got)
	}
	if v := got.Verdict(); !v.Retry || v.Scope != whatsapp.ScopeRecipient {
		t.Errorf("got %+v", v)
	}
	const want = `whatsapp: error code 131056, http status 400 (throttled_recipient), trace "Az8"`
	if err.Error() != want {
		t.Errorf("got %q", err)
	}
}

// Parts of an error that cannot be read are left out; the others are kept, and with them what is to be done.
func TestSendTextAPIErrorOddParts(t *testing.T) {
	t.Parallel()
	bare := whatsapp.APIError{Code: whatsapp.NoCode, Subcode: whatsapp.NoCode, HTTPStatus: 400, Class: whatsapp.ClassUnknown}
	with := func(change func(*whatsapp.APIError)) whatsapp.APIError {
		e := bare
		change(&e)
		return e
	}
	for members, want := range map[string]whatsapp.APIError{
		``:                           bare,
		`"code":null,"message":null`: bare,
		`"code":{},"message":[],"fbtrace_id":true,"error_data":"x","error_subcode":"y"`: bare,
		`"code":0`: with(func(e *whatsapp.APIError) { e.Code, e.Class = 0, whatsapp.ClassAuth }),
		`"code":"131026","message":7`: with(func(e *whatsapp.APIError) {
			e.Code, e.Message, e.Class = 131026, "7", whatsapp.ClassUndeliverable
		}),
		`"error_data":{"details":{}},"code":131047,"error_subcode":1.5`: with(func(e *whatsapp.APIError) {
			e.Code, e.Class = 131047, whatsapp.ClassNeedsTemplate
		}),
		`"error_data":[{"details":"d"}],"error_subcode":33,"fbtrace_id":"T"`: with(func(e *whatsapp.APIError) { e.Subcode, e.FBTrace = 33, "T" }),
		`"error_data":{"details":"d"},"code":"x"`:                            with(func(e *whatsapp.APIError) { e.Details = "d" }),
	} {
		c := cloud(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusBadRequest)
			io.WriteString(w, `{"trace":[1],"error":{`+members+`}}`)
		})
		_, err := c.SendText(t.Context(), hello())
		var got *whatsapp.APIError
		if !errors.As(err, &got) {
			t.Errorf("%s: got %v", members, err)
			continue
		}
		if diff := cmp.Diff(want, *got, cmpopts.IgnoreUnexported(whatsapp.APIError{})); diff != "" {
			t.Errorf("%s: %s", members, diff)
		}
	}
}

func TestSendTextRetryAfter(t *testing.T) {
	t.Parallel()
	const date = "Mon, 02 Nov 2026 10:00:00 GMT"
	tests := []struct {
		wish, date string
		want       time.Duration
	}{
		{"", date, 0},
		{"0", date, 0},
		{"30", "", 30 * time.Second},
		{"-1", date, 0},
		{"soon", date, 0},
		{"1.5", date, 0},
		{"99999999999999999999", date, 0},
		{"1000000", date, 24 * time.Hour},
		{"Mon, 02 Nov 2026 10:02:00 GMT", date, 2 * time.Minute},
		{"Mon, 02 Nov 2026 09:00:00 GMT", date, 0},
		{"Mon, 02 Nov 2099 10:00:00 GMT", date, 24 * time.Hour},
		{"Mon, 02 Nov 2026 10:02:00 GMT", "yesterday", 0},
	}
	for _, test := range tests {
		c := cloud(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", test.wish)
			w.Header().Set("Date", test.date)
			w.WriteHeader(http.StatusTooManyRequests)
		})
		_, err := c.SendText(t.Context(), hello())
		var got *whatsapp.APIError
		if !errors.As(err, &got) || got.RetryAfter != test.want {
			t.Errorf("%q at %q: got %v, want %v", test.wish, test.date, got, test.want)
		}
	}
}
