package app_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/internal/app"
)

// What is said by itself, in these stories.
const (
	waitingText  = "Você está na nossa fila de atendimento."
	noneText     = "nenhum atendente está disponível"
	firstReminds = "Você ainda precisa de ajuda?"
	thirdReminds = "este atendimento poderá ser finalizado em breve"
	surveyText   = "Como você avalia este atendimento?"
	surveyThanks = "Agradecemos a sua avaliação!"
	expiringText = "Ainda aguardamos a sua resposta."
)

// timed is the settings of these stories: the auditor does not end them.
func timed(mode settings.Mode) settings.Number {
	n := procedure(mode)
	n.Audit.On = false
	return n
}

// tolds counts how often each of some texts stands on the phone.
func (a *attendance) tolds(customer string, texts ...string) (counts []int) {
	a.t.Helper()
	for _, text := range texts {
		counts = append(counts, a.told(customer, text))
	}
	return counts
}

// wantTolds wants them to stand there so often.
func (a *attendance) wantTolds(when, customer string, want []int, texts ...string) {
	a.t.Helper()
	if got := a.tolds(customer, texts...); !slices.Equal(got, want) {
		a.t.Errorf("%s, %q stand on the phone %v times, want %v: %q", when, texts, got, want, a.phone(customer))
	}
}

// down lets time go by while Ponte does not run: webhooks pile up, deadlines pass.
func (a *attendance) down(d time.Duration) {
	a.t.Helper()
	a.advance(d)
	a.run(10 * time.Second)
}

// TestWaitingIsTold: who waits is told so on arrival and every ten minutes within business hours, by another text while nobody is there; and
// never again after somebody is. What was due while Ponte stood still is said once.
func TestWaitingIsTold(t *testing.T) {
	t.Parallel()
	for presence, text := range map[string]string{"": waitingText, "online": waitingText, "away": noneText} {
		t.Run("presence "+presence, func(t *testing.T) {
			t.Parallel()
			n := timed(settings.ModeMirror)
			n.Bot.Kind = settings.BotNone
			a := attend(t, n)
			if presence != "" {
				a.sets(anaName, "presence", fields{"presence": presence, "name": anaName})
			}
			says := func(when string, times int) {
				t.Helper()
				want := []int{times, 0}
				if text == noneText {
					want = []int{0, times}
				}
				a.wantTolds(when, mariana, want, waitingText, noneText)
			}
			a.says(mariana, "bom dia, a nota não sai")
			a.run(30 * time.Second)
			says("on arrival", 1)
			a.run(25 * time.Minute)
			says("after 25 minutes", 3)
			a.down(5 * time.Hour)
			says("after five hours of standing still", 4)
			a.does(a.ticket().ExternalID, "take", fields{"agent": a.staff(anaName)})
			a.passes(2 * time.Hour)
			says("taken", 4)
			a.passes(14 * time.Hour)
			says("the next morning", 4)
			a.wantQuiet()
		})
	}
}

// TestNobodyIsToldAtNight: within the closed time nobody hears that they wait, and not for the whole night at once the next morning.
func TestNobodyIsToldAtNight(t *testing.T) {
	t.Parallel()
	n := timed(settings.ModeMirror)
	n.Bot.Kind = settings.BotNone
	a := attend(t, n)
	a.passes(7*time.Hour + 50*time.Minute) // 17:50; closed at 18:01
	a.says(mariana, "boa tarde, a nota não sai")
	a.run(30 * time.Second)
	a.wantTolds("on arrival", mariana, []int{1}, waitingText)
	a.passes(10*time.Minute + 15*time.Second) // just before it closes
	a.wantTolds("ten minutes later", mariana, []int{2}, waitingText)
	a.passes(13 * time.Hour) // 7:01
	a.wantTolds("at night", mariana, []int{2}, waitingText)
	a.passes(time.Hour + 5*time.Minute) // 8:06
	a.wantTolds("in the morning", mariana, []int{3}, waitingText)
	a.wantQuiet()
}

