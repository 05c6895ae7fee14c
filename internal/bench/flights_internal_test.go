package bench

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestFlights(t *testing.T) {
	t.Parallel()
	at := func(ms int) time.Time { return time.UnixMilli(1795300000000 + int64(ms)) }
	f := newFlights("bm")
	for i, want := range []string{"bm000000", "bm000001", "bm000002", "bm000003"} {
		n, mark := f.next()
		if n != i || mark != want {
			t.Errorf("%d, %s; want %d, %s", n, mark, i, want)
		}
		f.leave(n, at(10*i))
	}
	f.arrive("bm000000 bom dia", "id-a", at(5))
	f.arrive("*Agente:* bm000001 olá", "id-b", at(40))
	f.arrive("bm000001 olá", "id-b", at(60)) // read again
	f.arrive("bm000002 olá", "id-c", at(50))
	f.arrive("bm000002 olá", "id-d", at(55)) // there twice
	for _, other := range []string{"", "bom dia", "br000003", "bm00003", "bm0000031", "xbm000003", "bm000004 de ninguém"} {
		f.arrive(other, "id-e", at(70))
	}
	if f.count() != 4 {
		t.Errorf("%d flights", f.count())
	}
	want := journey{took: []time.Duration{5e6, 30e6, 30e6, 70e6}, lost: 1, again: 1}
	got := f.since(0, at(100))
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(journey{})); diff != "" {
		t.Errorf("journey (-want +got):\n%s", diff)
	}
	if got.wrong() != 2 {
		t.Errorf("%d wrong", got.wrong())
	}
	if note := got.note(); note != "p50 30 ms, p99 70 ms, longest 70 ms of 4" {
		t.Error(note)
	}
	if last := f.since(3, at(100)); last.lost != 1 || len(last.took) != 1 || last.again != 0 {
		t.Errorf("%+v", last)
	}
}

// Without ids every sight counts: a reply that WhatsApp gets again is one too many.
func TestFlightsAgain(t *testing.T) {
	t.Parallel()
	f := newFlights("br")
	n, mark := f.next()
	f.leave(n, time.UnixMilli(0))
	f.arrive(mark, "", time.UnixMilli(1))
	f.arrive(mark, "", time.UnixMilli(2))
	if j := f.since(0, time.UnixMilli(9)); j.again != 1 || j.lost != 0 || j.took[0] != time.Millisecond {
		t.Errorf("%+v", j)
	}
}

func TestFlightsWait(t *testing.T) {
	t.Parallel()
	f := newFlights("bm")
	f.wait(t.Context(), time.Hour) // nothing is under way
	var busy sync.WaitGroup
	for range 50 {
		n, mark := f.next()
		busy.Go(func() {
			f.leave(n, time.UnixMilli(0))
			f.arrive(mark+" oi", "x", time.UnixMilli(1))
		})
	}
	f.wait(t.Context(), time.Hour)
	busy.Wait()
	if j := f.since(0, time.UnixMilli(9)); j.wrong() != 0 || len(j.took) != 50 {
		t.Errorf("%+v", j)
	}
	f.next()
	f.wait(t.Context(), time.Millisecond)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	f.wait(ctx, time.Hour)
	if j := f.since(0, time.UnixMilli(9)); j.lost != 1 {
		t.Errorf("%+v", j)
	}
}
