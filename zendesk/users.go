package zendesk

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// User roles as the REST API spells them.
const (
	RoleEndUser = "end-user"
	RoleAgent   = "agent"
	RoleAdmin   = "admin"
)

// User is a person Zendesk knows. Ids that are null are 0.
type User struct {
	ID             int64           `json:"id"`
	Name           string          `json:"name"`
	Email          string          `json:"email"`
	Phone          string          `json:"phone"`
	ExternalID     string          `json:"external_id"`
	Role           string          `json:"role"`
	CustomRoleID   int64           `json:"custom_role_id"`
	OrganizationID int64           `json:"organization_id"`
	DefaultGroupID int64           `json:"default_group_id"`
	Active         bool            `json:"active"`
	Suspended      bool            `json:"suspended"`
	Verified       bool            `json:"verified"`
	Locale         string          `json:"locale"`
	TimeZone       string          `json:"iana_time_zone"`
	Tags           []string        `json:"tags"`
	UserFields     json.RawMessage `json:"user_fields"`
	CreatedAt      time.Time       `json:"created_at"`
	UpdatedAt      time.Time       `json:"updated_at"`
}

// Staff reports whether the user is an agent or an admin.
func (u User) Staff() bool { return u.Role == RoleAgent || u.Role == RoleAdmin }

// UserUpsert creates a user or updates the one with the same e-mail or external id. A phone finds nobody. Zero values are
// left out.
type UserUpsert struct {
	Name           string          `json:"name,omitempty"`
	ExternalID     string          `json:"external_id,omitempty"`
	Email          string          `json:"email,omitempty"`
	Phone          string          `json:"phone,omitempty"`
	OrganizationID int64           `json:"organization_id,omitempty"`
	Role           string          `json:"role,omitempty"`
	Locale         string          `json:"locale,omitempty"`
	Tags           []string        `json:"tags,omitempty"`
	UserFields     json.RawMessage `json:"user_fields,omitempty"`
	// SkipVerifyEmail keeps Zendesk from writing to the person.
	SkipVerifyEmail bool `json:"skip_verify_email,omitempty"`
}

// userAnswer is the body of every answer about one user.
type userAnswer struct {
	User User `json:"user"`
}

// userList is the body of an answer about several users.
type userList struct {
	Users []User `json:"users"`
}

// userPath is the path of one user.
func userPath(id int64) string { return "/users/" + strconv.FormatInt(id, 10) }

// Me returns the user the token acts as. A token that Zendesk takes for nobody's is KindUnauthorized.
func (c *Client) Me(ctx context.Context) (User, error) {
	const op = "show current user"
	var out userAnswer
	if err := c.Get(ctx, op, "/users/me", &out); err != nil {
		return User{}, err
	}
	if out.User.ID == 0 {
		cause := errors.New("zendesk knows no user behind the token")
		return User{}, &Error{Op: op, Status: http.StatusOK, Kind: KindUnauthorized, cause: cause}
	}
	return out.User, nil
}

// ShowUser reads a user.
func (c *Client) ShowUser(ctx context.Context, id int64) (User, error) {
	const op = "show user"
	var out userAnswer
	if err := c.Get(ctx, op, userPath(id), &out); err != nil {
		return User{}, err
	}
	if out.User.ID == 0 {
		return User{}, unreadable(op, http.MethodGet, http.StatusOK, errNoRecord)
	}
	return out.User, nil
}

// UpsertUser creates or updates a user. Repeating it is harmless; it counts against UserWritesPerSecond.
// Source: https://developer.zendesk.com/api-reference/ticketing/users/users/#create-or-update-user.
func (c *Client) UpsertUser(ctx context.Context, u UserUpsert) (User, error) {
	const op = "create or update user"
	in := struct {
		User UserUpsert `json:"user"`
	}{u}
	var out userAnswer
	if err := c.Post(ctx, op, "/users/create_or_update", in, &out); err != nil {
		return User{}, err
	}
	if out.User.ID == 0 {
		return User{}, unreadable(op, http.MethodPost, http.StatusOK, errNoRecord)
	}
	return out.User, nil
}

// SearchUsers returns the first 100 users that match a query of Zendesk's search syntax. The index lags behind.
func (c *Client) SearchUsers(ctx context.Context, query string) ([]User, error) {
	return c.searchUsers(ctx, url.Values{"query": {query}})
}

// UsersByExternalID returns the users with that external id.
func (c *Client) UsersByExternalID(ctx context.Context, externalID string) ([]User, error) {
	return c.searchUsers(ctx, url.Values{"external_id": {externalID}})
}

// searchUsers carries out a user search.
func (c *Client) searchUsers(ctx context.Context, q url.Values) ([]User, error) {
	var out userList
	if err := c.Get(ctx, "search users", withQuery("/users/search", q), &out); err != nil {
		return nil, err
	}
	return out.Users, nil
}

// Identity types that Ponte uses.
const (
	IdentityEmail = "email"
	IdentityPhone = "phone_number"
)

// Identity is a way to reach or recognise a user.
type Identity struct {
	ID       int64  `json:"id"`
	UserID   int64  `json:"user_id"`
	Type     string `json:"type"`
	Value    string `json:"value"`
	Verified bool   `json:"verified"`
	Primary  bool   `json:"primary"`
}

// IdentityCreate is a new identity.
type IdentityCreate struct {
	// Type is IdentityEmail, IdentityPhone or another of Zendesk's types.
	Type string `json:"type"`
	// Value is the address or the phone in international form.
	Value string `json:"value"`
	// Verified makes it count without asking the person.
	Verified bool `json:"verified,omitempty"`
	// SkipVerifyEmail keeps Zendesk from writing to the person.
	SkipVerifyEmail bool `json:"skip_verify_email,omitempty"`
}

// identityPage is one page of a user's identities.
type identityPage struct {
	pageMeta
	Identities []Identity `json:"identities"`
}

// UserIdentities returns all identities of a user.
func (c *Client) UserIdentities(ctx context.Context, userID int64) ([]Identity, error) {
	var identities []Identity
	visit := func(p identityPage) bool {
		identities = append(identities, p.Identities...)
		return true
	}
	err := eachPage(ctx, c, "list identities", userPath(userID)+"/identities", url.Values{}, visit)
	if err != nil {
		return nil, err
	}
	return identities, nil
}

// AddIdentity adds an identity to a user. One that the account already has is KindInvalid.
// Source: https://developer.zendesk.com/api-reference/ticketing/users/user_identities/#create-identity.
func (c *Client) AddIdentity(ctx context.Context, userID int64, i IdentityCreate) (Identity, error) {
	const op = "add identity"
	in := struct {
		Identity IdentityCreate `json:"identity"`
	}{i}
	var out struct {
		Identity Identity `json:"identity"`
	}
	if err := c.Post(ctx, op, userPath(userID)+"/identities", in, &out); err != nil {
		return Identity{}, err
	}
	if out.Identity.ID == 0 {
		return Identity{}, unreadable(op, http.MethodPost, http.StatusCreated, errNoRecord)
	}
	return out.Identity, nil
}
