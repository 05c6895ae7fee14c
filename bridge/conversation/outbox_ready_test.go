package conversation_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

func TestWhatGoesNextOnTheTicket(t *testing.T) {
	t.Parallel()
	hint := conversation.Hint{Ticket: 11}
	later := func(id string, second int) func(*testing.T, *conversation.Outbox) {
		return func(t *testing.T, o *conversation.Outbox) {
			t.Helper()
			start(t, o, id)
			settle(t, o, conversation.Result{Effect: id, Outcome: conversation.Later, NotBefore: at(second)})
		}
	}
	unsure := func(id string, second int) func(*testing.T, *conversation.Outbox) {
		return func(t *testing.T, o *conversation.Outbox) {
			t.Helper()
			start(t, o, id)
			settle(t, o, conversation.Result{Effect: id, Outcome: conversation.Unsure, NotBefore: at(second), SentAt: at(0)})
		}
	}
	running := func(id string) func(*testing.T, *conversation.Outbox) {
		return func(t *testing.T, o *conversation.Outbox) { t.Helper(); start(t, o, id) }
	}
	tests := []struct {
		name    string
		effects []conversation.Effect
		then    []func(*testing.T, *conversation.Outbox)
		want    map[int]string // by second
	}{
		{name: "nothing", want: map[int]string{0: "", 1000: ""}},
		{
			name:    "first in, first out",
			effects: []conversation.Effect{{ID: "1", Kind: conversation.EffectUser}, create("2", "a")},
			want:    map[int]string{0: "1"},
		},
		{
			name:    "a pull overtakes a growing comment",
			effects: []conversation.Effect{customer("1", "a", 0), pull("2", hint)},
			want:    map[int]string{0: "2", 20: "2"},
		},
		{
			name:    "a pull overtakes a refused write",
			effects: []conversation.Effect{create("1", "a"), pull("2", hint)},
			then:    []func(*testing.T, *conversation.Outbox){later("1", 50)},
			want:    map[int]string{0: "2", 50: "2"},
		},
		{
			name:    "a pull waits behind a running write",
			effects: []conversation.Effect{create("1", "a"), pull("2", hint)},
			then:    []func(*testing.T, *conversation.Outbox){running("1")},
			want:    map[int]string{0: "", 1000: ""},
		},
		{
			name:    "a pull waits behind an unsure write",
			effects: []conversation.Effect{create("1", "a"), pull("2", hint)},
			then:    []func(*testing.T, *conversation.Outbox){unsure("1", 15)},
			want:    map[int]string{0: "", 14: "", 15: "1"},
		},
		{
			name:    "nothing goes beside a running pull",
			effects: []conversation.Effect{create("1", "a"), pull("2", hint)},
			then:    []func(*testing.T, *conversation.Outbox){running("2")},
			want:    map[int]string{0: "", 1000: ""},
		},
		{
			name:    "a refused pull behind a waiting comment lets it go",
			effects: []conversation.Effect{customer("1", "a", 0), pull("2", hint)},
			then:    []func(*testing.T, *conversation.Outbox){later("2", 30)},
			want:    map[int]string{0: "", 19: "", 20: "1", 30: "2"},
		},
		{
			name:    "an interrupted pull is done again",
			effects: []conversation.Effect{customer("1", "a", 0), pull("2", hint)},
			then:    []func(*testing.T, *conversation.Outbox){unsure("2", 10)},
			want:    map[int]string{0: "", 10: "2", 20: "2"},
		},
		{
			name:    "an interrupted pull does not hold comments up",
			effects: []conversation.Effect{customer("1", "a", 0), pull("2", hint)},
			then:    []func(*testing.T, *conversation.Outbox){unsure("2", 100)},
			want:    map[int]string{0: "", 20: "1", 100: "2"},
		},
		{
			name:    "the pull that is free goes before one that waits",
			effects: []conversation.Effect{pull("1", hint), pull("2", conversation.Hint{Ticket: 12})},
			then:    []func(*testing.T, *conversation.Outbox){later("1", 30)},
			want:    map[int]string{0: "2", 30: "1"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := outbox(tt.effects...)
			for _, then := range tt.then {
				then(t, o)
			}
			for second, want := range tt.want {
				if got := ready(t, o, second); got != want {
					t.Errorf("after %d s %q goes, want %q", second, got, want)
				}
			}
		})
	}
}

func TestLanesAreIndependent(t *testing.T) {
	t.Parallel()
	lookup := conversation.Effect{ID: "6", Kind: conversation.EffectLookup, Hint: &conversation.Hint{Ticket: 5}}
	sweep := conversation.Effect{ID: "7", Kind: conversation.EffectReconcile, Sweep: &conversation.Sweep{}}
	o := outbox(create("1", "a"), customer("2", "b", 0), send("3"), send("4"), send("5"), lookup, sweep)
	if got := ready(t, o, 0); got != "1 3 6 7" {
		t.Fatalf("%q is ready", got)
	}
	start(t, o, "1")
	settle(t, o, conversation.Result{Effect: "1", Outcome: conversation.Later, NotBefore: at(3600)}) // Zendesk is down
	start(t, o, "6")
	if got := ready(t, o, 0); got != "3 7" {
		t.Errorf("%q is ready while the ticket lane waits", got)
	}
	start(t, o, "3")
	if got := ready(t, o, 0); got != "7" {
		t.Errorf("%q is ready while a message is being sent", got)
	}
	settle(t, o, conversation.Result{Effect: "3", Outcome: conversation.Unsure, NotBefore: at(20), SentAt: at(0)})
	if got := ready(t, o, 19); got != "7" {
		t.Errorf("%q is ready while a message may have been sent", got)
	}
	if got := ready(t, o, 20); got != "3 7" {
		t.Errorf("%q is ready after the wait for a status", got)
	}
	settle(t, o, conversation.Result{Effect: "3", Outcome: conversation.Failed})
	if got := ready(t, o, 20); got != "4 7" {
		t.Errorf("%q is ready after a message failed", got)
	}
}

