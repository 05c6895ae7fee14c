package settings

// Texts are Ponte's own words on tickets, in the form of package fmt: each takes what its default takes.
type Texts struct {
	NotDelivered  string // a reply did not reach the customer: time, reason
	Repeated      string // a reply was sent a second time: time
	Unconfirmed   string // a reply was never confirmed: time
	NoAttachments string // attachments of a reply that did not go out: number of them
	FollowUp      string // first line of a ticket that follows a closed one: ticket number
	Kept          string // a reply waits for the customer, the window being closed: time
	Invited       string // and the customer was invited to write: the invitation
	NotInvited    string // and nobody has invited the customer
	FileRefused   string // a customer's file could not be attached: reason
	FileFollows   string // a customer's file that comes after its message: name
	Started       string // the company began the conversation: agent
	StartedText   string // first comment of a ticket in transcript_only
	Template      string // a template was sent: name, text
	Conflict      string // two contacts may be one person and both have a conversation
	PhoneLost     string // the contact's phone belongs to somebody else now
	Stopped       string // why words did not go out: the conversation was stopped
	StoppedReply  string // an agent's comment did not go out: the conversation was stopped

	// The procedure's.

	SummaryTitle       string // heading of the bot's summary note
	PendingNote        string // a financial pending was found while the organisation is being attended: organisation
	OverrideNote       string // attended in spite of a pending: agent, reason
	UnverifiedNote     string // the financial check could not be made
	NoOrganizationNote string // no organisation has the CNPJ
	PendingEmptyNote   string // the organisation's field of the financial pending is empty
	NoEmailNote        string // the contact's e-mail address is not known
	Repaired           string // a ticket without organisation was repaired: organisation, requester
	Transferred        string // the conversation was transferred: to whom, by whom
	TransferComment    string // the comment of a transfer: by whom, comment
	Expired            string // 24 hours went by without a message of the customer
	FieldsLeft         string // fields could not be written, because somebody edits the ticket
	NotTaken           string // Zendesk did not take a part of an update: list of what
	ClosedTwice        string // a conversation that had ended was to be closed
	Previous           string // the contact's earlier tickets: list of them

	// What time brings.

	AgentSilent    string // the agent does not answer, and people are alerted: agent, for how many minutes
	AgentReturned  string // the conversation went back to its queue, because the agent does not answer: agent, for how many minutes
	SurveyAnswered string // the customer answered the survey: answer, 1 to 5
	SurveyAnswers  string // the customer answered several questions: list of question and answer
	Judged         string // for the supervisor: an agent's abandonment was found: ticket
	Undecided      string // for the supervisor: something that is not guessed: ticket, what
	OpenCatalogue  string // what that may be
	OpenTitle      string
	OpenAssignee   string
	OpenOutcome    string
	// OpenOrganization is the customer's company.
	OpenOrganization string
	Overruled        string // a supervisor overruled the auditor: by whom, reason
	VerdictLeft      string // what the auditor found was left alone, because somebody changed the ticket meanwhile
}

// wording is one of the texts: its name in the file, when it is written and what its placeholders stand for, in their order.
type wording struct {
	key, about string
	at         func(*Texts) *string
}

