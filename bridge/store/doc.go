// Package store keeps in Redis what lies beside the mailboxes: who is who (aliases), which ticket belongs to which thread, delivery
// statuses that wait for their message, and what all instances share about the Zendesk account (token and budget) and WhatsApp's rates
// (pace).
//
// Everything works on a single server, behind Sentinel and on a Cluster: a script touches one hash slot, look-ups are pipelined.
package store
