package brazil

import (
	"slices"
	"strings"
	"unicode"
)

// Positions of a CNPJ: twelve of digits and letters, then two check digits.
//
// Source: Instrução Normativa RFB 2.229/2024; letters are given out since July 2026.
const (
	lenCNPJ     = 14
	lenCNPJBase = 12
)

// ValidCNPJ tells whether 14 characters, normalised, are a CNPJ: digits or capital letters, and check digits that are right.
// Numeric and alphanumeric ones are taken alike; 14 equal characters are refused, although their sum passes.
func ValidCNPJ(s string) bool {
	if len(s) != lenCNPJ || allEqual(s) {
		return false
	}
	for i := range lenCNPJBase {
		if !digit(s[i]) && (s[i] < 'A' || s[i] > 'Z') {
			return false
		}
	}
	return s[lenCNPJBase] == cnpjCheck(s[:lenCNPJBase]) && s[lenCNPJBase+1] == cnpjCheck(s[:lenCNPJBase+1])
}

// cnpjCheck is the check digit that follows s: weights 2 to 9 from the right, again and again.
func cnpjCheck(s string) byte {
	sum, weight := 0, 2
	for i := len(s) - 1; i >= 0; i-- {
		sum += int(s[i]-'0') * weight
		if weight++; weight > 9 {
			weight = 2
		}
	}
	return checkDigit(sum)
}

// checkDigit is the digit that a weighted sum asks for, of CNPJ and CPF alike.
func checkDigit(sum int) byte {
	if rest := sum % 11; rest >= 2 {
		return byte('0' + 11 - rest)
	}
	return '0'
}

// NormalizeCNPJ reads a CNPJ as people type it: in small letters too, with its punctuation, with spaces or bare. It returns the
// 14 characters under which it is kept and compared; ok is false, and the result empty, when it is none.
func NormalizeCNPJ(s string) (cnpj string, ok bool) {
	s = bare(s)
	if !ValidCNPJ(s) {
		return "", false
	}
	return s, true
}

// FormatCNPJ shows a normalised CNPJ as people write it, 12.ABC.345/01DE-35. Anything of another length stays as it is.
func FormatCNPJ(cnpj string) string {
	if len(cnpj) != lenCNPJ {
		return cnpj
	}
	return cnpj[:2] + "." + cnpj[2:5] + "." + cnpj[5:8] + "/" + cnpj[8:12] + "-" + cnpj[12:]
}

// FindCNPJ lists the CNPJs that stand in a text, normalised, each once, in the order in which they come. They may be written
// with punctuation, with spaces or bare; their check digits must be right, so that order codes and message ids are not taken
// for one.
func FindCNPJ(text string) []string {
	var list []string
	for _, f := range find(text) {
		if f.kind != foundCNPJ {
			continue
		}
		if cnpj := bare(text[f.from:f.to]); !slices.Contains(list, cnpj) {
			list = append(list, cnpj)
		}
	}
	return list
}

// bare takes punctuation and spaces out of a CNPJ or CPF and makes its letters capital. Nothing else is taken out, so that what
// stays can be refused.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '.' || r == '/' || dash(r) || unicode.IsSpace(r):
			return -1
		case r >= 'a' && r <= 'z':
			return r - ('a' - 'A')
		}
		return r
	}, s)
}

// dash tells whether a character is a hyphen, or a dash that a keyboard puts in its place.
func dash(r rune) bool { return r == '-' || r >= '\u2010' && r <= '\u2013' || r == '\u2212' }

func digit(c byte) bool { return c >= '0' && c <= '9' }

func letter(c byte) bool { return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' }

func allEqual(s string) bool { return s == strings.Repeat(s[:1], len(s)) }
