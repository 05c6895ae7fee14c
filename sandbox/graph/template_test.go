package graph_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// filled is a template's message with components.
func filled(name, language string, components ...object) object {
	return object{"type": "template", "template": object{
		"name": name, "language": object{"code": language}, "components": components,
	}}
}

func params(kind string, list ...object) object { return object{"type": kind, "parameters": list} }

func word(text string) object { return object{"type": "text", "text": text} }

func named(name, text string) object {
	return object{"type": "text", "parameter_name": name, "text": text}
}

func button(subType string, index any, list ...object) object {
	return object{"type": "button", "sub_type": subType, "index": index, "parameters": list}
}

func TestTemplateValidation(t *testing.T) {
	t.Parallel()
	w := setup(t)
	visit := params("body", word("Ana"), word("25/11"), word("14h"))
	position := params("body", named("chamado", "12"), named("nome", "Ana"), named("situacao", "aberto"))
	track := button("url", "0", word("12"))
	for name, tc := range map[string]struct {
		body object
		code int // 0: accepted
	}{
		"no variables":            {filled("boas_vindas", "pt_BR"), 0},
		"variables too many":      {filled("boas_vindas", "pt_BR", params("body", word("Ana"))), 132000},
		"three variables":         {filled("lembrete_visita", "pt_BR", visit), 0},
		"two of three variables":  {filled("lembrete_visita", "pt_BR", params("body", word("Ana"), word("25/11"))), 132000},
		"header without variable": {filled("lembrete_visita", "pt_BR", visit, params("header", word("x"))), 132000},
		"header that is not":      {filled("retomar_conversa", "pt_BR", params("body", word("Ana")), params("header", word("x"))), 132000},
		"type of the variable":    {filled("retomar_conversa", "pt_BR", params("body", object{"type": "image", "image": object{"id": "1"}})), 132012},
		"no type of the variable": {filled("retomar_conversa", "pt_BR", params("body", object{"text": "Ana"})), 132012},
		"currency": {filled("retomar_conversa", "pt_BR", params("body", object{
			"type": "currency", "currency": object{"fallback_value": "R$ 5", "code": "BRL", "amount_1000": 5000},
		})), 0},
		"date":                 {filled("retomar_conversa", "pt_BR", params("body", object{"type": "date_time", "date_time": object{"fallback_value": "hoje"}})), 0},
		"empty variable":       {filled("retomar_conversa", "pt_BR", params("body", word(""))), 131008},
		"line break":           {filled("retomar_conversa", "pt_BR", params("body", word("Ana\nSilva"))), 132018},
		"spaces":               {filled("retomar_conversa", "pt_BR", params("body", word("Ana     Silva"))), 132018},
		"four spaces":          {filled("retomar_conversa", "pt_BR", params("body", word("Ana    Silva"))), 0},
		"hydrated text":        {filled("retomar_conversa", "pt_BR", params("body", word(repeat(1000)))), 132005},
		"paused":               {filled("pesquisa_satisfacao", "pt_BR", params("body", word("Ana"))), 132015},
		"disabled":             {filled("aviso_manutencao", "pt_BR", params("body", word("1"), word("2"))), 132016},
		"rejected":             {filled("cobranca_atrasada", "pt_BR", params("body", word("1"), word("2"))), 132001},
		"pending":              {filled("consulta_estoque", "pt_BR", params("body", word("1"))), 132001},
		"another language":     {filled("hello_world", "pt_BR"), 132001},
		"english":              {filled("hello_world", "en_US"), 0},
		"named":                {filled("posicao_chamado", "pt_BR", position, track), 0},
		"named without names":  {filled("posicao_chamado", "pt_BR", params("body", word("1"), word("2"), word("3")), track), 100},
		"named wrongly":        {filled("posicao_chamado", "pt_BR", params("body", named("a", "1"), named("b", "2"), named("c", "3")), track), 100},
		"url without variable": {filled("posicao_chamado", "pt_BR", position), 131008},
		"url as quick reply":   {filled("posicao_chamado", "pt_BR", position, button("quick_reply", "0", word("12"))), 132012},
		"button beyond":        {filled("retomar_conversa", "pt_BR", params("body", word("Ana")), button("quick_reply", 1, object{"type": "payload", "payload": "x"})), 132000},
		"button without index": {filled("retomar_conversa", "pt_BR", params("body", word("Ana")), object{"type": "button", "sub_type": "quick_reply"}), 131008},
		"button twice filled":  {filled("posicao_chamado", "pt_BR", position, button("url", 0, word("1"), word("2"))), 132000},
		"payload":              {filled("retomar_conversa", "pt_BR", params("body", word("Ana")), button("quick_reply", 0, object{"type": "payload", "payload": "sim"})), 0},
		"document by link":     {filled("segunda_via", "pt_BR", params("header", object{"type": "document", "document": object{"link": "https://example.com/a.pdf"}}), params("body", word("Ana"))), 0},
		"document missing":     {filled("segunda_via", "pt_BR", params("body", word("Ana"))), 132000},
		"image as document":    {filled("segunda_via", "pt_BR", params("header", object{"type": "image", "image": object{"link": "https://example.com/a.png"}}), params("body", word("Ana"))), 132012},
		"document unknown":     {filled("segunda_via", "pt_BR", params("header", object{"type": "document", "document": object{"id": "1"}}), params("body", word("Ana"))), 131009},
		"code":                 {filled("codigo_acesso", "pt_BR", params("body", word("123456")), button("url", 0, word("123456"))), 0},
		"code without button":  {filled("codigo_acesso", "pt_BR", params("body", word("123456"))), 131008},
		"name too long":        {filled(strings.Repeat("a", 513), "pt_BR"), 131009},
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
	body := filled("codigo_acesso", "pt_BR", params("body", word("1")), button("url", 0, word("1")))
	body["messaging_product"], body["recipient"] = "whatsapp", "BR.2917460385512049"
	if _, out := w.call("POST", messages, body); code(out) != 131062 {
		t.Errorf("code to a BSUID: %v", out)
	}
}

func TestTemplateOnThePhone(t *testing.T) {
	t.Parallel()
	w := setup(t)
	view := func(body object) any {
		t.Helper()
		return w.shown(mariana, w.asked(body))["template"]
	}
	got := view(filled("lembrete_visita", "pt_BR", params("body", word("Ana"), word("25/11"), word("14h")),
		button("quick_reply", "1", object{"type": "payload", "payload": "remarcar-7"})))
	want := object{
		"header_type": "text", "header": "Visita técnica confirmada", "footer": "Mensagem automática",
		"body": "Olá, Ana! Sua visita está marcada para 25/11, às 14h. Esse horário continua bom para você?",
		"buttons": []any{
			object{"type": "quick_reply", "text": "Confirmar", "payload": "Confirmar"},
			object{"type": "quick_reply", "text": "Remarcar", "payload": "remarcar-7"},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	got = view(filled("posicao_chamado", "pt_BR", params("body", named("situacao", "aberto"), named("chamado", "12"), named("nome", "Ana")), button("url", 0, word("12"))))
	want = object{
		"body":    "Olá, Ana! O chamado 12 está na situação: aberto.",
		"buttons": []any{object{"type": "url", "text": "Acompanhar", "url": "https://suporte.exemplo.com.br/chamados/12"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	file := object{"link": "https://example.com/a.pdf", "filename": "boleto.pdf"}
	got = view(filled("segunda_via", "pt_BR", params("header", object{"type": "document", "document": file}), params("body", word("Ana"))))
	if diff := cmp.Diff(object{"header_type": "document", "header_content": file, "body": "Olá, Ana! Segue a segunda via que você pediu."}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTemplatePricing(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for name, category := range map[string]string{"novidades_mes": "marketing", "retomar_conversa": "utility"} {
		body := template(name, "pt_BR", "Ana")
		body["to"] = "+5511987650142"
		w.send(body)
		w.pass(time.Minute)
		if _, all := statuses(w.hook.take()); all[0]["pricing"].(object)["category"] != category {
			t.Errorf("%s: %v", name, all[0]["pricing"])
		}
	}
	body := template("novidades_mes", "pt_BR", "Ana")
	body["to"] = "+5511987650142"
	w.act(mariana, "preferences", object{"value": "stop"})
	w.pass(time.Second)
	if _, _, got := failed(t, w, body); got != 131050 {
		t.Errorf("marketing to who stopped it: %d", got)
	}
	w.act(mariana, "preferences", object{"value": "resume"})
	w.send(body)
	w.onPhone("POST", "/customers/1/preferences", object{"value": "maybe"}, 400)
}

func names(out object) (list []string) {
	for _, t := range out["data"].([]any) {
		list = append(list, t.(object)["name"].(string))
	}
	return list
}

func TestTemplatePages(t *testing.T) {
	t.Parallel()
	w := setup(t)
	list := "/v26.0/" + wabaID + "/message_templates"
	_, out := w.call("GET", list, nil)
	all := names(out)
	var got []string
	var pages []int
	_, out = w.call("GET", list+"?limit=5&fields=name,status", nil)
	first := out
	for {
		got = append(got, names(out)...)
		pages = append(pages, len(names(out)))
		next, ok := out["paging"].(object)["next"].(string)
		if !ok {
			break
		}
		_, out = w.do("GET", next, "Bearer demo", nil)
	}
	if diff := cmp.Diff(all, got); diff != "" || !cmp.Equal(pages, []int{5, 5, 4}) {
		t.Errorf("pages %v (-want +got):\n%s", pages, diff)
	}
	if diff := cmp.Diff(object{"id": "1127003459201859", "name": "hello_world", "status": "APPROVED"}, first["data"].([]any)[0]); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
	_, out = w.do("GET", out["paging"].(object)["previous"].(string), "Bearer demo", nil)
	if diff := cmp.Diff(all[5:10], names(out)); diff != "" {
		t.Errorf("back (-want +got):\n%s", diff)
	}
	for query, want := range map[string]int{
		"?name=visita": 1, "?status=approved": 10, "?language=en_US": 1, "?category=MARKETING": 2, "?name=nada": 0, "?limit=1000": 14, "?after=" + "OTk": 0,
	} {
		if _, out := w.call("GET", list+query, nil); len(out["data"].([]any)) != want {
			t.Errorf("%s: %v, want %d", query, names(out), want)
		}
	}
	for _, query := range []string{"?limit=0", "?limit=x", "?after=x", "?before=***"} {
		if _, out := w.call("GET", list+query, nil); code(out) != 100 {
			t.Errorf("%s: %v", query, out)
		}
	}
}

func TestTemplatesAreReviewed(t *testing.T) {
	t.Parallel()
	w := setup(t)
	list := "/v26.0/" + wabaID + "/message_templates"
	made := func(name, text string) object {
		return object{"name": name, "language": "pt_BR", "category": "UTILITY", "components": []object{{"type": "BODY", "text": text}}}
	}
	for _, body := range []any{
		made("Novo Modelo", "x"), made("retomar_conversa", "x"),
		object{"name": "a", "language": "pt_BR", "category": "UTILITY"},
		object{"name": "a", "category": "UTILITY"},
		object{"name": "a", "language": "pt_BR", "category": "x"},
		"[]",
	} {
		if _, out := w.call("POST", list, body); code(out) != 100 {
			t.Errorf("%v: %v", body, out)
		}
	}
	for name, want := range map[string]string{"novo_modelo": "APPROVED", "modelo_ruim": "REJECTED"} {
		text := map[string]string{"APPROVED": "Olá, {{1}}!", "REJECTED": "{{1}}{{2}}"}[want]
		status, out := w.call("POST", list, made(name, text))
		if status != 200 || out["status"] != "PENDING" || out["category"] != "UTILITY" {
			t.Errorf("%s: %d %v", name, status, out)
		}
		w.pass(time.Minute)
		field, v := w.hook.last()
		if field != "message_template_status_update" || v["event"] != want || v["message_template_name"] != name {
			t.Errorf("%s: %s %v", name, field, v)
		}
	}
	body := template("novo_modelo", "pt_BR", "Ana")
	body["to"] = "+5511987650142"
	w.send(body)
	w.restart()
	w.control("PATCH", "/templates/novo_modelo", object{"status": "PAUSED"}, 200)
	body["messaging_product"] = "whatsapp"
	if _, out := w.call("POST", messages, body); code(out) != 132015 {
		t.Errorf("paused: %v", out)
	}
	for path, body := range map[string]any{
		"/templates/nada": object{"status": "PAUSED"}, "/templates/novo_modelo": object{"status": "GONE"}, "/templates/boas_vindas": "[]",
	} {
		w.control("PATCH", path, body, 400)
	}
	if status, out := w.call("DELETE", list+"?name=novo_modelo", nil); status != 200 || out["success"] != true {
		t.Errorf("delete: %d %v", status, out)
	}
	if _, out := w.call("DELETE", list+"?name=novo_modelo", nil); code(out) != 100 {
		t.Errorf("delete twice: %v", out)
	}
	for _, method := range []string{"POST", "DELETE"} {
		if _, out := w.call(method, "/v26.0/1/message_templates", nil); code(out) != 100 {
			t.Errorf("%s of another account: %v", method, out)
		}
	}
	w.restart()
	if status, _, raw := w.fetch(w.steer.URL+"/templates", ""); status != 200 || strings.Contains(string(raw), "novo_modelo") || !strings.Contains(string(raw), "modelo_ruim") {
		t.Errorf("templates %d %s", status, raw)
	}
}
