package classify

import "time"

// words are the sentences of an evidence in one language.
type words struct {
	created, open, closed, queued, nobodySpoke, customerSpoke, agentSpoke, someoneSpoke, waited, looked, setting string
	noOrganization, wrongTitle                                                                                   string
	layout                                                                                                       string
	reasons                                                                                                      map[Reason]string
	settings                                                                                                     map[string]string
}

// when shows an instant.
func (w words) when(t time.Time) string { return t.Format(w.layout) }

func portuguese() words {
	return words{
		layout: "02/01/2006 15:04:05", created: "A conversa começou em %s, %s.", open: "dentro do horário de atendimento",
		closed: "fora do horário de atendimento", queued: "O atendimento por uma pessoa foi pedido em %s.", nobodySpoke: "Nem o cliente nem um atendente escreveu.",
		customerSpoke: "O cliente falou por último, em %s.", agentSpoke: "%s falou por último, em %s.", someoneSpoke: "Um atendente falou por último, em %s.",
		waited: "Espera de %s de expediente, contada desde %s (limite: %s).", looked: "Situação auditada em %s.", setting: "Configuração que decidiu: %s.",
		noOrganization: "O ticket está sem organização.", wrongTitle: "O título do ticket não diz do que se trata: “%s”.",
		reasons: map[Reason]string{
			ReasonUnassumed:    "Houve atendimento e ele terminou, mas ninguém assumiu o ticket: ele continua como novo ou sem responsável.",
			ReasonSilent:       "O atendente deu a última resposta e o cliente não voltou a perguntar nada.",
			ReasonUnanswered:   "O cliente escreveu por último e não teve resposta do atendente.",
			ReasonTransferred:  "A conversa foi transferida e ninguém escreveu ao cliente depois disso.",
			ReasonNeverWrote:   "A conversa esteve com um atendente que nunca escreveu ao cliente.",
			ReasonClosedHours:  "Ninguém atendeu, e a conversa começou fora do horário de atendimento.",
			ReasonNobody:       "O cliente pediu atendimento dentro do horário e nenhum atendente assumiu a conversa.",
			ReasonQuit:         "O cliente deixou a conversa durante o pré-atendimento, sem pedir um atendente.",
			ReasonEmpty:        "Não há conversa para auditar.",
			ReasonFinal:        "O ticket está fechado e não aceita mais alterações.",
			ReasonSettling:     "O que já foi decidido ainda está sendo gravado no ticket.",
			ReasonN2:           "O ticket está com o N2.",
			ReasonSnoozed:      "A conversa está adiada.",
			ReasonRefused:      "O atendimento foi recusado, por pendência no cadastro ou por ser de um desconhecido.",
			ReasonCancelled:    "O atendimento foi cancelado.",
			ReasonStopped:      "A conversa foi encerrada no WhatsApp, e o ticket segue por outro caminho.",
			ReasonFinished:     "O atendimento foi concluído, e o ticket está em ordem.",
			ReasonWaiting:      "A espera ainda está dentro do limite.",
			ReasonPending:      "O atendente aguarda o cliente: a conversa está com pendência até expirar.",
			ReasonBot:          "O cliente ainda está no pré-atendimento.",
			ReasonJudged:       "Isto já foi apontado, e nada aconteceu desde então.",
			ReasonLateHandOver: "A conversa começou dentro do horário, mas o atendente foi pedido fora dele: nenhuma regra trata disso.",
			ReasonUntold:       "A conversa aconteceu fora deste ticket, e ele não diz quem falou por último nem se alguém atendeu: um supervisor decide.",
		},
		settings: map[string]string{
			settingWait: "tempo de espera da auditoria", settingHours: "horário de atendimento", settingBot: "pré-atendimento do número",
			settingExpiry: "24 horas sem mensagem do cliente", settingBotAbandoned: "abandono no pré-atendimento", settingMacros: "macros da auditoria",
		},
	}
}

func english() words {
	return words{
		layout: "2006-01-02 15:04:05", created: "The conversation began on %s, %s.", open: "within business hours", closed: "outside business hours",
		queued: "People were asked for on %s.", nobodySpoke: "Neither the customer nor an agent wrote.", customerSpoke: "The customer spoke last, on %s.",
		agentSpoke: "%s spoke last, on %s.", someoneSpoke: "An agent spoke last, on %s.", waited: "Waited %s of business time since %s (limit: %s).",
		looked: "Audited on %s.", setting: "The setting that decided: %s.", noOrganization: "The ticket has no organisation.",
		wrongTitle: "The ticket's title does not say what it is about: “%s”.",
		reasons: map[Reason]string{
			ReasonUnassumed:    "It was attended and finished, but nobody took the ticket: it is still new or unassigned.",
			ReasonSilent:       "The agent gave the last answer, and the customer asked nothing more.",
			ReasonUnanswered:   "The customer wrote last and got no answer from the agent.",
			ReasonTransferred:  "The conversation was transferred, and nobody wrote to the customer since.",
			ReasonNeverWrote:   "An agent had the conversation and never wrote to the customer.",
			ReasonClosedHours:  "Nobody attended, and the conversation began outside business hours.",
			ReasonNobody:       "The customer asked for people within business hours, and no agent took the conversation.",
			ReasonQuit:         "The customer left during the bot, without asking for people.",
			ReasonEmpty:        "There is no conversation to audit.",
			ReasonFinal:        "The ticket is closed and takes no more changes.",
			ReasonSettling:     "What was decided is still being written on the ticket.",
			ReasonN2:           "The ticket is at the second level.",
			ReasonSnoozed:      "The conversation is snoozed.",
			ReasonRefused:      "It was refused, for a financial pending or as unknown.",
			ReasonCancelled:    "It was cancelled.",
			ReasonStopped:      "The conversation was ended on WhatsApp; the ticket goes on by another way.",
			ReasonFinished:     "It was finished, and the ticket is in order.",
			ReasonWaiting:      "The wait is still within the limit.",
			ReasonPending:      "The agent waits for the customer: the conversation is pending until it expires.",
			ReasonBot:          "The customer is still with the bot.",
			ReasonJudged:       "This was found before, and nothing happened since.",
			ReasonLateHandOver: "It began within business hours, but people were asked for outside of them: no rule is about that.",
			ReasonUntold:       "The talk took place elsewhere, and the ticket tells neither who spoke last nor whether anybody attended: a supervisor decides.",
		},
		settings: map[string]string{
			settingWait: "the auditor's wait", settingHours: "business hours", settingBot: "the number's bot", settingExpiry: "24 hours without the customer",
			settingBotAbandoned: "customers who quit the bot", settingMacros: "the auditor's macros",
		},
	}
}
