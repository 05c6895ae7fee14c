package conversation

import (
	"maps"
	"slices"
)

// Change is what an update changes on the ticket besides what it says. What is empty is left alone.
type Change struct {
	// Roles are the macros that are applied, by role and in order; what is set below counts more than what they do.
	Roles []string `json:"r,omitempty"`
	// Agent is who acts: macros speak of them.
	Agent     Agent  `json:"ag,omitzero"`
	Subject   string `json:"su,omitempty"`
	Status    string `json:"s,omitempty"`
	Group     string `json:"g,omitempty"`  // by name or id
	Assignee  int64  `json:"as,omitempty"` // Zendesk user
	Unassign  bool   `json:"un,omitempty"`
	Requester int64  `json:"rq,omitempty"`
	// Organization is the ticket's; Zendesk takes one of the requester's only.
	Organization int64 `json:"o,omitempty"`
	// CC is an e-mail address that gets copies.
	CC     string            `json:"cc,omitempty"`
	Fields map[string]string `json:"f,omitempty"` // by the Field names
	Tags   []string          `json:"t,omitempty"` // added
	// Untags are taken off; since schema 5.
	Untags []string `json:"ut,omitempty"`
	// Verdict makes it the auditor's: when somebody else changed the ticket meanwhile, it is left alone.
	Verdict bool `json:"v,omitempty"`
}

// Names of the ticket fields that Ponte fills in; settings say which fields of the account they are.
const (
	FieldCNPJ         = "cnpj"
	FieldSession      = "session"
	FieldNumber       = "number"
	FieldContactName  = "contact_name"
	FieldContactPhone = "contact_phone"
	FieldDerived      = "derived"
	FieldLink         = "link"
	FieldCatalogue    = "catalogue"
	FieldSummary      = "summary"
	FieldExpected     = "expected"
	FieldReason       = "reason"
	FieldSurvey       = "survey"
)

// FieldNames lists the names of the ticket fields.
func FieldNames() []string {
	return []string{
		FieldCNPJ, FieldSession, FieldNumber, FieldContactName, FieldContactPhone, FieldDerived, FieldLink, FieldCatalogue, FieldSummary, FieldExpected,
		FieldReason, FieldSurvey,
	}
}

// Empty tells whether nothing is changed.
func (c Change) Empty() bool {
	return len(c.Roles)+len(c.Fields)+len(c.Tags)+len(c.Untags) == 0 && c.Subject == "" && c.Status == "" && c.Group == "" && c.Assignee == 0 && !c.Unassign &&
		c.Requester == 0 && c.Organization == 0 && c.CC == ""
}

// With is both changes in one: what next says counts more.
func (c Change) With(next Change) Change {
	c = c.clone()
	for _, role := range next.Roles {
		if !slices.Contains(c.Roles, role) {
			c.Roles = append(c.Roles, role)
		}
	}
	c.Tags, c.Untags = joinTags(c.Tags, next.Tags, next.Untags), joinTags(c.Untags, next.Untags, next.Tags)
	if len(next.Fields) > 0 && c.Fields == nil {
		c.Fields = map[string]string{}
	}
	maps.Copy(c.Fields, next.Fields)
	for _, f := range []struct{ to, from *string }{
		{&c.Subject, &next.Subject}, {&c.Status, &next.Status}, {&c.Group, &next.Group}, {&c.CC, &next.CC},
	} {
		if *f.from != "" {
			*f.to = *f.from
		}
	}
	for _, f := range []struct{ to, from *int64 }{{&c.Requester, &next.Requester}, {&c.Organization, &next.Organization}} {
		if *f.from != 0 {
			*f.to = *f.from
		}
	}
	if next.Assignee != 0 || next.Unassign {
		c.Assignee, c.Unassign = next.Assignee, next.Unassign
	}
	if next.Agent.ID != 0 {
		c.Agent = next.Agent
	}
	c.Verdict = c.Verdict || next.Verdict
	return c
}

// Contested tells whether people may be editing what is changed: fields and status, not tags or copies alone.
func (c Change) Contested() bool {
	c.Tags, c.Untags, c.CC = nil, nil, ""
	return !c.Empty()
}

// Without is the change without what somebody else has changed meanwhile, so that nobody's work is undone.
func (c Change) Without(s Seen) Change {
	c = c.clone()
	if s.Status {
		c.Status = ""
	}
	if s.Group {
		c.Group = ""
	}
	if s.Assignee {
		c.Assignee, c.Unassign = 0, false
	}
	if s.Organization {
		c.Organization, c.Requester = 0, 0
	}
	if s.Subject {
		c.Subject = ""
	}
	if s.Status { // whoever solved it chose what it is called, what it was about and what was applied
		c.Roles, c.Subject = nil, ""
		for _, name := range []string{FieldCatalogue, FieldReason, FieldSummary} {
			delete(c.Fields, name)
		}
	}
	return c
}

func (c Change) clone() Change {
	c.Roles, c.Tags, c.Untags, c.Fields = slices.Clone(c.Roles), slices.Clone(c.Tags), slices.Clone(c.Untags), maps.Clone(c.Fields)
	return c
}

// Facts is a ticket as it was found.
type Facts struct {
	Status       string   `json:"s,omitempty"`  // "" = not known
	Group        *int64   `json:"g,omitempty"`  // nil = not known, 0 = none
	Assignee     *int64   `json:"a,omitempty"`  // likewise
	Organization *int64   `json:"o,omitempty"`  // likewise
	Subject      string   `json:"su,omitempty"` // "" = not known
	Tags         []string `json:"t,omitempty"`
	TagsKnown    bool     `json:"tk,omitempty"`
	GroupName    string   `json:"gn,omitempty"` // for people, where it was looked up
	AssigneeName string   `json:"an,omitempty"` // likewise
}

// Seen says what of a ticket is not as it was known: somebody else changed it.
type Seen struct{ Status, Subject, Group, Assignee, Organization bool }

// Any tells whether anything is different.
func (s Seen) Any() bool { return s.Status || s.Subject || s.Group || s.Assignee || s.Organization }

// Against compares what was found with what is known of the ticket.
func (f Facts) Against(t Ticket) Seen {
	return Seen{
		Status: f.Status != "" && f.Status != t.Status, Subject: f.Subject != "" && t.Subject != "" && f.Subject != t.Subject,
		Group: f.Group != nil && *f.Group != t.Group, Assignee: f.Assignee != nil && *f.Assignee != t.Assignee,
		Organization: f.Organization != nil && *f.Organization != t.Organization,
	}
}

// Take keeps what was found.
func (t *Ticket) Take(f Facts) {
	if f.Status != "" {
		t.Status = f.Status
	}
	if f.Subject != "" {
		t.Subject = f.Subject
	}
	t.Tags, t.TagsKnown = slices.Clone(f.Tags), f.TagsKnown
	for _, p := range []struct {
		to   *int64
		from *int64
	}{{&t.Group, f.Group}, {&t.Assignee, f.Assignee}, {&t.Organization, f.Organization}} {
		if p.from != nil {
			*p.to = *p.from
		}
	}
}
