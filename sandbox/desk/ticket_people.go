package desk

import (
	"slices"
	"strings"
)

func (s *Server) fillRequester(ch *change, in *ticketInput) error {
	asked := ch.next.RequesterID
	switch {
	case in.RequesterID.Set && !in.RequesterID.Null:
		asked = int64(in.RequesterID.V)
	case in.Requester.Set && !in.Requester.Null:
		u, err := s.personOf(in.Requester.V)
		if err != nil {
			return err
		}
		asked = u.ID
	case asked == 0:
		asked = ch.by.id()
	}
	if asked == ch.next.RequesterID {
		return nil
	}
	u := s.users.get(asked)
	if u == nil || !u.Active {
		return invalid("requester_id", "InvalidValue", "Requester: is invalid")
	}
	ch.next.RequesterID, ch.next.OrganizationID = u.ID, u.OrganizationID
	return nil
}

// personOf finds somebody by e-mail or external id, or makes them.
func (s *Server) personOf(p person) (*user, error) {
	if u := s.userByEmail(p.Email); u != nil {
		return u, nil
	}
	if u := s.userByExternalID(string(p.ExternalID)); u != nil {
		return u, nil
	}
	if strings.TrimSpace(p.Name) == "" {
		return nil, invalid("requester", "BlankValue", "Requester: Name: is too short (minimum one character)")
	}
	u := freshUser()
	phone, external := string(p.Phone), string(p.ExternalID)
	u.Name, u.Email, u.Phone, u.ExternalID = p.Name, &p.Email, &phone, &external
	if err := s.checkUser(u); err != nil {
		return nil, err
	}
	return u, s.saveUser(u)
}

// fillOrganization obeys the rule that a ticket's organisation is one of its requester's.
func (s *Server) fillOrganization(ch *change, in *ticketInput) error {
	if !in.Organization.Set {
		return nil
	}
	id := int64(in.Organization.V)
	if id != 0 && s.orgMember(ch.next.RequesterID, id) == nil {
		return invalid("organization_id", "InvalidValue", "Organization: is not one of the requester's")
	}
	ch.next.OrganizationID = idPointer(id)
	return nil
}

func (s *Server) fillGroup(ch *change, in *ticketInput) error {
	if !in.GroupID.Set {
		return nil
	}
	id := int64(in.GroupID.V)
	if g := s.groups.get(id); id != 0 && (g == nil || g.Deleted) {
		return invalid("group_id", "InvalidValue", "Group: is invalid")
	}
	ch.next.GroupID = idPointer(id)
	if s.memberOf(idValue(ch.next.AssigneeID), id) == nil {
		ch.next.AssigneeID = nil
	}
	return nil
}

func (s *Server) fillAssignee(ch *change, in *ticketInput) error {
	id := int64(in.AssigneeID.V)
	if !in.AssigneeID.Set {
		if !in.AssigneeMail.Set {
			return nil
		}
		if u := s.userByEmail(in.AssigneeMail.V); u != nil {
			id = u.ID
		}
	}
	if id == 0 {
		ch.next.AssigneeID = nil
		return nil
	}
	return s.assign(ch.next, id, in.GroupID.Set)
}

// assign gives t to an agent; without a fixed group it moves to one of the agent's.
func (s *Server) assign(t *ticket, userID int64, fixed bool) error {
	u := s.users.get(userID)
	if u == nil || !u.staff() || !u.Active || u.light() {
		return invalid("assignee_id", "InvalidValue", "Assignee: is not an agent")
	}
	if s.memberOf(userID, idValue(t.GroupID)) == nil {
		if fixed && t.GroupID != nil {
			return invalid("assignee_id", "InvalidValue", "Assignee: is not a member of the group")
		}
		t.GroupID = idPointer(s.defaultGroup(userID))
	}
	t.AssigneeID = &userID
	return nil
}

// fillCopies sets who is copied: the older collaborators' keys and email_ccs mean the same people.
func (s *Server) fillCopies(ch *change, in *ticketInput) error {
	if in.Collaborator.Set || in.Copied.Set {
		ch.next.EmailCCs = nil
	}
	moves := make([]personMove, 0, len(in.EmailCCs.V))
	for _, id := range in.Collaborator.V {
		moves = append(moves, personMove{UserID: opt[flexID]{V: id}})
	}
	for _, p := range slices.Concat(in.Copied.V, in.AlsoCopied.V) {
		moves = append(moves, personMove{UserID: opt[flexID]{V: p.id}, Email: p.Email, Name: p.Name})
	}
	var err error
	if ch.next.EmailCCs, err = s.moved(ch.next.EmailCCs, append(moves, in.EmailCCs.V...), false); err != nil {
		return err
	}
	ch.next.Followers, err = s.moved(ch.next.Followers, in.Followers.V, true)
	return err
}

// moved applies the moves to a list of people. An address that nobody has makes a new end user; staffOnly passes over
// customers.
func (s *Server) moved(list []int64, moves []personMove, staffOnly bool) ([]int64, error) {
	for _, m := range moves {
		u := s.users.get(int64(m.UserID.V))
		if u == nil && m.Email != "" {
			var err error
			if u, err = s.copyOf(m); err != nil {
				return nil, err
			}
		}
		if u == nil || (staffOnly && !u.staff()) {
			continue
		}
		list = slices.DeleteFunc(slices.Clone(list), func(id int64) bool { return id == u.ID })
		if m.Action != "delete" {
			list = append(list, u.ID)
		}
	}
	return list, nil
}

// copyOf is who has a move's address; only who is to be added is made.
func (s *Server) copyOf(m personMove) (*user, error) {
	if u := s.userByEmail(m.Email); u != nil || m.Action == "delete" {
		return u, nil
	}
	name, _, _ := strings.Cut(m.Email, "@")
	orDefault(&m.Name, name)
	return s.personOf(person{Name: m.Name, Email: m.Email})
}