// wordings names all texts.
func wordings() []wording {
	return []wording{
		{"not_delivered", "A reply did not reach the customer: time (%s), reason (%s).", func(t *Texts) *string { return &t.NotDelivered }},
		{"repeated", "A reply was sent a second time: time (%s).", func(t *Texts) *string { return &t.Repeated }},
		{"unconfirmed", "A reply was never confirmed: time (%s).", func(t *Texts) *string { return &t.Unconfirmed }},
		{"no_attachments", "Attachments of a reply did not go out: how many (%d).", func(t *Texts) *string { return &t.NoAttachments }},
		{"follow_up", "First line of a ticket that follows a closed one: ticket number (%d).", func(t *Texts) *string { return &t.FollowUp }},
		{"kept", "A reply waits for the customer, the window being closed: time (%s).", func(t *Texts) *string { return &t.Kept }},
		{"invited", "And the customer was invited to write: the invitation (%s).", func(t *Texts) *string { return &t.Invited }},
		{"not_invited", "And nobody has invited the customer.", func(t *Texts) *string { return &t.NotInvited }},
		{"file_refused", "A customer's file could not be attached: reason (%s).", func(t *Texts) *string { return &t.FileRefused }},
		{"file_follows", "A customer's file that comes after its message: name (%s).", func(t *Texts) *string { return &t.FileFollows }},
		{"started", "The company began the conversation: agent (%s).", func(t *Texts) *string { return &t.Started }},
		{"started_text", "First comment of a ticket whose mode is transcript_only.", func(t *Texts) *string { return &t.StartedText }},
		{"template", "A template was sent: name (%s), text (%s).", func(t *Texts) *string { return &t.Template }},
		{"conflict", "Two contacts may be one person, and both have a conversation.", func(t *Texts) *string { return &t.Conflict }},
		{"phone_lost", "The contact's phone belongs to somebody else now.", func(t *Texts) *string { return &t.PhoneLost }},
		{"stopped", "Why words did not go out: the conversation was stopped.", func(t *Texts) *string { return &t.Stopped }},
		{"stopped_reply", "An agent's comment did not go out: the conversation was stopped.", func(t *Texts) *string { return &t.StoppedReply }},
		{"summary_title", "Heading of the note with the bot's summary.", func(t *Texts) *string { return &t.SummaryTitle }},
		{"pending_note", "A financial pending was found while the organisation is being attended: organisation (%s).", func(t *Texts) *string { return &t.PendingNote }},
		{"override_note", "Attended in spite of a financial pending: agent (%s), reason (%s).", func(t *Texts) *string { return &t.OverrideNote }},
		{"unverified_note", "The financial check could not be made in time.", func(t *Texts) *string { return &t.UnverifiedNote }},
		{"no_organization_note", "No organisation was found.", func(t *Texts) *string { return &t.NoOrganizationNote }},
		{"pending_empty_note", "The organisation's field of the financial pending is empty.", func(t *Texts) *string { return &t.PendingEmptyNote }},
		{"no_email_note", "The contact's e-mail address is not known.", func(t *Texts) *string { return &t.NoEmailNote }},
		{"repaired", "A ticket without organisation was repaired: organisation (%s), requester (%s).", func(t *Texts) *string { return &t.Repaired }},
		{"transferred", "The conversation was transferred: to whom (%s), by whom (%s).", func(t *Texts) *string { return &t.Transferred }},
		{"transfer_comment", "The comment of a transfer: by whom (%s), comment (%s).", func(t *Texts) *string { return &t.TransferComment }},
		{"expired", "24 hours went by without a message of the customer.", func(t *Texts) *string { return &t.Expired }},
		{"fields_left", "Fields of a macro or a command could not be written, because somebody edits the ticket.", func(t *Texts) *string { return &t.FieldsLeft }},
		{"not_taken", "Zendesk did not take a part of an update: what (%s).", func(t *Texts) *string { return &t.NotTaken }},
		{"closed_twice", "A conversation that had ended was to be closed.", func(t *Texts) *string { return &t.ClosedTwice }},
		{"previous", "The contact's earlier tickets: list (%s).", func(t *Texts) *string { return &t.Previous }},
		{"agent_silent", "An agent does not answer, and people are alerted: agent (%s), for how many minutes (%d).", func(t *Texts) *string { return &t.AgentSilent }},
		{"agent_returned", "For that the conversation went back to its queue: agent (%s), for how many minutes (%d).", func(t *Texts) *string { return &t.AgentReturned }},
		{"survey_answered", "The customer answered the survey: answer, 1 to 5 (%d).", func(t *Texts) *string { return &t.SurveyAnswered }},
		{"survey_answers", "The customer answered a survey of several questions: their list (%s).", func(t *Texts) *string { return &t.SurveyAnswers }},
		{"judged", "For supervisors: the audit found that an agent abandoned a customer: ticket number (%d).", func(t *Texts) *string { return &t.Judged }},
		{"undecided", "For supervisors: the audit leaves something to them: ticket number (%d), what (%s).", func(t *Texts) *string { return &t.Undecided }},
		{"open_catalogue", "That may be the value of the catalogue field, …", func(t *Texts) *string { return &t.OpenCatalogue }},
		{"open_title", "… the title …", func(t *Texts) *string { return &t.OpenTitle }},
		{"open_assignee", "… the assignee …", func(t *Texts) *string { return &t.OpenAssignee }},
		{"open_outcome", "… how it went, of a ticket of another bot …", func(t *Texts) *string { return &t.OpenOutcome }},
		{"open_organization", "… or the customer's organisation.", func(t *Texts) *string { return &t.OpenOrganization }},
		{"overruled", "A supervisor overruled the audit: by whom (%s), reason (%s).", func(t *Texts) *string { return &t.Overruled }},
		{"verdict_left", "What the audit found was left alone, because somebody changed the ticket meanwhile.", func(t *Texts) *string { return &t.VerdictLeft }},
	}
}

