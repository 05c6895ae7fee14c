package whatsapp_test

import (
	"strings"
	"testing"

	"github.com/ponte-desk/ponte/whatsapp"
)

// oggOf is the beginning of an Ogg file with a stream's first packet.
func oggOf(packet string) []byte {
	return []byte("OggS\x00\x02" + strings.Repeat("\x00", 20) + "\x01" + string(rune(len(packet))) + packet)
}

// TestSoundOf is what WhatsApp makes of recordings.
func TestSoundOf(t *testing.T) {
	t.Parallel()
	const opus = "audio/ogg; codecs=opus"
	head := func(channels string) []byte {
		return oggOf("OpusHead\x01" + channels + "\x38\x01\x80\xbb\x00\x00\x00\x00\x00")
	}
	for name, tt := range map[string]struct {
		mime string
		head []byte
		want whatsapp.Sound
	}{
		"opus, mono":       {opus, head("\x01"), whatsapp.SoundVoice},
		"opus, stereo":     {opus, head("\x02"), whatsapp.SoundRefused},
		"opus, cut short":  {opus, oggOf("OpusHead\x01"), whatsapp.SoundRefused},
		"vorbis":           {"audio/ogg; codecs=vorbis", oggOf("\x01vorbis"), whatsapp.SoundRefused},
		"ogg of something": {"application/ogg", oggOf("\x80theora"), whatsapp.SoundRefused},
		"mp4":              {"audio/mp4", nil, whatsapp.SoundAudio},
		"mp3":              {"audio/mpeg", nil, whatsapp.SoundAudio},
		"aac":              {"audio/aac", nil, whatsapp.SoundAudio},
		"amr":              {"audio/amr", nil, whatsapp.SoundAudio},
		"webm":             {"audio/webm", nil, whatsapp.SoundNone},
		"webm by its look": {"video/webm", nil, whatsapp.SoundNone},
		"wav":              {"audio/wav", nil, whatsapp.SoundNone},
		"film":             {"video/mp4", nil, whatsapp.SoundNone},
		"pdf":              {"application/pdf", nil, whatsapp.SoundNone},
		"nothing":          {"", nil, whatsapp.SoundNone},
	} {
		if got := whatsapp.SoundOf(tt.mime, tt.head); got != tt.want {
			t.Errorf("%s is %q, want %q", name, got, tt.want)
		}
	}
}
