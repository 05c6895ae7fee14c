package desk

import (
	"slices"
	"strconv"
	"time"
)

// Mail is one e-mail that one of the account's triggers sent to one address. Nothing leaves the machine: mails are only noted.
type Mail struct {
	To        string    `json:"to"`
	UserID    int64     `json:"user_id"`
	CC        bool      `json:"cc"` // as somebody copied, not as the requester, assignee or agent
	Subject   string    `json:"subject"`
	Body      string    `json:"body"`
	TicketID  int64     `json:"ticket_id"`
	TriggerID int64     `json:"trigger_id"`
	Trigger   string    `json:"trigger"` // its title
	At        time.Time `json:"at"`
	AuditID   int64     `json:"audit_id"` // of the change that caused it
}

// mailsFrom is the stored key of the audit after which mails are told.
const mailsFrom = "mails_from"

// MailLog returns the e-mails that triggers sent since the last ClearMails, oldest first. It outlives a restart.
func (s *Server) MailLog() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mail{}, s.tickets.mails...)
}

// ClearMails empties the log of e-mails; what audits tell of them stays.
func (s *Server) ClearMails() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.tickets.mails); n > 0 {
		if err := s.store("meta", mailsFrom, s.tickets.mails[n-1].AuditID); err != nil {
			return err
		}
	}
	s.tickets.mails = nil
	return nil
}

// dropOldMails leaves out of what was loaded what ClearMails had cleared.
func (s *Server) dropOldMails() error {
	var from int64
	if err := loadOne(s, mailsFrom, &from); err != nil {
		return err
	}
	s.tickets.mails = slices.DeleteFunc(s.tickets.mails, func(m Mail) bool { return m.AuditID <= from })
	return nil
}

// recipient is somebody a trigger writes to.
type recipient struct {
	user *user
	cc   bool
}

// mailFrom does a notification_user or notification_group action, whose value is [whom, subject, body].
func (s *Server) mailFrom(t *trigger, ch *change, a action, out *firing) {
	list := a.texts()
	if len(list) < 3 {
		return
	}
	to := s.recipients(ch, a.Field, list[0])
	if len(to) == 0 {
		return
	}
	e := s.mailEvent(t, ch, list)
	for _, r := range to {
		e.Recipients = append(e.Recipients, r.user.ID)
		out.mails = append(out.mails, Mail{
			To: *r.user.Email, UserID: r.user.ID, CC: r.cc, Subject: e.Subject, Body: e.Body, TicketID: ch.next.ID,
			TriggerID: t.ID, Trigger: t.Title, At: s.stamp(),
		})
	}
	out.events = append(out.events, e)
}

func (s *Server) mailEvent(t *trigger, ch *change, list []string) event {
	rel, v := "trigger", viaOf("rule")
	v.Source.Rel, v.Source.From = &rel, map[string]any{"id": t.ID, "title": t.Title, "deleted": false}
	return event{
		ID: s.newID(), Type: eventNotify, Via: &v, Subject: s.render(list[1], ch, false), Body: s.render(list[2], ch, false),
	}
}

// recipients are those behind a notification's word who have an e-mail address. Nobody is told of what they did themselves, and
// those in copy are told of no internal note.
func (s *Server) recipients(ch *change, field, whom string) []recipient {
	var out []recipient
	add := func(cc bool, ids ...int64) {
		for _, id := range ids {
			u := s.users.get(id)
			known := slices.ContainsFunc(out, func(r recipient) bool { return r.user == u })
			if u == nil || known || u.Email == nil || u.Suspended || (ch.by.user != nil && u.ID == ch.by.user.ID) {
				continue
			}
			out = append(out, recipient{u, cc})
		}
	}
	id, _ := strconv.ParseInt(whom, 10, 64)
	switch {
	case field == "notification_group":
		if whom == "group_id" {
			id = idValue(ch.next.GroupID)
		}
		for _, m := range s.members.where(func(m *membership) bool { return m.GroupID == id }) {
			add(false, m.UserID)
		}
	case whom == "requester_id":
		add(false, ch.next.RequesterID)
	case whom == "requester_and_ccs":
		add(false, ch.next.RequesterID)
		if ch.comment == nil || ch.comment.Public {
			add(true, ch.next.EmailCCs...)
		}
	case whom == "assignee_id":
		add(false, idValue(ch.next.AssigneeID))
	case whom == "current_user":
		add(false, ch.by.id())
	case whom == "all_agents":
		for _, u := range s.users.where(func(u *user) bool { return u.staff() && u.Active }) {
			add(false, u.ID)
		}
	default:
		add(false, id)
	}
	return out
}
