package audit

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/ponte-desk/ponte/audit/classify"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// bench is where one worker judges.
type bench struct {
	c    Config
	sets map[string]settings.Number // by number, as they are read first
	text []byte                     // room for a transcript
	list []conversation.Entry       // room for its entries
}

// judge reads the threads of a page and judges them.
func (b *bench) judge(ctx context.Context, p *page) error {
	p.counts = Counts{Outcomes: map[classify.Outcome]int{}, Left: map[classify.Reason]int{}}
	states, err := b.c.Mailboxes.States(ctx, p.keys, conversation.StateField)
	if err != nil {
		return err
	}
	threads := make([]conversation.Thread, 0, len(states))
	keys, sessions := make([]string, 0, len(states)), make([]string, 0, len(states))
	for _, raw := range states {
		var t conversation.Thread
		switch {
		case raw == nil: // gone, or moved
			continue
		case conversation.DecodeState(raw, &t) != nil:
			p.counts.Unreadable++
			continue
		case t.Conversation == nil:
			continue
		}
		if !b.settings(t.Number).Audit.On {
			p.counts.Off++
			continue
		}
		key := t.Key()
		if own, ok := conversation.ThreadOfSession(t.Conversation.Session); ok {
			key = own // the session of a thread that moved here lies where it was
		}
		threads, keys, sessions = append(threads, t), append(keys, key), append(sessions, t.Conversation.Session)
	}
	lists, err := b.c.Mailboxes.Transcripts(ctx, keys, sessions)
	if err != nil {
		return err
	}
	for i, t := range threads {
		b.one(p, t, b.entries(lists[i]))
	}
	return nil
}

func (b *bench) settings(number string) settings.Number {
	set, ok := b.sets[number]
	if !ok {
		set = b.c.Settings(number)
		b.sets[number] = set
	}
	return set
}

// entries reads a transcript, to be used until the next one is read; what can't be read is left out.
func (b *bench) entries(lines []string) []conversation.Entry {
	b.list = slices.Grow(b.list[:0], len(lines))
	clear(b.list[:cap(b.list)]) // reading leaves alone what a line does not tell
	entries := b.list
	b.text = append(b.text[:0], '[')
	for i, line := range lines {
		if i > 0 {
			b.text = append(b.text, ',')
		}
		b.text = append(b.text, line...)
	}
	b.text = append(b.text, ']')
	if json.Unmarshal(b.text, &entries) == nil && len(entries) == len(lines) { // all at once takes half the time
		return entries
	}
	entries = nil
	for _, line := range lines {
		var e conversation.Entry
		if json.Unmarshal([]byte(line), &e) == nil {
			entries = append(entries, e)
		}
	}
	return entries
}

// one judges a conversation.
func (b *bench) one(p *page, t conversation.Thread, entries []conversation.Entry) {
	set := b.settings(t.Number)
	v := classify.Classify(classify.OfThread(t, conversation.AuditSeen{Entries: entries}), b.c.Now, set, classify.RulesOf(set))
	p.counts.Looked++
	switch {
	case v.Nothing():
		p.counts.Left[v.Reason]++
		return
	case v.Outcome == classify.OutcomeNone:
		p.counts.Corrected++
	default:
		p.counts.Outcomes[v.Outcome]++
	}
	p.found = append(p.found, Finding{
		Session: t.Conversation.Session, Ticket: t.Conversation.Ticket.ID, Outcome: v.Outcome, Corrections: v.Corrections, Reason: v.Reason,
		Changes: changes(v.Action, set), Evidence: v.Evidence.Text(set.Language),
	})
}

// changes are an action in the account's words.
func changes(a classify.Action, set settings.Number) Changes {
	c := Changes{
		Status: a.Status, Assignee: a.Assignee, Group: a.Group, Catalogue: a.Catalogue, Subject: a.Subject, Tags: a.Tags,
		Transcript: string(a.Transcript), Conversation: a.Conversation, Organization: a.Repair, Attention: a.Attention,
	}
	for _, role := range a.Roles {
		if name := set.Desk.Macro(role); name != "" {
			c.Macros = append(c.Macros, name)
		}
	}
	for _, o := range a.Open {
		c.Supervisor = append(c.Supervisor, string(o))
	}
	return c
}
