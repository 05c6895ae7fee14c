package graph_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/sandbox/graph"
)

func TestPhoneIsOff(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.write(mariana, "oi")
	w.onPhone("PATCH", "/customers/1", object{"offline": true}, 200)
	w.send(text("+5511987650142", "um"))
	w.pass(time.Hour)
	w.restart()
	w.send(text("+5511987650142", "dois"))
	w.pass(time.Hour)
	if names, _ := statuses(w.hook.take()); !cmp.Equal(names, []string{"sent", "sent"}) {
		t.Errorf("while it is off: %v", names)
	}
	if got := len(w.chatOf(mariana)); got != 1 {
		t.Errorf("it shows %d messages", got)
	}
	w.refused(mariana, "text", object{"body": "oi"})
	w.onPhone("PATCH", "/customers/1", object{"offline": false}, 200)
	w.pass(time.Minute)
	if names, _ := statuses(w.hook.take()); len(names) != 4 {
		t.Errorf("when it is back: %v", names)
	}
}

// What was not delivered within 30 days, a code within 10 minutes, never is.
func TestUndeliveredIsDropped(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.write(mariana, "oi")
	w.onPhone("PATCH", "/customers/1", object{"offline": true}, 200)
	w.send(text("+5511987650142", "um"))
	w.pass(30*24*time.Hour - time.Hour)
	body := filled("codigo_acesso", "pt_BR", params("body", word("1")), button("url", 0, word("1")))
	body["to"] = "+5511987650142"
	w.send(body)
	w.pass(time.Hour)
	w.hook.take()
	w.onPhone("PATCH", "/customers/1", object{"offline": false}, 200)
	w.pass(time.Hour)
	if names, _ := statuses(w.hook.take()); len(names) != 0 {
		t.Errorf("too late: %v", names)
	}
	if _, ok := w.queue.Next(); ok {
		t.Error("something is still to be done")
	}
}

