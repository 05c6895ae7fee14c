package whatsapp

import (
	"math/bits"
	"strconv"
	"strings"
	"unicode"
)

// lineBreak is what has to come before the next word.
type lineBreak int

const (
	sameLine lineBreak = iota
	nextLine
	blankLine
)

const (
	maxIndent = 8 // levels of a list, deeper ones are not shown deeper
	tabWidth  = 4
	fence     = "```"
)

// renderer writes WhatsApp's text while it is told the parts of an HTML document. Breaks and spaces wait until a word follows.
type renderer struct {
	out  strings.Builder
	line markupLine
	// before is the break that is due before the next word.
	before lineBreak
	// gap is how many spaces are due before the next word, within the style of the first. Collapsing tells that the last one
	// swallows more of its like.
	gap        int
	within     style
	collapsing bool

	styles   [styleCount]int // how many elements of each style are open
	headings int
	quotes   int
	pre      int
	fenced   bool // the text of the answer ends within preformatted lines

	lists  []openList
	bullet string // of the item that has no word yet

	cells int  // of the row, so far
	bars  int  // that are due before the next word
	fresh bool // the cell has no word yet: breaks are no matter

	link openLink
	head bool
	skip bool // the next token is no text for people
}

type openList struct {
	ordered bool
	next    int
}

// text takes a text token.
func (r *renderer) text(s string) {
	if r.skip || r.head {
		r.skip = false
		return
	}
	r.words(replaceInvalid(s))
}

// words takes a text apart into words and white space.
func (r *renderer) words(s string) {
	from := -1
	for i, c := range s {
		soft, hard, dropped := isSoftSpace(c), isHardSpace(c), isDropped(c)
		if !soft && !hard && !dropped {
			if from < 0 {
				from = i
			}
			continue
		}
		if from >= 0 {
			r.word(s[from:i])
			from = -1
		}
		switch {
		case dropped:
		case hard:
			r.space(1, false)
		case r.pre == 0:
			r.space(1, true)
		case c == '\n':
			r.newLine()
		case c == '\t':
			r.space(tabWidth, false)
		default:
			r.space(1, false)
		}
	}
	if from >= 0 {
		r.word(s[from:])
	}
}

// isSoftSpace reports whether a character is white space that collapses.
func isSoftSpace(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\f', '\r':
		return true
	}
	return false
}

// isHardSpace reports whether a character is white space that does not collapse.
func isHardSpace(r rune) bool { return unicode.IsSpace(r) && !isSoftSpace(r) }

// isDropped reports whether a character shows nothing: around it alone there must be no marks.
func isDropped(r rune) bool {
	switch r {
	case '\u00ad', '\u200b', '\u200e', '\u200f', '\u2060', '\ufeff':
		return true
	}
	return unicode.IsControl(r) && !unicode.IsSpace(r)
}

func (r *renderer) space(n int, collapses bool) {
	if collapses && r.collapsing {
		return
	}
	if r.gap == 0 {
		r.within = r.style()
	}
	r.gap += n
	r.collapsing = collapses
}

// style returns the styles that are open.
func (r *renderer) style() style {
	var s style
	for i, open := range r.styles {
		if open > 0 {
			s |= 1 << i
		}
	}
	if r.headings > 0 {
		s |= bold
	}
	return s
}

func (r *renderer) open(s style) { r.styles[bits.TrailingZeros8(uint8(s))]++ }

func (r *renderer) close(s style) {
	open := &r.styles[bits.TrailingZeros8(uint8(s))]
	*open = max(*open-1, 0)
}

// part asks for a break. At the beginning of a cell it is no matter.
func (r *renderer) part(b lineBreak) {
	if b == sameLine || r.fresh {
		return
	}
	r.before = max(r.before, b)
	r.gap, r.collapsing = 0, false
}

// newLine ends the line; a line that has ended becomes followed by a blank one.
func (r *renderer) newLine() {
	if r.before == sameLine {
		r.part(nextLine)
	} else {
		r.part(blankLine)
	}
}

// word writes a word behind what is due before it.
func (r *renderer) word(w string) {
	s := r.style()
	if isAddress(w) && s&mono == 0 {
		s = 0
	}
	r.link.add(w, r.gap > 0 || r.before != sameLine)
	r.put(w, s)
}

func (r *renderer) put(w string, s style) {
	if r.before != sameLine {
		r.endLine()
	}
	if r.line.empty() {
		r.beginLine()
	}
	for ; r.bars > 0; r.bars-- {
		r.line.add("|", 0, min(len(r.line.text), 1), 0)
		r.gap, r.within = 1, 0
	}
	if r.line.pre {
		s, r.within = 0, 0
	}
	r.line.add(w, s, r.gap, r.within)
	r.gap, r.collapsing, r.before, r.fresh, r.bullet = 0, false, sameLine, false, ""
}

