package macros

import "strings"

// The kinds of channel a comment's text may be for.
const (
	channelPrefix = "channel:"
	channelAll    = "channel:all"
	channelWeb    = "channel:web"
)

// text takes a plain text in, for all channels or for one: "text", ["text"] or ["channel:web","text"].
func (f *folder) text(texts []string) bool {
	channel, template, ok := scoped(texts)
	if !ok {
		return false
	}
	if !f.ours(channel) {
		f.out.note("comment_value", ReasonOtherChannel)
		return true
	}
	filled, ok := f.at.fill(template, false)
	switch {
	case !ok:
		return false
	case channel == channelWeb:
		f.settled = true
	case f.settled:
		return true
	}
	f.out.Comment.Text = filled
	return true
}

// html takes a text in HTML in.
func (f *folder) html(texts []string) bool {
	channel, template, ok := scoped(texts)
	if !ok {
		return false
	}
	if !f.ours(channel) {
		f.out.note("comment_value_html", ReasonOtherChannel)
		return true
	}
	filled, ok := f.at.fill(template, true)
	if ok {
		f.out.Comment.HTML = filled
	}
	return ok
}

// ours reports whether a ticket that came by the API takes a text of the channel.
func (*folder) ours(channel string) bool { return channel == channelAll || channel == channelWeb }

// scoped splits a comment's value into channel and text.
func scoped(texts []string) (channel, template string, ok bool) {
	switch {
	case len(texts) == 1:
		return channelAll, texts[0], true
	case len(texts) == 2 && strings.HasPrefix(texts[0], channelPrefix):
		return texts[0], texts[1], true
	}
	return "", "", false
}
