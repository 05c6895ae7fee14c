package whatsapp_test

import (
	"archive/zip"
	"bytes"
	"path"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/whatsapp"
)

// zipOf returns the beginning of a ZIP file with entries of these names.
func zipOf(names ...string) string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range names {
		entry, err := w.Create(name)
		if err != nil {
			panic(err)
		}
		entry.Write([]byte("content"))
	}
	w.Close()
	return b.String()
}

const (
	jpegHead = "\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01"
	pngHead  = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
	webpHead = "RIFF\x24\x00\x00\x00WEBPVP8 "
	exeHead  = "MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff"
	oggOpus  = "OggS\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x13OpusHead\x01\x01\x38\x01\x80\xbb\x00\x00\x00\x00\x00"
	vorbis   = "OggS\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x1e\x01vorbis\x00\x00\x00\x00\x01\x44\xac\x00\x00"
	mp4Head  = "\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2mp41"
	m4aHead  = "\x00\x00\x00\x18ftypM4A \x00\x00\x02\x00M4A mp42"
	movHead  = "\x00\x00\x00\x14ftypqt  \x00\x00\x02\x00qt  "
	heicHead = "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"
	webmHead = "\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm"
	nfe      = `<?xml version="1.0" encoding="UTF-8"?><nfeProc versao="4.00" xmlns="http://www.portalfiscal.inf.br/nfe">`
	ole      = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
	unknown  = "\x01\x02\x03\xff\xfe\x80\x00\x00"
)

