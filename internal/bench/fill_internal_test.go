package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/audit"
	"github.com/ponte-desk/ponte/audit/classify"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/internal/app"
	"github.com/ponte-desk/ponte/internal/testredis"
)

func everything(string) bool { return true }

// filled is an installation with so many copies of plays.
func filled(t *testing.T, plays []play, n int) (*testredis.Redis, *filler) {
	t.Helper()
	r := testredis.Server(t)
	f, err := rehearse(t.Context(), r.Client, r.Prefix, plays)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.fill(t.Context(), 0, n, everything); err != nil {
		t.Fatal(err)
	}
	return r, f
}

// A form filled in with its own marks is the text that it was made of.
func TestForm(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		marks := rapid.SliceOfNDistinct(rapid.StringMatching(`[ab]{1,3}`), 1, 4, rapid.ID[string]).Draw(t, "marks")
		text := rapid.StringMatching(`[abc]{0,20}`).Draw(t, "text")
		f := newForm(text, marks)
		if got := f.with(marks); got != text {
			t.Fatalf("%q became %q", text, got)
		}
		for _, rest := range f.texts {
			if slices.ContainsFunc(marks, func(m string) bool { return strings.Contains(rest, m) }) {
				t.Fatalf("a mark stands in %q", rest)
			}
		}
	})
	if got := newForm("to Ana, of Ana's ticket 7", []string{"7", "Ana"}).with([]string{"12", "Zoé"}); got != "to Zoé, of Zoé's ticket 12" {
		t.Error(got)
	}
}

func TestClassOf(t *testing.T) {
	t.Parallel()
	for rest, want := range map[string]string{
		"{w3}:c:106|01K": "c:", "{w3}:ix:state:queued": "ix:", "{w3}:chg": "chg", "{w3}:tx:wa-1-2-3": "tx:", "alias:wa:55": "alias:", "thread:7": "thread:",
		"contact:01K:ids": "contact:",
	} {
		if got := classOf(rest); got != want {
			t.Errorf("%s is of class %q", rest, got)
		}
	}
	if !ofConversation("c:") || !ofConversation("ix:") || ofConversation("alias:") || ofConversation("thread:") || ofConversation("contact:") {
		t.Error("what belongs to a conversation")
	}
}

// Every copy is a customer of its own, the same each time, and nothing of the stage is left.
func TestFillWritesCustomers(t *testing.T) {
	t.Parallel()
	plays := openPlays()
	r, f := filled(t, plays, 12)
	keys, err := r.Client.Keys(t.Context(), "stage:"+r.Prefix+"*").Result()
	if err != nil || len(keys) > 0 {
		t.Errorf("the stage still holds %v, %v", keys, err)
	}
	seen := map[string]bool{}
	for serial := range 12 {
		c := &f.castings[serial%len(plays)]
		values := f.values(c, serial)
		if diff := cmp.Diff(values, f.values(c, serial)); diff != "" {
			t.Errorf("the customer of number %d differs (-first +second):\n%s", serial, diff)
		}
		state := threadOf(t, r, conversation.Key(c.number, values[markContact]))
		want := conversation.Contact{ID: values[markContact], WaID: values[markPhone], UserID: values[markUser], Name: values[markName]}
		got := conversation.Contact{ID: state.Contact.ID, WaID: state.Contact.WaID, UserID: state.Contact.UserID, Name: state.Contact.Name}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("customer %d (-want +got):\n%s", serial, diff)
		}
		for i, name := range values {
			if i != markName && i != markPartition {
				if seen[name] {
					t.Errorf("%s is of two customers", name)
				}
				seen[name] = true
			}
		}
		if n, err := r.Client.LLen(t.Context(), fmt.Sprintf("%s%s:tx:%s", r.Prefix, values[markPartition], state.Conversation.Session)).Result(); err != nil || n < 3 {
			t.Errorf("%s has a transcript of %d entries, %v", plays[serial%len(plays)].name, n, err)
		}
	}
	views := map[string]int{}
	boxes := mailboxes(t, r, present)
	for _, view := range []string{"state:queued", "state:active", "queue:Suporte N1", conversation.ViewAudit} {
		members, err := boxes.IndexMembers(t.Context(), view)
		if err != nil {
			t.Fatal(err)
		}
		views[view] = len(members)
	}
	if diff := cmp.Diff(map[string]int{"state:queued": 6, "state:active": 6, "queue:Suporte N1": 6, conversation.ViewAudit: 12}, views); diff != "" {
		t.Errorf("views (-want +got):\n%s", diff)
	}
}

