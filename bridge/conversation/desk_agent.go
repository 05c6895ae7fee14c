package conversation

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Valid tells whether it is a presence that there is.
func (p Presence) Valid() bool {
	switch p {
	case PresenceOnline, PresenceAway, PresenceOffline:
		return true
	}
	return false
}

// Serves tells whether the agent belongs to the group that a queue is: by its id, or by its name, whatever the case and the accents.
// The queue without a name is everybody's.
func (a DeskAgent) Serves(queue string) bool {
	queue = queueName(queue)
	if queue == "" {
		return true
	}
	for _, g := range a.Groups {
		if strconv.FormatInt(g.ID, 10) == queue || queueName(g.Name) == queue {
			return true
		}
	}
	return false
}

// queueName is a queue's name as it is compared.
func queueName(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(s))
	return strings.Join(strings.Fields(s), " ")
}

// Most is how many conversations the agent attends at once, where the installation's limit is another one's.
func (a DeskAgent) Most(limit int) int {
	if a.Limit > 0 {
		return a.Limit
	}
	return limit
}

// OnTheirWay counts the gifts that an agent has not been seen with yet.
func (d Desk) OnTheirWay(agent int64) (n int) {
	for _, g := range d.Gifts {
		if g.Agent == agent {
			n++
		}
	}
	return n
}
