package transcript

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// details is what is told about a message below it.
func (c Conversation) details(l labels, m Message, at time.Time) []detail {
	var list []detail
	add := func(kind detailKind, head, text string) { list = append(list, detail{kind, head, text}) }
	in := func(t time.Time) time.Time { return t.In(c.zone()) }
	if q := m.Quote; q != nil {
		text := c.quote(l, *q, at)
		if q.Missing && (m.Type == typeReaction || m.Type == typeEdit || m.Type == typeRevoke) {
			text = l.aboutLost
		}
		add(detailQuote, text, "")
	}
	for _, f := range m.Files {
		add(detailFile, fileText(l, f), "")
	}
	if m.Template != "" {
		add(detailTemplate, fmt.Sprintf(l.template, name(m.Template)), "")
	}
	for _, e := range m.Edits {
		text := body(e.Text)
		if text == "" {
			text = fmt.Sprintf(l.empty, typeName(l, typeEdit))
		}
		add(detailEdit, fmt.Sprintf(l.edited, l.when(in(e.At), at)), text)
	}
	if r := m.Revoked; r != nil {
		by, ok := l.revoked[r.Author]
		if !ok {
			by = l.revoked[""]
		}
		add(detailRevoked, fmt.Sprintf(by, l.when(in(r.At), at)), "")
	}
	for _, r := range m.Reactions {
		text := fmt.Sprintf(l.reaction, short(oneLine(r.Emoji), mostQuoted), c.sender(l, r.Author, r.Who), l.brief(in(r.At), at))
		if !r.Until.IsZero() {
			text += fmt.Sprintf(l.until, l.brief(in(r.Until), at))
		}
		add(detailReaction, text, "")
	}
	if s := deliveryText(l, m); s != "" {
		add(detailDelivery, s, "")
	}
	return list
}

func (c Conversation) quote(l labels, q Quote, at time.Time) string {
	if q.Missing {
		return l.answersLost
	}
	text := short(oneLine(q.Text), mostQuoted)
	if text == "" {
		text = fmt.Sprintf(l.answersWhat, typeName(l, q.Type))
	}
	return fmt.Sprintf(l.answers, c.sender(l, q.Author, q.Who)+", "+l.brief(q.At.In(c.zone()), at), text)
}

// deliveryText is how far an outbound message came, "" for any other.
func deliveryText(l labels, m Message) string {
	if m.Delivery == "" {
		return ""
	}
	text := oneLine(known(l.deliveries, m.Delivery))
	if reason := oneLine(known(l.reasons, m.Reason)); reason != "" && (m.Delivery == conversation.DeliveryFailed || m.Delivery == conversation.DeliveryKept) {
		text += ": " + reason
	}
	return text
}

// fileText names a file and its size, or says why it never came.
func fileText(l labels, f File) string {
	name := fileLabel(l, f)
	reason := oneLine(f.Reason)
	switch {
	case reason != "":
		return fmt.Sprintf(l.refused, name, reason)
	case f.Refused:
		return fmt.Sprintf(l.refusedPlain, name)
	}
	return fmt.Sprintf(l.attachment, name)
}

// fileLabel is a file's name and size, as in "foto.jpg, 120 kB".
func fileLabel(l labels, f File) string {
	name := fileName(f.Name)
	if name == "" {
		kind := f.Kind
		if f.Voice {
			kind = "voice"
		}
		if kind == "" {
			kind = typeFile
		}
		name = typeName(l, kind)
	}
	if f.Size > 0 {
		name += ", " + size(f.Size, l.decimal)
	}
	return name
}

// size is a number of bytes as people read it, in powers of a thousand.
func size(bytes int64, decimal string) string {
	const step = 1000
	units := []string{"B", "kB", "MB", "GB", "TB"}
	n, unit := float64(bytes), 0
	for n >= step-0.5 && unit < len(units)-1 {
		n /= step
		unit++
	}
	if unit < 2 || n >= 100 {
		return strconv.FormatFloat(n, 'f', 0, 64) + " " + units[unit]
	}
	return strings.Replace(strconv.FormatFloat(n, 'f', 1, 64), ".", decimal, 1) + " " + units[unit]
}