// subjectIn is the subject of new tickets in a language.
func subjectIn(l Language) string {
	if l == LanguageEN {
		return "Conversation started on WhatsApp"
	}
	return "Atendimento iniciado via WhatsApp"
}

// textsIn is the texts in a language.
func textsIn(l Language) Texts {
	if l == LanguageEN {
		return english()
	}
	return portuguese()
}

func portuguese() Texts {
	return Texts{
		NotDelivered:  "A resposta das %s não foi entregue no WhatsApp: %s",
		Repeated:      "A resposta das %s foi enviada outra vez, porque o WhatsApp não confirmou a primeira; o cliente pode tê-la recebido em dobro.",
		Unconfirmed:   "O WhatsApp não confirmou a resposta das %s. Verifique com o cliente se ela chegou antes de escrevê-la de novo.",
		NoAttachments: "%d anexo(s) desta resposta não foram enviados ao WhatsApp: por enquanto só o texto é enviado.",
		FollowUp:      "Continuação do ticket %d, que está fechado.",
		Kept:          "A resposta das %s está guardada: Aguardando resposta do cliente para ser entregue via WhatsApp.",
		Invited:       "O cliente foi convidado a responder com o modelo: %s",
		NotInvited:    "A janela de 24 horas está fechada. Envie um modelo aprovado para convidar o cliente a responder; a resposta segue sozinha quando ele escrever.",
		FileRefused:   "Um arquivo do cliente não pôde ser anexado: %s",
		FileFollows:   "[Arquivo] %s",
		Started:       "Conversa iniciada pela empresa no WhatsApp por %s.",
		StartedText:   "Atendimento pelo WhatsApp em andamento. A conversa completa será registrada aqui no encerramento.",
		Template:      "Modelo “%s” enviado ao cliente: %s",
		Conflict:      "Este cliente parece ser a mesma pessoa de outro contato que também tem uma conversa aberta. Encerre uma delas; a união dos contatos precisa ser decidida por uma pessoa.",
		PhoneLost:     "O telefone deste contato passou a outra pessoa no WhatsApp. As respostas seguem apenas pela identificação do WhatsApp do contato.",
		Stopped:       "O envio pelo WhatsApp foi encerrado nesta conversa.",
		StoppedReply:  "Esta resposta não foi enviada ao cliente: o envio pelo WhatsApp foi encerrado nesta conversa. Reinicie a conversa para voltar a responder por lá.",

		SummaryTitle:       "Resumo do pré-atendimento",
		PendingNote:        "%s tem pendência financeira no cadastro, verificada com o atendimento já em andamento. Oriente o cliente a regularizar o cadastro ou registre o motivo para atender mesmo assim.",
		OverrideNote:       "Atendimento liberado por %s apesar da pendência financeira. Motivo: %s",
		UnverifiedNote:     "Pendência não verificada: o Zendesk não respondeu a tempo. A verificação será repetida assim que possível.",
		NoOrganizationNote: "Organização não encontrada. Confirme o CNPJ com o cliente e vincule a organização ao ticket.",
		PendingEmptyNote:   "O campo Pendência Financeira da organização está vazio. O atendimento segue; confirme a situação do cadastro.",
		NoEmailNote:        "E-mail do contato não informado. Peça o e-mail ao cliente para incluí-lo em cópia no ticket.",
		Repaired:           "O ticket foi corrigido: organização %s, solicitante %s.",
		Transferred:        "Atendimento transferido para %s por %s.",
		TransferComment:    "Comentário de %s na transferência: %s",
		Expired:            "Conversa finalizada por tempo de inatividade",
		FieldsLeft:         "Os campos do ticket não puderam ser gravados, porque alguém o estava editando. Confira-os e preencha os que faltam.",
		NotTaken:           "O Zendesk não aceitou parte da atualização deste ticket: %s. Confira e complete, por favor.",
		ClosedTwice:        "Este atendimento já estava concluído; nada foi alterado.",
		Previous:           "Tickets anteriores deste contato: %s",

		AgentSilent:    "O cliente aguarda a resposta de %s há %d min.",
		AgentReturned:  "Sem resposta de %s há %d min: a conversa voltou para a fila, com prioridade.",
		SurveyAnswered: "Pesquisa de satisfação: o cliente deu nota %d, de 1 a 5.",
		SurveyAnswers:  "Pesquisa de satisfação, com notas de 1 a 5:\n%s",
		Judged:         "Abandono do analista no ticket %d: a última mensagem do cliente ficou sem resposta. O ticket segue em aberto e precisa de atenção.",
		Undecided:      "O ticket %d precisa da decisão de um supervisor: %s.",
		OpenCatalogue:  "o item do catálogo de serviços",
		OpenTitle:      "o título",
		OpenAssignee:   "o responsável",
		OpenOutcome:    "o resultado do atendimento",

		OpenOrganization: "a organização",

		Overruled:   "O resultado da auditoria foi revisto por %s. Motivo: %s",
		VerdictLeft: "O resultado da auditoria não foi aplicado a este ticket, porque alguém o alterou nesse meio-tempo.",
	}
}

