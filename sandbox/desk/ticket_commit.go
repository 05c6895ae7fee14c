package desk

import (
	"context"
	"encoding/json"
	"slices"
	"time"
)

// create makes a ticket from a written one. head may be nil; it gets X-Zendesk-API-Warn's keys through dropped.
func (s *Server) create(by actor, in *ticketInput) (*change, error) {
	t := &ticket{
		Via: viaOf(by.channel), CreatedAt: s.stamp(), Status: statusNew, IsPublic: true, Tags: []string{},
		Fields: map[int64]json.RawMessage{}, FormID: s.defaultForm(),
	}
	ch := &change{next: t, by: by}
	if err := s.follow(t, in); err != nil {
		return nil, err
	}
	opening := in.opening()
	if opening.blank() {
		return nil, invalid("base", "BlankValue", "Description: cannot be blank")
	}
	if err := s.fill(ch, in); err != nil {
		return nil, err
	}
	t.SubmitterID = t.RequesterID
	if id := int64(in.SubmitterID.V); id != 0 {
		t.SubmitterID = id
	}
	if err := s.addComment(ch, opening, t.SubmitterID); err != nil {
		return nil, err
	}
	return ch, nil
}

// follow makes t the follow-up of a closed ticket: it takes over subject, tags and fields.
func (s *Server) follow(t *ticket, in *ticketInput) error {
	if !in.FollowupOf.Set || in.FollowupOf.Null {
		return nil
	}
	source := s.tickets.get(int64(in.FollowupOf.V))
	if source == nil || source.Status != statusClosed {
		return invalid("via_followup_source_id", "InvalidValue", "Source ticket: must be a closed ticket")
	}
	rel := "follow_up"
	t.Via.Source.Rel = &rel
	t.Via.Source.From = map[string]any{"ticket_id": source.ID, "subject": source.Subject, "channel": source.Via.Channel}
	t.Tags, t.Fields = slices.Clone(source.Tags), source.Fields
	t.RequesterID, t.OrganizationID = source.RequesterID, source.OrganizationID
	t.Subject = source.Subject
	return nil
}

func (s *Server) linkFollowup(made *ticket, in *ticketInput) error {
	source := s.tickets.get(int64(in.FollowupOf.V))
	if source == nil {
		return nil
	}
	next := *source
	next.FollowupIDs = append(slices.Clone(source.FollowupIDs), made.ID)
	return s.record(&auditRecord{Audit: s.newAudit(source.ID, actor{channel: "rule"}, nil, []event{}), Ticket: &next})
}

// modify lays a written ticket over t. It checks what must hold before: not closed, not changed meanwhile.
func (s *Server) modify(by actor, t *ticket, in *ticketInput) (*change, error) {
	if t.Status == statusClosed {
		err := &apiError{
			status: s.knobs.closedStatus(), code: "RecordInvalid", description: "Record validation errors",
			details: map[string][]detail{"status": {{Description: "Status: closed prevents ticket update", Error: "InvalidValue"}}},
		}
		return nil, err
	}
	if err := unchanged(t, in); err != nil {
		return nil, err
	}
	if s.chance(s.knobs.ConflictPercent) {
		return nil, conflict("The ticket is being updated by somebody else, please try again")
	}
	if by.user != nil && by.user.light() {
		in = &ticketInput{Comment: in.Comment, Metadata: in.Metadata} // everything else is passed over
	}
	next := *t
	ch := &change{prev: t, next: &next, by: by}
	if err := s.fill(ch, in); err != nil {
		return nil, err
	}
	if in.Comment.Set && !in.Comment.Null {
		if err := s.addComment(ch, &in.Comment.V, by.id()); err != nil {
			return nil, err
		}
	}
	return ch, nil
}

// unchanged is safe_update: the ticket must not have changed since updated_stamp.
func unchanged(t *ticket, in *ticketInput) error {
	if in.SafeUpdate.V != "true" {
		return nil
	}
	stamp, err := time.Parse(time.RFC3339, in.UpdatedStamp.V)
	if err != nil {
		return badRequest("InvalidValue", "safe_update needs the ticket's updated_at as updated_stamp")
	}
	if t.UpdatedAt.After(stamp) {
		return conflict("Safe Update prevented the update due to outdated ticket data. Please fetch the latest ticket data and try again.")
	}
	return nil
}

