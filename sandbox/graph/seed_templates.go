package graph

func (s *Server) seedTemplates() error {
	for _, t := range seededTemplates() {
		if err := s.saveTemplate(&t); err != nil {
			return err
		}
	}
	return nil
}

func bodyPart(text string, examples ...string) templateComponent {
	c := templateComponent{Type: "BODY", Text: text}
	if len(examples) > 0 {
		c.Example = map[string][][]string{"body_text": {examples}}
	}
	return c
}

func headerPart(text string) templateComponent {
	return templateComponent{Type: "HEADER", Format: "TEXT", Text: text}
}

func footerPart(text string) templateComponent { return templateComponent{Type: "FOOTER", Text: text} }

func buttonsPart(list ...templateButton) templateComponent {
	return templateComponent{Type: "BUTTONS", Buttons: list}
}

func quickReply(text string) templateButton { return templateButton{Type: "QUICK_REPLY", Text: text} }

// seededTemplates are the templates of a new sandbox: approved ones of every kind, and one for each way of not being
// usable.
func seededTemplates() []template {
	return []template{
		{
			ID: "1127003459201846", Name: "retomar_conversa", Language: "pt_BR", Category: "UTILITY", Status: templateApproved, Format: "POSITIONAL",
			Components: []templateComponent{
				bodyPart("Olá, {{1}}! Temos uma resposta para o seu atendimento. Toque no botão para continuar.", "Mariana"),
				buttonsPart(quickReply("Conversar agora")),
			},
		},
		{
			ID: "1127003459201847", Name: "boas_vindas", Language: "pt_BR", Category: "UTILITY", Status: templateApproved, Format: "POSITIONAL",
			Components: []templateComponent{bodyPart("Olá! Este é o canal de atendimento da nossa empresa. Responda a esta mensagem para falar com a gente.")},
		},
		{
			ID: "1127003459201848", Name: "lembrete_visita", Language: "pt_BR", Category: "UTILITY", Status: templateApproved, Format: "POSITIONAL",
			Components: []templateComponent{
				headerPart("Visita técnica confirmada"),
				bodyPart("Olá, {{1}}! Sua visita está marcada para {{2}}, às {{3}}. Esse horário continua bom para você?", "Mariana", "25/11", "14h"),
				footerPart("Mensagem automática"),
				buttonsPart(quickReply("Confirmar"), quickReply("Remarcar")),
			},
		},
		{
			ID: "1127003459201849", Name: "abrir_atendimento", Language: "pt_BR", Category: "UTILITY", Status: templateApproved, Format: "POSITIONAL",
			Components: []templateComponent{
				bodyPart("Olá, {{1}}! Aqui é do suporte. Precisamos falar com você sobre {{2}}.", "Mariana", "o seu pedido"),
				buttonsPart(quickReply("Conversar agora"), quickReply("Agora não")),
			},
		},
		{
			ID: "1127003459201850", Name: "posicao_chamado", Language: "pt_BR", Category: "UTILITY", Status: templateApproved, Format: named,
			Components: []templateComponent{
				bodyPart("Olá, {{nome}}! O chamado {{chamado}} está na situação: {{situacao}}."),
				buttonsPart(templateButton{Type: "URL", Text: "Acompanhar", URL: "https://suporte.exemplo.com.br/chamados/{{1}}"}),
			},
		},
		{
			ID: "1127003459201851", Name: "segunda_via", Language: "pt_BR", Category: "UTILITY", Status: templateApproved, Format: "POSITIONAL",
			Components: []templateComponent{
				{Type: "HEADER", Format: "DOCUMENT"},
				bodyPart("Olá, {{1}}! Segue a segunda via que você pediu.", "Mariana"),
			},
		},
		{
			ID: "1127003459201852", Name: "pedir_telefone", Language: "pt_BR", Category: "UTILITY", Status: templateApproved, Format: "POSITIONAL",
			Components: []templateComponent{
				bodyPart("Para localizar o seu cadastro, precisamos do seu telefone. Você pode compartilhar?"),
				buttonsPart(templateButton{Type: "REQUEST_CONTACT_INFO", Text: "Compartilhar telefone"}),
			},
		},
		{
			ID: "1127003459201853", Name: "codigo_acesso", Language: "pt_BR", Category: "AUTHENTICATION", Status: templateApproved, Format: "POSITIONAL",
			Components: []templateComponent{
				bodyPart("{{1}} é o seu código de verificação.", "123456"),
				buttonsPart(templateButton{Type: "OTP", Text: "Copiar código", OTP: "COPY_CODE"}),
			},
		},
		{
			ID: "1127003459201854", Name: "novidades_mes", Language: "pt_BR", Category: "MARKETING", Status: templateApproved, Format: "POSITIONAL",
			Components: []templateComponent{
				bodyPart("Olá, {{1}}! Veja as novidades deste mês no seu sistema.", "Mariana"),
				footerPart("Não quer receber ofertas? Toque em Parar promoções."),
				buttonsPart(quickReply("Ver novidades"), quickReply("Parar promoções")),
			},
		},
		{
			ID: "1127003459201855", Name: "pesquisa_satisfacao", Language: "pt_BR", Category: "MARKETING", Status: templatePaused, Format: "POSITIONAL",
			Components: []templateComponent{bodyPart("Olá, {{1}}! Conte para a gente como foi o atendimento.", "Mariana")},
		},
		{
			ID: "1127003459201856", Name: "aviso_manutencao", Language: "pt_BR", Category: "UTILITY", Status: templateDisabled, Format: "POSITIONAL",
			Components: []templateComponent{bodyPart("O sistema ficará em manutenção das {{1}} às {{2}}.", "22h", "23h")},
		},
		{
			ID: "1127003459201857", Name: "cobranca_atrasada", Language: "pt_BR", Category: "UTILITY", Status: templateRejected, Format: "POSITIONAL",
			Reason:     "INVALID_FORMAT",
			Components: []templateComponent{bodyPart("{{1}}{{2}}", "Mariana", "R$ 100,00")},
		},
		{
			ID: "1127003459201858", Name: "consulta_estoque", Language: "pt_BR", Category: "UTILITY", Status: templatePending, Format: "POSITIONAL",
			Components: []templateComponent{bodyPart("O produto {{1}} chegou ao estoque.", "Café 500 g")},
		},
		{
			ID: "1127003459201859", Name: "hello_world", Language: "en_US", Category: "UTILITY", Status: templateApproved, Format: "POSITIONAL",
			Components: []templateComponent{
				headerPart("Hello World"),
				bodyPart("Welcome! This message shows that your business can send messages through the WhatsApp Business Platform."),
				footerPart("WhatsApp Business Platform"),
			},
		},
	}
}
