package desk

import (
	"encoding/json"
	"fmt"
	"net/mail"
	"slices"
	"strings"
)

const (
	identityEmail = "email"
	identityPhone = "phone_number"
)

// identityInput is a written identity.
type identityInput struct {
	Type            string `json:"type"`
	Value           string `json:"value"`
	Verified        bool   `json:"verified"`
	Primary         bool   `json:"primary"`
	SkipVerifyEmail bool   `json:"skip_verify_email"`
}

// identity is one way to know a user (https://developer.zendesk.com/api-reference/ticketing/users/user_identities/).
type identity struct {
	head
	UserID   int64  `json:"user_id"`
	Type     string `json:"type"`
	Value    string `json:"value"`
	Verified bool   `json:"verified"`
	Primary  bool   `json:"primary"`
}

func (s *Server) identityRoutes() []route {
	base := "/api/v2/users/{user}/identities"
	return []route{
		rt("GET", base, s.listIdentities),
		rt("POST", base, s.createIdentity),
		rt("GET", base+"/{id}", s.ownIdentity(func(_ *call, i *identity) (answer, error) { return s.identityAnswer(i) })),
		rt("PUT", base+"/{id}", s.ownIdentity(s.updateIdentity)),
		rt("DELETE", base+"/{id}", s.ownIdentity(s.deleteIdentity)),
		rt("PUT", base+"/{id}/make_primary", s.ownIdentity(s.makePrimary)),
		rt("PUT", base+"/{id}/verify", s.ownIdentity(func(_ *call, i *identity) (answer, error) {
			verified := *i
			verified.Verified = true
			return answer{body: map[string]any{"identity": s.identityWire(&verified)}}, s.identities.save(s, &verified)
		})),
	}
}

func (s *Server) ownIdentity(h func(c *call, i *identity) (answer, error)) handler {
	return func(c *call) (answer, error) {
		i := s.identities.get(c.id("id"))
		if i == nil || i.UserID != c.id("user") {
			return answer{}, notFound()
		}
		return h(c, i)
	}
}

// identityWire is an identity as the API shows it.
type identityWire struct {
	*identity
	Undeliverable int    `json:"undeliverable_count"`
	Deliverable   string `json:"deliverable_state,omitempty"` // of e-mails
}

func (s *Server) identityWire(i *identity) *identityWire {
	shown := *i
	shown.URL = s.url("/users/%d/identities/%d.json", i.UserID, i.ID)
	w := &identityWire{identity: &shown}
	if i.Type == identityEmail {
		w.Deliverable = "deliverable"
	}
	return w
}

// identitiesOf lists a user's identities in the order of their making.
func (s *Server) identitiesOf(userID int64) []*identity {
	return s.identities.where(func(i *identity) bool { return i.UserID == userID })
}

func (s *Server) identityWires(userID int64) []*identityWire {
	out := []*identityWire{}
	for _, i := range s.identitiesOf(userID) {
		out = append(out, s.identityWire(i))
	}
	return out
}

func (s *Server) identityAnswer(i *identity) (answer, error) {
	return ok(map[string]any{"identity": s.identityWire(i)})
}

func (s *Server) listIdentities(c *call) (answer, error) {
	if s.users.get(c.id("user")) == nil {
		return answer{}, notFound()
	}
	out, err := page(s, c, listing[*identity]{
		key: "identities", items: s.identitiesOf(c.id("user")),
		id: func(i *identity) int64 { return i.ID }, show: func(i *identity) any { return s.identityWire(i) },
	})
	return answer{body: out}, err
}

func (s *Server) createIdentity(c *call) (answer, error) {
	u := s.users.get(c.id("user"))
	if u == nil {
		return answer{}, notFound()
	}
	raw, err := c.object("identity")
	if err != nil {
		return answer{}, err
	}
	var in identityInput
	if err := json.Unmarshal(raw, &in); err != nil {
		return answer{}, badJSON(err)
	}
	i := &identity{UserID: u.ID, Type: in.Type, Value: in.Value, Verified: in.Verified || in.SkipVerifyEmail}
	if err := s.checkIdentity(i); err != nil {
		return answer{}, err
	}
	if err := s.identities.save(s, i); err != nil {
		return answer{}, err
	}
	s.indexUser(u, i.UpdatedAt)
	first := (i.Type == identityEmail && u.Email == nil) || (i.Type == identityPhone && u.Phone == nil)
	if in.Primary || first {
		if _, err := s.makePrimary(c, i); err != nil {
			return answer{}, err
		}
	}
	return created(map[string]any{"identity": s.identityWire(s.identities.get(i.ID))})
}

