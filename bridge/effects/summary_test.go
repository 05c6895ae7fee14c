package effects_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// rows remembers what it was told.
type rows struct {
	told []string
	err  error
}

func (k *rows) Keep(_ context.Context, s conversation.Summary, entries []conversation.Entry, set settings.Number) error {
	if k.err == nil {
		k.told = append(k.told, fmt.Sprintf("keep %s of %s by %s: %d entries, %s", s.Session, s.Contact, set.Name, len(entries), s.State))
	}
	return k.err
}

func (k *rows) Forget(_ context.Context, contact string) error {
	if k.err == nil {
		k.told = append(k.told, "forget "+contact)
	}
	return k.err
}

func summaryEffect(of string) conversation.Pending {
	return doing(conversation.Effect{Kind: conversation.EffectSummary, Summary: &conversation.Summary{Session: of, Contact: "c1", State: conversation.StateClosed}})
}

// TestSummary wants a conversation's row to be made of its transcript, wherever that lies.
func TestSummary(t *testing.T) {
	t.Parallel()
	const moved = "wa-100-c0-3" // of a contact that moved here
	entry := conversation.Entry{At: at(0), Author: conversation.AuthorCustomer, Message: "wamid.1", Text: "bom dia"}
	r := setup(t)
	r.set.Name = "Suporte"
	r.boxes.keeps(t, thread, session, entry, entry)
	r.boxes.keeps(t, "100|c0", moved, entry)
	r.done(r.try(open(), summaryEffect(session)))
	r.done(r.try(open(), summaryEffect(moved)))
	r.done(r.try(open(), summaryEffect("wa-100-c1-2"))) // its transcript is gone
	r.same("told", r.rows.told, []string{
		"keep " + session + " of c1 by Suporte: 2 entries, active", // as it is by now: it was started again
		"keep " + moved + " of c1 by Suporte: 1 entries, closed", "keep wa-100-c1-2 of c1 by Suporte: 0 entries, closed",
	})
	r.silent()
}

func TestSummaryFails(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.rows.err = errBroken
	r.short(r.try(open(), summaryEffect(session)))
	r.rows.err, r.boxes.err = nil, errBroken
	r.short(r.try(open(), summaryEffect(session)))
	r.same("told", r.rows.told, []string(nil))
}

// TestSummaryOfErased wants nothing of a contact to come back that is being forgotten.
func TestSummaryOfErased(t *testing.T) {
	t.Parallel()
	r := setup(t)
	gone := open()
	gone.Erasing = true
	r.done(r.try(gone, summaryEffect(session)))
	r.same("told", r.rows.told, []string(nil))
}

// TestEraseRows wants the rows of a contact to go, and of those that moved into it; they go before anybody says that all is gone.
func TestEraseRows(t *testing.T) {
	t.Parallel()
	erase := doing(conversation.Effect{Kind: conversation.EffectErase, Lists: []string{session, "wa-100-c0-1", "wa-200-c0-2", "nonsense"}})
	r := setup(t)
	r.rows.err = errBroken
	r.short(r.try(open(), erase))
	r.rows.err = nil
	r.done(r.try(open(), erase))
	r.same("told", r.rows.told, []string{"forget c1", "forget c0"})
}
