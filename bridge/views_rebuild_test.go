package bridge_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/bridge"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// standing is where all mailboxes stand: by view, and under "find" by text.
func (h *house) standing() map[string]map[string]float64 {
	h.Helper()
	all := map[string]map[string]float64{}
	inventories, err := h.boxes.Inventories(h.Context())
	h.ok(err)
	for _, i := range inventories {
		stand, err := h.boxes.Standings(h.Context(), i.Partition, i.Views)
		h.ok(err)
		for key, s := range stand {
			for view, score := range s.Views {
				if all[view] == nil {
					all[view] = map[string]float64{}
				}
				all[view][key] = score
			}
			for _, text := range s.Texts {
				if all["find"] == nil {
					all["find"] = map[string]float64{}
				}
				all["find"][text+" → "+key] = 0
			}
		}
	}
	return all
}

// command has a thread carry a command out.
func (h *house) command(e *bridge.Engine, key string, c conversation.Command) {
	h.Helper()
	h.put(key, conversation.Event{Kind: conversation.EventCommand, ID: "c:" + c.ID, At: h.clock.now(), Command: &c})
	h.step(e, 1)
}

func TestListsFollowTheConversation(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		e := h.engine()
		began := float64(h.clock.now().UnixMilli())
		h.put(thread, h.says("wamid.1", "oi"))
		h.step(e, 1)
		h.same("in the queue", h.members("team:queued:"), map[string]float64{thread: began})
		h.same("found", len(h.standing()["find"]), 1)

		ana := conversation.Agent{ID: 9, Name: "Ana"}
		session := stored[conversation.Thread](h, thread).Conversation.Session
		h.clock.advance(time.Minute)
		h.command(e, thread, conversation.Command{ID: "attention", Kind: conversation.CommandAttention, Session: session, Agent: ana})
		h.command(e, thread, conversation.Command{ID: "transfer-1", Kind: conversation.CommandTransfer, Session: session, Agent: ana, Group: "Suporte Técnico"})
		h.command(e, thread, conversation.Command{ID: "take-1", Kind: conversation.CommandTake, Session: session, Agent: ana})
		h.command(e, thread, conversation.Command{ID: "snooze-1", Kind: conversation.CommandSnooze, Session: session, Agent: ana, Until: h.clock.now().Add(time.Hour)})
		got := h.standing()
		for view, want := range map[string]map[string]float64{
			"team:queued:": nil, "team:active:suporte tecnico": {thread: began}, "owner:active:9": {thread: began}, "attention": {thread: began},
			"active:9": nil,
		} {
			h.same(view, got[view], want)
		}
		h.clock.advance(time.Minute)
		h.command(e, thread, conversation.Command{ID: "cancel-1", Kind: conversation.CommandCancel, Session: session, Agent: ana})
		ended := float64(h.clock.now().UnixMilli())
		got = h.standing()
		for view, want := range map[string]map[string]float64{
			"team:active:suporte tecnico": nil, "owner:active:9": nil, "attention": nil, "snoozed": nil,
			"team:cancelled:suporte tecnico": {thread: ended}, "owner:cancelled:9": {thread: ended},
		} {
			h.same(view, got[view], want)
		}
	})
}

// TestErasedIsFoundByNothing wants nothing of a person to be left in views and texts once they are erased.
func TestErasedIsFoundByNothing(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		e := h.engine()
		said := h.says("wamid.1", "oi")
		said.Contact.Name = "Mariana Albuquerque"
		h.put(thread, said)
		h.step(e, 1)
		if texts := fmt.Sprint(h.standing()["find"]); !strings.Contains(texts, "mariana albuquerque") {
			h.Fatalf("found by %s", texts)
		}
		h.put(thread, conversation.Event{Kind: conversation.EventErase, ID: "er:1", At: h.clock.now(), Erase: &conversation.Erase{Request: "r1"}})
		h.step(e, 1)
		h.same("left", h.standing(), map[string]map[string]float64{})
	})
}

