package whatsapp

import (
	"errors"
	"iter"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// maxDepth is how deeply a body may be nested; Meta's own bodies stay below 16.
const maxDepth = 64

// Errors of Parse, to be told apart with errors.Is.
var (
	// ErrNotObject says that a body is not one well-formed JSON object.
	ErrNotObject = errors.New("whatsapp: body is not a JSON object")
	// ErrTooDeep says that a body is nested deeper than 64 levels.
	ErrTooDeep = errors.New("whatsapp: body is nested too deeply")
)

// check reports whether s is one well-formed JSON object of at most maxDepth levels. Everything else in this file relies on it
// and does no bounds or syntax checks of its own.
func check(s string) error {
	i := space(s, 0)
	if i == len(s) || s[i] != '{' {
		return ErrNotObject
	}
	c := checker{s: s}
	end := c.value(i, maxDepth)
	switch {
	case c.deep:
		return ErrTooDeep
	case end == malformed || space(s, end) != len(s):
		return ErrNotObject
	}
	return nil
}

// malformed is the position a checker answers with when the text is not JSON.
const malformed = -1

type checker struct {
	s    string
	deep bool
}

// value checks the value that begins at i and returns its end, or malformed.
func (c *checker) value(i, depth int) int {
	if i >= len(c.s) {
		return malformed
	}
	switch b := c.s[i]; {
	case b == '"':
		return c.text(i)
	case b == '{' || b == '[':
		if depth == 0 {
			c.deep = true
			return malformed
		}
		return c.composite(i, depth-1)
	case b == '-' || isDigit(b):
		return c.number(i)
	}
	for _, word := range [...]string{"true", "false", "null"} {
		if strings.HasPrefix(c.s[i:], word) {
			return i + len(word)
		}
	}
	return malformed
}

func (c *checker) composite(i, depth int) int {
	object := c.s[i] == '{'
	closing := c.s[i] + 2 // '{' and '}', '[' and ']' lie two apart
	i = space(c.s, i+1)
	if i < len(c.s) && c.s[i] == closing {
		return i + 1
	}
	for {
		if object {
			if i = c.key(i); i == malformed {
				return malformed
			}
		}
		if i = c.value(i, depth); i == malformed {
			return malformed
		}
		i = space(c.s, i)
		if i == len(c.s) {
			return malformed
		}
		switch c.s[i] {
		case closing:
			return i + 1
		case ',':
			i = space(c.s, i+1)
		default:
			return malformed
		}
	}
}

// key checks a member's name and colon and returns where its value begins.
func (c *checker) key(i int) int {
	if i >= len(c.s) || c.s[i] != '"' {
		return malformed
	}
	if i = c.text(i); i == malformed {
		return malformed
	}
	i = space(c.s, i)
	if i == len(c.s) || c.s[i] != ':' {
		return malformed
	}
	return space(c.s, i+1)
}

func (c *checker) text(i int) int {
	for i++; i < len(c.s); i++ {
		switch b := c.s[i]; {
		case b == '"':
			return i + 1
		case b < ' ':
			return malformed
		case b == '\\':
			if i = c.escape(i + 1); i == malformed {
				return malformed
			}
		}
	}
	return malformed
}

// escape checks what follows a backslash and returns the position of its last byte.
func (c *checker) escape(i int) int {
	if i >= len(c.s) || strings.IndexByte(`"\/bfnrtu`, c.s[i]) < 0 {
		return malformed
	}
	if c.s[i] != 'u' {
		return i
	}
	if i+4 >= len(c.s) || hex4(c.s[i+1:i+5]) < 0 {
		return malformed
	}
	return i + 4
}

func (c *checker) number(i int) int {
	if c.s[i] == '-' {
		i++
	}
	switch {
	case i < len(c.s) && c.s[i] == '0':
		i++
	default:
		if i = c.digits(i); i == malformed {
			return malformed
		}
	}
	if i < len(c.s) && c.s[i] == '.' {
		if i = c.digits(i + 1); i == malformed {
			return malformed
		}
	}
	if i < len(c.s) && (c.s[i] == 'e' || c.s[i] == 'E') {
		i++
		if i < len(c.s) && (c.s[i] == '+' || c.s[i] == '-') {
			i++
		}
		return c.digits(i)
	}
	return i
}

// digits passes over one digit or more.
func (c *checker) digits(i int) int {
	start := i
	for i < len(c.s) && isDigit(c.s[i]) {
		i++
	}
	if i == start {
		return malformed
	}
	return i
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

// space passes over JSON white space.
func space(s string, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\n' || s[i] == '\t' || s[i] == '\r') {
		i++
	}
	return i
}

// value is one JSON value of a checked text, without white space before it. The empty value stands for an absent one.
type value string

func (v value) absent() bool { return v == "" || v[0] == 'n' }

// members yields the names and values of an object in their order.
func (v value) members() iter.Seq2[string, value] {
	return func(yield func(string, value) bool) {
		s := string(v)
		for i := space(s, 1); s[i] != '}'; i = space(s, i) {
			if s[i] == ',' {
				i = space(s, i+1)
			}
			colon := skipText(s, i)
			name := unquote(s[i:colon])
			i = space(s, space(s, colon)+1)
			end := skip(s, i)
			if !yield(name, value(s[i:end])) {
				return
			}
			i = end
		}
	}
}

// elements yields the values of an array in their order.
func (v value) elements() iter.Seq[value] {
	return func(yield func(value) bool) {
		s := string(v)
		for i := space(s, 1); s[i] != ']'; i = space(s, i) {
			if s[i] == ',' {
				i = space(s, i+1)
			}
			end := skip(s, i)
			if !yield(value(s[i:end])) {
				return
			}
			i = end
		}
	}
}

// skip returns the end of the value that begins at i.
func skip(s string, i int) int {
	switch s[i] {
	case '"':
		return skipText(s, i)
	case '{', '[':
		return skipComposite(s, i)
	}
	for i < len(s) && strings.IndexByte(",]} \n\t\r", s[i]) < 0 {
		i++
	}
	return i
}

func skipComposite(s string, i int) int {
	for open := 0; ; {
		switch s[i] {
		case '"':
			i = skipText(s, i)
			continue
		case '{', '[':
			open++
		case '}', ']':
			open--
		}
		i++
		if open == 0 {
			return i
		}
	}
}

func skipText(s string, i int) int {
	for i++; s[i] != '"'; i++ {
		if s[i] == '\\' {
			i++
		}
	}
	return i + 1
}

// unquote returns the text of a quoted JSON string. What is not Unicode becomes U+FFFD, as in encoding/json.
func unquote(quoted string) string {
	s := quoted[1 : len(quoted)-1]
	if strings.IndexByte(s, '\\') < 0 {
		if utf8.ValidString(s) {
			return s
		}
		return replaceInvalid(s)
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		if s[i] != '\\' {
			r, size := utf8.DecodeRuneInString(s[i:])
			out = utf8.AppendRune(out, r)
			i += size
			continue
		}
		if s[i+1] != 'u' {
			out = append(out, unescape(s[i+1]))
			i += 2
			continue
		}
		r := hex4(s[i+2 : i+6])
		i += 6
		if utf16.IsSurrogate(r) {
			low := rune(-1)
			if strings.HasPrefix(s[i:], `\u`) {
				low = hex4(s[i+2 : i+6])
			}
			if r = utf16.DecodeRune(r, low); r != utf8.RuneError {
				i += 6
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return string(out)
}

// replaceInvalid writes one U+FFFD for each byte that is not UTF-8.
func replaceInvalid(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteRune(r)
	}
	return b.String()
}

func unescape(b byte) byte {
	switch b {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return b
}

// hex4 reads four hexadecimal digits; it is negative when they are none.
func hex4(s string) rune {
	var r rune
	for i := range 4 {
		b := s[i]
		switch {
		case isDigit(b):
			b -= '0'
		case b >= 'a' && b <= 'f':
			b -= 'a' - 10
		case b >= 'A' && b <= 'F':
			b -= 'A' - 10
		default:
			return -1
		}
		r = r<<4 | rune(b)
	}
	return r
}
