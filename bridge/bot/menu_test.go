package bot_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/bot"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

const (
	handOver = "B Vou transferir você para um de nossos atendentes. Aguarde um instante, por favor.\n= hand over\n"
	again    = "B Não entendi a sua resposta. Escolha uma das opções, por favor.\n" + menuOffer
	anything = "B Posso ajudar em algo mais?\n" + menuOffer
	toQueue  = `
		B Vou transferir você para um de nossos atendentes. Aguarde um instante, por favor.
		= queue Suporte N1
		= category Suporte
		= subject Suporte técnico
		= hand over
	`
)

func TestMenu(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]string{
		"by id":                     "T menu:0\n" + toQueue,
		"by number":                 "C 1\n" + toQueue,
		"by number, said":           "C Opção 1.\n" + toQueue,
		"by title":                  "C SUPORTE TECNICO\n" + toQueue,
		"by its beginning":          "C sup\n" + toQueue,
		"talk by number":            "C 5\n" + handOver,
		"talk by id":                "T talk\n" + handOver,
		"talk by title":             "C falar com atendente\n" + handOver,
		"talk, begun":               "C falar\n" + handOver,
		"out of range":              "C 6\n" + again,
		"too short":                 "C s\n" + again,
		"an id of another question": "T org:1\n" + again,
		"an answer, and another": `
			C segunda via
			B O boleto está no portal.
			` + anything + `
			T menu:0
			` + toQueue,
		"an answer is enough": `
			T menu:1
			B O boleto está no portal.
			` + anything + `
			C Não, muito obrigado!
			= satisfied
			C só mais uma coisa
			` + again,
		"yes, something more": `
			T menu:1
			B O boleto está no portal.
			` + anything + `
			C sim
			B Como podemos ajudar? Escolha uma opção:
			` + menuOffer,
		"no is no answer at first": "C não\n" + again,
		"three times": `
			C lento
			` + again + `
			C [Vídeo]
			` + again + `
			C lento!!
			` + handOver,
		"an answer begins the count anew": `
			C lento
			` + again + `
			C lento
			` + again + `
			T menu:1
			B O boleto está no portal.
			` + anything + `
			C lento
			` + again,
		"the menu, please": `
			C menu
			B Como podemos ajudar? Escolha uma opção:
			` + menuOffer + `
			C menu
			B Como podemos ajudar? Escolha uma opção:
			` + menuOffer + `
			C menu
			` + handOver,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dialogue(t, begun(t, desk()), script)
		})
	}
}

func TestMenuKeepsTheChoice(t *testing.T) {
	t.Parallel()
	c := begun(t, desk())
	c.tell(bot.Input{Kind: bot.Said, Text: "Segunda via de boleto", Choice: "menu:1"})
	c.tell(bot.Input{Kind: bot.Said, Text: "o portal não abre"})
	m := c.w.Procedure.Bot
	if m.Choice != "Segunda via de boleto" || !cmp.Equal(m.Said, []string{"o portal não abre"}) {
		t.Errorf("the memory is %+v", m)
	}
}

func TestOptionsWithinLimits(t *testing.T) {
	t.Parallel()
	line := func(title, description string) settings.MenuOption {
		return settings.MenuOption{Title: title, Description: description, Do: settings.MenuQueue}
	}
	for name, tt := range map[string]struct {
		menu []settings.MenuOption
		want string
	}{
		"one button": {[]settings.MenuOption{line("Um", "")}, "[Um] [Falar com atendente]"},
		"a title too long for buttons": {
			[]settings.MenuOption{line("Vinte e um caracteres", "")},
			"Ver opções: Vinte e um caracteres (Vinte e um caracteres) | Falar com atendente (Falar com atendente)",
		},
		"two of one title": {
			[]settings.MenuOption{line("Um", ""), line("Um", "")}, "Ver opções: Um (Um) | Um (Um) | Falar com atendente (Falar com atendente)",
		},
		"a description": {[]settings.MenuOption{line("Um", "Primeiro")}, "Ver opções: Um (Primeiro) | Falar com atendente"},
		"no title":      {[]settings.MenuOption{line(" ", "")}, "[1] [Falar com atendente]"},
		"a title too long for lists": {
			[]settings.MenuOption{line("Um título comprido demais 😀", "")},
			"Ver opções: Um título comprido dema… (Um título comprido demais 😀) | Falar com atendente",
		},
		"a variable": {[]settings.MenuOption{line("Eu sou {{contato.nome}}", "")}, "[Eu sou Ana] [Falar com atendente]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := desk()
			n.Bot.Menu = tt.menu
			c := begun(t, n)
			if got := offered(*c.last.Say[0].Choices); got != tt.want {
				t.Errorf("offered\n%s, want\n%s", got, tt.want)
			}
		})
	}
}

func TestTwoOfOneTitleAreNotGuessed(t *testing.T) {
	t.Parallel()
	n := desk()
	n.Bot.Menu = []settings.MenuOption{{Title: "Um", Do: settings.MenuQueue, Queue: "A"}, {Title: "Um", Do: settings.MenuQueue, Queue: "B"}}
	c := begun(t, n)
	if out := c.tell(bot.Input{Kind: bot.Said, Text: "um"}); out.HandOver {
		t.Error("one of them was taken")
	}
	if out := c.tell(bot.Input{Kind: bot.Said, Text: "2"}); out.Queue != "B" {
		t.Errorf("the queue is %q", out.Queue)
	}
}

