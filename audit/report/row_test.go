package report_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/audit/report"
	"github.com/ponte-desk/ponte/bridge/conversation"
)

func TestOutcome(t *testing.T) {
	t.Parallel()
	verdict := func(outcome string, instead ...string) *conversation.Audited {
		a := &conversation.Audited{Outcome: outcome}
		if len(instead) > 0 {
			a.Overruled = &conversation.Overruled{Outcome: instead[0]}
		}
		return a
	}
	tests := []struct {
		name string
		sum  conversation.Summary
		want report.Outcome
	}{
		{"nothing", conversation.Summary{}, report.OutcomeOpen},
		{"with the bot", conversation.Summary{State: conversation.StateBot}, report.OutcomeOpen},
		{"stopped", conversation.Summary{State: conversation.StateStopped}, report.OutcomeOpen},
		{"closed", conversation.Summary{State: conversation.StateClosed, End: conversation.EndClosed}, report.OutcomeClosed},
		{"second level", conversation.Summary{State: conversation.StateClosed, End: conversation.EndN2}, report.OutcomeN2},
		{"financial", conversation.Summary{State: conversation.StateClosed, End: conversation.EndFinancial}, report.OutcomeFinancial},
		{"refused", conversation.Summary{State: conversation.StateClosed, End: conversation.EndRefused}, report.OutcomeRefused},
		{"expired", conversation.Summary{State: conversation.StateExpired, End: conversation.EndExpired}, report.OutcomeExpired},
		{"closed after expiring", conversation.Summary{State: conversation.StateClosed, End: conversation.EndExpired}, report.OutcomeExpired},
		{"cancelled", conversation.Summary{State: conversation.StateCancelled}, report.OutcomeCancelled},
		{"closed as cancelled", conversation.Summary{State: conversation.StateClosed, End: conversation.EndCancelled}, report.OutcomeCancelled},
		{"a verdict", conversation.Summary{State: conversation.StateClosed, Audited: verdict("not_assumed")}, "not_assumed"},
		{"a verdict without outcome", conversation.Summary{State: conversation.StateClosed, Audited: verdict("")}, report.OutcomeClosed},
		{"overruled by another", conversation.Summary{State: conversation.StateClosed, Audited: verdict("not_assumed", "agent_abandonment")}, "agent_abandonment"},
		{"overruled by nothing", conversation.Summary{State: conversation.StateClosed, Audited: verdict("not_assumed", "")}, report.OutcomeClosed},
		{"one that nobody knows", conversation.Summary{Audited: verdict("eaten_by_the_dog")}, "eaten_by_the_dog"},
	}
	for _, tt := range tests {
		if got := (report.Row{Summary: tt.sum}).Outcome(); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestServedAndSatisfaction(t *testing.T) {
	t.Parallel()
	if (report.Row{}).Served() || !(report.Row{Summary: conversation.Summary{Attended: true}}).Served() ||
		!(report.Row{Messages: report.Messages{Out: 1}}).Served() {
		t.Error("who was served?")
	}
	for answer, want := range map[int]int{-1: 0, 0: 0, 1: 1, 5: 5, 6: 0} {
		if got := (report.Row{Summary: conversation.Summary{Answers: []int{answer, 3}}}).Satisfaction(); got != want {
			t.Errorf("answer %d counts as %d", answer, got)
		}
	}
	if (report.Row{}).Satisfaction() != 0 {
		t.Error("satisfied without an answer")
	}
}

func TestRowIsStoredFlat(t *testing.T) {
	t.Parallel()
	for _, r := range rowsOf(t, 60) {
		data, err := r.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(data), `{"session":"`) || !strings.Contains(string(data), `"schema":1`) {
			t.Fatalf("the row is %s", data)
		}
		back, err := report.DecodeRow(data)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(r, back); diff != "" {
			t.Error(diff)
		}
	}
}

func TestDecodeRowRefuses(t *testing.T) {
	t.Parallel()
	ok := `"session":"s","started":"2026-11-03T12:00:00Z","schema":1`
	if _, err := report.DecodeRow([]byte("{" + ok + "}")); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, row string
		want      error // nil = any
	}{
		{"nothing", ``, nil},
		{"no object", `[]`, nil},
		{"cut", `{"session":"s`, nil},
		{"wrong type", `{"session":1}`, nil},
		{"empty", `{}`, report.ErrInvalid},
		{"newer", `{"session":"s","started":"2026-11-03T12:00:00Z","schema":2}`, report.ErrSchema},
		{"no beginning", `{"session":"s","schema":1}`, report.ErrInvalid},
		{"before our time", `{"started":"0001-11-03T12:00:00Z","schema":1}`, report.ErrInvalid},
		{"after it", `{"started":"9999-12-31T23:00:00Z","schema":1}`, report.ErrInvalid},
		{"an end before our time", `{` + ok + `,"ended":"0900-01-01T00:00:00Z"}`, report.ErrInvalid},
		{"a verdict before our time", `{` + ok + `,"audited":{"at":"0900-01-01T00:00:00Z"}}`, report.ErrInvalid},
		{"negative time", `{` + ok + `,"first":{"open":-1,"wall":0}}`, report.ErrInvalid},
		{"endless time", `{` + ok + `,"waiting":{"total":{"open":0,"wall":9000000000}}}`, report.ErrInvalid},
		{"negative count", `{` + ok + `,"messages":{"in":-1}}`, report.ErrInvalid},
		{"endless count", `{` + ok + `,"messages":{"out":9000000000}}`, report.ErrInvalid},
		{"negative paid", `{` + ok + `,"paid":{"utility":-3}}`, report.ErrInvalid},
	}
	for _, tt := range tests {
		r, err := report.DecodeRow([]byte(tt.row))
		if err == nil || tt.want != nil && !errors.Is(err, tt.want) {
			t.Errorf("%s: error %v, want %v", tt.name, err, tt.want)
		}
		if diff := cmp.Diff(report.Row{}, r); diff != "" {
			t.Errorf("%s: a row in spite of the error: %s", tt.name, diff)
		}
	}
}

// Whatever is stored, reading it never fails hard, and what was read can be stored and reported.
func FuzzDecodeRow(f *testing.F) {
	m := newMonth(f, 3)
	for range 20 {
		data, err := m.next().Encode()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(`{"session":"s","started":"1970-01-01T00:00:00Z","schema":1,"audited":{"ov":{"o":"x","at":"2000-01-01T00:00:00+14:00"}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := report.DecodeRow(data)
		if err != nil {
			return
		}
		again, err := r.Encode()
		if err != nil {
			t.Fatalf("what was read can't be stored: %v", err)
		}
		same, err := report.DecodeRow(again)
		if err != nil {
			t.Fatalf("what was stored can't be read: %v", err)
		}
		third, err := same.Encode()
		if err != nil || string(third) != string(again) {
			t.Fatalf("it changes as it is stored: %s, %s, %v", again, third, err)
		}
		o := november(t)
		o.From, o.To = time.Time{}, time.Time{}
		rep := build(o, r)
		for name, write := range map[string]func(io.Writer) error{"json": rep.WriteJSON, "csv": rep.WriteCSV, "html": rep.WriteHTML} {
			if err := write(&strings.Builder{}); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	})
}
