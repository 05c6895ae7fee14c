package bridge_test

import (
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// TestTransfer wants a file's mailbox to carry it, to tell its thread once how that ended, and to be gone afterwards.
func TestTransfer(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ask := conversation.Transfer{Thread: thread, Ask: thread + "#5", To: conversation.PeerZendesk, File: conversation.File{ID: "wamid.1", Media: "m"}}
		key := conversation.MediaKey("wamid.1")
		tries := 0
		h.perform.on(conversation.EffectStream, func(t try) conversation.Result {
			if tries++; tries == 1 {
				return conversation.Result{Outcome: conversation.Later, NotBefore: h.clock.now().Add(time.Minute)}
			}
			s := t.Pending.Effect.Stream
			return conversation.Result{Outcome: conversation.Done, File: &conversation.FileResult{Ask: s.Ask, To: s.To, File: s.File, Token: "tok"}}
		})
		var told []conversation.Tell
		h.perform.on(conversation.EffectTell, func(t try) conversation.Result {
			told = append(told, *t.Pending.Effect.Tell)
			return conversation.Result{Outcome: conversation.Done}
		})
		e := h.engine()
		h.put(key, conversation.Event{Kind: conversation.EventTransfer, ID: "t:" + ask.Ask, Ask: &ask})
		h.put(key, conversation.Event{Kind: conversation.EventTransfer, ID: "t:" + ask.Ask, Ask: &ask}) // again
		h.step(e, 1)
		h.same("told before it is there", len(told), 0)
		h.clock.advance(time.Minute)
		h.step(e, 1)
		if len(told) != 1 || told[0].Key != thread || told[0].Event.ID != "f:"+ask.Ask || told[0].Event.File.Token != "tok" {
			h.Errorf("told %+v", told)
		}
		h.same("fields left", len(h.peek(key).Fields), 0)
		h.idle()
	})
}
