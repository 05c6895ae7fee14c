package whatsapp_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/whatsapp"
)

func TestParseStatus(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		members string
		want    whatsapp.Status
	}{
		"plain": {`"status":"delivered"`, whatsapp.Status{State: "delivered"}},
		"full": {
			`"status":"sent","timestamp":"1795300001","recipient_id":"5521998877665","recipient_user_id":"BR.88","recipient_parent_user_id":"BR.ENT.55",` +
				`"biz_opaque_callback_data":"t/e","conversation":{"id":"c","origin":{"type":"service"}},` +
				`"pricing":{"billable":true,"pricing_model":"PMP","type":"regular","category":"service"}`,
			whatsapp.Status{
				State: "sent", Timestamp: time.Unix(1795300001, 0).UTC(), RecipientID: "5521998877665", RecipientUserID: "BR.88",
				RecipientParentUserID: "BR.ENT.55", CallbackData: "t/e",
				Pricing: &whatsapp.Pricing{Billable: true, Model: "PMP", Type: "regular", Category: "service"},
			},
		},
		"other spelling": {`"status":"read","parent_recipient_user_id":"BR.ENT.55"`, whatsapp.Status{State: "read", RecipientParentUserID: "BR.ENT.55"}},
		"group": {
			`"status":"read","recipient_id":"g","recipient_type":"group","recipient_participant_id":"55","recipient_participant_user_id":"BR.88"`,
			whatsapp.Status{State: "read", RecipientID: "g", RecipientType: "group", ParticipantID: "55", ParticipantUserID: "BR.88"},
		},
		"failed": {`"status":"failed","errors":[{"code":131047,"title":"t","message":"m","error_data":{"details":"d"},"href":"h"}]`, whatsapp.Status{
			State: "failed", Errors: []whatsapp.Error{{Code: 131047, Title: "t", Message: "m", Details: "d", Href: "h"}},
		}},
		"unknown state": {`"status":"in_orbit","pricing":null`, whatsapp.Status{State: "in_orbit"}},
		"milliseconds":  {`"status":"enqueued","timestamp":1795300001250`, whatsapp.Status{State: "enqueued", Timestamp: time.UnixMilli(1795300001250).UTC()}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			raw := `{"id":"o1",` + test.members + `}`
			u := one(t, hook(change("messages", `"contacts":[`+ana+`],"statuses":[`+raw+`]`)))
			test.want.ID = "o1"
			if diff := cmp.Diff(&test.want, u.Status); diff != "" || u.Kind != whatsapp.KindStatus || string(u.Raw) != raw {
				t.Errorf("got %s %s: %s", u.Kind, u.Raw, diff)
			}
		})
	}
}

func TestRank(t *testing.T) {
	t.Parallel()
	for state, want := range map[string]struct {
		rank  int
		known bool
	}{
		"accepted": {0, true}, "sent": {1, true}, "delivered": {2, true}, "read": {3, true}, "played": {4, true},
		"failed": {whatsapp.RankNone, true}, "deleted": {whatsapp.RankNone, false}, "warning": {whatsapp.RankNone, false}, "": {whatsapp.RankNone, false},
	} {
		if rank, known := whatsapp.Rank(state); rank != want.rank || known != want.known {
			t.Errorf("%q: got %d, %v", state, rank, known)
		}
	}
}

func TestMergeState(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ old, news, want string }{
		{"", "accepted", "accepted"},
		{"", "in_orbit", ""},
		{"in_orbit", "sent", "sent"},
		{"in_orbit", "failed", "failed"},
		{"accepted", "sent", "sent"},
		{"accepted", "read", "read"},
		{"read", "delivered", "read"},
		{"read", "played", "played"},
		{"read", "deleted", "read"},
		{"accepted", "failed", "failed"},
		{"sent", "failed", "failed"},
		{"delivered", "failed", "delivered"},
		{"read", "failed", "read"},
		{"played", "failed", "played"},
		{"failed", "accepted", "failed"},
		{"failed", "sent", "failed"},
		{"failed", "delivered", "delivered"},
		{"failed", "read", "read"},
	} {
		if got := whatsapp.MergeState(test.old, test.news); got != test.want {
			t.Errorf("%q, then %q: got %q, want %q", test.old, test.news, got, test.want)
		}
	}
}

func anyState() *rapid.Generator[string] {
	return rapid.SampledFrom([]string{"accepted", "sent", "delivered", "read", "played", "failed", "deleted", "warning", ""})
}

func TestMergeStateProperties(t *testing.T) {
	t.Parallel()
	fold := func(states []string) string {
		state := whatsapp.StateAccepted
		for _, s := range states {
			state = whatsapp.MergeState(state, s)
		}
		return state
	}
	rapid.Check(t, func(t *rapid.T) {
		states := rapid.SliceOfN(anyState(), 0, 8).Draw(t, "states")
		end := fold(states)
		if other := fold(rapid.Permutation(states).Draw(t, "other order")); other != end {
			t.Fatalf("%q ends as %q, in another order as %q", states, end, other)
		}
		if again := fold(append(states, states...)); again != end {
			t.Fatalf("%q twice ends as %q, not %q", states, again, end)
		}
		seen := map[string]bool{}
		highest := 0
		for _, s := range states {
			seen[s] = true
			rank, _ := whatsapp.Rank(s)
			highest = max(highest, rank)
		}
		failed := seen[whatsapp.StateFailed] && highest <= 1
		rank, _ := whatsapp.Rank(end)
		if failed != (end == whatsapp.StateFailed) || !failed && rank != highest {
			t.Fatalf("%q ends as %q", states, end)
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		old, news := anyState().Draw(t, "old"), anyState().Draw(t, "news")
		merged := whatsapp.MergeState(old, news)
		if before, _ := whatsapp.Rank(old); before >= 2 {
			if after, _ := whatsapp.Rank(merged); after < before {
				t.Fatalf("%q, then %q fell back to %q", old, news, merged)
			}
		}
		if merged != old && merged != news {
			t.Fatalf("%q, then %q became %q", old, news, merged)
		}
	})
}
