package decide_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// asked is a world whose customer was asked after the end.
func asked(t *testing.T, questions ...string) *world {
	t.Helper()
	w := attended(t)
	w.set.Survey = settings.Survey{On: true, Limit: time.Hour, Questions: questions}
	w.set.Says.Survey, w.set.Says.SurveyButton, w.set.Says.SurveyThanks = "Que nota você dá?", "Avaliar", "Obrigado pela avaliação!"
	w.set.Says.SurveyScale = [5]string{"1 - Péssimo", "2 - Ruim", "3 - Regular", "4 - Bom", "5 - Ótimo"}
	w.wantOK(finish())
	w.writes()
	return w
}

// taps lets the customer choose an answer of the survey.
func (w *world) taps(choice, title string) {
	w.t.Helper()
	w.sayings++
	id := "wamid.tap." + choice + strings.Repeat("x", w.sayings)
	w.decide(conversation.Event{
		Kind: conversation.EventMessage, ID: id, At: at(w.second), Contact: &conversation.Contact{WaID: "5511987654321", UserID: "BR.1"},
		Message: &conversation.Message{ID: id, Type: "interactive", Text: title, Choice: choice, Sent: at(w.second - 1)},
	})
}

func (w *world) answers() []int { return w.thread.Conversation.Survey.Answers }

func TestSurvey(t *testing.T) {
	t.Parallel()
	w := asked(t)
	if said := w.delivers(); len(said) != 2 || said[1] != "Que nota você dá?" {
		t.Fatalf("the customer hears %q", said)
	}
	w.wantDeadline(at(60 + hour))
	w.second = 100
	w.taps("survey:0:4", "4 - Bom")
	w.wantState(conversation.StateClosed)
	if w.thread.Count != 1 || !slices.Equal(w.answers(), []int{4}) {
		t.Errorf("%d conversations, answers %v", w.thread.Count, w.answers())
	}
	w.wantPhone("Obrigado pela avaliação!")
	if c := w.changes(); c.Fields[conversation.FieldSurvey] != "4" || c.Status != "" {
		t.Errorf("the ticket is changed by %+v", c)
	}
	if lane := w.lane(); len(lane) != 1 || !strings.HasPrefix(lane[0], "comment ponte private: ") || !strings.Contains(lane[0], "4") {
		t.Errorf("the ticket hears %q", lane)
	}
	w.delivers()
	w.writes()
	if !w.thread.Conversation.Survey.Done {
		t.Error("the survey goes on")
	}
	w.taps("survey:0:1", "1 - Péssimo") // once more
	if !slices.Equal(w.answers(), []int{4}) || w.thread.Count != 1 || len(w.phone()) > 0 {
		t.Errorf("answers %v, %d conversations", w.answers(), w.thread.Count)
	}
	w.says("5") // a word like any other now
	if w.thread.Count != 2 {
		t.Error("no conversation is opened")
	}
}

func TestSurveyInWords(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"5": 5, " 1 ": 1, "3!": 3, "0": 0, "6": 0, "nota 5": 0, "10": 0, "-1": 0} {
		w := asked(t)
		w.delivers()
		w.says(text)
		switch {
		case want == 0 && w.thread.Count != 2:
			t.Errorf("%q opens nothing", text)
		case want > 0 && (w.thread.Count != 1 || !slices.Equal(w.answers(), []int{want})):
			t.Errorf("%q is %v", text, w.thread.Conversation.Survey)
		}
	}
}

func TestSurveyOfSeveralQuestions(t *testing.T) {
	t.Parallel()
	w := asked(t, "Como foi o atendimento?", "O problema acabou?")
	w.delivers()
	w.taps("survey:0:5", "5 - Ótimo")
	w.wantPhone("O problema acabou?")
	w.delivers()
	w.taps("survey:0:1", "1 - Péssimo") // the first list again
	w.wantPhone()
	w.taps("survey:1:2", "2 - Ruim")
	if !slices.Equal(w.answers(), []int{5, 2}) {
		t.Errorf("answers %v", w.answers())
	}
	if c := w.changes(); c.Fields[conversation.FieldSurvey] != "5" {
		t.Errorf("the ticket is changed by %+v", c)
	}

	w = asked(t, "Como foi o atendimento?", "O problema acabou?") // one answer alone counts when the time is up
	w.delivers()
	w.taps("survey:0:3", "3 - Regular")
	w.delivers()
	w.passes(60 + hour)
	w.wantReason("survey is over")
	if c := w.changes(); c.Fields[conversation.FieldSurvey] != "3" || !w.thread.Conversation.Survey.Done {
		t.Errorf("the ticket is changed by %+v", c)
	}
	w.wantPhone()
}

func TestSurveyIsOver(t *testing.T) {
	t.Parallel()
	w := asked(t)
	w.delivers()
	w.passes(60 + hour)
	if len(w.lane()) > 0 || !w.thread.Conversation.Survey.Done {
		t.Errorf("nobody answered, and the ticket hears %q", w.lane())
	}
	w.wantDeadline(time.Time{})
	w.taps("survey:0:5", "5 - Ótimo")
	if w.thread.Count != 1 || len(w.answers()) > 0 {
		t.Error("a late answer counts, or opens a conversation")
	}
}

func TestNoSurvey(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*world){
		"off":       func(w *world) { w.set.Survey.On = false; w.wantOK(finish()) },
		"muted":     func(w *world) { w.thread.Muted = true; w.wantOK(finish()) },
		"cancelled": func(w *world) { w.wantOK(conversation.Command{Kind: conversation.CommandCancel, Agent: ana()}) },
		"shut":      func(w *world) { w.thread.WindowShut = true; w.wantOK(finish()) },
		"stopped": func(w *world) {
			w.wantOK(conversation.Command{Kind: conversation.CommandStop, Agent: ana()})
			w.wantOK(finish())
		},
		"pendentes": func(w *world) {
			w.wantOK(conversation.Command{Kind: conversation.CommandClose, Agent: ana(), Folder: conversation.FolderPending})
		},
		"unattended": func(w *world) { w.thread.Conversation.Attended = false; w.wantOK(finish()) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := attended(t)
			w.set.Survey = settings.Survey{On: true, Limit: time.Hour}
			w.set.Says.Survey = "Que nota?"
			end(w)
			if slices.Contains(w.phone(), "Que nota?") || w.thread.Conversation.Survey != nil {
				t.Errorf("the customer hears %q", w.phone())
			}
		})
	}
}
