package brazil_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/bridge/brazil"
)

func TestPhoneForms(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name      string
		digits    string
		canonical string
		variants  []string
	}{
		{"mobile", "5511987654321", "5511987654321", []string{"5511987654321", "551187654321"}},
		{"mobile in its old form", "553198765432", "5531998765432", []string{"553198765432", "5531998765432"}},
		{"mobile in its new form", "5531998765432", "5531998765432", []string{"5531998765432", "553198765432"}},
		{"landline", "551130041234", "551130041234", []string{"551130041234"}},
		{"mobile whose short form is a landline", "5511932345678", "5511932345678", []string{"5511932345678"}},
		{"area code 55", "5555998765432", "5555998765432", []string{"5555998765432", "555598765432"}},
		{"area code 55 in its old form", "555598765432", "5555998765432", []string{"555598765432", "5555998765432"}},
		{"subscriber from 6 on is a mobile", "551161234567", "5511961234567", []string{"551161234567", "5511961234567"}},
		{"subscriber up to 5 is a landline", "551151234567", "551151234567", []string{"551151234567"}},
		{"no such area code", "552098765432", "552098765432", []string{"552098765432"}},
		{"no such area code, new form", "5520987654321", "5520987654321", []string{"5520987654321"}},
		{"nine digits without the ninth", "5511887654321", "5511887654321", []string{"5511887654321"}},
		{"ten digits of another country", "5598765432", "5598765432", []string{"5598765432"}},
		{"Portugal", "351912345678", "351912345678", []string{"351912345678"}},
		{"Mexico", "5215512345678", "5215512345678", []string{"5215512345678"}},
		{"not digits", "55119876-432", "55119876-432", []string{"55119876-432"}},
		{"empty", "", "", []string{""}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := brazil.CanonicalPhone(tt.digits); got != tt.canonical {
				t.Errorf("CanonicalPhone(%q) = %q, want %q", tt.digits, got, tt.canonical)
			}
			if diff := cmp.Diff(tt.variants, brazil.PhoneVariants(tt.digits)); diff != "" {
				t.Errorf("PhoneVariants(%q) (-want +got):\n%s", tt.digits, diff)
			}
		})
	}
}

func TestParsePhone(t *testing.T) {
	t.Parallel()
	tests := []struct {
		typed string
		want  string
		err   error
	}{
		{typed: "5511987654321", want: "5511987654321"},
		{typed: "553198765432", want: "553198765432"},
		{typed: "551130041234", want: "551130041234"},
		{typed: "5555998765432", want: "5555998765432"},
		{typed: "55 9 9876-5432", want: "5555998765432"},
		{typed: "55 9876-5432", want: "555598765432"},
		{typed: "(31) 99876-5432", want: "5531998765432"},
		{typed: "011 3004-1234", want: "551130041234"},
		{typed: "0 15 11 98765-4321", want: "5511987654321"},
		{typed: "0 21 11 3004-1234", want: "551130041234"},
		{typed: "0 55 11 98765 4321", want: "5511987654321"},
		{typed: "+55 (11) 98765-4321", want: "5511987654321"},
		{typed: "+55 (0) 11 98765-4321", want: "5511987654321"},
		{typed: "(+55) 11 98765-4321", want: "5511987654321"},
		{typed: "+55 55 9 9876-5432", want: "5555998765432"},
		{typed: "+351 912 345 678", want: "351912345678"},
		{typed: "+1 (415) 555-2671", want: "14155552671"},
		{typed: " tel.: 11 98765.4321 ", want: "5511987654321"},
		{typed: "", err: brazil.ErrPhoneEmpty},
		{typed: "+", err: brazil.ErrPhoneEmpty},
		{typed: "sem telefone", err: brazil.ErrPhoneEmpty},
		{typed: "98765-4321", err: brazil.ErrPhoneLength},
		{typed: "4004-1234", err: brazil.ErrPhoneLength},
		{typed: "351 912 345 678", err: brazil.ErrPhoneLength},
		{typed: "1130041234 ramal 12", err: brazil.ErrPhoneLength},
		{typed: "00 55 11 98765-4321", err: brazil.ErrPhoneLength},
		{typed: "+55 11 987", err: brazil.ErrPhoneLength},
		{typed: "+123456", err: brazil.ErrPhoneLength},
		{typed: "+1234567890123456", err: brazil.ErrPhoneLength},
		{typed: "+0 11 98765-4321", err: brazil.ErrPhoneLength},
		{typed: "11 98765-4321 + 2", err: brazil.ErrPhoneLength},
		{typed: "5520987654321", err: brazil.ErrPhoneDDD},
		{typed: "(20) 98765-4321", err: brazil.ErrPhoneDDD},
		{typed: "0800 123 4567", err: brazil.ErrPhoneDDD},
		{typed: "+55 10 3004-1234", err: brazil.ErrPhoneDDD},
		{typed: "11 88765-4321", err: brazil.ErrPhoneSubscriber},
		{typed: "11 1234-5678", err: brazil.ErrPhoneSubscriber},
		{typed: "11 0234-5678", err: brazil.ErrPhoneSubscriber},
	}
	for _, tt := range tests {
		t.Run(tt.typed, func(t *testing.T) {
			t.Parallel()
			got, err := brazil.ParsePhone(tt.typed)
			if got != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("ParsePhone(%q) = %q, %v, want %q, %v", tt.typed, got, err, tt.want, tt.err)
			}
		})
	}
}

