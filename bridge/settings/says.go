package settings

// Says are the texts for the customer. They may hold the variables of Variables, which Fill fills; one that is empty is not sent.
// Those that a conversation can't go on without are never empty in valid settings.
type Says struct {
	// The bot's.
	Opening         string // first of all
	AskCNPJ         string
	WrongCNPJ       string // what was typed is no CNPJ
	UnknownCNPJ     string // no organisation has it
	NoCNPJ          string // after too many tries
	Choose          string // which of several organisations
	AskEmail        string
	WrongEmail      string
	Menu            string // above the menu
	MenuButton      string // opens the menu's list
	Talk            string // the option that leads to people, always offered
	NotUnderstood   string // none of the options
	AskFAQ          string // what the question is
	NoFAQ           string // nothing was found
	AskPosition     string // which ticket
	Position        string // where it stands, with a date
	PositionOpen    string // where it stands, without a date
	PositionDone    string // it is solved
	NoPosition      string // no such ticket of this customer
	HandOver        string // people take over
	HandOverFlags   string // and Zendesk could not tell who the customer is
	AfterHours      string
	Pending         string // the organisation's registration has a financial pending
	Refused         string // people whom Zendesk does not know are refused
	Greeting        string // when an agent first opens the conversation
	Morning         string
	Afternoon       string
	Evening         string
	Transferred     string
	Closing         string
	N2              string // the ticket goes on to the second level
	Expiring        string // the window closes soon
	AskAnythingMore string // after an answer of the bot

	// What time brings.
	Waiting       string    // in the queue, on arrival and every so often
	NoneAvailable string    // in the queue, while nobody is online or all are at their limit
	Reminders     [3]string // to a customer who went silent; an empty one says what the one before it says
	Survey        string    // the question, where there are no others
	SurveyButton  string    // opens its list
	SurveyScale   [5]string // its answers, from 1 to 5
	SurveyThanks  string    // after the last answer
}

// Variables are what may stand in texts for the customer, with what each means.
func Variables() map[string]string {
	return map[string]string{
		"{{atendimento.numero}}": "the attendance number",
		"{{contato.nome}}":       "the customer's name",
		"{{organizacao.nome}}":   "the organisation's name",
		"{{agente.nome}}":        "the agent's name",
		"{{fila.nome}}":          "the queue's name",
		"{{ticket.id}}":          "the ticket's number",
		"{{chamado.id}}":         "the number of the ticket that was asked about",
		"{{chamado.status}}":     "its status",
		"{{chamado.data}}":       "the date at which its solution is expected",
		"{{tentativas}}":         "how many tries are left",
	}
}

// saysIn is the texts for the customer in a language.
func saysIn(l Language) Says {
	if l == LanguageEN {
		return saysEnglish()
	}
	return saysPortuguese()
}

func saysPortuguese() Says {
	return Says{
		Opening:       "Olá, {{contato.nome}}! O atendimento foi iniciado sob o número {{atendimento.numero}}. Descreva, por favor, como podemos ajudar.",
		AskCNPJ:       "Para localizar o seu cadastro, informe o CNPJ da sua empresa.",
		WrongCNPJ:     "Não reconheci um CNPJ válido. Confira os 14 caracteres e envie novamente, por favor (tentativas restantes: {{tentativas}}).",
		UnknownCNPJ:   "Não localizei nenhuma empresa com esse CNPJ. Um atendente vai ajudar você.",
		NoCNPJ:        "Tudo bem, um atendente vai ajudar você a localizar o cadastro.",
		Choose:        "O seu contato está cadastrado em mais de uma empresa. Sobre qual delas é este atendimento?",
		AskEmail:      "Qual é o seu e-mail? Ele será usado para acompanhar o chamado.",
		WrongEmail:    "Esse endereço de e-mail não parece válido. Pode enviá-lo novamente, por favor?",
		Menu:          "Como podemos ajudar? Escolha uma opção:",
		MenuButton:    "Ver opções",
		Talk:          "Falar com atendente",
		NotUnderstood: "Não entendi a sua resposta. Escolha uma das opções, por favor.",
		AskFAQ:        "Qual é a sua dúvida? Escreva em poucas palavras.",
		NoFAQ:         "Não encontrei uma resposta para isso.",
		AskPosition:   "Qual é o número do chamado?",
		Position:      "O chamado {{chamado.id}} está {{chamado.status}}, com previsão para {{chamado.data}}.",
		PositionOpen:  "O chamado {{chamado.id}} está {{chamado.status}} e ainda não tem data prevista.",
		PositionDone:  "O chamado {{chamado.id}} está {{chamado.status}}.",
		NoPosition:    "Não localizei o chamado {{chamado.id}} para a sua empresa.",
		HandOver:      "Vou transferir você para um de nossos atendentes. Aguarde um instante, por favor.",
		HandOverFlags: "Vou transferir você para um de nossos atendentes, que vai confirmar os seus dados. Aguarde um instante, por favor.",
		AfterHours:    "Nosso horário de atendimento é de segunda a sexta-feira, das 8h às 18h. Deixe a sua mensagem: ela ficará registrada.",
		Pending: "Identificamos uma pendência no cadastro da sua empresa. Para seguir com o suporte, fale com o CST pelo telefone (11) 4003-0015, opções 4 e 9. " +
			"Sem acesso ao Administrativo e Financeiro (CPF ou senha)? A opção 7, Assessoria ao Portal, ajuda.", //nolint:misspell // Portuguese
		Refused:         "Este canal atende apenas clientes cadastrados. Para se cadastrar, fale com a nossa central.", //nolint:misspell // Portuguese
		Greeting:        "Olá, {{contato.nome}}! Meu nome é {{agente.nome}} e vou seguir com o seu atendimento.",
		Morning:         "Bom dia!",
		Afternoon:       "Boa tarde!",
		Evening:         "Boa noite!",
		Transferred:     "O seu atendimento foi transferido para {{fila.nome}}. Aguarde um instante, por favor.",
		Closing:         "O atendimento foi concluído sob o número {{atendimento.numero}}. Agradecemos o seu contato!",
		N2:              "O seu chamado foi encaminhado à nossa equipe especializada e seguirá por lá. Este atendimento está sendo finalizado; avisaremos sobre a solução pelo chamado.",
		Expiring:        "Ainda aguardamos a sua resposta. Sem ela, este atendimento será finalizado em breve por inatividade.",
		AskAnythingMore: "Posso ajudar em algo mais?",

		Waiting:       "Você está na nossa fila de atendimento. Assim que um atendente estiver livre, a conversa continua por aqui.",
		NoneAvailable: "No momento, nenhum atendente está disponível. A sua conversa continua na fila e será atendida assim que possível.",
		Reminders: [3]string{
			"Olá, {{contato.nome}}! Você ainda precisa de ajuda? Aguardamos a sua resposta.",
			"Ainda não recebemos a sua resposta. Podemos seguir com o atendimento?",
			"Como não tivemos retorno, este atendimento poderá ser finalizado em breve. Se ainda precisar de ajuda, basta responder por aqui.",
		},
		Survey:       "Como você avalia este atendimento? Escolha uma nota de 1 a 5.",
		SurveyButton: "Avaliar",
		SurveyScale:  [5]string{"1 - Muito insatisfeito", "2 - Insatisfeito", "3 - Neutro", "4 - Satisfeito", "5 - Muito satisfeito"},
		SurveyThanks: "Agradecemos a sua avaliação!",
	}
}

