package whatsapp_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/whatsapp"
)

// drawHTML draws a document of words, white space and known elements, well-formed or not.
func drawHTML(t *rapid.T) string {
	tags := []string{
		"b", "strong", "i", "em", "s", "del", "code", "p", "div", "h1", "h3", "ul", "ol", "li", "blockquote", "pre", "table", "tr", "td", "th", "span",
		"a", "tbody", "section",
	}
	tag := rapid.SampledFrom(tags)
	piece := rapid.OneOf(
		rapid.StringMatching(`[a-z]{1,4}`),
		rapid.SampledFrom([]string{" ", "\n", "\t", "&nbsp;", "<br>", "<hr>", "<!-- - -->", "\u200b"}),
		rapid.Map(tag, func(tag string) string { return "<" + tag + ">" }),
		rapid.Map(tag, func(tag string) string { return "</" + tag + ">" }),
		rapid.Map(tag, func(tag string) string { return "<" + tag + "> ç é </" + tag + ">" }),
	)
	return strings.Join(rapid.SliceOfN(piece, 0, 60).Draw(t, "pieces"), "")
}

// letters returns the words of a text, without white space, marks and prefixes; of HTML without its tags.
func letters(text string) string {
	var b strings.Builder
	tag := false
	for _, r := range strings.ReplaceAll(text, "&nbsp;", " ") {
		switch {
		case r == '<':
			tag = true
		case r == '>' && tag:
			tag = false
		case !tag && unicode.IsLetter(r):
			b.WriteRune(r)
		}
	}
	return b.String()
}

// checkLayout checks what holds for every answer.
func checkLayout(html, text string) error {
	switch {
	case !utf8.ValidString(text):
		return fmt.Errorf("not UTF-8")
	case strings.Contains(text, "\n\n\n"):
		return fmt.Errorf("two blank lines")
	case strings.Trim(text, "\n") != text:
		return fmt.Errorf("blank lines at an end")
	case len(text) > 16*len(html)+16:
		return fmt.Errorf("%d bytes out of %d", len(text), len(html))
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if strings.TrimRightFunc(line, unicode.IsSpace) != line {
			return fmt.Errorf("a space ends the line %q", line)
		}
		if strings.ContainsFunc(line, unicode.IsControl) {
			return fmt.Errorf("a control character in the line %q", line)
		}
	}
	return nil
}

// checkMarks checks that the marks of a line are nested, not doubled, closed, and touch the text. The text itself must hold none.
func checkMarks(line string) error {
	var open []rune
	runes := []rune(line)
	at := func(i int) rune {
		if i < 0 || i >= len(runes) {
			return ' '
		}
		return runes[i]
	}
	for i, r := range runes {
		switch {
		case !strings.ContainsRune("*_~`", r):
		case len(open) > 0 && open[len(open)-1] == r:
			if at(i-1) == ' ' {
				return fmt.Errorf("%c is closed behind a space", r)
			}
			open = open[:len(open)-1]
		case slices.Contains(open, r):
			return fmt.Errorf("%c is not nested", r)
		case at(i+1) == ' ':
			return fmt.Errorf("%c is opened before a space", r)
		case len(open) > 0 && open[len(open)-1] == '`':
			return fmt.Errorf("%c within code", r)
		default:
			open = append(open, r)
		}
	}
	if len(open) > 0 {
		return fmt.Errorf("%q is not closed", string(open))
	}
	return nil
}

func TestMarkupProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		html := drawHTML(t)
		text := whatsapp.Markup(html)
		if err := checkLayout(html, text); err != nil {
			t.Fatalf("%v: %q", err, text)
		}
		for line := range strings.Lines(text) {
			if strings.ContainsAny(strings.TrimPrefix(line, "> "), "<>") {
				t.Fatalf("a tag is left: %q", text)
			}
		}
		if got, want := letters(strings.ReplaceAll(text, ">", "")), letters(html); got != want {
			t.Fatalf("got the letters %q, want %q", got, want)
		}
		fences := strings.Split(text, "```")
		if len(fences)%2 == 0 {
			t.Fatalf("a fence is open: %q", text)
		}
		for i := 1; i < len(fences); i += 2 {
			fences[i] = ""
		}
		for line := range strings.SplitSeq(strings.Join(fences, "\n"), "\n") {
			if err := checkMarks(line); err != nil {
				t.Fatalf("%v: %q", err, line)
			}
		}
	})
}

