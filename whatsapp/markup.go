package whatsapp

import (
	"strings"

	"golang.org/x/net/html"
)

// Markup returns the HTML of a comment as WhatsApp writes it.
//
//   - Bold, italic, struck-through and code text get their marks, which always touch the text, never cross a line and are never
//     doubled; web addresses get none. What people typed stays as it is: a star remains a star.
//   - Headings are bold lines; list items begin with "- " or their number, two spaces deeper for each level; quoted lines begin
//     with "> "; the cells of a table's row are joined with " | "; preformatted text stands between three grave accents.
//   - A link is its text and its address in parentheses, the text alone where it tells the address or where that is none of http,
//     https, mailto and tel.
//   - Images are their alternative text. Comments, scripts, styles and the head are left out.
//   - White space collapses as in a browser; paragraphs are parted by one blank line, and no line ends with a space.
//
// It takes any text, works in one pass without recursion, in time and memory proportional to the text, and its answer is at most
// 16 times as long.
//
// Source: https://faq.whatsapp.com/539178204879377
func Markup(text string) string {
	var r renderer
	tokens := html.NewTokenizer(strings.NewReader(text))
	for {
		switch tokens.Next() {
		case html.ErrorToken: // the end: nothing else can fail here
			return r.finish()
		case html.TextToken:
			r.text(string(tokens.Text()))
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := tokens.TagName()
			r.start(string(name), tokens)
		case html.EndTagToken:
			name, _ := tokens.TagName()
			r.end(string(name))
		case html.CommentToken, html.DoctypeToken:
		}
	}
}

// start handles the start tag of an element. The tokens are for its attributes.
func (r *renderer) start(name string, tokens *html.Tokenizer) {
	r.skip = isSkipped(name)
	r.head = name == "head" || r.head && isMetadata(name)
	if s := styleOf(name); s != 0 {
		r.open(s)
		return
	}
	switch name {
	case "a":
		r.endLink()
		r.link = newLink(attribute(tokens, "href"))
	case "img":
		r.image(attribute(tokens, "alt"))
	case "br":
		r.newLine()
	case "pre", "listing":
		r.startPre()
	case "blockquote":
		r.part(r.margin())
		r.quotes++
	case "ul", "ol", "menu", "dir":
		r.startList(name == "ol", attribute(tokens, "start"))
	case "li":
		r.startItem(attribute(tokens, "value"))
	case "tr":
		r.startRow()
	case "td", "th":
		r.startCell()
	default:
		r.part(r.breakOf(name))
		if isHeading(name) {
			r.headings++
		}
	}
}

// end handles an end tag; one without a start tag changes nothing but the line.
func (r *renderer) end(name string) {
	r.skip = false
	r.head = r.head && name != "head" && name != "html" && name != "body"
	if s := styleOf(name); s != 0 {
		r.close(s)
		return
	}
	switch name {
	case "a":
		r.endLink()
	case "br": // browsers take it for a start tag
		r.newLine()
	case "pre", "listing":
		r.endPre()
	case "blockquote":
		r.quotes = max(r.quotes-1, 0)
		r.part(r.margin())
	case "ul", "ol", "menu", "dir":
		r.endList()
	case "li":
		r.bullet = ""
		r.part(nextLine)
	case "td", "th":
	case "tr", "table":
		r.endRow()
		if name == "table" {
			r.part(r.margin())
		}
	default:
		if isHeading(name) {
			r.headings = max(r.headings-1, 0)
		}
		r.part(r.breakOf(name))
	}
}

// attribute returns the value of the first attribute of that name, empty when there is none.
func attribute(tokens *html.Tokenizer, name string) string {
	for {
		key, v, more := tokens.TagAttr()
		if string(key) == name {
			return string(v)
		}
		if !more {
			return ""
		}
	}
}

// isSkipped reports whether the text of an element is not for people. The tokenizer hands it out as one token.
func isSkipped(name string) bool {
	switch name {
	case "script", "style", "title", "iframe", "noembed", "noframes", "noscript":
		return true
	}
	return false
}

// isMetadata reports whether an element may stand in the head; any other one ends it.
func isMetadata(name string) bool {
	switch name {
	case "base", "link", "meta", "title", "style", "script", "noscript", "html":
		return true
	}
	return false
}

func isHeading(name string) bool {
	switch name {
	case "h1", "h2", "h3", "h4", "h5", "h6":
		return true
	}
	return false
}

// styleOf returns the style that an element has, 0 for none.
func styleOf(name string) style {
	switch name {
	case "b", "strong":
		return bold
	case "i", "em":
		return italic
	case "s", "del", "strike":
		return strike
	case "code", "kbd", "samp", "tt":
		return mono
	}
	return 0
}

// breakOf returns how an element is parted from what is around it.
func (r *renderer) breakOf(name string) lineBreak {
	switch name {
	case "p", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "table", "dl", "figure", "fieldset":
		return r.margin()
	case "div", "address", "article", "aside", "caption", "center", "dd", "details", "dt", "figcaption",
		"footer", "form", "header", "hgroup", "legend", "main", "nav", "option", "section", "summary",
		"body", "thead", "tbody", "tfoot":
		return nextLine
	}
	return sameLine
}

// margin is how paragraphs are parted: by a blank line, in lists by the end of the line.
func (r *renderer) margin() lineBreak {
	if len(r.lists) > 0 {
		return nextLine
	}
	return blankLine
}
