package report

import (
	"github.com/ponte-desk/ponte/audit/classify"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

func portuguese() labels {
	return labels{
		Tag: settings.LanguagePT, Title: "Relatório de atendimento pelo WhatsApp", Total: "Total", NoQueue: "Sem fila", NoAgent: "Sem atendente",
		NoNumber: "Sem número", NoData: "sem dados", Yes: "sim", No: "não", Period: "%s a %s", Made: "Gerado em %s", Zone: "Horários de %s",
		Decimal: ",", Thousands: ".", dateForm: "02/01/2006", clockForm: "15:04", shortForm: "02/01", separator: ';',
		outcomes: map[Outcome]string{
			OutcomeClosed: "Concluído", OutcomeN2: "Encaminhado ao N2", OutcomeFinancial: "Recusado por pendência", OutcomeRefused: "Recusado: não é cliente",
			OutcomeCancelled: "Cancelado", OutcomeExpired: "Expirado", OutcomeOpen: "Em aberto", outcomeNotAssumed: "Ticket não assumido",
			outcomeClient: "Abandono do cliente", outcomeAgent: "Abandono do atendente", outcomeUnavailable: "Atendente indisponível",
			outcomeAfterHours: "Fora do horário", outcomeBot: "Abandono no robô",
		},
		series: [allSeries]string{
			"Concluído ou N2", "Ticket não assumido", "Abandono do cliente", "Abandono do atendente", "Atendente indisponível", "Fora do horário",
			"Abandono no robô", "Outros", "Em aberto",
		},
		corrections: map[string]string{
			string(classify.CorrectionNoOrganization): "Ticket sem organização", string(classify.CorrectionWrongTitle): "Título incorreto",
		},
		questions: map[string]string{
			string(classify.OpenCatalogue): "qual é a rotina (catálogo)", string(classify.OpenTitle): "qual é o assunto (título)",
			string(classify.OpenAssignee): "quem atendeu, ou devia a resposta",
		},
		categories: map[string]string{
			"marketing": "Marketing", "marketing_lite": "Marketing Lite", "utility": "Utilidade", "authentication": "Autenticação",
			"authentication-international": "Autenticação entre países", "authentication_international": "Autenticação entre países", "service": "Atendimento",
			"referral_conversion": "Vinda de anúncio",
		},
		states: map[conversation.State]string{
			conversation.StateQueued: "Fila / Novo", conversation.StateActive: "Em andamento", conversation.StatePending: "Com pendência",
			conversation.StateClosed: "Concluído", conversation.StateBot: "Pré-atendimento", conversation.StateStopped: "Conversa encerrada no WhatsApp",
			conversation.StateExpired: "Expirado", conversation.StateCancelled: "Cancelado",
		},
		flags: map[conversation.Flag]string{
			conversation.FlagNoCNPJ: "CNPJ não informado", conversation.FlagNoOrganization: "organização não encontrada",
			conversation.FlagUnverified: "pendência não verificada", conversation.FlagPendingEmpty: "campo de pendência vazio",
			conversation.FlagPending: "pendência encontrada durante o atendimento", conversation.FlagOverridden: "atendido apesar da pendência",
			conversation.FlagNoEmail: "e-mail não informado",
		},
		Weekdays: [7]string{"segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo"},
		Short:    [7]string{"seg", "ter", "qua", "qui", "sex", "sáb", "dom"},
		Columns:  columnsPT(), Sheets: sheetsPT(), Page: pagePT(),
		summary: summaryLabels{
			Head: "%s: %s", None: "Não houve conversas no período.", Conversations: "Conversas: %s; atendidas: %s (%s)",
			First:     "Primeira resposta: metade em até %s, 90\u00a0%% em até %s (horário de atendimento)",
			Longest:   "Maior espera da conversa: metade até %s, 90\u00a0%% até %s (horário de atendimento)",
			Abandoned: "Abandono: %s (cliente %s, atendente %s, atendente indisponível %s, robô %s)", AfterHours: "Fora do horário: %s",
			Score: "Satisfação: %s (respostas: %s; com nota 4 ou 5: %s)", Paid: "Mensagens pagas: %s (%s)", Overruled: "Vereditos revistos: %s",
			Questions: "Pendências para o supervisor: %s",
		},
	}
}

func columnsPT() columnLabels {
	return columnLabels{
		Session: "Sessão", Number: "Número", NumberID: "Código do número", Contact: "Contato", Company: "Empresa", Organization: "Código da organização",
		Ticket: "Ticket", TicketURL: "Link do ticket", State: "Estado", Outcome: "Resultado", OutcomeKey: "Código do resultado", Started: "Início",
		Derived: "Pedido de atendente", Ended: "Fim", AfterHours: "Iniciada fora do horário", Queue: "Fila", Agent: "Atendente", AgentID: "Código do atendente",
		Agents: "Todos os atendentes", Category: "Catálogo", Subject: "Assunto", Served: "Atendida", First: "Primeira resposta (expediente)",
		FirstWall: "Primeira resposta (corrida)", Longest: "Maior espera (expediente)", LongestWall: "Maior espera (corrida)",
		Waiting: "Soma das esperas (expediente)", WaitingWall: "Soma das esperas (corrida)", Waits: "Esperas", Unanswered: "Esperas sem resposta",
		Handling: "Atendimento (expediente)", HandlingWall: "Atendimento (corrido)", In: "Mensagens do cliente", Out: "Mensagens de atendentes",
		Automatic: "Mensagens automáticas", Undelivered: "Não entregues", Paid: "Mensagens pagas", PaidBy: "Pagas por categoria", Score: "Satisfação",
		Answers: "Respostas da pesquisa", Judged: "Auditada em", Found: "Veredito", Corrections: "Correções", Evidence: "Evidência",
		Questions: "Pendências para o supervisor", Overruled: "Revista em", By: "Revista por", Instead: "Veredito revisto", Why: "Motivo da revisão",
		Returned: "Devoluções à fila", Flags: "Avisos", Seconds: "em segundos",
	}
}

func sheetsPT() sheetLabels {
	return sheetLabels{
		Summary: "Resumo", Outcomes: "Resultados", Days: "Dias", Hours: "Horários", Queues: "Filas", Agents: "Atendentes", Numbers: "Números",
		Paid: "Mensagens pagas", Audit: "Auditoria", Rows: "Conversas", Notes: "Definições", Figure: "Indicador", Value: "Valor", Key: "Código",
		ServedRate: "Atendidas (%)", AbandonedRate: "Abandono (%)", AfterHoursRate: "Iniciadas fora do horário (%)", GoodRate: "Notas 4 e 5 (%)", Abandoned: "Abandonos",
		AfterHours: "Iniciadas fora do horário", Good: "Notas 4 e 5", Kind: "Tipo", Count: "Quantidade", Period: "Período", Made: "Gerado em", Zone: "Fuso horário",
		Mean: "média", Median: "p50", Most: "p90", Term: "Termo", Meaning: "Definição",
	}
}

func pagePT() pageLabels {
	return pageLabels{
		Contents: "Conteúdo", KeyFigures: "Indicadores do período", Definitions: "Definições", Skip: "Ir para o conteúdo",
		Outcomes: "Resultados", OutcomesDesc: "Barras com o número de conversas de cada resultado; os mesmos números estão na tabela ao lado.",
		OutcomesLead: "Como terminaram as conversas iniciadas no período, conforme a auditoria ou a revisão do supervisor.",
		Outcome:      "Resultado", OfAll: "Parte do total", Trend: "Evolução por dia", TrendWeeks: "Evolução por semana",
		TrendDesc: "Barras empilhadas com as conversas por resultado ao longo do período; os mesmos números estão na tabela abaixo.",
		TrendLead: "Conversas pelo dia em que começaram, por resultado.", Day: "Dia", Week: "Semana de",
		Times:      "Tempos",
		TimesLead:  "Todos os tempos são em horário de atendimento, salvo indicação. Mediana: metade das conversas ficou até esse tempo. 90 %: nove em cada dez ficaram até ele.",
		TimesTable: "Tempos ao longo do período, em horário de atendimento",
		FirstChart: "Primeira resposta, em horário de atendimento", WaitChart: "Maior espera do cliente, em horário de atendimento",
		FirstDesc:     "Linhas com a mediana e o percentil 90 da primeira resposta ao longo do período; os números estão na tabela dos tempos ao longo do período.",
		WaitDesc:      "Linhas com a mediana e o percentil 90 da maior espera de cada conversa ao longo do período; os números estão na mesma tabela.",
		MeasuresTable: "Tempos do período", Measure: "Medida", N: "Conversas", Mean: "Média", Median: "mediana", Most: "90 %", Max: "Maior",
		BusinessHours: "horário de atendimento", Wall: "tempo corrido", Clock: "Horários",
		ClockDesc: "Mapa de calor com as conversas por dia da semana e hora em que começaram; os mesmos números estão na tabela abaixo.",
		ClockLead: "Quando as conversas começaram: dia da semana e hora.", Weekday: "Dia", Few: "menos", Many: "mais", Teams: "Filas, atendentes e números",
		TeamsLead: "A conversa conta para o último atendente que a teve. Tempos em horário de atendimento (h:mm:ss); satisfação com o número de respostas.",
		Queues:    "Por fila", Queue: "Fila", Agents: "Por atendente", Agent: "Atendente", Numbers: "Por número", Number: "Número",
		Conversations: "Conversas", Served: "Atendidas", Abandoned: "Abandono", AfterHours: "Fora do horário", First: "Primeira resposta",
		Longest: "Maior espera", Waiting: "Soma das esperas", Handling: "Atendimento", ServedNote: "atendidas: %s (%s)", MostNote: "90\u00a0%% em até %s",
		CountNote: "%s de %s", ScoreNote: "%s com 4 ou 5 · respostas: %s", PaidNote: "recebidas: %s · de atendentes: %s", Satisfaction: "Satisfação",
		ScoreDesc: "Barras com o número de respostas de cada nota, de 5 a 1; os mesmos números estão na tabela ao lado.",
		ScoreLead: "Resposta do cliente à primeira pergunta da pesquisa, de 1 a 5.", Score: "Nota", ScoreOf: "Nota %d", Answers: "Respostas",
		Messages: "Mensagens", MessagesLead: "O que foi escrito nas conversas do período e o que o WhatsApp cobra.", Written: "Mensagens por remetente", Author: "De quem",
		In: "Cliente", Out: "Atendentes", Automatic: "Automáticas", Undelivered: "De atendentes, não entregues", PaidShort: "Mensagens pagas",
		NonePaid: "Nenhuma mensagem paga no período.", Category: "Categoria", Audit: "Auditoria",
		AuditLead:   "Correções feitas, vereditos revistos e o que espera um supervisor. Conversas devolvidas à fila por falta de resposta: %s.",
		Corrections: "Correções", Correction: "Correção", Overrulings: "Vereditos revistos", By: "Por", When: "Em", Found: "Veredito", Instead: "Passou a", Why: "Motivo",
		Questions: "Pendências para o supervisor", Question: "O que falta saber", FirstOf: "%s de %s", Rows: "Conversas", RowsTable: "Conversas do período",
		Capped: "A página mostra as primeiras %s de %s conversas; a planilha, o CSV e o JSON trazem todas.",
		Ticket: "Ticket", Started: "Início", Company: "Empresa", InOut: "Cliente / atend.",
		Notes: notesPT(),
	}
}

func notesPT() [][2]string {
	return [][2]string{
		{"Período", "Contam as conversas iniciadas no período, com os dados conhecidos quando o relatório foi gerado."},
		{"Resultado", "O veredito da auditoria ou, se um supervisor o reviu, o que ele decidiu; sem veredito, como a conversa terminou ou onde está."},
		{"Primeira resposta", "Do pedido de atendimento por uma pessoa (quando o robô passou a conversa; sem robô, a primeira mensagem do cliente) até as primeiras palavras de um atendente que chegaram ao cliente."},
		{"Espera", "Das primeiras palavras do cliente ainda sem resposta, nunca antes do pedido de atendimento, até as palavras de um atendente, ou até o fim da conversa. Um simples agradecimento não pede resposta. A espera que ainda corre não conta. “Maior espera” é a mais longa da conversa; “soma das esperas”, todas juntas."},
		{"Atendimento", "De quando um atendente teve a conversa pela primeira vez até o fim dela."},
		{"O que não é resposta", "Mensagens automáticas, notas internas e mensagens que não foram entregues ao cliente."},
		{"Horário de atendimento", "Só o tempo dentro do expediente do número, sem feriados. O tempo corrido inclui noites e fins de semana."},
		{"Mediana e 90 %", "O menor tempo que não é ultrapassado por metade, ou por nove décimos, das conversas medidas. Conversas sem a medida ficam de fora."},
		{"Atendidas", "Conversas em que palavras de um atendente chegaram ao cliente."},
		{"Abandono", "Abandono do cliente, do atendente ou no robô, e atendente indisponível, como parte de todas as conversas do período."},
		{"Fora do horário", "No indicador, conversas iniciadas fora do horário de atendimento. No resultado, as que por isso ninguém atendeu."},
		{"Satisfação", "Resposta à primeira pergunta da pesquisa, de 1 a 5; a parte de notas 4 e 5 é sobre as respostas."},
		{"Mensagens pagas", "Mensagens que o WhatsApp informou como cobradas, cada uma contada uma vez, pela categoria."},
	}
}
