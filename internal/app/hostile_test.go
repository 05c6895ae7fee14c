package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/ponte-desk/ponte/internal/app"
	"github.com/ponte-desk/ponte/sandbox/desk"
	"github.com/ponte-desk/ponte/sandbox/rig"
)

// metadata is what cloud machines know as the service that hands out their credentials.
const metadata = "http://169.254.169.254/latest/meta-data"

// attack is something that a customer, an agent's file or a peer's answer tries.
type attack struct {
	name  string
	do    func(w *world)
	note  string // what an agent reads of it on the ticket, once; "" where nothing is refused
	check func(w *world, v *verdict)
	files int // on the ticket, at the end
}

// attacks are all of them; the customer of each has written before.
func attacks() []attack {
	elf := append([]byte("\x7fELF\x02\x01\x01"), make([]byte, 200)...)
	exe := append([]byte("MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff"), make([]byte, 200)...)
	remote := func(declare fields, size int) func(w *world) {
		return func(w *world) {
			w.sends(fields{
				"type": "document", "generate_bytes": size, "declare": declare,
				"document": fields{"mime_type": "application/pdf", "filename": "conta.pdf", "caption": "veja depois"},
			})
		}
	}
	const address, large, gone = "o endereço do arquivo não é do WhatsApp", "passa do limite de 50 MB", "não está mais disponível no ticket"
	return []attack{
		{name: "a name that leads out of the folder", files: 1, check: safeFiles, do: func(w *world) {
			w.file("document", "../../etc/passwd", "veja depois", []byte("root:x:0:0:root:/root:/bin/bash\n"))
		}},
		{name: "a name turned round", files: 1, check: safeFiles, do: func(w *world) {
			w.file("document", "nota\u202efdp.txt", "veja depois", []byte("uma nota\n"))
		}},
		{name: "a program called a picture", note: "o conteúdo não é do tipo", do: func(w *world) { w.file("image", "foto.png", "veja depois", exe) }},
		{name: "a program called a PDF", note: "o conteúdo não é do tipo", do: func(w *world) { w.file("document", "conta.pdf", "veja depois", elf) }},
		{name: "an address inside", note: address, do: remote(fields{"url": metadata}, 1000)},
		{name: "an address that leads inside", note: address, do: func(w *world) {
			w.faults(rig.Fault{Peer: "whatsapp", Path: "/media/*", Status: http.StatusFound, Headers: map[string]string{"Location": metadata}})
			remote(nil, 1000)(w)
		}},
		{name: "a file over the limit", note: large, do: remote(nil, 60*megabyte)},
		{name: "a file over the limit that is called small", note: large, do: remote(fields{"file_size": 1000}, 60*megabyte)},
		{name: "a file that WhatsApp keeps", note: "100 MB", do: func(w *world) {
			remote(nil, 101*megabyte)(w)
			w.customer("veja depois") // WhatsApp keeps the caption as well
		}},
		{name: "an agent's file that leads inside", note: gone, files: 1, do: func(w *world) {
			if err := w.peers.Zendesk().SetKnobs(desk.Knobs{AttachmentRedirect: "evil"}); err != nil {
				w.fatalf("%v", err)
			}
			w.customer("veja depois")
			w.attaches("segue o anexo r1", "seta.png", picture())
		}, check: func(w *world, v *verdict) {
			if words, _ := w.heard(); fmt.Sprint(words) != "[r1]" {
				v.fail("on the phone: %v", words)
			}
		}},
	}
}

// safeFiles wants files' names that lead nowhere.
func safeFiles(w *world, v *verdict) {
	for _, c := range w.peers.Zendesk().Comments(w.attacked()) {
		for _, name := range c.Attachments {
			if strings.ContainsAny(name, "/\\\u202e") || strings.Contains(name, "..") {
				v.fail("a file called %q", name)
			}
		}
	}
}

// attacked is the ticket of whoever wrote first.
func (w *world) attacked() int64 { return w.tickets()[0].ID }

// bystander has another customer write, as of a new story.
func (w *world) bystander(text string) {
	if _, err := w.peers.WhatsApp().ReceiveFrom(w.peers.WhatsApp().Customers()[1].ID, text); err != nil {
		w.fatalf("%v", err)
	}
}

