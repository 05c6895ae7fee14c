package settings

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/bridge/calendar"
)

// What the procedure's settings may hold.
const (
	mostTitle    = 255 // of things of the Zendesk account, in characters
	mostHolidays = 200
	mostFAQ      = 100
	mostQuestion = 256
	mostDigits   = 100 // of a field's key
)

// WhatsApp's limits, in UTF-16 units:
// https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/interactive-list-messages and
// interactive-reply-buttons-messages, text-messages below the same address.
const (
	mostMenu        = 9 // a list has ten rows, and the last one leads to people
	mostRow         = 24
	mostDescription = 72
	mostButton      = 20
	mostBody        = 1024
	mostMessage     = 4096
)

// procedureSections explains what holds several settings of the procedure.
func procedureSections() map[string]string {
	return map[string]string{
		"hours": `Business hours, in the number's zone: lists such as ["08:00-12:00", "13:00-18:01"]; the end is not part of them,
so -18:01 is open up to and including 18:00:59. [] = closed. Without hours on any day the number is
always open, holidays too. The text says.after_hours tells customers these hours.`,
		"bot":               "The automatic pre-attendance: it greets, asks who the customer is, offers a menu and hands over to people.",
		"organizations":     "How the customer's organisation is found in Zendesk, and its financial check.",
		"desk":              "Things of the Zendesk account, each by its title or its id; \"\" = there is none, and it is left out.",
		"desk.fields":       "The ticket fields that Ponte fills in.",
		"desk.macros":       "The account's macros, by their role; closing, n2 and financial_pending are required.",
		"desk.macros.audit": "Applied by the audit.",
		"greeting": `When the three texts by the time of day begin: a text of says by the same name follows says.greeting when
an agent first opens the conversation. Each begins after the one before it.`,
		"ending":    "How conversations end, and what comes after.",
		"n2":        "The hand-over to the second level.",
		"subjects":  "What tickets are called.",
		"catalogue": "Values of the catalogue field that Ponte sets by itself; \"\" = none.",
	}
}

// procedureLeaves are the settings of the procedure but for what is said.
func procedureLeaves() []leaf[Number] {
	return slices.Concat(hoursLeaves(), botLeaves(), organizationLeaves(), deskLeaves(), endingLeaves(), []leaf[Number]{
		listOf("n2.needs", "What must be filled in before: any of "+strings.Join(needs(), ", ")+".",
			func(n *Number) *[]string { return &n.N2.Needs }, checkNeeds),
		subjectLeaf("financial", "Of a ticket that was refused for a financial pending.", func(s *Subjects) *string { return &s.Financial }),
		subjectLeaf("position", "Of a ticket that asked where another one stands; "+TicketAsked+" = the other one's number.",
			func(s *Subjects) *string { return &s.Position }, TicketAsked),
		line("catalogue.position", "Of a ticket that asked where another one stands.", mostTitle, func(n *Number) *string { return &n.Catalogue.Position }),
		line("catalogue.abandoned", "The audit's, of conversations that the customer, the agent or everybody left.", mostTitle,
			func(n *Number) *string { return &n.Catalogue.Abandoned }),
		line("catalogue.others", "The audit's, of conversations that came outside of business hours.", mostTitle, func(n *Number) *string { return &n.Catalogue.Others }),
	})
}

