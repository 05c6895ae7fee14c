package whatsapp

import (
	"fmt"
	"mime"
	"path"
	"strings"
)

// FileInfo is what is known of a file before it is sent.
type FileInfo struct {
	// Name is the name that it came with.
	Name string
	// MIME is its true type: see Sniff.
	MIME string
	// Size is its length in bytes, negative when that is not known.
	Size int64
}

// KindOf returns as what kind of message WhatsApp takes files of a type, and how large they may be in bytes. It is not ok for types
// that Meta does not list; they are documents, which Meta may accept or refuse.
//
// Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media
func KindOf(mimeType string, animated bool) (kind string, limit int64, ok bool) {
	base, parameters := splitType(mimeType)
	switch base {
	case "image/jpeg", "image/png":
		return TypeImage, MaxImage, true
	case "image/webp":
		if animated {
			return TypeSticker, MaxStickerAnimated, true
		}
		return TypeSticker, MaxStickerStatic, true
	case "video/mp4", "video/3gpp":
		return TypeVideo, MaxVideo, true
	case "audio/aac", "audio/amr", "audio/mpeg", "audio/mp4":
		return TypeAudio, MaxAudio, true
	case "audio/ogg":
		if codecs := parameters["codecs"]; codecs == "" || strings.EqualFold(codecs, "opus") {
			return TypeAudio, MaxAudio, true
		}
	case "text/plain", "application/pdf", "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint",
		openXML + "wordprocessingml.document", openXML + "spreadsheetml.sheet", openXML + "presentationml.presentation":
		return TypeDocument, MaxDocument, true
	}
	return TypeDocument, MaxDocument, false
}

const openXML = "application/vnd.openxmlformats-officedocument."

// FallbackType returns as what type a file may be handed to WhatsApp when it was refused as what it is (ErrMediaRefused): text of any
// sort as plain text, the extension of its name telling the rest. It is empty when there is no other way.
//
// Meta's list of types for uploads is narrow; that plain text lets XML and CSV pass is not told by Meta.
func FallbackType(mimeType string) string {
	base, _ := splitType(mimeType)
	if base != plainText && familyOf(base) == familyText {
		return plainText
	}
	return ""
}

// Fits returns as what kind of message a file is sent, or why it can't be: words for the agent, in Brazilian Portuguese, with the way
// out. What is too large for its kind goes as a document, and so does every type that Meta does not list. An image/webp is taken
// for a moving sticker, since a picture is converted before: see Convertible.
func Fits(f FileInfo) (kind, refusal string) {
	name := Filename(f.Name, f.MIME)
	kind, limit, _ := KindOf(f.MIME, true)
	if f.Size > limit {
		kind, limit = TypeDocument, MaxDocument
	}
	switch {
	case runs(f):
		if original := cleanName(f.Name); original != "" {
			name = original // with the extension that speaks against it
		}
		return "", fmt.Sprintf("“%s” não foi enviado: por segurança, arquivos executáveis e scripts não seguem pelo WhatsApp. "+
			"Envie um link oficial para download.", name)
	case f.Size == 0:
		return "", fmt.Sprintf("“%s” não foi enviado: o arquivo está vazio. Confira o arquivo e anexe-o de novo.", name)
	case f.Size > limit:
		return "", fmt.Sprintf("“%s” (%s) não foi enviado: o WhatsApp aceita documentos de até %s. Envie um link ou divida o arquivo.",
			name, megabytes(f.Size), megabytes(limit))
	}
	return kind, ""
}

// megabytes writes a size for people, rounded up so that a limit is never seen as met when it is not.
func megabytes(size int64) string {
	tenths := (size*10 + 1<<20 - 1) >> 20
	if tenths%10 == 0 {
		return fmt.Sprintf("%d MB", tenths/10)
	}
	return fmt.Sprintf("%d,%d MB", tenths/10, tenths%10)
}

// runs reports whether a file is a program or a script, by its type, or by its name unless its type is surely another: then Filename
// takes the extension away.
func runs(f FileInfo) bool {
	base, _ := splitType(f.MIME)
	switch familyOf(base) {
	case familyProgram:
		return true
	case familyImage, familyAudio, familyVideo:
		return false
	case familyDocument:
		if base != oleStorage { // which holds installers, too
			return false
		}
	case familyText, familyArchive, familyNone:
	}
	return isProgramExtension(extensionOf(cleanName(f.Name)))
}

// isProgramExtension reports whether systems run what has an extension, given in lower case with its dot.
func isProgramExtension(extension string) bool {
	switch extension {
	case ".exe", ".com", ".scr", ".pif", ".cpl", ".dll", ".ocx", ".sys", ".drv", ".msi", ".msp", ".mst", ".msix", ".appx", // Windows
		".bat", ".cmd", ".ps1", ".psm1", ".vb", ".vbs", ".vbe", ".js", ".jse", ".mjs", ".ws", ".wsf", ".wsc", ".wsh", ".hta", // its scripts
		".lnk", ".reg", ".inf", ".scf", ".chm", ".gadget",
		".sh", ".bash", ".command", ".run", ".deb", ".rpm", ".app", ".dmg", ".pkg",
		".apk", ".apks", ".xapk", ".aab", ".ipa", ".jar", ".class", ".crx":
		return true
	}
	return false
}

// splitType takes a media type apart; the base is in lower case, without an alias of Meta's names. It is empty when it can't be read.
func splitType(mimeType string) (base string, parameters map[string]string) {
	base, parameters, err := mime.ParseMediaType(mimeType)
	if err != nil && base == "" {
		return "", nil
	}
	switch base {
	case "image/jpg", "image/pjpeg":
		base = "image/jpeg"
	case "image/x-png":
		base = "image/png"
	case "audio/x-m4a", "audio/m4a", "audio/x-mp4a":
		base = "audio/mp4"
	case "audio/mp3", "audio/x-mpeg", "audio/x-mp3":
		base = "audio/mpeg"
	case "audio/x-aac", "audio/aacp":
		base = "audio/aac"
	case "audio/amr-nb":
		base = "audio/amr"
	case "video/x-m4v":
		base = "video/mp4"
	case "video/3gp":
		base = "video/3gpp"
	case "text/comma-separated-values", "application/csv":
		base = "text/csv"
	case "application/x-zip-compressed", "application/x-zip":
		base = "application/zip"
	}
	return base, parameters
}

// longestExtension is how long an extension may be, with its dot.
const longestExtension = 11

// extensionOf returns the extension of a name in lower case, with its dot: letters and digits behind the last one. A name that is all
// extension has none.
func extensionOf(name string) string {
	extension := path.Ext(name)
	if len(extension) == len(name) || len(extension) < 2 || len(extension) > longestExtension {
		return ""
	}
	for i := 1; i < len(extension); i++ {
		if !isAlphanumeric(extension[i]) {
			return ""
		}
	}
	return strings.ToLower(extension)
}
