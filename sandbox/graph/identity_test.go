package graph_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/sandbox/graph"
)

// sender returns from and from_user_id of a text that a customer sends now.
func (w *world) sender(customer string) (from, bsuid any) {
	w.t.Helper()
	w.hook.take()
	w.write(customer, "oi")
	w.pass(0)
	_, v := w.hook.last()
	m := v["messages"].([]any)[0].(object)
	contact := v["contacts"].([]any)[0].(object)
	if contact["wa_id"] != m["from"] || contact["user_id"] != m["from_user_id"] {
		w.t.Errorf("contact %v of message %v", contact, m)
	}
	return m["from"], m["from_user_id"]
}

func TestChangeOfNumber(t *testing.T) {
	t.Parallel()
	for _, withPrevious := range []bool{true, false} {
		w := setup(t)
		w.knobs(graph.Knobs{NoPreviousID: !withPrevious})
		w.write(mariana, "oi")
		w.onPhone("POST", "/customers/1/messages?number="+second, object{"type": "text", "text": object{"body": "oi"}}, 200)
		w.pass(time.Second)
		w.hook.take()
		after := w.act(mariana, "change-number", object{"phone": "+55 11 91234-5678"})
		w.pass(time.Second)
		values := w.hook.take()
		if len(values) != 2 || after["phone"] != "5511912345678" || after["bsuid"] == "BR.2917460385512049" {
			t.Fatalf("%d updates for two chats, after: %v", len(values), after)
		}
		for i, number := range []string{numberID, second} {
			want := object{
				"type": "user_changed_number", "wa_id": "5511912345678", "user_id": after["bsuid"],
				"body": "User Mariana Albuquerque changed from 5511987650142 to 5511912345678",
			}
			if withPrevious {
				want["previous_user_id"] = "BR.2917460385512049"
			}
			m := values[i]["messages"].([]any)[0].(object)
			if diff := cmp.Diff(want, m["system"]); diff != "" || m["from"] != "5511987650142" || values[i]["contacts"] != nil {
				t.Errorf("%v (-want +got):\n%s", m, diff)
			}
			if got := values[i]["metadata"].(object)["phone_number_id"]; got != number {
				t.Errorf("told to %v, want %s", got, number)
			}
		}
		if _, _, got := failed(t, w, text("+5511987650142", "olá")); got != 131026 {
			t.Errorf("the old phone: %d", got)
		}
		w.send(text("+5511912345678", "olá"))
		w.pass(time.Minute)
		if names, _ := statuses(w.hook.take()); len(names) != 3 {
			t.Errorf("the new phone: %v", names)
		}
		if from, id := w.sender(mariana); from != "5511912345678" || id != after["bsuid"] {
			t.Errorf("writes from %v %v", from, id)
		}
		if chat := w.chatOf(mariana); chat[1].(object)["type"] != "system" {
			t.Errorf("the chat shows %v", chat)
		}
	}
}

func TestChangeOfHiddenNumber(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.write(duda, "oi")
	w.pass(time.Second)
	w.hook.take()
	after := w.act(duda, "change-number", object{"phone": "+55 41 91234-5678"})
	w.pass(time.Second)
	m := w.hook.take()[0]["messages"].([]any)[0].(object)
	want := object{
		"type": "user_changed_user_id", "user_id": after["bsuid"], "previous_user_id": "BR.1764098253310576",
		"body": "User Duda Nogueira changed from BR.1764098253310576 to " + after["bsuid"].(string),
	}
	if diff := cmp.Diff(want, m["system"]); diff != "" || m["from"] != nil {
		t.Errorf("%v (-want +got):\n%s", m, diff)
	}
	w.onPhone("POST", "/customers/2/change-number", object{"phone": "+55 41 91234-5678"}, 400)
	w.onPhone("POST", "/customers/2/change-number", object{"phone": "x"}, 400)
	w.onPhone("POST", "/customers/4/change-id", nil, 400) // has none
	w.onPhone("POST", "/customers/99/change-id", nil, 400)
}

func TestSystemMessagesOpenNoWindow(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.write(camila, "oi")
	w.pass(25 * time.Hour)
	w.act(camila, "change-id", nil)
	if _, _, got := failed(t, w, text("+5548991176205", "olá")); got != 131047 {
		t.Errorf("after a system message: %d", got)
	}
}

func TestRecycledNumber(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.write(antonio, "oi")
	heir := w.act(antonio, "recycle", object{"name": "Bruna Lima"})
	if heir["phone"] != "553188124417" || heir["bsuid"] == "BR.3380157726449102" || heir["name"] != "Bruna Lima" {
		t.Fatalf("heir %v", heir)
	}
	if from, id := w.sender(heir["id"].(string)); from != "553188124417" || id != heir["bsuid"] {
		t.Errorf("the heir writes from %v %v", from, id)
	}
	w.send(text("+5531988124417", "para a nova dona"))
	w.pass(time.Minute)
	if len(w.chatOf(heir["id"].(string))) != 2 || len(w.chatOf(antonio)) != 1 {
		t.Errorf("chats: %v and %v", w.chatOf(heir["id"].(string)), w.chatOf(antonio))
	}
	if _, _, got := failed(t, w, object{"recipient": "BR.3380157726449102", "type": "text", "text": object{"body": "olá"}}); got != 131026 {
		t.Errorf("to who gave the phone up: %d", got)
	}
	w.onPhone("POST", "/customers/2/messages", object{"type": "text", "text": object{"body": "oi"}}, 400)
	w.onPhone("POST", "/customers/2/recycle", object{"name": "X"}, 400)
	w.onPhone("POST", "/customers/1/recycle", nil, 400)
	w.restart()
	w.onPhone("POST", "/customers/2/calls", nil, 400)
}

