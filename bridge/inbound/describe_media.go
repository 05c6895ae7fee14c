package inbound

import (
	"encoding/base64"
	"encoding/hex"
	"strings"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/whatsapp"
)

// mediaName is what people call a kind of file.
func mediaName(m *whatsapp.Message) string {
	switch m.Type {
	case whatsapp.TypeImage:
		return "Imagem"
	case whatsapp.TypeVideo:
		return "Vídeo"
	case whatsapp.TypeSticker:
		return "Figurinha"
	case whatsapp.TypeDocument:
		return "Documento"
	}
	if spoken(m) {
		return "Mensagem de voz"
	}
	return "Áudio"
}

// spoken tells a recorded voice note from an audio file.
func spoken(m *whatsapp.Message) bool {
	return m.Type == whatsapp.TypeVoice || m.Media != nil && m.Media.Voice
}

// media is what can be read of a file without it.
func media(m *whatsapp.Message) string {
	text := "[" + mediaName(m) + "]"
	there := false
	if f := m.Media; f != nil {
		there = f.ID != ""
		if name := strings.TrimSpace(oneLine(f.Filename)); name != "" {
			text = lines(text+" "+name, f.Caption)
		} else {
			text = joined(" ", []string{text, f.Caption})
		}
	}
	reason := withheld(m)
	if reason == "" && !there && m.ID != "" { // the new version of an edited message has no id, and need not repeat the file
		reason = "O WhatsApp não entregou o arquivo. Peça ao cliente que o envie de novo."
	}
	if reason != "" {
		text = lines(text, "("+reason+")")
	}
	return text
}

// withheld is why WhatsApp does not hand a message's content over, and the way out; "" when it does.
func withheld(m *whatsapp.Message) string {
	for _, e := range m.Errors {
		if e.Code == whatsapp.CodeMediaDownload || e.Code == whatsapp.CodeUnavailable {
			return e.Verdict().Advice
		}
	}
	return ""
}

// fileOf is the file that comes with a message, nil when there is none to be fetched. A new version of a message has the file of
// the first.
func fileOf(m *whatsapp.Message) *conversation.File {
	if m.Media == nil || m.Media.ID == "" {
		return nil
	}
	kind := m.Type
	switch kind {
	case whatsapp.TypeImage, whatsapp.TypeVideo, whatsapp.TypeAudio, whatsapp.TypeDocument, whatsapp.TypeSticker:
	case whatsapp.TypeVoice:
		kind = whatsapp.TypeAudio
	default:
		return nil
	}
	if withheld(m) != "" {
		return nil
	}
	return &conversation.File{
		ID: m.ID, Kind: kind, Name: shortFileName(m.Media.Filename), MIME: m.Media.MIME, Voice: spoken(m), Media: m.Media.ID,
		SHA256: hexDigest(m.Media.SHA256),
	}
}

// hexDigest is a SHA-256 in hexadecimal, "" for what is none.
func hexDigest(told string) string {
	const size = 32
	for _, coding := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		if sum, err := coding.DecodeString(told); err == nil && len(sum) == size {
			return hex.EncodeToString(sum)
		}
	}
	if sum, err := hex.DecodeString(told); err == nil && len(sum) == size {
		return hex.EncodeToString(sum)
	}
	return ""
}

// shortFileName is a file's name as it was told, but for the middle of an endless one.
func shortFileName(name string) string {
	const most, kept, extension = 255, 200, 20 // bytes
	if len(name) <= most {
		return name
	}
	if dot := strings.LastIndexByte(name, '.'); len(name)-dot <= extension {
		return cut(name, kept) + name[dot:]
	}
	return cut(name, kept)
}