// TestSilentAgentIsAlerted: after fifteen minutes of open time people are alerted, once; where settings want that the conversation goes
// back to its queue.
func TestSilentAgentIsAlerted(t *testing.T) {
	t.Parallel()
	bothModes(t, func(t moded) {
		n := timed(t.number.Mode)
		n.Silence.Return = 45 * time.Minute
		a := attend(t.T, n)
		session := a.asksAgain(anaName) // ten minutes ago
		ticket := a.ticket()
		a.run(6 * time.Minute)
		a.wantComment(ticket, "O cliente aguarda a resposta de "+anaName+" há 15 min.", false)
		if got := a.notices(); !slices.Equal(got, []string{"agent_silent"}) {
			t.Errorf("the supervisors' list is %q", got)
		}
		a.run(20 * time.Minute)
		a.wantComment(ticket, "O cliente aguarda a resposta", false)
		a.run(15 * time.Minute)
		a.wantComment(ticket, "Sem resposta de "+anaName+" há 45 min: a conversa voltou para a fila, com prioridade.", false)
		c := a.mind(session).Conversation
		if s := a.stands(ticket.ID); s.Assignee != "" || c.State != "queued" || c.Owner != 0 || !c.Clock.First || c.Clock.Returned != 1 {
			t.Errorf("the ticket is %+v, the conversation %+v", s, c)
		}
		a.run(time.Hour)
		if got := a.notices(); len(got) != 2 {
			t.Errorf("the supervisors' list is %q", got)
		}
		a.wantQuiet()
	})
}

// TestSilenceAfterStandingStill: what was due while Ponte stood still comes once.
func TestSilenceAfterStandingStill(t *testing.T) {
	t.Parallel()
	n := timed(settings.ModeMirror)
	n.Silence.Return = 45 * time.Minute
	a := attend(t, n)
	session := a.asksAgain(anaName)
	ticket := a.ticket()
	a.down(5 * time.Hour)
	a.run(10 * time.Minute)
	if got := len(a.comments(ticket, "O cliente aguarda a resposta")) + len(a.comments(ticket, "a conversa voltou para a fila")); got > 2 {
		t.Errorf("%d notes: %q", got, a.bodies(ticket))
	}
	a.wantComment(ticket, "a conversa voltou para a fila", false)
	if c := a.mind(session).Conversation; c.State != "queued" || c.Clock.Returned != 1 {
		t.Errorf("the conversation is %+v", c)
	}
	a.wantQuiet()
}

// reminding is settings with three reminders.
func reminding(mode settings.Mode) settings.Number {
	n := timed(mode)
	n.Reminders = []time.Duration{30 * time.Minute, 60 * time.Minute, 120 * time.Minute}
	return n
}

// TestReminders: a customer who went silent is reminded up to three times, each once, and never again after an answer.
func TestReminders(t *testing.T) {
	t.Parallel()
	bothModes(t, func(t moded) {
		texts := []string{firstReminds, "Podemos seguir com o atendimento?", thirdReminds}
		a := attend(t.T, reminding(t.number.Mode))
		session := a.answeredBy(anaName) // ten minutes ago
		for i, want := range [][]int{{0, 0, 0}, {1, 0, 0}, {1, 1, 0}, {1, 1, 1}, {1, 1, 1}} {
			a.wantTolds(strconv.Itoa(i), mariana, want, texts...)
			a.passes([]time.Duration{25 * time.Minute, 30 * time.Minute, 60 * time.Minute, 2 * time.Hour, 0}[i])
		}
		// She answers, he answers, and it begins anew.
		a.says(mariana, "desculpe, ainda o 539")
		a.passes(2 * time.Hour)
		a.wantTolds("she waits", mariana, []int{1, 1, 1}, texts...)
		a.does(session, "reply", fields{"agent": a.staff(anaName), "text": "tente de novo"})
		a.passes(35 * time.Minute)
		a.wantTolds("she is silent again", mariana, []int{2, 1, 1}, texts...)
		a.wantQuiet()
	})
}

