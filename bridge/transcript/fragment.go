package transcript

import (
	"fmt"
	"strings"
)

// HTMLFragment is the transcript for a comment of a ticket: of the tags p, b, i, br, blockquote and hr alone, without attributes. It has
// at most limit bytes, 0 for as many as it takes: then the first messages and the last ones stay, with a line between them that says
// how many are in the attached file, and cut is true.
func HTMLFragment(c Conversation, limit int) (fragment string, cut bool) {
	v := look(c)
	var head page
	head.raw("<p><b>")
	head.text(v.labels.title)
	head.raw("</b>")
	for _, f := range v.head {
		head.raw("<br>")
		head.text(f.label + ": " + f.value)
	}
	head.raw("</p>\n<hr>\n")
	blocks := []string{head.b.String()}
	for _, r := range v.rows {
		blocks = append(blocks, block(r))
	}
	whole := strings.Join(blocks, "")
	if limit <= 0 || len(whole) <= limit {
		return whole, false
	}
	room := limit - len(v.mark(0, len(v.rows)))
	if room < 0 {
		return "", true
	}
	from, to := keep(blocks, room)
	return strings.Join(blocks[:from], "") + v.mark(max(0, from-1), to-1) + strings.Join(blocks[to:], ""), true
}

// mark stands in the place of some rows of a fragment.
func (v view) mark(from, to int) string {
	n := 0
	for _, r := range v.rows[from:to] {
		if r.separator == "" {
			n++
		}
	}
	text := fmt.Sprintf(v.labels.cutMessages, n)
	if n == 1 {
		text = v.labels.cutMessage
	}
	return "<p><i>" + text + "</i></p>\n"
}

// block is a separator or a message of a fragment.
func block(r row) string {
	var p page
	if r.separator != "" {
		p.raw("<p><b>")
		p.text("— " + r.separator + " —")
		p.raw("</b></p>\n")
		return p.b.String()
	}
	p.raw("<p><b>")
	p.text(r.sender)
	p.raw("</b> ")
	if r.origin != "" {
		p.raw("<i>(")
		p.text(r.origin)
		p.raw(")</i> ")
	}
	p.raw(r.clock)
	if r.text != "" {
		p.raw("<br>")
		p.lines(r.text)
	}
	p.raw("</p>\n")
	if len(r.details) > 0 {
		p.raw("<blockquote>")
		for i, d := range r.details {
			if i > 0 {
				p.raw("<br>")
			}
			p.raw("<i>")
			p.text(d.head)
			p.raw("</i>")
			if d.text != "" {
				p.raw(": ")
				p.lines(d.text)
			}
		}
		p.raw("</blockquote>\n")
	}
	return p.b.String()
}

// lines writes a text whose lines are divided.
func (p *page) lines(s string) {
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			p.raw("<br>")
		}
		p.text(line)
	}
}
