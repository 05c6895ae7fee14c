package store

import "strconv"

// Names of the keys, after the installation's prefix. Those that one script touches together carry the same hash tag.

// alias is one way to name a contact: a kind and the value as WhatsApp gave it, the phone in its canonical form.
type alias struct{ kind, value string }

// The kinds of id that name a contact, the strongest first.
const (
	// KindBSUID is a business-scoped user id, the parent's too.
	KindBSUID = "bsuid"
	// KindWA is a wa_id as WhatsApp gave it.
	KindWA = "wa"
	// KindPhone is a phone in its canonical form.
	KindPhone = "phone"

	// kindNumber stands beside them in a contact's registry: a number of the company that the contact has a thread on.
	kindNumber = "number"
)

// aliasKinds is the most aliases that one person has at a time.
const aliasKinds = 4

// aliasKey holds the contact an alias stands for.
func aliasKey(prefix string, a alias) string { return prefix + "alias:" + a.kind + ":" + a.value }

// ownerKey holds the business-scoped user id a contact is bound to.
func ownerKey(prefix, contact string) string { return prefix + "alias:owner:" + contact }

// registryKey holds what names a contact, and its numbers.
func registryKey(prefix, contact string) string { return prefix + "contact:" + contact + ":ids" }

// member is how a registry holds an alias: the kind, a space and the value.
func (a alias) member() string { return a.kind + " " + a.value }

// isNumber reports whether the alias is a phone, which may be given to somebody else one day.
func (a alias) isNumber() bool { return a.kind != KindBSUID }

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

// paceKey holds the rate of a number's messages.
func paceKey(prefix, number string) string { return prefix + "{wa:" + number + "}:pace" }

// pairKey holds the pace of a number's messages to one recipient.
func pairKey(prefix, number, recipient string) string {
	return prefix + "{wa:" + number + "}:pair:" + recipient
}

// pacedKey holds the time reserved for a message.
func pacedKey(prefix, number, id string) string { return prefix + "{wa:" + number + "}:rsv:" + id }
