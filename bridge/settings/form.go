package settings

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"

	"github.com/ponte-desk/ponte/bridge/calendar"
)

// Forms of single values in the file.

// value is what the file has for a setting.
type value struct{ node ast.Node }

var errNoValue = errors.New("has no value; leave the line out for what holds anyway, and put a word such as null in quotes")

// text is the value as it was written, quotes and line breaks resolved.
func (v value) text() (string, error) {
	switch n := v.node.(type) {
	case *ast.StringNode:
		return n.Value, nil
	case *ast.LiteralNode:
		return n.Value.Value, nil
	case *ast.NullNode:
		return "", errNoValue
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode:
		return "", errReferences
	case ast.ScalarNode:
		return n.GetToken().Value, nil
	}
	return "", errors.New("takes one value, neither a list nor settings below it")
}

// list is the values of a list.
func (v value) list() ([]string, error) {
	seq, ok := v.node.(*ast.SequenceNode)
	if !ok {
		return nil, errNoList
	}
	var all []string
	for i, n := range seq.Values {
		text, err := value{n}.text()
		if err != nil {
			return nil, fmt.Errorf("entry %d %w", i+1, err)
		}
		all = append(all, text)
	}
	return all, nil
}

// longShown is how many runes of a wrong value a message repeats.
const longShown = 40

// short is a value as a message shows it.
func short(s string) string {
	if runes := []rune(s); len(runes) > longShown {
		s = string(runes[:longShown]) + "…"
	}
	return strconv.Quote(s)
}

// simple is a name that a path holds as it is.
var simple = regexp.MustCompile(`^[A-Za-z0-9_<-]{1,64}$`)

// label is a name from the file as a path shows it.
func label(name string) string {
	if simple.MatchString(name) {
		return name
	}
	return short(name)
}

// plain is what needs no quotes, unless it is a word that YAML takes for something else.
var plain = regexp.MustCompile(`^\p{L}[\p{L}0-9._/+-]*$`)

// quote writes a text so that reading gives the same text again.
func quote(s string) string {
	switch strings.ToLower(s) {
	case "null", "true", "false", "yes", "no", "on", "off", "y", "n":
	default:
		if plain.MatchString(s) {
			return s
		}
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case unicode.IsPrint(r):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// quoteList writes a list on one line.
func quoteList(all []string) string {
	quoted := make([]string, len(all))
	for i, s := range all {
		quoted[i] = quote(s)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

const day = 24 * time.Hour

// parseSpan reads a time: Go's form, or whole days.
func parseSpan(s string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(s, "d"); ok {
		if n, err := strconv.ParseUint(days, 10, 16); err == nil {
			return time.Duration(n) * day, nil
		}
	}
	d, err := time.ParseDuration(s)
	if err != nil {
		return 0, fmt.Errorf("%s is no time: write a number with its unit, such as 20s, 5m, 24h or 30d", short(s))
	}
	return d, nil
}

// formatSpan is parseSpan's other way.
func formatSpan(d time.Duration) string {
	if d >= 2*day && d%day == 0 && d/day <= 1<<16-1 {
		return strconv.FormatInt(int64(d/day), 10) + "d"
	}
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// parseClock reads a time of day, as calendar writes it.
func parseClock(s string) (time.Duration, error) {
	c, err := calendar.ParseClock(s)
	return time.Duration(c) * time.Second, err
}

// formatClock is parseClock's other way; what is no time of day is shown as it is.
func formatClock(d time.Duration) string {
	if d < 0 || d%time.Second != 0 {
		return formatSpan(d)
	}
	return calendar.Clock(d / time.Second).String()
}

var sizes = regexp.MustCompile(`^([0-9]{1,12}) ?(B|KB|MB)$`)

// parseSize reads a size; its units are powers of 1024.
func parseSize(s string) (int64, error) {
	found := sizes.FindStringSubmatch(strings.ToUpper(s))
	if found == nil {
		return 0, fmt.Errorf("%s is no size: write a whole number with its unit, such as 50 MB, 500 KB or 100 B", short(s))
	}
	n, err := strconv.ParseInt(found[1], 10, 64)
	if err != nil {
		return 0, err
	}
	switch found[2] {
	case "MB":
		n <<= 20
	case "KB":
		n <<= 10
	}
	return n, nil
}

// formatSize is parseSize's other way, with the largest unit that fits.
func formatSize(n int64) string {
	switch {
	case n > 0 && n%(1<<20) == 0:
		return strconv.FormatInt(n>>20, 10) + " MB"
	case n > 0 && n%(1<<10) == 0:
		return strconv.FormatInt(n>>10, 10) + " KB"
	}
	return strconv.FormatInt(n, 10) + " B"
}

func parseCount[N int | int64](s string) (N, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || int64(N(n)) != n {
		return 0, fmt.Errorf("%s is no whole number", short(s))
	}
	return N(n), nil
}

func parseShare(s string) (float64, error) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0, fmt.Errorf("%s is no number, such as 0.3", short(s))
	}
	return f, nil
}

func parseToggle(s string) (bool, error) {
	if s != "true" && s != "false" {
		return false, fmt.Errorf("%s is neither true nor false", short(s))
	}
	return s == "true", nil
}

// checkWords says what is wrong with a text that people read.
func checkWords(s string, most int) string {
	switch {
	case !utf8.ValidString(s):
		return "is not valid UTF-8"
	case strings.TrimSpace(s) == "":
		return "is empty"
	case utf8.RuneCountInString(s) > most:
		return fmt.Sprintf("is longer than %d characters", most)
	case strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }):
		return "holds a control character"
	}
	return ""
}

// checkLine says what is wrong with words on one line, which may be missing.
func checkLine(s string, most int) string {
	switch wrong := checkWords(s, most); {
	case s == "":
		return ""
	case wrong != "":
		return wrong
	case strings.Contains(s, "\n"):
		return "holds a line break"
	case strings.TrimSpace(s) != s:
		return "begins or ends with a space"
	}
	return ""
}

// checkUnits says what is wrong with a text that WhatsApp takes up to a length. It counts UTF-16 units, as the client does: Meta
// does not tell how it counts, and most emoji are two.
func checkUnits(s string, most int) string {
	if len(utf16.Encode([]rune(s))) > most {
		return fmt.Sprintf("is longer than %d characters, which is WhatsApp's limit; most emoji count twice", most)
	}
	return checkWords(s, most)
}
