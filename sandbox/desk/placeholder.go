package desk

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// placeholder matches {{ticket.id}} and its like.
var placeholder = regexp.MustCompile(`\{\{\s*([a-zA-Z0-9_.]+)\s*\}\}`)

// render fills a text's placeholders, unknown ones with nothing; quoted escapes the values for use inside JSON strings.
func (s *Server) render(template string, ch *change, quoted bool) string {
	return placeholder.ReplaceAllStringFunc(template, func(found string) string {
		value := s.placeholder(placeholder.FindStringSubmatch(found)[1], ch)
		if !quoted {
			return value
		}
		raw, err := json.Marshal(value)
		if err != nil {
			return ""
		}
		return string(raw[1 : len(raw)-1])
	})
}

func (s *Server) placeholder(name string, ch *change) string {
	subject, rest, _ := strings.Cut(name, ".")
	switch subject {
	case "ticket":
		return s.ticketPlaceholder(rest, ch)
	case "current_user":
		return userPlaceholder(ch.by.user, rest)
	default:
		return ""
	}
}

func (s *Server) ticketPlaceholder(name string, ch *change) string {
	t := ch.next
	first, rest, _ := strings.Cut(name, ".")
	switch first {
	case "id":
		return itoa(t.ID)
	case "external_id":
		return text(t.ExternalID)
	case "title", "subject":
		return t.Subject
	case "description":
		return t.Description
	case "status":
		return t.Status
	case "priority":
		return text(t.Priority)
	case "ticket_type", "type":
		return text(t.Type)
	case "tags":
		return strings.Join(t.Tags, " ")
	case "via":
		return t.Via.Channel
	case "url", "link":
		return s.cfg.BaseURL + "/agent/tickets/" + itoa(t.ID)
	case "created_at_with_timestamp":
		return t.CreatedAt.Format(time.RFC3339)
	case "updated_at_with_timestamp":
		return t.UpdatedAt.Format(time.RFC3339)
	case "due_date_with_timestamp":
		if t.DueAt == nil {
			return ""
		}
		return t.DueAt.Format(time.RFC3339)
	}
	if value, known := s.linkedPlaceholder(t, first, rest); known {
		return value
	}
	return s.commentPlaceholder(first, rest, ch)
}

// linkedPlaceholder is about what a ticket only refers to: people, group, organisation, form, brand and custom fields.
func (s *Server) linkedPlaceholder(t *ticket, first, rest string) (string, bool) {
	switch first {
	case "requester":
		return userPlaceholder(s.users.get(t.RequesterID), rest), true
	case "submitter":
		return userPlaceholder(s.users.get(t.SubmitterID), rest), true
	case "assignee":
		return userPlaceholder(s.users.get(idValue(t.AssigneeID)), rest), true
	case "cc_names":
		return s.namesOf(t.EmailCCs), true
	case "group":
		return s.groupPlaceholder(t, rest), true
	case "organization":
		return s.orgPlaceholder(t, rest), true
	case "ticket_form":
		if f := s.forms.get(idValue(t.FormID)); f != nil {
			return f.Name, true
		}
		return "", true
	case "brand":
		return itoa(brandID), rest == "id"
	}
	if id, err := strconv.ParseInt(strings.TrimPrefix(first, "ticket_field_option_title_"), 10, 64); err == nil {
		return s.optionTitle(t, id), true
	}
	if id, err := strconv.ParseInt(strings.TrimPrefix(first, "ticket_field_"), 10, 64); err == nil {
		return ticketAttribute(t, "custom_fields_"+itoa(id)), true
	}
	return "", false
}

func (s *Server) namesOf(ids []int64) string {
	var names []string
	for _, id := range ids {
		if u := s.users.get(id); u != nil {
			names = append(names, u.Name)
		}
	}
	return strings.Join(names, ", ")
}

// optionTitle is the name of the option that a drop-down field has; other fields have their value.
func (s *Server) optionTitle(t *ticket, id int64) string {
	value := ticketAttribute(t, "custom_fields_"+itoa(id))
	if f := s.fields.get(id); f != nil {
		if o := f.option(value); o != nil {
			return o.Name
		}
	}
	return value
}

func (s *Server) commentPlaceholder(name, rest string, ch *change) string {
	known := s.tickets.comments[ch.next.ID]
	if ch.comment != nil {
		known = append(slices.Clone(known), ch.comment)
	}
	for _, m := range slices.Backward(known) {
		if strings.HasPrefix(name, "latest_public_") && !m.Public {
			continue
		}
		switch name {
		case "latest_comment", "latest_public_comment":
			if who, part, _ := strings.Cut(rest, "."); who == "author" {
				return userPlaceholder(s.users.get(m.AuthorID), part)
			}
			return m.Body
		case "latest_comment_html", "latest_public_comment_html", "latest_comment_rich":
			return m.HTMLBody
		default:
			return ""
		}
	}
	return ""
}

func userPlaceholder(u *user, name string) string {
	if u == nil {
		return ""
	}
	if key, custom := strings.CutPrefix(name, "custom_fields."); custom {
		return anyText(u.UserFields[key])
	}
	first, _, _ := strings.Cut(u.Name, " ")
	switch name {
	case "id":
		return itoa(u.ID)
	case "", "name":
		return u.Name
	case "first_name":
		return first
	case "email":
		return text(u.Email)
	case "phone":
		return text(u.Phone)
	case "external_id":
		return text(u.ExternalID)
	case "role":
		return u.Role
	default:
		return ""
	}
}

func (s *Server) groupPlaceholder(t *ticket, name string) string {
	g := s.groups.get(idValue(t.GroupID))
	switch {
	case g == nil:
		return ""
	case name == "id":
		return itoa(g.ID)
	default:
		return g.Name
	}
}

func (s *Server) orgPlaceholder(t *ticket, name string) string {
	o := s.orgs.get(idValue(t.OrganizationID))
	key, custom := strings.CutPrefix(name, "custom_fields.")
	switch {
	case o == nil:
		return ""
	case custom:
		return anyText(o.Fields[key])
	case name == "id":
		return itoa(o.ID)
	case name == "external_id":
		return text(o.ExternalID)
	default:
		return o.Name
	}
}
