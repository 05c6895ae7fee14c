package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/app"
	"github.com/ponte-desk/ponte/sandbox/desk"
	"github.com/ponte-desk/ponte/sandbox/rig"
)

// reading is a report as the API's JSON has it, as far as these tests read it.
type reading struct {
	Total struct{ Conversations int }
	Rows  []readingRow
}

type readingRow struct {
	Session, State, Outcome, Subject, Company string
	Ticket                                    int64
	Messages                                  struct{ In, Out int }
	First                                     *struct{ Wall int64 } `json:"first"`
}

// of finds the row of a session.
func (r reading) of(session string) readingRow {
	i := slices.IndexFunc(r.Rows, func(row readingRow) bool { return row.Session == session })
	if i < 0 {
		return readingRow{}
	}
	return r.Rows[i]
}

// gets reads something by the API.
func (a *attendance) gets(path string) *httptest.ResponseRecorder {
	a.t.Helper()
	r := httptest.NewRequestWithContext(context.Background(), http.MethodGet, base+"/api/v1"+path, http.NoBody)
	r.Header.Set("Authorization", "Bearer "+app.DemoAPISecret)
	rec := httptest.NewRecorder()
	a.live.Handler().ServeHTTP(rec, r)
	if rec.Code != http.StatusOK {
		a.fatalf("%s is answered %d %s", path, rec.Code, rec.Body)
	}
	return rec
}

// report reads a report by the API.
func (a *attendance) report(path string) (r reading) {
	a.t.Helper()
	rec := a.gets(path)
	if err := json.Unmarshal(rec.Body.Bytes(), &r); err != nil {
		a.fatalf("%v: %s", err, rec.Body)
	}
	return r
}

// twoConversations are one that Ana attends and closes, and one that she cancels.
func (a *attendance) twoConversations() (closed, cancelled string) {
	a.t.Helper()
	ana := a.staff("Ana Beatriz Souza")
	closed = a.derived(mariana).ExternalID
	a.does(closed, "take", fields{"agent": ana})
	a.does(closed, "reply", fields{"agent": ana, "text": "qual é a mensagem de erro?"})
	a.says(mariana, "rejeição 539")
	a.does(closed, "close", fields{"agent": ana, "subject": "Rejeição 539 na NF-e", "reason": "duplicidade"})
	cancelled = a.derived(antonio).ExternalID
	a.does(cancelled, "cancel", fields{"agent": ana})
	a.run(10 * time.Minute)
	return closed, cancelled
}

// TestRowsOfConversations wants two conversations to end as rows, and the rows in every form of a report.
func TestRowsOfConversations(t *testing.T) {
	t.Parallel()
	a := attend(t, procedure(settings.ModeTranscript))
	closed, cancelled := a.twoConversations()
	got := a.report("/reports")
	if got.Total.Conversations != 2 || len(got.Rows) != 2 {
		t.Fatalf("the report is about %+v", got)
	}
	row := got.of(closed)
	if row.State != "closed" || row.Subject != "Rejeição 539 na NF-e" || row.Ticket == 0 || row.Company != "Distribuidora Aurora Ltda" || row.First == nil || row.Messages.Out == 0 || row.Messages.In < 2 {
		t.Errorf("closed: %+v", row)
	}
	if row := got.of(cancelled); row.State != "cancelled" || row.First != nil || row.Messages.Out != 0 {
		t.Errorf("cancelled: %+v", row)
	}
	for format, words := range map[string]string{"csv": closed, "html": "Distribuidora Aurora Ltda", "xlsx": "PK\x03\x04"} {
		if body := a.gets("/reports?from=2026-11-23&to=2026-11-23&format=" + format).Body.String(); !strings.Contains(body, words) {
			t.Errorf("%s lacks %q: %.200s", format, words, body)
		}
	}
	link := base + "/sandbox/helpdesk#/ticket/" + strconv.FormatInt(row.Ticket, 10)
	if body := a.gets("/reports?format=html").Body.String(); !strings.Contains(body, link) {
		t.Errorf("the page lacks the ticket's address %s", link)
	}
	if got := a.report("/reports?from=2026-11-22&to=2026-11-22"); got.Total.Conversations != 0 {
		t.Errorf("the day before has %+v", got)
	}
}

