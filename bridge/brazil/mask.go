package brazil

import "strings"

// masked stands in the place of what is not to be read.
const masked = '•'

// kept is how many letters and digits of a masked number stay readable, at its end.
const kept = 4

// MaskOptions says what Mask hides.
type MaskOptions struct {
	CPF   bool
	Cards bool
	CNPJ  bool
}

// Mask hides numbers of people, companies and payment cards in a text: their letters and digits but the last four become "•",
// their punctuation stays, as in "•••.•••.•47-25" and "•••• •••• •••• 1111". The text keeps its length in characters, and what
// was masked once is not changed again.
//
// Found is what has valid check digits and is not a part of a longer run of letters and digits; addresses of the web are looked
// into as well. Left alone are:
//   - eleven bare digits that could be a mobile phone, or that follow a plus sign, without the word CPF shortly before;
//   - bare digits joined to a code by a hyphen, and message ids of WhatsApp;
//   - bare digits that pass for a card but are a CNPJ, a phone with its country code or a barcode, without the word "cartão" or
//     "card" shortly before;
//   - rows of more than 23 digits in groups of four, such as the key of an invoice.
//
// A card may be bare, in groups of four that one space or dash divides, or in groups of 4, 6 and 5 or 4.
func Mask(text string, what MaskOptions) string {
	hide := map[kind]bool{foundCNPJ: what.CNPJ, foundCPF: what.CPF, foundCard: what.Cards}
	if what == (MaskOptions{}) {
		return text
	}
	var b strings.Builder
	done := 0
	for _, f := range find(text) {
		if !hide[f.kind] {
			continue
		}
		b.WriteString(text[done:f.from])
		maskOne(&b, text[f.from:f.to])
		done = f.to
	}
	b.WriteString(text[done:])
	return b.String()
}

func maskOne(b *strings.Builder, number string) {
	hidden := -kept
	for i := range len(number) {
		if word(number[i]) {
			hidden++
		}
	}
	for i := range len(number) {
		if hidden > 0 && word(number[i]) {
			b.WriteRune(masked)
			hidden--
			continue
		}
		b.WriteByte(number[i])
	}
}
