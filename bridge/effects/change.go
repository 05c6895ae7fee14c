package effects

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/macros"
	"github.com/ponte-desk/ponte/zendesk"
)

// changed is a change in Zendesk's terms.
type changed struct {
	macro macros.Result // what macros do, the later ones over the earlier ones
	zendesk.TicketFields
	left  []string // pt-BR: what the account has no place for
	apart string   // a macro's words for agents only, to be written on their own
}

// changed puts a change together: what its macros do first, what it says itself over that. before is the ticket's tags.
func (p *Performer) changed(ctx context.Context, j job, c conversation.Change, before []string) (*changed, error) {
	out := &changed{}
	tags := slices.Clone(before)
	fields := map[int64]json.RawMessage{}
	for _, role := range c.Roles {
		ref := j.Settings.Desk.Macro(settings.MacroRole(role))
		if ref == "" { // the operation has none for it
			continue
		}
		r, found, err := p.Macros.Run(ctx, ref, p.macroTicket(ctx, j, c, tags))
		if err != nil && !forGood(err) {
			return nil, err
		}
		if err != nil || !found {
			p.Logger.WarnContext(ctx, "the account has no usable macro for a role", "role", role)
			out.left = append(out.left, "macro “"+ref+"”")
			continue
		}
		tags = r.Tags(tags)
		out.apply(r)
		maps.Copy(fields, r.Fields)
	}
	tags = slices.DeleteFunc(tags, func(tag string) bool { return slices.Contains(c.Untags, tag) })
	for _, tag := range c.Tags {
		if !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	if !slices.Equal(tags, before) {
		out.Tags = tags
	}
	if err := p.ownFields(ctx, j, c.Fields, fields, out); err != nil {
		return nil, err
	}
	if err := p.ownChange(ctx, c, out); err != nil {
		return nil, err
	}
	if len(fields) > 0 {
		raw, err := macros.Result{}.CustomFields(fields)
		if err != nil {
			return nil, err
		}
		out.CustomFields = raw
	}
	return out, nil
}

// apply takes over what a macro does.
func (out *changed) apply(r macros.Result) {
	if !r.Comment.Empty() {
		out.macro.Comment = r.Comment
	}
	for _, f := range []struct {
		to   *string
		from string
	}{{&out.Subject, r.Subject}, {&out.Status, r.Status}, {&out.Priority, r.Priority}, {&out.Type, r.Type}} {
		if f.from != "" {
			*f.to = f.from
		}
	}
	for _, f := range []struct {
		to   *int64
		from int64
	}{{&out.CustomStatusID, r.CustomStatusID}, {&out.TicketFormID, r.FormID}, {&out.BrandID, r.BrandID}} {
		if f.from != 0 {
			*f.to = f.from
		}
	}
	if !r.AssigneeID.IsZero() {
		out.AssigneeID = r.AssigneeID
	}
	if !r.GroupID.IsZero() {
		out.GroupID = r.GroupID
	}
	for _, id := range r.CCs {
		out.EmailCCs = append(out.EmailCCs, zendesk.EmailCC{UserID: id, Action: "put"})
	}
}

// ownChange sets what the change itself says.
func (p *Performer) ownChange(ctx context.Context, c conversation.Change, out *changed) error {
	if c.Subject != "" {
		out.Subject = c.Subject
	}
	if c.Status != "" {
		out.Status, out.CustomStatusID = c.Status, 0
	}
	if c.Group != "" {
		g, ok, err := p.directory.group(ctx, c.Group)
		if err != nil {
			return err
		}
		if ok {
			out.GroupID = zendesk.RefTo(g.ID)
		} else {
			out.left = append(out.left, "grupo “"+c.Group+"”")
		}
	}
	switch {
	case c.Assignee != 0:
		out.AssigneeID = zendesk.RefTo(c.Assignee)
	case c.Unassign:
		out.AssigneeID = zendesk.NoRef()
	}
	if c.Organization != 0 {
		out.OrganizationID = zendesk.RefTo(c.Organization)
	}
	out.RequesterID = c.Requester
	if c.CC != "" {
		out.EmailCCs = append(out.EmailCCs, zendesk.EmailCC{UserEmail: c.CC, Action: "put"})
	}
	return nil
}

// ownFields adds the fields that settings have a place for.
func (p *Performer) ownFields(ctx context.Context, j job, values map[string]string, into map[int64]json.RawMessage, out *changed) error {
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		ref, value := fieldRef(j.Settings.Desk.Fields, name), strings.TrimSpace(values[name])
		if ref == "" || value == "" {
			continue
		}
		f, ok, err := p.directory.field(ctx, ref)
		if err != nil {
			return err
		}
		if !ok {
			out.left = append(out.left, "campo “"+ref+"”")
			continue
		}
		if value, ok = fieldValue(f, value); !ok {
			out.left = append(out.left, "“"+values[name]+"” em “"+ref+"”")
			continue
		}
		raw, err := json.Marshal(value)
		if err != nil {
			return err
		}
		into[f.ID] = raw
		if out.Tags != nil && f.Type == zendesk.FieldTagger {
			out.Tags = chosen(out.Tags, f, value)
		}
	}
	return nil
}

