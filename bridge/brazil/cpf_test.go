package brazil_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/bridge/brazil"
)

func TestCPF(t *testing.T) {
	t.Parallel()
	for _, shown := range []string{"529.982.247-25", "111.444.777-35", "123.456.789-09", "390.533.447-05", "000.000.001-91"} {
		cpf, ok := brazil.NormalizeCPF(shown)
		if !ok || !brazil.ValidCPF(cpf) {
			t.Errorf("NormalizeCPF(%q) = %q, %v", shown, cpf, ok)
		}
		if got := brazil.FormatCPF(cpf); got != shown {
			t.Errorf("FormatCPF(%q) = %q, want %q", cpf, got, shown)
		}
	}
	for _, wrong := range []string{
		"529.982.247-24", "529.982.247-52", "111.111.111-11", "11987654321", "31998765432", "", "5299822472", "529982247255",
		"CPF 529.982.247-25", "529_982_247_25", "52998224725x", "5299822472٥",
	} {
		if cpf, ok := brazil.NormalizeCPF(wrong); ok || cpf != "" {
			t.Errorf("NormalizeCPF(%q) = %q, %v", wrong, cpf, ok)
		}
	}
	for _, typed := range []string{"529 982 247 25", " 52998224725\n", "529982247-25", "529.982.247–25", "529.982.247/25"} {
		if cpf, ok := brazil.NormalizeCPF(typed); !ok || cpf != "52998224725" {
			t.Errorf("NormalizeCPF(%q) = %q, %v", typed, cpf, ok)
		}
	}
	if brazil.ValidCPF("529.982.247-25") {
		t.Error("ValidCPF takes punctuation")
	}
	if !brazil.ValidCPF("11980199990") {
		t.Error("the mobile phone that passes for a CPF does not")
	}
	for _, other := range []string{"", "123"} {
		if got := brazil.FormatCPF(other); got != other {
			t.Errorf("FormatCPF(%q) = %q", other, got)
		}
	}
}

// cpfs draws valid ones: the check digits are searched for.
func cpfs() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		base := rapid.StringMatching(`[0-9]{9}`).Draw(t, "base")
		for n := range 100 {
			if cpf := base + string([]byte{byte('0' + n/10), byte('0' + n%10)}); brazil.ValidCPF(cpf) {
				return cpf
			}
		}
		return "52998224725" // nine equal digits have no check digits but equal ones
	})
}

func TestValidCard(t *testing.T) {
	t.Parallel()
	for _, card := range []string{
		"4111111111111111", "5555555555554444", "378282246310005", "30569309025904", "6011111111111117", "4222222222222",
		"4000000000000000006",
	} {
		if !brazil.ValidCard(card) {
			t.Errorf("ValidCard(%q) = false", card)
		}
	}
	for _, wrong := range []string{
		"4111111111111112", "1411111111111111", "0000000000000000", "411111111111", "40000000000000000006", "", "4111 1111 1111 1111",
		"411111111111111x", "٤١١١١١١١",
	} {
		if brazil.ValidCard(wrong) {
			t.Errorf("ValidCard(%q) = true", wrong)
		}
	}
}

// cards draws valid ones: the check digit is searched for.
func cards() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		base := rapid.StringMatching(`[1-9][0-9]{11,17}`).Draw(t, "base")
		for n := range 10 {
			if card := base + string([]byte{byte('0' + n)}); brazil.ValidCard(card) {
				return card
			}
		}
		return "4111111111111111" // equal digits are none
	})
}
