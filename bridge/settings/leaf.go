package settings

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// leaf is one setting of a T.
type leaf[T any] struct {
	// path leads to it inside its level, its sections and its name joined by dots.
	path string
	// about explains it, in the file; lines are joined by newlines.
	about string
	// own says that its default is in Ponte's own words: the file shows them without fixing them.
	own bool
	// get gives it as it stands in the file; false = it does not apply.
	get func(T) (string, bool)
	// set takes it from the file; the error says what is wrong with the form.
	set func(*T, value) error
	// check says what is wrong with it; "" = nothing.
	check func(T) string
}

// text is the setting as it stands in the file, "" when it does not apply.
func (l leaf[T]) text(of T) string {
	text, ok := l.get(of)
	if !ok {
		return ""
	}
	return text
}

// words is a text on one line or several, of at most most runes.
func words[T any](path, about string, most int, at func(*T) *string) leaf[T] {
	return leaf[T]{
		path: path, about: about,
		get: func(t T) (string, bool) { return quote(*at(&t)), true },
		set: func(t *T, v value) (err error) {
			*at(t), err = v.text()
			return err
		},
		check: func(t T) string { return checkWords(*at(&t), most) },
	}
}

// span is a time from least to most.
func span[T any](path, about string, least, most time.Duration, at func(*T) *time.Duration) leaf[T] {
	return leaf[T]{
		path: path, about: about,
		get: func(t T) (string, bool) { return formatSpan(*at(&t)), true },
		set: func(t *T, v value) error { return put(at(t), v, parseSpan) },
		check: func(t T) string {
			if d := *at(&t); d < least || d > most {
				return fmt.Sprintf("%s is out of range: from %s to %s", formatSpan(d), formatSpan(least), formatSpan(most))
			}
			return ""
		},
	}
}

// size is a number of bytes from least to most.
func size[T any](path, about string, least, most int64, at func(*T) *int64) leaf[T] {
	return leaf[T]{
		path: path, about: about,
		get: func(t T) (string, bool) { return formatSize(*at(&t)), true },
		set: func(t *T, v value) error { return put(at(t), v, parseSize) },
		check: func(t T) string {
			if n := *at(&t); n < least || n > most {
				return fmt.Sprintf("%s is out of range: from %s to %s", formatSize(n), formatSize(least), formatSize(most))
			}
			return ""
		},
	}
}

// count is a whole number from least to most.
func count[T any](path, about string, least, most int, at func(*T) *int) leaf[T] {
	return leaf[T]{
		path: path, about: about,
		get: func(t T) (string, bool) { return strconv.Itoa(*at(&t)), true },
		set: func(t *T, v value) error { return put(at(t), v, parseCount) },
		check: func(t T) string {
			if n := *at(&t); n < least || n > most {
				return fmt.Sprintf("%d is out of range: from %d to %d", n, least, most)
			}
			return ""
		},
	}
}

// share is a part of a whole, from 0 to below 1.
func share[T any](path, about string, at func(*T) *float64) leaf[T] {
	return leaf[T]{
		path: path, about: about,
		get: func(t T) (string, bool) { return strconv.FormatFloat(*at(&t), 'g', -1, 64), true },
		set: func(t *T, v value) error { return put(at(t), v, parseShare) },
		check: func(t T) string {
			if f := *at(&t); !(f >= 0 && f < 1) { // also refuses what is no number
				return strconv.FormatFloat(f, 'g', -1, 64) + " is out of range: from 0 to below 1"
			}
			return ""
		},
	}
}

// toggle is true or false.
func toggle[T any](path, about string, at func(*T) *bool) leaf[T] {
	return leaf[T]{
		path: path, about: about,
		get:   func(t T) (string, bool) { return strconv.FormatBool(*at(&t)), true },
		set:   func(t *T, v value) error { return put(at(t), v, parseToggle) },
		check: func(T) string { return "" },
	}
}

// choice is one of some words.
func choice[T any, S ~string](path, about string, at func(*T) *S, of ...S) leaf[T] {
	return leaf[T]{
		path: path, about: about,
		get: func(t T) (string, bool) { return quote(string(*at(&t))), true },
		set: func(t *T, v value) error {
			text, err := v.text()
			*at(t) = S(text)
			return err
		},
		check: func(t T) string {
			s := *at(&t)
			if slices.Contains(of, s) {
				return ""
			}
			known := make([]string, len(of))
			for i, o := range of {
				known[i] = string(o)
			}
			return fmt.Sprintf("%s is none of %s", short(string(s)), strings.Join(known, ", "))
		},
	}
}

// put reads one value into to, which stays as it is when the form is wrong.
func put[V any](to *V, v value, parse func(string) (V, error)) error {
	text, err := v.text()
	if err != nil {
		return err
	}
	got, err := parse(text)
	if err != nil {
		return err
	}
	*to = got
	return nil
}
