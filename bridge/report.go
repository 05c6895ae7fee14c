package bridge

import (
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/decide"
	"github.com/ponte-desk/ponte/bridge/mailbox"
)

// reportActor is the job that makes reports by themselves.
type reportActor struct {
	jobState

	e *Engine
}

func (a *reportActor) apply(ev conversation.Event, now time.Time, c *mailbox.Commit) {
	var dead []decide.Dead
	a.j, dead = decide.Report(a.j, ev, now)
	for _, d := range dead {
		c.Dead = append(c.Dead, a.e.deadEffect(d.Effect, d.Reason, now))
	}
}

// finish goes by the settings as they are now, in the zone of the number that has none of its own.
func (a *reportActor) finish(now time.Time, c *mailbox.Commit) {
	a.j = decide.ReportDue(a.j, a.e.Account().Report, a.e.Settings("").Zone, now)
	c.Deadline = decide.SweepNext(a.j, now)
}
