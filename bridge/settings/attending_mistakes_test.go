package settings_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/settings"
)

func TestDecodeTellsMistakesOfTimes(t *testing.T) {
	t.Parallel()
	_, err := settings.Decode([]byte(`account:
  agent_limit: many
  audit_every: 30s
  limite: 5
  other_bot: {tag: "a b", campo: x, log: [a]}
  report: {schedule: "@daily", period: year, ticket: 9223372036854775808}
default:
  tags: [whatsapp, robo]
  queue: {automatic: sim, every: 7h}
  silence: {alert: 20m, return: 5m}
  reminders: 30m
  survey:
    questions: [a, [b]]
    limite: 1h
  audit: {bot_abandoned: close, bot_tag: ""}
  says: {survey_5: "1 - Muito insatisfeito", survey_2: Um título longo demais para uma linha, reminder_4: a}
  texts: {judged: "%s", open_title: "%"}
numbers:
  "1": {reminders: [2h, long]}
  "2": {reminders: [2h, 1h]}
  "3": {silence: {alert: 30s, return: 40s}}
`))
	mistakes(t, err,
		`line 2, column 3: account.agent_limit: "many" is no whole number`,
		`line 3, column 3: account.audit_every: 30s is out of range: 0s, or from 1m to 24h`,
		`line 4, column 3: account.limite: is no setting; known here: access, agent_limit, audit_every, human_share, other_bot, report, requests_per_minute, updates_per_minute`,
		`line 5, column 15: account.other_bot.tag: "a b" is no tag: tags hold neither spaces nor commas`,
		`line 5, column 27: account.other_bot.campo: is no setting; known here: derived, log, session, tag`,
		`line 5, column 37: account.other_bot.log: takes one value, neither a list nor settings below it`,
		`line 6, column 12: account.report.schedule: "@daily" is no schedule: write minute, hour, day of the month, month and day of the week, such as "0 7 * * 1"`,
		`line 6, column 32: account.report.period: "year" is none of day, week, month`,
		`line 6, column 46: account.report.ticket: "9223372036854775808" is no whole number`,
		`line 9, column 11: default.queue.automatic: "sim" is neither true nor false`,
		`line 9, column 27: default.queue.every: 7h is out of range: 0s, or from 1m to 6h`,
		`line 10, column 25: default.silence.return: 5m is shorter than alert, 20m`,
		`line 11, column 3: default.reminders: takes a list, such as [a, b], or [] for an empty one`,
		`line 13, column 5: default.survey.questions: entry 2 takes one value, neither a list nor settings below it`,
		`line 14, column 5: default.survey.limite: is no setting; known here: limit, on, questions`,
		`line 15, column 11: default.audit.bot_abandoned: "close" is none of leave, solve`,
		`line 15, column 33: default.audit.bot_tag: is empty`,
		`line 16, column 10: default.says.survey_5: "1 - Muito insatisfeito" is another answer, too`,
		`line 16, column 46: default.says.survey_2: is longer than 24 characters, which is WhatsApp's limit; most emoji count twice`,
		`line 16, column 95: default.says.reminder_4: is no setting; known here: `+strings.Join(said(), ", "),
		`line 17, column 11: default.texts.judged: must hold exactly these placeholders, in this order: %d; it has %s`,
		`line 17, column 25: default.texts.open_title: has a %, but this text takes no placeholders: leave it out`,
		`line 19, column 9: numbers.1.reminders: entry 2: "long" is no time: write a number with its unit, such as 20s, 5m, 24h or 30d`,
		`line 20, column 9: numbers.2.reminders: has 1h after 2h: each has to be longer than the one before it`,
		`line 21, column 19: numbers.3.silence.alert: 30s is out of range: 0s, or from 1m to 24h`,
		`line 21, column 31: numbers.3.silence.return: 40s is out of range: 0s, or from 1m to 24h`,
	)
}

