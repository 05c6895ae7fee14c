package desk_test

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"pgregory.net/rapid"
)

func framed(s string) string { return `<div class="zd-comment" dir="auto">` + s + `</div>` }

// saidAs is what the API shows of a comment.
type saidAs struct {
	comment           object
	body, plain, html string
}

func (s saidAs) check(t *testing.T) {
	t.Helper()
	b := setup(t)
	id := b.ticket(object{"comment": s.comment})
	b.get(ticketPath(id, "/comments")).want(200).
		is(s.body, "comments", 0, "body").
		is(s.plain, "comments", 0, "plain_body").
		is(framed(s.html), "comments", 0, "html_body")
}

func TestPlainTextBecomesHTML(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ written, kept, html string }{
		"a line":               {"Bom dia", "Bom dia", `<p dir="auto">Bom dia</p>`},
		"two lines":            {"a\nb", "a\nb", `<p dir="auto">a<br>b</p>`},
		"two paragraphs":       {"a\n\nb", "a\n\nb", "<p dir=\"auto\">a</p>\n\n<p dir=\"auto\">b</p>"},
		"many empty lines":     {"a\n\n\n\nb", "a\n\n\n\nb", "<p dir=\"auto\">a</p>\n\n<p dir=\"auto\">b</p>"},
		"carriage returns":     {"a\r\nb\r\n", "a\nb", `<p dir="auto">a<br>b</p>`},
		"around it":            {"  \n a \n ", "a", `<p dir="auto">a</p>`},
		"markup is text":       {"<b>a</b> & 'b' \"c\"", "<b>a</b> & 'b' \"c\"", `<p dir="auto">&lt;b&gt;a&lt;/b&gt; &amp; 'b' "c"</p>`},
		"a script is text":     {"<script>evil()</script>", "<script>evil()</script>", `<p dir="auto">&lt;script&gt;evil()&lt;/script&gt;</p>`},
		"no-break space":       {"a\u00a0b", "a\u00a0b", `<p dir="auto">a&nbsp;b</p>`},
		"emoji and accents":    {"Olá, ção 👍🏽", "Olá, ção 👍🏽", `<p dir="auto">Olá, ção 👍🏽</p>`},
		"stars stay stars":     {"*a* _b_ # c", "*a* _b_ # c", `<p dir="auto">*a* _b_ # c</p>`},
		"an address":           {"veja https://x.example/a?b=1&c=2", "veja https://x.example/a?b=1&c=2", `<p dir="auto">veja <a href="https://x.example/a?b=1&amp;c=2" rel="noreferrer">https://x.example/a?b=1&amp;c=2</a></p>`},
		"an address and a dot": {"https://x.example.", "https://x.example.", `<p dir="auto"><a href="https://x.example" rel="noreferrer">https://x.example</a>.</p>`},
		"address in brackets":  {"(http://x.example/a)", "(http://x.example/a)", `<p dir="auto">(<a href="http://x.example/a" rel="noreferrer">http://x.example/a</a>)</p>`},
		"address, line, word":  {"http://a.example\nb", "http://a.example\nb", `<p dir="auto"><a href="http://a.example" rel="noreferrer">http://a.example</a><br>b</p>`},
		"two addresses":        {"http://a.example e http://b.example", "http://a.example e http://b.example", `<p dir="auto"><a href="http://a.example" rel="noreferrer">http://a.example</a> e <a href="http://b.example" rel="noreferrer">http://b.example</a></p>`},
		"no address":           {"javascript:evil() ftp://x http://", "javascript:evil() ftp://x http://", `<p dir="auto">javascript:evil() ftp://x http://</p>`},
		"address with markup":  {`http://x.example/"><b>`, `http://x.example/"><b>`, `<p dir="auto"><a href="http://x.example/" rel="noreferrer">http://x.example/</a>"&gt;&lt;b&gt;</p>`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			saidAs{object{"body": tt.written}, tt.kept, tt.kept, tt.html}.check(t)
		})
	}
}

