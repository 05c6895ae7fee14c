package bot_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/bot"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

func TestSummary(t *testing.T) {
	t.Parallel()
	o := alfa()
	for name, tt := range map[string]struct {
		p    conversation.Procedure
		want string
	}{
		"all is known": {
			conversation.Procedure{
				Number: "261122-001", Organization: &o, Email: "ana@alfa.com", Flags: []conversation.Flag{conversation.FlagPendingEmpty},
				Bot: &conversation.BotMemory{
					CNPJ: cnpjAlfa, Choice: "Posição de um chamado", Ticket: 1234, Said: []string{"Meu pedido não sai", "CPF 529.982.247-25"},
				},
			}, `
				Derivado pelo atendimento automático
				Atendimento: 261122-001
				Contato: Ana
				Organização: Alfa - CNPJ 11.222.333/0001-81
				E-mail: ana@alfa.com
				Opção escolhida: Posição de um chamado
				Chamado consultado: 1234
				O cliente escreveu:
				- Meu pedido não sai
				- CPF •••.•••.•47-25
				Atenção: campo Pendência Financeira vazio
			`,
		},
		"hardly anything is known": {
			conversation.Procedure{
				Number: "261122-001", Flags: []conversation.Flag{conversation.FlagNoOrganization, conversation.FlagNoEmail},
				Bot: &conversation.BotMemory{CNPJ: cnpjOther},
			}, `
				Derivado pelo atendimento automático
				Atendimento: 261122-001
				Contato: Ana
				Organização: não identificada
				CNPJ informado: 11.444.777/0001-61
				Atenção: organização não encontrada; e-mail não informado
			`,
		},
		"an organisation without name or CNPJ": {
			conversation.Procedure{Organization: &conversation.Organization{ID: 5}}, `
				Derivado pelo atendimento automático
				Contato: Ana
				Organização: #5
			`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := bot.Summary(bot.World{Settings: desk(), Contact: conversation.Contact{Name: "Ana"}, Procedure: tt.p})
			if diff := cmp.Diff(trimmed(tt.want), got); diff != "" {
				t.Errorf("summary (-want +got):\n%s", diff)
			}
		})
	}
}

func trimmed(text string) string {
	var all []string
	for line := range strings.Lines(strings.TrimSpace(text)) {
		all = append(all, strings.TrimSpace(line))
	}
	return strings.Join(all, "\n")
}

func TestSummaryOfADialogue(t *testing.T) {
	t.Parallel()
	c := newCore(email())
	for _, line := range []string{
		"Z opened Bom dia", "C o sistema está lento", "Z identified", "C desde ontem", "C 11.222.333/0001-82", "C 11.222.333/0001-81", "Z identified Alfa",
		"Z checked", "C ana@alfa.com", "T menu:0",
	} {
		in, _ := input(line)
		c.tell(in)
	}
	if !c.last.HandOver {
		t.Fatal("not handed over")
	}
	want := trimmed(`
		Derivado pelo atendimento automático
		Atendimento: 261122-001
		Contato: Ana
		Organização: Alfa - CNPJ 11.222.333/0001-81
		E-mail: ana@alfa.com
		Opção escolhida: Suporte técnico
		O cliente escreveu:
		- Bom dia
		- o sistema está lento
		- desde ontem
	`)
	if diff := cmp.Diff(want, bot.Summary(c.w)); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
}

func TestSummaryNamesEveryFlag(t *testing.T) {
	t.Parallel()
	flags := []conversation.Flag{
		conversation.FlagNoCNPJ, conversation.FlagNoOrganization, conversation.FlagUnverified, conversation.FlagPendingEmpty, conversation.FlagPending,
		conversation.FlagOverridden, conversation.FlagNoEmail,
	}
	for language, last := range map[settings.Language]string{
		settings.LanguagePT: "Atenção: CNPJ não informado; organização não encontrada; pendência não verificada; campo Pendência Financeira vazio; " +
			"pendência encontrada depois de iniciado o atendimento; atendido apesar da pendência; e-mail não informado",
		settings.LanguageEN: "Attention: no CNPJ given; organization not found; financial pending not verified; field of the financial pending is empty; " +
			"financial pending found after the conversation began; attended in spite of a financial pending; no e-mail given",
	} {
		got := bot.Summary(bot.World{Settings: settings.DefaultIn(language), Procedure: conversation.Procedure{Flags: flags}})
		if !strings.HasSuffix(got, "\n"+last) {
			t.Errorf("%s: %s", language, got)
		}
	}
}
