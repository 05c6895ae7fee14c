package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/internal/app"
	"github.com/ponte-desk/ponte/sandbox/desk"
)

// invoice is a small PDF.
func invoice() []byte { return []byte("%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n") }

// offersFile uploads a file once; status is 0 when the instance was gone before it answered.
func (a *attendance) offersFile(session, name string, content []byte) (status int, answer map[string]any) {
	a.t.Helper()
	path := base + "/api/v1/conversations/" + session + "/uploads?name=" + url.QueryEscape(name)
	r := httptest.NewRequestWithContext(context.Background(), http.MethodPost, path, bytes.NewReader(content))
	r.Header.Set("Authorization", "Bearer "+app.DemoAPISecret)
	r.Header.Set("Content-Type", "application/octet-stream")
	rec := httptest.NewRecorder()
	if err := a.p.call(a.inst, "api upload", func() error {
		a.live.Handler().ServeHTTP(rec, r)
		return nil
	}); err != nil {
		return 0, nil
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &answer); err != nil {
		a.fatalf("the upload is answered %d %s", rec.Code, rec.Body)
	}
	return rec.Code, answer
}

// uploads brings a file in, as often as it takes, and returns its id.
func (a *attendance) uploads(session, name string, content []byte) string {
	a.t.Helper()
	for range 120 {
		if status, answer := a.offersFile(session, name, content); status == http.StatusOK {
			id, _ := answer["id"].(string)
			return id
		} else if status != 0 && status != http.StatusServiceUnavailable {
			a.fatalf("the upload is answered %d %v", status, answer)
		}
		a.run(time.Second)
	}
	a.fatalf("the file is never taken in (struck at %q)", a.p.struck)
	return ""
}

// strange is a ticket of the account that has nothing to do with WhatsApp and takes comments.
func (a *attendance) strange() desk.TicketView {
	a.t.Helper()
	for _, t := range a.peers.Zendesk().Tickets() {
		if t.ExternalID == "" && t.Status == "open" {
			return t
		}
	}
	a.fatalf("no open ticket in the account")
	return desk.TicketView{}
}

// playApp is what an agent does in the app: tags, a file for the customer, messages linked to two tickets, and the end.
func playApp(w *world) {
	a := &attendance{world: w}
	ana := a.staff("Ana Beatriz Souza")
	other := a.strange().ID
	a.derives(mariana, "não emite a nota m1")
	a.run(time.Minute)
	session := a.sessionOf(mariana)
	a.does(session, "take", fields{"agent": ana})
	a.does(session, "tag", fields{"agent": ana, "add": []string{"VIP", "nota fiscal"}})
	file := a.uploads(session, "nota.pdf", invoice())
	a.does(session, "reply", fields{"agent": ana, "text": "segue a nota r1", "file": file})
	a.run(20 * time.Second)
	a.does(session, "tag", fields{"agent": ana, "remove": []string{"nota fiscal"}})
	a.does(session, "link", fields{"agent": ana, "ticket": other, "hours": 1})
	a.does(session, "link", fields{"agent": ana, "subject": "Nota fiscal", "hours": 1})
	a.run(2 * time.Minute)
	a.does(session, "close", fields{"agent": ana, "subject": "Emissão de nota", "reason": "orientado"})
	a.run(10 * time.Minute)
}

// documents lists the captions of the files that reached a customer.
func (a *attendance) documents(customer string) (captions []string) {
	a.t.Helper()
	chat, _ := a.peers.WhatsApp().Chat(customer, app.DemoNumber, true)
	for _, m := range chat.Messages {
		if m.From != "business" || m.State == "failed" || m.Type != "document" {
			continue
		}
		var content struct{ Caption, Filename string }
		if err := json.Unmarshal(m.Content, &content); err != nil {
			a.fatalf("unreadable message on the phone: %v", err)
		}
		captions = append(captions, content.Filename+": "+content.Caption)
	}
	return captions
}

// filesOn lists the files on a ticket.
func (a *attendance) filesOn(ticket int64) (names []string) {
	for _, c := range a.peers.Zendesk().Comments(ticket) {
		names = append(names, c.Attachments...)
	}
	return names
}

