package inbound_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/inbound"
)

func TestSafeName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"":                                      "",
		"Ana Prado":                             "Ana Prado",
		"José Antônio d'Ávila (Compras)":        "José Antônio d'Ávila (Compras)",
		"Padaria São João – 24h":                "Padaria São João – 24h",
		"山田太郎":                                  "山田太郎",
		"محمد":                                  "محمد",
		"می\u200cنا":                            "می\u200cنا",
		"  Ana   Prado ":                        "Ana Prado",
		"Ana\r\nDe: Banco":                      "Ana De: Banco",
		"Ana\u2028Prado\u2029":                  "Ana Prado",
		"a\x00b\x1b[31mc\x7f":                   "a b [31mc",
		"=HYPERLINK(\"http://a\")":              "HYPERLINK(\"http://a\")",
		"+55 11 98765-4321":                     "55 11 98765-4321",
		"-Ana-":                                 "Ana-",
		"@ana":                                  "ana",
		"=+-@":                                  "",
		" = =cmd|' /C calc'!A0":                 "cmd|' /C calc'!A0",
		"\t=1":                                  "1",
		"\u200b\u200f=1":                        "1",
		"\u200d=1":                              "1",
		"＝1+1":                                  "1+1",
		"＋－＠Ana":                                "Ana",
		"1+1=2":                                 "1+1=2",
		"Ana\u202exe.fdp":                       "Anaxe.fdp",
		"\u2067Ana\u2069":                       "Ana",
		"\ufeffAna\u00ad":                       "Ana",
		"ㅤ":                                     "",
		"Ana ⠀ ㅤ":                               "Ana",
		"\u115f\u1160\uffa0":                    "",
		"\u200b\u200c\u200d\u2060":              "",
		"\ufe0f\u0301":                          "",
		"👩‍🔧 Ana":                               "👩‍🔧 Ana",
		"Ana ❤️":                                "Ana ❤️",
		"Jack 🏴󠁧󠁢󠁥󠁮󠁧󠁿":                          "Jack 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
		"Ana 👩\u200d":                           "Ana 👩",
		"Ana ❤️ Prado":                          "Ana ❤️ Prado",
		"🏴󠁧󠁢󠁥󠁮󠁧󠁿 Jack":                          "🏴󠁧󠁢󠁥󠁮󠁧󠁿 Jack",
		"\xff\xfeAna":                           "\ufffd\ufffdAna",
		strings.Repeat("á", 101):                strings.Repeat("á", 100),
		strings.Repeat("a ", 60):                strings.TrimSpace(strings.Repeat("a ", 50)),
		strings.Repeat("\u202e", 400) + "Ana":   "Ana",
		strings.Repeat("=", 100_000) + "Ana":    "",
		"Ana" + strings.Repeat(" ", 1000) + "x": "Ana x",
	} {
		if got := inbound.SafeName(name); got != want {
			t.Errorf("SafeName(%.60q) = %q; want %q", name, got, want)
		}
	}
}

// Whatever comes in, what comes out is fit for its place, and stays as it is.
func TestSafeNameProperties(t *testing.T) {
	t.Parallel()
	parts := rapid.SampledFrom([]string{
		"a", "Á", "=", "+", "-", "@", "＝", " ", "\n", "\t", "\x00", "\u202e", "\u2066", "\u200b", "\u200d", "\ufe0f", "\u0301", "ㅤ", "👍", "\xff",
		"\u2028", "\u00a0", "1", "'", "\U000e0041", strings.Repeat("x", 40),
	})
	rapid.Check(t, func(t *rapid.T) {
		name := strings.Join(rapid.SliceOfN(parts, 0, 12).Draw(t, "name"), "")
		got := inbound.SafeName(name)
		odd := strings.IndexFunc(got, func(c rune) bool {
			return c != ' ' && unicode.IsSpace(c) || unicode.In(c, unicode.Cc, unicode.Zl, unicode.Zp, unicode.Bidi_Control)
		})
		switch {
		case !utf8.ValidString(got), utf8.RuneCountInString(got) > 100, odd >= 0, strings.TrimSpace(got) != got, strings.Contains(got, "  "):
			t.Fatalf("%q becomes %q", name, got)
		case got != "" && strings.ContainsAny(got[:1], "=+-@"):
			t.Fatalf("%q becomes a formula: %q", name, got)
		case inbound.SafeName(got) != got:
			t.Fatalf("%q becomes %q, and that %q", name, got, inbound.SafeName(got))
		case strings.ContainsAny(name, "aÁ1👍") && got == "":
			t.Fatalf("nothing is left of %q", name)
		}
	})
}

func TestSafeNameOfMostPeopleCostsNothing(t *testing.T) {
	for _, name := range []string{"Ana Prado", "José da Silva Jr.", ""} {
		if n := testing.AllocsPerRun(100, func() { inbound.SafeName(name) }); n > 0 {
			t.Errorf("%v allocations for %q", n, name)
		}
	}
}

// What people call themselves is made safe before anybody sees it.
func TestContactNames(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.ok(h.post(webhook(of(number, `"contacts":[{"profile":{"name":"=HYPERLINK\n(1)","username":"@+ana\u202e"},"wa_id":"`+ana+`"}],`+
		list("messages", text("wamid.1", ana, "=1+1"))))))
	e := h.stored()[number+"|c."+ana][0]
	h.same("contact", e.Contact, &conversation.Contact{Name: "HYPERLINK (1)", Username: "ana", WaID: ana})
	h.same("text", e.Message.Text, "=1+1")
}
