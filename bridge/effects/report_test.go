package effects_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/effects"
	"github.com/ponte-desk/ponte/zendesk"
)

// reports makes the same report whenever it is asked.
type reports struct {
	made []conversation.Report
	err  error
}

func (k *reports) Make(_ context.Context, r conversation.Report) (effects.Made, error) {
	k.made = append(k.made, r)
	return effects.Made{Summary: "12 conversas", Files: []effects.MadeFile{
		{Name: "relatorio.xlsx", MIME: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Content: []byte("sheet")},
		{Name: "relatorio.html", MIME: "text/html", Content: []byte("<p>page</p>")},
	}}, k.err
}

const (
	reportRun    = "day-2026-03-01@1772434800"
	reportMarker = conversation.ReportKey + "#" + reportRun
)

// reporting is a report for ticket 11.
func reporting() conversation.Report {
	return conversation.Report{ID: "day-2026-03-01", Run: reportRun, From: at(-86400), To: at(0), Ticket: 11}
}

func reportEffect(r conversation.Report) conversation.Pending {
	return conversation.Pending{Effect: conversation.Effect{ID: "4", Kind: conversation.EffectReport, Report: &r}}
}

func (r *rig) tryReport(p conversation.Pending) conversation.Result {
	r.Helper()
	return r.tryAs(conversation.ReportKey, conversation.Thread{}, p)
}

// atDesk is a desk that takes files and words.
func (r *rig) atDesk() {
	r.desk.on(uploadsRoute, says(201, `{"upload":{"token":"sheet","attachment":{"id":1}}}`), says(201, `{"upload":{"token":"page","attachment":{"id":2}}}`))
	r.desk.on(updateRoute, says(200, updated))
}

// TestReportIsPosted wants a report to be kept, and its words and files to be on the ticket in one update, private unless it is wanted
// otherwise.
func TestReportIsPosted(t *testing.T) {
	t.Parallel()
	for _, public := range []bool{false, true} {
		r := setup(t)
		r.atDesk()
		want := reporting()
		want.Public = public
		r.done(r.tryReport(reportEffect(want)))
		r.same("made", r.reports.made, []conversation.Report{want})
		r.same("calls", r.desk.calls(), []string{uploadsRoute, uploadsRoute, updateRoute})
		r.same("budget", r.budget.asks, []ask{{conversation.ReportKey + "#4", zendesk.LaneReport, zendesk.Cost{Requests: 3, Update: 11}}})
		r.same("marks", r.marks, []bool{false})
		body := object{"body": "12 conversas", "uploads": []any{"sheet", "page"}, "public": public}
		ticket := object{"comment": body, "metadata": object{"ponte_effect": reportMarker}}
		r.same("update", r.desk.last("PUT").Body, object{"ticket": ticket})
		r.same("file", r.desk.last("POST").Query.Get("filename"), "relatorio.html")
		r.same("content", string(r.desk.last("POST").Raw), "<p>page</p>")
		r.same("type", r.desk.last("POST").Header.Get("Content-Type"), "text/html")
	}
}

// TestReportIsOnlyKept wants a report for no ticket to cost no request.
func TestReportIsOnlyKept(t *testing.T) {
	t.Parallel()
	r := setup(t)
	want := reporting()
	want.Ticket = 0
	r.done(r.tryReport(reportEffect(want)))
	r.same("made", r.reports.made, []conversation.Report{want})
	r.same("budget", r.budget.asks, []ask(nil))
	r.silent()
}

// TestReportFails wants nothing unsure that certainly did not happen, and attempts that are far apart.
func TestReportFails(t *testing.T) {
	t.Parallel()
	const minute = time.Minute
	tests := []struct {
		name     string
		attempts int
		prepare  func(r *rig)
		calls    []string
		check    func(r *rig, got conversation.Result)
	}{
		{"not made", 0, func(r *rig) { r.reports.err = errBroken }, nil, func(r *rig, got conversation.Result) { r.later(got, minute, minute) }},
		{"not made again", 2, func(r *rig) { r.reports.err = errBroken }, nil, func(r *rig, got conversation.Result) { r.later(got, 4*minute, 4*minute) }},
		{"not made for long", 40, func(r *rig) { r.reports.err = errBroken }, nil, func(r *rig, got conversation.Result) { r.later(got, 15*minute, 15*minute) }},
		{"budget", 0, func(r *rig) { r.budget.at = at(42) }, nil, func(r *rig, got conversation.Result) {
			r.later(got, 42*time.Second, 42*time.Second)
			r.same("free", got.Free, true)
		}},
		{"upload", 0, func(r *rig) { r.desk.on(uploadsRoute, says(500, `{}`)) }, []string{uploadsRoute}, func(r *rig, got conversation.Result) { r.later(got, minute, minute) }},
		{"no journal", 0, func(r *rig) { r.markErr = errBroken }, []string{uploadsRoute, uploadsRoute}, func(r *rig, got conversation.Result) {
			r.later(got, 800*time.Millisecond, time.Second)
		}},
		{"limited", 0, func(r *rig) { r.desk.on(updateRoute, says(429, `{}`, "Retry-After", "30")) }, []string{uploadsRoute, uploadsRoute, updateRoute}, func(r *rig, got conversation.Result) {
			r.later(got, 30*time.Second, 30*time.Second)
			r.same("free", got.Free, true)
		}},
		{"role", 0, func(r *rig) { r.desk.on(updateRoute, says(403, `{}`)) }, []string{uploadsRoute, uploadsRoute, updateRoute}, func(r *rig, got conversation.Result) {
			r.later(got, minute, minute)
		}},
		{"uncertain", 0, func(r *rig) { r.desk.on(updateRoute, cut) }, []string{uploadsRoute, uploadsRoute, updateRoute}, func(r *rig, got conversation.Result) {
			r.unsure(got, settle)
			r.same("sent", got.SentAt, r.now)
		}},
		{"closed", 0, func(r *rig) {
			r.desk.on(updateRoute, says(422, `{"error":"RecordInvalid","description":"ticket is closed"}`))
		}, []string{uploadsRoute, uploadsRoute, updateRoute}, func(r *rig, got conversation.Result) { r.failed(got, conversation.CodeTicketClosed) }},
		{"gone", 0, func(r *rig) { r.desk.on(updateRoute, says(404, `{}`)) }, []string{uploadsRoute, uploadsRoute, updateRoute}, func(r *rig, got conversation.Result) {
			r.failed(got, conversation.CodeTicketGone)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.atDesk()
			tt.prepare(r)
			p := reportEffect(reporting())
			p.Attempts = tt.attempts
			tt.check(r, r.tryReport(p))
			r.same("calls", r.desk.calls(), append([]string{}, tt.calls...))
			r.same("made", len(r.reports.made), 1)
		})
	}
}

