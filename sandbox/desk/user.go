package desk

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Roles of users.
const (
	roleEndUser = "end-user"
	roleAgent   = "agent"
	roleAdmin   = "admin"
)

// user is an agent or a customer (https://developer.zendesk.com/api-reference/ticketing/users/users/).
type user struct {
	head
	Name           string         `json:"name"`
	Email          *string        `json:"email"`
	Role           string         `json:"role"`
	Phone          *string        `json:"phone"`
	ExternalID     *string        `json:"external_id"`
	OrganizationID *int64         `json:"organization_id"`
	DefaultGroupID *int64         `json:"default_group_id"`
	CustomRoleID   *int64         `json:"custom_role_id"`
	Alias          *string        `json:"alias"`
	Details        *string        `json:"details"`
	Notes          *string        `json:"notes"`
	Signature      *string        `json:"signature"`
	Tags           []string       `json:"tags"`
	UserFields     map[string]any `json:"user_fields"`
	Locale         string         `json:"locale"`
	TimeZone       string         `json:"time_zone"`
	IANATimeZone   string         `json:"iana_time_zone"`
	Verified       bool           `json:"verified"`
	Suspended      bool           `json:"suspended"`
	Moderator      bool           `json:"moderator"`
	Restriction    *string        `json:"ticket_restriction"`
	OnlyPrivate    bool           `json:"only_private_comments"`
	userState
}

// userState is what only Zendesk sets.
type userState struct {
	Active      bool       `json:"active"`
	Shared      bool       `json:"shared"`
	SharedAgent bool       `json:"shared_agent"`
	SharedPhone *bool      `json:"shared_phone_number"` // false for a direct line, nil without a phone
	RoleType    *int       `json:"role_type"`           // 0 agent, 1 light agent, 4 admin, nil for end users
	LastLoginAt *time.Time `json:"last_login_at"`
	Photo       any        `json:"photo"`
}

func (u *user) staff() bool { return u.Role != roleEndUser }

// light tells an agent who reads everything but writes internal notes only and is assigned nothing.
func (u *user) light() bool { return u.Role == roleAgent && idValue(u.CustomRoleID) == lightRole }

func freshUser() *user {
	return &user{
		Role: roleEndUser, Locale: "pt-BR", TimeZone: "Brasilia", IANATimeZone: "America/Sao_Paulo",
		Tags: []string{}, UserFields: map[string]any{}, userState: userState{Active: true},
	}
}

func (s *Server) userResource() *resource[user, *user] {
	return &resource[user, *user]{
		list: s.users, singular: "user", plural: "users", fresh: freshUser,
		keep: func(c *call, u *user) bool {
			roles := slices.Concat(c.query["role"], c.query["role[]"])
			return u.Active && (len(roles) == 0 || slices.Contains(roles, u.Role))
		},
	}
}

func (s *Server) userRoutes() []route {
	res := s.userResource()
	return []route{
		rt("GET", "/api/v2/custom_roles", func(*call) (answer, error) {
			roles := customRoles()
			return ok(map[string]any{"custom_roles": roles, "count": len(roles), "next_page": nil, "previous_page": nil})
		}),
		rt("GET", "/api/v2/users", func(c *call) (answer, error) { return res.index(s, c) }),
		rt("POST", "/api/v2/users", s.createUser),
		rt("POST", "/api/v2/users/create_or_update", s.createOrUpdateUser),
		rt("GET", "/api/v2/users/me", func(c *call) (answer, error) { return ok(map[string]any{"user": res.wire(s, c.user)}) }),
		rt("GET", "/api/v2/users/search", s.searchUsers),
		rt("GET", "/api/v2/users/autocomplete", s.autocompleteUsers),
		rt("GET", "/api/v2/users/show_many", s.showManyUsers),
		rt("GET", "/api/v2/users/count", func(*call) (answer, error) { return s.count(len(s.users.order)) }),
		rt("GET", "/api/v2/users/{id}", func(c *call) (answer, error) { return res.get(s, c) }),
		rt("PUT", "/api/v2/users/{id}", s.updateUser),
		rt("DELETE", "/api/v2/users/{id}", s.deleteUser),
		rt("GET", "/api/v2/users/{id}/related", s.relatedUser),
	}
}

func (s *Server) createUser(c *call) (answer, error) {
	if err := s.spendUserWrite(c.header, ""); err != nil {
		return answer{}, err
	}
	raw, err := c.object("user")
	if err != nil {
		return answer{}, err
	}
	u, err := s.writeUser(c, nil, raw)
	if err != nil {
		return answer{}, err
	}
	return s.userAnswer(c, http.StatusCreated, u)
}

