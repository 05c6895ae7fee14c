package whatsapp

import (
	"slices"
	"strings"
)

// extensionRow names the extensions of a type, the usual one first, with a space between them.
type extensionRow struct{ mime, extensions string }

// extensionTable joins types and extensions. The first row with an extension is the type that it stands for.
func extensionTable() []extensionRow {
	return []extensionRow{
		{"image/jpeg", ".jpg .jpeg .jpe .jfif"},
		{"image/png", ".png"},
		{"image/gif", ".gif"},
		{"image/webp", ".webp"},
		{"image/bmp", ".bmp .dib"},
		{"image/tiff", ".tif .tiff"},
		{"image/heic", ".heic"},
		{"image/heif", ".heif .heic"},
		{"image/avif", ".avif"},
		{"image/svg+xml", ".svg"},
		{"image/x-icon", ".ico"},
		{"image/vnd.adobe.photoshop", ".psd"},
		{"image/vnd.dwg", ".dwg"},
		{"image/vnd.dxf", ".dxf"},
		{"video/mp4", ".mp4 .m4v"},
		{"video/3gpp", ".3gp"},
		{"video/quicktime", ".mov"},
		{"video/webm", ".webm"},
		{"video/x-msvideo", ".avi"},
		{"video/matroska", ".mkv"},
		{"video/mpeg", ".mpeg .mpg"},
		{"video/x-ms-asf", ".wmv .asf"},
		{"audio/ogg", ".ogg .oga .opus"},
		{"audio/mpeg", ".mp3"},
		{"audio/mp4", ".m4a .mp4"},
		{"audio/aac", ".aac"},
		{"audio/amr", ".amr"},
		{"audio/wav", ".wav"},
		{"audio/flac", ".flac"},
		{"audio/webm", ".weba .webm"},
		{"application/pdf", ".pdf"},
		{"text/rtf", ".rtf"},
		{"application/rtf", ".rtf"},
		{"application/msword", ".doc"},
		{"application/vnd.ms-excel", ".xls"},
		{"application/vnd.ms-powerpoint", ".ppt"},
		{"application/vnd.ms-outlook", ".msg"},
		{openXML + "wordprocessingml.document", ".docx"},
		{openXML + "spreadsheetml.sheet", ".xlsx"},
		{openXML + "presentationml.presentation", ".pptx"},
		{"application/vnd.oasis.opendocument.text", ".odt"},
		{"application/vnd.oasis.opendocument.spreadsheet", ".ods"},
		{"application/vnd.oasis.opendocument.presentation", ".odp"},
		{plainText, ".txt .log .ini .cfg .conf .ret .rem .edi .dat"},
		{"text/csv", ".csv"},
		{"text/tab-separated-values", ".tsv"},
		{"text/xml", ".xml .xsd"},
		{"application/xml", ".xml"},
		{"application/json", ".json"},
		{"text/html", ".html .htm"},
		{"text/css", ".css"},
		{"text/markdown", ".md"},
		{"text/vcard", ".vcf"},
		{"text/calendar", ".ics"},
		{"application/sql", ".sql"},
		{"application/x-ofx", ".ofx"},
		{"application/yaml", ".yaml .yml"},
		{"message/rfc822", ".eml"},
		{"application/zip", ".zip"},
		{"application/vnd.rar", ".rar"},
		{"application/x-7z-compressed", ".7z"},
		{"application/gzip", ".gz .tgz"},
		{"application/x-tar", ".tar"},
		{"application/vnd.microsoft.portable-executable", ".exe .dll .scr .com"},
		{"application/x-ms-installer", ".msi"},
		{"application/vnd.android.package-archive", ".apk"},
		{"application/java-archive", ".jar"},
		{"text/x-shellscript", ".sh"},
		{"text/javascript", ".js .mjs"},
	}
}

func (r extensionRow) has(extension string) bool {
	return slices.Contains(strings.Fields(r.extensions), extension)
}

// typeOfExtension returns the type that an extension stands for, "" when it is not known.
func typeOfExtension(extension string) string {
	for _, row := range extensionTable() {
		if row.has(extension) {
			return row.mime
		}
	}
	return ""
}

// usualExtension returns the extension of a type, "" when none is known.
func usualExtension(base string) string {
	for _, row := range extensionTable() {
		if row.mime == base {
			return strings.Fields(row.extensions)[0]
		}
	}
	return ""
}

// fitsType reports whether files of a type may have an extension; texts may have that of any text.
func fitsType(extension, base string) bool {
	for _, row := range extensionTable() {
		if row.has(extension) && (row.mime == base || familyOf(base) == familyText && familyOf(row.mime) == familyText) {
			return true
		}
	}
	return false
}
