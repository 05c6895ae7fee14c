package graph

// Number is one of the business' WhatsApp numbers.
type Number struct {
	ID      string `json:"id"`      // phone_number_id
	Display string `json:"display"` // digits with country code
}

func defaultNumbers() []Number {
	return []Number{{ID: "106540352242922", Display: "551140034000"}}
}

// seeds returns the customers of a new sandbox, one of each kind a business meets. All are invented.
func seeds() []customer {
	return []customer{
		{Name: "Mariana Albuquerque", WaID: "5511987650142", BSUID: "BR.2917460385512049", AutoRead: true},
		{Name: "Antônio Resende", WaID: "553188124417", BSUID: "BR.3380157726449102", AutoRead: true},
		{Name: "Duda Nogueira", Username: "duda.nogueira", WaID: "5541992073318", BSUID: "BR.1764098253310576", HidesPhone: true},
		{Name: "Sebastião Farias", WaID: "5521996403377", NoReceipts: true},
	}
}

// template is an approved message template.
type template struct {
	ID       string
	Name     string
	Language string
	Category string
	Body     string
	Vars     int
	Buttons  []string
}

func templates() []template {
	return []template{
		{
			ID: "1127003459201846", Name: "retomar_atendimento", Language: "pt_BR", Category: "UTILITY", Vars: 1,
			Body:    "Olá, {{1}}! Temos uma resposta sobre o seu atendimento. Podemos continuar a conversa por aqui?",
			Buttons: []string{"Conversar agora"},
		},
		{
			ID: "1127003459201847", Name: "abrir_atendimento", Language: "pt_BR", Category: "UTILITY", Vars: 2,
			Body:    "Olá, {{1}}! Aqui é do suporte. Precisamos falar com você sobre {{2}}.",
			Buttons: []string{"Conversar agora", "Agora não"},
		},
	}
}

func findTemplate(name, language string) (template, bool) {
	for _, t := range templates() {
		if t.Name == name && t.Language == language {
			return t, true
		}
	}
	return template{}, false
}
