package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/live"
	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/bridge/web"
)

// hall is an installation in memory in which conversations change, with people who have sessions.
type hall struct {
	web.Lists    // nil but for Cursor
	web.Sessions // nil but for Find and Current

	t    *testing.T // of a bubble
	hub  *live.Hub
	echo *echo.Echo

	mu       sync.Mutex
	seq      int
	at       map[string]int
	threads  map[string]*conversation.Thread
	visitors map[string][]live.Visitor
	callers  map[string]web.Caller // by token, which is the session's id as well
	drafts   map[string]web.Draft  // by session and agent
	seen     map[string]time.Time
	reset    bool
	away     map[string]bool // what fails
	reads    int             // of single threads
	asked    int             // how often changes are asked for until then is run
	then     func()
}

// errAway is the hall's store that can't be reached.
var errAway = errors.New("store away: secret words")

func openHall(tb testing.TB) *hall {
	tb.Helper()
	h := &hall{
		at: map[string]int{}, threads: map[string]*conversation.Thread{}, visitors: map[string][]live.Visitor{}, callers: map[string]web.Caller{},
		drafts: map[string]web.Draft{}, seen: map[string]time.Time{},
	}
	number := settings.Default()
	number.Desk.Queue = "Suporte"
	registry := prometheus.NewRegistry()
	logger := slog.New(slog.DiscardHandler)
	h.hub = live.New(live.Config{Reader: h, Visits: h, Registry: registry, Logger: logger})
	h.echo = web.New(web.Config{
		Gatherer: registry, Registry: registry, Logger: logger, Webhooks: &receiver{},
		API: web.API{
			Secrets: []string{newSecret}, Threads: h, Lists: h, Sessions: h, Live: h.hub, Notes: h, Now: apiNow,
			Settings: func(string) settings.Number { return number },
		},
	})
	return h
}

// person lets somebody in, by a token that is the session's id too.
func (h *hall) person(token string, id int64, role web.Role, everything bool, groups ...string) {
	c := web.Caller{Agent: conversation.DeskAgent{Agent: conversation.Agent{ID: id, Name: "Ana " + token}}, Role: role, Everything: everything, Session: token}
	for i, g := range groups {
		c.Agent.Groups = append(c.Agent.Groups, conversation.Group{ID: int64(i + 1), Name: g})
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.callers[token] = c
}

// leaves ends a session.
func (h *hall) leaves(token string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.callers, token)
}

// fails lets these calls fail from now on, and no others.
func (h *hall) fails(calls ...string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.away = map[string]bool{}
	for _, c := range calls {
		h.away[c] = true
	}
}

// err is what a call ends with.
func (h *hall) err(call string) error {
	if h.away[call] {
		return errAway
	}
	return nil
}

func (h *hall) Find(_ context.Context, token string) (web.Session, bool, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	c, ok := h.callers[token]
	return web.Session{Caller: c}, ok, nil
}

func (h *hall) Current(_ context.Context, id string) (web.Caller, bool, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	c, ok := h.callers[id]
	return c, ok, h.err("current")
}

func (h *hall) Cursor(context.Context) (string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return strconv.Itoa(h.seq), h.err("cursor")
}

// onChanges runs f before the n-th question from now on for changes.
func (h *hall) onChanges(n int, f func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.asked, h.then = n, f
}

func (h *hall) Changes(_ context.Context, cursor string) (live.Changed, error) {
	h.mu.Lock()
	if h.asked--; h.asked == 0 {
		h.mu.Unlock()
		h.then()
		h.mu.Lock()
	}
	defer h.mu.Unlock()
	c := live.Changed{Cursor: strconv.Itoa(h.seq)}
	from, err := strconv.Atoi(cursor)
	if h.reset || err != nil {
		h.reset, c.Reset = false, true
		return c, h.err("changes")
	}
	for key, at := range h.at {
		if at > from {
			c.Keys = append(c.Keys, key)
		}
	}
	slices.SortFunc(c.Keys, func(a, b string) int { return h.at[a] - h.at[b] })
	return c, h.err("changes")
}