// TestListsOfSchema4 wants what an earlier version stored in the views for lists from the first commit on, whether they were rebuilt before
// or not, and nowhere else later.
func TestListsOfSchema4(t *testing.T) {
	t.Parallel()
	for name, rebuilt := range map[string]bool{"touched first": false, "rebuilt first": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(h *house) {
				e := h.engine()
				h.schema4(thread, conversation.StateQueued)
				h.same("stored", h.standing()["team:queued:suporte"], map[string]float64(nil))
				if rebuilt {
					sum, err := bridge.RebuildViews(h.Context(), h.boxes, everyNumber)
					h.ok(err)
					h.same("rebuilt", sum, bridge.Rebuilt{Threads: 1, Mended: 1})
				}
				want := h.standing()
				h.put(thread, conversation.Event{Kind: conversation.EventStatus, ID: "st:1", At: h.clock.now(), Status: &conversation.Status{
					MessageID: "wamid.1", Effect: "1", State: conversation.DeliveryRead, At: h.clock.now(),
				}})
				h.step(e, 1)
				got := h.standing()
				h.same("in its queue", got["team:queued:suporte"], map[string]float64{thread: float64(h.clock.now().UnixMilli())})
				h.same("found", got["find"], map[string]float64{"5511987654321 11 → " + thread: 0})
				if rebuilt {
					h.same("as rebuilt", got, want)
				}
				session := stored[conversation.Thread](h, thread).Conversation.Session
				h.command(e, thread, conversation.Command{ID: "take-1", Kind: conversation.CommandTake, Session: session, Agent: conversation.Agent{ID: 9}})
				got = h.standing()
				h.same("in the queue no more", got["team:queued:suporte"], map[string]float64(nil))
				h.same("attended", len(got["team:active:suporte"]), 1)
			})
		})
	}
}

// schema4 stores a thread as an earlier version does.
func (h *house) schema4(key string, state conversation.State) {
	h.Helper()
	boxes := h.boxes
	cfg := h.cfg
	cfg.Schema = 4
	h.boxes = h.open(cfg)
	defer func() { h.boxes = boxes }()
	old := openThread(conversation.Outbox{})
	_, old.Contact.ID, _ = conversation.ParseKey(key)
	old.Conversation.State, old.Conversation.Started, old.LastInbound = state, h.clock.now(), h.clock.now()
	old.Conversation.Procedure.Queue, old.Conversation.Lines, old.Registered = "Suporte", 3, true
	old.Conversation.Clock = conversation.Clock{Queued: h.clock.now(), Waits: h.clock.now()}
	h.seed(key, old, time.Time{})
}

func everyNumber(string) settings.Number { return plain(settings.Default()) }

// crowd has some threads in all sorts of states, and returns their keys.
func (h *house) crowd(e *bridge.Engine) (keys []string) {
	h.Helper()
	for i := range 12 {
		key := conversation.Key("100", fmt.Sprint("c", i))
		keys = append(keys, key)
		said := h.says("wamid."+key, "oi")
		said.Contact.Name, said.Contact.WaID = fmt.Sprint("Cliente ", i), fmt.Sprint("55119876500", i+10)
		h.put(key, said)
		h.step(e, 1)
		h.clock.advance(time.Second)
		c := conversation.Command{ID: "do-" + key, Session: stored[conversation.Thread](h, key).Conversation.Session, Agent: conversation.Agent{ID: 9, Name: "Ana"}}
		switch i % 4 {
		case 1:
			c.Kind = conversation.CommandTake
		case 2:
			c.Kind, c.Folder = conversation.CommandClose, conversation.FolderPending
		case 3:
			c.Kind = conversation.CommandCancel
		default:
			continue
		}
		h.command(e, key, c)
	}
	return keys
}

