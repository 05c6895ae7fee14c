package conversation_test

import (
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
