package conversation

import "github.com/ponte-desk/ponte/bridge/brazil"

// Person is somebody on WhatsApp as an update names them. At least one of UserID and WaID is set.
type Person struct {
	UserID       string // business-scoped user id
	ParentUserID string
	WaID         string // exactly as WhatsApp gave it
	Phone        string // canonical form of WaID
	// Before is the ids that WhatsApp says the same person had until now: it changed its phone, or was given a new id.
	Before []Person
}

// Resolved is who a person is among our contacts.
type Resolved struct {
	Contact string
	// Same is another contact that the update shows to be the same person; "" mostly. The two should become one.
	Same string
	// Lost is a contact whose phone the person has now: the number was given to somebody new. "" mostly.
	Lost string
}

// PhoneForms lists the forms under which somebody may hold the contact's phone, in digits; nil when it is not known.
func (c Contact) PhoneForms() []string {
	if c.WaID == "" {
		return nil
	}
	return brazil.PhoneVariants(c.WaID)
}

// CNPJForms lists the forms under which an account may hold a CNPJ, given as it is kept.
func CNPJForms(cnpj string) []string { return []string{cnpj, brazil.FormatCNPJ(cnpj)} }

// ReadCNPJ reads a CNPJ as people write it into the 14 characters under which it is kept; ok is false when it is none.
func ReadCNPJ(text string) (cnpj string, ok bool) { return brazil.NormalizeCNPJ(text) }

// SamePhone tells whether two international numbers, in digits, are one phone: WhatsApp drops a Brazilian mobile's ninth digit
// at will.
func SamePhone(a, b string) bool { return brazil.CanonicalPhone(a) == brazil.CanonicalPhone(b) }

// Person is the contact as WhatsApp names it.
func (c Contact) Person() Person {
	p := Person{UserID: c.UserID, WaID: c.WaID}
	if c.WaID != "" {
		p.Phone = brazil.CanonicalPhone(c.WaID)
	}
	return p
}
