package effects_test

import (
	"maps"
	"net/http"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/whatsapp"
)

// sending is an effect that sends s.
func sending(s conversation.Send) conversation.Pending {
	return conversation.Pending{Effect: conversation.Effect{ID: "6", Kind: conversation.EffectSend, Send: &s}}
}

// TestSendKinds is every kind of message with the body that WhatsApp gets.
func TestSendKinds(t *testing.T) {
	t.Parallel()
	file := func(kind string, voice bool) *conversation.File {
		return &conversation.File{ID: "103.0", Kind: kind, Name: "nota.pdf", Media: "m9", Voice: voice, URL: "https://desk.example/1"}
	}
	option := func(id, title, description string) conversation.Option {
		return conversation.Option{ID: id, Title: title, Description: description}
	}
	reply := func(id, title string) object {
		return object{"type": "reply", "reply": object{"id": id, "title": title}}
	}
	list := func(button string, rows ...any) object {
		return object{"type": "interactive", "interactive": object{
			"type": "list", "body": object{"text": "Qual?"}, "action": object{"button": button, "sections": []any{object{"rows": rows}}},
		}}
	}
	tests := []struct {
		name string
		send conversation.Send
		want object
	}{
		{"text that quotes", conversation.Send{Text: "Olá", ReplyTo: "wamid.1"}, object{
			"type": "text", "text": object{"body": "Olá"}, "context": object{"message_id": "wamid.1"},
		}},
		{"picture with text", conversation.Send{Text: "Veja", File: file("image", false)}, object{
			"type": "image", "image": object{"id": "m9", "caption": "Veja"},
		}},
		{"document that quotes", conversation.Send{File: file("document", false), ReplyTo: "wamid.1"}, object{
			"type": "document", "document": object{"id": "m9", "filename": "nota.pdf"}, "context": object{"message_id": "wamid.1"},
		}},
		{"audio", conversation.Send{File: file("audio", false)}, object{"type": "audio", "audio": object{"id": "m9"}}},
		{"voice note", conversation.Send{File: file("audio", true)}, object{"type": "audio", "audio": object{"id": "m9", "voice": true}}},
		{"voice note that became a document", conversation.Send{File: file("document", true)}, object{
			"type": "document", "document": object{"id": "m9", "filename": "nota.pdf"},
		}},
		{"text below what became an audio", conversation.Send{Text: "Ouça", File: file("audio", true)}, object{
			"type": "document", "document": object{"id": "m9", "filename": "nota.pdf", "caption": "Ouça"},
		}},
		{"film", conversation.Send{Text: "Veja", File: file("video", false)}, object{"type": "video", "video": object{"id": "m9", "caption": "Veja"}}},
		{"template", conversation.Send{Text: "Olá, Ana", Template: &conversation.Template{
			Name: "retorno", Language: "pt_BR", Header: "Chamado 7", Values: []string{"Ana", "seg.\nàs 9h"},
		}}, object{"type": "template", "template": object{
			"name": "retorno", "language": object{"code": "pt_BR"},
			"components": []any{
				object{"type": "header", "parameters": []any{object{"type": "text", "text": "Chamado 7"}}},
				object{"type": "body", "parameters": []any{object{"type": "text", "text": "Ana"}, object{"type": "text", "text": "seg. às 9h"}}},
			},
		}}},
		{"template without variables", conversation.Send{Text: "Olá", Template: &conversation.Template{Name: "retorno", Language: "pt_BR"}}, object{
			"type": "template", "template": object{"name": "retorno", "language": object{"code": "pt_BR"}},
		}},
		{"buttons", conversation.Send{Text: "Qual?", ReplyTo: "wamid.1", Choices: &conversation.Choices{
			Header: "Escolha", Footer: "Obrigado", Options: []conversation.Option{option("a", "Sim", ""), option("b", "Não", "")},
		}}, object{"type": "interactive", "context": object{"message_id": "wamid.1"}, "interactive": object{
			"type": "button", "header": object{"type": "text", "text": "Escolha"}, "body": object{"text": "Qual?"}, "footer": object{"text": "Obrigado"},
			"action": object{"buttons": []any{reply("a", "Sim"), reply("b", "Não")}},
		}}},
		{"list of four", conversation.Send{Text: "Qual?", Choices: &conversation.Choices{Options: []conversation.Option{
			option("a", "A", ""), option("b", "B", ""), option("c", "C", ""), option("d", "D", ""),
		}}}, list(
			"Ver opções", object{"id": "a", "title": "A"}, object{"id": "b", "title": "B"}, object{"id": "c", "title": "C"}, object{"id": "d", "title": "D"},
		)},
		{"list because of a description", conversation.Send{Text: "Qual?", Choices: &conversation.Choices{
			Button: "Setores", Options: []conversation.Option{option("a", "Fiscal", "notas")},
		}}, list("Setores", object{"id": "a", "title": "Fiscal", "description": "notas"})},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.phone.on(sendRoute, says(200, accepted))
			r.same("sent", r.done(r.try(open(), sending(tt.send))).Sent.MessageID, "wamid.out")
			want := object{
				"messaging_product": "whatsapp", "recipient_type": "individual", "to": "+5511987654321", "biz_opaque_callback_data": "100|c1#6",
			}
			maps.Copy(want, tt.want)
			r.same("body", r.phone.last("POST").Body, want)
			r.same("marks", r.marks, []bool{false})
			r.same("paced", r.pace.asks, []string{"100|c1#6 100 c1 80"})
		})
	}
}

