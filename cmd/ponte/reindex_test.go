package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/internal/app"
	"github.com/ponte-desk/ponte/internal/testredis"
)

// storeThreads writes conversations as an earlier version left them: in no views for lists, and found by nothing.
func storeThreads(t *testing.T, r *testredis.Redis, n int) *mailbox.Store {
	t.Helper()
	boxes, closeIt, err := app.OpenMailboxes(t.Context(), app.Config{RedisURL: r.URL, RedisPrefix: r.Prefix})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeIt() })
	for i := range n {
		thread := conversation.NewThread("100", fmt.Sprint("c", i))
		thread.Contact.Name, thread.Count = fmt.Sprint("Cliente ", i), 1
		thread.Conversation = &conversation.Conversation{
			Session: conversation.SessionID("100", thread.Contact.ID, 1), State: conversation.StateQueued, Started: time.Unix(1_700_000_000, 0), Lines: 1,
			Procedure: conversation.Procedure{Queue: "Suporte N1"},
		}
		raw, err := conversation.EncodeState(thread)
		if err != nil {
			t.Fatal(err)
		}
		fields := fmt.Sprintf("%s{w%d}:c:%s", r.Prefix, boxes.Partition(thread.Key()), thread.Key())
		if err := r.Client.HSet(t.Context(), fields, conversation.StateField, raw, "_v", "1", "_schema", "4").Err(); err != nil {
			t.Fatal(err)
		}
	}
	return boxes
}

func TestReindex(t *testing.T) {
	r := onRedis(t, nil)
	boxes := storeThreads(t, r, 5)
	for i, want := range []string{"5 threads looked at, 5 mended\n", "5 threads looked at, 0 mended\n"} {
		same(t, fmt.Sprint("run ", i), ponte(t, "reindex"), outcome{out: want})
	}
	for view, want := range map[string]int{"team:queued:suporte n1": 5, "state:queued": 5, "queue:Suporte N1": 5} {
		members, err := boxes.IndexMembers(t.Context(), view)
		if err != nil || len(members) != want {
			t.Errorf("in %s: %v %v", view, members, err)
		}
	}
	wanted := conversation.ParseWanted("cliente 3")
	keys, _, err := boxes.Find(t.Context(), wanted.Part(), wanted.In, 10)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "found", keys, []string{"100|c3"})
	if n := r.Client.Exists(t.Context(), r.Prefix+"cfg:lists").Val(); n != 1 {
		t.Error("it is not noted that the views are whole")
	}
}

func TestReindexUsage(t *testing.T) {
	onRedis(t, nil)
	if got := ponte(t, "reindex", "now"); got.code != 2 || got.out != "" {
		t.Errorf("exit %d, %s%s", got.code, got.out, got.err)
	}
}

func TestReindexWithoutRedis(t *testing.T) {
	environment(t, map[string]string{"REDIS_URL": "redis://:s3cret@127.0.0.1:1/0"})
	if got := ponte(t, "reindex"); got.code != 1 || got.err == "" || got.out != "" {
		t.Errorf("exit %d, %s%s", got.code, got.out, got.err)
	}
}
