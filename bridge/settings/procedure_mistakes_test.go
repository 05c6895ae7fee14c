package settings_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/calendar"
	"github.com/ponte-desk/ponte/bridge/settings"
)

func TestDecodeTellsMistakesOfTheProcedure(t *testing.T) {
	t.Parallel()
	_, err := settings.Decode([]byte(`default:
  hours:
    monday: ["8-12", "", 13:00-12:00]
    tuesday: 08:00-12:00
    wednesday: ["13:00-14:00", "08:00-12:00"]
    holidays:
      - 31/02 Nunca
      - 25/01
      - 25/01 Outra vez
    feriado: []
  bot:
    menu:
      - title: Boleto
        fila: Financeiro
      - Atendente
      - description: x
        do: dance
      - {title: BOLETO, answer: "Olá"}
      - title: Dúvidas
        do: faq
      - &x {title: b}
      - title: Falar com Atendente
        title: outra
    faq: {question: a, answer: b}
    tries: 11
  desk:
    macros: {fim: x, audit: {n2: x}}
    fields: {cnpj: [1]}
  greeting: {morning: 25:00, afternoon: 5pm, evening: 13h}
  n2: {needs: [summary, cpf]}
  says:
    opening: "Olá, {{nome}}!"
    ask_cnpj: ""
    talk: "Falar com um atendente"
`))
	const variables = "{{agente.nome}}, {{atendimento.numero}}, {{chamado.data}}, {{chamado.id}}, {{chamado.status}}, {{contato.nome}}, {{fila.nome}}, " +
		"{{organizacao.nome}}, {{tentativas}}, {{ticket.id}}"
	mistakes(t, err,
		`line 3, column 14: default.hours.monday.1: beginning of "8-12": "8" is no time of day such as 08:00 or 08:00:30`,
		`line 3, column 22: default.hours.monday.2: is empty`,
		`line 3, column 26: default.hours.monday.3: 13:00-12:00 ends before it begins: hours after midnight belong to the next day`,
		`line 4, column 5: default.hours.tuesday: takes a list, such as [a, b], or [] for an empty one`,
		`line 5, column 5: default.hours.wednesday: 08:00-12:00 comes after 13:00-14:00: put them in order`,
		`line 7, column 9: default.hours.holidays.1: there is no day 31/02`,
		`line 10, column 5: default.hours.feriado: is no setting; known here: friday, holidays, monday, national, optional, saturday, sunday, thursday, tuesday, wednesday`,
		`line 14, column 9: default.bot.menu.1.fila: is no setting; known here: answer, category, description, do, queue, title`,
		`line 15, column 9: default.bot.menu.2: takes settings such as title: …`,
		`line 16, column 9: default.bot.menu.3.title: is empty`,
		`line 17, column 9: default.bot.menu.3.do: "dance" is none of queue, answer, faq, position`,
		`line 18, column 10: default.bot.menu.4.title: "BOLETO" is the title of another line`,
		`line 18, column 25: default.bot.menu.4.answer: is never said: it takes do: answer`,
		`line 21, column 9: default.bot.menu.6: anchors, aliases, tags and merge keys are not used here`,
		`line 23, column 9: default.bot.menu.7.title: stands here a second time`,
		`line 24, column 5: default.bot.faq: takes a list, such as [a, b], or [] for an empty one`,
		`line 25, column 5: default.bot.tries: 11 is out of range: from 1 to 10`,
		`line 27, column 14: default.desk.macros.fim: is no setting; known here: audit, closing, financial_pending, n2, transfer`,
		`line 27, column 30: default.desk.macros.audit.n2: is no setting; known here: after_hours, agent_abandonment, agent_unavailable, client_abandonment, not_assumed, wrong_title`,
		`line 28, column 14: default.desk.fields.cnpj: takes one value, neither a list nor settings below it`,
		`line 29, column 14: default.greeting.morning: "25:00" is later than 24:00, the end of the day`,
		`line 29, column 30: default.greeting.afternoon: "5pm" is no time of day such as 08:00 or 08:00:30`,
		`line 29, column 46: default.greeting.evening: "13h" is no time of day such as 08:00 or 08:00:30`,
		`line 30, column 8: default.n2.needs: has "cpf", which is none of contact_name, contact_phone, summary, cnpj, catalogue`,
		`line 32, column 5: default.says.opening: holds "{{nome}}"; known here: `+variables,
		`line 33, column 5: default.says.ask_cnpj: is empty`,
		`line 34, column 5: default.says.talk: is longer than 20 characters, which is WhatsApp's limit; most emoji count twice`,
	)
}

