package settings

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Longest texts, in characters.
const (
	mostName    = 100
	mostSubject = 150
	mostText    = 2000
	mostPreview = 1024 // of a template's body: https://developers.facebook.com/docs/whatsapp/business-management-api/message-templates
	mostTag     = 80
	mostTags    = 50
)

// mostFile is the largest file WhatsApp carries, a document: https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media
const mostFile = 100 << 20

// accountLeaves are the settings of the Zendesk account.
func accountLeaves() []leaf[Account] {
	all := []leaf[Account]{
		count("requests_per_minute", "Requests a minute that the plan allows; 0 = what Zendesk's answers tell, and 200 until they do.", 0, 100_000,
			func(a *Account) *int { return &a.RequestsPerMinute }),
		count("updates_per_minute", "Ticket updates a minute that the account allows, people's included: 100, or 300 with the\nHigh Volume add-on.", 1, 10_000,
			func(a *Account) *int { return &a.UpdatesPerMinute }),
		share("human_share", "The part of these updates that is left to people: from 0 to below 1.",
			func(a *Account) *float64 { return &a.HumanShare }),
	}
	return slices.Concat(all, attendingLeaves(), accessLeaves())
}

// sections explains what holds several settings of a number.
func sections() map[string]string {
	all := procedureSections()
	maps.Copy(all, timeSections())
	maps.Copy(all, accessSections())
	maps.Copy(all, map[string]string{
		"window":        "The 24 hours after a customer's message in which WhatsApp takes free words.",
		"window.invite": aboutInvite,
		"transcript":    "The whole conversation, written on the ticket.",
		"mask":          "What is made unreadable in what is written on tickets, but for its last four characters.",
		"files":         "Sizes in B, KB or MB; 1 MB = 1,048,576 bytes.",
		"keep":          "How long things are kept.",
		"says":          aboutSays(),
		"texts":         "Ponte's own words on tickets. Those that start with # follow the language; take the # away to change one.",
	})
	return all
}

// numberLeaves are the settings of a number, in the file's order; the language comes before the words that follow it.
func numberLeaves() []leaf[Number] {
	all := basicLeaves()
	all = append(all, windowLeaves()...)
	all = append(all,
		choice("transcript.at_end", "At the conversation's end: none, private or public; with mode transcript_only none is private.",
			func(n *Number) *Visibility { return &n.Transcript.AtEnd }, TranscriptNone, TranscriptPrivate, TranscriptPublic),
		toggle("mask.cpf", "", func(n *Number) *bool { return &n.Mask.CPF }),
		toggle("mask.cards", "", func(n *Number) *bool { return &n.Mask.Cards }),
		toggle("mask.cnpj", "", func(n *Number) *bool { return &n.Mask.CNPJ }),
		size("files.most_inbound", "The largest file of a customer that is attached to the ticket: up to 100 MB.", 1, mostFile,
			func(n *Number) *int64 { return &n.Files.MostInbound }),
		size("files.most_caption", "The largest file whose text goes to the customer as its caption; with a larger one the text goes\nfirst, on its own.", 0, mostFile,
			func(n *Number) *int64 { return &n.Files.MostCaption }),
		span("keep.transcripts", "Transcripts of ended conversations; the ticket has them for good. From 1h to 3650d.", time.Hour, 3650*day,
			func(n *Number) *time.Duration { return &n.Keep.Transcripts }),
		span("keep.summaries", "What reports know of a conversation, with what the audit found. From 24h to 3650d.", day, 3650*day,
			func(n *Number) *time.Duration { return &n.Keep.Summaries }),
	)
	all = append(all, procedureLeaves()...)
	all = append(all, timeLeaves()...)
	for _, s := range sayings() {
		all = append(all, sayLeaf(s))
	}
	for _, w := range wordings() {
		all = append(all, textLeaf(w))
	}
	return all
}

func basicLeaves() []leaf[Number] {
	const most = 10 * time.Minute
	subject := words("subject", "The subject that a ticket is created with; it follows the language unless it is set.", mostSubject,
		func(n *Number) *string { return &n.Subject })
	subject.own = true
	return []leaf[Number]{
		words("name", "What people call the number.", mostName, func(n *Number) *string { return &n.Name }),
		languageLeaf(),
		choice("provider", "Who carries the messages: cloud (Meta's Cloud API) or 360dialog.",
			func(n *Number) *Provider { return &n.Provider }, ProviderCloud, Provider360Dialog),
		choice("mode", "What is written on the ticket while a conversation goes on: mirror (every message, as part of a\ncomment) or transcript_only (nothing but the transcript at its end).",
			func(n *Number) *Mode { return &n.Mode }, ModeMirror, ModeTranscript),
		span("quiet", "Messages of one author become one comment: it is written so long after the last one …\nTimes are numbers with units, such as 20s, 5m, 24h or 30d; this one is at most 10m.", 0, most,
			func(n *Number) *time.Duration { return &n.Quiet }),
		span("longest", "… but never longer than this after the first: at least quiet, at most 10m.", 0, most,
			func(n *Number) *time.Duration { return &n.Longest }),
		span("status_wait", "How long a send whose outcome is unknown waits for a delivery status: at most 10m.", 0, most,
			func(n *Number) *time.Duration { return &n.StatusWait }),
		count("per_second", "Messages a second that WhatsApp takes from the number: from 1 to 1000.", 1, 1000,
			func(n *Number) *int { return &n.PerSecond }),
		subject,
		listOf("tags", "The tags that a ticket is created with.", func(n *Number) *[]string { return &n.Tags }, checkTags),
		zoneLeaf(),
		choice("read", "When the customer sees that a message was read: never, arrival (as soon as it is stored) or reply\n(when an agent answers).",
			func(n *Number) *ReadMark { return &n.Read }, ReadNever, ReadArrival, ReadReply),
		toggle("typing", "true lets the customer see that an agent writes.", func(n *Number) *bool { return &n.Typing }),
		choice("attendance", "The number that the customer is told: daily (AAMMDD-NNN, counted anew every day) or ticket (the\nticket's number).",
			func(n *Number) *Attendance { return &n.Attendance }, AttendanceDaily, AttendanceTicket),
	}
}

