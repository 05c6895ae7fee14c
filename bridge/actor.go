package bridge

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/decide"
	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// kind is what a mailbox is for; its key tells.
type kind int

const (
	kindThread kind = iota
	kindAccount
	kindTicket
	kindSystem
	kindMedia
	kindUnknown
)

// String is the kind's name in logs and metrics.
func (k kind) String() string {
	return [...]string{"thread", "account", "ticket", "system", "media", "unknown"}[k]
}

func kindOf(key string) kind {
	switch {
	case key == conversation.ReconcileKey, key == conversation.RepairKey, key == conversation.AuditKey, key == conversation.DeskKey,
		key == conversation.ReportKey:
		return kindSystem
	case strings.HasPrefix(key, conversation.AccountPrefix):
		return kindAccount
	case strings.HasPrefix(key, conversation.TicketPrefix):
		return kindTicket
	case conversation.MediaMailbox(key):
		return kindMedia
	case strings.HasPrefix(key, conversation.SystemPrefix):
		return kindUnknown // of a newer version
	}
	if _, _, ok := conversation.ParseKey(key); ok {
		return kindThread
	}
	return kindUnknown
}

// errHandling marks failures of the handling itself: three in a row halt the mailbox.
var errHandling = errors.New("handling failed")

// errUnknownMailbox says that no kind has such a key.
var errUnknownMailbox = fmt.Errorf("%w: mailbox of no known kind", errHandling)

// actor is the state of one mailbox in the hands of a worker.
type actor interface {
	// apply decides about one event and adds to the commit what is written beside the state.
	apply(e conversation.Event, now time.Time, c *mailbox.Commit)
	// outbox is the effects not done yet, for changes.
	outbox() *conversation.Outbox
	// state is what is stored.
	state() any
	// finish fills in the commit's deadline and forgetting.
	finish(now time.Time, c *mailbox.Commit)
	// thread is a copy of the thread, zero for other mailboxes.
	thread() conversation.Thread
}

// stateField is where the state lies among a mailbox's fields.
const stateField = conversation.StateField

// load reads a mailbox's state, or begins one.
func (e *Engine) load(l *mailbox.Lease) (actor, error) {
	raw := l.Fields[stateField]
	switch kindOf(l.Key) {
	case kindThread:
		number, contact, _ := conversation.ParseKey(l.Key)
		a := &threadActor{t: conversation.NewThread(number, contact), set: e.Settings(number), e: e}
		err := decode(raw, &a.t)
		a.places, a.found, a.lost = stored(a.t, a.set, l.Schema), a.t.FindText(), l.Schema < listsSince
		return a, err
	case kindAccount:
		a := &accountActor{}
		return a, decode(raw, &a.a)
	case kindTicket:
		a := &lookupActor{set: e.Settings("")}
		return a, decode(raw, &a.j)
	case kindSystem:
		if l.Key == conversation.DeskKey {
			a := &deskActor{e: e}
			return a, decode(raw, &a.s)
		}
		if l.Key == conversation.AuditKey {
			a := &sweepActor{every: e.Account().AuditEvery}
			return a, decode(raw, &a.j)
		}
		if l.Key == conversation.ReportKey {
			a := &reportActor{e: e}
			return a, decode(raw, &a.j)
		}
		a := &systemActor{effect: conversation.EffectReconcile, every: e.opt.Reconcile}
		if l.Key == conversation.RepairKey {
			a = &systemActor{effect: conversation.EffectRepair, every: e.opt.Repair}
		}
		return a, decode(raw, &a.j)
	case kindMedia:
		a := &mediaActor{}
		return a, decode(raw, &a.j)
	case kindUnknown:
	}
	return nil, errUnknownMailbox
}

func decode(raw []byte, into any) error {
	if err := conversation.DecodeState(raw, into); err != nil {
		return fmt.Errorf("%w: %w", errHandling, err)
	}
	return nil
}

// threadActor is one contact on one number.
type threadActor struct {
	t      conversation.Thread
	set    settings.Number
	e      *Engine
	places map[string]place // in the views, as these have it
	found  string           // the text that it is found by
	lost   bool             // it may not be found by it
}

func (a *threadActor) apply(ev conversation.Event, now time.Time, c *mailbox.Commit) {
	if ev.Kind == conversation.EventAudit { // its place there may be from before the settings changed: it is written again
		a.places[conversation.ViewAudit] = place{since: true}
	}
	a.take(string(ev.Kind), decide.Thread(a.t, ev, a.set, now), now, c)
}

// answersKept is how long the outcome of a command can be read.
const answersKept = 10 * time.Minute

// explain counts a decision's reasons, and lets the commit answer whoever asked.
func (e *Engine) explain(kind string, reasons []string, answers []conversation.Answer, c *mailbox.Commit) {
	for _, r := range reasons {
		e.Metrics.reasons.WithLabelValues(kind, r).Inc()
	}
	for _, answer := range answers {
		if raw, err := json.Marshal(answer); err == nil {
			c.Answers = append(c.Answers, mailbox.Answer{ID: answer.ID, Data: raw, TTL: answersKept})
		}
	}
}