func hoursLeaves() []leaf[Number] {
	var all []leaf[Number]
	for i := range len(calendar.Hours{}.Week) {
		weekday := time.Weekday((i + 1) % 7) // from Monday on
		at := func(n *Number) *[]calendar.Interval { return &n.Hours.Week[weekday] }
		l := entries("hours."+strings.ToLower(weekday.String()), "", at, calendar.ParseIntervals)
		l.check = func(n Number) string {
			var only calendar.Hours
			only.Week[weekday] = *at(&n)
			return strings.TrimPrefix(asText(only.Validate()), weekday.String()+": ")
		}
		all = append(all, l)
	}
	holidays := entries("hours.holidays", `Holidays of your own: day and month, the year if it is one year's only, hours unless it is closed all
day, and a name: ["25/01 Aniversário de São Paulo", "24/12/2026 08:00-12:00 Véspera de Natal"].`,
		func(n *Number) *[]calendar.Holiday { return &n.Hours.Holidays },
		func(text string) ([]calendar.Holiday, error) {
			h, err := calendar.ParseHoliday(text)
			return []calendar.Holiday{h}, err
		})
	holidays.check = func(n Number) string {
		if len(n.Hours.Holidays) > mostHolidays {
			return fmt.Sprintf("has more than %d holidays", mostHolidays)
		}
		return asText(calendar.Hours{Holidays: n.Hours.Holidays}.Validate())
	}
	holidays.block = func(n Number) []string {
		var lines []string
		for _, h := range n.Hours.Holidays {
			lines = append(lines, "- "+quote(h.String()))
		}
		return lines
	}
	return append(all,
		toggle("hours.national", "true: closed on Brazil's national holidays.", func(n *Number) *bool { return &n.Hours.National }),
		toggle("hours.optional", "true: closed on carnival, the morning of Ash Wednesday and Corpus Christi as well.", func(n *Number) *bool { return &n.Hours.Optional }),
		holidays,
	)
}

// asText is an error's text, "" for none.
func asText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func organizationLeaves() []leaf[Number] {
	return []leaf[Number]{
		toggle("organizations.check", "true: every conversation that reaches people is identified and checked.", func(n *Number) *bool { return &n.Organizations.Check }),
		fieldKey("organizations.cnpj_field", "The key of the organisation field with the CNPJ.", func(n *Number) *string { return &n.Organizations.CNPJField }),
		fieldKey("organizations.pending_field", "The key of the organisation field that tells of a financial pending, Sim or Não; \"\" = it is not checked.",
			func(n *Number) *string { return &n.Organizations.PendingField }),
		span("organizations.check_age", "How old the answer of a financial check may be: at most 24h; 0s = it is always asked for anew.", 0, day,
			func(n *Number) *time.Duration { return &n.Organizations.CheckAge }),
		span("organizations.patience", "How long a customer waits for Zendesk before the conversation goes on without its answer: from 1s\nto 25s.", time.Second, 25*time.Second,
			func(n *Number) *time.Duration { return &n.Organizations.Patience }),
		choice("organizations.unknown", "People whom Zendesk does not know: create (they become its users), refuse (they get says.refused, and\nno ticket) or queue (they go to people, without being asked who they are).",
			func(n *Number) *UnknownContact { return &n.Organizations.Unknown }, UnknownCreate, UnknownRefuse, UnknownQueue),
	}
}

// keyForm is what Zendesk makes the key of a custom field of.
var keyForm = regexp.MustCompile(`^[A-Za-z0-9_-]*$`)

// fieldKey is the key of a custom field of Zendesk, or none.
func fieldKey(path, about string, at func(*Number) *string) leaf[Number] {
	l := line(path, about, mostDigits, at)
	l.check = func(n Number) string {
		key := *at(&n)
		if !keyForm.MatchString(key) {
			return short(key) + " is no field's key: letters, digits, _ and -"
		}
		return checkLine(key, mostDigits)
	}
	return l
}

func deskLeaves() []leaf[Number] {
	title := func(path, about string, at func(*Desk) *string) leaf[Number] {
		return line("desk."+path, about, mostTitle, func(n *Number) *string { return at(&n.Desk) })
	}
	all := []leaf[Number]{
		title("queue", "The group that takes the conversations.", func(d *Desk) *string { return &d.Queue }),
		title("n2", "The group that takes what the first one can't solve.", func(d *Desk) *string { return &d.N2 }),
		title("fields.cnpj", "The CNPJ of the customer's organisation.", func(d *Desk) *string { return &d.Fields.CNPJ }),
		title("fields.session", "The conversation's public id.", func(d *Desk) *string { return &d.Fields.Session }),
		title("fields.number", "The WhatsApp number, by the name that it has above.", func(d *Desk) *string { return &d.Fields.Number }),
		title("fields.contact_name", "", func(d *Desk) *string { return &d.Fields.ContactName }),
		title("fields.contact_phone", "", func(d *Desk) *string { return &d.Fields.ContactPhone }),
		title("fields.derived", "When the bot handed over.", func(d *Desk) *string { return &d.Fields.Derived }),
		title("fields.link", "The conversation in the app.", func(d *Desk) *string { return &d.Fields.Link }),
		title("fields.catalogue", "The service catalogue: a drop-down whose levels are joined by \"::\".", func(d *Desk) *string { return &d.Fields.Catalogue }),
		title("fields.summary", "A summary of the conversation, for the second level.", func(d *Desk) *string { return &d.Fields.Summary }),
		title("fields.expected", "The date at which the customer may expect the solution.", func(d *Desk) *string { return &d.Fields.Expected }),
		title("fields.reason", "Why the conversation was closed.", func(d *Desk) *string { return &d.Fields.Reason }),
		title("fields.survey", "What the customer answered to the survey, or to its first question: 1 to 5.", func(d *Desk) *string { return &d.Fields.Survey }),
	}
	for _, r := range MacroRoles() {
		all = append(all, macroLeaf(r))
	}
	return all
}

