package decide_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/decide"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// press is the job that makes reports, with a clock and settings.
type press struct {
	*testing.T
	j    conversation.Job
	set  settings.Report
	now  time.Time
	dead []decide.Dead
}

// brt is São Paulo's time.
func brt() *time.Location { return time.FixedZone("BRT", -3*60*60) }

// onDay is a time of a day of November 2026 in São Paulo.
func onDay(day, hour, minute int) time.Time {
	return time.Date(2026, 11, day, hour, minute, 0, 0, brt())
}

// startPress starts the job on the 23rd, a Monday, at 6:00; reports of the day before are made at 7:00.
func startPress(t *testing.T) *press {
	t.Helper()
	p := &press{T: t, now: onDay(23, 6, 0), set: settings.Report{Schedule: "0 7 * * *", Period: settings.PeriodDay, Ticket: 11}}
	p.wake()
	return p
}

func (p *press) event(e conversation.Event) {
	p.Helper()
	before := p.j.Clone()
	next, dead := decide.Report(p.j, e, p.now)
	next = decide.ReportDue(next, p.set, brt(), p.now)
	if diff := cmp.Diff(before, p.j); diff != "" {
		p.Fatalf("the job it was given has changed (-before +after):\n%s", diff)
	}
	p.j, p.dead = next, append(p.dead, dead...)
}

func (p *press) wake() { p.Helper(); p.event(conversation.Event{Kind: conversation.EventWake}) }

// at lets time go on.
func (p *press) at(t time.Time) { p.Helper(); p.now = t; p.wake() }

// answer is what came of the oldest report under way.
func (p *press) answer(o conversation.Outcome) {
	p.Helper()
	if len(p.j.Outbox.Background) == 0 {
		p.Fatal("no report is under way")
	}
	p.event(conversation.Event{Kind: conversation.EventResult, Result: &conversation.Result{
		Effect: p.j.Outbox.Background[0].Effect.ID, Outcome: o, Reason: "reason", NotBefore: p.now.Add(time.Minute),
	}})
}

// makes wants reports to be under way, by their ids.
func (p *press) makes(ids ...string) {
	p.Helper()
	got := []string{}
	for _, pending := range p.j.Outbox.Background {
		if pending.Effect.Kind != conversation.EffectReport {
			p.Fatalf("the job does %q", pending.Effect.Kind)
		}
		got = append(got, pending.Effect.Report.ID)
	}
	if diff := cmp.Diff(append([]string{}, ids...), got); diff != "" {
		p.Errorf("at %v (-want +got):\n%s", p.now, diff)
	}
}

// next wants the job to look at its schedule again at a time, and then.
func (p *press) next(due time.Time) {
	p.Helper()
	if !p.j.Due.Equal(due) {
		p.Errorf("due %v, want %v", p.j.Due, due)
	}
}

func TestReportBySchedule(t *testing.T) {
	t.Parallel()
	p := startPress(t)
	p.makes()
	p.next(onDay(23, 7, 0))
	p.at(onDay(23, 6, 59))
	p.makes()
	p.at(onDay(23, 7, 0))
	p.makes("day-2026-11-22")
	want := conversation.Report{ID: "day-2026-11-22", Run: "day-2026-11-22@1795428000", From: onDay(22, 0, 0), To: onDay(23, 0, 0), Ticket: 11}
	if diff := cmp.Diff(want, *p.j.Outbox.Background[0].Effect.Report); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	p.next(onDay(24, 7, 0))
	p.wake()
	p.makes("day-2026-11-22")
	p.answer(conversation.Done)
	p.makes()
	p.at(onDay(24, 7, 3))
	p.makes("day-2026-11-23")
}

func TestReportPeriods(t *testing.T) {
	t.Parallel()
	p := startPress(t)
	p.set.Period, p.set.Public = settings.PeriodWeek, true
	p.at(onDay(23, 7, 0))
	p.set.Period = settings.PeriodMonth
	p.at(onDay(24, 7, 0))
	p.makes("week-2026-11-16", "month-2026-10-01")
	week, month := p.j.Outbox.Background[0].Effect.Report, p.j.Outbox.Background[1].Effect.Report
	if !week.To.Equal(onDay(23, 0, 0)) || !week.Public || !month.From.Equal(time.Date(2026, 10, 1, 0, 0, 0, 0, brt())) || !month.To.Equal(onDay(1, 0, 0)) {
		t.Errorf("%+v, %+v", week, month)
	}
}