func english() Texts {
	return Texts{
		NotDelivered:  "The reply of %s was not delivered on WhatsApp: %s",
		Repeated:      "The reply of %s was sent again, because WhatsApp did not confirm the first one; the customer may have received it twice.",
		Unconfirmed:   "WhatsApp did not confirm the reply of %s. Check with the customer whether it arrived before writing it again.",
		NoAttachments: "%d attachment(s) of this reply were not sent to WhatsApp: for now only the text is sent.",
		FollowUp:      "Continuation of ticket %d, which is closed.",
		Kept:          "The reply of %s is kept: waiting for the customer's answer to be delivered on WhatsApp.",
		Invited:       "The customer was invited to answer with the template: %s",
		NotInvited:    "The 24-hour window is closed. Send an approved template to invite the customer to answer; the reply goes out by itself when they write.",
		FileRefused:   "A file of the customer could not be attached: %s",
		FileFollows:   "[File] %s",
		Started:       "Conversation started by the company on WhatsApp by %s.",
		StartedText:   "Conversation in progress on WhatsApp. All of it will be recorded here when it ends.",
		Template:      "Template “%s” sent to the customer: %s",
		Conflict:      "This customer seems to be the same person as another contact who also has an open conversation. End one of them; a person has to decide whether the contacts are joined.",
		PhoneLost:     "This contact's phone now belongs to somebody else on WhatsApp. Replies go only to the contact's WhatsApp id.",
		Stopped:       "Sending by WhatsApp was ended in this conversation.",
		StoppedReply:  "This reply was not sent to the customer: sending by WhatsApp was ended in this conversation. Restart it to reply there again.",

		SummaryTitle:       "Summary of the pre-attendance",
		PendingNote:        "%s has a financial pending in its registration, found while it is being attended. Ask the customer to settle it, or record a reason to attend all the same.",
		OverrideNote:       "%s goes on with this conversation in spite of the financial pending. Reason: %s",
		UnverifiedNote:     "Financial pending not verified: Zendesk did not answer in time. It is checked again as soon as possible.",
		NoOrganizationNote: "Organisation not found. Confirm the CNPJ with the customer and put the organisation on the ticket.",
		PendingEmptyNote:   "The organisation's field for a financial pending is empty. The conversation goes on; confirm how its registration stands.",
		NoEmailNote:        "The contact's e-mail address is not known. Ask the customer for it, to add them to the ticket in copy.",
		Repaired:           "The ticket was repaired: organisation %s, requester %s.",
		Transferred:        "Conversation transferred to %s by %s.",
		TransferComment:    "%s wrote with the transfer: %s",
		Expired:            "Conversation ended for inactivity",
		FieldsLeft:         "The ticket's fields could not be written, because somebody was editing it. Check them and fill in those that are missing.",
		NotTaken:           "Zendesk did not take a part of this ticket's update: %s. Please check and complete it.",
		ClosedTwice:        "This conversation was concluded already; nothing was changed.",
		Previous:           "Earlier tickets of this contact: %s",

		AgentSilent:    "The customer has waited for the answer of %s for %d min.",
		AgentReturned:  "No answer of %s for %d min: the conversation went back to its queue, before others.",
		SurveyAnswered: "Satisfaction survey: the customer answered %d, from 1 to 5.",
		SurveyAnswers:  "Satisfaction survey, with answers from 1 to 5:\n%s",
		Judged:         "Ticket %d was abandoned by its agent: the customer's last message got no answer. It stays open and needs attention.",
		Undecided:      "Ticket %d needs a supervisor's decision: %s.",
		OpenCatalogue:  "the item of the service catalogue",
		OpenTitle:      "the title",
		OpenAssignee:   "the assignee",
		OpenOutcome:    "how it went",

		OpenOrganization: "the organisation",

		Overruled:   "The audit's result was overruled by %s. Reason: %s",
		VerdictLeft: "The audit's result was not applied to this ticket, because somebody changed it meanwhile.",
	}
}
