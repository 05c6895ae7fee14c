package desk

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// channelEmail and channelWeb are the ways by which an end user writes without WhatsApp.
const (
	channelEmail = "email"
	channelWeb   = "web"
)

// pageComment is a comment as the page shows it.
type pageComment struct {
	ID          int64             `json:"id"`
	AuthorID    int64             `json:"author_id"`
	Author      map[string]any    `json:"author"`
	Public      bool              `json:"public"`
	Body        string            `json:"body"`
	HTMLBody    string            `json:"html_body"`
	CreatedAt   time.Time         `json:"created_at"`
	Channel     string            `json:"channel"`
	Attachments []*attachmentWire `json:"attachments"`
}

func (s *Server) pageTicket(c *call) (answer, error) {
	t := s.tickets.get(c.id("id"))
	if t == nil {
		return answer{}, notFound()
	}
	return ok(s.pageDetail(c, t))
}

// pageDetail is a ticket with its people and its comments, of which ?last= may ask for the latest only.
func (s *Server) pageDetail(c *call, t *ticket) map[string]any {
	list := s.tickets.comments[t.ID]
	total := len(list)
	if last, err := strconv.Atoi(c.query.Get("last")); err == nil && last >= 0 && last < total {
		list = list[total-last:]
	}
	comments := []pageComment{}
	for _, m := range list {
		comments = append(comments, pageComment{
			m.ID, m.AuthorID, s.pagePerson(s.users.get(m.AuthorID), false), m.Public, m.Body, m.HTMLBody, m.CreatedAt, m.Channel,
			s.commentWire(m).Attachments,
		})
	}
	ccs := []map[string]any{}
	for _, id := range t.EmailCCs {
		ccs = append(ccs, s.pagePerson(s.users.get(id), false))
	}
	shown := struct {
		*ticketWire
		Requester    any `json:"requester"`
		Assignee     any `json:"assignee"`
		Group        any `json:"group"`
		Organization any `json:"organization"`
		Copied       any `json:"email_cc_users"`
		Choices      any `json:"requester_organizations"`
	}{
		s.ticketWire(t), s.pagePerson(s.users.get(t.RequesterID), false), s.pagePerson(s.users.get(idValue(t.AssigneeID)), false),
		s.pageGroup(t), nil, ccs, s.pageOrgs(t.RequesterID),
	}
	if o := s.orgs.get(idValue(t.OrganizationID)); o != nil {
		shown.Organization = s.orgResource().wire(s, o)
	}
	return map[string]any{"ticket": shown, "comments": comments, "comment_count": total}
}

// pageOrgs are the organisations of a user, which are those their tickets may have.
func (s *Server) pageOrgs(userID int64) []map[string]any {
	out := []map[string]any{}
	for _, m := range s.orgMembers.where(func(m *orgMembership) bool { return m.UserID == userID }) {
		if o := s.orgs.get(m.OrganizationID); o != nil {
			out = append(out, map[string]any{"id": o.ID, "name": o.Name})
		}
	}
	return out
}

// pageKeys are what the page may write to a ticket.
func pageKeys() []string {
	return []string{
		"subject", "status", "assignee_id", "group_id", "tags", "priority", "type", "custom_fields", "comment", "due_at", "requester_id",
		"organization_id", "email_ccs", "followers", "ticket_form_id", "problem_id", "safe_update", "updated_stamp",
	}
}

// pageInput reads a written ticket, passing over what the page may not write.
func pageInput(c *call, keys []string) (*ticketInput, error) {
	var sent map[string]json.RawMessage
	if err := c.decode(&sent); err != nil {
		return nil, err
	}
	for k := range sent {
		if !slices.Contains(keys, k) {
			delete(sent, k)
		}
	}
	in, _, err := readTicket(mustJSON(sent), false)
	return in, err
}

func (s *Server) pageUpdate(c *call) (answer, error) {
	t := s.tickets.get(c.id("id"))
	if t == nil {
		return answer{}, notFound()
	}
	in, err := pageInput(c, pageKeys())
	if err != nil {
		return answer{}, err
	}
	in.Comment.V.AuthorID = opt[flexID]{} // an agent writes in no other name here
	next, err := s.amendByHand(c.header, actorOf(c), t, in)
	if err != nil {
		return answer{}, err
	}
	return ok(s.pageDetail(c, next))
}

// amendByHand is an update through the helpdesk page: it counts like one through the API.
func (s *Server) amendByHand(h http.Header, by actor, t *ticket, in *ticketInput) (*ticket, error) {
	if err := s.spendTicketUpdate(h, t.ID, by.id()); err != nil {
		return nil, err
	}
	next, _, err := s.amend(by, t, in)
	return next, err
}

func (s *Server) pageCreate(c *call) (answer, error) {
	in, err := pageInput(c, append(pageKeys(), "requester"))
	if err != nil {
		return answer{}, err
	}
	in.SubmitterID = opt[flexID]{Set: true, V: flexID(c.user.ID)}
	ch, err := s.create(actorOf(c), in)
	if err != nil {
		return answer{}, err
	}
	if _, err := s.commit(ch); err != nil {
		return answer{}, err
	}
	return created(s.pageDetail(c, ch.next))
}

// pageCustomer is the customer answering by e-mail or on the portal.
func (s *Server) pageCustomer(c *call) (answer, error) {
	t := s.tickets.get(c.id("id"))
	if t == nil {
		return answer{}, notFound()
	}
	var in struct {
		Body     *string  `json:"body"`
		HTMLBody *string  `json:"html_body"`
		Uploads  []string `json:"uploads"`
		UserID   flexID   `json:"user_id"`
		Channel  string   `json:"channel"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	orDefault(&in.Channel, channelEmail)
	if in.Channel != channelEmail && in.Channel != channelWeb {
		return answer{}, invalid("channel", "InvalidValue", "Channel: must be email or web")
	}
	said := commentInput{Body: in.Body, HTMLBody: in.HTMLBody, Uploads: in.Uploads}
	next, err := s.byCustomer(t, int64(in.UserID), in.Channel, said)
	if err != nil {
		return answer{}, err
	}
	return ok(s.pageDetail(c, next))
}

// byCustomer is a public comment that an end user writes by themselves; userID 0 is the requester.
func (s *Server) byCustomer(t *ticket, userID int64, channel string, said commentInput) (*ticket, error) {
	orDefault(&userID, t.RequesterID)
	u := s.users.get(userID)
	if u == nil || !u.Active {
		return nil, notFound()
	}
	if said.blank() {
		return nil, invalid("comment", "BlankValue", "Comment: cannot be blank")
	}
	public := true
	said.Public = &public
	in := &ticketInput{Comment: opt[commentInput]{Set: true, V: said}}
	next, _, err := s.amend(actor{u, channel}, t, in)
	return next, err
}