func TestSniff(t *testing.T) {
	t.Parallel()
	const (
		exe   = "application/vnd.microsoft.portable-executable"
		bytes = "application/octet-stream"
		docx  = openXML + "wordprocessingml.document"
		xlsx  = openXML + "spreadsheetml.sheet"
	)
	pad := strings.Repeat("\x00", 600)
	for what, tt := range map[string]struct {
		head, name, declared string
		want                 string
		lies                 bool
	}{
		"picture":                           {jpegHead, "a.jpg", "image/jpeg", "image/jpeg", false},
		"picture under another name":        {pngHead, "a.jpg", "image/jpeg", "image/png", false},
		"picture without a word":            {webpHead, "", "", "image/webp", false},
		"picture of an alias":               {jpegHead, "a", "image/jpg", "image/jpeg", false},
		"picture as nothing special":        {pngHead, "a.png", bytes, "image/png", false},
		"program as picture":                {exeHead, "a.jpg", "image/jpeg", exe, true},
		"program by the name of a document": {exeHead, "nota.pdf", bytes, exe, true},
		"program as itself":                 {exeHead, "a.exe", "application/x-msdownload", exe, false},
		"page as picture":                   {"<!DOCTYPE html><html>", "a.png", "image/png", "text/html", true},
		"text as picture":                   {"file not found", "a.png", "image/png", "text/plain", true},
		"nothing known as picture":          {unknown, "a.png", "image/png", bytes, true},
		"nothing known as sound":            {unknown, "a.mp3", "audio/mpeg", "audio/mpeg", false},
		"nothing known, named":              {unknown, "a.mp3", bytes, "audio/mpeg", false},
		"nothing known at all":              {unknown, "a.zzz", "", bytes, false},
		"drawing":                           {"AC1032" + pad, "planta.dwg", "application/acad", "image/vnd.dwg", false},

		"voice note":            {oggOpus, "", "audio/ogg; codecs=opus", "audio/ogg; codecs=opus", false},
		"voice note, bare":      {oggOpus, "", "audio/ogg", "audio/ogg; codecs=opus", false},
		"voice note, untold":    {oggOpus, "a.ogg", "", "audio/ogg; codecs=opus", false},
		"other Ogg":             {vorbis, "a.ogg", "audio/ogg", "audio/ogg; codecs=vorbis", false},
		"Ogg as MP3":            {oggOpus, "a.mp3", "audio/mpeg", "audio/ogg; codecs=opus", false},
		"AMR":                   {"#!AMR\n", "a.amr", "audio/amr", "audio/amr", false},
		"film":                  {mp4Head, "a.mp4", "video/mp4", "video/mp4", false},
		"sound in MP4":          {mp4Head, "a.m4a", "audio/mp4", "audio/mp4", false},
		"sound in MP4, named":   {mp4Head, "a.m4a", "", "audio/mp4", false},
		"sound of Apple":        {m4aHead, "a.m4a", "audio/x-m4a", "audio/mp4", false},
		"sound of Apple, film":  {m4aHead, "a.mp4", "video/mp4", "audio/mp4", false},
		"film of Apple as MP4":  {movHead, "a.mp4", "video/mp4", "video/quicktime", false},
		"HEIC":                  {heicHead, "a.heic", "image/heic", "image/heic", false},
		"HEIC as JPEG":          {heicHead, "a.jpg", "image/jpeg", "image/heic", false},
		"film as picture":       {mp4Head, "a.heic", "image/heic", "video/mp4", true},
		"recorded in a browser": {webmHead, "a.webm", "audio/webm;codecs=opus", "audio/webm; codecs=opus", false},
		"film in a browser":     {webmHead, "a.webm", "video/webm", "video/webm", false},

		"PDF":                    {"%PDF-1.7", "a.pdf", "application/pdf", "application/pdf", false},
		"PDF that begins late":   {"\x00\x01\xff" + pad + "%PDF-1.4", "a.pdf", bytes, "application/pdf", false},
		"no PDF":                 {"Erro 500", "a.pdf", "application/pdf", "text/plain", true},
		"Word":                   {zipOf("[Content_Types].xml", "word/document.xml"), "a.docx", docx, docx, false},
		"Word, seen as ZIP":      {zipOf("[Content_Types].xml", "customXml/a.xml"), "a.docx", docx, docx, false},
		"Word, by its name":      {zipOf("[Content_Types].xml", "customXml/a.xml"), "a.docx", "application/zip", "application/zip", false},
		"Excel as nothing":       {zipOf("[Content_Types].xml", "customXml/a.xml"), "a.xlsx", bytes, xlsx, false},
		"Word as ZIP":            {zipOf("[Content_Types].xml", "word/document.xml"), "a.zip", "application/zip", docx, false},
		"ZIP as picture":         {zipOf("a.txt"), "a.png", "image/png", "application/zip", true},
		"ZIP of Windows":         {zipOf("a.txt"), "a.zip", "application/x-zip-compressed", "application/zip", false},
		"Android":                {zipOf("AndroidManifest.xml", "classes.dex"), "a.zip", "application/zip", "application/vnd.android.package-archive", false},
		"Android, seen as ZIP":   {zipOf("res/a.xml"), "a.apk", bytes, "application/vnd.android.package-archive", false},
		"Java as document":       {zipOf("META-INF/MANIFEST.MF"), "a.docx", docx, "application/java-archive", true},
		"old Word":               {ole + pad, "a.doc", "application/msword", "application/msword", false},
		"installer":              {ole + pad, "a.msi", bytes, "application/x-ms-installer", false},
		"Word with a password":   {ole + pad, "a.docx", docx, docx, false},
		"Word that is no ZIP":    {unknown, "a.docx", docx, bytes, true},
		"table that is a page":   {"<html><table>", "a.xls", "application/vnd.ms-excel", "text/html", false},
		"table that is tabs":     {"a;b\r\n1;2\r\n", "a.xls", "application/vnd.ms-excel", "text/plain", false},
		"table that is a script": {"#!/bin/sh\nrm", "a.xls", "application/vnd.ms-excel", "text/x-shellscript", true},

		"text":                      {"Olá, tudo bem?", "a.txt", "text/plain; charset=utf-8", "text/plain; charset=utf-8", false},
		"text without a word":       {"Olá, tudo bem?", "", "", "text/plain", false},
		"CSV":                       {"a;b\n1;2\n", "a.csv", "text/csv", "text/csv", false},
		"CSV of Excel":              {"a;b\n1;2\n", "a.csv", "application/vnd.ms-excel", "text/csv", false},
		"CSV of an alias":           {"a;b\n1;2\n", "a.csv", "text/comma-separated-values", "text/csv", false},
		"text that looks like CSV":  {"a,b\n1,2\n3,4\n", "a.txt", "text/plain", "text/plain", false},
		"CSV without a word":        {"a,b\n1,2\n3,4\n", "", "", "text/csv", false},
		"invoice":                   {nfe, "nfe.xml", "text/xml", "text/xml", false},
		"invoice, another way":      {nfe, "nfe.xml", "application/xml", "application/xml", false},
		"invoice as text":           {nfe, "nfe.xml", "text/plain", "text/xml", false},
		"invoice as nothing":        {nfe, "nfe.xml", bytes, "text/xml", false},
		"bank file":                 {"OFXHEADER:100\nDATA:OFXSGML\n", "a.ofx", "application/x-ofx", "application/x-ofx", false},
		"script as picture":         {"#!/bin/sh\nrm -rf", "a.jpg", "image/jpeg", "text/x-shellscript", true},
		"script as text":            {"#!/bin/sh\nrm -rf", "a.txt", "text/plain", "text/x-shellscript", false},
		"script without its mark":   {"alert(1)", "a.js", "application/javascript", "application/javascript", false},
		"nothing, declared":         {"", "a.png", "image/png", "image/png", false},
		"nothing, named":            {"", "a.png", "", "image/png", false},
		"nothing at all":            {"", "", "", bytes, false},
		"declared nonsense":         {jpegHead, "a.jpg", ";;;", "image/jpeg", false},
		"declared with a parameter": {jpegHead, "", `image/jpeg; name="a b.jpg"`, `image/jpeg; name="a b.jpg"`, false},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			got, lies := whatsapp.Sniff([]byte(tt.head), tt.name, tt.declared)
			if got != tt.want || lies != tt.lies {
				t.Errorf("got %s, %v, want %s, %v", got, lies, tt.want, tt.lies)
			}
		})
	}
}

