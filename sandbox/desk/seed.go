package desk

import (
	"encoding/json"
	"fmt"
	"time"
)

const day = 24 * time.Hour

// seedPlan collects what later parts of the seed refer to.
type seedPlan struct {
	groups map[string]int64
	users  map[string]int64
	orgs   map[string]int64
	fields map[string]int64
}

// seed fills an empty account with a believable desk of some months ago; the rules come last, so that the old tickets
// neither send e-mails nor call webhooks.
func (s *Server) seed() error {
	s.behind = 120 * day
	defer func() { s.behind = 0 }()
	p := &seedPlan{groups: map[string]int64{}, users: map[string]int64{}, orgs: map[string]int64{}, fields: map[string]int64{}}
	for _, part := range []func(*seedPlan) error{
		s.seedGroups, s.seedStaff, s.seedOrgFields, s.seedOrgs, s.seedCustomers, s.seedTicketFields, s.seedTickets, s.seedMacros,
		s.seedViews, s.seedTriggers,
	} {
		if err := part(p); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) seedGroups(p *seedPlan) error {
	for _, name := range []string{"Suporte N1", "Suporte N2", "Financeiro", "WINTHOR WHATSAPP"} {
		g := &group{Name: name, IsPublic: true, Default: name == "Suporte N1"}
		if err := s.groups.save(s, g); err != nil {
			return err
		}
		p.groups[name] = g.ID
	}
	return nil
}

// seedStaff makes the integration user first: the first admin owns the OAuth client.
func (s *Server) seedStaff(p *seedPlan) error {
	for _, m := range []struct {
		name, email, role string
		groups            []string // the first is the default
	}{
		{"Ponte (integração)", "ponte@desk.example", roleAdmin, nil},
		{"Helena Prado", "helena.prado@desk.example", roleAdmin, []string{"Suporte N1", "Suporte N2", "Financeiro", "WINTHOR WHATSAPP"}},
		{"Ana Beatriz Souza", "ana.souza@desk.example", roleAgent, []string{"Suporte N1", "WINTHOR WHATSAPP"}},
		{"Bruno Carvalho", "bruno.carvalho@desk.example", roleAgent, []string{"Suporte N1", "WINTHOR WHATSAPP"}},
		{"Camila Rocha", "camila.rocha@desk.example", roleAgent, []string{"Suporte N1", "WINTHOR WHATSAPP"}},
		{"Diego Martins", "diego.martins@desk.example", roleAgent, []string{"Suporte N2"}},
		{"Fernanda Lopes", "fernanda.lopes@desk.example", roleAgent, []string{"Suporte N2"}},
		{"Gustavo Pires", "gustavo.pires@desk.example", roleAgent, []string{"Financeiro"}},
	} {
		u := freshUser()
		u.Name, u.Email, u.Role, u.Verified = m.name, &m.email, m.role, true
		if len(m.groups) > 0 {
			u.DefaultGroupID = idPointer(p.groups[m.groups[0]])
		}
		if err := s.saveUser(u); err != nil {
			return err
		}
		p.users[m.name] = u.ID
		for i, g := range m.groups {
			if err := s.members.save(s, &membership{UserID: u.ID, GroupID: p.groups[g], Default: i == 0}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Server) seedOrgFields(*seedPlan) error {
	for i, f := range []*entityField{
		{Key: "cnpj", fieldBase: fieldBase{Type: "text", Title: "CNPJ", Description: "Cadastro Nacional da Pessoa Jurídica"}},
		{Key: "pendencia_financeira", fieldBase: fieldBase{
			Type: typeDropdown, Title: "Pendência Financeira", Description: "Preenchido pelo Financeiro",
			CustomFieldOptions: []fieldOption{{Name: "Sim", Value: "sim"}, {Name: "Não", Value: "não"}},
		}},
		{Key: "segmento", fieldBase: fieldBase{Type: "text", Title: "Segmento"}},
	} {
		f.Active, f.Position = true, i+1
		kinds := []string{"text", typeDropdown}
		if err := s.checkField(&f.fieldBase, kinds); err != nil {
			return err
		}
		if err := s.orgFields.save(s, f); err != nil {
			return err
		}
	}
	return nil
}

// seedOrgs makes five companies. CNPJs are numeric and alphanumeric, some found by external id, one by its field only.
func (s *Server) seedOrgs(p *seedPlan) error {
	for _, o := range []struct{ name, external, cnpj, pending, segment string }{
		{"Distribuidora Aurora Ltda", "11222333000181", "11.222.333/0001-81", "não", "Atacado"},
		{"Atacado Boa Vista S.A.", "45312789000154", "45312789000154", "sim", "Atacado"},
		{"Comercial Ipê Alimentos Ltda", "12ABC34501DE35", "12.ABC.345/01DE-35", "não", "Alimentos"},
		{"Mercantil Serra Azul Ltda", "", "60741852000161", "", "Varejo"},
		{"Laticínios Campo Novo S.A.", "7Q4ZT81K000135", "7Q4ZT81K000135", "sim", "Alimentos"},
	} {
		org := &organization{
			Name: o.name, ExternalID: &o.external, DomainNames: []string{}, Tags: []string{},
			Fields: map[string]any{"cnpj": o.cnpj, "segmento": o.segment, "pendencia_financeira": o.pending},
		}
		if err := s.checkOrganization(nil, nil, org); err != nil {
			return err
		}
		if err := s.orgs.save(s, org); err != nil {
			return err
		}
		p.orgs[o.name] = org.ID
	}
	return nil
}

func (s *Server) seedCustomers(p *seedPlan) error {
	for _, m := range []struct {
		name, email, phone string
		orgs               []string // the first is the default
	}{
		{"Marcos Vinícius Teixeira", "marcos.teixeira@aurora.example", "+5511987650001", []string{"Distribuidora Aurora Ltda"}},
		{"Patrícia Nogueira", "patricia@aurora.example", "+551187650002", []string{"Distribuidora Aurora Ltda"}}, // without the ninth digit
		{"Roberto Sampaio", "roberto.sampaio@boavista.example", "+5521976540003", []string{"Atacado Boa Vista S.A."}},
		{"Juliana Castro", "juliana@ipe.example", "+5531965430004", []string{"Comercial Ipê Alimentos Ltda", "Mercantil Serra Azul Ltda"}},
		{"Edson Farias", "", "+5585954320005", []string{"Mercantil Serra Azul Ltda"}},
		{"Simone Albuquerque", "simone@camponovo.example", "+5562943210006", []string{"Laticínios Campo Novo S.A."}},
	} {
		u := freshUser()
		u.Name, u.Email, u.Phone, u.Verified = m.name, &m.email, &m.phone, true
		if err := s.checkUser(u); err != nil {
			return err
		}
		if err := s.saveUser(u); err != nil {
			return err
		}
		p.users[m.name] = u.ID
		for i, o := range m.orgs {
			if err := s.joinOrganization(u.ID, p.orgs[o], i == 0); err != nil {
				return err
			}
		}
	}
	return nil
}

// oldTicket is a ticket of the account's past.
type oldTicket struct {
	days                    int // ago
	subject, text           string
	customer, agent, status string
	answer                  string
	catalogue, hours        string
}

func (s *Server) seedTickets(p *seedPlan) error {
	for _, o := range []oldTicket{
		{
			days: 74, subject: "Erro 539 ao transmitir NF-e", text: "Ao transmitir a nota aparece a rejeição 539. Como resolvo?",
			customer: "Marcos Vinícius Teixeira", agent: "Ana Beatriz Souza", status: statusClosed, hours: "0.5",
			answer: "A chave já estava autorizada com outra numeração. Ajustamos a série e a nota foi transmitida.", catalogue: "emissao_de_nf_e",
		},
		{
			days: 41, subject: "Relatório de estoque com saldo divergente", text: "O relatório mostra saldo diferente da rotina 1118.",
			customer: "Marcos Vinícius Teixeira", agent: "Diego Martins", status: statusClosed, hours: "2.25",
			answer: "O inventário do dia 3 não estava atualizado. Reprocessamos e o saldo confere.", catalogue: "relatorio_de_estoque",
		},
		{
			days: 12, subject: "Segunda via de boleto", text: "Preciso da segunda via do boleto deste mês.",
			customer: "Roberto Sampaio", agent: "Gustavo Pires", status: statusPending, answer: "Enviamos a segunda via. Pode confirmar o recebimento?",
		},
		{
			days: 3, subject: "Usuário sem acesso à rotina 316", text: "O novo vendedor não consegue abrir a rotina 316.",
			customer: "Juliana Castro", agent: "Bruno Carvalho", status: statusOpen, answer: "Estamos verificando as permissões do usuário.",
		},
		{days: 1, subject: "Dúvida sobre tabela de preços", text: "Como replico a tabela de preços para a filial 2?", customer: "Patrícia Nogueira", status: statusNew},
	} {
		if err := s.seedTicket(p, o); err != nil {
			return fmt.Errorf("ticket %q: %w", o.subject, err)
		}
	}
	return nil
}

func (s *Server) seedTicket(p *seedPlan, o oldTicket) error {
	s.behind = time.Duration(o.days) * day
	group := p.groups["Suporte N1"]
	write := func(by actor, t *ticket, obj map[string]any) (*ticket, error) {
		in, _, err := readTicket(mustJSON(obj), false)
		if err != nil {
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
	customer := actor{s.users.get(p.users[o.customer]), "email"}
	t, err := write(customer, nil, map[string]any{"subject": o.subject, "comment": map[string]any{"body": o.text}, "group_id": group})
	if err != nil || o.agent == "" {
		return err
	}
	s.behind -= 3 * time.Hour
	agent := actor{s.users.get(p.users[o.agent]), "web"}
	fields := []fieldValue{}
	if o.hours != "" {
		fields = append(fields, fieldValue{p.fields["Horas apontadas"], json.RawMessage(o.hours)})
	}
	if o.catalogue != "" {
		fields = append(fields, fieldValue{p.fields["Catálogo de serviços"], mustJSON(o.catalogue)})
	}
	status := o.status
	if status == statusClosed {
		status = statusSolved
	}
	t, err = write(agent, t, map[string]any{
		"assignee_id": agent.id(), "status": status, "comment": map[string]any{"body": o.answer, "public": true}, "custom_fields": fields,
	})
	if err != nil || o.status != statusClosed {
		return err
	}
	s.behind -= 4 * day
	_, err = write(actor{channel: "rule"}, t, map[string]any{"status": statusClosed})
	return err
}
