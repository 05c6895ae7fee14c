package whatsapp

import (
	"bytes"
	"mime"
	"strings"

	"github.com/gabriel-vasile/mimetype"
)

// SniffLength is how many bytes of a file Sniff looks at.
const SniffLength = 3072

const (
	plainText   = "text/plain"
	octetStream = "application/octet-stream"
	oleStorage  = "application/x-ole-storage"
)

// Sniff returns the true type of a file from its first SniffLength bytes. name and declared are what came with it; they decide only
// where the bytes leave it open: a Word file begins as any ZIP, a CSV as any text. lies tells that the bytes are of another family
// than what was declared, or else named: a program under the name of a picture.
//
// The result carries parameters only where they were declared and hold, or tell an Ogg's codec.
func Sniff(head []byte, name, declared string) (mimeType string, lies bool) {
	head = head[:min(len(head), SniffLength)]
	claims := claimsOf(name, declared)
	if len(head) == 0 {
		if len(claims) == 0 {
			return octetStream, false
		}
		return claims[0].full, false
	}
	found := mimetype.Detect(head)
	for _, c := range claims {
		if c.fits(found) {
			return withCodec(c.full, head), false
		}
	}
	base, _ := splitType(found.String())
	return withCodec(base, head), len(claims) > 0 && claims[0].contradicts(found)
}

// claim is a type that a file is said to have.
type claim struct{ base, full string }

// claimsOf lists what is said of a file, the declared type first. Types that say nothing are left out.
func claimsOf(name, declared string) []claim {
	var list []claim
	for _, said := range []string{declared, typeOfExtension(extensionOf(cleanName(name)))} {
		base, parameters := splitType(said)
		switch base {
		case "", octetStream, "binary/octet-stream", "application/x-download", "application/force-download", "application/unknown":
			continue
		}
		full := mime.FormatMediaType(base, parameters)
		if full == "" {
			full = base
		}
		list = append(list, claim{base: base, full: full})
	}
	return list
}

// fits reports whether the bytes are what is claimed, or a container in which it may well lie.
func (c claim) fits(found *mimetype.MIME) bool {
	base, _ := splitType(found.String())
	if c.base == base {
		return true
	}
	switch base {
	case octetStream:
		return !c.wellMarked()
	case plainText, "text/csv", "text/tab-separated-values", "application/x-ndjson", "application/x-subrip": // looks like it, at most
		return familyOf(c.base) == familyText || isScript(c.base)
	case "text/xml", "application/json":
		return familyOf(c.base) == familyText && c.base != plainText
	case "application/zip", "application/ogg":
		return within(c.base, found)
	case oleStorage:
		return within(c.base, found) || strings.HasPrefix(c.base, openXML) // locked with a password
	case "video/mp4", "video/webm", "video/x-ms-asf", "video/3gpp":
		return found.Is(c.base) || strings.HasPrefix(c.base, "audio/") && sameContainer(c.base, base)
	}
	return false
}

// sameContainer reports whether an audio type uses the container of a video type, so that the first bytes are the same.
func sameContainer(audio, video string) bool {
	switch audio {
	case "audio/mp4", "audio/3gpp":
		return video == "video/mp4" || video == "video/3gpp"
	case "audio/webm":
		return video == "video/webm"
	case "audio/x-ms-wma":
		return video == "video/x-ms-asf"
	}
	return false
}

// within reports whether a type is a special form of what was found.
func within(base string, found *mimetype.MIME) bool {
	for m := mimetype.Lookup(base); m != nil; m = m.Parent() {
		if m.Is(found.String()) {
			return true
		}
	}
	return false
}

// wellMarked reports whether every file of the type shows it in its first bytes.
func (c claim) wellMarked() bool {
	switch c.base {
	case "image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp", "image/tiff", "application/zip", "audio/ogg", "audio/amr":
		return true
	}
	m := mimetype.Lookup(c.base)
	return m != nil && m.Parent() != nil && (m.Parent().Is("application/zip") || m.Parent().Is(oleStorage))
}

// contradicts reports whether the bytes are of another family than the claim.
func (c claim) contradicts(found *mimetype.MIME) bool {
	base, _ := splitType(found.String())
	told, is := familyOf(c.base), familyOf(base)
	switch {
	case base == octetStream:
		return true // see fits: its bytes would have shown it
	case told == familyNone || is == familyNone || told == is:
		return false
	case is == familyText && (c.base == "application/vnd.ms-excel" || c.base == "application/msword"):
		return false // many systems export tables of HTML or tabs under these types
	}
	for m := found; m != nil; m = m.Parent() {
		if m.Is(c.base) {
			return false // the claim was only less exact
		}
	}
	return true
}

// withCodec tells an Ogg's codec, without which WhatsApp takes none.
func withCodec(full string, head []byte) string {
	switch {
	case full != "audio/ogg":
	case bytes.Contains(head, []byte("OpusHead")):
		return "audio/ogg; codecs=opus"
	case bytes.Contains(head, []byte("\x01vorbis")):
		return "audio/ogg; codecs=vorbis"
	}
	return full
}

// family is a group of types whose members are easily taken for one another.
type family string

const (
	familyNone     family = ""
	familyImage    family = "image"
	familyAudio    family = "audio"
	familyVideo    family = "video"
	familyText     family = "text"
	familyDocument family = "document"
	familyArchive  family = "archive"
	familyProgram  family = "program"
)

// isScript reports whether a type is a program that is a text.
func isScript(base string) bool {
	switch base {
	case "application/x-bat", "application/x-sh", "application/x-csh", "text/x-shellscript", "text/javascript", "application/javascript",
		"application/x-javascript", "application/hta":
		return true
	}
	return false
}

// familyOf returns the family of a type without parameters.
func familyOf(base string) family {
	switch base {
	case "application/vnd.microsoft.portable-executable", "application/x-msdownload", "application/x-msdos-program", "application/x-dosexec",
		"application/x-ms-installer", "application/x-msi", "application/x-elf", "application/x-executable", "application/x-sharedlib",
		"application/x-object", "application/x-mach-binary", "application/vnd.android.package-archive", "application/java-archive",
		"application/x-java-archive", "application/x-java-applet", "application/x-ms-shortcut", "application/vnd.ms-htmlhelp",
		"application/vnd.debian.binary-package", "application/x-rpm", "application/x-chrome-extension":
		return familyProgram
	case "application/pdf", "application/rtf", "text/rtf", "application/msword", oleStorage, "application/vnd.ms-outlook":
		return familyDocument
	case "application/zip", "application/x-7z-compressed", "application/vnd.rar", "application/x-rar-compressed", "application/gzip",
		"application/x-tar", "application/x-bzip2", "application/x-xz":
		return familyArchive
	case "application/json", "application/xml", "application/x-ndjson", "application/x-subrip", "application/sql", "application/x-ofx",
		"application/yaml", "message/rfc822", "image/svg+xml":
		return familyText
	case "application/ogg":
		return familyAudio
	}
	top, sub, _ := strings.Cut(base, "/")
	switch {
	case isScript(base):
		return familyProgram
	case top == "text", strings.HasSuffix(sub, "+xml"), strings.HasSuffix(sub, "+json"):
		return familyText
	case top == "image", top == "audio", top == "video":
		return family(top)
	case strings.HasPrefix(base, openXML), strings.HasPrefix(base, "application/vnd.ms-"), strings.HasPrefix(base, "application/vnd.oasis."):
		return familyDocument
	}
	return familyNone
}
