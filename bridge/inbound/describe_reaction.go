package inbound

import "github.com/ponte-desk/ponte/whatsapp"

// reaction is an emoji on a message, or that it was taken back.
func reaction(r *whatsapp.Reaction) string {
	const most = 20 // characters: some emoji are put together from ten
	if r == nil || r.Removed() {
		return "(retirou a reação)"
	}
	return "(reagiu com " + shortLine(r.Emoji, most) + ")"
}
