package sandbox_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/sandbox/graph"
)

const (
	number = "106540352242922"
	second = "118273645509182"
)

func TestErrorsAreCountedUntilAReset(t *testing.T) {
	t.Parallel()
	w := setup(t, "")
	w.do("POST", "/sandbox/whatsapp"+messages, `{}`)
	want := []any{object{"code": 100.0, "way": "answer", "count": 1.0}}
	if diff := cmp.Diff(want, w.want(200, "GET", "/sandbox/control/whatsapp/errors", "")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	w.want(200, "POST", "/sandbox/control/reset", "")
	if diff := cmp.Diff([]any{}, w.want(200, "GET", "/sandbox/control/whatsapp/errors", "")); diff != "" {
		t.Errorf("after reset (-want +got):\n%s", diff)
	}
}

func TestTemplatesAndWebhooksAreSteered(t *testing.T) {
	t.Parallel()
	w := setup(t, "")
	w.Pump(t.Context())
	w.takeHooks()
	list := w.want(200, "GET", "/sandbox/control/whatsapp/templates", "").([]any)
	if len(list) == 0 || list[0].(object)["name"] != "retomar_conversa" {
		t.Errorf("templates %v", list)
	}
	w.want(200, "PATCH", "/sandbox/control/whatsapp/templates/retomar_conversa", `{"status":"PAUSED"}`)
	w.want(200, "POST", "/sandbox/control/whatsapp/webhooks", `{"field":"account_update","value":{"event":"DISABLED_UPDATE"}}`)
	w.want(400, "POST", "/sandbox/control/whatsapp/webhooks", `{}`)
	w.Pump(t.Context())
	told := strings.Join(w.takeHooks(), "\n")
	for _, part := range []string{`"event":"PAUSED"`, `"field":"message_template_status_update"`, `"event":"DISABLED_UPDATE"`} {
		if !strings.Contains(told, part) {
			t.Errorf("nothing says %s: %s", part, told)
		}
	}
}

// The first number has the id that was agreed on; the second is always there.
func TestTwoNumbers(t *testing.T) {
	t.Parallel()
	w := &world{t: t, now: start, told: make(chan struct{}, 100)}
	w.cfg = configOf(w)
	w.cfg.WhatsApp.NumberID = "100"
	w.cfg.WhatsApp.Dialog360 = graph.Dialog360{CallbackURL: "http://ponte.test/webhooks/360", Key: "key-1", HeaderSecret: "s"}
	w.open()
	list := w.want(200, "GET", "/sandbox/phone/api/customers", "").(object)["numbers"].([]any)
	if first, other := list[0].(object), list[1].(object); first["id"] != "100" || other["id"] != second || other["via"] != "360dialog" {
		t.Errorf("numbers %v", list)
	}
	if status, _ := w.do("POST", "/sandbox/whatsapp/360/messages", `{}`); status != 401 {
		t.Errorf("360dialog without its key: %d", status)
	}
	w.Pump(t.Context())
	w.takeHooks()
	w.want(200, "POST", "/sandbox/phone/api/customers/1/messages?number="+second, `{"type":"text","text":{"body":"oi"}}`)
	w.Pump(t.Context())
	if got := w.takeHooks(); len(got) != 1 || !strings.HasPrefix(got[0], "http://ponte.test/webhooks/360 ") {
		t.Errorf("webhooks %v", got)
	}
	counted := false
	for _, r := range w.want(200, "GET", "/sandbox/control/requests", "").([]any) {
		counted = counted || r.(object)["path"] == "/360/messages"
	}
	if !counted {
		t.Error("calls to 360dialog are not counted")
	}
}

func TestWhatsAppFilesStayAndGo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := setup(t, dir)
	w.want(200, "POST", "/sandbox/phone/api/customers/1/messages", `{"type":"document","document":{},"generate_bytes":10}`)
	form := "--x\r\nContent-Disposition: form-data; name=\"messaging_product\"\r\n\r\nwhatsapp\r\n" +
		"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.4\r\n--x--\r\n"
	id := w.postForm("/sandbox/whatsapp/v26.0/"+number+"/media", form)
	files := func() int {
		t.Helper()
		list, err := os.ReadDir(filepath.Join(dir, "whatsapp-files"))
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	if n := files(); n != 1 {
		t.Errorf("%d files, want only the one that was uploaded", n)
	}
	w.Close()
	w.open()
	if status, _, body := w.get("/sandbox/phone/api/media/" + id); status != 200 || body != "%PDF-1.4" {
		t.Errorf("after a restart: %d %q", status, body)
	}
	w.want(200, "POST", "/sandbox/control/reset?data=1", "")
	if n := files(); n != 0 {
		t.Errorf("%d files after the reset", n)
	}
	if status, _, _ := w.get("/sandbox/phone/api/media/" + id); status != 404 {
		t.Errorf("after the reset: %d", status)
	}
}
