package app_test

import (
	"slices"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/settings"
)

// answered is a conversation that Ana took and answered.
func (a *attendance) answeredBy(name string) (session string) {
	a.t.Helper()
	session = a.derived(mariana).ExternalID
	agent := a.staff(name)
	a.does(session, "take", fields{"agent": agent})
	a.does(session, "reply", fields{"agent": agent, "text": "qual é a mensagem de erro?"})
	a.run(10 * time.Minute)
	return session
}

// asksAgain is a conversation whose customer asks after the answer.
func (a *attendance) asksAgain(name string) (session string) {
	a.t.Helper()
	session = a.answeredBy(name)
	a.says(mariana, "é a rejeição 539, o que faço?")
	a.run(10 * time.Minute)
	return session
}

// concluded is a conversation that Ana closed, its ticket solved and hers.
func (a *attendance) concluded(subject string) (session string) {
	a.t.Helper()
	session = a.answeredBy(anaName)
	a.does(session, "close", fields{"agent": a.staff(anaName), "subject": subject, "reason": "orientado"})
	a.run(15 * time.Minute)
	return session
}

// plays tells a story in both modes.
func (o outcome) everywhere(t *testing.T, change func(*settings.Number)) {
	t.Helper()
	bothModes(t, func(t moded) {
		n := quiet(t.number)
		if change != nil {
			change(&n)
		}
		o.plays(t.T, n)
	})
}

func withoutBot(n *settings.Number) { n.Bot.Kind = settings.BotNone }

// TestNotAssumed: attended and finished, but nobody has the ticket.
func TestNotAssumed(t *testing.T) {
	t.Parallel()
	t.Run("taken away after the end", func(t *testing.T) {
		t.Parallel()
		outcome{
			begin: func(a *attendance) string {
				session := a.concluded("Rejeição 539 na NF-e")
				a.edits(brunoName, a.ticket(), fields{"assignee_id": nil})
				a.run(5 * time.Second)
				return session
			},
			late: 25 * time.Minute, want: "not_assumed", writes: 2, state: "closed", end: "closed", attention: true,
			change: func(_ *attendance, s *standing) {
				s.Assignee = anaName
				s.tagged("auditoria_nao_assumido")
				s.says("public " + transcript)
				s.says("private " + unassumed)
			},
		}.everywhere(t, nil)
	})
	t.Run("taken away after the end, its transcript public", func(t *testing.T) {
		t.Parallel()
		outcome{
			begin: func(a *attendance) string {
				session := a.concluded("Rejeição 539 na NF-e")
				a.edits(brunoName, a.ticket(), fields{"assignee_id": nil})
				a.run(5 * time.Second)
				return session
			},
			late: 25 * time.Minute, want: "not_assumed", writes: 1, state: "closed", end: "closed", attention: true,
			change: func(_ *attendance, s *standing) {
				s.Assignee = anaName
				s.tagged("auditoria_nao_assumido")
				s.says("private " + unassumed)
			},
		}.everywhere(t, func(n *settings.Number) { n.Transcript.AtEnd = settings.TranscriptPublic })
	})
	t.Run("solved by who gave it away, nobody said what it was about", func(t *testing.T) {
		t.Parallel()
		outcome{
			begin: func(a *attendance) string {
				a.says(mariana, "bom dia, a rotina 1400 não abre desde ontem")
				a.run(time.Minute)
				session := a.ticket().ExternalID
				a.does(session, "reply", fields{"agent": a.staff(anaName), "text": "já foi corrigido"})
				a.run(10 * time.Minute)
				a.edits(brunoName, a.ticket(), fields{"status": "solved", "assignee_id": nil}) // Zendesk makes it his
				a.edits(brunoName, a.ticket(), fields{"assignee_id": nil})
				return session
			},
			late: 25 * time.Minute, want: "not_assumed", corrections: []string{"wrong_title"}, writes: 2, state: "closed", end: "closed", attention: true,
			notices: []string{"audit_open"},
			change: func(_ *attendance, s *standing) {
				s.Assignee, s.Subject = anaName, "a rotina 1400 não abre desde ontem"
				s.tagged("auditoria_nao_assumido", "auditoria_titulo_incorreto")
				s.says("public " + transcript)
				s.says("private " + unassumed)
			},
		}.everywhere(t, withoutBot)
	})
	t.Run("answered by a program", func(t *testing.T) {
		t.Parallel()
		outcome{
			begin: func(a *attendance) string {
				session := a.derived(mariana).ExternalID
				a.does(session, "reply", fields{"text": "a nota foi autorizada"})
				a.does(session, "close", fields{"subject": "Nota autorizada", "reason": "orientado"})
				a.run(30 * time.Second)
				return session
			},
			late: 25 * time.Minute, want: "not_assumed", writes: 2, state: "closed", end: "closed", attention: true,
			notices: []string{"audit_open"},
			change: func(_ *attendance, s *standing) {
				s.tagged("auditoria_nao_assumido")
				s.says("public " + transcript)
				s.says("private " + unassumed)
			},
		}.everywhere(t, nil)
	})
}

