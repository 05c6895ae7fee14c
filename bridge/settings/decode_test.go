package settings_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/settings"
)

func TestDecodeInherits(t *testing.T) {
	t.Parallel()
	o := decode(t, `
account:
  updates_per_minute: 300
default:
  quiet: 10s
  tags: [whatsapp, sul]
  zone: America/Manaus
  texts:
    kept: "Guardada às %s."
numbers:
  "106":
    name: Vendas
    window: {margin: 5m}
  107:
    tags: []
    texts:
      template: |-
        Modelo %s:
        %s
  "108":
`)
	zone, err := time.LoadLocation("America/Manaus")
	if err != nil {
		t.Fatal(err)
	}
	want := settings.DefaultOperation()
	want.Account.UpdatesPerMinute = 300
	want.Default.Quiet, want.Default.Tags, want.Default.Zone = 10*time.Second, []string{"whatsapp", "sul"}, zone
	want.Default.Texts.Kept = "Guardada às %s."
	sales, plain, same108 := want.Default, want.Default, want.Default
	sales.Name, sales.Window.Margin = "Vendas", 5*time.Minute
	plain.Tags, plain.Texts.Template = nil, "Modelo %s:\n%s"
	want.Numbers = map[string]settings.Number{"106": sales, "107": plain, "108": same108}
	same(t, "settings", o, want)
	same(t, "an unknown number", o.Of("999"), want.Default)
	same(t, "a known number", o.Of("106"), sales)
}

// What a file's numbers inherit is theirs: changing one changes no other.
func TestDecodeSharesNothing(t *testing.T) {
	t.Parallel()
	o := decode(t, `
default:
  tags: [a, b]
  window: {invite: {template: oi, preview: "Oi {{1}}", values: [x]}}
numbers: {"1": {}, "2": {window: {invite: {template: ola}}}}
`)
	o.Numbers["1"].Tags[0] = "changed"
	o.Numbers["1"].Window.Invite.Values[0] = "changed"
	for _, n := range []settings.Number{o.Default, o.Numbers["2"]} {
		if n.Tags[0] != "a" || n.Window.Invite.Values[0] != "x" {
			t.Errorf("it has %q, %q", n.Tags, n.Window.Invite.Values)
		}
	}
	if o.Default.Window.Invite.Template != "oi" || o.Numbers["2"].Window.Invite.Template != "ola" {
		t.Error("the number's invite is the default's")
	}
}

func TestDecodeLanguage(t *testing.T) {
	t.Parallel()
	en := settings.DefaultIn(settings.LanguageEN)
	o := decode(t, `
default:
  texts: {kept: "Guardada às %s."}
numbers:
  "1": {language: en, texts: {started: "Begun by %s"}}
  "2": {language: en, subject: Support}
  "3": {language: pt-BR}
`)
	one := en
	one.Texts.Started = "Begun by %s"
	same(t, "English with a text of its own", o.Of("1"), one)
	two := en
	two.Subject = "Support"
	same(t, "English with a subject of its own", o.Of("2"), two)
	if got := o.Of("3").Texts.Kept; got != "Guardada às %s." {
		t.Errorf("a number of the default's language has %q", got)
	}
	same(t, "the default in English", decode(t, "default: {language: en}").Default, en)
}

func TestDecodeInvite(t *testing.T) {
	t.Parallel()
	o := decode(t, `
default:
  window:
    invite: {template: convite, values: ["{{contato.nome}}", boleto], preview: "Olá {{1}}, temos uma resposta sobre {{2}}."}
numbers:
  "1": {window: {invite: none}}
  "2": {window: {invite: {language: en_US}}}
`)
	same(t, "the default", o.Default, invited().Default)
	if o.Of("1").Window.Invite != nil {
		t.Error("none is an invite")
	}
	want := *invited().Default.Window.Invite
	want.Language = "en_US"
	same(t, "another language", *o.Of("2").Window.Invite, want)
}

