package desk

// group is a team of agents (https://developer.zendesk.com/api-reference/ticketing/groups/groups/).
type group struct {
	head
	Name        string `json:"name"`
	Description string `json:"description"`
	Default     bool   `json:"default"`
	Deleted     bool   `json:"deleted"`
	IsPublic    bool   `json:"is_public"`
}

// membership joins an agent to a group.
type membership struct {
	head
	UserID  int64 `json:"user_id"`
	GroupID int64 `json:"group_id"`
	Default bool  `json:"default"`
}

func (s *Server) groupResource() *resource[group, *group] {
	return &resource[group, *group]{
		list: s.groups, singular: "group", plural: "groups",
		fresh: func() *group { return &group{IsPublic: true} },
		check: func(_ *call, _, g *group) error {
			if g.Name == "" {
				return invalid("name", "BlankValue", "Name: cannot be blank")
			}
			return nil
		},
		saved:   func(g *group) { s.index.put(s, indexed{kind: "group", id: g.ID, at: g.UpdatedAt, group: g}) },
		removed: func(g *group) { s.index.put(s, indexed{kind: "group", id: g.ID, at: s.stamp()}) },
	}
}

func (s *Server) groupRoutes() []route {
	groups := s.groupResource()
	members := &resource[membership, *membership]{
		list: s.members, singular: "group_membership", plural: "group_memberships",
		fresh: func() *membership { return &membership{} },
		check: s.checkMembership,
		keep: func(c *call, m *membership) bool {
			user, grp := c.id("user"), c.id("group")
			return (user == 0 || m.UserID == user) && (grp == 0 || m.GroupID == grp)
		},
	}
	index := func(c *call) (answer, error) { return members.index(s, c) }
	out := append(groups.routes(s), members.routes(s)...)
	return append(
		out,
		rt("GET", "/api/v2/groups/assignable", func(c *call) (answer, error) { return groups.index(s, c) }),
		rt("GET", "/api/v2/groups/count", func(*call) (answer, error) { return s.count(len(s.groups.order)) }),
		rt("GET", "/api/v2/groups/{group}/users", s.groupUsers),
		rt("GET", "/api/v2/groups/{group}/memberships", below(s, members)),
		rt("GET", "/api/v2/users/{user}/group_memberships", below(s, members)),
		rt("GET", "/api/v2/users/{user}/groups", s.userGroups),
		rt("GET", "/api/v2/group_memberships/assignable", index),
	)
}

func (s *Server) checkMembership(_ *call, _, m *membership) error {
	u := s.users.get(m.UserID)
	if u == nil || !u.staff() || s.groups.get(m.GroupID) == nil {
		return invalid("base", "InvalidValue", "User or group: is invalid")
	}
	if other := s.memberOf(m.UserID, m.GroupID); other != nil && other.ID != m.ID {
		return invalid("user_id", "DuplicateValue", "User: is already a member of this group")
	}
	return nil
}

func (s *Server) groupUsers(c *call) (answer, error) {
	if s.groups.get(c.id("group")) == nil {
		return answer{}, notFound()
	}
	return s.userResource().indexOf(s, c, s.users.where(func(u *user) bool { return s.memberOf(u.ID, c.id("group")) != nil }))
}

func (s *Server) userGroups(c *call) (answer, error) {
	if s.users.get(c.id("user")) == nil {
		return answer{}, notFound()
	}
	return s.groupResource().indexOf(s, c, s.groupsOf(c.id("user")))
}

func (s *Server) groupsOf(userID int64) []*group {
	return s.groups.where(func(g *group) bool { return s.memberOf(userID, g.ID) != nil })
}

func (s *Server) memberOf(userID, groupID int64) *membership {
	return s.members.first(func(m *membership) bool { return m.UserID == userID && m.GroupID == groupID })
}

// defaultGroup is where an agent's tickets go when no group is named; 0 for who is in none.
func (s *Server) defaultGroup(userID int64) int64 {
	var found int64
	for _, m := range s.members.all() {
		if m.UserID == userID && (found == 0 || m.Default) {
			found = m.GroupID
		}
	}
	return found
}