func TestHTMLBecomesText(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ written, body, plain, html string }{
		"one word":             {"oi", "oi", "oi", "oi"},
		"paragraphs":           {"<p>a</p><p>b</p>", "a\n\nb", "a\n\nb", "<p>a</p><p>b</p>"},
		"breaks":               {"a<br>b<br><br>c", "a\nb\n\nc", "a\nb\n\nc", "a<br>b<br><br>c"},
		"XHTML breaks":         {"a<br/>b", "a\nb", "a\nb", "a<br>b"},
		"divisions":            {"<div>a</div><div>b<div>c</div></div>", "a\nb\nc", "a\nb\nc", "<div>a</div><div>b<div>c</div></div>"},
		"bold":                 {"a <b>b</b> <strong>c</strong>", "a **b** **c**", "a b c", "a <b>b</b> <strong>c</strong>"},
		"bold with spaces":     {"a<b> b </b>c", "a **b** c", "a b c", "a<b> b </b>c"},
		"italics":              {"<i>a</i> <em>b</em>", "_a_ _b_", "a b", "<i>a</i> <em>b</em>"},
		"struck and code":      {"<s>a</s> <del>b</del> <code>c</code>", "~~a~~ ~~b~~ `c`", "a b c", "<s>a</s> <del>b</del> <code>c</code>"},
		"marks within":         {"<b>a <i>b</i></b>", "**a _b_**", "a b", "<b>a <i>b</i></b>"},
		"empty marks":          {"a<b></b><i> </i>b", "a b", "a b", "a<b></b><i> </i>b"},
		"underlined":           {"<u>a</u>", "a", "a", "<u>a</u>"},
		"a list":               {"<ul><li>a</li><li>b</li></ul>", "- a\n- b", "a\nb", "<ul><li>a</li><li>b</li></ul>"},
		"a numbered list":      {"<ol><li>a</li><li>b</li></ol>", "1. a\n2. b", "a\nb", "<ol><li>a</li><li>b</li></ol>"},
		"numbered from three":  {`<ol start="3"><li>a</li><li>b</li></ol>`, "3. a\n4. b", "a\nb", `<ol start="3"><li>a</li><li>b</li></ol>`},
		"a list in a list":     {"<ul><li>a<ul><li>b</li></ul></li></ul>", "- a\n  - b", "a\nb", "<ul><li>a<ul><li>b</li></ul></li></ul>"},
		"text, list, text":     {"a<ul><li>b</li></ul>c", "a\n\n- b\n\nc", "a\nb\nc", "a<ul><li>b</li></ul>c"},
		"a quotation":          {"a<blockquote>b<br>c</blockquote>d", "a\n\n> b\n> c\n\nd", "a\nb\nc\nd", "a<blockquote>b<br>c</blockquote>d"},
		"headings":             {"<h1>a</h1><h3>b</h3>c", "# a\n\n### b\n\nc", "a\nb\nc", "<h1>a</h1><h3>b</h3>c"},
		"a ruler":              {"a<hr>b", "a\n\n* * *\n\nb", "a\nb", "a<hr>b"},
		"preformatted":         {"<pre>a  b\n  c</pre>", "a  b\n  c", "a  b\n  c", "<pre>a  b\n  c</pre>"},
		"a table":              {"<table><tbody><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></tbody></table>", "a b\nc d", "a b\nc d", "<table><tbody><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></tbody></table>"},
		"white space":          {"  a \n\t b  <p> c </p> ", "a b\n\nc", "a b\n\nc", "  a \n\t b  <p> c </p> "},
		"entities":             {"<p>1 &lt; 2 &amp; 3 &euro;</p>", "1 < 2 & 3 €", "1 < 2 & 3 €", "<p>1 &lt; 2 &amp; 3 €</p>"},
		"no-break spaces":      {"A quick test<br>&nbsp;<br>", "A quick test", "A quick test\n&nbsp;", "A quick test<br>&nbsp;<br>"},
		"a link":               {`<a href="https://x.example/?a=1&amp;b=2" onclick="evil()">x</a>`, "[x](https://x.example/?a=1&b=2)", "x", `<a href="https://x.example/?a=1&amp;b=2" rel="noreferrer">x</a>`},
		"a link to itself":     {`<a href="https://x.example">https://x.example</a>`, "https://x.example", "https://x.example", `<a href="https://x.example" rel="noreferrer">https://x.example</a>`},
		"mail and telephone":   {`<a href="mailto:a@x.example">m</a> <a href="tel:+55">t</a>`, "[m](mailto:a@x.example) [t](tel:+55)", "m t", `<a href="mailto:a@x.example" rel="noreferrer">m</a> <a href="tel:+55" rel="noreferrer">t</a>`},
		"an empty link":        {`a<a href="https://x.example"></a>b`, "ab", "ab", `a<a href="https://x.example" rel="noreferrer"></a>b`},
		"an evil link":         {`<a href="javascript:evil()">x</a>`, "x", "x", "<a>x</a>"},
		"a hidden evil link":   {"<a href=\" java\nscript:evil()\">x</a>", "x", "x", "<a>x</a>"},
		"a data link":          {`<a href="data:text/html,<script>">x</a>`, "x", "x", "<a>x</a>"},
		"a relative link":      {`<a href="/agent/tickets/1">x</a>`, "x", "x", "<a>x</a>"},
		"a picture":            {`x<img src="https://x.example/a.png" onerror="evil()" alt="tela">`, "x ![tela](https://x.example/a.png)", "x", `x<img src="https://x.example/a.png" alt="tela">`},
		"a picture alone":      {`<img src="https://x.example/a.png">`, "![](https://x.example/a.png)", "", `<img src="https://x.example/a.png">`},
		"an evil picture":      {`x<img src="javascript:evil()">`, "x", "x", `x<img>`},
		"a lonely <":           {"1 < 2", "1 < 2", "1 < 2", "1 &lt; 2"},
		"a lonely >":           {"1 > 2", "1 > 2", "1 > 2", "1 &gt; 2"},
		"a quoted >":           {`<b title="a>b">x</b>`, "**x**", "x", `<b title="a&gt;b">x</b>`},
		"quotes in attributes": {`<b title='"'>x</b>`, "**x**", "x", `<b title="&quot;">x</b>`},
		"unclosed":             {"<p>a<b>b", "a**b**", "ab", "<p>a<b>b</b></p>"},
		"wrongly nested":       {"<b>a<i>b</b>c</i>", "**a_b_**_c_", "abc", "<b>a<i>b</i></b><i>c</i>"},
		"upper case":           {"<B>a</B><BR><P>b</P>", "**a**\n\nb", "a\n\nb", "<b>a</b><br><p>b</p>"},
		"a direction":          {`<p dir="rtl">a</p><p dir="x">b</p>`, "a\n\nb", "a\n\nb", `<p dir="rtl">a</p><p>b</p>`},
		"unknown elements":     {"<blink>a</blink><custom-x>b</custom-x>", "ab", "ab", "ab"},
		"a whole page":         {"<html><head><title>x</title></head><body bgcolor=red>a</body></html>", "a", "a", "a"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			said := saidAs{object{"html_body": tt.written}, tt.body, tt.plain, tt.html}
			if tt.body == "ab" && name == "an empty link" {
				said.comment["body"] = "HTML wins over this"
			}
			said.check(t)
		})
	}
}

