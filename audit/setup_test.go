package audit_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/audit"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/internal/testredis"
)

// now is when the tests look: a Wednesday afternoon in São Paulo.
func now() time.Time { return time.Date(2026, 3, 4, 18, 0, 0, 0, time.UTC) }

func ago(d time.Duration) time.Time { return now().Add(-d) }

// house is an installation with conversations.
type house struct {
	testing.TB
	r     *testredis.Redis
	boxes *mailbox.Store
	sets  map[string]settings.Number
}

func setup(tb testing.TB, r *testredis.Redis) *house {
	tb.Helper()
	boxes, err := mailbox.Open(tb.Context(), mailbox.Config{
		Client: r.Client, Prefix: r.Prefix, Schema: conversation.Schema, Now: now, NewID: func() string { return "id" },
	})
	if err != nil {
		tb.Fatal(err)
	}
	return &house{TB: tb, r: r, boxes: boxes, sets: map[string]settings.Number{}}
}

func (h *house) settings(number string) settings.Number {
	if set, ok := h.sets[number]; ok {
		return set
	}
	return settings.Default()
}

func (h *house) config() audit.Config {
	return audit.Config{Mailboxes: h.boxes, Settings: h.settings, Now: now()}
}

// talk is a conversation as a mailbox keeps it.
type talk struct {
	thread  conversation.Thread
	entries []conversation.Entry
	due     time.Time // when the auditor should look
	raw     []byte    // the state, where it is not the thread's
}

// store keeps conversations as commits of their threads leave them.
func (h *house) store(talks ...talk) {
	h.Helper()
	pipe := h.r.Client.Pipeline()
	for _, t := range talks {
		h.write(pipe, t)
	}
	if _, err := pipe.Exec(h.Context()); err != nil {
		h.Fatal(err)
	}
}

func (h *house) write(pipe redis.Pipeliner, t talk) {
	h.Helper()
	ctx, key := h.Context(), t.thread.Key()
	raw := t.raw
	if raw == nil {
		var err error
		if raw, err = conversation.EncodeState(t.thread); err != nil {
			h.Fatal(err)
		}
	}
	pipe.HSet(ctx, h.key(key, "c:"+key), "s", raw)
	pipe.ZAdd(ctx, h.key(key, "ix:"+conversation.ViewAudit), redis.Z{Score: float64(t.due.UnixMilli()), Member: key})
	if c := t.thread.Conversation; c != nil && len(t.entries) > 0 {
		at, ok := conversation.ThreadOfSession(c.Session)
		if !ok {
			h.Fatalf("session %q", c.Session)
		}
		lines := make([]any, len(t.entries))
		for i, e := range t.entries {
			lines[i] = encoded(h, e)
		}
		pipe.RPush(ctx, h.key(at, "tx:"+c.Session), lines...)
	}
}

func encoded(tb testing.TB, v any) []byte {
	tb.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		tb.Fatal(err)
	}
	return raw
}

// key spells a key of a mailbox's partition.
func (h *house) key(mailboxKey, name string) string {
	return fmt.Sprintf("%s{w%d}:%s", h.r.Prefix, h.boxes.Partition(mailboxKey), name)
}

// run is a dry run with all that it told.
func (h *house) run(c audit.Config) ([]audit.Finding, audit.Counts) {
	h.Helper()
	var found []audit.Finding
	counts, err := audit.DryRun(h.Context(), c, func(f audit.Finding) error {
		found = append(found, f)
		return nil
	})
	if err != nil {
		h.Fatal(err)
	}
	return found, counts
}

// chat is an attended conversation that went on from an instant, two lines a minute, the last of them the customer's when owed.
func chat(number string, n int, began time.Time, lines int, owed bool) talk {
	contact := fmt.Sprintf("01JC%08dKXQ2VX7R", n)
	t := conversation.NewThread(number, contact)
	t.Contact.Name, t.Contact.WaID, t.Contact.UserID, t.Contact.Zendesk = "Maria da Silva", fmt.Sprint(5511900000000+n), fmt.Sprint("BR.", n), int64(700_000+n)
	session := conversation.SessionID(number, contact, 1)
	t.Count, t.NextEffect, t.Registered, t.LastInbound, t.Newest = 1, int64(lines), true, began, "wamid.HBgNNTUxMTk4NzY1NDMyMRUCABIYFDNB"
	t.Conversation = &conversation.Conversation{
		Session: session, State: conversation.StateActive, Started: began, First: "wamid.1", Attended: true, Owner: 31, Lines: lines,
		Ticket: conversation.Ticket{
			ID: int64(1000 + n), Status: "open", Cursor: 90_001, Subject: "Rejeição 539 ao emitir NF-e", Group: 70, Assignee: 31, Organization: 40,
			UpdatedAt: began, Seen: began, Tags: []string{"whatsapp", "winthor"}, TagsKnown: true, Session: session,
		},
		Procedure: conversation.Procedure{Queue: "Suporte N1", Derived: began, Number: "260304-017", Subject: "Rejeição ao emitir nota"},
	}
	made := talk{thread: t, due: ago(time.Minute)}
	for i := range lines {
		at := began.Add(time.Duration(i) * 30 * time.Second)
		if customers := (lines-1-i)%2 == 0; customers == owed {
			made.entries = append(made.entries, conversation.Entry{
				At: at, Author: conversation.AuthorCustomer, Message: fmt.Sprintf("wamid.HBgNNTUxMTk4NzY1NDMyMRUCABIYFDNB%d", i), Type: "text",
				Text: "Aparece a rejeição 539 quando emito a nota fiscal do cliente, pode me ajudar?", Origin: conversation.OriginWhatsApp,
			})
		} else {
			made.entries = append(made.entries, conversation.Entry{
				At: at, Author: conversation.AuthorAgent, Effect: fmt.Sprint(i), Agent: 31, Who: "Ana Souza", Comment: int64(90_000 + i),
				Text: "Bom dia! Verifique por favor o cadastro do produto na rotina 203.", Origin: conversation.OriginTicket,
			})
		}
	}
	return made
}

// dump is all that Redis holds of an installation, each value by its digest and by whether it expires.
func (h *house) dump() map[string]string {
	h.Helper()
	if h.r.Mini != nil {
		return map[string]string{"": h.r.Mini.Dump()}
	}
	var mu sync.Mutex // a cluster's nodes are scanned side by side
	all := map[string]string{}
	scan := func(ctx context.Context, c *redis.Client) error {
		it := c.Scan(ctx, 0, h.r.Prefix+"*", 500).Iterator()
		for it.Next(ctx) {
			raw, err := c.Dump(ctx, it.Val()).Result()
			if err != nil {
				return err
			}
			ttl, err := c.PTTL(ctx, it.Val()).Result()
			if err != nil {
				return err
			}
			mu.Lock()
			all[it.Val()] = fmt.Sprintf("%v %x", ttl > 0, sha256.Sum256([]byte(raw)))
			mu.Unlock()
		}
		return it.Err()
	}
	var err error
	switch c := h.r.Client.(type) {
	case *redis.ClusterClient:
		err = c.ForEachMaster(h.Context(), scan)
	case *redis.Client:
		err = scan(h.Context(), c)
	}
	if err != nil || len(all) == 0 {
		h.Fatalf("%d keys were read: %v", len(all), err)
	}
	return all
}