// The layout holds whatever comes in, however it ends.
func TestMarkupTakesAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		html := rapid.String().Draw(t, "text") + drawHTML(t) + rapid.SampledFrom([]string{"<", "</", "<!--", "<a href=", "&#x", "<script>"}).Draw(t, "end")
		if err := checkLayout(html, whatsapp.Markup(html)); err != nil {
			t.Fatal(err)
		}
	})
}

// Neither depth nor size makes it fail or slow. The limit is far above what a slow machine needs, and far below what anything but
// linear work takes.
func TestMarkupOfEveryDepthAndSize(t *testing.T) {
	t.Parallel()
	const levels, size = 200_000, 1 << 20
	bodies := map[string]string{
		"nothing but text": strings.Repeat("palavra ", size/8),
		"one word":         strings.Repeat("a", size),
		"white space":      strings.Repeat(" \n", size/2),
		"hard spaces":      strings.Repeat("\u00a0", size/2) + "a",
		"open brackets":    strings.Repeat("<", size),
		"styles":           strings.Repeat("<b>a<i>b</b> c</i> ", size/19),
		"styled words":     strings.Repeat("<b>a</b> b ", size/11),
		"lines":            "<pre>" + strings.Repeat("a\n", size/2),
		"links":            strings.Repeat(`<a href="https://example.com/">a</a>`, size/36),
		"long link":        `<a href="https://example.com/">` + strings.Repeat("a ", size/2),
		"attributes":       "<a " + strings.Repeat("x ", size/2) + ">a",
		"cells":            "<table><tr>" + strings.Repeat("<td>", size/4) + "a",
		"rows":             "<table>" + strings.Repeat("<tr><td>a<td>b", size/14),
		"comments":         strings.Repeat("<!---->", size/7),
		"comment":          "<!--" + strings.Repeat("-", size),
	}
	bodies["words in deep lists"] = strings.Repeat("<ul><li>a ", levels/20)
	all := ""
	for _, html := range bodies {
		all += html[:len(html)/4] + "</pre></table>-->"
	}
	bodies["large"] = strings.Repeat(all, 5*size/len(all)+1)
	for _, tag := range []string{"b", "code", "p", "div", "h1", "ol", "ul><li", "blockquote", "pre", "table><tr><td", "a", "x-y"} {
		name, _, _ := strings.Cut(tag, ">")
		bodies["deep "+tag] = strings.Repeat("<"+tag+">", levels) + "a" + strings.Repeat("</"+name+">", levels)
	}
	for name, html := range bodies {
		done := make(chan string, 1)
		go func() { done <- whatsapp.Markup(html) }()
		var text string
		select {
		case text = <-done:
		case <-time.After(time.Minute):
			t.Fatalf("%s: takes too long", name)
		}
		if err := checkLayout(html, text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if strings.HasPrefix(name, "deep") && !strings.Contains(text, "a") {
			t.Errorf("%s: the text is lost", name)
		}
	}
}

func FuzzMarkup(f *testing.F) {
	for _, html := range []string{
		"", "Bom dia", "<p>a</p><p>b <b>c<i>d</b>e</i></p>", "<ul><li>a<ol start=3><li>b</ol></ul>", "<blockquote>a<pre>b\n c</pre></blockquote>",
		"<table><tr><td>a<td><td>b</table>", `<a href="https://example.com/x y">a</a><a href="tel:1">`, `<img alt="x"><script>y</script>`,
		"<head><title>a</title>b", "<pre>\n\ta</pre>", "a&nbsp;&nbsp; b\u200b<br><br><br>c", "\xff<\x00b>&#0;&#xd800;", "<xmp><b></xmp><plaintext>x",
		"<li><table><tr><td><li><li>", "<h1><code>a</code> *b* _c_",
	} {
		f.Add(html)
	}
	f.Fuzz(func(t *testing.T, html string) {
		if err := checkLayout(html, whatsapp.Markup(html)); err != nil {
			t.Fatal(err)
		}
	})
}
