package settings_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/bridge/settings"
)

func TestDiff(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		from, to string
		want     []settings.Change
	}{
		"nothing": {"form: 1", "numbers: {}", nil},
		"in the file's order": {
			"default: {quiet: 10s}", "account: {human_share: 0.5}",
			[]settings.Change{
				{Path: "account.human_share", From: "0.3", To: "0.5"},
				{Path: "default.quiet", From: "10s", To: "20s"},
			},
		},
		"a list and a text": {
			"form: 1", "default: {tags: [a, b], texts: {kept: \"Guardada às %s.\"}}",
			[]settings.Change{
				{Path: "default.tags", From: "[whatsapp]", To: "[a, b]"},
				{
					Path: "default.texts.kept", To: `"Guardada às %s."`,
					From: `"A resposta das %s está guardada: Aguardando resposta do cliente para ser entregue via WhatsApp."`,
				},
			},
		},
		"an invite": {
			"form: 1", `default: {window: {invite: {template: oi, preview: "Oi {{1}}", values: ["{{contato.nome}}"]}}}`,
			[]settings.Change{
				{Path: "default.window.invite", From: "none"},
				{Path: "default.window.invite.template", To: "oi"},
				{Path: "default.window.invite.language", To: "pt_BR"},
				{Path: "default.window.invite.values", To: `["{{contato.nome}}"]`},
				{Path: "default.window.invite.preview", To: `"Oi {{1}}"`},
			},
		},
		"a language, with the words that follow it": {
			"default: {texts: {kept: \"Guardada às %s.\"}}", "default: {language: en}",
			[]settings.Change{
				{Path: "default.language", From: "pt-BR", To: "en"},
				{
					Path: "default.texts.kept", From: `"Guardada às %s."`,
					To: `"The reply of %s is kept: waiting for the customer's answer to be delivered on WhatsApp."`,
				},
			},
		},
		"a number comes and another goes": {
			`numbers: {"1": {quiet: 5s}}`, `numbers: {"2": {}, "3": {quiet: 6s}}`,
			[]settings.Change{
				{Path: "numbers.1", From: "own settings"},
				{Path: "numbers.1.quiet", From: "5s", To: "20s"},
				{Path: "numbers.2", To: "own settings"},
				{Path: "numbers.3", To: "own settings"},
				{Path: "numbers.3.quiet", From: "20s", To: "6s"},
			},
		},
		"numbers follow the default": {
			`numbers: {"1": {quiet: 5s}, "2": {name: Vendas}}`, `default: {quiet: 30s}` + "\n" + `numbers: {"1": {quiet: 5s}, "2": {name: Loja}}`,
			[]settings.Change{
				{Path: "default.quiet", From: "20s", To: "30s"},
				{Path: "numbers.2.name", From: "Vendas", To: "Loja"},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			same(t, "changes", settings.Diff(decode(t, tt.from), decode(t, tt.to)), tt.want)
		})
	}
}

// Two settings are the same exactly when nothing is listed.
func TestDiffMissesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := operations().Draw(t, "a"), operations().Draw(t, "b")
		if rapid.Bool().Draw(t, "close") {
			a = b
			a.Default.Quiet, a.Default.Longest = 3*time.Second, 4*time.Second
		}
		if listed, differs := len(settings.Diff(a, b)) > 0, difference(a, b) != ""; listed != differs {
			t.Fatalf("listed %v, differs %v", listed, differs)
		}
	})
}
