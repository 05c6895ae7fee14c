// Package zendesk is Ponte's client of the Zendesk Support API and the pure part of its webhook receiver.
//
// Transport is go-zendesk's raw Get, Post and Put with types of our own, because that library drops or refuses much of
// what Ponte needs. From the outside in a call passes: go-zendesk, the retry layer (reads only, at most two repeats), the
// reader of limit headers, the per-call headers, authentication (OAuth, refreshed by one instance at a time) and net/http.
//
// Every call returns an *Error that says what went wrong and, through Error.Uncertain, whether a write may have happened
// all the same. The client never waits for a rate limit: whoever calls it reserves a time in a Budget first.
//
// Facts: https://developer.zendesk.com/api-reference/ticketing/introduction/.
package zendesk
