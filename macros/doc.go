// Package macros turns the account's macros into data that one ticket update can carry.
//
// A Book knows the account's macros for a stated time and finds one by its id or title. What a macro does to a ticket is a Result: it
// is folded locally (Fold, pure) when every action and placeholder of it is known here, which costs no request and names the acting
// agent; otherwise Zendesk's apply call fills in what is not. Neither changes a ticket.
//
// Facts: https://developer.zendesk.com/documentation/ticketing/reference-guides/actions-reference/.
package macros
