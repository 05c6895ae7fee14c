package report_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/audit/classify"
	"github.com/ponte-desk/ponte/audit/report"
	"github.com/ponte-desk/ponte/bridge/conversation"
)

// clock is a time of Tuesday, 3 November 2026, in São Paulo.
func clock(t *testing.T, text string) time.Time {
	t.Helper()
	form := "15:04:05"
	if len(text) == len("15:04") {
		form = "15:04"
	}
	at, err := time.ParseInLocation(form, text, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	return time.Date(2026, 11, 3, at.Hour(), at.Minute(), at.Second(), 0, zone(t))
}

// script writes a transcript by hand.
type script struct {
	t       *testing.T
	entries []conversation.Entry
}

func (s *script) add(at string, e conversation.Entry) *script {
	e.At = clock(s.t, at)
	s.entries = append(s.entries, e)
	return s
}

func (s *script) customer(at, id, text string) *script {
	return s.add(at, conversation.Entry{Author: conversation.AuthorCustomer, Origin: conversation.OriginWhatsApp, Message: id, Type: "text", Text: text})
}

func (s *script) gesture(at, kind, re, text string) *script {
	return s.add(at, conversation.Entry{Author: conversation.AuthorCustomer, Origin: conversation.OriginWhatsApp, Message: at, Type: kind, Re: re, Text: text})
}

func (s *script) agent(at, effect, who string) *script {
	return s.add(at, conversation.Entry{
		Author: conversation.AuthorAgent, Agent: int64(len(who)), Who: who, Origin: conversation.OriginApp, Type: "text", Text: "Veja", Effect: effect,
		Delivery: conversation.DeliveryQueued,
	})
}

func (s *script) note(at string) *script {
	return s.add(at, conversation.Entry{Author: conversation.AuthorAgent, Agent: 3, Who: "Ana", Origin: conversation.OriginApp, Type: "note", Private: true})
}

func (s *script) automatic(at string) *script {
	return s.add(at, conversation.Entry{Author: conversation.AuthorPonte, Origin: conversation.OriginAutomatic, Type: "text", Effect: "auto" + at})
}

func (s *script) delivery(at, effect string, d conversation.DeliveryState) *script {
	return s.add(at, conversation.Entry{Effect: effect, Message: "wamid." + effect, Delivery: d})
}

func (s *script) state(at string, state conversation.State) *script {
	return s.add(at, conversation.Entry{Author: conversation.AuthorPonte, State: state})
}

func (s *script) hands(at, text string) *script {
	return s.add(at, conversation.Entry{Author: conversation.AuthorPonte, Origin: conversation.OriginAutomatic, Type: "hands", Text: text, Private: true})
}

// minutes is a span of which so many minutes are business hours, and so many pass in all.
func minutes(open, wall int64) report.Span { return report.Span{Open: open * 60, Wall: wall * 60} }

func spanOf(open, wall int64) *report.Span {
	s := minutes(open, wall)
	return &s
}

// measured is what a transcript measures.
type measured struct {
	First    *report.Span
	Waiting  report.Waiting
	Handling *report.Span
	Messages report.Messages
}

func TestMeasures(t *testing.T) {
	t.Parallel()
	one := func(open, wall int64) report.Waiting {
		return report.Waiting{Longest: minutes(open, wall), Total: minutes(open, wall), Times: 1}
	}
	tests := []struct {
		name         string
		derived, end string // "" = there is none; an end closes it
		script       func(*script)
		want         measured
	}{
		{name: "nothing"},
		{
			name: "without a bot", end: "09:30",
			script: func(s *script) {
				s.customer("09:00", "a", "Oi").agent("09:10", "e1", "Ana").delivery("09:10:01", "e1", conversation.DeliveryRead)
			},
			want: measured{spanOf(10, 10), one(10, 10), spanOf(20, 20), report.Messages{In: 1, Out: 1}},
		},
		{
			name: "the bot's time is not waited", derived: "09:05", end: "09:30",
			script: func(s *script) {
				s.state("09:00", conversation.StateBot).customer("09:00", "a", "Oi").automatic("09:00:02").customer("09:04", "b", "1")
				s.state("09:05", conversation.StateQueued).hands("09:08", "Atendente: Ana").agent("09:11", "e1", "Ana")
			},
			want: measured{spanOf(6, 6), one(6, 6), spanOf(22, 22), report.Messages{In: 2, Out: 1, Automatic: 1}},
		},
		{
			name: "the bot's time, told by the states alone", end: "09:30",
			script: func(s *script) {
				s.state("09:00", conversation.StateBot).customer("09:00", "a", "Oi").state("09:05", conversation.StateQueued).agent("09:11", "e1", "Ana")
			},
			want: measured{spanOf(6, 6), one(6, 6), spanOf(19, 19), report.Messages{In: 1, Out: 1}},
		},
		{
			name: "an agent takes it from the bot unasked", end: "09:30",
			script: func(s *script) {
				s.state("09:00", conversation.StateBot).customer("09:00", "a", "Oi").state("09:04", conversation.StateActive).agent("09:04", "e1", "Ana")
				s.customer("09:06", "b", "E isto?").agent("09:09", "e2", "Ana")
			},
			want: measured{nil, one(3, 3), spanOf(26, 26), report.Messages{In: 2, Out: 2}},
		},
		{
			name: "left during the bot", end: "18:30",
			script: func(s *script) {
				s.state("09:00", conversation.StateBot).customer("09:00", "a", "Oi").automatic("09:01")
			},
			want: measured{Messages: report.Messages{In: 1, Automatic: 1}},
		},
		{
			name: "automatic messages, notes and what was not delivered answer nothing", end: "10:00",
			script: func(s *script) {
				s.customer("09:00", "a", "Oi").automatic("09:01").note("09:02").agent("09:03", "e1", "Ana").delivery("09:03:05", "e1", conversation.DeliveryFailed)
				s.agent("09:20", "e2", "Ana").delivery("09:20:01", "e2", conversation.DeliverySent)
			},
			want: measured{spanOf(20, 20), one(20, 20), spanOf(57, 57), report.Messages{In: 1, Out: 1, Automatic: 1, Undelivered: 1}},
		},
		{
			name: "a failure that was corrected is an answer", end: "10:00",
			script: func(s *script) {
				s.customer("09:00", "a", "Oi").agent("09:03", "e1", "Ana").delivery("09:03:05", "e1", conversation.DeliveryFailed)
				s.delivery("09:04", "e1", conversation.DeliveryDelivered)
			},
			want: measured{spanOf(3, 3), one(3, 3), spanOf(57, 57), report.Messages{In: 1, Out: 1}},
		},
		{
			name: "kept words answer when they are let go", end: "10:00",
			script: func(s *script) {
				s.customer("09:00", "a", "Oi").agent("09:03", "e1", "Ana").delivery("09:03:01", "e1", conversation.DeliveryKept)
				s.delivery("09:08", "e1", conversation.DeliveryQueued).delivery("09:08:01", "e1", conversation.DeliverySent)
			},
			want: measured{spanOf(8, 8), one(8, 8), spanOf(52, 52), report.Messages{In: 1, Out: 1}},
		},
		{
			name: "words that are kept for good answer nothing", end: "10:00",
			script: func(s *script) {
				s.customer("09:00", "a", "Oi").agent("09:03", "e1", "Ana").delivery("09:03:01", "e1", conversation.DeliveryKept)
			},
			want: measured{
				nil,
				report.Waiting{Longest: minutes(60, 60), Total: minutes(60, 60), Times: 1, Unanswered: 1},
				spanOf(57, 57),
				report.Messages{In: 1, Undelivered: 1},
			},
		},
		{
			name: "several waits; a thank-you asks nothing", end: "10:00",
			script: func(s *script) {
				s.customer("09:00", "a", "Oi").customer("09:02", "b", "Alguém?").agent("09:05", "e1", "Ana").customer("09:06", "c", "Obrigado!")
				s.customer("09:10", "d", "E a rotina 1432?").gesture("09:11", "reaction", "e1", "👍").agent("09:22", "e2", "Bia").customer("09:23", "e", "ok, valeu")
			},
			want: measured{
				spanOf(5, 5), report.Waiting{Longest: minutes(12, 12), Total: minutes(17, 17), Times: 2}, spanOf(55, 55), report.Messages{In: 5, Out: 2},
			},
		},
		{
			name: "a first word that is polite asks for an answer", end: "10:00",
			script: func(s *script) { s.customer("09:00", "a", "ok").agent("09:05", "e1", "Ana") },
			want:   measured{spanOf(5, 5), one(5, 5), spanOf(55, 55), report.Messages{In: 1, Out: 1}},
		},
		{
			name: "a line that comes twice counts once", end: "10:00",
			script: func(s *script) {
				s.customer("09:00", "a", "Oi").customer("09:00", "a", "Oi").agent("09:05", "e1", "Ana")
			},
			want: measured{spanOf(5, 5), one(5, 5), spanOf(55, 55), report.Messages{In: 1, Out: 1}},
		},
		{
			name: "a question that is taken back waits for nothing", end: "10:00",
			script: func(s *script) {
				s.customer("09:00", "a", "Oi").agent("09:05", "e1", "Ana").customer("09:10", "b", "E isto?").gesture("09:11", "revoke", "b", "")
			},
			want: measured{spanOf(5, 5), one(5, 5), spanOf(55, 55), report.Messages{In: 2, Out: 1}},
		},
		{
			name: "a thank-you becomes a question", end: "10:00",
			script: func(s *script) {
				s.customer("09:00", "a", "Oi").agent("09:05", "e1", "Ana").customer("09:10", "b", "Obrigado")
				s.gesture("09:12", "edit", "b", "(mensagem editada) Obrigado, mas e a nota?").agent("09:15", "e2", "Ana")
			},
			want: measured{spanOf(5, 5), report.Waiting{Longest: minutes(5, 5), Total: minutes(8, 8), Times: 2}, spanOf(55, 55), report.Messages{In: 2, Out: 2}},
		},
		{
			name: "nights do not count", derived: "17:51", end: "22:01",
			script: func(s *script) { s.customer("17:51", "a", "Oi").agent("21:51", "e1", "Ana") },
			want:   measured{spanOf(10, 240), one(10, 240), spanOf(0, 10), report.Messages{In: 1, Out: 1}},
		},
		{
			name: "an agent writes first", end: "10:00",
			script: func(s *script) {
				s.agent("09:00", "e1", "Ana").customer("09:30", "a", "Oi").agent("09:32", "e2", "Ana")
			},
			want: measured{spanOf(2, 2), one(2, 2), spanOf(60, 60), report.Messages{In: 1, Out: 2}},
		},
		{
			name: "a colleague with the phone answers", end: "10:00",
			script: func(s *script) {
				s.customer("09:00", "a", "Oi").add("09:04", conversation.Entry{Author: conversation.AuthorPonte, Origin: conversation.OriginPhone, Type: "text"})
			},
			want: measured{spanOf(4, 4), one(4, 4), spanOf(56, 56), report.Messages{In: 1, Out: 1}},
		},
		{
			name: "it goes on: the wait has not ended",
			script: func(s *script) {
				s.customer("09:00", "a", "Oi").agent("09:05", "e1", "Ana").customer("09:10", "b", "E isto?")
			},
			want: measured{First: spanOf(5, 5), Waiting: one(5, 5), Messages: report.Messages{In: 2, Out: 1}},
		},
		{
			name: "closed, and opened again: the first wait ended without an answer", end: "11:00",
			script: func(s *script) {
				s.customer("09:00", "a", "Oi").state("09:10", conversation.StateClosed).customer("10:00", "b", "Voltei").state("10:00", conversation.StateActive)
				s.agent("10:30", "e1", "Ana")
			},
			want: measured{
				spanOf(90, 90), report.Waiting{Longest: minutes(30, 30), Total: minutes(40, 40), Times: 2, Unanswered: 1}, spanOf(30, 30), report.Messages{In: 2, Out: 1},
			},
		},
		{
			name: "a verdict's line is no message", end: "10:00",
			script: func(s *script) {
				s.customer("09:00", "a", "Oi").agent("09:05", "e1", "Ana")
				s.add("09:50", classify.Verdict{Outcome: classify.OutcomeClientAbandonment}.Entry(time.Time{}))
			},
			want: measured{spanOf(5, 5), one(5, 5), spanOf(55, 55), report.Messages{In: 1, Out: 1}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := &script{t: t}
			if tt.script != nil {
				tt.script(s)
			}
			sum := conversation.Summary{Session: "s", Started: clock(t, "09:00"), State: conversation.StateActive}
			if tt.derived != "" {
				sum.Derived = clock(t, tt.derived)
			}
			if tt.end != "" {
				sum.State, sum.Ended = conversation.StateClosed, clock(t, tt.end)
			}
			if tt.name == "it goes on: the wait has not ended" {
				tt.want.Waiting.Since = clock(t, "09:10")
			}
			r := report.RowOf(sum, s.entries, number(t, "N"))
			if diff := cmp.Diff(tt.want, measured{r.First, r.Waiting, r.Handling, r.Messages}); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Who had it: the owner comes last and has a name, also where the timeline tells no id.
func TestAgents(t *testing.T) {
	t.Parallel()
	ana, bia := report.Person{ID: 3, Name: "Ana"}, report.Person{ID: 5, Name: "Bia M"}
	tests := []struct {
		name   string
		owner  int64
		script func(*script)
		want   []report.Person
	}{
		{"nobody", 0, func(*script) {}, nil},
		{"words tell the id", 0, func(s *script) { s.hands("09:00", "Atendente: Ana").agent("09:01", "e1", "Ana") }, []report.Person{ana}},
		{"the owner's name is in the timeline alone", 5, func(s *script) {
			s.hands("09:00", "Atendente: Ana").agent("09:01", "e1", "Ana").hands("09:02", "Fila: N1").hands("09:03", "Atendente: Bia M")
		}, []report.Person{ana, bia}},
		{"back to the first", 3, func(s *script) {
			s.agent("09:01", "e1", "Ana").agent("09:02", "e2", "Bia M").hands("09:03", "Atendente: Ana")
		}, []report.Person{{ID: 5, Name: "Bia M"}, ana}},
		{"an owner of whom nothing is told", 77, func(s *script) { s.agent("09:01", "e1", "Ana") }, []report.Person{ana, {ID: 77}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := &script{t: t}
			tt.script(s)
			r := report.RowOf(conversation.Summary{Owner: tt.owner, State: conversation.StateActive}, s.entries, number(t, "N"))
			if diff := cmp.Diff(tt.want, r.Agents); diff != "" {
				t.Error(diff)
			}
			if n := len(tt.want); n > 0 && r.Agent != tt.want[n-1] {
				t.Errorf("the last is %v", r.Agent)
			}
		})
	}
}

// A message that costs money counts once, however often it is reported, and by whichever name.
func TestPaid(t *testing.T) {
	t.Parallel()
	d := func(effect, id, category string) conversation.Entry {
		return conversation.Entry{At: clock(t, "09:00"), Effect: effect, Message: id, Delivery: conversation.DeliverySent, Paid: category}
	}
	r := report.RowOf(conversation.Summary{}, []conversation.Entry{
		d("e1", "w1", "utility"), d("e1", "w1", "utility"), d("", "w1", "utility"), d("e1", "", "utility"), d("", "w2", "marketing"), d("", "w2", "marketing"),
		d("e3", "", ""), d("e4", "w4", "utility"),
	}, number(t, "N"))
	if diff := cmp.Diff(map[string]int{"utility": 2, "marketing": 1}, r.Paid); diff != "" {
		t.Error(diff)
	}
}

// Lines may come in any order; a row is the same.
func TestOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	s := &script{t: t}
	s.customer("09:00", "a", "Oi").agent("09:10", "e1", "Ana").delivery("09:10:01", "e1", conversation.DeliveryRead).customer("09:20", "b", "E?").agent("09:25", "e2", "Ana")
	s.delivery("09:26", "e2", conversation.DeliveryFailed)
	sum := conversation.Summary{Session: "s", Started: clock(t, "09:00"), Ended: clock(t, "10:00"), State: conversation.StateClosed}
	want := report.RowOf(sum, s.entries, number(t, "N"))
	back := make([]conversation.Entry, 0, len(s.entries))
	for i := range s.entries {
		back = append(back, s.entries[len(s.entries)-1-i])
	}
	if diff := cmp.Diff(want, report.RowOf(sum, back, number(t, "N"))); diff != "" {
		t.Error(diff)
	}
	if want.Messages.Undelivered != 1 {
		t.Errorf("undelivered: %d", want.Messages.Undelivered)
	}
	if want.AfterHours {
		t.Error("09:00 of a Tuesday is not after hours")
	}
	sum.Started = clock(t, "18:05")
	if !report.RowOf(sum, nil, number(t, "N")).AfterHours {
		t.Error("18:05 is after hours")
	}
}