// said lists the names of the texts for customers.
func said() []string {
	return strings.Fields(`after_hours afternoon ask_anything_more ask_cnpj ask_email ask_faq ask_position choose closing evening expiring greeting hand_over
		hand_over_flags menu menu_button morning n2 no_cnpj no_faq no_position none_available not_understood opening pending position position_done
		position_open refused reminder_1 reminder_2 reminder_3 survey survey_1 survey_2 survey_3 survey_4 survey_5 survey_button survey_thanks talk
		transferred unknown_cnpj waiting wrong_cnpj wrong_email`)
}

// Every setting of what goes by time has a range or a form, at both ends.
func TestValidateTimes(t *testing.T) {
	t.Parallel()
	const whatsApp = " characters, which is WhatsApp's limit; most emoji count twice"
	body, ns := strings.Repeat("é", 1024), time.Nanosecond
	reminders := func(all ...time.Duration) func(*settings.Number) {
		return func(n *settings.Number) { n.Reminders = all }
	}
	questions := func(all ...string) func(*settings.Number) {
		return func(n *settings.Number) { n.Survey.Questions = all }
	}
	for name, tt := range map[string]struct {
		change func(*settings.Number)
		want   string // "": it is right
	}{
		"every, never":            {func(n *settings.Number) { n.Queue.Every = 0 }, ""},
		"every, lowest":           {func(n *settings.Number) { n.Queue.Every = time.Minute }, ""},
		"every, below":            {func(n *settings.Number) { n.Queue.Every = time.Minute - ns }, "queue.every: 59.999999999s is out of range: 0s, or from 1m to 6h"},
		"every, highest":          {func(n *settings.Number) { n.Queue.Every = 6 * time.Hour }, ""},
		"every, above":            {func(n *settings.Number) { n.Queue.Every = 6*time.Hour + time.Second }, "queue.every: 6h0m1s is out of range: 0s, or from 1m to 6h"},
		"every, negative":         {func(n *settings.Number) { n.Queue.Every = -time.Minute }, "queue.every: -1m is out of range: 0s, or from 1m to 6h"},
		"alert, never":            {func(n *settings.Number) { n.Silence.Alert = 0 }, ""},
		"alert, highest":          {func(n *settings.Number) { n.Silence.Alert = 24 * time.Hour }, ""},
		"alert, below":            {func(n *settings.Number) { n.Silence.Alert = time.Second }, "silence.alert: 1s is out of range: 0s, or from 1m to 24h"},
		"alert, above":            {func(n *settings.Number) { n.Silence.Alert = 25 * time.Hour }, "silence.alert: 25h is out of range: 0s, or from 1m to 24h"},
		"return = alert":          {func(n *settings.Number) { n.Silence.Return = n.Silence.Alert }, ""},
		"return < alert":          {func(n *settings.Number) { n.Silence.Return = n.Silence.Alert - ns }, "silence.return: 14m59.999999999s is shorter than alert, 15m"},
		"return without alert":    {func(n *settings.Number) { n.Silence = settings.Silence{Return: time.Minute} }, ""},
		"return, above":           {func(n *settings.Number) { n.Silence.Return = 24*time.Hour + ns }, "silence.return: 24h0m0.000000001s is out of range: 0s, or from 1m to 24h"},
		"no reminders":            {reminders(), ""},
		"most reminders":          {reminders(time.Minute, time.Minute+ns, 23*time.Hour), ""},
		"too many reminders":      {reminders(1*time.Hour, 2*time.Hour, 3*time.Hour, 4*time.Hour), "reminders: has 4 entries, at most 3 are possible"},
		"reminder, below":         {reminders(59 * time.Second), "reminders: has 59s, which is out of range: from 1m to 23h"},
		"reminder, above":         {reminders(time.Hour, 24*time.Hour), "reminders: has 24h, which is out of range: from 1m to 23h"},
		"reminder twice":          {reminders(time.Hour, time.Hour), "reminders: has 1h after 1h: each has to be longer than the one before it"},
		"limit, lowest":           {func(n *settings.Number) { n.Survey.Limit = time.Minute }, ""},
		"limit, below":            {func(n *settings.Number) { n.Survey.Limit = 0 }, "survey.limit: 0s is out of range: from 1m to 24h"},
		"limit, above":            {func(n *settings.Number) { n.Survey.Limit = 25 * time.Hour }, "survey.limit: 25h is out of range: from 1m to 24h"},
		"most questions":          {questions("a", "b", "c", "d", body), ""},
		"too many questions":      {questions("a", "b", "c", "d", "e", "f"), "survey.questions: has 6 entries, at most 5 are possible"},
		"an empty question":       {questions("a", ""), "survey.questions: entry 2 is empty"},
		"a long question":         {questions(body + "a"), "survey.questions: entry 1 is longer than 1024" + whatsApp},
		"question, variable":      {questions("{{agente.nome}}?"), ""},
		"question, unknown":       {questions("{{chamado}}"), `survey.questions: entry 1 holds "{{chamado}}"; known here: ` + variables},
		"wait, lowest":            {func(n *settings.Number) { n.Audit.Wait = time.Minute }, ""},
		"wait, below":             {func(n *settings.Number) { n.Audit.Wait = 0 }, "audit.wait: 0s is out of range: from 1m to 24h"},
		"wait, above":             {func(n *settings.Number) { n.Audit.Wait = 25 * time.Hour }, "audit.wait: 25h is out of range: from 1m to 24h"},
		"quits":                   {func(n *settings.Number) { n.Audit.BotAbandoned = "" }, `audit.bot_abandoned: "" is none of leave, solve`},
		"quits, no tag":           {func(n *settings.Number) { n.Audit.BotTag = "" }, "audit.bot_tag: is empty"},
		"quits, two tags":         {func(n *settings.Number) { n.Audit.BotTag = "a,b" }, `audit.bot_tag: "a,b" is no tag: tags hold neither spaces nor commas`},
		"quits, tag not UTF-8":    {func(n *settings.Number) { n.Audit.BotTag = "\xff" }, `audit.bot_tag: "\xff" is no tag: is not valid UTF-8`},
		"quits, longest tag":      {func(n *settings.Number) { n.Audit.BotTag = strings.Repeat("é", 80) }, ""},
		"no catalogue":            {func(n *settings.Number) { n.Catalogue = settings.Catalogue{} }, ""},
		"abandoned, two lines":    {func(n *settings.Number) { n.Catalogue.Abandoned = "a\nb" }, "catalogue.abandoned: holds a line break"},
		"others, too long":        {func(n *settings.Number) { n.Catalogue.Others = strings.Repeat("a", 256) }, "catalogue.others: is longer than 255 characters"},
		"summaries, lowest":       {func(n *settings.Number) { n.Keep.Summaries = 24 * time.Hour }, ""},
		"summaries, below":        {func(n *settings.Number) { n.Keep.Summaries = 23 * time.Hour }, "keep.summaries: 23h is out of range: from 24h to 3650d"},
		"summaries, above":        {func(n *settings.Number) { n.Keep.Summaries = 3651 * 24 * time.Hour }, "keep.summaries: 3651d is out of range: from 24h to 3650d"},
		"survey's field":          {func(n *settings.Number) { n.Desk.Fields.Survey = " a" }, "desk.fields.survey: begins or ends with a space"},
		"no question of its own":  {func(n *settings.Number) { n.Says.Survey = "" }, "says.survey: is empty"},
		"question above a list":   {func(n *settings.Number) { n.Says.Survey = body + "a" }, "says.survey: is longer than 1024" + whatsApp},
		"longest button":          {func(n *settings.Number) { n.Says.SurveyButton = strings.Repeat("é", 20) }, ""},
		"button, too long":        {func(n *settings.Number) { n.Says.SurveyButton = strings.Repeat("é", 21) }, "says.survey_button: is longer than 20" + whatsApp},
		"longest answer":          {func(n *settings.Number) { n.Says.SurveyScale[2] = strings.Repeat("é", 24) }, ""},
		"answer, too long":        {func(n *settings.Number) { n.Says.SurveyScale[2] = strings.Repeat("é", 25) }, "says.survey_3: is longer than 24" + whatsApp},
		"no answer":               {func(n *settings.Number) { n.Says.SurveyScale[3] = "" }, "says.survey_4: is empty"},
		"answer with a variable":  {func(n *settings.Number) { n.Says.SurveyScale[4] = "{{ticket.id}}" }, `says.survey_5: holds "{{ticket.id}}", but it takes no variables`},
		"answer twice":            {func(n *settings.Number) { n.Says.SurveyScale[1] = "3 - NEUTRO" }, `says.survey_3: "3 - Neutro" is another answer, too`},
		"longest reminder":        {func(n *settings.Number) { n.Says.Reminders[2] = body + body + body + body }, ""},
		"reminder, too long":      {func(n *settings.Number) { n.Says.Reminders[2] = body + body + body + body + "a" }, "says.reminder_3: is longer than 4096" + whatsApp},
		"waiting, blank":          {func(n *settings.Number) { n.Says.Waiting = " " }, "says.waiting: is empty"},
		"asked without reminders": {func(n *settings.Number) { n.Says.Reminders, n.Reminders = [3]string{}, []time.Duration{time.Hour} }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := settings.DefaultOperation()
			tt.change(&o.Default)
			judged(t, o, "default."+tt.want, tt.want == "")
		})
	}
}