// TestNothingRunsFromAComment is about what is dropped with all that is in it.
func TestNothingRunsFromAComment(t *testing.T) {
	t.Parallel()
	for name, written := range map[string]string{
		"script":            `a<script>evil("</p>")</script>b`,
		"script, end tag":   "a<script>evil()</script\n x=\">\">b",
		"script, two":       "a<script><!--<script>x</script>--></script>b",
		"script, upper":     "a<SCRIPT SRC=//x.example/e.js></SCRIPT>b",
		"script, unclosed":  "a<b></b>b<script>evil()",
		"closing script":    "a</script>b",
		"style":             "a<style>b{}</style>b",
		"comment":           "a<!-- <b> -->b",
		"processing":        "a<?php evil() ?>b",
		"doctype":           "<!doctype html>ab",
		"frame":             `a<iframe src="https://x.example">fallback</iframe>b`,
		"object":            `a<object data="x"><embed src="x"></object>b`,
		"template":          "a<template><b>x</b></template>b",
		"noscript":          "a<noscript><b>x</b></noscript>b",
		"drawing":           `a<svg onload="evil()"><script>evil()</script><text>x</text></svg>b`,
		"formula":           "a<math><mtext>x</mtext></math>b",
		"text area":         "a<textarea><script>evil()</script></textarea>b",
		"choice":            "a<select><option>x</option></select>b",
		"old plain text":    "ab<plaintext><script>evil()</script>",
		"handler":           `<span onmouseover="evil()" style="x:expression(evil())">ab</span>`,
		"form":              `<form action="https://x.example"><input value="x">ab</form>`,
		"base and meta":     `<base href="//x.example"><meta http-equiv="refresh" content="0;url=x">ab`,
		"link to a style":   `<link rel="stylesheet" href="//x.example">ab`,
		"broken attributes": `<span a="b" "onx=evil()>ab</span>`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			id := b.ticket(object{"comment": object{"html_body": written}})
			r := b.get(ticketPath(id, "/comments")).want(200).is("ab", "comments", 0, "plain_body").is("ab", "comments", 0, "body")
			shown := strings.ToLower(r.text("comments", 0, "html_body"))
			for _, bad := range []string{"script", "evil", "style=", "iframe", "svg", "template", "x.example", "fallback", "onx", "onload"} {
				if strings.Contains(shown, bad) {
					t.Errorf("%q is left in %s", bad, shown)
				}
			}
		})
	}
}

