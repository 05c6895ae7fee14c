package bot_test

import (
	"testing"

	"github.com/ponte-desk/ponte/bridge/bot"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

func TestFAQ(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]string{
		"one clear hit": `
			C perdi minhas senhas
			B Clique em “Esqueci a senha”.
			` + anything,
		"other forms of the words": `
			C cancelamento de NOTAS fiscais
			B Abra a rotina 1409.
			` + anything,
		"the best comes first": `
			C quero cancelar a nota fiscal de entrada
			B Como podemos ajudar? Escolha uma opção:
			O Ver opções: Como cancelar uma nota… (Como cancelar uma nota fiscal?) | Como emitir nota fiscal? | Falar com atendente
		`,
		"one entry fits twice as well": `
			C rotina não abre
			B Confira a permissão do usuário.
			` + anything,
		"several, chosen": `
			C nota fiscal
			` + offerNotes + `
			T faq:1
			B Abra a rotina 1409.
			` + anything,
		"several, by number": `
			C nota fiscal
			` + offerNotes + `
			C 1
			B Abra a rotina 1452.
			` + anything,
		"several, by its beginning": `
			C nota fiscal
			` + offerNotes + `
			C como emitir
			B Abra a rotina 1452.
			` + anything,
		"several, and another question": `
			C nota fiscal
			` + offerNotes + `
			C esqueci a senha
			B Clique em “Esqueci a senha”.
			` + anything,
		"several, never understood": `
			C nota fiscal
			` + offerNotes + `
			C hein
			B Não entendi a sua resposta. Escolha uma das opções, por favor.
			` + offerNotesOnly + `
			C nota
			` + offerNotes + `
			C nota
			` + handOver,
		"only an answer has the word": `
			C permissão
			B Como podemos ajudar? Escolha uma opção:
			O [Rotina 132 não abre] [Falar com atendente]
		`,
		"none": `
			C impressora
			B Não encontrei uma resposta para isso.
			B Como podemos ajudar? Escolha uma opção:
			` + menuOffer,
		"no words": `
			C como eu faço para
			B Não encontrei uma resposta para isso.
			B Como podemos ajudar? Escolha uma opção:
			` + menuOffer,
		"another line of the menu": "T menu:0\n" + toQueue,
		"back": `
			C voltar
			B Como podemos ajudar? Escolha uma opção:
			` + menuOffer,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dialogue(t, begun(t, desk()), "T menu:2\nB Qual é a sua dúvida? Escreva em poucas palavras.\n"+script)
		})
	}
}

const (
	offerNotesOnly = `
		O Ver opções: Como emitir nota fiscal? | Como cancelar uma nota… (Como cancelar uma nota fiscal?) | Falar com atendente
	`
	offerNotes = "B Como podemos ajudar? Escolha uma opção:\n" + offerNotesOnly
)

func TestFAQThatIsGone(t *testing.T) {
	t.Parallel()
	c := begun(t, desk())
	for _, line := range []string{"T menu:2", "C nota fiscal"} {
		in, _ := input(line)
		c.tell(in)
	}
	c.w.Settings.Bot.FAQ = c.w.Settings.Bot.FAQ[:1]
	dialogue(t, c, `
		T faq:1
		B Não entendi a sua resposta. Escolha uma das opções, por favor.
		O Ver opções: Como emitir nota fiscal? (Como emitir nota fiscal?) | Falar com atendente (Falar com atendente)
	`)
	c.w.Settings.Bot.FAQ = nil
	dialogue(t, c, "T faq:0\n"+again)
}

