package desk

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// organization is a customer company (https://developer.zendesk.com/api-reference/ticketing/organizations/organizations/).
type organization struct {
	head
	Name           string         `json:"name"`
	ExternalID     *string        `json:"external_id"`
	DomainNames    []string       `json:"domain_names"`
	Details        *string        `json:"details"`
	Notes          *string        `json:"notes"`
	GroupID        *int64         `json:"group_id"`
	SharedTickets  bool           `json:"shared_tickets"`
	SharedComments bool           `json:"shared_comments"`
	Tags           []string       `json:"tags"`
	Fields         map[string]any `json:"organization_fields"`
}

// orgMembership joins a user to an organisation; a user may have several, one of them the default.
type orgMembership struct {
	head
	UserID         int64 `json:"user_id"`
	OrganizationID int64 `json:"organization_id"`
	Default        bool  `json:"default"`
}

func (s *Server) orgResource() *resource[organization, *organization] {
	return &resource[organization, *organization]{
		list: s.orgs, singular: "organization", plural: "organizations",
		fresh: func() *organization {
			return &organization{DomainNames: []string{}, Tags: []string{}, Fields: map[string]any{}}
		},
		check: s.checkOrganization,
		saved: func(o *organization) {
			s.index.put(s, indexed{kind: "organization", id: o.ID, at: o.UpdatedAt, org: o})
		},
		removed: func(o *organization) { s.index.put(s, indexed{kind: "organization", id: o.ID, at: s.stamp()}) },
	}
}

func (s *Server) orgRoutes() []route {
	res := s.orgResource()
	members := s.orgMemberResource()
	base := "/api/v2/organizations"
	return []route{
		rt("GET", base, func(c *call) (answer, error) { return res.index(s, c) }),
		rt("POST", base, func(c *call) (answer, error) { return s.writeOrganization(c, res.create) }),
		rt("GET", base+"/search", s.searchOrganizations),
		rt("GET", base+"/autocomplete", s.autocompleteOrganizations),
		rt("GET", base+"/count", func(*call) (answer, error) { return s.count(len(s.orgs.order)) }),
		rt("GET", base+"/show_many", s.showManyOrganizations),
		rt("POST", base+"/create_or_update", s.createOrUpdateOrganization),
		rt("GET", base+"/{id}/related", s.relatedOrganization),
		rt("GET", base+"/{id}", func(c *call) (answer, error) { return res.get(s, c) }),
		rt("PUT", base+"/{id}", func(c *call) (answer, error) { return s.writeOrganization(c, res.update) }),
		rt("DELETE", base+"/{id}", func(c *call) (answer, error) { return res.destroy(s, c) }),
		rt("GET", base+"/{organization}/users", s.organizationUsers),
		rt("GET", base+"/{organization}/organization_memberships", below(s, members)),
		rt("GET", "/api/v2/users/{user}/organization_memberships", below(s, members)),
		rt("GET", "/api/v2/users/{user}/organizations", s.userOrganizations),
		rt("GET", "/api/v2/organization_memberships", func(c *call) (answer, error) { return members.index(s, c) }),
		rt("POST", "/api/v2/organization_memberships", s.createOrgMembership),
		rt("GET", "/api/v2/organization_memberships/{id}", func(c *call) (answer, error) { return members.get(s, c) }),
		rt("DELETE", "/api/v2/organization_memberships/{id}", s.deleteOrgMembership),
		rt("PUT", "/api/v2/users/{user}/organization_memberships/{id}/make_default", s.defaultOrgMembership),
	}
}

func (s *Server) writeOrganization(c *call, write func(*Server, *call) (answer, error)) (answer, error) {
	if id := c.vars["id"]; id != "" {
		if err := s.spend(c.header, limit{"organizations-update", id, s.limits().OrganizationUpdates, time.Minute}); err != nil {
			return answer{}, err
		}
	}
	return write(s, c)
}

