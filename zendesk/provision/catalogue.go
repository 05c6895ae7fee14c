package provision

import (
	"slices"
	"strings"
	"unicode"

	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/zendesk"
)

// levels parts the levels of a catalogue value.
const levels = "::"

// options are the choices of the catalogue that a number's settings and macros use.
func options(n settings.Number) []Option {
	var out []Option
	if n.Catalogue.Position != "" {
		out = addOption(out, Option{Path: n.Catalogue.Position})
	}
	for _, path := range []string{n.Catalogue.Abandoned, n.Catalogue.Others} {
		if path != "" {
			out = addOption(out, audited(path))
		}
	}
	for _, o := range n.Bot.Menu {
		if o.Category != "" {
			out = addOption(out, Option{Path: o.Category})
		}
	}
	return out
}

// audited is the choice that the audit sets for a value of the settings: that value, or the one choice that ends with it, as it is
// found when the ticket is written.
func audited(path string) Option { return Option{Path: path, Tail: path} }

// lastLevel is the name of a path's last level.
func lastLevel(path string) string {
	if at := strings.LastIndex(path, levels); at >= 0 {
		return path[at+len(levels):]
	}
	return path
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

// find looks a choice up among a field's: by its path, or as the only one whose path ends with the tail.
func (o Option) find(have []zendesk.FieldOption) (zendesk.FieldOption, bool) {
	want, tail := normalPath(o.Path), " "+normalPath(o.Tail)
	var ends []zendesk.FieldOption
	for _, h := range have {
		switch name := normalPath(h.Name); {
		case name == want:
			return h, true
		case o.Tail != "" && strings.HasSuffix(" "+name, tail):
			ends = append(ends, h)
		}
	}
	if len(ends) == 1 {
		return ends[0], true
	}
	return zendesk.FieldOption{}, false
}

// tagFor makes a tag for a choice that no other choice of the account has.
func tagFor(path string, taken map[string]bool) string {
	short, long := slug(lastLevel(path)), slug(path)
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
