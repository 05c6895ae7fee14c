package graph_test

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestCustomers(t *testing.T) {
	t.Parallel()
	w := setup(t)
	out := w.onPhone("GET", "/customers", nil, 200)
	if diff := cmp.Diff([]any{object{"id": numberID, "display": display, "name": "Atendimento"}, object{"id": second, "display": "551140035000", "name": "Comercial"}}, out["numbers"]); diff != "" {
		t.Errorf("numbers (-want +got):\n%s", diff)
	}
	list := out["customers"].([]any)
	if len(list) != 6 {
		t.Fatalf("%d customers, want 6", len(list))
	}
	w.write(duda, "oi")
	w.send(object{"recipient": "BR.1764098253310576", "type": "text", "text": object{"body": "um"}})
	w.send(object{"recipient": "BR.1764098253310576", "type": "text", "text": object{"body": "dois"}})
	w.pass(time.Minute)
	out = w.onPhone("GET", "/customers?number="+numberID, nil, 200)
	d := out["customers"].([]any)[2].(object)
	if d["unread"] != 2.0 || d["last"].(object)["content"].(object)["body"] != "dois" || d["hides_phone"] != true {
		t.Errorf("duda: %v", d)
	}
	w.onPhone("GET", "/customers?number=1", nil, 400)
}

func TestNewCustomers(t *testing.T) {
	t.Parallel()
	w := setup(t)
	c := w.onPhone("POST", "/customers", object{"name": " Nova Cliente ", "phone": "+55 (51) 98700-1122"}, 200)
	if c["id"] != "7" || c["name"] != "Nova Cliente" || c["phone"] != "5551987001122" || !strings.HasPrefix(c["bsuid"].(string), "BR.") {
		t.Errorf("new customer: %v", c)
	}
	hidden := w.onPhone("POST", "/customers", object{"name": "Com Usuário", "phone": "+5551987001133", "username": "@com.usuario"}, 200)
	if hidden["hides_phone"] != true || hidden["username"] != "com.usuario" {
		t.Errorf("customer with username: %v", hidden)
	}
	for name, body := range map[string]any{
		"no name":       object{"phone": "+5551987001144"},
		"no phone":      object{"name": "X"},
		"letters":       object{"name": "X", "phone": "+55abc"},
		"taken":         object{"name": "X", "phone": "+55 31 98812-4417"}, // Antônio's, with the ninth digit
		"not an object": "[]",
		"wrong type":    object{"name": 1},
	} {
		if out := w.onPhone("POST", "/customers", body, 400); out["error"] == "" {
			t.Errorf("%s: %v", name, out)
		}
	}
	w.onPhone("PATCH", "/customers/99", object{"auto_read": true}, 400)
	w.onPhone("PATCH", "/customers/1", "[]", 400)
	changed := w.onPhone("PATCH", "/customers/1", object{"auto_read": false, "no_receipts": true}, 200)
	if changed["auto_read"] != false || changed["no_receipts"] != true {
		t.Errorf("changed: %v", changed)
	}
}

// chatOf returns the messages the phone shows, without ids and times.
func (w *world) chatOf(customer string) []any {
	w.t.Helper()
	list := w.onPhone("GET", "/customers/"+customer+"/chat", nil, 200)["messages"].([]any)
	for _, m := range list {
		delete(m.(object), "id")
		delete(m.(object), "at")
	}
	return list
}

