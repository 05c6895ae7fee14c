package brazil_test

import (
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/bridge/brazil"
)

func TestMask(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"CPF", "meu CPF: 529.982.247-25", "meu CPF: •••.•••.•47-25"},
		{"CPF, bare", "52998224725", "•••••••4725"},
		{"CPF, spaces", "529 982 247 25", "••• ••• •47 25"},
		{"CPF, hyphen alone", "529982247-25", "•••••••47-25"},
		{"CPF, dash of a keyboard", "529.982.247–25", "•••.•••.•47–25"},
		{"CPF, wrong check digits", "529.982.247-24", "529.982.247-24"},
		{"CPF, equal digits", "111.111.111-11", "111.111.111-11"},
		{"CPF, letters adjoin the mask", "CPF529.982.247-25abc", "CPF•••.•••.•47-25abc"},
		{"CPF, in brackets", "(529.982.247-25).", "(•••.•••.•47-25)."},
		{"CPF, numbered", "1.529.982.247-25", "1.•••.•••.•47-25"},
		{"CPF, digit before the mask", "1529.982.247-25", "1529.982.247-25"},
		{"CPF, digit after the mask", "529.982.247-251", "529.982.247-251"},
		{"CPF, as an e-mail", "52998224725@exemplo.com.br", "•••••••4725@exemplo.com.br"},
		{"CPF, as a file", "52998224725.pdf", "•••••••4725.pdf"},
		{"CPF, in an address", "https://exemplo.com/c/529.982.247-25/x", "https://exemplo.com/c/•••.•••.•47-25/x"},
		{"CPF, in a query", "https://exemplo.com/?d=52998224725&x=1", "https://exemplo.com/?d=•••••••4725&x=1"},
		{"CPF, escaped", "https://exemplo.com/?q=d%3D52998224725", "https://exemplo.com/?q=d%3D•••••••4725"},
		{"CPF, escaped digit", "https://exemplo.com/?q=%2052998224725", "https://exemplo.com/?q=%20•••••••4725"},
		{"two", "529.982.247-25 111.444.777-35", "•••.•••.•47-25 •••.•••.•77-35"},
		{"mobile that passes for a CPF", "me liga no 11980199990", "me liga no 11980199990"},
		{"mobile with the word", "meu cpf é 11980199990", "meu cpf é •••••••9990"},
		{"mobile with the word further off", "CPF da titular da conta é 11980199990", "CPF da titular da conta é •••••••9990"},
		{"mobile with the plural", "CPFs: 11980199990", "CPFs: •••••••9990"},
		{"mobile right after the word", "CPF11980199990", "CPF•••••••9990"},
		{"mobile in a query", "https://exemplo.com/?cpf=11980199990", "https://exemplo.com/?cpf=•••••••9990"},
		{"mobile with the word far away", "o CPF eu mando depois, tudo certo? meu celular 11980199990", "o CPF eu mando depois, tudo certo? meu celular 11980199990"},
		{"mobile after another word", "cpfl 11980199990", "cpfl 11980199990"},
		{"mobile after the end of another word", "xcpf 11980199990", "xcpf 11980199990"},
		{"mobile after a CPF", "CPF 529.982.247-25, cel. 11980199990", "CPF •••.•••.•47-25, cel. 11980199990"},
		{"mobile with CPF's mask", "119.801.999-90", "•••.•••.•99-90"},
		{"mobile, as people write it", "(11) 98019-9990", "(11) 98019-9990"},
		{"plus sign", "+52998224725", "+52998224725"},
		{"order code", "pedido PED-52998224725", "pedido PED-52998224725"},
		{"order code that goes on", "52998224725-A", "52998224725-A"},
		{"order code with letters", "A52998224725B", "A52998224725B"},
		{"word and hyphen", "cpf-52998224725", "cpf-•••••••4725"},
		{"longer run", "152998224725", "152998224725"},
		{"joined by an underscore", "img_52998224725", "img_52998224725"},
		{"decimals", "52998224725,10", "52998224725,10"},
		{"message id", "wamid.HBgN+52998224725/4111111111111111== ok", "wamid.HBgN+52998224725/4111111111111111== ok"},

		{"card", "4111111111111111", "••••••••••••1111"},
		{"card, spaces", "cartão 4111 1111 1111 1111, até 12/28", "cartão •••• •••• •••• 1111, até 12/28"},
		{"card, spaces that don't break", "4111\u00a01111\u00a01111\u00a01111", "••••\u00a0••••\u00a0••••\u00a01111"},
		{"card, hyphens", "4111-1111-1111-1111", "••••-••••-••••-1111"},
		{"card, dashes", "4111–1111–1111–1111", "••••–••••–••••–1111"},
		{"card and its code", "4111 1111 1111 1111 123", "•••• •••• •••• 1111 123"},
		{"card and its code, hyphens", "4111-1111-1111-1111-123", "••••-••••-••••-1111-123"},
		{"card after a number", "1234 4111 1111 1111 1111", "1234 •••• •••• •••• 1111"},
		{"card of 15 digits", "3782 822463 10005", "•••• •••••• •0005"},
		{"card of 14 digits", "3056 930902 5904", "•••• •••••• 5904"},
		{"card of 19 digits", "4000 0000 0000 0000 006", "•••• •••• •••• •••0 006"},
		{"card before a CPF", "4111 1111 1111 1111 529.982.247-25", "•••• •••• •••• 1111 •••.•••.•47-25"},
		{"card, wrong check digit", "4111 1111 1111 1112", "4111 1111 1111 1112"},
		{"card in a query", "https://exemplo.com/?n=4111111111111111", "https://exemplo.com/?n=••••••••••••1111"},
		{"card in a longer run", "41111111111111111111", "41111111111111111111"},
		{"card with letters", "X4111111111111111", "X4111111111111111"},
		{"card in a code", "wa-4111111111111111-1", "wa-4111111111111111-1"},
		{"card in a code, groups", "PED-4111-1111-1111-1111", "PED-4111-1111-1111-1111"},
		{"card in a code that goes on", "4111-1111-1111-1111-B", "4111-1111-1111-1111-B"},
		{"card on two lines", "4111 1111\n1111 1111", "4111 1111\n1111 1111"},
		{"two spaces", "4111  1111  1111  1111", "4111  1111  1111  1111"},
		{"phone with its country code", "5511987654309", "5511987654309"},
		{"phone in groups of four", "+4111 1111 1111 1111", "+4111 1111 1111 1111"},
		{"barcode", "7891000100011 e 7891000100110", "7891000100011 e 7891000100110"},
		{"barcode of a card", "cartão 7891000100011", "cartão •••••••••0011"},
		{"key of an invoice", "3519 0611 2223 3300 0181 5500 1000 0000 0110 0000 0019", "3519 0611 2223 3300 0181 5500 1000 0000 0110 0000 0019"},
		{"after a long row", "1111 1111 1111 1111 1111 1111 529.982.247-25", "1111 1111 1111 1111 1111 1111 •••.•••.•47-25"},

		{"CNPJ", "11.222.333/0001-81", "••.•••.•••/••01-81"},
		{"CNPJ with letters", "12.ABC.345/01DE-35", "••.•••.•••/••DE-35"},
		{"CNPJ in small letters", "12.abc.345/01de-35", "••.•••.•••/••de-35"},
		{"CNPJ, bare", "12ABC34501DE35", "••••••••••DE35"},
		{"CNPJ, spaces", "11 222 333 0001 81", "•• ••• ••• ••01 81"},

		{"letters beyond ASCII", "João É 529.982.247-25 ção", "João É •••.•••.•47-25 ção"},
		{"broken UTF-8", "\xff529.982.247-25\xc3", "\xff•••.•••.•47-25\xc3"},
		{"nothing", "", ""},
	}
	all := brazil.MaskOptions{CPF: true, Cards: true, CNPJ: true}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := brazil.Mask(tt.text, all); got != tt.want {
				t.Errorf("Mask(%q) = %q, want %q", tt.text, got, tt.want)
			}
			if got := brazil.Mask(tt.text, brazil.MaskOptions{}); got != tt.text {
				t.Errorf("Mask(%q) without anything to hide = %q", tt.text, got)
			}
		})
	}
}

