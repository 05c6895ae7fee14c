// Package mailbox keeps durable mailboxes on Redis: an ordered inbox per key, a lease for the one worker that may drain it,
// state that is committed together with what it consumed, deadlines, and dead letters.
//
// It knows keys and bytes and nothing of conversations. Every mailbox belongs to one of P partitions; all keys of a
// partition carry the hash tag {wP}, so that each script touches one slot of a Redis Cluster:
//
//	{wP}:in:<key>      list         events in order of acceptance
//	{wP}:dd:<key>      sorted set   hashes of the event ids seen, by arrival
//	{wP}:c:<key>       hash         committed fields, effect journal, and the mailbox's own fields (see below)
//	{wP}:tx:<name>     list         transcripts, appended by the commit
//	{wP}:ix:<name>     sorted set   views: key → score, written by the commit
//	{wP}:find          set          texts by which mailboxes are found: text, zero byte, key; written by the commit
//	{wP}:chg           sorted set   key → change sequence
//	{wP}:gone          sorted set   the newest 256 forgotten keys → change sequence
//	{wP}:seq           string       the newest change sequence
//	{wP}:due           sorted set   key → when it may be drained (injected clock, ms)
//	{wP}:run           sorted set   key → end of its lease (Redis' clock, µs)
//	{wP}:tmr           sorted set   key → its earliest deadline (injected clock, ms)
//	{wP}:halt          sorted set   halted or paused keys, since when
//	{wP}:dead, :deadmsg sorted set, hash   dead letters
//
// Own fields of {wP}:c:<key>: `_l` the claim that holds the lease, `_ci` the last commit, `_v` version, `_schema`, `_w` the
// wake-up asked for, `_d` the deadline, `_f` failures in a row, `_why` the reason of a halt, `_moved` the key that took over.
//
// The invariant that the tests watch: a mailbox with something to do is always in due, in run or in halt (or, when only a
// deadline is left, in tmr).
package mailbox
