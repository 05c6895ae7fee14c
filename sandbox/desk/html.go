package desk

import (
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// htmlOf turns a plain text into paragraphs and line breaks.
func htmlOf(plain string) string {
	var b strings.Builder
	for p := range strings.SplitSeq(strings.ReplaceAll(plain, "\r\n", "\n"), "\n\n") {
		if strings.TrimSpace(p) == "" {
			continue
		}
		b.WriteString(`<p dir="auto">` + inlineHTML(p) + `</p>`)
	}
	return b.String()
}

func inlineHTML(plain string) string {
	return strings.ReplaceAll(html.EscapeString(plain), "\n", "<br>")
}

func wrapped(inner string) string { return `<div class="zd-comment" dir="auto">` + inner + `</div>` }

func trimmed(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }

// plainOf is the text of an HTML fragment, with a line break for every block.
func plainOf(fragment string) string {
	var b strings.Builder
	for tok := range tokens(fragment) {
		switch {
		case !tok.tag:
			b.WriteString(html.UnescapeString(tok.text))
		case tok.name == "br", tok.closes && slices.Contains([]string{"p", "div", "li", "tr", "blockquote", "pre", "h1", "h2", "h3"}, tok.name):
			b.WriteByte('\n')
		}
	}
	lines := strings.Split(b.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t\r")
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// sanitised keeps the tags and attributes that comments may have.
func sanitised(fragment string) string {
	var b strings.Builder
	for tok := range tokens(fragment) {
		switch {
		case !tok.tag:
			b.WriteString(html.EscapeString(html.UnescapeString(tok.text)))
		case !allowed(tok.name):
		case tok.closes:
			b.WriteString("</" + tok.name + ">")
		default:
			b.WriteString("<" + tok.name + attributes(tok.text) + ">")
		}
	}
	return b.String()
}

func allowed(name string) bool {
	return slices.Contains([]string{
		"a", "b", "strong", "i", "em", "u", "s", "del", "code", "pre", "p", "div", "br", "ul", "ol", "li", "blockquote", "span",
		"h1", "h2", "h3", "h4", "h5", "h6", "img", "table", "thead", "tbody", "tr", "td", "th", "hr",
	}, name)
}

// attribute matches one attribute of a tag.
var attribute = regexp.MustCompile(`([a-zA-Z-]+)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)`)

func attributes(tag string) string {
	var b strings.Builder
	for _, m := range attribute.FindAllStringSubmatch(tag, -1) {
		name, value := strings.ToLower(m[1]), html.UnescapeString(strings.Trim(m[2], `"'`))
		switch name {
		case "href", "src":
			if !safeURL(value) {
				continue
			}
		case "alt", "title", "dir":
		default:
			continue
		}
		fmt.Fprintf(&b, ` %s="%s"`, name, html.EscapeString(value))
	}
	return b.String()
}

func safeURL(u string) bool {
	low := strings.ToLower(strings.TrimSpace(u))
	for _, scheme := range []string{"http://", "https://", "mailto:", "tel:"} {
		if strings.HasPrefix(low, scheme) {
			return true
		}
	}
	return false
}

// htmlToken is a piece of text or a tag.
type htmlToken struct {
	tag, closes bool
	name, text  string
}

// tokens cuts a fragment up; comments, and scripts and styles with their content, are left out.
func tokens(fragment string) func(yield func(htmlToken) bool) {
	return func(yield func(htmlToken) bool) {
		for fragment != "" {
			var tok htmlToken
			tok, fragment = nextToken(fragment)
			if tok.tag && tok.name == "" {
				continue
			}
			if !yield(tok) {
				return
			}
		}
	}
}

func nextToken(s string) (tok htmlToken, rest string) {
	if s[0] != '<' {
		end := strings.IndexByte(s, '<')
		if end < 0 {
			end = len(s)
		}
		return htmlToken{text: s[:end]}, s[end:]
	}
	if strings.HasPrefix(s, "<!--") {
		return htmlToken{tag: true}, after(s, "-->")
	}
	end := tagEnd(s)
	if end < 0 {
		return htmlToken{text: s}, ""
	}
	inside := s[1:end]
	name, closes := strings.CutPrefix(inside, "/")
	cut := strings.IndexFunc(name, func(r rune) bool { return !isAlnum(r) })
	if cut >= 0 {
		name = name[:cut]
	}
	name = strings.ToLower(name)
	if name == "" {
		return htmlToken{text: s[:1]}, s[1:]
	}
	if !closes && (name == "script" || name == "style") {
		return htmlToken{tag: true}, after(after(s[end:], "</"+name), ">")
	}
	return htmlToken{tag: true, closes: closes, name: name, text: inside}, s[end+1:]
}

func isAlnum(r rune) bool {
	return (r >= 'a' && r <= 'z') || (r >= 'A' && r <= 'Z') || (r >= '0' && r <= '9')
}

func after(s, mark string) string {
	i := strings.Index(strings.ToLower(s), mark)
	if i < 0 {
		return ""
	}
	return s[i+len(mark):]
}

// tagEnd finds the > that ends a tag, minding quotes.
func tagEnd(s string) int {
	quote := byte(0)
	for i := range len(s) {
		switch {
		case quote != 0:
			if s[i] == quote {
				quote = 0
			}
		case s[i] == '"' || s[i] == '\'':
			quote = s[i]
		case s[i] == '>':
			return i
		}
	}
	return -1
}

// blackened covers every occurrence of what in s.
func blackened(s, what string) string {
	if what == "" {
		return s
	}
	return strings.ReplaceAll(s, what, strings.Repeat("▇", utf8.RuneCountInString(what)))
}
