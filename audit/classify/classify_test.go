package classify_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/audit/classify"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// TestActions checks what is done for every outcome.
func TestActions(t *testing.T) {
	t.Parallel()
	const abandoned, others = "Distribuição::Linha Winthor::99::007::Abandono de chat", "Distribuição::Linha Winthor::99::007::Z-Outros"
	for _, test := range []struct {
		name string
		want classify.Action
	}{
		{"Atendida e concluída, mas o ticket continua novo", classify.Action{
			Roles: []settings.MacroRole{settings.RoleNotAssumed}, Status: "solved", Assignee: 101, Group: "5", Transcript: classify.TranscriptPublic,
			Conversation: conversation.StateClosed, Open: []classify.Open{classify.OpenCatalogue},
		}},
		{"O atendente respondeu e o cliente sumiu", classify.Action{
			Roles: []settings.MacroRole{settings.RoleClientAbandonment}, Status: "solved", Assignee: 101, Group: "5", Transcript: classify.TranscriptPublic,
			Catalogue: abandoned, Conversation: conversation.StateClosed,
		}},
		{"Assumida e nunca respondida", classify.Action{
			Roles: []settings.MacroRole{settings.RoleAgentAbandonment}, Status: "open", Assignee: 102, Group: "5", Transcript: classify.TranscriptPrivate,
			Catalogue: abandoned, Attention: true, Alert: true,
		}},
		{"Transferida para outra fila, em que ninguém escreveu", classify.Action{
			Roles: []settings.MacroRole{settings.RoleAgentAbandonment}, Status: "open", Group: "5", Transcript: classify.TranscriptPrivate,
			Catalogue: abandoned, Attention: true, Alert: true, Open: []classify.Open{classify.OpenAssignee},
		}},
		{"Mensagem às 18:01:00, número com robô", classify.Action{
			Roles: []settings.MacroRole{settings.RoleAfterHours}, Status: "solved", Catalogue: others, Conversation: conversation.StateClosed,
		}},
		{"Na fila dentro do horário e ninguém assumiu", classify.Action{
			Roles: []settings.MacroRole{settings.RoleAgentUnavailable}, Status: "pending", Catalogue: abandoned,
		}},
		{"Cliente desistiu no robô e a conversa expirou", classify.Action{}},
		{"Desistiu no robô, que resolve o ticket", classify.Action{
			Roles: []settings.MacroRole{settings.RoleWrongTitle}, Status: "solved", Tags: []string{"abandono_no_robo"}, Open: []classify.Open{classify.OpenTitle},
		}},
		{"Concluída sem organização", classify.Action{Repair: true}},
		{"Título ok", classify.Action{Roles: []settings.MacroRole{settings.RoleWrongTitle}, Subject: "Não consigo emitir nota"}},
		{"Encaminhada ao N2", classify.Action{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := named(t, test.name)
			if diff := cmp.Diff(test.want, s.verdict().Action); diff != "" {
				t.Errorf("action (-want +got):\n%s", diff)
			}
		})
	}
}

func named(tb testing.TB, name string) *scene {
	tb.Helper()
	for _, l := range load(tb) {
		if l.Name == name {
			s, err := l.scene()
			if err != nil {
				tb.Fatal(err)
			}
			return s
		}
	}
	tb.Fatalf("no conversation is called %q", name)
	return nil
}

// TestCatalogueOfTheMenu checks that a routine that is known is not asked for.
func TestCatalogueOfTheMenu(t *testing.T) {
	t.Parallel()
	s := named(t, "Atendida e concluída, mas o ticket continua novo")
	s.thread.Conversation.Procedure.Category = "Distribuição::Fiscal"
	if a := s.verdict().Action; a.Catalogue != "Distribuição::Fiscal" || len(a.Open) > 0 {
		t.Errorf("action %+v", a)
	}
}

// TestSettling checks that what is on its way to the ticket is waited for.
func TestSettling(t *testing.T) {
	t.Parallel()
	s := named(t, "Atendida e concluída, mas o ticket continua novo")
	s.thread.Conversation.Closing = &conversation.Change{Status: "solved"}
	if v := s.verdict(); !v.Nothing() || v.Reason != classify.ReasonSettling {
		t.Errorf("%q (%s)", v.Outcome, v.Reason)
	}
	if v := classify.Classify(classify.FromThread(conversation.NewThread("1", "c"), nil, classify.Ticket{}), s.now, s.set, s.rules); v.Reason != classify.ReasonEmpty {
		t.Errorf("without a conversation: %s", v.Reason)
	}
}

