package web_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/web"
)

// requests is every request that the API takes, commands and others.
func requests() [][3]string { return slices.Concat(routes(), readings(), listRequests()) }

// readings is what the app reads, and the little that it changes there.
func readings() [][3]string {
	return [][3]string{
		{"GET", conv + "/messages?since=1", ""},
		{"GET", conv + "/files/w2", ""},
		{"GET", conv + "/history", ""},
		{"GET", "/api/v1/canned?session=" + session, ""},
		{"POST", "/api/v1/canned", `{"title":"XML","short":"xml","text":"Envie o XML."}`},
		{"PUT", "/api/v1/canned/1", `{"title":"XML","text":"Envie o XML."}`},
		{"DELETE", "/api/v1/canned/1", ""},
		{"GET", "/api/v1/catalogue", ""},
		{"GET", "/api/v1/tickets?q=nota", ""},
		{"GET", "/api/v1/work", ""},
		{"POST", "/api/v1/work/dead/1", ""},
		{"DELETE", "/api/v1/work/dead/1", ""},
		{"POST", "/api/v1/work/halted/1%7C2", ""},
	}
}

// library is what the app reads besides conversations, in memory.
type library struct {
	office   *office
	mu       sync.Mutex
	err      error // of everything, as is the office's
	replies  []web.Canned
	refusal  error // of keeping a reply
	file     string
	mime     string
	size     int64 // of the file as it is told
	fileErr  error
	cut      error // in place of the file's end
	opened   []conversation.File
	sent     []time.Time
	closed   int
	past     []web.PastConversation
	tickets  []web.Ticket
	unknown  bool // the tickets
	values   []string
	asked    []string
	dead     []web.DeadWork
	halted   []web.HaltedWork
	done     []string // pieces of work
	missing  bool     // they are
	haltedIs error
}

// wrong is what goes wrong.
func (l *library) wrong() error { return errors.Join(l.err, l.office.err) }

func (l *library) reads() web.Reads {
	return web.Reads{Canned: cannedShelf{l}, Files: l, Past: l, Zendesk: l, Work: l}
}

// cannedShelf is the library's canned replies.
type cannedShelf struct{ *library }

func (s cannedShelf) List(context.Context) ([]web.Canned, error) {
	return slices.Clone(s.replies), s.err
}

func (s cannedShelf) Add(_ context.Context, r web.Canned) (string, error) {
	r.ID = "new"
	return r.ID, s.keep(r)
}

func (s cannedShelf) Change(_ context.Context, r web.Canned) error { return s.keep(r) }

func (s cannedShelf) keep(r web.Canned) error {
	err := errors.Join(s.refusal, s.wrong())
	if err == nil {
		s.replies = append(s.replies, r)
	}
	return err
}

func (s cannedShelf) Drop(_ context.Context, id string) error {
	s.done = append(s.done, "drop "+id)
	return errors.Join(s.refusal, s.wrong())
}

func (l *library) Open(_ context.Context, _ conversation.Thread, _ string, f conversation.File, sent time.Time) (web.File, error) {
	l.opened, l.sent = append(l.opened, f), append(l.sent, sent)
	if l.fileErr != nil {
		return web.File{}, l.fileErr
	}
	body := io.Reader(strings.NewReader(l.file))
	if l.cut != nil {
		body = io.MultiReader(body, broken{l.cut})
	}
	size := l.size
	if size == 0 {
		size = int64(len(l.file))
	}
	return web.File{Body: closing{body, l}, Name: f.Name, MIME: l.mime, Size: size}, nil
}

// broken is a reader that fails.
type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

// closing notes that a file was closed.
type closing struct {
	io.Reader
	l *library
}

func (c closing) Close() error {
	c.l.closed++
	return nil
}

func (l *library) Conversations(context.Context, conversation.Thread) ([]web.PastConversation, error) {
	return l.past, l.wrong()
}

func (l *library) Tickets(context.Context, conversation.Thread) ([]web.Ticket, bool) {
	return l.tickets, !l.unknown
}

func (l *library) Catalogue(context.Context) ([]string, error) { return l.values, l.wrong() }

func (l *library) FindTickets(_ context.Context, q string, most int) ([]web.Ticket, error) {
	l.asked = append(l.asked, q)
	return l.tickets[:min(len(l.tickets), most)], l.wrong()
}

func (l *library) Dead(context.Context) ([]web.DeadWork, error)     { return l.dead, l.wrong() }
func (l *library) Halted(context.Context) ([]web.HaltedWork, error) { return l.halted, l.haltedIs }

func (l *library) do(what string) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.done = append(l.done, what)
	return !l.missing, l.wrong()
}

func (l *library) Replay(_ context.Context, id string) (bool, error)  { return l.do("replay " + id) }
func (l *library) Drop(_ context.Context, id string) (bool, error)    { return l.do("drop " + id) }
func (l *library) Resume(_ context.Context, key string) (bool, error) { return l.do("resume " + key) }
