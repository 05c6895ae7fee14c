package inbound_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ponte-desk/ponte/bridge/inbound"
	"github.com/ponte-desk/ponte/whatsapp"
)

// corpus reads the webhooks of the public corpus; none where it is not there.
func corpus(t *testing.T) map[string][]byte {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	root := ""
	for ; root == "" && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if path := filepath.Join(dir, "shared", "corpus", "whatsapp"); isDir(path) {
			root = path
		}
	}
	if root == "" {
		t.Log("the corpus is not here")
		return nil
	}
	found := map[string][]byte{}
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".json" || strings.Contains(path, "-requests") {
			return err
		}
		found[filepath.Base(filepath.Dir(path))+"/"+entry.Name()], err = os.ReadFile(path)
		return err
	})
	if err != nil || len(found) == 0 {
		t.Fatalf("the corpus is there and holds no webhook: %v", err)
	}
	return found
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// Every recorded webhook is accepted, and each of its updates ends in a mailbox or among the parked statuses.
func TestCorpusEndsSomewhere(t *testing.T) {
	t.Parallel()
	for name, body := range corpus(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			h.ok(h.post(string(body)))
			updates, err := whatsapp.Parse(body)
			h.ok(err)
			ends := 0
			for _, list := range h.lot.parked {
				ends += len(list)
			}
			for _, events := range h.stored() {
				for _, e := range events {
					if e.Status == nil || e.Status.Effect != "" { // the others are parked as well
						ends++
					}
					switch {
					case e.Message != nil && strings.TrimSpace(e.Message.Text) == "", e.Notice != nil && strings.TrimSpace(e.Notice.Text) == "":
						t.Errorf("%s says nothing", e.ID)
					case e.Message == nil && e.Notice == nil && e.Status == nil:
						t.Errorf("a %s event is empty", e.Kind)
					}
				}
			}
			// Some samples repeat a message within one webhook; it is one all the same.
			different := map[string]bool{}
			for _, u := range updates {
				if inbound.RouteOf(u).To == inbound.Nowhere {
					t.Errorf("an update of %s goes nowhere", u.Field)
				}
				if u.Message != nil {
					different[u.Message.ID] = true
				} else {
					different[string(u.Kind)+string(u.Raw)] = true
				}
			}
			if ends != len(different) {
				t.Errorf("%d of %d updates ended somewhere", ends, len(different))
			}
		})
	}
}

// The whole corpus at once, twice over, leaves the same messages behind as once.
func TestCorpusAgain(t *testing.T) {
	t.Parallel()
	h, files := setup(t), corpus(t)
	for range 2 {
		for name, body := range files {
			if err := h.post(string(body)); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	}
	ids := map[string]bool{}
	for key, events := range h.stored() {
		for _, e := range events {
			if e.ID != "" && ids[key+e.ID] {
				t.Errorf("%s: %s twice", key, e.ID)
			}
			ids[key+e.ID] = true
		}
	}
	if files != nil && len(ids) < 100 {
		t.Errorf("only %d different events", len(ids))
	}
}
