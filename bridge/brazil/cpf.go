package brazil

// lenCPF is nine digits and two check digits.
const lenCPF = 11

// ValidCPF tells whether eleven digits, normalised, are a CPF: their check digits are right, and they are not all equal. About
// one in a hundred mobile phones passes as well: see Mask for telling them apart.
func ValidCPF(s string) bool {
	if len(s) != lenCPF || onlyDigits(s) != s || allEqual(s) {
		return false
	}
	return s[lenCPF-2] == cpfCheck(s[:lenCPF-2]) && s[lenCPF-1] == cpfCheck(s[:lenCPF-1])
}

// cpfCheck is the check digit that follows s: weights from the right, 2 and up.
func cpfCheck(s string) byte {
	sum := 0
	for i := range len(s) {
		sum += int(s[i]-'0') * (len(s) + 1 - i)
	}
	return checkDigit(sum)
}

// NormalizeCPF reads a CPF as people type it, with its punctuation, with spaces or bare. It returns the eleven digits; ok is
// false, and the result empty, when it is none.
func NormalizeCPF(s string) (cpf string, ok bool) {
	s = bare(s)
	if !ValidCPF(s) {
		return "", false
	}
	return s, true
}

// FormatCPF shows a normalised CPF as people write it, 529.982.247-25. Anything of another length stays as it is.
func FormatCPF(cpf string) string {
	if len(cpf) != lenCPF {
		return cpf
	}
	return cpf[:3] + "." + cpf[3:6] + "." + cpf[6:9] + "-" + cpf[9:]
}

// mobileLike tells whether eleven digits could be a mobile phone with its area code.
func mobileLike(digits string) bool {
	return ValidDDD(digits[:lenDDD]) && digits[lenDDD:lenDDD+len(ninth)] == ninth
}
