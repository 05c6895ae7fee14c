package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/testredis"
)

func TestTicketsNameTheirThreads(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		client, count := watched(t, r)
		tickets := store.NewTickets(client, r.Prefix)
		bind := func(id int64, key string) {
			t.Helper()
			if err := tickets.BindTicket(t.Context(), id, key); err != nil {
				t.Fatal(err)
			}
		}
		bind(35436, "5511|c1")
		bind(1<<60, "5511|c2")
		bind(7, "5511|old")
		bind(7, "5511|c3")
		key, ok, err := tickets.TicketThread(t.Context(), 7)
		if err != nil || !ok || key != "5511|c3" {
			t.Errorf("TicketThread(7) = %q, %v, %v; want what was bound last", key, ok, err)
		}
		if key, ok, err := tickets.TicketThread(t.Context(), 8); err != nil || ok || key != "" {
			t.Errorf("TicketThread(8) = %q, %v, %v; want none", key, ok, err)
		}
		before := count.n.Load()
		got, err := tickets.TicketThreads(t.Context(), []int64{8, 35436, 7, 1 << 60, 7})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[int64]string{35436: "5511|c1", 7: "5511|c3", 1 << 60: "5511|c2"}, got); diff != "" {
			t.Errorf("TicketThreads (-want +got):\n%s", diff)
		}
		if n := count.n.Load() - before; n != 1 {
			t.Errorf("TicketThreads took %d round trips; want 1", n)
		}
		if none, err := tickets.TicketThreads(t.Context(), nil); err != nil || len(none) != 0 || count.n.Load() != before+1 {
			t.Errorf("TicketThreads(none) = %v, %v after %d calls; want nothing without a call", none, err, count.n.Load()-before-1)
		}
	})
}

func TestTicketsTellFailures(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	tickets := store.NewTickets(r.Client, r.Prefix)
	r.Mini.SetError("LOADING")
	if err := tickets.BindTicket(t.Context(), 7, "k"); err == nil {
		t.Error("BindTicket succeeded on a store that fails")
	}
	if _, _, err := tickets.TicketThread(t.Context(), 7); err == nil {
		t.Error("TicketThread succeeded on a store that fails")
	}
	if _, err := tickets.TicketThreads(t.Context(), []int64{7}); err == nil {
		t.Error("TicketThreads succeeded on a store that fails")
	}
}