// TestRebuildViews wants everything where it belongs again, whatever has become of the views.
func TestRebuildViews(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		e := h.engine()
		keys := h.crowd(e)
		h.schema4("100|old", conversation.StateExpired)
		sum, err := bridge.RebuildViews(h.Context(), h.boxes, everyNumber)
		h.ok(err)
		h.same("only what is of an earlier version was missing", sum, bridge.Rebuilt{Threads: len(keys) + 1, Mended: 1})
		want := h.standing()
		h.same("all are found", len(want["find"]), len(keys)+1)

		for _, i := range must(h.boxes.Inventories(h.Context())) {
			for _, view := range i.Views {
				if i.Partition%2 == 0 {
					h.ok(h.r.Client.Del(h.Context(), fmt.Sprintf("%s{w%d}:ix:%s", h.r.Prefix, i.Partition, view)).Err())
				}
			}
			h.ok(h.r.Client.Del(h.Context(), fmt.Sprintf("%s{w%d}:find", h.r.Prefix, i.Partition)).Err())
		}
		h.ok(h.r.Client.ZAdd(h.Context(), h.redisKey(keys[0], "ix:team:closed:nowhere"), redis.Z{Score: 1, Member: keys[0]}).Err())
		h.ok(h.r.Client.ZAdd(h.Context(), h.redisKey("100|forgotten", "ix:state:queued"), redis.Z{Score: 1, Member: "100|forgotten"}).Err())
		h.ok(h.r.Client.ZAdd(h.Context(), h.redisKey("sys|desk", "ix:strange"), redis.Z{Score: 1, Member: "sys|desk"}).Err())
		h.ok(h.r.Client.SAdd(h.Context(), h.redisKey(keys[1], "find"), "maria\x00"+keys[1]).Err())

		sum, err = bridge.RebuildViews(h.Context(), h.boxes, everyNumber)
		h.ok(err)
		h.same("mended", sum, bridge.Rebuilt{Threads: len(keys) + 2, Mended: len(keys) + 2})
		got := h.standing()
		h.same("not of a thread", got["strange"], map[string]float64{"sys|desk": 1})
		delete(got, "strange")
		for view, members := range got { // since when is forgotten, within a little
			for key, score := range members {
				if before := want[view][key]; sinceWhen(view) {
					if d := before - score; d < -60_000 || d > 60_000 {
						h.Errorf("%s is in %s since %v, not %v", key, view, score, before)
					}
					members[key] = before
				}
			}
		}
		h.same("all views", got, want)
		sum, err = bridge.RebuildViews(h.Context(), h.boxes, everyNumber)
		h.ok(err)
		h.same("nothing is left to do", sum, bridge.Rebuilt{Threads: len(keys) + 1})
		h.idle()
	})
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// TestRebuildViewsBesideWorkers wants every thread where its last commit has put it, though all of them are rebuilt meanwhile.
func TestRebuildViewsBesideWorkers(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		e := h.engine()
		keys := h.crowd(e)
		stop, ended := make(chan struct{}), make(chan error, 1)
		go func() {
			for {
				select {
				case <-stop:
					ended <- nil
					return
				default:
				}
				if _, err := bridge.RebuildViews(h.Context(), h.boxes, everyNumber); err != nil {
					ended <- err
					return
				}
			}
		}()
		for i := range 20 {
			key := keys[i%len(keys)]
			session := stored[conversation.Thread](h, key).Conversation.Session
			kind := []conversation.CommandKind{conversation.CommandAttention, conversation.CommandResolve, conversation.CommandMute}[i%3]
			h.command(e, key, conversation.Command{ID: fmt.Sprint("again-", i), Kind: kind, Session: session, Agent: conversation.Agent{ID: 9}})
			h.command(e, key, conversation.Command{ID: fmt.Sprint("moves-", i), Kind: conversation.CommandTransfer, Session: session, Agent: conversation.Agent{ID: 9}, Group: fmt.Sprint("Fila ", i%5)})
		}
		close(stop)
		h.ok(<-ended)
		for _, key := range keys {
			h.wantPlaced(key)
		}
		sum, err := bridge.RebuildViews(h.Context(), h.boxes, everyNumber)
		h.ok(err)
		h.same("nothing is left to do", sum, bridge.Rebuilt{Threads: len(keys)})
	})
}

// wantPlaced wants a thread in the views for lists where its state belongs, and in no other.
func (h *house) wantPlaced(key string) {
	h.Helper()
	want := stored[conversation.Thread](h, key).Listed()
	for view, members := range h.standing() {
		if !slices.ContainsFunc([]string{conversation.ViewTeam, conversation.ViewOwner, conversation.ViewAttention}, func(p string) bool { return strings.HasPrefix(view, p) }) {
			continue
		}
		score, in := members[key]
		wanted, ok := want[view]
		if in != ok || score != wanted {
			h.Errorf("%s in %s: %v %v, want %v %v", key, view, in, score, ok, wanted)
		}
	}
}

// sinceWhen tells whether the scores of a view are since when a thread stands there.
func sinceWhen(view string) bool {
	return slices.ContainsFunc([]string{conversation.ViewState, conversation.ViewActive, conversation.ViewPending}, func(p string) bool {
		return strings.HasPrefix(view, p)
	})
}

// TestRebuildViewsPassesOver wants a thread that can't be read to be told and left as it is, and the others to be placed.
func TestRebuildViewsPassesOver(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.seedFields("100|broken", map[string][]byte{"s": []byte("{broken")}, time.Time{})
		h.ok(h.r.Client.ZAdd(h.Context(), h.redisKey("100|broken", "ix:state:queued"), redis.Z{Score: 1, Member: "100|broken"}).Err())
		h.schema4(thread, conversation.StateQueued)
		sum, err := bridge.RebuildViews(h.Context(), h.boxes, everyNumber)
		h.ok(err)
		h.same("told", sum, bridge.Rebuilt{Threads: 2, Mended: 1, Unread: 1})
		h.same("left", h.members("state:queued")["100|broken"], 1.0)
		h.same("placed", len(h.members("team:queued:suporte")), 1)
	})
}
