package conversation_test

import (
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// Short names of the states, and two that WhatsApp may send and nobody knows.
const (
	queued    = conversation.DeliveryQueued
	accepted  = conversation.DeliveryAccepted
	sent      = conversation.DeliverySent
	delivered = conversation.DeliveryDelivered
	read      = conversation.DeliveryRead
	played    = conversation.DeliveryPlayed
	failed    = conversation.DeliveryFailed
	deleted   = conversation.DeliveryState("deleted")
	warning   = conversation.DeliveryState("warning")
)

// scale is the known states but failed, in their order.
func scale() []conversation.DeliveryState {
	return []conversation.DeliveryState{queued, accepted, sent, delivered, read, played}
}

func TestMergeAlongTheScale(t *testing.T) {
	t.Parallel()
	for i, before := range scale() {
		for j, next := range scale() {
			if got, want := before.Merge(next), scale()[max(i, j)]; got != want {
				t.Errorf("%s after %s = %s, want %s", next, before, got, want)
			}
		}
	}
}

func TestMergeFailure(t *testing.T) {
	t.Parallel()
	tests := []struct{ before, next, want conversation.DeliveryState }{
		{queued, failed, failed},
		{accepted, failed, failed},
		{sent, failed, failed},
		{delivered, failed, delivered},
		{read, failed, read},
		{played, failed, played},
		{failed, failed, failed},
		{failed, queued, failed},
		{failed, accepted, failed},
		{failed, sent, failed},
		{failed, delivered, delivered},
		{failed, read, read},
		{failed, played, played},
		{"", failed, failed},
		{failed, deleted, failed},
	}
	for _, tt := range tests {
		if got := tt.before.Merge(tt.next); got != tt.want {
			t.Errorf("%s after %q = %s, want %s", tt.next, tt.before, got, tt.want)
		}
	}
}

func TestMergeUnknown(t *testing.T) {
	t.Parallel()
	for _, known := range append(scale(), failed) {
		for _, unknown := range []conversation.DeliveryState{"", deleted, warning} {
			if got := known.Merge(unknown); got != known {
				t.Errorf("%q after %s = %s, want no change", unknown, known, got)
			}
			if got := unknown.Merge(known); got != known {
				t.Errorf("%s after %q = %s, want %s", known, unknown, got, known)
			}
		}
	}
}

func TestMergeUnknownAfterUnknown(t *testing.T) {
	t.Parallel()
	for _, before := range []conversation.DeliveryState{"", deleted, warning} {
		for _, next := range []conversation.DeliveryState{"", deleted, warning} {
			if got := before.Merge(next); got != before {
				t.Errorf("%q after %q = %q, want no change", next, before, got)
			}
		}
	}
}

// Every report after every state: the merge invents no state, never takes a delivery back, and what it has counted once it does not
// count again.
func TestMergeIsMonotone(t *testing.T) {
	t.Parallel()
	states := append(scale(), failed, deleted, warning, "")
	for _, before := range states {
		for _, next := range states {
			merged := before.Merge(next)
			if merged != before && merged != next {
				t.Errorf("%q after %q = %q, which is neither", next, before, merged)
			}
			arrived := slices.Index(scale(), before)
			if arrived >= slices.Index(scale(), delivered) && slices.Index(scale(), merged) < arrived {
				t.Errorf("%q after %q fell back to %q", next, before, merged)
			}
			if got := merged.Merge(next); got != merged {
				t.Errorf("%q twice after %q = %q, once %q", next, before, got, merged)
			}
			if got := merged.Merge(before); got != merged {
				t.Errorf("%q, %q and the first again = %q, want %q", before, next, got, merged)
			}
		}
	}
}

// The stories of a message as the reference tells them, and each told backwards.
func TestMergeStories(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		reports []conversation.DeliveryState
		want    conversation.DeliveryState
	}{
		"as it should be":                    {[]conversation.DeliveryState{accepted, sent, delivered, read}, read},
		"read at once, never delivered":      {[]conversation.DeliveryState{accepted, sent, read}, read},
		"receipts are off":                   {[]conversation.DeliveryState{accepted, sent, delivered}, delivered},
		"voice note":                         {[]conversation.DeliveryState{accepted, sent, delivered, read, played}, played},
		"failed on the way":                  {[]conversation.DeliveryState{accepted, sent, failed}, failed},
		"failed before it was sent":          {[]conversation.DeliveryState{accepted, failed}, failed},
		"failed on one device only":          {[]conversation.DeliveryState{accepted, sent, delivered, failed}, delivered},
		"failed and read":                    {[]conversation.DeliveryState{accepted, failed, read}, read},
		"deleted by us after it was read":    {[]conversation.DeliveryState{accepted, sent, read, deleted}, read},
		"a warning before anything happened": {[]conversation.DeliveryState{warning, accepted}, accepted},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			backwards := slices.Clone(tt.reports)
			slices.Reverse(backwards)
			for _, reports := range [][]conversation.DeliveryState{tt.reports, backwards} {
				if got := mergeAll(reports); got != tt.want {
					t.Errorf("%v gives %s, want %s", reports, got, tt.want)
				}
			}
		})
	}
}