func mailboxes(t *testing.T, r *testredis.Redis, now func() time.Time) *mailbox.Store {
	t.Helper()
	s, err := mailbox.Open(t.Context(), mailbox.Config{
		Client: r.Client, Prefix: r.Prefix, Partitions: partitions, Schema: conversation.Schema, Now: now, NewID: func() string { return "id" },
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func threadOf(t *testing.T, r *testredis.Redis, key string) (state conversation.Thread) {
	t.Helper()
	raw, _, err := mailboxes(t, r, present).Field(t.Context(), key, conversation.StateField)
	if err != nil || raw == nil {
		t.Fatalf("%s has no state, %v", key, err)
	}
	if err := conversation.DecodeState(raw, &state); err != nil {
		t.Fatal(err)
	}
	return state
}

// The engine takes filled conversations for its own: it wakes each at its time and ends it, and halts none.
func TestEngineEndsWhatWasFilled(t *testing.T) {
	t.Parallel()
	r, f := filled(t, append(openPlays(), auditPlays()...), 42)
	s, err := newStage(t.Context(), r.Client, r.Prefix)
	if err != nil {
		t.Fatal(err)
	}
	s.acting = &actor{contact: "nobody", phone: "5511900000000", ticket: 1, zendesk: 2}
	s.wait(t.Context(), time.Hour)
	s.wait(t.Context(), 80*time.Hour)
	if s.failed != nil {
		t.Fatal(s.failed)
	}
	stats, err := s.boxes.Stats(t.Context())
	if err != nil || stats.Halted+stats.Dead+stats.Running > 0 {
		t.Errorf("the mailboxes stand at %+v, %v", stats, err)
	}
	if n, err := s.boxes.Repair(t.Context()); n != 0 || err != nil {
		t.Errorf("%d mailboxes that nobody would have woken, %v", n, err)
	}
	for serial := range 42 {
		c := &f.castings[serial%len(f.castings)]
		if state := threadOf(t, r, conversation.Key(c.number, f.values(c, serial)[markContact])); !state.Conversation.State.Ended() || !state.Outbox.Empty() {
			t.Errorf("conversation %d is %s, with %d, %d and %d effects", serial, state.Conversation.State,
				len(state.Outbox.Ticket), len(state.Outbox.Phone), len(state.Outbox.Background))
		}
	}
}

// The auditor looks at every one of the conversations that were filled in for it, and finds what each was played for.
func TestAuditOfWhatWasFilled(t *testing.T) {
	t.Parallel()
	const n = 30
	r, _ := filled(t, auditPlays(), n)
	c := app.Config{RedisURL: r.URL, RedisPrefix: r.Prefix}
	var out bytes.Buffer
	if err := DryRun(t.Context(), c, time.Now, &out); err != nil {
		t.Fatal(err)
	}
	var s Sweep
	if err := json.Unmarshal(out.Bytes(), &s); err != nil {
		t.Fatal(err)
	}
	if s.Looked != n || s.Found == 0 || s.Found == n || s.Seconds <= 0 || s.Memory <= 0 {
		t.Errorf("%+v", s)
	}
	counts, err := app.DryRunAudit(t.Context(), c, present(), func(audit.Finding) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	want := []classify.Outcome{
		classify.OutcomeAgentAbandonment, classify.OutcomeAgentUnavailable, classify.OutcomeClientAbandonment, classify.OutcomeNotAssumed,
	}
	if got := slices.Sorted(maps.Keys(counts.Outcomes)); !slices.Equal(got, want) || counts.Unreadable > 0 || counts.Corrected == 0 || len(counts.Left) == 0 {
		t.Errorf("%+v", counts)
	}
	if err := DryRun(t.Context(), app.Config{RedisURL: "nowhere"}, time.Now, &out); err == nil {
		t.Error("an installation that is nowhere was audited")
	}
}

// What is due is what the inboxes hold, and draining takes nothing else away.
func TestDue(t *testing.T) {
	t.Parallel()
	var f freed
	defer func() {
		if err := f.run(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	r, err := startRedis(t.Context(), &f, "everysec")
	if err != nil {
		t.Fatal(err)
	}
	fill, err := rehearse(t.Context(), r.client, keyPrefix, openPlays())
	if err != nil {
		t.Fatal(err)
	}
	if err := r.unlogged(t.Context(), func() error { return fill.fill(t.Context(), 0, 20, everything) }); err != nil {
		t.Fatal(err)
	}
	boxes := mailboxes(t, &testredis.Redis{Client: r.client, Prefix: keyPrefix}, present)
	for i := range 30 {
		if _, err := boxes.Append(t.Context(), mailbox.Delivery{Key: fmt.Sprintf("%s|c%d", number, i%7), Events: []mailbox.Event{{Data: []byte("x")}}}); err != nil {
			t.Fatal(err)
		}
	}
	all, err := r.stored(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := r.storedDue(t.Context()); err != nil || got != 30 || all.events != got {
		t.Errorf("%d events in what is due, %d in all, %v", got, all.events, err)
	}
	before := r.client.DBSize(t.Context()).Val()
	if err := r.drainDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, err := r.storedDue(t.Context()); err != nil || got != 0 {
		t.Errorf("%d events are left, %v", got, err)
	}
	gone := before - r.client.DBSize(t.Context()).Val()
	if n := threads(t, r); gone > 7+7+partitions || n != 20 {
		t.Errorf("%d keys went, %d threads are left", gone, n)
	}
	if used, err := r.used(t.Context()); err != nil || used <= 0 {
		t.Errorf("%d bytes used, %v", used, err)
	}
	shares, err := fill.shares(t.Context(), 20)
	if err != nil || !strings.HasPrefix(shares, "c: ") || !strings.Contains(shares, "dd: ") || !strings.Contains(shares, "tmr ") {
		t.Errorf("shares: %s, %v", shares, err)
	}
}

// threads counts those with a state.
func threads(t *testing.T, r *redisServer) int {
	t.Helper()
	n := 0
	err := r.scan(t.Context(), keyPrefix+"{w*}:c:*", func(keys []string) error { n += len(keys); return nil })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// A program that tells nothing is an error, and an interrupted sweep ends.
func TestSweepWrongProgram(t *testing.T) {
	t.Parallel()
	b := &bench{o: Options{Executable: "/bin/false"}}
	if _, err := b.sweep(t.Context(), "redis://127.0.0.1:1", "http://127.0.0.1:1"); err == nil || !strings.Contains(err.Error(), "told nothing") {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (&bench{o: Options{Executable: "/bin/cat"}}).sweep(ctx, "", ""); err == nil {
		t.Error("an interrupted sweep is no error")
	}
}

func TestAuditLines(t *testing.T) {
	t.Parallel()
	b := &bench{out: &bytes.Buffer{}}
	b.addAudits(Sweep{Looked: 10_000, Found: 5_000, Seconds: 0.5, Memory: 30e6}, Sweep{Looked: 100_000, Found: 50_000, Seconds: 8, Memory: 33e6}, 10.5, 0)
	b.addAudits(Sweep{Looked: 100, Seconds: 0.01, Memory: 10e6}, Sweep{Looked: 1000, Seconds: 0.2, Memory: 20e6}, 10, 3)
	type figure struct {
		Measured float64
		Verdict  string
	}
	var got []figure
	for _, l := range b.summary.Lines {
		got = append(got, figure{float64(int(l.Measured*100+0.5)) / 100, l.verdict()})
	}
	want := []figure{
		{8, "ok"},
		{1.6, "missed by 24 %"},
		{1.1, "ok"},
		{0, "ok"},
		{0.2, "missed by 100 %"},
		{2, "missed by 54 %"},
		{2, "missed by 54 %"},
		{3, "missed"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
