package effects

import (
	"context"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// Rows keeps one row per conversation for reports. Everything may be repeated.
type Rows interface {
	// Keep stores a conversation's row over the one it has; entries is its transcript, as far as it is still there.
	Keep(ctx context.Context, s conversation.Summary, entries []conversation.Entry, set settings.Number) error
	// Forget removes the rows of a contact, out of kept reports as well.
	Forget(ctx context.Context, contact string) error
}

// summary keeps a conversation's row. What the thread knows by now goes before what it knew when this was decided: an attempt that is
// repeated must not undo a later one.
func (p *Performer) summary(ctx context.Context, j job) conversation.Result {
	s := *j.Pending.Effect.Summary
	if j.Thread.Erasing { // nothing of the contact is to come back
		return conversation.Result{Outcome: conversation.Done, Reason: "erased"}
	}
	if now, ok := j.Thread.Summary(); ok && now.Session == s.Session {
		s = now
	}
	entries, err := p.entries(ctx, j, s.Session)
	if err != nil {
		return p.later(j, err.Error(), 0)
	}
	if err := p.Rows.Keep(ctx, s, entries, j.Settings); err != nil {
		return p.later(j, "row not kept: "+err.Error(), 0)
	}
	return conversation.Result{Outcome: conversation.Done}
}

// forgetRows removes the rows of a contact and of those that moved into it, whose sessions are listed.
func (p *Performer) forgetRows(ctx context.Context, contact string, sessions []string) error {
	known := map[string]bool{"": true}
	for _, who := range append([]string{contact}, contactsOf(sessions)...) {
		if known[who] {
			continue
		}
		known[who] = true
		if err := p.Rows.Forget(ctx, who); err != nil {
			return err
		}
	}
	return nil
}

// contactsOf lists the contacts that sessions began with.
func contactsOf(sessions []string) []string {
	var list []string
	for _, session := range sessions {
		if key, ok := conversation.ThreadOfSession(session); ok {
			_, contact, _ := conversation.ParseKey(key)
			list = append(list, contact)
		}
	}
	return list
}
