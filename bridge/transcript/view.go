package transcript

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// view is a transcript made ready to be shown: its words chosen, its times in the zone, its texts safe. The renderers only place it.
type view struct {
	labels   labels
	language Language
	head     []field
	rows     []row
	newest   time.Time // of the lines
	title    string
}

// field is a line of the head.
type field struct{ label, value string }

// tone is on which side a message stands, and in which colour.
type tone string

const (
	toneCustomer tone = "customer"
	toneOffice   tone = "office" // went out by WhatsApp
	toneOther    tone = "other"  // by another channel
	toneNote     tone = "note"
	toneSystem   tone = "system"
)

// row is a separator, or a message.
type row struct {
	separator string // nothing else is set with it
	day       bool   // the separator is a date
	m         Message
	at        time.Time // in the zone
	clock     string
	tone      tone
	sender    string
	origin    string
	text      string
	details   []detail
}

// detail is something about a message, on lines of its own.
type detail struct {
	kind detailKind
	head string
	text string // may have several lines; "" for none
}

type detailKind string

const (
	detailQuote    detailKind = "quote"
	detailFile     detailKind = "file"
	detailTemplate detailKind = "template"
	detailEdit     detailKind = "edit"
	detailRevoked  detailKind = "revoked"
	detailReaction detailKind = "reaction"
	detailDelivery detailKind = "delivery"
)

// line is the detail as one text.
func (d detail) line() string {
	if d.text == "" {
		return d.head
	}
	return d.head + ": " + d.text
}

// messages folds the log into what this transcript shows.
func (c Conversation) messages() []Message {
	entries := c.Entries
	if c.Mask != nil {
		entries = slices.Clone(entries)
		for i := range entries {
			e := &entries[i]
			e.Text, e.Reason, e.Who = c.Mask(e.Text), c.Mask(e.Reason), c.Mask(e.Who)
			if e.File != nil {
				file := *e.File
				file.Name = c.Mask(file.Name)
				e.File = &file
			}
		}
	}
	list := Fold(entries)
	if c.Only != nil {
		list = slices.DeleteFunc(list, func(m Message) bool { return !c.Only(m) })
	}
	if c.Public {
		list = slices.DeleteFunc(list, func(m Message) bool { return m.Kind != KindMessage || m.Author == "" })
		for i := range list {
			list[i].publish()
		}
	}
	return list
}

// publish takes out of a message what is not for the customer.
func (m *Message) publish() {
	m.Reason, m.Agent = "", 0
	for i := range m.Files {
		m.Files[i].Reason = ""
	}
	if m.Quote != nil && m.Quote.private {
		m.Quote = &Quote{Missing: true}
	}
}

func (c Conversation) mask(s string) string {
	if c.Mask == nil {
		return s
	}
	return c.Mask(s)
}

// look makes the view of a conversation.
func look(c Conversation) view {
	v := view{labels: labelsOf(c.Language), language: Portuguese}
	if c.Language == English {
		v.language = English
	}
	v.title = v.labels.title
	if c.Session != "" {
		v.title += " " + oneLine(c.Session)
	}
	list := c.messages()
	v.head = c.head(v.labels, list)
	v.rows = make([]row, 0, len(list)+8)
	for _, m := range list {
		at := m.At.In(c.zone())
		v.separate(at)
		v.rows = append(v.rows, c.row(v.labels, m, at))
	}
	if n := len(list); n > 0 {
		v.newest = list[n-1].At.In(c.zone())
	}
	return v
}

// separate puts the date before the first message of a day, and says where the clocks were changed.
func (v *view) separate(at time.Time) {
	l := v.labels
	if len(v.rows) == 0 {
		v.rows = append(v.rows, row{separator: l.day(at), day: true})
		return
	}
	last := v.rows[len(v.rows)-1].at
	if last.Format(dayLayout) != at.Format(dayLayout) {
		v.rows = append(v.rows, row{separator: l.day(at), day: true})
	}
	if offset(last) != offset(at) {
		v.rows = append(v.rows, row{separator: fmt.Sprintf(l.clockChanged, offset(at))})
	}
}

