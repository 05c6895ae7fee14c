package settings_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/bridge/calendar"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// The reference operation is open from 08:00:00 to 18:00:59.
func TestDefaultHours(t *testing.T) {
	t.Parallel()
	n := settings.Default()
	h := n.Calendar()
	if err := h.Validate(); err != nil {
		t.Error(err)
	}
	if h.Zone != n.Zone || n.Hours.Zone != nil {
		t.Errorf("the calendar's zone is %v, the hours' own %v", h.Zone, n.Hours.Zone)
	}
	for day, list := range h.Week {
		want := "08:00-18:01"
		if day := time.Weekday(day); day == time.Saturday || day == time.Sunday {
			want = ""
		}
		if got := calendar.FormatIntervals(list); got != want {
			t.Errorf("%s is %q, want %q", time.Weekday(day), got, want)
		}
	}
	if !h.National || h.Optional || len(h.Holidays) > 0 {
		t.Errorf("holidays are %v, %v, %v", h.National, h.Optional, h.Holidays)
	}
}

func TestGreetingOf(t *testing.T) {
	t.Parallel()
	n := settings.Default()
	for at, want := range map[string]string{
		"00:00:00": "Boa noite!", "04:59:59": "Boa noite!", "05:00:00": "Bom dia!", "11:59:59": "Bom dia!", "12:00:00": "Boa tarde!",
		"17:59:59": "Boa tarde!", "18:00:00": "Boa noite!", "23:59:59": "Boa noite!",
	} {
		when, err := time.ParseInLocation(time.DateTime, "2026-07-01 "+at, n.Zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := n.Greeting.Of(when, n.Says); got != want {
			t.Errorf("%s: %q, want %q", at, got, want)
		}
	}
	n.Says.Evening = ""
	if got := n.Greeting.Of(time.Date(2026, 7, 1, 20, 0, 0, 0, n.Zone), n.Says); got != "" {
		t.Errorf("an evening without a text has %q", got)
	}
}

func TestDeskMacro(t *testing.T) {
	t.Parallel()
	d := settings.Default().Desk
	if got := d.Macro(settings.RoleNotAssumed); got != "Auditoria Whatsapp |Ticket não assumido" {
		t.Errorf("it is %q", got)
	}
	if got := (settings.Desk{}).Macro(settings.RoleN2); got != "" {
		t.Errorf("without macros it is %q", got)
	}
	required := slices.DeleteFunc(settings.MacroRoles(), func(r settings.MacroRole) bool { return !r.Required() })
	same(t, "required", required, []settings.MacroRole{settings.RoleClosing, settings.RoleN2, settings.RoleFinancial})
}

// Every role stands in the list once, and has a macro of its own in the reference operation.
func TestMacroRoles(t *testing.T) {
	t.Parallel()
	d := settings.Default().Desk
	required, titles := map[settings.MacroRole]bool{}, map[string]bool{}
	for _, r := range settings.MacroRoles() {
		title := strings.ToLower(strings.Join(strings.Fields(d.Macro(r)), " "))
		if _, twice := required[r]; twice || titles[title] || r == "" || title == "" {
			t.Errorf("role %q, %q is empty or listed twice", r, title)
		}
		required[r], titles[title] = r.Required(), true
	}
	same(t, "roles", required, map[settings.MacroRole]bool{
		settings.RoleClosing: true, settings.RoleN2: true, settings.RoleFinancial: true, settings.RoleTransfer: false,
		settings.RoleNotAssumed: false, settings.RoleClientAbandonment: false, settings.RoleAgentAbandonment: false,
		settings.RoleAfterHours: false, settings.RoleAgentUnavailable: false, settings.RoleWrongTitle: false,
	})
}

// procedure is a file with all of the procedure's lists.
const procedure = `default:
  hours:
    monday: ["8:00-12:00", "13:00-18:01"]
    sunday: ["08:00-12:00, 13:00-14:00:30"]
    friday: []
    national: false
    optional: true
    holidays:
      - 25/1 Aniversário de São Paulo
      - "24/12/2026 08:00-12:00 Véspera de Natal"
  bot:
    kind: own
    menu:
      - title: Boleto
        description: "Segunda via: boleto e nota"
        queue: Financeiro
        category: A::B
      - {title: Horário, do: answer, answer: "Olá, {{contato.nome}}!\nAté as 18h."}
      - title: Dúvidas
        do: faq
    faq:
      - question: "Como emito a nota?"
        answer: |-
          Abra o menu.
          Depois: emitir.
  organizations: {pending_field: "", check_age: 0s, patience: 25s, unknown: queue}
  desk:
    queue: 360001
    fields: {cnpj: "", reason: Motivo}
    macros: {transfer: "", closing: 'Fim "oficial"', audit: {wrong_title: Título}}
  greeting: {morning: 06:30, evening: "18:00:30"}
  ending: {after_solved: new, thanks: 0s}
  n2: {needs: []}
  attendance: ticket
  subjects: {position: "Ticket {{chamado}}: posição"}
  catalogue: {position: ""}
  says: {morning: "", talk: Gente}
`

// decoded is what procedure means.
func decoded() settings.Operation {
	o := settings.DefaultOperation()
	n := &o.Default
	const hour, minute = calendar.Clock(3600), calendar.Clock(60)
	n.Hours.Week[time.Monday] = []calendar.Interval{{From: 8 * hour, To: 12 * hour}, {From: 13 * hour, To: 18*hour + minute}}
	n.Hours.Week[time.Sunday] = []calendar.Interval{{From: 8 * hour, To: 12 * hour}, {From: 13 * hour, To: 14*hour + 30}}
	n.Hours.Week[time.Friday] = nil
	n.Hours.National, n.Hours.Optional = false, true
	n.Hours.Holidays = []calendar.Holiday{
		{Month: time.January, Day: 25, Name: "Aniversário de São Paulo"},
		{Year: 2026, Month: time.December, Day: 24, Name: "Véspera de Natal", Hours: []calendar.Interval{{From: 8 * hour, To: 12 * hour}}},
	}
	n.Bot.Kind = settings.BotOwn
	n.Bot.Menu = []settings.MenuOption{
		{Title: "Boleto", Description: "Segunda via: boleto e nota", Do: settings.MenuQueue, Queue: "Financeiro", Category: "A::B"},
		{Title: "Horário", Do: settings.MenuAnswer, Answer: "Olá, {{contato.nome}}!\nAté as 18h."},
		{Title: "Dúvidas", Do: settings.MenuFAQ},
	}
	n.Bot.FAQ = []settings.FAQ{{Question: "Como emito a nota?", Answer: "Abra o menu.\nDepois: emitir."}}
	n.Organizations.PendingField, n.Organizations.CheckAge, n.Organizations.Patience = "", 0, 25*time.Second
	n.Organizations.Unknown = settings.UnknownQueue
	n.Desk.Queue, n.Desk.Fields.CNPJ, n.Desk.Fields.Reason = "360001", "", "Motivo"
	delete(n.Desk.Macros, settings.RoleTransfer)
	n.Desk.Macros[settings.RoleClosing], n.Desk.Macros[settings.RoleWrongTitle] = `Fim "oficial"`, "Título"
	n.Greeting.Morning, n.Greeting.Evening = 6*time.Hour+30*time.Minute, 18*time.Hour+30*time.Second
	n.Ending.AfterSolved, n.Ending.Thanks = settings.AfterNew, 0
	n.N2.Needs, n.Attendance = nil, settings.AttendanceTicket
	n.Subjects.Position, n.Catalogue.Position = "Ticket {{chamado}}: posição", ""
	n.Says.Morning, n.Says.Talk = "", "Gente"
	return o
}

func TestDecodeProcedure(t *testing.T) {
	t.Parallel()
	same(t, "settings", decode(t, procedure), decoded())
}

// A number has nothing but what differs, lists on lines of their own.
func TestEncodeProcedure(t *testing.T) {
	t.Parallel()
	o := settings.DefaultOperation()
	o.Numbers = map[string]settings.Number{"1": decoded().Default, "2": o.Default}
	file := encode(t, o)
	_, got, _ := strings.Cut(file, "\nnumbers:\n")
	same(t, "numbers", got, `  "1":
    attendance: ticket
    hours:
      monday: ["08:00-12:00", "13:00-18:01"]
      friday: []
      sunday: ["08:00-12:00", "13:00-14:00:30"]
      national: false
      optional: true
      holidays:
        - "25/01 Aniversário de São Paulo"
        - "24/12/2026 08:00-12:00 Véspera de Natal"
    bot:
      kind: own
      menu:
        - title: Boleto
          description: "Segunda via: boleto e nota"
          do: queue
          queue: Financeiro
          category: "A::B"
        - title: Horário
          do: answer
          answer: "Olá, {{contato.nome}}!\nAté as 18h."
        - title: Dúvidas
          do: faq
      faq:
        - question: "Como emito a nota?"
          answer: "Abra o menu.\nDepois: emitir."
    organizations:
      pending_field: ""
      check_age: 0s
      patience: 25s
      unknown: queue
    desk:
      queue: "360001"
      fields:
        cnpj: ""
        reason: Motivo
      macros:
        closing: "Fim \"oficial\""
        transfer: ""
        audit:
          wrong_title: Título
    greeting:
      morning: "06:30"
      evening: "18:00:30"
    ending:
      after_solved: new
      thanks: 0s
    n2:
      needs: []
    subjects:
      position: "Ticket {{chamado}}: posição"
    catalogue:
      position: ""
    says:
      talk: Gente
      morning: ""
  "2": {}
`)
	same(t, "read back", decode(t, file), o)
	o.Default = decoded().Default
	o.Numbers = map[string]settings.Number{"1": settings.Default()}
	same(t, "back to the defaults", decode(t, encode(t, o)), o)
}

func TestDiffProcedure(t *testing.T) {
	t.Parallel()
	a, b := settings.DefaultOperation(), decoded()
	b.Default.Language = settings.LanguageEN
	listed := map[string]settings.Change{}
	for _, c := range settings.Diff(a, b) {
		listed[strings.TrimPrefix(c.Path, "default.")] = c
	}
	for path, want := range map[string][2]string{
		"hours.monday":   {`["08:00-18:01"]`, `["08:00-12:00", "13:00-18:01"]`},
		"hours.holidays": {"[]", `["25/01 Aniversário de São Paulo", "24/12/2026 08:00-12:00 Véspera de Natal"]`},
		"bot.menu": {"[]", `[{title: Boleto, description: "Segunda via: boleto e nota", do: queue, queue: Financeiro, category: "A::B"}, ` +
			`{title: Horário, do: answer, answer: "Olá, {{contato.nome}}!\nAté as 18h."}, {title: Dúvidas, do: faq}]`},
		"desk.macros.transfer": {`"Atendimento Whatsapp Transferência"`, `""`},
		"greeting.morning":     {`"05:00"`, `"06:30"`},
		"says.talk":            {`"Falar com atendente"`, "Gente"},
	} {
		if c := listed[path]; c.From != want[0] || c.To != want[1] {
			t.Errorf("%s: %s → %s, want %s → %s", path, c.From, c.To, want[0], want[1])
		}
	}
}

// A list on one line, as a difference shows it, can be put into a file.
func TestListsAreReadAsTheyAreShown(t *testing.T) {
	t.Parallel()
	b := decoded()
	for _, c := range settings.Diff(settings.DefaultOperation(), b) {
		section, key, ok := strings.Cut(strings.TrimPrefix(c.Path, "default."), ".")
		if !ok || strings.Contains(key, ".") || c.Path == "default.bot.menu" { // whose faq needs questions
			continue
		}
		o := decode(t, "default: {"+section+": {"+key+": "+c.To+"}}")
		if got := settings.Diff(settings.DefaultOperation(), o); !slices.Contains(got, c) {
			t.Errorf("%s is read as %v", c.Path, got)
		}
	}
}

// What a file's numbers inherit of lists is theirs.
func TestDecodeSharesNoLists(t *testing.T) {
	t.Parallel()
	o := decode(t, procedure+"numbers: {\"1\": {}, \"2\": {desk: {macros: {n2: Outra}}, bot: {faq: [{question: a, answer: b}]}}}\n")
	n := o.Numbers["1"]
	n.Hours.Week[time.Monday][0].From, n.Hours.Holidays[1].Hours[0].From, n.Hours.Holidays[0].Name = 1, 1, "changed"
	n.Bot.Menu[0].Title, n.Bot.FAQ[0].Answer, n.Desk.Macros[settings.RoleClosing] = "changed", "changed", "changed"
	same(t, "the default", o.Default, decoded().Default)
	want := decoded().Default
	want.Desk.Macros[settings.RoleN2], want.Bot.FAQ = "Outra", []settings.FAQ{{Question: "a", Answer: "b"}}
	same(t, "another number", o.Numbers["2"], want)
}

// procedures draws settings of the procedure that are valid.
func procedures(t *rapid.T, n *settings.Number) {
	for day := range n.Hours.Week {
		n.Hours.Week[day] = intervals(t)
	}
	n.Hours.National, n.Hours.Optional = rapid.Bool().Draw(t, "national"), rapid.Bool().Draw(t, "optional")
	for i := range rapid.IntRange(0, 3).Draw(t, "holidays") {
		n.Hours.Holidays = append(n.Hours.Holidays, calendar.Holiday{
			Year: rapid.SampledFrom([]int{0, 2026}).Draw(t, "year"), Month: time.Month(i + 1), Day: rapid.IntRange(1, 28).Draw(t, "day"),
			Name: rapid.SampledFrom([]string{"", "Natal", "# a: b", "Dia \"1\""}).Draw(t, "name"), Hours: intervals(t),
		})
	}
	n.Bot = settings.Bot{
		Kind:  rapid.SampledFrom([]settings.BotKind{settings.BotNone, settings.BotOwn}).Draw(t, "bot"),
		Tries: rapid.IntRange(1, 10).Draw(t, "tries"), AskEmail: rapid.Bool().Draw(t, "ask"),
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "faq") {
		n.Bot.FAQ = append(n.Bot.FAQ, settings.FAQ{Question: string(rune('a'+i)) + "? # b: c", Answer: texts().Draw(t, "answer")})
	}
	for i := range rapid.IntRange(0, 9).Draw(t, "lines") {
		o := settings.MenuOption{
			Title: string(rune('a' + i)), Do: rapid.SampledFrom([]settings.MenuAction{settings.MenuQueue, settings.MenuAnswer, settings.MenuPosition}).Draw(t, "do"),
			Description: titles(t), Queue: titles(t), Category: titles(t),
		}
		if o.Do == settings.MenuAnswer {
			o.Answer = texts().Draw(t, "answer")
		}
		n.Bot.Menu = append(n.Bot.Menu, o)
	}
	n.Organizations = settings.Organizations{
		Check: rapid.Bool().Draw(t, "check"), CNPJField: "cnpj", PendingField: rapid.SampledFrom([]string{"", "x_1"}).Draw(t, "pending"),
		CheckAge: spans(0, 24*time.Hour).Draw(t, "age"), Patience: spans(time.Second, 25*time.Second).Draw(t, "patience"),
		Unknown: rapid.SampledFrom([]settings.UnknownContact{settings.UnknownCreate, settings.UnknownRefuse, settings.UnknownQueue}).Draw(t, "unknown"),
	}
	n.Desk.Queue, n.Desk.Fields.Summary = titles(t), titles(t)
	for _, r := range settings.MacroRoles() {
		if title := titles(t); title == "" {
			delete(n.Desk.Macros, r)
		} else {
			n.Desk.Macros[r] = title
		}
	}
	n.Greeting.Morning = time.Duration(rapid.IntRange(0, 12*60*60-1).Draw(t, "morning")) * time.Second
	n.Ending = settings.Ending{
		AfterSolved: rapid.SampledFrom([]settings.AfterSolved{settings.AfterReopen, settings.AfterNew}).Draw(t, "after"),
		Thanks:      spans(0, 24*time.Hour).Draw(t, "thanks"), Warning: spans(0, 12*time.Hour).Draw(t, "warning"), Settle: spans(0, 30*time.Minute).Draw(t, "settle"),
	}
	n.N2.Needs = rapid.SliceOfDistinct(rapid.SampledFrom([]string{settings.NeedCNPJ, settings.NeedSummary, settings.NeedCatalogue}), rapid.ID).Draw(t, "needs")
	n.Attendance = rapid.SampledFrom([]settings.Attendance{settings.AttendanceDaily, settings.AttendanceTicket}).Draw(t, "attendance")
	n.Catalogue.Position = titles(t)
	if rapid.Bool().Draw(t, "says") {
		n.Says.Opening = rapid.SampledFrom([]string{"", "{{contato.nome}}: {{ticket.id}}", "# a"}).Draw(t, "opening")
		n.Says.Menu = texts().Draw(t, "menu")
	}
}

// intervals draws the hours of a day, often none.
func intervals(t *rapid.T) []calendar.Interval {
	at := rapid.SliceOfNDistinct(rapid.IntRange(0, 24*60*60), 0, 4, rapid.ID).Draw(t, "times")
	slices.Sort(at)
	var all []calendar.Interval
	for i := 0; i+1 < len(at); i += 2 {
		all = append(all, calendar.Interval{From: calendar.Clock(at[i]), To: calendar.Clock(at[i+1])})
	}
	return all
}

// titles draws what things of an account may be called.
func titles(t *rapid.T) string {
	return rapid.SampledFrom([]string{"", "Fim", "1. A | b (c)", "null", "360001", "a: b", `"x" #1`, "- é", "A::B"}).Draw(t, "title")
}
