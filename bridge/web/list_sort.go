package web

import (
	"cmp"
	"strings"
	"time"
)

// The orders of lists.
const (
	sortNewest    = "newest"    // by the customer's newest message
	sortWaiting   = "waiting"   // longest waiting for an answer first
	sortAttending = "attending" // longest in attendance first
)

// order compares what is in a list. Lists of what ended begin with what ended last, unless the newest message is asked for.
func (q listQuery) order() func(a, b found) int {
	by := byWaiting
	switch {
	case q.sort == sortNewest:
		by = byNewest
	case q.View.Past():
		by = byEnd
	case q.View == "":
		by = byLife(q.sort)
	case q.sort == sortAttending:
		by = byAttending
	case q.View == ListNew:
		by = byTurn
	}
	return func(a, b found) int { return cmp.Or(by(a.row, b.row), strings.Compare(a.row.Session, b.row.Session)) }
}

func byNewest(a, b Row) int {
	return cmp.Or(b.Inbound.Compare(a.Inbound), b.Started.Compare(a.Started))
}

func byEnd(a, b Row) int { return cmp.Or(b.Ended.Compare(a.Ended), b.Started.Compare(a.Started)) }

func byWaiting(a, b Row) int {
	return cmp.Or(sooner(a.Unanswered, b.Unanswered), sooner(a.Queued, b.Queued), byNewest(a, b))
}

func byAttending(a, b Row) int { return cmp.Or(sooner(a.Had, b.Had), byWaiting(a, b)) }

// byLife lets what goes on come before what ended.
func byLife(sort string) func(a, b Row) int {
	going := byWaiting
	if sort == sortAttending {
		going = byAttending
	}
	return func(a, b Row) int {
		switch ended := a.State.Ended(); {
		case ended != b.State.Ended() && ended:
			return 1
		case ended != b.State.Ended():
			return -1
		case ended:
			return byEnd(a, b)
		}
		return going(a, b)
	}
}

// byTurn is the order in which those that wait for people are to be taken.
func byTurn(a, b Row) int {
	if a.First != b.First {
		if a.First {
			return -1
		}
		return 1
	}
	return byWaiting(a, b)
}

// sooner lets the earlier time come first and no time last.
func sooner(a, b time.Time) int {
	switch {
	case a.IsZero() && b.IsZero():
		return 0
	case a.IsZero():
		return 1
	case b.IsZero():
		return -1
	}
	return a.Compare(b)
}
