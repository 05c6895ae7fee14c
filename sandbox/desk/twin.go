package desk

import (
	"encoding/json"
	"io"
	"slices"
	"time"
)

// TicketView is a ticket as tests read it.
type TicketView struct {
	ID             int64
	Status         string
	Subject        string
	ExternalID     string // "" when unset, as the ids are 0
	Tags           []string
	RequesterID    int64
	AssigneeID     int64
	GroupID        int64
	OrganizationID int64
	EmailCCs       []int64
	Fields         map[string]json.RawMessage // of the custom fields that are set, by title
	UpdatedAt      time.Time
}

// CommentView is a comment as tests read it.
type CommentView struct {
	ID          int64
	AuthorID    int64
	UpdaterID   int64 // who wrote it, in whoever's name
	Public      bool
	Body        string
	HTMLBody    string
	CreatedAt   time.Time
	Attachments []string        // file names
	Files       []FileView      // the same files
	Custom      json.RawMessage // metadata.custom of its audit
}

// FileView is an attachment as tests read it.
type FileView struct {
	ID          int64
	Name        string
	ContentType string
	Size        int64
	ContentURL  string
}

// UserView is a user as tests read it.
type UserView struct {
	ID             int64
	Name           string
	Role           string
	Email          string
	Phone          string
	ExternalID     string
	OrganizationID int64
	Groups         []string
}

// AgentComment writes a comment on the helpdesk page as an agent and returns its id.
func (s *Server) AgentComment(ticketID, agentID int64, body string, public bool) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	in := &ticketInput{Comment: opt[commentInput]{Set: true, V: commentInput{Body: &body, Public: &public}}}
	if err := s.byHand(ticketID, agentID, in); err != nil {
		return 0, err
	}
	list := s.tickets.comments[ticketID]
	return list[len(list)-1].ID, nil
}

// SetStatus sets a ticket's status on the helpdesk page as an agent.
func (s *Server) SetStatus(ticketID, agentID int64, status string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.byHand(ticketID, agentID, &ticketInput{Status: opt[string]{Set: true, V: status}})
}

// Assign gives a ticket to an agent on the helpdesk page, as the agent byID; assigneeID 0 takes it from whoever has it.
func (s *Server) Assign(ticketID, byID, assigneeID int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.byHand(ticketID, byID, &ticketInput{AssigneeID: opt[flexID]{Set: true, V: flexID(assigneeID)}})
}

func (s *Server) byHand(ticketID, agentID int64, in *ticketInput) error {
	t, u := s.tickets.get(ticketID), s.users.get(agentID)
	if t == nil || u == nil {
		return notFound()
	}
	if in.Comment.Set && in.Comment.V.blank() {
		return invalid("comment", "BlankValue", "Comment: cannot be blank")
	}
	_, err := s.amendByHand(nil, actor{u, "web"}, t, in)
	return err
}

// CustomerEmail has a customer answer a ticket by e-mail; userID 0 is its requester. It returns the comment's id.
func (s *Server) CustomerEmail(ticketID, userID int64, body string) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tickets.get(ticketID)
	if t == nil {
		return 0, notFound()
	}
	if _, err := s.byCustomer(t, userID, channelEmail, commentInput{Body: &body}); err != nil {
		return 0, err
	}
	list := s.tickets.comments[ticketID]
	return list[len(list)-1].ID, nil
}

// Tickets returns every ticket that is not deleted, oldest first.
func (s *Server) Tickets() []TicketView {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []TicketView
	for _, t := range s.tickets.all() {
		v := TicketView{
			ID: t.ID, Status: t.Status, Subject: t.Subject, ExternalID: text(t.ExternalID), Tags: slices.Clone(t.Tags),
			RequesterID: t.RequesterID, AssigneeID: idValue(t.AssigneeID), GroupID: idValue(t.GroupID),
			OrganizationID: idValue(t.OrganizationID), EmailCCs: slices.Clone(t.EmailCCs),
			Fields: map[string]json.RawMessage{}, UpdatedAt: t.UpdatedAt,
		}
		for id, value := range t.Fields {
			if f := s.fields.get(id); f != nil {
				v.Fields[f.Title] = value
			}
		}
		out = append(out, v)
	}
	return out
}

// Comments returns a ticket's comments, oldest first.
func (s *Server) Comments(ticketID int64) []CommentView {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []CommentView
	for _, m := range s.tickets.comments[ticketID] {
		v := CommentView{
			ID: m.ID, AuthorID: m.AuthorID, Public: m.Public, Body: m.Body, HTMLBody: m.HTMLBody, CreatedAt: m.CreatedAt,
		}
		if a := s.auditOf(m); a != nil {
			v.UpdaterID, v.Custom = a.AuthorID, slices.Clone(a.Metadata.Custom)
		}
		for _, id := range m.Attachments {
			if f := s.attachments.get(id); f != nil {
				v.Attachments = append(v.Attachments, f.FileName)
				v.Files = append(v.Files, FileView{f.ID, f.FileName, f.ContentType, f.Size, s.contentURL(f)})
			}
		}
		out = append(out, v)
	}
	return out
}

// ReadFile returns an attachment's content.
func (s *Server) ReadFile(id int64) ([]byte, error) {
	s.mu.Lock()
	a := s.attachments.get(id)
	s.mu.Unlock()
	if a == nil {
		return nil, notFound()
	}
	f, err := s.vault.open(a.Key)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// Users returns every active user, the seeded ones first.
func (s *Server) Users() []UserView {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []UserView
	for _, u := range s.users.where(func(u *user) bool { return u.Active }) {
		v := UserView{
			ID: u.ID, Name: u.Name, Role: u.Role, Email: text(u.Email), Phone: text(u.Phone), ExternalID: text(u.ExternalID),
			OrganizationID: idValue(u.OrganizationID),
		}
		for _, g := range s.groupsOf(u.ID) {
			v.Groups = append(v.Groups, g.Name)
		}
		out = append(out, v)
	}
	return out
}

// Mails returns how many e-mails the account's triggers sent to a user about a ticket.
func (s *Server) Mails(ticketID, userID int64) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, a := range s.tickets.audits[ticketID] {
		for i := range a.Events {
			if a.Events[i].Type == eventNotify && slices.Contains(a.Events[i].Recipients, userID) {
				n++
			}
		}
	}
	return n
}
