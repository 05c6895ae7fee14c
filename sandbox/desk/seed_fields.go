package desk

// seedSystemFields makes the fields that every account has, and its form.
func (s *Server) seedSystemFields(p *seedPlan) error {
	if err := s.systemFields(p); err != nil {
		return err
	}
	return s.seedForm("Formulário de ticket padrão")
}

func (s *Server) systemFields(p *seedPlan) error {
	for _, f := range []struct{ kind, title string }{
		{"subject", "Assunto"},
		{"description", "Descrição"},
		{"status", "Status"},
		{"tickettype", "Tipo"},
		{"priority", "Prioridade"},
		{"group", "Grupo"},
		{"assignee", "Atribuído"},
	} {
		if err := s.seedField(p, &ticketField{fieldBase: fieldBase{Type: f.kind, Title: f.title}}); err != nil {
			return err
		}
	}
	return nil
}

// seedForm makes the default form of all fields there are.
func (s *Server) seedForm(name string) error {
	var ids []int64
	for _, f := range s.fields.all() {
		ids = append(ids, f.ID)
	}
	return s.forms.save(s, &ticketForm{
		Name: name, RawName: name, DisplayName: name, EndUserVisible: true, Position: 1, Active: true, Default: true, TicketFieldIDs: ids,
	})
}

func (s *Server) seedTicketFields(p *seedPlan) error {
	if err := s.systemFields(p); err != nil {
		return err
	}
	for _, f := range []*ticketField{
		{fieldBase: fieldBase{Type: typeTagger, Title: "Catálogo de serviços", CustomFieldOptions: catalogue()}},
		{fieldBase: fieldBase{Type: "text", Title: "CNPJ"}},
		{fieldBase: fieldBase{Type: "text", Title: "Sessão WhatsApp"}},
		{fieldBase: fieldBase{Type: "text", Title: "Número WhatsApp"}},
		{fieldBase: fieldBase{Type: "text", Title: "Nome do contato"}},
		{fieldBase: fieldBase{Type: "text", Title: "Telefone do contato"}},
		{fieldBase: fieldBase{Type: "text", Title: "Data e hora da derivação"}},
		{fieldBase: fieldBase{Type: "text", Title: "Link da conversa"}},
		{fieldBase: fieldBase{Type: "text", Title: "Log do bot"}},
		{fieldBase: fieldBase{Type: "textarea", Title: "Resumo do atendimento"}},
		{fieldBase: fieldBase{Type: typeInteger, Title: "Avaliação (CSAT)"}},
		{fieldBase: fieldBase{Type: typeDate, Title: "Data prevista"}},
		{fieldBase: fieldBase{Type: typeDecimal, Title: "Horas apontadas"}},
		{fieldBase: fieldBase{Type: typeInteger, Title: "Pesquisa de satisfação"}},
	} {
		f.Removable = true
		for i := range f.CustomFieldOptions {
			f.CustomFieldOptions[i].ID = s.newID()
		}
		if err := s.seedField(p, f); err != nil {
			return err
		}
	}
	return s.seedForm("Suporte Winthor")
}

func (s *Server) seedField(p *seedPlan, f *ticketField) error {
	f.Active, f.Position = true, 1+len(s.fields.order)
	f.RawTitle, f.TitleInPortal, f.RawTitleInPortal = f.Title, f.Title, f.Title
	if err := s.fields.save(s, f); err != nil {
		return err
	}
	p.fields[f.Title] = f.ID
	return nil
}

// catalogue is the service catalogue: levels in the names, a tag each.
func catalogue() []fieldOption {
	var out []fieldOption
	for _, o := range [][2]string{
		{"Distribuição::Linha Winthor::14::1400::Emissão de NF-e", "emissao_de_nf_e"},
		{"Distribuição::Linha Winthor::11::1118::Relatório de estoque", "relatorio_de_estoque"},
		{"Distribuição::Linha Winthor::03::316::Digitação de pedido", "digitacao_de_pedido"},
		{"Distribuição::Linha Winthor::12::1203::Contas a receber", "contas_a_receber"},
		{"Distribuição::Linha Winthor::99::007::Posicionamento de ticket", "posicionamento_de_ticket"},
		{"Distribuição::Linha Winthor::99::007::Abandono de chat", "abandono_de_chat"},
		{"Distribuição::Linha Winthor::99::007::Z-Outros", "z_outros"},
	} {
		out = append(out, fieldOption{Name: o[0], RawName: o[0], Value: o[1]})
	}
	return out
}