// Several of the texts above would say little if the number in them passed no check.
func TestMaskTestsAreReal(t *testing.T) {
	t.Parallel()
	for _, card := range []string{"5511987654309", "7891000100011", "7891000100110", "0611222333000181", "11222001000105", "4000000000000000006"} {
		if !brazil.ValidCard(card) {
			t.Errorf("%q does not pass for a card", card)
		}
	}
}

func TestMaskOptions(t *testing.T) {
	t.Parallel()
	// The second CNPJ passes for a card.
	const text = "529.982.247-25 11.222.333/0001-81 11222001000105 4111 1111 1111 1111"
	tests := []struct {
		name string
		what brazil.MaskOptions
		want string
	}{
		{"CPF", brazil.MaskOptions{CPF: true}, "•••.•••.•47-25 11.222.333/0001-81 11222001000105 4111 1111 1111 1111"},
		{"CNPJ", brazil.MaskOptions{CNPJ: true}, "529.982.247-25 ••.•••.•••/••01-81 ••••••••••0105 4111 1111 1111 1111"},
		{"cards", brazil.MaskOptions{Cards: true}, "529.982.247-25 11.222.333/0001-81 11222001000105 •••• •••• •••• 1111"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := brazil.Mask(text, tt.what); got != tt.want {
				t.Errorf("Mask = %q, want %q", got, tt.want)
			}
		})
	}
}

