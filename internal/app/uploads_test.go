package app_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/internal/app"
)

// TestFileHoursBeforeTheEnd wants a file that an agent sent hours ago on the ticket once, though nobody has used its upload in time.
func TestFileHoursBeforeTheEnd(t *testing.T) {
	t.Parallel()
	bothModes(t, func(m moded) {
		a := attend(m.T, m.number)
		ana := a.staff("Ana Beatriz Souza")
		a.derives(mariana, "não emite a nota m1")
		a.run(time.Minute)
		session := a.sessionOf(mariana)
		a.does(session, "take", fields{"agent": ana})
		file := a.uploads(session, "../nota fiscal.pdf", invoice())
		a.does(session, "reply", fields{"agent": ana, "file": file})
		a.run(time.Minute)
		if got := a.documents(mariana); !slices.Equal(got, []string{"nota fiscal.pdf: "}) {
			m.Errorf("on the phone: %q", got)
		}
		for range 3 {
			a.passes(time.Hour)
			a.says(mariana, "obrigada")
		}
		ticket := a.ticket()
		if got := a.filesOn(ticket.ID); (m.number.Mode == settings.ModeMirror) != slices.Equal(got, []string{"nota fiscal.pdf"}) {
			m.Errorf("on the ticket before the end: %q", got)
		}
		a.does(session, "close", fields{"agent": ana, "subject": "Emissão de nota", "reason": "orientado"})
		a.run(5 * time.Minute)
		if got := a.filesOn(ticket.ID); !slices.Equal(got, []string{"nota fiscal.pdf"}) {
			m.Errorf("on the ticket: %q", got)
		}
		for _, c := range a.peers.Zendesk().Comments(ticket.ID) {
			if strings.Contains(c.Body, "não") && strings.Contains(c.Body, "anexado") {
				m.Errorf("the ticket says %q", c.Body)
			}
		}
	})
}

// TestFileOutsideTheWindow wants a file kept until the customer writes, sent once then, though its upload is forgotten by that time.
func TestFileOutsideTheWindow(t *testing.T) {
	t.Parallel()
	bothModes(t, func(m moded) {
		a := attend(m.T, m.number)
		ana := a.staff("Ana Beatriz Souza")
		a.derives(mariana, "não emite a nota m1")
		a.run(time.Minute)
		session := a.sessionOf(mariana)
		a.does(session, "take", fields{"agent": ana})
		a.does(session, "snooze", fields{"agent": ana, "until": a.clock().Add(60 * time.Hour)})
		a.passes(30 * time.Hour)
		file := a.uploads(session, "nota.pdf", invoice())
		if got := a.does(session, "reply", fields{"agent": ana, "file": file, "text": "segue r1"}); got.Delivery != "kept" {
			m.Errorf("answered %+v", got)
		}
		a.passes(3 * time.Hour)
		if got := a.documents(mariana); len(got) > 0 {
			m.Errorf("on the phone outside the window: %q", got)
		}
		a.says(mariana, "voltei")
		a.run(time.Minute)
		if got := a.documents(mariana); !slices.Equal(got, []string{"nota.pdf: segue r1"}) {
			m.Errorf("on the phone: %q", got)
		}
		a.does(session, "close", fields{"agent": ana, "subject": "Emissão de nota", "reason": "orientado"})
		a.run(5 * time.Minute)
		if got := a.filesOn(a.ticket().ID); !slices.Equal(got, []string{"nota.pdf"}) {
			m.Errorf("on the ticket: %q", got)
		}
	})
}

