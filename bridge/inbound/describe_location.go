package inbound

import (
	"strconv"

	"github.com/ponte-desk/ponte/whatsapp"
)

// location is a place with its name, where it has one, its coordinates and a map.
func location(l *whatsapp.Location) string {
	if l == nil {
		return ""
	}
	const digits = 6 // about ten centimetres
	latitude := strconv.FormatFloat(l.Latitude, 'f', digits, 64)
	longitude := strconv.FormatFloat(l.Longitude, 'f', digits, 64)
	return "[Localização] " + lines(oneLine(l.Name), oneLine(l.Address), latitude+", "+longitude,
		"https://www.google.com/maps?q="+latitude+","+longitude, link(l.URL))
}
