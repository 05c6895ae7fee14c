package conversation_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// schemaOne is what a binary of schema 1 had stored, work under way included.
type schemaOne struct {
	states, entries, statuses []string
	events                    []string
	byName                    map[string]string // thread states by the contact's name
}

// readSchemaOne reads the same snapshot that the whole product is let loose on elsewhere.
func readSchemaOne(t *testing.T) schemaOne {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "internal", "app", "testdata", "state_v1.json"))
	if err != nil {
		t.Fatal(err)
	}
	var stored struct {
		Redis []struct {
			Key   string   `json:"key"`
			Value []string `json:"value"`
		} `json:"redis"`
	}
	if err := json.Unmarshal(raw, &stored); err != nil {
		t.Fatal(err)
	}
	s := schemaOne{byName: map[string]string{}}
	for _, k := range stored.Redis {
		switch {
		case strings.Contains(k.Key, "}:c:"):
			at := slices.Index(k.Value, conversation.StateField)
			s.states = append(s.states, k.Value[at+1])
			var thread conversation.Thread
			if json.Unmarshal([]byte(k.Value[at+1]), &thread) == nil && thread.Contact.Name != "" {
				s.byName[thread.Contact.Name] = k.Value[at+1]
			}
		case strings.Contains(k.Key, "}:in:"):
			for _, element := range k.Value {
				_, data, _ := strings.Cut(element, "\n")
				s.events = append(s.events, data)
			}
		case strings.HasSuffix(k.Key, "}:deadmsg"):
			s.events = append(s.events, deadEvent(t, k.Value[1]))
		case strings.Contains(k.Key, "}:tx:"):
			s.entries = append(s.entries, k.Value...)
		case strings.Contains(k.Key, ":parked:"):
			s.statuses = append(s.statuses, k.Value...)
		}
	}
	return s
}

func deadEvent(t *testing.T, letter string) string {
	t.Helper()
	var d struct {
		Event string `json:"event"`
	}
	if err := json.Unmarshal([]byte(letter), &d); err != nil {
		t.Fatal(err)
	}
	event, err := base64.StdEncoding.DecodeString(d.Event)
	if err != nil {
		t.Fatal(err)
	}
	return string(event)
}

// kept decodes what was stored, refusing fields that it does not know, and wants everything of it in what it is stored as now.
func kept[T any](t *testing.T, stored string) T {
	t.Helper()
	var v T
	d := json.NewDecoder(strings.NewReader(stored))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v in %s", err, stored)
	}
	now, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fields(t, stored), fields(t, string(now))); diff != "" {
		t.Errorf("changed in %s (-stored +now):\n%s", stored, diff)
	}
	return v
}

// fields is a JSON value without what is empty.
func fields(t *testing.T, text string) any {
	t.Helper()
	var v any
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return full(v)
}

func full(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, value := range v {
			if value = full(value); value == nil {
				delete(v, name)
			}
		}
		if len(v) == 0 {
			return nil
		}
	case []any:
		for i := range v {
			v[i] = full(v[i])
		}
		if len(v) == 0 {
			return nil
		}
	}
	return v
}

// TestStoredBySchemaOne wants every state, event, effect, transcript line and parked status of schema 1 read without any loss.
func TestStoredBySchemaOne(t *testing.T) {
	t.Parallel()
	s := readSchemaOne(t)
	effects, events := map[conversation.EffectKind]int{}, map[conversation.EventKind]int{}
	notices, cursors := 0, 0
	for _, state := range s.states {
		switch {
		case strings.HasPrefix(state, `{"n":[`):
			notices += len(kept[conversation.Account](t, state).Notices)
		case strings.HasPrefix(state, `{"n":`):
			for _, lane := range [][]conversation.Pending{kept[conversation.Thread](t, state).Outbox.Ticket, kept[conversation.Thread](t, state).Outbox.Phone} {
				for _, p := range lane {
					effects[p.Effect.Kind]++
				}
			}
		default:
			if kept[conversation.Job](t, state).Sweep.Cursor != "" {
				cursors++
			}
		}
	}
	for _, event := range s.events {
		kept[conversation.Event](t, event)
		e, err := conversation.DecodeEvent([]byte(event))
		if err != nil || !e.Kind.Known() {
			t.Errorf("%s is not understood: %v", event, err)
		}
		events[e.Kind]++
	}
	for _, entry := range s.entries {
		kept[conversation.Entry](t, entry)
	}
	for _, status := range s.statuses {
		kept[conversation.Status](t, status)
	}
	wantEffects := []conversation.EffectKind{
		conversation.EffectComment, conversation.EffectCreate, conversation.EffectPull, conversation.EffectSend, conversation.EffectUser,
	}
	wantEvents := []conversation.EventKind{
		conversation.EventHint, conversation.EventMessage, conversation.EventNotice, conversation.EventRetry, conversation.EventStatus,
	}
	if got := slices.Sorted(maps.Keys(effects)); !slices.Equal(got, wantEffects) {
		t.Errorf("effects under way: %v", effects)
	}
	if got := slices.Sorted(maps.Keys(events)); !slices.Equal(got, wantEvents) {
		t.Errorf("events not taken in: %v", events)
	}
	if notices == 0 || cursors == 0 || len(s.entries) == 0 || len(s.statuses) == 0 {
		t.Errorf("%d notices, %d cursors, %d transcript lines, %d parked statuses", notices, cursors, len(s.entries), len(s.statuses))
	}
}

