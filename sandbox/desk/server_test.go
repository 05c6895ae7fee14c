package desk_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/sandbox/desk"
	"github.com/ponte-desk/ponte/sandbox/rig"
)

func TestNewNeedsItsParts(t *testing.T) {
	t.Parallel()
	if _, err := desk.New(desk.Config{}); err == nil {
		t.Error("an empty configuration was taken")
	}
	store, err := rig.OpenStore("", "x")
	if err != nil {
		t.Fatal(err)
	}
	clock := rig.NewClock(start)
	if _, err := desk.New(desk.Config{Clock: clock, Store: store, Queue: rig.NewQueue(clock)}); err != nil {
		t.Error(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := desk.New(desk.Config{Clock: clock, Store: store, Queue: rig.NewQueue(clock)}); err != nil {
		t.Errorf("a closed store holds a seeded account: %v", err)
	}
	empty, err := rig.OpenStore("", "y")
	if err != nil {
		t.Fatal(err)
	}
	if err := empty.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := desk.New(desk.Config{Clock: clock, Store: empty, Queue: rig.NewQueue(clock)}); err == nil {
		t.Error("an account was seeded into a closed store")
	}
}

// TestEverythingOutlivesARestart compares every list of the API before and after.
func TestEverythingOutlivesARestart(t *testing.T) {
	t.Parallel()
	b := setup(t)
	dir := t.TempDir()
	b.restart(dir)
	id := b.ticket(object{"external_id": "s1", "metadata": object{"a": 1}})
	b.put(id, object{"status": "solved", "comment": object{"body": "fim", "public": false}}).want(200)
	b.call("POST", "/api/v2/users", object{"user": object{"name": "Nova", "email": "nova@x.example"}}).want(201)
	b.call("POST", "/api/v2/triggers", trigger("status", "open")).want(201)
	b.desk.SetKnobs(desk.Knobs{DelayMS: 5})
	paths := []string{
		"/api/v2/tickets", "/api/v2/users", "/api/v2/organizations", "/api/v2/groups", "/api/v2/group_memberships",
		"/api/v2/organization_memberships", "/api/v2/macros", "/api/v2/views", "/api/v2/triggers", "/api/v2/webhooks",
		"/api/v2/ticket_fields", "/api/v2/ticket_forms", "/api/v2/organization_fields", "/api/v2/search?query=type:ticket",
		ticketPath(id, "/comments"), ticketPath(id, "/audits"), "/api/v2/incremental/tickets/cursor?start_time=0",
	}
	b.pass(time.Minute)
	read := func() map[string]string {
		out := map[string]string{}
		for _, p := range paths {
			out[p] = string(b.get(p).want(200).raw)
		}
		return out
	}
	before, knobs := read(), b.desk.Knobs()
	b.restart(dir)
	if diff := cmp.Diff(before, read()); diff != "" {
		t.Error(diff)
	}
	if b.desk.Knobs() != knobs {
		t.Errorf("knobs %+v", b.desk.Knobs())
	}
	// Numbers are not given out twice.
	last := b.desk.Comments(id)[1].ID
	if next := b.ticket(nil); next != id+1 || b.desk.Comments(next)[0].ID <= last {
		t.Errorf("ticket %d, comment %d after %d", next, b.desk.Comments(next)[0].ID, last)
	}
}

func TestReset(t *testing.T) {
	t.Parallel()
	b := setup(t)
	seeded := len(b.desk.Tickets())
	id := b.ticket(nil)
	b.change(id, "x")
	b.desk.SetKnobs(desk.Knobs{DropPercent: 100})
	token := b.call("POST", "/oauth/tokens", grant(nil)).want(201).text("access_token")
	if err := b.desk.Reset(); err != nil {
		t.Fatal(err)
	}
	if got := len(b.desk.Tickets()); got != seeded {
		t.Errorf("%d tickets after the reset, %d seeded", got, seeded)
	}
	b.call("GET", "/api/v2/users/me", nil, "Authorization", "Bearer "+token).want(401)
	b.pump()
	if got := b.hooks.take(); len(got) != 0 {
		t.Errorf("a webhook of before: %v", got)
	}
	b.change(b.ticket(nil), "y")
	b.pump()
	if got := b.hooks.take(); len(got) != 1 {
		t.Errorf("%d webhooks, want 1", len(got))
	}
}

func TestAStoreThatFails(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.ticket(nil)
	if err := b.store.Close(); err != nil {
		t.Fatal(err)
	}
	b.put(id, object{"subject": "x"}).want(500).is("InternalError", "error")
	b.call("POST", "/api/v2/tickets", object{"ticket": object{"comment": "x"}}).want(500)
	b.call("POST", "/oauth/tokens", grant(nil)).want(500)
	if got := b.show(id).Subject; got != "Conversa pelo WhatsApp" {
		t.Errorf("what was not stored is shown: %q", got)
	}
	if _, err := b.desk.AgentComment(id, b.user("Ana Beatriz Souza").ID, "x", true); err == nil {
		t.Error("no error")
	}
	b.store = nil
}

func TestTwins(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ana := b.user("Ana Beatriz Souza")
	id := b.ticket(nil)
	for name, f := range map[string]func() error{
		"no ticket":     func() error { _, err := b.desk.AgentComment(1, ana.ID, "x", true); return err },
		"no agent":      func() error { _, err := b.desk.AgentComment(id, 1, "x", true); return err },
		"no words":      func() error { _, err := b.desk.AgentComment(id, ana.ID, " ", true); return err },
		"no status":     func() error { return b.desk.SetStatus(id, ana.ID, "x") },
		"no assignee":   func() error { return b.desk.Assign(id, ana.ID, 1) },
		"no mail":       func() error { _, err := b.desk.CustomerEmail(1, 0, "x"); return err },
		"mail of whom?": func() error { _, err := b.desk.CustomerEmail(id, 1, "x"); return err },
	} {
		if f() == nil {
			t.Errorf("%s: no error", name)
		}
	}
	got, err := b.desk.AgentComment(id, ana.ID, "Olá", false)
	if err != nil || got != b.desk.Comments(id)[1].ID || b.desk.Comments(id)[1].Public {
		t.Errorf("comment %d, %v", got, err)
	}
	if len(ana.Groups) != 2 || ana.Role != "agent" || ana.Email != "ana.souza@desk.example" {
		t.Errorf("user %+v", ana)
	}
}

// TestManyAtOnce is for the race detector, and checks that nothing is lost or doubled.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id, ana := b.ticket(nil), b.user("Ana Beatriz Souza").ID
	const workers, each = 8, 10
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for n := range each {
				if _, err := b.desk.AgentComment(id, ana, fmt.Sprint(w, "-", n), true); err != nil {
					t.Error(err)
				}
				b.get(ticketPath(id, "/comments?page[size]=5&sort=-created_at&include=users"))
				b.call("POST", "/api/v2/tickets", `{"ticket":{"comment":"x"}}`, "Idempotency-Key", fmt.Sprint("k", n))
				b.desk.Tickets()
			}
		})
	}
	wg.Go(func() {
		for range 50 {
			b.pump()
		}
	})
	wg.Wait()
	b.pump()
	seen := map[string]int{}
	var order []int64
	for _, c := range b.desk.Comments(id)[1:] {
		seen[c.Body]++
		order = append(order, c.ID)
	}
	if len(seen) != workers*each || len(order) != workers*each || !slices.IsSorted(order) {
		t.Errorf("%d comments, %d different, sorted %v", len(order), len(seen), slices.IsSorted(order))
	}
	if got := len(b.desk.Tickets()); got != seededTickets+1+each {
		t.Errorf("%d tickets, want %d", got, seededTickets+1+each)
	}
	if got := len(b.hooks.take()); got != workers*each {
		t.Errorf("%d webhooks, want %d", got, workers*each)
	}
}
