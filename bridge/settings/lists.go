package settings

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

var errNoList = errors.New("takes a list, such as [a, b], or [] for an empty one")

// listOf is a list of words.
func listOf[T any](path, about string, at func(*T) *[]string, check func([]string) string) leaf[T] {
	return leaf[T]{
		path: path, about: about,
		get: func(t T) (string, bool) { return quoteList(*at(&t)), true },
		set: func(t *T, v value) (err error) {
			*at(t), err = v.list()
			return err
		},
		check: func(t T) string { return check(*at(&t)) },
	}
}

// spans is a list of times.
func spans[T any](path, about string, at func(*T) *[]time.Duration, check func([]time.Duration) string) leaf[T] {
	return leaf[T]{
		path: path, about: about,
		get: func(t T) (string, bool) {
			all := make([]string, len(*at(&t)))
			for i, d := range *at(&t) {
				all[i] = formatSpan(d)
			}
			return "[" + strings.Join(all, ", ") + "]", true
		},
		set: func(t *T, v value) error {
			texts, err := v.list()
			if err != nil {
				return err
			}
			var all []time.Duration
			for i, text := range texts {
				d, err := parseSpan(text)
				if err != nil {
					return fmt.Errorf("entry %d: %w", i+1, err)
				}
				all = append(all, d)
			}
			*at(t) = all
			return nil
		},
		check: func(t T) string { return check(*at(&t)) },
	}
}

// entries is a list of texts that each stand for some E.
func entries[T any, E fmt.Stringer](path, about string, at func(*T) *[]E, parse func(string) ([]E, error)) leaf[T] {
	texts := func(t T) []string {
		all := make([]string, len(*at(&t)))
		for i, e := range *at(&t) {
			all[i] = e.String()
		}
		return all
	}
	read := func(d *decoder, path string, to *T, n ast.Node) {
		var all []E
		wrong := false
		d.list(path, n, func(path string, n ast.Node) {
			text, err := value{n}.text()
			if err == nil && strings.TrimSpace(text) == "" {
				err = errors.New("is empty")
			}
			var got []E
			if err == nil {
				got, err = parse(text)
			}
			if err != nil {
				d.wrong(path, err.Error())
				wrong = true
			}
			all = append(all, got...)
		})
		if !wrong { // else what is left is not held against the rest
			*at(to) = all
		}
	}
	return leaf[T]{
		path: path, about: about, read: read,
		get:   func(t T) (string, bool) { return quoteList(texts(t)), true },
		check: func(T) string { return "" },
	}
}

// records is a list whose entries have settings of their own.
type records[T, R any] struct {
	path, about string
	most        int
	settings    []leaf[R]
	// blank is what an entry starts from.
	blank R
	at    func(*T) *[]R
}

// leaf makes them a setting of a T.
func (r records[T, R]) leaf() leaf[T] {
	return leaf[T]{
		path: r.path, about: r.about, read: r.read, inside: r.inside, block: r.block,
		get: func(t T) (string, bool) { return r.inline(*r.at(&t)), true },
		check: func(t T) string {
			if n := len(*r.at(&t)); n > r.most {
				return fmt.Sprintf("has %d entries, at most %d are possible", n, r.most)
			}
			return ""
		},
	}
}

func (r records[T, R]) read(d *decoder, path string, to *T, n ast.Node) {
	var all []R
	d.list(path, n, func(path string, n ast.Node) {
		entry := r.blank
		switch n.(type) {
		case ast.MapNode:
			fill(d, path, n, &entry, r.settings)
		case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode:
			d.spoil(path, errReferences.Error())
		default:
			d.spoil(path, "takes settings such as "+r.settings[0].path+": …")
		}
		all = append(all, entry)
	})
	*r.at(to) = all
}

func (r records[T, R]) inside(t T) []Mistake {
	var all []Mistake
	for i, entry := range *r.at(&t) {
		for _, m := range check("", entry, r.settings) {
			m.Path = strconv.Itoa(i+1) + m.Path
			all = append(all, m)
		}
	}
	return all
}

// given lists the settings of an entry that have something to say.
func (r records[T, R]) given(entry R) []string {
	var zero R
	var all []string
	for _, l := range r.settings {
		if text := l.text(entry); text != l.text(zero) {
			all = append(all, l.path+": "+text)
		}
	}
	return all
}

// inline is the list on one line.
func (r records[T, R]) inline(all []R) string {
	shown := make([]string, len(all))
	for i, entry := range all {
		shown[i] = "{" + strings.Join(r.given(entry), ", ") + "}"
	}
	return "[" + strings.Join(shown, ", ") + "]"
}

func (r records[T, R]) block(t T) []string {
	var lines []string
	for _, entry := range *r.at(&t) {
		mark := "- "
		for _, line := range r.given(entry) {
			lines = append(lines, mark+line)
			mark = "  "
		}
	}
	return lines
}

// list goes through the entries of a list and notes where they stand; they are counted from 1.
func (d *decoder) list(path string, n ast.Node, do func(path string, n ast.Node)) {
	seq, ok := n.(*ast.SequenceNode)
	if !ok {
		d.wrong(path, errNoList.Error())
		return
	}
	for i, entry := range seq.Values {
		inner := path + "." + strconv.Itoa(i+1)
		if at := begin(entry); at != nil {
			d.at[inner] = *at
		}
		do(inner, entry)
	}
}

// begin is where a value stands.
func begin(n ast.Node) *token.Position {
	if mapping, ok := n.(ast.MapNode); ok {
		if first := mapping.MapRange(); first.Next() {
			n = first.Key()
		}
	}
	if t := n.GetToken(); t != nil {
		return t.Position
	}
	return nil
}

// again tells whether the last of some words stands among them before; large and small letters are the same.
func again(words []string) bool {
	last := len(words) - 1
	return slices.ContainsFunc(words[:last], func(s string) bool { return strings.EqualFold(s, words[last]) })
}
