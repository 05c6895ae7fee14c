package brazil_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/bridge/brazil"
)

// validCNPJs is the list of reference.
func validCNPJs() []string {
	return []string{
		"12ABC34501DE35", "00000000E08G12", "11222333000181", "00000000000191", "34028316000103", "59952259000185", "A0B1C2D3000179",
		"9Z8Y7X6W000105", "BR0ALFA0000155", "1234567800AB11", "ZZZZZZZZZZZZ62", "R55231B3000757", "90021382000A37", "7MJAZ3GZ000195",
	}
}

func TestValidCNPJ(t *testing.T) {
	t.Parallel()
	for _, cnpj := range validCNPJs() {
		if !brazil.ValidCNPJ(cnpj) {
			t.Errorf("ValidCNPJ(%q) = false", cnpj)
		}
	}
	invalid := map[string]string{
		"12ABC34501DE00": "check digits", "12ABC34501DE53": "check digits swapped", "12ABC34501DF35": "one character changed",
		"00000000000000": "equal digits", "11111111111111": "equal digits", "11222333000180": "check digit",
		"11222333000118": "check digits swapped", "12ABC34501DE3X": "letter as check digit", "O0000000000191": "letter O for zero",
		"1222333000181": "13 characters", "12abc34501de35": "valid only in capitals", "12.ABC.345/01DE-35": "not normalised",
		"": "empty", "112223330001811": "15 characters", "1122233300 181": "space", "1122233300018\x00": "control character",
		"AAAAAAAAAAAAAA": "equal letters", "112223330001é": "another letter", "11222333000١": "another script's digit",
	}
	for cnpj, why := range invalid {
		if brazil.ValidCNPJ(cnpj) {
			t.Errorf("ValidCNPJ(%q) = true: %s", cnpj, why)
		}
	}
}

func TestNormalizeCNPJ(t *testing.T) {
	t.Parallel()
	tests := []struct {
		typed, want string
		ok          bool
	}{
		{"12.ABC.345/01DE-35", "12ABC34501DE35", true},
		{"12abc34501de35", "12ABC34501DE35", true},
		{" 12.abc.345/01de-35\n", "12ABC34501DE35", true},
		{"11 222 333 0001 81", "11222333000181", true},
		{"11.222.333/0001-81", "11222333000181", true},
		{"11.222.333/0001–81", "11222333000181", true},
		{"11222333/0001\u00a081", "11222333000181", true},
		{"00.000.000/0001-91", "00000000000191", true},
		{"00.000.000/E08G-12", "00000000E08G12", true},
		{"CNPJ 11.222.333/0001-81", "", false},
		{"11_222_333_0001_81", "", false},
		{"11.222.333/0001-18", "", false},
		{"11.222.333/0001", "", false},
		{"0.000.000/0001-91", "", false},
		{"11111111111111", "", false},
		{"ı1222333000181", "", false},
		{"", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.typed, func(t *testing.T) {
			t.Parallel()
			if got, ok := brazil.NormalizeCNPJ(tt.typed); got != tt.want || ok != tt.ok {
				t.Errorf("NormalizeCNPJ(%q) = %q, %v, want %q, %v", tt.typed, got, ok, tt.want, tt.ok)
			}
		})
	}
}

