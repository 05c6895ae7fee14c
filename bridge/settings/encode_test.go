package settings_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/bridge/settings"
)

// The file of the defaults shows every setting with a comment, and reads back as the defaults.
func TestEncodeDefaults(t *testing.T) {
	t.Parallel()
	file := encode(t, settings.DefaultOperation())
	same(t, "read back", decode(t, file), settings.DefaultOperation())
	for _, line := range []string{
		"form: 1\n", "\nnumbers: {}\n", "\n  zone: America/Sao_Paulo\n", "\n  quiet: 20s\n", "\n    margin: 1m\n", "\n    invite: none\n",
		"\n    most_inbound: 50 MB\n", "\n    transcripts: 30d\n", "\n  tags: [whatsapp]\n", "\n  human_share: 0.3\n",
		"\n    summaries: 400d\n", "\n  reminders: []\n", "\n    questions: []\n", "\n  agent_limit: 5\n", "\n    schedule: \"\"\n", "\n    ticket: 0\n",
		"\n    # survey_1: \"1 - Muito insatisfeito\"\n", "\n      survey: \"Pesquisa de satisfação\"\n", "\n    bot_abandoned: leave\n",
		"\n  # subject: \"Atendimento iniciado via WhatsApp\"\n", "\n    # follow_up: \"Continuação do ticket %d, que está fechado.\"\n",
	} {
		if !strings.Contains(file, line) {
			t.Errorf("the file lacks %q", line)
		}
	}
	if again := encode(t, decode(t, file)); again != file {
		t.Error("the file changes when it is read and written again")
	}
	for line := range strings.Lines(file) {
		if strings.HasSuffix(line, " \n") {
			t.Errorf("%q ends in a space", line)
		}
	}
}

// Words that stand as comments can be taken into use by taking the # away.
func TestEncodedWordsCanBeUncommented(t *testing.T) {
	t.Parallel()
	file := encode(t, settings.DefaultOperation())
	commented := regexp.MustCompile(`(?m)^( +)# ([a-z0-9_]+: ".*")$`)
	if n := len(commented.FindAllString(file, -1)); n < 89 {
		t.Fatalf("%d words stand as comments", n)
	}
	same(t, "read back", decode(t, commented.ReplaceAllString(file, "$1$2")), settings.DefaultOperation())
}

// Changing the language of a written file changes the words with it.
func TestEncodedFileFollowsItsLanguage(t *testing.T) {
	t.Parallel()
	file := strings.Replace(encode(t, settings.DefaultOperation()), "language: pt-BR", "language: en", 1)
	same(t, "in English", decode(t, file).Default, settings.DefaultIn(settings.LanguageEN))
}

// A number's part of the file holds nothing but what differs.
func TestEncodeNumbers(t *testing.T) {
	t.Parallel()
	o := invited()
	o.Default.Texts.Kept = "Guardada às %s."
	one, two, three, four := o.Default, settings.DefaultIn(settings.LanguageEN), o.Default, o.Default
	one.Name, one.Window.Invite = "Vendas: sul", nil
	two.Texts.FileFollows = "[Attachment]\n%s"
	three.Window.Invite = &settings.Invite{Template: "ola", Language: "pt_BR", Preview: "Olá!"}
	o.Numbers = map[string]settings.Number{"30": three, "2": two, "1": one, "4": four}
	file := encode(t, o)
	_, got, _ := strings.Cut(file, "\nnumbers:\n")
	same(t, "numbers", got, `  "1":
    name: "Vendas: sul"
    window:
      invite: none
  "2":
    language: en
    window:
      invite: none
    texts:
      file_follows: "[Attachment]\n%s"
  "30":
    window:
      invite:
        template: ola
        values: []
        preview: "Olá!"
  "4": {}
`)
	same(t, "read back", decode(t, file), o)
}

func TestEncodeRefusesWhatIsWrong(t *testing.T) {
	t.Parallel()
	o := settings.DefaultOperation()
	o.Default.PerSecond = 0
	_, err := settings.Encode(o)
	mistakes(t, err, "default.per_second: 0 is out of range: from 1 to 1000")
}

