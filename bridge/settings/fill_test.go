package settings_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/bridge/settings"
)

func TestFill(t *testing.T) {
	t.Parallel()
	const hello = "Olá, {{contato.nome}}! O atendimento foi iniciado sob o número {{atendimento.numero}}. Descreva o problema."
	tries := settings.Default().Says.WrongCNPJ
	for name, tt := range map[string]struct {
		text   string
		values map[string]string
		want   string
	}{
		"all are known": {
			hello,
			map[string]string{"{{contato.nome}}": "Maria", "{{atendimento.numero}}": "260701-001"},
			"Olá, Maria! O atendimento foi iniciado sob o número 260701-001. Descreva o problema.",
		},
		"no name":                    {hello, map[string]string{"{{atendimento.numero}}": "1"}, "Olá! O atendimento foi iniciado sob o número 1. Descreva o problema."},
		"no number":                  {hello, map[string]string{"{{contato.nome}}": "Maria"}, "Olá, Maria! Descreva o problema."},
		"neither":                    {hello, nil, "Olá! Descreva o problema."},
		"a blank value":              {hello, map[string]string{"{{contato.nome}}": " \t", "{{atendimento.numero}}": "1"}, "Olá! O atendimento foi iniciado sob o número 1. Descreva o problema."},
		"a name without comma":       {"Olá {{contato.nome}}, tudo bem?", nil, "Olá, tudo bem?"},
		"a name between commas":      {"Obrigado, {{contato.nome}}, pelo contato.", nil, "Obrigado, pelo contato."},
		"a name in bold":             {"Olá, *{{contato.nome}}*! Tudo bem?", nil, "Olá! Tudo bem?"},
		"a name in bold italics":     {"Olá, _*{{contato.nome}}*_!", nil, "Olá!"},
		"bold around all":            {"*Olá, {{contato.nome}}!*", nil, "*Olá!*"},
		"a name that begins":         {"{{contato.nome}}, recebemos a sua mensagem.", nil, "Recebemos a sua mensagem."},
		"a name that begins in bold": {"*{{contato.nome}}*, é isso?", nil, "É isso?"},
		"a name that begins a later sentence": {
			"Bom dia! {{contato.nome}}, como vai?", nil, "Bom dia! Como vai?",
		},
		"a name on a line of its own": {"{{contato.nome}},\nrecebemos a sua mensagem.", nil, "recebemos a sua mensagem."},
		"nothing but a name":          {"{{contato.nome}}!", nil, ""},
		"a name twice":                {"Olá, {{contato.nome}}! Até logo, {{contato.nome}}.", nil, "Olá! Até logo."},
		"a name and what is missing":  {"Olá, {{contato.nome}}, da {{organizacao.nome}}! Bem-vindo.", nil, "Bem-vindo."},
		"in brackets":                 {tries, nil, "Não reconheci um CNPJ válido. Confira os 14 caracteres e envie novamente, por favor."},
		"in brackets, known":          {tries, map[string]string{"{{tentativas}}": "2"}, "Não reconheci um CNPJ válido. Confira os 14 caracteres e envie novamente, por favor (tentativas restantes: 2)."},
		"a name in brackets":          {"O contato (hoje: {{contato.nome}}) ligou.", nil, "O contato ligou."},
		"other brackets stay":         {"O chamado (novo) é {{ticket.id}}. O chamado (novo) espera.", nil, "O chamado (novo) espera."},
		"the only sentence":           {"O seu atendimento foi transferido para {{fila.nome}}.", nil, ""},
		"a question":                  {"O chamado {{ticket.id}} é seu? Confirme… Até {{chamado.data}}! Obrigado.", nil, "Confirme… Obrigado."},
		"without a full stop":         {"Aguarde. Falta {{ticket.id}}", nil, "Aguarde."},
		"a stop inside a word":        {"Veja ponte.com/{{ticket.id}} ou ligue. Obrigado.", nil, "Obrigado."},
		"quotes after the stop":       {"Ele disse “sim.” Chamado {{ticket.id}}. Fim.", nil, "Ele disse “sim.” Fim."},
		"a numbered line":             {"Anote:\n1. Chamado {{ticket.id}}\n2. Senha", nil, "Anote:\n2. Senha"},
		"a paragraph":                 {"A.\n\nChamado {{ticket.id}}.\n\nB.", nil, "A.\n\nB."},
		"a line of a paragraph":       {"A.\n\nChamado {{ticket.id}}.\nB.", nil, "A.\n\nB."},
		"the first paragraph":         {"Chamado {{ticket.id}}.\n\nB.", nil, "B."},
		"the last paragraph":          {"A.\n\nChamado {{ticket.id}}.", nil, "A."},
		"blank lines further down":    {"Chamado {{ticket.id}}.\nA.\n\n\nB.", nil, "A.\n\n\nB."},
		"blank lines of the text":     {"A.\n\n\nB.", nil, "A.\n\n\nB."},
		"spaces of the text":          {"A.  B  c.\n  d", nil, "A.  B  c.\n  d"},
		"values are not filled": {
			"Olá, {{contato.nome}}! Chamado {{ticket.id}}.",
			map[string]string{"{{contato.nome}}": "{{ticket.id}}", "{{ticket.id}}": "{{contato.nome}}"},
			"Olá, {{ticket.id}}! Chamado {{contato.nome}}.",
		},
		"a value is no sentence": {
			"Aqui é a {{organizacao.nome}} e o chamado é {{ticket.id}}. Fim.", map[string]string{"{{organizacao.nome}}": "Acme. Ltda. (SP)"}, "Fim.",
		},
		"an unknown variable":        {"Olá, {{apelido}}!", nil, "Olá, {{apelido}}!"},
		"one that is only in values": {"Posicionamento do ticket {{chamado}}", map[string]string{settings.TicketAsked: "11"}, "Posicionamento do ticket 11"},
		"no text":                    {"", nil, ""},
		"no variables":               {" Bom dia! ", nil, "Bom dia!"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := settings.Fill(tt.text, tt.values); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

// Whatever is known or not, Ponte's own texts become whole sentences.
func TestFillOwnWords(t *testing.T) {
	t.Parallel()
	names := slices.Sorted(maps.Keys(settings.Variables()))
	for _, l := range []settings.Language{settings.LanguagePT, settings.LanguageEN} {
		for name, text := range words(settings.DefaultIn(l).Says) {
			for known := range 1 << len(names) {
				values := map[string]string{}
				for j, v := range names {
					if known>>j&1 == 1 {
						values[v] = "Xis"
					}
				}
				got := settings.Fill(text, values)
				for _, wrong := range []string{"{", "}", "  ", " ,", " .", " !", ",.", ",!", "()", ",,"} {
					if strings.Contains(got, wrong) {
						t.Fatalf("%s in %s becomes %q with %v", name, l, got, values)
					}
				}
				if len(values) == len(names) && got != regexp.MustCompile(`\{\{[a-z.]+\}\}`).ReplaceAllString(text, "Xis") {
					t.Errorf("%s in %s loses words: %q", name, l, got)
				}
			}
		}
	}
}

// Filling is done once: a text without variables stays, and the same values give the same text.
func TestFillIsStable(t *testing.T) {
	t.Parallel()
	parts := append(slices.Collect(maps.Keys(settings.Variables())), "Olá", ", ", " ", ". ", "! ", "\n", "(", ")", "*", "{{", "}}", "1. ", "é")
	slices.Sort(parts)
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(parts), 0, 12).Draw(t, "text"), "")
		values := rapid.MapOf(rapid.SampledFrom(parts), rapid.SampledFrom(append(parts, ""))).Draw(t, "values")
		got := settings.Fill(text, values)
		if again := settings.Fill(text, maps.Clone(values)); again != got {
			t.Fatalf("%q, then %q", got, again)
		}
		if none := settings.Fill(text, nil); settings.Fill(none, nil) != none {
			t.Fatalf("%q becomes %q", none, settings.Fill(none, nil))
		}
	})
}