// commit runs the triggers over a change, stores it, and sends what it causes. The audit is nil when nothing changed.
func (s *Server) commit(ch *change) (*audit, error) {
	if ch.prev == nil {
		s.tickets.last++
		ch.next.ID = s.tickets.last
	} else if ch.comment == nil && len(s.changeEvents(ch.prev, ch.next)) == 0 {
		return nil, nil
	}
	ch.next.UpdatedAt = s.stamp()
	a := s.newAudit(ch.next.ID, ch.by, ch.custom, nil)
	if m := ch.comment; m != nil {
		m.ID, m.AuditID, m.TicketID = s.newID(), a.ID, ch.next.ID
		a.Events = append(a.Events, event{ID: m.ID, Type: eventComment, Comment: m})
	}
	fired := s.runTriggers(ch)
	if ch.prev == nil {
		a.Events = append(a.Events, s.setEvents(ch.next)...)
	} else {
		a.Events = append(a.Events, s.changeEvents(ch.prev, ch.next)...)
	}
	a.Events = append(a.Events, fired.events...)
	s.noteSolving(ch)
	for i := range fired.mails {
		fired.mails[i].AuditID = a.ID
	}
	if err := s.record(&auditRecord{Audit: a, Ticket: ch.next, Mails: fired.mails, Key: ch.key, Hash: ch.hash}); err != nil {
		return nil, err
	}
	if err := s.settleFiles(ch); err != nil {
		return nil, err
	}
	return a, s.notify(ch, a, fired.calls)
}

// settleFiles ends the uploads that a comment took.
func (s *Server) settleFiles(ch *change) error {
	if len(ch.uploads) == 0 {
		return nil
	}
	if err := s.spendUploads(ch.uploads); err != nil {
		return err
	}
	return s.markInline(ch.comment)
}

func (s *Server) noteSolving(ch *change) {
	if ch.next.Status != statusSolved {
		ch.next.SolvedAt = nil
		return
	}
	if ch.prev == nil || ch.prev.Status != statusSolved {
		at := s.stamp()
		ch.next.SolvedAt = &at
		s.scheduleClosing(ch.next)
	}
}

func (s *Server) newAudit(ticketID int64, by actor, custom json.RawMessage, events []event) *audit {
	if custom == nil {
		custom = json.RawMessage(`{}`)
	}
	return &audit{
		ID: s.newID(), TicketID: ticketID, CreatedAt: s.stamp(), AuthorID: by.id(), Via: viaOf(by.channel), Events: events,
		Metadata: auditMetadata{System: map[string]any{"ip_address": "127.0.0.1"}, Custom: custom},
	}
}

// record stores one change and shows it to readers, the search index and the helpdesk page.
func (s *Server) record(r *auditRecord) error {
	if err := s.store("audit", itoa(r.Audit.ID), r); err != nil {
		return err
	}
	s.tickets.apply(r)
	s.index.put(s, indexed{kind: "ticket", id: r.Ticket.ID, at: s.now(), ticket: r.Ticket})
	s.live.tell(r.Ticket.ID)
	return nil
}

// scheduleClosing has the account's automation close a solved ticket later, if it is still solved then.
func (s *Server) scheduleClosing(t *ticket) {
	if s.cfg.CloseSolvedAfter < 0 {
		return
	}
	id, solved := t.ID, *t.SolvedAt
	s.cfg.Queue.At(solved.Add(s.cfg.CloseSolvedAfter), func(context.Context) {
		s.mu.Lock()
		defer s.mu.Unlock()
		t := s.tickets.get(id)
		if t == nil || t.Status != statusSolved || t.SolvedAt == nil || !t.SolvedAt.Equal(solved) {
			return
		}
		next := *t
		next.Status = statusClosed
		if _, err := s.commit(&change{prev: t, next: &next, by: actor{channel: "rule"}}); err != nil {
			s.log.Error("closing a solved ticket failed", "ticket", id, "error", err)
		}
	})
}

func (s *Server) scheduleClosings() {
	for _, t := range s.tickets.where(func(t *ticket) bool { return t.Status == statusSolved && t.SolvedAt != nil }) {
		s.scheduleClosing(t)
	}
}

func (s *Server) defaultForm() *int64 {
	f := s.forms.first(func(f *ticketForm) bool { return f.Default })
	if f == nil {
		return nil
	}
	return &f.ID
}
