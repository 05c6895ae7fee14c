// Package guard fetches addresses that a stranger may have chosen, without reaching what lies behind the firewall.
//
// What is checked is the address that is dialled, so a name that changes between look-up and connection opens no door. Redirects
// are checked like first requests and carry no credentials.
package guard
