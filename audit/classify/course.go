package classify

import (
	"slices"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// course is what the steps of a case come to.
type course struct {
	attended     bool      // an agent's words reached the customer
	had          bool      // an agent has, or had, it
	stopped      bool      // sending was ended without ending the attendance
	queued       time.Time // when people were asked for; zero = never
	owed         bool      // the customer waits for people
	byTransfer   bool      // because of a transfer, not because of words of their own
	first        time.Time // since when something is owed
	lastUnheard  time.Time // the customer's last words that nobody answered
	handed       time.Time // when the present agent, or queue, got it; zero = it never changed hands
	culprit      int64     // the agent who owes the answer, 0 = none in particular
	lastAgent    int64     // who wrote last
	lastSign     time.Time // the last sign of life of an agent or of the customer, gestures included
	lastCustomer time.Time // of the customer
	last         *Step     // the last words of people
	judged       []Step    // the verdicts so far
}

// owedSince is from when on the wait for an answer counts: nobody is late with what they got just now.
func (r course) owedSince() time.Time { return later(r.lastUnheard, r.handed) }

// read goes through the steps of a case.
func read(c Case) course {
	r := course{stopped: c.State == conversation.StateStopped, queued: c.Derived, lastSign: c.Created, lastCustomer: c.Created}
	var holder int64 // who has it, or had it last
	held := false    // somebody has it
	for i := range c.Steps {
		s := &c.Steps[i]
		switch s.Kind {
		case StepCustomer:
			r.customer(s)
		case StepGesture:
			r.lastSign, r.lastCustomer = later(r.lastSign, s.At), later(r.lastCustomer, s.At)
		case StepAgent:
			r.agent(s)
			holder, held = s.Agent, true
		case StepAssigned:
			r.handOver(s)
			holder, held, r.culprit = s.Agent, true, s.Agent
		case StepQueue:
			if held && r.owed && !r.byTransfer {
				r.culprit = holder
			}
			r.handOver(s)
			held = false
		case StepState:
			r.state(s)
		case StepVerdict:
			if len(s.Found) > 0 {
				r.judged = append(r.judged, *s)
			} else if n := len(r.judged); n > 0 { // what was found was not done
				r.judged = r.judged[:n-1]
			}
		case StepUndelivered:
			r.had, holder, held = true, s.Agent, true
		case StepAutomatic, StepNote:
		}
	}
	r.attended = r.attended || c.Attended
	r.settle(c, holder)
	return r
}

// settle adds what the case says of itself to what its steps tell.
func (r *course) settle(c Case, holder int64) {
	assignee := c.Ticket.Assignee
	if assignee == c.Before { // of an earlier conversation: nobody gave them this one
		assignee = 0
	}
	r.had = r.had || r.attended || c.Owner != 0 || assignee != 0
	switch {
	case c.Owner != 0:
		r.culprit = c.Owner
	case assignee != 0:
		r.culprit = assignee
	case !r.attended && r.culprit == 0:
		r.culprit = holder
	}
	if r.first.IsZero() {
		r.first = c.Created
	}
	if r.lastUnheard.IsZero() {
		r.lastUnheard = c.Created
	}
	if !r.attended {
		r.owed = true
	}
}

// customer takes in words of the customer: before the first answer all of them ask for one, later a mere thank-you does not.
func (r *course) customer(s *Step) {
	r.last, r.lastSign, r.lastCustomer = s, later(r.lastSign, s.At), later(r.lastCustomer, s.At)
	if s.Courtesy && (r.attended || r.owed) {
		return
	}
	if !r.owed || r.byTransfer {
		r.culprit, r.byTransfer = 0, false
		if !r.owed {
			r.first = s.At
		}
		r.owed = true
	}
	r.lastUnheard = s.At
}

func (r *course) agent(s *Step) {
	r.attended, r.had, r.owed, r.byTransfer = true, true, false, false
	r.last, r.lastAgent, r.lastSign = s, s.Agent, later(r.lastSign, s.At)
}

// handOver takes in that somebody else has it: after a talk began, the new side owes the next words.
func (r *course) handOver(s *Step) {
	r.had = r.had || s.Kind == StepAssigned
	if s.Repeated {
		return
	}
	r.handed = s.At
	if r.attended && !r.owed && s.Agent != r.lastAgentOr() {
		r.owed, r.byTransfer, r.first, r.lastUnheard, r.culprit = true, true, s.At, s.At, 0
	}
}

// lastAgentOr is who wrote last, or nobody's id when that is not known.
func (r *course) lastAgentOr() int64 {
	if r.lastAgent == 0 {
		return -1
	}
	return r.lastAgent
}

func (r *course) state(s *Step) {
	switch s.State {
	case conversation.StateStopped:
		r.stopped = true
	case conversation.StateQueued:
		if r.queued.IsZero() {
			r.queued = s.At
		}
		r.stopped = false
	case conversation.StateActive, conversation.StatePending, conversation.StateBot:
		r.stopped = false
	case conversation.StateNone, conversation.StateClosed, conversation.StateExpired, conversation.StateCancelled:
	}
}

// judgedSince tells whether a verdict that names a finding was recorded at an instant or later.
func (r course) judgedSince(at time.Time, finding string) bool {
	return slices.ContainsFunc(r.judged, func(s Step) bool { return !s.At.Before(at) && slices.Contains(s.Found, finding) })
}

// later is the later of two instants.
func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
