package classify_test

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // zones are needed wherever the tests run

	"github.com/goccy/go-yaml"

	"github.com/ponte-desk/ponte/audit/classify"
	"github.com/ponte-desk/ponte/bridge/calendar"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// labelled is one conversation of the labelled set, as supervisors write it.
type labelled struct {
	Name    string   `yaml:"nome"`
	Bot     bool     `yaml:"robô"`
	Hours   string   `yaml:"horário"`
	Holiday string   `yaml:"feriado"`
	BotEnds bool     `yaml:"robô resolve"`
	Lines   []string `yaml:"conversa"`
	Audit   string   `yaml:"auditoria"`
	Snoozed string   `yaml:"adiada até"`
	Contact string   `yaml:"contato"`
	About   string   `yaml:"assunto do encerramento"`
	Choice  string   `yaml:"opção do menu"`
	Ticket  struct {
		Status       string `yaml:"situação"`
		Assignee     string `yaml:"responsável"`
		Organization *bool  `yaml:"organização"`
		Subject      string `yaml:"assunto"`
		Empty        bool   `yaml:"assunto vazio"`
		Catalogue    string `yaml:"catálogo"`
		None         bool   `yaml:"não existe"`
		N2           bool   `yaml:"no N2"`
	} `yaml:"ticket"`
	Outcome     string   `yaml:"resultado"`
	Corrections []string `yaml:"correções"`
	Setting     string   `yaml:"configuração"`
	Assignee    string   `yaml:"atribuir a"`
	Title       string   `yaml:"novo título"`
}

// year is that of the labelled set: its lines tell day and month.
const year = 2026

func load(tb testing.TB) []labelled {
	tb.Helper()
	raw, err := os.ReadFile("testdata/labelled.yaml")
	if err != nil {
		tb.Fatal(err)
	}
	list, err := parse(raw)
	if err != nil {
		tb.Fatal(err)
	}
	return list
}

// parse reads a labelled set. The library's decoder panics on some tags without a value, which the set has no use for.
func parse(raw []byte) (list []labelled, err error) {
	defer func() {
		if r := recover(); r != nil {
			list, err = nil, fmt.Errorf("labelled set: not YAML that can be read: %v", r)
		}
	}()
	if err := yaml.UnmarshalWithOptions(raw, &list, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("labelled set: %w", err)
	}
	return list, nil
}

func outcomeOf(name string) (classify.Outcome, error) {
	o, ok := map[string]classify.Outcome{
		"nenhum": classify.OutcomeNone, "não assumido": classify.OutcomeNotAssumed, "abandono do cliente": classify.OutcomeClientAbandonment,
		"abandono do analista": classify.OutcomeAgentAbandonment, "fora do horário": classify.OutcomeAfterHours,
		"indisponibilidade do analista": classify.OutcomeAgentUnavailable, "abandono no robô": classify.OutcomeBotAbandoned,
	}[name]
	if !ok {
		return "", fmt.Errorf("unknown outcome %q", name)
	}
	return o, nil
}

func correctionOf(name string) (classify.Correction, error) {
	c, ok := map[string]classify.Correction{
		"sem organização": classify.CorrectionNoOrganization, "título incorreto": classify.CorrectionWrongTitle,
	}[name]
	if !ok {
		return "", fmt.Errorf("unknown correction %q", name)
	}
	return c, nil
}

// agentOf is an agent's id by name, 0 for nobody.
func agentOf(name string) (int64, error) {
	id, ok := map[string]int64{"": 0, "ninguém": 0, "Ana": 101, "Bruno": 102, "Carla": 103}[name]
	if !ok {
		return 0, fmt.Errorf("unknown agent %q", name)
	}
	return id, nil
}