func (c Conversation) head(l labels, list []Message) []field {
	var head []field
	add := func(label, value string) {
		if value != "" {
			head = append(head, field{label, value})
		}
	}
	add(l.session, oneLine(c.Session))
	if c.Ticket != 0 {
		add(l.ticket, strconv.FormatInt(c.Ticket, 10))
	}
	add(l.number, name(c.mask(c.Number)))
	add(l.contact, personName(c.mask(c.Contact)))
	add(l.phone, oneLine(c.Phone))
	add(l.organisation, name(c.mask(c.Organisation)))
	if len(list) > 0 {
		first, last := list[0].At.In(c.zone()), list[len(list)-1].At.In(c.zone())
		add(l.period, l.stamp(first)+" – "+l.stamp(last))
		add(l.zone, zoneName(first))
	}
	if !c.Written.IsZero() {
		add(l.written, l.stamp(c.Written.In(c.zone())))
	}
	return head
}

func (c Conversation) row(l labels, m Message, at time.Time) row {
	r := row{
		m: m, at: at, clock: at.Format(clockLayout), tone: toneOf(m), sender: c.sender(l, m.Author, m.Who),
		origin: oneLine(known(l.origins, m.Origin)), text: body(m.Text),
	}
	switch m.Kind {
	case KindState:
		r.sender, r.origin, r.text = l.situation, "", stateText(l, m)
		return r
	case KindNote:
		r.origin = l.note
	case KindNotice:
		r.origin = l.notice
	case KindMessage:
	}
	if m.Quote != nil && m.Quote.Missing {
		r.text = loneText(l, m, r.text)
	}
	if r.text == "" && len(m.Files) == 0 {
		r.text = fmt.Sprintf(l.empty, typeName(l, m.Type))
	}
	r.details = c.details(l, m, at)
	return r
}

// loneText is the text of a message whose counterpart is missing: where it is a change, it says which.
func loneText(l labels, m Message, text string) string {
	switch m.Type {
	case typeReaction:
		if shown := oneLine(emoji(m.Text)); shown != "" {
			return fmt.Sprintf(l.loneReaction, shown)
		}
		return l.loneNoReaction
	case typeEdit:
		return fmt.Sprintf(l.loneEdit, strings.TrimPrefix(text, editedBefore))
	case typeRevoke:
		return l.loneRevoke
	}
	return text
}

func toneOf(m Message) tone {
	switch {
	case m.Kind == KindNote:
		return toneNote
	case m.Kind != KindMessage:
		return toneSystem
	case m.Author == conversation.AuthorCustomer:
		return toneCustomer
	case m.Effect != "" || m.Delivery != "" || m.Origin == conversation.OriginPhone:
		return toneOffice
	}
	return toneOther
}

func (c Conversation) sender(l labels, author conversation.Author, who string) string {
	name := personName(who)
	switch author {
	case conversation.AuthorCustomer:
		for _, s := range []string{name, personName(c.mask(c.Contact)), oneLine(c.Phone)} {
			if s != "" {
				return s
			}
		}
		return l.customer
	case conversation.AuthorAgent:
		if name != "" {
			return name
		}
		return l.agent
	case conversation.AuthorPonte:
		return l.ponte
	}
	return l.unknown
}

func typeName(l labels, kind string) string { return oneLine(known(l.types, kind)) }

func stateText(l labels, m Message) string {
	text := oneLine(known(l.states, m.State))
	var about []string
	if m.Before != conversation.StateNone {
		about = append(about, fmt.Sprintf(l.before, oneLine(known(l.states, m.Before))))
	}
	for _, s := range []string{known(l.reasons, m.Reason), m.Text} {
		if s = oneLine(s); s != "" {
			about = append(about, s)
		}
	}
	if len(about) > 0 {
		text += " (" + strings.Join(about, "; ") + ")"
	}
	return text
}
