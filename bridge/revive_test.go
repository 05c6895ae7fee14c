package bridge_test

import (
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// TestJobsThatAnOlderVersionHalted wants the jobs that an older version does not know, and halted while both ran, to go on: with the start of
// an instance and with every repair. What was halted for another reason stays so.
func TestJobsThatAnOlderVersionHalted(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		e := h.engine()
		const unknown = "handling failed: mailbox of no known kind"
		halt := func(key, why string) {
			h.Helper()
			h.put(key, conversation.Event{Kind: conversation.EventWake, At: h.clock.now()})
			leases, err := h.boxes.Claim(h.Context(), []int{h.boxes.Partition(key)}, 1)
			h.ok(err)
			halted, err := h.boxes.Fail(h.Context(), leases[0], h.clock.now(), 1, why)
			h.ok(err)
			h.same("halted", halted, true)
		}
		halt(conversation.AuditKey, unknown)
		halt(conversation.ReportKey, "handling failed: panic")
		halt(thread, unknown)
		want := func(keys ...string) {
			h.Helper()
			list, err := h.boxes.Halted(h.Context())
			h.ok(err)
			got := map[string]bool{}
			for _, m := range list {
				got[m.Key] = true
			}
			h.same("number", len(got), len(keys))
			for _, key := range keys {
				h.same(key, got[key], true)
			}
		}
		want(conversation.AuditKey, conversation.ReportKey, thread)
		h.ok(e.Start(h.Context()))
		want(conversation.ReportKey, thread)
		h.same("inbox", h.peek(conversation.AuditKey).Inbox, 2)
		_, err := e.Step(h.Context())
		h.ok(err)
		h.same("inbox", h.peek(conversation.AuditKey).Inbox, 0)

		halt(conversation.DeskKey, unknown)
		want(conversation.DeskKey, conversation.ReportKey, thread)
		h.clock.advance(2 * time.Hour)
		_, err = e.Step(h.Context())
		h.ok(err)
		want(conversation.ReportKey, thread)
	})
}