func TestPlayed(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.onPhone("PATCH", "/customers/1", object{"no_receipts": true}, 200)
	_, out := w.upload(w.api.URL+"/v26.0/"+numberID+"/media", "Bearer demo", "a.ogg", "audio/ogg", ogg(1), whatsapp)
	voice := w.asked(object{"type": "audio", "audio": object{"id": out["id"], "voice": true}})
	music := w.asked(object{"type": "audio", "audio": object{"id": out["id"]}})
	words := w.asked(text("", "olá"))
	played := func(id string, status int) []string {
		t.Helper()
		w.onPhone("POST", "/customers/1/played", object{"message_id": id}, status)
		w.pass(time.Minute)
		names, _ := statuses(w.hook.take())
		return names
	}
	got := [][]string{played(voice, 200), played(voice, 200), played(music, 200), played(words, 400), played("x", 400)}
	if diff := cmp.Diff([][]string{{"played"}, nil, nil, nil, nil}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := w.shown(mariana, voice)["state"]; got != "played" {
		t.Errorf("state %v", got)
	}
	w.onPhone("POST", "/customers/1/played", "[]", 400)
}

func TestReadWithoutDelivered(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.knobs(graph.Knobs{SkipDelivered: true})
	for customer, want := range map[string][]string{mariana: {"sent", "read"}, duda: {"sent", "delivered"}, sebastiao: {"sent", "delivered"}} {
		w.write(customer, "oi")
		w.pass(time.Second)
		w.hook.take()
		to := map[string]object{
			mariana: {"to": "+5511987650142"}, duda: {"recipient": "BR.1764098253310576"}, sebastiao: {"to": "+5521996403377"},
		}[customer]
		to["type"], to["text"] = "text", object{"body": "olá"}
		w.send(to)
		w.pass(time.Minute)
		if names, _ := statuses(w.hook.take()); !cmp.Equal(names, want) {
			t.Errorf("customer %s: %v", customer, names)
		}
	}
}

func TestCalls(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.act(mariana, "calls", object{"seconds": 90})
	w.pass(time.Second)
	w.restart()
	w.pass(time.Hour)
	w.hook.mu.Lock()
	fields := w.hook.fields
	w.hook.mu.Unlock()
	values := w.hook.take()
	if diff := cmp.Diff([]string{"calls", "calls"}, fields); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
	end := values[1]["calls"].([]any)[0].(object)
	begin := values[0]["calls"].([]any)[0].(object)
	if begin["event"] != "connect" || end["event"] != "terminate" || end["status"] != "COMPLETED" || end["duration"] != 90.0 || end["id"] != begin["id"] {
		t.Errorf("%v and %v", begin, end)
	}
	w.send(text("+5511987650142", "vi a sua ligação"))
	w.pass(23*time.Hour + 30*time.Minute)
	if _, _, got := failed(t, w, text("+5511987650142", "olá")); got != 131047 {
		t.Errorf("a day after the call: %d", got)
	}
	w.act(duda, "calls", nil)
	w.pass(time.Minute)
	values = w.hook.take()
	missed := values[1]["calls"].([]any)[0].(object)
	if missed["status"] != "FAILED" || missed["duration"] != nil || missed["from"] != nil || missed["from_user_id"] != "BR.1764098253310576" {
		t.Errorf("a call that nobody takes: %v", missed)
	}
	w.onPhone("POST", "/customers/1/calls", object{"seconds": -1}, 400)
	w.onPhone("POST", "/customers/1/calls", "[]", 400)
	w.onPhone("POST", "/customers/1/calls?number=1", nil, 400)
	if chat := w.chatOf(mariana); chat[0].(object)["type"] != "call" {
		t.Errorf("the chat shows %v", chat[0])
	}
}

func TestFreeHoursAfterAnAd(t *testing.T) {
	t.Parallel()
	w := setup(t)
	ad := object{"referral": object{"source_type": "ad", "source_id": "1"}}
	answer := func() object {
		t.Helper()
		w.hook.take()
		w.send(text("+5511987650142", "olá"))
		w.pass(time.Minute)
		_, all := statuses(w.hook.take())
		return all[0]
	}
	w.say(mariana, "text", object{"body": "vi o anúncio"}, ad)
	w.pass(time.Hour)
	got := answer()
	want := object{"billable": false, "pricing_model": "PMP", "type": "free_entry_point", "category": "referral_conversion"}
	if diff := cmp.Diff(want, got["pricing"]); diff != "" || got["conversation"].(object)["origin"].(object)["type"] != "referral_conversion" {
		t.Errorf("%v (-want +got):\n%s", got, diff)
	}
	w.pass(70 * time.Hour)
	w.write(mariana, "oi")
	if got := answer(); got["pricing"].(object)["type"] != "free_entry_point" {
		t.Errorf("after 71 hours: %v", got)
	}
	w.pass(2 * time.Hour)
	w.write(mariana, "oi")
	if got := answer(); got["pricing"].(object)["type"] != "regular" || got["conversation"] != nil {
		t.Errorf("after 73 hours: %v", got)
	}
	w.say(mariana, "text", object{"body": "de novo"}, ad)
	w.pass(25 * time.Hour)
	w.write(mariana, "oi")
	if got := answer(); got["pricing"].(object)["type"] != "regular" {
		t.Errorf("not answered within a day: %v", got)
	}
}

func TestGroupsAreNoChat(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.say(mariana, "text", object{"body": "no grupo"}, object{"group_id": "g1"})
	w.pass(time.Second)
	if _, v := w.hook.last(); v["messages"].([]any)[0].(object)["group_id"] != "g1" {
		t.Errorf("webhook %v", v)
	}
	chat, _ := w.srv.Chat(mariana, "", true)
	if len(chat.Messages) != 0 || chat.WindowOpen {
		t.Errorf("chat %+v", chat)
	}
}

func TestChangesOfACustomer(t *testing.T) {
	t.Parallel()
	w := setup(t)
	got := w.onPhone("PATCH", "/customers/1", object{"name": "Mari", "username": "mari.albuquerque", "parent_bsuid": "BR.ENT.5", "hides_phone": true}, 200)
	for key, want := range map[string]any{"name": "Mari", "username": "mari.albuquerque", "parent_bsuid": "BR.ENT.5", "hides_phone": true, "auto_read": true} {
		if got[key] != want {
			t.Errorf("%s is %v, want %v", key, got[key], want)
		}
	}
	w.restart()
	if from, _ := w.sender(mariana); from != nil {
		t.Errorf("writes from %v", from)
	}
	for _, body := range []object{{"name": " "}, {"username": "A"}, {"parent_bsuid": "BR.5"}} {
		w.onPhone("PATCH", "/customers/1", body, 400)
	}
	w.onPhone("PATCH", "/customers/4", object{"hides_phone": true}, 400) // there would be no id left
	w.onPhone("POST", "/customers", object{"name": "X", "phone": "+5551987001155", "username": "não"}, 400)
	foreign := w.onPhone("POST", "/customers", object{"name": "Jane", "phone": "+1 650 555 1234"}, 200)
	if id := foreign["bsuid"].(string); id[:3] != "US." {
		t.Errorf("bsuid %s", id)
	}
}

func TestAccount(t *testing.T) {
	t.Parallel()
	w := setup(t)
	_, out := w.call("GET", "/v26.0/"+wabaID+"?fields=currency", nil)
	if diff := cmp.Diff(object{"id": wabaID, "currency": "BRL"}, out); diff != "" {
		t.Errorf("account (-want +got):\n%s", diff)
	}
	_, out = w.call("GET", "/v26.0/"+wabaID+"/phone_numbers?fields=display_phone_number", nil)
	want := []any{object{"id": numberID, "display_phone_number": "+" + display}, object{"id": second, "display_phone_number": "+551140035000"}}
	if diff := cmp.Diff(want, out["data"]); diff != "" {
		t.Errorf("numbers (-want +got):\n%s", diff)
	}
	_, out = w.call("GET", "/v26.0/"+numberID+"?fields=webhook_configuration", nil)
	if got := out["webhook_configuration"].(object)["application"]; got != w.hook.srv.URL+"/webhooks/whatsapp" {
		t.Errorf("webhook %v", got)
	}
	if _, out = w.call("GET", "/v26.0/"+wabaID+"/subscribed_apps", nil); len(out["data"].([]any)) != 1 {
		t.Errorf("apps %v", out)
	}
	if _, out = w.call("POST", "/v26.0/"+wabaID+"/subscribed_apps", nil); out["success"] != true {
		t.Errorf("subscribe %v", out)
	}
	for _, path := range []string{"phone_numbers", "subscribed_apps"} {
		if _, out := w.call("GET", "/v26.0/1/"+path, nil); code(out) != 100 {
			t.Errorf("%s of another account: %v", path, out)
		}
	}
	if status, _ := w.call("POST", "/v26.0/1/subscribed_apps", nil); status != http.StatusBadRequest {
		t.Errorf("subscribe to another account: %d", status)
	}
}

func TestWebhooksOfAnyContent(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.control("POST", "/webhooks", object{"field": "account_update", "value": object{"event": "DISABLED_UPDATE"}, "number": numberID}, 200)
	w.pass(0)
	if field, v := w.hook.last(); field != "account_update" || v["event"] != "DISABLED_UPDATE" {
		t.Errorf("%s %v", field, v)
	}
	for _, body := range []any{"[]", object{"field": "x"}, object{"value": object{}}, object{"field": "x", "value": object{}, "number": "1"}} {
		w.control("POST", "/webhooks", body, 400)
	}
}

func TestKnobsThatAreRefused(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for _, k := range []graph.Knobs{{WindowError: "late"}, {PerSecond: -2}, {PairBurst: -2}, {PairIntervalMS: -1}} {
		if err := w.srv.SetKnobs(k); err == nil {
			t.Errorf("%+v was taken", k)
		}
	}
	w.knobs(graph.Knobs{WindowError: "status", RealEdits: true, PairBurst: 3})
	w.restart()
	if k := w.srv.Knobs(); !k.RealEdits || k.PairBurst != 3 || k.WindowError != "status" {
		t.Errorf("after a restart: %+v", k)
	}
}

func TestEmojis(t *testing.T) {
	t.Parallel()
	w := setup(t)
	id := w.write(mariana, "oi")
	for emoji, want := range map[string]int{"👍": -1, "👍🏽": -1, "👨‍👩‍👧": -1, "🇧🇷": -1, "❤️": -1, "1️⃣": -1, "": -1, "ok": 131009, "👍\n": 131009, "!": 131009} {
		_, out := w.call("POST", messages, object{
			"messaging_product": "whatsapp", "to": "+5511987650142", "type": "reaction", "reaction": object{"message_id": id, "emoji": emoji},
		})
		if code(out) != want {
			t.Errorf("%q: %v", emoji, out)
		}
	}
}
