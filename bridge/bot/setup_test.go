package bot_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/bot"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// CNPJs whose check digits are right.
const (
	cnpjAlfa  = "11222333000181"
	cnpjBeta  = "12ABC34501DE35"
	cnpjOther = "11444777000161"
)

// The organisations of the tests.
func alfa() conversation.Organization {
	return conversation.Organization{ID: 1, Name: "Alfa", CNPJ: cnpjAlfa}
}

func beta() conversation.Organization {
	return conversation.Organization{ID: 2, Name: "Beta", CNPJ: cnpjBeta}
}

func now() time.Time { return time.Date(2026, 11, 22, 15, 4, 5, 0, time.UTC) }

// desk is a number with a menu of all kinds of lines.
func desk() settings.Number {
	n := settings.Default()
	n.Says = says()
	n.Bot = settings.Bot{
		Kind: settings.BotOwn, Tries: 3, AskEmail: false,
		Menu: []settings.MenuOption{
			{Title: "Suporte técnico", Description: "Erros e lentidão", Do: settings.MenuQueue, Queue: "Suporte N1", Category: "Suporte"},
			{Title: "Segunda via de boleto", Do: settings.MenuAnswer, Answer: "O boleto está no portal."},
			{Title: "Dúvidas", Do: settings.MenuFAQ},
			{Title: "Posição de um chamado", Do: settings.MenuPosition},
		},
		FAQ: []settings.FAQ{
			{Question: "Como emitir nota fiscal?", Answer: "Abra a rotina 1452."},
			{Question: "Como cancelar uma nota fiscal?", Answer: "Abra a rotina 1409."},
			{Question: "Esqueci a minha senha", Answer: "Clique em “Esqueci a senha”."},
			{Question: "Rotina 132 não abre", Answer: "Confira a permissão do usuário."},
		},
	}
	return n
}

// two is a number whose menu fits on buttons.
func two() settings.Number {
	n := desk()
	n.Bot.Menu = []settings.MenuOption{{Title: "Suporte", Do: settings.MenuQueue}, {Title: "Dúvidas", Do: settings.MenuFAQ}}
	return n
}

// email is a number whose bot asks for the e-mail address.
func email() settings.Number {
	n := desk()
	n.Bot.AskEmail = true
	return n
}

// bare is a number without a menu.
func bare() settings.Number {
	n := desk()
	n.Bot.Menu = nil
	return n
}

// core does with the bot's output what the conversation's decisions do, and writes down what happens.
type core struct {
	w    bot.World
	last bot.Output
}

func newCore(n settings.Number) *core {
	return &core{w: bot.World{
		Settings: n, Now: now(), Contact: conversation.Contact{ID: "c1", Name: "Ana", Zendesk: 7},
		Procedure: conversation.Procedure{Number: "261122-001"},
	}}
}

// tell tells the bot something and keeps what it answers.
func (c *core) tell(in bot.Input) bot.Output {
	out := bot.Step(c.w, in)
	p := &c.w.Procedure
	p.Bot = &out.Memory
	if out.Offers != nil {
		p.Offers = out.Offers
	}
	if out.Choose != nil {
		p.Organization, p.Offers = out.Choose, nil
	}
	for _, f := range out.Flags {
		p.Set(f, true)
	}
	for _, s := range []struct {
		to   *string
		have string
	}{{&p.Email, out.Email}, {&p.Queue, out.Queue}, {&p.Category, out.Category}, {&p.Subject, out.Subject}} {
		if s.have != "" {
			*s.to = s.have
		}
	}
	c.last = out
	return out
}

// input reads a line of a dialogue: "C " what the customer writes, "T " the id of what is tapped, "Z " what Zendesk tells.
func input(line string) (in bot.Input, ok bool) {
	who, what, _ := strings.Cut(line, " ")
	switch who {
	case "C":
		return bot.Input{Kind: bot.Said, Text: what}, true
	case "T":
		return bot.Input{Kind: bot.Said, Text: "(" + what + ")", Choice: what}, true
	case "Z":
		return zendesk(what), true
	}
	return bot.Input{}, false
}

