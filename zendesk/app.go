package zendesk

import (
	"context"
	"crypto/rsa"
	"net/http"
	"strconv"

	"github.com/golang-jwt/jwt/v5"
)

// AppKey reads the public key that Zendesk signs the tokens of an app with. It needs an admin.
// Source: https://developer.zendesk.com/api-reference/ticketing/apps/apps/#get-app-public-key.
func (c *Client) AppKey(ctx context.Context, appID int64) (*rsa.PublicKey, error) {
	const op = "show app's public key"
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	ex := &exchange{}
	path := "/apps/" + strconv.FormatInt(appID, 10) + "/public_key.pem"
	pem, err := c.api.Get(withExchange(ctx, ex), path) // it is no JSON
	if err != nil {
		return nil, failure(op, http.MethodGet, ex, err, c.now())
	}
	key, err := jwt.ParseRSAPublicKeyFromPEM(pem)
	if err != nil {
		return nil, unreadable(op, http.MethodGet, int(ex.status.Load()), err)
	}
	return key, nil
}

// AppInstallation is an app as it is installed in the account.
type AppInstallation struct {
	ID    int64 `json:"id"`
	AppID int64 `json:"app_id"`
	// Enabled is nil when the answer does not tell.
	Enabled *bool `json:"enabled"`
}

// On reports whether the installation is in use.
func (i AppInstallation) On() bool { return i.Enabled == nil || *i.Enabled }

// AppInstallations returns the account's installed apps.
// Source: https://developer.zendesk.com/api-reference/ticketing/apps/apps/#list-app-installations.
func (c *Client) AppInstallations(ctx context.Context) ([]AppInstallation, error) {
	var out struct {
		Installations []AppInstallation `json:"installations"`
	}
	if err := c.Get(ctx, "list app installations", "/apps/installations", &out); err != nil {
		return nil, err
	}
	return out.Installations, nil
}

// Kinds of staff who can't answer customers, as role_type tells them.
// Source: https://developer.zendesk.com/api-reference/ticketing/users/users/#json-format-for-agent-or-admin-requests.
const (
	roleTypeLight       = 1 // a light agent
	roleTypeChat        = 2 // an agent of Chat alone
	roleTypeContributor = 3 // an agent of Chat who may look at tickets
)

// StaffUser is a user, with what only staff have.
type StaffUser struct {
	User

	// RoleType is what kind of staff the user is; nil when Zendesk does not tell.
	RoleType *int `json:"role_type"`
}

// Answers reports whether the user may answer customers on tickets: light agents and the like may not.
func (u StaffUser) Answers() bool {
	if u.RoleType == nil {
		return true
	}
	switch *u.RoleType {
	case roleTypeLight, roleTypeChat, roleTypeContributor:
		return false
	}
	return true
}

// ShowStaff reads a user with what only staff have.
// Source: https://developer.zendesk.com/api-reference/ticketing/users/users/#show-user.
func (c *Client) ShowStaff(ctx context.Context, id int64) (StaffUser, error) {
	const op = "show user"
	var out struct {
		User StaffUser `json:"user"`
	}
	if err := c.Get(ctx, op, userPath(id), &out); err != nil {
		return StaffUser{}, err
	}
	if out.User.ID != id {
		return StaffUser{}, unreadable(op, http.MethodGet, http.StatusOK, errNoRecord)
	}
	return out.User, nil
}
