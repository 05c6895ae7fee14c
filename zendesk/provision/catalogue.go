package provision

import (
	"slices"
	"strings"
	"unicode"

	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/zendesk"
)

// The ends of the catalogue's values that the auditor's macros set.
const (
	tailAbandoned = "99::007::Abandono de chat"
	tailOther     = "99::007::Z-Outros"
)

// levels parts the levels of a catalogue value.
const levels = "::"

// options are the choices of the catalogue that a number's settings and macros use.
func options(n settings.Number) []Option {
	var out []Option
	if n.Catalogue.Position != "" {
		out = addOption(out, Option{Path: n.Catalogue.Position})
	}
	for _, tail := range []string{tailAbandoned, tailOther} {
		out = addOption(out, beside(n, tail))
	}
	for _, o := range n.Bot.Menu {
		if o.Category != "" {
			out = addOption(out, Option{Path: o.Category})
		}
	}
	return out
}

// beside is the choice with a tail, in the folder of the settings' own value.
func beside(n settings.Number, tail string) Option {
	o := Option{Path: tail, Tail: tail}
	folder, _, nested := cutLast(n.Catalogue.Position)
	_, name, _ := cutLast(tail)
	if nested {
		o.Path = folder + levels + name
	}
	return o
}

// cutLast parts a path before its last level.
func cutLast(path string) (folder, name string, nested bool) {
	at := strings.LastIndex(path, levels)
	if at < 0 {
		return "", path, false
	}
	return path[:at], path[at+len(levels):], true
}

func addOption(list []Option, o Option) []Option {
	if slices.ContainsFunc(list, func(k Option) bool { return normalPath(k.Path) == normalPath(o.Path) }) {
		return list
	}
	return append(list, o)
}

// normalPath makes the spellings of a catalogue value comparable: levels parted by "::", ">>", " > " or blanks, in any case.
func normalPath(path string) string {
	return strings.ToLower(strings.Join(strings.FieldsFunc(path, func(r rune) bool {
		return unicode.IsSpace(r) || r == ':' || r == '>'
	}), " "))
}

// find looks a choice up among a field's.
func (o Option) find(have []zendesk.FieldOption) (zendesk.FieldOption, bool) {
	want, tail := normalPath(o.Path), " "+normalPath(o.Tail)
	for _, exact := range []bool{true, false} {
		for _, h := range have {
			name := normalPath(h.Name)
			if exact && name == want || !exact && o.Tail != "" && strings.HasSuffix(" "+name, tail) {
				return h, true
			}
		}
	}
	return zendesk.FieldOption{}, false
}

// tagFor makes a tag for a choice that no other choice of the account has.
func tagFor(path string, taken map[string]bool) string {
	_, name, _ := cutLast(path)
	short, long := slug(name), slug(path)
	switch {
	case short != "" && !taken[short]:
		return short
	case long != "" && !taken[long]:
		return long
	}
	for tag := "ponte_" + long; ; tag += "_" {
		if !taken[tag] {
			return tag
		}
	}
}

// slug writes a name as a tag: small letters and digits, joined by underscores, without accents.
func slug(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		r = plain(r)
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
	}
	return strings.TrimRight(b.String(), "_")
}

// plain takes the accent off a Portuguese letter.
func plain(r rune) rune {
	const accented, without = "áàâãäéèêëíìîïóòôõöúùûüçñ", "aaaaaeeeeiiiiooooouuuucn"
	for i, a := range []rune(accented) {
		if a == r {
			return rune(without[i])
		}
	}
	return r
}
