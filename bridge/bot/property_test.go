package bot_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/bridge/bot"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// words draws what a customer may write: what the bot understands, and anything else.
func words() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom([]string{
			"", " ", "oi", "não", "sim", "menu", "obrigado", "1", "2", "9", "10", "11", "0", "-1", "11222333000181", "11.222.333/0001-81", "11.444.777/0001-61",
			"12ABC34501DE35", "11.222.333/0001-82", "11222333000181 e 11444777000161", "ana@alfa.com.br", "ana@", "chamado 1234", "#1", "nota fiscal",
			"esqueci a senha", "suporte", "dúvidas", "falar", "[Imagem]", "[Áudio]", "\x00\xff", "{{tentativas}}", strings.Repeat("ã ", 3000), "Alfa", "beta", "I don't know",
		}),
		rapid.String(), rapid.StringMatching(`[A-Za-z0-9 ./@#-]{0,40}`),
	)
}

func organizations() *rapid.Generator[[]conversation.Organization] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) conversation.Organization {
		return conversation.Organization{
			ID: rapid.Int64Range(1, 15).Draw(t, "id"), Name: rapid.OneOf(rapid.SampledFrom([]string{"Alfa", "Beta", "", " "}), rapid.StringN(0, 80, -1)).Draw(t, "name"),
			CNPJ: rapid.SampledFrom([]string{"", cnpjAlfa, cnpjBeta, cnpjOther}).Draw(t, "cnpj"),
		}
	}), 0, 12)
}

// inputs draws anything that the bot may be told.
func inputs() *rapid.Generator[bot.Input] {
	return rapid.Custom(func(t *rapid.T) bot.Input {
		in := bot.Input{Kind: rapid.SampledFrom([]bot.Kind{
			bot.Opened, bot.Said, bot.Said, bot.Said, bot.Said, bot.Identified, bot.Identified, bot.Checked, bot.Checked, bot.Found, bot.GaveUp,
		}).Draw(t, "kind")}
		switch in.Kind {
		case bot.Opened, bot.Said:
			in.Text = words().Draw(t, "text")
			in.Choice = rapid.SampledFrom([]string{"", "", "", "menu:0", "menu:1", "menu:2", "menu:3", "menu:99", "org:1", "faq:0", "faq:7", "faq:", "x"}).Draw(t, "choice")
		case bot.Identified:
			in.Organizations = organizations().Draw(t, "organisations")
		case bot.Found:
			in.Position = conversation.Position{
				Ticket: rapid.Int64().Draw(t, "ticket"), Found: rapid.Bool().Draw(t, "found"), Organization: rapid.Int64Range(0, 3).Draw(t, "organisation"),
				Status:   rapid.SampledFrom([]string{"", "new", "open", "pending", "hold", "solved", "closed", "deleted", "custom"}).Draw(t, "status"),
				Expected: rapid.SampledFrom([]string{"", "2026-12-01", "tomorrow"}).Draw(t, "expected"),
			}
		case bot.Checked, bot.GaveUp:
		}
		return in
	})
}

// numbers draws settings of any kind.
func numbers() *rapid.Generator[settings.Number] {
	return rapid.Custom(func(t *rapid.T) settings.Number {
		n := settings.DefaultIn(rapid.SampledFrom([]settings.Language{settings.LanguagePT, settings.LanguageEN}).Draw(t, "language"))
		n.Bot = desk().Bot
		n.Bot.Tries, n.Bot.AskEmail = rapid.IntRange(0, 5).Draw(t, "tries"), rapid.Bool().Draw(t, "e-mail")
		if rapid.Bool().Draw(t, "other menu") {
			n.Bot.Menu = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) settings.MenuOption {
				return settings.MenuOption{
					Title: rapid.OneOf(rapid.SampledFrom([]string{"Um", "Dois", "Um", ""}), rapid.StringN(0, 40, -1)).Draw(t, "title"),
					Do: rapid.SampledFrom([]settings.MenuAction{
						settings.MenuQueue, settings.MenuAnswer, settings.MenuFAQ, settings.MenuPosition, "",
					}).Draw(t, "do"),
					Description: rapid.OneOf(rapid.Just(""), rapid.StringN(0, 100, -1)).Draw(t, "description"), Answer: rapid.String().Draw(t, "answer"),
				}
			}), 0, 12).Draw(t, "menu")
		}
		if rapid.Bool().Draw(t, "own words") {
			n.Says.Talk, n.Says.Menu, n.Says.MenuButton = words().Draw(t, "talk"), words().Draw(t, "menu text"), words().Draw(t, "menu button")
			n.Says.HandOver, n.Says.AskAnythingMore, n.Says.Opening = words().Draw(t, "hand over"), words().Draw(t, "anything"), words().Draw(t, "opening")
		}
		n.Organizations.Check = rapid.IntRange(0, 9).Draw(t, "check") > 0
		return n
	})
}

