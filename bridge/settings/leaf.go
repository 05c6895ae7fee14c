package settings

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
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

	// Lists have more, because a mistake is in one of their entries.

	// read takes it from the file in place of set, and notes mistakes by itself; nil = set does.
	read func(d *decoder, path string, to *T, n ast.Node)
	// inside says what is wrong with its entries, by their paths below it; nil = nothing.
	inside func(T) []Mistake
	// block gives it on lines of its own, as the file shows it; nil, or no lines = as get gives it.
	block func(T) []string
}

// text is the setting as it stands in the file, "" when it does not apply.
func (l leaf[T]) text(of T) string {
	text, ok := l.get(of)
	if !ok {
		return ""
	}
	return text
}

// written is the setting as the file shows it: like text, or lines that each follow a line break.
func (l leaf[T]) written(of T) string {
	if l.block != nil {
		if lines := l.block(of); len(lines) > 0 {
			return "\n" + strings.Join(lines, "\n")
		}
	}
	return l.text(of)
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

// line is a text on one line, of at most most runes; it may be empty.
func line[T any](path, about string, most int, at func(*T) *string) leaf[T] {
	l := words(path, about, most, at)
	l.check = func(t T) string { return checkLine(*at(&t), most) }
	return l
}

// clock is a time of day, counted from midnight.
func clock[T any](path, about string, at func(*T) *time.Duration) leaf[T] {
	return leaf[T]{
		path: path, about: about,
		get: func(t T) (string, bool) { return quote(formatClock(*at(&t))), true },
		set: func(t *T, v value) error { return put(at(t), v, parseClock) },
		check: func(t T) string {
			if d := *at(&t); d < 0 || d >= day || d%time.Second != 0 {
				return fmt.Sprintf("%s is out of range: from 00:00 to 23:59", formatClock(d))
			}
			return ""
		},
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

// spanOrNever is a time from least to most, or 0.
func spanOrNever[T any](path, about string, least, most time.Duration, at func(*T) *time.Duration) leaf[T] {
	l := span(path, about, least, most, at)
	l.check = func(t T) string {
		if d := *at(&t); d != 0 && (d < least || d > most) {
			return fmt.Sprintf("%s is out of range: 0s, or from %s to %s", formatSpan(d), formatSpan(least), formatSpan(most))
		}
		return ""
	}
	return l
}

// count is a whole number from least to most.
func count[T any, N int | int64](path, about string, least, most N, at func(*T) *N) leaf[T] {
	return leaf[T]{
		path: path, about: about,
		get: func(t T) (string, bool) { return strconv.FormatInt(int64(*at(&t)), 10), true },
		set: func(t *T, v value) error { return put(at(t), v, parseCount[N]) },
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
