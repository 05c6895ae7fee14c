package transcript

import "github.com/ponte-desk/ponte/bridge/conversation"

// labels is the words of a transcript in one language. Verbs for fmt stand where its fields say so.
type labels struct {
	title                                                                        string
	session, ticket, number, contact, phone, organisation, period, zone, written string
	// date takes weekday, day, month and year, in the order of the language.
	date                                 func(weekday, month string, day, year int) string
	weekdays                             [7]string
	months                               [12]string
	shortDate                            string // layout of time.Format
	clockChanged                         string // %s the new offset
	customer                             string
	agent                                string
	ponte                                string
	unknown                              string
	note                                 string
	notice                               string
	situation                            string
	before                               string // %s the state before
	answers                              string // %s whom and when, %s what
	answersWhat                          string // %s what kind
	answersLost                          string
	aboutLost                            string
	loneReaction                         string // %s
	loneNoReaction, loneEdit, loneRevoke string // the second: %s
	attachment                           string // %s
	refused                              string // %s name, %s why
	refusedPlain                         string // %s name
	template                             string // %s
	edited                               string // %s when
	revoked                              map[conversation.Author]string
	reaction                             string // %s emoji, %s who, %s when
	until                                string // %s when
	at                                   string // %s the time of day
	on                                   string // %s the date, %s the time of day
	empty                                string // %s the type
	cut                                  string // %d lines
	cutOne                               string
	cutMessages                          string // %d
	cutMessage                           string
	cutText                              string
	page                                 string // %d of %d
	missingGlyphs                        string
	decimal                              string
	columns                              []string
	types                                map[string]string
	origins                              map[conversation.Origin]string
	deliveries                           map[conversation.DeliveryState]string
	states                               map[conversation.State]string
	reasons                              map[string]string // why a conversation changed its state, as the log names it
}

// labelsOf is the words of a language.
func labelsOf(l Language) labels {
	if l == English {
		return english()
	}
	return portuguese()
}

// known is a word of a table, or the key itself.
func known[K ~string](table map[K]string, key K) string {
	if s, ok := table[key]; ok {
		return s
	}
	return string(key)
}
