package mailbox_test

import (
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/mailbox"
)

func TestAnswersAreReadUntilTheyExpire(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		h.put("a", "1")
		l := h.take(h.Store, "a")
		h.commit(l, mailbox.Commit{Consume: 1, Release: true, Answers: []mailbox.Answer{
			{ID: "x", Data: []byte("yes"), TTL: time.Hour}, {ID: "y", Data: []byte("no"), TTL: time.Millisecond},
		}})
		data, ok, err := h.Answer(t.Context(), "a", "x")
		h.ok(err)
		h.same("answer", string(data), "yes")
		h.same("there", ok, true)
		_, ok, err = h.Answer(t.Context(), "a", "z")
		h.ok(err)
		h.same("of another", ok, false)
	})
}

func TestReadsFollowAMovedMailbox(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		h.put("a", "1")
		h.commit(h.take(h.Store, "a"), mailbox.Commit{
			Consume: 1, MovedTo: "b", Release: true, Set: map[string][]byte{"s": []byte("old")},
			Answers: []mailbox.Answer{{ID: "x", Data: []byte("early"), TTL: time.Hour}},
		})
		h.put("a", "2")
		h.commit(h.take(h.Store, "b"), mailbox.Commit{
			Consume: 1, Release: true, Set: map[string][]byte{"s": []byte("new")},
			Answers: []mailbox.Answer{{ID: "y", Data: []byte("late"), TTL: time.Hour}},
		})
		value, at, err := h.Field(t.Context(), "a", "s")
		h.ok(err)
		h.same("field", string(value), "new")
		h.same("read at", at, "b")
		for id, want := range map[string]string{"x": "early", "y": "late"} {
			data, _, err := h.Answer(t.Context(), "a", id)
			h.ok(err)
			h.same(id, string(data), want)
		}
		value, _, err = h.Field(t.Context(), "nobody", "s")
		h.ok(err)
		h.same("of nobody", value, []byte(nil))
	})
}

// A mailbox moves only when nothing is left in its inbox: what came since must be forwarded before anything goes the new way.
func TestMoveWaitsForTheInbox(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.put("a", "1")
		l := h.take(h.Store, "a")
		h.put("a", "2")
		h.commit(l, mailbox.Commit{Consume: 1, MovedTo: "b", Release: true})
		h.same("not moved", h.put("a", "3"), mailbox.Receipt{Key: "a", New: 1})
		l = h.take(h.Store, "a")
		h.same("inbox", idsOf(l.Inbox()), []string{"2", "3"})
		h.commit(l, mailbox.Commit{Consume: 2, MovedTo: "b", Release: true})
		h.same("moved", h.put("a", "4"), mailbox.Receipt{Key: "b", New: 1})
	})
}

func TestHandOverOfSeenIDs(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		h.put("a", "1", "2", "forwarded")
		l := h.take(h.Store, "a")
		h.commit(l, mailbox.Commit{Consume: 3, Release: true, Set: map[string][]byte{"s": []byte("forwarded")}})
		h.put("a", "unread")
		waiting := func(state []byte) []string { return []string{string(state)} }
		for range 2 {
			h.ok(h.HandOver(t.Context(), "a", "b", "s", waiting))
		}
		h.same("seen there", h.put("b", "1", "2", "forwarded", "unread", "3"), mailbox.Receipt{Key: "b", New: 3, Duplicates: 2})
		h.ok(h.HandOver(t.Context(), "nobody", "b", "s", waiting))
	})
}

func TestTranscriptsEnd(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		line := func(end ...mailbox.TranscriptEnd) {
			h.put("a", "")
			l := h.take(h.Store, "a")
			h.commit(l, mailbox.Commit{Consume: len(l.Inbox()), Release: true, Ends: end, Transcript: []mailbox.Entry{{Name: "s", Data: []byte("x")}}})
		}
		lines := func() int {
			got, err := h.Transcript(t.Context(), "a", "s")
			h.ok(err)
			return len(got)
		}
		line(mailbox.TranscriptEnd{Name: "s", TTL: time.Hour})
		line(mailbox.TranscriptEnd{Name: "s"})
		h.same("kept", lines(), 2)
		line(mailbox.TranscriptEnd{Name: "s", Remove: true})
		h.same("removed", lines(), 0)
	})
}

func TestViewCountsOverPartitions(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		at := time.UnixMilli(1_790_000_000_000)
		for i, key := range []string{"a", "b", "c"} {
			h.put(key, "1")
			h.commit(h.take(h.Store, key), mailbox.Commit{Consume: 1, Release: true, Index: []mailbox.IndexChange{
				{Name: "wait", Score: float64(at.Add(time.Duration(i) * time.Second).UnixMilli())},
			}})
		}
		count, oldest, err := h.View(t.Context(), "wait")
		h.ok(err)
		h.same("count", count, 3)
		h.same("oldest", oldest.UTC(), at.UTC())
		count, oldest, err = h.View(t.Context(), "nothing")
		h.ok(err)
		h.same("none", count, 0)
		h.same("no time", oldest.IsZero(), true)
	})
}
