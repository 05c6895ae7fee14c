// Package brazil knows what is particular to Brazil: its phone numbers, the numbers of its companies and people, and its holidays.
package brazil

import (
	"errors"
	"regexp"
	"strings"
)

// What is wrong with a typed phone number.
var (
	ErrPhoneEmpty      = errors.New("phone number without digits")
	ErrPhoneLength     = errors.New("phone number of a wrong length: it needs its area code, and no more than an international number has")
	ErrPhoneDDD        = errors.New("phone number with an area code that does not exist")
	ErrPhoneSubscriber = errors.New("phone number that Brazil does not give out: nine digits begin with 9, eight with 2 to 9")
)

const (
	country   = "55"
	lenDDD    = 2
	lenLocal  = 8 // landlines, and mobiles without their ninth digit
	ninth     = "9"
	lenOld    = len(country) + lenDDD + lenLocal
	lenMobile = lenOld + len(ninth)
)

// Shortest and longest number of another country, after its "+".
//
// Source: ITU-T E.164; no country has numbers of fewer digits in all.
const (
	leastInternational = 7
	mostInternational  = 15
)

// ddd is the 67 area codes.
//
// Source: https://github.com/google/libphonenumber, the entry of Brazil.
var ddd = regexp.MustCompile(`^(?:[14689][1-9]|2[12478]|3[1-578]|5[13-5]|7[13-579])$`)

// ValidDDD tells whether two digits are an area code of Brazil.
func ValidDDD(digits string) bool { return ddd.MatchString(digits) }

// CanonicalPhone is the form under which a phone is known, whichever way WhatsApp or Zendesk hold it: a Brazilian mobile gets
// the ninth digit, everything else stays. It takes the digits of a whole international number, without "+".
func CanonicalPhone(digits string) string {
	if brazilian(digits, lenOld) && mobile(digits[lenOld-lenLocal:]) {
		return digits[:lenOld-lenLocal] + ninth + digits[lenOld-lenLocal:]
	}
	return digits
}

// PhoneVariants lists the forms under which a phone may be stored somewhere: itself first, then a Brazilian mobile's other
// form. It takes what CanonicalPhone takes. A landline that looks like a mobile without its ninth digit is somebody else's.
func PhoneVariants(digits string) []string {
	if canonical := CanonicalPhone(digits); canonical != digits {
		return []string{digits, canonical}
	}
	if brazilian(digits, lenMobile) {
		head, local := digits[:lenOld-lenLocal], digits[lenMobile-lenLocal:]
		if digits[len(head):len(head)+len(ninth)] == ninth && mobile(local) {
			return []string{digits, head + local}
		}
	}
	return []string{digits}
}

// brazilian tells whether digits is a number of Brazil of that length. Its beginning alone tells nothing: 55 is an area code
// as well.
func brazilian(digits string, length int) bool {
	return len(digits) == length && onlyDigits(digits) == digits && strings.HasPrefix(digits, country) &&
		ValidDDD(digits[len(country):len(country)+lenDDD])
}

// mobile tells whether eight digits are a mobile's without the ninth.
func mobile(local string) bool { return local[0] >= '6' }

// ParsePhone reads a number as people type it and returns the digits of the international number. Brazilian ones may lack
// their country code, and may have a trunk zero and a carrier's code; others begin with "+". The ninth digit is left as it was
// typed: see CanonicalPhone. The error is one of the ErrPhone variables.
func ParsePhone(typed string) (digits string, err error) {
	digits = onlyDigits(typed)
	before, _, _ := strings.Cut(typed, digits[:min(len(digits), 1)])
	plus := digits != "" && strings.Contains(before, "+")
	switch {
	case digits == "":
		return "", ErrPhoneEmpty
	case plus && !strings.HasPrefix(digits, country):
		return international(digits)
	case plus || len(digits) >= lenOld && strings.HasPrefix(digits, country):
		return national(strings.TrimPrefix(digits, country))
	}
	return national(digits)
}

func international(digits string) (string, error) {
	if len(digits) < leastInternational || len(digits) > mostInternational || digits[0] == '0' {
		return "", ErrPhoneLength
	}
	return digits, nil
}

// national reads a number without country code: area code and subscriber, maybe with a trunk zero and a carrier before.
func national(digits string) (string, error) {
	const (
		long  = lenMobile - len(country)
		short = lenOld - len(country)
		carry = 2 // digits of a carrier's code
	)
	if trunk, ok := strings.CutPrefix(digits, "0"); ok {
		digits = trunk
		if len(digits) == short+carry || len(digits) == long+carry {
			digits = digits[carry:]
		}
	}
	switch {
	case len(digits) != short && len(digits) != long:
		return "", ErrPhoneLength
	case !ValidDDD(digits[:lenDDD]):
		return "", ErrPhoneDDD
	case len(digits) == long && digits[lenDDD] != '9', digits[lenDDD] < '2':
		return "", ErrPhoneSubscriber
	}
	return country + digits, nil
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}
