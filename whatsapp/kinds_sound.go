package whatsapp

import "bytes"

// Sound says what WhatsApp makes of a recording.
type Sound string

// What a recording may be.
const (
	// SoundNone is no recording that WhatsApp takes.
	SoundNone Sound = ""
	// SoundVoice can be sent as a voice message.
	SoundVoice Sound = "voice"
	// SoundAudio can be sent, but not as a voice message.
	SoundAudio Sound = "audio"
	// SoundRefused looks like a recording that WhatsApp takes, and is not.
	SoundRefused Sound = "refused"
)

// SoundAdvice says what WhatsApp takes as a recording, to the agent, in Brazilian Portuguese.
const SoundAdvice = "o WhatsApp aceita gravações em OGG/Opus de um só canal (mono), M4A, MP3, AAC ou AMR. Grave ou converta o áudio para um desses formatos."

// SoundOf tells what WhatsApp makes of a recording by its true type (see Sniff) and its first bytes: of Ogg it takes Opus with one channel
// alone, and only that as a voice message.
//
// Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media
func SoundOf(mimeType string, head []byte) Sound {
	kind, _, ok := KindOf(mimeType, false)
	base, _ := splitType(mimeType)
	switch {
	case base == "audio/ogg" || base == "application/ogg":
		if channels, opus := opusChannels(head); opus && channels == 1 {
			return SoundVoice
		}
		return SoundRefused
	case ok && kind == TypeAudio:
		return SoundAudio
	}
	return SoundNone
}

// opusChannels reads how many channels an Ogg's Opus stream has. Source: https://www.rfc-editor.org/rfc/rfc7845#section-5.1.
func opusChannels(head []byte) (channels int, opus bool) {
	const magic = "OpusHead"
	i := bytes.Index(head, []byte(magic))
	at := i + len(magic) + 1 // behind the version
	if i < 0 || at >= len(head) {
		return 0, false
	}
	return int(head[at]), true
}
