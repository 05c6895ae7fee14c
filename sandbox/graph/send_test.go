package graph_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestToken(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for _, token := range []string{"", "demo", "Bearer", "Bearer other", "Basic ZGVtbw=="} {
		status, out := w.do("POST", w.api.URL+messages, token, text("+5511987650142", "oi"))
		if status != http.StatusUnauthorized || code(out) != 190 {
			t.Errorf("token %q: %d %v", token, status, out)
		}
		e := out["error"].(object)
		if e["type"] != "OAuthException" || e["fbtrace_id"] == "" || e["message"] == "" {
			t.Errorf("token %q: envelope %v", token, e)
		}
	}
}

func TestUnknownObjects(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for _, tc := range []struct {
		method, path  string
		code, subcode int
	}{
		{"POST", "/v26.0/1/messages", 100, 33},
		{"POST", "/v26.0/1/media", 100, 33},
		{"GET", "/v26.0/1", 100, 33},
		{"DELETE", "/v26.0/1", 100, 33},
		{"GET", "/v26.0/1/message_templates", 100, 33},
		{"GET", "/v26.0/1/nothing", 2500, 0},
		{"GET", "/", 2500, 0},
		{"POST", "/latest/" + numberID + "/messages", 2500, 0},
	} {
		status, out := w.call(tc.method, tc.path, nil)
		sub, _ := out["error"].(object)["error_subcode"].(float64)
		if status != 400 || code(out) != tc.code || int(sub) != tc.subcode {
			t.Errorf("%s %s = %d %v, want code %d, subcode %d", tc.method, tc.path, status, out, tc.code, tc.subcode)
		}
	}
}

func TestNumberAndTemplates(t *testing.T) {
	t.Parallel()
	w := setup(t)
	if _, out := w.call("GET", "/v26.0/"+numberID, nil); out["display_phone_number"] != "+"+display || out["id"] != numberID {
		t.Errorf("number: %v", out)
	}
	_, out := w.call("GET", "/v26.0/"+wabaID+"/message_templates", nil)
	list := out["data"].([]any)
	if len(list) != 14 || list[0].(object)["status"] != "APPROVED" {
		t.Errorf("templates: %v", out)
	}
}

