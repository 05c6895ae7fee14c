package whatsapp

// Media is a file of an image, video, audio, document or sticker message.
//
// Sources: https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media and the message
// reference pages image, video, audio, document and sticker.
type Media struct {
	// ID can be looked up for seven days.
	ID string
	// URL lives for five minutes and is often absent.
	URL string
	// MIME may carry parameters, such as "audio/ogg; codecs=opus".
	MIME string
	// SHA256 is in base64.
	SHA256  string
	Caption string
	// Filename is hostile input: never use it as a path.
	Filename string
	// Voice tells a recorded voice note from an audio file.
	Voice bool
	// Animated is true for moving stickers.
	Animated bool
}

func (d *decoder) media(v value) *Media {
	m := new(Media)
	for key, v := range d.object(v) {
		switch key {
		case "id":
			m.ID = d.text(v)
		case "url":
			m.URL = d.text(v)
		case "mime_type":
			m.MIME = d.text(v)
		case "sha256":
			m.SHA256 = d.text(v)
		case "caption":
			m.Caption = d.text(v)
		case "filename":
			m.Filename = d.text(v)
		case "voice":
			m.Voice = d.boolean(v)
		case "animated":
			m.Animated = d.boolean(v)
		}
	}
	return m
}

// Location is a place that was shared; name, address and URL are only there for a chosen place.
type Location struct {
	// Latitude and Longitude are in degrees.
	Latitude, Longitude float64

	Name    string
	Address string
	URL     string
}

func (d *decoder) location(v value) *Location {
	l := new(Location)
	for key, v := range d.object(v) {
		switch key {
		case "latitude":
			l.Latitude = d.float(v)
		case "longitude":
			l.Longitude = d.float(v)
		case "name":
			l.Name = d.text(v)
		case "address":
			l.Address = d.text(v)
		case "url":
			l.URL = d.text(v)
		}
	}
	return l
}