func TestEmail(t *testing.T) {
	t.Parallel()
	const menu = "B Como podemos ajudar? Escolha uma opção:\n" + menuOffer
	for name, script := range map[string]string{
		"plain":          "C ana@alfa.com.br\n= email ana@alfa.com.br",
		"in a sentence":  "C é o Ana.Souza@Alfa.com.br, obrigada.\n= email ana.souza@alfa.com.br",
		"in brackets":    "C Ana <ana@alfa.com>\n= email ana@alfa.com",
		"there is none":  "C não tenho\n= flag no_email",
		"no":             "C Nao\n= flag no_email",
		"sem e-mail":     "C sem e-mail\n= flag no_email",
		"skip":           "C pular\n= flag no_email",
		"wrong, right":   "C ana@alfa\nB Esse endereço de e-mail não parece válido. Pode enviar novamente?\nC ana@alfa.com\n= email ana@alfa.com",
		"wrong, wrong":   "C ana@\nB Esse endereço de e-mail não parece válido. Pode enviar novamente?\nC [Imagem]\n= flag no_email",
		"two points":     "C ana@alfa..com\nB Esse endereço de e-mail não parece válido. Pode enviar novamente?\nC não\n= flag no_email",
		"a button's id":  "T org:1\nB Esse endereço de e-mail não parece válido. Pode enviar novamente?\nC não\n= flag no_email",
		"two at once":    "C ana@alfa.com ou bia@alfa.com\n= email ana@alfa.com",
		"with underline": "C _ana_b@alfa.com_\n= email ana_b@alfa.com",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// what is said comes before what is to be done
			head, last, _ := cutLast(script)
			dialogue(t, begun(t, email()), head+"\n"+menu+last)
		})
	}
	c := newCore(email())
	c.w.Procedure.Email = "ana@alfa.com"
	dialogue(t, c, "Z opened\n"+opening+"Z identified Alfa\n= choose Alfa\nZ checked\n"+menu)
}

// cutLast divides a script before its last line.
func cutLast(script string) (head, last string, ok bool) {
	for i := len(script) - 1; i >= 0; i-- {
		if script[i] == '\n' {
			return script[:i], script[i+1:], true
		}
	}
	return "", script, false
}

func TestPosition(t *testing.T) {
	t.Parallel()
	const about = "= category Distribuição::Linha Winthor::99::007::Posicionamento de ticket\n= subject Posicionamento do ticket 1234\n"
	for name, script := range map[string]string{
		"with a date": `
			C 1234
			= position 1234
			C e aí?
			Z position 1234 open 2026-12-01
			B O chamado 1234 está aberto, com previsão para 01/12/2026.
			` + anything + about,
		"solved": `
			C #1234
			= position 1234
			Z position 1234 solved 2026-12-01
			B O chamado 1234 está resolvido.
			` + anything + about,
		"closed": `
			C #1234
			= position 1234
			Z position 1234 closed
			B O chamado 1234 está fechado.
			` + anything + about,
		"without a date": `
			C 1234
			= position 1234
			Z position 1234 hold
			B O chamado 1234 está em espera e ainda não tem data prevista.
			B Vou transferir você para um de nossos atendentes. Aguarde um instante, por favor.
			` + about + `
			= hand over`,
		"a date that is none": `
			C 1234
			= position 1234
			Z position 1234 pending 2026-13-01
			B O chamado 1234 está pendente e ainda não tem data prevista.
			B Vou transferir você para um de nossos atendentes. Aguarde um instante, por favor.
			` + about + `
			= hand over`,
		"no such ticket": `
			C 1234
			= position 1234
			Z position 1234
			B Não localizei o chamado 1234 para a sua empresa.
			` + anything,
		"deleted": `
			C 1234
			= position 1234
			Z position 1234 deleted
			B Não localizei o chamado 1234 para a sua empresa.
			` + anything,
		"zendesk does not tell": `
			C 1234
			= position 1234
			Z gave up
			B Vou transferir você para um de nossos atendentes. Aguarde um instante, por favor.
			` + about + `
			= hand over`,
		"no number": `
			C não sei o número
			B Qual é o número do chamado?
			C entre 12 e 15
			B Qual é o número do chamado?
			C [Imagem]
			` + handOver,
		"back": `
			C menu
			B Como podemos ajudar? Escolha uma opção:
			` + menuOffer,
		"another line of the menu": "T menu:0\n" + toQueue,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dialogue(t, begun(t, desk()), "T menu:3\nB Qual é o número do chamado?\n"+script)
		})
	}
}

