package desk

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// agentHeader names the agent who sits at the helpdesk page.
const agentHeader = "X-Desk-Agent"

func (s *Server) buildPage() []route {
	open := func(method, path string, h handler) route {
		return route{method: method, path: segments(path), handle: h, open: true}
	}
	up := rt("POST", "/uploads", s.uploadFile)
	up.upload = true
	return []route{
		open("GET", "/agents", s.pageAgents),
		open("POST", "/session", s.pageSession),
		rt("GET", "/me", func(c *call) (answer, error) { return ok(map[string]any{"agent": s.pagePerson(c.user, true)}) }),
		rt("GET", "/tickets", s.pageTickets),
		rt("POST", "/tickets", s.pageCreate),
		rt("GET", "/tickets/{id}", s.pageTicket),
		rt("PUT", "/tickets/{id}", s.pageUpdate),
		rt("POST", "/tickets/{id}/customer", s.pageCustomer),
		rt("GET", "/tickets/{ticket}/macros/{id}", s.applyMacroToTicket),
		up,
		rt("GET", "/users", s.pageUsers),
		rt("GET", "/organizations", func(c *call) (answer, error) { return s.orgResource().index(s, c) }),
		rt("GET", "/groups", func(c *call) (answer, error) { return s.groupResource().index(s, c) }),
		rt("GET", "/macros", func(c *call) (answer, error) { return s.macroResource().index(s, c) }),
		rt("GET", "/views", func(c *call) (answer, error) { return s.viewResource().index(s, c) }),
		rt("GET", "/fields", s.pageFields),
		rt("GET", "/knobs", func(*call) (answer, error) { return ok(s.knobs) }),
		rt("PUT", "/knobs", s.pageKnobs),
	}
}

// admitPage lets a call of the helpdesk page in; it counts against no limit of requests.
func (s *Server) admitPage(c *call, found *route) error {
	c.channel = "web"
	if found.open {
		return nil
	}
	u, err := s.agent(c.r)
	c.user = u
	return err
}

// agent tells who sits at the page. The caller holds the lock.
func (s *Server) agent(r *http.Request) (*user, error) {
	named := r.Header.Get(agentHeader)
	if named == "" && r.Method == http.MethodGet {
		named = r.URL.Query().Get("agent")
	}
	id, _ := strconv.ParseInt(named, 10, 64)
	u := s.users.get(id)
	if u == nil || !u.staff() || !u.Active {
		return nil, &apiError{status: http.StatusUnauthorized, code: "SignInRequired", description: "Choose an agent first"}
	}
	return u, nil
}

// signedIn fails unless an agent sits at the page.
func (s *Server) signedIn(r *http.Request) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := s.agent(r)
	return err
}

func (s *Server) pagePerson(u *user, groups bool) map[string]any {
	if u == nil {
		return nil
	}
	out := map[string]any{
		"id": u.ID, "name": u.Name, "role": u.Role, "email": u.Email, "phone": u.Phone, "external_id": u.ExternalID,
		"organization_id": u.OrganizationID,
	}
	if groups {
		list := []map[string]any{}
		for _, g := range s.groupsOf(u.ID) {
			list = append(list, map[string]any{"id": g.ID, "name": g.Name})
		}
		out["groups"] = list
	}
	return out
}

// pageAgents lists who may sign in: staff, without the integration user.
func (s *Server) pageAgents(*call) (answer, error) {
	list := []any{}
	for _, u := range s.users.where(func(u *user) bool { return u.staff() && u.Active && u.ID != s.integrationUser().ID }) {
		list = append(list, s.pagePerson(u, true))
	}
	return ok(map[string]any{"agents": list})
}