// TestSanitisedHTMLIsSafe parses what came out of any input again: only harmless elements and attributes are in it, and
// writing it once more changes nothing.
func TestSanitisedHTMLIsSafe(t *testing.T) {
	t.Parallel()
	b := setup(t, noHooks)
	b.restart("")
	id, ana := b.ticket(nil), b.user("Ana Beatriz Souza").ID
	piece := rapid.SampledFrom([]string{
		"<", ">", "/", "\"", "'", "=", "a", " ", "&lt;", "&#60;", "<b>", "</b>", "<p>", "<a href=", "javascript:", "https://x.example",
		"<script>", "</script>", "<svg>", "<math>", "<style>", "<!--", "-->", "<img src=x onerror=evil()>", "<table>", "<td>", "<select>",
		"<template>", "]]>", "<![CDATA[", "<plaintext>", "<textarea>", "\x00", "ç", "👍", "&nbsp;", "<ul><li>", "<math><mi><b>",
	})
	rapid.Check(t, func(rt *rapid.T) {
		written := "x" + strings.Join(rapid.SliceOfN(piece, 0, 25).Draw(rt, "pieces"), "")
		r := b.page(ana, "PUT", "/tickets/"+itoa(id)+"?last=1", object{"comment": object{"html_body": written}})
		if r.status != 200 {
			rt.Fatalf("status %d: %s", r.status, r.raw)
		}
		list := b.desk.Comments(id)
		shown := list[len(list)-1].HTMLBody
		nodes, err := html.Parse(strings.NewReader(shown))
		if err != nil {
			rt.Fatal(err)
		}
		if bad := dangerous(nodes); bad != "" {
			rt.Fatalf("%q became %q with %s", written, shown, bad)
		}
		inner := strings.TrimSuffix(strings.TrimPrefix(shown, `<div class="zd-comment" dir="auto">`), "</div>")
		if strings.TrimSpace(inner) == "" || strings.TrimSpace(list[len(list)-1].Body) == "" {
			return
		}
		b.page(ana, "PUT", "/tickets/"+itoa(id)+"?last=1", object{"comment": object{"html_body": inner}}).want(200)
		list = b.desk.Comments(id)
		if again := list[len(list)-1].HTMLBody; again != shown {
			rt.Fatalf("%q became %q and then %q", written, shown, again)
		}
	})
}

// dangerous names an element or attribute below n that no comment may have.
func dangerous(n *html.Node) string {
	harmless := " html head body div p br b strong i em u s del ins sub sup code pre ul ol li blockquote span a img h1 h2 h3 h4 h5 h6 hr table " +
		"thead tbody tr td th "
	if n.Type == html.ElementNode {
		if !strings.Contains(harmless, " "+n.Data+" ") || n.Namespace != "" {
			return "<" + n.Data + ">"
		}
		for _, a := range n.Attr {
			switch a.Key {
			case "class", "dir", "title", "alt", "rel", "start":
			case "href", "src":
				scheme, _, _ := strings.Cut(strings.ToLower(a.Val), ":")
				if !slices.Contains([]string{"http", "https", "mailto", "tel"}, scheme) {
					return a.Key + "=" + a.Val
				}
			default:
				return a.Key
			}
		}
	}
	if n.Type == html.CommentNode {
		return "a comment"
	}
	for child := range n.ChildNodes() {
		if bad := dangerous(child); bad != "" {
			return bad
		}
	}
	return ""
}

func TestTooDeepHTMLIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.ticket(nil)
	deep := strings.Repeat("<div>", 600) + "x"
	b.put(id, object{"subject": "x", "comment": object{"html_body": deep}}).want(422).is("InvalidValue", "details", "html_body", 0, "error")
	b.call("POST", "/api/v2/tickets", object{"ticket": object{"comment": object{"html_body": deep}}}).want(422)
	if b.show(id).Subject == "x" || len(b.desk.Comments(id)) != 1 {
		t.Error("half of the refused update was done")
	}
	b.put(id, object{"comment": object{"html_body": strings.Repeat("<div>", 400) + "x"}}).want(200)
}

