package effects_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/effects"
	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/macros"
	"github.com/ponte-desk/ponte/whatsapp"
	"github.com/ponte-desk/ponte/zendesk"
)

const (
	thread  = "100|c1"
	session = "wa-100-c1-1"
	settle  = 15 * time.Second
	// prefix is the path both peers lie under.
	prefix = "/sandbox"
)

var errBroken = errors.New("broken")

// at is so many seconds after the time of the tests.
func at(seconds float64) time.Time {
	return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC).Add(time.Duration(seconds * float64(time.Second)))
}

// request is what a peer was asked, its path without the prefix.
type request struct {
	Method, Path string
	Query        url.Values
	Header       http.Header
	Body         map[string]any
	Raw          []byte // of what is no JSON
}

// peer is a simulated service: fixed answers by route, and what it was asked.
type peer struct {
	t   *testing.T
	url string

	mu    sync.Mutex
	seen  []request
	steps map[string][]http.HandlerFunc
}

func newPeer(t *testing.T) *peer {
	t.Helper()
	p := &peer{t: t, steps: map[string][]http.HandlerFunc{}}
	srv := httptest.NewServer(p)
	t.Cleanup(srv.Close)
	p.url = srv.URL + prefix
	return p
}

// on answers a route, "METHOD path", with one step after the other; the last one stays.
func (p *peer) on(route string, steps ...http.HandlerFunc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.steps[route] = steps
}

func (p *peer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(r.Body)
	seen := request{Method: r.Method, Path: strings.TrimPrefix(r.URL.Path, prefix), Query: r.URL.Query(), Header: r.Header.Clone()}
	if r.Header.Get("Content-Type") != "application/json" {
		seen.Raw = raw
	} else if len(raw) > 0 && (err != nil || json.Unmarshal(raw, &seen.Body) != nil) {
		p.t.Errorf("%s %s: body is no JSON object: %q", r.Method, r.URL.Path, raw)
	}
	p.mu.Lock()
	p.seen = append(p.seen, seen)
	route := seen.Method + " " + seen.Path
	steps := p.steps[route]
	if len(steps) > 1 {
		p.steps[route] = steps[1:]
	}
	p.mu.Unlock()
	if len(steps) == 0 {
		p.t.Errorf("unexpected request: %s?%s", route, r.URL.RawQuery)
		w.WriteHeader(http.StatusTeapot)
		return
	}
	steps[0](w, r)
}

// calls lists what was asked, in order.
func (p *peer) calls() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	calls := []string{}
	for _, r := range p.seen {
		calls = append(calls, r.Method+" "+r.Path)
	}
	return calls
}

// last is the newest request of a method.
func (p *peer) last(method string) request {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, r := range slices.Backward(p.seen) {
		if r.Method == method {
			return r
		}
	}
	p.t.Fatalf("no %s came", method)
	return request{}
}

