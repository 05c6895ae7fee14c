package whatsapp

import "context"

// MediaMessage is a file to one customer. NumberID, To, ReplyTo and CallbackData are those of TextMessage.
type MediaMessage struct {
	NumberID, To, ReplyTo, CallbackData string
	// Kind is TypeImage, TypeAudio, TypeVideo, TypeDocument or TypeSticker.
	Kind string
	// MediaID is what Upload returned.
	MediaID string
	// Caption is the text below an image, video or document, at most MaxCaption UTF-16 units; other kinds have none.
	Caption string
	// Filename is what the customer sees of a document; its extension picks the icon. Other kinds do not show it.
	Filename string
	// Voice makes an audio a voice note.
	Voice bool
}

// mediaBody is a file in a message, or in the header of a template.
type mediaBody struct {
	ID       string `json:"id"`
	Caption  string `json:"caption,omitempty"`
	Filename string `json:"filename,omitempty"`
	Voice    bool   `json:"voice,omitempty"`
}

// SendMedia sends a file once. See Provider for its errors.
//
// Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages
func (a *api) SendMedia(ctx context.Context, m MediaMessage) (Sent, error) {
	if err := m.validate(); err != nil {
		return Sent{}, err
	}
	return a.send(ctx, m.NumberID, m.payload())
}

func (m MediaMessage) envelope() envelope {
	return envelope{m.NumberID, m.To, m.ReplyTo, m.CallbackData}
}

func (m MediaMessage) validate() error {
	caption := units(m.Caption)
	switch m.Kind {
	case TypeImage, TypeVideo, TypeDocument:
		if caption > MaxCaption {
			return invalid("caption of %d units, at most %d", caption, MaxCaption)
		}
	case TypeAudio, TypeSticker:
		if caption > 0 {
			return invalid("a caption, which the kind %s cannot carry", m.Kind)
		}
	default:
		return invalid("kind of file %q", m.Kind)
	}
	switch {
	case m.Voice && m.Kind != TypeAudio:
		return invalid("a voice note of the kind %s", m.Kind)
	case !isPathSegment(m.MediaID):
		return invalid("media id")
	}
	return m.envelope().validate()
}

func (m MediaMessage) payload() payload {
	p := m.envelope().payload(m.Kind)
	file := &mediaBody{ID: m.MediaID, Caption: m.Caption, Voice: m.Voice}
	switch m.Kind {
	case TypeImage:
		p.Image = file
	case TypeAudio:
		p.Audio = file
	case TypeVideo:
		p.Video = file
	case TypeDocument:
		file.Filename = m.Filename
		p.Document = file
	case TypeSticker:
		p.Sticker = file
	}
	return p
}