// languageLeaf changes the words that follow the language together with it.
func languageLeaf() leaf[Number] {
	l := choice("language", "The language of Ponte's own words: pt-BR or en.", func(n *Number) *Language { return &n.Language }, LanguagePT, LanguageEN)
	l.set = func(n *Number, v value) error {
		text, err := v.text()
		if err == nil {
			*n = n.in(Language(text))
		}
		return err
	}
	return l
}

func checkTags(tags []string) string {
	if len(tags) > mostTags {
		return fmt.Sprintf("has more than %d tags", mostTags)
	}
	for i, tag := range tags {
		switch wrong := checkTag(tag); {
		case tag == "":
			return "has an empty tag"
		case !utf8.ValidString(tag):
			return "has a tag that is not valid UTF-8"
		case wrong != "":
			return fmt.Sprintf("has the tag %s: %s", short(tag), wrong)
		case slices.Contains(tags[:i], tag):
			return fmt.Sprintf("has the tag %s twice", short(tag))
		}
	}
	return ""
}

// checkTag says what is wrong with a tag; none is right.
func checkTag(tag string) string {
	switch {
	case !utf8.ValidString(tag):
		return "is not valid UTF-8"
	case strings.ContainsFunc(tag, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r == ',' }):
		return "tags hold neither spaces nor commas"
	case utf8.RuneCountInString(tag) > mostTag:
		return fmt.Sprintf("it is longer than %d characters", mostTag)
	}
	return ""
}

func zoneLeaf() leaf[Number] {
	return leaf[Number]{
		path: "zone", about: "The time zone of times that people read, by its IANA name.",
		get: func(n Number) (string, bool) { return quote(zoneName(n.Zone)), true },
		set: func(n *Number, v value) error {
			name, err := v.text()
			if err != nil {
				return err
			}
			zone, err := loadZone(name)
			if err != nil {
				return err
			}
			n.Zone = zone
			return nil
		},
		check: func(n Number) string {
			if _, err := loadZone(zoneName(n.Zone)); err != nil {
				return err.Error()
			}
			return ""
		},
	}
}

// zoneName is the name of a zone, "" for none.
func zoneName(zone *time.Location) string {
	if zone == nil {
		return ""
	}
	return zone.String()
}

// loadZone finds a zone by its IANA name; names that mean different zones on different machines are refused.
func loadZone(name string) (*time.Location, error) {
	if name == DefaultZone {
		return saoPaulo(), nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		return nil, fmt.Errorf("%s is no time zone: write an IANA name, such as %s", short(name), DefaultZone)
	}
	return zone, nil
}

// textLeaf is one of Ponte's texts.
func textLeaf(w wording) leaf[Number] {
	l := words("texts."+w.key, w.about, mostText, func(n *Number) *string { return w.at(&n.Texts) })
	l.own = true
	base := portuguese()
	takes, err := placeholders(*w.at(&base))
	l.check = func(n Number) string {
		text := *w.at(&n.Texts)
		if wrong := checkWords(text, mostText); wrong != "" {
			return wrong
		}
		return checkPlaceholders(text, takes)
	}
	if err != nil { // of a default: no text can be right
		l.check = func(Number) string { return err.Error() }
	}
	return l
}

var errStray = errors.New("has a stray %: write %% for a percent sign")

// placeholders lists a text's placeholders in their order; package fmt's others than %s and %d are none.
func placeholders(text string) (string, error) {
	var found []string
	for {
		_, after, ok := strings.Cut(text, "%")
		if !ok {
			return strings.Join(found, " "), nil
		}
		switch {
		case strings.HasPrefix(after, "%"):
		case strings.HasPrefix(after, "s"), strings.HasPrefix(after, "d"):
			found = append(found, "%"+after[:1])
		default:
			return "", errStray
		}
		text = after[1:]
	}
}

// checkPlaceholders says what is wrong with a text that is handed what takes lists.
func checkPlaceholders(text, takes string) string {
	if takes == "" {
		if strings.Contains(text, "%") { // it is written as it is
			return "has a %, but this text takes no placeholders: leave it out"
		}
		return ""
	}
	has, err := placeholders(text)
	if err != nil {
		return err.Error()
	}
	if has == "" {
		has = "none"
	}
	if has != takes {
		return fmt.Sprintf("must hold exactly these placeholders, in this order: %s; it has %s", takes, has)
	}
	return ""
}