// take makes a decision part of the commit.
func (a *threadActor) take(kind string, d decide.Decision, now time.Time, c *mailbox.Commit) {
	a.t = d.Thread
	a.e.explain(kind, d.Reasons, d.Answers, c)
	for _, k := range d.Keeps {
		c.Ends = append(c.Ends, mailbox.TranscriptEnd{Name: k.Session, TTL: k.For, Remove: k.Remove})
	}
	for _, entry := range d.Transcript {
		if raw, err := json.Marshal(entry); err == nil && a.t.Conversation != nil {
			c.Transcript = append(c.Transcript, mailbox.Entry{Name: a.t.Conversation.Session, Data: raw})
		}
	}
	for _, dead := range d.Dead {
		c.Dead = append(c.Dead, a.e.deadEffect(dead.Effect, dead.Reason, now))
	}
}

// mostDeadlines is how many deadlines of a thread are seen to at once; others come with its next wake-up.
const mostDeadlines = 4

func (a *threadActor) outbox() *conversation.Outbox { return &a.t.Outbox }
func (a *threadActor) state() any                   { return a.t }
func (a *threadActor) thread() conversation.Thread  { return a.t.Clone() }

func (a *threadActor) finish(now time.Time, c *mailbox.Commit) {
	for range mostDeadlines {
		at := decide.Deadline(a.t, a.set)
		if at.IsZero() || at.After(now) {
			break
		}
		a.take("deadline", decide.Due(a.t, a.set, now), now, c)
	}
	c.Deadline, c.MovedTo = decide.Deadline(a.t, a.set), decide.MovedTo(a.t)
	c.Forget = a.t.Outbox.Empty() && (a.t.Erasing || a.t.Blank())
	after := stored(a.t, a.set, conversation.Schema)
	c.Index = append(c.Index, moved(a.places, after, now)...)
	a.places = after
	if text := a.t.FindText(); text != a.found || a.lost {
		c.Find = mailbox.FindChange{Before: a.found, After: text}
		a.found, a.lost = text, false
	}
}

// accountActor keeps what belongs to no conversation.
type accountActor struct {
	a    conversation.Account
	none conversation.Outbox
}

func (a *accountActor) apply(ev conversation.Event, now time.Time, _ *mailbox.Commit) {
	if ev.Notice != nil {
		a.a = decide.AccountNotice(a.a, *ev.Notice, now)
	}
}

func (a *accountActor) outbox() *conversation.Outbox      { return &a.none }
func (a *accountActor) state() any                        { return a.a }
func (a *accountActor) finish(time.Time, *mailbox.Commit) {}
func (a *accountActor) thread() conversation.Thread       { return conversation.Thread{} }

// jobState is the state of a mailbox that works and is no thread.
type jobState struct{ j conversation.Job }

func (s *jobState) outbox() *conversation.Outbox { return &s.j.Outbox }
func (s *jobState) state() any                   { return s.j }

// thread is what stands for one while another bot's ticket is written to.
func (s *jobState) thread() conversation.Thread {
	if s.j.Thread == nil {
		return conversation.Thread{}
	}
	return s.j.Thread.Clone()
}

// lookupActor looks at a ticket that no thread knows: whose it is, or how another bot's went.
type lookupActor struct {
	jobState

	set settings.Number // the default number's
}

func (a *lookupActor) apply(ev conversation.Event, now time.Time, _ *mailbox.Commit) {
	a.j = decide.Foreign(a.j, ev, a.set, now)
}

func (a *lookupActor) finish(_ time.Time, c *mailbox.Commit) { c.Forget = a.j.Outbox.Empty() }

// mediaActor carries one file.
type mediaActor struct{ jobState }

func (a *mediaActor) apply(ev conversation.Event, now time.Time, _ *mailbox.Commit) {
	a.j = decide.Transfer(a.j, ev, now)
}

func (a *mediaActor) finish(_ time.Time, c *mailbox.Commit) { c.Forget = a.j.Outbox.Empty() }

// systemActor is one of the installation's own jobs.
type systemActor struct {
	jobState

	effect conversation.EffectKind
	every  time.Duration
}

func (a *systemActor) apply(ev conversation.Event, now time.Time, _ *mailbox.Commit) {
	a.j = decide.Job(a.j, ev, a.every, now)
}

func (a *systemActor) finish(now time.Time, c *mailbox.Commit) {
	a.j = decide.JobDue(a.j, a.effect, now)
	if a.j.Outbox.Empty() {
		c.Deadline = a.j.Due
	}
}

// deadEffect is the dead letter of an effect; a retry puts it into its lane again.
func (e *Engine) deadEffect(effect conversation.Effect, reason string, now time.Time) mailbox.DeadLetter {
	raw, err := conversation.Event{Kind: conversation.EventRetry, At: now, Effect: &effect}.Encode()
	if err != nil {
		raw = nil
	}
	return mailbox.DeadLetter{ID: e.NewID(), Reason: reason, Event: raw}
}
