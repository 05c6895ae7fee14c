package desk

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Zendesk's own conversion is not documented. Public answers of real accounts show what is followed here: a body made from
// HTML is Markdown with pictures as ![](address), its plain_body has neither, and keeps no-break spaces as &nbsp;.

// liner collects text in lines: white space collapses outside preformatted text, blocks begin and end lines.
type liner struct {
	b     strings.Builder
	start bool // nothing stands on this line yet
	space bool // a space is due before the next word
	pre   int
}

func newLiner() *liner { return &liner{start: true} }

func (l *liner) text(s string) {
	if l.pre > 0 {
		l.raw(s)
		return
	}
	for i, word := range strings.FieldsFunc(s, isSpace) {
		if i > 0 || isSpace(rune(s[0])) {
			l.space = true
		}
		l.raw(word)
	}
	if s != "" && isSpace(rune(s[len(s)-1])) {
		l.space = true
	}
}

func isSpace(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\f' }

// raw writes s as it is, after the space that is due.
func (l *liner) raw(s string) {
	if s == "" {
		return
	}
	if l.space && !l.start {
		l.b.WriteByte(' ')
	}
	l.b.WriteString(s)
	l.space, l.start = false, strings.HasSuffix(s, "\n")
}

func (l *liner) newline() {
	l.b.WriteByte('\n')
	l.space, l.start = false, true
}

// fresh begins a new line unless one has just begun.
func (l *liner) fresh() {
	if !l.start {
		l.newline()
	}
}

// gap leaves an empty line, but not at the beginning.
func (l *liner) gap() {
	l.fresh()
	if s := l.b.String(); s != "" && !strings.HasSuffix(s, "\n\n") {
		l.newline()
	}
}

func (l *liner) String() string {
	lines := strings.Split(l.b.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t\r\u00a0")
	}
	return strings.Trim(strings.Join(lines, "\n"), " \t\n\u00a0")
}

// plainOf is the text of nodes without formatting: a line for every block, an empty one between paragraphs.
func plainOf(nodes []*html.Node) string {
	l := newLiner()
	for _, n := range nodes {
		l.plain(n)
	}
	return l.String()
}

func (l *liner) plain(n *html.Node) {
	switch {
	case n.Type == html.TextNode:
		l.text(strings.ReplaceAll(n.Data, "\u00a0", "&nbsp;"))
		return
	case n.Type != html.ElementNode, dropped(n):
		return
	case n.DataAtom == atom.Br:
		l.newline()
		return
	}
	l.open(n)
	for child := range n.ChildNodes() {
		l.plain(child)
	}
	l.shut(n)
}

func (l *liner) open(n *html.Node) {
	switch {
	case n.DataAtom == atom.P:
		l.gap()
	case isBlock(n.DataAtom):
		l.fresh()
	case n.DataAtom == atom.Td || n.DataAtom == atom.Th:
		l.space = true
	}
	if n.DataAtom == atom.Pre {
		l.pre++
	}
}

func (l *liner) shut(n *html.Node) {
	if n.DataAtom == atom.Pre {
		l.pre--
	}
	switch {
	case n.DataAtom == atom.P:
		l.gap()
	case isBlock(n.DataAtom):
		l.fresh()
	}
}

// markdownOf writes nodes as Markdown.
func markdownOf(nodes []*html.Node) string {
	l := newLiner()
	for _, n := range nodes {
		l.markdown(n)
	}
	return tooManyLines.ReplaceAllString(l.String(), "\n\n")
}

var tooManyLines = regexp.MustCompile(`\n{3,}`)

func (l *liner) markdown(n *html.Node) {
	switch {
	case n.Type == html.TextNode:
		l.text(strings.ReplaceAll(n.Data, "\u00a0", " "))
		return
	case n.Type != html.ElementNode, dropped(n):
		return
	}
	write := l.writer(n.DataAtom)
	if write == nil {
		l.open(n)
		l.children(n)
		l.shut(n)
		return
	}
	write(n)
}

// writer is what writes an element that has a form of its own in Markdown, nil for one that has none.
func (l *liner) writer(a atom.Atom) func(n *html.Node) {
	marked := func(mark string) func(*html.Node) { return func(n *html.Node) { l.marked(mark, n) } }
	return map[atom.Atom]func(*html.Node){
		atom.Br: func(*html.Node) { l.newline() }, atom.Hr: l.ruler, atom.A: l.link, atom.Img: l.picture,
		atom.B: marked("**"), atom.Strong: marked("**"), atom.I: marked("_"), atom.Em: marked("_"),
		atom.Code: marked("`"), atom.S: marked("~~"), atom.Del: marked("~~"), atom.Blockquote: l.quote, atom.Ul: l.list, atom.Ol: l.list,
		atom.H1: l.heading, atom.H2: l.heading, atom.H3: l.heading, atom.H4: l.heading, atom.H5: l.heading, atom.H6: l.heading,
	}[a]
}

func (l *liner) ruler(*html.Node) {
	l.gap()
	l.raw("* * *")
	l.gap()
}

func (l *liner) picture(n *html.Node) {
	if src := attribute(n, "src"); safeURL(src, "http", "https") {
		l.space = true
		l.raw("![" + attribute(n, "alt") + "](" + src + ")")
	}
}

func (l *liner) heading(n *html.Node) {
	level, _ := strconv.Atoi(n.Data[1:])
	l.gap()
	l.raw(strings.Repeat("#", level) + " ")
	l.children(n)
	l.gap()
}

func (l *liner) children(n *html.Node) {
	for child := range n.ChildNodes() {
		l.markdown(child)
	}
}

// inner is the Markdown of a node's children alone.
func inner(n *html.Node) string {
	var nodes []*html.Node
	for child := range n.ChildNodes() {
		nodes = append(nodes, child)
	}
	return markdownOf(nodes)
}

// marked puts a mark around what an element holds; blank elements stay without.
func (l *liner) marked(mark string, n *html.Node) {
	text := inner(n)
	before, after := edges(n)
	l.space = l.space || before
	if text != "" {
		l.raw(mark + text + mark)
	}
	l.space = l.space || after
}

// edges tells whether an element's text begins and ends with white space.
func edges(n *html.Node) (before, after bool) {
	text := textOf(n)
	if text == "" {
		return false, false
	}
	return isSpace(rune(text[0])), isSpace(rune(text[len(text)-1]))
}

func textOf(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for child := range n.ChildNodes() {
		b.WriteString(textOf(child))
	}
	return b.String()
}

func (l *liner) link(n *html.Node) {
	href, text := attribute(n, "href"), inner(n)
	before, after := edges(n)
	l.space = l.space || before
	switch {
	case text == "":
	case !safeURL(href, "http", "https", "mailto", "tel"), href == text:
		l.raw(text)
	default:
		l.raw("[" + text + "](" + href + ")")
	}
	l.space = l.space || after
}

func (l *liner) quote(n *html.Node) {
	l.gap()
	for line := range strings.SplitSeq(inner(n), "\n") {
		l.raw("> " + line)
		l.newline()
	}
	l.gap()
}

// list writes one line an item; lists within are indented.
func (l *liner) list(n *html.Node) {
	l.gap()
	next := 1
	if start, err := strconv.Atoi(attribute(n, "start")); err == nil {
		next = start
	}
	for child := range n.ChildNodes() {
		if child.DataAtom != atom.Li {
			l.markdown(child)
			continue
		}
		mark := "- "
		if n.DataAtom == atom.Ol {
			mark = strconv.Itoa(next) + ". "
			next++
		}
		l.fresh()
		item := strings.ReplaceAll(inner(child), "\n\n", "\n")
		l.raw(mark + strings.ReplaceAll(item, "\n", "\n  "))
		l.newline()
	}
	l.gap()
}