func TestSniffLooksAtTheBeginning(t *testing.T) {
	t.Parallel()
	head := strings.Repeat("Olá. ", 1000) + exeHead
	if got, lies := whatsapp.Sniff([]byte(head), "a.txt", "text/plain"); got != "text/plain" || lies {
		t.Errorf("got %s, %v", got, lies)
	}
}

// types are what files are said to be.
func types() []string {
	return []string{
		"", "application/octet-stream", "image/jpeg", "image/webp", "audio/ogg; codecs=opus", "video/mp4", "application/pdf", "text/plain",
		"text/xml", "application/zip", "application/vnd.android.package-archive", openXML + "wordprocessingml.document", "x/y",
	}
}

// Whatever a file is called, its safe name is one, and stays as it is when it is made safe again.
func TestFilenameIsSafe(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		mime := rapid.SampledFrom(types()).Draw(t, "type")
		name := rapid.OneOf(rapid.String(), rapid.StringMatching(`[./\\ a-zA-Z0-9:\x00\x{202e}ã]{0,200}(\.[a-z]{1,12}){0,3}`)).Draw(t, "name")
		checkName(t, name, mime)
	})
}

func checkName(t interface {
	Fatalf(format string, args ...any)
}, name, mime string,
) {
	got := whatsapp.Filename(name, mime)
	bad := strings.IndexFunc(got, func(r rune) bool {
		return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) || strings.ContainsRune(`/\<>:"|?*`, r)
	})
	switch {
	case got == "", !utf8.ValidString(got), utf8.RuneCountInString(got) > whatsapp.MaxFilename, bad >= 0, path.Base(got) != got,
		strings.HasPrefix(got, "."), strings.HasPrefix(got, " "), strings.HasSuffix(got, "."), strings.HasSuffix(got, " "):
		t.Fatalf("Filename(%q, %q) = %q", name, mime, got)
	case mime == "application/pdf" && !strings.EqualFold(path.Ext(got), ".pdf"):
		t.Fatalf("Filename(%q, %q) = %q: another extension", name, mime, got)
	}
	if again := whatsapp.Filename(got, mime); again != got {
		t.Fatalf("Filename(%q, %q) = %q, and again %q", name, mime, got, again)
	}
}

// No bytes and no names make a type that cannot be read, and what is a program by its type is never sent.
func FuzzSniff(f *testing.F) {
	for _, head := range []string{jpegHead, exeHead, oggOpus, mp4Head, ole, nfe, zipOf("a"), unknown, "%PDF-", "Olá"} {
		f.Add([]byte(head), "a.pdf", "application/pdf")
		f.Add([]byte(head), "a.exe", "text/plain; charset=x")
	}
	f.Fuzz(func(t *testing.T, head []byte, name, declared string) {
		got, _ := whatsapp.Sniff(head, name, declared)
		if got == "" {
			t.Fatal("no type")
		}
		checkName(t, name, got)
		kind, refusal := whatsapp.Fits(whatsapp.FileInfo{Name: name, MIME: got, Size: 1})
		if (kind == "") == (refusal == "") {
			t.Fatalf("kind %q, refusal %q", kind, refusal)
		}
		programs := []string{"application/vnd.microsoft.portable-executable", "application/x-elf", "text/x-shellscript"}
		if slices.Contains(programs, got) && refusal == "" {
			t.Fatalf("%s is sent as %s", got, kind)
		}
	})
}