func inFours(digits, between string) string {
	var groups []string
	for len(digits) > 4 {
		groups, digits = append(groups, digits[:4]), digits[4:]
	}
	return strings.Join(append(groups, digits), between)
}

func TestMaskCardThatIsACNPJ(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"11222001000105": "11222001000105", "cartão 11222001000105": "cartão ••••••••••0105", "cartão 11222333000181": "cartão 11222333000181",
	} {
		if got := brazil.Mask(text, brazil.MaskOptions{Cards: true}); got != want {
			t.Errorf("Mask(%q) = %q, want %q", text, got, want)
		}
	}
}

// Of these, the readable end of one number and what follows it would pass for another one.
func TestMaskTwice(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"00.010.001/0001-171052 3165 0001 0000 6", "52998224725.529.982.247-25", "1000 0000 0000 9/52998224725",
		"529.982.247-25wamid.52998224725", "00.001.000/0001-065000 0000 0010 0000 07-Z0.000.000/0000-01",
		"4111-1111-1111-1111-Z0.000.000/0000-01",
	} {
		for i := range 8 {
			checkMask(t, text, brazil.MaskOptions{CPF: i&1 > 0, Cards: i&2 > 0, CNPJ: i&4 > 0})
		}
	}
}

func TestMaskHidesWhatIsValid(t *testing.T) {
	t.Parallel()
	all := brazil.MaskOptions{CPF: true, Cards: true, CNPJ: true}
	words := rapid.SampledFrom([]string{"", " ", "segue: ", "(", "é “", "cpf=", "\n", "https://x.br/?d="})
	rapid.Check(t, func(t *rapid.T) {
		shown := []string{
			brazil.FormatCPF(cpfs().Draw(t, "cpf")), brazil.FormatCNPJ(cnpjs().Draw(t, "cnpj")),
			inFours(cards().Draw(t, "card"), rapid.SampledFrom([]string{" ", "-"}).Draw(t, "between")),
		}
		for _, s := range shown {
			before, after := words.Draw(t, "before"), rapid.SampledFrom([]string{"", ".", ", ok", ")", "\n"}).Draw(t, "after")
			got := brazil.Mask(before+s+after, all)
			want := []rune(before)
			hidden := -4
			for _, r := range s {
				if unicode.IsLetter(r) || unicode.IsDigit(r) {
					hidden++
				}
			}
			for _, r := range s {
				if hidden > 0 && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
					hidden--
					r = '•'
				}
				want = append(want, r)
			}
			if got != string(want)+after {
				t.Fatalf("Mask(%q) = %q, want %q", before+s+after, got, string(want)+after)
			}
		}
	})
}

