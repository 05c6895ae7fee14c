package whatsapp

// Advice returns what an agent reads about an error of the class, in Brazilian Portuguese: what happened and the way out.
// Judge has words of its own for some codes.
func (c Class) Advice() string {
	switch c {
	case ClassTransient:
		return "O WhatsApp está com instabilidade. O envio será repetido automaticamente; não é preciso reenviar."
	case ClassThrottledNumber:
		return "O WhatsApp limitou o ritmo de envio deste número. A mensagem está na fila e seguirá sozinha; não reenvie."
	case ClassThrottledRecipient:
		return "Foram muitas mensagens seguidas para este cliente. A próxima seguirá sozinha em instantes; " +
			"se puder, junte o que falta em uma só mensagem."
	case ClassNeedsTemplate:
		return "A mensagem não foi entregue: a janela de 24 horas está fechada. Envie um modelo aprovado para retomar a conversa."
	case ClassUndeliverable:
		return "A mensagem não pode ser entregue a este contato pelo WhatsApp. Confirme o número ou fale com o cliente por outro canal."
	case ClassOurBug:
		return "O WhatsApp recusou o formato da mensagem. Reenviar não resolve: avise o administrador do sistema."
	case ClassMedia:
		return "O arquivo não pôde ser transferido. Confira o formato e o tamanho e envie de novo, ou combine outro canal com o cliente."
	case ClassMarketing:
		return "O WhatsApp não entregou esta mensagem de marketing ao cliente. Não reenvie; " +
			"espere o próximo contato dele ou use outro canal."
	case ClassTemplate:
		return "O modelo de mensagem foi recusado pelo WhatsApp. Escolha outro modelo e avise o administrador do sistema."
	case ClassAuth:
		return "O acesso ao WhatsApp foi recusado e os envios deste número estão parados. " +
			"O administrador do sistema precisa renovar a conexão; a mensagem fica guardada."
	case ClassAccount:
		return "A conta do WhatsApp está com uma restrição e os envios deste número estão parados. " +
			"O administrador do sistema precisa resolvê-la no Gerenciador do WhatsApp; a mensagem fica guardada."
	case ClassUnknown:
	}
	return "O WhatsApp recusou a mensagem por um motivo não identificado. Tente outro canal e avise o administrador do sistema."
}

// codeAdvice returns the words for codes about which more can be said than about their class, else nothing.
func codeAdvice(code int) string {
	switch code {
	case CodeTokenExpired:
		return "A conexão com o WhatsApp expirou e os envios deste número estão parados. " +
			"O administrador do sistema precisa gerar um novo token de acesso; a mensagem fica guardada."
	case CodePolicyBlock:
		return "A conta do WhatsApp foi bloqueada por violação de política. " +
			"O administrador do sistema precisa pedir revisão no Gerenciador do WhatsApp; a mensagem fica guardada."
	case CodeBlockedByUs:
		return "Este contato está bloqueado pela nossa empresa no WhatsApp. Desbloqueie o contato antes de enviar de novo."
	case CodeExperiment:
		return "O número do cliente participa de um experimento do WhatsApp e não recebe esta mensagem de marketing. " +
			"Não reenvie; use outro canal ou espere o contato dele."
	case CodeCountryRestricted:
		return "Nossa conta não pode enviar mensagens para o país deste cliente. Fale com ele por outro canal e avise o administrador do sistema."
	case CodeRecipientIsSender:
		return "O destinatário é o próprio número da empresa. Confira o número do cliente."
	case CodeUndeliverable:
		return "A mensagem não pôde ser entregue: o número pode não ter WhatsApp, usar uma versão antiga do aplicativo " +
			"ou não ter aceitado os novos termos. Confirme o número com o cliente por outro canal."
	case CodePayment:
		return "Há um problema com a forma de pagamento da conta do WhatsApp e os envios estão parados. " +
			"O administrador do sistema precisa regularizá-la no Gerenciador do WhatsApp; a mensagem fica guardada."
	case CodeReengagement:
		return "A mensagem não foi entregue: já se passaram mais de 24 horas desde a última mensagem do cliente. " +
			"Envie um modelo aprovado e continue quando ele responder."
	case CodeSpamRate:
		return "O WhatsApp reduziu os envios deste número porque houve bloqueios ou denúncias. " +
			"A mensagem está na fila; o administrador do sistema deve verificar a qualidade do número."
	case CodeEcosystem:
		return "O WhatsApp segurou esta mensagem de marketing para não cansar o cliente. Espere pelo menos 24 horas antes de tentar de novo."
	case CodeOptOut:
		return "O cliente pediu para não receber mensagens de marketing. Não reenvie: responda apenas quando ele entrar em contato."
	case CodeMediaDownload:
		return "O arquivo do cliente não pôde ser baixado, talvez por passar de 100 MB. Peça que ele envie de novo em tamanho menor."
	case CodeMediaUpload:
		return "O WhatsApp não aceitou o arquivo. Confira se o formato é permitido e se o conteúdo corresponde à extensão e envie de novo."
	case CodeUnavailable:
		return "O WhatsApp ainda não liberou esta mensagem do cliente. Peça que ele a envie de novo."
	case CodeUserIDRefused:
		return "Este tipo de mensagem exige o número de telefone do cliente. Peça o telefone a ele antes de enviar."
	case CodeTemplateRate:
		return "O WhatsApp limitou por algum tempo o envio de modelos desta conta. A mensagem está na fila e seguirá quando o limite acabar."
	case CodeTemplateParameters:
		return "Faltam ou sobram campos no modelo de mensagem. Preencha todos os campos e envie de novo."
	case CodeTemplateMissing:
		return "O modelo não existe neste idioma ou ainda não foi aprovado. Escolha outro modelo."
	case CodeTemplatePaused:
		return "O modelo está pausado pelo WhatsApp por baixa qualidade. Escolha outro modelo."
	case CodeTemplateDisabled:
		return "O modelo foi desativado pelo WhatsApp por baixa qualidade. Escolha outro modelo."
	case CodeNumberNotRegistered:
		return "O número da empresa não está registrado no WhatsApp e os envios estão parados. " +
			"O administrador do sistema precisa registrá-lo de novo; a mensagem fica guardada."
	}
	return ""
}
