// Package arch_test holds the house rules that no linter knows: which package may import which, how long a file may be, and
// that every package says what it is. It reads the sources, because the result of go list may come from a cache.
package arch_test

// module is the module's path.
const module = "github.com/ponte-desk/ponte"

// everything stands for all packages of ours.
const everything = "*"

// imports says which packages of ours each package may import, tests aside. It is the table of the architecture's second
// section; packages that are yet to come stand in it as well. A new package needs a row.
func imports() map[string][]string {
	return map[string][]string{
		"cmd/ponte":          {everything},
		"internal/app":       {everything},
		"internal/bench":     {everything},
		"internal/doctor":    {"bridge/mailbox", "bridge/settings", "bridge/store", "whatsapp", "zendesk", "zendesk/provision"},
		"internal/guard":     {},
		"internal/testredis": {},

		"bridge":              {"bridge/conversation", "bridge/decide", "bridge/mailbox", "bridge/settings"},
		"bridge/bot":          {"bridge/brazil", "bridge/calendar", "bridge/conversation", "bridge/settings"},
		"bridge/brazil":       {},
		"bridge/calendar":     {"bridge/brazil"},
		"bridge/conversation": {"bridge/brazil"},
		"bridge/decide": {
			"audit/classify", "bridge/bot", "bridge/brazil", "bridge/calendar", "bridge/conversation", "bridge/settings",
		},
		"bridge/effects":    {"bridge/conversation", "bridge/settings", "bridge/transcript", "macros", "whatsapp", "zendesk"},
		"bridge/inbound":    {"bridge/brazil", "bridge/conversation", "bridge/mailbox", "whatsapp", "zendesk"},
		"bridge/live":       {"bridge/conversation"},
		"bridge/mailbox":    {},
		"bridge/settings":   {"bridge/brazil", "bridge/calendar"},
		"bridge/store":      {"bridge/conversation", "bridge/mailbox", "bridge/settings"},
		"bridge/transcript": {"bridge/conversation"},
		"bridge/web": {
			"app", "audit/report", "bridge/brazil", "bridge/conversation", "bridge/live", "bridge/settings", "bridge/transcript",
		},

		"audit":          {"audit/classify", "bridge/conversation", "bridge/settings"},
		"audit/classify": {"bridge/brazil", "bridge/calendar", "bridge/conversation", "bridge/settings"},
		"audit/report":   {"audit/classify", "bridge/calendar", "bridge/conversation", "bridge/settings"},

		"macros":            {"zendesk"},
		"whatsapp":          {"internal/guard"},
		"zendesk":           {"internal/guard"},
		"zendesk/provision": {"bridge/settings", "macros", "zendesk"},

		"app": {},

		// The simulated peers share nothing with the clients: a wrong JSON tag would be wrong on both sides, and every test green.
		"sandbox":       {"sandbox/desk", "sandbox/graph", "sandbox/rig"},
		"sandbox/desk":  {"sandbox/rig"},
		"sandbox/graph": {"sandbox/rig"},
		"sandbox/rig":   {},
	}
}

// The longest that files may be, in lines.
const (
	mostLines     = 400
	mostTestLines = 600
)
