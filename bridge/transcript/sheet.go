package transcript

import (
	"strings"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// Measures of a page in millimetres: A4, with room for the head of the page.
const (
	pageWidth    = 210.0
	pageHeight   = 297.0
	marginSide   = 16.0
	marginTop    = 25.0
	marginBottom = 16.0
	contentWidth = pageWidth - 2*marginSide
	bubbleWidth  = 132.0 // at most
	padding      = 2.6   // within a bubble
	gap          = 1.8   // between bubbles
	radius       = 2.2
	quoteIndent  = 3.0
	wholeUpTo    = 90.0 // a bubble up to this height is moved to the next page rather than divided
	perPoint     = 25.4 / 72
)

// style is how a line of text looks.
type style struct {
	face   face
	points float64
	height float64 // of the line, in millimetres
	color  rgb
}

type rgb struct{ r, g, b int }

// styles is the styles of a document.
type styles struct{ title, field, label, day, sender, small, text, gone, quote, file, failed style }

func printStyles() styles {
	ink, faint, alert := rgb{20, 28, 26}, rgb{88, 100, 97}, rgb{163, 32, 26}
	return styles{
		title:  style{bold, 15, 8, ink},
		field:  style{regular, 9.5, 4.8, ink},
		label:  style{regular, 9.5, 4.8, faint},
		day:    style{bold, 9, 9, faint},
		sender: style{bold, 8.8, 4.4, ink},
		small:  style{regular, 7.8, 3.9, faint},
		text:   style{regular, 9.8, 4.7, ink},
		gone:   style{regular, 9.8, 4.7, faint},
		quote:  style{italic, 8.4, 4.1, faint},
		file:   style{regular, 7.8, 3.9, ink},
		failed: style{bold, 7.8, 3.9, alert},
	}
}

// piece is some text in one style.
type piece struct {
	style style
	text  string  // printable
	after float64 // millimetres until the next piece
}

// align is where a line stands in its box.
type align int

const (
	left align = iota
	center
	right
)

// printed is one line of a box.
type printed struct {
	pieces []piece
	height float64
	indent float64
	align  align
	bar    bool // a bar to the left, as beside a quotation
	struck bool // a line through the text
	keep   bool // stays on one page with the next line
}

// box is lines that stand together: a bubble, a separator, the head.
type box struct {
	tone  tone // "" for none: neither colour nor border
	x, w  float64
	lines []printed
	mark  string // of the outline
}

func (b box) inset() float64 {
	if b.tone == "" || b.tone == toneSystem {
		return 0
	}
	return padding
}

func (b box) height() float64 {
	h := 2 * b.inset()
	for _, l := range b.lines {
		h += l.height
	}
	return h
}

// typesetter makes boxes out of rows.
type typesetter struct {
	g *glyphs
	l labels
	s styles
}

// width is how wide a piece is, with the space after it.
func (t typesetter) width(p piece) float64 {
	return t.g.width(p.style.face, p.text)*p.style.points*perPoint + p.after
}

// wrap makes lines of at most width out of a text.
func (t typesetter) wrap(s style, text string, width float64) []piece {
	var list []piece
	for paragraph := range strings.SplitSeq(text, "\n") {
		for _, line := range t.g.wrap(s.face, t.g.printable(paragraph), width/(s.points*perPoint)) {
			list = append(list, piece{style: s, text: line})
		}
	}
	return list
}

// paragraph adds a text to a box.
func (t typesetter) paragraph(b *box, s style, text string, form printed) {
	for _, p := range t.wrap(s, text, b.w-2*b.inset()-form.indent) {
		line := form
		line.pieces, line.height = []piece{p}, s.height
		b.lines = append(b.lines, line)
	}
}

// head is the title and the fields below it.
func (t typesetter) head(v view) box {
	b := box{x: marginSide, w: contentWidth}
	t.paragraph(&b, t.s.title, v.labels.title, printed{keep: true})
	labelWidth := 0.0
	labels := make([]piece, len(v.head))
	for i, f := range v.head {
		labels[i] = piece{style: t.s.label, text: t.g.printable(f.label)}
		labelWidth = max(labelWidth, t.width(labels[i])+4)
	}
	for i, f := range v.head {
		for n, p := range t.wrap(t.s.field, f.value, contentWidth-labelWidth) {
			line := printed{height: t.s.field.height, pieces: []piece{p}, indent: labelWidth}
			if n == 0 {
				label := labels[i]
				label.after = labelWidth - t.width(label)
				line.pieces, line.indent = []piece{label, p}, 0
			}
			b.lines = append(b.lines, line)
		}
	}
	return b
}

// separator is a date, or a change of the clocks.
func (t typesetter) separator(r row) box {
	b := box{x: marginSide, w: contentWidth}
	if r.day {
		b.mark = r.separator
	}
	t.paragraph(&b, t.s.day, "— "+r.separator+" —", printed{align: center, keep: true})
	return b
}

// note is the line at the end that explains what stands for characters that cannot be shown.
func (t typesetter) note() box {
	b := box{x: marginSide, w: contentWidth}
	t.paragraph(&b, t.s.small, " \n"+t.l.missingGlyphs, printed{})
	return b
}

// message is a bubble.
func (t typesetter) message(r row) box {
	b := box{tone: r.tone, w: bubbleWidth}
	if r.tone == toneSystem {
		text := r.clock + "  " + r.sender
		if r.origin != "" {
			text += " (" + r.origin + ")"
		}
		t.paragraph(&b, t.s.small, text+": "+r.text, printed{align: center})
	} else {
		t.sender(&b, r)
		t.body(&b, r)
	}
	t.details(&b, r)
	t.place(&b)
	return b
}

// sender is the first line of a bubble: who, by which way and when.
func (t typesetter) sender(b *box, r row) {
	about := r.clock
	if r.origin != "" {
		about = r.origin + " · " + about
	}
	small := piece{style: t.s.small, text: "  " + t.g.printable(about)}
	inner := b.w - 2*b.inset()
	names := t.wrap(t.s.sender, r.sender, inner-t.width(small))
	for i, name := range names {
		line := printed{pieces: []piece{name}, height: t.s.sender.height, keep: true}
		if i == len(names)-1 {
			line.pieces = append(line.pieces, small)
		}
		b.lines = append(b.lines, line)
	}
}

func (t typesetter) body(b *box, r row) {
	for _, d := range r.details {
		if d.kind == detailQuote {
			t.paragraph(b, t.s.quote, d.line(), printed{indent: quoteIndent, bar: true, keep: true})
		}
	}
	switch {
	case r.text == "":
	case r.m.Revoked != nil:
		t.paragraph(b, t.s.gone, r.text, printed{struck: true})
	default:
		t.paragraph(b, t.s.text, r.text, printed{})
	}
}

func (t typesetter) details(b *box, r row) {
	form := printed{}
	if r.tone == toneSystem {
		form.align = center
	}
	for _, d := range r.details {
		switch d.kind {
		case detailQuote:
		case detailFile:
			t.paragraph(b, t.s.file, d.line(), form)
		case detailDelivery:
			s := t.s.small
			if r.m.Delivery == conversation.DeliveryFailed {
				s = t.s.failed
			}
			t.paragraph(b, s, d.line(), printed{align: right})
		case detailEdit:
			t.paragraph(b, t.s.small, d.head+":", printed{keep: true})
			t.paragraph(b, t.s.text, d.text, printed{indent: quoteIndent, bar: true})
		case detailTemplate, detailRevoked, detailReaction:
			t.paragraph(b, t.s.small, d.line(), form)
		}
	}
}

// place makes a bubble as narrow as its lines allow and puts it on its side.
func (t typesetter) place(b *box) {
	widest := 0.0
	for _, l := range b.lines {
		w := l.indent
		for _, p := range l.pieces {
			w += t.width(p)
		}
		widest = max(widest, w)
	}
	b.w = min(b.w, widest+2*b.inset()+0.1)
	switch b.tone {
	case toneCustomer:
		b.x = marginSide
	case toneOffice, toneOther, toneNote:
		b.x = pageWidth - marginSide - b.w
	case toneSystem:
		b.x = (pageWidth - b.w) / 2
	}
}