func TestFormatCNPJ(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"12ABC34501DE35": "12.ABC.345/01DE-35", "00000000000191": "00.000.000/0001-91", "": "", "123": "123",
	} {
		if got := brazil.FormatCNPJ(in); got != want {
			t.Errorf("FormatCNPJ(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFindCNPJ(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       []string
	}{
		{"masked", "meu CNPJ é 11.222.333/0001-81, obrigado", []string{"11222333000181"}},
		{"bare", "11222333000181", []string{"11222333000181"}},
		{"alphanumeric", "é o 12.ABC.345/01DE-35.", []string{"12ABC34501DE35"}},
		{"alphanumeric, bare, small", "cnpj:12abc34501de35", []string{"12ABC34501DE35"}},
		{"spaces", "11 222 333 0001 81", []string{"11222333000181"}},
		{"half of the punctuation", "11222333/0001-81", []string{"11222333000181"}},
		{"spaces around it", "11.222.333 / 0001 - 81", []string{"11222333000181"}},
		{"dashes of a keyboard", "11.222.333/0001–81", []string{"11222333000181"}},
		{"right after the word", "CNPJ11222333000181", []string{"11222333000181"}},
		{"after the word and a hyphen", "CNPJ-11222333000181", []string{"11222333000181"}},
		{"in brackets", "(11.222.333/0001-81)", []string{"11222333000181"}},
		{"in an address", "https://exemplo.com.br/?cnpj=11222333000181&x=1", []string{"11222333000181"}},
		{"in a path", "https://exemplo.com.br/11.222.333/0001-81/", []string{"11222333000181"}},
		{"escaped in an address", "https://exemplo.com.br/?q=cnpj%3D11222333000181", []string{"11222333000181"}},
		{"several, each once", "11222333000181 e 34.028.316/0001-03 e 11.222.333/0001-81", []string{"11222333000181", "34028316000103"}},
		{"on two lines", "11222333000181\n34028316000103", []string{"11222333000181", "34028316000103"}},
		{"after an accent", "É 11222333000181 é", []string{"11222333000181"}},
		{"after a CPF", "529.982.247-25 11.222.333/0001-81", []string{"11222333000181"}},
		{"wrong check digits", "11.222.333/0001-18", nil},
		{"equal digits", "00.000.000/0000-00", nil},
		{"within a longer run", "351906112223330001815500", nil},
		{"run of letters and digits", "X11222333000181", nil},
		{"joined by an accent", "é11222333000181", nil},
		{"code", "NF-11222333000181", nil},
		{"code that goes on", "11222333000181-A", nil},
		{"decimal", "0,11222333000181", nil},
		{"divided by a line", "11.222.333\n/0001-81", nil},
		{"message id", "wamid.11222333000181=", nil},
		{"words are no groups", "ZZ ZZZ ZZZ ZZZZ 62", nil},
		{"nothing", "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, brazil.FindCNPJ(tt.text)); diff != "" {
				t.Errorf("FindCNPJ(%q) (-want +got):\n%s", tt.text, diff)
			}
		})
	}
}

// cnpjs draws valid ones: the check digits are searched for.
func cnpjs() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		base := rapid.StringMatching(`([0-9]{8}0001|[0-9A-Z]{12})`).Draw(t, "base")
		for n := range 100 {
			if cnpj := base + string([]byte{byte('0' + n/10), byte('0' + n%10)}); brazil.ValidCNPJ(cnpj) {
				return cnpj
			}
		}
		return "11222333000181" // twelve equal characters have no check digits but equal ones
	})
}

func TestCNPJProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cnpj := cnpjs().Draw(t, "cnpj")
		shown := brazil.FormatCNPJ(cnpj)
		for _, typed := range []string{cnpj, shown, strings.ToLower(shown), " " + shown + " "} {
			if got, ok := brazil.NormalizeCNPJ(typed); !ok || got != cnpj {
				t.Fatalf("NormalizeCNPJ(%q) = %q, %v", typed, got, ok)
			}
			if diff := cmp.Diff([]string{cnpj}, brazil.FindCNPJ("é este: "+typed+", obrigado")); diff != "" {
				t.Fatalf("FindCNPJ(%q) (-want +got):\n%s", typed, diff)
			}
		}
		at := rapid.IntRange(0, len(cnpj)-1).Draw(t, "at")
		wrong := []byte(cnpj)
		wrong[at] = "0123456789"[rapid.IntRange(0, 9).Draw(t, "digit")]
		if at >= 12 && string(wrong) != cnpj && brazil.ValidCNPJ(string(wrong)) {
			t.Fatalf("%q and %q differ in a check digit and are both valid", cnpj, wrong)
		}
	})
}
