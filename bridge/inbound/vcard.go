package inbound

import (
	"io"
	"mime/quotedprintable"
	"strings"

	"github.com/ponte-desk/ponte/whatsapp"
)

// Bounds of a vCard: the rest is its photo.
const (
	mostVCard      = 256 << 10 // bytes
	mostVCardLines = 500
)

// readVCard takes name, organisation, phones and e-mails out of a vCard of version 2.1 to 4.0. What it can't read it leaves out.
//
// Source: https://www.rfc-editor.org/rfc/rfc6350
func readVCard(text string) whatsapp.Card {
	var c whatsapp.Card
	structured := ""
	for n, line := range vCardLines(text) {
		if n == mostVCardLines {
			break
		}
		p := readProperty(line)
		switch p.name {
		case "FN":
			c.Name = first(c.Name, p.text())
		case "N":
			structured = first(structured, p.person())
		case "ORG":
			c.Company = first(c.Company, joined(", ", p.parts()))
		case "TEL":
			c.Phones = append(c.Phones, whatsapp.CardPhone{
				Phone: strings.TrimPrefix(p.text(), "tel:"), WaID: p.parameter("WAID"), Type: p.parameter("TYPE"),
			})
		case "EMAIL":
			c.Emails = append(c.Emails, p.text())
		}
	}
	c.Name = first(c.Name, structured)
	return c
}

func first(have, next string) string {
	if have != "" {
		return have
	}
	return next
}

// vCardLines undoes the folding of long lines, both that of today and that of version 2.1.
func vCardLines(text string) []string {
	text = strings.ReplaceAll(text[:min(len(text), mostVCard)], "\r\n", "\n")
	text = strings.NewReplacer("\n ", "", "\n\t", "").Replace(text)
	var whole []string
	for line := range strings.SplitSeq(text, "\n") {
		if last := len(whole) - 1; last >= 0 && soft(whole[last]) {
			whole[last] = strings.TrimSuffix(whole[last], "=") + line
			continue
		}
		whole = append(whole, line)
	}
	return whole
}

// soft tells whether a quoted-printable line goes on in the next.
func soft(line string) bool {
	return strings.HasSuffix(line, "=") && strings.Contains(strings.ToUpper(line), quotedPrintable)
}

const quotedPrintable = "QUOTED-PRINTABLE"

// property is one line of a vCard.
type property struct {
	name       string   // in capitals, without its group
	parameters []string // as they stand: NAME=value
	value      string
}

func readProperty(line string) property {
	head, value, _ := cutUnquoted(line, ':')
	parts := strings.Split(head, ";")
	p := property{name: strings.ToUpper(strings.TrimSpace(parts[0])), parameters: parts[1:], value: value}
	if dot := strings.LastIndexByte(p.name, '.'); dot >= 0 {
		p.name = p.name[dot+1:]
	}
	for _, parameter := range p.parameters {
		if strings.HasSuffix(strings.ToUpper(parameter), quotedPrintable) {
			plain, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(p.value)))
			if err == nil {
				p.value = string(plain)
			}
		}
	}
	return p
}

// cutUnquoted cuts around the first separator that stands outside quotes.
func cutUnquoted(s string, separator byte) (before, after string, ok bool) {
	quoted := false
	for i := range len(s) {
		switch s[i] {
		case '"':
			quoted = !quoted
		case separator:
			if !quoted {
				return s[:i], s[i+1:], true
			}
		}
	}
	return s, "", false
}

// parameter is the value of a parameter, "" when it has none.
func (p property) parameter(name string) string {
	for _, parameter := range p.parameters {
		if key, value, ok := strings.Cut(parameter, "="); ok && strings.EqualFold(key, name) {
			return strings.Trim(value, `"`)
		}
	}
	return ""
}

// text is the whole value as people read it.
func (p property) text() string { return unescape(p.value) }

// parts is the components of a value that has several.
func (p property) parts() []string {
	var list []string
	rest := p.value
	for start := 0; start <= len(rest); {
		i := start
		for i < len(rest) && rest[i] != ';' {
			if rest[i] == '\\' {
				i++
			}
			i++
		}
		i = min(i, len(rest))
		list = append(list, unescape(rest[start:i]))
		start = i + 1
	}
	return list
}

// person is a name in parts, given name first.
func (p property) person() string {
	const family, given = 0, 1
	parts := p.parts()
	if len(parts) <= given {
		return joined(" ", parts)
	}
	return joined(" ", []string{parts[given], parts[family]})
}

func unescape(s string) string {
	return strings.TrimSpace(strings.NewReplacer(`\\`, `\`, `\n`, " ", `\N`, " ", `\,`, ",", `\;`, ";").Replace(s))
}
