package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/internal/app"
)

// call asks the sandbox for something, past all faults, as its pages do.
func (w *world) call(method, path string, header map[string]string, kind string, body []byte) map[string]any {
	w.t.Helper()
	r := httptest.NewRequestWithContext(context.Background(), method, base+path, bytes.NewReader(body))
	r.Header.Set("Content-Type", kind)
	for k, v := range header {
		r.Header.Set(k, v)
	}
	rec := httptest.NewRecorder()
	w.peers.Handler().ServeHTTP(rec, r)
	if rec.Code >= http.StatusBadRequest {
		w.fatalf("%s %s: %d %s", method, path, rec.Code, rec.Body)
	}
	var out map[string]any
	if err := json.Unmarshal(rec.Body.Bytes(), &out); err != nil {
		w.fatalf("%s %s: %v", method, path, err)
	}
	return out
}

func (w *world) control(path string, body any) map[string]any {
	w.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		w.fatalf("%v", err)
	}
	return w.call(http.MethodPost, path, nil, "application/json", raw)
}

// sends has the seeded customer send a message.
func (w *world) sends(content map[string]any) string {
	w.t.Helper()
	id, _ := w.control("/sandbox/phone/api/customers/"+w.peers.WhatsApp().Customers()[0].ID+"/messages", content)["id"].(string)
	return id
}

// file has the seeded customer send a file of a kind.
func (w *world) file(kind, name, caption string, content []byte) string {
	w.t.Helper()
	var form bytes.Buffer
	m := multipart.NewWriter(&form)
	part, err := m.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(content)
	}
	if err != nil || m.Close() != nil {
		w.fatalf("form: %v", err)
	}
	customer := w.peers.WhatsApp().Customers()[0].ID
	id := w.call(http.MethodPost, "/sandbox/phone/api/customers/"+customer+"/media", nil, m.FormDataContentType(), form.Bytes())["id"]
	return w.sends(map[string]any{"type": kind, kind: map[string]any{"id": id, "caption": caption, "filename": name}})
}

// attaches has Ana comment on our ticket in public, with a file or without.
func (w *world) attaches(text, name string, content []byte) {
	w.t.Helper()
	for range 120 {
		list := w.tickets()
		if len(list) == 0 {
			w.run(time.Second)
			continue
		}
		agent := map[string]string{"X-Desk-Agent": strconv.FormatInt(w.ana(), 10)}
		comment := map[string]any{"body": text, "public": true}
		if name != "" {
			up, _ := w.call(http.MethodPost, "/sandbox/helpdesk/api/uploads?filename="+name, agent, "image/png", content)["upload"].(map[string]any)
			comment["uploads"] = []any{up["token"]}
		}
		raw, err := json.Marshal(map[string]any{"comment": comment})
		if err != nil {
			w.fatalf("%v", err)
		}
		w.call(http.MethodPut, fmt.Sprintf("/sandbox/helpdesk/api/tickets/%d", list[0].ID), agent, "application/json", raw)
		return
	}
	w.fatalf("no ticket to answer (struck at %q)", w.p.struck)
}

// picture is a small PNG.
func picture() []byte {
	return []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde\x00\x00\x00\x0cIDATx\x9cc" +
		"\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xc9\xfe\x92\xef\x00\x00\x00\x00IEND\xaeB`\x82")
}

// playFiles is the story of files, templates and kept words: a customer sends a picture, an agent answers with one, answers
// again more than a day later, and the customer comes back.
func playFiles(w *world) {
	w.customer("bom dia m1")
	w.file("image", "tela.png", "veja m2", picture())
	w.run(30 * time.Second)
	w.attaches("veja r1", "seta.png", picture())
	w.run(90 * time.Second)
	w.advance(25 * time.Hour)
	w.run(5 * time.Second)
	w.agent("ainda aí r2", true)
	w.agent("responda r3", true)
	w.run(3 * time.Minute)
	w.customer("voltei m3")
	w.run(6 * time.Minute)
}

