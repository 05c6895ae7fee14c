package transcript

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// The types of log lines that change an earlier message, as WhatsApp and the log name them; and those of the auditor's.
const (
	typeReaction  = "reaction"
	typeEdit      = "edit"
	typeRevoke    = "revoke"
	typeFile      = "file"
	typeVerdict   = "verdict"
	typeOverruled = "overruled"
)

// Fold merges the lines of a log into what people read: one message each, in the order of time, with its newest delivery state,
// its files, and what was done to it later. Lines may repeat, come in any order, and refer to messages that the log lacks. A change
// to a message that is missing stands as a message of its own; a delivery state of one is left out.
func Fold(entries []conversation.Entry) []Message {
	f := folder{messages: make([]*Message, 0, len(entries)), byID: make(map[string]*Message, len(entries))}
	sorted, places := conversation.Ordered(entries)
	var changes []int
	for i, e := range sorted {
		if changing(e) {
			changes = append(changes, i)
			continue
		}
		f.place = places[i]
		f.add(e)
	}
	for _, i := range changes {
		if sorted[i].Type == typeEdit { // its own id names the message as well
			f.alias(sorted[i])
		}
	}
	f.behind = lonePlace
	for _, i := range changes {
		f.place = places[i]
		f.change(sorted[i])
	}
	return f.done()
}

// changing tells whether a line is about an earlier message rather than one itself.
func changing(e conversation.Entry) bool {
	switch e.Type {
	case typeReaction, typeEdit, typeRevoke, typeFile:
		return true
	}
	return e.Type == "" && e.Text == "" && e.State == conversation.StateNone && e.File == nil
}

type folder struct {
	messages []*Message
	byID     map[string]*Message // by wamid, effect id, and wamid of an edit
	re       map[*Message]string // the message that each answers
	seen     map[line]bool
	state    conversation.State
	place    int // in the log, of the line that is being taken in
	behind   int // is added to the place of a message
}

// lonePlace is added to the place of a change that stands as a message of its own: it follows the messages of its time.
const lonePlace = 1 << 32

// touch notes that the line at hand is about a message.
func (f *folder) touch(m *Message) { m.Rev = max(m.Rev, f.place+1) }

// effectPrefix keeps the ids of effects apart from wamids.
const effectPrefix = "effect "

func ids(e conversation.Entry) []string {
	var list []string
	if e.Message != "" {
		list = append(list, e.Message)
	}
	if e.Effect != "" {
		list = append(list, effectPrefix+e.Effect)
	}
	return list
}

// find is the message that a line names by its own ids, nil when there is none.
func (f *folder) find(e conversation.Entry) *Message {
	for _, id := range ids(e) {
		if m := f.byID[id]; m != nil {
			return m
		}
	}
	return f.byID[effectPrefix+e.Message]
}

// about is the message that a line refers to, nil when there is none.
func (f *folder) about(id string) *Message {
	if m := f.byID[id]; m != nil {
		return m
	}
	return f.byID[effectPrefix+id]
}

// name lets ids stand for a message, and completes what the message knows of them.
func (f *folder) name(m *Message, e conversation.Entry) {
	for _, id := range ids(e) {
		if f.byID[id] == nil {
			f.byID[id] = m
		}
	}
	if e.Message != "" && (m.ID == "" || m.ID == m.Effect) {
		m.ID = e.Message
	}
	if m.Effect == "" {
		m.Effect = e.Effect
	}
	if m.ID == "" {
		m.ID = e.Effect
	}
}

