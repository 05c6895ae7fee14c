package macros

import (
	"html"
	"strconv"
	"strings"
	"unicode"
)

const (
	opening   = "{{"
	closing   = "}}"
	statement = "{%" // begins a statement of Zendesk's template language
)

// fill renders a template; false when it says something that only Zendesk knows. In HTML the values are escaped.
func (t Ticket) fill(template string, asHTML bool) (string, bool) {
	if strings.Contains(template, statement) {
		return "", false
	}
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(template, opening)
		out.WriteString(before)
		if !found {
			return harmless(out.String()), true
		}
		name, after, closed := strings.Cut(rest, closing)
		name = strings.TrimSpace(name)
		if !closed || !isName(name) {
			return "", false
		}
		value, known := t.placeholder(name)
		if !known {
			return "", false
		}
		if asHTML {
			value = html.EscapeString(value)
		}
		out.WriteString(value)
		template = after
	}
}

// isName tells a plain placeholder from an expression with filters or quotes.
func isName(s string) bool {
	for _, r := range s {
		if r != '.' && r != '_' && r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return false
		}
	}
	return s != ""
}

// harmless takes the template language out of a filled text: Zendesk renders comments once more, and a customer's name is no template.
func harmless(s string) string {
	for _, begin := range []string{opening, statement} {
		for strings.Contains(s, begin) {
			s = strings.ReplaceAll(s, begin, "{ "+begin[1:])
		}
	}
	return s
}

// placeholder returns a placeholder's value; false when it is not known here. Names are case sensitive; those whose value depends on
// the account's language (status, priority, dates) are left to Zendesk.
// Source: https://support.zendesk.com/hc/en-us/articles/4408886858138.
func (t Ticket) placeholder(name string) (string, bool) {
	if value, own := t.Values[name]; own {
		return value, true
	}
	var value string
	first, rest, _ := strings.Cut(name, ".")
	switch first {
	case "ticket":
		value = t.property(rest)
	case "current_user":
		value = t.Agent.property(rest)
	}
	return value, value != ""
}

// property returns a property of the ticket, "" when it is unknown.
func (t Ticket) property(name string) string {
	first, rest, deeper := strings.Cut(name, ".")
	if deeper {
		switch first {
		case "requester":
			return t.Requester.property(rest)
		case "assignee":
			return t.Assignee.property(rest)
		case "organization":
			return map[string]string{"id": number(t.OrganizationID), "name": t.OrganizationName}[rest]
		case "group":
			return map[string]string{"name": t.GroupName}[rest]
		}
		return ""
	}
	_, address, _ := strings.Cut(t.URL, "://")
	return map[string]string{
		"id": number(t.ID), "external_id": t.Session, "title": t.Subject, "link": t.URL, "url": address, "tags": strings.Join(t.Tags, " "),
	}[name]
}

// property returns a property of the person, "" when it is unknown.
func (p Person) property(name string) string {
	first, last, _ := strings.Cut(strings.TrimSpace(p.Name), " ")
	return map[string]string{
		"id": number(p.ID), "name": p.Name, "first_name": first, "last_name": strings.TrimSpace(last), "email": p.Email, "phone": p.Phone,
		"external_id": p.ExternalID,
	}[name]
}

// number writes an id, "" when there is none.
func number(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}
