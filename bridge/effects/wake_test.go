package effects_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/calendar"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/zendesk"
)

func sweep(s conversation.Sweep) conversation.Pending {
	return conversation.Pending{Effect: conversation.Effect{ID: "1", Kind: conversation.EffectSweep, Sweep: &s}}
}

// wakes is what a run brings to a mailbox.
func wakes(key, run string, h *conversation.Hint) delivery {
	return delivery{key, conversation.Event{Kind: conversation.EventAudit, ID: "audit:" + run, At: at(0), Hint: h}}
}

func TestSweepWakesThreads(t *testing.T) {
	t.Parallel()
	r := setup(t)
	upto := at(-5) // the run began then
	r.due = map[string]duePage{
		"":    {upto: upto, keys: []string{"100|c1", "100|c2"}, next: "3/x"},
		"3/x": {upto: upto, keys: []string{"100|c3"}},
	}
	s := conversation.Sweep{Run: "r1", Upto: upto, Since: at(-600)}
	var pages []conversation.Sweep
	for more := true; more; {
		got := r.done(r.tryAs(conversation.AuditKey, conversation.Thread{}, sweep(s))).Sweep
		pages = append(pages, *got)
		s.Cursor, s.Found, more = got.Cursor, got.Found, got.More
	}
	r.same("pages", pages, []conversation.Sweep{{Cursor: "t3/x", Found: 2, More: true}, {Cursor: "o", Found: 3}})
	r.same("woken", r.delivered, []delivery{wakes("100|c1", "r1", nil), wakes("100|c2", "r1", nil), wakes("100|c3", "r1", nil)})
	r.silent()
}

func TestSweepFails(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(r *rig){
		"the view is not read":   func(r *rig) { r.dueErr = errBroken },
		"threads are not woken":  func(r *rig) { r.deliverErr = errBroken },
		"the search is not sent": func(r *rig) { r.desk.on(exportRoute, says(500, `{}`)) },
		"threads are not read":   func(r *rig) { r.tickets.err = errBroken },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.account.OtherBot.Tag = "robo"
			r.due = map[string]duePage{"": {upto: at(0), keys: []string{"100|c1"}}}
			r.desk.on(exportRoute, says(200, `{"results":[{"id":1,"updated_at":"2026-02-28T08:00:00Z"}]}`))
			prepare(r)
			s := conversation.Sweep{Run: "r1", Upto: at(0)}
			if strings.Contains(name, "search") || strings.Contains(name, "not read") && r.tickets.err != nil {
				s.Cursor = "o"
			}
			got := r.tryAs(conversation.AuditKey, conversation.Thread{}, sweep(s))
			r.later(got, 800*time.Millisecond, time.Second)
			if got.Sweep != nil {
				t.Error("the run went on")
			}
		})
	}
}

const exportRoute = "GET /api/v2/search/export"

// other is another bot's ticket, as a search finds it.
func other(id int, changed time.Time, external string) string {
	return fmt.Sprintf(`{"id":%d,"status":"open","updated_at":%q,"external_id":%q,"tags":["robo"]}`, id, changed.Format(time.RFC3339), external)
}

// found are pages of a search.
func found(pages ...string) []http.HandlerFunc {
	steps := make([]http.HandlerFunc, len(pages))
	for i, page := range pages {
		steps[i] = says(200, fmt.Sprintf(`{"results":[%s],"meta":{"has_more":%v,"after_cursor":"c%d"}}`, page, i+1 < len(pages), i+1))
	}
	return steps
}

