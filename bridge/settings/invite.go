package settings

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// ContactName stands for the customer's name among an invite's values.
const ContactName = "{{contato.nome}}"

// Forms of what WhatsApp calls templates by: https://developers.facebook.com/docs/whatsapp/business-management-api/message-templates
var (
	templateName     = regexp.MustCompile(`^[a-z0-9_]{1,512}$`)
	templateLanguage = regexp.MustCompile(`^[a-z]{2,3}(_[A-Z]{2,3})?$`)
	variable         = regexp.MustCompile(`\{\{[^{}]*\}\}`)
)

// noInvite is how the file says that there is none.
const noInvite = "none"

const aboutInvite = `The template that asks the customer to write again when words wait for that. none: an agent sends one.
Else its template (the name), language (such as pt_BR), values (a list of the variables of its body;
{{contato.nome}} = the customer's name) and preview (the text as the customer reads it; {{1}} = the
first value).`

func windowLeaves() []leaf[Number] {
	all := []leaf[Number]{
		span("window.margin", "Taken off the window's end, so that no message comes just too late: at most 1h.", 0, time.Hour,
			func(n *Number) *time.Duration { return &n.Window.Margin }),
		{
			path: "window.invite", about: aboutInvite,
			get:   func(n Number) (string, bool) { return noInvite, n.Window.Invite == nil },
			set:   setInvite,
			check: func(Number) string { return "" },
		},
	}
	for _, l := range inviteLeaves() {
		all = append(all, ofInvite(l))
	}
	return all
}

// setInvite takes the invite away, or makes one that the settings below it fill.
func setInvite(n *Number, v value) error {
	if _, ok := v.node.(ast.MapNode); ok {
		n.invite()
		return nil
	}
	if text, err := v.text(); err != nil || text != noInvite {
		return errors.New("is neither none nor the settings of a template: template, language, values, preview")
	}
	n.Window.Invite = nil
	return nil
}

// invite is the number's invite, a new one where it has none.
func (n *Number) invite() *Invite {
	if n.Window.Invite == nil {
		n.Window.Invite = &Invite{Language: "pt_BR"}
	}
	return n.Window.Invite
}

// ofInvite makes a setting of invites one of numbers, which have an invite or none.
func ofInvite(l leaf[Invite]) leaf[Number] {
	return leaf[Number]{
		path: "window.invite." + l.path,
		get: func(n Number) (string, bool) {
			if n.Window.Invite == nil {
				return "", false
			}
			return l.get(*n.Window.Invite)
		},
		set: func(n *Number, v value) error { return l.set(n.invite(), v) },
		check: func(n Number) string {
			if n.Window.Invite == nil {
				return ""
			}
			return l.check(*n.Window.Invite)
		},
	}
}

func inviteLeaves() []leaf[Invite] {
	template := words("template", "", mostText, func(i *Invite) *string { return &i.Template })
	template.check = func(i Invite) string {
		if !templateName.MatchString(i.Template) {
			return short(i.Template) + " is no template's name: small letters, digits and _"
		}
		return ""
	}
	language := words("language", "", mostText, func(i *Invite) *string { return &i.Language })
	language.check = func(i Invite) string {
		if !templateLanguage.MatchString(i.Language) {
			return short(i.Language) + " is no template's language, such as pt_BR or en"
		}
		return ""
	}
	preview := words("preview", "", mostPreview, func(i *Invite) *string { return &i.Preview })
	preview.check = checkPreview
	values := leaf[Invite]{
		path: "values",
		get:  func(i Invite) (string, bool) { return quoteList(i.Values), true },
		set: func(i *Invite, v value) (err error) {
			i.Values, err = v.list()
			return err
		},
		check: func(i Invite) string { return checkValues(i.Values) },
	}
	return []leaf[Invite]{template, language, values, preview}
}

// checkPreview says what is wrong with the text that the customer reads.
func checkPreview(i Invite) string {
	if wrong := checkWords(i.Preview, mostPreview); wrong != "" {
		return wrong
	}
	if _, err := highest(i.Preview); err != nil {
		return err.Error()
	}
	return ""
}

// checkValues says what is wrong with the values of a template's variables; WhatsApp refuses line breaks, tabs and more than
// four spaces in a row in them.
func checkValues(values []string) string {
	for i, v := range values {
		wrong := checkWords(v, mostPreview)
		switch {
		case wrong != "":
		case strings.Contains(v, "\n"):
			wrong = "holds a line break, which WhatsApp refuses"
		case strings.Contains(v, "     "):
			wrong = "holds more than four spaces in a row, which WhatsApp refuses"
		case slices.ContainsFunc(variable.FindAllString(v, -1), func(s string) bool { return s != ContactName }):
			wrong = "holds a variable other than " + ContactName
		default:
			continue
		}
		return fmt.Sprintf("value %d %s", i+1, wrong)
	}
	return ""
}

// highest is the highest number of a preview's variables, 0 for none.
func highest(preview string) (int, error) {
	top := 0
	for _, v := range variable.FindAllString(preview, -1) {
		n, err := strconv.Atoi(v[2 : len(v)-2])
		if err != nil || n < 1 || strconv.Itoa(n) != v[2:len(v)-2] {
			return 0, fmt.Errorf("holds %s: variables are {{1}}, {{2}} and so on", short(v))
		}
		top = max(top, n)
	}
	return top, nil
}

// checkInvite compares the values of an invite with its preview, where that is right in itself.
func checkInvite(i Invite) string {
	if checkPreview(i) != "" {
		return ""
	}
	top, err := highest(i.Preview)
	if err != nil || top == len(i.Values) {
		return ""
	}
	return fmt.Sprintf("has %d of the %d values that the preview's variables take", len(i.Values), top)
}
