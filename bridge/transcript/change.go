package transcript

import (
	"cmp"
	"slices"
	"strings"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// change applies a line that is about an earlier message.
func (f *folder) change(e conversation.Entry) {
	switch e.Type {
	case typeReaction:
		f.react(e)
	case typeEdit:
		f.edit(e)
	case typeRevoke:
		f.revoke(e)
	case typeFile:
		f.file(e)
	default:
		if m := f.find(e); m != nil && e.Delivery != "" {
			f.name(m, e)
			f.touch(m)
			m.deliver(e)
		}
	}
}

// The sentences that stand around an emoji and before a new text in lines of a log that was written for the ticket.
const (
	reactedBefore = "(reagiu com "
	reactedAfter  = " a uma mensagem)"
	reactedNoMore = "(o cliente retirou a reação a uma mensagem)"
	editedBefore  = "(mensagem editada) "
)

// emoji is what a reaction shows, "" when it was taken back.
func emoji(text string) string {
	if text == reactedNoMore {
		return ""
	}
	if inner, ok := strings.CutPrefix(text, reactedBefore); ok {
		return strings.TrimSuffix(inner, reactedAfter)
	}
	return text
}

// react puts a reaction on its message. The customer has one at a time, and so has the company.
func (f *folder) react(e conversation.Entry) {
	m := f.about(e.Re)
	if m == nil {
		f.add(e) // it stands alone
		return
	}
	f.touch(m)
	id, shown, customer := strings.Join(ids(e), " "), emoji(e.Text), e.Author == conversation.AuthorCustomer
	if id != "" && slices.ContainsFunc(m.Reactions, func(r Reaction) bool { return r.id == id }) {
		return
	}
	for i := range m.Reactions {
		r := &m.Reactions[i]
		if !r.Until.IsZero() || (r.Author == conversation.AuthorCustomer) != customer {
			continue
		}
		if r.Emoji == shown {
			return
		}
		r.Until = e.At
	}
	if shown != "" {
		m.Reactions = append(m.Reactions, Reaction{At: e.At, Author: e.Author, Who: e.Who, Emoji: shown, id: id})
	}
}

// alias lets the id of an edit name the message that was edited: what comes later may refer to either.
func (f *folder) alias(e conversation.Entry) {
	if m := f.about(e.Re); m != nil && e.Message != "" && f.byID[e.Message] == nil {
		f.byID[e.Message] = m
	}
}

func (f *folder) edit(e conversation.Entry) {
	m := f.about(e.Re)
	if m == nil {
		f.add(e) // it stands alone
		return
	}
	f.touch(m)
	edit := Edit{At: e.At, Text: strings.TrimPrefix(e.Text, editedBefore), id: e.Message}
	for _, have := range m.Edits {
		if edit.id != "" && have.id == edit.id || edit.id == have.id && have.At.Equal(edit.At) && have.Text == edit.Text {
			return
		}
	}
	m.Edits = append(m.Edits, edit)
}

func (f *folder) revoke(e conversation.Entry) {
	m := f.about(e.Re)
	if m == nil {
		f.add(e) // it stands alone
		return
	}
	f.touch(m)
	if m.Revoked == nil {
		m.Revoked = &Revocation{At: e.At, Author: e.Author, Who: e.Who}
	}
}

// file tells what became of a file of a message.
func (f *folder) file(e conversation.Entry) {
	m := f.find(e)
	switch {
	case m == nil && e.File == nil && e.Reason == "":
	case m == nil: // it stands alone
		if m = f.add(e); m == nil {
			return
		}
		if e.File == nil {
			m.Files = []File{{}}
		}
		m.Files[0].refuse(e.Reason)
		m.Reason = ""
		return
	case e.File != nil:
		m.file(*e.File, e.Reason)
	default:
		m.refuse(e.Reason)
	}
	if m != nil {
		f.touch(m)
	}
}

// file keeps the newest that is known of a file.
func (m *Message) file(file conversation.File, reason string) {
	for i := range m.Files {
		have := &m.Files[i]
		if have.ID != file.ID {
			continue
		}
		voice := have.Voice || file.Voice
		have.File = conversation.File{
			ID: have.ID, Kind: cmp.Or(file.Kind, have.Kind), Name: cmp.Or(file.Name, have.Name), MIME: cmp.Or(file.MIME, have.MIME),
			Size: cmp.Or(file.Size, have.Size), Media: cmp.Or(file.Media, have.Media), SHA256: cmp.Or(file.SHA256, have.SHA256),
			URL: cmp.Or(file.URL, have.URL), Voice: voice,
		}
		have.refuse(reason)
		return
	}
	m.Files = append(m.Files, File{File: file, Refused: reason != "", Reason: reason})
}

// refuse says of the message's file that it will not arrive: of the first that may still, else of one that is not known.
func (m *Message) refuse(reason string) {
	for i := range m.Files {
		if m.Files[i].Reason == reason {
			return
		}
	}
	for i := range m.Files {
		if !m.Files[i].Refused {
			m.Files[i].refuse(reason)
			return
		}
	}
	m.Files = append(m.Files, File{Refused: true, Reason: reason})
}

// refuse says why a file will not arrive; an empty reason, that it may.
func (f *File) refuse(reason string) { f.Refused, f.Reason = reason != "", reason }

// deliver merges a delivery state. A line that puts a message back into the queue counts while the customer does not have it.
func (m *Message) deliver(e conversation.Entry) {
	next := m.Delivery.Merge(e.Delivery)
	switch e.Delivery {
	case conversation.DeliveryQueued, conversation.DeliveryKept:
		if !arrived(m.Delivery) && !e.At.Before(m.DeliveredAt) {
			next = e.Delivery
		}
	case conversation.DeliveryAccepted, conversation.DeliverySent, conversation.DeliveryDelivered, conversation.DeliveryRead,
		conversation.DeliveryPlayed, conversation.DeliveryFailed:
	}
	if next != m.Delivery {
		m.Delivery, m.DeliveredAt, m.Reason = next, e.At, e.Reason
	}
}

func arrived(s conversation.DeliveryState) bool {
	switch s {
	case conversation.DeliveryDelivered, conversation.DeliveryRead, conversation.DeliveryPlayed:
		return true
	case conversation.DeliveryQueued, conversation.DeliveryKept, conversation.DeliveryAccepted, conversation.DeliverySent,
		conversation.DeliveryFailed:
	}
	return false
}