// TestSendMalformed wants a message that WhatsApp would never take to fail before it is sent.
func TestSendMalformed(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]conversation.Send{
		"file that is not there": {File: &conversation.File{Kind: "image"}},
		"blank variable":         {Template: &conversation.Template{Name: "retorno", Language: "pt_BR", Values: []string{" "}}},
		"eleven options":         {Text: "Qual?", Choices: &conversation.Choices{Options: make([]conversation.Option, 11)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			got := r.try(open(), sending(s))
			r.failed(got, "")
			r.same("advice", got.Advice, whatsapp.ClassOurBug.Advice())
			r.silent()
		})
	}
}

// TestPace wants a message to wait for its number's rate without a request, a journal entry or an attempt.
func TestPace(t *testing.T) {
	t.Parallel()
	uncertain := unsure(reply(), at(-30))
	later := func(r *rig, got conversation.Result) { r.later(got, 3*time.Second, 3*time.Second) }
	tests := []struct {
		name    string
		pending conversation.Pending
		err     error
		free    bool
		check   func(r *rig, got conversation.Result)
	}{
		{"not yet", reply(), nil, true, later},
		{"not yet, unsure", uncertain, nil, true, func(r *rig, got conversation.Result) { r.unsure(got, 3*time.Second) }},
		{"no answer", reply(), errBroken, false, func(r *rig, got conversation.Result) { r.later(got, 800*time.Millisecond, time.Second) }},
		{"no answer, unsure", uncertain, errBroken, false, func(r *rig, got conversation.Result) {
			r.same("outcome", got.Outcome, conversation.Unsure)
			r.same("sent: the first one still counts", got.SentAt, time.Time{})
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.pace.at, r.pace.err, r.set.PerSecond = at(3), tt.err, 20
			got := r.try(open(), tt.pending)
			tt.check(r, got)
			r.same("free", got.Free, tt.free)
			r.same("paced", r.pace.asks, []string{"100|c1#6 100 c1 20"})
			r.same("marks", r.marks, []bool(nil))
			r.silent()
		})
	}
}

// TestPause wants a number that is too fast to be held back for all, and a customer who gets too much alone.
func TestPause(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answer   http.HandlerFunc
		attempts int
		pauses   []time.Duration
		wait     time.Duration
	}{
		"number, told how long": {refusal(429, "130429", "Retry-After", "12"), 0, []time.Duration{12 * time.Second}, 12 * time.Second},
		"application":           {refusal(400, "80007", "Retry-After", "60"), 0, []time.Duration{time.Minute}, time.Minute},
		"customer":              {refusal(400, "131056"), 0, nil, time.Second},
		"customer, again":       {refusal(400, "131056"), 3, nil, 64 * time.Second},
		"customer, for long":    {refusal(400, "131056"), 9, nil, time.Hour},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.phone.on(sendRoute, tt.answer)
			p := reply()
			p.Attempts = tt.attempts
			r.later(r.try(open(), p), tt.wait, tt.wait)
			r.same("pauses", r.pace.pauses, tt.pauses)
		})
	}
	t.Run("number, not told how long", func(t *testing.T) {
		t.Parallel()
		r := setup(t)
		r.phone.on(sendRoute, refusal(429, "130429"))
		got := r.try(open(), reply())
		r.later(got, 800*time.Millisecond, time.Second)
		r.same("pauses", r.pace.pauses, []time.Duration{got.NotBefore.Sub(r.now)})
	})
}
