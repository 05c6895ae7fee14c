package classify_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/audit/classify"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// moment is something that happens so long after what was before.
type moment struct {
	after time.Duration
	what  string
}

// story is a conversation that can be told on any day.
type story struct {
	base    labelled
	start   time.Time
	moments []moment
	look    time.Duration // after the last moment
}

// whats are what stories are made of.
func whats() *rapid.Generator[string] {
	return rapid.SampledFrom([]string{
		"cliente: Não consigo emitir nota", "cliente: obrigado", "cliente: obrigado, mas e o boleto?", "cliente: ok", "cliente reage: 👍", "cliente figurinha:",
		"cliente edita: a nota de ontem", "cliente apaga:", "cliente áudio:", "robô: Escolha", "automático: Aguarde", "Ana: Qual é o erro?", "Bruno: Veja isto",
		"Ana nota: verificando", "Ana pelo Zendesk: Feito", "Ana sem entrega: Feito", "celular: Oi", "derivação", "assumido: Ana", "assumido: Bruno",
		"devolvido: fila", "transferido: fila Financeiro", "transferido: Carla", "situação: pendente", "situação: em andamento",
	})
}

func stories() *rapid.Generator[story] {
	return rapid.Custom(func(t *rapid.T) story {
		var s story
		s.base.Bot, s.base.BotEnds = rapid.Bool().Draw(t, "bot"), rapid.Bool().Draw(t, "bot ends")
		yes := rapid.Bool().Draw(t, "organisation")
		tk := &s.base.Ticket
		tk.Organization = &yes
		tk.Status = rapid.SampledFrom([]string{"novo", "aberto", "pendente", "resolvido", "fechado"}).Draw(t, "status")
		tk.Assignee = rapid.SampledFrom([]string{"", "Ana", "Bruno"}).Draw(t, "assignee")
		tk.Subject = rapid.SampledFrom([]string{"", "ok", "Rotina 1400"}).Draw(t, "subject")
		tk.Empty = rapid.Bool().Draw(t, "empty")
		s.start = time.Date(2026, time.March, 2, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 7*24*60-1).Draw(t, "start")) * time.Minute)
		s.moments = append(s.moments, moment{0, "cliente: Bom dia, o caixa não fecha"})
		for range rapid.IntRange(0, 10).Draw(t, "moments") {
			s.moments = append(s.moments, moment{minutes(t, "after", 300), whats().Draw(t, "what")})
		}
		if end := rapid.SampledFrom([]string{"", "", "", "expirada", "concluída", "N2", "encerrada no WhatsApp"}).Draw(t, "end"); end != "" {
			s.moments = append(s.moments, moment{minutes(t, "end after", 1440), "situação: " + end})
		}
		s.look = minutes(t, "look", 3000)
		return s
	})
}

func minutes(t *rapid.T, label string, most int) time.Duration {
	return time.Duration(rapid.IntRange(0, most).Draw(t, label)) * time.Minute
}

// tell is the story so long after its day; more happens after its last moment, and is looked at as late.
func (s story) tell(t *rapid.T, shift time.Duration, more ...string) *scene {
	l := s.base
	at := s.start.Add(shift)
	layout := "02/01 15:04:05"
	for _, m := range s.moments {
		at = at.Add(m.after)
		l.Lines = append(l.Lines, at.Format(layout)+" "+m.what)
	}
	for _, what := range more {
		l.Lines = append(l.Lines, at.Format(layout)+" "+what)
	}
	l.Audit = at.Add(s.look).Format(layout)
	got, err := l.scene()
	if err != nil {
		t.Fatal(err)
	}
	got.set.Hours.National = false
	return got
}