// pieces draws texts out of what numbers are made of.
func pieces() *rapid.Generator[string] {
	piece := rapid.OneOf(
		cpfs(), cnpjs(), cards(), phones(),
		rapid.Map(cpfs(), brazil.FormatCPF), rapid.Map(cnpjs(), brazil.FormatCNPJ),
		rapid.Map(cards(), func(s string) string { return inFours(s, " ") }), rapid.Map(cards(), func(s string) string { return inFours(s, "-") }),
		rapid.StringMatching(`[0-9]{1,5}`), rapid.StringMatching(`[0-9A-Za-z./ %+-]{0,6}`),
		rapid.SampledFrom([]string{" ", "", ".", "-", "\n", "é", "•", "CPF ", "cnpj", "cartão ", "wamid.", "%", "_", "\xff", "٣", "–", "İ", "😀"}),
	)
	return rapid.Map(rapid.SliceOfN(piece, 0, 12), func(list []string) string { return strings.Join(list, "") })
}

func TestMaskProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := pieces().Draw(t, "text")
		what := brazil.MaskOptions{CPF: rapid.Bool().Draw(t, "cpf"), Cards: rapid.Bool().Draw(t, "cards"), CNPJ: rapid.Bool().Draw(t, "cnpj")}
		checkMask(t, text, what)
		for _, cnpj := range brazil.FindCNPJ(text) {
			if !brazil.ValidCNPJ(cnpj) {
				t.Fatalf("FindCNPJ(%q) found %q", text, cnpj)
			}
		}
	})
}

func checkMask(t interface{ Fatalf(string, ...any) }, text string, what brazil.MaskOptions) {
	got := brazil.Mask(text, what)
	if a, b := utf8.RuneCountInString(text), utf8.RuneCountInString(got); a != b {
		t.Fatalf("Mask(%q) = %q: %d characters became %d", text, got, a, b)
	}
	if again := brazil.Mask(got, what); again != got {
		t.Fatalf("Mask(%q) = %q, masked again %q", text, got, again)
	}
	before := []rune(text)
	for i, r := range []rune(got) {
		if was := before[i]; r != was && (r != '•' || was > 'z' || !unicode.IsLetter(was) && !unicode.IsDigit(was)) {
			t.Fatalf("Mask(%q) = %q: %q became %q", text, got, was, r)
		}
	}
}

func FuzzMask(f *testing.F) {
	for _, text := range []string{"", "529.982.247-25", "4111 1111 1111 1111 123", "12.ABC.345/01DE-35", "%3D52998224725", "wamid.", "cpf\xff1", "1%", "a%1"} {
		f.Add(text, true, true, true)
	}
	f.Fuzz(func(t *testing.T, text string, cpf, card, cnpj bool) {
		checkMask(t, text, brazil.MaskOptions{CPF: cpf, Cards: card, CNPJ: cnpj})
		brazil.FindCNPJ(text)
	})
}

// hostile lists texts of about 60 kB that keep a search for numbers busy.
func hostile() map[string]string {
	return map[string]string{
		"digits":  strings.Repeat("1", 60_000),
		"fours":   strings.Repeat("4111 ", 12_000),
		"joined":  strings.Repeat("a-4111 1111 ", 5_000),
		"threes":  strings.Repeat("529.982.", 7_500),
		"letters": strings.Repeat("A1", 30_000),
		"words":   strings.Repeat("cpf ", 15_000),
		"valid":   strings.Repeat("529.982.247-25 ", 4_000),
		"ids":     strings.Repeat("wamid.", 10_000),
	}
}

// A search whose time grew with the square of the length would take minutes.
func TestMaskIsFast(t *testing.T) {
	t.Parallel()
	for name, text := range hostile() {
		deadline := time.Now().Add(20 * time.Second)
		brazil.Mask(strings.Repeat(text, 20), brazil.MaskOptions{CPF: true, Cards: true, CNPJ: true})
		if time.Now().After(deadline) {
			t.Errorf("%s: 1.2 MB took more than 20 s", name)
		}
	}
}

func BenchmarkMask(b *testing.B) {
	for name, text := range hostile() {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				brazil.Mask(text, brazil.MaskOptions{CPF: true, Cards: true, CNPJ: true})
			}
		})
	}
}
