package brazil

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Fewest and most digits of a payment card.
//
// Source: ISO/IEC 7812-1 for the most; the fewest are those of old cards.
const (
	leastCard = 13
	mostCard  = 19
)

// ValidCard tells whether digits may be a payment card: 13 to 19 of them, not all equal, that pass Luhn's check. One number in ten
// passes by chance.
func ValidCard(digits string) bool {
	if len(digits) < leastCard || len(digits) > mostCard || onlyDigits(digits) != digits || allEqual(digits) {
		return false
	}
	sum := 0
	for i := range len(digits) {
		n := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			n *= 2
			if n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}

// otherwise tells whether bare digits that pass for a card are more likely something else that passes by chance: the phone of a
// Brazilian mobile with its country code, or the barcode of a product. Cards of 13 digits all began with 4.
func otherwise(digits string) bool {
	return len(digits) == lenMobile && (brazilian(digits, lenMobile) || digits[0] != '4' && barcode(digits))
}

// barcode tells whether the last digit is the check digit of a GTIN-13: weights 1 and 3 in turn, the check digit's own is 1.
//
// Source: GS1 General Specifications, section 7.9.
func barcode(digits string) bool {
	sum := 0
	for i := range len(digits) {
		weight := 1
		if (len(digits)-1-i)%2 == 1 {
			weight = 3
		}
		sum += int(digits[i]-'0') * weight
	}
	return sum%10 == 0
}

// longestRow is how many digits a row of groups of four may have in which a card is looked for: one, and what may follow it.
// Longer rows are the keys of invoices and the like.
const longestRow = mostCard + 4

// card is where the card ends that begins here, 0 when none does. A row of groups that is too long for one is to be skipped whole.
func (p place) card() (to, skip int) {
	end := p.digits(p.from)
	if end-p.from >= leastCard {
		return p.bareCard(end), 0
	}
	row := p.row()
	if len(row) == 0 || !p.beginsWord() || p.international() || p.codedBefore() || p.leftOver() {
		return 0, 0
	}
	digits := make([]byte, 0, longestRow)
	ends := make([]int, 0, len(row))
	for _, g := range row {
		if len(digits)+g.to-g.from > longestRow {
			return 0, row[len(row)-1].to
		}
		digits = append(digits, p.text[g.from:g.to]...)
		ends = append(ends, len(digits))
	}
	for i, g := range slices.Backward(row) {
		if ValidCard(string(digits[:ends[i]])) && !p.codeGoesOn(g.to) {
			return g.to, 0
		}
	}
	return 0, 0
}

// bareCard is where the card ends that was written without separators, 0 when the digits are none.
func (p place) bareCard(end int) int {
	digits := p.text[p.from:end]
	if !ValidCard(digits) || !p.stands(end) {
		return 0
	}
	if !p.namedCard() && (p.international() || p.coded(end) || otherwise(digits)) {
		return 0
	}
	return end
}

func (p place) namedCard() bool { return p.named("cartão", "cartao", "card") }

func (p place) digits(i int) int {
	for i < len(p.text) && digit(p.text[i]) {
		i++
	}
	return i
}

// leftOver tells whether the digits are the readable end of a card that was masked.
func (p place) leftOver() bool {
	before := strings.TrimRightFunc(p.text[max(0, p.from-near):p.from], func(r rune) bool { return dash(r) || space(string(r)) > 0 })
	return strings.HasSuffix(before, string([]rune{masked, masked}))
}

// pointed tells whether punctuation and more letters or digits follow, as in the first group of a CPF.
func (p place) pointed(to int) bool {
	return to < len(p.text) && strings.IndexByte("./,-", p.text[to]) >= 0 && p.wordAt(to+1)
}

// codeGoesOn tells whether letters follow after a hyphen.
func (p place) codeGoesOn(to int) bool {
	return to+1 < len(p.text) && p.text[to] == '-' && !digit(p.text[to+1]) && p.wordAt(to+1)
}

// wordAt tells whether a letter or digit stands there, or stood before it was masked.
func (p place) wordAt(i int) bool {
	r, _ := utf8.DecodeRuneInString(p.text[i:])
	return r == masked || r < utf8.RuneSelf && word(byte(r))
}

// group is some digits of a row.
type group struct{ from, to int }

// row lists the groups of a row that begins here: of four digits each, the last may be shorter; or of 4, 6 and at last 5 or 4 as
// on some cards. One space or dash divides them.
func (p place) row() []group {
	var row []group
	for i := p.from; ; {
		end := p.digits(i)
		size := end - i
		odd := len(row) == 1 && size == 6 || len(row) == 2 && row[1].to-row[1].from == 6 && size == 5
		if size == 0 || size > 4 && !odd || !p.endsAt(end) || size < 4 && (len(row) == 0 || p.pointed(end)) {
			return row
		}
		row = append(row, group{i, end})
		gap := space(p.text[end:])
		if r, n := utf8.DecodeRuneInString(p.text[end:]); dash(r) {
			gap = n
		}
		if gap == 0 || size != 4 && !odd || len(row) == 3 && row[1].to-row[1].from != 4 {
			return row
		}
		i = end + gap
	}
}
