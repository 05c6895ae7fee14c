package app_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/internal/app"
	"github.com/ponte-desk/ponte/internal/testredis"
	"github.com/ponte-desk/ponte/sandbox"
)

// snapshot is an installation of an earlier schema at one instant with its instances gone: what Redis held and what the simulated peers had
// stored. Each customer's words end in the name of what was under way for them: its number and whose they are.
type snapshot struct {
	At        time.Time         `json:"at"`
	Customers map[string]string `json:"customers"` // ids at WhatsApp, by name
	Files     map[string][]byte `json:"files"`     // of the peers, by path
	Redis     []storedKey       `json:"redis"`
	WhatsApp  []json.RawMessage `json:"whatsapp"`
	Zendesk   []json.RawMessage `json:"zendesk"`
}

// storedKey is one key: a value, a list, pairs of field and value, or pairs of score and member.
type storedKey struct {
	Key    string   `json:"key"`
	Type   string   `json:"type"`
	TTL    int64    `json:"ttl_ms"`
	Value  []string `json:"value"`
	Base64 bool     `json:"base64"` // the values are, or the members
}

// snapshotPrefix began the keys.
const snapshotPrefix = "sim:"

func readSnapshot(t *testing.T, file string) snapshot {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	var s snapshot
	if err := json.Unmarshal(raw, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// restore writes the keys. By a clock that is not ours, as real servers have it, the dead instances' leases have run out.
func (s snapshot) restore(t *testing.T, r *testredis.Redis) {
	t.Helper()
	pipe := r.Client.Pipeline()
	for _, k := range s.Redis {
		name := r.Prefix + strings.TrimPrefix(k.Key, snapshotPrefix)
		pairs := make([]any, len(k.Value))
		for i, v := range k.Value {
			if pairs[i] = v; k.Base64 && k.Type == "hash" && i%2 == 1 {
				pairs[i] = decoded(t, v)
			}
		}
		switch k.Type {
		case "string":
			pipe.Set(t.Context(), name, k.Value[0], 0)
		case "list":
			pipe.RPush(t.Context(), name, pairs...)
		case "set":
			pipe.SAdd(t.Context(), name, pairs...)
		case "hash":
			pipe.HSet(t.Context(), name, pairs...)
		case "zset":
			pipe.ZAdd(t.Context(), name, k.members(t, r.Mini == nil && strings.HasSuffix(name, ":run"))...)
		default:
			t.Fatalf("%s is a %s", k.Key, k.Type)
		}
		if k.TTL > 0 {
			pipe.PExpire(t.Context(), name, time.Duration(k.TTL)*time.Millisecond)
		}
	}
	if _, err := pipe.Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (k storedKey) members(t *testing.T, over bool) []redis.Z {
	t.Helper()
	var list []redis.Z
	for pair := range slices.Chunk(k.Value, 2) {
		score, err := strconv.ParseFloat(pair[0], 64)
		if err != nil {
			t.Fatal(err)
		}
		if over {
			score = 0
		}
		member := pair[1]
		if k.Base64 {
			member = decoded(t, member)
		}
		list = append(list, redis.Z{Score: score, Member: member})
	}
	return list
}

func decoded(t *testing.T, text string) string {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// heir is a world that goes on where the snapshot stands.
type heir struct {
	*world
	snapshot
}

// inherit starts the present binary over the snapshot, beside peers that have what they had then.
func inherit(t *testing.T, r *testredis.Redis, file string, number func() settings.Number) heir {
	t.Helper()
	s := readSnapshot(t, file)
	if r.Mini != nil {
		r.Mini.SetTime(s.At)
	}
	s.restore(t, r)
	dir := t.TempDir()
	for name, lines := range map[string][]json.RawMessage{"whatsapp": s.WhatsApp, "zendesk": s.Zendesk} {
		var file []byte
		for _, line := range lines {
			file = append(append(file, line...), '\n')
		}
		if err := os.WriteFile(filepath.Join(dir, name+".jsonl"), file, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for path, content := range s.Files {
		path = filepath.Join(dir, path)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, content, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	w := &world{t: t, r: r, p: &points{raw: r.Client, number: number}, now: s.At}
	w.ids.Store(1_000_000) // those of then are taken
	var err error
	w.peers, err = sandbox.New(sandbox.Config{
		Now: w.clock, BaseURL: base, Transport: w, Rand: func() float64 { return 0.5 }, Dir: dir,
		WhatsApp: sandbox.WhatsAppConfig{
			AppSecret: app.DemoAppSecret, VerifyToken: app.DemoVerifyToken, AccessToken: app.DemoAccessToken,
			CallbackURL: base + "/webhooks/whatsapp", NumberID: app.DemoNumber,
		},
		Zendesk: sandbox.ZendeskConfig{
			ClientID: app.DemoClientID, ClientSecret: app.DemoClientSecret, WebhookSecret: app.DemoWebhookSecret,
			WebhookURL: base + "/webhooks/zendesk",
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, c := range w.clients {
			_ = c.Close()
		}
		_ = w.peers.Close()
	})
	w.cfg = app.DemoDefaults(app.Config{
		PublicURL: base, RedisURL: r.URL, RedisPrefix: r.Prefix, WhatsAppAPIURL: base + "/sandbox/whatsapp", WhatsAppAPIVersion: "v26.0", Sessions: 1,
	})
	w.p.onStall, w.p.onLate, w.p.looked = w.takeOver, w.hold, w.land
	w.start()
	return heir{w, s}
}

// pass lets d pass in small steps, which needs nothing of the store's clock.
func (h heir) pass(d time.Duration) {
	h.t.Helper()
	const step = 250 * time.Millisecond
	for ; d > 0; d -= step {
		for rounds := 0; h.round(); rounds++ {
			if rounds > 1000 {
				h.t.Fatal("the world does not come to rest")
			}
		}
		h.mu.Lock()
		h.now = h.now.Add(step)
		h.mu.Unlock()
		if h.r.Mini != nil {
			h.r.Mini.SetTime(h.clock())
		}
	}
}

// says has a customer of the snapshot write.
func (h heir) says(name, text string) {
	h.t.Helper()
	if _, err := h.peers.WhatsApp().ReceiveFrom(h.Customers[name], text); err != nil {
		h.t.Fatal(err)
	}
}