// TestFilesNotTakenIn wants what can't be sent refused when it comes, with the way out, and an upload to be good for its own conversation
// and hour alone.
func TestFilesNotTakenIn(t *testing.T) {
	t.Parallel()
	a := attend(t, procedure(settings.ModeMirror))
	ana := a.staff("Ana Beatriz Souza")
	a.derives(mariana, "não emite a nota m1")
	a.derives(antonio, "o estoque sumiu m2")
	a.run(time.Minute)
	session, other := a.sessionOf(mariana), a.sessionOf(antonio)
	ogg := func(channels string) []byte {
		return []byte("OggS\x00\x02" + strings.Repeat("\x00", 20) + "\x01\x13OpusHead\x01" + channels + strings.Repeat("\x00", 9))
	}
	for name, tt := range map[string]struct {
		content []byte
		status  int
		words   string
	}{
		"vazio.pdf":    {nil, http.StatusBadRequest, "está vazio"},
		"programa.exe": {[]byte("MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00"), http.StatusUnsupportedMediaType, "executáveis"},
		"nota.pdf.bat": {[]byte("@echo off"), http.StatusUnsupportedMediaType, "executáveis"},
		"voz.ogg":      {ogg("\x02"), http.StatusUnsupportedMediaType, "um só canal"},
	} {
		status, answer := a.offersFile(session, name, tt.content)
		text, _ := answer["text"].(string)
		if status != tt.status || !strings.Contains(text, tt.words) {
			t.Errorf("%s is answered %d %v", name, status, answer)
		}
	}
	if status, _ := a.offersFile("wa-1-nobody-1", "a.pdf", invoice()); status != http.StatusNotFound {
		t.Errorf("a file of no conversation is answered %d", status)
	}
	file := a.uploads(session, "nota.pdf", invoice())
	a.does(other, "take", fields{"agent": ana})
	a.refusedFor(other, "reply", fields{"agent": ana, "file": file}, "bad_file", "Anexe-o de novo")
	a.refusedFor(session, "reply", fields{"agent": ana, "file": "up-nothing"}, "bad_file", "Anexe-o de novo")
	a.passes(61 * time.Minute)
	a.refusedFor(session, "reply", fields{"agent": ana, "file": file}, "bad_file", "Anexe-o de novo")
	if got := a.documents(mariana); len(got) > 0 {
		t.Errorf("on the phone: %q", got)
	}
}

// bitmap is a BMP of one pixel.
func bitmap() []byte {
	return []byte("BM\x3a\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00\x00\x01\x00\x18\x00" +
		"\x00\x00\x00\x00\x04\x00\x00\x00\x13\x0b\x00\x00\x13\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x10\x20\x30\x00")
}

// TestPicturesAndVoice wants a bitmap to arrive as a picture with its caption, a voice message as one, and words beside what has none below.
func TestPicturesAndVoice(t *testing.T) {
	t.Parallel()
	a := attend(t, procedure(settings.ModeMirror))
	ana := a.staff("Ana Beatriz Souza")
	a.derives(mariana, "não emite a nota m1")
	a.run(time.Minute)
	session := a.sessionOf(mariana)
	a.does(session, "take", fields{"agent": ana})
	a.run(30 * time.Second)
	before := len(a.kinds(mariana))
	a.does(session, "reply", fields{"agent": ana, "text": "veja r1", "file": a.uploads(session, "tela.bmp", bitmap())})
	voice := []byte("OggS\x00\x02" + strings.Repeat("\x00", 20) + "\x01\x13OpusHead\x01\x01" + strings.Repeat("\x00", 900))
	a.does(session, "reply", fields{"agent": ana, "text": "ouça r2", "file": a.uploads(session, "voz.ogg", voice)})
	a.run(time.Minute)
	if got := a.kinds(mariana)[before:]; !slices.Equal(got, []string{"image", "text", "audio"}) {
		t.Errorf("on the phone: %q", got)
	}
	if got := a.filesOn(a.ticket().ID); !slices.Equal(got, []string{"tela.bmp", "voz.ogg"}) {
		t.Errorf("on the ticket: %q", got)
	}
}

// kinds lists the types of what a customer was sent.
func (a *attendance) kinds(customer string) (list []string) {
	a.t.Helper()
	chat, _ := a.peers.WhatsApp().Chat(customer, app.DemoNumber, true)
	for _, m := range chat.Messages {
		if m.From == "business" && m.State != "failed" {
			list = append(list, m.Type)
		}
	}
	return list
}
