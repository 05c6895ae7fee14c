package conversation_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// machine drives an outbox as the engine does, at random, and remembers what must come out.
type machine struct {
	o      *conversation.Outbox
	now    time.Time
	nextID int
	bodies map[string]string // what was about to be sent, by effect

	ordered, done []string // changes, by a tag each: as they were added, as they were settled
	known, found  []string // identifications, alike
	said, written []string // lines of comments: as they were added, as they were settled
	given, sent   []string // messages for the phone, alike
	asked         []string // background effects
	looked        []string
	pulls         map[int64]int // hints not followed by a pull's start, by ticket
}

func newMachine() *machine {
	return &machine{o: new(conversation.Outbox), now: at(0), bodies: map[string]string{}, pulls: map[int64]int{}}
}

func (m *machine) id() string {
	m.nextID++
	return strconv.Itoa(m.nextID)
}

func (m *machine) comment(t *rapid.T) {
	id := m.id()
	kind := rapid.SampledFrom([]conversation.EffectKind{conversation.EffectComment, conversation.EffectComment, conversation.EffectCreate}).Draw(t, "kind")
	author := rapid.SampledFrom([]conversation.Author{conversation.AuthorCustomer, conversation.AuthorPonte}).Draw(t, "author")
	m.said = append(m.said, id)
	m.o.Add(conversation.Effect{ID: id, Kind: kind, Comment: &conversation.Comment{
		Author: author, Public: rapid.Bool().Draw(t, "public"), Lines: []conversation.Line{{MessageID: id, Text: id}}, First: m.now, Last: m.now,
	}}, gather, time.Time{})
}

// update changes the ticket by a tag of its own, sometimes by a macro and sometimes with words.
func (m *machine) update(t *rapid.T) {
	id := m.id()
	change := conversation.Change{Tags: []string{id}, Roles: rapid.SampledFrom([][]string{nil, {"closing"}}).Draw(t, "roles")}
	e := conversation.Effect{ID: id, Kind: conversation.EffectUpdate, Change: &change}
	if rapid.Bool().Draw(t, "words") {
		e.Kind, e.Comment = conversation.EffectComment, &conversation.Comment{
			Author: conversation.AuthorPonte, Lines: []conversation.Line{{MessageID: id, Text: id}}, First: m.now, Last: m.now,
		}
		if rapid.Bool().Draw(t, "transcript") {
			e.Comment.Transcript = "wa-100-c1-1"
		}
		m.said = append(m.said, id)
	}
	m.ordered = append(m.ordered, id)
	m.o.Add(e, patient, m.now)
}

func (m *machine) identify(*rapid.T) {
	id := m.id()
	m.known = append(m.known, id)
	m.o.Add(conversation.Effect{ID: id, Kind: conversation.EffectIdentify, Ask: &conversation.Identify{}}, gather, m.now)
}

func (m *machine) hold(*rapid.T)   { m.o.Hold(conversation.HoldBot) }
func (m *machine) unhold(*rapid.T) { m.o.Unhold() }
func (m *machine) hurry(*rapid.T)  { m.o.Hurry(m.now) }

func (m *machine) pull(t *rapid.T) {
	ticket := rapid.Int64Range(1, 2).Draw(t, "ticket")
	m.pulls[ticket]++
	m.o.Add(pull(m.id(), conversation.Hint{Ticket: ticket}), gather, time.Time{})
}

func (m *machine) send(*rapid.T) {
	id := m.id()
	m.given = append(m.given, id)
	m.o.Add(send(id), gather, time.Time{})
}

func (m *machine) background(*rapid.T) {
	id := m.id()
	m.asked = append(m.asked, id)
	m.o.Add(conversation.Effect{ID: id, Kind: conversation.EffectLookup, Hint: &conversation.Hint{}}, gather, time.Time{})
}

func (m *machine) wait(t *rapid.T) {
	m.now = m.now.Add(time.Duration(rapid.IntRange(1, 40).Draw(t, "seconds")) * time.Second)
}

// start begins everything that is ready.
func (m *machine) start(t *rapid.T) {
	for _, p := range m.o.Ready(m.now) {
		own := m.o.Find(p.Effect.ID)
		if own.Held != conversation.HoldNone {
			t.Fatalf("%s is held and goes", p.Effect.ID)
		}
		own.Running, own.Frozen = true, true
		if c := p.Effect.Comment; c != nil {
			body := c.Body()
			if p.Effect.Change != nil {
				body += strings.Join(p.Effect.Change.Tags, "#")
			}
			if before, again := m.bodies[p.Effect.ID]; again && before != body {
				t.Fatalf("effect %s said %q and now says %q", p.Effect.ID, before, body)
			}
			m.bodies[p.Effect.ID] = body
		}
		if p.Effect.Kind == conversation.EffectPull {
			m.pulls[p.Effect.Hint.Ticket] = 0
		}
	}
}

// settle ends something that is under way.
func (m *machine) settle(t *rapid.T) {
	running := slices.DeleteFunc(m.all(), func(p conversation.Pending) bool { return !p.Running })
	if len(running) == 0 {
		return
	}
	p := rapid.SampledFrom(running).Draw(t, "effect")
	m.end(t, p, conversation.Result{
		Outcome:   rapid.SampledFrom([]conversation.Outcome{conversation.Done, conversation.Later, conversation.Unsure, conversation.Failed}).Draw(t, "outcome"),
		NotBefore: m.now.Add(time.Duration(rapid.IntRange(0, 40).Draw(t, "wait")) * time.Second), SentAt: m.now,
	})
}

