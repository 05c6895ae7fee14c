package app_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/sandbox/desk"
)

// playProcedure is the procedure's story: one customer is refused for a pending, one goes to the second level, one is closed by the API.
func playProcedure(w *world) {
	a := &attendance{world: w}
	ana := a.staff("Ana Beatriz Souza")
	a.says(sebastiao, "bom dia m1")
	a.derives(mariana, "não emite a nota m2")
	a.derives(antonio, "o estoque sumiu m3")
	a.run(time.Minute)

	session := a.sessionOf(mariana)
	a.does(session, "take", fields{"agent": ana})
	a.does(session, "reply", fields{"agent": ana, "text": "vou encaminhar r1"})
	a.says(mariana, "certo m4")
	a.does(session, "n2", fields{"agent": ana, "fields": fields{"summary": "rejeição 539"}})

	session = a.sessionOf(antonio)
	a.does(session, "take", fields{"agent": ana})
	a.does(session, "reply", fields{"agent": ana, "text": "estava em outra filial r2"})
	a.does(session, "close", fields{"agent": ana, "subject": "Estoque por filial", "reason": "orientado"})
	a.run(10 * time.Minute)
}

// derives has a customer write and choose from the menu. What the bot says is said once: when it is lost the customer asks again.
func (a *attendance) derives(customer, text string) {
	a.t.Helper()
	a.says(customer, text)
	a.insists(customer, func() bool { return a.told(customer, "Escolha uma") > 0 })
	a.chooses(customer, menuInvoices)
}

// insists has a customer write again every now and then until something holds.
func (a *attendance) insists(customer string, ok func() bool) {
	a.t.Helper()
	for waited := 0; !ok(); waited++ {
		if waited == 300 {
			a.fatalf("%q has no answer (struck at %q)", a.phone(customer), a.p.struck)
		}
		if waited%90 == 89 {
			a.says(customer, "menu")
		}
		a.run(time.Second)
	}
}

// judgeProcedure wants each of them where they belong, once.
func judgeProcedure(w *world) verdict {
	a := &attendance{world: w}
	var v verdict
	byContact := map[string]desk.TicketView{}
	for _, t := range w.tickets() {
		who := string(t.Fields[fieldContact])
		if _, twice := byContact[who]; twice {
			v.fail("two tickets of %s", who)
		}
		byContact[who] = t
	}
	for customer, want := range map[string]struct {
		name, status, group, tag, subject string
		said, must, once, words           []string // said: by itself; must: all the same, though it may be twice
	}{
		sebastiao: {
			"Sebastião Farias", "solved", queueN1, "whatsapp_pendencia_cadastro", "Whats - Pendência no Cadastro",
			nil,
			[]string{"Identificamos uma pendência"},
			nil,
			[]string{"Cliente orientado a procurar o CST"},
		},
		mariana: {
			"Mariana Albuquerque", "open", queueN2, "whatsapp_n2", menuInvoices,
			[]string{"especializada"},
			nil,
			[]string{"r1"},
			[]string{"Conversa pelo WhatsApp"},
		},
		antonio: {
			"Antônio Resende", "solved", queueN1, "atendimento_whatsapp", "Estoque por filial",
			[]string{"concluído"},
			nil,
			[]string{"r2"},
			[]string{"Conversa pelo WhatsApp"},
		},
	} {
		t, ok := byContact[`"`+want.name+`"`]
		if !ok {
			v.fail("no ticket of %s", want.name)
			continue
		}
		repeats := 0
		for _, c := range w.peers.Zendesk().Comments(t.ID) {
			repeats += strings.Count(c.Body, "foi enviada outra vez")
		}
		v.repeats += repeats
		if t.Status != want.status || t.GroupID != a.group(want.group) || t.Subject != want.subject || !strings.Contains(strings.Join(t.Tags, " "), want.tag) {
			v.fail("the ticket of %s is %s in group %d, %q, %v", want.name, t.Status, t.GroupID, t.Subject, t.Tags)
		}
		for _, words := range want.said { // never twice, and lost when nobody knows whether it was sent
			if n := a.told(customer, words); n > 1 || n == 0 && !w.p.unsent() {
				v.fail("%s is told %q %d times", want.name, words, n)
			}
		}
		for _, words := range want.must { // the only thing that the customer is told
			if n := a.told(customer, words); n != 1 && n != 1+repeats {
				v.fail("%s is told %q %d times with %d repeats", want.name, words, n, repeats)
			}
		}
		for _, words := range want.once {
			if n := a.told(customer, words); n != 1 && n != 1+repeats {
				v.fail("%s is told %q %d times with %d repeats", want.name, words, n, repeats)
			}
		}
		for _, words := range want.words {
			if n := len(a.comments(t, words)); n != 1 {
				v.fail("%q stands %d times on the ticket of %s", words, n, want.name)
			}
		}
	}
	w.judgeRest(&v)
	return v
}

// procedureWalk prepares the points of that story; usual is its calls when nothing strikes, where that is known.
func procedureWalk(mode settings.Mode, usual ...string) func(*points) {
	return func(p *points) {
		set := procedurePoints(procedure(mode))
		p.usual = usual
		p.story, p.judge, p.began, p.seed, p.number = playProcedure, judgeProcedure, set.began, set.seed, set.number
	}
}

// TestProcedureWithoutFaults is that story when nothing goes wrong.
func TestProcedureWithoutFaults(t *testing.T) {
	t.Parallel()
	for _, mode := range []settings.Mode{settings.ModeMirror, settings.ModeTranscript} {
		p := &points{}
		procedureWalk(mode)(p)
		if v := playOnce(t, p); len(v.wrong) > 0 || v.repeats > 0 {
			t.Errorf("%s: %v, %d repeats", mode, v.wrong, v.repeats)
		}
		t.Logf("%s: %d calls", mode, p.n)
	}
}

// TestCrashPointsOfTheProcedure plays it with every fault at every so many calls.
func TestCrashPointsOfTheProcedure(t *testing.T) {
	t.Parallel()
	for _, mode := range []settings.Mode{settings.ModeMirror, settings.ModeTranscript} {
		whole := &points{}
		procedureWalk(mode)(whole)
		playOnce(t, whole)
		const step = 37 * stride // a prime: the walk meets all kinds of calls
		got := walk(t, strikes(whole.n, step), procedureWalk(mode, whole.names...), 0)
		t.Logf("%s: %d calls, every %d., %d stories, %d marked repeats", mode, whole.n, step, got.runs, got.repeats)
		for _, f := range got.failures {
			t.Errorf("%s: %s", mode, f)
		}
	}
}
