package transcript

import (
	_ "embed"
	"html"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// pageStyle is the page's own; the page asks for nothing else.
//
//go:embed page.css
var pageStyle string

// policy lets the page load nothing, run nothing and send nothing.
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

// HTML is the transcript as a page of its own, to be read and printed: without scripts, without anything to be loaded, in light and
// dark.
func HTML(c Conversation) string {
	v := look(c)
	var p page
	p.raw(`<!DOCTYPE html>
<html lang="`, string(v.language), `">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="`, policy, `">
<title>`)
	p.text(v.title)
	p.raw("</title>\n<style>\n", pageStyle, "</style>\n</head>\n<body>\n<header>\n<h1>")
	p.text(v.labels.title)
	p.raw("</h1>\n<dl>\n")
	for _, f := range v.head {
		p.raw("<dt>")
		p.text(f.label)
		p.raw("</dt><dd><bdi>")
		p.text(f.value)
		p.raw("</bdi></dd>\n")
	}
	p.raw("</dl>\n</header>\n<main>\n")
	p.rows(v.rows)
	p.raw("</main>\n</body>\n</html>\n")
	return p.b.String()
}

// page is a document that is being written. Only what goes through text may come from people.
type page struct{ b strings.Builder }

func (p *page) raw(parts ...string) {
	for _, s := range parts {
		p.b.WriteString(s)
	}
}

func (p *page) text(s string) { p.b.WriteString(html.EscapeString(s)) }

func (p *page) rows(rows []row) {
	open := false
	list := func(want bool) {
		switch {
		case want && !open:
			p.raw("<ol>\n")
		case open && !want:
			p.raw("</ol>\n")
		}
		open = want
	}
	for _, r := range rows {
		list(r.separator == "")
		switch {
		case r.day:
			p.raw("<h2>")
			p.text(r.separator)
			p.raw("</h2>\n")
		case r.separator != "":
			p.raw(`<p class="clock">`)
			p.text(r.separator)
			p.raw("</p>\n")
		default:
			p.message(r)
		}
	}
	list(false)
}

func (p *page) message(r row) {
	p.raw(`<li class="`, string(r.tone), `">`, "\n", `<p class="by"><b><bdi>`)
	p.text(r.sender)
	p.raw("</bdi></b> ")
	if r.origin != "" {
		p.raw("<span>")
		p.text(r.origin)
		p.raw("</span> ")
	}
	p.raw(`<time datetime="`, r.at.Format(time.RFC3339), `">`, r.clock, "</time></p>\n")
	for _, d := range r.details {
		if d.kind == detailQuote {
			p.raw("<blockquote dir=\"auto\">")
			p.text(d.line())
			p.raw("</blockquote>\n")
		}
	}
	if r.text != "" {
		gone := ""
		if r.m.Revoked != nil {
			gone = " gone"
		}
		p.raw(`<p class="text`, gone, `" dir="auto">`)
		p.text(r.text)
		p.raw("</p>\n")
	}
	p.details(r)
	p.raw("</li>\n")
}

func (p *page) details(r row) {
	open := false
	for _, d := range r.details {
		if d.kind == detailQuote {
			continue
		}
		if !open {
			p.raw("<ul>\n")
			open = true
		}
		class := string(d.kind)
		if d.kind == detailDelivery && r.m.Delivery == conversation.DeliveryFailed {
			class += " failed"
		}
		p.raw(`<li class="`, class, `">`)
		p.text(d.head)
		if d.text != "" {
			p.raw(":\n<p dir=\"auto\">")
			p.text(d.text)
			p.raw("</p>\n")
		}
		p.raw("</li>\n")
	}
	if open {
		p.raw("</ul>\n")
	}
}