// walk draws a conversation up to anywhere.
func walk(t *rapid.T) *core {
	c := newCore(numbers().Draw(t, "settings"))
	if rapid.IntRange(0, 9).Draw(t, "opens") > 0 {
		c.tell(bot.Input{Kind: bot.Opened, Text: words().Draw(t, "first words")})
	}
	for _, in := range rapid.SliceOfN(inputs(), 0, 12).Draw(t, "inputs") {
		c.tell(in)
	}
	return c
}

func TestAnyStep(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := walk(t)
		before, had := snapshot(t, c.w), memory(c)
		in := inputs().Draw(t, "input")
		out := bot.Step(c.w, in)
		if after := snapshot(t, c.w); after != before {
			t.Fatalf("the world was changed:\n%s\n%s", before, after)
		}
		if again := bot.Step(c.w, in); !cmp.Equal(out, again) {
			t.Fatalf("not the same twice: %s", cmp.Diff(out, again))
		}
		checkSends(t, out.Say)
		checkMemory(t, out.Memory)
		if len(out.Reasons) == 0 {
			t.Fatal("no reason")
		}
		if out.HandOver != (out.Memory.Step == conversation.BotDone && had.Step != conversation.BotDone) {
			t.Fatal("handed over without being done, or the other way round")
		}
		if had.Step == conversation.BotDone && (len(lines(out)) > 0 || !cmp.Equal(out.Memory, had)) {
			t.Fatalf("people have it, and the bot does %q", lines(out))
		}
		if waits := out.Memory.Step == conversation.BotWaits; in.Kind == bot.Said && !waits && had.Step != conversation.BotDone && len(out.Say) == 0 && !out.HandOver && !out.Satisfied {
			t.Fatalf("silence in step %q", had.Step)
		}
	})
}

func TestTalkFromAnywhere(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := walk(t)
		if memory(c).Step == conversation.BotDone {
			return
		}
		out := c.tell(bot.Input{Kind: bot.Said, Text: words().Draw(t, "text"), Choice: "talk"})
		if !out.HandOver || out.Memory.Step != conversation.BotDone {
			t.Fatalf("not handed over from %q", memory(c).Step)
		}
	})
}

// A customer who never says anything useful, and a Zendesk that never answers, get to people all the same.
func TestPeopleInTheEnd(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := walk(t)
		nonsense := rapid.SampledFrom([]string{"xyzzy", "[Imagem]", "", "menu", "sim", "zzz@", "99.999.999/9999-99"})
		most := c.w.Settings.Bot.Tries + 20
		for range most {
			if memory(c).Step == conversation.BotDone {
				return
			}
			in := bot.Input{Kind: bot.Said, Text: nonsense.Draw(t, "nonsense")}
			if memory(c).Step == conversation.BotWaits {
				in = bot.Input{Kind: bot.GaveUp}
			}
			c.tell(in)
		}
		t.Fatalf("still %q after %d answers", memory(c).Step, most)
	})
}

func memory(c *core) conversation.BotMemory {
	if c.w.Procedure.Bot == nil {
		return conversation.BotMemory{}
	}
	return *c.w.Procedure.Bot
}

func snapshot(t *rapid.T, w bot.World) string {
	raw, err := json.Marshal(w.Procedure)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func units(s string) int { return len(utf16.Encode([]rune(s))) }

// checkSends wants messages that WhatsApp takes.
func checkSends(t *rapid.T, all []conversation.Send) {
	for _, s := range all {
		if strings.TrimSpace(s.Text) == "" || !s.Automatic || units(s.Text) > 4096 {
			t.Fatalf("message of %d units: %+v", units(s.Text), s)
		}
		if s.Choices == nil {
			continue
		}
		buttons, ids, titles := s.Choices.Buttons(), map[string]bool{}, map[string]bool{}
		if units(s.Text) > 1024 || len(s.Choices.Options) > 10 || units(s.Choices.Button) > 20 || strings.TrimSpace(s.Choices.Button) == "" {
			t.Fatalf("choices %+v", s)
		}
		for _, o := range s.Choices.Options {
			most := 24
			if buttons {
				most = 20
			}
			if strings.TrimSpace(o.Title) == "" || units(o.Title) > most || units(o.Description) > 72 || o.ID == "" || ids[o.ID] || buttons && titles[o.Title] {
				t.Fatalf("option %+v of %+v", o, s.Choices)
			}
			ids[o.ID], titles[o.Title] = true, true
		}
		if !ids["talk"] {
			t.Fatalf("no way to people in %+v", s.Choices)
		}
	}
}

// checkMemory wants it small.
func checkMemory(t *rapid.T, m conversation.BotMemory) {
	if len(m.Said) > conversation.MostSaid || len(m.Hits) > 9 || utf8.RuneCountInString(m.Choice) > 300 || m.Tries > 10 {
		t.Fatalf("memory %+v", m)
	}
	for _, s := range m.Said {
		if utf8.RuneCountInString(s) > 300 || strings.TrimSpace(s) == "" {
			t.Fatalf("words of %d runes", utf8.RuneCountInString(s))
		}
	}
}
