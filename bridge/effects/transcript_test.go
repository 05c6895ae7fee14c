package effects_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// transcribing is an effect that writes the session's transcript.
func transcribing(public bool, lines ...conversation.Line) conversation.Pending {
	return commenting(conversation.Comment{Author: conversation.AuthorPonte, Public: public, Transcript: session, Lines: lines})
}

// talk is a short conversation, with a note that the customer may not see.
func talk() []conversation.Entry {
	return []conversation.Entry{
		{At: at(-120), Author: conversation.AuthorCustomer, Message: "wamid.1", Type: "text", Text: "Meu CPF é <b>529.982.247-25</b>"},
		{At: at(-60), Author: conversation.AuthorAgent, Who: "João", Effect: "4", Type: "text", Text: "Olá, Ana", Origin: conversation.OriginTicket},
		{At: at(-30), Author: conversation.AuthorPonte, Type: "text", Text: "anotação interna", Private: true},
	}
}

// comment is what was written on the ticket.
func (r *rig) comment() object {
	r.Helper()
	ticket, _ := r.desk.last("PUT").Body["ticket"].(object)
	comment, _ := ticket["comment"].(object)
	return comment
}

// TestTranscript wants the whole conversation as one comment, for whom the settings say.
func TestTranscript(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		public   bool
		prepare  func(set *settings.Number)
		has, not []string
	}{
		{
			"private", false, func(set *settings.Number) { set.Mask = settings.Mask{} },
			[]string{"<b>João</b>", "Olá, Ana", "anotação interna", "Meu CPF é &lt;b&gt;529.982.247-25&lt;/b&gt;", "+5511987654321", "WhatsApp", "05:58", session},
			[]string{"<b>529"},
		},
		{"public", true, func(*settings.Number) {}, []string{"Olá, Ana"}, []string{"anotação interna"}},
		{"masked", false, func(set *settings.Number) { set.Mask.CPF = true }, []string{"•••.•••.•47-25"}, []string{"529.982"}},
		{"in another zone", false, func(set *settings.Number) { set.Zone = time.UTC }, []string{"08:58"}, []string{"05:58"}},
		{"in English", false, func(set *settings.Number) { *set = settings.DefaultIn(settings.LanguageEN) }, []string{"Written on", "internal note"}, []string{"Escrito"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			tt.prepare(&r.set)
			r.boxes.keeps(t, thread, session, talk()...)
			r.desk.on(updateRoute, says(200, updated))
			th := open()
			th.Contact.Name, th.Conversation.Ticket.Status = "", "solved"
			r.done(r.try(th, transcribing(tt.public, conversation.Line{File: upload("tok", at(-1))})))
			comment := r.comment()
			text, _ := comment["html_body"].(string)
			for _, words := range tt.has {
				if !strings.Contains(text, words) {
					t.Errorf("%q is missing in\n%s", words, text)
				}
			}
			for _, words := range tt.not {
				if strings.Contains(text, words) {
					t.Errorf("%q is in\n%s", words, text)
				}
			}
			delete(comment, "html_body")
			r.same("comment", comment, object{"public": tt.public, "uploads": []any{"tok"}})
			ticket, _ := r.desk.last("PUT").Body["ticket"].(object)
			r.same("status stays", ticket["status"], nil)
		})
	}
}

// longTalk is more than a comment can hold.
func longTalk() []conversation.Entry {
	var entries []conversation.Entry
	for i := range 500 {
		entries = append(entries, conversation.Entry{
			At: at(float64(i - 600)), Author: conversation.AuthorCustomer, Message: fmt.Sprintf("wamid.%d", i), Type: "text",
			Text: fmt.Sprintf("mensagem %03d: %s", i, strings.Repeat("palavra ", 30)),
		})
	}
	return entries
}

// TestLongTranscript wants one that is too long for a comment to be shortened there and to go along whole.
func TestLongTranscript(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.boxes.keeps(t, thread, session, longTalk()...)
	r.desk.on(uploadsRoute, says(201, uploaded))
	r.desk.on(updateRoute, says(200, updated))
	r.done(r.try(open(), transcribing(false, conversation.Line{File: upload("tok0", at(-1))})))
	comment := r.comment()
	r.same("uploads", comment["uploads"], any([]any{"tok0", "tok"}))
	text, _ := comment["html_body"].(string)
	if len(text) > conversation.MostCommentBytes || !strings.Contains(text, "mensagem 000") || !strings.Contains(text, "mensagem 499") {
		t.Errorf("%d bytes: %.200s", len(text), text)
	}
	up := r.desk.last("POST")
	r.same("name", up.Query, url.Values{"filename": {session + ".txt"}})
	for i := range 500 {
		if words := fmt.Sprintf("mensagem %03d", i); !strings.Contains(string(up.Raw), words) {
			t.Fatalf("%q is missing in the file", words)
		}
	}
}

// TestTranscriptFails wants a transcript that can't be put together to be written later, and what is unsure to stay so.
func TestTranscriptFails(t *testing.T) {
	t.Parallel()
	second := time.Second
	ups := func(answer http.HandlerFunc) func(r *rig) {
		return func(r *rig) { r.desk.on(uploadsRoute, answer) }
	}
	tests := map[string]struct {
		prepare     func(r *rig)
		least, most time.Duration
	}{
		"not read":         {func(r *rig) { r.boxes.err = errBroken }, 800 * time.Millisecond, second},
		"upload 500":       {ups(says(500, `{}`)), 800 * time.Millisecond, second},
		"upload cut":       {ups(cut), 800 * time.Millisecond, second},
		"upload limited":   {ups(says(429, `{}`, "Retry-After", "44")), 44 * second, 44 * second},
		"upload forbidden": {ups(says(403, `{}`)), time.Minute, time.Minute},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.boxes.keeps(t, thread, session, longTalk()...)
			r.desk.on(showRoute, says(200, shown))
			r.desk.on(auditsRoute, audits("other#3"))
			tt.prepare(r)
			r.later(r.try(open(), transcribing(false)), tt.least, tt.most)
			got := r.try(open(), unsure(transcribing(false), at(-15)))
			r.same("outcome", got.Outcome, conversation.Unsure)
			r.same("marks", r.marks, []bool(nil))
		})
	}
}

// TestTranscriptRefused wants a transcript that Zendesk refuses not to be put together for ever: there is no file to fetch anew.
func TestTranscriptRefused(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.boxes.keeps(t, thread, session, longTalk()...)
	r.desk.on(uploadsRoute, says(201, uploaded))
	r.desk.on(updateRoute, says(422, unprocessable))
	r.failed(r.try(open(), transcribing(false)), "")
}
