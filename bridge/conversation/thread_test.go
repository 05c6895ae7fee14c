package conversation_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

func at(seconds int) time.Time {
	return time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC).Add(time.Duration(seconds) * time.Second)
}

func TestKeys(t *testing.T) {
	t.Parallel()
	tests := []struct {
		key             string
		number, contact string
		ok              bool
	}{
		{"100|c1", "100", "c1", true},
		{"100|", "", "", false},
		{"|c1", "", "", false},
		{"100", "", "", false},
		{"", "", "", false},
		{"100|c1|x", "", "", false},
	}
	for _, tt := range tests {
		number, contact, ok := conversation.ParseKey(tt.key)
		if ok != tt.ok || ok && (number != tt.number || contact != tt.contact) {
			t.Errorf("ParseKey(%q) = %q, %q, %v", tt.key, number, contact, ok)
		}
	}
	if got := conversation.NewThread("100", "c1").Key(); got != "100|c1" {
		t.Errorf("key of a new thread = %q", got)
	}
}

func TestThreadOfSession(t *testing.T) {
	t.Parallel()
	tests := []struct {
		session, key string
	}{
		{"wa-100-c1-1", "100|c1"},
		{"wa-100-c1-12", "100|c1"},
		{"wa-100-c1-0", ""},
		{"wa-100-c1--1", ""},
		{"wa-100-c1-+1", ""},
		{"wa-100-c1-01", ""},
		{"wa-100-c1-x", ""},
		{"wa-100-c1-", ""},
		{"wa-100-c1", ""},
		{"wa-100--1", ""},
		{"wa--c1-1", ""},
		{"zd-100-c1-1", ""},
		{"wa-100-c1-1-1", ""},
		{"wa-1|0-c1-1", ""},
		{"wa-100-c|1-1", ""},
		{"wa-account-100-1", ""},
		{"wa-ticket-5-1", ""},
		{"wa-media-5-1", ""},
		{"wa-sys-reconcile-1", ""},
		{"", ""},
		{"ORDER-2026-1-1", ""},
	}
	for _, tt := range tests {
		key, ok := conversation.ThreadOfSession(tt.session)
		if key != tt.key || ok != (tt.key != "") {
			t.Errorf("ThreadOfSession(%q) = %q, %v, want %q", tt.session, key, ok, tt.key)
		}
	}
}

func TestParseCallbackData(t *testing.T) {
	t.Parallel()
	for _, data := range []string{"", "100|c1", "100|c1#", "#7", "100#7", "100|#7", "|c1#7", "100|c1|x#7", "somebody else's words"} {
		if key, effect, ok := conversation.ParseCallbackData(data); ok {
			t.Errorf("ParseCallbackData(%q) = %q, %q, true", data, key, effect)
		}
	}
}

func TestNamesRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.StringMatching(`[0-9]{1,20}`).Draw(t, "number")
		contact := rapid.StringMatching(`[0-9A-Z]{26}|[a-z0-9]{1,8}`).Draw(t, "contact")
		key := conversation.Key(number, contact)
		if n, c, ok := conversation.ParseKey(key); !ok || n != number || c != contact {
			t.Fatalf("ParseKey(%q) = %q, %q, %v", key, n, c, ok)
		}
		session := conversation.SessionID(number, contact, rapid.IntRange(1, 1_000_000).Draw(t, "n"))
		if got, ok := conversation.ThreadOfSession(session); !ok || got != key {
			t.Fatalf("ThreadOfSession(%q) = %q, %v, want %q", session, got, ok, key)
		}
		thread := conversation.NewThread(number, contact)
		for range rapid.IntRange(1, 5).Draw(t, "effects") {
			effect := thread.EffectID()
			data := conversation.CallbackData(key, effect)
			if k, e, ok := conversation.ParseCallbackData(data); !ok || k != key || e != effect {
				t.Fatalf("ParseCallbackData(%q) = %q, %q, %v", data, k, e, ok)
			}
		}
	})
}

func TestEffectIDs(t *testing.T) {
	t.Parallel()
	thread := conversation.NewThread("100", "c1")
	var ids []string
	for range 3 {
		ids = append(ids, thread.EffectID())
	}
	if diff := cmp.Diff([]string{"1", "2", "3"}, ids); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	if conversation.NewThread("100", "c1").Open() {
		t.Error("a thread nobody has written in is open")
	}
	tests := map[conversation.State]bool{
		conversation.StateNone: false, conversation.StateQueued: true, conversation.StateActive: true,
		conversation.StatePending: true, conversation.StateClosed: false, conversation.StateBot: true,
		conversation.StateStopped: true, conversation.StateExpired: false, conversation.StateCancelled: false,
		conversation.State("of a newer version"): true,
	}
	for state, want := range tests {
		thread := conversation.Thread{Conversation: &conversation.Conversation{State: state}}
		if got := thread.Open(); got != want {
			t.Errorf("state %q: Open() = %v, want %v", state, got, want)
		}
	}
}