// beginLine prepares the line for its first word.
func (r *renderer) beginLine() {
	r.line.pre = r.pre > 0
	r.line.blank = r.before == blankLine
	if !r.line.pre || !r.fenced {
		r.gap = 0
	}
	if r.quotes > 0 {
		r.line.prefix = "> "
	}
	depth := min(len(r.lists), maxIndent)
	if r.bullet != "" {
		depth = max(depth-1, 0)
	}
	r.line.prefix += strings.Repeat("  ", depth) + r.bullet
}

// endLine writes the line, if there is one.
func (r *renderer) endLine() {
	if r.line.empty() {
		return
	}
	inFence := r.line.pre && r.line.prefix == ""
	if r.fenced && !inFence {
		r.endFence()
	}
	if r.out.Len() > 0 {
		r.out.WriteByte('\n')
		if r.line.blank {
			r.out.WriteByte('\n')
		}
	}
	r.out.WriteString(r.line.prefix)
	if r.line.pre && !r.fenced {
		r.out.WriteString(fence)
		r.fenced = true
	}
	r.line.write(&r.out)
	if !inFence {
		r.endFence()
	}
	r.line.reset()
}

func (r *renderer) endFence() {
	if r.fenced {
		r.out.WriteString(fence)
		r.fenced = false
	}
}

func (r *renderer) finish() string {
	r.endLink()
	r.endLine()
	r.endFence()
	return r.out.String()
}

// cut ends the line at once, so that nothing joins it any more.
func (r *renderer) cut() {
	r.endLine()
	r.fresh, r.bars = false, 0
}

func (r *renderer) startPre() {
	r.cut()
	r.part(r.margin())
	r.pre++
}

func (r *renderer) endPre() {
	r.cut()
	r.endFence()
	r.pre = max(r.pre-1, 0)
	r.part(r.margin())
}

func (r *renderer) startList(ordered bool, start string) {
	r.part(r.margin())
	l := openList{ordered: ordered, next: 1}
	if n, ok := listNumber(start); ok {
		l.next = n
	}
	r.lists = append(r.lists, l)
}

func (r *renderer) endList() {
	r.lists = r.lists[:max(len(r.lists)-1, 0)]
	r.bullet = ""
	r.part(r.margin())
}

func (r *renderer) startItem(value string) {
	r.part(nextLine)
	r.bullet = "- "
	if len(r.lists) == 0 || !r.lists[len(r.lists)-1].ordered {
		return
	}
	l := &r.lists[len(r.lists)-1]
	if n, ok := listNumber(value); ok {
		l.next = n
	}
	r.bullet = strconv.Itoa(l.next) + ". "
	l.next++
}

// listNumber reads a number of a list.
func listNumber(s string) (n int, ok bool) {
	wide, err := strconv.ParseInt(s, 10, 32)
	return int(wide), err == nil
}

func (r *renderer) startRow() {
	r.cut()
	if r.cells > 0 {
		r.before = nextLine
	}
	r.part(nextLine)
	r.cells = 0
}

// startCell puts a cell on the line of the one before it.
func (r *renderer) startCell() {
	if r.cells > 0 {
		r.bars++
		if !r.line.empty() {
			r.before = sameLine
		}
	}
	r.cells++
	r.gap, r.collapsing, r.fresh = 0, false, true
}

func (r *renderer) endRow() {
	if r.cells > 0 {
		r.before = nextLine
	}
	r.cells, r.bars, r.fresh = 0, 0, false
	r.part(nextLine)
}

// image writes an alternative text.
func (r *renderer) image(alt string) {
	before := len(r.link.text)
	r.words(replaceInvalid(alt))
	r.link.image = r.link.image || len(r.link.text) == before
}

// endLink writes the address of the link behind its text, on the same line.
func (r *renderer) endLink() {
	l := r.link
	r.link = openLink{}
	switch {
	case l.address == "":
	case len(l.text) == 0 && l.image:
		r.put(l.address, 0)
	case len(l.text) == 0 || l.toldByText():
	default:
		gap, within, collapsing, before := r.gap, r.within, r.collapsing, r.before
		r.gap, r.within = 1, 0
		if !r.line.empty() {
			r.before = sameLine
		}
		r.put("("+l.address+")", 0)
		r.gap, r.within, r.collapsing, r.before = gap, within, collapsing, max(before, r.before)
	}
}
