package desk

import "time"

// The roles that every account has. An agent without custom role is a plain one.
const (
	agentRole = 8_447_320_400_001 + iota
	lightRole
	adminRole
)

// roleLight stands for a light agent in the seed; at the account they are agents with a custom role.
const roleLight = "light"

// Kinds of roles, as role_type tells them.
const (
	roleTypeAgent = 0
	roleTypeLight = 1
	roleTypeAdmin = 4
)

// customRole is what a kind of staff may do (https://developer.zendesk.com/api-reference/ticketing/account-configuration/custom_roles/).
type customRole struct {
	ID            int64          `json:"id"`
	Name          string         `json:"name"`
	RoleType      int            `json:"role_type"`
	TeamMembers   int            `json:"team_member_count"`
	CreatedAt     time.Time      `json:"created_at"`
	UpdatedAt     time.Time      `json:"updated_at"`
	Configuration map[string]any `json:"configuration"`
}

// customRoles are the account's; nobody can make others.
func customRoles() []customRole {
	rights := func(edits bool, comments, access string) map[string]any {
		return map[string]any{
			"ticket_editing": edits, "ticket_comment_access": comments, "ticket_access": access, "ticket_tag_editing": edits,
		}
	}
	at := time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)
	return []customRole{
		{ID: agentRole, Name: "Agente", RoleType: roleTypeAgent, CreatedAt: at, UpdatedAt: at, Configuration: rights(true, "public", "all")},
		{ID: lightRole, Name: "Agente light", RoleType: roleTypeLight, CreatedAt: at, UpdatedAt: at, Configuration: rights(false, "none", "all")},
		{ID: adminRole, Name: "Administrador", RoleType: roleTypeAdmin, CreatedAt: at, UpdatedAt: at, Configuration: rights(true, "public", "all")},
	}
}

// roleType is what role_type tells of a user.
func (u *user) roleType() *int {
	kind := roleTypeAgent
	switch {
	case !u.staff():
		return nil
	case u.Role == roleAdmin:
		kind = roleTypeAdmin
	case u.light():
		kind = roleTypeLight
	}
	return &kind
}
