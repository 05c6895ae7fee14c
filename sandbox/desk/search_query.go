package desk

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// query is a parsed search (Zendesk's article 203663226): terms that must all hold, those of one key as alternatives.
type query struct {
	terms []term
}

// term is key, operator (: < > <= >=) and value; a free word has no key.
type term struct {
	key, op, value string
	not            bool
}

func parseQuery(text string) query {
	var q query
	for _, word := range words(text) {
		t := term{op: ":"}
		word, t.not = strings.CutPrefix(word, "-")
		cut := strings.IndexAny(word, ":<>")
		if cut > 0 && word[0] != '"' {
			t.key = strings.ToLower(word[:cut])
			t.op = word[cut : cut+1]
			word = word[cut+1:]
			if t.op != ":" && strings.HasPrefix(word, "=") {
				t.op, word = t.op+"=", word[1:]
			}
		}
		t.value = strings.ToLower(strings.Trim(word, `"`))
		if t.value != "" {
			q.terms = append(q.terms, t)
		}
	}
	return q
}

// words splits at spaces outside quotes.
func words(text string) []string {
	quoted := false
	return strings.FieldsFunc(text, func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return unicode.IsSpace(r) && !quoted
	})
}

func (q query) typed() bool {
	return slices.ContainsFunc(q.terms, func(t term) bool { return t.key == "type" })
}

func (q query) fits(s *Server, d *indexed) bool {
	hit := map[string]bool{}
	for _, t := range q.terms {
		is := s.fitsTerm(t, d)
		switch {
		case t.not:
			if is {
				return false
			}
		case t.key == "" || t.op != ":":
			if !is {
				return false
			}
		default:
			hit[t.key] = hit[t.key] || is
		}
	}
	for _, found := range hit {
		if !found {
			return false
		}
	}
	return true
}

func (s *Server) fitsTerm(t term, d *indexed) bool {
	if t.key == "type" {
		return t.value == d.kind
	}
	var values []string
	switch {
	case d.ticket != nil:
		values = s.ticketTexts(t.key, d)
	case d.user != nil:
		values = s.userTexts(t, d)
	case d.org != nil:
		values = orgTexts(t.key, d.org)
	case d.group != nil:
		values = []string{d.group.Name}
	}
	return slices.ContainsFunc(values, func(v string) bool { return t.hits(strings.ToLower(v)) })
}

// hits compares: dates and statuses by order, words by containing, keyed values as a whole or with a trailing or leading *.
func (t term) hits(v string) bool {
	if t.op != ":" {
		return t.ordered(v)
	}
	switch {
	case t.key == "" || t.key == "subject" || t.key == "description" || t.key == "comment" || t.key == "name" || t.key == "notes":
		return strings.Contains(v, strings.Trim(t.value, "*"))
	case t.value == "none":
		return v == ""
	case strings.HasSuffix(t.value, "*"):
		return strings.HasPrefix(v, strings.TrimSuffix(t.value, "*"))
	case strings.HasPrefix(t.value, "*"):
		return strings.HasSuffix(v, strings.TrimPrefix(t.value, "*"))
	default:
		return v == t.value || (isDate(t.key) && strings.HasPrefix(v, t.value))
	}
}

func isDate(key string) bool {
	return slices.Contains([]string{"created", "updated", "solved", "created_at", "updated_at", "due_date"}, key)
}

func (t term) ordered(v string) bool {
	a, b := v, t.value
	switch {
	case isDate(t.key):
		a, b = instant(v), instant(t.value)
		if a == "" || b == "" {
			return false
		}
	case t.key == "status":
		a, b = strconv.Itoa(statusRank(v)), strconv.Itoa(statusRank(t.value))
	}
	n := strings.Compare(a, b)
	switch t.op {
	case "<":
		return n < 0
	case "<=":
		return n <= 0
	case ">":
		return n > 0
	default:
		return n >= 0
	}
}

// instant brings a day or a time to one form, in UTC.
func instant(v string) string {
	for _, layout := range []string{time.RFC3339, "2006-01-02t15:04:05z", time.DateOnly} {
		if at, err := time.Parse(layout, v); err == nil {
			return at.UTC().Format(time.RFC3339)
		}
	}
	if at, err := time.Parse(time.RFC3339, strings.ToUpper(v)); err == nil {
		return at.UTC().Format(time.RFC3339)
	}
	return ""
}