func TestPositionOfAnotherOrganization(t *testing.T) {
	t.Parallel()
	c := begun(t, desk())
	for _, line := range []string{"T menu:3", "C 1234"} {
		in, _ := input(line)
		c.tell(in)
	}
	out := c.tell(bot.Input{Kind: bot.Found, Position: conversation.Position{Ticket: 1234, Found: true, Status: "open", Expected: "2026-12-01", Organization: 2}})
	if got, want := out.Say[0].Text, "Não localizei o chamado 1234 para a sua empresa."; got != want {
		t.Errorf("said %q, want %q", got, want)
	}
}

func TestWhere(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]string{
		"":       "Não localizei o chamado 1234 para a sua empresa.",
		"closed": "O chamado 1234 está fechado.",
		"new":    "O chamado 1234 está novo e ainda não tem data prevista.",
		"open":   "O chamado 1234 está aberto, com previsão para 24/12/2026.",
	} {
		at := conversation.Position{Ticket: 1234, Found: status != "", Status: status}
		if status == "open" {
			at.Expected = "2026-12-24"
		}
		if got := bot.Where(bot.World{Settings: desk()}, at); got != want {
			t.Errorf("%q: %q, want %q", status, got, want)
		}
	}
}

func TestPositionForNobodyKnown(t *testing.T) {
	t.Parallel()
	dialogue(t, newCore(desk()), `
		Z opened
		`+opening+`
		Z gave up
		B Como podemos ajudar? Escolha uma opção:
		`+menuOffer+`
		= flag unverified
		T menu:3
		B Qual é o número do chamado?
		C 1234
		B Vou transferir você para um de nossos atendentes, que vai confirmar os seus dados. Aguarde um instante, por favor.
		= category Distribuição::Linha Winthor::99::007::Posicionamento de ticket
		= subject Posicionamento do ticket 1234
		= hand over
	`)
}

func TestTicketNumbers(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{
		"1234": 1234, "#1234": 1234, " 1234. ": 1234, "chamado 1234": 1234, "Chamado: 1234!": 1234, "o ticket nº 1234 de 12/05": 1234, "nº1234": 1234,
		"TICKET1234": 1234, "chamado#1234": 1234, "é o 12.345": 12345, "chamado 77 sobre a rotina 1452": 77, "protocolo de número 9": 9, "(1234)": 1234,
		"chamado 12 e 13": 12, "1234, aquele de ontem, 1234": 1234, "numero do chamado é 55 na rotina 132": 55,
		"": 0, "0": 0, "12 e 13": 0, "12/05/2026": 0, "a1b2": 0, "1234567890123": 0, "12.34": 0, "chamado": 0, "rotina132": 0, "11.222.333/0001-81": 0, "...": 0,
		"99999999999999999999": 0, "-5": 0,
	} {
		c := begun(t, desk())
		c.tell(bot.Input{Kind: bot.Said, Choice: "menu:3"})
		if got := c.tell(bot.Input{Kind: bot.Said, Text: text}).Position; got != want {
			t.Errorf("%q is %d, want %d", text, got, want)
		}
	}
}

func TestEnglish(t *testing.T) {
	t.Parallel()
	n := settings.DefaultIn(settings.LanguageEN)
	n.Says = saysEnglish()
	n.Bot = settings.Bot{Kind: settings.BotOwn, Tries: 2, AskEmail: true, Menu: []settings.MenuOption{{Title: "Where is my ticket?", Do: settings.MenuPosition}}}
	dialogue(t, newCore(n), `
		Z opened
		B Hello, Ana! This is 261122-001.
		Z identified Alfa
		= choose Alfa
		Z checked
		B What is your e-mail address?
		C I don't have one
		B How can we help?
		O [Where is my ticket?] [Talk to an agent]
		= flag no_email
		C where
		B What is the ticket's number?
		C number 12
		= position 12
		Z position 12 hold 2026-12-24
		B Ticket 12 is on hold, expected by 24/12/2026.
		B Anything else?
		O [Where is my ticket?] [Talk to an agent]
		= category Distribuição::Linha Winthor::99::007::Posicionamento de ticket
		= subject Posicionamento do ticket 12
		C no, thank you
		= satisfied
		C talk to an agent
		B One of our agents will take over.
		= hand over
	`)
}
