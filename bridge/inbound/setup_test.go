package inbound_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/inbound"
	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/internal/testredis"
	"github.com/ponte-desk/ponte/whatsapp"
)

const (
	number = "106540352242922" // the phone number id of most fixtures
	second = "206540352242922"
	secret = "app-secret"
	ownID  = 99
)

// errDown is what the fakes fail with.
var errDown = errors.New("down")

// noon is when the tests take webhooks in.
func noon() time.Time { return time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC) }

// people is a directory that names every person after the strongest id. Who else is shown to be that person, or lost a phone to
// it, is told by that name.
type people struct {
	fail       error
	same, lost map[string]string
	strangers  map[string]bool // nobody knows them, by name

	mu      sync.Mutex
	calls   int
	asked   []conversation.Person
	looks   int
	whether []conversation.Person
}

func nameOf(who conversation.Person) string {
	if who.UserID == "" {
		return "c." + who.Phone
	}
	return "c." + who.UserID
}

func (p *people) Resolve(_ context.Context, list []conversation.Person) ([]conversation.Resolved, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls++
	p.asked = append(p.asked, list...)
	found := make([]conversation.Resolved, len(list))
	for i, who := range list {
		name := nameOf(who)
		found[i] = conversation.Resolved{Contact: name, Same: p.same[name], Lost: p.lost[name]}
	}
	return found, p.fail
}

func (p *people) Known(_ context.Context, list []conversation.Person) ([]string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.looks++
	p.whether = append(p.whether, list...)
	ids := make([]string, len(list))
	for i, who := range list {
		if name := nameOf(who); !p.strangers[name] {
			ids[i] = name
		}
	}
	return ids, p.fail
}

// desk knows the threads of tickets.
type desk struct {
	fail    error
	threads map[int64]string
}

func (d *desk) TicketThreads(_ context.Context, tickets []int64) (map[int64]string, error) {
	known := map[int64]string{}
	for _, id := range tickets {
		if key, ok := d.threads[id]; ok {
			known[id] = key
		}
	}
	return known, d.fail
}

// lot is where statuses are parked.
type lot struct {
	fail   error
	calls  int
	parked map[string][]conversation.Status
}

func (l *lot) ParkAll(_ context.Context, list []inbound.ParkedStatus) error {
	l.calls++
	if l.fail != nil {
		return l.fail
	}
	for _, p := range list {
		var s conversation.Status
		if err := json.Unmarshal(p.Raw, &s); err != nil {
			return err
		}
		l.parked[p.MessageID] = append(l.parked[p.MessageID], s)
	}
	return nil
}

// house is a receiver with real mailboxes.
type house struct {
	*inbound.Receiver
	t        *testing.T
	r        *testredis.Redis
	boxes    *mailbox.Store
	people   *people
	desk     *desk
	lot      *lot
	registry *prometheus.Registry

	mu       sync.Mutex
	notified []string
}

func setup(t *testing.T) *house {
	t.Helper()
	h := &house{
		t: t, r: testredis.Mini(t), people: &people{strangers: map[string]bool{"c.550000": true}}, desk: &desk{threads: map[int64]string{}},
		lot: &lot{parked: map[string][]conversation.Status{}}, registry: prometheus.NewRegistry(),
	}
	ids := &atomic.Int64{}
	boxes, err := mailbox.Open(t.Context(), mailbox.Config{
		Client: h.r.Client, Prefix: h.r.Prefix, Partitions: 3, MaxEvents: 10_000, Now: noon,
		NewID: func() string { return fmt.Sprint("id", ids.Add(1)) },
	})
	h.ok(err)
	h.boxes = boxes
	h.Receiver = inbound.New(inbound.Config{
		Mailboxes: boxes, Contacts: h.people, Tickets: h.desk, Parking: h.lot, Notify: h.notify, OwnUser: func() int64 { return ownID },
		Now: noon, Metrics: inbound.NewMetrics(h.registry), WhatsAppSecrets: []string{"next-secret", secret}, VerifyToken: "token",
		ZendeskSecrets: []string{"next-secret", secret}, Dialog360Secrets: []string{"next-secret", secret},
		Dialog360Number: func(numberID string) bool { return numberID == second },
	})
	return h
}

func (h *house) notify(keys ...string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.notified = append(h.notified, keys...)
}

