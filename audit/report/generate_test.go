package report_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/audit/classify"
	"github.com/ponte-desk/ponte/audit/report"
	"github.com/ponte-desk/ponte/bridge/calendar"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// zone is the operation's.
func zone(tb testing.TB) *time.Location {
	tb.Helper()
	z, err := time.LoadLocation("America/Sao_Paulo")
	if err != nil {
		tb.Fatal(err)
	}
	return z
}

// number is settings of a number that is open from Monday to Friday, 08:00 to 18:01.
func number(tb testing.TB, name string) settings.Number {
	tb.Helper()
	n := settings.Number{Name: name, Language: settings.LanguagePT, Zone: zone(tb), Hours: calendar.Hours{National: true}}
	for day := time.Monday; day <= time.Friday; day++ {
		n.Hours.Week[day] = []calendar.Interval{{From: 8 * 3600, To: 18*3600 + 60}}
	}
	return n
}

// month makes conversations of November 2026, the same for the same seed: every outcome occurs.
type month struct {
	rng     *rand.Rand
	zone    *time.Location
	numbers []settings.Number
	agents  []conversation.Agent
	queues  []string
	n       int
	entries []conversation.Entry
	sum     conversation.Summary
	effects int
}

func newMonth(tb testing.TB, seed uint64) *month {
	tb.Helper()
	m := &month{
		rng: rand.New(rand.NewPCG(seed, 7)), zone: zone(tb), numbers: []settings.Number{number(tb, "Suporte Winthor"), number(tb, "Campanha Varejo")},
		queues: []string{"N1 Distribuição", "N1 Varejo", "Financeiro"},
	}
	for i, name := range []string{
		"Ana Beatriz Souza", "Bruno Carvalho", "Camila Nogueira", "Diego Martins", "Eduarda Lima", "Fábio Teixeira", "Gabriela Prado", "Henrique Rocha",
	} {
		m.agents = append(m.agents, conversation.Agent{ID: int64(9001 + i), Name: name})
	}
	return m
}

// began draws when a conversation begins: mostly on working days, most in the middle of the morning and of the afternoon.
func (m *month) began() time.Time {
	for {
		at := time.Date(2026, time.November, 1+m.rng.IntN(30), m.rng.IntN(24), m.rng.IntN(60), m.rng.IntN(60), 0, m.zone)
		h := float64(at.Hour()) + float64(at.Minute())/60
		weight := 0.02 + math.Exp(-(h-10.2)*(h-10.2)/4) + 0.85*math.Exp(-(h-15.3)*(h-15.3)/5)
		switch {
		case at.Weekday() == time.Saturday:
			weight *= 0.12
		case at.Weekday() == time.Sunday, at.Day() == 2, at.Day() == 20:
			weight *= 0.05
		case at.Weekday() == time.Monday:
			weight *= 1.25
		}
		if m.rng.Float64()*1.3 < weight {
			return at
		}
	}
}

func (m *month) log(e conversation.Entry) { m.entries = append(m.entries, e) }

func (m *month) says(at time.Time, text string) {
	m.effects++
	m.log(conversation.Entry{
		At: at, Author: conversation.AuthorCustomer, Origin: conversation.OriginWhatsApp, Message: "wamid." + strconv.Itoa(m.effects), Type: "text", Text: text,
	})
}

func (m *month) answers(at time.Time, a conversation.Agent, state conversation.DeliveryState, paid string) {
	m.effects++
	effect := "e" + strconv.Itoa(m.effects)
	m.log(conversation.Entry{
		At: at, Author: conversation.AuthorAgent, Agent: a.ID, Who: a.Name, Origin: conversation.OriginApp, Type: "text", Effect: effect,
		Delivery: conversation.DeliveryQueued,
	})
	m.log(conversation.Entry{At: at.Add(time.Second), Effect: effect, Message: "wamid." + effect, Delivery: state, Paid: paid})
}

func (m *month) bot(at time.Time) {
	m.effects++
	m.log(conversation.Entry{
		At: at, Author: conversation.AuthorPonte, Origin: conversation.OriginAutomatic, Effect: "e" + strconv.Itoa(m.effects), Type: "text", Text: "Olá!",
		Delivery: conversation.DeliveryDelivered,
	})
}

