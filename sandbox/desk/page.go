package desk

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// agentHeader names the agent who sits at the helpdesk page.
const agentHeader = "X-Desk-Agent"

func (s *Server) buildPage() []route {
	open := func(method, path string, h handler) route {
		return route{method: method, path: segments(path), handle: h, open: true}
	}
	up := rt("POST", "/uploads", s.uploadFile)
	up.upload = true
	own := []route{
		open("GET", "/agents", s.pageAgents),
		open("POST", "/session", s.pageSession),
		rt("GET", "/me", func(c *call) (answer, error) { return ok(map[string]any{"agent": s.pagePerson(c.user, true)}) }),
		rt("GET", "/tickets", s.pageTickets),
		rt("POST", "/tickets", s.pageCreate),
		rt("GET", "/tickets/{id}", s.pageTicket),
		rt("PUT", "/tickets/{id}", s.pageUpdate),
		rt("DELETE", "/tickets/{id}", s.deleteTicket),
		rt("POST", "/tickets/{id}/customer", s.pageCustomer),
		rt("PUT", "/tickets/{ticket}/comments/{id}/make_private", s.makePrivate),
		rt("PUT", "/tickets/{ticket}/comments/{id}/redact", s.redact),
		rt("GET", "/tickets/{ticket}/macros/{id}", s.applyMacroToTicket),
		up,
		rt("DELETE", "/uploads/{key}", s.deleteUpload),
		rt("GET", "/organizations", func(c *call) (answer, error) { return s.orgResource().index(s, c) }),
		rt("GET", "/groups", func(c *call) (answer, error) { return s.groupResource().index(s, c) }),
		rt("GET", "/macros", func(c *call) (answer, error) { return s.macroResource().index(s, c) }),
		rt("GET", "/views", func(c *call) (answer, error) { return s.viewResource().index(s, c) }),
		rt("GET", "/fields", s.pageFields),
		rt("GET", "/knobs", func(*call) (answer, error) { return ok(s.knobs) }),
		rt("PUT", "/knobs", s.pageKnobs),
	}
	all := slices.Concat(own, s.pageUserRoutes(), s.pageAppRoutes())
	for i := range all {
		all[i].page = true
	}
	return all
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

// pagePerson is somebody in few words; nil is nobody.
func (s *Server) pagePerson(u *user, groups bool) map[string]any {
	if u == nil {
		return nil
	}
	out := map[string]any{
		"id": u.ID, "name": u.Name, "role": u.Role, "email": u.Email, "phone": u.Phone, "external_id": u.ExternalID,
		"organization_id": u.OrganizationID, "light": u.light(),
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

// pageAgents lists who may sign in: staff, without the integration user unless there is nobody else.
func (s *Server) pageAgents(*call) (answer, error) {
	staff := s.users.where(func(u *user) bool { return u.staff() && u.Active })
	if own := s.integrationUser().ID; len(staff) > 1 {
		staff = slices.DeleteFunc(staff, func(u *user) bool { return u.ID == own })
	}
	list := []any{}
	for _, u := range staff {
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
	slices.SortStableFunc(list, latestFirst)
	out, err := page(s, c, listing[*ticket]{
		key: "tickets", items: list, size: 30, most: maxPage,
		id: func(t *ticket) int64 { return t.ID }, show: func(t *ticket) any { return s.pageRow(t) },
	})
	if err == nil {
		out["page"] = max(intParam(c.query, "page", 1), 1)
	}
	return answer{body: out}, err
}

// latestFirst orders tickets by their latest change.
func latestFirst(a, b *ticket) int {
	return cmp.Or(b.UpdatedAt.Compare(a.UpdatedAt), cmp.Compare(b.ID, a.ID))
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

// pageRow is a ticket in the list.
func (s *Server) pageRow(t *ticket) any {
	return map[string]any{
		"id": t.ID, "subject": t.Subject, "status": t.Status, "priority": t.Priority, "external_id": t.ExternalID, "tags": t.Tags,
		"created_at": t.CreatedAt, "updated_at": t.UpdatedAt, "via": t.Via, "requester": s.pagePerson(s.users.get(t.RequesterID), false),
		"assignee": s.pagePerson(s.users.get(idValue(t.AssigneeID)), false), "group": s.pageGroup(t), "organization": s.pageOrg(t),
		"assignee_id": t.AssigneeID, "group_id": t.GroupID,
	}
}

func (s *Server) pageGroup(t *ticket) any {
	g := s.groups.get(idValue(t.GroupID))
	if g == nil {
		return nil
	}
	return map[string]any{"id": g.ID, "name": g.Name}
}

func (s *Server) pageOrg(t *ticket) any {
	o := s.orgs.get(idValue(t.OrganizationID))
	if o == nil {
		return nil
	}
	return map[string]any{"id": o.ID, "name": o.Name}
}

func (s *Server) pageFields(*call) (answer, error) {
	return ok(map[string]any{"fields": s.fields.all(), "forms": s.forms.all()})
}

func (s *Server) pageKnobs(c *call) (answer, error) {
	var k Knobs
	if err := c.decode(&k); err != nil {
		return answer{}, err
	}
	if err := k.Validate(); err != nil {
		return answer{}, badRequest("InvalidKnobs", err.Error())
	}
	s.keepKnobs(k)
	return ok(s.knobs)
}
