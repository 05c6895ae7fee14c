package graph_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/sandbox/graph"
)

func TestInboundWebhook(t *testing.T) {
	t.Parallel()
	for customer, tc := range map[string]struct{ contact, sender object }{
		mariana: {
			object{"profile": object{"name": "Mariana Albuquerque"}, "wa_id": "5511987650142", "user_id": "BR.2917460385512049"},
			object{"from": "5511987650142", "from_user_id": "BR.2917460385512049"},
		},
		antonio: {
			object{"profile": object{"name": "Antônio Resende"}, "wa_id": "553188124417", "user_id": "BR.3380157726449102"},
			object{"from": "553188124417", "from_user_id": "BR.3380157726449102"},
		},
		duda: {
			object{"profile": object{"name": "Duda Nogueira", "username": "duda.nogueira"}, "user_id": "BR.1764098253310576"},
			object{"from_user_id": "BR.1764098253310576"},
		},
		sebastiao: {
			object{"profile": object{"name": "Sebastião Farias"}, "wa_id": "5521996403377"},
			object{"from": "5521996403377"},
		},
	} {
		w := setup(t)
		id := w.write(customer, "Olá, ação / 😀")
		if got := w.state(customer, id); got != "sent" {
			t.Errorf("before the webhook: %q", got)
		}
		w.pass(0)
		message := object{
			"id": id, "timestamp": fmt.Sprint(start.Unix()), "type": "text", "text": object{"body": "Olá, ação / 😀"},
		}
		maps.Copy(message, tc.sender)
		want := []object{{
			"messaging_product": "whatsapp",
			"metadata":          object{"display_phone_number": display, "phone_number_id": numberID},
			"contacts":          []any{tc.contact}, "messages": []any{message},
		}}
		if diff := cmp.Diff(want, w.hook.values); diff != "" {
			t.Errorf("customer %s (-want +got):\n%s", customer, diff)
		}
		raw := string(w.hook.bodies[0])
		if !strings.Contains(raw, `Ol\u00e1, a\u00e7\u00e3o \/ \ud83d\ude00`) {
			t.Errorf("body is not escaped: %s", raw)
		}
		if got := w.state(customer, id); got != "delivered" {
			t.Errorf("after the webhook: %q", got)
		}
	}
}

// state returns the state the customer sees of a message.
func (w *world) state(customer, id string) string {
	w.t.Helper()
	chat, ok := w.srv.Chat(customer, numberID, true)
	if !ok {
		w.t.Fatalf("no chat of customer %s", customer)
	}
	for _, m := range chat.Messages {
		if m.ID == id {
			return m.State
		}
	}
	return ""
}

func TestUnknownCustomer(t *testing.T) {
	t.Parallel()
	w := setup(t)
	if _, err := w.srv.ReceiveFrom("99", "oi"); err == nil {
		t.Error("a stranger wrote")
	}
	if _, ok := w.srv.Chat("99", "", false); ok {
		t.Error("a stranger has a chat")
	}
	if _, ok := w.srv.Chat(mariana, "99", false); ok {
		t.Error("a strange number has a chat")
	}
}

func TestWebhookRetries(t *testing.T) {
	t.Parallel()
	for _, status := range []int{201, 204, 302, 401, 409, 500, 503} {
		w := setup(t)
		w.hook.answerWith(status)
		w.write(mariana, "oi")
		w.pass(0)
		if got := w.hook.count(); got != 2 {
			t.Errorf("status %d: %d tries at once, want 2", status, got)
		}
		var pauses []time.Duration
		last := w.clock.Now()
		for range 5 {
			next, ok := w.queue.Next()
			if !ok {
				t.Fatalf("status %d: given up", status)
			}
			pauses = append(pauses, next.Sub(last))
			last = next
			w.pass(next.Sub(w.clock.Now()))
		}
		want := []time.Duration{10 * time.Second, 30 * time.Second, 90 * time.Second, 270 * time.Second, 810 * time.Second}
		if diff := cmp.Diff(want, pauses); diff != "" {
			t.Errorf("status %d: pauses (-want +got):\n%s", status, diff)
		}
		w.hook.answerWith(200)
		w.pass(time.Hour)
		if got := w.hook.take(); len(got) != 1 {
			t.Errorf("status %d: delivered %d times after it works again", status, len(got))
		}
	}
}