func (h *hall) Threads(_ context.Context, keys []string) (map[string]*conversation.Thread, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	found := map[string]*conversation.Thread{}
	for _, key := range keys {
		found[key] = h.threads[key]
	}
	return found, h.err("threads")
}

func (h *hall) Standing(context.Context) ([]conversation.Thread, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var list []conversation.Thread
	for _, t := range h.threads {
		list = append(list, *t)
	}
	return list, h.err("standing")
}

func (h *hall) Of(_ context.Context, sessions []string) ([][]live.Visitor, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	out := make([][]live.Visitor, len(sessions))
	for i, s := range sessions {
		out[i] = slices.Clone(h.visitors[s])
	}
	return out, h.err("of")
}

func (h *hall) Thread(_ context.Context, session string) (t conversation.Thread, ok bool, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.reads++
	for _, t := range h.threads {
		if slices.Contains(t.Sessions(), session) {
			return *t, true, h.err("thread")
		}
	}
	return t, false, h.err("thread")
}

func (h *hall) Transcript(context.Context, string) ([]conversation.Entry, error) {
	return nil, h.err("transcript")
}

func (h *hall) ThreadOfPhone(context.Context, string, string) (string, error) {
	return "", h.err("threadofphone")
}

func (h *hall) Here(_ context.Context, session string, agent conversation.Agent, doing web.Doing) ([]live.Visitor, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.visitors[session] = slices.DeleteFunc(slices.Clone(h.visitors[session]), func(v live.Visitor) bool { return v.ID == agent.ID })
	if doing != web.Left {
		h.visitors[session] = append(h.visitors[session], live.Visitor{ID: agent.ID, Name: agent.Name, Typing: doing == web.Typing})
	}
	return h.visitors[session], h.err("here")
}

// own is the name of what is an agent's at a session.
func own(session string, agent int64) string { return session + "/" + strconv.FormatInt(agent, 10) }

func (h *hall) Draft(_ context.Context, session string, agent int64) (web.Draft, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.drafts[own(session, agent)], h.err("draft")
}

func (h *hall) KeepDraft(_ context.Context, session string, agent int64, d web.Draft) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.drafts[own(session, agent)] = d
	return h.err("keepdraft")
}

func (h *hall) MarkSeen(_ context.Context, session string, agent int64, at time.Time) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seen[own(session, agent)] = at
	return h.err("markseen")
}

// commit changes a contact's thread; nil forgets it. It returns the mailbox.
func (h *hall) commit(contact string, t *conversation.Thread) string {
	key := conversation.Key(apiNumber, contact)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seq++
	h.at[key] = h.seq
	if h.threads[key] = t; t == nil {
		delete(h.threads, key)
	}
	return key
}

// touch changes a mailbox that is no thread's.
func (h *hall) touch(key string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seq++
	h.at[key] = h.seq
}

// standing is a thread with its n-th conversation in a queue.
func standing(contact string, n int, queue string) *conversation.Thread {
	t := conversation.NewThread(apiNumber, contact)
	t.Contact.Name = "Cliente de " + queue
	t.Count = n
	t.Conversation = &conversation.Conversation{Session: sessionOf(contact, n), State: conversation.StateQueued, Started: apiNow()}
	t.Conversation.Procedure.Queue = queue
	return &t
}

// ended is a thread whose n-th conversation is over.
func ended(contact string, n int, queue string) *conversation.Thread {
	t := standing(contact, n, queue)
	t.Conversation.State, t.Conversation.Ended = conversation.StateClosed, apiNow()
	return t
}

func sessionOf(contact string, n int) string { return conversation.SessionID(apiNumber, contact, n) }

// theatre runs f in a bubble of time, at whose end nothing may run on.
func theatre(t *testing.T, f func(h *hall)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		h := openHall(t)
		h.t = t
		defer h.hub.Close()
		f(h)
	})
}

