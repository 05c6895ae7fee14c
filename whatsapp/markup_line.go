package whatsapp

import (
	"math/bits"
	"strings"
)

// style is a set of WhatsApp's ways to set text.
type style uint8

const (
	bold style = 1 << iota
	italic
	strike
	mono // always innermost: within it other marks would be shown as they are

	styleCount = 4
)

// mark returns the character that begins and ends a single style.
func (s style) mark() byte { return "*_~`"[bits.TrailingZeros8(uint8(s))] }

// markupLine is a line of text in the making.
type markupLine struct {
	text []byte
	// runs are the parts of the text in one style, in order. The first and the last are words; only the first run of a preformatted
	// line may be a gap.
	runs []styleRun
	// prefix stands in front: what marks a quotation, a list item, or the room below one.
	prefix string
	// pre says that the line is preformatted and has no styles.
	pre bool
	// blank asks for a blank line before it.
	blank bool
}

// styleRun is a part of a line in one style.
type styleRun struct {
	end   int // where it ends in the text; it begins where the one before ends
	style style
	gap   bool // only the spaces between two words of different styles
}

func (l *markupLine) empty() bool { return len(l.text) == 0 }

func (l *markupLine) reset() { *l = markupLine{text: l.text[:0], runs: l.runs[:0]} }

// add adds a word, behind a gap of so many spaces that stood within a style.
func (l *markupLine) add(word string, s style, gap int, within style) {
	last := s
	if len(l.runs) > 0 {
		last = l.runs[len(l.runs)-1].style
	}
	within &= s
	for range gap {
		l.text = append(l.text, ' ')
	}
	if gap > 0 && (within != s || last != s) {
		if s&^last&^mono != 0 {
			within &^= mono // it is closed before the gap, to be opened again within what begins behind it
		}
		l.runs = append(l.runs, styleRun{end: len(l.text), style: within, gap: true})
	}
	l.text = append(l.text, word...)
	if n := len(l.runs); n > 0 && l.runs[n-1].style == s && !l.runs[n-1].gap {
		l.runs[n-1].end = len(l.text)
		return
	}
	l.runs = append(l.runs, styleRun{end: len(l.text), style: s})
}

// write writes the line behind its prefix. Marks are opened right before a word, closed right behind one, well nested, and all closed
// at the end.
func (l *markupLine) write(b *strings.Builder) {
	w := markWriter{b: b, runs: l.runs}
	from := 0
	for i, r := range l.runs {
		w.close(r.style)
		if !r.gap {
			w.open(i, r.style)
		}
		b.Write(l.text[from:r.end])
		from = r.end
	}
	w.close(0)
}

// markWriter keeps the marks that are open, the outermost first.
type markWriter struct {
	b     *strings.Builder
	runs  []styleRun
	stack [styleCount]style
	depth int
	ends  [styleCount]int // by style, as far as end has looked
}

// close closes what is open and not in s, and what was opened behind it.
func (w *markWriter) close(s style) {
	kept := 0
	for kept < w.depth && w.stack[kept]&s != 0 {
		kept++
	}
	for w.depth > kept {
		w.pop()
	}
}

func (w *markWriter) pop() {
	w.depth--
	w.b.WriteByte(w.stack[w.depth].mark())
}

// open opens what is in s and not open yet, in front of run i: what lasts longest first, mono last.
func (w *markWriter) open(i int, s style) {
	for _, one := range w.stack[:w.depth] {
		s &^= one
	}
	if s != 0 && w.depth > 0 && w.stack[w.depth-1] == mono {
		w.pop()
		s |= mono
	}
	for s != 0 {
		next, end := mono, -1
		for one := bold; one < mono; one <<= 1 {
			if s&one != 0 && w.end(i, one) > end {
				next, end = one, w.end(i, one)
			}
		}
		w.b.WriteByte(next.mark())
		w.stack[w.depth] = next
		w.depth++
		s &^= next
	}
}

// end returns the run, not before i, at which a style ends. It looks at each run once for each style.
func (w *markWriter) end(i int, s style) int {
	end := &w.ends[bits.TrailingZeros8(uint8(s))]
	*end = max(*end, i)
	for *end < len(w.runs) && w.runs[*end].style&s != 0 {
		*end++
	}
	return *end
}