func saysEnglish() Says {
	return Says{
		Opening:       "Hello, {{contato.nome}}! Your conversation was started under the number {{atendimento.numero}}. Please describe how we can help.",
		AskCNPJ:       "To find your registration, please tell us your company's CNPJ.",
		WrongCNPJ:     "That is not a valid CNPJ. Please check its 14 characters and send it again (tries left: {{tentativas}}).",
		UnknownCNPJ:   "We found no company with this CNPJ. An agent will help you.",
		NoCNPJ:        "All right, an agent will help you find your registration.",
		Choose:        "You are registered with more than one company. Which one is this about?",
		AskEmail:      "What is your e-mail address? It will be used to follow the ticket.",
		WrongEmail:    "This e-mail address does not look right. Could you send it again, please?",
		Menu:          "How can we help? Choose an option:",
		MenuButton:    "Show options",
		Talk:          "Talk to an agent",
		NotUnderstood: "Sorry, we did not understand your answer. Please choose one of the options.",
		AskFAQ:        "What is your question? A few words will do.",
		NoFAQ:         "We found no answer to that.",
		AskPosition:   "What is the ticket's number?",
		Position:      "Ticket {{chamado.id}} is {{chamado.status}}, expected by {{chamado.data}}.",
		PositionOpen:  "Ticket {{chamado.id}} is {{chamado.status}} and has no expected date yet.",
		PositionDone:  "Ticket {{chamado.id}} is {{chamado.status}}.",
		NoPosition:    "We found no ticket {{chamado.id}} of your company.",
		HandOver:      "One of our agents will take over. Please wait a moment.",
		HandOverFlags: "One of our agents will take over and confirm your details. Please wait a moment.",
		AfterHours:    "We are here from Monday to Friday, 8 am to 6 pm. Leave your message: we will keep it.",
		Pending: "There is something pending in your company's registration. To go on with support, please call CST at (11) 4003-0015, options 4 and 9. " +
			"No access to the Administrative and Financial area (CPF or password)? Option 7, Portal Assistance, helps.",
		Refused:         "This channel is for registered customers only. To register, please contact our central office.",
		Greeting:        "Hello, {{contato.nome}}! My name is {{agente.nome}} and I will go on with your conversation.",
		Morning:         "Good morning!",
		Afternoon:       "Good afternoon!",
		Evening:         "Good evening!",
		Transferred:     "Your conversation was transferred to {{fila.nome}}. Please wait a moment.",
		Closing:         "Your conversation was concluded under the number {{atendimento.numero}}. Thank you for contacting us!",
		N2:              "Your ticket was passed on to our specialists and goes on there. This conversation ends here; we will tell you about the solution through the ticket.",
		Expiring:        "We are still waiting for your answer. Without it this conversation will soon be ended.",
		AskAnythingMore: "Can we help with anything else?",

		Waiting:       "You are in our queue. As soon as an agent is free, your conversation goes on here.",
		NoneAvailable: "No agent is available right now. Your conversation stays in the queue and will be attended as soon as possible.",
		Reminders: [3]string{
			"Hello, {{contato.nome}}! Do you still need help? We are waiting for your answer.",
			"We have not received your answer yet. Shall we go on?",
			"As we have not heard from you, this conversation may be ended soon. If you still need help, just answer here.",
		},
		Survey:       "How do you rate this conversation? Please choose from 1 to 5.",
		SurveyButton: "Rate",
		SurveyScale:  [5]string{"1 - Very dissatisfied", "2 - Dissatisfied", "3 - Neutral", "4 - Satisfied", "5 - Very satisfied"},
		SurveyThanks: "Thank you for your rating!",
	}
}
