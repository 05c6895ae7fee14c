package sandbox_test

import (
	"io"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

type object = map[string]any

func TestRequestsAreCounted(t *testing.T) {
	t.Parallel()
	w := setup(t, "")
	if diff := cmp.Diff([]any{}, w.want(200, "GET", "/sandbox/control/requests", "")); diff != "" {
		t.Errorf("at first (-want +got):\n%s", diff)
	}
	w.do("GET", "/sandbox/whatsapp/v26.0/1?fields=id", "")
	w.do("POST", "/sandbox/whatsapp"+messages, `{}`)
	w.do("POST", "/sandbox/whatsapp"+messages, `{}`)
	w.do("GET", "/sandbox/zendesk/api/v2/users/me.json", "")
	w.do("GET", "/sandbox/phone/api/customers", "")
	want := []any{
		object{"peer": "whatsapp", "method": "GET", "path": "/v26.0/1", "status": 400.0, "count": 1.0},
		object{"peer": "whatsapp", "method": "POST", "path": messages, "status": 400.0, "count": 2.0},
		object{"peer": "zendesk", "method": "GET", "path": "/api/v2/users/me.json", "status": 200.0, "count": 1.0},
	}
	if diff := cmp.Diff(want, w.want(200, "GET", "/sandbox/control/requests", "")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	w.want(200, "POST", "/sandbox/control/reset", "")
	if diff := cmp.Diff([]any{}, w.want(200, "GET", "/sandbox/control/requests", "")); diff != "" {
		t.Errorf("after reset (-want +got):\n%s", diff)
	}
}

func TestFaultOfTheSpecification(t *testing.T) {
	t.Parallel()
	w := setup(t, "")
	w.want(200, "POST", "/sandbox/control/faults", `{"peer":"zendesk","method":"PUT","path":"/api/v2/tickets/*","status":429,`+
		`"headers":{"Retry-After":"30"},"delay_ms":0,"cut":"","percent":100,"times":10}`)
	res, err := w.try(t.Context(), "PUT", "/sandbox/zendesk/api/v2/tickets/1.json", `{}`)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != 429 || res.Header.Get("Retry-After") != "30" {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
	left := w.want(200, "GET", "/sandbox/control/faults", "").([]any)
	if len(left) != 1 || left[0].(object)["times"] != 9.0 {
		t.Errorf("left: %v", left)
	}
}

func TestFaultsAddReplaceClear(t *testing.T) {
	t.Parallel()
	w := setup(t, "")
	count := func(body string) int {
		t.Helper()
		return len(w.want(200, "POST", "/sandbox/control/faults", body).([]any))
	}
	got := []int{
		count(`{"peer":"whatsapp","status":500}`),
		count(` {"status":503}`),
		count(` [{"status":500,"body":"{\"error\":\"x\"}"},{"cut":"after"},{"delay_ms":5}]`),
		count(`[]`),
		count(`{"cut":"before"}`),
	}
	if diff := cmp.Diff([]int{1, 2, 3, 0, 1}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	w.want(200, "POST", "/sandbox/control/reset?data=0", "")
	if left := w.want(200, "GET", "/sandbox/control/faults", "").([]any); len(left) != 0 {
		t.Errorf("after reset: %v", left)
	}
}

func TestCutAfterTheEffect(t *testing.T) {
	t.Parallel()
	w := setup(t, "")
	if _, err := w.WhatsApp().ReceiveFrom("1", "oi"); err != nil {
		t.Fatal(err)
	}
	w.want(200, "POST", "/sandbox/control/faults", `{"peer":"whatsapp","path":"*/messages","cut":"after","times":1}`)
	body := `{"messaging_product":"whatsapp","to":"+5511987650142","type":"text","text":{"body":"olá"}}`
	if _, err := w.try(t.Context(), "POST", "/sandbox/whatsapp"+messages, body); err == nil {
		t.Error("the cut request was answered")
	}
	chat, _ := w.WhatsApp().Chat("1", "", true)
	if len(chat.Messages) != 2 {
		t.Errorf("%d messages, want the one whose answer was lost too", len(chat.Messages))
	}
}

func TestClock(t *testing.T) {
	t.Parallel()
	w := setup(t, "")
	moved := 0
	w.OnClock(func() { moved++ })
	got := w.want(200, "POST", "/sandbox/control/clock", `{"offset_seconds":90000}`)
	want := object{"now": "2026-11-21T13:00:00Z", "offset_seconds": 90000.0}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, w.want(200, "GET", "/sandbox/control/clock", "")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !w.Now().Equal(start.Add(25*time.Hour)) || moved != 1 {
		t.Errorf("Now() = %v, %d calls", w.Now(), moved)
	}
}

func TestKnobs(t *testing.T) {
	t.Parallel()
	w := setup(t, "")
	w.want(200, "POST", "/sandbox/control/whatsapp", `{"repeat":2,"shuffle":true,"drop_percent":10,"delay_ms":50}`)
	got := w.want(200, "GET", "/sandbox/control/whatsapp", "").(object)
	if got["repeat"] != 2.0 || got["shuffle"] != true || got["drop_percent"] != 10.0 || got["delay_ms"] != 50.0 || got["batch"] != 1.0 {
		t.Errorf("%v", got)
	}
}

func TestBadControlBodies(t *testing.T) {
	t.Parallel()
	w := setup(t, "")
	for _, tc := range []struct{ path, body string }{
		{"faults", ``},
		{"faults", `{`},
		{"faults", `null`},
		{"faults", `"x"`},
		{"faults", `{"status":500} {}`},
		{"faults", `{"status":500,"sttus":1}`},
		{"faults", `{"status":"500"}`},
		{"faults", `{"peer":"twilio","status":500}`},
		{"faults", `{"peer":"zendesk"}`},
		{"faults", `{"cut":"sometimes"}`},
		{"faults", `{"status":42}`},
		{"faults", `[{"status":500},{"status":500,"percent":101}]`},
		{"faults", `[{"status":500,"x":1}]`},
		{"clock", ``},
		{"clock", `{}`},
		{"clock", `{"offset_seconds":"1"}`},
		{"clock", `{"offset":1}`},
		{"clock", `{"offset_seconds":1e300}`},
		{"reset?data=yes", ``},
		{"whatsapp", `null`},
		{"whatsapp", `[]`},
		{"whatsapp", `{"repat":1}`},
		{"whatsapp", `{"repeat":-1}`},
	} {
		out, ok := w.want(400, "POST", "/sandbox/control/"+tc.path, tc.body).(object)
		if message, _ := out["error"].(string); !ok || message == "" {
			t.Errorf("%s %s: %v", tc.path, tc.body, out)
		}
	}
	if left := w.want(200, "GET", "/sandbox/control/faults", "").([]any); len(left) != 0 {
		t.Errorf("faults of refused bodies: %v", left)
	}
	if status, _ := w.do("GET", "/sandbox/control/reset", ""); status != 405 {
		t.Errorf("GET reset answered %d", status)
	}
}

func TestControlOfAClosedSandbox(t *testing.T) {
	t.Parallel()
	w := setup(t, "")
	w.Close()
	w.want(500, "POST", "/sandbox/control/clock", `{"offset_seconds":1}`)
	w.want(500, "POST", "/sandbox/control/reset?data=1", "")
	res, err := w.try(t.Context(), "POST", "/sandbox/whatsapp"+messages, `{"messaging_product":"whatsapp"}`)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, err := io.ReadAll(res.Body); err != nil || res.StatusCode != 400 {
		t.Errorf("a call that writes nothing: %d %s %v", res.StatusCode, body, err)
	}
}
