package whatsapp

import (
	"net/url"
	"strings"
	"unicode"
)

// maxLinkText bounds how much of a link's text is kept to be compared with its address, in bytes.
const maxLinkText = 4096

// openLink is the link whose text is being written.
type openLink struct {
	// address is empty when there is no link, or none to be shown.
	address string
	// scheme is "http", "https", "mailto" or "tel".
	scheme string
	text   []byte
	image  bool // it holds an image without a text
}

// newLink returns the link to an address as HTML has it.
func newLink(href string) openLink {
	href = strings.Map(func(r rune) rune {
		switch r {
		case '\t', '\n', '\r':
			return -1
		}
		return r
	}, strings.TrimSpace(replaceInvalid(href)))
	if strings.HasPrefix(href, "//") {
		href = "https:" + href
	}
	scheme, rest, _ := strings.Cut(href, ":")
	switch scheme = strings.ToLower(scheme); scheme {
	case "http", "https":
		if len(rest) > len("//") && strings.HasPrefix(rest, "//") {
			return openLink{scheme: scheme, address: escapeAddress(href)}
		}
	case "mailto", "tel":
		rest, _, _ = strings.Cut(rest, "?")
		return openLink{scheme: scheme, address: plainAddress(rest)}
	}
	return openLink{}
}

// plainAddress returns a mail address or a phone as people write it.
func plainAddress(s string) string {
	if plain, err := url.PathUnescape(s); err == nil {
		s = replaceInvalid(plain)
	}
	s = strings.Map(func(r rune) rune {
		if isDropped(r) || strings.ContainsRune(`<>"`, r) {
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// escapeAddress escapes what would end an address in a text, or be taken for markup there.
func escapeAddress(href string) string {
	var b strings.Builder
	for _, r := range href {
		switch {
		case isDropped(r):
		case unicode.IsSpace(r) || strings.ContainsRune(`<>"`, r):
			b.WriteString(url.PathEscape(string(r)))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// add notes a word of the link's text.
func (l *openLink) add(word string, spaced bool) {
	if l.address == "" || len(l.text) > maxLinkText {
		return
	}
	if spaced && len(l.text) > 0 {
		l.text = append(l.text, ' ')
	}
	l.text = append(l.text, word[:min(len(word), maxLinkText+1)]...)
}

// toldByText reports whether the text is the address already.
func (l *openLink) toldByText() bool {
	text := string(l.text)
	if l.scheme == "tel" {
		return dialled(text) != "" && dialled(text) == dialled(l.address)
	}
	return strings.EqualFold(bareAddress(text), bareAddress(l.address))
}

// dialled returns the digits of a phone.
func dialled(phone string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, phone)
}

// bareAddress returns an address without what people leave out when they write it down.
func bareAddress(s string) string {
	for _, scheme := range []string{"https://", "http://", "mailto:"} {
		if len(s) > len(scheme) && strings.EqualFold(s[:len(scheme)], scheme) {
			s = s[len(scheme):]
			break
		}
	}
	return strings.TrimSuffix(s, "/")
}

// isAddress reports whether a word is a web address. Marks around one would be taken for a part of it.
func isAddress(word string) bool {
	for _, start := range []string{"https://", "http://", "www."} {
		if len(word) > len(start) && strings.EqualFold(word[:len(start)], start) {
			return true
		}
	}
	return false
}