// Whatever is valid reads back as it was written.
func TestEncodeRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o := operations().Draw(t, "settings")
		raw, err := settings.Encode(o)
		if err != nil {
			t.Fatal(err)
		}
		back, err := settings.Decode(raw)
		if err != nil {
			t.Fatalf("%v in\n%s", err, raw)
		}
		if diff := difference(back, o); diff != "" {
			t.Fatalf("read back (-want +got):\n%s\nof\n%s", diff, raw)
		}
		if again, err := settings.Encode(back); err != nil || string(again) != string(raw) {
			t.Fatalf("written again, %v:\n%s", err, again)
		}
		if diff := settings.Diff(o, back); len(diff) > 0 {
			t.Fatalf("read back differs: %v", diff)
		}
	})
}

// operations draws settings that are valid.
func operations() *rapid.Generator[settings.Operation] {
	return rapid.Custom(func(t *rapid.T) settings.Operation {
		o := settings.Operation{
			Account: settings.Account{
				RequestsPerMinute: rapid.IntRange(0, 100_000).Draw(t, "requests"), UpdatesPerMinute: rapid.IntRange(1, 10_000).Draw(t, "updates"),
				HumanShare: rapid.OneOf(rapid.Just(0.0), rapid.Float64Range(0, 0.999)).Draw(t, "share"),
			},
			Default: numbers().Draw(t, "default"),
		}
		attended(t, &o.Account)
		ids := rapid.SliceOfNDistinct(rapid.StringMatching(`[0-9]{1,32}`), 0, 3, rapid.ID).Draw(t, "ids")
		for _, id := range ids {
			if o.Numbers == nil {
				o.Numbers = make(map[string]settings.Number)
			}
			n := numbers().Draw(t, "number")
			if rapid.Bool().Draw(t, "mostly inherited") {
				kept := n
				n = o.Default
				n.Name, n.Tags, n.Window = kept.Name, kept.Tags, kept.Window
			}
			o.Numbers[id] = n
		}
		return o
	})
}

