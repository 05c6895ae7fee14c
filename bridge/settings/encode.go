package settings

import (
	"bytes"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Form is the version of the file's form that this package writes, and the newest that it reads.
const Form = 1

const preface = `# The settings of Ponte's operation. Read them in with: ponte settings import FILE
# A line that is left out means what Ponte's defaults say; under numbers it means what default says.

# The version of this file's form.
`

const aboutNumbers = `# Settings of single numbers, by phone_number_id, as far as they differ from default. For example:
#   "106540352242922":
#     name: Vendas
#     quiet: 5s
`

// Encode writes settings as YAML, in a stable order and with a comment for each. A number has only what differs from the
// default; words that are Ponte's own stand there as comments. Settings that are not valid, or more than Decode reads, are refused with
// an *InvalidError.
func Encode(o Operation) ([]byte, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	w := &writer{}
	w.text(preface)
	w.text("form: " + strconv.Itoa(Form) + "\n\n")
	w.text("# What is known of the Zendesk account.\naccount:\n")
	writeLeaves(w, 1, accountLeaves(), func(l leaf[Account]) (string, style) { return l.text(o.Account), explained })
	w.text("\n# What holds for every number.\ndefault:\n")
	own := DefaultIn(o.Default.Language)
	writeLeaves(w, 1, numberLeaves(), func(l leaf[Number]) (string, style) {
		text, ok := l.get(o.Default)
		switch {
		case !ok:
			return "", absent
		case l.own && text == l.text(own):
			return text, muted
		}
		return l.written(o.Default), explained
	})
	w.text("\n" + aboutNumbers)
	w.numbers(o)
	if _, err := bounded(w.Bytes()); err != nil { // nobody could read it again
		return nil, err
	}
	return w.Bytes(), nil
}

// numbers writes what the single numbers have of their own.
func (w *writer) numbers(o Operation) {
	if len(o.Numbers) == 0 {
		w.text("numbers: {}\n")
		return
	}
	w.text("numbers:\n")
	for _, id := range slices.Sorted(maps.Keys(o.Numbers)) {
		n, base := o.Numbers[id], o.Default.in(o.Numbers[id].Language)
		var differ []leaf[Number]
		for _, l := range numberLeaves() {
			was := l.text(base)
			if l.path == "language" {
				was = l.text(o.Default)
			}
			if text, ok := l.get(n); ok && text != was {
				differ = append(differ, l)
			}
		}
		if len(differ) == 0 {
			w.text("  " + strconv.Quote(id) + ": {}\n")
			continue
		}
		w.text("  " + strconv.Quote(id) + ":\n")
		writeLeaves(w, 2, differ, func(l leaf[Number]) (string, style) { return l.written(n), bare })
	}
}

// style says how a setting is written.
type style int

const (
	absent    style = iota // not at all
	bare                   // without its comment
	explained              // with its comment
	muted                  // as a comment itself
)

// writer collects the file.
type writer struct{ bytes.Buffer }

func (w *writer) text(s string) { w.WriteString(s) }

// line writes one line at a depth.
func (w *writer) line(depth int, s string) { w.text(strings.Repeat("  ", depth) + s + "\n") }

// comment explains what follows.
func (w *writer) comment(depth int, about string) {
	if about == "" {
		return
	}
	for l := range strings.SplitSeq(about, "\n") {
		w.line(depth, "# "+l)
	}
}

// writeLeaves writes the settings of a level; sections open as their first setting comes.
func writeLeaves[T any](w *writer, depth int, leaves []leaf[T], as func(leaf[T]) (string, style)) {
	about := sections()
	var open []string
	for _, l := range leaves {
		text, how := as(l)
		if how == absent {
			continue
		}
		names := strings.Split(l.path, ".")
		in, name := names[:len(names)-1], names[len(names)-1]
		for i := range in {
			if i < len(open) && open[i] == in[i] {
				continue
			}
			open = open[:i]
			if how != bare {
				if i == 0 {
					w.text("\n")
				}
				w.comment(depth+i, about[strings.Join(in[:i+1], ".")])
			}
			w.line(depth+i, in[i]+":")
			open = append(open, in[i])
		}
		open = open[:len(in)]
		if how != bare {
			w.comment(depth+len(in), l.about)
		}
		if how == muted {
			name = "# " + name
		}
		w.setting(depth+len(in), name, text)
	}
}

// setting writes a setting on one line, or its name and below it the lines that it has.
func (w *writer) setting(depth int, name, text string) {
	lines, block := strings.CutPrefix(text, "\n")
	if !block {
		w.line(depth, name+": "+text)
		return
	}
	w.line(depth, name+":")
	for l := range strings.SplitSeq(lines, "\n") {
		w.line(depth+1, l)
	}
}