// TestReportsOfErased wants nothing of an erased contact in reports, kept ones included, and an export to have the rows before.
func TestReportsOfErased(t *testing.T) {
	t.Parallel()
	a := attend(t, procedure(settings.ModeTranscript))
	closed, cancelled := a.twoConversations()
	reports := app.ReportsOf(a.live)
	day := time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)
	if _, err := reports.Make(t.Context(), conversation.Report{ID: "day-2026-11-23", Run: "x", From: day, To: day.Add(24 * time.Hour)}); err != nil {
		t.Fatal(err)
	}
	if kept := a.report("/reports/kept/day-2026-11-23"); kept.of(closed).State == "" || kept.of(cancelled).State == "" {
		t.Fatalf("kept: %+v", kept)
	}
	key, _ := conversation.ThreadOfSession(closed)
	_, contact, _ := conversation.ParseKey(key)
	people := app.PeopleOf(a.live)
	record, err := people.Export(t.Context(), contact)
	if err != nil || len(record.Rows) != 1 || !bytes.Contains(record.Rows[closed], []byte("Rejeição 539")) {
		t.Errorf("exported: %s %v", record.Rows, err)
	}
	if _, _, err := people.Erase(t.Context(), contact); err != nil {
		t.Fatal(err)
	}
	a.run(time.Minute)
	for _, path := range []string{"/reports", "/reports/kept/day-2026-11-23"} {
		if got := a.report(path); len(got.Rows) != 1 || got.of(cancelled).State == "" {
			t.Errorf("%s has %+v", path, got)
		}
	}
	for _, key := range a.r.Mini.Keys() {
		if strings.Contains(key, contact+":rows") {
			t.Errorf("left: %s", key)
		}
	}
}

// TestRowsOutliveTranscripts wants what was measured to stay when a conversation is judged after its transcript has gone.
func TestRowsOutliveTranscripts(t *testing.T) {
	t.Parallel()
	a := attend(t, procedure(settings.ModeTranscript))
	reports := app.ReportsOf(a.live)
	s := conversation.Summary{Session: "wa-1-c1-1", Number: "1", Contact: "c1", State: conversation.StateClosed, Started: a.clock()}
	entries := []conversation.Entry{{At: a.clock(), Author: conversation.AuthorCustomer, Message: "wamid.1", Type: "text", Text: "bom dia"}}
	if err := reports.Keep(t.Context(), s, entries, settings.Default()); err != nil {
		t.Fatal(err)
	}
	s.Subject = "Erro na nota"
	if err := reports.Keep(t.Context(), s, nil, settings.Default()); err != nil {
		t.Fatal(err)
	}
	if row := a.report("/reports").of("wa-1-c1-1"); row.Subject != "Erro na nota" || row.Messages.In != 1 {
		t.Errorf("the row is %+v", row)
	}
	s.Session = "wa-1-c1-2" // one of which nothing was ever measured
	if err := reports.Keep(t.Context(), s, nil, settings.Default()); err != nil {
		t.Fatal(err)
	}
	if row := a.report("/reports").of("wa-1-c1-2"); row.Subject != "Erro na nota" || row.Messages.In != 0 {
		t.Errorf("the row is %+v", row)
	}
}

