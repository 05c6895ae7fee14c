package classify_test

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/audit/classify"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// foreignLabel is one ticket of another bot, as supervisors write it.
type foreignLabel struct {
	Name    string   `yaml:"nome"`
	Created string   `yaml:"criado"`
	Derived string   `yaml:"derivação"`
	Lines   []string `yaml:"histórico"`
	Audit   string   `yaml:"auditoria"`
	BotEnds bool     `yaml:"robô resolve"`
	Cut     bool     `yaml:"incompleto"`
	Ticket  struct {
		Status       string `yaml:"situação"`
		Assignee     string `yaml:"responsável"`
		Organization *bool  `yaml:"organização"`
		Repair       bool   `yaml:"conserto"`
		Subject      string `yaml:"assunto"`
		Empty        bool   `yaml:"assunto vazio"`
		Catalogue    string `yaml:"catálogo"`
		N2           bool   `yaml:"no N2"`
	} `yaml:"ticket"`
	Outcome     string   `yaml:"resultado"`
	Corrections []string `yaml:"correções"`
	Open        []string `yaml:"supervisor decide"`
	Closely     *bool    `yaml:"olhar de perto"`
	Setting     string   `yaml:"configuração"`
	Assignee    string   `yaml:"atribuir a"`
	Title       string   `yaml:"novo título"`
}