// fieldRef is the account's field of a name.
func fieldRef(f settings.TicketFields, name string) string {
	return map[string]string{
		conversation.FieldCNPJ: f.CNPJ, conversation.FieldSession: f.Session, conversation.FieldNumber: f.Number,
		conversation.FieldContactName: f.ContactName, conversation.FieldContactPhone: f.ContactPhone, conversation.FieldDerived: f.Derived,
		conversation.FieldLink: f.Link, conversation.FieldCatalogue: f.Catalogue, conversation.FieldSummary: f.Summary,
		conversation.FieldExpected: f.Expected, conversation.FieldReason: f.Reason, conversation.FieldSurvey: f.Survey,
	}[name]
}

// fieldValue is a value as a field takes it: of a drop-down the tag, found by the option's tag or name, however its levels are
// written; the last levels are enough where they are one option's alone.
func fieldValue(f zendesk.TicketField, value string) (string, bool) {
	if f.Type != zendesk.FieldTagger {
		return value, true
	}
	want := levels(value)
	var ends []string
	for _, o := range f.Options {
		switch have := levels(o.Name); {
		case o.Value == value, have == want:
			return o.Value, true
		case strings.HasSuffix(have, " "+want):
			ends = append(ends, o.Value)
		}
	}
	if len(ends) == 1 {
		return ends[0], true
	}
	return "", false
}

// chosen is tags where a drop-down has the option of that value: Zendesk would take another's tag for another choice.
func chosen(tags []string, f zendesk.TicketField, value string) []string {
	tags = slices.DeleteFunc(slices.Clone(tags), func(tag string) bool {
		return slices.ContainsFunc(f.Options, func(o zendesk.FieldOption) bool { return o.Value == tag })
	})
	return append(tags, value)
}

// levels brings a drop-down's name into one spelling: its levels are joined by "::", " > ", ">>" or spaces.
func levels(name string) string {
	name = strings.NewReplacer("::", " ", ">>", " ", ">", " ").Replace(strings.ToLower(name))
	return strings.Join(strings.Fields(name), " ")
}

// macroTicket is what macros may speak of.
func (p *Performer) macroTicket(ctx context.Context, j job, c conversation.Change, tags []string) macros.Ticket {
	conv := j.Thread.Conversation
	at := macros.Ticket{
		ID: conv.Ticket.ID, Session: conv.Session, Subject: c.Subject, Tags: tags, Agent: macros.Person{ID: c.Agent.ID, Name: c.Agent.Name},
		Values: map[string]string{"ponte.atendimento": conv.Procedure.Number},
	}
	if at.Agent.ID != 0 && at.Agent.Name == "" {
		at.Agent.Name = p.directory.agent(ctx, at.Agent.ID)
	}
	if o := conv.Procedure.Organization; o != nil {
		at.OrganizationID, at.OrganizationName = o.ID, o.Name
	}
	if conv.Procedure.Requester == 0 {
		at.Requester = macros.Person{ID: j.Thread.Contact.Zendesk, Name: j.Thread.Contact.Name, Email: conv.Procedure.Email, Phone: phone(j.Thread.Contact)}
	}
	return at
}

// lessens are the parts of a change that Zendesk may refuse, in the order in which they are given up, with what people call them.
func lessens() []struct {
	what string
	of   func(*zendesk.TicketFields) bool
} {
	return []struct {
		what string
		of   func(*zendesk.TicketFields) bool
	}{
		{"responsável", func(f *zendesk.TicketFields) bool {
			had := !f.AssigneeID.IsZero()
			f.AssigneeID = zendesk.Ref{}
			return had
		}},
		{"cópia por e-mail", func(f *zendesk.TicketFields) bool {
			had := len(f.EmailCCs) > 0
			f.EmailCCs = nil
			return had
		}},
		{"organização", func(f *zendesk.TicketFields) bool {
			had := !f.OrganizationID.IsZero()
			if had { // its requester is one of its people
				f.OrganizationID, f.RequesterID = zendesk.Ref{}, 0
			}
			return had
		}},
		{"campos", func(f *zendesk.TicketFields) bool {
			had := len(f.CustomFields) > 0
			f.CustomFields = nil
			return had
		}},
		{"grupo", func(f *zendesk.TicketFields) bool {
			had := !f.GroupID.IsZero()
			f.GroupID = zendesk.Ref{}
			return had
		}},
		{"status", func(f *zendesk.TicketFields) bool {
			had := f.Status != "" || f.CustomStatusID != 0
			f.Status, f.CustomStatusID = "", 0
			return had
		}},
	}
}

// facts is a ticket as it was answered.
func facts(t zendesk.Ticket) conversation.Facts {
	group, assignee, organization := t.GroupID, t.AssigneeID, t.OrganizationID
	return conversation.Facts{
		Status: t.Status, Subject: t.Subject, Group: &group, Assignee: &assignee, Organization: &organization, Tags: slices.Clone(t.Tags), TagsKnown: true,
	}
}

// told is facts with the names of what is not as the thread knows it.
func (p *Performer) told(ctx context.Context, f conversation.Facts, known conversation.Ticket) conversation.Facts {
	seen := f.Against(known)
	if seen.Group && *f.Group != 0 {
		if g, ok, err := p.directory.group(ctx, strconv.FormatInt(*f.Group, 10)); err == nil && ok {
			f.GroupName = g.Name
		}
	}
	if seen.Assignee && *f.Assignee != 0 {
		f.AssigneeName = p.directory.agent(ctx, *f.Assignee)
	}
	return f
}
