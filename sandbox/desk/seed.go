package desk

import "time"

const day = 24 * time.Hour

// seedPlan collects what later parts of the seed refer to.
type seedPlan struct {
	groups map[string]int64
	users  map[string]int64
	orgs   map[string]int64
	fields map[string]int64
}

// seed fills a store without an account: with a believable desk of some months ago, or with what a new account has. The rules
// come last, so that the old tickets neither send e-mails nor call webhooks.
func (s *Server) seed() error {
	s.behind = 120 * day
	defer func() { s.behind = 0 }()
	p := &seedPlan{groups: map[string]int64{}, users: map[string]int64{}, orgs: map[string]int64{}, fields: map[string]int64{}}
	parts := []func(*seedPlan) error{
		s.seedGroups, s.seedStaff, s.seedOrgFields, s.seedOrgs, s.seedCustomers, s.seedTicketFields, s.seedTickets, s.seedMacros,
		s.seedViews, s.seedTriggers,
	}
	if s.cfg.Seed == SeedEmpty {
		parts = []func(*seedPlan) error{s.seedOwner, s.seedSystemFields, s.seedStandardViews, s.seedStandardTriggers}
	}
	for _, part := range parts {
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
		{"Ivo Menezes", "ivo.menezes@desk.example", roleLight, nil},
	} {
		u := freshUser()
		u.Name, u.Email, u.Role, u.Verified = m.name, &m.email, m.role, true
		if m.role == roleLight {
			u.Role, u.CustomRoleID = roleAgent, idPointer(lightRole)
		}
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
