package effects_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// attachment is a file of the comment 103 in Zendesk's words.
func attachment(name, mime string, size int64) object {
	return object{"file_name": name, "content_type": mime, "size": size, "content_url": "https://desk.example/" + name}
}

// fileAt is what an attachment of the comment 103 becomes.
func fileAt(id, kind, name, mime string, size int64) *conversation.File {
	return &conversation.File{ID: id, Kind: kind, Name: name, MIME: mime, Size: size, URL: "https://desk.example/" + name}
}

const megabyte = 1 << 20

// TestParts is what a comment becomes on WhatsApp: as few messages as possible, and no text that waits for a large file.
func TestParts(t *testing.T) {
	t.Parallel()
	const (
		png, pdf, ogg, webp = "image/png", "application/pdf", "audio/ogg", "image/webp"
		octets              = "application/octet-stream"
	)
	type list = []conversation.Part
	long := strings.TrimSpace(strings.Repeat("palavra ", 200)) // longer than a caption
	voice := fileAt("103.0", "audio", "fala.ogg", ogg, 9)
	voice.Voice = true
	tests := []struct {
		name    string
		body    object
		files   []any
		want    list
		refused []string
	}{
		{"text", object{"html_body": "<p>Olá</p>"}, nil, list{{Text: "Olá"}}, nil},
		{"nothing", object{}, nil, nil, nil},
		{"blank", object{"html_body": "<p>&nbsp;</p>"}, nil, nil, nil},
		{"marks", object{"html_body": "<div>Olá, <strong>Ana</strong><br><em>até</em> <del>hoje</del></div><ul><li>um</li><li>dois</li></ul>", "plain_body": "x"}, nil, list{
			{Text: "Olá, *Ana*\n_até_ ~hoje~\n\n- um\n- dois"},
		}, nil},
		{"no html", object{"plain_body": " Ol&aacute;&nbsp;&amp; até ", "body": "x"}, nil, list{{Text: "Olá & até"}}, nil},
		{"nothing but the body", object{"body": " Olá "}, nil, list{{Text: "Olá"}}, nil},

		{"picture with text", object{"html_body": "Veja"}, []any{attachment("a.png", png, 9)}, list{{Text: "Veja", File: fileAt("103.0", "image", "a.png", png, 9)}}, nil},
		{"picture alone", object{}, []any{attachment("a.png", png, 9)}, list{{File: fileAt("103.0", "image", "a.png", png, 9)}}, nil},
		{"film with text", object{"html_body": "Veja"}, []any{attachment("a.mp4", "video/mp4", 9)}, list{
			{Text: "Veja", File: fileAt("103.0", "video", "a.mp4", "video/mp4", 9)},
		}, nil},
		{"text too long for a caption", object{"html_body": long}, []any{attachment("a.png", png, 9)}, list{
			{Text: long}, {File: fileAt("103.0", "image", "a.png", png, 9)},
		}, nil},
		{"text goes below the largest file that need not wait", object{"html_body": "Veja"}, []any{attachment("a.pdf", pdf, 16*megabyte)}, list{
			{Text: "Veja", File: fileAt("103.0", "document", "a.pdf", pdf, 16*megabyte)},
		}, nil},
		{"text goes before a large file", object{"html_body": "Veja"}, []any{attachment("a.pdf", pdf, 16*megabyte+1)}, list{
			{Text: "Veja"}, {File: fileAt("103.0", "document", "a.pdf", pdf, 16*megabyte+1)},
		}, nil},
		{"audio has no text", object{"html_body": "Ouça"}, []any{attachment("fala.ogg", ogg, 9)}, list{{Text: "Ouça"}, {File: voice}}, nil},
		{"audio without a type", object{"html_body": "Ouça"}, []any{attachment("a.mp3", octets, 9)}, list{
			{Text: "Ouça"}, {File: fileAt("103.0", "audio", "a.mp3", octets, 9)},
		}, nil},
		{"picture that whatsapp takes for a sticker", object{"html_body": "Veja"}, []any{attachment("a.webp", webp, 9)}, list{
			{Text: "Veja", File: fileAt("103.0", "image", "a.webp", webp, 9)},
		}, nil},
		{
			"several files: text below the first that may have one",
			object{"html_body": "Veja"},
			[]any{attachment("fala.ogg", ogg, 9), attachment("g.pdf", pdf, 17*megabyte), attachment("a.png", png, 9), attachment("b.png", png, 8)},
			list{
				{File: voice},
				{File: fileAt("103.1", "document", "g.pdf", pdf, 17*megabyte)},
				{Text: "Veja", File: fileAt("103.2", "image", "a.png", png, 9)},
				{File: fileAt("103.3", "image", "b.png", png, 8)},
			},
			nil,
		},
		{"a picture too large for one is a document", object{}, []any{attachment("a.png", png, 6*megabyte)}, list{
			{File: fileAt("103.0", "document", "a.png", png, 6*megabyte)},
		}, nil},

		{"program", object{"html_body": "Instale"}, []any{attachment("a.exe", "application/x-msdownload", 9)}, list{{Text: "Instale"}}, []string{
			"“a.exe” não foi enviado: por segurança, arquivos executáveis e scripts não seguem pelo WhatsApp. Envie um link oficial para download.",
		}},
		{"script by its name", object{}, []any{attachment("a.bat", octets, 9)}, nil, []string{
			"“a.bat” não foi enviado: por segurança, arquivos executáveis e scripts não seguem pelo WhatsApp. Envie um link oficial para download.",
		}},
		{"too large", object{}, []any{attachment("a.pdf", pdf, 100*megabyte+1)}, nil, []string{
			"“a.pdf” (100,1 MB) não foi enviado: o WhatsApp aceita documentos de até 100 MB. Envie um link ou divida o arquivo.",
		}},
		{"empty", object{}, []any{attachment("a.pdf", pdf, 0)}, nil, []string{
			"“a.pdf” não foi enviado: o arquivo está vazio. Confira o arquivo e anexe-o de novo.",
		}},
		{
			"malware, and a good one keeps its place",
			object{"html_body": "Veja"},
			[]any{object{"file_name": "v.pdf", "content_type": pdf, "size": 9, "malware_scan_result": "malware_found"}, attachment("a.png", png, 9)},
			list{{Text: "Veja", File: fileAt("103.1", "image", "a.png", png, 9)}},
			[]string{"“v.pdf” não foi enviado ao WhatsApp: o Zendesk encontrou um vírus nele."},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			tt.body["id"], tt.body["attachments"] = 103, tt.files
			raw, err := json.Marshal(object{"comments": []any{tt.body}})
			if err != nil {
				t.Fatal(err)
			}
			r.desk.on(commentsRoute, says(200, string(raw)))
			got := r.done(r.try(open(), pull("open"))).Pulled.Comments[0]
			r.same("parts", got.Parts, tt.want)
			r.same("refused", got.Refused, tt.refused)
		})
	}
}

