package whatsapp

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxFilename is the longest name that Filename returns, in runes.
const MaxFilename = 120

// namelessFile is the name of a file without any.
const namelessFile = "arquivo"

// Filename returns a name that is safe to show, to store and to send: without folders, control and direction characters, leading
// dots and characters that some system reserves, at most MaxFilename runes long. Its extension fits mimeType, the true type: one
// that belongs to another type is replaced, a missing one added; where the type leaves it open it stays. A name of which
// nothing is left is "arquivo".
func Filename(name, mimeType string) string {
	name = cleanName(name)
	extension := extensionOf(name)
	stem := name[:len(name)-len(extension)]
	base, _ := splitType(mimeType)
	strange := typeOfExtension(extension) == "" && !isProgramExtension(extension)
	switch usual := usualExtension(base); {
	case usual == "", fitsType(extension, base), strange && extension != "" && familyOf(base) == familyText:
		extension = name[len(stem):] // in its own spelling
	case strange: // what is behind the last dot is no extension: "proposta v1.2"
		stem, extension = name, usual
	default:
		extension = usual
	}
	if stem == "" {
		stem = namelessFile
	}
	if isDevice(stem) {
		stem = "_" + stem
	}
	return strings.TrimRight(firstRunes(stem, MaxFilename-len(extension)), ". ") + extension
}

// cleanName returns the last part of a path without what is unsafe in a name. It may be empty.
func cleanName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	var b strings.Builder
	for _, r := range name {
		switch {
		case r == utf8.RuneError, unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp): // left out
		case unicode.Is(unicode.Zs, r):
			b.WriteByte(' ')
		case strings.ContainsRune(`<>:"|?*`, r):
			b.WriteByte('_')
		default:
			b.WriteRune(r)
		}
	}
	name = strings.TrimLeft(strings.TrimRight(b.String(), ". "), ". ")
	return strings.Join(strings.Fields(name), " ")
}

// firstRunes returns at most n runes of s.
func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// isDevice reports whether a name without extension is reserved by Windows.
func isDevice(stem string) bool {
	first, _, _ := strings.Cut(strings.ToUpper(stem), ".")
	switch first {
	case "CON", "PRN", "AUX", "NUL":
		return true
	}
	return len(first) == 4 && (strings.HasPrefix(first, "COM") || strings.HasPrefix(first, "LPT")) && first[3] >= '0' && first[3] <= '9'
}
