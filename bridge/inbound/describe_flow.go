package inbound

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/ponte-desk/ponte/whatsapp"
)

// Bounds of a form's content, which is JSON that the customer's phone wrote.
const (
	mostFormBytes = 32 << 10
	mostFormDepth = 6
	mostFormLines = 80
	mostFormValue = 1000 // characters
)

// flow is a form that was sent, a field a line.
func flow(f *whatsapp.FlowReply) string {
	head := "[Formulário]"
	if f.Body != "" && f.Body != "Sent" { // what it says of every form
		head += " " + oneLine(f.Body)
	}
	text, cut := f.ResponseJSON, false
	if len(text) > mostFormBytes {
		text, cut = text[:mostFormBytes], true
	}
	r := formReader{d: json.NewDecoder(strings.NewReader(text))}
	r.d.UseNumber()
	if err := r.value("", 0); (err != nil || cut) && f.ResponseJSON != "" {
		r.lines = append(r.lines, "(o restante do formulário não pôde ser lido)")
	}
	return lines(append([]string{head}, r.lines...)...)
}

// errFormBounds is a form larger than anybody would fill in.
var errFormBounds = errors.New("form out of bounds")

// formReader reads a form one token at a time, as deep and as far as its bounds allow.
type formReader struct {
	d     *json.Decoder
	lines []string
}

// value reads one value and what it holds.
func (r *formReader) value(name string, depth int) error {
	token, err := r.d.Token()
	if err != nil {
		return err
	}
	open, nested := token.(json.Delim)
	switch {
	case !nested:
		return r.line(name, token)
	case depth == mostFormDepth:
		return errFormBounds
	}
	for r.d.More() {
		inner := name
		if open == '{' {
			if inner, err = r.member(name); err != nil {
				return err
			}
		}
		if err := r.value(inner, depth+1); err != nil {
			return err
		}
	}
	_, err = r.d.Token() // the closing one
	return err
}

// member reads a field's name and puts the names around it before.
func (r *formReader) member(name string) (string, error) {
	token, err := r.d.Token()
	if err != nil {
		return "", err
	}
	field, _ := token.(string)
	field = oneLine(field)
	if name != "" {
		field = shortLine(name+" / "+field, mostWord)
	}
	return field, nil
}

// line writes one field down.
func (r *formReader) line(name string, token json.Token) error {
	const technical = "flow_token" // WhatsApp's own
	if name == technical {
		return nil
	}
	if len(r.lines) == mostFormLines {
		return errFormBounds
	}
	shown := ""
	switch v := token.(type) {
	case string:
		shown = strings.TrimSpace(shortLine(v, mostFormValue))
	case json.Number:
		shown = shortLine(v.String(), mostFormValue)
	case bool:
		shown = "não"
		if v {
			shown = "sim"
		}
	}
	if shown == "" {
		shown = "(vazio)"
	}
	if name != "" {
		shown = name + ": " + shown
	}
	r.lines = append(r.lines, shown)
	return nil
}