// variables are those that texts for customers may hold.
const variables = "{{agente.nome}}, {{atendimento.numero}}, {{chamado.data}}, {{chamado.id}}, {{chamado.status}}, {{contato.nome}}, {{fila.nome}}, " +
	"{{organizacao.nome}}, {{tentativas}}, {{ticket.id}}"

// judged wants settings to be right, or to have one mistake.
func judged(t *testing.T, o settings.Operation, want string, right bool) {
	t.Helper()
	err := o.Validate()
	if !right {
		mistakes(t, err, want)
	} else if err != nil {
		t.Error(err)
	}
}

func TestValidateAccount(t *testing.T) {
	t.Parallel()
	const noSchedule = ` is no schedule: write minute, hour, day of the month, month and day of the week, such as "0 7 * * 1"`
	schedule := func(s string) func(*settings.Operation) {
		return func(o *settings.Operation) { o.Account.Report.Schedule = s }
	}
	for name, tt := range map[string]struct {
		change func(*settings.Operation)
		want   string // "": it is right
	}{
		"agent limit, lowest":  {func(o *settings.Operation) { o.Account.AgentLimit = 1 }, ""},
		"agent limit, below":   {func(o *settings.Operation) { o.Account.AgentLimit = 0 }, "agent_limit: 0 is out of range: from 1 to 100"},
		"agent limit, highest": {func(o *settings.Operation) { o.Account.AgentLimit = 100 }, ""},
		"agent limit, above":   {func(o *settings.Operation) { o.Account.AgentLimit = 101 }, "agent_limit: 101 is out of range: from 1 to 100"},
		"audit, never":         {func(o *settings.Operation) { o.Account.AuditEvery = 0 }, ""},
		"audit, highest":       {func(o *settings.Operation) { o.Account.AuditEvery = 24 * time.Hour }, ""},
		"audit, below":         {func(o *settings.Operation) { o.Account.AuditEvery = time.Second }, "audit_every: 1s is out of range: 0s, or from 1m to 24h"},
		"audit, above":         {func(o *settings.Operation) { o.Account.AuditEvery = 25 * time.Hour }, "audit_every: 25h is out of range: 0s, or from 1m to 24h"},
		"another bot":          {func(o *settings.Operation) { o.Account.OtherBot = settings.OtherBot{Tag: "robo", Session: "a"} }, ""},
		"the bot's two tags":   {func(o *settings.Operation) { o.Account.OtherBot.Tag = "a b" }, `other_bot.tag: "a b" is no tag: tags hold neither spaces nor commas`},
		"the bot's long tag":   {func(o *settings.Operation) { o.Account.OtherBot.Tag = strings.Repeat("a", 81) }, `other_bot.tag: "` + strings.Repeat("a", 40) + `…" is no tag: it is longer than 80 characters`},
		"the bot's tag, ours":  {func(o *settings.Operation) { o.Account.OtherBot.Tag = "whatsapp" }, `other_bot.tag: "whatsapp" is one of the tags of Ponte's own tickets, default.tags`},
		"a number's tag": {
			func(o *settings.Operation) {
				n := settings.Default()
				n.Tags = []string{"sul", "robo"}
				o.Account.OtherBot.Tag, o.Numbers = "robo", map[string]settings.Number{"7": n}
			}, `other_bot.tag: "robo" is one of the tags of Ponte's own tickets, numbers.7.tags`,
		},
		"the bot's field":     {func(o *settings.Operation) { o.Account.OtherBot.Log = "a\nb" }, "other_bot.log: holds a line break"},
		"no schedule":         {schedule(""), ""},
		"a schedule":          {schedule("0 7 * * 1"), ""},
		"names":               {schedule("0 7 * jan-dec MON-FRI"), ""},
		"steps":               {schedule("*/30  7-19/2 1,15 * ?"), ""},
		"leap day":            {schedule("0 0 29 2 *"), ""},
		"four fields":         {schedule("0 7 * *"), `report.schedule: "0 7 * *"` + noSchedule},
		"six fields":          {schedule("0 0 7 * * 1"), `report.schedule: "0 0 7 * * 1"` + noSchedule},
		"a name":              {schedule("@weekly"), `report.schedule: "@weekly"` + noSchedule},
		"an interval":         {schedule("@every 1h"), `report.schedule: "@every 1h"` + noSchedule},
		"a zone":              {schedule("TZ=UTC 0 7 * * 1"), `report.schedule: "TZ=UTC 0 7 * * 1"` + noSchedule},
		"a zone alone":        {schedule("TZ=UTC"), `report.schedule: "TZ=UTC"` + noSchedule},
		"a blank before":      {schedule(" 0 7 * * 1"), `report.schedule: " 0 7 * * 1"` + noSchedule},
		"a line break":        {schedule("0 7 * *\n1"), `report.schedule: "0 7 * *\n1"` + noSchedule},
		"minute 60":           {schedule("60 7 * * 1"), `report.schedule: "60 7 * * 1" is no schedule: end of range (60) above maximum (59): 60`},
		"Sunday as 7":         {schedule("0 7 * * 7"), `report.schedule: "0 7 * * 7" is no schedule: end of range (7) above maximum (6): 7`},
		"no step":             {schedule("*/0 7 * * 1"), `report.schedule: "*/0 7 * * 1" is no schedule: step of range should be a positive number: */0`},
		"no number":           {schedule("a 7 * * 1"), `report.schedule: "a 7 * * 1" is no schedule: failed to parse int from a: strconv.Atoi: parsing "a": invalid syntax`},
		"never":               {schedule("0 7 31 2,4 *"), `report.schedule: "0 7 31 2,4 *" never comes: no month has such a day`},
		"schedule, too long":  {schedule("0 7 * * 1" + strings.Repeat(",1", 46)), "report.schedule: is longer than 100 characters"},
		"longest schedule":    {schedule("0 7 * * 1" + strings.Repeat(",1", 45)), ""},
		"period":              {func(o *settings.Operation) { o.Account.Report.Period = "" }, `report.period: "" is none of day, week, month`},
		"ticket, below":       {func(o *settings.Operation) { o.Account.Report.Ticket = -1 }, "report.ticket: -1 is out of range: from 0 to 9007199254740992"},
		"reports, kept":       {func(o *settings.Operation) { o.Account.Report.Keep = 24 * time.Hour }, ""},
		"reports, not kept":   {func(o *settings.Operation) { o.Account.Report.Keep = 0 }, "report.keep: 0s is out of range: from 24h to 3650d"},
		"reports, for ever":   {func(o *settings.Operation) { o.Account.Report.Keep = 3651 * 24 * time.Hour }, "report.keep: 3651d is out of range: from 24h to 3650d"},
		"highest ticket":      {func(o *settings.Operation) { o.Account.Report.Ticket = 1 << 53 }, ""},
		"ticket, above":       {func(o *settings.Operation) { o.Account.Report.Ticket = 1<<53 + 1 }, "report.ticket: 9007199254740993 is out of range: from 0 to 9007199254740992"},
		"a bot's field alone": {func(o *settings.Operation) { o.Account.OtherBot.Session = "a" }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := settings.DefaultOperation()
			tt.change(&o)
			judged(t, o, "account."+tt.want, tt.want == "")
		})
	}
}
