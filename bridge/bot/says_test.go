package bot_test

import "github.com/ponte-desk/ponte/bridge/settings"

// says are the texts of the tests, so that the dialogues do not depend on the wording of the defaults.
func says() settings.Says {
	return settings.Says{
		Opening:         "Olá, {{contato.nome}}! O atendimento foi iniciado sob o número {{atendimento.numero}}. Descreva, por favor, como podemos ajudar.",
		AskCNPJ:         "Para localizar o seu cadastro, informe o CNPJ da sua empresa.",
		WrongCNPJ:       "Não reconheci um CNPJ válido. Confira os 14 caracteres e envie novamente, por favor (tentativas restantes: {{tentativas}}).",
		UnknownCNPJ:     "Não localizei uma empresa com esse CNPJ. Um atendente vai ajudar você.",
		NoCNPJ:          "Tudo bem, um atendente vai ajudar você a localizar o cadastro.",
		Choose:          "Você está cadastrado em mais de uma empresa. De qual delas se trata este atendimento?",
		AskEmail:        "Qual é o seu e-mail? Ele será usado para acompanhar o chamado.",
		WrongEmail:      "Esse endereço de e-mail não parece válido. Pode enviar novamente?",
		Menu:            "Como podemos ajudar? Escolha uma opção:",
		MenuButton:      "Ver opções",
		Talk:            "Falar com atendente",
		NotUnderstood:   "Não entendi a sua resposta. Escolha uma das opções, por favor.",
		AskFAQ:          "Qual é a sua dúvida? Escreva em poucas palavras.",
		NoFAQ:           "Não encontrei uma resposta para isso.",
		AskPosition:     "Qual é o número do chamado?",
		Position:        "O chamado {{chamado.id}} está {{chamado.status}}, com previsão para {{chamado.data}}.",
		PositionOpen:    "O chamado {{chamado.id}} está {{chamado.status}} e ainda não tem data prevista.",
		PositionDone:    "O chamado {{chamado.id}} está {{chamado.status}}.",
		NoPosition:      "Não localizei o chamado {{chamado.id}} para a sua empresa.",
		HandOver:        "Vou transferir você para um de nossos atendentes. Aguarde um instante, por favor.",
		HandOverFlags:   "Vou transferir você para um de nossos atendentes, que vai confirmar os seus dados. Aguarde um instante, por favor.",
		AskAnythingMore: "Posso ajudar em algo mais?",
	}
}

// saysEnglish are the texts of a dialogue in English.
func saysEnglish() settings.Says {
	return settings.Says{
		Opening: "Hello, {{contato.nome}}! This is {{atendimento.numero}}.", AskEmail: "What is your e-mail address?", Menu: "How can we help?",
		MenuButton: "Show options", Talk: "Talk to an agent", AskPosition: "What is the ticket's number?", HandOver: "One of our agents will take over.",
		Position: "Ticket {{chamado.id}} is {{chamado.status}}, expected by {{chamado.data}}.", AskAnythingMore: "Anything else?",
	}
}