func (s *Server) pageSession(c *call) (answer, error) {
	var in struct {
		AgentID flexID `json:"agent_id"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	u := s.users.get(int64(in.AgentID))
	if u == nil || !u.staff() || !u.Active {
		return answer{}, notFound()
	}
	return ok(map[string]any{"agent": s.pagePerson(u, true)})
}

func (s *Server) pageTickets(c *call) (answer, error) {
	list := s.tickets.where(func(t *ticket) bool { return s.pageKeeps(c, t) })
	if v := s.views.get(intParam64(c, "view_id")); v != nil {
		inView := s.ticketsOf(v, actorOf(c))
		list = slices.DeleteFunc(list, func(t *ticket) bool { return !slices.Contains(inView, t) })
	}
	slices.SortStableFunc(list, func(a, b *ticket) int {
		if n := b.UpdatedAt.Compare(a.UpdatedAt); n != 0 {
			return n
		}
		return int(b.ID - a.ID)
	})
	out, err := page(s, c, listing[*ticket]{
		key: "tickets", items: list, size: 30,
		id: func(t *ticket) int64 { return t.ID }, show: func(t *ticket) any { return s.pageRow(t) },
	})
	if err == nil {
		out["page"] = max(intParam(c.query, "page", 1), 1)
	}
	return answer{body: out}, err
}

func intParam64(c *call, name string) int64 {
	n, _ := strconv.ParseInt(c.query.Get(name), 10, 64)
	return n
}

func (s *Server) pageKeeps(c *call, t *ticket) bool {
	if v := c.query.Get("status"); v != "" && !slices.Contains(strings.Split(v, ","), t.Status) {
		return false
	}
	if v := c.query.Get("tag"); v != "" && !slices.Contains(t.Tags, strings.ToLower(v)) {
		return false
	}
	if v := intParam64(c, "group_id"); v != 0 && idValue(t.GroupID) != v {
		return false
	}
	switch v := c.query.Get("assignee_id"); v {
	case "":
	case "me":
		if idValue(t.AssigneeID) != c.user.ID {
			return false
		}
	case "none":
		if t.AssigneeID != nil {
			return false
		}
	default:
		if itoa(idValue(t.AssigneeID)) != v {
			return false
		}
	}
	q := strings.ToLower(strings.TrimSpace(c.query.Get("q")))
	return q == "" || strings.Contains(strings.ToLower(s.pageText(t)), q)
}

func (s *Server) pageText(t *ticket) string {
	parts := []string{itoa(t.ID), t.Subject, text(t.ExternalID)}
	if u := s.users.get(t.RequesterID); u != nil {
		parts = append(parts, u.Name, text(u.Email), text(u.Phone))
	}
	if o := s.orgs.get(idValue(t.OrganizationID)); o != nil {
		parts = append(parts, o.Name, text(o.ExternalID))
	}
	return strings.Join(parts, "\n")
}

func (s *Server) pageRow(t *ticket) any {
	row := struct {
		*ticketWire
		Requester    any `json:"requester"`
		Assignee     any `json:"assignee"`
		Group        any `json:"group"`
		Organization any `json:"organization"`
	}{ticketWire: s.ticketWire(t), Requester: s.pagePerson(s.users.get(t.RequesterID), false)}
	if u := s.users.get(idValue(t.AssigneeID)); u != nil {
		row.Assignee = s.pagePerson(u, false)
	}
	if g := s.groups.get(idValue(t.GroupID)); g != nil {
		row.Group = map[string]any{"id": g.ID, "name": g.Name}
	}
	if o := s.orgs.get(idValue(t.OrganizationID)); o != nil {
		row.Organization = s.orgResource().wire(s, o)
	}
	return row
}

func (s *Server) pageTicket(c *call) (answer, error) {
	t := s.tickets.get(c.id("id"))
	if t == nil {
		return answer{}, notFound()
	}
	return ok(s.pageDetail(t))
}

func (s *Server) pageDetail(t *ticket) map[string]any {
	type shown struct {
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
	comments := []shown{}
	for _, m := range s.tickets.comments[t.ID] {
		w := s.commentWire(m)
		comments = append(comments, shown{
			m.ID, m.AuthorID, s.pagePerson(s.users.get(m.AuthorID), false), m.Public, m.Body, m.HTMLBody, m.CreatedAt, m.Channel, w.Attachments,
		})
	}
	return map[string]any{"ticket": s.pageRow(t), "comments": comments}
}

// pageKeys are what the page may write to a ticket.
func pageKeys() []string {
	return []string{"subject", "status", "assignee_id", "group_id", "tags", "priority", "type", "custom_fields", "comment", "due_at"}
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
	next, err := s.amendByHand(c.header, actorOf(c), t, in)
	if err != nil {
		return answer{}, err
	}
	return ok(s.pageDetail(next))
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
	in, err := pageInput(c, append(pageKeys(), "requester_id", "requester"))
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
	return created(s.pageDetail(ch.next))
}

// pageCustomer is the customer answering by e-mail.
func (s *Server) pageCustomer(c *call) (answer, error) {
	t := s.tickets.get(c.id("id"))
	if t == nil {
		return answer{}, notFound()
	}
	var in struct {
		Body   string `json:"body"`
		UserID flexID `json:"user_id"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	next, err := s.byEmail(t, int64(in.UserID), in.Body)
	if err != nil {
		return answer{}, err
	}
	return ok(s.pageDetail(next))
}

func (s *Server) pageUsers(c *call) (answer, error) {
	q := strings.ToLower(c.query.Get("q"))
	return s.userResource().indexOf(s, c, s.users.where(func(u *user) bool {
		return u.Active && strings.Contains(strings.ToLower(u.Name+" "+text(u.Email)+" "+text(u.Phone)), q)
	}))
}

func (s *Server) pageFields(*call) (answer, error) {
	return ok(map[string]any{"fields": s.fields.all(), "forms": s.forms.all()})
}

func (s *Server) pageKnobs(c *call) (answer, error) {
	var k Knobs
	if err := c.decode(&k); err != nil {
		return answer{}, err
	}
	s.keepKnobs(k)
	return ok(s.knobs)
}