// TestUnreadableRows wants a report in spite of rows that can't be read.
func TestUnreadableRows(t *testing.T) {
	t.Parallel()
	a := attend(t, procedure(settings.ModeTranscript))
	for session, raw := range map[string]string{"s1": "{", "s2": `{"schema":99,"started":"2026-11-23T13:00:00Z"}`} {
		row := store.Row{Session: session, Contact: "c1", Started: a.clock(), Data: []byte(raw)}
		if err := store.NewSummaries(a.r.Client, a.cfg.RedisPrefix).Keep(t.Context(), row, time.Hour, time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	reports := app.ReportsOf(a.live)
	s := conversation.Summary{Session: "wa-1-c1-1", Contact: "c1", State: conversation.StateClosed, Started: a.clock()}
	if err := reports.Keep(t.Context(), s, nil, settings.Default()); err != nil {
		t.Fatal(err)
	}
	if got := a.report("/reports"); got.Total.Conversations != 1 {
		t.Errorf("the report is about %+v", got)
	}
	at := a.clock()
	if _, err := reports.Make(t.Context(), conversation.Report{ID: "x", From: at.Add(-time.Hour), To: at.Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	if got := a.report("/reports/kept/x"); got.Total.Conversations != 1 {
		t.Errorf("the kept report is about %+v", got)
	}
}

// TestDaysOfReports wants conversations on the days on which they began by the zone's calendar, of which some have no midnight.
func TestDaysOfReports(t *testing.T) {
	t.Parallel()
	a := attend(t, procedure(settings.ModeTranscript))
	reports := app.ReportsOf(a.live)
	for session, at := range map[string]string{
		"before": "2018-11-04T02:59:59Z", "first": "2018-11-04T03:00:00Z", // the clock went from midnight to one o'clock
		"last": "2018-11-05T01:59:59Z", "after": "2018-11-05T02:00:00Z",
	} {
		started, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if err := reports.Keep(t.Context(), conversation.Summary{Session: session, Contact: "c1", Started: started}, nil, settings.Default()); err != nil {
			t.Fatal(err)
		}
	}
	got := a.report("/reports?from=2018-11-04&to=2018-11-04")
	if len(got.Rows) != 2 || got.Rows[0].Session != "first" || got.Rows[1].Session != "last" {
		t.Errorf("the day has %+v", got.Rows)
	}
}

// morningReport is a world in which the report about the day before is due five minutes after midnight, and posted on a ticket.
func morningReport(t *testing.T, public bool) (a *attendance, ticket int64) {
	t.Helper()
	p := procedurePoints(procedure(settings.ModeTranscript))
	p.began = time.Date(2026, 11, 23, 20, 0, 0, 0, time.UTC) // 17:00 in São Paulo
	op := settings.DefaultOperation()
	op.Account.Report.Schedule, op.Account.Report.Public = "5 0 * * *", public
	p.account = &op
	w := newWorld(t, p)
	t.Cleanup(w.close)
	a = &attendance{world: w, alone: true}
	ticket = number(t, a.openTicketOf("Distribuidora Aurora Ltda"))
	op.Account.Report.Ticket = ticket
	return a, ticket
}

// posted lists the reports on a ticket.
func (a *attendance) posted(ticket int64) []desk.CommentView {
	return a.comments(desk.TicketView{ID: ticket}, "23/11/2026")
}

// TestScheduledReport wants a report to be posted once, with its files, whatever becomes of the first writing.
func TestScheduledReport(t *testing.T) {
	t.Parallel()
	for name, faults := range map[string][]rig.Fault{
		"all goes well":           nil,
		"an answer is lost":       {{Peer: "zendesk", Method: "PUT", Cut: rig.CutAfter, Times: 1}},
		"a request is lost":       {{Peer: "zendesk", Method: "PUT", Cut: rig.CutBefore, Times: 1}},
		"a file is lost":          {{Peer: "zendesk", Method: "POST", Path: "/api/v2/uploads*", Cut: rig.CutAfter, Times: 1}},
		"zendesk is away for now": {{Peer: "zendesk", Status: http.StatusServiceUnavailable, Times: 40}},
		"the account is at its limit": {
			{Peer: "zendesk", Method: "PUT", Status: http.StatusTooManyRequests, Headers: map[string]string{"Retry-After": "30"}, Times: 1},
		},
	} {
		for _, public := range []bool{false, true} {
			if public && faults != nil {
				continue
			}
			t.Run(name+" public "+strconv.FormatBool(public), func(t *testing.T) {
				t.Parallel()
				a, ticket := morningReport(t, public)
				closed, cancelled := a.twoConversations()
				a.run(time.Date(2026, 11, 24, 3, 4, 0, 0, time.UTC).Sub(a.clock()))
				if n := len(a.posted(ticket)); n > 0 {
					t.Fatalf("%d reports before their time", n)
				}
				a.faults(faults...)
				a.run(3 * time.Hour)
				if left := a.raw(http.MethodGet, "/sandbox/control/faults", nil).Body.String(); strings.TrimSpace(left) != "[]" {
					t.Errorf("nothing went wrong: %s", left)
				}
				found := a.posted(ticket)
				if len(found) != 1 {
					t.Fatalf("%d reports on the ticket: %q", len(found), a.bodies(desk.TicketView{ID: ticket}))
				}
				if want := []string{"relatorio-day-2026-11-23.xlsx", "relatorio-day-2026-11-23.html"}; !slices.Equal(found[0].Attachments, want) || found[0].Public != public {
					t.Errorf("posted: %+v", found[0])
				}
				a.wantFiles(found[0], "Distribuidora Aurora Ltda")
				kept := a.report("/reports/kept/day-2026-11-23")
				if len(kept.Rows) != 2 || kept.of(closed).State == "" || kept.of(cancelled).State == "" {
					t.Errorf("kept: %+v", kept)
				}
				if body := a.gets("/reports/kept").Body.String(); !strings.Contains(body, `"id":"day-2026-11-23"`) || strings.Count(body, `"id"`) != 1 {
					t.Errorf("kept: %s", body)
				}
			})
		}
	}
}

// wantFiles wants the files of a posted report to be whole.
func (a *attendance) wantFiles(c desk.CommentView, words string) {
	a.t.Helper()
	for i, words := range []string{"PK\x03\x04", words} {
		content, err := a.peers.Zendesk().ReadFile(c.Files[i].ID)
		if err != nil || !bytes.Contains(content, []byte(words)) {
			a.t.Errorf("%s is %d bytes, %v", c.Files[i].Name, len(content), err)
		}
	}
}

// TestMissedReports wants one report after days without Ponte.
func TestMissedReports(t *testing.T) {
	t.Parallel()
	a, ticket := morningReport(t, false)
	a.run(time.Minute)
	a.advance(5 * 24 * time.Hour) // nobody runs
	a.run(time.Hour)
	var kept struct{ Reports []struct{ ID string } }
	if err := json.Unmarshal(a.gets("/reports/kept").Body.Bytes(), &kept); err != nil || len(kept.Reports) != 1 || kept.Reports[0].ID != "day-2026-11-27" {
		t.Errorf("kept: %+v %v", kept, err)
	}
	if n := len(a.comments(desk.TicketView{ID: ticket}, "27/11/2026")); n != 1 {
		t.Errorf("%d reports on the ticket: %q", n, a.bodies(desk.TicketView{ID: ticket}))
	}
}

// TestReportForNoTicket wants a report that can't be posted to be a dead letter, and kept.
func TestReportForNoTicket(t *testing.T) {
	t.Parallel()
	a, _ := morningReport(t, false)
	a.p.account.Account.Report.Ticket = 99_999_999
	a.run(8 * time.Hour)
	letters, err := a.live.Mailboxes.Dead(t.Context(), 10)
	if err != nil || len(letters) != 1 || letters[0].Key != conversation.ReportKey {
		t.Fatalf("dead: %+v %v", letters, err)
	}
	if got := a.report("/reports/kept/day-2026-11-23"); got.Total.Conversations != 0 {
		t.Errorf("kept: %+v", got)
	}
	// Somebody names another ticket for the next one, and has this one tried again: it is for the ticket that it was for.
	if err := a.live.Mailboxes.RetryDead(t.Context(), letters[0].ID); err != nil {
		t.Fatal(err)
	}
	a.run(time.Minute)
	if letters, err = a.live.Mailboxes.Dead(t.Context(), 10); err != nil || len(letters) != 1 {
		t.Errorf("dead: %+v %v", letters, err)
	}
}