// judgeHarm wants a bystander's conversation to go on, nothing dead, and nothing in Ponte's words that helps an attacker.
func (w *world) judgeHarm(v *verdict) {
	w.bystander("e eu? agora")
	w.run(3 * time.Minute)
	found := false
	for _, ticket := range w.tickets() {
		for _, c := range w.peers.Zendesk().Comments(ticket.ID) {
			found = found || strings.Contains(c.Body, "e eu? agora") && ticket.ID != w.attacked()
			for _, secret := range []string{"169.254", "meta-data", "ponte.invalid", app.DemoAccessToken, app.DemoAppSecret, app.DemoWebhookSecret, app.DemoAPISecret} {
				if strings.Contains(c.Body, secret) {
					v.fail("%s in %q", secret, c.Body)
				}
			}
		}
	}
	if !found {
		v.fail("nobody else's words arrive")
	}
	w.judgeRest(v)
}

// TestHostileFiles sends files that must not get through: agents are told once what was refused, the words beside are there, and
// nobody else notices.
func TestHostileFiles(t *testing.T) {
	t.Parallel()
	for _, a := range attacks() {
		t.Run(a.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, &points{})
			defer w.close()
			w.customer("bom dia")
			w.run(30 * time.Second)
			w.bystander("eu também")
			a.do(w)
			w.run(5 * time.Minute)
			var v verdict
			text, notes, files := 0, 0, 0
			for _, c := range w.peers.Zendesk().Comments(w.attacked()) {
				text += strings.Count(c.Body, "veja depois")
				files += len(c.Attachments)
				if a.note != "" && strings.Contains(c.Body, a.note) {
					notes++
					t.Log(c.Body)
				}
			}
			if text != 1 || files != a.files || a.note != "" && notes != 1 {
				v.fail("the words %d times, %d files, told %d times: %+v", text, files, notes, w.peers.Zendesk().Comments(w.attacked()))
			}
			if a.check != nil {
				a.check(w, &v)
			}
			w.judgeHarm(&v)
			if len(v.wrong) > 0 {
				t.Error(v.wrong)
			}
		})
	}
}

// TestHostileComment has an agent write as much as Zendesk takes: all of it is on the phone, in order, in messages that WhatsApp
// takes.
func TestHostileComment(t *testing.T) {
	t.Parallel()
	const most, longest = 65_000, 4096 // Zendesk takes 65,535 characters
	w := newWorld(t, &points{})
	defer w.close()
	w.customer("bom dia")
	w.run(30 * time.Second)
	w.bystander("eu também")
	var text strings.Builder
	for n := 0; text.Len() < most; n++ {
		fmt.Fprintf(&text, "palavra%d é ", n)
		if n%40 == 0 {
			text.WriteString("\n\n")
		}
	}
	w.agent(text.String(), true)
	w.run(5 * time.Minute)
	chat, _ := w.peers.WhatsApp().Chat(w.peers.WhatsApp().Customers()[0].ID, app.DemoNumber, true)
	var got []string
	messages := 0
	for _, m := range chat.Messages {
		var content struct{ Body string }
		if m.From != "business" {
			continue
		}
		if err := json.Unmarshal(m.Content, &content); err != nil || utf8.RuneCountInString(content.Body) > longest || m.State == "failed" {
			t.Errorf("a message of %d characters is %s (%v)", utf8.RuneCountInString(content.Body), m.State, err)
		}
		got = append(got, strings.Fields(content.Body)...)
		messages++
	}
	if want := strings.Fields(text.String()); strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("%d words on the phone, %d written", len(got), len(want))
	}
	t.Logf("%d characters in %d messages", utf8.RuneCountInString(text.String()), messages)
	var v verdict
	w.judgeHarm(&v)
	if len(v.wrong) > 0 {
		t.Error(v.wrong)
	}
}

