package bridge

import (
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/decide"
	"github.com/ponte-desk/ponte/bridge/mailbox"
)

// sweepActor is the job that wakes what the auditor should look at.
type sweepActor struct {
	jobState

	every time.Duration // 0 = only when somebody asks for it
}

func (a *sweepActor) apply(ev conversation.Event, now time.Time, _ *mailbox.Commit) {
	a.j = decide.Sweep(a.j, ev, now)
}

func (a *sweepActor) finish(now time.Time, c *mailbox.Commit) {
	a.j = decide.SweepDue(a.j, a.every, now)
	if a.j.Outbox.Empty() {
		c.Deadline = decide.SweepNext(a.j, now)
	}
}