func TestFinal(t *testing.T) {
	t.Parallel()
	for _, s := range append(scale(), failed, deleted, "") {
		if got, want := s.Final(), s == read || s == played; got != want {
			t.Errorf("%q: Final() = %v, want %v", s, got, want)
		}
	}
}

func mergeAll(reports []conversation.DeliveryState) conversation.DeliveryState {
	state := queued
	for _, r := range reports {
		state = state.Merge(r)
	}
	return state
}

func TestMergeProperties(t *testing.T) {
	t.Parallel()
	states := append(scale(), failed, deleted, warning)
	rapid.Check(t, func(t *rapid.T) {
		reports := rapid.SliceOf(rapid.SampledFrom(states)).Draw(t, "reports")
		want := mergeAll(reports)

		shuffled := rapid.Permutation(reports).Draw(t, "shuffled")
		if got := mergeAll(shuffled); got != want {
			t.Fatalf("%v gives %s, %v gives %s", reports, want, shuffled, got)
		}
		if got := mergeAll(append(shuffled, reports...)); got != want {
			t.Fatalf("%v twice gives %s, once %s", reports, got, want)
		}

		highest, failure := 0, false
		for _, r := range reports {
			failure = failure || r == failed
			for rank, s := range scale() {
				if s == r {
					highest = max(highest, rank)
				}
			}
		}
		expect := scale()[highest]
		if failure && highest < 3 { // nothing was delivered
			expect = failed
		}
		if want != expect {
			t.Fatalf("%v gives %s, want %s", reports, want, expect)
		}
	})
}

func TestFollow(t *testing.T) {
	t.Parallel()
	thread := conversation.NewThread("100", "c1")
	for i := range conversation.MostDeliveries + 3 {
		thread.Follow(conversation.Delivery{Effect: strconv.Itoa(i), State: queued})
	}
	if got := len(thread.Deliveries); got != conversation.MostDeliveries {
		t.Fatalf("%d messages are followed, want %d", got, conversation.MostDeliveries)
	}
	if first, last := thread.Deliveries[0].Effect, thread.Deliveries[conversation.MostDeliveries-1].Effect; first != "3" || last != "52" {
		t.Errorf("followed are %s to %s, want 3 to 52: the oldest are let go", first, last)
	}
}

func TestDelivery(t *testing.T) {
	t.Parallel()
	thread := conversation.Thread{Deliveries: []conversation.Delivery{
		{Effect: "1", MessageID: "wamid.1"}, {Effect: "2"}, {Effect: "3", MessageID: "wamid.3"},
	}}
	tests := []struct {
		name, effect, message, want string
	}{
		{"by effect", "2", "", "2"},
		{"by message", "", "wamid.3", "3"},
		{"by both", "1", "wamid.1", "1"},
		{"by effect before its message is known", "2", "wamid.2", "2"},
		{"by message when the effect is unknown", "9", "wamid.3", "3"},
		{"unknown", "9", "wamid.9", ""},
		{"nothing given", "", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			if d := thread.Delivery(tt.effect, tt.message); d != nil {
				got = d.Effect
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("found (-want +got):\n%s", diff)
			}
		})
	}
	thread.Delivery("2", "").State = read
	if thread.Deliveries[1].State != read {
		t.Error("a change to what Delivery returned does not show in the thread")
	}
}
