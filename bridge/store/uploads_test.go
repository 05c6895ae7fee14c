package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/testredis"
)

// TestUploads wants an upload found as it was kept, until its time is over.
func TestUploads(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		uploads := store.NewUploads(r.Client, r.Prefix)
		want := store.Upload{Session: "wa-1-2-3", Agent: 7, File: conversation.Attached{
			File: conversation.File{ID: "up-1", Kind: "document", Name: "a.pdf", MIME: "application/pdf", Size: 9, URL: "https://desk/f"}, Token: "tok", At: time.Unix(9, 0).UTC(),
		}}
		if err := uploads.Keep(t.Context(), "up-1", want, time.Minute); err != nil {
			t.Fatal(err)
		}
		got, ok, err := uploads.Find(t.Context(), "up-1")
		if diff := cmp.Diff(want, got); diff != "" || !ok || err != nil {
			t.Errorf("found %v, %v (-want +got):\n%s", ok, err, diff)
		}
		if ttl := r.Client.PTTL(t.Context(), r.Prefix+"upload:up-1").Val(); ttl <= 0 || ttl > time.Minute {
			t.Errorf("it is kept for %v", ttl)
		}
		if _, ok, err := uploads.Find(t.Context(), "up-2"); ok || err != nil {
			t.Errorf("another is found: %v, %v", ok, err)
		}
		if err := r.Client.Set(t.Context(), r.Prefix+"upload:up-3", "{", 0).Err(); err != nil {
			t.Fatal(err)
		}
		if _, ok, err := uploads.Find(t.Context(), "up-3"); ok || err == nil {
			t.Errorf("damage is found: %v, %v", ok, err)
		}
	})
}
