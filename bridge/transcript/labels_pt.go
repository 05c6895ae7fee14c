package transcript

import (
	"fmt"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

func portuguese() labels {
	return labels{
		title: "Conversa pelo WhatsApp", session: "Sessão", ticket: "Ticket", number: "Número", contact: "Cliente", phone: "Telefone",
		organisation: "Organização", period: "Período", zone: "Fuso horário", written: "Emitida em",
		date: func(weekday, month string, day, year int) string {
			return fmt.Sprintf("%s, %d de %s de %d", weekday, day, month, year)
		},
		weekdays: [7]string{
			"domingo", "segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado",
		},
		months: [12]string{
			"janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro", "dezembro",
		},
		shortDate: "02/01/2006", clockChanged: "o relógio mudou: %s",
		customer: "Cliente", agent: "Atendente", ponte: "Ponte", unknown: "Remetente desconhecido",
		note: "nota interna", notice: "aviso interno", situation: "Situação", before: "antes: %s",
		answers: "em resposta a %s: “%s”", answersWhat: "(%s)", answersLost: "em resposta a uma mensagem que não está nesta conversa",
		aboutLost: "sobre uma mensagem que não está nesta conversa", loneReaction: "(reagiu com %s)", loneNoReaction: "(retirou a reação)",
		loneEdit: "(editou: %s)", loneRevoke: "(apagou uma mensagem)",
		attachment: "anexo: %s", refused: "anexo que não chegou: %s (%s)", refusedPlain: "anexo que não chegou: %s",
		template: "modelo: %s", edited: "editada %s", revoked: map[conversation.Author]string{
			conversation.AuthorCustomer: "apagada pelo cliente %s", conversation.AuthorAgent: "apagada pelo atendente %s", "": "apagada %s",
		},
		reaction: "reação: %s %s, %s", until: " (até %s)", at: "às %s", on: "em %s às %s",
		empty: "(sem texto: %s)", cut: "[… %d linhas no arquivo anexo …]", cutOne: "[… 1 linha no arquivo anexo …]",
		cutMessages: "[… %d mensagens no arquivo anexo …]", cutMessage: "[… 1 mensagem no arquivo anexo …]",
		cutText: "[… o resto está no arquivo anexo …]", page: "Página %d de %d",
		missingGlyphs: "□ está no lugar de um caractere que a letra deste PDF não tem, e um nome entre colchetes no de um emoji; o texto exato está " +
			"na transcrição em TXT, HTML ou JSON.",
		decimal: ",",
		columns: []string{"data", "hora", "autor", "origem", "tipo", "texto", "arquivos", "estado", "id"}, //nolint:misspell // Portuguese
		types: map[string]string{
			"text": "texto", "image": "imagem", "audio": "áudio", "voice": "mensagem de voz", "video": "vídeo", "document": "documento",
			"sticker": "figurinha", "location": "localização", "contacts": "contato", "interactive": "interativa", "button": "botão",
			"order": "pedido", "system": "aviso do WhatsApp", "template": "modelo", "file": "arquivo", "reaction": "reação", "edit": "edição",
			"revoke": "exclusão", "unsupported": "não suportada", "unknown": "desconhecida", "request_welcome": "início da conversa",
			"verdict": "auditoria", "overruled": "auditoria revista", "snooze": "adiada até", "wake": "de volta", "survey": "pesquisa de satisfação",
			"note": "nota interna", "notice": "aviso interno", "state": "situação", "": "mensagem",
		},
		origins: map[conversation.Origin]string{
			conversation.OriginWhatsApp: "WhatsApp", conversation.OriginTicket: "ticket", conversation.OriginEmail: "e-mail",
			conversation.OriginPortal: "portal", conversation.OriginApp: "aplicativo", conversation.OriginPhone: "celular da empresa",
			conversation.OriginAutomatic: "automática",
		},
		deliveries: map[conversation.DeliveryState]string{
			conversation.DeliveryQueued: "na fila", conversation.DeliveryKept: "aguardando resposta do cliente",
			conversation.DeliveryAccepted: "enviada", conversation.DeliverySent: "enviada", conversation.DeliveryDelivered: "entregue",
			conversation.DeliveryRead: "lida", conversation.DeliveryPlayed: "reproduzida", conversation.DeliveryFailed: "não entregue",
		},
		states: map[conversation.State]string{
			conversation.StateBot: "Pré-atendimento", conversation.StateQueued: "Fila / Novo", conversation.StateActive: "Em andamento",
			conversation.StatePending: "Com pendência", conversation.StateStopped: "Conversa encerrada no WhatsApp",
			conversation.StateClosed: "Concluído", conversation.StateExpired: "Expirado", conversation.StateCancelled: "Cancelado",
		},
		reasons: map[string]string{
			"bot greets": "o atendimento automático começou", "bot hands over": "o atendimento automático passou a conversa adiante",
			"agent takes": "um atendente assumiu", "back to a queue": "voltou para uma fila",
			"agent waits for the customer": "aguarda o cliente", "agent closes": "concluída pelo atendente",
			"goes to the second level": "encaminhada ao N2", "refused": "recusada",
			"24 hours without the customer": "24 horas sem mensagem do cliente", "opened by mistake": "aberta por engano", "agent overrides a refusal": "liberada apesar da pendência",
			"the bot answered everything": "o atendimento automático respondeu a tudo",
			"customer writes":             "o cliente escreveu", "agent replies": "o atendente respondeu", "ticket open": "o ticket foi aberto",
			"auditor closes": "concluída pela auditoria", "verdict left alone": "a auditoria não foi aplicada", "agent silent": "o atendente não respondeu", "owner offline": "o atendente está offline",
			"ticket pending": "o ticket ficou pendente", "ticket solved": "o ticket foi resolvido", "agent starts": "um atendente iniciou a conversa",
			"agent stops": "um atendente encerrou o envio", "stopped by an agent": "um atendente encerrou o envio", "agent restarts": "um atendente reiniciou o envio",
			"customer answers elsewhere": "o cliente respondeu por outro canal", "customer answered by email": "o cliente respondeu por e-mail",
			"customer answered by portal": "o cliente respondeu pelo portal", "window closed": "a janela de 24 horas está fechada", "window opened": "a janela de 24 horas foi aberta",
		},
	}
}