func zendesk(what string) bot.Input {
	kind, rest, _ := strings.Cut(what, " ")
	switch kind {
	case "opened":
		return bot.Input{Kind: bot.Opened, Text: rest}
	case "identified":
		in := bot.Input{Kind: bot.Identified}
		for name := range strings.FieldsSeq(rest) {
			switch name {
			case "Alfa":
				in.Organizations = append(in.Organizations, alfa())
			case "Beta":
				in.Organizations = append(in.Organizations, beta())
			default:
				id, _ := strconv.ParseInt(strings.TrimLeft(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"), 10, 64)
				in.Organizations = append(in.Organizations, conversation.Organization{ID: id, Name: name})
			}
		}
		return in
	case "checked":
		return bot.Input{Kind: bot.Checked}
	case "gave":
		return bot.Input{Kind: bot.GaveUp}
	case "position":
		p := conversation.Position{}
		fmt.Sscan(rest, &p.Ticket, &p.Status, &p.Expected)
		p.Found = p.Status != ""
		return bot.Input{Kind: bot.Found, Position: p}
	}
	panic("unknown line: " + what)
}

// lines is an output as a dialogue shows it: "B " the bot's words, "O " what is offered, "= " what is to be done.
func lines(out bot.Output) []string {
	var all []string
	for _, s := range out.Say {
		all = append(all, "B "+strings.ReplaceAll(s.Text, "\n", "⏎"))
		if s.Choices != nil {
			all = append(all, "O "+offered(*s.Choices))
		}
	}
	add := func(name, value string) {
		if value != "" {
			all = append(all, "= "+name+" "+value)
		}
	}
	add("identify", out.Identify)
	for _, o := range out.Offers {
		add("offer", o.Name)
	}
	if out.Choose != nil {
		add("choose", out.Choose.Name)
	}
	if out.Position != 0 {
		add("position", strconv.FormatInt(out.Position, 10))
	}
	add("email", out.Email)
	add("queue", out.Queue)
	add("category", out.Category)
	add("subject", out.Subject)
	for _, f := range out.Flags {
		add("flag", string(f))
	}
	if out.HandOver {
		all = append(all, "= hand over")
	}
	if out.Satisfied {
		all = append(all, "= satisfied")
	}
	return all
}

// offered shows buttons in brackets, and a list's rows with their descriptions.
func offered(c conversation.Choices) string {
	var all []string
	for _, o := range c.Options {
		switch {
		case c.Buttons():
			all = append(all, "["+o.Title+"]")
		case o.Description != "":
			all = append(all, o.Title+" ("+o.Description+")")
		default:
			all = append(all, o.Title)
		}
	}
	if c.Buttons() {
		return strings.Join(all, " ")
	}
	return c.Button + ": " + strings.Join(all, " | ")
}

// dialogue plays the customer's and Zendesk's lines of a script and wants the rest of it to come from the bot.
func dialogue(t *testing.T, c *core, script string) {
	t.Helper()
	var want, got []string
	for line := range strings.Lines(script) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		want = append(want, line)
		if in, ok := input(line); ok {
			got = append(got, line)
			got = append(got, lines(c.tell(in))...)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("dialogue (-want +got):\n%s", diff)
	}
}

// begun is a conversation whose customer is identified and checked.
func begun(t *testing.T, n settings.Number) *core {
	t.Helper()
	c := newCore(n)
	for _, line := range []string{"Z opened", "Z identified Alfa", "Z checked"} {
		in, _ := input(line)
		c.tell(in)
	}
	if c.w.Procedure.Organization == nil {
		t.Fatal("nobody was identified")
	}
	return c
}

// asked is a conversation in which the CNPJ was asked for.
func asked(t *testing.T, n settings.Number) *core {
	t.Helper()
	c := newCore(n)
	for _, line := range []string{"Z opened", "Z identified"} {
		in, _ := input(line)
		c.tell(in)
	}
	if step := c.w.Procedure.Bot.Step; step != conversation.BotCNPJ {
		t.Fatalf("the step is %q", step)
	}
	return c
}