func TestPhoneThatArrivesLate(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.write(duda, "oi")
	ask := interactive("request_contact_info", object{"name": "request_contact_info"})
	ask["recipient"] = "BR.1764098253310576"
	asked := w.send(ask)
	w.pass(10 * time.Second)
	w.hook.take()
	w.act(duda, "share-phone", nil)
	w.pass(0)
	_, v := w.hook.last()
	m := v["messages"].([]any)[0].(object)
	want := []any{object{
		"origin": "contact_request", "name": object{"formatted_name": "Duda Nogueira", "first_name": "Duda", "last_name": "Nogueira"},
		"phones": []any{object{"phone": "+5541992073318", "wa_id": "5541992073318", "type": "CELL"}},
	}}
	if diff := cmp.Diff(want, m["contacts"]); diff != "" || m["from"] != nil || m["context"].(object)["id"] != asked {
		t.Errorf("%v (-want +got):\n%s", m, diff)
	}
	if from, _ := w.sender(duda); from != "5541992073318" {
		t.Errorf("afterwards Duda writes from %v", from)
	}
	book := "/v26.0/" + numberID + "/contact_book?messaging_product=whatsapp&bsuid="
	for id, deleted := range map[string]bool{"BR.1764098253310576": true, "BR.1": false} {
		if status, out := w.call("DELETE", book+id, nil); status != 200 || out["success"] != true || out["deleted"] != deleted {
			t.Errorf("contact book without %s: %d %v", id, status, out)
		}
	}
	if from, _ := w.sender(duda); from != nil {
		t.Errorf("taken out of the contact book, Duda writes from %v", from)
	}
	for _, path := range []string{book + "x", book + "BR.ENT.1", strings.Replace(book, "whatsapp", "x", 1) + "BR.1", "/v26.0/1/contact_book"} {
		if _, out := w.call("DELETE", path, nil); code(out) != 100 {
			t.Errorf("DELETE %s: %v", path, out)
		}
	}
}

// A template's button asks for the phone too; who shares it unasked quotes nothing.
func TestPhoneSharedByTemplate(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.act(duda, "share-phone", nil)
	w.pass(0)
	if _, v := w.hook.last(); v["messages"].([]any)[0].(object)["context"] != nil {
		t.Errorf("unasked: %v", v)
	}
	body := template("pedir_telefone", "pt_BR")
	delete(body["template"].(object), "components")
	asked := w.asked(body)
	w.act(mariana, "share-phone", nil)
	w.pass(0)
	if _, v := w.hook.last(); v["messages"].([]any)[0].(object)["context"].(object)["id"] != asked {
		t.Errorf("asked: %v", v)
	}
}

// A business that writes to a hidden phone which it knows from elsewhere sees it for 30 days, with this number only.
func TestPhoneIsSeenAfterAnExchange(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.write(duda, "oi")
	w.send(text("+5541992073318", "achei você"))
	if from, _ := w.sender(duda); from != nil {
		t.Errorf("before it is delivered: from %v", from)
	}
	w.pass(time.Second)
	if from, _ := w.sender(duda); from != "5541992073318" {
		t.Errorf("after an exchange: from %v", from)
	}
	w.hook.take()
	w.onPhone("POST", "/customers/3/messages?number="+second, object{"type": "text", "text": object{"body": "oi"}}, 200)
	w.pass(0)
	if _, v := w.hook.last(); v["messages"].([]any)[0].(object)["from"] != nil {
		t.Errorf("another number: %v", v)
	}
	w.pass(31 * 24 * time.Hour)
	if from, _ := w.sender(duda); from != nil {
		t.Errorf("after 31 days: from %v", from)
	}
}

func TestParentID(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.write(camila, "oi")
	w.send(object{"recipient": "BR.ENT.9081726354012345678", "type": "text", "text": object{"body": "olá"}})
	w.pass(time.Minute)
	names, all := statuses(w.hook.take())
	if len(names) != 3 || all[0]["recipient_parent_user_id"] != "BR.ENT.9081726354012345678" || all[0]["recipient_id"] != "5548991176205" {
		t.Errorf("%v", all)
	}
}

// The ids of messages do not give a hidden phone away.
func TestIDsHideThePhone(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.write(duda, "oi")
	w.send(object{"recipient": "BR.1764098253310576", "type": "text", "text": object{"body": "olá"}})
	w.pass(time.Minute)
	ids := []string{}
	for _, v := range w.hook.take() {
		if list, ok := v["messages"].([]any); ok {
			ids = append(ids, list[0].(object)["id"].(string))
		}
		if list, ok := v["statuses"].([]any); ok {
			ids = append(ids, list[0].(object)["id"].(string))
		}
	}
	for _, id := range ids {
		raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(id, "wamid."))
		if err != nil || strings.Contains(string(raw), "92073318") || !strings.Contains(string(raw), "BR.1764098253310576") {
			t.Errorf("the id %s holds %q %v", id, raw, err)
		}
	}
	if len(ids) < 3 {
		t.Errorf("only %d ids", len(ids))
	}
}