func TestSendAnswers(t *testing.T) {
	t.Parallel()
	w := setup(t)
	bsuid := "BR.2917460385512049"
	for name, tc := range map[string]struct {
		body object
		want object
	}{
		"phone":                {object{"to": "+5511987650142"}, object{"input": "+5511987650142", "wa_id": "5511987650142"}},
		"spelled out":          {object{"to": "+55 (11) 98765-0142"}, object{"input": "+55 (11) 98765-0142", "wa_id": "5511987650142"}},
		"ninth digit removed":  {object{"to": "+5531988124417"}, object{"input": "+5531988124417", "wa_id": "553188124417"}},
		"as registered":        {object{"to": "+553188124417"}, object{"input": "+553188124417", "wa_id": "553188124417"}},
		"country code added":   {object{"to": "11987650142"}, object{"input": "11987650142", "wa_id": "5511987650142"}},
		"wrongly added":        {object{"to": "16505551234"}, object{"input": "16505551234", "wa_id": "5516505551234"}},
		"foreign with plus":    {object{"to": "+16505551234"}, object{"input": "+16505551234", "wa_id": "16505551234"}},
		"BSUID":                {object{"recipient": bsuid}, object{"input": bsuid, "user_id": bsuid}},
		"both: the phone wins": {object{"recipient": bsuid, "to": "+5531988124417"}, object{"input": "+5531988124417", "wa_id": "553188124417"}},
	} {
		body := text("", "olá")
		delete(body, "to")
		maps.Copy(body, tc.body)
		body["messaging_product"] = "whatsapp"
		status, out := w.call("POST", messages, body)
		if status != 200 || out["messaging_product"] != "whatsapp" {
			t.Errorf("%s: %d %v", name, status, out)
			continue
		}
		if diff := cmp.Diff([]any{tc.want}, out["contacts"]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if id := out["messages"].([]any)[0].(object)["id"].(string); !strings.HasPrefix(id, "wamid.") {
			t.Errorf("%s: id %q", name, id)
		}
	}
}

func repeat(n int) string { return strings.Repeat("ç", n) }

func interactive(kind string, action object) object {
	return object{"type": "interactive", "interactive": object{"type": kind, "body": object{"text": "Escolha"}, "action": action}}
}

func buttons(titles ...string) object {
	var list []object
	for i, title := range titles {
		list = append(list, object{"type": "reply", "reply": object{"id": fmt.Sprint(i), "title": title}})
	}
	return interactive("button", object{"buttons": list})
}

func rows(n int) []object {
	var list []object
	for i := range n {
		list = append(list, object{"id": fmt.Sprint(i), "title": "Linha"})
	}
	return list
}

func list(sections ...object) object {
	return interactive("list", object{"button": "Opções", "sections": sections})
}

func template(name, language string, params ...string) object {
	var list []object
	for _, p := range params {
		list = append(list, object{"type": "text", "text": p})
	}
	return object{"type": "template", "template": object{
		"name": name, "language": object{"code": language},
		"components": []object{{"type": "body", "parameters": list}},
	}}
}

func TestSendValidation(t *testing.T) {
	t.Parallel()
	w := setup(t)
	known := w.write(mariana, "oi")
	for name, tc := range map[string]struct {
		body object
		code int // 0: accepted
	}{
		"text":                     {object{"type": "text", "text": object{"body": repeat(4096)}}, 0},
		"text too long":            {object{"type": "text", "text": object{"body": repeat(4097)}}, 100},
		"text empty":               {object{"type": "text", "text": object{"body": ""}}, 131008},
		"text missing":             {object{"type": "text"}, 131008},
		"text null":                {object{"type": "text", "text": nil}, 131008},
		"text of wrong type":       {object{"type": "text", "text": "oi"}, 100},
		"body of wrong type":       {object{"type": "text", "text": object{"body": 5}}, 100},
		"no type":                  {object{"text": object{"body": "oi"}}, 131008},
		"unknown type":             {object{"type": "telegram", "telegram": object{}}, 131051},
		"no recipient":             {object{"to": "", "type": "text", "text": object{"body": "oi"}}, 100},
		"letters in phone":         {object{"to": "+55abc", "type": "text", "text": object{"body": "oi"}}, 131009},
		"phone too long":           {object{"to": "+5511987650142999", "type": "text", "text": object{"body": "oi"}}, 131009},
		"bad BSUID":                {object{"to": "", "recipient": "2917", "type": "text", "text": object{"body": "oi"}}, 131009},
		"to itself":                {object{"to": "+" + display, "type": "text", "text": object{"body": "oi"}}, 131021},
		"number as phone":          {object{"to": 5511987650142, "type": "text", "text": object{"body": "oi"}}, 100},
		"other product":            {object{"messaging_product": "sms", "type": "text", "text": object{"body": "oi"}}, 100},
		"group":                    {object{"recipient_type": "group", "type": "text", "text": object{"body": "oi"}}, 131009},
		"callback":                 {object{"biz_opaque_callback_data": repeat(512), "type": "text", "text": object{"body": "oi"}}, 0},
		"callback too long":        {object{"biz_opaque_callback_data": repeat(513), "type": "text", "text": object{"body": "oi"}}, 131009},
		"image by link":            {object{"type": "image", "image": object{"link": "https://example.com/a.png", "caption": repeat(1024)}}, 0},
		"caption too long":         {object{"type": "image", "image": object{"link": "https://example.com/a.png", "caption": repeat(1025)}}, 131009},
		"caption of audio":         {object{"type": "audio", "audio": object{"link": "https://example.com/a.ogg", "caption": "x"}}, 131009},
		"image without source":     {object{"type": "image", "image": object{}}, 131008},
		"image with two":           {object{"type": "image", "image": object{"id": "1", "link": "https://example.com/a.png"}}, 131008},
		"image unknown":            {object{"type": "image", "image": object{"id": "1"}}, 131009},
		"location":                 {object{"type": "location", "location": object{"latitude": -23.5, "longitude": -46.6}}, 0},
		"location half":            {object{"type": "location", "location": object{"latitude": -23.5}}, 131008},
		"location nowhere":         {object{"type": "location", "location": object{"latitude": 91, "longitude": 0}}, 131009},
		"contacts":                 {object{"type": "contacts", "contacts": []object{{"name": object{"formatted_name": "Ana"}}}}, 0},
		"contacts none":            {object{"type": "contacts", "contacts": []object{}}, 131008},
		"contacts nameless":        {object{"type": "contacts", "contacts": []object{{"phones": []object{}}}}, 131008},
		"reaction":                 {object{"type": "reaction", "reaction": object{"message_id": known, "emoji": "👍"}}, 0},
		"reaction removed":         {object{"type": "reaction", "reaction": object{"message_id": known, "emoji": ""}}, 0},
		"reaction without emoji":   {object{"type": "reaction", "reaction": object{"message_id": known}}, 131008},
		"reaction to nothing":      {object{"type": "reaction", "reaction": object{"message_id": "wamid.x", "emoji": "👍"}}, 131009},
		"buttons":                  {buttons("Sim", "Não", "Talvez"), 0},
		"no button":                {buttons(), 131009},
		"four buttons":             {buttons("1", "2", "3", "4"), 131009},
		"button title too long":    {buttons(repeat(21)), 131009},
		"button title twice":       {buttons("Sim", "Sim"), 131009},
		"button title empty":       {buttons(""), 131008},
		"list":                     {list(object{"rows": rows(10)}), 0},
		"list of eleven":           {list(object{"rows": rows(11)}), 131009},
		"list without rows":        {list(object{"rows": rows(0)}), 131009},
		"list without sections":    {list(), 131009},
		"sections need titles":     {list(object{"rows": rows(1)}, object{"rows": rows(1)}), 131008},
		"row twice":                {list(object{"title": "a", "rows": rows(1)}, object{"title": "b", "rows": rows(1)}), 131009},
		"contact request":          {interactive("request_contact_info", object{"name": "request_contact_info"}), 0},
		"contact request misnamed": {interactive("request_contact_info", object{"name": "x"}), 131009},
		"interactive of no kind":   {interactive("", object{}), 131008},
		"interactive unknown":      {interactive("carousel", object{}), 131009},
		"template":                 {template("retomar_conversa", "pt_BR", "Mariana"), 0},
		"template parameters":      {template("retomar_conversa", "pt_BR"), 132000},
		"template language":        {template("retomar_conversa", "en_US", "Mariana"), 132001},
		"template unknown":         {template("nada", "pt_BR"), 132001},
		"template no language":     {template("retomar_conversa", "", "Mariana"), 131008},
		"quoted reply to nothing":  {object{"context": object{"message_id": "wamid.x"}, "type": "text", "text": object{"body": "oi"}}, 0},
		"status other than read":   {object{"status": "seen", "message_id": known}, 131009},
		"read without message":     {object{"status": "read"}, 131008},
		"typing without read":      {object{"typing_indicator": object{"type": "text"}, "message_id": known}, 131009},
		"typing of another kind":   {object{"status": "read", "message_id": known, "typing_indicator": object{"type": "audio"}}, 131009},
	} {
		body := object{"messaging_product": "whatsapp", "to": "+5511987650142"}
		maps.Copy(body, tc.body)
		status, out := w.call("POST", messages, body)
		switch {
		case tc.code == 0 && status != 200:
			t.Errorf("%s: refused with %v", name, out)
		case tc.code != 0 && code(out) != tc.code:
			t.Errorf("%s: %d %v, want error %d", name, status, out, tc.code)
		}
	}
	for _, body := range []string{"", "{", "[]", `"x"`, "null", strings.Repeat(" ", 1<<20+1)} {
		if status, out := w.call("POST", messages, body); status != 400 || code(out) != 100 {
			t.Errorf("body of %d bytes: %d %v, want error 100", len(body), status, out)
		}
	}
}

func TestTextLimitByUTF16(t *testing.T) {
	t.Parallel()
	w := setup(t)
	body := text("+5511987650142", strings.Repeat("😀", 4000))
	w.send(body)
	k := w.srv.Knobs()
	k.CountUTF16 = true
	if err := w.srv.SetKnobs(k); err != nil {
		t.Fatal(err)
	}
	if _, out := w.call("POST", messages, body); code(out) != 100 {
		t.Errorf("8000 UTF-16 units: %v, want error 100", out)
	}
}

func TestMarkAsReadAndTyping(t *testing.T) {
	t.Parallel()
	w := setup(t)
	first, second, third := w.write(mariana, "1"), w.write(mariana, "2"), w.write(mariana, "3")
	w.pass(time.Second)
	read := object{"messaging_product": "whatsapp", "status": "read", "message_id": second, "typing_indicator": object{"type": "text"}}
	status, out := w.call("POST", messages, read)
	if status != 200 || out["success"] != true {
		t.Fatalf("%d %v", status, out)
	}
	chat, _ := w.srv.Chat(mariana, "", false)
	got := map[string]string{}
	for _, m := range chat.Messages {
		got[m.ID] = m.State
	}
	if diff := cmp.Diff(map[string]string{first: "read", second: "read", third: "delivered"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !chat.Typing {
		t.Error("not typing")
	}
	w.pass(26 * time.Second)
	if chat, _ = w.srv.Chat(mariana, "", false); chat.Typing {
		t.Error("still typing after 26 s")
	}
	w.call("POST", messages, read)
	w.send(text("+5511987650142", "resposta"))
	if chat, _ = w.srv.Chat(mariana, "", false); chat.Typing {
		t.Error("still typing after the answer")
	}
	w.pass(31 * 24 * time.Hour)
	if _, out := w.call("POST", messages, read); code(out) != 131009 {
		t.Errorf("message of 31 days ago: %v", out)
	}
}