// TestSweepWakesOthers wants those tickets of another bot to be woken that no thread of ours knows and that became worth a look since the
// last run.
func TestSweepWakesOthers(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.set.Hours = calendar.Hours{} // always open
	r.account.OtherBot.Tag = "robo"
	r.tickets.bound[3] = thread
	wait := r.set.Audit.Wait.Seconds()
	day := conversation.ServiceWindow.Seconds()
	since, upto := -600.0, 0.0
	r.desk.on(exportRoute, found(
		strings.Join([]string{
			other(1, at(since-wait+1), ""), other(2, at(upto-wait), "x-9"), other(3, at(-wait), ""), other(4, at(-wait), "wa-100-c1-1"),
			other(5, at(since-wait), ""), other(6, at(upto-wait+1), ""),
		}, ","),
		other(7, at(-day), "")+","+other(8, at(since-day), "")+","+other(9, at(upto-day+1), ""),
	)...)
	s := conversation.Sweep{Run: "r1", Upto: at(upto), Since: at(since), Found: 5, Cursor: "o"}
	first := r.done(r.tryAs(conversation.AuditKey, conversation.Thread{}, sweep(s))).Sweep
	r.same("first page", *first, conversation.Sweep{Cursor: "oc1", Found: 7, More: true, Since: at(upto)})
	query := r.desk.last("GET").Query
	s.Cursor, s.Found = first.Cursor, first.Found
	second := r.done(r.tryAs(conversation.AuditKey, conversation.Thread{}, sweep(s))).Sweep
	r.same("second page", *second, conversation.Sweep{Found: 8, Since: at(upto)})
	hint := func(id int64, changed float64) *conversation.Hint {
		return &conversation.Hint{Ticket: id, Status: "open", UpdatedAt: at(changed)}
	}
	r.same("woken", r.delivered, []delivery{
		wakes("ticket|1", "r1", hint(1, since-wait+1)), wakes("ticket|2", "r1", hint(2, upto-wait)), wakes("ticket|7", "r1", hint(7, -day)),
	})
	r.same("requests", r.desk.calls(), []string{exportRoute, exportRoute})
	r.same("the second page", r.desk.last("GET").Query.Get("page[after]"), "c1")
	mine := ask{conversation.AuditKey + "#1others", zendesk.LaneAudit, zendesk.Cost{Requests: 1}}
	r.same("asked for", r.budget.asks, []ask{mine, mine})

	// Everything that is worth a look last changed within the span that is asked for.
	want := fmt.Sprintf("tags:robo status<closed updated>=%s", at(since-day).Format(time.RFC3339))
	if got := query.Get("query"); !strings.HasPrefix(got, want) {
		t.Errorf("query %q; want %q…", got, want)
	}
}

// TestSweepOfOthersOverAWeekend wants the span that is asked for to reach as far back as business hours make it.
func TestSweepOfOthersOverAWeekend(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.account.OtherBot.Tag = "robo"
	monday := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC) // 9:00 in São Paulo, an hour after opening
	friday := time.Date(2026, 2, 27, 20, 40, 0, 0, time.UTC)
	r.desk.on(exportRoute, found(other(1, friday, "")+","+other(2, friday.Add(-time.Hour), ""))...)
	s := conversation.Sweep{Run: "r1", Upto: monday, Since: monday.Add(-10 * time.Minute), Cursor: "o"}
	got := r.done(r.tryAs(conversation.AuditKey, conversation.Thread{}, sweep(s))).Sweep
	var span [2]time.Time
	var tag string
	text := strings.NewReplacer(">=", " ", "<=", " ").Replace(r.desk.last("GET").Query.Get("query"))
	var from, to string
	if _, err := fmt.Sscanf(text, "tags:%s status<closed updated %s updated %s", &tag, &from, &to); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	for i, v := range []string{from, to} {
		at, err := time.Parse(time.RFC3339, v)
		if err != nil {
			t.Fatal(err)
		}
		span[i] = at
	}
	late := friday.Add(-10 * time.Minute) // 20 minutes to the end of Friday, an hour on Monday, ten minutes ago
	if span[0].After(late) || span[0].Before(late.Add(-15*time.Minute)) || span[1].Before(friday) {
		t.Errorf("asked for what changed from %v to %v", span[0], span[1])
	}
	r.same("woken", got.Found, 0) // the first is late at 9:10
	s.Since, s.Upto = s.Upto, monday.Add(10*time.Minute)
	got = r.done(r.tryAs(conversation.AuditKey, conversation.Thread{}, sweep(s))).Sweep
	r.same("woken then", got.Found, 1)
}

// TestSweepOfOthersForTheFirstTime wants a week to be looked at, not an account's whole past, and nothing once there is no other bot.
func TestSweepOfOthersForTheFirstTime(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.set.Hours = calendar.Hours{}
	r.account.OtherBot.Tag = "robo"
	hour, day := 3600.0, 24*3600.0
	r.desk.on(exportRoute, found(other(1, at(-6*day), "")+","+other(2, at(-9*day), "")+","+other(3, at(-hour), ""))...)
	s := conversation.Sweep{Run: "r1", Upto: at(0), Cursor: "o"}
	r.same("sweep", *r.done(r.tryAs(conversation.AuditKey, conversation.Thread{}, sweep(s))).Sweep, conversation.Sweep{Found: 1, Since: at(0)})
	r.account.OtherBot.Tag = ""
	s.Since = at(-600)
	r.same("without another bot", *r.done(r.tryAs(conversation.AuditKey, conversation.Thread{}, sweep(s))).Sweep, conversation.Sweep{})
	r.same("requests", r.desk.calls(), []string{exportRoute})
}

// TestSweepOfOthersRefused wants a search that is refused for good to end the run, so that threads are not kept waiting by it.
func TestSweepOfOthersRefused(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.account.OtherBot.Tag = "robo"
	r.desk.on(exportRoute, says(422, `{"error":"invalid","description":"Invalid search"}`))
	r.failed(r.tryAs(conversation.AuditKey, conversation.Thread{}, sweep(conversation.Sweep{Run: "r1", Upto: at(0), Cursor: "ogone"})), "")
}
