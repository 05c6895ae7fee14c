package desk

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"
)

// maxCommentLength is the longest comment, in characters (Zendesk community post 4719863289498).
const maxCommentLength = 65_535

// comment is one comment; it is an event of the audit that brought it.
type comment struct {
	ID          int64     `json:"id"`
	AuditID     int64     `json:"audit_id"`
	TicketID    int64     `json:"ticket_id"`
	AuthorID    int64     `json:"author_id"`
	Body        string    `json:"body"`
	PlainBody   string    `json:"plain_body"`
	HTMLBody    string    `json:"html_body"`
	Public      bool      `json:"public"`
	Attachments []int64   `json:"attachments"`
	CreatedAt   time.Time `json:"created_at"`
	Channel     string    `json:"channel"`
}

// commentWire is a comment as lists and audits show it.
type commentWire struct {
	ID          int64             `json:"id"`
	Type        string            `json:"type"`
	AuthorID    int64             `json:"author_id"`
	Body        string            `json:"body"`
	HTMLBody    string            `json:"html_body"`
	PlainBody   string            `json:"plain_body"`
	Public      bool              `json:"public"`
	Attachments []*attachmentWire `json:"attachments"`
	AuditID     int64             `json:"audit_id"`
	Via         via               `json:"via"`
	CreatedAt   time.Time         `json:"created_at"`
	Metadata    auditMetadata     `json:"metadata"`
}

func (s *Server) commentWire(c *comment) *commentWire {
	w := &commentWire{
		ID: c.ID, Type: eventComment, AuthorID: c.AuthorID, Body: c.Body, HTMLBody: c.HTMLBody, PlainBody: c.PlainBody,
		Public: c.Public, Attachments: []*attachmentWire{}, AuditID: c.AuditID, Via: viaOf(c.Channel), CreatedAt: c.CreatedAt,
	}
	for _, id := range c.Attachments {
		if a := s.attachments.get(id); a != nil {
			w.Attachments = append(w.Attachments, s.attachmentWire(a))
		}
	}
	if a := s.auditOf(c); a != nil {
		w.Metadata = a.Metadata
	}
	return w
}

func (s *Server) auditOf(c *comment) *audit {
	for _, a := range slices.Backward(s.tickets.audits[c.TicketID]) {
		if a.ID == c.AuditID {
			return a
		}
	}
	return nil
}

func (s *Server) commentRoutes() []route {
	base := "/api/v2/tickets/{ticket}/comments"
	return []route{
		rt("GET", base, s.listComments),
		rt("GET", base+"/count", func(c *call) (answer, error) {
			if s.tickets.get(c.id("ticket")) == nil {
				return answer{}, notFound()
			}
			return s.count(len(s.tickets.comments[c.id("ticket")]))
		}),
		rt("PUT", base+"/{id}/make_private", s.makePrivate),
		rt("PUT", base+"/{id}/redact", s.redact),
	}
}

// listComments answers oldest first; sort=-created_at or sort_order=desc turn it round.
func (s *Server) listComments(c *call) (answer, error) {
	if s.tickets.get(c.id("ticket")) == nil {
		return answer{}, notFound()
	}
	list := slices.Clone(s.tickets.comments[c.id("ticket")])
	if newestFirst(c) {
		slices.Reverse(list)
	}
	var shown []int64
	out, err := page(s, c, listing[*comment]{
		key: "comments", items: list, id: func(m *comment) int64 { return m.ID },
		show: func(m *comment) any {
			shown = append(shown, m.AuthorID)
			return s.commentWire(m)
		},
	})
	if err == nil {
		s.sideload(c, out, shown)
	}
	return answer{body: out}, err
}

// commentInput is a written comment.
type commentInput struct {
	Body     *string        `json:"body"`
	HTMLBody *string        `json:"html_body"`
	Value    *string        `json:"value"`
	Public   *bool          `json:"public"`
	AuthorID opt[flexID]    `json:"author_id"`
	Uploads  []string       `json:"uploads"`
	Via      map[string]any `json:"via"`
}

// UnmarshalJSON implements json.Unmarshaler: a bare text is the body.
func (in *commentInput) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] == '"' {
		return json.Unmarshal(raw, &in.Body)
	}
	type plain commentInput
	return json.Unmarshal(raw, (*plain)(in))
}

// rich is what was written, in every form; HTML wins over text.
func (in *commentInput) rich() (rich, error) {
	switch {
	case in.HTMLBody != nil:
		return fromHTML(*in.HTMLBody)
	case in.Body != nil:
		return fromPlain(*in.Body), nil
	default:
		return fromPlain(text(in.Value)), nil
	}
}

// blank tells a comment that says nothing; one that cannot be read says something.
func (in *commentInput) blank() bool {
	said, err := in.rich()
	return err == nil && said.blank() && len(in.Uploads) == 0
}

