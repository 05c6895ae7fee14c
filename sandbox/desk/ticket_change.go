package desk

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// actor is who changes a ticket and by which way: api, web, email or rule.
type actor struct {
	user    *user // nil for the account's rules
	channel string
}

func (a actor) id() int64 {
	if a.user == nil {
		return -1
	}
	return a.user.ID
}

func actorOf(c *call) actor { return actor{c.user, c.channel} }

// change is a ticket's change in the making.
type change struct {
	prev    *ticket // nil for a new ticket
	next    *ticket
	by      actor
	comment *comment
	uploads []string // tokens that the comment spends
	custom  json.RawMessage
	key     string // of an idempotent creation
	hash    string
}

// fill lays a written ticket over ch.next.
func (s *Server) fill(ch *change, in *ticketInput) error {
	steps := []func(*change, *ticketInput) error{
		s.fillTexts, s.fillKind, s.fillRequester, s.fillOrganization, s.fillGroup, s.fillAssignee, s.fillTags, s.fillFields, s.fillCopies, s.fillStatus,
	}
	for _, step := range steps {
		if err := step(ch, in); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) fillTexts(ch *change, in *ticketInput) error {
	if v := in.subject(); v.Set {
		ch.next.Subject = strings.TrimSpace(string(v.V))
	}
	if in.ExternalID.Set {
		external := string(in.ExternalID.V)
		ch.next.ExternalID = &external
		if in.ExternalID.Null || external == "" {
			ch.next.ExternalID = nil
		}
	}
	ch.custom = in.custom()
	return nil
}

func (s *Server) fillKind(ch *change, in *ticketInput) error {
	t := ch.next
	if err := choose(&t.Type, in.Type, "type", "problem", "incident", "question", "task"); err != nil {
		return err
	}
	if err := choose(&t.Priority, in.Priority, "priority", "urgent", "high", "normal", "low"); err != nil {
		return err
	}
	if in.FormID.Set && !in.FormID.Null {
		if s.forms.get(int64(in.FormID.V)) == nil {
			return invalid("ticket_form_id", "InvalidValue", "Ticket form: is invalid")
		}
		t.FormID = idPointer(int64(in.FormID.V))
	}
	if in.ProblemID.Set {
		t.ProblemID = idPointer(int64(in.ProblemID.V))
		if p := s.tickets.get(int64(in.ProblemID.V)); t.ProblemID != nil && (p == nil || text(p.Type) != "problem") {
			return invalid("problem_id", "InvalidValue", "Problem: is not a problem ticket")
		}
	}
	if in.DueAt.Set {
		t.DueAt = nil
		if !in.DueAt.Null && text(t.Type) == "task" {
			due := in.DueAt.V.UTC().Truncate(time.Second)
			t.DueAt = &due
		}
	}
	return nil
}

func choose(at **string, in opt[string], field string, from ...string) error {
	if !in.Set {
		return nil
	}
	if in.Null || in.V == "" {
		*at = nil
		return nil
	}
	if !slices.Contains(from, in.V) {
		return invalid(field, "InvalidValue", fmt.Sprintf("%s: %s is not valid", strings.ToUpper(field[:1])+field[1:], in.V))
	}
	*at = &in.V
	return nil
}

// fillTags sets the tags and keeps the fields that stand for tags in step: a drop-down whose tag is gone is emptied, one
// whose option's tag came is set.
func (s *Server) fillTags(ch *change, in *ticketInput) error {
	t := ch.next
	before := t.Tags
	if in.Tags.Set {
		t.Tags = normalTags(in.Tags.V)
	}
	t.Tags = normalTags(append(withoutTags(t.Tags, normalTags(in.RemoveTags.V)), in.AdditionalTags.V...))
	s.followTags(t, before)
	return nil
}

func (s *Server) followTags(t *ticket, before []string) {
	for _, f := range s.fields.all() {
		if f.Type != typeTagger {
			continue
		}
		for _, tag := range f.tags(t.Fields[f.ID]) {
			if !slices.Contains(t.Tags, tag) {
				t.Fields = withField(t.Fields, f.ID, nil)
			}
		}
		for _, tag := range withoutTags(t.Tags, before) {
			if f.option(tag) != nil {
				t.Tags = withoutTags(t.Tags, f.tags(t.Fields[f.ID]))
				t.Tags = normalTags(append(t.Tags, tag))
				t.Fields = withField(t.Fields, f.ID, mustJSON(tag))
			}
		}
	}
}

func withField(fields map[int64]json.RawMessage, id int64, value json.RawMessage) map[int64]json.RawMessage {
	out := maps.Clone(fields)
	if out == nil {
		out = map[int64]json.RawMessage{}
	}
	if value == nil || string(value) == "null" {
		delete(out, id)
		return out
	}
	out[id] = value
	return out
}

func (s *Server) fillFields(ch *change, in *ticketInput) error {
	for _, v := range slices.Concat(in.CustomFields.V, in.Fields.V) {
		if err := s.setField(ch.next, v.ID, v.Value); err != nil {
			return err
		}
	}
	return nil
}

// setField sets a custom field and its tags; fields that do not exist are passed over.
func (s *Server) setField(t *ticket, id int64, value json.RawMessage) error {
	f := s.fields.get(id)
	if f == nil || !f.Removable || !f.Active {
		return nil
	}
	stored, err := f.normal(value)
	if err != nil {
		return err
	}
	t.Tags = withoutTags(t.Tags, f.tags(t.Fields[id]))
	t.Tags = normalTags(append(t.Tags, f.tags(stored)...))
	t.Fields = withField(t.Fields, id, stored)
	return nil
}

func (s *Server) fillStatus(ch *change, in *ticketInput) error {
	t := ch.next
	if in.Status.Set && !in.Status.Null && in.Status.V != "" {
		if statusRank(in.Status.V) < 0 {
			return invalid("status", "InvalidValue", fmt.Sprintf("Status: %s is not valid", in.Status.V))
		}
		if in.Status.V == statusNew && t.Status != statusNew {
			return invalid("status", "InvalidValue", "Status: cannot be set back to new")
		}
		t.Status = in.Status.V
	}
	s.settleStatus(ch)
	return s.checkSolving(ch)
}

// settleStatus is what the status and the assignee do to each other.
func (s *Server) settleStatus(ch *change) {
	t := ch.next
	if t.Status == statusNew && t.AssigneeID != nil {
		t.Status = statusOpen
	}
	if !ch.solves() || t.AssigneeID != nil || ch.by.user == nil || !ch.by.user.staff() || s.knobs.SolveUnassigned != "" {
		return
	}
	grp := idValue(t.GroupID)
	orDefault(&grp, s.defaultGroup(ch.by.user.ID))
	if s.memberOf(ch.by.user.ID, grp) != nil {
		t.AssigneeID, t.GroupID = idPointer(ch.by.user.ID), idPointer(grp)
	}
}

// solves tells a change that solves or closes a ticket.
func (ch *change) solves() bool {
	solved := statusRank(ch.next.Status) >= statusRank(statusSolved)
	was := ch.prev != nil && statusRank(ch.prev.Status) >= statusRank(statusSolved)
	return solved && !was
}

// checkSolving refuses to solve a ticket whose required fields are empty, and by knob one that nobody has. The account's rules are
// not asked.
func (s *Server) checkSolving(ch *change) error {
	if !ch.solves() || ch.by.user == nil {
		return nil
	}
	if s.knobs.SolveUnassigned == solveRefuse && ch.next.AssigneeID == nil {
		return invalid("base", "BlankValue", "Assignee: is required when solving a ticket")
	}
	if missing := s.missingFields(ch.next); len(missing) > 0 && !s.knobs.IgnoreRequired {
		return &apiError{
			status: http.StatusUnprocessableEntity, code: "RecordInvalid", description: "Record validation errors",
			details: map[string][]detail{"base": missing},
		}
	}
	return nil
}

// missingFields are the empty ones among the fields of t's form that are required to solve.
func (s *Server) missingFields(t *ticket) []detail {
	form := s.forms.get(idValue(t.FormID))
	var out []detail
	for _, f := range s.fields.all() {
		shown := form == nil || slices.Contains(form.TicketFieldIDs, f.ID)
		if !f.Required || !f.Active || !f.Removable || !shown || !blankValue(t.Fields[f.ID]) {
			continue
		}
		out = append(out, detail{Description: f.Title + ": needed", Error: "BlankValue"})
	}
	return out
}

// addComment gives ch the comment of a write and does what a comment does to the ticket.
func (s *Server) addComment(ch *change, in *commentInput, author int64) error {
	m, err := s.newComment(ch.next, in, author)
	if err != nil || m == nil {
		return err
	}
	m.Channel = ch.by.channel
	if ch.by.user != nil && ch.by.user.light() {
		m.Public = false
	}
	ch.comment, ch.uploads = m, normalTokens(in.Uploads)
	switch {
	case ch.prev == nil:
		ch.next.IsPublic, ch.next.Description = m.Public, m.Body
	case m.Public:
		ch.next.IsPublic = true
	}
	byCustomer := ch.by.user != nil && !ch.by.user.staff()
	if byCustomer && slices.Contains([]string{statusPending, statusHold, statusSolved}, ch.next.Status) {
		ch.next.Status = statusOpen
	}
	return nil
}
