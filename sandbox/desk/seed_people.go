package desk

// seededCustomer is an end user of one of the seeded companies.
type seededCustomer struct {
	name, email, phone string
	orgs               []string // the first is the default
}

// seedPeople are two to four people of each company. Mariana, Antônio and Sebastião are also customers of the simulated WhatsApp:
// the second one's number has its ninth digit here and lacks it there.
func seedPeople() []seededCustomer {
	aurora, boavista, ipe := "Distribuidora Aurora Ltda", "Atacado Boa Vista S.A.", "Comercial Ipê Alimentos Ltda"
	serra, campo := "Mercantil Serra Azul Ltda", "Laticínios Campo Novo S.A."
	return []seededCustomer{
		{"Marcos Vinícius Teixeira", "marcos.teixeira@aurora.example", "+5511987650001", []string{aurora}},
		{"Patrícia Nogueira", "patricia@aurora.example", "+551187650002", []string{aurora}}, // without the ninth digit
		{"Roberto Sampaio", "roberto.sampaio@boavista.example", "+5521976540003", []string{boavista}},
		{"Juliana Castro", "juliana@ipe.example", "+5531965430004", []string{ipe, serra}},
		{"Edson Farias", "", "+5585954320005", []string{serra}},
		{"Simone Albuquerque", "simone@camponovo.example", "+5562943210006", []string{campo}},
		{"Mariana Albuquerque", "mariana@aurora.example", "+5511987650142", []string{aurora}},
		{"Cláudia Menezes", "claudia@boavista.example", "+5521976540007", []string{boavista}},
		{"Sebastião Farias", "sebastiao@boavista.example", "+5521996403377", []string{boavista}},
		{"Antônio Resende", "antonio.resende@ipe.example", "+5531988124417", []string{ipe}},
		{"Otávio Brandão", "otavio@ipe.example", "", []string{ipe}},
		{"Lívia Sarmento", "livia@serraazul.example", "+5585954320008", []string{serra}},
		{"Tadeu Quaresma", "tadeu@serraazul.example", "", []string{serra}},
		{"Rafael Toledo", "rafael@camponovo.example", "+5562943210009", []string{campo}},
		{"Beatriz Lemos", "beatriz@camponovo.example", "", []string{campo}},
	}
}

func (s *Server) seedCustomers(p *seedPlan) error {
	for _, m := range seedPeople() {
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