// TestClientAbandonment: the last word was the agent's, and the customer went silent.
func TestClientAbandonment(t *testing.T) {
	t.Parallel()
	change := func(_ *attendance, s *standing) {
		s.Status = "solved"
		s.recatalogued(abandonTag)
		s.tagged("auditoria_abandono_cliente")
		s.says("public " + transcript)
	}
	t.Run("after an hour and a half", func(t *testing.T) {
		t.Parallel()
		outcome{
			begin: func(a *attendance) string { return a.answeredBy(anaName) },
			early: 75 * time.Minute, late: 105 * time.Minute, want: "client_abandonment", writes: 1, state: "closed", end: "audited", attention: true,
			change: change,
		}.everywhere(t, func(n *settings.Number) { n.Survey.On = true })
	})
	t.Run("expired while the agent waits", func(t *testing.T) {
		t.Parallel()
		outcome{
			begin: func(a *attendance) string {
				session := a.answeredBy(anaName)
				a.does(session, "close", fields{"agent": a.staff(anaName), "folder": "pendentes"})
				a.run(10 * time.Minute)
				return session
			},
			early: 23 * time.Hour, late: 24*time.Hour + 15*time.Minute, want: "client_abandonment", writes: 1, state: "closed", end: "expired", attention: true,
			change: change,
		}.everywhere(t, nil)
	})
}

// TestAgentAbandonment: an agent owes an answer.
func TestAgentAbandonment(t *testing.T) {
	t.Parallel()
	by := func(name string) outcome {
		return outcome{
			early: 70 * time.Minute, late: 105 * time.Minute, want: "agent_abandonment", writes: 1, state: "active", attention: true,
			notices: []string{"agent_abandonment"},
			change: func(_ *attendance, s *standing) {
				s.Assignee = name
				s.recatalogued(abandonTag)
				s.tagged("auditoria_abandono_analista")
				s.says("private " + unanswered + " " + transcript)
			},
		}
	}
	for name, o := range map[string]struct {
		outcome

		begin func(a *attendance) string
	}{
		"never wrote": {by(anaName), func(a *attendance) string {
			session := a.derived(mariana).ExternalID
			a.does(session, "take", fields{"agent": a.staff(anaName)})
			a.run(10 * time.Minute)
			return session
		}},
		"wrote once": {by(anaName), func(a *attendance) string { return a.asksAgain(anaName) }},
		"got it from a colleague": {by(brunoName), func(a *attendance) string {
			session := a.asksAgain(anaName)
			a.passes(time.Hour)
			a.does(session, "transfer", fields{"agent": a.staff(anaName), "to": a.staff(brunoName)})
			a.run(10 * time.Minute)
			return session
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			story := o.outcome
			story.begin = func(a *attendance) string {
				session := o.begin(a)
				a.does(session, "resolve", fields{"agent": a.staff(anaName)})
				return session
			}
			story.everywhere(t, nil)
		})
	}
}

// TestAfterHoursIsJudged: nobody attended what came while nobody was there. It came at 20:00; at 8:00 the next day people are back.
func TestAfterHoursIsJudged(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change      func(*settings.Number)
		early, late time.Duration
		end         string
	}{
		"with a bot":    {nil, 13*time.Hour + 20*time.Minute, 13*time.Hour + 45*time.Minute, "audited"},
		"without a bot": {withoutBot, 23*time.Hour + 30*time.Minute, 24*time.Hour + 45*time.Minute, "expired"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			outcome{
				begin: func(a *attendance) string {
					a.passes(10 * time.Hour)
					a.says(mariana, "boa noite, o faturamento parou")
					a.run(time.Minute)
					return a.ticket().ExternalID
				},
				early: tt.early, late: tt.late, want: "after_hours", corrections: []string{"wrong_title"}, writes: 1, state: "closed", end: tt.end, attention: true,
				change: func(_ *attendance, s *standing) {
					s.Status, s.Subject = "solved", "o faturamento parou"
					s.recatalogued(othersTag)
					s.tagged("auditoria_fora_do_horario", "auditoria_titulo_incorreto")
					s.says("private " + transcript)
				},
			}.everywhere(t, tt.change)
		})
	}
}

