package app_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/effects"
	"github.com/ponte-desk/ponte/bridge/inbound"
	"github.com/ponte-desk/ponte/internal/app"
	"github.com/ponte-desk/ponte/whatsapp"
)

// corpus reads the recorded webhooks that lie beside the checkout, if any.
func corpus(t *testing.T) [][]byte {
	t.Helper()
	dir, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		root := filepath.Join(dir, "shared", "corpus", "whatsapp")
		if _, err := os.Stat(root); err != nil {
			continue
		}
		var files [][]byte
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".json" || strings.Contains(path, "requests") {
				return err
			}
			raw, err := os.ReadFile(path)
			files = append(files, raw)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return files
	}
	return nil
}

// signature is what WhatsApp's header says of a body.
func signature(body []byte) string {
	mac := hmac.New(sha256.New, []byte(app.DemoAppSecret))
	mac.Write(body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

// post sends one webhook, signed, and returns the status.
func (w *world) post(body []byte) int {
	rec := httptest.NewRecorder()
	w.live.Handler().ServeHTTP(rec, signed(body))
	return rec.Code
}

// onTickets is the WhatsApp messages that the tickets carry, by the metadata of their updates.
func (w *world) onTickets() []string {
	var ids []string
	for _, t := range w.tickets() {
		for _, c := range w.peers.Zendesk().Comments(t.ID) {
			var custom map[string]json.RawMessage
			var list []string
			if json.Unmarshal(c.Custom, &custom) == nil && json.Unmarshal(custom[effects.MarkMessages], &list) == nil {
				ids = append(ids, list...)
			}
		}
	}
	slices.Sort(ids)
	return ids
}

// TestReplayOfTheCorpus sends every recorded webhook: all are taken in, every message is on a ticket or exempt by a rule, no
// work fails for good, and the same again changes nothing.
func TestReplayOfTheCorpus(t *testing.T) {
	t.Parallel()
	files := corpus(t)
	if len(files) == 0 {
		t.Log("no corpus beside this checkout")
		return
	}
	w := newWorld(t, &points{})
	defer w.close()
	wanted, exempt := map[string]bool{}, map[string]int{}
	for i, body := range files {
		if code := w.post(body); code != http.StatusOK {
			t.Errorf("webhook %d answered %d", i, code)
		}
		updates, err := whatsapp.Parse(body)
		if err != nil {
			t.Errorf("webhook %d: %v", i, err)
		}
		for _, u := range updates {
			if rule := inbound.RouteOf(u).Rule; rule == inbound.RuleMessage {
				wanted[u.Message.ID] = true
			} else {
				exempt[rule]++
			}
		}
	}
	w.run(20 * time.Minute)
	first := w.onTickets()
	for id := range wanted {
		if !slices.Contains(first, id) {
			t.Errorf("%s is on no ticket", id)
		}
	}
	before := w.peers.Zendesk().Tickets()
	for _, body := range files {
		w.post(body)
	}
	w.run(20 * time.Minute)
	if again := w.onTickets(); !slices.Equal(first, again) {
		t.Errorf("the same replay again changed tickets: %d messages, then %d", len(first), len(again))
	}
	if after := w.peers.Zendesk().Tickets(); len(after) != len(before) {
		t.Errorf("%d tickets, after the same again %d", len(before), len(after))
	}
	st, err := w.live.Mailboxes.Stats(t.Context())
	if err != nil || st.Dead+st.Halted > 0 {
		t.Errorf("%d dead letters, %d halted mailboxes (%v)", st.Dead, st.Halted, err)
	}
	t.Logf("%d webhooks, %d messages on %d tickets, exempt: %v", len(files), len(first), len(w.tickets()), exempt)
}
