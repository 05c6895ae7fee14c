package desk

import (
	"slices"
	"strings"
)

// recentTickets is how many of a user's tickets the page shows beside them.
const recentTickets = 8

// pageUserRoutes are what an agent does to people: the account's own calls, in the agent's name.
func (s *Server) pageUserRoutes() []route {
	base := "/users/{user}/identities"
	return []route{
		rt("GET", "/users", s.pageUsers),
		rt("POST", "/users", s.createUser),
		rt("GET", "/users/{id}", s.pageUser),
		rt("PUT", "/users/{id}", s.updateUser),
		rt("POST", base, s.createIdentity),
		rt("DELETE", base+"/{id}", s.ownIdentity(s.deleteIdentity)),
		rt("PUT", base+"/{id}/make_primary", s.ownIdentity(s.makePrimary)),
	}
}

func (s *Server) pageUsers(c *call) (answer, error) {
	q := strings.ToLower(strings.TrimSpace(c.query.Get("q")))
	wanted := digits(q)
	return s.userResource().indexOf(s, c, s.users.where(func(u *user) bool {
		if !u.Active {
			return false
		}
		return strings.Contains(strings.ToLower(u.Name+" "+text(u.Email)+" "+text(u.Phone)), q) ||
			(len(wanted) >= 4 && strings.Contains(digits(text(u.Phone)), wanted))
	}))
}

// pageUser is somebody with what the side of a ticket shows: identities, organisation and latest tickets.
func (s *Server) pageUser(c *call) (answer, error) {
	u := s.users.get(c.id("id"))
	if u == nil {
		return answer{}, notFound()
	}
	out := map[string]any{
		"user": s.userResource().wire(s, u), "identities": s.identityWires(u.ID), "organization": nil,
	}
	if o := s.orgs.get(idValue(u.OrganizationID)); o != nil {
		out["organization"] = s.orgResource().wire(s, o)
	}
	own := s.tickets.where(func(t *ticket) bool { return t.RequesterID == u.ID })
	out["ticket_count"] = len(own)
	slices.SortStableFunc(own, latestFirst)
	rows := []any{}
	for _, t := range own[:min(recentTickets, len(own))] {
		rows = append(rows, s.pageRow(t))
	}
	out["tickets"] = rows
	return ok(out)
}
