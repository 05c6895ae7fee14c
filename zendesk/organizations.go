package zendesk

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Organization is an organisation of the account.
type Organization struct {
	ID         int64    `json:"id"`
	Name       string   `json:"name"`
	ExternalID string   `json:"external_id"`
	GroupID    int64    `json:"group_id"`
	Tags       []string `json:"tags"`
	// Fields holds the organisation fields by key.
	Fields    map[string]json.RawMessage `json:"organization_fields"`
	UpdatedAt time.Time                  `json:"updated_at"`
}

// ShowOrganization reads an organisation.
func (c *Client) ShowOrganization(ctx context.Context, id int64) (Organization, error) {
	const op = "show organization"
	var out struct {
		Organization Organization `json:"organization"`
	}
	if err := c.Get(ctx, op, organizationPath(id), &out); err != nil {
		return Organization{}, err
	}
	if out.Organization.ID == 0 {
		return Organization{}, unreadable(op, http.MethodGet, http.StatusOK, errNoRecord)
	}
	return out.Organization, nil
}

// OrganizationByExternalID returns the organisation with exactly that external id (case aside); false when there is none.
// Source: https://developer.zendesk.com/api-reference/ticketing/organizations/organizations/#search-organizations.
func (c *Client) OrganizationByExternalID(ctx context.Context, externalID string) (Organization, bool, error) {
	found, err := c.exactOrganizations(ctx, url.Values{"external_id": {externalID}})
	if err != nil {
		return Organization{}, false, err
	}
	for _, o := range found {
		if strings.EqualFold(o.ExternalID, externalID) {
			return o, true, nil
		}
	}
	return Organization{}, false, nil
}

// OrganizationsByName returns the organisations with exactly that name (case aside).
func (c *Client) OrganizationsByName(ctx context.Context, name string) ([]Organization, error) {
	return c.exactOrganizations(ctx, url.Values{"name": {name}})
}

// exactOrganizations carries out the exact look-up.
func (c *Client) exactOrganizations(ctx context.Context, q url.Values) ([]Organization, error) {
	var out struct {
		Organizations []Organization `json:"organizations"`
	}
	if err := c.Get(ctx, "find organization", withQuery("/organizations/search", q), &out); err != nil {
		return nil, err
	}
	return out.Organizations, nil
}

// SearchOrganizations returns the first 100 organisations that match a query of Zendesk's search syntax, for example
// "cnpj:12345678000195" for an organisation field. The index lags behind.
// Source: https://developer.zendesk.com/api-reference/ticketing/ticket-management/search/.
func (c *Client) SearchOrganizations(ctx context.Context, query string) ([]Organization, error) {
	var out struct {
		Results []struct {
			Organization
			Kind string `json:"result_type"`
		} `json:"results"`
	}
	q := url.Values{"query": {"type:organization " + query}}
	if err := c.Get(ctx, "search organizations", withQuery("/search", q), &out); err != nil {
		return nil, err
	}
	var found []Organization
	for _, r := range out.Results {
		if r.Kind == "organization" {
			found = append(found, r.Organization)
		}
	}
	return found, nil
}

// Group is a group of agents.
type Group struct {
	ID      int64  `json:"id"`
	Name    string `json:"name"`
	Deleted bool   `json:"deleted"`
	Default bool   `json:"default"`
}

// groupPage is one page of the account's groups.
type groupPage struct {
	pageMeta
	Groups []Group `json:"groups"`
}

// Groups returns all groups of the account.
func (c *Client) Groups(ctx context.Context) ([]Group, error) {
	var groups []Group
	visit := func(p groupPage) bool {
		groups = append(groups, p.Groups...)
		return true
	}
	if err := eachPage(ctx, c, "list groups", "/groups", url.Values{}, visit); err != nil {
		return nil, err
	}
	return groups, nil
}