// TestMeaningOfSchemaOne wants what was stored to mean what it meant.
func TestMeaningOfSchemaOne(t *testing.T) {
	t.Parallel()
	const number = "106540352242922"
	day := func(h, m, s, ms int) time.Time { return time.Date(2026, 11, 23, h, m, s, ms*1e6, time.UTC) }
	stored := readSchemaOne(t).byName
	for name, want := range map[string]struct {
		of   string
		read func(conversation.Thread) any
		want any
	}{
		"an ended conversation and its ticket": {
			"Mariana Albuquerque",
			func(th conversation.Thread) any {
				c := th.Conversation
				return []any{th.Number, th.Contact.ID, th.Contact.WaID, th.Count, th.Open(), c.Session, c.State, c.Ticket.ID, c.Ticket.Status, c.Attended}
			},
			[]any{number, "id1", "5511987650142", 1, false, "wa-106540352242922-id1-1", conversation.StateClosed, int64(5163), "solved", true},
		},
		"a followed message": {
			"Mariana Albuquerque",
			func(th conversation.Thread) any {
				d := th.Deliveries[0]
				return []any{d.State, d.Entry(), d.Comment != 0, d.MessageID != "", d.At}
			},
			[]any{conversation.DeliveryRead, "4", true, true, day(9, 1, 54, 0)},
		},
		"a comment that grows": {
			"Renato Pinheiro",
			func(th conversation.Thread) any {
				p := th.Outbox.Ticket[0]
				return []any{p.Effect.Comment.Body(), p.Effect.Comment.Customers(), p.Effect.Comment.Public, p.Frozen, p.Unsure, p.NotBefore.After(day(9, 12, 0, 0))}
			},
			[]any{"mais uma growing-m2", true, true, false, false, true},
		},
		"a comment that may be there": {
			"Amélia Drummond",
			func(th conversation.Thread) any {
				p := th.Outbox.Ticket[0]
				return []any{p.Effect.Kind, p.Unsure, p.Frozen, p.Attempts, p.SentAt, th.Outbox.Ticket[1].Effect.Hint.Ticket}
			},
			[]any{conversation.EffectComment, true, true, 1, day(9, 11, 52, 100), int64(5172)},
		},
		"replies in order": {
			"Sebastião Farias",
			func(th conversation.Thread) any {
				first, second := th.Outbox.Phone[0].Effect.Send, th.Outbox.Phone[1].Effect.Send
				return []any{first.Text, second.Text, first.Free(), th.Outbox.Ready(day(9, 20, 0, 0))[0].Effect.ID, th.Delivery("7", "").State}
			},
			[]any{"um instante queued-r1", "já volto queued-r2", true, "6", conversation.DeliveryQueued},
		},
		"a user before its ticket": {
			"Tereza Valadares",
			func(th conversation.Thread) any {
				return []any{
					th.Outbox.Ticket[0].Effect.Kind, th.Outbox.Ticket[1].Effect.Kind, th.Outbox.Ticket[1].Effect.Comment.Body(), th.Contact.Zendesk,
					len(th.Outbox.Ready(day(9, 11, 59, 0))), th.Registered,
				}
			},
			[]any{conversation.EffectUser, conversation.EffectCreate, "oi user-m1", int64(0), 0, false},
		},
		"an open window": {
			"Duda Nogueira",
			func(th conversation.Thread) any {
				return []any{th.Contact.Username, th.Contact.WaID, th.WindowOpen(day(9, 12, 0, 0), time.Minute), th.Sessions()}
			},
			[]any{"duda.nogueira", "", true, []string{"wa-106540352242922-id27-1"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(want.want, want.read(kept[conversation.Thread](t, stored[want.of]))); diff != "" {
				t.Errorf("read otherwise (-want +got):\n%s", diff)
			}
		})
	}
}
