package desk

import (
	"encoding/json"
	"fmt"
	"time"
)

// oldTicket is a ticket of the account's past.
type oldTicket struct {
	days                    int // ago
	customer, subject, text string
	agent, status, answer   string // without agent nobody has answered yet
	catalogue, hours        string
	expected                int // days from today that its "Data prevista" says; 0 for none
	due                     int // days from today that it is due as a task; 0 for none
}

// Who wrote most of the past.
const (
	ana     = "Ana Beatriz Souza"
	bruno   = "Bruno Carvalho"
	camila  = "Camila Rocha"
	diego   = "Diego Martins"
	gustavo = "Gustavo Pires"

	marcos  = "Marcos Vinícius Teixeira"
	roberto = "Roberto Sampaio"
	antonio = "Antônio Resende"
	livia   = "Lívia Sarmento"
	rafael  = "Rafael Toledo"
)

// closedPast are tickets of more than a month ago, oldest first. With recentPast, in every company one person has opened more than
// any other.
func closedPast() []oldTicket {
	return []oldTicket{
		{
			days: 97, customer: rafael, subject: "Nota de devolução rejeitada", text: "A nota de devolução do fornecedor voltou com a rejeição 321.",
			agent: ana, status: statusClosed, answer: "Faltava referenciar a nota de origem. Corrigimos e ela foi autorizada.", catalogue: "emissao_de_nf_e", hours: "1",
		},
		{
			days: 90, customer: roberto, subject: "Boleto com vencimento errado", text: "O boleto de agosto saiu com vencimento no dia 5.",
			agent: gustavo, status: statusClosed, answer: "Reemitimos o boleto com o vencimento certo.", hours: "0.25",
		},
		{
			days: 81, customer: marcos, subject: "Cadastro de transportadora", text: "Como cadastro uma transportadora nova para a carga de amanhã?",
			agent: bruno, status: statusClosed, answer: "O cadastro é na rotina 202. Fizemos juntos por telefone.", hours: "0.5",
		},
		{
			days: 74, customer: marcos, subject: "Erro 539 ao transmitir NF-e", text: "Ao transmitir a nota aparece a rejeição 539. Como resolvo?",
			agent: ana, status: statusClosed, hours: "0.5", catalogue: "emissao_de_nf_e",
			answer: "A chave já estava autorizada com outra numeração. Ajustamos a série e a nota foi transmitida.",
		},
		{
			days: 66, customer: antonio, subject: "Etiqueta de produto sem código de barras", text: "As etiquetas da linha nova saem sem o código de barras.",
			agent: camila, status: statusClosed, answer: "O modelo de etiqueta estava sem o campo. Atualizamos o modelo.", hours: "1.5",
		},
		{
			days: 60, customer: livia, subject: "Pedido duplicado no balcão", text: "O mesmo pedido apareceu duas vezes na rotina 316.",
			agent: bruno, status: statusClosed, answer: "Cancelamos o segundo pedido e revisamos a permissão do usuário.", catalogue: "digitacao_de_pedido", hours: "0.75",
		},
		{
			days: 55, customer: rafael, subject: "Lentidão na rotina 1400", text: "Desde ontem a rotina demora minutos para abrir.",
			agent: diego, status: statusClosed, answer: "O índice da tabela foi refeito nesta noite. A rotina voltou ao tempo normal.", hours: "3",
		},
		{
			days: 52, customer: "Juliana Castro", subject: "Importação de XML de fornecedor", text: "O XML do fornecedor não importa.",
			agent: ana, status: statusClosed, answer: "O CNPJ do fornecedor estava sem cadastro. Depois do cadastro o arquivo foi importado.", hours: "0.5",
		},
		{
			days: 47, customer: "Mariana Albuquerque", subject: "Comissão de vendedor divergente", text: "A comissão de setembro não bate com o relatório.",
			agent: camila, status: statusClosed, answer: "Duas devoluções entraram depois do fechamento. O relatório novo já as desconta.", hours: "1",
		},
		{
			days: 41, customer: marcos, subject: "Relatório de estoque com saldo divergente", text: "O relatório mostra saldo diferente da rotina 1118.",
			agent: diego, status: statusClosed, hours: "2.25", catalogue: "relatorio_de_estoque",
			answer: "O inventário do dia 3 não estava atualizado. Reprocessamos e o saldo confere.",
		},
		{
			days: 38, customer: "Sebastião Farias", subject: "Troca de senha do portal", text: "Não consigo trocar a senha do portal.",
			agent: bruno, status: statusClosed, answer: "Enviamos um link novo para a troca.", hours: "0.25",
		},
		{
			days: 36, customer: livia, subject: "Inventário parcial da câmara fria", text: "Como faço o inventário só da câmara fria?",
			agent: ana, status: statusClosed, answer: "Use o filtro de endereço na rotina 1117. Mandamos o passo a passo.", catalogue: "relatorio_de_estoque", hours: "0.5",
		},
		{
			days: 33, customer: "Tadeu Quaresma", subject: "Preço diferente entre filiais", text: "O mesmo produto tem dois preços nas filiais 1 e 2.",
			agent: camila, status: statusClosed, answer: "A tabela da filial 2 estava vencida. Replicamos a vigente.", hours: "0.75",
		},
	}
}