// TestNoReminder: never while put off, to somebody who wants none, while it waits for others, or after the window has closed.
func TestNoReminder(t *testing.T) {
	t.Parallel()
	for name, does := range map[string]func(a *attendance, session string){
		"put off": func(a *attendance, session string) {
			a.does(session, "snooze", fields{"agent": a.staff(anaName), "until": a.clock().Add(6 * time.Hour)})
		},
		"muted": func(a *attendance, session string) { a.does(session, "mute", fields{"agent": a.staff(anaName)}) },
		"ended": func(a *attendance, session string) { a.does(session, "stop", fields{"agent": a.staff(anaName)}) },
		"to N2": func(a *attendance, session string) {
			a.does(session, "n2", fields{"agent": a.staff(anaName), "fields": fields{"summary": "x"}})
		},
		"closed": func(a *attendance, session string) {
			a.does(session, "close", fields{"agent": a.staff(anaName), "subject": "Rejeição 539", "reason": "ok"})
		},
		"window": func(a *attendance, _ string) { a.down(23*time.Hour + 56*time.Minute) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := attend(t, reminding(settings.ModeTranscript))
			session := a.answeredBy(anaName)
			does(a, session)
			a.passes(4 * time.Hour)
			if n := a.told(mariana, firstReminds) + a.told(mariana, "Podemos seguir") + a.told(mariana, thirdReminds); n > 0 {
				t.Errorf("reminded: %q", a.phone(mariana))
			}
		})
	}
}

// TestRemindersAfterStandingStill: of what was due meanwhile one reminder goes out, the newest.
func TestRemindersAfterStandingStill(t *testing.T) {
	t.Parallel()
	a := attend(t, reminding(settings.ModeMirror))
	a.answeredBy(anaName)
	a.down(5 * time.Hour)
	a.run(10 * time.Minute)
	a.wantTolds("at once", mariana, []int{0, 0, 1}, firstReminds, "Podemos seguir", thirdReminds)
	a.passes(3 * time.Hour)
	a.wantTolds("later", mariana, []int{0, 0, 1}, firstReminds, "Podemos seguir", thirdReminds)
	a.wantQuiet()
}

// TestSnooze: what was put off comes back at its time, or when the customer writes; then it is due again like any other.
func TestSnooze(t *testing.T) {
	t.Parallel()
	for name, wakes := range map[string]func(a *attendance){
		"at its time":         func(a *attendance) { a.passes(6*time.Hour + time.Minute) },
		"the customer writes": func(a *attendance) { a.passes(time.Hour); a.says(mariana, "já tenho o XML") },
		"by hand": func(a *attendance) {
			a.does(a.ticket().ExternalID, "wake", fields{"agent": a.staff(anaName)})
		},
		"after standing still": func(a *attendance) { a.down(26 * time.Hour) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := attend(t, timed(settings.ModeMirror))
			session := a.asksAgain(anaName)
			a.does(session, "snooze", fields{"agent": a.staff(anaName), "until": a.clock().Add(6 * time.Hour)})
			a.run(5 * time.Minute)
			told := a.phone(mariana)
			if c := a.mind(session).Conversation; c.Clock.Snoozed.IsZero() || c.State != "active" {
				t.Errorf("put off: %+v", c.Clock)
			}
			wakes(a)
			c := a.mind(session).Conversation
			if !c.Clock.Snoozed.IsZero() || c.Clock.Woken.IsZero() || c.State != "active" {
				t.Errorf("back: %s %+v", c.State, c.Clock)
			}
			if len(a.phone(mariana)) != len(told) {
				t.Errorf("the customer is told %q", a.phone(mariana)[len(told):])
			}
			a.wantQuiet()
		})
	}
}

// surveyed is settings with a survey of an hour.
func surveyed(mode settings.Mode) settings.Number {
	n := timed(mode)
	n.Survey = settings.Survey{On: true, Limit: time.Hour}
	return n
}