func (s *Server) checkOrganization(_ *call, _, o *organization) error {
	o.Name = strings.TrimSpace(o.Name)
	if o.Name == "" {
		return invalid("name", "BlankValue", "Name: cannot be blank")
	}
	if other := s.orgByName(o.Name); other != nil && other.ID != o.ID {
		return invalid("name", "DuplicateValue", fmt.Sprintf("Name: %s has already been taken", o.Name))
	}
	blankToNil(&o.ExternalID)
	if o.ExternalID != nil {
		other := s.orgs.first(func(x *organization) bool { return strings.EqualFold(text(x.ExternalID), *o.ExternalID) })
		if other != nil && other.ID != o.ID {
			return invalid("external_id", "DuplicateValue", "External has already been taken")
		}
	}
	if idValue(o.GroupID) == 0 {
		o.GroupID = nil
	}
	if o.DomainNames == nil {
		o.DomainNames = []string{}
	}
	if o.Fields == nil {
		o.Fields = map[string]any{}
	}
	o.Tags = normalTags(o.Tags)
	return checkEntityFields(s.orgFields, o.Fields)
}

func (s *Server) orgByName(name string) *organization {
	return s.orgs.first(func(o *organization) bool { return strings.EqualFold(o.Name, name) })
}

// searchOrganizations is exact and not case-sensitive, and answers from the records.
func (s *Server) searchOrganizations(c *call) (answer, error) {
	external, name := c.query.Get("external_id"), c.query.Get("name")
	if (external == "") == (name == "") {
		return answer{}, badRequest("InvalidValue", "Either external_id or name must be given")
	}
	return s.orgResource().indexOf(s, c, s.orgs.where(func(o *organization) bool {
		if external != "" {
			return strings.EqualFold(text(o.ExternalID), external)
		}
		return strings.EqualFold(o.Name, name)
	}))
}

// showManyOrganizations answers ?ids= and ?external_ids=, whatever order they come in.
func (s *Server) showManyOrganizations(c *call) (answer, error) {
	ids, err := idList(c.query.Get("ids"))
	if err != nil {
		return answer{}, err
	}
	external := strings.Split(strings.ToLower(c.query.Get("external_ids")), ",")
	return s.orgResource().indexOf(s, c, s.orgs.where(func(o *organization) bool {
		return slices.Contains(ids, o.ID) || (o.ExternalID != nil && slices.Contains(external, strings.ToLower(*o.ExternalID)))
	}))
}

// createOrUpdateOrganization finds the organisation by id, external id or name: 200 when it was there, else 201.
func (s *Server) createOrUpdateOrganization(c *call) (answer, error) {
	raw, err := c.object("organization")
	if err != nil {
		return answer{}, err
	}
	var key struct {
		ID         flexID   `json:"id"`
		ExternalID flexText `json:"external_id"`
		Name       string   `json:"name"`
	}
	if err := json.Unmarshal(raw, &key); err != nil {
		return answer{}, badJSON(err)
	}
	old := s.orgs.get(int64(key.ID))
	if old == nil && key.ExternalID != "" {
		old = s.orgs.first(func(o *organization) bool { return strings.EqualFold(text(o.ExternalID), string(key.ExternalID)) })
	}
	if old == nil {
		old = s.orgByName(key.Name)
	}
	res := s.orgResource()
	if old == nil {
		return s.writeOrganization(c, res.create)
	}
	c.vars["id"] = itoa(old.ID)
	return s.writeOrganization(c, res.update)
}

func (s *Server) relatedOrganization(c *call) (answer, error) {
	id := c.id("id")
	if s.orgs.get(id) == nil {
		return answer{}, notFound()
	}
	members := s.orgMembers.where(func(m *orgMembership) bool { return m.OrganizationID == id })
	asked := s.tickets.where(func(t *ticket) bool { return idValue(t.OrganizationID) == id })
	return ok(map[string]any{"organization_related": map[string]any{"tickets_count": len(asked), "users_count": len(members)}})
}

func (s *Server) autocompleteOrganizations(c *call) (answer, error) {
	name := strings.ToLower(c.query.Get("name"))
	if len(name) < 2 {
		return answer{}, badRequest("InvalidValue", "The name must have at least two characters")
	}
	return s.orgResource().indexOf(s, c, s.orgs.where(func(o *organization) bool {
		return strings.HasPrefix(strings.ToLower(o.Name), name)
	}))
}

