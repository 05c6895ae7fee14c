package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/ponte-desk/ponte/bridge/brazil"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/mailbox"
)

// threads is what the API does with threads: it appends commands, waits for their answers, and reads.
type threads struct{ a *App }

// How long a command's answer is awaited, and how often it is looked for meanwhile.
const (
	answerWait  = 2 * time.Second
	answerFirst = 4 * time.Millisecond
	answerMost  = 64 * time.Millisecond
)

// Command appends a command to a thread's mailbox and waits a while for what became of it; ok is false when that is not known
// yet. The same command id again is the same command: it is not carried out twice, and its answer is read again.
func (d threads) Command(ctx context.Context, key string, c conversation.Command) (answer conversation.Answer, ok bool, err error) {
	id := c.ID
	c.ID = answerName(key, id)
	e := conversation.Event{Kind: conversation.EventCommand, ID: "c:" + id, At: d.a.parts.Now(), Command: &c}
	if err := d.a.deliver(ctx, key, e); err != nil {
		return answer, false, err
	}
	ctx, cancel := context.WithTimeout(ctx, answerWait)
	defer cancel()
	for wait := answerFirst; ; wait = min(2*wait, answerMost) {
		answer, ok, err = d.Answer(ctx, key, id)
		if err != nil || ok {
			return answer, ok, ignoreDeadline(err)
		}
		select {
		case <-ctx.Done():
			return answer, false, nil
		case <-time.After(wait):
		}
	}
}

// ignoreDeadline takes the end of waiting for no error.
func ignoreDeadline(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	return err
}

// Answer reads what became of a command.
func (d threads) Answer(ctx context.Context, key, id string) (answer conversation.Answer, ok bool, err error) {
	raw, ok, err := d.a.Mailboxes.Answer(ctx, key, answerName(key, id))
	if err != nil || !ok {
		return answer, false, err
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return answer, false, fmt.Errorf("read an answer: %w", err)
	}
	answer.ID = id
	return answer, true, nil
}

// answerName is the name under which a command's answer is kept: many mailboxes share one store of answers, and two clients may
// choose the same id for commands on different conversations.
func answerName(key, id string) string { return key + ":" + id }

// Thread reads the thread of a session, wherever it moved; ok is false when there is none.
func (d threads) Thread(ctx context.Context, session string) (t conversation.Thread, ok bool, err error) {
	key, ok := conversation.ThreadOfSession(session)
	if !ok {
		return t, false, nil
	}
	raw, _, err := d.a.Mailboxes.Field(ctx, key, conversation.StateField)
	if err != nil || raw == nil {
		return t, false, err
	}
	if err := conversation.DecodeState(raw, &t); err != nil {
		return t, false, fmt.Errorf("read a thread: %w", err)
	}
	return t, true, nil
}

// Transcript reads a session's entries, oldest first.
func (d threads) Transcript(ctx context.Context, session string) ([]conversation.Entry, error) {
	key, ok := conversation.ThreadOfSession(session)
	if !ok {
		return nil, nil
	}
	return readTranscript(ctx, d.a.Mailboxes, key, session)
}

// readTranscript reads a session's entries; what can't be read is left out.
func readTranscript(ctx context.Context, boxes *mailbox.Store, key, session string) ([]conversation.Entry, error) {
	lines, err := boxes.Transcript(ctx, key, session)
	if err != nil {
		return nil, err
	}
	return conversation.DecodeEntries(lines), nil
}

// ThreadOfPhone is the mailbox of the thread with a phone, in the digits of an international number; first sight makes a contact.
func (d threads) ThreadOfPhone(ctx context.Context, number, phone string) (string, error) {
	contact, err := d.a.contacts.Claim(ctx, conversation.Person{WaID: "", Phone: brazil.CanonicalPhone(phone)})
	if err != nil {
		return "", err
	}
	return conversation.Key(number, contact), nil
}
