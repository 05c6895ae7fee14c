package desk

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// rich is a comment's text in the three forms that the API shows
// (https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_comments/#bodies).
type rich struct {
	body  string // as written, or Markdown made from HTML
	plain string // without formatting
	html  string // sanitised, within its frame
}

func (r rich) blank() bool { return r.body == "" }

// fromPlain makes the forms of a text written as body.
func fromPlain(text string) rich {
	body := trimmed(text)
	return rich{body: body, plain: body, html: wrapped(htmlOf(body))}
}

// settles is how often a fragment is cleaned at most: what is left of elements that were dropped may nest as no parser would have it,
// such as a link in a link, and reads differently the next time.
const settles = 5

// fromHTML makes the forms of a fragment written as html_body; one that cannot be parsed is a 422.
func fromHTML(fragment string) (rich, error) {
	for range settles {
		nodes, err := html.ParseFragment(strings.NewReader(fragment), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
		if err != nil {
			return rich{}, invalid("html_body", "InvalidValue", "HTML body: could not be read")
		}
		clean := sanitised(nodes)
		if clean == fragment {
			return rich{body: markdownOf(nodes), plain: plainOf(nodes), html: wrapped(clean)}, nil
		}
		fragment = clean
	}
	return rich{}, invalid("html_body", "InvalidValue", "HTML body: could not be read")
}

func wrapped(inner string) string { return `<div class="zd-comment" dir="auto">` + inner + `</div>` }

func trimmed(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }

// htmlOf turns a plain text into paragraphs, line breaks and links.
func htmlOf(plain string) string {
	var paragraphs []string
	for p := range strings.SplitSeq(plain, "\n\n") {
		if p = strings.Trim(p, "\n"); strings.TrimSpace(p) != "" {
			paragraphs = append(paragraphs, `<p dir="auto">`+inlineHTML(p)+`</p>`)
		}
	}
	return strings.Join(paragraphs, "\n\n")
}

// address matches a web address in plain text; closing punctuation is no part of it.
var address = regexp.MustCompile(`https?://[^\s<>"]*[^\s<>".,;:!?)\]'»]`)

// inlineHTML escapes a text and makes its addresses links.
func inlineHTML(plain string) string {
	var b strings.Builder
	for plain != "" {
		at := address.FindStringIndex(plain)
		if at == nil {
			break
		}
		b.WriteString(brokenLines(plain[:at[0]]))
		link := escaped(plain[at[0]:at[1]])
		b.WriteString(`<a href="` + strings.ReplaceAll(link, `"`, "&quot;") + `" rel="noreferrer">` + link + `</a>`)
		plain = plain[at[1]:]
	}
	b.WriteString(brokenLines(plain))
	return b.String()
}

func brokenLines(plain string) string { return strings.ReplaceAll(escaped(plain), "\n", "<br>") }

// escaped writes a text as HTML, no-break spaces as entities.
func escaped(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\u00a0", "&nbsp;").Replace(text)
}

// dropped elements go with everything in them; of other unknown ones the content stays.
func dropped(n *html.Node) bool {
	if n.Namespace != "" {
		return true // drawings and formulas
	}
	return slices.Contains([]atom.Atom{
		atom.Script, atom.Style, atom.Template, atom.Iframe, atom.Object, atom.Embed, atom.Noscript, atom.Noembed, atom.Noframes,
		atom.Title, atom.Textarea, atom.Select, atom.Head, atom.Xmp, atom.Plaintext,
	}, n.DataAtom)
}

func allowed(a atom.Atom) bool {
	return slices.Contains([]atom.Atom{
		atom.A, atom.B, atom.Strong, atom.I, atom.Em, atom.U, atom.S, atom.Del, atom.Ins, atom.Sub, atom.Sup, atom.Code, atom.Pre,
		atom.P, atom.Div, atom.Br, atom.Ul, atom.Ol, atom.Li, atom.Blockquote, atom.Span, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5,
		atom.H6, atom.Img, atom.Table, atom.Thead, atom.Tbody, atom.Tr, atom.Td, atom.Th, atom.Hr,
	}, a)
}

// isVoid tells the allowed elements that have no end tag.
func isVoid(a atom.Atom) bool { return a == atom.Br || a == atom.Img || a == atom.Hr }

// sanitised writes nodes as HTML with only the elements and attributes that comments may have.
func sanitised(nodes []*html.Node) string {
	var b strings.Builder
	for _, n := range nodes {
		writeHTML(&b, n)
	}
	return b.String()
}

func writeHTML(b *strings.Builder, n *html.Node) {
	if n.Type == html.TextNode {
		b.WriteString(escaped(n.Data))
		return
	}
	if n.Type != html.ElementNode || dropped(n) {
		return
	}
	known := allowed(n.DataAtom)
	if known {
		b.WriteString("<" + n.Data + attributes(n) + ">")
	}
	for child := range n.ChildNodes() {
		writeHTML(b, child)
	}
	if known && !isVoid(n.DataAtom) {
		b.WriteString("</" + n.Data + ">")
	}
}

func attributes(n *html.Node) string {
	var b strings.Builder
	linked := false
	for _, a := range n.Attr {
		value := strings.TrimSpace(a.Val)
		switch {
		case a.Key == "href" && n.DataAtom == atom.A && safeURL(value, "http", "https", "mailto", "tel"):
			linked = true
		case a.Key == "src" && n.DataAtom == atom.Img && safeURL(value, "http", "https"):
		case a.Key == "start" && n.DataAtom == atom.Ol && digits(value) == value:
		case a.Key == "dir" && slices.Contains([]string{"auto", "ltr", "rtl"}, value):
		case a.Key == "alt" && n.DataAtom == atom.Img, a.Key == "title":
		default:
			continue
		}
		b.WriteString(" " + a.Key + `="` + strings.ReplaceAll(escaped(value), `"`, "&quot;") + `"`)
	}
	if linked {
		b.WriteString(` rel="noreferrer"`)
	}
	return b.String()
}

func safeURL(address string, schemes ...string) bool {
	scheme, _, found := strings.Cut(address, ":")
	return found && slices.Contains(schemes, strings.ToLower(scheme))
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return strings.TrimSpace(a.Val)
		}
	}
	return ""
}

// isBlock tells the elements that begin and end on a line of their own.
func isBlock(a atom.Atom) bool {
	return slices.Contains([]atom.Atom{
		atom.P, atom.Div, atom.Li, atom.Ul, atom.Ol, atom.Blockquote, atom.Pre, atom.Table, atom.Tr, atom.Hr, atom.H1, atom.H2, atom.H3,
		atom.H4, atom.H5, atom.H6, atom.Section, atom.Article, atom.Header, atom.Footer,
	}, a)
}

// blackened covers every occurrence of what in s by as many blocks as text has letters.
func blackened(s, what, text string) string {
	if what == "" {
		return s
	}
	return strings.ReplaceAll(s, what, strings.Repeat("▇", utf8.RuneCountInString(text)))
}
