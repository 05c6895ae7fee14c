package mailbox_test

import (
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/internal/testredis"
)

func TestHaltedListsWhatWorkersStayAwayFrom(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
		boxes, err := mailbox.Open(t.Context(), mailbox.Config{
			Client: r.Client, Prefix: r.Prefix, Now: func() time.Time { return now }, NewID: func() string { return "claim" },
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"1|a", "1|b"} {
			if _, err := boxes.Append(t.Context(), mailbox.Delivery{Key: key, Events: []mailbox.Event{{ID: "e", Data: []byte("x")}}}); err != nil {
				t.Fatal(err)
			}
		}
		if err := boxes.Pause(t.Context(), "1|b"); err != nil {
			t.Fatal(err)
		}
		leases, err := boxes.Claim(t.Context(), []int{boxes.Partition("1|a")}, 1)
		if err != nil || len(leases) != 1 {
			t.Fatalf("%d leases, %v", len(leases), err)
		}
		if halted, err := boxes.Fail(t.Context(), leases[0], now, 1, "broken state"); err != nil || !halted {
			t.Fatalf("halted %v, %v", halted, err)
		}
		list, err := boxes.Halted(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]mailbox.Halted{}
		for _, h := range list {
			got[h.Key] = h
		}
		if len(list) != 2 || got["1|a"].Reason != "broken state" || got["1|b"].Reason != "paused" || !got["1|a"].Since.Equal(now) {
			t.Errorf("halted: %+v", list)
		}
		if ok, err := boxes.Resume(t.Context(), "1|a"); err != nil || !ok {
			t.Fatalf("resumed %v, %v", ok, err)
		}
		if list, err = boxes.Halted(t.Context()); err != nil || len(list) != 1 {
			t.Errorf("after resuming one: %+v, %v", list, err)
		}
	})
}
