package settings_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/bridge/settings"
)

func TestDefaultTimes(t *testing.T) {
	t.Parallel()
	n, a := settings.Default(), settings.DefaultOperation().Account
	same(t, "queue", n.Queue, settings.Queue{Every: 10 * time.Minute})
	same(t, "silence", n.Silence, settings.Silence{Alert: 15 * time.Minute})
	same(t, "survey", n.Survey, settings.Survey{Limit: 12 * time.Hour})
	same(t, "audit", n.Audit, settings.Audit{On: true, Wait: 90 * time.Minute, BotAbandoned: settings.BotLeave, BotTag: "abandono_no_robo"})
	if len(n.Reminders) > 0 {
		t.Errorf("customers are reminded after %v", n.Reminders)
	}
	if n.Keep.Summaries != 400*24*time.Hour || a.Report.Keep != 400*24*time.Hour {
		t.Errorf("summaries are kept for %v, reports for %v", n.Keep.Summaries, a.Report.Keep)
	}
	if a.AgentLimit != 5 || a.AuditEvery != 10*time.Minute || a.OtherBot != (settings.OtherBot{}) || a.Report.Schedule != "" {
		t.Errorf("the account has %+v", a)
	}
	if n.Desk.Fields.Survey != "Pesquisa de satisfação" || !strings.HasSuffix(n.Catalogue.Abandoned, "99::007::Abandono de chat") ||
		!strings.HasSuffix(n.Catalogue.Others, "99::007::Z-Outros") {
		t.Errorf("the desk has %q, %+v", n.Desk.Fields.Survey, n.Catalogue)
	}
	if settings.MostReminders != len(n.Says.Reminders) {
		t.Error("there is not a text for each reminder")
	}
}

// attending is a file with all that goes by time.
const attending = `account:
  agent_limit: 8
  audit_every: 0s
  other_bot: {tag: outro_robo, session: Sessão do robô, derived: "360001", log: Log do bot}
  report: {schedule: "30 7 1-5 * 1,3", period: week, ticket: 9007199254740992, public: true, keep: 90d}
default:
  keep: {summaries: 2d}
  queue: {automatic: true, every: 0s}
  silence: {alert: 10m, return: 10m}
  reminders: [30m, 2h, 23h]
  survey:
    on: true
    limit: 24h
    questions:
      - "O problema: foi resolvido?"
      - |-
        E o atendimento?
        De 1 a 5, {{contato.nome}}.
  audit: {on: false, wait: 1h, bot_abandoned: solve, bot_tag: desistiu}
  desk: {fields: {survey: ""}}
  catalogue: {abandoned: "A::B", others: ""}
  says: {waiting: "", reminder_1: Oi?, reminder_3: "", survey_button: Nota, survey_1: Ruim, survey_thanks: ""}
  texts: {agent_silent: "%s calado há %d min", open_title: título}
`

// attendingMeans is what attending means.
func attendingMeans() settings.Operation {
	o := settings.DefaultOperation()
	a, n := &o.Account, &o.Default
	a.AgentLimit, a.AuditEvery = 8, 0
	a.OtherBot = settings.OtherBot{Tag: "outro_robo", Session: "Sessão do robô", Derived: "360001", Log: "Log do bot"}
	a.Report = settings.Report{Schedule: "30 7 1-5 * 1,3", Period: settings.PeriodWeek, Ticket: 1 << 53, Public: true, Keep: 90 * 24 * time.Hour}
	n.Keep.Summaries = 48 * time.Hour
	n.Queue = settings.Queue{Automatic: true}
	n.Silence = settings.Silence{Alert: 10 * time.Minute, Return: 10 * time.Minute}
	n.Reminders = []time.Duration{30 * time.Minute, 2 * time.Hour, 23 * time.Hour}
	n.Survey = settings.Survey{
		On: true, Limit: 24 * time.Hour,
		Questions: []string{"O problema: foi resolvido?", "E o atendimento?\nDe 1 a 5, {{contato.nome}}."},
	}
	n.Audit = settings.Audit{Wait: time.Hour, BotAbandoned: settings.BotSolve, BotTag: "desistiu"}
	n.Desk.Fields.Survey, n.Catalogue.Abandoned, n.Catalogue.Others = "", "A::B", ""
	n.Says.Waiting, n.Says.Reminders[0], n.Says.Reminders[2], n.Says.SurveyThanks = "", "Oi?", "", ""
	n.Says.SurveyButton, n.Says.SurveyScale[0] = "Nota", "Ruim"
	n.Texts.AgentSilent, n.Texts.OpenTitle = "%s calado há %d min", "título"
	return o
}

