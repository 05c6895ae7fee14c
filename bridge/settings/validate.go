package settings

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Mistake is one thing that is wrong with settings.
type Mistake struct {
	// Line and Column say where it stands in the file, from 1; 0 = nowhere.
	Line, Column int
	// Path is the setting, such as numbers.106540352242922.window.margin; "" = the file as a whole.
	Path string
	// What is wrong, and how to mend it; on one line.
	What string

	with string // another setting that has to do with it, by its path
}

// String is the mistake on one line.
func (m Mistake) String() string {
	var b strings.Builder
	if m.Line > 0 {
		fmt.Fprintf(&b, "line %d, column %d: ", m.Line, m.Column)
	}
	if m.Path != "" {
		b.WriteString(m.Path + ": ")
	}
	b.WriteString(m.What)
	return b.String()
}

// InvalidError says all that is wrong with settings.
type InvalidError struct {
	// Mistakes has at least one entry.
	Mistakes []Mistake
}

// Error has one line a mistake.
func (e *InvalidError) Error() string {
	lines := make([]string, len(e.Mistakes))
	for i, m := range e.Mistakes {
		lines[i] = m.String()
	}
	return strings.Join(lines, "\n")
}

// invalid is nil without mistakes.
func invalid(mistakes []Mistake) error {
	if len(mistakes) == 0 {
		return nil
	}
	return &InvalidError{Mistakes: mistakes}
}

// numberID is the form of a phone_number_id.
var numberID = regexp.MustCompile(`^[0-9]{1,32}$`)

// Validate says what is wrong: nil, or an *InvalidError with all mistakes. What a number has from the default is not repeated.
func (o Operation) Validate() error { return invalid(o.mistakes()) }

func (o Operation) mistakes() []Mistake {
	all := check("account", o.Account, accountLeaves())
	inherited := checkNumber("default", o.Default)
	all = append(all, inherited...)
	all = append(all, o.checkOtherBot()...)
	for _, id := range slices.Sorted(maps.Keys(o.Numbers)) {
		path := "numbers." + label(id)
		if !numberID.MatchString(id) {
			all = append(all, Mistake{Path: path, What: "is no phone_number_id: digits only"})
		}
		for _, m := range checkNumber(path, o.Numbers[id]) {
			if !slices.ContainsFunc(inherited, func(i Mistake) bool {
				return i.What == m.What && strings.TrimPrefix(i.Path, "default.") == strings.TrimPrefix(m.Path, path+".")
			}) {
				all = append(all, m)
			}
		}
	}
	return all
}

// check asks every setting of a level.
func check[T any](path string, of T, leaves []leaf[T]) []Mistake {
	var all []Mistake
	for _, l := range leaves {
		if wrong := l.check(of); wrong != "" {
			all = append(all, Mistake{Path: path + "." + l.path, What: wrong})
		}
		if l.inside == nil {
			continue
		}
		for _, m := range l.inside(of) {
			m.Path = path + "." + l.path + "." + m.Path
			all = append(all, m)
		}
	}
	return all
}

// checkNumber also compares the settings of a number with each other.
func checkNumber(path string, n Number) []Mistake {
	all := check(path, n, numberLeaves())
	if n.Quiet > n.Longest {
		all = append(all, Mistake{
			Path: path + ".quiet", with: path + ".longest",
			What: fmt.Sprintf("%s is longer than longest, %s", formatSpan(n.Quiet), formatSpan(n.Longest)),
		})
	}
	if n.Window.Invite != nil {
		if wrong := checkInvite(*n.Window.Invite); wrong != "" {
			all = append(all, Mistake{Path: path + ".window.invite.values", with: path + ".window.invite.preview", What: wrong})
		}
	}
	all = append(all, checkBot(path, n)...)
	all = append(all, checkProcedure(path, n)...)
	return append(all, checkTime(path, n)...)
}

// checkProcedure compares other settings of the procedure with each other.
func checkProcedure(path string, n Number) []Mistake {
	var all []Mistake
	if n.Organizations.Check && n.Organizations.CNPJField == "" {
		all = append(all, Mistake{
			Path: path + ".organizations.cnpj_field", with: path + ".organizations.check",
			What: "is empty, but organizations.check looks for organisations by their CNPJ",
		})
	}
	if g := n.Greeting; g.Afternoon <= g.Morning {
		all = append(all, Mistake{Path: path + ".greeting.afternoon", with: path + ".greeting.morning", What: "does not come after the morning"})
	}
	if g := n.Greeting; g.Evening <= g.Afternoon {
		all = append(all, Mistake{Path: path + ".greeting.evening", with: path + ".greeting.afternoon", What: "does not come after the afternoon"})
	}
	for _, r := range slices.Sorted(maps.Keys(n.Desk.Macros)) {
		if !slices.Contains(MacroRoles(), r) {
			all = append(all, Mistake{Path: path + ".desk.macros." + label(string(r)), What: "is no role of a macro"})
		}
	}
	return all
}

// inOrder sorts mistakes as they stand in the file.
func inOrder(mistakes []Mistake) {
	slices.SortStableFunc(mistakes, func(a, b Mistake) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}