// newComment makes the comment that a write asks for, without saving it; nil when it says nothing.
func (s *Server) newComment(t *ticket, in *commentInput, author int64) (*comment, error) {
	if in.blank() {
		return nil, nil
	}
	said, err := in.rich()
	if err != nil {
		return nil, err
	}
	m := &comment{
		TicketID: t.ID, AuthorID: author, Body: said.body, PlainBody: said.plain, HTMLBody: said.html, Public: t.IsPublic,
		CreatedAt: s.stamp(), Attachments: []int64{},
	}
	if in.Public != nil {
		m.Public = *in.Public
	}
	if id := int64(in.AuthorID.V); id != 0 {
		m.AuthorID = id
	}
	if s.users.get(m.AuthorID) == nil {
		return nil, invalid("base", "InvalidValue", "Author: is invalid")
	}
	if n := max(utf8.RuneCountInString(m.Body), utf8.RuneCountInString(m.PlainBody)); n > maxCommentLength {
		return nil, invalid("comment", "TooLong", fmt.Sprintf("Comment: is too long (maximum is %d characters)", maxCommentLength))
	}
	if most := s.limits().Comments; most >= 0 && len(s.tickets.comments[t.ID]) >= most {
		return nil, invalid("comment", "TooManyComments", fmt.Sprintf("Comment: a ticket cannot have more than %d comments", most))
	}
	for _, token := range normalTokens(in.Uploads) {
		up, err := s.goodUpload(token, "uploads")
		if err != nil {
			return nil, err
		}
		m.Attachments = append(m.Attachments, up.Attachments...)
	}
	return m, nil
}

func (s *Server) makePrivate(c *call) (answer, error) {
	return s.alterComment(c, eventPrivate, func(m *comment) { m.Public = false })
}

// redact blackens the given text in a comment.
func (s *Server) redact(c *call) (answer, error) {
	var in struct {
		Text string `json:"text"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if in.Text == "" {
		return answer{}, invalid("text", "BlankValue", "Text: cannot be blank")
	}
	return s.alterComment(c, eventRedact, func(m *comment) {
		m.Body, m.PlainBody = blackened(m.Body, in.Text, in.Text), blackened(m.PlainBody, in.Text, in.Text)
		m.HTMLBody = blackened(m.HTMLBody, brokenLines(in.Text), in.Text)
	})
}

// alterComment changes a comment in the audit that brought it and notes that in a new audit.
func (s *Server) alterComment(c *call, kind string, alter func(m *comment)) (answer, error) {
	t := s.tickets.get(c.id("ticket"))
	if t == nil {
		return answer{}, notFound()
	}
	at := slices.IndexFunc(s.tickets.comments[t.ID], func(m *comment) bool { return m.ID == c.id("id") })
	if at < 0 {
		return answer{}, notFound()
	}
	changed := *s.tickets.comments[t.ID][at]
	alter(&changed)
	if err := s.replaceComment(t, at, &changed); err != nil {
		return answer{}, err
	}
	next := *t
	next.UpdatedAt = s.stamp()
	e := event{ID: s.newID(), Type: kind, CommentID: changed.ID}
	if err := s.record(&auditRecord{Audit: s.newAudit(t.ID, actorOf(c), nil, []event{e}), Ticket: &next}); err != nil {
		return answer{}, err
	}
	told := map[string]string{eventPrivate: "comment_made_private", eventRedact: "comment_redacted"}[kind]
	if err := s.publish(&next, c.user.ID, []happening{s.commentHappening(told, &changed)}); err != nil {
		return answer{}, err
	}
	return ok(map[string]any{"comment": s.commentWire(&changed)})
}

func (s *Server) replaceComment(t *ticket, at int, m *comment) error {
	old := s.auditOf(m)
	a := *old
	a.Events = slices.Clone(old.Events)
	for i := range a.Events {
		if a.Events[i].Comment != nil && a.Events[i].Comment.ID == m.ID {
			a.Events[i].Comment = m
		}
	}
	r := &auditRecord{Audit: &a, Ticket: t}
	for _, one := range s.tickets.mails {
		if one.AuditID == a.ID {
			r.Mails = append(r.Mails, one)
		}
	}
	for key, made := range s.tickets.keys {
		if made.audit == old {
			r.Key, r.Hash, r.Ticket = key, made.hash, made.made
			s.tickets.keys[key] = idempotent{hash: made.hash, made: made.made, audit: &a}
		}
	}
	if err := s.store("audit", itoa(a.ID), r); err != nil {
		return err
	}
	s.tickets.comments[t.ID][at] = m
	i := slices.Index(s.tickets.audits[t.ID], old)
	s.tickets.audits[t.ID][i] = &a
	return nil
}