func (s *Server) checkIdentity(i *identity) error {
	kinds := []string{identityEmail, identityPhone, "twitter", "facebook", "google", "agent_forwarding", "any_channel", "foreign", "sdk", "messaging"}
	if !slices.Contains(kinds, i.Type) {
		return invalid("type", "InvalidValue", "Type: is invalid")
	}
	i.Value = normalIdentity(i.Type, i.Value)
	if i.Value == "" || (i.Type == identityPhone && digits(i.Value) == "") {
		return invalid("value", "BlankValue", "Value: cannot be blank")
	}
	if i.Type == identityPhone && s.knobs.ValidatePhones && !e164.MatchString(i.Value) {
		return invalid("value", "InvalidFormat", fmt.Sprintf("Value: %s is not properly formatted", i.Value))
	}
	if a, err := mail.ParseAddress(i.Value); i.Type == identityEmail && (err != nil || a.Address != i.Value) {
		return invalid("value", "InvalidValue", fmt.Sprintf("Value: %s is not properly formatted", i.Value))
	}
	if other := s.identityOf(i.Type, i.Value); other != nil && other.ID != i.ID {
		return invalid("value", "DuplicateValue", fmt.Sprintf("Value: %s is already being used by another user", i.Value))
	}
	return nil
}

func (s *Server) updateIdentity(c *call, i *identity) (answer, error) {
	raw, err := c.object("identity")
	if err != nil {
		return answer{}, err
	}
	next := *i
	var in struct {
		Value    *string `json:"value"`
		Verified *bool   `json:"verified"`
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		return answer{}, badJSON(err)
	}
	if in.Value != nil {
		next.Value = *in.Value
	}
	if in.Verified != nil {
		next.Verified = *in.Verified
	}
	if err := s.checkIdentity(&next); err != nil {
		return answer{}, err
	}
	if err := s.identities.save(s, &next); err != nil {
		return answer{}, err
	}
	u := *s.users.get(i.UserID)
	switch {
	case i.Type == identityEmail && text(u.Email) == i.Value:
		u.Email = &next.Value
	case i.Type == identityPhone && text(u.Phone) == i.Value:
		u.Phone = &next.Value
	}
	if err := s.saveUser(&u); err != nil {
		return answer{}, err
	}
	return s.identityAnswer(&next)
}

// deleteIdentity also takes the value from the user, whose oldest identity of that kind becomes the primary one.
func (s *Server) deleteIdentity(c *call, i *identity) (answer, error) {
	if err := s.identities.remove(s, i.ID); err != nil {
		return answer{}, err
	}
	u := *s.users.get(i.UserID)
	own := (i.Type == identityEmail && text(u.Email) == i.Value) || (i.Type == identityPhone && text(u.Phone) == i.Value)
	if !own {
		s.indexUser(&u, s.stamp())
		return noContent()
	}
	if next := s.identities.first(func(o *identity) bool { return o.UserID == u.ID && o.Type == i.Type }); next != nil {
		if _, err := s.makePrimary(c, next); err != nil {
			return answer{}, err
		}
		return noContent()
	}
	if i.Type == identityEmail {
		u.Email = nil
	} else {
		u.Phone = nil
	}
	if err := s.saveUser(&u); err != nil {
		return answer{}, err
	}
	return noContent()
}

// makePrimary makes i the first of its kind; a primary e-mail or phone becomes the user's.
func (s *Server) makePrimary(_ *call, i *identity) (answer, error) {
	for _, other := range s.identitiesOf(i.UserID) {
		if other.Type != i.Type {
			continue
		}
		next := *other
		next.Primary = other.ID == i.ID
		if next.Primary == other.Primary {
			continue
		}
		if err := s.identities.save(s, &next); err != nil {
			return answer{}, err
		}
	}
	u := *s.users.get(i.UserID)
	switch i.Type {
	case identityEmail:
		u.Email = &i.Value
	case identityPhone:
		u.Phone = &i.Value
	}
	if err := s.saveUser(&u); err != nil {
		return answer{}, err
	}
	return ok(map[string]any{"identities": s.identityWires(i.UserID)})
}

func (s *Server) identityOf(kind, value string) *identity {
	value = normalIdentity(kind, value)
	return s.identities.first(func(i *identity) bool { return value != "" && i.Type == kind && i.Value == value })
}

// normalIdentity is how a value is stored: e-mails in lower case, phones as they were typed.
func normalIdentity(kind, value string) string {
	value = strings.TrimSpace(value)
	if kind == identityEmail {
		return strings.ToLower(value)
	}
	return value
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}
