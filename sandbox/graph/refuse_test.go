package graph_test

import (
	"maps"
	"strings"
	"testing"
	"time"
)

func TestContentsThatAreRefused(t *testing.T) {
	t.Parallel()
	w := setup(t)
	item := func(change object) object {
		out := object{"product_retailer_id": "a", "quantity": 1, "item_price": 2.5, "currency": "BRL"}
		maps.Copy(out, change)
		return object{"catalog_id": "1", "product_items": []object{out}}
	}
	for name, tc := range map[string]struct {
		kind    string
		content any
	}{
		"order is text":           {"order", "x"},
		"order without catalogue": {"order", object{"product_items": []object{{}}}},
		"order without items":     {"order", object{"catalog_id": "1"}},
		"item without id":         {"order", item(object{"product_retailer_id": ""})},
		"item without quantity":   {"order", item(object{"quantity": 0})},
		"item without price":      {"order", item(object{"item_price": nil})},
		"item without currency":   {"order", item(object{"currency": "R$"})},
		"unsupported is text":     {"unsupported", "x"},
		"unsupported for no code": {"unsupported", object{"code": 131026}},
		"place is text":           {"location", "x"},
		"place nowhere":           {"location", object{"latitude": 0, "longitude": 181}},
		"place without longitude": {"location", object{"latitude": 0}},
		"cards are text":          {"contacts", "x"},
		"card is text":            {"contacts", []string{"x"}},
		"no cards":                {"contacts", []object{}},
		"form without answer":     {"interactive", object{"type": "nfm_reply"}},
		"form of no JSON":         {"interactive", object{"type": "nfm_reply", "nfm_reply": object{"response_json": "{"}}},
		"call permission":         {"interactive", object{"type": "call_permission_reply", "call_permission_reply": object{"response": "maybe"}}},
		"reaction is text":        {"reaction", "x"},
		"reaction of letters":     {"reaction", object{"message_id": "x", "emoji": "ok"}},
		"edit is text":            {"edit", "x"},
		"null":                    {"text", nil},
	} {
		body := object{"type": tc.kind, tc.kind: tc.content}
		if out := w.onPhone("POST", "/customers/1/messages", body, 400); out["error"] == "" {
			t.Errorf("%s: %v", name, out)
		}
	}
	if chat, _ := w.srv.Chat(mariana, "", true); len(chat.Messages) != 0 {
		t.Errorf("the chat has %v", chat.Messages)
	}
	w.pass(time.Minute)
	if got := w.hook.take(); len(got) != 0 {
		t.Errorf("webhooks of what was refused: %v", got)
	}
}

func TestInteractivePartsThatAreRefused(t *testing.T) {
	t.Parallel()
	w := setup(t)
	with := func(body object, key string, value any) object {
		body["interactive"].(object)[key] = value
		return body
	}
	for name, tc := range map[string]struct {
		body object
		code int
	}{
		"footer too long":      {with(buttons("Sim"), "footer", object{"text": repeat(61)}), 131009},
		"header too long":      {with(buttons("Sim"), "header", object{"type": "text", "text": repeat(61)}), 131009},
		"header empty":         {with(buttons("Sim"), "header", object{"type": "text"}), 131008},
		"image above a list":   {with(list(object{"rows": rows(1)}), "header", object{"type": "image", "image": object{"link": "https://example.com/a"}}), 131009},
		"body too long":        {with(buttons("Sim"), "body", object{"text": repeat(1025)}), 131009},
		"body of a list":       {with(list(object{"rows": rows(1)}), "body", object{"text": repeat(4097)}), 131009},
		"no body":              {with(buttons("Sim"), "body", nil), 131008},
		"button of another":    {interactive("button", object{"buttons": []object{{"type": "url", "reply": object{"id": "1", "title": "x"}}}}), 131009},
		"list button too long": {interactive("list", object{"button": repeat(21), "sections": []object{{"rows": rows(1)}}}), 131009},
		"row title":            {list(object{"rows": []object{{"id": "1", "title": repeat(25)}}}), 131009},
		"row description":      {list(object{"rows": []object{{"id": "1", "title": "x", "description": repeat(73)}}}), 131009},
		"row id":               {list(object{"rows": []object{{"id": repeat(201), "title": "x"}}}), 131009},
		"section title":        {list(object{"title": repeat(25), "rows": rows(1)}), 131009},
		"is text":              {object{"type": "interactive", "interactive": "x"}, 100},
		"request without body": {with(interactive("request_contact_info", object{"name": "request_contact_info"}), "body", nil), 131008},
	} {
		body := object{"messaging_product": "whatsapp", "to": "+5511987650142"}
		maps.Copy(body, tc.body)
		if _, out := w.call("POST", messages, body); code(out) != tc.code {
			t.Errorf("%s: %v, want error %d", name, out, tc.code)
		}
	}
}

