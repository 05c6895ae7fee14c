package graph

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"slices"
)

// mediaKinds returns the types of message a file of this MIME type may be sent as.
func mediaKinds(mimeType string) []string {
	base, _, err := mime.ParseMediaType(mimeType)
	if err != nil {
		return nil
	}
	switch base {
	case "image/jpeg", "image/png":
		return []string{"image"}
	case "image/webp":
		return []string{"sticker"}
	case "video/mp4", "video/3gpp":
		return []string{"video"}
	case "audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg":
		return []string{"audio"}
	case "text/plain", "application/pdf", "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint",
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		"application/vnd.openxmlformats-officedocument.presentationml.presentation":
		return []string{"document"}
	}
	return nil
}

// allowed reports whether a file can be sent as kind. As a document goes whatever can be uploaded.
func allowed(kind, mimeType string) bool {
	kinds := mediaKinds(mimeType)
	return slices.Contains(kinds, kind) || kind == "document" && len(kinds) > 0
}

func isMedia(kind string) bool {
	return slices.Contains([]string{"image", "video", "audio", "document", "sticker"}, kind)
}

func sizeLimit(kind string) int64 {
	switch kind {
	case "image":
		return maxImage
	case "video":
		return maxVideo
	case "audio":
		return maxAudio
	case "sticker":
		return maxSticker
	}
	return maxDocument
}

// opusHead begins the second part of an Ogg page's first packet of Opus, for one channel.
const opusHead = "OpusHead\x01\x01"

// signature returns bytes that a file of this MIME type can begin with; text has none.
func signature(mimeType string) []byte {
	base, _, _ := mime.ParseMediaType(mimeType)
	zip := "PK\x03\x04\x14\x00\x06\x00"
	old := "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
	return []byte(map[string]string{
		"image/jpeg":      "\xff\xd8\xff\xe0\x00\x10JFIF\x00",
		"image/png":       "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
		"image/webp":      "RIFF\x00\x00\x00\x00WEBPVP8 ",
		"video/mp4":       "\x00\x00\x00\x18ftypisom",
		"audio/mp4":       "\x00\x00\x00\x18ftypM4A ",
		"video/3gpp":      "\x00\x00\x00\x14ftyp3gp4",
		"audio/aac":       "\xff\xf1",
		"audio/amr":       "#!AMR\n",
		"audio/mpeg":      "ID3",
		"audio/ogg":       "OggS\x00\x02" + "\x00\x00\x00\x00\x00\x00\x00\x00" + "\x01\x00\x00\x00" + "\x00\x00\x00\x00" + "\x00\x00\x00\x00" + "\x01\x13" + opusHead,
		"application/pdf": "%PDF-1.4\n",
		"application/zip": zip, "application/msword": old, "application/vnd.ms-excel": old, "application/vnd.ms-powerpoint": old,
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document":   zip,
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":         zip,
		"application/vnd.openxmlformats-officedocument.presentationml.presentation": zip,
	}[base])
}

// fits reports whether a file that begins with head can be what its MIME type says, as WhatsApp looks at it when it is
// sent: pictures, sounds, films and PDF by their first bytes, Ogg also for Opus in one channel.
func fits(mimeType string, head []byte) bool {
	base, _, _ := mime.ParseMediaType(mimeType)
	starts := func(texts ...string) bool {
		return slices.ContainsFunc(texts, func(s string) bool { return bytes.HasPrefix(head, []byte(s)) })
	}
	switch base {
	case "image/jpeg":
		return starts("\xff\xd8\xff")
	case "image/png":
		return starts("\x89PNG\r\n\x1a\n")
	case "image/webp":
		return starts("RIFF") && len(head) >= 12 && string(head[8:12]) == "WEBP"
	case "video/mp4", "video/3gpp", "audio/mp4":
		return len(head) >= 8 && string(head[4:8]) == "ftyp"
	case "audio/amr":
		return starts("#!AMR")
	case "audio/mpeg":
		return starts("ID3", "\xff\xfb", "\xff\xf3", "\xff\xf2", "\xff\xfa")
	case "audio/aac":
		return starts("\xff\xf1", "\xff\xf9")
	case "audio/ogg":
		return starts("OggS") && bytes.Contains(head, []byte(opusHead))
	case "application/pdf":
		return starts("%PDF-")
	}
	return true
}

// animated reports whether a WebP file that begins with head moves.
func animated(head []byte) bool {
	const flags, moves = 20, 0x02
	return len(head) > flags && string(head[12:16]) == "VP8X" && head[flags]&moves != 0
}

// open returns a file's content; the caller closes it.
func (s *Server) open(f *media) (io.ReadSeekCloser, error) {
	if f.Generated {
		return newGenerated(f.MIME, f.Seed, f.Size), nil
	}
	return s.cfg.Blobs.Open(f.ID)
}

// head returns the first bytes of a file.
func (s *Server) head(f *media) ([]byte, error) {
	r, err := s.open(f)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	head := make([]byte, sniffed)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return head[:n], nil
}