func (m *month) state(at time.Time, s conversation.State) {
	m.sum.State = s
	m.log(conversation.Entry{At: at, Author: conversation.AuthorPonte, State: s})
}

func (m *month) hands(at time.Time, text string) {
	m.log(conversation.Entry{At: at, Author: conversation.AuthorPonte, Origin: conversation.OriginAutomatic, Type: "hands", Text: text, Private: true})
}

// some is a time around a typical one, now and then much longer.
func (m *month) some(typical time.Duration) time.Duration {
	return time.Duration(float64(typical) * math.Exp(m.rng.NormFloat64()*0.75)).Truncate(time.Second)
}

// verdict records what the auditor found; now and then a supervisor disagrees.
func (m *month) verdict(at time.Time, o classify.Outcome) {
	a := &conversation.Audited{At: at, Done: true, Outcome: string(o), Reason: "waits", Evidence: "O cliente escreveu por último e não teve resposta do atendente."}
	if m.rng.IntN(12) == 0 {
		a.Corrections = append(a.Corrections, string(classify.CorrectionWrongTitle))
	}
	if m.rng.IntN(10) == 0 {
		a.Open = append(a.Open, string(classify.OpenCatalogue))
	}
	if m.rng.IntN(25) == 0 {
		a.Overruled = &conversation.Overruled{
			At: at.Add(20 * time.Hour), By: conversation.Agent{ID: 8000, Name: "Marina Duarte"}, Reason: "O cliente avisou por telefone que resolveu.",
		}
	}
	m.sum.Audited = a
}

// next makes one conversation.
func (m *month) next() report.Row {
	m.n++
	at, which := m.began(), m.rng.IntN(5)/4
	set := m.numbers[which]
	m.entries = nil
	m.sum = conversation.Summary{
		Session: fmt.Sprintf("s-%05d", m.n), Number: "10000000" + strconv.Itoa(which), Contact: fmt.Sprintf("c-%04d", m.rng.IntN(900)), Started: at,
		Ticket: int64(35000 + m.n), Company: companies()[m.rng.IntN(len(companies()))], Category: "Distribuição::Linha Winthor::11::132::Faturamento e NF-e",
		Subject: "Nota fiscal rejeitada na rotina 1432",
	}
	m.state(at, conversation.StateBot)
	m.says(at, "Bom dia, preciso de ajuda com a nota fiscal")
	m.bot(at.Add(2 * time.Second))
	at = at.Add(m.some(70 * time.Second))
	p := m.rng.IntN(1000)
	switch {
	case p < 60:
		m.quits(at)
	case !set.Calendar().Open(m.sum.Started) && p < 800:
		m.closedHours(at)
	default:
		m.asks(at, p)
	}
	return report.RowOf(m.sum, m.entries, set)
}

func (m *month) end(at time.Time, s conversation.State, end string) {
	m.state(at, s)
	m.sum.Ended, m.sum.End = at, end
}

func (m *month) quits(at time.Time) {
	m.end(at.Add(24*time.Hour), conversation.StateExpired, conversation.EndExpired)
	m.verdict(m.sum.Ended.Add(5*time.Minute), classify.OutcomeBotAbandoned)
}

func (m *month) closedHours(at time.Time) {
	m.state(at, conversation.StateQueued)
	m.sum.Derived = at
	m.end(at.Add(14*time.Hour), conversation.StateClosed, conversation.EndClosed)
	m.verdict(m.sum.Ended, classify.OutcomeAfterHours)
}

