package store

import "strconv"

// Names of the keys, after the installation's prefix. Those that one script touches together carry the same hash tag.

// alias is one way to name a contact: a kind and the value as WhatsApp gave it, the phone in its canonical form.
type alias struct{ kind, value string }

const (
	kindBSUID = "bsuid"
	kindWA    = "wa"
	kindPhone = "phone"
)

// aliasKinds is the most aliases that one person has.
const aliasKinds = 4

// aliasKey holds the contact an alias stands for.
func aliasKey(prefix string, a alias) string { return prefix + "alias:" + a.kind + ":" + a.value }

// ownerKey holds the business-scoped user id a contact is bound to.
func ownerKey(prefix, contact string) string { return prefix + "alias:owner:" + contact }

// threadKey holds the mailbox of a ticket's thread.
func threadKey(prefix string, ticket int64) string {
	return prefix + "thread:" + strconv.FormatInt(ticket, 10)
}

// parkedKey holds the statuses of a message that is not known yet.
func parkedKey(prefix, wamid string) string { return prefix + "parked:" + wamid }

// tokenKey holds the Zendesk account's token.
func tokenKey(prefix string) string { return prefix + "{zd}:token" }

// refreshKey holds the right to refresh that token.
func refreshKey(prefix string) string { return prefix + "{zd}:token:lock" }

// budgetKey holds the account's budget.
func budgetKey(prefix string) string { return prefix + "{zd}:budget" }

// reservationKey holds the time reserved for a piece of work.
func reservationKey(prefix, id string) string { return prefix + "{zd}:rsv:" + id }

// ticketBudgetKey holds the budget of a ticket's updates; ticket 0 stands for none.
func ticketBudgetKey(prefix string, ticket int64) string {
	return prefix + "{zd}:tk:" + strconv.FormatInt(ticket, 10)
}
