package classify_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/audit/classify"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// TestLabelled judges the conversations that supervisors judged.
func TestLabelled(t *testing.T) {
	t.Parallel()
	list := load(t)
	if len(list) < 60 {
		t.Fatalf("the labelled set has %d conversations, want 60 or more", len(list))
	}
	outcomes, corrections, names := map[classify.Outcome]int{}, map[classify.Correction]int{}, map[string]bool{}
	for _, l := range list {
		if names[l.Name] {
			t.Errorf("two conversations are called %q", l.Name)
		}
		names[l.Name] = true
		want, err := outcomeOf(l.Outcome)
		if err != nil {
			t.Errorf("%s: %v", l.Name, err)
		}
		outcomes[want]++
		for _, c := range l.Corrections {
			got, _ := correctionOf(c)
			corrections[got]++
		}
		t.Run(l.Name, func(t *testing.T) {
			t.Parallel()
			judged(t, l, want)
		})
	}
	for _, o := range append(classify.Outcomes(), classify.OutcomeNone) {
		if outcomes[o] == 0 {
			t.Errorf("no conversation has the outcome %q", o)
		}
	}
	if len(corrections) != 2 {
		t.Errorf("corrections %v, want both", corrections)
	}
}

func judged(t *testing.T, l labelled, want classify.Outcome) {
	t.Helper()
	s, err := l.scene()
	if err != nil {
		t.Fatal(err)
	}
	v := s.verdict()
	text := v.Evidence.Text(settings.LanguagePT)
	if v.Outcome != want {
		t.Errorf("outcome %q (%s), want %q\n%s", v.Outcome, v.Reason, want, text)
	}
	var corrections []classify.Correction
	for _, name := range l.Corrections {
		c, err := correctionOf(name)
		if err != nil {
			t.Fatal(err)
		}
		corrections = append(corrections, c)
	}
	if diff := cmp.Diff(corrections, v.Corrections); diff != "" {
		t.Errorf("corrections (-want +got):\n%s", diff)
	}
	explained(t, v, text)
	if l.Setting != "" && v.Evidence.Setting != l.Setting {
		t.Errorf("decided by %q, want %q", v.Evidence.Setting, l.Setting)
	}
	if l.Assignee != "" {
		if id, err := agentOf(l.Assignee); err != nil || v.Action.Assignee != id {
			t.Errorf("assigned to %d, want %d (%v)", v.Action.Assignee, id, err)
		}
	}
	if l.Title != "" && v.Action.Subject != l.Title {
		t.Errorf("title %q, want %q", v.Action.Subject, l.Title)
	}
	if again := after(s, v).verdict(); again.Outcome != classify.OutcomeNone || len(again.Corrections) > 0 {
		t.Errorf("a second look finds %q %v (%s)", again.Outcome, again.Corrections, again.Reason)
	}
}

// explained checks that a verdict tells why in both languages.
func explained(t *testing.T, v classify.Verdict, text string) {
	t.Helper()
	lines := strings.Split(text, "\n")
	if len(lines) < 4 || slices.Contains(lines, "") || strings.Contains(text, "%!") {
		t.Errorf("evidence:\n%s", text)
	}
	if v.Evidence.Setting == "" || !strings.Contains(text, "("+v.Evidence.Setting+")") {
		t.Errorf("the evidence does not name its setting %q:\n%s", v.Evidence.Setting, text)
	}
	english := v.Evidence.Text(settings.LanguageEN)
	if strings.Count(english, "\n") != strings.Count(text, "\n") || strings.Contains(english, "%!") {
		t.Errorf("in English:\n%s", english)
	}
}

// after is what a verdict leaves behind.
func after(s *scene, v classify.Verdict) *scene {
	next := *s
	next.thread = s.thread.Clone()
	next.entries = slices.Clone(s.entries)
	a := v.Action
	if v.Nothing() {
		return &next
	}
	for _, p := range []struct{ to, from *string }{
		{&next.ticket.Status, &a.Status}, {&next.ticket.Subject, &a.Subject}, {&next.ticket.Catalogue, &a.Catalogue},
	} {
		if *p.from != "" {
			*p.to = *p.from
		}
	}
	next.log(v.Entry(s.now))
	if a.Assignee != 0 {
		next.ticket.Assignee = a.Assignee
		if v := next.thread.Conversation; v.Owner != a.Assignee { // the thread hears of it
			v.Owner = a.Assignee
			next.log(conversation.Entry{
				At: s.now.Add(time.Second), Author: conversation.AuthorPonte, Origin: conversation.OriginAutomatic, Type: "hands", Private: true,
				Text: "Atendente: " + map[int64]string{101: "Ana", 102: "Bruno", 103: "Carla"}[a.Assignee],
			})
		}
	}
	if a.Repair {
		next.ticket.Organization = 77
	}
	if a.Conversation != "" {
		next.state(s.now, a.Conversation)
	}
	return &next
}
