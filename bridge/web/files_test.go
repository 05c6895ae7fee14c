package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/web"
)

const filePath = conv + "/files/"

func TestFileIsShown(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, mime, query string
		disposition       string
	}{
		{"a picture", "image/jpeg", "", "inline"},
		{"a picture as a download", "image/jpeg", "?download=1", "attachment"},
		{"not as a download", "image/png", "?download=0", "inline"},
		{"a sound", "audio/ogg; codecs=opus", "", "inline"},
		{"a film", "video/mp4", "", "inline"},
		{"a PDF", "application/pdf", "", "inline"},
		{"a drawing that may hold a program", "image/svg+xml", "", "attachment"},
		{"a page", "text/html; charset=utf-8", "", "attachment"},
		{"words", "text/plain; charset=utf-8", "", "attachment"},
		{"XML", "text/xml", "", "attachment"},
		{"a program", "application/x-msdownload", "", "attachment"},
		{"nobody knows what", "application/octet-stream", "", "attachment"},
		{"an unreadable type", "image/jpeg;;=", "", "attachment"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := openCounter(t, newSecret)
			c.entries, c.library.file, c.library.mime = lines(), "twelve bytes", tt.mime
			rec := c.ask("GET", filePath+"w2"+tt.query, "")
			c.tells(rec, http.StatusOK)
			if rec.Body.String() != c.library.file {
				t.Errorf("the file is %q", rec.Body)
			}
			want := map[string]string{
				"Content-Type": tt.mime, "Content-Disposition": tt.disposition + "; filename=tela.jpg", "X-Content-Type-Options": "nosniff",
				"Cache-Control": "private, max-age=86400", "Vary": "Authorization", "Content-Length": "12", "Cross-Origin-Resource-Policy": "same-origin",
			}
			got := map[string]string{}
			for name := range want {
				got[name] = rec.Header().Get(name)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("headers (-want +got):\n%s", diff)
			}
			if policy := rec.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "sandbox") || strings.Contains(policy, "script") {
				t.Errorf("policy %q", policy)
			}
			if c.library.closed != 1 {
				t.Errorf("closed %d times", c.library.closed)
			}
			file := conversation.File{ID: "w2", Kind: "image", Name: "tela.jpg", MIME: "image/jpeg", Size: 12, Media: "m1"}
			if diff := cmp.Diff([]conversation.File{file}, c.library.opened); diff != "" {
				t.Errorf("opened (-want +got):\n%s", diff)
			}
			if at := apiNow().Add(-58 * time.Minute); !c.library.sent[0].Equal(at) {
				t.Errorf("sent at %v; want %v", c.library.sent[0], at)
			}
		})
	}
}

// The name of a file and its id may hold anything.
func TestFileByAnyName(t *testing.T) {
	t.Parallel()
	const id = "wamid.HBgM/+=|%2F"
	c := openCounter(t, newSecret)
	c.entries = []conversation.Entry{{
		At: apiNow(), Author: conversation.AuthorCustomer, Message: id, Type: "document",
		File: &conversation.File{ID: id, Kind: "document", Name: "relatório \"de\" vendas;.pdf"},
	}}
	c.library.file, c.library.mime, c.library.size = "%PDF-1.4", "application/pdf", -1
	for _, path := range []string{"wamid.HBgM%2F%2B%3D%7C%252F", "wamid.HBgM%2F+=%7C%252F", "wamid.HBgM%2f%2B=%7c%252F"} {
		rec := c.ask("GET", filePath+path, "")
		c.tells(rec, http.StatusOK, "%PDF")
		if got := rec.Header().Get("Content-Disposition"); got != "inline; filename*=utf-8''relat%C3%B3rio%20%22de%22%20vendas%3B.pdf" {
			t.Errorf("disposition %q", got)
		}
		if got := rec.Header().Get("Content-Length"); got != "" {
			t.Errorf("length %q though nobody tells it", got)
		}
	}
}

func TestFileIsNotThere(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, id string
		err      error
		status   int
		words    string
	}{
		{"no such file", "w9", nil, http.StatusNotFound, "Arquivo não encontrado."},
		{"a message without one", "w1", nil, http.StatusNotFound, `"not_found"`},
		{"one that never came", "w3", nil, http.StatusGone, "o WhatsApp não tem mais o arquivo"},
		{"one that nobody has any more", "w2", web.ErrFileGone, http.StatusGone, "não está mais disponível"},
		{"peers that do not answer", "w2", errDown, http.StatusServiceUnavailable, `"unavailable"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := openCounter(t, newSecret)
			c.entries, c.library.fileErr = lines(), tt.err
			c.tells(c.ask("GET", filePath+tt.id, ""), tt.status, tt.words)
			if opened := len(c.library.opened) > 0; opened != (tt.err != nil) {
				t.Errorf("opened: %v", opened)
			}
		})
	}
	c := openCounter(t, newSecret)
	c.entries = lines()
	c.tells(c.ask("GET", filePath+"w2?download=yes", ""), http.StatusBadRequest, `"bad_request"`)
	c.err = errDown
	c.tells(c.ask("GET", filePath+"w2", ""), http.StatusServiceUnavailable, `"unavailable"`)
	c = openCounter(t, newSecret)
	c.entries = []conversation.Entry{{At: apiNow(), Type: "file", Message: "w3", Reason: "o WhatsApp não tem mais o arquivo"}} // a file without an id
	if rec := c.ask("GET", filePath, ""); rec.Code != http.StatusNotFound {
		t.Errorf("no id: %d %s", rec.Code, rec.Body)
	}
	c.thread = nil
	c.tells(c.ask("GET", filePath+"w2", ""), http.StatusNotFound, "Conversa não encontrada.")
}

// A file that breaks off is not taken for a whole one.
func TestFileBreaksOff(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*library){
		"an error":              func(l *library) { l.cut = errDown },
		"shorter than was said": func(l *library) { l.size = 100 },
		"longer than was said":  func(l *library) { l.size = 3 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := openCounter(t, newSecret)
			c.entries, c.library.file, c.library.mime = lines(), "half a file", "image/jpeg"
			change(c.library)
			defer func() {
				if got := recover(); got != http.ErrAbortHandler { //nolint:errorlint // as net/http does
					t.Errorf("ended with %v", got)
				}
				if c.library.closed != 1 {
					t.Errorf("closed %d times", c.library.closed)
				}
				if strings.Contains(c.logs.String(), "hunter2") && !strings.Contains(c.logs.String(), "file not sent") {
					t.Errorf("log %s", c.logs)
				}
			}()
			c.ask("GET", filePath+"w2", "")
		})
	}
}