func instant(zone *time.Location, text string) (time.Time, error) {
	for _, layout := range []string{"02/01 15:04:05", "02/01 15:04"} {
		if t, err := time.ParseInLocation("2006 "+layout, strconv.Itoa(year)+" "+text, zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("no day and time: %q", text)
}

// scene is a labelled conversation, told as a thread.
type scene struct {
	set     settings.Number
	rules   classify.Rules
	now     time.Time
	thread  conversation.Thread
	entries []conversation.Entry
	ticket  classify.Ticket
	snoozed time.Time
	last    string // the customer's newest message
}

func (s *scene) fact() classify.Case {
	c := classify.FromThread(s.thread, s.entries, s.ticket)
	c.Snoozed = s.snoozed
	return c
}

func (s *scene) verdict() classify.Verdict { return classify.Classify(s.fact(), s.now, s.set, s.rules) }

func (s *scene) log(e conversation.Entry) { s.entries = append(s.entries, e) }

// scene tells the labelled conversation as the thread would have lived it.
func (l labelled) scene() (*scene, error) {
	s := &scene{set: settings.Default(), rules: classify.DefaultRules(), thread: conversation.NewThread("5511", "c1")}
	s.thread.Contact.Name = l.Contact
	s.rules.BotSolved = l.BotEnds
	if l.Bot {
		s.set.Bot.Kind = settings.BotOwn
	}
	var errs []error
	if l.Hours != "" {
		list, err := calendar.ParseIntervals(l.Hours)
		errs = append(errs, err)
		for day := time.Monday; day <= time.Friday; day++ {
			s.set.Hours.Week[day] = list
		}
	}
	if l.Holiday != "" {
		h, err := calendar.ParseHoliday(l.Holiday)
		errs = append(errs, err)
		s.set.Hours.Holidays = append(s.set.Hours.Holidays, h)
	}
	for _, line := range l.Lines {
		errs = append(errs, s.line(line))
	}
	var err error
	if s.now, err = instant(s.set.Zone, l.Audit); err != nil {
		errs = append(errs, err)
	}
	if l.Snoozed != "" {
		s.snoozed, err = instant(s.set.Zone, l.Snoozed)
		errs = append(errs, err)
	}
	if v := s.thread.Conversation; v != nil {
		if l.About != "" {
			v.Procedure.Subject = l.About
		}
		if l.Choice != "" {
			v.Procedure.Bot = &conversation.BotMemory{Choice: l.Choice}
		}
	}
	return s, errors.Join(append(errs, s.facts(l))...)
}

// facts are what Zendesk says of the ticket.
func (s *scene) facts(l labelled) error {
	t := l.Ticket
	assignee, err := agentOf(t.Assignee)
	status, ok := map[string]string{
		"": "new", "novo": "new", "aberto": "open", "pendente": "pending", "em espera": "hold", "resolvido": "solved", "fechado": "closed",
	}[t.Status]
	if !ok {
		return fmt.Errorf("unknown status %q", t.Status)
	}
	s.ticket = classify.Ticket{ID: 9000, Status: status, Assignee: assignee, Organization: 77, Group: 5, Subject: t.Subject, Catalogue: t.Catalogue, N2: t.N2}
	if t.Subject == "" && !t.Empty {
		s.ticket.Subject = "Rejeição ao emitir NF-e"
	}
	if t.Organization != nil && !*t.Organization {
		s.ticket.Organization = 0
	}
	if t.None {
		s.ticket = classify.Ticket{}
	}
	return err
}

// line tells one line: "23/11 09:00 cliente: não consigo emitir nota".
func (s *scene) line(line string) error {
	day, rest, _ := strings.Cut(line, " ")
	clock, rest, _ := strings.Cut(rest, " ")
	at, err := instant(s.set.Zone, day+" "+clock)
	if err != nil {
		return err
	}
	who, text, _ := strings.Cut(rest, ":")
	who, text = strings.TrimSpace(who), strings.TrimSpace(text)
	first, how, _ := strings.Cut(who, " ")
	if s.thread.Conversation == nil {
		s.begin(at)
	}
	switch first {
	case "cliente":
		return s.customer(at, how, text)
	case "robô", "automático":
		s.log(conversation.Entry{At: at, Author: conversation.AuthorPonte, Origin: conversation.OriginAutomatic, Effect: s.id(), Type: "text", Text: text})
		return nil
	case "celular":
		s.log(conversation.Entry{At: at, Author: conversation.AuthorPonte, Origin: conversation.OriginPhone, Type: "echo", Text: text})
		return nil
	case "derivação":
		s.thread.Conversation.Procedure.Derived = at
		s.state(at, conversation.StateQueued)
		return nil
	case "assumido", "transferido", "devolvido":
		return s.hands(at, text)
	case "situação":
		return s.status(at, text)
	case "auditoria":
		o, err := outcomeOf(text)
		s.log(classify.Verdict{Outcome: o}.Entry(at))
		return err
	}
	return s.agent(at, first, how, text)
}

func (s *scene) id() string { return "e" + strconv.Itoa(len(s.entries)) }

func (s *scene) begin(at time.Time) {
	s.thread.Conversation = &conversation.Conversation{Session: "wa-5511-c1-1", Started: at}
	s.thread.Conversation.Procedure.Queue = "Suporte N1"
	if s.set.Bot.Kind == settings.BotNone {
		s.state(at, conversation.StateQueued)
		return
	}
	s.state(at, conversation.StateBot)
}

func (s *scene) state(at time.Time, to conversation.State) {
	v := s.thread.Conversation
	if v.State == to {
		return
	}
	v.State = to
	if to.Ended() {
		v.Ended = at
	}
	s.log(conversation.Entry{At: at, State: to})
}
