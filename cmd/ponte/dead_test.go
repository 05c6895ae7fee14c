package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/internal/app"
	"github.com/ponte-desk/ponte/internal/testredis"
)

// morgue is an installation with dead letters.
type morgue struct {
	t     *testing.T
	boxes *mailbox.Store
}

func newMorgue(t *testing.T) *morgue {
	t.Helper()
	return morgueOn(t, onRedis(t, nil))
}

func morgueOn(t *testing.T, r *testredis.Redis) *morgue {
	t.Helper()
	boxes, closeIt, err := app.OpenMailboxes(t.Context(), app.Config{RedisURL: r.URL, RedisPrefix: r.Prefix})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeIt() })
	return &morgue{t, boxes}
}

// claim takes the events that wait.
func (m *morgue) claim() []*mailbox.Lease {
	m.t.Helper()
	all := make([]int, m.boxes.Partitions())
	for p := range all {
		all[p] = p
	}
	leases, err := m.boxes.Claim(m.t.Context(), all, 10)
	if err != nil {
		m.t.Fatal(err)
	}
	return leases
}

// bury lets a mailbox give up on events.
func (m *morgue) bury(key string, letters ...mailbox.DeadLetter) {
	m.t.Helper()
	ctx := m.t.Context()
	if _, err := m.boxes.Append(ctx, mailbox.Delivery{Key: key, Events: []mailbox.Event{{Data: []byte("{}")}}}); err != nil {
		m.t.Fatal(err)
	}
	for _, l := range m.claim() {
		if err := m.boxes.Commit(ctx, l, mailbox.Commit{Consume: len(l.Inbox()), Dead: letters, Release: true}); err != nil {
			m.t.Fatal(err)
		}
	}
}

func (m *morgue) left() int {
	m.t.Helper()
	letters, err := m.boxes.Dead(m.t.Context(), 10)
	if err != nil {
		m.t.Fatal(err)
	}
	return len(letters)
}

func TestDeadList(t *testing.T) {
	m := newMorgue(t)
	same(t, "none", ponte(t, "dead", "list"), outcome{out: "0 dead letters\n"})
	m.bury("1|a", mailbox.DeadLetter{ID: "d1", Reason: "ticket closed", Event: []byte(`{}`)})
	m.bury("1|b", mailbox.DeadLetter{ID: "d2", Reason: "number unknown", Event: []byte(`{}`)})
	letter, err := m.boxes.DeadLetter(t.Context(), "d1")
	if err != nil {
		t.Fatal(err)
	}
	got := ponte(t, "dead", "list")
	for _, line := range []string{"d1  " + letter.At.Format(time.DateTime) + "  ticket closed\n", "  number unknown\n", "2 dead letters\n"} {
		if !strings.Contains(got.out, line) {
			t.Errorf("no %q in %q", line, got.out)
		}
	}
	if got.code != 0 || got.err != "" || strings.Count(got.out, "\n") != 3 {
		t.Errorf("exit %d: %s%s", got.code, got.out, got.err)
	}
}

func TestDeadShow(t *testing.T) {
	m := newMorgue(t)
	m.bury("1|a",
		mailbox.DeadLetter{ID: "d1", Reason: "ticket closed", Event: []byte(`{"k":"retry","e":{"id":"7"}}`)},
		mailbox.DeadLetter{ID: "d2", Reason: "unreadable event", Event: []byte("half {")},
		mailbox.DeadLetter{ID: "d3", Reason: "no event"},
	)
	for id, want := range map[string]string{"d1": `{"k":"retry","e":{"id":"7"}}`, "d2": `"half {"`, "d3": `""`} {
		got := ponte(t, "dead", "show", id)
		var shown struct {
			ID, Key, Reason string
			At              time.Time
			Event           json.RawMessage
		}
		if err := json.Unmarshal([]byte(got.out), &shown); err != nil || got.code != 0 {
			t.Errorf("exit %d, %v: %s%s", got.code, err, got.out, got.err)
		}
		var event, wanted any
		if json.Unmarshal(shown.Event, &event) != nil || json.Unmarshal([]byte(want), &wanted) != nil {
			t.Errorf("event %s", shown.Event)
		}
		same(t, "event of "+id, event, wanted)
		if shown.ID != id || shown.Key != "1|a" || shown.Reason == "" || shown.At.IsZero() {
			t.Errorf("shown: %+v", shown)
		}
	}
}