// fullThread has something in every field that can be shared by mistake.
func fullThread() conversation.Thread {
	pending := func(e conversation.Effect) conversation.Pending {
		return conversation.Pending{Effect: e, NotBefore: at(9), Attempts: 2, Frozen: true, Unsure: true, SentAt: at(8), Repeated: true}
	}
	return conversation.Thread{
		Number:  "100",
		Contact: conversation.Contact{ID: "c1", Name: "Ana", Username: "ana", WaID: "5511987654321", UserID: "BR.1", Zendesk: 7},
		Conversation: &conversation.Conversation{
			Session: "wa-100-c1-1", State: conversation.StateActive, Started: at(0), First: "wamid.1", Hinted: true, Attended: true, Owner: 3,
			Ticket: conversation.Ticket{ID: 11, Status: "open", Cursor: 5, Own: []int64{6, 7}, Seen: at(3), FollowUp: 2},
		},
		Count: 1, NextEffect: 6, LastInbound: at(1),
		Deliveries: []conversation.Delivery{{Effect: "4", MessageID: "wamid.o", Comment: 6, State: sent, Repeated: true, At: at(2)}},
		Outbox: conversation.Outbox{
			Ticket: []conversation.Pending{
				pending(conversation.Effect{ID: "1", Kind: conversation.EffectComment, Comment: &conversation.Comment{
					Author: conversation.AuthorCustomer, Public: true, Lines: []conversation.Line{{MessageID: "wamid.1", Text: "oi"}}, First: at(0), Last: at(1),
				}}),
				pending(conversation.Effect{ID: "2", Kind: conversation.EffectPull, Hint: &conversation.Hint{Ticket: 11, Status: "open", UpdatedAt: at(2), Sweep: true}}),
			},
			Phone: []conversation.Pending{
				pending(conversation.Effect{ID: "4", Kind: conversation.EffectSend, Send: &conversation.Send{Text: "olá", Comment: 6, Automatic: true}}),
			},
			Background: []conversation.Pending{
				pending(conversation.Effect{ID: "5", Kind: conversation.EffectReconcile, Sweep: &conversation.Sweep{Cursor: "x", Since: at(0), More: true}}),
			},
		},
	}
}

func TestCloneIsIndependent(t *testing.T) {
	t.Parallel()
	changes := map[string]func(*conversation.Thread){
		"contact":       func(c *conversation.Thread) { c.Contact.Name = "Bia" },
		"conversation":  func(c *conversation.Thread) { c.Conversation.State = conversation.StateClosed },
		"ticket":        func(c *conversation.Thread) { c.Conversation.Ticket.Status = "solved" },
		"own comments":  func(c *conversation.Thread) { c.Conversation.Ticket.Own[0] = 99 },
		"deliveries":    func(c *conversation.Thread) { c.Deliveries[0].State = read },
		"follow":        func(c *conversation.Thread) { c.Follow(conversation.Delivery{Effect: "9"}) },
		"comment":       func(c *conversation.Thread) { c.Outbox.Ticket[0].Effect.Comment.Public = false },
		"comment lines": func(c *conversation.Thread) { c.Outbox.Ticket[0].Effect.Comment.Lines[0].Text = "tchau" },
		"hint":          func(c *conversation.Thread) { c.Outbox.Ticket[1].Effect.Hint.Ticket = 99 },
		"send":          func(c *conversation.Thread) { c.Outbox.Phone[0].Effect.Send.Text = "tchau" },
		"sweep":         func(c *conversation.Thread) { c.Outbox.Background[0].Effect.Sweep.Cursor = "y" },
		"take":          func(c *conversation.Thread) { c.Outbox.Take("1") },
		"settle": func(c *conversation.Thread) {
			c.Outbox.Settle(conversation.Result{Effect: "4", Outcome: conversation.Later, NotBefore: at(99)})
		},
		"add": func(c *conversation.Thread) {
			c.Outbox.Add(conversation.Effect{ID: "9", Kind: conversation.EffectPull, Hint: &conversation.Hint{Ticket: 11, Status: "solved"}}, conversation.Coalescing{}, time.Time{})
		},
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			original := fullThread()
			clone := original.Clone()
			if diff := cmp.Diff(original, clone); diff != "" {
				t.Fatalf("clone differs (-original +clone):\n%s", diff)
			}
			change(&clone)
			if cmp.Equal(original, clone) {
				t.Error("the change did not show in the clone")
			}
			if diff := cmp.Diff(fullThread(), original); diff != "" {
				t.Errorf("the change shows in the original (-before +after):\n%s", diff)
			}
		})
	}
}

func TestCloneOfNothing(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(conversation.Thread{}, conversation.Thread{}.Clone()); diff != "" {
		t.Errorf("clone (-want +got):\n%s", diff)
	}
}

func TestJob(t *testing.T) {
	t.Parallel()
	var original conversation.Job
	original.Enqueue(conversation.Effect{Kind: conversation.EffectLookup, Hint: &conversation.Hint{Ticket: 5}}, time.Time{})
	clone := original.Clone()
	clone.Enqueue(conversation.Effect{Kind: conversation.EffectLookup, Hint: &conversation.Hint{Ticket: 6}}, time.Time{})
	clone.Outbox.Background[0].Effect.Hint.Ticket = 7
	want := conversation.Job{NextEffect: 1, Outbox: conversation.Outbox{Background: []conversation.Pending{
		{Effect: conversation.Effect{ID: "1", Kind: conversation.EffectLookup, Hint: &conversation.Hint{Ticket: 5}}},
	}}}
	if diff := cmp.Diff(want, original); diff != "" {
		t.Errorf("original (-want +got):\n%s", diff)
	}
	if got := clone.Outbox.Background[1].Effect.ID; got != "2" {
		t.Errorf("second effect has the id %q", got)
	}
}

func TestThreadIsStoredWhole(t *testing.T) {
	t.Parallel()
	raw, err := json.Marshal(fullThread())
	if err != nil {
		t.Fatal(err)
	}
	var got conversation.Thread
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fullThread(), got); diff != "" {
		t.Errorf("read again (-want +got):\n%s", diff)
	}
}

func TestRunningIsNotStored(t *testing.T) {
	t.Parallel()
	raw, err := json.Marshal(conversation.Pending{Effect: conversation.Effect{ID: "1"}, Running: true})
	if err != nil {
		t.Fatal(err)
	}
	var got conversation.Pending
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	if got.Running {
		t.Error("an effect is under way in the hands of a worker that may be gone")
	}
}