func TestDecodeForms(t *testing.T) {
	t.Parallel()
	o := decode(t, "\ufeffform: 1\r\ndefault:\r\n  quiet: 1500ms\r\n  longest: 1m30s\r\n  name: 123\r\n  subject: 'it''s: \"x\"'\r\n"+
		"  per_second: \"5\"\r\n  keep: {transcripts: 2d}\r\n  files: {most_inbound: 1MB, most_caption: 500 kb}\r\n  typing: true\r\n")
	want := settings.Default()
	want.Quiet, want.Longest, want.Name, want.Subject, want.PerSecond = 1500*time.Millisecond, 90*time.Second, "123", `it's: "x"`, 5
	want.Keep.Transcripts, want.Typing = 48*time.Hour, true
	want.Files = settings.Files{MostInbound: 1 << 20, MostCaption: 500 << 10}
	same(t, "settings", o.Default, want)
	for _, file := range []string{"form: 1", "default:", "numbers: {}", "---\nform: 1\n", "account: ~"} {
		same(t, file, decode(t, file), settings.DefaultOperation())
	}
}

func TestDecodeTellsAllMistakes(t *testing.T) {
	t.Parallel()
	_, err := settings.Decode([]byte(`form: x
padrao: {}
account: {human_share: 1, requests_per_minute: many, updates_per_minute: 0x10}
default:
  quiet: 20
  longest: 30m
  tags: whatsapp
  language: fr
  zone: Brasilia
  "a\nb": 1
  read: [never]
  typing: yes
  window:
    invite: {template: Oi!, values: [a]}
    margin:
  files: 5
  mask: {cpf: true, cpf: true}
  texts:
    kept: "100% guardada %s"
    template: "%s"
    not_invited: "100%"
  window.margin: 1s
numbers:
  "106": {per_second: 0, name: ""}
  abc: {}
  "10\n7": {nome: x}
  107: &x {}
  108: *x
  <<: {}
`))
	const known = "attendance, audit, bot, catalogue, desk, ending, files, greeting, hours, keep, language, longest, mask, mode, n2, name, organizations, " +
		"per_second, provider, queue, quiet, read, reminders, says, silence, status_wait, subject, subjects, survey, tags, texts, transcript, typing, window, zone"
	mistakes(t, err,
		`line 1, column 1: form: is no version of this file's form: write 1`,
		`line 2, column 1: padrao: is no setting; known here: account, default, form, numbers`,
		`line 3, column 11: account.human_share: 1 is out of range: from 0 to below 1`,
		`line 3, column 27: account.requests_per_minute: "many" is no whole number`,
		`line 3, column 54: account.updates_per_minute: "0x10" is no whole number`,
		`line 5, column 3: default.quiet: "20" is no time: write a number with its unit, such as 20s, 5m, 24h or 30d`,
		`line 6, column 3: default.longest: 30m is out of range: from 0s to 10m`,
		`line 7, column 3: default.tags: takes a list, such as [a, b], or [] for an empty one`,
		`line 8, column 3: default.language: "fr" is none of pt-BR, en`,
		`line 9, column 3: default.zone: "Brasilia" is no time zone: write an IANA name, such as America/Sao_Paulo`,
		`line 10, column 3: default."a\nb": is no setting; known here: `+known,
		`line 11, column 3: default.read: takes one value, neither a list nor settings below it`,
		`line 12, column 3: default.typing: "yes" is neither true nor false`,
		`line 14, column 5: default.window.invite.preview: is empty`,
		`line 14, column 14: default.window.invite.template: "Oi!" is no template's name: small letters, digits and _`,
		`line 15, column 5: default.window.margin: has no value; leave the line out for what holds anyway, and put a word such as null in quotes`,
		`line 16, column 3: default.files: takes settings below it, not a value`,
		`line 17, column 21: default.mask.cpf: stands here a second time`,
		`line 19, column 5: default.texts.kept: has a stray %: write %% for a percent sign`,
		`line 20, column 5: default.texts.template: must hold exactly these placeholders, in this order: %s %s; it has %s`,
		`line 21, column 5: default.texts.not_invited: has a %, but this text takes no placeholders: leave it out`,
		`line 22, column 3: default."window.margin": is no setting; known here: `+known,
		`line 24, column 11: numbers.106.per_second: 0 is out of range: from 1 to 1000`,
		`line 24, column 26: numbers.106.name: is empty`,
		`line 25, column 3: numbers.abc: is no phone_number_id: digits only`,
		`line 26, column 3: numbers."10\n7": is no phone_number_id: digits only`,
		`line 26, column 13: numbers."10\n7".nome: is no setting; known here: `+known,
		`line 27, column 3: numbers.107: anchors, aliases, tags and merge keys are not used here`,
		`line 28, column 3: numbers.108: anchors, aliases, tags and merge keys are not used here`,
		`line 29, column 3: numbers: anchors, aliases, tags and merge keys are not used here`,
	)
}

