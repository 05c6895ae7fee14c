package transcript

import (
	"bytes"
	"fmt"
	"slices"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// family is the name of the typeface within a document.
const family = "go"

// PDF is the transcript as a document to be printed and kept: A4, with the session, the ticket and the number of the page on each. Its
// typeface has the letters of European languages; an emoji is shown by its name in brackets, any other character that it lacks as
// "□", and a line at the end says so. The same input gives the same bytes.
func PDF(c Conversation) ([]byte, error) {
	v := look(c)
	g, err := newGlyphs(v.language)
	if err != nil {
		return nil, err
	}
	d := drawing{pdf: fpdf.New("P", "mm", "A4", ""), set: typesetter{g: g, l: v.labels, s: printStyles()}, view: v}
	d.begin(c)
	pages := d.layOut()
	for i, parts := range pages {
		d.page(i, len(pages), parts)
	}
	var b bytes.Buffer
	if err := d.pdf.Output(&b); err != nil {
		return nil, fmt.Errorf("write PDF: %w", err)
	}
	return b.Bytes(), nil
}

// drawing is a document that is being drawn.
type drawing struct {
	pdf  *fpdf.Fpdf
	set  typesetter
	view view
}

// begin prepares the document. Its dates are those of the input, never the clock's.
func (d *drawing) begin(c Conversation) {
	pdf := d.pdf
	dated := d.view.newest
	if !c.Written.IsZero() {
		dated = c.Written
	}
	if dated.IsZero() {
		dated = time.Unix(0, 0)
	}
	pdf.SetCreationDate(dated.UTC())
	pdf.SetModificationDate(dated.UTC())
	pdf.SetCatalogSort(true)
	pdf.SetProducer("Ponte", false)
	pdf.SetCreator("Ponte", false)
	pdf.SetTitle(d.set.g.printable(d.view.title), true)
	pdf.SetLang(string(d.view.language))
	pdf.SetMargins(marginSide, marginTop, marginSide)
	pdf.SetAutoPageBreak(false, 0)
	for i, raw := range faceBytes() {
		pdf.AddUTF8FontFromBytes(family, face(i).style(), slices.Clone(raw))
	}
}

// style is what the library calls a face.
func (f face) style() string {
	switch f {
	case bold:
		return "B"
	case italic:
		return "I"
	case regular:
	}
	return ""
}

// layOut puts the boxes on pages.
func (d *drawing) layOut() [][]part {
	var p paginator
	p.add(d.set.head(d.view), 0)
	p.y += gap
	const bubble = 16 // a date stays with the beginning of a message
	for _, r := range d.view.rows {
		if r.separator != "" {
			p.add(d.set.separator(r), bubble)
			continue
		}
		p.add(d.set.message(r), 0)
	}
	if d.set.g.replaced {
		p.add(d.set.note(), 0)
	}
	return p.pages
}

// page draws a page: its head, then its boxes.
func (d *drawing) page(i, of int, parts []part) {
	d.pdf.AddPage()
	const y = 14
	name := d.view.labels.title
	info := fmt.Sprintf(d.view.labels.page, i+1, of)
	for _, f := range d.view.head {
		if f.label == d.view.labels.session {
			name = f.label + " " + f.value
		}
		if f.label == d.view.labels.ticket {
			info = f.label + " " + f.value + "  ·  " + info
		}
	}
	end := piece{style: d.set.s.small, text: d.set.g.printable(info)}
	width := d.set.width(end)
	begin := d.set.wrap(d.set.s.small, name, contentWidth-width-6)[0]
	d.text(begin, marginSide, y)
	d.text(end, pageWidth-marginSide-width, y)
	d.pdf.SetDrawColor(190, 199, 196)
	d.pdf.SetLineWidth(0.2)
	d.pdf.Line(marginSide, y+2.4, pageWidth-marginSide, y+2.4)
	for _, part := range parts {
		d.part(part)
	}
}

// fill is the colour of a bubble.
func (t tone) fill() (c rgb, filled bool) {
	switch t {
	case toneCustomer:
		return rgb{255, 255, 255}, true
	case toneOffice:
		return rgb{226, 245, 224}, true
	case toneOther:
		return rgb{225, 237, 251}, true
	case toneNote:
		return rgb{253, 243, 205}, true
	case toneSystem:
	}
	return rgb{}, false
}

// part draws some lines of a box, with its bubble.
func (d *drawing) part(p part) {
	b := p.box
	if c, filled := b.tone.fill(); filled {
		d.pdf.SetFillColor(c.r, c.g, c.b)
		d.pdf.SetDrawColor(196, 205, 202)
		d.pdf.SetLineWidth(0.2)
		d.pdf.RoundedRect(b.x, p.y, b.w, p.height(), radius, p.corners(), "FD")
	}
	if b.mark != "" && p.first {
		d.font(d.set.s.day)
		d.pdf.Bookmark(d.set.g.printable(b.mark), 0, p.y)
	}
	y := p.y + b.inset()
	for _, l := range b.lines[p.from:p.to] {
		d.line(b, l, y)
		y += l.height
	}
}

// corners names the corners of a part that are round: where its box goes on, on another page, they are not.
func (p part) corners() string {
	corners := ""
	if p.first {
		corners += "12"
	}
	if p.last {
		corners += "34"
	}
	return corners
}

// line draws a line of a box whose top is at y.
func (d *drawing) line(b box, l printed, y float64) {
	width := 0.0
	for _, p := range l.pieces {
		width += d.set.width(p)
	}
	x := b.x + b.inset() + l.indent
	inner := b.w - 2*b.inset() - l.indent
	switch l.align {
	case center:
		x += (inner - width) / 2
	case right:
		x += inner - width
	case left:
	}
	if l.bar {
		d.pdf.SetFillColor(150, 162, 158)
		d.pdf.Rect(x-quoteIndent+0.8, y, 0.6, l.height, "F")
	}
	base := y + l.height*0.74
	for _, p := range l.pieces {
		d.text(p, x, base)
		w := d.set.width(p)
		if l.struck && p.text != "" {
			d.pdf.SetDrawColor(p.style.color.r, p.style.color.g, p.style.color.b)
			d.pdf.SetLineWidth(0.2)
			d.pdf.Line(x, base-p.style.points*perPoint*0.28, x+w, base-p.style.points*perPoint*0.28)
		}
		x += w
	}
}

func (d *drawing) font(s style) {
	d.pdf.SetFont(family, s.face.style(), s.points)
	d.pdf.SetTextColor(s.color.r, s.color.g, s.color.b)
}

// text draws a piece from x on, its letters standing on base.
func (d *drawing) text(p piece, x, base float64) {
	if p.text == "" {
		return
	}
	d.font(p.style)
	d.pdf.Text(x, base, p.text)
}