func TestWebhookIsGivenUpAfterSevenDays(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.hook.srv.Close()
	id := w.write(mariana, "oi")
	w.pass(7*24*time.Hour - time.Minute)
	if _, ok := w.queue.Next(); !ok {
		t.Error("given up before 7 days")
	}
	w.pass(24 * time.Hour)
	if next, ok := w.queue.Next(); ok {
		t.Errorf("still to be tried at %v", next)
	}
	if got := w.state(mariana, id); got != "sent" {
		t.Errorf("the customer sees %q", got)
	}
}

func TestRestart(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.hook.answerWith(503)
	in := w.write(mariana, "oi")
	w.pass(time.Minute)
	out := w.send(text("+5511987650142", "olá"))
	read := w.send(text("+5511987650142", "lida"))
	failing := w.send(text("+5511912345678", "ninguém"))
	w.pass(100 * time.Millisecond)
	added := w.onPhone("POST", "/customers", object{"name": "Nova Cliente", "phone": "+5551987001122"}, 200)
	if err := w.srv.SetKnobs(graph.Knobs{Batch: 7}); err != nil {
		t.Fatal(err)
	}
	w.restart()
	w.hook.answerWith(200)
	w.pass(time.Hour)
	var got []string
	for _, v := range w.hook.take() {
		if list, ok := v["messages"].([]any); ok {
			got = append(got, list[0].(object)["id"].(string)+" in")
		}
		_, all := statuses([]object{v})
		for _, s := range all {
			got = append(got, s["id"].(string)+" "+s["status"].(string))
		}
	}
	want := []string{
		in + " in", out + " sent", out + " delivered", out + " read", read + " sent", read + " delivered", read + " read",
		failing + " failed",
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if n := len(w.srv.Customers()); n != 7 {
		t.Errorf("%d customers after the restart, want 7", n)
	}
	if w.srv.Knobs().Batch != 7 {
		t.Errorf("knobs %+v", w.srv.Knobs())
	}
	next := w.write(added["id"].(string), "olá")
	if slices.Contains([]string{in, out, read, failing}, next) {
		t.Errorf("the id %s is used again", next)
	}
	w.restart()
	w.pass(time.Hour)
	if got := w.hook.take(); len(got) != 1 {
		t.Errorf("after a second restart: %v", got)
	}
}

func TestIDsDifferBetweenInstallations(t *testing.T) {
	t.Parallel()
	a, b := setup(t), setup(t)
	b.rand = func() float64 { return 0.25 }
	b.dir = t.TempDir()
	b.restart()
	if x, y := a.write(mariana, "oi"), b.write(mariana, "oi"); x == y {
		t.Errorf("both call the first message %s", x)
	}
}

func TestKnobs(t *testing.T) {
	t.Parallel()
	bodies := func(values []object) (out []string) {
		for _, v := range values {
			out = append(out, v["messages"].([]any)[0].(object)["text"].(object)["body"].(string))
		}
		return out
	}
	setup := func(t *testing.T, k graph.Knobs) *world {
		t.Helper()
		w := setup(t)
		if err := w.srv.SetKnobs(k); err != nil {
			t.Fatal(err)
		}
		return w
	}
	t.Run("repeat", func(t *testing.T) {
		t.Parallel()
		w := setup(t, graph.Knobs{Repeat: 3})
		w.write(mariana, "oi")
		w.pass(0)
		if got := w.hook.count(); got != 1 {
			t.Errorf("%d deliveries at once, want 1", got)
		}
		w.pass(time.Minute)
		if diff := cmp.Diff([]string{"oi", "oi", "oi", "oi"}, bodies(w.hook.take())); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("delay", func(t *testing.T) {
		t.Parallel()
		w := setup(t, graph.Knobs{DelayMS: 5000})
		w.write(mariana, "oi")
		w.pass(4999 * time.Millisecond)
		early := w.hook.count()
		w.pass(time.Millisecond)
		if late := w.hook.count(); early != 0 || late != 1 {
			t.Errorf("%d deliveries before, %d after the delay", early, late)
		}
	})
	t.Run("shuffle", func(t *testing.T) {
		t.Parallel()
		w := setup(t, graph.Knobs{Shuffle: true})
		next := 1.0
		w.rand = func() float64 { next -= 0.1; return next }
		w.write(mariana, "1")
		w.write(mariana, "2")
		w.write(mariana, "3")
		w.pass(time.Minute)
		if diff := cmp.Diff([]string{"3", "2", "1"}, bodies(w.hook.take())); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("drop", func(t *testing.T) {
		t.Parallel()
		w := setup(t, graph.Knobs{DropPercent: 100})
		w.write(mariana, "oi")
		w.pass(time.Hour)
		if got := w.hook.count(); got != 0 {
			t.Errorf("%d deliveries arrived", got)
		}
		if err := w.srv.SetKnobs(graph.Knobs{DropPercent: 50}); err != nil { // the sandbox draws 0.5
			t.Fatal(err)
		}
		w.pass(24 * time.Hour)
		if got := w.hook.take(); len(got) != 1 {
			t.Errorf("delivered %d times in the end, want once", len(got))
		}
	})
	t.Run("batch", func(t *testing.T) {
		t.Parallel()
		w := setup(t, graph.Knobs{Batch: 3})
		for i := range 7 {
			w.write(mariana, fmt.Sprint(i))
		}
		w.pass(0)
		if got := w.hook.count(); got != 3 {
			t.Errorf("%d webhooks for 7 updates, want 3", got)
		}
		if diff := cmp.Diff([]string{"0", "1", "2", "3", "4", "5", "6"}, bodies(w.hook.take())); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("refused", func(t *testing.T) {
		t.Parallel()
		w := setup(t, graph.Knobs{Repeat: 1})
		for _, k := range []graph.Knobs{{Repeat: -1}, {Repeat: 101}, {DropPercent: 101}, {DropPercent: -1}, {DelayMS: -1}, {Batch: 1001}, {Batch: -1}} {
			if err := w.srv.SetKnobs(k); err == nil {
				t.Errorf("%+v was taken", k)
			}
		}
		if got := w.srv.Knobs(); got.Repeat != 1 || got.Batch != 1 {
			t.Errorf("knobs %+v", got)
		}
	})
}

func TestVerify(t *testing.T) {
	t.Parallel()
	w := setup(t)
	if err := w.srv.Verify(t.Context()); err != nil {
		t.Errorf("Verify: %v", err)
	}
	w.hook.token = "another"
	if err := w.srv.Verify(t.Context()); err == nil {
		t.Error("a refused handshake is good")
	}
	w.hook.srv.Close()
	if err := w.srv.Verify(t.Context()); err == nil {
		t.Error("a handshake with nobody is good")
	}
}

func TestNewNeedsItsGround(t *testing.T) {
	t.Parallel()
	if _, err := graph.New(graph.Config{}); err == nil {
		t.Error("New went on without clock, store and queue")
	}
	w := setup(t)
	if err := w.store.Put("message", "1", "not a message"); err != nil {
		t.Fatal(err)
	}
	if _, err := graph.New(graph.Config{Clock: w.clock, Store: w.store, Queue: w.queue}); err == nil {
		t.Error("New went on with a store it cannot read")
	}
}

func TestClosedStore(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.write(mariana, "oi")
	w.store.Close()
	body := text("+5511987650142", "olá")
	body["messaging_product"] = "whatsapp"
	if status, out := w.call("POST", messages, body); status != 500 || code(out) != 131000 {
		t.Errorf("send: %d %v", status, out)
	}
	if _, err := w.srv.ReceiveFrom(mariana, "oi"); err == nil {
		t.Error("a message that was not stored was sent")
	}
	chat, _ := w.srv.Chat(mariana, "", true)
	if len(chat.Messages) != 1 {
		t.Errorf("the chat shows %v", chat.Messages)
	}
}
