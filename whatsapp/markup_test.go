package whatsapp_test

import (
	"testing"

	"github.com/ponte-desk/ponte/whatsapp"
)

func TestMarkup(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, html, want string }{
		{"plain text", `Bom dia`, "Bom dia"},
		{"nothing", ``, ""},
		{"nothing but white space", " \n\t<p> </p>&nbsp;<br> ", ""},
		{"a comment of Zendesk", `<div class="zd-comment" dir="auto"><p dir="auto">Olá, Ana!</p><p dir="auto">Tudo bem?</p></div>`, "Olá, Ana!\n\nTudo bem?"},

		{"bold", `<b>a</b> <strong>b</strong>`, "*a* *b*"},
		{"italic", `<i>a</i> <em>b</em>`, "_a_ _b_"},
		{"struck through", `<s>a</s> <del>b</del> <strike>c</strike>`, "~a~ ~b~ ~c~"},
		{"code", `use <code>x = 1</code> <kbd>Ctrl</kbd>`, "use `x = 1` `Ctrl`"},
		{"marks touch the text", `a<b> b </b>c`, "a *b* c"},
		{"marks around blank text", `a<b> </b>b<i></i>c<s>&nbsp;</s>d`, "a bc d"},
		{"marks around what shows nothing", "a<b>\u200b\ufeff</b>", "a"},
		{"nested same", `<b>a <strong>b</strong> c</b>`, "*a b c*"},
		{"nested others", `<b>a <i>b</i> c</b>`, "*a _b_ c*"},
		{"the longer one outside", `<i><b>a</b> b</i>`, "_*a* b_"},
		{"the longer one outside, turned", `<b><i>a</i> b</b>`, "*_a_ b*"},
		{"ending together", `<b>a <i>b</i></b>`, "*a _b_*"},
		{"crossing", `<b>a <i>b</b> c</i>`, "*a _b_* _c_"},
		{"crossing within a word", `<b>a<i>b</b>c</i>`, "*a_b_*_c_"},
		{"all four", `<b><i><s><code>x</code></s></i></b>`, "*_~`x`~_*"},
		{"code innermost", `<code>a <b>b</b> c</code>`, "`a` *`b`* `c`"},
		{"bold over code", `<b>a <code>b</code> c</b>`, "*a `b` c*"},
		{"code first", `<b><code>a</code> b</b>`, "*`a` b*"},
		{"bold begins in code", `<code>a<b>b</b>c</code>`, "`a`*`b`*`c`"},
		{"side by side", `<b>a</b><b>b</b>`, "*ab*"},
		{"side by side, parted", `<b>a</b> <b>b</b>`, "*a* *b*"},
		{"over lines", `<b>a<br>b</b>`, "*a*\n*b*"},
		{"over paragraphs", `<b><p>a</p><p>b</p></b>`, "*a*\n\n*b*"},
		{"never closed", `<b>a<p>b`, "*a*\n\n*b*"},
		{"never opened", `a</b></i></code></h1></ul></blockquote></pre></a></td></tr></table>b`, "a\n\nb"},
		{"closed, then opened", `</b></h1></blockquote></pre></ul><h1>a</h1><blockquote><b>b</b></blockquote><pre>c</pre>`, "*a*\n\n> *b*\n\n```c```"},
		{"typed marks", `2*3 = 6, snake_case, ~10, *já* é`, "2*3 = 6, snake_case, ~10, *já* é"},
		{"other elements", `<u>a</u> <span style="font-weight:bold">b</span> <font>c</font> <x-y>d</x-y>`, "a b c d"},
		{"half a tag", `a < b, 1<2, a <b`, "a < b, 1<2, a"},
		{"entities", `&lt;b&gt; &amp;amp; &eacute; &#128077; &copy`, "<b> &amp; é 👍 ©"},

		{"line break", `a<br>b<br/>c</br>d`, "a\nb\nc\nd"},
		{"blank line", `a<br><br>b`, "a\n\nb"},
		{"blank lines", `a<br><br><br><br>b`, "a\n\nb"},
		{"break at the end of a paragraph", `<p>a<br></p><p>b<br></p>`, "a\n\nb"},
		{"lines of an editor", `<div>a</div><div><br></div><div>b</div><div>c</div>`, "a\n\nb\nc"},
		{"blank paragraphs", `<p>a</p><p>&nbsp;</p><p></p><p> </p><p>b</p>`, "a\n\nb"},
		{"divs in divs", `<div><div><div>a</div></div></div><div>b</div>`, "a\nb"},
		{"text around blocks", `a<div>b</div>c`, "a\nb\nc"},
		{"paragraphs never closed", `<p>a<p>b`, "a\n\nb"},
		{"heading", `<h1>Prazo <em>novo</em></h1><p>a</p>`, "*Prazo _novo_*\n\na"},
		{"bold heading", `<h2><b>a</b></h2>b`, "*a*\n\nb"},
		{"rule", `a<hr>b`, "a\n\nb"},
		{"white space", "  a \n\t b  <i> c</i>  \n", "a b _c_"},
		{"hard spaces", `a&nbsp;b&nbsp;&nbsp;c &nbsp; d&nbsp;`, "a b  c   d"},
		{"spaces around breaks", "a <br> b", "a\nb"},
		{"comment", `a<!-- <b>x</b> -->b`, "ab"},
		{"controls", "a\x00\x07b\u00adc\x7f", "abc"},
		{"invalid UTF-8", "a\xffb", "a\ufffdb"},

		{"list", `<ul><li>a</li><li>b</li></ul>`, "- a\n- b"},
		{"list between paragraphs", `<p>a</p><ul><li>b</li></ul><p>c</p>`, "a\n\n- b\n\nc"},
		{"numbers", `<ol><li>a<li>b</ol>`, "1. a\n2. b"},
		{"numbers from elsewhere", `<ol start="9"><li>a<li>b<li value="20">c<li>d</ol>`, "9. a\n10. b\n20. c\n21. d"},
		{"numbers of no use", `<ol start="x"><li>a<li value="99999999999">b</ol>`, "1. a\n2. b"},
		{"nested lists", `<ul><li>a<ol><li>b</li><li>c<ul><li>d</li></ul></li></ol></li><li>e</li></ul>`, "- a\n  1. b\n  2. c\n    - d\n- e"},
		{"list in an empty item", `<ul><li><ul><li>a</li></ul></li></ul>`, "  - a"},
		{"paragraphs in items", `<ul><li><p>a</p><p>b</p></li><li><p>c</p></li></ul>`, "- a\n  b\n- c"},
		{"empty items", `<ol><li></li><li> </li><li>a</li></ol>`, "3. a"},
		{"empty items at the end", `<ul><li>a</li><li></li></ul>b<ul><li>c<li></ul>d`, "- a\n\nb\n\n- c\n\nd"},
		{"text behind an empty item", `<ul><li></li>a</ul>`, "  a"},
		{"item without a list", `<li>a<li>b`, "- a\n- b"},
		{"marked item", `<ul><li><b>a</b>: b</li></ul>`, "- *a*: b"},

		{"quotation", `<blockquote>a<br>b</blockquote>c`, "> a\n> b\n\nc"},
		{"quoted paragraphs", `<blockquote><p>a</p><p>b</p></blockquote>`, "> a\n\n> b"},
		{"quotation in a quotation", `<blockquote>a<blockquote>b</blockquote></blockquote>`, "> a\n\n> b"},
		{"list in a quotation", `<blockquote><ul><li>a</li></ul></blockquote>`, "> - a"},
		{"bold quotation", `<b>a<blockquote>b</blockquote></b>`, "*a*\n\n> *b*"},

		{"preformatted", "<pre>a\n  b\tc\n</pre>", "```a\n  b    c```"},
		{"preformatted, marks", `<pre><code>a</code> <b>b</b></pre>`, "```a b```"},
		{"preformatted, blank lines", "<pre>\n\na\n\n\nb\n\n</pre>", "```a\n\nb```"},
		{"preformatted, first line indented", "<pre>  a\n  b</pre>", "```a\n  b```"},
		{"preformatted, spaces at the ends", "<pre>a\nb  \n  c </pre>", "```a\nb\n  c```"},
		{"preformatted, twice", `<pre>a</pre><pre>b</pre>`, "```a```\n\n```b```"},
		{"preformatted between texts", `a<pre>b</pre>c`, "a\n\n```b```\n\nc"},
		{"preformatted, quoted", "<blockquote><pre>a\nb</pre></blockquote>", "> ```a```\n> ```b```"},
		{"preformatted, a quotation in it", "<pre>a<blockquote>b</blockquote>c</pre>", "```a```\n\n> ```b```\n\n```c```"},
		{"preformatted, nothing", `a<pre> </pre>b`, "a\n\nb"},
		{"preformatted, never closed", `<pre>a`, "```a```"},

		{"table", `<table><tr><th>Item</th><th>Valor</th></tr><tr><td>Frete</td><td>R$ 10</td></tr></table>`, "Item | Valor\nFrete | R$ 10"},
		{"table, spelled out", "<p>a</p>\n<table>\n<thead>\n<tr>\n<th>b</th>\n<th>c</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>d</td>\n<td>e</td>\n</tr>\n</tbody>\n</table>\n<p>f</p>", "a\n\nb | c\nd | e\n\nf"},
		{"table, paragraphs in cells", `<table><tr><td><p>a</p></td><td><p>b</p></td></tr><tr><td><p>c</p></td><td><p>d</p></td></tr></table>`, "a | b\nc | d"},
		{"table, ends left out", `<table><tr><td><p>a<td>b<tr><td>c<td>d</table>`, "a | b\nc | d"},
		{"table, ends of paragraphs only", `<table><tr><td><p>a</p><tr><td><p>b</p></table>`, "a\nb"},
		{"table, empty cells", `<table><tr><td>a</td><td></td><td>c</td><td>&nbsp;</td></tr><tr><td></td><td>e</td></tr><tr><td></td><td></td></tr></table>f`, "a | | c\n| e\n\nf"},
		{"table, marks", `<table><tr><td><b>a</b></td><td><i>b</i></td></tr></table>`, "*a* | _b_"},
		{"table in bold", `<b><table><tr><td>a</td><td>b</td></tr></table></b>`, "*a* | *b*"},
		{"table for layout", `<table><tr><td><p>a</p><p>b</p></td></tr></table>`, "a\n\nb"},
		{"table, lines in cells", `<table><tr><td>a<br>b</td><td>c</td></tr></table>`, "a\nb | c"},
		{"table in a table", `<table><tr><td>a</td><td><table><tr><td>b</td><td>c</td></tr></table></td></tr></table>`, "a\nb | c"},
		{"table, list in a cell", `<table><tr><td>a</td><td><ul><li>b</li><li>c</li></ul></td></tr></table>`, "a | b\n- c"},

		{"script, style, head", `<html><head><title>t</title><style>p{}</style><meta charset="utf-8"></head><body>a<script>b("<p>c</p>")</script><style>d</style>e</body></html>`, "ae"},
		{"head with text", `<head>x<title>t</title></head>a`, "a"},
		{"head never closed", `<head><title>t</title><p>a</p>b`, "a\n\nb"},
		{"empty script", `<script></script>a<noscript>b</noscript>c`, "ac"},
		{"script never closed", `a<script>b`, "a"},
		{"doctype", `<!DOCTYPE html>a`, "a"},
		{"image", `a <img src="x.png" alt=" um  gato "> b <img src="y.png"><img alt="">c`, "a um gato b c"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := whatsapp.Markup(test.html); got != test.want {
				t.Errorf("%s\ngot  %q\nwant %q", test.html, got, test.want)
			}
		})
	}
}