// judgeFiles wants every word and every file once where it belongs.
func judgeFiles(w *world) verdict {
	var v verdict
	tickets := w.tickets()
	if len(tickets) != 1 {
		v.fail("%d tickets", len(tickets))
		return v
	}
	var words, files []string
	for _, c := range w.peers.Zendesk().Comments(tickets[0].ID) {
		for word := range strings.FieldsSeq(c.Body) {
			if len(word) == 2 && word[0] == 'm' {
				words = append(words, word)
			}
		}
		if strings.Contains(c.Body, "outra vez") {
			v.repeats++
		}
		files = append(files, c.Attachments...)
	}
	slices.Sort(words)
	if want := []string{"m1", "m2", "m3"}; !slices.Equal(words, want) {
		v.fail("on the ticket: %v", words)
	}
	own := slices.DeleteFunc(slices.Clone(files), func(name string) bool { return name == "seta.png" })
	if len(files) != 2 || len(own) != 1 { // a picture has no name on WhatsApp
		v.fail("files on the ticket: %v", files)
	}
	said, templates := w.heard()
	if want := []string{"r1", "r2", "r3"}; !slices.Equal(said, want) {
		v.fail("on the phone: %v with %d marked repeats", said, v.repeats)
	}
	if templates > 1 {
		v.fail("invited %d times", templates)
	}
	w.judgeRest(&v)
	return v
}

// heard is the words that reached the seeded customer, captions included, and how many templates.
func (w *world) heard() (words []string, templates int) {
	chat, ok := w.peers.WhatsApp().Chat(w.peers.WhatsApp().Customers()[0].ID, app.DemoNumber, true)
	if !ok {
		w.fatalf("no chat on the phone")
	}
	for _, m := range chat.Messages {
		if m.From != "business" || m.State == "failed" {
			continue
		}
		var content struct {
			Body    string `json:"body"`
			Caption string `json:"caption"`
		}
		if m.Type == "template" {
			templates++
			continue
		}
		if err := json.Unmarshal(m.Content, &content); err != nil {
			w.fatalf("unreadable message on the phone")
		}
		if f := strings.Fields(content.Body + content.Caption); len(f) > 0 {
			words = append(words, f[len(f)-1])
		}
	}
	return words, templates
}

// judgeRest wants the mailboxes whole and nothing dead.
func (w *world) judgeRest(v *verdict) {
	ctx := context.Background()
	if n, err := w.live.Mailboxes.Repair(ctx); n != 0 || err != nil {
		v.fail("%d mailboxes that nobody would have woken (%v)", n, err)
	}
	st, err := w.live.Mailboxes.Stats(ctx)
	if err != nil || st.Dead != 0 || st.Halted != 0 {
		v.fail("%d dead letters, %d halted (%v)", st.Dead, st.Halted, err)
	}
	if due := st.Due + st.Running; due != 0 {
		v.fail("%d mailboxes still have something to do", due)
	}
}

// TestFilesAndKeptWordsWithoutFaults is that story when nothing goes wrong.
func TestFilesAndKeptWordsWithoutFaults(t *testing.T) {
	t.Parallel()
	p := &points{story: playFiles, judge: judgeFiles}
	if v := playOnce(t, p); len(v.wrong) > 0 || v.repeats > 0 {
		t.Fatalf("%v, %d repeats", v.wrong, v.repeats)
	}
	t.Logf("%d calls", p.n)
}

// TestCrashPointsOfFiles plays it with every fault at every call.
func TestCrashPointsOfFiles(t *testing.T) {
	t.Parallel()
	crashAll(t, playFiles, judgeFiles)
}

// crashAll plays a story with every fault at every call.
func crashAll(t *testing.T, story func(*world), judge func(*world) verdict) {
	t.Helper()
	whole := &points{story: story, judge: judge}
	playOnce(t, whole)
	const step = 3 * stride // the first story walks more of what they have in common
	got := walk(t, strikes(whole.n, step), func(p *points) { p.story, p.judge = story, judge }, 0)
	t.Logf("%d calls, every %d., %d stories, %d marked repeats", whole.n, step, got.runs, got.repeats)
	for _, f := range got.failures {
		t.Error(f)
	}
}
