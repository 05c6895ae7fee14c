package effects

import (
	"fmt"
	"html"
	"strings"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/whatsapp"
	"github.com/ponte-desk/ponte/zendesk"
)

// parts is a comment as WhatsApp shows it, in as few messages as it fits in, because messages cost money: a text that fits
// goes below the first file that may have one. The text of a file larger than mostCaption goes first and alone, so that it
// need not wait for it. refused tells of files that can't go, pt-BR.
func parts(c zendesk.Comment, mostCaption int64) (list []conversation.Part, refused []string) {
	text := textOf(c)
	var files []conversation.File
	for i, a := range c.Attachments {
		f, why := fileOf(c, i, a)
		if why != "" {
			refused = append(refused, why)
			continue
		}
		files = append(files, f)
	}
	below := -1
	for i, f := range files {
		if text != "" && captions(f, mostCaption) && fitsCaption(text) {
			below = i
			break
		}
	}
	if below < 0 {
		for _, piece := range whatsapp.SplitText(text, whatsapp.MaxText) {
			list = append(list, conversation.Part{Text: piece})
		}
	}
	for i := range files {
		part := conversation.Part{File: &files[i]}
		if i == below {
			part.Text = text
		}
		list = append(list, part)
	}
	return list, refused
}

// textOf is the comment's words with WhatsApp's marks.
func textOf(c zendesk.Comment) string {
	if c.HTMLBody != "" {
		return strings.TrimSpace(whatsapp.Markup(c.HTMLBody))
	}
	body := c.PlainBody
	if body == "" {
		body = c.Body
	}
	return strings.TrimSpace(strings.ReplaceAll(html.UnescapeString(body), "\u00a0", " "))
}

// fileOf is an attachment on its way to WhatsApp, or why it can't go.
func fileOf(c zendesk.Comment, i int, a zendesk.Attachment) (conversation.File, string) {
	f := conversation.File{ID: fmt.Sprintf("%d.%d", c.ID, i), Name: a.FileName, MIME: a.ContentType, Size: a.Size, URL: a.ContentURL}
	mime, _ := whatsapp.Sniff(nil, a.FileName, a.ContentType) // by its name, where its type says nothing
	if a.Malware == "malware_found" {
		return f, named(f) + "não foi enviado ao WhatsApp: o Zendesk encontrou um vírus nele."
	}
	kind, why := whatsapp.Fits(whatsapp.FileInfo{Name: a.FileName, MIME: mime, Size: a.Size})
	if why == "" && kind == whatsapp.TypeSticker { // it becomes a picture
		kind = whatsapp.TypeImage
	}
	f.Kind = kind
	f.Voice = kind == whatsapp.TypeAudio && strings.HasPrefix(mime, "audio/ogg")
	return f, why
}

// captions tells whether a text may stand below the file.
func captions(f conversation.File, most int64) bool {
	return captioned(f.Kind) && f.Size <= most
}

// captioned tells whether a text may stand below files of a kind.
func captioned(kind string) bool {
	return kind == whatsapp.TypeImage || kind == whatsapp.TypeVideo || kind == whatsapp.TypeDocument
}

// fitsCaption tells whether a text is short enough to stand below a file.
func fitsCaption(text string) bool { return len(whatsapp.SplitText(text, whatsapp.MaxCaption)) == 1 }