// macroLeaf is the macro of a role.
func macroLeaf(r MacroRole) leaf[Number] {
	return leaf[Number]{
		path: "desk.macros." + string(r),
		get:  func(n Number) (string, bool) { return quote(n.Desk.Macro(r)), true },
		set: func(n *Number, v value) error {
			title, err := v.text()
			switch {
			case err != nil:
			case title == "":
				delete(n.Desk.Macros, r)
			default:
				if n.Desk.Macros == nil {
					n.Desk.Macros = make(map[MacroRole]string)
				}
				n.Desk.Macros[r] = title
			}
			return err
		},
		check: func(n Number) string { return checkLine(n.Desk.Macro(r), mostTitle) },
	}
}

func endingLeaves() []leaf[Number] {
	return []leaf[Number]{
		clock("greeting.morning", "", func(n *Number) *time.Duration { return &n.Greeting.Morning }),
		clock("greeting.afternoon", "", func(n *Number) *time.Duration { return &n.Greeting.Afternoon }),
		clock("greeting.evening", "It also holds after midnight, until the morning.", func(n *Number) *time.Duration { return &n.Greeting.Evening }),
		choice("ending.after_solved", "Where a message goes after the end, when the ticket is solved: reopen (the same ticket) or new (another\none, which names the old one).",
			func(n *Number) *AfterSolved { return &n.Ending.AfterSolved }, AfterReopen, AfterNew),
		span("ending.thanks", "How long after the end a mere \"obrigado\" opens nothing: at most 24h.", 0, day,
			func(n *Number) *time.Duration { return &n.Ending.Thanks }),
		span("ending.warning", "How long before its expiry the customer of a pending conversation gets says.expiring: at most 12h;\n0s = never.", 0, day/2,
			func(n *Number) *time.Duration { return &n.Ending.Warning }),
		span("ending.settle", "With mode transcript_only: how long a change of owner or status waits for others, so that they cost\none update: at most 30m.", 0, 30*time.Minute,
			func(n *Number) *time.Duration { return &n.Ending.Settle }),
	}
}

// subjectLeaf is a ticket's subject, with the variables that it may hold.
func subjectLeaf(name, about string, at func(*Subjects) *string, variables ...string) leaf[Number] {
	l := words("subjects."+name, about, mostSubject, func(n *Number) *string { return at(&n.Subjects) })
	l.check = func(n Number) string {
		text := *at(&n.Subjects)
		if wrong := checkWords(text, mostSubject); wrong != "" {
			return wrong
		}
		if wrong := checkLine(text, mostSubject); wrong != "" {
			return wrong
		}
		return checkVariables(text, variables)
	}
	return l
}

// needs lists what the second level can ask for.
func needs() []string {
	return []string{NeedContactName, NeedContactPhone, NeedSummary, NeedCNPJ, NeedCatalogue}
}

func checkNeeds(all []string) string {
	for i, need := range all {
		switch {
		case !slices.Contains(needs(), need):
			return fmt.Sprintf("has %s, which is none of %s", short(need), strings.Join(needs(), ", "))
		case slices.Contains(all[:i], need):
			return fmt.Sprintf("has %s twice", need)
		}
	}
	return ""
}