// TestPartsByTheSettings wants the size up to which a text waits for its file to be settable.
func TestPartsByTheSettings(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.set.Files.MostCaption = 8
	r.desk.on(commentsRoute, says(200, `{"comments":[{"id":103,"body":"Veja","attachments":[{"file_name":"a.png","content_type":"image/png","size":9}]}]}`))
	got := r.done(r.try(open(), pull("open"))).Pulled.Comments[0].Parts
	if len(got) != 2 || got[0].Text != "Veja" || got[1].Text != "" {
		t.Errorf("parts = %+v", got)
	}
}

// TestPullBinds wants a ticket that was given to the thread to name it and to carry its tags before its comments are read.
func TestPullBinds(t *testing.T) {
	t.Parallel()
	const tagsRoute = "PUT /api/v2/tickets/11/tags"
	p := pull("open")
	p.Effect.Hint.Bind = true
	r := setup(t)
	r.set.Tags = []string{"whatsapp", "matriz"}
	r.desk.on(tagsRoute, says(200, `{"tags":["vip","whatsapp","matriz"]}`))
	r.desk.on(commentsRoute, says(200, replies))
	got := r.done(r.try(open(), p)).Pulled
	r.same("hint", got.Hint, *p.Effect.Hint)
	r.same("calls", r.desk.calls(), []string{tagsRoute, commentsRoute})
	r.same("body", r.desk.last("PUT").Body, object{"tags": []any{"whatsapp", "matriz"}})
	r.same("bound", r.tickets.bound, map[int64]string{11: thread})
	r.same("cost", r.budget.asks[0].Cost.Requests, 2)
	r.same("counted as an update", r.budget.asks[0].Cost.Update, int64(11))

	r = setup(t)
	r.tickets.err = errBroken
	r.same("not bound", r.try(open(), p).Outcome, conversation.Later)
	r.silent()

	r = setup(t)
	r.desk.on(tagsRoute, says(404, `{}`))
	r.failed(r.try(open(), p), conversation.CodeTicketGone)
}
