package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/bridge/brazil"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/bridge/store"
)

// People reads and erases what is known of contacts, for an operator's commands.
type People struct {
	client redis.UniversalClient
	boxes  *mailbox.Store
	known  *store.Aliases
}

// OpenPeople opens an installation for that. Without PONTE_REDIS_URL it is the running demo's. The caller calls Close.
func OpenPeople(ctx context.Context, c Config) (*People, error) {
	if c.RedisURL == "" {
		c.RedisURL = "unix://" + demoSocket(c.DataDir)
	}
	client, err := store.Open(c.RedisURL)
	if err != nil {
		return nil, fmt.Errorf("PONTE_REDIS_URL: %w", err)
	}
	boxes, err := openMailboxes(ctx, c, client, Parts{Now: time.Now, NewID: newID}) //nolint:forbidigo // the machine's clock is chosen here
	if err != nil {
		return nil, errors.Join(err, client.Close())
	}
	return &People{client, boxes, store.NewAliases(client, c.RedisPrefix, newID, 0, time.Now)}, nil //nolint:forbidigo // as above
}

// Close frees what OpenPeople opened.
func (p *People) Close() error { return p.client.Close() }

// ErrNoContact says that nobody is known by an id.
var ErrNoContact = errors.New("no contact is known by this id, user id or phone")

// Record is everything that is kept of a contact.
type Record struct {
	Contact string         `json:"contact"`
	IDs     []RecordID     `json:"ids"`
	Threads []RecordThread `json:"threads"`
}

// RecordID is an id that names the contact.
type RecordID struct {
	Kind  string `json:"kind"`
	Value string `json:"value"`
}

// RecordThread is what is kept of the contact on one number.
type RecordThread struct {
	Number      string                          `json:"number"`
	State       json.RawMessage                 `json:"state"`
	Transcripts map[string][]conversation.Entry `json:"transcripts"`
}

// Find is the contact that goes by an id: our own, a business-scoped user id, or a phone as people type it.
func (p *People) Find(ctx context.Context, id string) (contact string, err error) {
	if ids, err := p.known.IDs(ctx, id); err != nil || len(ids) > 0 {
		return id, err
	}
	person := conversation.Person{UserID: id}
	if digits, err := brazil.ParsePhone(id); err == nil {
		person = conversation.Person{WaID: digits, Phone: brazil.CanonicalPhone(digits)}
	}
	contact, ok, err := p.known.Find(ctx, person)
	if err == nil && !ok {
		err = ErrNoContact
	}
	return contact, err
}

// Export is everything that is kept of a contact.
func (p *People) Export(ctx context.Context, contact string) (Record, error) {
	r := Record{Contact: contact, IDs: []RecordID{}, Threads: []RecordThread{}}
	ids, err := p.known.IDs(ctx, contact)
	if err != nil {
		return r, err
	}
	for _, id := range ids {
		r.IDs = append(r.IDs, RecordID{id.Kind, id.Value})
	}
	numbers, err := p.known.Numbers(ctx, contact)
	if err != nil {
		return r, err
	}
	for _, number := range numbers {
		t, err := p.thread(ctx, number, contact)
		if err != nil {
			return r, err
		}
		r.Threads = append(r.Threads, t)
	}
	return r, nil
}

func (p *People) thread(ctx context.Context, number, contact string) (RecordThread, error) {
	out := RecordThread{Number: number, Transcripts: map[string][]conversation.Entry{}}
	raw, _, err := p.boxes.Field(ctx, conversation.Key(number, contact), "s")
	if err != nil || raw == nil {
		return out, err
	}
	out.State = raw
	var t conversation.Thread
	if err := json.Unmarshal(raw, &t); err != nil {
		return out, fmt.Errorf("read a thread: %w", err)
	}
	for _, session := range t.Sessions() {
		key, _ := conversation.ThreadOfSession(session)
		if out.Transcripts[session], err = readTranscript(ctx, p.boxes, key, session); err != nil {
			return out, err
		}
	}
	return out, nil
}

// Erase asks every thread of a contact to forget it; running instances carry that out, WhatsApp's contact book included. It
// returns the request's name, under which the account's mailbox of each number records it, and how many threads were asked.
func (p *People) Erase(ctx context.Context, contact string) (request string, threads int, err error) {
	numbers, err := p.known.Numbers(ctx, contact)
	if err != nil {
		return "", 0, err
	}
	request = newID()
	for _, number := range numbers {
		raw, err := conversation.Event{
			Kind: conversation.EventErase, ID: "er:" + request, At: time.Now(), Erase: &conversation.Erase{Request: request}, //nolint:forbidigo // as above
		}.Encode()
		if err != nil {
			return request, threads, err
		}
		if _, err := p.boxes.Append(ctx, mailbox.Delivery{Key: conversation.Key(number, contact), Events: []mailbox.Event{{ID: "er:" + request, Data: raw}}}); err != nil {
			return request, threads, err
		}
		threads++
	}
	return request, threads, nil
}