func TestLongTexts(t *testing.T) {
	t.Parallel()
	n := desk()
	paragraph := strings.Repeat("palavra ", 400) // 3,200 characters
	n.Bot.Menu[1].Answer = paragraph + "\n\n" + paragraph
	n.Says.AskAnythingMore = strings.Repeat("mais ", 300)
	c := begun(t, n)
	out := c.tell(bot.Input{Kind: bot.Said, Choice: "menu:1"})
	var got []int
	for _, s := range out.Say {
		got = append(got, len(s.Text))
	}
	if want := []int{3199, 3199, 1019, 479}; !cmp.Equal(got, want) {
		t.Errorf("lengths %v, want %v", got, want)
	}
	if out.Say[2].Choices != nil || out.Say[3].Choices == nil {
		t.Error("the options stand elsewhere than at the end")
	}
}

func TestEmptyTexts(t *testing.T) {
	t.Parallel()
	n := desk()
	n.Says, n.Bot.Menu = settings.Says{}, n.Bot.Menu[1:2]
	own := settings.Default().Says
	menu := "B " + own.Menu + "\nO " + own.MenuButton + ": Segunda via de boleto (Segunda via de boleto) | " + own.Talk + " (" + own.Talk + ")\n"
	dialogue(t, newCore(n), `
		Z opened
		Z identified
		B `+own.AskCNPJ+`
		C 11222333000181
		= identify 11222333000181
		Z identified Alfa
		= choose Alfa
		Z checked
		`+menu+`
		T menu:0
		B O boleto está no portal.
		`+menu+`
		T talk
		= hand over
	`)
}

func TestNamesAreNoVariables(t *testing.T) {
	t.Parallel()
	c := newCore(desk())
	c.w.Contact.Name = "{{atendimento.numero}}"
	out := c.tell(bot.Input{Kind: bot.Opened})
	if want := "Olá, {{atendimento.numero}}! O atendimento foi iniciado sob o número 261122-001."; !strings.HasPrefix(out.Say[0].Text, want) {
		t.Errorf("said %q", out.Say[0].Text)
	}
}

func TestAllIsAutomatic(t *testing.T) {
	t.Parallel()
	c := newCore(desk())
	out := c.tell(bot.Input{Kind: bot.Opened, Text: "quero falar com alguém"})
	if len(out.Say) != 2 || !out.Say[0].Automatic || !out.Say[1].Automatic || !out.HandOver {
		t.Errorf("output %+v", out)
	}
}

func TestReasons(t *testing.T) {
	t.Parallel()
	c := begun(t, desk())
	out := c.tell(bot.Input{Kind: bot.Said, Choice: "menu:0"})
	if want := []string{"menu: queue", "chose a queue"}; !cmp.Equal(out.Reasons, want) {
		t.Errorf("reasons %q, want %q", out.Reasons, want)
	}
	if out = c.tell(bot.Input{Kind: bot.Said, Text: "oi"}); !cmp.Equal(out.Reasons, []string{"people have it"}) {
		t.Errorf("reasons %q", out.Reasons)
	}
}

func TestPeopleAtAnyTime(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"falar com atendente", "Atendente", "ATENDENTE!!", "quero um humano", "quero falar com uma pessoa", "me passa pra um atendente por favor",
		"preciso falar com alguém", "I want to talk to a human", "agent", "quero falar com o financeiro",
		"já tentei de tudo e não deu certo, quero falar com um atendente agora mesmo",
	} {
		for step, c := range steps(t) {
			if out := c.tell(bot.Input{Kind: bot.Said, Text: text}); !out.HandOver || out.Memory.Step != conversation.BotDone {
				t.Errorf("%s: %q does not hand over", step, text)
			}
		}
	}
}

func TestPeopleAreNotMeant(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"ontem o atendente de vocês me disse que o boleto sairia hoje", "humanos não", "qual é o recurso de RH da rotina 132", "agente precisa disso",
		"o erro continua, não adianta falar com calma que o sistema volta a travar",
	} {
		c := begun(t, desk())
		if out := c.tell(bot.Input{Kind: bot.Said, Text: text}); out.HandOver {
			t.Errorf("%q hands over", text)
		}
	}
}

// steps is a conversation in every step.
func steps(t *testing.T) map[string]*core {
	t.Helper()
	all := map[string]*core{"start": newCore(desk())}
	for name, script := range map[string][]string{
		"waits":    {"Z opened"},
		"cnpj":     {"Z opened", "Z identified"},
		"identify": {"Z opened", "Z identified", "C 11222333000181"},
		"choose":   {"Z opened", "Z identified Alfa Beta"},
		"check":    {"Z opened", "Z identified Alfa"},
		"email":    {"Z opened", "Z identified Alfa", "Z checked"},
		"menu":     {"Z opened", "Z identified Alfa", "Z checked", "C não"},
		"faq":      {"Z opened", "Z identified Alfa", "Z checked", "C não", "T menu:2"},
		"hits":     {"Z opened", "Z identified Alfa", "Z checked", "C não", "T menu:2", "C nota fiscal"},
		"position": {"Z opened", "Z identified Alfa", "Z checked", "C não", "T menu:3"},
		"found":    {"Z opened", "Z identified Alfa", "Z checked", "C não", "T menu:3", "C 12"},
	} {
		c := newCore(email())
		for _, line := range script {
			in, _ := input(line)
			c.tell(in)
		}
		all[name] = c
	}
	return all
}
