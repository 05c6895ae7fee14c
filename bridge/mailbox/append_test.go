package mailbox_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/internal/testredis"
)

func TestAppendStoresEachIDOnceInOrder(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.same("first", h.put("a", "1", "2", "1"), mailbox.Receipt{Key: "a", New: 2, Duplicates: 1})
		h.same("again", h.put("a", "2", "3", "1"), mailbox.Receipt{Key: "a", New: 1, Duplicates: 2})
		h.same("another mailbox", h.put("b", "1"), mailbox.Receipt{Key: "b", New: 1})
		h.same("no events", h.put("c"), mailbox.Receipt{Key: "c"})

		leases := h.claim(h.Store)
		h.same("mailboxes", len(leases), 2)
		h.same("inbox of a", leases["a"].Inbox(), events("1", "2", "3"))
		h.same("inbox of b", leases["b"].Inbox(), events("1"))
		h.finish(leases["a"])
		h.same("after the commit", h.put("a", "1", "2", "3"), mailbox.Receipt{Key: "a", Duplicates: 3})
		h.idle()
	})
}

func TestAppendWithoutIDIsNeverADuplicate(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.same("receipt", h.put("a", "", ""), mailbox.Receipt{Key: "a", New: 2})
		h.same("receipt", h.put("a", ""), mailbox.Receipt{Key: "a", New: 1})
		h.same("inbox", h.take(h.Store, "a").Inbox(), events("", "", ""))
	})
}

func TestAppendSeveralMailboxesAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		var deliveries []mailbox.Delivery
		var want []mailbox.Receipt
		for i := range 20 {
			key := fmt.Sprint("box", i)
			deliveries = append(deliveries, mailbox.Delivery{Key: key, Events: events("x", "y")})
			want = append(want, mailbox.Receipt{Key: key, New: 2})
		}
		deliveries = append(deliveries, mailbox.Delivery{Key: "box3", Events: events("y", "z")})
		want = append(want, mailbox.Receipt{Key: "box3", New: 1, Duplicates: 1})
		got, err := h.Append(t.Context(), deliveries...)
		h.ok(err)
		h.same("receipts", got, want)
		leases := h.claim(h.Store)
		h.same("claimed", len(leases), 20)
		h.same("box3", idsOf(leases["box3"].Inbox()), []string{"x", "y", "z"})

		none, err := h.Append(t.Context())
		h.ok(err)
		h.same("no deliveries", len(none), 0)
	})
}

func TestAppendKeepsAnyBytes(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		key := "5511|{x}:c:in: \xff é"
		want := []mailbox.Event{{ID: "\x00\xff", Data: []byte("\n\x00\xfe\r\n")}, {ID: "é", Data: []byte{}}}
		_, err := h.Append(t.Context(), mailbox.Delivery{Key: key, Events: want})
		h.ok(err)
		l := h.take(h.Store, key)
		h.same("inbox", l.Inbox(), want)
		h.commit(l, mailbox.Commit{Set: map[string][]byte{"s": []byte("\x00\xff\n")}, Release: true})
		h.same("fields", h.peek(key).Fields, map[string][]byte{"s": []byte("\x00\xff\n")})
		h.remove(key, "due")
		h.repaired(1) // the scan finds the name again
	})
}

func TestAppendByManyAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		var all []string
		for i := range 50 {
			all = append(all, fmt.Sprint("e", i))
		}
		var mu sync.Mutex
		var wg sync.WaitGroup
		fresh := 0
		for range 8 {
			wg.Go(func() {
				for _, e := range events(all...) {
					receipts, err := h.Append(t.Context(), mailbox.Delivery{Key: "a", Events: []mailbox.Event{e}})
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					fresh += receipts[0].New
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		h.same("new", fresh, 50)
		h.same("stored", idsOf(h.take(h.Store, "a").Inbox()), all)
	})
}

func TestAppendFollowsAMovedMailbox(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		move := func(from, to string) {
			h.put(from, "start")
			l := h.take(h.Store, from)
			h.commit(l, mailbox.Commit{Consume: 1, MovedTo: to, Release: true})
		}
		move("a", "b")
		h.same("receipt", h.put("a", "1"), mailbox.Receipt{Key: "b", New: 1})
		h.finish(h.take(h.Store, "b"))
		move("b", "c")
		h.same("two steps", h.put("a", "1", "2"), mailbox.Receipt{Key: "c", New: 2})
		h.same("inbox", idsOf(h.take(h.Store, "c").Inbox()), []string{"1", "2"})
		h.same("left behind", h.peek("a").Inbox+h.peek("b").Inbox, 0)
	})
}

func TestAppendRefusesToGoInACircle(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		h.put("a", "1")
		h.put("b", "1")
		for key, l := range h.claim(h.Store) {
			h.commit(l, mailbox.Commit{Consume: 1, MovedTo: map[string]string{"a": "b", "b": "a"}[key], Release: true})
		}
		_, err := h.Append(t.Context(), mailbox.Delivery{Key: "a", Events: events("2")})
		h.fails(err, mailbox.ErrMoved)
	})
}

func TestAppendRefusesABadID(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		_, err := h.Append(t.Context(), mailbox.Delivery{Key: "a", Events: events("good")},
			mailbox.Delivery{Key: "b", Events: events("two\nlines")})
		h.fails(err, mailbox.ErrBadEvent)
		h.idle()
	})
}

func TestAppendRemembersIDsForEightDays(t *testing.T) {
	t.Parallel()
	h := setup(t, testredis.Mini(t)) // the only store whose clock can be moved by days
	advance := func(d time.Duration) {
		h.clock.advance(d)
		h.r.Advance(d)
	}
	h.put("a", "old")
	h.finish(h.take(h.Store, "a"))
	advance(mailbox.SeenFor - time.Hour)
	h.same("just within", h.put("a", "old"), mailbox.Receipt{Key: "a", Duplicates: 1})

	h.put("a", "late") // and its handling hangs beyond the time that the first commit gave the ids
	advance(2 * time.Hour)
	h.same("one that waits", h.put("a", "late"), mailbox.Receipt{Key: "a", Duplicates: 1})
	h.finish(h.take(h.Store, "a"))
	h.same("forgotten by the commit", h.put("a", "old"), mailbox.Receipt{Key: "a", New: 1})

	h.finish(h.take(h.Store, "a"))
	advance(mailbox.SeenFor + time.Hour)
	for _, key := range h.r.Mini.Keys() {
		if strings.Contains(key, ":dd:") {
			t.Errorf("%s is still there", key)
		}
	}
}

func TestOpenFixesThePartitions(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		cfg := h.cfg
		cfg.Partitions = partitions + 1
		_, err := mailbox.Open(t.Context(), cfg)
		h.fails(err, mailbox.ErrPartitions)
		h.same("same number", h.open(h.cfg).Partitions(), partitions)

		cfg.Prefix, cfg.Partitions, cfg.Lease = h.r.Prefix+"fresh:", 0, 0
		fresh := h.open(cfg)
		h.same("defaults", []any{fresh.Partitions(), fresh.Lease()}, []any{64, 10 * time.Second})
		spread := map[int]bool{}
		for i := range 1000 {
			p := fresh.Partition(fmt.Sprint("key", i))
			if p < 0 || p >= 64 {
				t.Fatalf("partition %d", p)
			}
			spread[p] = true
		}
		h.same("partitions used", len(spread), 64)
	})
}