func TestChat(t *testing.T) {
	t.Parallel()
	w := setup(t)
	post := func(body object) string {
		t.Helper()
		return w.onPhone("POST", "/customers/1/messages", body, 200)["id"].(string)
	}
	first := post(object{"type": "text", "text": object{"body": "oi"}})
	w.pass(time.Second)
	to := func(body object) object {
		body["to"] = "+5511987650142"
		return body
	}
	reply := text("+5511987650142", "resposta")
	reply["context"] = object{"message_id": first}
	replied := w.send(reply)
	w.send(to(object{"type": "reaction", "reaction": object{"message_id": first, "emoji": "❤️"}}))
	w.send(to(object{"type": "reaction", "reaction": object{"message_id": first, "emoji": "👍"}}))
	w.send(to(template("retomar_conversa", "pt_BR", "Mariana")))
	w.send(to(object{"context": object{"message_id": "wamid.x"}, "type": "text", "text": object{"body": "sem citação"}}))
	if got := len(w.chatOf(mariana)); got != 1 {
		t.Errorf("%d messages before they are delivered, want 1", got)
	}
	w.pass(time.Minute)
	post(object{"type": "reaction", "reaction": object{"message_id": replied, "emoji": "🎉"}})
	post(object{"type": "reaction", "reaction": object{"message_id": replied, "emoji": ""}})
	post(object{"type": "text", "text": object{"body": "sobre isso"}, "context": object{"message_id": replied}})
	w.pass(time.Second)

	quoted := func(id, from, body string) object {
		return object{"id": id, "from": from, "type": "text", "content": object{"body": body}}
	}
	want := []any{
		object{
			"from": "customer", "type": "text", "content": object{"body": "oi"}, "state": "delivered",
			"reactions": []any{object{"from": "business", "emoji": "👍"}},
		},
		object{
			"from": "business", "type": "text", "content": object{"body": "resposta"}, "state": "read",
			"quoted": quoted(first, "customer", "oi"),
		},
		object{
			"from": "business", "type": "template", "state": "read", "buttons": []any{"Conversar agora"},
			"preview": "Olá, Mariana! Temos uma resposta para o seu atendimento. Toque no botão para continuar.",
			"template": object{
				"body":    "Olá, Mariana! Temos uma resposta para o seu atendimento. Toque no botão para continuar.",
				"buttons": []any{object{"type": "quick_reply", "text": "Conversar agora", "payload": "Conversar agora"}},
			},
			"content": w.chatOf(mariana)[2].(object)["content"],
		},
		object{"from": "business", "type": "text", "content": object{"body": "sem citação"}, "state": "read"},
		object{
			"from": "customer", "type": "text", "content": object{"body": "sobre isso"}, "state": "delivered",
			"quoted": quoted(replied, "business", "resposta"),
		},
	}
	if diff := cmp.Diff(want, w.chatOf(mariana)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	values := w.hook.take()
	last := values[len(values)-1]["messages"].([]any)[0].(object)
	if diff := cmp.Diff(object{"from": display, "id": replied}, last["context"]); diff != "" {
		t.Errorf("context of the reply (-want +got):\n%s", diff)
	}
	w.onPhone("GET", "/customers/99/chat", nil, 400)
	w.onPhone("GET", "/customers/1/chat?number=1", nil, 400)
}

func TestCustomerSendsEveryType(t *testing.T) {
	t.Parallel()
	w := setup(t)
	first := w.write(mariana, "oi")
	asked := buttons("Sim", "Não")
	asked["to"] = "+5511987650142"
	question := w.send(asked)
	w.pass(time.Minute)
	w.hook.take()
	for _, tc := range []struct {
		kind    string
		content any
		quote   string
		from    string
	}{
		{"location", object{"latitude": -23.55, "longitude": -46.63, "name": "Praça da Sé"}, "", ""},
		{"contacts", []any{object{"name": object{"formatted_name": "José Silva"}, "phones": []any{object{"phone": "+55 11 91234-5678"}}, "origin": "other", "vcard": "x"}}, "", ""},
		{"reaction", object{"message_id": question, "emoji": "👍"}, "", ""},
		{"interactive", object{"type": "button_reply", "button_reply": object{"id": "0", "title": "Sim"}}, question, display},
		{"interactive", object{"type": "list_reply", "list_reply": object{"id": "0", "title": "Linha"}}, question, display},
		{"button", object{"payload": "Conversar agora", "text": "Conversar agora"}, question, display},
		{"text", object{"body": "a mim mesma"}, first, "5511987650142"},
	} {
		body := object{"type": tc.kind, tc.kind: tc.content}
		want := object{"type": tc.kind, tc.kind: tc.content, "from": "5511987650142", "from_user_id": "BR.2917460385512049"}
		if tc.quote != "" {
			body["context"] = object{"message_id": tc.quote}
			want["context"] = object{"id": tc.quote, "from": tc.from}
		}
		want["id"] = w.onPhone("POST", "/customers/1/messages", body, 200)["id"]
		w.pass(time.Second)
		got := w.hook.take()[0]["messages"].([]any)[0].(object)
		delete(got, "timestamp")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.kind, diff)
		}
	}
}

func TestCustomerIsRefused(t *testing.T) {
	t.Parallel()
	w := setup(t)
	other := w.write(antonio, "oi")
	for name, body := range map[string]any{
		"no type":            object{"text": object{"body": "oi"}},
		"no content":         object{"type": "text"},
		"empty":              object{"type": "text", "text": object{"body": ""}},
		"too long":           object{"type": "text", "text": object{"body": repeat(4097)}},
		"unknown type":       object{"type": "poll", "poll": object{"x": 1}},
		"foreign quote":      object{"type": "text", "text": object{"body": "oi"}, "context": object{"message_id": other}},
		"context is text":    object{"type": "text", "text": object{"body": "oi"}, "context": "x"},
		"foreign reaction":   object{"type": "reaction", "reaction": object{"message_id": other, "emoji": "👍"}},
		"answer without id":  object{"type": "interactive", "interactive": object{"type": "button_reply", "button_reply": object{"title": "x"}}},
		"answer of no kind":  object{"type": "interactive", "interactive": object{"type": "nfm_reply"}},
		"answer is text":     object{"type": "interactive", "interactive": "x"},
		"button without":     object{"type": "button", "button": object{"text": "x"}},
		"button is text":     object{"type": "button", "button": "x"},
		"image without file": object{"type": "image", "image": object{"id": "1"}},
		"image is text":      object{"type": "image", "image": "x"},
		"not JSON":           "{",
	} {
		if out := w.onPhone("POST", "/customers/1/messages", body, 400); out["error"] == "" {
			t.Errorf("%s: %v", name, out)
		}
	}
	hello := object{"type": "text", "text": object{"body": "oi"}}
	w.onPhone("POST", "/customers/99/messages", hello, 400)
	w.onPhone("POST", "/customers/1/messages?number=9", hello, 400)
	w.onPhone("POST", "/customers/1/read?number=9", nil, 400)
	w.pass(time.Minute)
	if got := w.hook.take(); len(got) != 1 {
		t.Errorf("%d webhooks, want only that of the first message", len(got))
	}
}

func TestEvents(t *testing.T) {
	t.Parallel()
	w := setup(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "GET", w.phone.URL+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := new(http.Client).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if got := res.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Errorf("Content-Type %q", got)
	}
	lines := bufio.NewScanner(res.Body)
	next := func() string {
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				return data
			}
		}
		t.Fatalf("the stream ended: %v", lines.Err())
		return ""
	}
	lines.Scan() // "retry": the page is subscribed
	w.write(duda, "oi")
	if got := next(); got != `{"customer":"3"}` {
		t.Errorf("event %s", got)
	}
	w.onPhone("POST", "/customers", object{"name": "Nova", "phone": "+5551987001122"}, 200)
	if got := next(); got != `{"customer":""}` {
		t.Errorf("event %s", got)
	}
}
