package report_test

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/audit/report"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with a file of testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s has changed (-update writes it anew): %s", name, diff)
	}
}

// written is what a form of a report writes.
func written(t *testing.T, write func(io.Writer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// few is a fixed set of conversations with something of everything.
func few(t *testing.T) []report.Row {
	t.Helper()
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, zone(t)) }
	rows := []report.Row{
		{
			Summary: conversation.Summary{
				Session: "s-1", Number: "100", Contact: "c-1", State: conversation.StateClosed, End: conversation.EndClosed, Started: at(3, 9, 0), Derived: at(3, 9, 1),
				Ended: at(3, 9, 40), Attended: true, Owner: 7, Queue: "N1", Category: "Distribuição::NF-e", Subject: "Nota rejeitada", Ticket: 35001, Organization: 55,
				Company: "Atacado São Jorge", Answers: []int{5, 4}, Flags: []conversation.Flag{conversation.FlagNoEmail},
			},
			NumberName: "Suporte", Agent: report.Person{ID: 7, Name: "Ana Souza"}, Agents: []report.Person{{ID: 8, Name: "Bia"}, {ID: 7, Name: "Ana Souza"}},
			First: &report.Span{Open: 125, Wall: 125}, Waiting: report.Waiting{Longest: report.Span{Open: 300, Wall: 300}, Total: report.Span{Open: 500, Wall: 500}, Times: 3},
			Handling: &report.Span{Open: 2280, Wall: 2280}, Messages: report.Messages{In: 4, Out: 3, Automatic: 2}, Paid: map[string]int{"utility": 2, "marketing": 1},
		},
		{
			Summary: conversation.Summary{
				Session: "s-2", Number: "100", Contact: "c-2", State: conversation.StateExpired, End: conversation.EndExpired, Started: at(3, 17, 50),
				Derived: at(3, 17, 51), Ended: at(4, 17, 51), Attended: true, Owner: 8, Queue: "N1", Ticket: 35002, Returned: 1,
				Audited: &conversation.Audited{
					At: at(4, 18, 0), Outcome: "agent_abandonment", Corrections: []string{"no_organization", "wrong_title"}, Reason: "unanswered",
					Evidence: "O cliente escreveu por último.\nEspera de 10 h.", Open: []string{"catalogue", "title"},
				},
			},
			NumberName: "Suporte", Agent: report.Person{ID: 8, Name: "Bia"}, Agents: []report.Person{{ID: 8, Name: "Bia"}}, First: &report.Span{Open: 60, Wall: 60},
			Waiting:  report.Waiting{Longest: report.Span{Open: 35400, Wall: 86000}, Total: report.Span{Open: 35460, Wall: 86060}, Times: 2, Unanswered: 1},
			Handling: &report.Span{Open: 36000, Wall: 86340}, Messages: report.Messages{In: 2, Out: 1, Undelivered: 1},
		},
		{
			Summary: conversation.Summary{
				Session: "s-3", Number: "200", Contact: "c-3", State: conversation.StateClosed, End: conversation.EndClosed, Started: at(7, 22, 15), Ended: at(8, 12, 0),
				Ticket: 35003, Company: "Casa <das> Bebidas & Cia",
				Audited: &conversation.Audited{
					At: at(8, 12, 0), Outcome: "after_hours", Reason: "created_while_closed", Evidence: "Ninguém atendeu.",
					Overruled: &conversation.Overruled{At: at(9, 10, 30), By: conversation.Agent{ID: 1, Name: "Marina"}, Outcome: "bot_abandoned", Reason: "=1+1"},
				},
			},
			NumberName: "Campanha", AfterHours: true, Messages: report.Messages{In: 1, Automatic: 1},
		},
		{
			Summary: conversation.Summary{
				Session: "s-4", Number: "200", Contact: "c-4", State: conversation.StateActive, Started: at(9, 10, 0), Owner: 7, Queue: "Varejo", Attended: true,
				Company: "@Distribuidora", Subject: "-2+3",
			},
			NumberName: "Campanha", Agent: report.Person{ID: 7, Name: "Ana Souza"}, Agents: []report.Person{{ID: 7, Name: "Ana Souza"}},
			First: &report.Span{Open: 600, Wall: 600}, Waiting: report.Waiting{
				Longest: report.Span{Open: 600, Wall: 600}, Total: report.Span{Open: 600, Wall: 600}, Times: 1, Since: at(9, 11, 0),
			},
			Messages: report.Messages{In: 2, Out: 1},
		},
	}
	for i := range rows {
		rows[i].Schema = report.Schema
	}
	return rows
}

func TestGolden(t *testing.T) {
	t.Parallel()
	week, english, day := november(t), november(t), november(t)
	week.To = week.From.AddDate(0, 0, 10)
	english.To, day.To = week.To, day.From.AddDate(0, 0, 1)
	english.Language, english.Title = settings.LanguageEN, "November"
	cases := map[string]report.Report{
		"few": build(week, few(t)...), "few.en": build(english, few(t)...), "empty": build(day),
	}
	for name, r := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			golden(t, name+".json", written(t, r.WriteJSON))
			golden(t, name+".csv", written(t, r.WriteCSV))
			golden(t, name+".html", written(t, r.WriteHTML))
			golden(t, name+".txt", []byte(r.Summary()+"\n"))
		})
	}
}