// passes lets time go by.
func passes(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// page is somebody's connection to the stream, whose other end can stop taking what is sent.
type page struct {
	t      *testing.T
	header http.Header
	leave  context.CancelFunc
	done   chan struct{}

	mu      sync.Mutex
	status  int
	text    strings.Builder // what was written
	shown   int             // how much of it was sent on
	block   chan struct{}   // not nil: writes wait until it is closed
	expired chan struct{}   // closed when the write's time is over
	flushes int
}

// connects opens the stream.
func (h *hall) connects(token, query string, header ...string) *page {
	h.t.Helper()
	ctx, cancel := context.WithCancel(h.t.Context())
	p := &page{t: h.t, header: http.Header{}, leave: cancel, done: make(chan struct{}), expired: make(chan struct{})}
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/api/v1/stream"+query, http.NoBody)
	r.Header.Set("Authorization", "Bearer "+token)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	go func() {
		defer close(p.done)
		h.echo.ServeHTTP(p, r)
	}()
	h.t.Cleanup(cancel)
	synctest.Wait()
	return p
}

func (p *page) Header() http.Header { return p.header }

func (p *page) WriteHeader(status int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.status = status
}

func (p *page) Write(text []byte) (int, error) {
	p.mu.Lock()
	block := p.block
	p.mu.Unlock()
	if block != nil {
		select {
		case <-block:
		case <-p.expired:
			return 0, os.ErrDeadlineExceeded
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.Write(text)
}

func (p *page) Flush() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.flushes++
	p.shown = p.text.Len()
}

func (p *page) SetWriteDeadline(at time.Time) error {
	if at.Before(time.Now()) {
		close(p.expired)
	}
	return nil
}

// stops lets the page take nothing any more.
func (p *page) stops() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.block = make(chan struct{})
}

// over tells whether the answer has ended.
func (p *page) over() bool {
	synctest.Wait()
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// sent is an event as tests write it down: its name, what the page knows it by, and the cursor.
type sent struct{ name, about, id string }

// takes is the blocks that have come since it was last called: comments as events without a name.
func (p *page) takes() (events []sent) {
	p.t.Helper()
	synctest.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	text := p.text.String()[:p.shown]
	rest := p.text.String()[p.shown:]
	p.text.Reset()
	_, _ = io.WriteString(&p.text, rest)
	p.shown = 0
	for block := range strings.SplitSeq(strings.TrimSuffix(text, "\n\n"), "\n\n") {
		var e sent
		for line := range strings.SplitSeq(block, "\n") {
			field, value, _ := strings.Cut(line, ": ")
			switch field {
			case "event":
				e.name = value
			case "data":
				e.about = about(value)
			case "id":
				e.id = value
			case "":
				e.about = value
			default:
				p.t.Errorf("strange line %q", line)
			}
		}
		if block != "" {
			events = append(events, e)
		}
	}
	return events
}

// about is what an event is about: who is in which queue, the session that is gone, or who is there.
func about(data string) string {
	var d struct {
		Session string
		Queue   string
		State   string
		Agents  []struct {
			ID     int64
			Typing bool
		}
	}
	if err := json.Unmarshal([]byte(data), &d); err != nil {
		return "unreadable: " + data
	}
	words := []string{strings.TrimPrefix(d.Session, "wa-"+apiNumber+"-"), d.Queue}
	for _, a := range d.Agents {
		word := strconv.FormatInt(a.ID, 10)
		if a.Typing {
			word += " types"
		}
		words = append(words, word)
	}
	return strings.TrimSpace(strings.Join(words, " "))
}

// gets wants the page to have been sent these events since it was last asked, and no others.
func (p *page) gets(want ...sent) {
	p.t.Helper()
	if diff := cmp.Diff(want, p.takes(), cmp.AllowUnexported(sent{})); diff != "" {
		p.t.Fatalf("events (-want +got):\n%s", diff)
	}
}
