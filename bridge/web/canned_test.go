package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/bridge/web"
)

func TestCannedReplies(t *testing.T) {
	t.Parallel()
	c := openCounter(t, newSecret)
	c.library.replies = []web.Canned{
		{ID: "1", Folder: "Saudações", Title: "Olá", Short: "ola", Text: "Olá, {{contato.nome}}! Sou {{agente.nome}}, ticket {{ticket.id}}."},
		{ID: "2", Title: "Chave", Text: "A senha é {{senha}}."},
	}
	type reply struct {
		ID, Folder, Title, Short, Text, Filled string
		Missing                                []string
	}
	var got struct{ Replies []reply }
	c.read("/api/v1/canned", &got)
	plain := []reply{
		{ID: "1", Folder: "Saudações", Title: "Olá", Short: "ola", Text: "Olá, {{contato.nome}}! Sou {{agente.nome}}, ticket {{ticket.id}}."},
		{ID: "2", Title: "Chave", Text: "A senha é {{senha}}."},
	}
	if diff := cmp.Diff(plain, got.Replies); diff != "" {
		t.Errorf("without a session (-want +got):\n%s", diff)
	}
	got.Replies = nil
	c.read("/api/v1/canned?session="+session, &got)
	plain[0].Filled, plain[0].Missing = "Olá, Mariana! Sou {{agente.nome}}, ticket 35436.", []string{"{{agente.nome}}"} // a program has no name
	plain[1].Filled, plain[1].Missing = "A senha é {{senha}}.", []string{"{{senha}}"}
	if diff := cmp.Diff(plain, got.Replies); diff != "" {
		t.Errorf("with a session (-want +got):\n%s", diff)
	}
	c.library.replies = nil
	c.tells(c.ask("GET", "/api/v1/canned", ""), http.StatusOK, `"replies":[]`)
	c.tells(c.ask("GET", "/api/v1/canned?session="+thirdOne, ""), http.StatusNotFound, `"not_found"`)
	c.library.err = errDown
	c.tells(c.ask("GET", "/api/v1/canned", ""), http.StatusServiceUnavailable, `"unavailable"`)
}

// The queue of a conversation that has none yet is its number's.
func TestCannedVariables(t *testing.T) {
	t.Parallel()
	c := openCounter(t, newSecret)
	c.library.replies = []web.Canned{{ID: "1", Title: "t", Text: "{{organizacao.nome}} {{fila.nome}} {{atendimento.numero}}"}}
	p := &c.thread.Conversation.Procedure
	p.Organization, p.Number = &conversation.Organization{Name: "Padaria Real"}, "261120-001"
	p.Queue = "N1"
	c.tells(c.ask("GET", "/api/v1/canned?session="+session, ""), http.StatusOK, `"filled":"Padaria Real N1 261120-001"`)
	p.Queue = ""
	queue := settings.Default().Desk.Queue
	if queue == "" {
		t.Fatal("the number has no queue")
	}
	c.tells(c.ask("GET", "/api/v1/canned?session="+session, ""), http.StatusOK, `"filled":"Padaria Real `+queue+` 261120-001"`)
}

func TestCannedReplyIsKept(t *testing.T) {
	t.Parallel()
	const good = `{"folder":" NF-e ","title":" XML ","short":"xml","text":"Envie o XML."}`
	c := openCounter(t, newSecret)
	c.tells(c.ask("POST", "/api/v1/canned", good), http.StatusOK, `"id":"new"`, `"folder":"NF-e"`, `"title":"XML"`, `"short":"xml"`)
	c.tells(c.ask("PUT", "/api/v1/canned/r-7", good), http.StatusOK, `"id":"r-7"`)
	if rec := c.ask("DELETE", "/api/v1/canned/r-7", ""); rec.Code != http.StatusNoContent || rec.Body.Len() > 0 {
		t.Errorf("removed: %d %s", rec.Code, rec.Body)
	}
	want := []web.Canned{
		{ID: "new", Folder: "NF-e", Title: "XML", Short: "xml", Text: "Envie o XML."}, {ID: "r-7", Folder: "NF-e", Title: "XML", Short: "xml", Text: "Envie o XML."},
	}
	if diff := cmp.Diff(want, c.library.replies); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
	for err, want := range map[error]struct {
		status int
		code   string
	}{
		web.ErrNoCanned: {http.StatusNotFound, "not_found"}, web.ErrShortTaken: {http.StatusConflict, "short_taken"},
		web.ErrCannedFull: {http.StatusConflict, "too_many"}, errDown: {http.StatusServiceUnavailable, "unavailable"},
	} {
		c.library.refusal = err
		c.tells(c.ask("PUT", "/api/v1/canned/r-7", good), want.status, want.code)
		c.tells(c.ask("POST", "/api/v1/canned", good), want.status, want.code)
	}
	for err, status := range map[error]int{web.ErrNoCanned: http.StatusNotFound, errDown: http.StatusServiceUnavailable} {
		c.library.refusal = err
		c.tells(c.ask("DELETE", "/api/v1/canned/r-7", ""), status)
	}
}

func TestCannedReplyIsRefused(t *testing.T) {
	t.Parallel()
	long := func(n int) string { return strings.Repeat("a", n) }
	for name, body := range map[string]string{
		"no title":            `{"title":"","text":"x"}`,
		"blank title":         `{"title":"  ","text":"x"}`,
		"no text":             `{"title":"t"}`,
		"blank text":          `{"title":"t","text":" \n "}`,
		"long title":          `{"title":"` + long(101) + `","text":"x"}`,
		"long folder":         `{"title":"t","folder":"` + long(101) + `","text":"x"}`,
		"long short":          `{"title":"t","short":"` + long(41) + `","text":"x"}`,
		"long text":           `{"title":"t","text":"` + long(4097) + `"}`,
		"short of two words":  `{"title":"t","short":"a b","text":"x"}`,
		"short with a slash":  `{"title":"t","short":"/a","text":"x"}`,
		"short with controls": `{"title":"t","short":"a\u0000","text":"x"}`,
		"an id":               `{"id":"1","title":"t","text":"x"}`,
		"no object":           `[]`,
		"no JSON":             `{`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := openCounter(t, newSecret)
			c.tells(c.ask("POST", "/api/v1/canned", body), http.StatusBadRequest, `"bad_request"`)
			c.tells(c.ask("PUT", "/api/v1/canned/1", body), http.StatusBadRequest, `"bad_request"`)
			if len(c.library.replies) > 0 {
				t.Errorf("kept %+v", c.library.replies)
			}
		})
	}
	c := openCounter(t, newSecret)
	c.tells(c.ask("POST", "/api/v1/canned", `{"title":"t","text":"`+long(web.MaxCommand)+`"}`), http.StatusRequestEntityTooLarge, `"too_large"`)
	c.tells(c.ask("POST", "/api/v1/canned", `{"title":"`+long(100)+`","folder":"`+long(100)+`","short":"`+long(40)+`","text":"`+long(4096)+`"}`), http.StatusOK)
}
