package whatsapp_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ponte-desk/ponte/whatsapp"
)

// samples returns the webhooks of the public corpus by file name; none where it is not there.
func samples(tb testing.TB) map[string][]byte {
	tb.Helper()
	root := shared(tb, "corpus", "whatsapp")
	if root == "" {
		return nil
	}
	found := map[string][]byte{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".json" || strings.Contains(path, "-requests") {
			return err
		}
		body, err := os.ReadFile(path)
		found[filepath.Base(filepath.Dir(path))+"/"+entry.Name()] = body
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	if len(found) == 0 {
		tb.Fatal("the corpus is there and holds no webhook")
	}
	return found
}

// plainHook counts with encoding/json what Parse has to find.
type plainHook struct {
	Entry []struct {
		Changes []struct {
			Field string
			Value struct {
				Messages []json.RawMessage
				Statuses []json.RawMessage
				Echoes   []json.RawMessage `json:"message_echoes"`
				Calls    []json.RawMessage
			}
		}
	}
}

func TestParseCorpus(t *testing.T) {
	t.Parallel()
	files := samples(t)
	kinds := map[whatsapp.Kind]int{}
	types := map[string]int{}
	for name, body := range files {
		updates, err := whatsapp.Parse(body)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		want := map[whatsapp.Kind]int{}
		var plain plainHook
		if err := json.Unmarshal(body, &plain); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, entry := range plain.Entry {
			for _, change := range entry.Changes {
				switch {
				case change.Field == whatsapp.FieldCalls && len(change.Value.Calls) > 0:
					want[whatsapp.KindCall] += len(change.Value.Calls)
					continue
				case change.Field != whatsapp.FieldMessages && change.Field != whatsapp.FieldEchoes:
					want[whatsapp.KindAccount]++
					continue
				}
				want[whatsapp.KindMessage] += len(change.Value.Messages)
				want[whatsapp.KindStatus] += len(change.Value.Statuses)
				want[whatsapp.KindEcho] += len(change.Value.Echoes)
			}
		}
		// The one sample whose coordinates are words.
		if name == "netflie-whatsapp-cloud-api/location_notification.json" {
			want = map[whatsapp.Kind]int{whatsapp.KindUnknown: 1}
		}
		got := map[whatsapp.Kind]int{}
		for _, u := range updates {
			got[u.Kind]++
			kinds[u.Kind]++
			if u.Message != nil {
				types[u.Message.Type]++
			}
			if !json.Valid(u.Raw) {
				t.Errorf("%s: raw %q", name, u.Raw)
			}
			if bare := u.Kind == whatsapp.KindMessage && u.NumberID == ""; bare {
				t.Errorf("%s: a message of no number", name)
			}
		}
		for _, kind := range []whatsapp.Kind{
			whatsapp.KindMessage, whatsapp.KindStatus, whatsapp.KindEcho, whatsapp.KindCall, whatsapp.KindAccount,
			whatsapp.KindUnknown,
		} {
			if got[kind] != want[kind] {
				t.Errorf("%s: %d updates are %s, want %d", name, got[kind], kind, want[kind])
			}
		}
	}
	if files != nil && (kinds[whatsapp.KindNumberError] == 0 || kinds[whatsapp.KindCall] == 0 || len(types) < 15) {
		t.Errorf("the corpus shrank: %v, %v", kinds, types)
	}
}

// Every beginning of a real webhook is refused, never half read.
func TestParseCorpusCutShort(t *testing.T) {
	t.Parallel()
	for name, body := range samples(t) {
		text := strings.TrimSpace(string(body))
		for n := range len(text) {
			if _, err := whatsapp.Parse([]byte(text[:n])); err == nil {
				t.Fatalf("%s: %d of %d bytes pass", name, n, len(text))
			}
		}
	}
}
