package whatsapp

import (
	"errors"
	"iter"
	"strings"
	"unicode/utf8"

	"github.com/tidwall/gjson"
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

// readObject takes s as one well-formed JSON object of at most maxDepth levels. The value and all that is read from it share the
// memory of s.
func readObject(s string) (value, error) {
	s = strings.Trim(s, " \t\r\n") // the white space of JSON, no other
	switch {
	case !strings.HasPrefix(s, "{"):
		return value{}, ErrNotObject
	case tooDeep(s): // must come first: the check of the syntax recurses
		return value{}, ErrTooDeep
	case !gjson.Valid(s):
		return value{}, ErrNotObject
	}
	return value(gjson.Parse(s)), nil
}

// tooDeep reports whether more than maxDepth objects and arrays are open at once anywhere in s, well-formed or not. Up to the first
// fault of a text it counts exactly what a parser would; behind it nobody reads.
func tooDeep(s string) bool {
	open, quoted := 0, false
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '"':
			quoted = !quoted
		case '\\': // legal in strings only; the byte behind it may be a quote that ends none
			i++
		case '{', '[':
			if quoted {
				continue
			}
			if open++; open > maxDepth {
				return true
			}
		case '}', ']':
			if !quoted {
				open--
			}
		}
	}
	return false
}

// value is one JSON value of a checked text; the zero value stands for an absent one. It is a type of its own to keep the readers of
// gjson, which convert between types without a word, out of reach.
type value gjson.Result

// absent reports whether there is no value; null counts as none.
func (v value) absent() bool { return v.Type == gjson.Null }

func (v value) isObject() bool { return gjson.Result(v).IsObject() }

func (v value) isArray() bool { return gjson.Result(v).IsArray() }

// members yields the names and values of an object in their order, repeated names too; other values have none.
func (v value) members() iter.Seq2[string, value] {
	return func(yield func(string, value) bool) {
		if !v.isObject() {
			return
		}
		gjson.Result(v).ForEach(func(name, member gjson.Result) bool {
			return yield(replaceInvalid(name.Str), value(member))
		})
	}
}

// elements yields the values of an array in their order; other values have none.
func (v value) elements() iter.Seq[value] {
	return func(yield func(value) bool) {
		if !v.isArray() {
			return
		}
		gjson.Result(v).ForEach(func(_, element gjson.Result) bool {
			return yield(value(element))
		})
	}
}

// text is the content of a string; what is not Unicode in it is U+FFFD, as in encoding/json.
func (v value) text() string { return replaceInvalid(v.Str) }

// replaceInvalid writes one U+FFFD for each byte that is not UTF-8.
func replaceInvalid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return string([]rune(s))
}
