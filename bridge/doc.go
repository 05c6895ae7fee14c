// Package bridge is the engine: it claims mailboxes, lets the pure packages decide about what has happened to them, commits
// state and intended effects in one step, has the effects carried out, and folds their results into the next commit.
//
// The life of a mailbox in the hands of a worker (a session):
//
//	claim ─▶ load state, outbox, journal ─▶ decide ─▶ commit ─▶ start effects ─▶ wait for a result, an event, a beat ─┐
//	                                           ▲                                                                     │
//	                                           └─────────────────────────────────────────────────────────────────────┘
//
// An effect that is about to leave the house is written to the journal first (Mark). A worker that finds such an entry knows
// that the effect may have happened, and looks before it repeats.
package bridge