// areaCodes is the list of reference, beside the pattern that the package holds.
func areaCodes() []string {
	return []string{
		"11", "12", "13", "14", "15", "16", "17", "18", "19", "21", "22", "24", "27", "28", "31", "32", "33", "34", "35", "37", "38",
		"41", "42", "43", "44", "45", "46", "47", "48", "49", "51", "53", "54", "55", "61", "62", "63", "64", "65", "66", "67", "68", "69",
		"71", "73", "74", "75", "77", "79", "81", "82", "83", "84", "85", "86", "87", "88", "89", "91", "92", "93", "94", "95", "96", "97",
		"98", "99",
	}
}

func TestValidDDD(t *testing.T) {
	t.Parallel()
	valid := areaCodes()
	if len(valid) != 67 {
		t.Fatalf("the list has %d area codes, Brazil has 67", len(valid))
	}
	for n := range 100 {
		digits := fmt.Sprintf("%02d", n)
		if got, want := brazil.ValidDDD(digits), slices.Contains(valid, digits); got != want {
			t.Errorf("ValidDDD(%q) = %v, want %v", digits, got, want)
		}
	}
	for _, wrong := range []string{"", "1", "111", " 11", "11\n", "1a"} {
		if brazil.ValidDDD(wrong) {
			t.Errorf("ValidDDD(%q) = true", wrong)
		}
	}
}

// phones draws digits that are often Brazilian.
func phones() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		if rapid.IntRange(0, 3).Draw(t, "kind") == 0 {
			return rapid.StringMatching(`[0-9]{0,16}`).Draw(t, "any")
		}
		return "55" + rapid.SampledFrom(areaCodes()).Draw(t, "ddd") + rapid.StringMatching(`9?[2-9][0-9]{7}`).Draw(t, "subscriber")
	})
}

func TestCanonicalPhoneProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		digits := phones().Draw(t, "digits")
		canonical := brazil.CanonicalPhone(digits)
		if again := brazil.CanonicalPhone(canonical); again != canonical {
			t.Fatalf("canonical form %q of %q has the canonical form %q", canonical, digits, again)
		}
		variants := brazil.PhoneVariants(digits)
		if variants[0] != digits {
			t.Fatalf("variants of %q begin with %q", digits, variants[0])
		}
		if !slices.Contains(variants, canonical) {
			t.Fatalf("variants %q of %q lack its canonical form %q", variants, digits, canonical)
		}
		for _, v := range variants {
			if got := brazil.CanonicalPhone(v); got != canonical {
				t.Fatalf("variant %q of %q is somebody else's: %q", v, digits, got)
			}
			others := brazil.PhoneVariants(v)
			slices.Sort(others)
			if same := slices.Sorted(slices.Values(variants)); !slices.Equal(same, others) {
				t.Fatalf("%q has variants %q, its variant %q has %q", digits, same, v, others)
			}
		}
	})
}

func TestParsePhoneProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		local := rapid.SampledFrom(areaCodes()).Draw(t, "ddd") + rapid.StringMatching(`(9[0-9]{8}|[2-9][0-9]{7})`).Draw(t, "subscriber")
		prefix := rapid.SampledFrom([]string{"", "0", "015", "+55", "55", "+55 0", "(", " +55 ("}).Draw(t, "prefix")
		got, err := brazil.ParsePhone(prefix + local)
		if err != nil || got != "55"+local {
			t.Fatalf("ParsePhone(%q) = %q, %v", prefix+local, got, err)
		}
		if again, err := brazil.ParsePhone(got); err != nil || again != got {
			t.Fatalf("ParsePhone(%q) = %q, %v: what it returned once it does not take", got, again, err)
		}
	})
}

func FuzzParsePhone(f *testing.F) {
	for _, typed := range []string{"", "+", "55 9 9876-5432", "011 3004-1234", "+351 912 345 678", "٣٤٥"} {
		f.Add(typed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		got, err := brazil.ParsePhone(typed)
		if (got == "") != (err != nil) {
			t.Fatalf("ParsePhone(%q) = %q, %v", typed, got, err)
		}
		if again, err := brazil.ParsePhone("+" + got); got != "" && (err != nil || again != got) {
			t.Fatalf("ParsePhone(%q) = %q, %v: what it returned once it does not take", "+"+got, again, err)
		}
	})
}