func (m *machine) end(t *rapid.T, p conversation.Pending, r conversation.Result) {
	r.Effect, r.Kind = p.Effect.ID, p.Effect.Kind
	got, ok := m.o.Settle(r)
	if !ok || got.Effect.ID != p.Effect.ID {
		t.Fatalf("settling %s gave %+v, %v", p.Effect.ID, got, ok)
	}
	if r.Outcome != conversation.Done && r.Outcome != conversation.Failed {
		return
	}
	if p.Effect.Change != nil {
		m.done = append(m.done, p.Effect.Change.Tags...)
	}
	switch {
	case p.Effect.Kind == conversation.EffectIdentify:
		m.found = append(m.found, p.Effect.ID)
	case p.Effect.Comment != nil:
		m.written = append(m.written, p.Effect.Comment.MessageIDs()...)
	case p.Effect.Send != nil:
		m.sent = append(m.sent, p.Effect.ID)
	case p.Effect.Kind == conversation.EffectLookup:
		m.looked = append(m.looked, p.Effect.ID)
	}
}

// crash forgets what is under way; whoever comes next finds it in the journal.
func (m *machine) crash(*rapid.T) {
	for _, p := range m.all() {
		if own := m.o.Find(p.Effect.ID); own.Running {
			own.Running, own.Unsure, own.SentAt = false, true, m.now
		}
	}
}

func (m *machine) all() []conversation.Pending {
	return slices.Concat(m.o.Ticket, m.o.Phone, m.o.Background)
}

func (m *machine) check(t *rapid.T) {
	for name, lane := range map[string][]conversation.Pending{"ticket": m.o.Ticket, "phone": m.o.Phone} {
		if n := len(slices.DeleteFunc(slices.Clone(lane), func(p conversation.Pending) bool { return !p.Running })); n > 1 {
			t.Fatalf("%d effects of the %s lane are under way at once", n, name)
		}
	}
	ready, wake := m.o.Ready(m.now), m.o.NextWake()
	if due := !wake.IsZero() && !wake.After(m.now); due != (len(ready) > 0) {
		t.Fatalf("%q is ready, but NextWake is %v at %v", ids(ready), wake, m.now)
	}
	busy := slices.ContainsFunc(m.all(), func(p conversation.Pending) bool { return p.Running || p.Held != conversation.HoldNone })
	if !busy && wake.IsZero() != m.o.Empty() {
		t.Fatalf("nothing is under way, empty is %v and NextWake %v", m.o.Empty(), wake)
	}
	for ticket, hints := range m.pulls {
		waits := slices.ContainsFunc(m.o.Ticket, func(p conversation.Pending) bool {
			return p.Effect.Kind == conversation.EffectPull && p.Effect.Hint.Ticket == ticket && !p.Running
		})
		if hints > 0 && !waits {
			t.Fatalf("%d hints about ticket %d are followed by no pull", hints, ticket)
		}
	}
	var waiting, changes []string
	for _, p := range m.o.Ticket {
		if p.Effect.Comment != nil {
			waiting = append(waiting, p.Effect.Comment.MessageIDs()...)
		}
		if p.Effect.Change != nil {
			changes = append(changes, p.Effect.Change.Tags...)
		}
	}
	same(t, "lines", m.said, slices.Concat(m.written, waiting))
	same(t, "changes", m.ordered, slices.Concat(m.done, changes))
	waiting = nil
	for _, p := range m.o.Phone {
		waiting = append(waiting, p.Effect.ID)
	}
	same(t, "messages", m.given, slices.Concat(m.sent, waiting))
}

// same compares lists in their order: what comes in first is first out, and nothing is lost or doubled.
func same(t *rapid.T, what string, in, out []string) {
	if !slices.Equal(in, out) {
		t.Fatalf("%s (-in +out):\n%s", what, cmp.Diff(in, out))
	}
}

// drain carries everything out, in time.
func (m *machine) drain(t *rapid.T) {
	for range 10 * (m.nextID + 1) {
		if m.o.Empty() {
			return
		}
		if wake := m.o.NextWake(); wake.After(m.now) {
			m.now = wake
		}
		m.start(t)
		for _, p := range m.all() {
			if p.Running {
				m.end(t, p, conversation.Result{Outcome: conversation.Done})
			}
		}
	}
	t.Fatalf("the outbox does not empty: %+v", m.o)
}

func TestOutboxLosesNothingAndKeepsOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := newMachine()
		t.Repeat(map[string]func(*rapid.T){
			"comment": m.comment, "pull": m.pull, "send": m.send, "background": m.background,
			"update": m.update, "identify": m.identify, "hold": m.hold, "unhold": m.unhold, "hurry": m.hurry,
			"wait": m.wait, "start": m.start, "settle": m.settle, "crash": m.crash,
			"": m.check,
		})
		m.crash(t)
		m.o.Unhold()
		m.drain(t)
		m.check(t)
		same(t, "lines", m.said, m.written)
		same(t, "messages", m.given, m.sent)
		same(t, "changes", m.ordered, m.done)
		slices.Sort(m.known)
		slices.Sort(m.found)
		same(t, "identifications", m.known, m.found)
		slices.Sort(m.looked)
		slices.Sort(m.asked)
		same(t, "background", m.asked, m.looked)
	})
}
