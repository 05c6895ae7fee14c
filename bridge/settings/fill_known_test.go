package settings_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/settings"
)

func TestFillKnown(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		values     map[string]string
		want       string
		missing    []string
	}{
		{"nothing to fill", "Bom dia!", nil, "Bom dia!", nil},
		{"all known", "Olá, {{contato.nome}}! Ticket {{ticket.id}}.", map[string]string{"{{contato.nome}}": "Ana", "{{ticket.id}}": "7"}, "Olá, Ana! Ticket 7.", nil},
		{
			"without values they stand", "Olá, {{contato.nome}}! Ticket {{ticket.id}} (de {{contato.nome}}).",
			map[string]string{"{{contato.nome}}": " "},
			"Olá, {{contato.nome}}! Ticket {{ticket.id}} (de {{contato.nome}}).",
			[]string{"{{contato.nome}}", "{{ticket.id}}"},
		},
		{"unknown ones", "Senha: {{senha}} {{}}", nil, "Senha: {{senha}} {{}}", []string{"{{senha}}", "{{}}"}},
		{
			"a value is not filled again", "{{contato.nome}} {{ticket.id}}",
			map[string]string{"{{contato.nome}}": "{{ticket.id}}", "{{ticket.id}}": "7"},
			"{{ticket.id}} 7", nil,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, missing := settings.FillKnown(tt.text, tt.values)
			if got != tt.want {
				t.Errorf("%q; want %q", got, tt.want)
			}
			if diff := cmp.Diff(tt.missing, missing); diff != "" {
				t.Errorf("missing (-want +got):\n%s", diff)
			}
		})
	}
	given := map[string]string{"{{contato.nome}}": ""}
	settings.FillKnown("{{contato.nome}}", given)
	if given["{{contato.nome}}"] != "" {
		t.Error("what was given was changed")
	}
}