// TestSurvey: after the end the customer is asked once; an answer in time stands on the ticket, one that comes too late does not.
func TestSurvey(t *testing.T) {
	t.Parallel()
	bothModes(t, func(t moded) {
		a := attend(t.T, surveyed(t.number.Mode))
		session := a.concluded("Rejeição 539 na NF-e")
		ticket := a.ticket()
		a.wantTold(mariana, surveyText)
		a.chooses(mariana, "4 - Satisfeito")
		a.run(time.Minute)
		a.wantTold(mariana, surveyThanks)
		a.wantComment(ticket, "o cliente deu nota 4, de 1 a 5", false)
		a.wantFields(a.again(ticket), map[string]string{"Pesquisa de satisfação": "4"})
		if got := a.again(ticket); got.Status != "solved" {
			t.Errorf("the ticket is %+v", got)
		}
		c := a.mind(session).Conversation
		if row := a.rowOf(session, c.Started); !slices.Equal(row.Answers, []int{4}) || c.State != "closed" {
			t.Errorf("the row is %+v", row.Summary)
		}
		a.chooses(mariana, "1 - Muito insatisfeito") // the list is still there
		a.run(time.Minute)
		a.wantComment(ticket, "o cliente deu nota", false)
		a.wantQuiet()

		b := attend(t.T, surveyed(t.number.Mode))
		b.concluded("Rejeição 539 na NF-e")
		b.down(5 * time.Hour)
		b.chooses(mariana, "4 - Satisfeito")
		b.run(time.Minute)
		if n := len(b.comments(b.ticket(), "o cliente deu nota")); n > 0 || b.told(mariana, surveyThanks) > 0 || b.told(mariana, surveyText) != 1 {
			t.Errorf("too late: %d notes, told %q", n, b.phone(mariana))
		}
		if got := b.mind(b.ticket().ExternalID).Conversation; got.State != "closed" {
			t.Errorf("too late: a tap begins %+v", got)
		}
		b.wantQuiet()
	})
}

// TestNoSurvey: whom nobody attended, who wants to hear nothing, and whose window has closed is not asked.
func TestNoSurvey(t *testing.T) {
	t.Parallel()
	for name, story := range map[string]func(a *attendance){
		"muted": func(a *attendance) {
			session := a.answeredBy(anaName)
			a.does(session, "mute", fields{"agent": a.staff(anaName)})
			a.does(session, "close", fields{"agent": a.staff(anaName), "subject": "Rejeição 539", "reason": "ok"})
		},
		"cancelled": func(a *attendance) {
			a.does(a.answeredBy(anaName), "cancel", fields{"agent": a.staff(anaName), "reason": "engano"})
		},
		"to N2": func(a *attendance) {
			a.does(a.answeredBy(anaName), "n2", fields{"agent": a.staff(anaName), "fields": fields{"summary": "x"}})
		},
		"nobody attended": func(a *attendance) {
			a.does(a.derived(mariana).ExternalID, "close", fields{"agent": a.staff(anaName), "subject": "Rejeição 539", "reason": "ok"})
		},
		"by the bot": func(a *attendance) {
			a.says(mariana, "oi")
			a.chooses(mariana, "Horário de atendimento")
			a.says(mariana, "não, obrigada")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := attend(t, surveyed(settings.ModeMirror))
			story(a)
			a.run(10 * time.Minute)
			if a.told(mariana, surveyText) > 0 {
				t.Errorf("asked: %q", a.phone(mariana))
			}
			a.wantQuiet()
		})
	}
}

// TestWarnedOnce: the customer of a pending conversation is warned before it expires, once, and not when it is over.
func TestWarnedOnce(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		passes func(a *attendance)
		want   int
	}{
		"in time":        {func(a *attendance) { a.passes(25 * time.Hour) }, 1},
		"standing still": {func(a *attendance) { a.down(25 * time.Hour) }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := attend(t, timed(settings.ModeTranscript))
			session := a.answeredBy(anaName)
			a.does(session, "close", fields{"agent": a.staff(anaName), "folder": "pendentes"})
			tt.passes(a)
			a.wantTolds(name, mariana, []int{tt.want}, expiringText)
			if got := a.shows(session); got.State != "expired" {
				t.Errorf("the API shows %+v", got)
			}
			a.wantQuiet()
		})
	}
}

// TestMutedHearsNothing: who wants to hear nothing hears neither that they wait nor that nobody is there.
func TestMutedHearsNothing(t *testing.T) {
	t.Parallel()
	n := timed(settings.ModeMirror)
	a := attend(t, n)
	session := a.derived(mariana).ExternalID
	a.does(session, "mute", fields{"agent": a.staff(anaName)})
	told := a.phone(mariana)
	a.passes(3 * time.Hour)
	a.does(session, "take", fields{"agent": a.staff(anaName)})
	a.does(session, "transfer", fields{"agent": a.staff(anaName), "group": queueFinance})
	a.passes(26 * time.Hour)
	if got := a.phone(mariana); len(got) != len(told) {
		t.Errorf("the customer hears %q", got[len(told):])
	}
	if !strings.HasPrefix(session, "wa-"+app.DemoNumber) {
		t.Errorf("the session is %s", session)
	}
	a.wantQuiet()
}