// TestAgentUnavailable: people were asked for within business hours, and nobody came; the ticket waits, the conversation stays in its queue.
func TestAgentUnavailable(t *testing.T) {
	t.Parallel()
	o := outcome{
		begin: func(a *attendance) string { return a.derived(mariana).ExternalID },
		early: 80 * time.Minute, late: 105 * time.Minute, want: "agent_unavailable", writes: 1, state: "queued", attention: true,
		change: func(_ *attendance, s *standing) {
			s.Status = "pending"
			s.recatalogued(abandonTag)
			s.tagged("auditoria_indisponibilidade")
			s.says("private " + unavailable)
		},
	}
	o.everywhere(t, nil)
	t.Run("and expires later", func(t *testing.T) {
		t.Parallel()
		bothModes(t, func(t moded) {
			a := attend(t.T, quiet(t.number))
			session := o.begin(a)
			a.passes(105 * time.Minute)
			ticket := a.ticket().ID
			want, cost := a.stands(ticket), a.costs()
			a.passes(26 * time.Hour)
			a.wantSame("expired", ticket, want)
			if spent := a.costs().since(cost).writing(); want.Status != "pending" || spent.sum() > 0 {
				t.Errorf("expired: %s, %s", want.Status, spent)
			}
			c := a.mind(session).Conversation
			if row := a.rowOf(session, c.Started); c.State != "expired" || c.Audited.Outcome != "agent_unavailable" || row.State != "expired" || row.Audited == nil {
				t.Errorf("the conversation is %+v, its row %+v", c, row.Summary)
			}
			a.wantQuiet()
		})
	})
}

// TestBotAbandoned: the customer quit during the bot; the ticket is left, or solved with a tag where settings want that.
func TestBotAbandoned(t *testing.T) {
	t.Parallel()
	o := outcome{
		begin: func(a *attendance) string {
			expires := a.clock().Add(24 * time.Hour)
			a.says(mariana, "bom dia, o boleto não registra")
			a.run(time.Minute)
			a.passes(expires.Add(-12 * time.Minute).Sub(a.clock()))
			a.run(expires.Add(30 * time.Second).Sub(a.clock()))
			return a.ticket().ExternalID
		},
		late: 15 * time.Minute, want: "bot_abandoned", state: "expired", end: "expired", attention: true, change: func(*attendance, *standing) {},
	}
	solved := o
	solved.writes, solved.corrections = 1, []string{"wrong_title"}
	solved.change = func(_ *attendance, s *standing) {
		s.Status, s.Subject = "solved", "o boleto não registra"
		s.tagged("abandono_no_robo", "auditoria_titulo_incorreto")
	}
	for name, tt := range map[string]struct {
		outcome

		way  settings.BotAbandoned
		want standing
	}{
		"left": {o, settings.BotLeave, standing{Status: "new", Subject: "Atendimento iniciado via WhatsApp", Tags: []string{"whatsapp"}}},
		"solved": {solved, settings.BotSolve, standing{
			Status: "solved", Subject: "o boleto não registra", Tags: []string{"abandono_no_robo", "auditoria_titulo_incorreto", "whatsapp"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := quiet(procedure(settings.ModeMirror))
			n.Audit.BotAbandoned = tt.way
			tt.plays(t, n)
		})
		t.Run(name+", its ticket made at the end", func(t *testing.T) {
			t.Parallel()
			n := quiet(procedure(settings.ModeTranscript))
			n.Audit.BotAbandoned = tt.way
			a := attend(t, n)
			cost := a.costs()
			session := o.begin(a)
			a.passes(15 * time.Minute)
			got := a.stands(a.ticket().ID)
			if got.Status != tt.want.Status || got.Subject != tt.want.Subject || !slices.Equal(got.Tags, tt.want.Tags) || len(got.Comments) != 1 || got.Assignee != "" {
				t.Errorf("the ticket is %+v", got)
			}
			spent := a.costs().since(cost)
			if spent["POST /tickets"] != 1 || spent.writing().sum() != 1+tt.writes {
				t.Errorf("%s", spent)
			}
			tt.wantVerdict(a, session, a.mind(session))
			cost = a.costs()
			a.passes(3 * time.Hour)
			a.wantSame("later", a.ticket().ID, got)
			if spent := a.costs().since(cost).writing(); spent.sum() > 0 {
				t.Errorf("later: %s", spent)
			}
			a.wantQuiet()
		})
	}
}
