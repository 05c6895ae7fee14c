package graph_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/sandbox/graph"
	"github.com/ponte-desk/ponte/sandbox/rig"
)

// TestNothingIsLostInAStorm lets webhooks be dropped, repeated, delayed and reordered while the sandbox is killed again
// and again: in the end the business knows every message and every state at least once.
func TestNothingIsLostInAStorm(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		w := setup(t)
		source := rand.New(rand.NewPCG(seed, 1))
		w.rand = source.Float64
		if err := w.srv.SetKnobs(graph.Knobs{Repeat: 1, Shuffle: true, DropPercent: 40, DelayMS: 200, Batch: 5}); err != nil {
			t.Fatal(err)
		}
		want := map[string]bool{}
		for i := range 20 {
			want[w.write(mariana, fmt.Sprint("pergunta ", i))+" message"] = true
			id := w.send(text("+5511987650142", fmt.Sprint("resposta ", i)))
			for _, state := range []string{"sent", "delivered", "read"} {
				want[id+" "+state] = true
			}
			w.pass(time.Duration(source.IntN(2000)) * time.Millisecond)
			if i%7 == 6 {
				w.restart()
			}
		}
		w.pass(7 * 24 * time.Hour)
		got, total := map[string]bool{}, 0
		for _, v := range w.hook.take() {
			total++
			if list, ok := v["messages"].([]any); ok {
				got[list[0].(object)["id"].(string)+" message"] = true
			}
			_, all := statuses([]object{v})
			for _, s := range all {
				got[s["id"].(string)+" "+s["status"].(string)] = true
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("seed %d (-want +got):\n%s", seed, diff)
		}
		if total < 2*len(want) {
			t.Errorf("seed %d: %d updates for %d events, want each twice", seed, total, len(want))
		}
		if at, ok := w.queue.Next(); ok {
			t.Errorf("seed %d: something is left for %v", seed, at)
		}
	}
}

// TestManyAtOnce has customers and the business write at the same time while the sandbox runs by itself.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	w := setup(t)
	if err := w.srv.SetKnobs(graph.Knobs{PerSecond: -1, PairBurst: -1}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		w.queue.Run(ctx)
		close(done)
	}()
	const each = 25
	var writers sync.WaitGroup
	var mu sync.Mutex
	ids := map[string]bool{}
	keep := func(id string) {
		mu.Lock()
		defer mu.Unlock()
		ids[id] = true
	}
	keep(w.write(mariana, "oi")) // opens the window
	for _, customer := range []string{mariana, antonio, duda, sebastiao} {
		writers.Go(func() {
			for i := range each {
				id, err := w.srv.ReceiveFrom(customer, fmt.Sprint(i))
				if err != nil {
					t.Error(err)
					return
				}
				keep(id)
			}
		})
	}
	for range 4 {
		writers.Go(func() {
			for i := range each {
				keep(w.send(text("+5511987650142", fmt.Sprint(i))))
				w.srv.Customers()
			}
		})
	}
	writers.Wait()
	cancel()
	<-done
	if len(ids) != 1+8*each {
		t.Errorf("%d ids for %d messages", len(ids), 1+8*each)
	}
	w.pass(time.Minute)
	got := map[string]int{} // a webhook whose answer the end of Run cut off comes again
	for _, v := range w.hook.take() {
		if list, ok := v["messages"].([]any); ok {
			got["message"+list[0].(object)["id"].(string)]++
		}
		_, all := statuses([]object{v})
		for _, s := range all {
			got[s["id"].(string)+s["status"].(string)]++
		}
	}
	if want := 1 + 4*each + 3*4*each; len(got) != want {
		t.Errorf("%d events, want %d", len(got), want)
	}
}

// TestSeveralNumbers keeps the chats of one customer with two numbers apart.
func TestSeveralNumbers(t *testing.T) {
	t.Parallel()
	store, err := rig.OpenStore("", "")
	if err != nil {
		t.Fatal(err)
	}
	hook := newReceiver(t)
	clock := rig.NewClock(func() time.Time { return start })
	queue := rig.NewQueue(clock)
	srv, err := graph.New(graph.Config{
		Clock: clock, Store: store, Queue: queue, AppSecret: appSecret, CallbackURL: hook.srv.URL, AccessToken: "demo",
		Numbers: []graph.Number{{ID: "100", Display: "551140034000"}, {ID: "200", Display: "551140035000"}}, WABA: wabaID,
	})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, srv: srv, hook: hook, clock: clock, queue: queue}
	w.phone = httptest.NewServer(srv.PhoneAPI())
	t.Cleanup(w.phone.Close)
	w.api = httptest.NewServer(srv.API())
	t.Cleanup(w.api.Close)

	w.onPhone("POST", "/customers/1/messages?number=200", object{"type": "text", "text": object{"body": "oi"}}, 200)
	queue.Pump(t.Context())
	want := object{"display_phone_number": "551140035000", "phone_number_id": "200"}
	if diff := cmp.Diff(want, hook.take()[0]["metadata"]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for number, messages := range map[string]int{"100": 0, "200": 1} {
		chat, _ := srv.Chat(mariana, number, true)
		if len(chat.Messages) != messages || chat.WindowOpen != (messages > 0) {
			t.Errorf("chat with %s: %+v", number, chat)
		}
	}
	body := text("+5511987650142", "olá")
	body["messaging_product"] = "whatsapp"
	for _, id := range []string{"100", "200"} {
		if status, out := w.call("POST", "/v26.0/"+id+"/messages", body); status != 200 {
			t.Errorf("send from %s: %v", id, out)
		}
	}
	clock.SetOffset(time.Second)
	queue.Pump(t.Context())
	names, _ := statuses(hook.take())
	slices.Sort(names)
	if diff := cmp.Diff([]string{"failed", "sent"}, names); diff != "" {
		t.Errorf("the window is that of the number (-want +got):\n%s", diff)
	}
}

// TestBodiesSurviveTheirEscapes compares what was typed with what a webhook's JSON says.
func TestBodiesSurviveTheirEscapes(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for _, typed := range []string{
		"a/b\\c \"d\"\n\te", "ção ñ ß Ω", "😀👩‍👩‍👧 🇧🇷", "<b>&amp;</b>", "\u2028\u2029\u0001\u007f", "https://exemplo.com.br/?a=1&b=2",
	} {
		w.write(mariana, typed)
		w.pass(0)
		for _, body := range w.hook.bodies {
			if i := slices.IndexFunc(body, func(b byte) bool { return b >= 0x80 }); i >= 0 {
				t.Errorf("%q: byte %d of the body is not ASCII", typed, i)
			}
			if !json.Valid(body) {
				t.Errorf("%q: not JSON: %s", typed, body)
			}
		}
		got := w.hook.take()[0]["messages"].([]any)[0].(object)["text"].(object)["body"]
		if got != typed {
			t.Errorf("typed %q, received %q", typed, got)
		}
	}
}
