package desk

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/mail"
	"regexp"
	"slices"
	"strings"
)

// userExtras are the keys of a user write that are not attributes of a user.
type userExtras struct {
	SkipVerifyEmail bool `json:"skip_verify_email"`
	Organization    *struct {
		Name string `json:"name"`
	} `json:"organization"`
	// Identities are further ones of a new user.
	Identities []identityInput `json:"identities"`
}

// writeUser makes or changes a user from a written object.
func (s *Server) writeUser(c *call, old *user, raw json.RawMessage) (*user, error) {
	var extra userExtras
	if err := json.Unmarshal(raw, &extra); err != nil {
		return nil, badJSON(err)
	}
	quiet := &call{header: http.Header{}}
	u, err := s.userResource().merge(quiet, old, raw)
	if err != nil {
		return nil, err
	}
	c.warn(userStrangers(raw))
	state, fields := freshUser().userState, map[string]any{}
	if old != nil {
		state, fields = old.userState, old.UserFields
	}
	u.userState = state
	if u.UserFields == nil {
		u.UserFields = fields
	}
	if extra.Organization != nil {
		if o := s.orgByName(extra.Organization.Name); o != nil {
			u.OrganizationID = &o.ID
		}
	}
	u.Verified = u.Verified || extra.SkipVerifyEmail
	if err := s.checkUser(u); err != nil {
		return nil, err
	}
	further, err := s.furtherIdentities(old, u, extra)
	if err != nil {
		return nil, err
	}
	if err := s.dropOldPhone(old, u); err != nil {
		return nil, err
	}
	if err := s.saveUser(u); err != nil {
		return nil, err
	}
	for _, i := range further {
		i.UserID = u.ID
		if err := s.identities.save(s, i); err != nil {
			return nil, err
		}
	}
	s.indexUser(u, u.UpdatedAt)
	return u, nil
}

// furtherIdentities are those a write adds besides the user's own e-mail and phone. An e-mail written to a user who has
// one becomes a second one.
func (s *Server) furtherIdentities(old, u *user, extra userExtras) ([]*identity, error) {
	var out []*identity
	if old != nil && old.Email != nil {
		if u.Email != nil && s.identityOf(identityEmail, *u.Email) == nil {
			out = append(out, &identity{Type: identityEmail, Value: *u.Email, Verified: extra.SkipVerifyEmail})
		}
		u.Email = old.Email
	}
	if old != nil {
		return out, nil
	}
	for _, in := range extra.Identities {
		i := &identity{Type: in.Type, Value: in.Value, Verified: in.Verified || in.SkipVerifyEmail}
		if err := s.checkIdentity(i); err != nil {
			return nil, err
		}
		own := (i.Type == identityEmail && i.Value == text(u.Email)) || (i.Type == identityPhone && i.Value == text(u.Phone))
		if !own {
			out = append(out, i)
		}
	}
	return out, nil
}

// dropOldPhone removes the direct line that a write replaced.
func (s *Server) dropOldPhone(old, u *user) error {
	if old == nil || old.Phone == nil || text(u.Phone) == *old.Phone {
		return nil
	}
	if i := s.identityOf(identityPhone, *old.Phone); i != nil && i.UserID == old.ID {
		return s.identities.remove(s, i.ID)
	}
	return nil
}

func userStrangers(raw json.RawMessage) []string {
	writable := []string{"skip_verify_email", "organization", "identities", "remote_photo_url", "shared_phone_number"}
	restricted := []string{"active", "role_type", "shared", "shared_agent", "last_login_at", "photo"} // shared_phone_number is passed over
	var keys map[string]json.RawMessage
	if json.Unmarshal(raw, &keys) != nil {
		return nil
	}
	out := slices.DeleteFunc(strangersOf[user](raw), func(k string) bool { return slices.Contains(writable, k) })
	for _, k := range restricted {
		if _, sent := keys[k]; sent {
			out = append(out, k)
		}
	}
	slices.Sort(out)
	return out
}

func (s *Server) checkUser(u *user) error {
	u.Name = strings.TrimSpace(u.Name)
	if u.Name == "" {
		return invalid("name", "BlankValue", "Name: cannot be blank")
	}
	if !slices.Contains([]string{roleEndUser, roleAgent, roleAdmin}, u.Role) {
		return invalid("role", "InvalidValue", "Role: is invalid")
	}
	blankToNil(&u.Email)
	blankToNil(&u.ExternalID)
	blankToNil(&u.Phone)
	if u.Email != nil {
		lower := strings.ToLower(strings.TrimSpace(*u.Email))
		u.Email = &lower
		if a, err := mail.ParseAddress(lower); err != nil || a.Address != lower {
			return invalid("email", "InvalidValue", fmt.Sprintf("Email: %s is not properly formatted", lower))
		}
		if other := s.userByEmail(lower); other != nil && other.ID != u.ID {
			return invalid("email", "DuplicateValue", fmt.Sprintf("Email: %s is already being used by another user", lower))
		}
	}
	if u.Phone != nil && s.knobs.ValidatePhones && !e164.MatchString(*u.Phone) {
		return invalid("phone", "InvalidFormat", fmt.Sprintf("Phone: %s is not properly formatted", *u.Phone))
	}
	if u.ExternalID != nil {
		if other := s.userByExternalID(*u.ExternalID); other != nil && other.ID != u.ID {
			return invalid("external_id", "DuplicateValue", "External has already been taken")
		}
	}
	if u.OrganizationID != nil && s.orgs.get(*u.OrganizationID) == nil {
		return invalid("organization", "InvalidValue", "Organization: is invalid")
	}
	u.Tags = normalTags(u.Tags)
	return checkEntityFields(s.userFields, u.UserFields)
}

// e164 is how a telephone number is written when the account validates them: + and up to 15 digits. Without that setting
// numbers are kept as they were typed (Zendesk's article 4408823756570).
var e164 = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// saveUser stores a user, the identities of their e-mail and of their phone, and their membership of the organisation. A
// phone that nobody else has is a direct line and becomes an identity; one that is taken stays shared.
func (s *Server) saveUser(u *user) error {
	line := s.identityOf(identityPhone, text(u.Phone))
	u.RoleType, u.SharedPhone = u.roleType(), nil
	if u.Phone != nil {
		shared := line != nil && line.UserID != u.ID
		u.SharedPhone = &shared
	}
	if err := s.users.save(s, u); err != nil {
		return err
	}
	if u.Email != nil && s.identityOf(identityEmail, *u.Email) == nil {
		err := s.identities.save(s, &identity{UserID: u.ID, Type: identityEmail, Value: *u.Email, Verified: u.Verified, Primary: true})
		if err != nil {
			return err
		}
	}
	if u.Phone != nil && line == nil {
		err := s.identities.save(s, &identity{UserID: u.ID, Type: identityPhone, Value: *u.Phone, Verified: true, Primary: true})
		if err != nil {
			return err
		}
	}
	s.indexUser(u, u.UpdatedAt)
	if u.OrganizationID == nil {
		return nil
	}
	return s.joinOrganization(u.ID, *u.OrganizationID, true)
}