func (h *house) ok(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) same(what string, got, want any) {
	h.t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		h.t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// refused wants err to be a refusal with the status.
func (h *house) refused(err error, reason string, status int) {
	h.t.Helper()
	var r *inbound.RefusedError
	if !errors.As(err, &r) || r.HTTPStatus() != status || r.Error() != reason {
		h.t.Errorf("error = %v; want %s, %d", err, reason, status)
	}
}

// unavailable wants err to ask for another delivery.
func (h *house) unavailable(err, cause error) {
	h.t.Helper()
	var final interface{ HTTPStatus() int }
	if err == nil || errors.As(err, &final) || cause != nil && !errors.Is(err, cause) {
		h.t.Errorf("error = %v; want one that asks for another delivery because of %v", err, cause)
	}
}

func digest(text, key string) []byte {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

// signed is what WhatsApp's request carries.
func signed(body, key string) http.Header {
	return http.Header{whatsapp.SignatureHeader: {"sha256=" + hex.EncodeToString(digest(body, key))}}
}

// post hands a webhook of WhatsApp over, signed.
func (h *house) post(body string) error {
	h.t.Helper()
	return h.WhatsApp(h.t.Context(), signed(body, secret), []byte(body))
}

// stored empties all mailboxes and returns their events by mailbox.
func (h *house) stored() map[string][]conversation.Event {
	h.t.Helper()
	found := map[string][]conversation.Event{}
	leases, err := h.boxes.Claim(h.t.Context(), []int{0, 1, 2}, 10_000)
	h.ok(err)
	for _, l := range leases {
		inbox := l.Inbox()
		for _, m := range inbox {
			e, err := conversation.DecodeEvent(m.Data)
			h.ok(err)
			if e.ID != m.ID {
				h.t.Errorf("the event is %q, its entry %q", e.ID, m.ID)
			}
			found[l.Key] = append(found[l.Key], e)
		}
		h.ok(h.boxes.Commit(h.t.Context(), l, mailbox.Commit{Consume: len(inbox), Release: true}))
	}
	return found
}

// bare takes the peers' own words out of events, so that tests can name the rest.
func bare(events map[string][]conversation.Event) map[string][]conversation.Event {
	for _, list := range events {
		for i := range list {
			list[i].Raw = nil
		}
	}
	return events
}

// counted lists every counter that is not zero: name{label values}.
func (h *house) counted() map[string]float64 {
	h.t.Helper()
	families, err := h.registry.Gather()
	h.ok(err)
	counts := map[string]float64{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			values := make([]string, 0, 2)
			for _, l := range m.GetLabel() {
				values = append(values, l.GetValue())
			}
			slices.Sort(values)
			if v := m.GetCounter().GetValue(); v != 0 {
				counts[f.GetName()+"{"+strings.Join(values, ",")+"}"] = v
			}
		}
	}
	return counts
}

// Pieces of webhooks.

func webhook(changes ...string) string {
	return `{"object":"whatsapp_business_account","entry":[{"id":"waba","changes":[` + strings.Join(changes, ",") + `]}]}`
}

func change(field, value string) string { return `{"field":"` + field + `","value":` + value + `}` }

// of is a value for one number: its members after the metadata.
func of(numberID, members string) string {
	return change("messages", `{"messaging_product":"whatsapp","metadata":{"phone_number_id":"`+numberID+`"},`+members+`}`)
}

// text is a message of a person known by phone.
func text(id, from, body string) string {
	return fmt.Sprintf(`{"id":%q,"from":%q,"timestamp":"1795300000","type":"text","text":{"body":%q}}`, id, from, body)
}

func list(name string, items ...string) string {
	return `"` + name + `":[` + strings.Join(items, ",") + `]`
}

// sent is the timestamp of text.
func sent() time.Time { return time.Unix(1795300000, 0).UTC() }

// message is the event that text becomes.
func message(id, from, body string) conversation.Event {
	return conversation.Event{
		Kind: conversation.EventMessage, ID: "m:" + id, At: noon(), Contact: &conversation.Contact{WaID: from},
		Message: &conversation.Message{ID: id, Type: "text", Text: body, Sent: sent()},
	}
}

// keysOf lists the mailboxes, sorted.
func keysOf(events map[string][]conversation.Event) []string { return slices.Sorted(maps.Keys(events)) }
