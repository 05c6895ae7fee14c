package zendesk

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

// organizationPath is the path of one organisation.
func organizationPath(id int64) string { return "/organizations/" + strconv.FormatInt(id, 10) }

// organizationPage is one page of organisations.
type organizationPage struct {
	pageMeta
	Organizations []Organization `json:"organizations"`
}

// UserOrganizations returns the organisations a user belongs to.
// Source: https://developer.zendesk.com/api-reference/ticketing/organizations/organizations/#list-organizations.
func (c *Client) UserOrganizations(ctx context.Context, userID int64) ([]Organization, error) {
	var found []Organization
	visit := func(p organizationPage) bool {
		found = append(found, p.Organizations...)
		return true
	}
	err := eachPage(ctx, c, "list user's organizations", userPath(userID)+"/organizations", url.Values{}, visit)
	if err != nil {
		return nil, err
	}
	return found, nil
}

// userPage is one page of users.
type userPage struct {
	pageMeta
	Users []User `json:"users"`
}

// usersAt returns all users of a paged list.
func (c *Client) usersAt(ctx context.Context, op, path string) ([]User, error) {
	var users []User
	visit := func(p userPage) bool {
		users = append(users, p.Users...)
		return true
	}
	if err := eachPage(ctx, c, op, path, url.Values{}, visit); err != nil {
		return nil, err
	}
	return users, nil
}

// OrganizationUsers returns the users of an organisation.
// Source: https://developer.zendesk.com/api-reference/ticketing/users/users/#list-users.
func (c *Client) OrganizationUsers(ctx context.Context, organizationID int64) ([]User, error) {
	return c.usersAt(ctx, "list organization's users", organizationPath(organizationID)+"/users")
}

// GroupUsers returns the agents of a group.
func (c *Client) GroupUsers(ctx context.Context, groupID int64) ([]User, error) {
	return c.usersAt(ctx, "list group's users", "/groups/"+strconv.FormatInt(groupID, 10)+"/users")
}

// UserGroups returns the groups an agent belongs to.
// Source: https://developer.zendesk.com/api-reference/ticketing/groups/groups/#list-groups.
func (c *Client) UserGroups(ctx context.Context, userID int64) ([]Group, error) {
	var groups []Group
	visit := func(p groupPage) bool {
		groups = append(groups, p.Groups...)
		return true
	}
	if err := eachPage(ctx, c, "list user's groups", userPath(userID)+"/groups", url.Values{}, visit); err != nil {
		return nil, err
	}
	return groups, nil
}

// ticketsPerPage is the size of a page of tickets, the largest Zendesk allows.
const ticketsPerPage = 100

// OrganizationTickets returns up to most tickets of an organisation, the newest first, and their people by id; it costs one request
// for every hundred.
//
// The cursor-paged list is not sorted, so it pages by number, which ends at 10,000 tickets and may move while it is read: a ticket is
// returned once all the same. Source: https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#list-tickets.
func (c *Client) OrganizationTickets(ctx context.Context, organizationID int64, most int) ([]Ticket, map[int64]User, error) {
	var tickets []Ticket
	users, seen := make(map[int64]User), make(map[int64]bool)
	for page := 1; len(tickets) < most && page <= OffsetRecords/ticketsPerPage; page++ {
		q := url.Values{
			"sort_by": {"created_at"}, "sort_order": {"desc"},
			"per_page": {strconv.Itoa(ticketsPerPage)}, "page": {strconv.Itoa(page)}, "include": {"users"},
		}
		var out struct {
			Tickets []Ticket `json:"tickets"`
			Users   []User   `json:"users"`
			Next    *string  `json:"next_page"`
		}
		path := withQuery(organizationPath(organizationID)+"/tickets", q)
		if err := c.Get(ctx, "list organization's tickets", path, &out); err != nil {
			return nil, nil, err
		}
		for _, u := range out.Users {
			users[u.ID] = u
		}
		for _, t := range out.Tickets {
			if !seen[t.ID] {
				seen[t.ID] = true
				tickets = append(tickets, t)
			}
		}
		if out.Next == nil || len(out.Tickets) == 0 {
			break
		}
	}
	slices.SortStableFunc(tickets, func(a, b Ticket) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(b.ID, a.ID))
	})
	return tickets[:min(len(tickets), max(most, 0))], users, nil
}

// OrganizationMembership says that a user belongs to an organisation.
type OrganizationMembership struct {
	ID             int64 `json:"id,omitempty"`
	UserID         int64 `json:"user_id"`
	OrganizationID int64 `json:"organization_id"`
	// Default makes it the organisation of the user's new tickets; a user's first one always is.
	Default bool `json:"default,omitempty"`
}

// AddOrganizationMembership makes a user a member of an organisation. One who is already is KindInvalid.
// Source: https://developer.zendesk.com/api-reference/ticketing/organizations/organization_memberships/#create-membership.
func (c *Client) AddOrganizationMembership(ctx context.Context, m OrganizationMembership) (OrganizationMembership, error) {
	const op = "add organization membership"
	type body struct {
		Membership OrganizationMembership `json:"organization_membership"`
	}
	var out body
	if err := c.Post(ctx, op, "/organization_memberships", body{m}, &out); err != nil {
		return OrganizationMembership{}, err
	}
	if out.Membership.ID == 0 {
		return OrganizationMembership{}, unreadable(op, http.MethodPost, http.StatusCreated, errNoRecord)
	}
	return out.Membership, nil
}

// GroupMembership says that an agent belongs to a group.
type GroupMembership struct {
	ID      int64 `json:"id"`
	UserID  int64 `json:"user_id"`
	GroupID int64 `json:"group_id"`
	// Default marks the agent's first group.
	Default bool `json:"default"`
}

// groupMembershipPage is one page of group memberships.
type groupMembershipPage struct {
	pageMeta
	Memberships []GroupMembership `json:"group_memberships"`
}

// GroupMemberships returns all memberships of agents in groups.
// Source: https://developer.zendesk.com/api-reference/ticketing/groups/group_memberships/#list-memberships.
func (c *Client) GroupMemberships(ctx context.Context) ([]GroupMembership, error) {
	var found []GroupMembership
	visit := func(p groupMembershipPage) bool {
		found = append(found, p.Memberships...)
		return true
	}
	if err := eachPage(ctx, c, "list group memberships", "/group_memberships", url.Values{}, visit); err != nil {
		return nil, err
	}
	return found, nil
}
