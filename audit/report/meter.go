package report

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/audit/classify"
	"github.com/ponte-desk/ponte/bridge/calendar"
	"github.com/ponte-desk/ponte/bridge/conversation"
)

// Types of the transcript's lines that are no words of their own, as the log names them.
const (
	typeReaction = "reaction"
	typeEdit     = "edit"
	typeRevoke   = "revoke"
	typeFile     = "file"
	typeHands    = "hands"
	typeSystem   = "system"
	typeWelcome  = "request_welcome"
)

// meter reads a transcript, line by line, for what it measures.
type meter struct {
	sum    conversation.Summary
	hours  calendar.Hours
	events []conversation.Entry // in the order in which they came to the customer
	lost   map[string]bool      // agents' messages that did not arrive, by effect
	names  map[string]int64     // agents by name, as far as the transcript tells both

	asked    time.Time // when people were asked for, zero = not yet
	bot      bool      // the bot has it
	taken    bool      // an agent took it from the bot, without being asked for
	attended bool
	pending  []word          // the customer's words that no agent has answered
	seen     map[string]bool // the customer's messages; true = they ask for no answer
	had      time.Time       // when an agent first had it
	over     time.Time       // when it ended, zero = it goes on
	agents   []Person

	first    *Span
	waiting  Waiting
	messages Messages
}

// word is something of the customer that waits for an answer.
type word struct {
	id string
	at time.Time
}

func newMeter(s conversation.Summary, entries []conversation.Entry, hours calendar.Hours) *meter {
	m := &meter{sum: s, hours: hours, asked: s.Derived, lost: map[string]bool{}, names: map[string]int64{}, seen: map[string]bool{}}
	m.events = conversation.InOrder(entries)
	arrivals := arrive(m.events)
	for i := range m.events {
		e := &m.events[i]
		if e.Author == conversation.AuthorAgent && e.Agent != 0 && e.Who != "" {
			m.names[e.Who] = e.Agent
		}
		a, ok := arrivals[e.Effect]
		if !ok || e.Effect == "" || !agents(*e) {
			continue
		}
		m.lost[e.Effect] = a.lost()
		if a.freed.After(e.At) {
			e.At = a.freed
		}
	}
	byTime(m.events)
	return m
}

func byTime(entries []conversation.Entry) {
	slices.SortStableFunc(entries, func(a, b conversation.Entry) int { return a.At.Compare(b.At) })
}

// agents tells whether a line is an agent's words to the customer, arrived or not.
func agents(e conversation.Entry) bool {
	switch e.Type {
	case typeReaction, typeEdit, typeRevoke, typeFile, typeHands, classify.VerdictType:
		return false
	}
	if e.Private || e.State != conversation.StateNone || e.Origin == conversation.OriginAutomatic {
		return false
	}
	return e.Author == conversation.AuthorAgent || e.Origin == conversation.OriginPhone
}

// take reads one line.
func (m *meter) take(e conversation.Entry) {
	switch {
	case e.Type == classify.VerdictType:
	case e.State != conversation.StateNone:
		m.state(e)
	case e.Type == typeHands:
		m.hands(e)
	case e.Author == conversation.AuthorCustomer:
		m.customer(e)
	case agents(e):
		m.agent(e)
	case e.Author == conversation.AuthorPonte && !e.Private && (e.Effect != "" || e.Message != ""):
		m.messages.Automatic++
	}
}

func (m *meter) state(e conversation.Entry) {
	switch e.State {
	case conversation.StateBot:
		m.bot, m.over = m.sum.Derived.IsZero(), time.Time{}
	case conversation.StateQueued:
		if m.bot && m.asked.IsZero() && !m.taken {
			m.asked = e.At
		}
		m.bot, m.over = false, time.Time{}
	case conversation.StateActive, conversation.StatePending:
		m.took()
		m.over = time.Time{}
	case conversation.StateClosed, conversation.StateExpired, conversation.StateCancelled:
		m.leave(e.At)
		m.over = e.At
	case conversation.StateStopped:
		m.leave(e.At)
	case conversation.StateNone:
	}
}

// took takes in that an agent has it: one who takes it from the bot was not asked for, and owes nothing for the words to the bot.
func (m *meter) took() {
	if m.bot && m.asked.IsZero() {
		m.taken, m.pending = true, nil
	}
	m.bot = false
}

// hands takes in that it changed hands; the timeline tells whose by name.
func (m *meter) hands(e conversation.Entry) {
	what, who, _ := strings.Cut(e.Text, ": ")
	if what != "Atendente" {
		return
	}
	m.took()
	m.has(e.At, Person{ID: cmp.Or(e.Agent, m.names[who]), Name: who})
}