func TestDecodeTimes(t *testing.T) {
	t.Parallel()
	same(t, "settings", decode(t, attending), attendingMeans())
}

// A number has nothing but what differs, the survey's questions on lines of their own.
func TestEncodeTimes(t *testing.T) {
	t.Parallel()
	o := settings.DefaultOperation()
	o.Account = attendingMeans().Account
	o.Numbers = map[string]settings.Number{"1": attendingMeans().Default, "2": o.Default}
	file := encode(t, o)
	_, got, _ := strings.Cut(file, "\nnumbers:\n")
	same(t, "numbers", got, `  "1":
    keep:
      summaries: 2d
    desk:
      fields:
        survey: ""
    catalogue:
      abandoned: "A::B"
      others: ""
    queue:
      automatic: true
      every: 0s
    silence:
      alert: 10m
      return: 10m
    reminders: [30m, 2h, 23h]
    survey:
      on: true
      limit: 24h
      questions:
        - "O problema: foi resolvido?"
        - "E o atendimento?\nDe 1 a 5, {{contato.nome}}."
    audit:
      on: false
      wait: 1h
      bot_abandoned: solve
      bot_tag: desistiu
    says:
      waiting: ""
      reminder_1: "Oi?"
      reminder_3: ""
      survey_button: Nota
      survey_1: Ruim
      survey_thanks: ""
    texts:
      agent_silent: "%s calado há %d min"
      open_title: título
  "2": {}
`)
	same(t, "read back", decode(t, file), o)
	for _, line := range []string{
		"\n  agent_limit: 8\n", "\n  audit_every: 0s\n", "\n    tag: outro_robo\n", "\n    derived: \"360001\"\n", "\n    schedule: \"30 7 1-5 * 1,3\"\n",
		"\n    ticket: 9007199254740992\n", "\n    public: true\n", "\n    keep: 90d\n",
	} {
		if !strings.Contains(file, line) {
			t.Errorf("the file lacks %q", line)
		}
	}
}

func TestDiffTimes(t *testing.T) {
	t.Parallel()
	listed := map[string]settings.Change{}
	for _, c := range settings.Diff(settings.DefaultOperation(), attendingMeans()) {
		listed[c.Path] = c
	}
	for path, want := range map[string][2]string{
		"account.agent_limit":      {"5", "8"},
		"account.audit_every":      {"10m", "0s"},
		"account.report.ticket":    {"0", "9007199254740992"},
		"account.report.period":    {"day", "week"},
		"default.reminders":        {"[]", "[30m, 2h, 23h]"},
		"default.survey.questions": {"[]", `["O problema: foi resolvido?", "E o atendimento?\nDe 1 a 5, {{contato.nome}}."]`},
		"default.says.reminder_1":  {`"Olá, {{contato.nome}}! Você ainda precisa de ajuda? Aguardamos a sua resposta."`, `"Oi?"`},
		"default.silence.return":   {"0s", "10m"},
		"default.desk.fields.survey": {
			`"Pesquisa de satisfação"`, `""`,
		},
	} {
		if c := listed[path]; c.From != want[0] || c.To != want[1] {
			t.Errorf("%s: %s → %s, want %s → %s", path, c.From, c.To, want[0], want[1])
		}
	}
	if len(listed) != 35 {
		t.Errorf("%d changes", len(listed))
	}
}

// What a file's numbers inherit of lists is theirs.
func TestDecodeSharesNoTimes(t *testing.T) {
	t.Parallel()
	o := decode(t, attending+"numbers: {\"1\": {}, \"2\": {reminders: [], survey: {questions: [a]}}}\n")
	o.Numbers["1"].Reminders[0], o.Numbers["1"].Survey.Questions[0] = time.Hour, "changed"
	same(t, "the default", o.Default, attendingMeans().Default)
	two := attendingMeans().Default
	two.Reminders, two.Survey.Questions = nil, []string{"a"}
	same(t, "another number", o.Numbers["2"], two)
}