func TestMarkupLinks(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, html, want string }{
		{"text and address", `Veja <a href="https://example.com/a?b=1&amp;c=2">o site</a>.`, "Veja o site (https://example.com/a?b=1&c=2)."},
		{"the same", `<a href="https://example.com/">https://example.com/</a>`, "https://example.com/"},
		{"the same but for the slash", `<a href="https://example.com/">https://example.com</a>`, "https://example.com"},
		{"the same but for the scheme", `<a href="http://Example.com">example.com</a>`, "example.com"},
		{"no scheme", `<a href="//example.com/a">a</a>`, "a (https://example.com/a)"},
		{"marked text", `<b>Veja <a href="https://example.com">aqui</a> já</b>`, "*Veja aqui* (https://example.com) *já*"},
		{"marked address", `<b><a href="https://example.com/a_b">https://example.com/a_b</a></b>`, "https://example.com/a_b"},
		{"typed address in bold", `<b>veja www.example.com já</b>`, "*veja* www.example.com *já*"},
		{"address as code", `<code>https://example.com</code>`, "`https://example.com`"},
		{"space before the end", `<a href="https://example.com">a </a>b`, "a (https://example.com) b"},
		{"paragraph in a link", `<a href="https://example.com"><p>a</p></a><p>b</p>`, "a (https://example.com)\n\nb"},
		{"paragraph in a link, text behind it", `<a href="https://example.com"><p>a</p></a>b`, "a (https://example.com)\n\nb"},
		{"two lines", `<a href="https://example.com">a<br>b</a>`, "a\nb (https://example.com)"},
		{"never closed", `<a href="https://example.com">a`, "a (https://example.com)"},
		{"link in a link", `<a href="https://example.com/1">a <a href="https://example.com/2">b</a></a>`, "a (https://example.com/1) b (https://example.com/2)"},
		{"spaces in the address", "<a href=\" https://example.com/a b\n\">a</a>", "a (https://example.com/a%20b)"},
		{"markup in the address", `<a href="https://example.com/<b>">a</a>`, "a (https://example.com/%3Cb%3E)"},
		{"nothing to be seen in the address", "<a href=\"https://exa\u200bmple.com\">a</a>", "a (https://example.com)"},
		{"no text", `a<a href="https://example.com"></a>b`, "ab"},
		{"image", `<a href="https://example.com"><img src="x.png"></a>`, "https://example.com"},
		{"image with text", `<a href="https://example.com"><img src="x.png" alt="Loja"></a>`, "Loja (https://example.com)"},
		{"image beside text", `<a href="https://example.com"><img src="x.png"> Loja</a>`, "Loja (https://example.com)"},
		{"no address", `<a name="x">a</a>`, "a"},
		{"mail", `<a href="mailto:ana@example.com?subject=Oi">Ana</a>`, "Ana (ana@example.com)"},
		{"mail, the same", `<a href="mailto:ana@example.com">ana@example.com</a>`, "ana@example.com"},
		{"mail, escaped", `<a href="MAILTO:ana%40example.com">Ana</a>`, "Ana (ana@example.com)"},
		{"mail, odd", `<a href="mailto:<b>ana@exa&#8203;mple.com">Ana</a> <a href="mailto:100%">Bia</a> <a href="mailto:">Caio</a>`, "Ana (bana@example.com) Bia (100%) Caio"},
		{"phone", `<a href="tel:+55%2011%204002-8922">Ligue</a>`, "Ligue (+55 11 4002-8922)"},
		{"phone, the same", `<a href="tel:+551140028922">+55 (11) 4002-8922</a>`, "+55 (11) 4002-8922"},
		{"script", `<a href="javascript:alert(1)">a</a>`, "a"},
		{"script, disguised", "<a href=\"java\nscript:alert(1)\">a</a> <a href=\"\u0001javascript:x\">b</a>", "a b"},
		{"data", `<a href="data:text/html,x">a</a>`, "a"},
		{"within the page", `<a href="#x">a</a> <a href="/b">b</a> <a href="b">c</a>`, "a b c"},
		{"no host", `<a href="https://">a</a> <a href="https:x">b</a>`, "a b"},
		{"percent sign", `<a href="https://example.com/100%">a</a>`, "a (https://example.com/100%)"},
		{"in a cell", `<table><tr><td><a href="https://example.com">a</a></td><td>b</td></tr></table>`, "a (https://example.com) | b"},
		{"in an item", `<ul><li><a href="https://example.com">a</a></li><li>b</li></ul>`, "- a (https://example.com)\n- b"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := whatsapp.Markup(test.html); got != test.want {
				t.Errorf("%s\ngot  %q\nwant %q", test.html, got, test.want)
			}
		})
	}
}