func TestNextWake(t *testing.T) {
	t.Parallel()
	o := new(conversation.Outbox)
	if wake := o.NextWake(); !wake.IsZero() {
		t.Errorf("an empty outbox wakes at %v", wake)
	}
	o.Add(customer("1", "a", 0), gather, time.Time{})
	if wake := o.NextWake(); !wake.Equal(at(20)) {
		t.Errorf("it wakes at %v, want %v", wake, at(20))
	}
	o.Add(send("2"), gather, time.Time{})
	if wake := o.NextWake(); wake.IsZero() || wake.After(at(-1_000_000)) {
		t.Errorf("it wakes at %v though a message may go at once", wake)
	}
	start(t, o, "2")
	if wake := o.NextWake(); !wake.Equal(at(20)) {
		t.Errorf("it wakes at %v, want %v: the message is under way", wake, at(20))
	}
	start(t, o, "1")
	if wake := o.NextWake(); !wake.IsZero() {
		t.Errorf("it wakes at %v though all is under way", wake)
	}
}

func TestSettle(t *testing.T) {
	t.Parallel()
	sendAt := func(second int) conversation.Result {
		return conversation.Result{Effect: "1", Outcome: conversation.Unsure, NotBefore: at(second + 20), SentAt: at(second)}
	}
	tests := []struct {
		name    string
		results []conversation.Result
		want    []conversation.Pending // what stays in the lane
	}{
		{name: "done", results: []conversation.Result{{Effect: "1", Outcome: conversation.Done}}},
		{name: "failed", results: []conversation.Result{{Effect: "1", Outcome: conversation.Failed}}},
		{
			name: "later", results: []conversation.Result{{Effect: "1", Outcome: conversation.Later, NotBefore: at(5)}},
			want: []conversation.Pending{{Effect: send("1"), NotBefore: at(5), Attempts: 1, Tried: true}},
		},
		{
			name: "later for a limit costs nothing", results: []conversation.Result{{Effect: "1", Outcome: conversation.Later, NotBefore: at(5), Free: true}},
			want: []conversation.Pending{{Effect: send("1"), NotBefore: at(5), Tried: true}},
		},
		{
			name: "unsure", results: []conversation.Result{sendAt(0)},
			want: []conversation.Pending{{Effect: send("1"), NotBefore: at(20), Attempts: 1, Frozen: true, Unsure: true, SentAt: at(0)}},
		},
		{
			name: "unsure and waited for", results: []conversation.Result{sendAt(0), {Effect: "1", Outcome: conversation.Unsure, NotBefore: at(30), Free: true}},
			want: []conversation.Pending{{Effect: send("1"), NotBefore: at(30), Attempts: 1, Frozen: true, Unsure: true, SentAt: at(0)}},
		},
		{
			name: "repeated", results: []conversation.Result{sendAt(0), {Effect: "1", Outcome: conversation.Unsure, NotBefore: at(50), SentAt: at(30), Repeated: true}},
			want: []conversation.Pending{{Effect: send("1"), NotBefore: at(50), Attempts: 2, Frozen: true, Unsure: true, SentAt: at(30), Repeated: true}},
		},
		{
			name: "repeated and refused", results: []conversation.Result{
				sendAt(0), {Effect: "1", Outcome: conversation.Later, NotBefore: at(50), Repeated: true}, {Effect: "1", Outcome: conversation.Later, NotBefore: at(60)},
			},
			want: []conversation.Pending{{Effect: send("1"), NotBefore: at(60), Attempts: 3, Frozen: true, SentAt: at(0), Repeated: true}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := outbox(send("1"))
			for _, r := range tt.results {
				start(t, o, "1")
				if p := settle(t, o, r); p.Effect.ID != "1" {
					t.Errorf("settled is %q", p.Effect.ID)
				}
			}
			if len(tt.want) == 0 {
				tt.want = []conversation.Pending{}
			}
			if diff := cmp.Diff(tt.want, o.Phone); diff != "" {
				t.Errorf("lane (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSettleWhatIsNotThere(t *testing.T) {
	t.Parallel()
	for _, outcome := range []conversation.Outcome{conversation.Done, conversation.Later, conversation.Unsure, conversation.Failed} {
		o := outbox(send("1"))
		if p, ok := o.Settle(conversation.Result{Effect: "9", Outcome: outcome}); ok {
			t.Errorf("%s: settled %+v", outcome, p)
		}
		if diff := cmp.Diff(outbox(send("1")), o); diff != "" {
			t.Errorf("%s changes the outbox (-want +got):\n%s", outcome, diff)
		}
	}
}

func TestFindAndTake(t *testing.T) {
	t.Parallel()
	o := outbox(create("1", "a"), send("2"), conversation.Effect{ID: "3", Kind: conversation.EffectLookup, Hint: &conversation.Hint{}})
	for _, id := range []string{"1", "2", "3"} {
		if p := o.Find(id); p == nil || p.Effect.ID != id {
			t.Errorf("Find(%q) = %+v", id, p)
		}
		if p, ok := o.Take(id); !ok || p.Effect.ID != id {
			t.Errorf("Take(%q) = %+v, %v", id, p, ok)
		}
		if p := o.Find(id); p != nil {
			t.Errorf("%q was taken and is found", id)
		}
		if _, ok := o.Take(id); ok {
			t.Errorf("%q was taken twice", id)
		}
	}
}
