package settings

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// ErrNewerForm says that settings were written by a newer version of Ponte.
var ErrNewerForm = errors.New("the settings have a newer form than this version of Ponte reads")

// What a file may cost to read: the parser's work grows with the square of tokens and nesting.
const (
	mostBytes  = 256 << 10
	mostTokens = 20_000
	mostNested = 16
)

var errReferences = errors.New("anchors, aliases, tags and merge keys are not used here")

// Decode reads settings from YAML. What is not given is as in the defaults; in a number, as in the file's default. Its error is
// ErrNewerForm, or an *InvalidError with every mistake and where it stands; a file that is no YAML has one.
func Decode(raw []byte) (Operation, error) {
	root, err := parse(raw)
	if err != nil {
		return Operation{}, err
	}
	d := &decoder{at: make(map[string]token.Position), spoiled: make(map[string]bool)}
	top := make(map[string]ast.Node)
	d.each("", root, func(key string, n ast.Node) {
		if known := []string{"account", "default", "form", "numbers"}; !slices.Contains(known, key) {
			d.unknown(label(key), known)
			return
		}
		top[key] = n
	})
	if err := d.form(top["form"]); err != nil {
		return Operation{}, err
	}
	o := DefaultOperation()
	fill(d, "account", top["account"], &o.Account, accountLeaves())
	fill(d, "default", top["default"], &o.Default, numberLeaves())
	d.numbers(top["numbers"], &o)
	d.judge(o)
	if err := invalid(d.mistakes); err != nil {
		return Operation{}, err
	}
	return o, nil
}

// parse makes one tree of the file, or says why not.
func parse(raw []byte) (ast.Node, error) {
	tokens, err := bounded(bytes.TrimPrefix(raw, []byte("\ufeff")))
	if err != nil {
		return nil, err
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, fail(syntax(err))
	}
	var bodies []ast.Node
	for _, doc := range file.Docs {
		if doc.Body != nil {
			bodies = append(bodies, doc.Body)
		}
	}
	switch len(bodies) {
	case 0:
		return nil, fail(Mistake{What: "the file holds no settings"})
	case 1:
		return bodies[0], nil
	}
	return nil, fail(Mistake{What: "the file holds several documents: leave one"})
}

// bounded is the words of a file that is not too much to read.
func bounded(raw []byte) (token.Tokens, error) {
	if len(raw) > mostBytes {
		return nil, fail(Mistake{What: fmt.Sprintf("the file is larger than %s", formatSize(mostBytes))})
	}
	if !utf8.Valid(raw) {
		return nil, fail(Mistake{Line: firstInvalid(raw), Column: 1, What: "is not valid UTF-8"})
	}
	tokens := lexer.Tokenize(string(raw))
	if tooMuch(tokens) {
		return nil, fail(Mistake{What: "the file holds far more than settings"})
	}
	return tokens, nil
}

func fail(m Mistake) error { return &InvalidError{Mistakes: []Mistake{m}} }

// firstInvalid is the line of the first byte that is not UTF-8.
func firstInvalid(raw []byte) int {
	line := 1
	for len(raw) > 0 {
		r, size := utf8.DecodeRune(raw)
		switch {
		case r == utf8.RuneError && size == 1:
			return line
		case r == '\n':
			line++
		}
		raw = raw[size:]
	}
	return line
}

// tooMuch says that parsing would take unreasonably long.
func tooMuch(tokens token.Tokens) bool {
	nested, deepest, line, dashes := 0, 0, 0, 0
	for _, t := range tokens {
		if t.Position.Line != line {
			line, dashes = t.Position.Line, 0
		}
		switch t.Type { //nolint:exhaustive // only what nests
		case token.SequenceStartType, token.MappingStartType:
			nested++
		case token.SequenceEndType, token.MappingEndType:
			nested--
		case token.SequenceEntryType:
			dashes++
		}
		deepest = max(deepest, nested, dashes)
	}
	return len(tokens) > mostTokens || deepest > mostNested
}

// syntax is what the parser does not understand.
func syntax(err error) Mistake {
	var problem yaml.Error
	if !errors.As(err, &problem) || problem.GetToken() == nil {
		return Mistake{What: "is no YAML"}
	}
	at := problem.GetToken().Position
	return Mistake{Line: at.Line, Column: at.Column, What: "is no YAML: " + problem.GetMessage()}
}

// decoder collects mistakes and where settings stand.
type decoder struct {
	at       map[string]token.Position
	mistakes []Mistake
	spoiled  map[string]bool // entries of lists that say nothing, so that nothing is missing in them
}

// wrong notes a mistake of a setting that stands in the file.
func (d *decoder) wrong(path, what string) {
	d.mistakes = append(d.mistakes, d.place(Mistake{Path: path, What: what}))
}

// spoil notes that an entry of a list is no entry at all.
func (d *decoder) spoil(path, what string) {
	d.spoiled[path] = true
	d.wrong(path, what)
}

