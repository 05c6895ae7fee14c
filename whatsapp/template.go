package whatsapp

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"
)

// The documented values of Template.Status that matter most. Only an approved template can be sent.
const (
	TemplateApproved = "APPROVED"
	TemplatePending  = "PENDING"
	TemplateRejected = "REJECTED"
	TemplatePaused   = "PAUSED"
	TemplateDisabled = "DISABLED"
)

// Template is a message template of a business account in one language.
type Template struct {
	// ID is the platform's; empty where a provider tells none.
	ID string
	// Name and Language together pick the template in a TemplateMessage.
	Name, Language string
	// Status is TemplateApproved or another word in upper case.
	Status string
	// Category is "MARKETING", "UTILITY" or "AUTHENTICATION"; it decides the price.
	Category string
	Header   TemplateHeader
	// Body is the text with its variables as "{{1}}" or "{{name}}".
	Body    string
	Footer  string
	Buttons []ButtonDefinition
}

// TemplateHeader is what stands above a template's text.
type TemplateHeader struct {
	// Format is "TEXT", "IMAGE", "VIDEO", "DOCUMENT" or "LOCATION"; empty when there is no header.
	Format string
	// Text may hold one variable.
	Text string
}

// ButtonDefinition is a button of a template. Its place in Template.Buttons is TemplateButton.Index.
type ButtonDefinition struct {
	// Type is "QUICK_REPLY", "URL", "PHONE_NUMBER", "REQUEST_CONTACT_INFO" or another word in upper case.
	Type string
	Text string
	// URL may end with a variable, to be filled by TemplateButton.Payload.
	URL string
	// Phone is what a phone button calls.
	Phone string
}

// Variables returns how many values the body needs. A variable that occurs twice needs one.
func (t Template) Variables() int { return len(variables(t.Body)) }

// Names returns the names of the body's variables in the order in which their values are given, or nil where they are numbers:
// what TemplateMessage.Names wants.
func (t Template) Names() []string {
	names := variables(t.Body)
	if numbered(names) {
		return nil
	}
	return names
}

// FillHeader returns the template with the variable of its header, if there is one, filled.
func (t Template) FillHeader(value string) Template {
	if names := variables(t.Header.Text); len(names) > 0 {
		t.Header.Text = fill(t.Header.Text, map[string]string{names[0]: templateValue(value)})
	}
	return t
}

// Preview returns the template as the customer reads it: header, body and footer, parted by blank lines, with the body's variables
// replaced by values as TemplateMessage.Body has them. A header of a file has no text, and a header's variable stays as it is: see
// FillHeader. Any other number of values than Variables, or a blank one, is a *TemplateValuesError.
func (t Template) Preview(values []string) (string, error) {
	names := variables(t.Body)
	given := make(map[string]string, len(names))
	filled := 0
	for i, v := range values {
		if v = templateValue(v); v != "" {
			filled++
		}
		if i < len(names) {
			given[names[i]] = v
		}
	}
	if len(values) != len(names) || filled != len(values) {
		return "", &TemplateValuesError{Name: t.Name, Want: len(names), Got: filled}
	}
	var parts []string
	for _, part := range []string{t.Header.Text, fill(t.Body, given), t.Footer} {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, "\n\n"), nil
}

// TemplateValuesError says that the values do not fit the variables of a template.
type TemplateValuesError struct {
	// Name is the template's.
	Name string
	// Want is how many values the body needs, Got how many were given that are not blank.
	Want, Got int
}

// Error tells the two numbers.
func (e *TemplateValuesError) Error() string {
	return fmt.Sprintf("whatsapp: template %q needs %d values, got %d", e.Name, e.Want, e.Got)
}

// Advice returns what an agent reads, in Brazilian Portuguese.
func (e *TemplateValuesError) Advice() string {
	switch {
	case e.Want == 0:
		return "Este modelo não tem campos para preencher. Envie-o como está."
	case e.Want == 1:
		return "Este modelo tem 1 campo, que precisa ser preenchido. Preencha o campo e envie de novo."
	case e.Got > e.Want:
		return fmt.Sprintf("Este modelo tem %d campos e foram informados %d. Deixe só os campos do modelo e envie de novo.", e.Want, e.Got)
	}
	return fmt.Sprintf("Este modelo tem %d campos e %d estão preenchidos. Preencha todos os campos e envie de novo.", e.Want, e.Got)
}

// variables returns the names of a text's variables, each once: numbers in their order, others as they first occur.
func variables(text string) []string {
	var names []string
	seen := map[string]bool{}
	for name := range placeholders(text) {
		if name != "" && !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	if numbered(names) {
		slices.SortFunc(names, func(a, b string) int { return cmp.Or(len(a)-len(b), strings.Compare(a, b)) })
	}
	return names
}

// numbered reports whether all names are numbers.
func numbered(names []string) bool {
	return !slices.ContainsFunc(names, func(name string) bool {
		return strings.ContainsFunc(name, func(r rune) bool { return r < '0' || r > '9' })
	})
}

// fill replaces the variables of a text; values are not looked into again, and a variable without a value stays.
func fill(text string, values map[string]string) string {
	var b strings.Builder
	for name, literal := range placeholders(text) {
		if value, ok := values[name]; ok && name != "" {
			b.WriteString(value)
		} else {
			b.WriteString(literal)
		}
	}
	return b.String()
}

// maxVariable bounds the name of a variable, with the white space and the braces around it, in bytes.
const maxVariable = 256

// placeholders takes a text apart, in order, into its variables with their names and, with no name, what stands between them. All
// literals together are the text.
func placeholders(text string) iter.Seq2[string, string] {
	return func(yield func(name, literal string) bool) {
		from := 0 // where the literal in the making begins
		for at := 0; at < len(text); at++ {
			name, size := variable(text[at:])
			if size == 0 {
				continue
			}
			if from < at && !yield("", text[from:at]) || !yield(name, text[at:at+size]) {
				return
			}
			from, at = at+size, at+size-1
		}
		if from < len(text) {
			yield("", text[from:])
		}
	}
}

// variable returns the name and the size of the variable that a text begins with; the size is 0 where it begins with none.
func variable(text string) (name string, size int) {
	if !strings.HasPrefix(text, "{{") {
		return "", 0
	}
	end := strings.Index(text[:min(len(text), maxVariable)], "}}")
	if end < 0 {
		return "", 0
	}
	name = strings.TrimSpace(text[len("{{"):end])
	if !isVariable(name) {
		return "", 0
	}
	return name, end + len("}}")
}

// isVariable reports whether a name is a number or made of letters, digits and underscores.
func isVariable(name string) bool {
	for i := range len(name) {
		if !isAlphanumeric(name[i]) && name[i] != '_' {
			return false
		}
	}
	return name != ""
}