// recentPast are the tickets of the last month, oldest first: most are closed, some are still worked on.
func recentPast() []oldTicket {
	return []oldTicket{
		{
			days: 30, customer: antonio, subject: "Conferência de carga não abre", text: "O coletor não abre a conferência da carga.",
			agent: diego, status: statusClosed, answer: "A licença do coletor foi renovada e a conferência abriu.", hours: "1.25",
		},
		{
			days: 26, customer: "Cláudia Menezes", subject: "Segunda via da nota de serviço", text: "Preciso da nota do serviço de outubro.",
			agent: gustavo, status: statusClosed, answer: "A nota segue em anexo ao e-mail do financeiro.", hours: "0.25",
		},
		{
			days: 24, customer: "Otávio Brandão", subject: "Usuário novo no setor fiscal", text: "Precisamos de acesso para uma pessoa nova do fiscal.",
			agent: bruno, status: statusClosed, answer: "O usuário foi criado com o perfil do setor.", hours: "0.25",
		},
		{
			days: 20, customer: livia, subject: "Contas a receber sem baixa", text: "Os boletos de ontem continuam em aberto.",
			agent: ana, status: statusClosed, answer: "O retorno do banco foi processado outra vez e as baixas entraram.", catalogue: "contas_a_receber", hours: "1",
		},
		{
			days: 17, customer: rafael, subject: "Integração com o coletor de leite", text: "A pesagem do coletor não chega ao sistema.",
			agent: diego, status: statusOpen, answer: "O ajuste entra na próxima versão; a data prevista está no chamado.", expected: 9,
		},
		{
			days: 15, customer: roberto, subject: "Limite de crédito bloqueado", text: "Um cliente nosso está com o limite bloqueado sem motivo.",
			agent: gustavo, status: statusClosed, answer: "Havia um título em aberto de agosto. O limite foi liberado.", catalogue: "contas_a_receber", hours: "0.5",
		},
		{
			days: 12, customer: roberto, subject: "Segunda via de boleto", text: "Preciso da segunda via do boleto deste mês.",
			agent: gustavo, status: statusPending, answer: "Enviamos a segunda via. Pode confirmar o recebimento?",
		},
		{
			days: 9, customer: "Patrícia Nogueira", subject: "Implantar a rotina 1203 na filial 3", text: "Queremos usar o contas a receber também na filial 3.",
			agent: diego, status: statusOpen, answer: "A implantação está agendada com a equipe de campo.", catalogue: "contas_a_receber", due: 5,
		},
		{
			days: 8, customer: "Sebastião Farias", subject: "Consulta de tributação", text: "Qual a tributação do produto 4471 para o Rio?",
			agent: bruno, status: statusClosed, answer: "A tributação está na rotina 514; ela já vale para o Rio.", hours: "0.5",
		},
		{
			days: 6, customer: antonio, subject: "Erro ao registrar boleto", text: "O banco recusa o registro dos boletos desde segunda.",
			agent: ana, status: statusOpen, answer: "O convênio foi corrigido com o banco; falta a liberação deles.", catalogue: "contas_a_receber", expected: 4,
		},
		{
			days: 3, customer: "Simone Albuquerque", subject: "Relatório de vencimento por lote", text: "Preciso de um relatório do vencimento por lote.",
			agent: camila, status: statusSolved, answer: "O relatório é o 1118 com o filtro de lote. Enviamos um exemplo.", catalogue: "relatorio_de_estoque", hours: "0.5", expected: -1,
		},
		{
			days: 3, customer: "Juliana Castro", subject: "Usuário sem acesso à rotina 316", text: "O novo vendedor não consegue abrir a rotina 316.",
			agent: bruno, status: statusOpen, answer: "Estamos verificando as permissões do usuário.",
		},
		{
			days: 2, customer: "Mariana Albuquerque", subject: "Treinamento da rotina 1400", text: "Queremos treinar duas pessoas na emissão de notas.",
			agent: camila, status: statusSolved, answer: "O treinamento foi dado ontem pela manhã.", catalogue: "emissao_de_nf_e", hours: "2", due: -1,
		},
		{
			days: 1, customer: "Patrícia Nogueira", subject: "Dúvida sobre tabela de preços",
			text: "Como replico a tabela de preços para a filial 2?", status: statusNew,
		},
	}
}