// A mistake of a list that numbers inherit is told once, one of their own by its entry.
func TestDecodeTellsInheritedMistakesOfListsOnce(t *testing.T) {
	t.Parallel()
	_, err := settings.Decode([]byte("default: {bot: {menu: [{title: Falar com atendente}]}}\nnumbers:\n  \"1\": {bot: {kind: own}}\n  \"2\":\n    says: {talk: Gente}\n" +
		"    bot:\n      menu:\n      - title: gente\n"))
	mistakes(t, err,
		`line 1, column 25: default.bot.menu.1.title: "Falar com atendente" is what says.talk offers anyway`,
		`line 8, column 9: numbers.2.bot.menu.1.title: "gente" is what says.talk offers anyway`)
}

// Every setting of the procedure has a range or a form, at both ends.
func TestValidateProcedure(t *testing.T) {
	t.Parallel()
	title, body := strings.Repeat("é", 24), strings.Repeat("é", 1024)
	menu := func(all ...settings.MenuOption) func(*settings.Number) {
		return func(n *settings.Number) { n.Bot.Menu = all }
	}
	lines := func(count int) []settings.MenuOption {
		all := make([]settings.MenuOption, count)
		for i := range all {
			all[i] = settings.MenuOption{Title: string(rune('a' + i)), Do: settings.MenuQueue}
		}
		return all
	}
	const whatsApp = " characters, which is WhatsApp's limit; most emoji count twice"
	for name, tt := range map[string]struct {
		change func(*settings.Number)
		want   string // "": it is right
	}{
		"nine lines":             {menu(lines(9)...), ""},
		"ten lines":              {menu(lines(10)...), "bot.menu: has 10 entries, at most 9 are possible"},
		"longest line":           {menu(settings.MenuOption{Title: title, Description: title + title + title, Do: settings.MenuPosition}), ""},
		"title, too long":        {menu(settings.MenuOption{Title: title + "a", Do: settings.MenuQueue}), "bot.menu.1.title: is longer than 24" + whatsApp},
		"title of emoji":         {menu(settings.MenuOption{Title: strings.Repeat("😀", 13), Do: settings.MenuQueue}), "bot.menu.1.title: is longer than 24" + whatsApp},
		"title on two lines":     {menu(settings.MenuOption{Title: "a\nb", Do: settings.MenuQueue}), "bot.menu.1.title: holds a line break"},
		"title with a variable":  {menu(settings.MenuOption{Title: "{{ticket.id}}", Do: settings.MenuQueue}), `bot.menu.1.title: holds "{{ticket.id}}", but it takes no variables`},
		"title with a space":     {menu(settings.MenuOption{Title: "a ", Do: settings.MenuQueue}), "bot.menu.1.title: begins or ends with a space"},
		"description, too long":  {menu(settings.MenuOption{Title: "a", Description: title + title + title + "a", Do: settings.MenuQueue}), "bot.menu.1.description: is longer than 72" + whatsApp},
		"blank description":      {menu(settings.MenuOption{Title: "a", Description: " ", Do: settings.MenuQueue}), "bot.menu.1.description: is empty"},
		"nothing to do":          {menu(settings.MenuOption{Title: "a"}), `bot.menu.1.do: "" is none of queue, answer, faq, position`},
		"no answer":              {menu(settings.MenuOption{Title: "a", Do: settings.MenuAnswer}), "bot.menu.1.answer: is empty"},
		"answer, variable":       {menu(settings.MenuOption{Title: "a", Do: settings.MenuAnswer, Answer: "{{contato.nome}}"}), ""},
		"answer, half variable":  {menu(settings.MenuOption{Title: "a", Do: settings.MenuAnswer, Answer: "{{contato.nome}"}), "bot.menu.1.answer: holds {{ or }} without the other: variables are written such as {{contato.nome}}"},
		"answer, other half":     {menu(settings.MenuOption{Title: "a", Do: settings.MenuAnswer, Answer: "contato.nome}}"}), "bot.menu.1.answer: holds {{ or }} without the other: variables are written such as {{contato.nome}}"},
		"answer, too long":       {menu(settings.MenuOption{Title: "a", Do: settings.MenuAnswer, Answer: body + body + body + body + "a"}), "bot.menu.1.answer: is longer than 4096" + whatsApp},
		"queue of two lines":     {menu(settings.MenuOption{Title: "a", Do: settings.MenuQueue, Queue: "a\nb"}), "bot.menu.1.queue: holds a line break"},
		"category, too long":     {menu(settings.MenuOption{Title: "a", Do: settings.MenuQueue, Category: strings.Repeat("a", 256)}), "bot.menu.1.category: is longer than 255 characters"},
		"faq without questions":  {menu(settings.MenuOption{Title: "a", Do: settings.MenuFAQ}), "bot.menu.1.do: faq takes questions in bot.faq, which has none"},
		"question twice":         {func(n *settings.Number) { n.Bot.FAQ = []settings.FAQ{{"a?", "b"}, {" A?", "c"}} }, "bot.faq.2.question: begins or ends with a space\ndefault.bot.faq.2.question: stands here a second time"},
		"question, no answer":    {func(n *settings.Number) { n.Bot.FAQ = []settings.FAQ{{"a?", ""}} }, "bot.faq.1.answer: is empty"},
		"question, too long":     {func(n *settings.Number) { n.Bot.FAQ = []settings.FAQ{{strings.Repeat("é", 257), "a"}} }, "bot.faq.1.question: is longer than 256 characters"},
		"questions, too many":    {func(n *settings.Number) { n.Bot.FAQ = manyQuestions() }, "bot.faq: has 101 entries, at most 100 are possible"},
		"bot":                    {func(n *settings.Number) { n.Bot.Kind = "external" }, `bot.kind: "external" is none of none, own`},
		"tries":                  {func(n *settings.Number) { n.Bot.Tries = 0 }, "bot.tries: 0 is out of range: from 1 to 10"},
		"check age, highest":     {func(n *settings.Number) { n.Organizations.CheckAge = 24 * time.Hour }, ""},
		"check age, above":       {func(n *settings.Number) { n.Organizations.CheckAge = 25 * time.Hour }, "organizations.check_age: 25h is out of range: from 0s to 24h"},
		"patience, below":        {func(n *settings.Number) { n.Organizations.Patience = time.Millisecond }, "organizations.patience: 1ms is out of range: from 1s to 25s"},
		"patience, above":        {func(n *settings.Number) { n.Organizations.Patience = 26 * time.Second }, "organizations.patience: 26s is out of range: from 1s to 25s"},
		"unknown":                {func(n *settings.Number) { n.Organizations.Unknown = "" }, `organizations.unknown: "" is none of create, refuse, queue`},
		"no field of the CNPJ":   {func(n *settings.Number) { n.Organizations.CNPJField = "" }, "organizations.cnpj_field: is empty, but organizations.check looks for organisations by their CNPJ"},
		"no check":               {func(n *settings.Number) { n.Organizations.CNPJField, n.Organizations.Check = "", false }, ""},
		"field's title":          {func(n *settings.Number) { n.Organizations.PendingField = "Pendência" }, `organizations.pending_field: "Pendência" is no field's key: letters, digits, _ and -`},
		"field's key, too long":  {func(n *settings.Number) { n.Organizations.PendingField = strings.Repeat("a", 101) }, "organizations.pending_field: is longer than 100 characters"},
		"nothing at the desk":    {func(n *settings.Number) { n.Desk = settings.Desk{} }, ""},
		"desk's queue, blank":    {func(n *settings.Number) { n.Desk.Queue = "  " }, "desk.queue: is empty"},
		"field of two lines":     {func(n *settings.Number) { n.Desk.Fields.Link = "a\nb" }, "desk.fields.link: holds a line break"},
		"macro, too long":        {func(n *settings.Number) { n.Desk.Macros[settings.RoleAfterHours] = strings.Repeat("é", 256) }, "desk.macros.audit.after_hours: is longer than 255 characters"},
		"role":                   {func(n *settings.Number) { n.Desk.Macros["fim"] = "a" }, "desk.macros.fim: is no role of a macro"},
		"afternoon = morning":    {func(n *settings.Number) { n.Greeting.Afternoon = n.Greeting.Morning }, "greeting.afternoon: does not come after the morning"},
		"evening < afternoon":    {func(n *settings.Number) { n.Greeting.Evening = time.Hour }, "greeting.evening: does not come after the afternoon"},
		"morning, before":        {func(n *settings.Number) { n.Greeting.Morning = -time.Second }, "greeting.morning: -1s is out of range: from 00:00 to 23:59"},
		"evening, after":         {func(n *settings.Number) { n.Greeting.Evening = 24 * time.Hour }, "greeting.evening: 24:00 is out of range: from 00:00 to 23:59"},
		"morning, too fine":      {func(n *settings.Number) { n.Greeting.Morning++ }, "greeting.morning: 5h0m0.000000001s is out of range: from 00:00 to 23:59"},
		"after solved":           {func(n *settings.Number) { n.Ending.AfterSolved = "x" }, `ending.after_solved: "x" is none of reopen, new`},
		"thanks, highest":        {func(n *settings.Number) { n.Ending.Thanks = 24 * time.Hour }, ""},
		"thanks, above":          {func(n *settings.Number) { n.Ending.Thanks = 25 * time.Hour }, "ending.thanks: 25h is out of range: from 0s to 24h"},
		"warning, above":         {func(n *settings.Number) { n.Ending.Warning = 13 * time.Hour }, "ending.warning: 13h is out of range: from 0s to 12h"},
		"settle, above":          {func(n *settings.Number) { n.Ending.Settle = time.Hour }, "ending.settle: 1h is out of range: from 0s to 30m"},
		"needs nothing":          {func(n *settings.Number) { n.N2.Needs = nil }, ""},
		"needs one twice":        {func(n *settings.Number) { n.N2.Needs = []string{"cnpj", "cnpj"} }, "n2.needs: has cnpj twice"},
		"attendance":             {func(n *settings.Number) { n.Attendance = "" }, `attendance: "" is none of daily, ticket`},
		"no subject":             {func(n *settings.Number) { n.Subjects.Financial = "" }, "subjects.financial: is empty"},
		"subject's variable":     {func(n *settings.Number) { n.Subjects.Financial = "{{chamado}}" }, `subjects.financial: holds "{{chamado}}", but it takes no variables`},
		"subject's other one":    {func(n *settings.Number) { n.Subjects.Position = "{{chamado.id}}" }, `subjects.position: holds "{{chamado.id}}"; known here: {{chamado}}`},
		"subject of two lines":   {func(n *settings.Number) { n.Subjects.Position = "a\nb" }, "subjects.position: holds a line break"},
		"no catalogue":           {func(n *settings.Number) { n.Catalogue.Position = "" }, ""},
		"catalogue, two lines":   {func(n *settings.Number) { n.Catalogue.Position = "a\nb" }, "catalogue.position: holds a line break"},
		"longest question":       {func(n *settings.Number) { n.Says.Menu = body }, ""},
		"question above buttons": {func(n *settings.Number) { n.Says.Menu = body + "a" }, "says.menu: is longer than 1024" + whatsApp},
		"no menu text":           {func(n *settings.Number) { n.Says.Menu = "" }, "says.menu: is empty"},
		"no opening":             {func(n *settings.Number) { n.Says.Opening = "" }, ""},
		"blank opening":          {func(n *settings.Number) { n.Says.Opening = " " }, "says.opening: is empty"},
		"opening, too long":      {func(n *settings.Number) { n.Says.Opening = body + "a" }, "says.opening: is longer than 1024" + whatsApp},
		"longest greeting":       {func(n *settings.Number) { n.Says.Greeting = body + body + body + body }, ""},
		"greeting, too long":     {func(n *settings.Number) { n.Says.Greeting = body + body + body + body + "a" }, "says.greeting: is longer than 4096" + whatsApp},
		"silent":                 {silent, ""},
		"silent refusal":         {func(n *settings.Number) { n.Says.Pending = "" }, "says.pending: is empty"},
		"no talk":                {func(n *settings.Number) { n.Says.Talk = "" }, "says.talk: is empty"},
		"button on two lines":    {func(n *settings.Number) { n.Says.MenuButton = "a\nb" }, "says.menu_button: holds a line break"},
		"button with a variable": {func(n *settings.Number) { n.Says.MenuButton = "{{ticket.id}}" }, `says.menu_button: holds "{{ticket.id}}", but it takes no variables`},
		"closed at all times":    {func(n *settings.Number) { n.Hours = calendar.Hours{} }, ""},
		"hours after midnight":   {func(n *settings.Number) { n.Hours.Week[6] = []calendar.Interval{{From: 3600, To: 90000}} }, "hours.saturday: 01:00-25:00 is outside of the day, which is 00:00-24:00"},
		"a day twice": {
			func(n *settings.Number) {
				n.Hours.Holidays = []calendar.Holiday{{Month: 1, Day: 25}, {Month: 1, Day: 25, Name: "a"}}
			}, `hours.holidays: holiday "25/01 a": this day is there already`,
		},
		"holidays, too many": {func(n *settings.Number) { n.Hours.Holidays = make([]calendar.Holiday, 201) }, "hours.holidays: has more than 200 holidays"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := settings.DefaultOperation()
			tt.change(&o.Default)
			err := o.Validate()
			if tt.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			mistakes(t, err, strings.Split("default."+tt.want, "\n")...)
		})
	}
}