// add takes in a line that is a message, once. It returns the message, nil when the line only repeats one without id.
func (f *folder) add(e conversation.Entry) *Message {
	if e.Type == typeVerdict { // people read what it rests on, not its code words
		e.Text, e.Reason = cmp.Or(e.Reason, e.Text), ""
	}
	if m := f.find(e); m != nil {
		f.repeat(m, e)
		return m
	}
	if len(ids(e)) == 0 && f.known(e) {
		return nil
	}
	m := &Message{
		Kind: kindOf(e), At: e.At, Author: e.Author, Agent: e.Agent, Who: e.Who, Origin: originOf(e), Type: e.Type, Text: e.Text,
		Comment: e.Comment, Template: e.Template, Delivery: e.Delivery, Reason: e.Reason, State: e.State, Command: e.Command,
		Place: f.place + f.behind,
	}
	f.touch(m)
	if m.Delivery != "" {
		m.DeliveredAt = e.At
	}
	if m.Kind == KindState && e.State != f.state {
		m.Before, f.state = f.state, e.State
	}
	if e.File != nil {
		m.Files = []File{{File: *e.File}}
	}
	f.name(m, e)
	if e.Re != "" {
		if f.re == nil {
			f.re = make(map[*Message]string)
		}
		f.re[m] = e.Re
	}
	f.messages = append(f.messages, m)
	return m
}

// repeat completes a message from another line of the same id.
func (f *folder) repeat(m *Message, e conversation.Entry) {
	f.name(m, e)
	f.touch(m)
	m.Text = cmp.Or(m.Text, e.Text)
	m.Type = cmp.Or(m.Type, e.Type)
	m.Who = cmp.Or(m.Who, e.Who)
	m.Command = cmp.Or(m.Command, e.Command)
	if e.File != nil {
		m.file(*e.File, "")
	}
	if e.Delivery != "" {
		m.deliver(e)
	}
}

// line is what makes two lines without ids one and the same.
type line struct {
	at    int64
	entry conversation.Entry
	file  string
}

// known tells whether the very same line was seen before.
func (f *folder) known(e conversation.Entry) bool {
	l := line{at: e.At.UnixNano(), entry: e}
	if e.File != nil {
		l.file = e.File.ID
	}
	l.entry.At, l.entry.File = time.Time{}, nil
	if f.seen == nil {
		f.seen = make(map[line]bool)
	}
	if f.seen[l] {
		return true
	}
	f.seen[l] = true
	return false
}

func kindOf(e conversation.Entry) Kind {
	switch {
	case e.State != conversation.StateNone:
		return KindState
	case e.Private:
		return KindNote
	case e.Author == conversation.AuthorPonte && e.Effect == "" && e.Message == "" && e.Comment == 0:
		return KindNotice
	}
	return KindMessage
}

// originOf is how a message came; lines of the log's first schema do not tell.
func originOf(e conversation.Entry) conversation.Origin {
	switch {
	case e.Origin != "" || e.State != conversation.StateNone:
		return e.Origin
	case e.Author == conversation.AuthorCustomer:
		return conversation.OriginWhatsApp
	case e.Author == conversation.AuthorAgent && e.Comment != 0:
		return conversation.OriginTicket
	case e.Author == conversation.AuthorPonte:
		return conversation.OriginAutomatic
	}
	return ""
}

// mostQuoted is how much of a quoted message is shown, in characters.
const mostQuoted = 80

// done resolves the quotes and hands out the messages.
func (f *folder) done() []Message {
	slices.SortStableFunc(f.messages, func(a, b *Message) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Place, b.Place)) })
	for _, m := range f.messages {
		m.Key = f.key(m)
	}
	list := make([]Message, len(f.messages))
	for i, m := range f.messages {
		if re := f.re[m]; re != "" {
			m.Quote = quoteOf(re, f.about(re))
		}
		list[i] = *m
	}
	return list
}

// key is what names a message from its first line on: its effect, else its wamid, else its place in the log.
func (f *folder) key(m *Message) string {
	switch {
	case m.Effect != "" && f.byID[effectPrefix+m.Effect] == m:
		return "e" + m.Effect
	case m.ID != "" && m.ID != m.Effect && f.byID[m.ID] == m:
		return m.ID
	}
	return "l" + strconv.Itoa(m.Place)
}

func quoteOf(id string, m *Message) *Quote {
	if m == nil {
		return &Quote{ID: id, Missing: true}
	}
	q := &Quote{Key: m.Key, ID: m.ID, At: m.At, Author: m.Author, Who: m.Who, Text: m.Text, Type: m.Type, private: m.Kind != KindMessage}
	if q.Text == "" && len(m.Files) > 0 {
		q.Text = m.Files[0].Name
	}
	q.Text = short(oneLine(q.Text), mostQuoted)
	return q
}