// TestReportUnsure is what happens after an uncertain writing: wait, the ticket's stamp, its audits, and only then a repeat.
func TestReportUnsure(t *testing.T) {
	t.Parallel()
	look := []string{showRoute, auditsRoute}
	again := []string{showRoute, auditsRoute, uploadsRoute, uploadsRoute, updateRoute}
	tests := []struct {
		name    string
		sent    time.Time
		prepare func(r *rig)
		calls   []string
		check   func(r *rig, got conversation.Result)
	}{
		{"still settling", at(-14), func(*rig) {}, nil, func(r *rig, got conversation.Result) { r.unsure(got, time.Second) }},
		{"found", at(-15), func(r *rig) { r.desk.on(auditsRoute, audits("other#3", reportMarker)) }, look, func(r *rig, got conversation.Result) { r.done(got) }},
		{"an earlier run is found", at(-15), func(r *rig) { r.desk.on(auditsRoute, audits(reportMarker[:len(reportMarker)-1])) }, again, func(r *rig, got conversation.Result) { r.done(got) }},
		{"absent", at(-15), func(*rig) {}, again, func(r *rig, got conversation.Result) {
			r.done(got)
			ticket, _ := r.desk.last("PUT").Body["ticket"].(object)
			r.same("safe", []any{ticket["safe_update"], ticket["updated_stamp"]}, []any{true, "2026-03-02T08:59:40Z"})
			r.same("marks", r.marks, []bool{true})
			r.same("budget", r.budget.asks[0], ask{conversation.ReportKey + "#4look", zendesk.LaneReport, zendesk.Cost{Requests: 2}})
		}},
		{"absent, changed since", at(-15), func(r *rig) { r.desk.on(updateRoute, says(409, `{"error":"UpdateConflict"}`)) }, again, func(r *rig, got conversation.Result) {
			r.unsure(got, 2*time.Second)
		}},
		{"absent, uncertain again", at(-15), func(r *rig) { r.desk.on(updateRoute, cut) }, again, func(r *rig, got conversation.Result) {
			r.unsure(got, settle)
			r.same("sent", got.SentAt, r.now)
		}},
		{"absent, limited", at(-15), func(r *rig) { r.desk.on(updateRoute, says(429, `{}`, "Retry-After", "90")) }, again, func(r *rig, got conversation.Result) {
			r.unsure(got, 90*time.Second)
		}},
		{"absent, not made", at(-15), func(r *rig) { r.reports.err = errBroken }, look, func(r *rig, got conversation.Result) { r.unsure(got, time.Minute) }},
		{"absent, not uploaded", at(-15), func(r *rig) { r.desk.on(uploadsRoute, says(500, `{}`)) }, again[:3], func(r *rig, got conversation.Result) {
			r.unsure(got, time.Minute)
		}},
		{"absent, no journal", at(-15), func(r *rig) { r.markErr = errBroken }, again[:4], func(r *rig, got conversation.Result) {
			r.same("outcome", got.Outcome, conversation.Unsure)
		}},
		{"ticket gone", at(-15), func(r *rig) { r.desk.on(showRoute, says(404, `{}`)) }, look[:1], func(r *rig, got conversation.Result) {
			r.failed(got, conversation.CodeTicketGone)
		}},
		{"no ticket read", at(-15), func(r *rig) { r.desk.on(showRoute, says(403, `{}`)) }, look[:1], func(r *rig, got conversation.Result) { r.unsure(got, 2*time.Second) }},
		{"no audits read", at(-15), func(r *rig) { r.desk.on(auditsRoute, says(403, `{}`)) }, look, func(r *rig, got conversation.Result) { r.unsure(got, 2*time.Second) }},
		{"no budget, not even for the look", at(-15), func(r *rig) { r.budget.at = at(33) }, nil, func(r *rig, got conversation.Result) { r.unsure(got, 33*time.Second) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.atDesk()
			r.desk.on(showRoute, says(200, shown))
			r.desk.on(auditsRoute, audits("other#3"))
			tt.prepare(r)
			p := reportEffect(reporting())
			p.Unsure, p.SentAt = true, tt.sent
			tt.check(r, r.tryReport(p))
			r.same("calls", r.desk.calls(), append([]string{}, tt.calls...))
		})
	}
}

// TestReportWithoutZendesk wants a Zendesk that can't be reached to leave nothing unsure; the report is kept all the same.
func TestReportWithoutZendesk(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.deaf()
	r.later(r.tryReport(reportEffect(reporting())), time.Minute, time.Minute)
	r.same("made", len(r.reports.made), 1)
	r.same("nothing was about to leave", r.marks, []bool(nil))
	if strings.Contains(r.log.String(), "12 conversas") {
		t.Errorf("logged: %s", r.log)
	}
}
