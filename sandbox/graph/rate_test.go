package graph_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/sandbox/graph"
)

// tries sends n texts to a phone and returns how many were taken, and the codes of the others.
func (w *world) tries(to func(i int) string, n int) (taken int, codes map[int]int) {
	w.t.Helper()
	codes = map[int]int{}
	for i := range n {
		body := text(to(i), "olá")
		body["messaging_product"] = "whatsapp"
		if status, out := w.call("POST", messages, body); status != 200 {
			codes[code(out)]++
			continue
		}
		taken++
	}
	return taken, codes
}

func toMariana(int) string { return "+5511987650142" }

// toOne returns always another phone.
func toOne(i int) string { return fmt.Sprintf("+551198111%04d", i) }

func TestPairRate(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.write(mariana, "oi")
	if taken, codes := w.tries(toMariana, 47); taken != 45 || codes[131056] != 2 {
		t.Errorf("a burst: %d taken, %v", taken, codes)
	}
	if taken, _ := w.tries(toOne, 1); taken != 1 {
		t.Error("another recipient is kept waiting too")
	}
	w.pass(6*time.Second - time.Millisecond)
	early, _ := w.tries(toMariana, 1)
	w.pass(time.Millisecond)
	late, _ := w.tries(toMariana, 2)
	if early != 0 || late != 1 {
		t.Errorf("%d before 6 seconds, %d after", early, late)
	}
	w.pass(2 * time.Minute)
	if taken, _ := w.tries(toMariana, 30); taken != 20 {
		t.Errorf("%d after two minutes, want 20", taken)
	}
	w.knobs(graph.Knobs{PairIntervalMS: 1000, PairBurst: 2})
	w.pass(time.Hour)
	if taken, _ := w.tries(toMariana, 5); taken != 2 {
		t.Errorf("%d in bursts of 2", taken)
	}
	w.knobs(graph.Knobs{PairBurst: -1})
	if taken, codes := w.tries(toMariana, 60); taken != 60 {
		t.Errorf("without limit %d are taken, %v", taken, codes)
	}
	want := []graph.ErrorCount{{Code: 131026, Way: "status", Count: 1}, {Code: 131056, Way: "answer", Count: 17}}
	if diff := cmp.Diff(want, w.srv.Errors()); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
}

func TestThroughput(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for range 30 {
		w.write(antonio, "oi")
	}
	if taken, codes := w.tries(toOne, 55); taken != 50 || codes[130429] != 5 {
		t.Errorf("beside 30 received in the same second %d are taken, %v", taken, codes)
	}
	w.pass(time.Second)
	w.knobs(graph.Knobs{PerSecond: 3})
	if taken, _ := w.tries(toOne, 5); taken != 3 {
		t.Errorf("%d of 3 a second", taken)
	}
	w.knobs(graph.Knobs{PerSecond: -1})
	if taken, codes := w.tries(toOne, 100); taken != 100 {
		t.Errorf("without limit %d are taken, %v", taken, codes)
	}
}

func TestErrorsAreCounted(t *testing.T) {
	t.Parallel()
	w := setup(t)
	failed(t, w, text("+5511912345678", "olá"))
	failed(t, w, text("+5511912345679", "olá"))
	w.call("POST", messages, object{})
	want := []graph.ErrorCount{{Code: 100, Way: "answer", Count: 1}, {Code: 131026, Way: "status", Count: 2}}
	if diff := cmp.Diff(want, w.srv.Errors()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	status, kind, body := w.fetch(w.steer.URL+"/errors", "")
	if want := `[{"code":100,"way":"answer","count":1},{"code":131026,"way":"status","count":2}]`; status != 200 || string(body) != want {
		t.Errorf("%d %s %s", status, kind, body)
	}
	w.srv.ResetErrors()
	if got := w.srv.Errors(); len(got) != 0 {
		t.Errorf("after the reset: %v", got)
	}
}

func TestWindowErrorInTheAnswer(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.knobs(graph.Knobs{WindowError: "answer"})
	body := text("+5511987650142", "olá")
	body["messaging_product"] = "whatsapp"
	if status, out := w.call("POST", messages, body); status != 400 || code(out) != 131047 {
		t.Errorf("outside the window: %d %v", status, out)
	}
	w.pass(time.Minute)
	if got := w.hook.take(); len(got) != 0 {
		t.Errorf("a status of a message that was refused: %v", got)
	}
	w.write(mariana, "oi")
	w.send(body)
}

// What fails at one customer, fails whatever it is addressed by.
func TestFailuresOfACustomer(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.write(mariana, "oi")
	w.pass(time.Second)
	set := func(code int, way string) {
		t.Helper()
		w.onPhone("PATCH", "/customers/1", object{"fail_code": code, "fail_way": way}, 200)
	}
	for _, tc := range []struct {
		code   int
		way    string
		status bool
	}{{131026, "", true}, {131056, "", false}, {131056, "status", true}, {131026, "answer", false}, {250, "answer", false}, {131042, "status", true}} {
		set(tc.code, tc.way)
		body := object{"recipient": "BR.2917460385512049", "type": "text", "text": object{"body": "olá"}}
		if tc.status {
			if _, _, got := failed(t, w, body); got != tc.code {
				t.Errorf("%+v failed with %d", tc, got)
			}
			continue
		}
		body["messaging_product"] = "whatsapp"
		if _, out := w.call("POST", messages, body); code(out) != tc.code {
			t.Errorf("%+v: %v", tc, out)
		}
	}
	set(0, "")
	w.send(text("+5511987650142", "olá"))
	for _, body := range []object{{"fail_code": 7}, {"fail_way": "late"}} {
		w.onPhone("PATCH", "/customers/1", body, 400)
	}
}