// place says where a mistake's setting stands: itself, or what holds it.
func (d *decoder) place(m Mistake) Mistake {
	for path := m.Path; path != ""; {
		if at, ok := d.at[path]; ok {
			m.Line, m.Column = at.Line, at.Column
			return m
		}
		path = path[:max(0, strings.LastIndexByte(path, '.'))]
	}
	return m
}

func (d *decoder) unknown(path string, known []string) {
	d.wrong(path, "is no setting; known here: "+strings.Join(known, ", "))
}

// each goes through the entries of a mapping once and notes where they stand; null is an empty mapping.
func (d *decoder) each(path string, n ast.Node, do func(key string, n ast.Node)) {
	switch n.(type) {
	case nil, *ast.NullNode:
		return
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode:
		d.wrong(path, errReferences.Error())
		return
	}
	mapping, ok := n.(ast.MapNode)
	if !ok {
		if path == "" {
			d.mistakes = append(d.mistakes, Mistake{What: "the file holds no settings, which are lines such as form: 1"})
			return
		}
		d.wrong(path, "takes settings below it, not a value")
		return
	}
	seen := make(map[string]bool)
	for entry := mapping.MapRange(); entry.Next(); {
		key, at := entry.Key().GetToken().Value, *entry.Key().GetToken().Position
		full := strings.TrimPrefix(path+"."+label(key), ".")
		if _, ok := entry.Key().(ast.ScalarNode); !ok || entry.Key().IsMergeKey() {
			d.mistakes = append(d.mistakes, Mistake{Line: at.Line, Column: at.Column, Path: path, What: errReferences.Error()})
			continue
		}
		if seen[key] {
			d.mistakes = append(d.mistakes, Mistake{Line: at.Line, Column: at.Column, Path: full, What: "stands here a second time"})
			continue
		}
		seen[key] = true
		d.at[full] = at
		do(key, entry.Value())
	}
}

// form refuses what a newer version wrote.
func (d *decoder) form(n ast.Node) error {
	if n == nil {
		return nil
	}
	text, err := value{n}.text()
	form := 0
	if err == nil {
		form, err = strconv.Atoi(text)
	}
	switch {
	case err != nil || form < 1:
		d.wrong("form", fmt.Sprintf("is no version of this file's form: write %d", Form))
	case form > Form:
		return fmt.Errorf("%w: %d, this one reads up to %d", ErrNewerForm, form, Form)
	}
	return nil
}

// numbers reads the single numbers, which start from the default.
func (d *decoder) numbers(n ast.Node, o *Operation) {
	d.each("numbers", n, func(id string, n ast.Node) {
		number := o.Default.clone()
		fill(d, "numbers."+label(id), n, &number, numberLeaves())
		if o.Numbers == nil {
			o.Numbers = make(map[string]Number)
		}
		o.Numbers[id] = number
	})
}

// fill sets what a mapping holds, in the order of the leaves.
func fill[T any](d *decoder, path string, n ast.Node, to *T, leaves []leaf[T]) {
	known := make(map[string]map[string]bool) // section → what it holds
	isLeaf := make(map[string]bool)
	for _, l := range leaves {
		isLeaf[l.path] = true
		for child := l.path; child != ""; {
			cut := strings.LastIndexByte(child, '.')
			section := child[:max(0, cut)]
			if known[section] == nil {
				known[section] = make(map[string]bool)
			}
			known[section][child[cut+1:]] = true
			child = section
		}
	}
	found := make(map[string]ast.Node)
	var walk func(section string, n ast.Node)
	walk = func(section string, n ast.Node) {
		d.each(strings.TrimSuffix(path+"."+section, "."), n, func(key string, n ast.Node) {
			inner := strings.TrimPrefix(section+"."+key, ".")
			switch {
			case !known[section][key]:
				d.unknown(path+"."+strings.TrimPrefix(section+"."+label(key), "."), slices.Sorted(maps.Keys(known[section])))
				return
			case isLeaf[inner]:
				found[inner] = n
				if _, holds := n.(ast.MapNode); !holds {
					return
				}
			}
			if known[inner] != nil {
				walk(inner, n)
			}
		})
	}
	walk("", n)
	for _, l := range leaves {
		n, ok := found[l.path]
		switch {
		case !ok:
		case l.read != nil:
			l.read(d, path+"."+l.path, to, n)
		default:
			if err := l.set(to, value{n}); err != nil {
				d.wrong(path+"."+l.path, err.Error())
			}
		}
	}
}

// judge adds what is wrong with settings whose forms are right, in the file's order.
func (d *decoder) judge(o Operation) {
	wrong := make(map[string]bool)
	for _, m := range d.mistakes {
		wrong[m.Path] = true
	}
	for _, m := range o.mistakes() {
		if !wrong[m.Path] && !wrong[m.with] && !d.spoiled[m.Path[:max(0, strings.LastIndexByte(m.Path, '.'))]] {
			d.mistakes = append(d.mistakes, d.place(m))
		}
	}
	inOrder(d.mistakes)
}