func stampText(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func (s *Server) ticketTexts(key string, d *indexed) []string {
	t := d.ticket
	switch key {
	case "":
		return append(s.commentTexts(d), t.Subject, t.Description, itoa(t.ID))
	case "id":
		return []string{itoa(t.ID)}
	case "comment":
		return s.commentTexts(d)
	case "tags", "tag":
		return t.Tags
	case "description":
		return []string{t.Description}
	case "ticket_type":
		return []string{text(t.Type)}
	case "external_id":
		return []string{text(t.ExternalID)}
	case "requester":
		return s.whoTexts(t.RequesterID)
	case "assignee":
		return s.whoTexts(idValue(t.AssigneeID))
	case "submitter":
		return s.whoTexts(t.SubmitterID)
	case "group":
		g := s.groups.get(idValue(t.GroupID))
		if g == nil {
			return []string{""}
		}
		return []string{itoa(g.ID), g.Name}
	case "organization":
		o := s.orgs.get(idValue(t.OrganizationID))
		if o == nil {
			return []string{""}
		}
		return []string{itoa(o.ID), o.Name}
	case "created", "created_at":
		return []string{stampText(t.CreatedAt)}
	case "updated", "updated_at":
		return []string{stampText(t.UpdatedAt)}
	case "solved":
		if t.SolvedAt != nil {
			return []string{stampText(*t.SolvedAt)}
		}
		return nil
	}
	if id, found := strings.CutPrefix(key, "custom_field_"); found {
		return []string{ticketAttribute(t, "custom_fields_"+id)}
	}
	return []string{ticketAttribute(t, key)}
}

// commentTexts are the comments that were there when the version was indexed.
func (s *Server) commentTexts(d *indexed) []string {
	var out []string
	for _, m := range s.tickets.comments[d.id] {
		if !m.CreatedAt.After(d.at) {
			out = append(out, m.Body)
		}
	}
	return out
}

func (s *Server) whoTexts(id int64) []string {
	u := s.users.get(id)
	if u == nil {
		return []string{""}
	}
	return []string{itoa(u.ID), u.Name, text(u.Email)}
}

func (s *Server) userTexts(t term, d *indexed) []string {
	u := d.user
	var phones, mails []string
	if u.Phone != nil {
		phones = append(phones, *u.Phone)
	}
	for _, i := range d.known {
		switch i.Type {
		case identityPhone:
			phones = append(phones, i.Value)
		case identityEmail:
			mails = append(mails, i.Value)
		}
	}
	wanted := digits(t.value)
	looksLikePhone := len(wanted) >= 4 && strings.Trim(t.value, "+-.() *0123456789") == ""
	if (t.key == "phone" || t.key == "") && looksLikePhone {
		// Phones are compared by their digits; then the value as it was typed stands for them.
		for _, p := range phones {
			if d := digits(p); d == wanted || (t.key == "" || strings.Contains(t.value, "*")) && strings.Contains(d, wanted) {
				return []string{t.value, strings.Trim(t.value, "*")}
			}
		}
	}
	switch t.key {
	case "":
		return slices.Concat([]string{u.Name, text(u.Email), text(u.Notes), text(u.ExternalID)}, mails)
	case "email":
		return append(mails, text(u.Email))
	case "phone":
		return phones
	case "external_id":
		return []string{text(u.ExternalID)}
	case "role":
		return []string{u.Role}
	case "tags":
		return u.Tags
	case "notes":
		return []string{text(u.Notes)}
	case "organization":
		return s.orgNames(u)
	case "name":
		return []string{u.Name}
	}
	return []string{anyText(u.UserFields[t.key])}
}

func (s *Server) orgNames(u *user) []string {
	o := s.orgs.get(idValue(u.OrganizationID))
	if o == nil {
		return []string{""}
	}
	return []string{itoa(o.ID), o.Name}
}

func orgTexts(key string, o *organization) []string {
	switch key {
	case "":
		out := []string{o.Name, text(o.ExternalID), text(o.Notes), text(o.Details)}
		for _, v := range o.Fields {
			out = append(out, anyText(v))
		}
		return out
	case "name":
		return []string{o.Name}
	case "external_id":
		return []string{text(o.ExternalID)}
	case "tags":
		return o.Tags
	case "notes":
		return []string{text(o.Notes)}
	}
	return []string{anyText(o.Fields[key])}
}

func anyText(v any) string {
	var out flexText
	if v == nil || json.Unmarshal(mustJSON(v), &out) != nil {
		return ""
	}
	return string(out)
}