func numbers() *rapid.Generator[settings.Number] {
	return rapid.Custom(func(t *rapid.T) settings.Number {
		n := settings.DefaultIn(rapid.SampledFrom([]settings.Language{settings.LanguagePT, settings.LanguageEN}).Draw(t, "language"))
		n.Provider = rapid.SampledFrom([]settings.Provider{settings.ProviderCloud, settings.Provider360Dialog}).Draw(t, "provider")
		n.Mode = rapid.SampledFrom([]settings.Mode{settings.ModeMirror, settings.ModeTranscript}).Draw(t, "mode")
		n.Longest = spans(0, 10*time.Minute).Draw(t, "longest")
		n.Quiet = min(n.Longest, spans(0, 10*time.Minute).Draw(t, "quiet"))
		n.StatusWait, n.PerSecond = spans(0, 10*time.Minute).Draw(t, "status wait"), rapid.IntRange(1, 1000).Draw(t, "per second")
		n.Tags = rapid.SliceOfNDistinct(rapid.StringMatching(`[^\p{Z}\p{C},]{1,10}`), 0, 3, rapid.ID).Draw(t, "tags")
		zone, err := time.LoadLocation(rapid.SampledFrom([]string{"UTC", "America/Sao_Paulo", "Etc/GMT+3", "America/Argentina/Buenos_Aires"}).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		n.Zone = zone
		n.Window = settings.Window{Margin: spans(0, time.Hour).Draw(t, "margin"), Invite: rapid.OneOf(rapid.Just[*settings.Invite](nil), invites()).Draw(t, "invite")}
		n.Read = rapid.SampledFrom([]settings.ReadMark{settings.ReadNever, settings.ReadArrival, settings.ReadReply}).Draw(t, "read")
		n.Typing = rapid.Bool().Draw(t, "typing")
		n.Transcript.AtEnd = rapid.SampledFrom([]settings.Visibility{
			settings.TranscriptNone, settings.TranscriptPrivate, settings.TranscriptPublic,
		}).Draw(t, "at end")
		n.Mask = settings.Mask{CPF: rapid.Bool().Draw(t, "cpf"), Cards: rapid.Bool().Draw(t, "cards"), CNPJ: rapid.Bool().Draw(t, "cnpj")}
		n.Files = settings.Files{MostInbound: rapid.Int64Range(1, 100<<20).Draw(t, "inbound"), MostCaption: rapid.Int64Range(0, 100<<20).Draw(t, "caption")}
		n.Keep.Transcripts = spans(time.Hour, 3650*24*time.Hour).Draw(t, "transcripts")
		procedures(t, &n)
		times(t, &n)
		if rapid.Bool().Draw(t, "own words") {
			n.Name, n.Subject = texts().Draw(t, "name"), texts().Draw(t, "subject")
			n.Texts.Kept = texts().Draw(t, "kept") + "%s" + texts().Draw(t, "kept")
			n.Texts.Template = "%s" + texts().Draw(t, "template") + "%s%%"
			n.Texts.NoAttachments, n.Texts.Conflict = texts().Draw(t, "attachments")+"%d", texts().Draw(t, "conflict")
		}
		return n
	})
}

func spans(least, most time.Duration) *rapid.Generator[time.Duration] {
	return rapid.OneOf(
		rapid.Custom(func(t *rapid.T) time.Duration {
			unit := rapid.SampledFrom([]time.Duration{time.Second, time.Minute, time.Hour, 24 * time.Hour}).Draw(t, "unit")
			return min(most, max(least, time.Duration(rapid.IntRange(0, 100).Draw(t, "units"))*unit))
		}),
		rapid.Map(rapid.Int64Range(int64(least), int64(most)), func(n int64) time.Duration { return time.Duration(n) }),
	)
}

func invites() *rapid.Generator[*settings.Invite] {
	return rapid.Custom(func(t *rapid.T) *settings.Invite {
		i := &settings.Invite{
			Template: rapid.StringMatching(`[a-z0-9_]{1,20}`).Draw(t, "template"), Language: rapid.SampledFrom([]string{"pt_BR", "en", "fil"}).Draw(t, "language"),
			Preview: texts().Draw(t, "preview"),
		}
		for v := range rapid.IntRange(0, 3).Draw(t, "values") {
			i.Values = append(i.Values, rapid.SampledFrom([]string{settings.ContactName, "a: b", "null", "1", "- x", "é"}).Draw(t, "value"))
			i.Preview += "{{" + string(rune('1'+v)) + "}}"
		}
		return i
	})
}

// texts draws what YAML may take for something else.
func texts() *rapid.Generator[string] {
	odd := []string{
		"a", "é", "“", `"`, "'", `\`, ":", ": ", "#", " #", "- ", "\n", " ", "  ", "{", "[", "&", "*", "!", "|", ">", ",", "?", "@", "`", "~", "<<", "null", "true",
		"1", "0x1", "1e3", ".inf", "\u00a0", "\u2028", "\ufeff", "😀", "\u200d", "---", "...", "yes", "=", "\U000e0001",
	}
	return rapid.Custom(func(t *rapid.T) string {
		return "x" + strings.Join(rapid.SliceOfN(rapid.SampledFrom(odd), 0, 10).Draw(t, "parts"), "")
	}).Filter(func(s string) bool { return !strings.Contains(s, "{{") })
}

// FuzzDecode wants whatever is accepted to be valid and to be kept when it is written, and whatever is refused to say why.
func FuzzDecode(f *testing.F) {
	raw, err := settings.Encode(invited())
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{
		string(raw), procedure, attending, "", "form: 1", "form: 2", "default: {quiet: 5s, tags: [a, \"b\"]}", "numbers:\n  \"1\":\n    window:\n      invite: none\n",
		"default:\n  texts:\n    kept: |\n      a %s\n", "a: &x [*x]", "? a\n: b", "default: !!map {name: !x y}", "\"\\ud800\": 1", "default: {name: \"\\0\"}",
		"default: {bot: {menu: [{title: a}, {title: A}, x, {title: [b]}], faq: [~]}, hours: {monday: [8-9], holidays: [1/1, 1/1]}}",
		"default: {desk: {macros: {audit: {x: y}}}, says: {opening: \"{{x}} {{\"}, greeting: {morning: 25:00}}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		o, err := settings.Decode(raw)
		if err != nil {
			var invalid *settings.InvalidError
			if errors.As(err, &invalid) == errors.Is(err, settings.ErrNewerForm) {
				t.Fatalf("the error is %v", err)
			}
			if invalid != nil && (len(invalid.Mistakes) == 0 || strings.Count(err.Error(), "\n") != len(invalid.Mistakes)-1) {
				t.Fatalf("%d mistakes: %q", len(invalid.Mistakes), err)
			}
			return
		}
		written, err := settings.Encode(o)
		if err != nil {
			if strings.HasPrefix(err.Error(), "the file ") { // it is too large with all its comments
				return
			}
			t.Fatal(err)
		}
		back, err := settings.Decode(written)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "read back", back, o)
	})
}
