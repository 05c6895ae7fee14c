package bot_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/bot"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

const opening = "B Olá, Ana! O atendimento foi iniciado sob o número 261122-001. Descreva, por favor, como podemos ajudar.\n"

const menuOffer = `
	O Ver opções: Suporte técnico (Erros e lentidão) | Segunda via de boleto | Dúvidas | Posição de um chamado | Falar com atendente
`

func TestIdentification(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		n      settings.Number
		script string
	}{
		"a known customer of one organisation is asked nothing": {
			desk(), `
			Z opened
			` + opening + `
			C Bom dia, o sistema está lento
			Z identified Alfa
			= choose Alfa
			Z checked
			B Como podemos ajudar? Escolha uma opção:
			` + menuOffer,
		},
		"a menu that fits stands on buttons": {two(), `
			Z opened
			` + opening + `
			Z identified Alfa
			= choose Alfa
			Z checked
			B Como podemos ajudar? Escolha uma opção:
			O [Suporte] [Dúvidas] [Falar com atendente]
		`},
		"no menu: straight to the queue": {bare(), `
			Z opened
			` + opening + `
			Z identified Alfa
			= choose Alfa
			Z checked
			B Vou transferir você para um de nossos atendentes. Aguarde um instante, por favor.
			= hand over
		`},
		"several organisations, by button": {bare(), `
			Z opened
			` + opening + `
			Z identified Alfa Beta
			B Você está cadastrado em mais de uma empresa. De qual delas se trata este atendimento?
			O [Alfa] [Beta] [Falar com atendente]
			= offer Alfa
			= offer Beta
			T org:2
			= choose Beta
			T org:2
			Z checked
			B Vou transferir você para um de nossos atendentes. Aguarde um instante, por favor.
			= hand over
		`},
		"several organisations, by name, number and CNPJ": {bare(), `
			Z opened
			` + opening + `
			Z identified Alfa Beta Gama3
			B Você está cadastrado em mais de uma empresa. De qual delas se trata este atendimento?
			O Ver opções: Alfa (11.222.333/0001-81) | Beta (12.ABC.345/01DE-35) | Gama3 | Falar com atendente
			= offer Alfa
			= offer Beta
			= offer Gama3
			C não sei bem
			B Não entendi a sua resposta. Escolha uma das opções, por favor.
			O Ver opções: Alfa (11.222.333/0001-81) | Beta (12.ABC.345/01DE-35) | Gama3 | Falar com atendente
			C 12abc34501de35
			= choose Beta
		`},
		"a CNPJ of yet another organisation": {bare(), `
			Z opened
			` + opening + `
			Z identified Alfa Beta
			B Você está cadastrado em mais de uma empresa. De qual delas se trata este atendimento?
			O [Alfa] [Beta] [Falar com atendente]
			= offer Alfa
			= offer Beta
			C na verdade é 11.444.777/0001-61
			= identify 11444777000161
		`},
		"an organisation is never understood": {bare(), `
			Z opened
			` + opening + `
			Z identified Alfa Beta
			B Você está cadastrado em mais de uma empresa. De qual delas se trata este atendimento?
			O [Alfa] [Beta] [Falar com atendente]
			= offer Alfa
			= offer Beta
			C oi
			B Não entendi a sua resposta. Escolha uma das opções, por favor.
			O [Alfa] [Beta] [Falar com atendente]
			C alô?
			B Não entendi a sua resposta. Escolha uma das opções, por favor.
			O [Alfa] [Beta] [Falar com atendente]
			C ???
			B Vou transferir você para um de nossos atendentes. Aguarde um instante, por favor.
			= hand over
		`},
		"a CNPJ among the first words chooses": {bare(), `
			Z opened
			` + opening + `
			C aqui é da 11.222.333/0001-81
			Z identified Alfa Beta
			= choose Alfa
		`},
		"a CNPJ among the first words is not asked for again": {bare(), `
			Z opened Olá, sou do CNPJ 11.222.333/0001-81 e não consigo faturar
			` + opening + `
			Z identified
			= identify 11222333000181
			Z identified Alfa
			= choose Alfa
		`},
		"zendesk does not tell who it is": {desk(), `
			Z opened
			` + opening + `
			Z gave up
			B Como podemos ajudar? Escolha uma opção:
			` + menuOffer + `
			= flag unverified
			T menu:0
			B Vou transferir você para um de nossos atendentes, que vai confirmar os seus dados. Aguarde um instante, por favor.
			= queue Suporte N1
			= category Suporte
			= subject Suporte técnico
			= hand over
		`},
		"zendesk does not tell, and there is no menu": {bare(), `
			Z opened
			` + opening + `
			Z gave up
			B Vou transferir você para um de nossos atendentes, que vai confirmar os seus dados. Aguarde um instante, por favor.
			= flag unverified
			= hand over
		`},
		"zendesk tells too late": {desk(), `
			Z opened
			` + opening + `
			Z gave up
			B Como podemos ajudar? Escolha uma opção:
			` + menuOffer + `
			= flag unverified
			Z identified Alfa
			= choose Alfa
			Z checked
			Z identified Beta
			Z gave up
		`},
		"what is not awaited changes nothing": {desk(), `
			Z opened
			` + opening + `
			Z checked
			Z position 1 open
			Z opened
			Z identified Alfa
			= choose Alfa
			Z identified Beta
			Z position 1 open
		`},
		"zendesk does not tell of the pending": {bare(), `
			Z opened
			` + opening + `
			Z identified Alfa
			= choose Alfa
			Z gave up
			B Vou transferir você para um de nossos atendentes. Aguarde um instante, por favor.
			= flag unverified
			= hand over
		`},
		"after the hand-over there are no words": {bare(), `
			Z opened
			` + opening + `
			Z gave up
			B Vou transferir você para um de nossos atendentes, que vai confirmar os seus dados. Aguarde um instante, por favor.
			= flag unverified
			= hand over
			C oi?
			T talk
			Z identified Alfa
			Z checked
			Z opened
		`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dialogue(t, newCore(tt.n), tt.script)
		})
	}
}