// silent leaves out everything that can be left out.
func silent(n *settings.Number) {
	s := &n.Says
	for _, text := range []*string{
		&s.Opening, &s.UnknownCNPJ, &s.NoCNPJ, &s.HandOver, &s.HandOverFlags, &s.AfterHours, &s.Refused, &s.Greeting, &s.Morning, &s.Afternoon, &s.Evening,
		&s.Transferred, &s.Closing, &s.N2, &s.Expiring, &s.AskAnythingMore,
		&s.Waiting, &s.NoneAvailable, &s.Reminders[0], &s.Reminders[1], &s.Reminders[2], &s.SurveyThanks,
	} {
		*text = ""
	}
}

// manyQuestions are more than the bot takes.
func manyQuestions() []settings.FAQ {
	all := make([]settings.FAQ, 101)
	for i := range all {
		all[i] = settings.FAQ{Question: strings.Repeat("a", i+1), Answer: "b"}
	}
	return all
}

// What nobody could read again is not written.
func TestEncodeRefusesWhatIsTooMuch(t *testing.T) {
	t.Parallel()
	o := settings.DefaultOperation()
	for i, all := 0, manyQuestions()[:100]; i < len(all); i++ {
		all[i].Answer = strings.Repeat("é", 4096)
		o.Default.Bot.FAQ = append(o.Default.Bot.FAQ, all[i])
	}
	_, err := settings.Encode(o)
	mistakes(t, err, "the file is larger than 256 KB")
}

// A file from before the procedure means what it meant, with the procedure's defaults.
func TestDecodeFileFromBefore(t *testing.T) {
	t.Parallel()
	file := `form: 1
default:
  name: Suporte
  language: en
  zone: America/Manaus
  texts:
    kept: "Kept at %s."
numbers:
  "106":
    mode: transcript_only
`
	o := decode(t, file)
	want := settings.DefaultIn(settings.LanguageEN)
	want.Name, want.Zone, want.Texts.Kept = "Suporte", o.Default.Zone, "Kept at %s."
	same(t, "the default", o.Default, want)
	if got := o.Of("106").Calendar().Zone.String(); got != "America/Manaus" {
		t.Errorf("the number's calendar is in %s", got)
	}
	written := encode(t, o)
	same(t, "read back", decode(t, written), o)
	if _, numbers, _ := strings.Cut(written, "\nnumbers:\n"); numbers != "  \"106\":\n    mode: transcript_only\n" {
		t.Errorf("the number has\n%s", numbers)
	}
}