func (s *Server) organizationUsers(c *call) (answer, error) {
	if s.orgs.get(c.id("organization")) == nil {
		return answer{}, notFound()
	}
	return s.userResource().indexOf(s, c, s.users.where(func(u *user) bool {
		return u.Active && s.orgMember(u.ID, c.id("organization")) != nil
	}))
}

func (s *Server) userOrganizations(c *call) (answer, error) {
	if s.users.get(c.id("user")) == nil {
		return answer{}, notFound()
	}
	return s.orgResource().indexOf(s, c, s.orgs.where(func(o *organization) bool {
		return s.orgMember(c.id("user"), o.ID) != nil
	}))
}

func (s *Server) orgMemberResource() *resource[orgMembership, *orgMembership] {
	return &resource[orgMembership, *orgMembership]{
		list: s.orgMembers, singular: "organization_membership", plural: "organization_memberships",
		fresh: func() *orgMembership { return &orgMembership{} },
		keep: func(c *call, m *orgMembership) bool {
			user, org := c.id("user"), c.id("organization")
			return (user == 0 || m.UserID == user) && (org == 0 || m.OrganizationID == org)
		},
	}
}

func (s *Server) orgMember(userID, orgID int64) *orgMembership {
	return s.orgMembers.first(func(m *orgMembership) bool { return m.UserID == userID && m.OrganizationID == orgID })
}

func (s *Server) createOrgMembership(c *call) (answer, error) {
	res := s.orgMemberResource()
	raw, err := c.object(res.singular)
	if err != nil {
		return answer{}, err
	}
	in, err := res.merge(c, nil, raw)
	if err != nil {
		return answer{}, err
	}
	u := s.users.get(in.UserID)
	if u == nil || s.orgs.get(in.OrganizationID) == nil {
		return answer{}, invalid("base", "InvalidValue", "User or organization: is invalid")
	}
	if s.orgMember(in.UserID, in.OrganizationID) != nil {
		return answer{}, invalid("user_id", "DuplicateValue", "User: is already a member of this organization")
	}
	if err := s.joinOrganization(in.UserID, in.OrganizationID, in.Default || u.OrganizationID == nil); err != nil {
		return answer{}, err
	}
	return created(map[string]any{res.singular: res.wire(s, s.orgMember(in.UserID, in.OrganizationID))})
}

func (s *Server) defaultOrgMembership(c *call) (answer, error) {
	m := s.orgMembers.get(c.id("id"))
	if m == nil || m.UserID != c.id("user") {
		return answer{}, notFound()
	}
	if err := s.joinOrganization(m.UserID, m.OrganizationID, true); err != nil {
		return answer{}, err
	}
	return s.orgMemberResource().index(s, c)
}

func (s *Server) deleteOrgMembership(c *call) (answer, error) {
	m := s.orgMembers.get(c.id("id"))
	if m == nil {
		return answer{}, notFound()
	}
	if err := s.orgMembers.remove(s, m.ID); err != nil {
		return answer{}, err
	}
	if u := s.users.get(m.UserID); idValue(u.OrganizationID) == m.OrganizationID {
		less := *u
		less.OrganizationID = nil
		if next := s.orgMembers.first(func(o *orgMembership) bool { return o.UserID == u.ID }); next != nil {
			less.OrganizationID = &next.OrganizationID
		}
		if err := s.saveUser(&less); err != nil {
			return answer{}, err
		}
	}
	return noContent()
}

// joinOrganization makes the membership where there is none and, when asked, the default of its user.
func (s *Server) joinOrganization(userID, orgID int64, def bool) error {
	if s.orgMember(userID, orgID) == nil {
		if err := s.orgMembers.save(s, &orgMembership{UserID: userID, OrganizationID: orgID}); err != nil {
			return err
		}
	}
	if !def {
		return nil
	}
	for _, m := range s.orgMembers.where(func(m *orgMembership) bool { return m.UserID == userID }) {
		next := *m
		next.Default = m.OrganizationID == orgID
		if next.Default == m.Default {
			continue
		}
		if err := s.orgMembers.save(s, &next); err != nil {
			return err
		}
	}
	if u := s.users.get(userID); u != nil && idValue(u.OrganizationID) != orgID {
		next := *u
		next.OrganizationID = &orgID
		return s.users.save(s, &next)
	}
	return nil
}