func TestDeadRetry(t *testing.T) {
	m := newMorgue(t)
	m.bury("1|a", mailbox.DeadLetter{ID: "d1", Reason: "ticket closed", Event: []byte(`{"k":"retry"}`)})
	same(t, "retry", ponte(t, "dead", "retry", "d1"), outcome{})
	leases := m.claim()
	if len(leases) != 1 || leases[0].Key != "1|a" || string(leases[0].Inbox()[0].Data) != `{"k":"retry"}` {
		t.Errorf("%d mailboxes are due", len(leases))
	}
	if m.left() != 0 {
		t.Error("the dead letter is still there")
	}
	stops(t, ponte(t, "dead", "retry", "d1"), 1, "mailbox: no such dead letter")
}

func TestDeadDrop(t *testing.T) {
	m := newMorgue(t)
	m.bury("1|a", mailbox.DeadLetter{ID: "d1", Event: []byte(`{}`)}, mailbox.DeadLetter{ID: "d2", Event: []byte(`{}`)})
	same(t, "drop", ponte(t, "dead", "drop", "d1"), outcome{})
	if m.left() != 1 || len(m.claim()) != 0 {
		t.Errorf("%d left", m.left())
	}
	for _, verb := range []string{"show", "retry", "drop"} {
		stops(t, ponte(t, "dead", verb, "d1"), 1, "mailbox: no such dead letter")
	}
}

func TestDeadWithoutRedis(t *testing.T) {
	environment(t, map[string]string{"REDIS_URL": "redis://127.0.0.1:1"})
	if got := ponte(t, "dead", "list"); got.code != 1 || got.out != "" || !strings.Contains(got.err, "connection refused") {
		t.Errorf("exit %d: %s%s", got.code, got.out, got.err)
	}
	// Without an address it is the demo's that is looked for.
	dir := t.TempDir()
	environment(t, map[string]string{"DATA_DIR": dir})
	if got := ponte(t, "dead", "list"); got.code != 1 || !strings.Contains(got.err, "redis.sock") && !strings.Contains(got.err, "ponte-") {
		t.Errorf("exit %d: %s%s", got.code, got.out, got.err)
	}
}

// A list is cut at its limit rather than filling a terminal for ever.
func TestDeadListIsBounded(t *testing.T) {
	m := newMorgue(t)
	letters := make([]mailbox.DeadLetter, mostDead+5)
	for i := range letters {
		letters[i] = mailbox.DeadLetter{ID: fmt.Sprint("d", i), Reason: "r", Event: []byte(`{}`)}
	}
	m.bury("1|a", letters...)
	if got := ponte(t, "dead", "list"); got.code != 0 || strings.Count(got.out, "\n") != mostDead+1 {
		t.Errorf("exit %d, %d lines", got.code, strings.Count(got.out, "\n"))
	}
}

// A halted mailbox is listed with its reason, and retry lets workers at it again, once.
func TestDeadResumesHaltedMailboxes(t *testing.T) {
	m := newMorgue(t)
	if _, err := m.boxes.Append(t.Context(), mailbox.Delivery{Key: "1|c", Events: []mailbox.Event{{Data: []byte("{}")}}}); err != nil {
		t.Fatal(err)
	}
	for _, l := range m.claim() {
		if _, err := m.boxes.Fail(t.Context(), l, time.Now(), 1, "broken state"); err != nil {
			t.Fatal(err)
		}
	}
	got := ponte(t, "dead", "list")
	if got.code != 0 || !strings.Contains(got.out, "1|c  ") || !strings.Contains(got.out, "broken state\n1 halted mailboxes") {
		t.Errorf("exit %d: %s%s", got.code, got.out, got.err)
	}
	if got := ponte(t, "dead", "retry", "1|c"); got.code != 0 {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
	if n := len(m.claim()); n != 1 {
		t.Errorf("%d mailboxes at work again", n)
	}
	if got := ponte(t, "dead", "retry", "1|c"); got.code != 1 || !strings.Contains(got.err, "not halted") {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
}