// times draws settings that are valid of what goes by time.
func times(t *rapid.T, n *settings.Number) {
	n.Queue = settings.Queue{Automatic: rapid.Bool().Draw(t, "automatic"), Every: orNever(t, time.Minute, 6*time.Hour)}
	n.Silence = settings.Silence{Alert: orNever(t, time.Minute, 24*time.Hour), Return: orNever(t, time.Minute, 24*time.Hour)}
	if n.Silence.Return != 0 {
		n.Silence.Return = max(n.Silence.Alert, n.Silence.Return)
	}
	at := time.Minute
	for _, latest := range []time.Duration{time.Hour, 2 * time.Hour, 23 * time.Hour}[:rapid.IntRange(0, settings.MostReminders).Draw(t, "reminders")] {
		n.Reminders = append(n.Reminders, spans(at, latest).Draw(t, "reminder"))
		at = latest + 1
	}
	n.Survey = settings.Survey{
		On: rapid.Bool().Draw(t, "survey"), Limit: spans(time.Minute, 24*time.Hour).Draw(t, "limit"),
		Questions: rapid.SliceOfN(texts(), 0, 5).Draw(t, "questions"),
	}
	n.Audit = settings.Audit{
		On: rapid.Bool().Draw(t, "audit"), Wait: spans(time.Minute, 24*time.Hour).Draw(t, "wait"),
		BotAbandoned: rapid.SampledFrom([]settings.BotAbandoned{settings.BotLeave, settings.BotSolve}).Draw(t, "abandoned"),
		BotTag:       rapid.StringMatching(`[^\p{Z}\p{C},]{1,10}`).Draw(t, "bot tag"),
	}
	n.Keep.Summaries = spans(24*time.Hour, 3650*24*time.Hour).Draw(t, "summaries")
	n.Catalogue.Abandoned, n.Catalogue.Others, n.Desk.Fields.Survey = titles(t), titles(t), titles(t)
	if rapid.Bool().Draw(t, "own words of time") {
		n.Says.Waiting = rapid.SampledFrom([]string{"", "{{fila.nome}}: # a"}).Draw(t, "waiting")
		n.Says.Reminders[1], n.Says.Survey = texts().Draw(t, "reminder"), texts().Draw(t, "asked")
		n.Says.SurveyScale[4] = rapid.SampledFrom([]string{"5", "yes", "- é", "😀😀"}).Draw(t, "best")
		n.Texts.Undecided, n.Texts.SurveyAnswers = texts().Draw(t, "undecided")+"%d%s", texts().Draw(t, "answers")+"%s"
	}
}

// orNever draws a time, often none.
func orNever(t *rapid.T, least, most time.Duration) time.Duration {
	return rapid.OneOf(rapid.Just(time.Duration(0)), spans(least, most)).Draw(t, "time or never")
}

// attended draws settings that are valid of an account, of what goes by time.
func attended(t *rapid.T, a *settings.Account) {
	a.AgentLimit, a.AuditEvery = rapid.IntRange(1, 100).Draw(t, "agent limit"), orNever(t, time.Minute, 24*time.Hour)
	a.OtherBot = settings.OtherBot{
		Tag: rapid.SampledFrom([]string{"", "the_other_bots_tag", "null"}).Draw(t, "tag"), Session: titles(t), Derived: titles(t), Log: titles(t),
	}
	a.Report = settings.Report{
		Schedule: rapid.SampledFrom([]string{"", "0 7 * * 1", "*/15 0,12 1-5 jan-MAR ?"}).Draw(t, "schedule"),
		Period:   rapid.SampledFrom([]settings.ReportPeriod{settings.PeriodDay, settings.PeriodWeek, settings.PeriodMonth}).Draw(t, "period"),
		Ticket:   rapid.Int64Range(0, 1<<53).Draw(t, "ticket"), Public: rapid.Bool().Draw(t, "public"), Keep: spans(24*time.Hour, 3650*24*time.Hour).Draw(t, "report keep"),
	}
}