func TestTotalAndDeterministic(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := stories().Draw(t, "story").tell(t, 0)
		c := s.fact()
		v := classify.Classify(c, s.now, s.set, s.rules)
		if diff := cmp.Diff(v, classify.Classify(c, s.now, s.set, s.rules)); diff != "" {
			t.Fatalf("judged again:\n%s", diff)
		}
		if v.Outcome != classify.OutcomeNone && !slices.Contains(classify.Outcomes(), v.Outcome) || v.Reason == "" {
			t.Fatalf("outcome %q, reason %q", v.Outcome, v.Reason)
		}
		var roles []settings.MacroRole // of outcomes: no more than one
		for _, r := range v.Action.Roles {
			if r != settings.RoleWrongTitle {
				roles = append(roles, r)
			}
		}
		if want, ok := classify.Role(v.Outcome); len(roles) > 1 || ok && !slices.Equal(roles, []settings.MacroRole{want}) || !ok && len(roles) > 0 {
			t.Fatalf("outcome %q has the macros %v", v.Outcome, roles)
		}
		if v.Nothing() && !cmp.Equal(v.Action, classify.Action{}) {
			t.Fatalf("nothing was found, and yet: %+v", v.Action)
		}
	})
}

func TestThanksAreNoQuestion(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		thanks := rapid.SliceOfN(rapid.SampledFrom([]string{
			"cliente: obrigado", "cliente: Ok", "cliente: 👍", "cliente reage: ❤️", "cliente reage: 👎", "cliente: muito obrigada pela ajuda!", "cliente figurinha:",
			"cliente: valeu, abraço", "automático: Algo mais?",
		}), 1, 4).Draw(t, "thanks")
		more := append([]string{rapid.SampledFrom([]string{"Ana: Pronto.", "Bruno pelo Zendesk: Pronto."}).Draw(t, "answer")}, thanks...)
		v := stories().Draw(t, "story").tell(t, 0, more...).verdict()
		if v.Outcome == classify.OutcomeAgentAbandonment {
			t.Fatalf("after %q: %s", more, v.Evidence.Text(settings.LanguagePT))
		}
	})
}

func TestAutomaticWordsChangeNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := stories().Draw(t, "story")
		v := s.tell(t, 0).verdict()
		if diff := cmp.Diff(v, s.tell(t, 0, "automático: Ainda está por aí?", "robô: Aguarde").verdict()); diff != "" {
			t.Fatalf("with automatic words at the end:\n%s", diff)
		}
	})
}

func TestWeeksChangeNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := stories().Draw(t, "story")
		weeks := rapid.IntRange(1, 30).Draw(t, "weeks")
		v, w := s.tell(t, 0).verdict(), s.tell(t, time.Duration(weeks)*7*24*time.Hour).verdict()
		if v.Outcome != w.Outcome || v.Reason != w.Reason || !slices.Equal(v.Corrections, w.Corrections) || v.Evidence.Waited != w.Evidence.Waited {
			t.Fatalf("%d weeks later:\n%s\n\n%s", weeks, v.Evidence.Text(settings.LanguagePT), w.Evidence.Text(settings.LanguagePT))
		}
		if diff := cmp.Diff(v.Action, w.Action); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestFoundOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := stories().Draw(t, "story").tell(t, 0)
		v := s.verdict()
		next := after(s, v)
		w := next.verdict()
		if !w.Nothing() {
			t.Fatalf("after %q %v: %q %v\n%s", v.Outcome, v.Corrections, w.Outcome, w.Corrections, w.Evidence.Text(settings.LanguagePT))
		}
		if v.Outcome == classify.OutcomeNone {
			return
		}
		next.now = next.now.Add(minutes(t, "later", 5000))
		if rapid.Bool().Draw(t, "expires") && !next.thread.Conversation.State.Ended() {
			next.state(next.now, conversation.StateExpired)
		}
		if w = next.verdict(); w.Outcome != classify.OutcomeNone {
			t.Fatalf("%q, and later %q\n%s", v.Outcome, w.Outcome, w.Evidence.Text(settings.LanguagePT))
		}
	})
}