// csv is the transcript of a ticket's conversation as a table.
func (w *world) csv(session string) string {
	r := httptest.NewRequest(http.MethodGet, "/api/v1/conversations/"+session+"/transcript?format=csv", http.NoBody)
	r.Header.Set("Authorization", "Bearer "+app.DemoAPISecret)
	rec := httptest.NewRecorder()
	w.live.Handler().ServeHTTP(rec, r)
	if rec.Code != http.StatusOK {
		w.fatalf("transcript: %d %s", rec.Code, rec.Body)
	}
	return rec.Body.String()
}

// named makes a customer of that name who writes.
func (w *world) named(name string, content fields) {
	id, _ := w.control("/sandbox/phone/api/customers", fields{"name": name, "phone": "+55 71 98811-2233"})["id"].(string)
	w.control("/sandbox/phone/api/customers/"+id+"/messages", content)
}

// text is a message of that text.
func text(body string) fields { return fields{"type": "text", "text": fields{"body": body}} }

// TestHostileWords has customers write, and be called, what does harm elsewhere: it is shown as it is, or made harmless.
func TestHostileWords(t *testing.T) {
	t.Parallel()
	const formula = `=HYPERLINK("http://x.example","clique")`
	const page = `<img src=x onerror=alert(1)><script>alert(2)</script><b>oi</b>`
	piled := "e" + strings.Repeat("\u0301", 10_000)
	wide := strings.Repeat("\U0001F4E6", 110)
	var items, cards []fields
	for range 60 {
		items = append(items, fields{"product_retailer_id": wide, "quantity": 1, "item_price": 9.9, "currency": "BRL"})
	}
	for range 30 {
		var phones []fields
		for range 20 {
			phones = append(phones, fields{"phone": strings.Repeat("é", 110)})
		}
		cards = append(cards, fields{"name": fields{"formatted_name": "Contato", "first_name": "Contato"}, "phones": phones})
	}
	const cut = "(mensagem longa demais: o restante não é mostrado)"
	plain := func(name string, content fields) func(*world) { return func(w *world) { w.named(name, content) } }
	for _, tt := range []struct {
		name string
		do   func(*world)
		body string // on the ticket
		user string // the requester's name in Zendesk
	}{
		{"a formula as name and words", plain(formula, text(formula)), formula, strings.TrimPrefix(formula, "=")},
		{"a page", plain("Rita", text(page)), page, "Rita"},
		{"a name turned round", plain("Ana \u202egnp.exe\u202c\u2066", text("oi")), "oi", "Ana gnp.exe"},
		{"10,000 combining characters", func(w *world) { w.hears(app.DemoNumber, "x", "5571988112233", "", piled) }, piled, "Bia"},
		{"an order without end", plain("Rita", fields{"type": "order", "order": fields{"catalog_id": "c", "product_items": items}}), cut, "Rita"},
		{"contacts without end", plain("Rita", fields{"type": "contacts", "contacts": cards}), cut, "Rita"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, &points{})
			defer w.close()
			tt.do(w)
			w.run(time.Minute)
			w.bystander("eu também")
			w.run(time.Minute)
			var v verdict
			ticket, found := w.tickets()[0], 0
			for _, c := range w.peers.Zendesk().Comments(ticket.ID) {
				found += strings.Count(c.Body, tt.body)
				if strings.Contains(c.HTMLBody, "<img") || strings.Contains(c.HTMLBody, "<script") || len(c.Body) > 60_000 {
					v.fail("on the ticket: %d bytes, %.200s", len(c.Body), c.HTMLBody)
				}
			}
			if found != 1 {
				v.fail("on the ticket %d times: %.300v", found, w.peers.Zendesk().Comments(ticket.ID))
			}
			for _, u := range w.peers.Zendesk().Users() {
				if u.ID == ticket.RequesterID && u.Name != tt.user {
					v.fail("the user is called %q", u.Name)
				}
			}
			table := w.csv(ticket.ExternalID)
			for cell := range strings.FieldsFuncSeq(table, func(r rune) bool { return r == ';' || r == '\n' }) {
				if strings.HasPrefix(strings.TrimLeft(cell, "\" \ufeff"), "=") {
					v.fail("a formula in the table: %.100q", cell)
				}
			}
			w.judgeHarm(&v)
			if len(v.wrong) > 0 {
				t.Error(v.wrong)
			}
		})
	}
}