func (s *Server) seedTickets(p *seedPlan) error {
	for _, o := range append(closedPast(), recentPast()...) {
		if err := s.seedTicket(p, o); err != nil {
			return fmt.Errorf("ticket %q: %w", o.subject, err)
		}
	}
	return nil
}

func (s *Server) seedTicket(p *seedPlan, o oldTicket) error {
	s.behind = time.Duration(o.days) * day
	customer := actor{s.users.get(p.users[o.customer]), channelEmail}
	t, err := s.seedWrite(customer, nil, map[string]any{
		"subject": o.subject, "comment": map[string]any{"body": o.text}, "group_id": p.groups["Suporte N1"],
	})
	if err != nil || o.agent == "" {
		return err
	}
	s.behind -= 3 * time.Hour
	agent := actor{s.users.get(p.users[o.agent]), channelWeb}
	status := o.status
	if status == statusClosed {
		status = statusSolved
	}
	write := map[string]any{
		"assignee_id": agent.id(), "status": status, "comment": map[string]any{"body": o.answer, "public": true},
		"custom_fields": s.seedValues(p, o),
	}
	if o.due != 0 {
		write["type"], write["due_at"] = "task", s.fromToday(o.due)
	}
	if t, err = s.seedWrite(agent, t, write); err != nil || o.status != statusClosed {
		return err
	}
	s.behind -= 4 * day
	_, err = s.seedWrite(actor{channel: "rule"}, t, map[string]any{"status": statusClosed})
	return err
}

// seedWrite makes a ticket, or changes t.
func (s *Server) seedWrite(by actor, t *ticket, obj map[string]any) (*ticket, error) {
	in := &ticketInput{}
	if err := json.Unmarshal(mustJSON(obj), in); err != nil {
		return nil, err
	}
	if t != nil {
		next, _, err := s.amend(by, t, in)
		return next, err
	}
	ch, err := s.create(by, in)
	if err != nil {
		return nil, err
	}
	_, err = s.commit(ch)
	return ch.next, err
}

// fromToday is noon of the day that is so many days from the present one.
func (s *Server) fromToday(days int) time.Time {
	return s.cfg.Clock.Now().UTC().Truncate(day).Add(time.Duration(days)*day + day/2)
}

func (s *Server) seedValues(p *seedPlan, o oldTicket) []fieldValue {
	out := []fieldValue{}
	if o.hours != "" {
		out = append(out, fieldValue{p.fields["Horas apontadas"], json.RawMessage(o.hours)})
	}
	if o.catalogue != "" {
		out = append(out, fieldValue{p.fields["Catálogo de serviços"], mustJSON(o.catalogue)})
	}
	if o.expected != 0 {
		out = append(out, fieldValue{p.fields["Data prevista"], mustJSON(s.fromToday(o.expected).Format(time.DateOnly))})
	}
	return out
}