// A wrong value of the default is told once, not again for every number that has it from there.
func TestDecodeTellsInheritedMistakesOnce(t *testing.T) {
	t.Parallel()
	_, err := settings.Decode([]byte("default: {per_second: 0}\nnumbers: {\"1\": {name: a}, \"2\": {per_second: 5000}}\n"))
	mistakes(t, err,
		`line 1, column 11: default.per_second: 0 is out of range: from 1 to 1000`,
		`line 2, column 33: numbers.2.per_second: 5000 is out of range: from 1 to 1000`)
}

// A setting whose form is wrong is not held against another one as well.
func TestDecodeSparesWhatFollowsFromAMistake(t *testing.T) {
	t.Parallel()
	_, err := settings.Decode([]byte("default:\n  quiet: 5m\n  longest: long\n"))
	mistakes(t, err, `line 3, column 3: default.longest: "long" is no time: write a number with its unit, such as 20s, 5m, 24h or 30d`)
	_, err = settings.Decode([]byte("default:\n  tags: [a, b: c]\n"))
	mistakes(t, err, "line 2, column 3: default.tags: entry 2 takes one value, neither a list nor settings below it")
	_, err = settings.Decode([]byte("default:\n  quiet: 5m\n"))
	mistakes(t, err, `line 2, column 3: default.quiet: 5m is longer than longest, 1m`)
	_, err = settings.Decode([]byte("default:\n  longest: 5s\n"))
	mistakes(t, err, `line 1, column 1: default.quiet: 20s is longer than longest, 5s`)
}

func TestDecodeRefusesFiles(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ file, want string }{
		"empty":            {"", "the file holds no settings"},
		"only comments":    {"# nothing\n", "the file holds no settings"},
		"a word":           {"hello", "the file holds no settings, which are lines such as form: 1"},
		"a list":           {"- a\n- b\n", "the file holds no settings, which are lines such as form: 1"},
		"an anchor":        {"&a {form: 1}", "anchors, aliases, tags and merge keys are not used here"},
		"two documents":    {"form: 1\n---\nform: 1\n", "the file holds several documents: leave one"},
		"not UTF-8":        {"form: 1\ndefault: {name: \"a\xff\"}\n", "line 2, column 1: is not valid UTF-8"},
		"no YAML":          {"form: 1\ndefault: {name: a\n", "line 2, column 10: is no YAML: could not find flow mapping end token '}'"},
		"an open quote":    {"form: 1\ndefault: {name: \"a\n", "line 2, column 17: is no YAML: could not find end character of double-quoted text"},
		"too large":        {"# " + strings.Repeat("x", 300<<10), "the file is larger than 256 KB"},
		"too many entries": {strings.Repeat("a: b\n", 10_000), "the file holds far more than settings"},
		"too deep":         {"form: " + strings.Repeat("[", 20), "the file holds far more than settings"},
		"too many dashes":  {strings.Repeat("- ", 20) + "a", "the file holds far more than settings"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := settings.Decode([]byte(tt.file))
			mistakes(t, err, tt.want)
		})
	}
}

func TestDecodeRefusesANewerForm(t *testing.T) {
	t.Parallel()
	_, err := settings.Decode([]byte("form: 2\ndefault: {what_is_to_come: 1}\n"))
	if !errors.Is(err, settings.ErrNewerForm) {
		t.Errorf("the error is %v", err)
	}
	for _, form := range []string{"0", "-1", "[]", "one", ""} {
		_, err := settings.Decode([]byte("form: " + form + "\n"))
		mistakes(t, err, "line 1, column 1: form: is no version of this file's form: write 1")
	}
}