// asks is a conversation whose customer asks for people.
func (m *month) asks(at time.Time, p int) {
	m.sum.Queue = m.queues[min(m.rng.IntN(6)/2, 2)]
	m.state(at, conversation.StateQueued)
	m.sum.Derived = at
	switch {
	case p < 75:
		m.end(at.Add(24*time.Hour), conversation.StateExpired, conversation.EndExpired)
		m.verdict(m.sum.Ended, classify.OutcomeAgentUnavailable)
		return
	case p < 95:
		m.end(at, conversation.StateClosed, conversation.EndFinancial)
		return
	case p < 100:
		m.end(at, conversation.StateClosed, conversation.EndRefused)
		return
	case p < 110:
		m.end(at.Add(m.some(10*time.Minute)), conversation.StateCancelled, conversation.EndCancelled)
		return
	}
	k := m.rng.IntN(len(m.agents))
	a := m.agents[k]
	at = at.Add(m.some(4 * time.Minute))
	m.hands(at, "Atendente: "+a.Name)
	m.sum.Owner, m.sum.Attended = a.ID, true
	m.state(at, conversation.StateActive)
	at = at.Add(m.some(90 * time.Second))
	m.answers(at, a, conversation.DeliveryRead, "")
	for range 1 + m.rng.IntN(6) {
		at = at.Add(m.some(2 * time.Minute))
		m.says(at, "A rotina 1432 ainda mostra o erro 778")
		at = at.Add(m.some(time.Duration(2+k) * time.Minute))
		m.answers(at, a, conversation.DeliveryDelivered, []string{"", "", "", "", "", "", "", "utility", "utility", "marketing"}[m.rng.IntN(10)])
	}
	m.finish(at, p, a)
}

func (m *month) finish(at time.Time, p int, a conversation.Agent) {
	switch {
	case p < 190:
		m.end(at.Add(4*time.Hour), conversation.StateClosed, conversation.EndClosed)
		m.verdict(m.sum.Ended, classify.OutcomeClientAbandonment)
	case p < 207:
		m.says(at.Add(5*time.Minute), "E agora?")
		m.sum.Returned = 1
		m.end(at.Add(26*time.Hour), conversation.StateExpired, conversation.EndExpired)
		m.verdict(m.sum.Ended, classify.OutcomeAgentAbandonment)
	case p < 245:
		m.end(at.Add(m.some(5*time.Minute)), conversation.StateClosed, conversation.EndClosed)
		m.verdict(m.sum.Ended.Add(2*time.Hour), classify.OutcomeNotAssumed)
	case p < 265:
		m.answers(at.Add(time.Minute), a, conversation.DeliveryFailed, "")
		m.end(at.Add(24*time.Hour), conversation.StateExpired, conversation.EndExpired)
	case p < 285:
		m.says(at.Add(time.Minute), "Alguma novidade?")
	case p < 420:
		m.end(at.Add(m.some(8*time.Minute)), conversation.StateClosed, conversation.EndN2)
	default:
		m.says(at.Add(time.Minute), "Obrigado!")
		m.end(at.Add(m.some(5*time.Minute)), conversation.StateClosed, conversation.EndClosed)
		if m.rng.IntN(3) == 0 {
			m.sum.Answers = []int{[]int{1, 2, 3, 3, 4, 4, 4, 5, 5, 5, 5, 5}[m.rng.IntN(12)]}
		}
	}
}

func companies() []string {
	return []string{
		"Distribuidora Horizonte Ltda", "Atacado São Jorge", "Mercantil Rio Doce", "Comercial Três Irmãos", "Alimentos Boa Safra S.A.", "Casa das Bebidas Aurora",
		"Farmácia Vida & Saúde", "Supermercado Ponto Certo",
	}
}

// november is a report's options about that month.
func november(tb testing.TB) report.Options {
	tb.Helper()
	z := zone(tb)
	return report.Options{
		From: time.Date(2026, 11, 1, 0, 0, 0, 0, z), To: time.Date(2026, 12, 1, 0, 0, 0, 0, z), Zone: z, Language: settings.LanguagePT,
		TicketURL: "https://acme.zendesk.com/agent/tickets/", Now: time.Date(2026, 12, 1, 6, 0, 0, 0, z),
	}
}

// rowsOf are so many conversations of the month.
func rowsOf(tb testing.TB, n int) []report.Row {
	tb.Helper()
	m := newMonth(tb, 1)
	rows := make([]report.Row, n)
	for i := range rows {
		rows[i] = m.next()
	}
	return rows
}

// build makes the report of rows.
func build(o report.Options, rows ...report.Row) report.Report {
	b := report.New(o)
	for _, r := range rows {
		b.Add(r)
	}
	return b.Report()
}