// TestForeign judges the tickets of another bot that supervisors judged.
func TestForeign(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/foreign.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var list []foreignLabel
	if err := yaml.UnmarshalWithOptions(raw, &list, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	if len(list) < 25 {
		t.Fatalf("%d tickets, want 25 or more", len(list))
	}
	outcomes, open, names := map[classify.Outcome]int{}, map[string]int{}, map[string]bool{}
	for _, l := range list {
		if names[l.Name] {
			t.Errorf("two tickets are called %q", l.Name)
		}
		names[l.Name] = true
		want, err := outcomeOf(l.Outcome)
		if err != nil {
			t.Errorf("%s: %v", l.Name, err)
		}
		outcomes[want]++
		for _, o := range l.Open {
			open[o]++
		}
		t.Run(l.Name, func(t *testing.T) {
			t.Parallel()
			l.judged(t, want)
		})
	}
	for _, o := range append(classify.Outcomes(), classify.OutcomeNone) {
		if outcomes[o] == 0 {
			t.Errorf("no ticket has the outcome %q", o)
		}
	}
	for _, o := range []string{"resultado", "catálogo", "título", "organização"} {
		if open[o] == 0 {
			t.Errorf("no ticket leaves %q to a supervisor", o)
		}
	}
}

func (l foreignLabel) judged(t *testing.T, want classify.Outcome) {
	t.Helper()
	f, now, err := l.ticket()
	if err != nil {
		t.Fatal(err)
	}
	set, rules := settings.Default(), classify.DefaultRules()
	rules.BotSolved = l.BotEnds
	if got, closely := classify.ForeignLook(f, now, set, rules), l.Closely == nil || *l.Closely; got != closely {
		t.Errorf("a close look: %v, want %v", got, closely)
	}
	v := classify.Foreign(f, now, set, rules)
	text := v.Evidence.Text(settings.LanguagePT)
	if v.Outcome != want {
		t.Errorf("outcome %q (%s), want %q\n%s", v.Outcome, v.Reason, want, text)
	}
	explained(t, v, text)
	var corrections []classify.Correction
	for _, name := range l.Corrections {
		c, err := correctionOf(name)
		if err != nil {
			t.Fatal(err)
		}
		corrections = append(corrections, c)
	}
	if diff := cmp.Diff(corrections, v.Corrections); diff != "" {
		t.Errorf("corrections (-want +got):\n%s", diff)
	}
	var open []classify.Open
	for _, name := range l.Open {
		o, ok := map[string]classify.Open{
			"resultado": classify.OpenOutcome, "catálogo": classify.OpenCatalogue, "título": classify.OpenTitle,
			"responsável": classify.OpenAssignee, "organização": classify.OpenOrganization,
		}[name]
		if !ok {
			t.Fatalf("unknown question %q", name)
		}
		open = append(open, o)
	}
	if diff := cmp.Diff(open, v.Action.Open); diff != "" {
		t.Errorf("left to a supervisor (-want +got):\n%s", diff)
	}
	if slices.Contains(open, classify.OpenOutcome) != (v.Reason == classify.ReasonUntold) {
		t.Errorf("reason %q", v.Reason)
	}
	if l.Setting != "" && v.Evidence.Setting != l.Setting {
		t.Errorf("decided by %q, want %q", v.Evidence.Setting, l.Setting)
	}
	if id, err := agentOf(l.Assignee); l.Assignee != "" && (err != nil || v.Action.Assignee != id) {
		t.Errorf("assigned to %d, want %d (%v)", v.Action.Assignee, id, err)
	}
	if l.Title != "" && v.Action.Subject != l.Title {
		t.Errorf("title %q, want %q", v.Action.Subject, l.Title)
	}
	l.again(t, f, v, now)
}

// again looks once more, after what the verdict does to the ticket.
func (l foreignLabel) again(t *testing.T, f conversation.Foreign, v classify.Verdict, now time.Time) {
	t.Helper()
	a := v.Action
	changes := a.Status != "" || a.Assignee != 0 || a.Subject != "" || a.Repair
	if !changes {
		return
	}
	c := conversation.ForeignChange{At: now, Status: a.Status}
	if v.Outcome != classify.OutcomeNone {
		c.Verdict = append(c.Verdict, string(v.Outcome))
	}
	for _, found := range v.Corrections {
		c.Verdict = append(c.Verdict, string(found))
	}
	for _, found := range c.Verdict {
		f.Tags = append(f.Tags, conversation.VerdictTag+found)
	}
	if a.Status != "" {
		f.Status = a.Status
	}
	if a.Subject != "" {
		f.Subject = a.Subject
	}
	if a.Assignee != 0 {
		f.Assignee, c.Assignee = a.Assignee, &a.Assignee
	}
	if a.Repair {
		f.Organization = f.Repair.Organization
	}
	f.Changes = append(slices.Clone(f.Changes), c)
	f.UpdatedAt = now
	rules := classify.DefaultRules()
	rules.BotSolved = l.BotEnds
	for _, later := range []time.Duration{time.Minute, 3 * time.Hour, 30 * time.Hour} {
		next := classify.Foreign(f, now.Add(later), settings.Default(), rules)
		if next.Outcome != classify.OutcomeNone && v.Outcome != classify.OutcomeNone || len(next.Corrections) > 0 {
			t.Errorf("%v later it finds %q %v (%s)", later, next.Outcome, next.Corrections, next.Reason)
		}
	}
}

// ticket tells the labelled ticket as Zendesk would.
func (l foreignLabel) ticket() (f conversation.Foreign, now time.Time, err error) {
	zone := settings.Default().Zone
	created, err := instant(zone, l.Created)
	f = conversation.Foreign{
		Ticket: 9000, Status: "new", Subject: l.Ticket.Subject, Created: created, UpdatedAt: created, Organization: 77, Group: 5, Derived: l.Derived,
		Catalogue: l.Ticket.Catalogue, N2: l.Ticket.N2, Requester: 7, RequesterName: "Joana Pires", API: true, Cut: l.Cut,
	}
	if f.Subject == "" && !l.Ticket.Empty {
		f.Subject = "Rejeição ao emitir NF-e"
	}
	if l.Ticket.Organization != nil && !*l.Ticket.Organization {
		f.Organization = 0
	}
	if l.Ticket.Repair {
		f.Repair = &conversation.ForeignRepair{Organization: 78}
	}
	errs := []error{err}
	for _, line := range l.Lines {
		errs = append(errs, foreignLine(&f, zone, line))
	}
	if l.Ticket.Status != "" {
		f.Status, err = statusOf(l.Ticket.Status)
		errs = append(errs, err)
	}
	if l.Ticket.Assignee != "" {
		f.Assignee, err = agentOf(l.Ticket.Assignee)
		errs = append(errs, err)
	}
	now, err = instant(zone, l.Audit)
	return f, now, errors.Join(append(errs, err)...)
}

func statusOf(name string) (string, error) {
	status, ok := map[string]string{
		"novo": "new", "aberto": "open", "pendente": "pending", "em espera": "hold", "resolvido": "solved", "fechado": "closed",
	}[name]
	if !ok {
		return "", fmt.Errorf("unknown status %q", name)
	}
	return status, nil
}

// foreignLine tells one line: "23/11 09:00 cliente: não consigo emitir nota".
func foreignLine(f *conversation.Foreign, zone *time.Location, line string) error {
	day, rest, _ := strings.Cut(line, " ")
	clock, rest, _ := strings.Cut(rest, " ")
	at, err := instant(zone, day+" "+clock)
	if err != nil {
		return err
	}
	who, text, _ := strings.Cut(rest, ":")
	text = strings.TrimSpace(strings.ReplaceAll(text, "|", "\n"))
	f.UpdatedAt = at
	change := conversation.ForeignChange{At: at}
	switch who {
	case "atribuído":
		id, err := int64(900), error(nil)
		if f.Bot = id; text != "robô" {
			id, err = agentOf(text)
		}
		f.Assignee, change.Assignee = id, &id
		if f.Status == "new" && id != 0 {
			f.Status = "open"
		}
		f.Changes = append(f.Changes, change)
		return err
	case "grupo":
		id, err := strconv.ParseInt(text, 10, 64)
		f.Group, change.Group = id, &id
		f.Changes = append(f.Changes, change)
		return err
	case "situação":
		f.Status, err = statusOf(text)
		change.Status = f.Status
		f.Changes = append(f.Changes, change)
		return err
	case "auditoria":
		o, err := outcomeOf(text)
		found := string(o)
		if err != nil {
			var c classify.Correction
			c, err = correctionOf(text)
			found = string(c)
		}
		change.Verdict, f.Tags = []string{found}, append(f.Tags, conversation.VerdictTag+found)
		f.Changes = append(f.Changes, change)
		return err
	}
	return foreignWords(f, at, who, text)
}

// foreignWords tells a comment.
func foreignWords(f *conversation.Foreign, at time.Time, who, text string) error {
	first, how, _ := strings.Cut(who, " ")
	c := conversation.ForeignComment{At: at, Who: first, Text: text, Public: how != "nota", Files: how == "arquivo"}
	switch first {
	case "abertura":
		c.First, c.API, c.Author, c.Who = true, true, conversation.AuthorCustomer, f.RequesterName
		if how == "do robô" {
			c.Author = conversation.AuthorPonte
		}
	case "cliente":
		c.Author, c.API = conversation.AuthorCustomer, true
	case "robô":
		c.Author, c.API = conversation.AuthorPonte, true
	default:
		id, err := agentOf(first)
		if err != nil || id == 0 {
			return fmt.Errorf("who is %q? %w", who, err)
		}
		c.Author, c.Agent = conversation.AuthorAgent, id
	}
	f.Comments = append(f.Comments, c)
	return nil
}

func TestParseInstant(t *testing.T) {
	t.Parallel()
	zone := settings.Default().Zone
	want := time.Date(2026, 11, 23, 9, 2, 0, 0, zone)
	for text, at := range map[string]time.Time{
		"23/11/2026 09:02:00": want, " 23/11/2026 09:02 ": want, "2026-11-23T09:02:00-03:00": want, "2026-11-23T12:02:00Z": want,
		"2026-11-23 09:02:00": want, "": {},
	} {
		if got, ok := classify.ParseInstant(text, zone); !ok || !got.Equal(at) {
			t.Errorf("%q is %v, %v; want %v", text, got, ok, at)
		}
	}
	if got, ok := classify.ParseInstant("23/11/2026 09:02", nil); !ok || !got.Equal(time.Date(2026, 11, 23, 9, 2, 0, 0, time.UTC)) {
		t.Errorf("without a zone it is %v, %v", got, ok)
	}
	for _, text := range []string{"ontem", "11/23/2026 09:02", "23/11/2026", "09:02"} {
		if got, ok := classify.ParseInstant(text, zone); ok {
			t.Errorf("%q is %v", text, got)
		}
	}
}
