package conversation

import (
	"strings"
	"time"

	"github.com/ponte-desk/ponte/bridge/brazil"
)

// Context is the ticket fields that the conversation itself tells, by name; number is what people call the WhatsApp number, zone
// the operation's.
func (t Thread) Context(number string, zone *time.Location) map[string]string {
	c := t.Conversation
	p := c.Procedure
	fields := map[string]string{
		FieldSession: c.Session, FieldNumber: number, FieldContactName: t.Contact.Name, FieldCatalogue: p.Category,
	}
	if t.Contact.WaID != "" {
		fields[FieldContactPhone] = "+" + t.Contact.WaID
	}
	switch {
	case p.Organization != nil && p.Organization.CNPJ != "":
		fields[FieldCNPJ] = brazil.FormatCNPJ(p.Organization.CNPJ)
	case p.Bot != nil && p.Bot.CNPJ != "":
		fields[FieldCNPJ] = brazil.FormatCNPJ(p.Bot.CNPJ)
	}
	if !p.Derived.IsZero() {
		fields[FieldDerived] = p.Derived.In(zone).Format("02/01/2006 15:04:05")
	}
	for name, value := range fields {
		if strings.TrimSpace(value) == "" {
			delete(fields, name)
		}
	}
	return fields
}