func TestCommentsThatSayNothing(t *testing.T) {
	t.Parallel()
	for name, comment := range map[string]object{
		"empty":            {"body": ""},
		"white":            {"body": " \n\t "},
		"empty HTML":       {"html_body": ""},
		"empty paragraphs": {"html_body": "<p> </p><p>&nbsp;</p><br>"},
		"a script only":    {"html_body": "<script>evil()</script>"},
		"an evil picture":  {"html_body": `<img src="javascript:evil()">`},
		"no uploads":       {"body": "", "uploads": []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			id := b.ticket(nil)
			b.put(id, object{"comment": comment}).want(200).is(nil, "audit")
			if n := len(b.desk.Comments(id)); n != 1 {
				t.Errorf("%d comments", n)
			}
			b.call("POST", "/api/v2/tickets", object{"ticket": object{"subject": "x", "comment": comment}}).want(422).
				is("BlankValue", "details", "base", 0, "error")
		})
	}
}

func TestTheLongestComment(t *testing.T) {
	t.Parallel()
	const most = 65_535
	for name, tt := range map[string]struct {
		comment object
		status  int
	}{
		"just fits":             {object{"body": strings.Repeat("a", most)}, 200},
		"one too many":          {object{"body": strings.Repeat("a", most+1)}, 422},
		"characters, not bytes": {object{"body": strings.Repeat("ç", most)}, 200},
		"emoji too many":        {object{"body": strings.Repeat("👍", most+1)}, 422},
		"white around it":       {object{"body": "  " + strings.Repeat("a", most) + "\n\n"}, 200},
		"HTML that fits":        {object{"html_body": "<p>" + strings.Repeat("a", most) + "</p>"}, 200},
		"HTML too long":         {object{"html_body": "<p>" + strings.Repeat("a", most+1) + "</p>"}, 422},
		"tags do not count":     {object{"html_body": strings.Repeat("<b></b>", most)[:400_000] + "a"}, 200},
		"a private one":         {object{"body": strings.Repeat("a", most+1), "public": false}, 422},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			id := b.ticket(nil)
			r := b.put(id, object{"comment": tt.comment, "subject": "mudou"}).want(tt.status)
			if tt.status == 422 {
				r.is("TooLong", "details", "comment", 0, "error")
				if b.show(id).Subject == "mudou" {
					t.Error("half of the refused update was done")
				}
			}
			ana := b.user("Ana Beatriz Souza").ID
			b.page(ana, "PUT", "/tickets/"+itoa(id), object{"comment": tt.comment}).want(tt.status)
		})
	}
}

func TestRedactingCoversEveryForm(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for name, tt := range map[string]struct {
		comment     object
		text        string
		body, plain string
		html        string
	}{
		"plain":       {object{"body": "CPF 123 e 123"}, "123", "CPF ▇▇▇ e ▇▇▇", "CPF ▇▇▇ e ▇▇▇", `<p dir="auto">CPF ▇▇▇ e ▇▇▇</p>`},
		"markup":      {object{"body": "a <b> c"}, "<b>", "a ▇▇▇ c", "a ▇▇▇ c", `<p dir="auto">a ▇▇▇ c</p>`},
		"lines":       {object{"body": "a\nb"}, "a\nb", "▇▇▇", "▇▇▇", `<p dir="auto">▇▇▇</p>`},
		"HTML":        {object{"html_body": "<p>CPF <b>123</b></p>"}, "123", "CPF **▇▇▇**", "CPF ▇▇▇", "<p>CPF <b>▇▇▇</b></p>"},
		"an address":  {object{"body": "http://x.example/123"}, "123", "http://x.example/▇▇▇", "http://x.example/▇▇▇", `<p dir="auto"><a href="http://x.example/▇▇▇" rel="noreferrer">http://x.example/▇▇▇</a></p>`},
		"not in it":   {object{"body": "a"}, "b", "a", "a", `<p dir="auto">a</p>`},
		"not a glob":  {object{"body": "a.c abc"}, "a.c", "▇▇▇ abc", "▇▇▇ abc", `<p dir="auto">▇▇▇ abc</p>`},
		"wide letter": {object{"body": "ção"}, "ção", "▇▇▇", "▇▇▇", `<p dir="auto">▇▇▇</p>`},
	} {
		id := b.ticket(object{"comment": tt.comment})
		path := ticketPath(id, "/comments/", itoa(b.desk.Comments(id)[0].ID), "/redact")
		b.call("PUT", path, object{"text": tt.text}).want(200).is(tt.body, "comment", "body")
		r := b.get(ticketPath(id, "/comments")).want(200).is(tt.plain, "comments", 0, "plain_body")
		if got := r.text("comments", 0, "html_body"); got != framed(tt.html) {
			t.Errorf("%s: %s", name, got)
		}
	}
}
