package decide

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// What customers are asked after the end.

// surveyID begins the ids of a survey's answers: question and answer follow.
const surveyID = "survey:"

// best is the best answer; the worst is 1.
const best = len(settings.Says{}.SurveyScale)

// survey asks the first question, of a customer whom an agent attended to the end.
func (d *draft) survey() {
	c := d.Thread.Conversation
	if !d.set.Survey.On || !c.Attended || c.Procedure.Outcome != conversation.EndClosed || !d.open() || d.Thread.Muted {
		return
	}
	c.Survey = &conversation.Survey{Until: d.now.Add(d.set.Survey.Limit)}
	d.askSurvey()
}

// questions are what is asked, in order.
func (d *draft) questions() []string {
	if len(d.set.Survey.Questions) > 0 {
		return d.set.Survey.Questions
	}
	return []string{d.set.Says.Survey}
}

// askSurvey asks the next question.
func (d *draft) askSurvey() {
	c := d.Thread.Conversation
	n := len(c.Survey.Answers)
	choices := conversation.Choices{Button: d.set.Says.SurveyButton}
	for score := best; score >= 1; score-- {
		choices.Options = append(choices.Options, conversation.Option{
			ID: fmt.Sprintf("%s%d:%d", surveyID, n, score), Title: d.set.Says.SurveyScale[score-1],
		})
	}
	d.because("survey asked")
	question := cmp.Or(settings.Fill(d.questions()[n], d.values()), settings.Fill(d.set.Says.Survey, d.values()), d.set.Says.SurveyButton)
	d.announce(conversation.Send{Text: question, Choices: &choices})
}

// surveyed takes in an answer to the survey; it tells whether the message was one, which opens no conversation, and whether it counts.
func (d *draft) surveyed(m conversation.Message) (answer, counts bool) {
	score, tapped := surveyScore(m)
	if score == 0 {
		return false, false
	}
	c := d.Thread.Conversation
	asked := c != nil && c.State == conversation.StateClosed && c.Survey != nil && !c.Survey.Done && d.now.Before(c.Survey.Until)
	if !asked || tapped && !strings.HasPrefix(m.Choice, surveyID+strconv.Itoa(len(c.Survey.Answers))+":") {
		if tapped {
			d.because("answer to a survey that is over")
		}
		return tapped && c != nil, false
	}
	d.because("survey answered")
	c.Survey.Answers = append(slices.Clone(c.Survey.Answers), score)
	return true, true
}

// surveyScore reads an answer to the survey: one of its choices, or the number alone; 0 when it is none.
func surveyScore(m conversation.Message) (score int, tapped bool) {
	text := strings.TrimRight(strings.TrimSpace(m.Text), ".!")
	if choice, ok := strings.CutPrefix(m.Choice, surveyID); ok {
		_, text, _ = strings.Cut(choice, ":")
		tapped = true
	} else if m.Choice != "" || m.File != nil || m.Type != "text" {
		return 0, false
	}
	score, err := strconv.Atoi(text)
	if err != nil || score < 1 || score > best {
		return 0, false
	}
	return score, tapped
}

// surveyGoesOn asks the next question, or thanks for the answers.
func (d *draft) surveyGoesOn() {
	if s := d.Thread.Conversation.Survey; len(s.Answers) < len(d.questions()) {
		d.askSurvey()
		return
	}
	d.surveyResult()
	d.automatic(d.set.Says.SurveyThanks)
}

// surveyOver ends a survey whose time is up; answers to some of its questions count.
func (d *draft) surveyOver() {
	d.because("survey is over")
	d.surveyResult()
}

// surveyResult writes the answers on the ticket.
func (d *draft) surveyResult() {
	c := d.Thread.Conversation
	c.Survey.Done = true
	answers := c.Survey.Answers
	if len(answers) == 0 {
		return
	}
	text := fmt.Sprintf(d.set.Texts.SurveyAnswered, answers[0])
	if len(d.questions()) > 1 {
		var lines []string
		for i, a := range answers {
			lines = append(lines, fmt.Sprintf("%s %d", d.questions()[min(i, len(d.questions())-1)], a))
		}
		text = fmt.Sprintf(d.set.Texts.SurveyAnswers, strings.Join(lines, "\n"))
	}
	d.log(conversation.Entry{
		Author: conversation.AuthorPonte, Origin: conversation.OriginAutomatic, Type: "survey", Private: true, Text: text,
	})
	if c.Ticket.Status == "closed" || c.Ticket.ID == 0 {
		return // it takes no words any more
	}
	d.noteWith(text, conversation.Change{Fields: map[string]string{conversation.FieldSurvey: strconv.Itoa(answers[0])}})
}
