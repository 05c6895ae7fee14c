package settings

import "github.com/ponte-desk/ponte/bridge/brazil"

// Text is a text with everything made unreadable that the settings say.
func (m Mask) Text(s string) string {
	if m == (Mask{}) {
		return s
	}
	return brazil.Mask(s, brazil.MaskOptions{CPF: m.CPF, Cards: m.Cards, CNPJ: m.CNPJ})
}
