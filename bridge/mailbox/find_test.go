package mailbox_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/internal/testredis"
)

// named changes the text of a mailbox.
func (h *house) named(key, before, after string) {
	h.t.Helper()
	h.put(key, "")
	h.commit(h.take(h.Store, key), mailbox.Commit{Consume: 1, Release: true, Find: mailbox.FindChange{Before: before, After: after}})
}

// found are the keys that a search finds, sorted.
func (h *house) found(part string) []string {
	h.t.Helper()
	keys, more, err := h.Find(h.t.Context(), part, func(text string) bool { return strings.Contains(text, part) }, 1000)
	h.ok(err)
	h.same("more", more, false)
	slices.Sort(keys)
	return append([]string{}, keys...)
}

// texts is everything by which mailboxes are found.
func (h *house) texts() []string {
	h.t.Helper()
	all := []string{}
	for p := range partitions {
		members, err := h.r.Client.SMembers(h.t.Context(), fmt.Sprintf("%s{w%d}:find", h.r.Prefix, p)).Result()
		h.ok(err)
		all = append(all, members...)
	}
	slices.Sort(all)
	return all
}

func TestFind(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.named("106540|c1", "", "mariana aurora 5511987650142")
		h.named("106540|c2", "", "mario ipê 553188124417")
		h.named("106540|c3", "", "a*b?[c]^-\\d")
		for part, want := range map[string][]string{
			"mari":         {"106540|c1", "106540|c2"},
			"mariana":      {"106540|c1"},
			"aurora 55119": {"106540|c1"},
			"ipê":          {"106540|c2"},
			"98765":        {"106540|c1"},
			"106540":       {}, // of the keys, not of the texts
			"c1":           {},
			"*":            {"106540|c3"},
			"?":            {"106540|c3"},
			"[c]":          {"106540|c3"},
			"^-":           {"106540|c3"},
			`\d`:           {"106540|c3"},
			"a*b":          {"106540|c3"},
			"m*a":          {},
			"[a-z]":        {},
			"Mariana":      {},
			"nobody":       {},
			"142\x00106":   {},
		} {
			h.same(part, h.found(part), want)
		}
		keys, _, err := h.Find(h.t.Context(), "mari", func(text string) bool { return strings.Contains(text, "5531") }, 10)
		h.ok(err)
		h.same("of those that are accepted", keys, []string{"106540|c2"})
	})
}

// TestFindFollowsCommits wants a mailbox to be found by its newest text alone, and by none once it is gone.
func TestFindFollowsCommits(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.named("a", "", "maria")
		h.named("b", "", "maria")
		h.named("a", "maria", "maria silva")
		h.same("renamed", h.texts(), []string{"maria\x00b", "maria silva\x00a"})
		h.named("a", "maria silva", "maria silva") // written again, though it is the same
		h.same("again", h.found("silva"), []string{"a"})
		h.named("b", "maria", "")
		h.same("erased", h.texts(), []string{"maria silva\x00a"})
		h.named("b", "", "")
		h.same("unchanged", h.texts(), []string{"maria silva\x00a"})
		h.named("a", "maria silva", "")
		h.same("nobody is left", h.texts(), []string{})
	})
}

// TestFindIsFenced wants a worker whose lease was lost to leave the texts alone.
func TestFindIsFenced(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.named("a", "", "before")
		h.put("a", "")
		lost := h.take(h.hasty(), "a")
		var next *mailbox.Lease
		for next == nil {
			next = h.claim(h.Store)["a"]
		}
		err := h.Commit(h.t.Context(), lost, mailbox.Commit{Consume: 1, Release: true, Find: mailbox.FindChange{Before: "before", After: "late"}})
		h.fails(err, mailbox.ErrFenceLost)
		h.same("untouched", h.texts(), []string{"before\x00a"})
		h.commit(next, mailbox.Commit{Consume: 1, Release: true, Find: mailbox.FindChange{Before: "before", After: "after"}})
		h.same("by the next worker", h.texts(), []string{"after\x00a"})
	})
}

func TestFindIsBounded(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		for i := range 30 {
			h.named(fmt.Sprint("k", i), "", fmt.Sprint("maria ", i))
		}
		for most, wantMore := range map[int]bool{29: true, 30: false, 31: false, 0: true} {
			keys, more, err := h.Find(h.t.Context(), "maria", func(string) bool { return true }, most)
			h.ok(err)
			h.same(fmt.Sprint(most), []any{len(keys), more}, []any{min(most, 30), wantMore})
			slices.Sort(keys)
			h.same("each once", len(slices.Compact(keys)), min(most, 30))
		}
	})
}

// manyTexts are more than Redis looks at in one step.
const manyTexts = 100_000

// BenchmarkFind searches 100,000 mailboxes for a name that few have, for one that many have, and for a number.
func BenchmarkFind(b *testing.B) {
	h := setup(b, testredis.Server(b))
	h.Store = h.with(func(c *mailbox.Config) { c.Prefix, c.Partitions = h.r.Prefix+"many:", 64 })
	used := h.used(b)
	pipe := h.r.Client.Pipeline()
	for i := range manyTexts {
		key := fmt.Sprintf("106540352242922|01K%023d", i)
		text := fmt.Sprintf("cliente%d da silva distribuidora aurora comércio ltda 55119%08d %014d %d 261123-%03d", i%977, i*7, i*13, 100_000+i, i%1000)
		pipe.SAdd(b.Context(), fmt.Sprintf("%smany:{w%d}:find", h.r.Prefix, h.Partition(key)), text+"\x00"+key)
		if pipe.Len() == 1000 {
			_, err := pipe.Exec(b.Context())
			h.ok(err)
		}
	}
	_, err := pipe.Exec(b.Context())
	h.ok(err)
	each := float64(h.used(b)-used) / manyTexts
	for _, part := range []string{"cliente976", "silva", "0000700007"} {
		b.Run(part, func(b *testing.B) {
			var longest time.Duration
			for b.Loop() {
				began := time.Now()
				_, _, err := h.Find(b.Context(), part, func(text string) bool { return strings.Contains(text, part) }, 500)
				h.ok(err)
				longest = max(longest, time.Since(began)) //nolint:forbidigo // it is measured
			}
			b.ReportMetric(float64(longest.Milliseconds()), "ms-at-most")
			b.ReportMetric(each, "B/mailbox")
		})
	}
}

// used is how much memory Redis uses.
func (h *house) used(tb testing.TB) int64 {
	tb.Helper()
	info, err := h.r.Client.Info(tb.Context(), "memory").Result()
	h.ok(err)
	var n int64
	for line := range strings.Lines(info) {
		if _, err := fmt.Sscanf(line, "used_memory:%d", &n); err == nil {
			return n
		}
	}
	tb.Fatal("redis does not tell its memory")
	return 0
}