func (s *Server) updateUser(c *call) (answer, error) {
	if err := s.spendUserWrite(c.header, c.vars["id"]); err != nil {
		return answer{}, err
	}
	old := s.users.get(c.id("id"))
	if old == nil {
		return answer{}, notFound()
	}
	raw, err := c.object("user")
	if err != nil {
		return answer{}, err
	}
	u, err := s.writeUser(c, old, raw)
	if err != nil {
		return answer{}, err
	}
	return s.userAnswer(c, http.StatusOK, u)
}

// createOrUpdateUser finds the user by external id or e-mail, never by phone.
func (s *Server) createOrUpdateUser(c *call) (answer, error) {
	raw, err := c.object("user")
	if err != nil {
		return answer{}, err
	}
	var key struct {
		Email      string `json:"email"`
		ExternalID string `json:"external_id"`
	}
	if err := json.Unmarshal(raw, &key); err != nil {
		return answer{}, badJSON(err)
	}
	old := s.userByExternalID(key.ExternalID)
	if old == nil {
		old = s.userByEmail(key.Email)
	}
	subject, status := "", http.StatusCreated
	if old != nil {
		subject, status = itoa(old.ID), http.StatusOK
	}
	if err := s.spendUserWrite(c.header, subject); err != nil {
		return answer{}, err
	}
	u, err := s.writeUser(c, old, raw)
	if err != nil {
		return answer{}, err
	}
	return s.userAnswer(c, status, u)
}

func (s *Server) userAnswer(c *call, status int, u *user) (answer, error) {
	c.header.Set("Location", s.url("/users/%d.json", u.ID))
	return answer{status: status, body: map[string]any{"user": s.userResource().wire(s, u)}}, nil
}

// deleteUser makes a user inactive; who still asks for unsolved tickets stays.
func (s *Server) deleteUser(c *call) (answer, error) {
	u := s.users.get(c.id("id"))
	if u == nil || !u.Active {
		return answer{}, notFound()
	}
	for _, t := range s.tickets.all() {
		if t.RequesterID == u.ID && statusRank(t.Status) < statusRank(statusSolved) {
			return answer{}, invalid("base", "InvalidValue", "User is requester on 1 or more tickets that are not closed")
		}
	}
	for _, i := range s.identitiesOf(u.ID) {
		if err := s.identities.remove(s, i.ID); err != nil {
			return answer{}, err
		}
	}
	gone := *u
	gone.Active, gone.Email, gone.Phone, gone.SharedPhone = false, nil, nil, nil
	if err := s.users.save(s, &gone); err != nil {
		return answer{}, err
	}
	s.index.put(s, indexed{kind: "user", id: u.ID, at: gone.UpdatedAt})
	return ok(map[string]any{"user": s.userResource().wire(s, &gone)})
}

func (s *Server) relatedUser(c *call) (answer, error) {
	u := s.users.get(c.id("id"))
	if u == nil {
		return answer{}, notFound()
	}
	var assigned, requested, ccd int
	for _, t := range s.tickets.all() {
		if idValue(t.AssigneeID) == u.ID {
			assigned++
		}
		if t.RequesterID == u.ID {
			requested++
		}
		if slices.Contains(t.EmailCCs, u.ID) {
			ccd++
		}
	}
	return ok(map[string]any{"user_related": map[string]any{
		"assigned_tickets": assigned, "requested_tickets": requested, "ccd_tickets": ccd,
		"topics": 0, "topic_comments": 0, "votes": 0, "subscriptions": 0, "entry_subscriptions": 0, "forum_subscriptions": 0,
	}})
}

func (s *Server) userByEmail(email string) *user {
	if i := s.identityOf(identityEmail, email); i != nil {
		return s.users.get(i.UserID)
	}
	return s.users.first(func(u *user) bool { return email != "" && u.Email != nil && strings.EqualFold(*u.Email, email) })
}

func (s *Server) userByExternalID(id string) *user {
	return s.users.first(func(u *user) bool { return id != "" && u.ExternalID != nil && strings.EqualFold(*u.ExternalID, id) })
}

// integrationUser owns the OAuth client: the first admin of the account.
func (s *Server) integrationUser() *user {
	return s.users.first(func(u *user) bool { return u.Role == roleAdmin })
}