// TestMissedReports wants one report for all that were missed: the one that was due last.
func TestMissedReports(t *testing.T) {
	t.Parallel()
	for schedule, tt := range map[string]struct {
		at   time.Time
		made string
		next time.Time
	}{
		"0 7 * * *":   {onDay(27, 6, 59), "day-2026-11-25", onDay(27, 7, 0)},
		"0 7 * * 1":   {onDay(29, 12, 0), "day-2026-11-22", onDay(30, 7, 0)},
		"59 23 * * *": {onDay(25, 0, 1), "day-2026-11-23", onDay(25, 23, 59)}, // it is the last day by the time that was missed
		"* * * * *":   {onDay(23, 6, 0).AddDate(3, 0, 0), "day-2029-11-22", onDay(23, 6, 1).AddDate(3, 0, 0)},
		"0 7 24 12 *": {onDay(23, 6, 0).AddDate(3, 0, 0), "day-2028-12-23", onDay(24, 7, 0).AddDate(3, 1, 0)},
	} {
		p := startPress(t)
		p.set.Schedule = schedule
		p.at(tt.at)
		p.makes(tt.made)
		p.next(tt.next)
	}
}

// TestReportSettings wants a schedule to hold from when it was set, and nothing to be made up for from before.
func TestReportSettings(t *testing.T) {
	t.Parallel()
	p := startPress(t)
	p.set.Schedule = ""
	p.at(onDay(23, 6, 5))
	p.next(time.Time{})
	p.at(onDay(26, 12, 0))
	p.set.Schedule = "0 7 * * *"
	p.at(onDay(26, 12, 5))
	p.makes()
	p.next(onDay(27, 7, 0))
	p.set.Schedule = "every day" // never valid, but nothing to break at
	p.at(onDay(27, 7, 0))
	p.makes()
}

// TestReportClock wants a clock that was put back to lead to no report, and to none less later.
func TestReportClock(t *testing.T) {
	t.Parallel()
	p := startPress(t)
	p.at(onDay(23, 7, 0))
	p.answer(conversation.Done)
	p.at(onDay(20, 12, 0))
	p.makes()
	p.at(onDay(21, 7, 0))
	p.makes("day-2026-11-20")
}

// TestReportsWait wants the schedule to go on while reports can't be posted, though not for ever.
func TestReportsWait(t *testing.T) {
	t.Parallel()
	p := startPress(t)
	p.at(onDay(23, 7, 0))
	p.answer(conversation.Later)
	p.at(onDay(24, 7, 0))
	p.makes("day-2026-11-22", "day-2026-11-23")
	for day := 25; day < 100; day++ {
		p.at(onDay(day, 7, 0))
	}
	if n := len(p.j.Outbox.Background); n != 32 {
		t.Errorf("%d reports wait", n)
	}
	for len(p.j.Outbox.Background) > 1 {
		p.answer(conversation.Done)
	}
	p.makes("day-2027-02-06") // what was missed at last
}

// TestReportFailed wants what failed for good to be a dead letter, and its retry to be posted under the same name.
func TestReportFailed(t *testing.T) {
	t.Parallel()
	p := startPress(t)
	p.at(onDay(23, 7, 0))
	first := p.j.Outbox.Background[0].Effect
	p.answer(conversation.Failed)
	p.makes()
	if len(p.dead) != 1 || p.dead[0].Reason != "reason" || p.dead[0].Effect.Report.ID != "day-2026-11-22" {
		t.Fatalf("dead: %+v", p.dead)
	}
	p.event(conversation.Event{Kind: conversation.EventRetry, Effect: &p.dead[0].Effect})
	p.makes("day-2026-11-22")
	again := p.j.Outbox.Background[0].Effect
	if again.ID == first.ID || *again.Report != *first.Report {
		t.Errorf("the first was %+v, the second %+v", first, again)
	}
	p.event(conversation.Event{Kind: conversation.EventRetry, Effect: &conversation.Effect{Kind: conversation.EffectSweep}})
	p.event(conversation.Event{Kind: conversation.EventRetry})
	p.event(conversation.Event{Kind: conversation.EventResult, Result: &conversation.Result{Effect: "99", Outcome: conversation.Failed}})
	p.makes("day-2026-11-22")
	if len(p.dead) != 1 {
		t.Errorf("dead: %+v", p.dead)
	}
}
