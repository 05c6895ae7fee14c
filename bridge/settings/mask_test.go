package settings_test

import (
	"testing"

	"github.com/ponte-desk/ponte/bridge/settings"
)

func TestMaskText(t *testing.T) {
	t.Parallel()
	const text = "CPF 529.982.247-25, CNPJ 11.222.333/0001-81"
	if got := (settings.Mask{}).Text(text); got != text {
		t.Errorf("nothing is to be masked, got %q", got)
	}
	if got := (settings.Mask{CPF: true}).Text(text); got == text || got[len(got)-18:] != "11.222.333/0001-81" {
		t.Errorf("CPF masked: %q", got)
	}
	if got := (settings.Mask{CNPJ: true}).Text(text); got == text || got[:18] != text[:18] {
		t.Errorf("CNPJ masked: %q", got)
	}
}