func TestEvidence(t *testing.T) {
	t.Parallel()
	got := named(t, "Cliente perguntou de novo e ficou sem resposta").verdict().Evidence.Text(settings.LanguagePT)
	const want = `O cliente escreveu por último e não teve resposta do atendente.
A conversa começou em 23/11/2026 09:00:00, dentro do horário de atendimento.
O atendimento por uma pessoa foi pedido em 23/11/2026 09:00:00.
O cliente falou por último, em 23/11/2026 09:20:00.
Espera de 1 h 40 min de expediente, contada desde 23/11/2026 09:20:00 (limite: 1 h 30 min).
Situação auditada em 23/11/2026 11:00:00.
Configuração que decidiu: tempo de espera da auditoria (audit.wait).`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
}

// TestTitle checks what a title is made of when nobody gave one.
func TestTitle(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{
		"Bom dia, tudo bem? Não consigo emitir a nota. Pode ajudar?": "Não consigo emitir a nota",
		"11.222.333/0001-81":                  "",
		"fulano@empresa.com.br":               "",
		"Preciso de ajuda":                    "",
		"Erro no ECF\nsegue a foto":           "Erro no ECF",
		"Olá, o relatório 1249 sai em branco": "o relatório 1249 sai em branco",
		"O sistema trava quando " + strings.Repeat("abro o pedido e ", 10): "O sistema trava quando abro o pedido e abro o pedido e abro o pedido e abro o pedido e abro o" + "…",
	} {
		s := named(t, "Título ok")
		for i, e := range s.entries {
			if e.Author == conversation.AuthorCustomer {
				s.entries[i].Text = said
			}
		}
		if got := s.verdict().Action.Subject; got != want {
			t.Errorf("after %q the title is %q, want %q", said, got, want)
		}
	}
}

func TestBadTitle(t *testing.T) {
	t.Parallel()
	const standard = "Atendimento iniciado via WhatsApp"
	for title, want := range map[string]bool{
		"": true, "   ": true, "👍": true, "ok": true, "Teste": true, "WhatsApp": true, standard: true, "atendimento iniciado via whatsapp.": true, "123": true,
		"aaaa": true, "x": true, "Bom dia": true, "Obrigado!": true, "Maria José": true, "Dúvida": true, "Conversation started on WhatsApp": true,
		"NF-e": false, "PIX": false, "Boleto": false, "Rotina 1400": false, "Dúvida sobre CT-e": false, "Erro 539 na nota": false,
		"Erro 539": false, "error 404": false, "Erro": true, "Erro no sistema": false, "Ticket 5185": true, "Chamado 123": true,
		"Posicionamento do ticket 12": false, "Whats - Pendência no Cadastro": false, "日本語": false,
	} {
		if got := classify.BadTitle(title, "Maria José", standard); got != want {
			t.Errorf("BadTitle(%q) = %v", title, got)
		}
	}
}

// FuzzLabelled checks that the reader of the labelled set takes or refuses anything, and that what it takes can be judged.
func FuzzLabelled(f *testing.F) {
	f.Add([]byte("- nome: x\n  conversa: [\"23/11 09:00 cliente: oi\"]\n  auditoria: \"23/11 11:00\"\n"))
	f.Add([]byte("- nome: x\n  robô: true\n  conversa: [\"23/11 09:00 cliente edita: oi\", \"23/11 09:00 transferido: fila\"]\n  auditoria: \"1\"\n"))
	f.Add([]byte("! 0"))
	f.Add([]byte("- conversa: [\"\", \":\", \"23/11 09:00\"]\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		list, err := parse(raw)
		if err != nil {
			return
		}
		for _, l := range list {
			s, err := l.scene()
			if err != nil {
				continue
			}
			if v := s.verdict(); v.Reason == "" || v.Evidence.Text(settings.LanguagePT) == "" {
				t.Errorf("verdict %+v", v)
			}
		}
	})
}

func BenchmarkClassify(b *testing.B) {
	s := named(b, "Vários atendentes, o último dono deve a resposta")
	c := s.fact()
	for b.Loop() {
		_ = classify.Classify(c, s.now, s.set, s.rules)
	}
}

func BenchmarkClassifyWeek(b *testing.B) {
	s := named(b, "Vários atendentes, o último dono deve a resposta")
	s.now = s.now.Add(7 * 24 * time.Hour)
	c := s.fact()
	for b.Loop() {
		_ = classify.Classify(c, s.now, s.set, s.rules)
	}
}

func BenchmarkFromThread(b *testing.B) {
	s := named(b, "Vários atendentes, o último dono deve a resposta")
	for b.Loop() {
		_ = s.fact()
	}
}