// says answers with a status, a JSON body and headers in pairs.
func says(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

// cut takes the request and closes the connection without an answer.
func cut(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// budget hands out a fixed time and remembers what it was asked.
type budget struct {
	at   time.Time
	err  error
	asks []ask
}

type ask struct {
	ID   string
	Lane zendesk.Lane
	Cost zendesk.Cost
}

func (b *budget) Reserve(_ context.Context, id string, lane zendesk.Lane, c zendesk.Cost) (time.Time, error) {
	b.asks = append(b.asks, ask{id, lane, c})
	return b.at, b.err
}

func (b *budget) Observe(context.Context, zendesk.Limits) {}

// tickets remembers bindings.
type tickets struct {
	bound map[int64]string
	err   error
}

func (k *tickets) BindTicket(_ context.Context, id int64, thread string) error {
	if k.err == nil {
		k.bound[id] = thread
	}
	return k.err
}

func (k *tickets) TicketThreads(_ context.Context, ids []int64) (map[int64]string, error) {
	found := map[int64]string{}
	for _, id := range ids {
		if thread, ok := k.bound[id]; ok {
			found[id] = thread
		}
	}
	return found, k.err
}

// parking holds statuses by message.
type parking struct {
	held map[string][][]byte
	err  error
}

func (k *parking) Unpark(_ context.Context, id string) ([][]byte, error) { return k.held[id], k.err }

// pace hands out a fixed time and remembers what it was asked and its pauses.
type pace struct {
	at     time.Time
	err    error
	asks   []string
	pauses []time.Duration
}

func (k *pace) Reserve(_ context.Context, id, number, recipient string, perSecond int) (time.Time, error) {
	k.asks = append(k.asks, fmt.Sprintf("%s %s %s %d", id, number, recipient, perSecond))
	return k.at, k.err
}

func (k *pace) Pause(_ context.Context, _ string, d time.Duration) error {
	k.pauses = append(k.pauses, d)
	return k.err
}

// contacts remembers what it was told; fails names what it refuses.
type contacts struct {
	numbers map[string][]string
	told    []string
	fails   string
}

func (k *contacts) tell(what, more string) error {
	if what == k.fails {
		return errBroken
	}
	k.told = append(k.told, what+more)
	return nil
}

func (k *contacts) Register(_ context.Context, contact, number string, _ conversation.Person) error {
	return k.tell("register", " "+contact+" "+number)
}

func (k *contacts) Numbers(_ context.Context, contact string) ([]string, error) {
	return k.numbers[contact], k.tell("numbers", " "+contact)
}

func (k *contacts) Adopt(_ context.Context, from, to string) error {
	return k.tell("adopt", " "+from+" "+to)
}

func (k *contacts) Forget(_ context.Context, contact string) error {
	return k.tell("forget", " "+contact)
}

// boxes holds transcripts by mailbox and session.
type boxes struct {
	lists map[string][][]byte
	state []byte // of the mailbox that is handed over
	told  []string
	err   error
}

func (k *boxes) Transcript(_ context.Context, key, session string) ([][]byte, error) {
	return k.lists[key+" "+session], k.err
}

// keeps puts entries into the transcript of a session in its thread's mailbox.
func (k *boxes) keeps(t *testing.T, key, session string, entries ...conversation.Entry) {
	t.Helper()
	for _, e := range entries {
		raw, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		k.lists[key+" "+session] = append(k.lists[key+" "+session], raw)
	}
}

func (k *boxes) DropTranscript(_ context.Context, key, session string) error {
	k.told = append(k.told, "drop "+key+" "+session)
	return k.err
}

func (k *boxes) HandOver(_ context.Context, from, to, field string, waiting func([]byte) []string) error {
	k.told = append(k.told, strings.Join(append([]string{"hand over", from, to, field, "but for"}, waiting(k.state)...), " "))
	return k.err
}

// counter counts as the store does, and remembers under which names.
type counter struct {
	things []string
	err    error
}

func (k *counter) Count(_ context.Context, name, thing string) (int, error) {
	if k.err != nil {
		return 0, k.err
	}
	k.things = append(k.things, name+" "+thing)
	return len(k.things), nil
}

// delivery is an event that was appended to another mailbox.
type delivery struct {
	Key   string
	Event conversation.Event
}

// duePage is a page of what is due at a time.
type duePage struct {
	upto time.Time
	keys []string
	next string
}

// rig is a Performer between two simulated peers.
type rig struct {
	*testing.T
	desk, phone *peer
	now         time.Time
	budget      *budget
	tickets     *tickets
	parking     *parking
	pace        *pace
	contacts    *contacts
	boxes       *boxes
	counter     *counter
	rows        *rows
	reports     *reports
	delivered   []delivery
	deliverErr  error
	due         map[string]duePage // by cursor
	dueErr      error
	views       *views
	account     settings.Account
	violations  int
	repairErr   error
	marks       []bool
	markErr     error
	set         settings.Number
	streams     int
	log         *strings.Builder
	perform     *effects.Performer
}

func setup(t *testing.T) *rig {
	t.Helper()
	r := &rig{
		T: t, desk: newPeer(t), phone: newPeer(t), now: at(0), budget: &budget{at: at(0)}, log: &strings.Builder{},
		tickets: &tickets{bound: map[int64]string{}}, parking: &parking{held: map[string][][]byte{}}, set: plain(),
		pace: &pace{}, contacts: &contacts{numbers: map[string][]string{}}, boxes: &boxes{lists: map[string][][]byte{}},
		counter: &counter{}, views: &views{}, rows: &rows{}, reports: &reports{},
	}
	r.desk.on(findRoute, says(200, `{"users":[]}`))
	r.dial(r.desk.url, r.phone.url)
	return r
}

// plain is settings without the support procedure: tickets carry words and nothing else.
func plain() settings.Number {
	s := settings.Default()
	s.Organizations.Check, s.Desk, s.Attendance, s.Transcript.AtEnd = false, settings.Desk{}, settings.AttendanceTicket, settings.TranscriptNone
	return s
}

// dial builds the Performer for peers at the addresses.
func (r *rig) dial(desk, phone string) {
	r.Helper()
	now := func() time.Time { return r.now }
	client, err := zendesk.New(zendesk.Config{BaseURL: desk, StaticToken: "demo", Now: now, RetryWait: time.Microsecond})
	if err != nil {
		r.Fatal(err)
	}
	r.perform = effects.New(effects.Config{
		Zendesk: client,
		WhatsApp: func(string, settings.Number) whatsapp.Provider {
			return whatsapp.NewCloud(whatsapp.CloudConfig{BaseURL: phone, Version: "v26.0", Token: "demo"})
		},
		Pace: r.pace, Contacts: r.contacts, Mailboxes: r.boxes, Budget: r.budget, Tickets: r.tickets, Parking: r.parking, Now: now,
		Macros: macros.NewBook(client, now), Counter: r.counter, Views: r.views, Rows: r.rows, Reports: r.reports,
		Logger: slog.New(slog.NewTextHandler(r.log, nil)),
		Deliver: func(_ context.Context, key string, e conversation.Event) error {
			if r.deliverErr == nil {
				r.delivered = append(r.delivered, delivery{key, e})
				r.contacts.told = append(r.contacts.told, "deliver "+key)
			}
			return r.deliverErr
		},
		DeliverAll: func(_ context.Context, list []conversation.Tell) error {
			for _, t := range list {
				if r.deliverErr == nil {
					r.delivered = append(r.delivered, delivery{t.Key, t.Event})
				}
			}
			return r.deliverErr
		},
		Due: func(_ context.Context, view string, upto time.Time, cursor string, limit int) ([]string, string, error) {
			page := r.due[cursor]
			if view != conversation.ViewAudit || !upto.Equal(page.upto) || limit < len(page.keys) {
				r.Errorf("asked for %d of %q up to %v", limit, view, upto)
			}
			return page.keys, page.next, r.dueErr
		},
		Account: func() settings.Account { return r.account },
		Repair:  func(context.Context) (int, error) { return r.violations, r.repairErr },
		Streams: r.streams,
	})
}

// deaf puts both peers behind an address where nobody listens.
func (r *rig) deaf() {
	r.Helper()
	srv := httptest.NewServer(http.NotFoundHandler())
	srv.Close()
	r.dial(srv.URL, srv.URL)
}

// try makes one attempt in the mailbox of a thread.
func (r *rig) try(t conversation.Thread, p conversation.Pending) conversation.Result {
	r.Helper()
	return r.tryAs(thread, t, p)
}

// tryAs is try in any mailbox.
func (r *rig) tryAs(key string, t conversation.Thread, p conversation.Pending) conversation.Result {
	r.Helper()
	mark := func(_ context.Context, repeat bool) (time.Time, error) {
		if r.markErr != nil {
			return time.Time{}, r.markErr
		}
		r.marks = append(r.marks, repeat)
		return r.now, nil
	}
	return r.perform.Perform(r.Context(), conversation.Attempt{Key: key, Thread: t, Pending: p}, r.set, mark)
}

// open is a thread whose contact is known to Zendesk and whose ticket is 11.
func open() conversation.Thread {
	t := conversation.NewThread("100", "c1")
	t.Contact.Name, t.Contact.WaID, t.Contact.UserID, t.Contact.Zendesk = "Ana", "5511987654321", "BR.123456", 7
	t.Conversation = &conversation.Conversation{
		Session: session, State: conversation.StateActive, Ticket: conversation.Ticket{ID: 11, Status: "open", Cursor: 100},
	}
	return t
}

// facts is a ticket of a status as Zendesk answers, that belongs to nobody.
func facts(status string) conversation.Facts {
	none := int64(0)
	return conversation.Facts{Status: status, Group: &none, Assignee: &none, Organization: &none, TagsKnown: true}
}

// wrote is what a write to ticket 11 brought.
func wrote(status string, comments ...int64) *conversation.TicketResult {
	return &conversation.TicketResult{ID: 11, Status: status, Comments: comments, Facts: facts(status)}
}

// since is a result of a ticket that changed at a time.
func since(t *conversation.TicketResult, at time.Time) *conversation.TicketResult {
	t.UpdatedAt = at
	return t
}

// unsure is an effect that was sent at a time and may have happened.
func unsure(p conversation.Pending, sent time.Time) conversation.Pending {
	p.Unsure, p.Frozen, p.SentAt = true, true, sent
	return p
}

func (r *rig) same(what string, got, want any) {
	r.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		r.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// object is a JSON object.
type object = map[string]any

// done wants an attempt to have succeeded and returns its result.
func (r *rig) done(got conversation.Result) conversation.Result {
	r.Helper()
	if got.Outcome != conversation.Done {
		r.Fatalf("result = %+v; want done", got)
	}
	return got
}

// later wants an attempt that certainly did nothing, to be repeated between two waits from now.
func (r *rig) later(got conversation.Result, least, most time.Duration) {
	r.Helper()
	wait := got.NotBefore.Sub(r.now)
	if got.Outcome != conversation.Later || wait < least || wait > most {
		r.Errorf("result = %+v; want later, in %v to %v", got, least, most)
	}
}

// unsure wants an attempt whose outcome is unknown.
func (r *rig) unsure(got conversation.Result, wait time.Duration) {
	r.Helper()
	if got.Outcome != conversation.Unsure || !got.NotBefore.Equal(r.now.Add(wait)) {
		r.Errorf("result = %+v; want unsure, looked at in %v", got, wait)
	}
}

func (r *rig) failed(got conversation.Result, code string) {
	r.Helper()
	if got.Outcome != conversation.Failed || got.Code != code {
		r.Errorf("result = %+v; want failed with code %q", got, code)
	}
}

// silent wants neither peer to have been asked anything.
func (r *rig) silent() {
	r.Helper()
	r.same("requests", append(r.desk.calls(), r.phone.calls()...), []string{})
}