// Nothing half happens when the disk is full: every call that writes fails, and the chats stay as they were.
func TestNothingIsDoneThatCannotBeStored(t *testing.T) {
	t.Parallel()
	w := setup(t)
	id := w.write(mariana, "oi")
	file := w.file("a.pdf", "application/pdf", []byte("%PDF-"))
	sent := w.send(text("+5511987650142", "olá"))
	w.pass(time.Minute)
	before, _ := w.srv.Chat(mariana, "", true)
	w.store.Close()
	for path, body := range map[string]any{
		"/customers/1/messages#text":   object{"type": "text", "text": object{"body": "x"}},
		"/customers/1/messages#file":   object{"type": "document", "document": object{"id": file}},
		"/customers/1/messages#edit":   object{"type": "edit", "edit": object{"message_id": id, "text": "x"}},
		"/customers/1/messages#revoke": object{"type": "revoke", "revoke": object{"message_id": id}},
		"/customers/1/messages#group":  object{"type": "text", "text": object{"body": "x"}, "group_id": "g"},
		"/customers/1/change-number":   object{"phone": "+55 11 91234-5678"},
		"/customers/1/change-id":       nil,
		"/customers/1/recycle":         object{"name": "X"},
		"/customers/1/share-phone":     nil,
		"/customers/1/calls":           nil,
		"/customers/1/preferences":     object{"value": "stop"},
		"/customers":                   object{"name": "X", "phone": "+5551987001122"},
	} {
		path, _, _ = strings.Cut(path, "#")
		w.onPhone("POST", path, body, 500)
	}
	w.onPhone("PATCH", "/customers/1", object{"offline": true}, 500)
	w.control("PATCH", "/templates/boas_vindas", object{"status": "PAUSED"}, 500)
	w.control("POST", "/webhooks", object{"field": "x", "value": object{}}, 500)
	if status, out := w.upload(w.api.URL+"/v26.0/"+numberID+"/media", "Bearer demo", "a.pdf", "application/pdf", []byte("%PDF-"), whatsapp); status != 500 {
		t.Errorf("upload: %d %v", status, out)
	}
	for method, path := range map[string]string{
		"DELETE": "/v26.0/" + numberID + "/contact_book?messaging_product=whatsapp&bsuid=BR.2917460385512049",
		"POST":   "/v26.0/" + numberID + "/messages",
	} {
		body := object{"messaging_product": "whatsapp", "status": "read", "message_id": id}
		if status, out := w.call(method, path, body); status != 500 || code(out) != 131000 {
			t.Errorf("%s %s: %d %v", method, path, status, out)
		}
	}
	after, _ := w.srv.Chat(mariana, "", true)
	if len(after.Messages) != len(before.Messages) || after.Customer.Phone != "5511987650142" || after.Customer.Offline || after.Customer.StopsAds {
		t.Errorf("afterwards: %+v", after)
	}
	for _, m := range after.Messages {
		if m.ID == id && (m.Edited || m.Deleted) {
			t.Errorf("the message %+v", m)
		}
		if m.ID == sent && m.State != "read" {
			t.Errorf("the answer %+v", m)
		}
	}
	if n := len(w.srv.Customers()); n != 6 {
		t.Errorf("%d customers", n)
	}
}
