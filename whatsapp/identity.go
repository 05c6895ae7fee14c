package whatsapp

import "strings"

// IsUserID reports whether s has the form of a business-scoped user id, such as "BR.1502576394655843" or "BR.ENT.118157992".
//
// Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids
func IsUserID(s string) bool {
	if len(s) < 4 || !isUpper(s[0]) || !isUpper(s[1]) || s[2] != '.' {
		return false
	}
	id := strings.TrimPrefix(s[3:], "ENT.")
	if id == "" || len(id) > 128 {
		return false
	}
	for i := range len(id) {
		if !isAlphanumeric(id[i]) {
			return false
		}
	}
	return true
}

func isUpper(b byte) bool { return b >= 'A' && b <= 'Z' }

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

func isAlphanumeric(b byte) bool { return isUpper(b) || b >= 'a' && b <= 'z' || isDigit(b) }

// A phone has at most 15 digits (ITU-T E.164); 7 is the shortest in use with its country code.
const (
	minPhone = 7
	maxPhone = 15
)

// isPhone reports whether s is a phone in digits only.
func isPhone(s string) bool {
	if len(s) < minPhone || len(s) > maxPhone {
		return false
	}
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return true
}

// digits returns a phone without what people write between its digits. The API accepts a plus sign, spaces, hyphens and
// parentheses.
func digits(phone string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("+ -()", r) {
			return -1
		}
		return r
	}, phone)
}
