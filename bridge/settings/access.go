package settings

import (
	"fmt"
	"slices"
	"strings"
)

// Access says who may do what in the app.
type Access struct {
	// Agents are the groups, by name or id, whose members may work; none = all agents who are in a group.
	Agents []string
	// Supervisors are the groups whose members see all and judge; none = admins alone do. They may work whatever Agents says.
	Supervisors []string
	// Segmented shows agents the conversations of their own groups alone.
	Segmented bool
}

// mostGroups is the most groups that a list may name.
const mostGroups = 100

// accessSections explains what holds the settings of access.
func accessSections() map[string]string {
	return map[string]string{
		"access": "Who may do what in the app. Groups are Zendesk's, by name or id. Admins may do everything.",
	}
}

// accessLeaves are the settings of access.
func accessLeaves() []leaf[Account] {
	return []leaf[Account]{
		listOf("access.agents", "The groups whose members may work; [] = every agent who is in a group.",
			func(a *Account) *[]string { return &a.Access.Agents }, checkGroups),
		listOf("access.supervisors", "The groups whose members see all conversations, overrule the audit, read reports and write canned\nreplies; [] = admins alone.",
			func(a *Account) *[]string { return &a.Access.Supervisors }, checkGroups),
		toggle("access.segmented_views", "true: agents see the conversations of their own groups. false: everybody sees all.",
			func(a *Account) *bool { return &a.Access.Segmented }),
	}
}

func checkGroups(names []string) string {
	if len(names) > mostGroups {
		return fmt.Sprintf("has %d entries, at most %d are possible", len(names), mostGroups)
	}
	for i, name := range names {
		switch wrong := checkLine(name, mostName); {
		case name == "":
			return "has an empty entry"
		case wrong != "":
			return fmt.Sprintf("entry %d %s", i+1, wrong)
		case slices.ContainsFunc(names[:i], func(other string) bool { return strings.EqualFold(other, name) }):
			return fmt.Sprintf("has %s twice", short(name))
		}
	}
	return ""
}