// judgeApp wants each of it once where it belongs.
func judgeApp(w *world) verdict {
	a := &attendance{world: w}
	var v verdict
	tickets := w.tickets()
	if len(tickets) != 1 {
		v.fail("%d tickets", len(tickets))
		return v
	}
	t := tickets[0]
	for _, c := range w.peers.Zendesk().Comments(t.ID) {
		v.repeats += strings.Count(c.Body, "foi enviada outra vez")
	}
	if t.Status != "solved" || !slices.Contains(t.Tags, "vip") || slices.Contains(t.Tags, "nota_fiscal") || !slices.Contains(t.Tags, "atendimento_whatsapp") {
		v.fail("the ticket is %s with %v", t.Status, t.Tags)
	}
	if got := a.documents(mariana); len(got) != 1 && len(got) != 1+v.repeats || got[0] != "nota.pdf: segue a nota r1" {
		v.fail("files on the phone: %q with %d repeats", got, v.repeats)
	}
	if got := a.filesOn(t.ID); !slices.Equal(got, []string{"nota.pdf"}) {
		v.fail("files on the ticket: %q", got)
	}
	const head = "Mensagens vinculadas"
	other := a.strange()
	var made []desk.TicketView
	for _, t := range a.peers.Zendesk().Tickets() {
		if slices.Contains(t.Tags, "whatsapp_vinculado") {
			made = append(made, t)
		}
	}
	if len(made) != 1 || made[0].Subject != "Nota fiscal" || made[0].RequesterID != t.RequesterID || made[0].OrganizationID != t.OrganizationID {
		v.fail("tickets made of messages: %+v", made)
		return v
	}
	for _, on := range []desk.TicketView{other, made[0]} {
		found := a.comments(on, head)
		if len(found) != 1 || found[0].Public || !strings.Contains(found[0].Body, "não emite a nota m1") || !strings.Contains(found[0].Body, "segue a nota r1") ||
			!strings.Contains(found[0].Body, fmt.Sprintf("(ticket #%d)", t.ID)) {
			v.fail("on ticket %d: %+v", on.ID, found)
		}
	}
	if found := a.comments(t, head); len(found) > 1 {
		v.fail("its own ticket: %+v", found)
	}
	var told []string
	for _, e := range a.log(t.ExternalID) {
		if e.Type == "tags" || e.Type == "linked" {
			told = append(told, e.Text)
		}
	}
	slices.Sort(told)
	for i, want := range []string{
		"Etiquetas incluídas: vip, nota_fiscal (Ana", "Etiquetas retiradas: nota_fiscal (Ana", "Mensagens vinculadas ao novo ticket #", "Mensagens vinculadas ao ticket #",
	} {
		if len(told) != 4 || !strings.HasPrefix(told[i], want) {
			v.fail("the timeline tells %q, want %q", told, want)
			break
		}
	}
	w.judgeRest(&v)
	return v
}

// log is a session's transcript.
func (a *attendance) log(session string) []conversation.Entry {
	a.t.Helper()
	key, _ := conversation.ThreadOfSession(session)
	lines, err := a.live.Mailboxes.Transcript(context.Background(), key, session)
	if err != nil {
		a.fatalf("%v", err)
	}
	return conversation.DecodeEntries(lines)
}

// appWalk prepares the points of that story.
func appWalk(mode settings.Mode) func(*points) {
	return func(p *points) {
		set := procedurePoints(procedure(mode))
		p.story, p.judge, p.began, p.seed, p.number = playApp, judgeApp, set.began, set.seed, set.number
	}
}

// TestAppWithoutFaults is that story when nothing goes wrong.
func TestAppWithoutFaults(t *testing.T) {
	t.Parallel()
	for _, mode := range []settings.Mode{settings.ModeMirror, settings.ModeTranscript} {
		p := &points{}
		appWalk(mode)(p)
		if v := playOnce(t, p); len(v.wrong) > 0 || v.repeats > 0 {
			t.Errorf("%s: %v, %d repeats", mode, v.wrong, v.repeats)
		}
		t.Logf("%s: %d calls", mode, p.n)
	}
}

// TestCrashPointsOfTheApp plays it with every fault at every so many calls.
func TestCrashPointsOfTheApp(t *testing.T) {
	t.Parallel()
	for _, mode := range []settings.Mode{settings.ModeMirror, settings.ModeTranscript} {
		whole := &points{}
		appWalk(mode)(whole)
		playOnce(t, whole)
		const step = 53 * stride // a prime: the walk meets all kinds of calls
		got := walk(t, strikes(whole.n, step), appWalk(mode), 0)
		t.Logf("%s: %d calls, every %d., %d stories, %d marked repeats", mode, whole.n, step, got.runs, got.repeats)
		for _, f := range got.failures {
			t.Errorf("%s: %s", mode, f)
		}
	}
}