// has notes that an agent has it.
func (m *meter) has(at time.Time, p Person) {
	if m.had.IsZero() {
		m.had = at
	}
	if p == (Person{}) {
		return
	}
	same := func(q Person) bool {
		return p.ID != 0 && p.ID == q.ID || p.Name != "" && p.Name == q.Name && (p.ID == 0 || q.ID == 0)
	}
	if i := slices.IndexFunc(m.agents, same); i >= 0 { // the last who had it comes last
		p = Person{ID: cmp.Or(p.ID, m.agents[i].ID), Name: cmp.Or(p.Name, m.agents[i].Name)}
		m.agents = slices.Delete(m.agents, i, i+1)
	}
	m.agents = append(m.agents, p)
}

func (m *meter) agent(e conversation.Entry) {
	m.has(e.At, Person{ID: e.Agent, Name: e.Who})
	if e.Effect != "" && m.lost[e.Effect] {
		m.messages.Undelivered++
		return
	}
	m.messages.Out++
	m.took()
	m.attended = true
	if m.first == nil && !m.asked.IsZero() && !e.At.Before(m.asked) {
		s := m.span(m.asked, e.At)
		m.first = &s
	}
	m.wait(e.At)
}

// wait ends the customer's wait, if there is one; it tells so.
func (m *meter) wait(until time.Time) bool {
	since := m.since()
	m.pending = nil
	if since.IsZero() || until.Before(since) {
		return false
	}
	s, w := m.span(since, until), &m.waiting
	w.Longest.Open, w.Longest.Wall = max(w.Longest.Open, s.Open), max(w.Longest.Wall, s.Wall)
	w.Total.Open, w.Total.Wall = w.Total.Open+s.Open, w.Total.Wall+s.Wall
	w.Times++
	return true
}

// leave ends a wait without an answer.
func (m *meter) leave(at time.Time) {
	if m.wait(at) {
		m.waiting.Unanswered++
	}
}

// since is since when the customer waits for people, zero = the customer does not.
func (m *meter) since() time.Time {
	if len(m.pending) == 0 || m.asked.IsZero() && !m.taken {
		return time.Time{}
	}
	if at := m.pending[0].at; at.After(m.asked) {
		return at
	}
	return m.asked
}

func (m *meter) customer(e conversation.Entry) {
	switch e.Type {
	case typeReaction, typeWelcome, typeSystem, typeFile:
	case typeRevoke:
		m.pending = slices.DeleteFunc(m.pending, func(w word) bool { return w.id == e.Re })
	case typeEdit:
		m.edit(e)
	default:
		m.words(e)
	}
}

func (m *meter) words(e conversation.Entry) {
	polite := courteous(e) && (m.attended || len(m.pending) > 0)
	if e.Message != "" {
		if _, again := m.seen[e.Message]; again {
			return
		}
		m.seen[e.Message] = polite
	}
	m.messages.In++
	if polite {
		return
	}
	if m.asked.IsZero() && !m.bot && !m.taken {
		m.asked = e.At
	}
	m.pending = append(m.pending, word{id: e.Message, at: e.At})
}

// edited begins the log's line of an edited message.
const edited = "(mensagem editada) "

// edit takes in new words in the place of old ones: a thank-you that becomes a question is asked when it was edited.
func (m *meter) edit(e conversation.Entry) {
	if m.seen[e.Re] && !conversation.Courtesy(strings.TrimPrefix(e.Text, edited)) {
		m.seen[e.Re] = false
		m.pending = append(m.pending, word{id: e.Re, at: e.At})
	}
}

// courteous tells whether a message says no more than thank you.
func courteous(e conversation.Entry) bool {
	return e.Type == "sticker" || e.File == nil && conversation.Courtesy(e.Text)
}

// settle ends what the last line left open.
func (m *meter) settle() {
	switch {
	case !m.sum.State.Ended():
		m.over = time.Time{}
		m.waiting.Since = m.since()
		return
	case !m.sum.Ended.IsZero():
		m.over = m.sum.Ended
	}
	if !m.over.IsZero() {
		m.leave(m.over)
	}
}

// handling is from when an agent first had it to its end.
func (m *meter) handling() *Span {
	if m.had.IsZero() || m.over.IsZero() || m.over.Before(m.had) {
		return nil
	}
	s := m.span(m.had, m.over)
	return &s
}

// span measures from one instant to another that is not before it.
func (m *meter) span(from, to time.Time) Span {
	return Span{Open: int64(m.hours.Between(from, to) / time.Second), Wall: int64(to.Sub(from) / time.Second)}
}

// people are the agents who had it, and the last of them: its owner, where it has one.
func (m *meter) people() (all []Person, last Person) {
	owner := m.sum.Owner
	if owner == 0 {
		if n := len(m.agents); n > 0 {
			last = m.agents[n-1]
		}
		return m.agents, last
	}
	i := slices.IndexFunc(m.agents, func(p Person) bool { return p.ID == owner })
	if n := len(m.agents); i < 0 && n > 0 && m.agents[n-1].ID == 0 { // the timeline tells the owner's name alone
		i = n - 1
		m.agents[i].ID = owner
	}
	if i < 0 {
		last = Person{ID: owner}
		return append(m.agents, last), last
	}
	last = m.agents[i]
	return append(slices.Delete(m.agents, i, i+1), last), last
}
