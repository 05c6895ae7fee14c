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
	client  redis.UniversalClient
	boxes   *mailbox.Store
	known   *store.Aliases
	reports *Reports
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
	reports := &Reports{rows: store.NewSummaries(client, c.RedisPrefix), kept: store.NewReports(client, c.RedisPrefix, time.Now)} //nolint:forbidigo // as above
	return &People{client, boxes, store.NewAliases(client, c.RedisPrefix, newID, 0, time.Now), reports}, nil                      //nolint:forbidigo // as above
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
	Failed  []RecordFailed `json:"failed"`
	// Rows is what reports have of the contact's conversations, by session.
	Rows map[string]json.RawMessage `json:"rows"`
}

// RecordFailed is work for the contact that failed for good.
type RecordFailed struct {
	At     time.Time       `json:"at"`
	Reason string          `json:"reason"`
	Event  json.RawMessage `json:"event"`
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
	if numbers, err := p.known.Numbers(ctx, id); err != nil || len(numbers) > 0 {
		return id, err // nothing names them any more, but their threads are there
	}
	people := []conversation.Person{{UserID: id}}
	if digits, err := brazil.ParsePhone(id); err == nil {
		people = append(people, conversation.Person{WaID: digits, Phone: brazil.CanonicalPhone(digits)})
	}
	for _, person := range people {
		if contact, ok, err := p.known.Find(ctx, person); err != nil || ok {
			return contact, err
		}
	}
	return "", ErrNoContact
}

// numbers lists the numbers on which a contact has a thread, those included that were written before contacts had a list of them.
func (p *People) numbers(ctx context.Context, contact string) ([]string, error) {
	numbers, err := p.known.Numbers(ctx, contact)
	if err != nil || len(numbers) > 0 {
		return numbers, err
	}
	keys, err := p.boxes.Ending(ctx, "|"+contact)
	if err != nil {
		return nil, err
	}
	for _, key := range keys {
		if number, _, ok := conversation.ParseKey(key); ok {
			numbers = append(numbers, number)
		}
	}
	return numbers, nil
}

// Export is everything that is kept of a contact.
func (p *People) Export(ctx context.Context, contact string) (Record, error) {
	r := Record{Contact: contact, IDs: []RecordID{}, Threads: []RecordThread{}, Failed: []RecordFailed{}, Rows: map[string]json.RawMessage{}}
	ids, err := p.known.IDs(ctx, contact)
	if err != nil {
		return r, err
	}
	for _, id := range ids {
		r.IDs = append(r.IDs, RecordID{id.Kind, id.Value})
	}
	numbers, err := p.numbers(ctx, contact)
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
	if err := p.rows(ctx, &r); err != nil {
		return r, err
	}
	failed, err := p.dead(ctx, contact)
	if err != nil {
		return r, err
	}
	for _, letter := range failed {
		event := json.RawMessage(letter.Event)
		if !json.Valid(event) {
			event = nil
		}
		r.Failed = append(r.Failed, RecordFailed{letter.At, letter.Reason, event})
	}
	return r, nil
}

// rows adds what reports have of the conversations of the contact, and of those that moved into it.
func (p *People) rows(ctx context.Context, r *Record) error {
	contacts := map[string]bool{r.Contact: true}
	for _, t := range r.Threads {
		for session := range t.Transcripts {
			if key, ok := conversation.ThreadOfSession(session); ok {
				_, contact, _ := conversation.ParseKey(key)
				contacts[contact] = true
			}
		}
	}
	for contact := range contacts {
		rows, err := p.reports.rows.Of(ctx, contact)
		if err != nil {
			return err
		}
		for session, row := range rows {
			r.Rows[session] = row
		}
	}
	return nil
}

func (p *People) thread(ctx context.Context, number, contact string) (RecordThread, error) {
	out := RecordThread{Number: number, Transcripts: map[string][]conversation.Entry{}}
	raw, _, err := p.boxes.Field(ctx, conversation.Key(number, contact), conversation.StateField)
	if err != nil || raw == nil {
		return out, err
	}
	if out.State, err = conversation.StateJSON(raw); err != nil {
		return out, fmt.Errorf("read a thread: %w", err)
	}
	var t conversation.Thread
	if err := json.Unmarshal(out.State, &t); err != nil {
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

// Erase asks every thread of a contact to forget it; running instances carry that out, WhatsApp's contact book included. Work of
// these threads that failed for good is dropped at once, and a contact that has no thread is forgotten at once. It returns the
// request's name, under which the account's mailbox of each number records it, and how many threads were asked.
func (p *People) Erase(ctx context.Context, contact string) (request string, threads int, err error) {
	numbers, err := p.numbers(ctx, contact)
	if err != nil {
		return "", 0, err
	}
	request = newID()
	if len(numbers) == 0 {
		_, err := p.known.Forget(ctx, contact)
		return request, 0, errors.Join(err, p.reports.Forget(ctx, contact))
	}
	for _, number := range numbers {
		key := conversation.Key(number, contact)
		raw, err := conversation.Event{
			Kind: conversation.EventErase, ID: "er:" + request, At: time.Now(), Erase: &conversation.Erase{Request: request}, //nolint:forbidigo // the machine's clock is chosen here
		}.Encode()
		if err != nil {
			return request, threads, err
		}
		if _, err := p.boxes.Append(ctx, mailbox.Delivery{Key: key, Events: []mailbox.Event{{ID: "er:" + request, Data: raw}}}); err != nil {
			return request, threads, err
		}
		threads++
	}
	return request, threads, p.bury(ctx, contact)
}

// mostDead is how many dead letters are looked through: far more than anybody lets lie.
const mostDead = 100_000

// dead lists the work of a contact's threads that failed for good, files on their way included.
func (p *People) dead(ctx context.Context, contact string) ([]mailbox.DeadLetter, error) {
	all, err := p.boxes.Dead(ctx, mostDead)
	if err != nil {
		return nil, err
	}
	var own []mailbox.DeadLetter
	for _, letter := range all {
		key := letter.Key
		if e, err := conversation.DecodeEvent(letter.Event); err == nil && e.Effect != nil && e.Effect.Stream != nil && e.Effect.Stream.Thread != "" {
			key = e.Effect.Stream.Thread
		}
		if _, whose, ok := conversation.ParseKey(key); ok && whose == contact {
			own = append(own, letter)
		}
	}
	return own, nil
}

// bury drops them.
func (p *People) bury(ctx context.Context, contact string) error {
	letters, err := p.dead(ctx, contact)
	if err != nil {
		return err
	}
	for _, letter := range letters {
		if err := p.boxes.DropDead(ctx, letter.ID); err != nil && !errors.Is(err, mailbox.ErrNoDeadLetter) {
			return err
		}
	}
	return nil
}