func TestTooManyOrganizations(t *testing.T) {
	t.Parallel()
	c := newCore(bare())
	var names, offers strings.Builder
	for i := range 8 {
		fmt.Fprintf(&names, " ORG%d", i+10)
		fmt.Fprintf(&offers, "= offer ORG%d\n", i+10)
	}
	dialogue(t, c, `
		Z opened
		`+opening+`
		Z identified Alfa Beta`+names.String()+`
		B Para localizar o seu cadastro, informe o CNPJ da sua empresa.
		= offer Alfa
		= offer Beta
		`+offers.String()+`
		C 12.ABC.345/01DE-35
		= choose Beta
	`)
}

func TestNineOrganizationsAreAList(t *testing.T) {
	t.Parallel()
	c := newCore(bare())
	c.tell(bot.Input{Kind: bot.Opened})
	var list []conversation.Organization
	for i := range 9 {
		list = append(list, conversation.Organization{ID: int64(i + 1), Name: "Distribuidora de Alimentos São João", CNPJ: cnpjAlfa})
	}
	list = append(list, list[0]) // twice the same is once
	out := c.tell(bot.Input{Kind: bot.Identified, Organizations: list})
	options := out.Say[0].Choices.Options
	if len(options) != 10 {
		t.Fatalf("%d options", len(options))
	}
	want := conversation.Option{ID: "org:9", Title: "Distribuidora de Alimen…", Description: "Distribuidora de Alimentos São João - 11.222.333/0001-81"}
	if diff := cmp.Diff(want, options[8]); diff != "" {
		t.Errorf("option (-want +got):\n%s", diff)
	}
}

func TestUnknownPeople(t *testing.T) {
	t.Parallel()
	n := bare()
	n.Organizations.Unknown = settings.UnknownQueue
	c := newCore(n)
	c.w.Contact.Zendesk = 0
	dialogue(t, c, `
		Z opened
		`+opening+`
		Z identified
		B Vou transferir você para um de nossos atendentes, que vai confirmar os seus dados. Aguarde um instante, por favor.
		= flag no_organization
		= hand over
	`)
}

func TestNobodyIsIdentified(t *testing.T) {
	t.Parallel()
	n := two()
	n.Organizations.Check = false
	dialogue(t, newCore(n), `
		Z opened
		`+opening+`
		B Como podemos ajudar? Escolha uma opção:
		O [Suporte] [Dúvidas] [Falar com atendente]
	`)
}

func TestSwitchedOnLater(t *testing.T) {
	t.Parallel()
	dialogue(t, newCore(bare()), `
		C oi
		B Para localizar o seu cadastro, informe o CNPJ da sua empresa.
	`)
	dialogue(t, newCore(bare()), `
		C oi, aqui é 11.222.333/0001-81
		= identify 11222333000181
	`)
	c := newCore(two())
	o := alfa()
	c.w.Procedure.Organization = &o
	dialogue(t, c, `
		C oi
		B Como podemos ajudar? Escolha uma opção:
		O [Suporte] [Dúvidas] [Falar com atendente]
	`)
}

func TestOffersThatAreGone(t *testing.T) {
	t.Parallel()
	c := newCore(bare())
	c.tell(bot.Input{Kind: bot.Opened})
	c.tell(bot.Input{Kind: bot.Identified, Organizations: []conversation.Organization{alfa(), beta()}})
	c.w.Procedure.Offers = nil
	dialogue(t, c, `
		T org:1
		B Para localizar o seu cadastro, informe o CNPJ da sua empresa.
	`)
}

func TestWhatIsRemembered(t *testing.T) {
	t.Parallel()
	c := asked(t, desk())
	for _, text := range []string{"  Meu pedido\nnão sai ", "11.222.333/0001-81"} {
		c.tell(bot.Input{Kind: bot.Said, Text: text})
	}
	want := conversation.BotMemory{
		Step: conversation.BotWaits, Next: conversation.BotCNPJ, CNPJ: cnpjAlfa, Said: []string{"Meu pedido não sai"}, Asked: now(),
	}
	if diff := cmp.Diff(want, *c.w.Procedure.Bot); diff != "" {
		t.Errorf("memory (-want +got):\n%s", diff)
	}
	c.tell(bot.Input{Kind: bot.Identified, Organizations: []conversation.Organization{beta()}})
	if got := c.w.Procedure.Bot.CNPJ; got != "" {
		t.Errorf("the CNPJ of another organisation stays: %s", got)
	}
}

func TestManyWords(t *testing.T) {
	t.Parallel()
	c := newCore(desk())
	c.tell(bot.Input{Kind: bot.Opened, Text: "um"})
	for _, text := range []string{"um", "dois", "três", "quatro", "cinco", "seis", strings.Repeat("é", 400), "oito"} {
		c.tell(bot.Input{Kind: bot.Said, Text: text})
	}
	want := []string{"um", "dois", "três", "quatro", "cinco / seis / " + strings.Repeat("é", 300-len("cinco / seis / "))}
	if diff := cmp.Diff(want, c.w.Procedure.Bot.Said); diff != "" {
		t.Errorf("words (-want +got):\n%s", diff)
	}
}
