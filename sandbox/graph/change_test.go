package graph_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/sandbox/graph"
)

// shown returns one message of a chat as the phone shows it.
func (w *world) shown(customer, id string) object {
	w.t.Helper()
	for _, m := range w.onPhone("GET", "/customers/"+customer+"/chat?all=1", nil, 200)["messages"].([]any) {
		if m.(object)["id"] == id {
			return m.(object)
		}
	}
	return nil
}

func TestEdit(t *testing.T) {
	t.Parallel()
	w := setup(t)
	id := w.write(mariana, "bom dai")
	w.pass(14 * time.Minute)
	w.hook.take()
	event := w.say(mariana, "edit", object{"message_id": id, "text": "bom dia"}, nil)
	w.pass(0)
	_, v := w.hook.last()
	m := v["messages"].([]any)[0].(object)
	if m["type"] != "unsupported" || m["unsupported"].(object)["type"] != "edit" || m["id"] != event || event == id {
		t.Errorf("webhook %v", m)
	}
	if got := w.shown(mariana, id); got["content"].(object)["body"] != "bom dia" || got["edited"] != true {
		t.Errorf("the phone shows %v", got)
	}
	w.restart()
	w.knobs(graph.Knobs{RealEdits: true})
	w.say(mariana, "edit", object{"message_id": id, "text": "boa tarde"}, nil)
	w.pass(0)
	_, v = w.hook.last()
	want := object{"original_message_id": id, "message": object{"type": "text", "text": object{"body": "boa tarde"}}}
	if diff := cmp.Diff(want, v["messages"].([]any)[0].(object)["edit"]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	w.pass(2 * time.Minute)
	w.refused(mariana, "edit", object{"message_id": id, "text": "tarde demais"})
}

// refused has a customer try to send what cannot be sent.
func (w *world) refused(customer, kind string, content any) {
	w.t.Helper()
	w.onPhone("POST", "/customers/"+customer+"/messages", object{"type": kind, kind: content}, 400)
}

func TestChangesThatAreRefused(t *testing.T) {
	t.Parallel()
	w := setup(t)
	place := w.say(mariana, "location", object{"latitude": 1, "longitude": 1}, nil)
	photo := w.say(mariana, "image", object{}, object{"generate_bytes": 20})
	words, deleted, other := w.write(mariana, "oi"), w.write(mariana, "oi"), w.write(antonio, "oi")
	theirs := w.send(text("+5511987650142", "olá"))
	w.say(mariana, "revoke", object{"message_id": deleted}, nil)
	w.pass(time.Minute)
	for name, content := range map[string]any{
		"no message":    object{"text": "x"},
		"no text":       object{"message_id": words},
		"too long":      object{"message_id": words, "text": repeat(4097)},
		"long caption":  object{"message_id": photo, "text": repeat(1025)},
		"of a place":    object{"message_id": place, "text": "x"},
		"of a stranger": object{"message_id": other, "text": "x"},
		"of a company":  object{"message_id": theirs, "text": "x"},
		"deleted":       object{"message_id": deleted, "text": "x"},
		"wrong type":    object{"message_id": 1},
	} {
		t.Log(name)
		w.refused(mariana, "edit", content)
	}
	for _, content := range []any{object{"message_id": other}, object{"message_id": theirs}, object{"message_id": deleted}, object{}, "x", nil} {
		w.refused(mariana, "revoke", content)
	}
	_, out := w.call("POST", messages, object{
		"messaging_product": "whatsapp", "to": "+5511987650142", "type": "reaction", "reaction": object{"message_id": deleted, "emoji": "👍"},
	})
	if code(out) != 131009 {
		t.Errorf("reaction to a deleted message: %v", out)
	}
	w.pass(48*time.Hour + time.Minute)
	w.refused(mariana, "revoke", object{"message_id": words})
}

func TestDeletion(t *testing.T) {
	t.Parallel()
	w := setup(t)
	id := w.write(mariana, "segredo")
	answer := text("+5511987650142", "resposta")
	answer["context"] = object{"message_id": id}
	reply := w.send(answer)
	w.pass(47 * time.Hour)
	w.hook.take()
	w.say(mariana, "revoke", object{"message_id": id}, nil)
	w.pass(0)
	_, v := w.hook.last()
	m := v["messages"].([]any)[0].(object)
	if diff := cmp.Diff(object{"original_message_id": id}, m["revoke"]); diff != "" || m["type"] != "revoke" {
		t.Errorf("%v (-want +got):\n%s", m, diff)
	}
	w.restart()
	if got := w.shown(mariana, id); got["deleted"] != true || got["content"] != nil {
		t.Errorf("the phone shows %v", got)
	}
	if got := w.shown(mariana, reply); got["quoted"] != nil {
		t.Errorf("the reply still quotes %v", got["quoted"])
	}
}

func TestForwarding(t *testing.T) {
	t.Parallel()
	w := setup(t)
	content := []byte("\xff\xd8\xff picture")
	status, out := w.upload(w.api.URL+"/v26.0/"+numberID+"/media", "Bearer demo", "a.jpg", "image/jpeg", content, whatsapp)
	if status != 200 {
		t.Fatalf("upload: %v", out)
	}
	id := out["id"].(string)
	w.asked(object{"type": "image", "image": object{"id": id}})
	w.refused(antonio, "image", object{"id": "1"})
	body := object{"type": "image", "image": object{"id": id}, "context": object{"forwarded": true}}
	w.onPhone("POST", "/customers/2/messages?number="+second, body, 200)
	w.pass(0)
	_, v := w.hook.last()
	m := v["messages"].([]any)[0].(object)
	sent := m["image"].(object)
	if sent["id"] == id || m["context"].(object)["forwarded"] != true {
		t.Errorf("forwarded as %v", m)
	}
	if status, _, body := w.fetch(sent["url"].(string), "Bearer demo"); status != 200 || string(body) != string(content) {
		t.Errorf("download: %d %q", status, body)
	}
	if _, out := w.call("GET", "/v26.0/"+sent["id"].(string)+"?phone_number_id="+numberID, nil); code(out) != 100 {
		t.Errorf("the first number may look it up: %v", out)
	}
	mine := w.file("b.jpg", "image/jpeg", content)
	w.say(mariana, "image", object{"id": mine}, nil)
	w.onPhone("POST", "/customers/1/messages?number="+second, object{"type": "image", "image": object{"id": mine}}, 200)
	w.pass(0)
	_, v = w.hook.last()
	if again := v["messages"].([]any)[0].(object)["image"].(object); again["id"] == mine {
		t.Error("one file belongs to two numbers")
	}
	if got := w.shown(mariana, w.say(mariana, "text", object{"body": "veja"}, object{"context": object{"forwarded": true}})); got["forwarded"] != true {
		t.Errorf("the phone shows %v", got)
	}
}
