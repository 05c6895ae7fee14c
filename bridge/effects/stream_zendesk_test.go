package effects_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/zendesk"
)

// TestStreamToZendesk wants a customer's file at Zendesk under a safe name and its real type, byte for byte.
func TestStreamToZendesk(t *testing.T) {
	t.Parallel()
	large := pdfFile + strings.Repeat("x", 300_000)
	tests := []struct {
		name                 string
		kind, called, told   string // as the message says
		content              string
		wantName, wantedMIME string
	}{
		{"picture", "image", "", "image/png", pngFile(t), "imagem.png", "image/png"},
		{"picture under another type", "image", "", "image/jpeg", pngFile(t), "imagem.png", "image/png"},
		{"document", "document", "nota fiscal.pdf", "application/pdf", pdfFile, "nota fiscal.pdf", "application/pdf"},
		{"large document", "document", "nota.pdf", "application/pdf", large, "nota.pdf", "application/pdf"},
		{"document without a name", "document", "", "application/pdf", pdfFile, "documento.pdf", "application/pdf"},
		{"blank name", "document", " ", "application/pdf", pdfFile, "documento.pdf", "application/pdf"},
		{"hostile name", "document", "../../etc/a\u202egpj.exe\r\n", "application/pdf", pdfFile, "agpj.pdf", "application/pdf"},
		{"name of nothing", "document", "../", "application/pdf", pdfFile, "arquivo.pdf", "application/pdf"},
		{"word", "document", "contrato.docx", mimeDocx, docxFile(t), "contrato.docx", mimeDocx},
		{"voice", "audio", "", "audio/ogg; codecs=opus", oggFile, "audio.ogg", "audio/ogg; codecs=opus"},
		{"film", "video", "", "video/mp4", mp4File, "video.mp4", "video/mp4"},
		{"sticker", "sticker", "", "image/webp", webpFile, "figurinha.webp", "image/webp"},
		{"of a kind to come", "hologram", "", "application/pdf", pdfFile, "arquivo.pdf", "application/pdf"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.has(tt.content, tt.told)
			r.desk.on(uploadsRoute, says(201, uploaded))
			got := r.done(r.carry(inbound(customers(tt.kind, tt.called, tt.told))))
			r.same("file", got.File, &conversation.FileResult{
				Ask: thread + "#9", To: conversation.PeerZendesk, Token: "tok", At: r.now,
				File: conversation.File{ID: "wamid.1", Kind: tt.kind, Name: tt.wantName, MIME: tt.wantedMIME, Size: int64(len(tt.content)), Media: "m1"},
			})
			up := r.desk.last("POST")
			r.same("name", up.Query, url.Values{"filename": {tt.wantName}})
			r.same("type", up.Header.Get("Content-Type"), tt.wantedMIME)
			r.same("content is the same", string(up.Raw) == tt.content, true)
			r.same("asked", r.budget.asks, []ask{{mediaKey + "#2", zendesk.LaneMirror, zendesk.Cost{Requests: 1}}})
			r.same("looked up for its number", r.phone.seen[0].Query.Get("phone_number_id"), "100")
			r.same("marks", r.marks, []bool(nil))
		})
	}
}

// TestStreamSizes wants Zendesk to be believed about a size, and an unknown one to be no hindrance.
func TestStreamSizes(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		answer string
		size   int64
	}{"nobody tells": {uploaded, 0}, "zendesk tells": {`{"upload":{"token":"tok","attachment":{"size":77}}}`, 77}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.holds(object{"mime_type": "application/pdf"}, pours(pdfFile))
			r.desk.on(uploadsRoute, says(201, tt.answer))
			r.same("size", r.done(r.carry(inbound(customers("document", "a.pdf", "application/pdf")))).File.File.Size, tt.size)
			r.same("content", string(r.desk.last("POST").Raw), pdfFile)
		})
	}
}

// TestStreamRefused is what never reaches Zendesk, with what the agent reads and what was asked until then.
func TestStreamRefused(t *testing.T) {
	t.Parallel()
	const gone = "“a.pdf” não está mais disponível no WhatsApp. Peça ao cliente que o envie de novo."
	const address = "“a.pdf” foi recusado: o endereço do arquivo não é do WhatsApp. Peça ao cliente que o envie de novo."
	const refused = "“a.pdf” não foi aceito pelo Zendesk (tipo ou tamanho). Combine com o cliente outra forma de envio."
	long := pdfFile + strings.Repeat("x", 3*megabyte)
	pdf := customers("document", "a.pdf", "application/pdf")
	at := func(address string) func(r *rig) {
		return func(r *rig) { r.holds(object{"url": address}, gives(pdfFile, "application/pdf")) }
	}
	answers := func(answer http.HandlerFunc) func(r *rig) {
		return func(r *rig) {
			r.has(long, "application/pdf")
			r.desk.on(uploadsRoute, answer)
		}
	}
	tests := []struct {
		name    string
		file    conversation.File
		prepare func(r *rig)
		refusal string
		uploads bool // Zendesk may be asked
	}{
		{"too large", pdf, func(r *rig) {
			r.set.Files.MostInbound = 2 * megabyte
			r.has(long, "application/pdf")
		}, "“a.pdf” (4 MB) passa do limite de 2 MB. Peça um arquivo menor ou um link.", false},
		{"larger than told", pdf, func(r *rig) {
			r.set.Files.MostInbound = 2 * megabyte
			r.holds(object{"file_size": "9000"}, pours(long))
			r.desk.on(uploadsRoute, says(201, uploaded))
		}, "“a.pdf” passa do limite de 2 MB. Peça um arquivo menor ou um link.", true},
		{"too large, nobody told", pdf, func(r *rig) {
			r.set.Files.MostInbound = 2 * megabyte
			r.holds(object{}, pours(long))
			r.desk.on(uploadsRoute, says(201, uploaded))
		}, "“a.pdf” passa do limite de 2 MB. Peça um arquivo menor ou um link.", true},
		{
			"program as picture", customers("image", "", "image/jpeg"), func(r *rig) { r.has(exeFile, "image/jpeg") },
			"o arquivo foi recusado: o conteúdo não é do tipo que o arquivo diz ter. Confirme com o cliente do que se trata antes de pedir que o envie de outra forma.", false,
		},
		{"unknown media id", pdf, func(r *rig) {
			r.phone.on(lookRoute, says(400, `{"error":{"message":"m","code":100,"error_subcode":33}}`))
		}, gone, false},
		{"no media id", conversation.File{ID: "wamid.1", Kind: "document", Name: "a.pdf", MIME: "application/pdf"}, func(*rig) {}, gone, false},
		{"address without the file", pdf, func(r *rig) { r.holds(object{}, says(404, ``)) }, gone, false},
		{"address of the machine's own network", pdf, at("http://169.254.169.254/latest/meta-data/"), address, false},
		{"the same by https", pdf, at("https://169.254.169.254/latest/meta-data/"), address, false},
		{"address of a stranger", pdf, at("https://files.example/m1"), address, false},
		{"address that leads astray", pdf, func(r *rig) {
			r.holds(object{}, http.RedirectHandler("http://169.254.169.254/", http.StatusFound).ServeHTTP)
		}, address, false},
		{"refused by zendesk for its size", pdf, answers(says(413, `{}`)), refused, true},
		{"refused by zendesk", pdf, answers(says(422, `{"error":"AttachmentUnprocessable"}`)), refused, true},
		{"empty", pdf, func(r *rig) { r.has("", "application/pdf") }, refused, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			tt.prepare(r)
			r.lost(r.carry(inbound(tt.file)), tt.refusal)
			if calls := r.desk.calls(); !tt.uploads && len(calls) > 0 {
				t.Errorf("zendesk was asked: %v", calls)
			}
		})
	}
}

// TestStreamTooOld wants nobody to be asked for a file that WhatsApp has forgotten.
func TestStreamTooOld(t *testing.T) {
	t.Parallel()
	for age, refused := range map[time.Duration]bool{7 * 24 * time.Hour: false, 7*24*time.Hour + time.Second: true} {
		t.Run(age.String(), func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.has(pdfFile, "application/pdf")
			r.desk.on(uploadsRoute, says(201, uploaded))
			p := inbound(customers("document", "a.pdf", "application/pdf"))
			p.Effect.Stream.Since = r.now.Add(-age)
			got := r.carry(p)
			if !refused {
				r.same("token", r.done(got).File.Token, "tok")
				return
			}
			r.lost(got, "“a.pdf” não pôde ser obtido a tempo: o WhatsApp guarda os arquivos por sete dias. Peça ao cliente que o envie de novo.")
			r.silent()
		})
	}
}

// TestStreamLater is what may succeed later.
func TestStreamLater(t *testing.T) {
	t.Parallel()
	second := time.Second
	looks := func(answer http.HandlerFunc) func(r *rig) {
		return func(r *rig) { r.phone.on(lookRoute, answer) }
	}
	ups := func(answer http.HandlerFunc) func(r *rig) {
		return func(r *rig) {
			r.has(pdfFile, "application/pdf")
			r.desk.on(uploadsRoute, answer)
		}
	}
	tests := []struct {
		name        string
		prepare     func(r *rig)
		least, most time.Duration
		free, loud  bool
	}{
		{"no budget", func(r *rig) { r.budget.at = at(5) }, 5 * second, 5 * second, true, false},
		{"whatsapp 500", looks(says(500, ``)), 800 * time.Millisecond, second, false, false},
		{"whatsapp down for a while", looks(refusal(503, "131016", "Retry-After", "9")), 9 * second, 9 * second, false, false},
		{"whatsapp's answer lost", looks(cut), 800 * time.Millisecond, second, false, false},
		{"whatsapp's token", looks(refusal(401, "190")), time.Minute, time.Minute, false, true},
		{"file's host 500", func(r *rig) { r.holds(object{}, says(500, ``)) }, 800 * time.Millisecond, second, false, false},
		{"file cut short", func(r *rig) {
			r.holds(object{}, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", "900000")
				w.Write([]byte(pdfFile))
			})
		}, 800 * time.Millisecond, second, false, false},
		{"large file cut short", func(r *rig) {
			r.desk.on(uploadsRoute, says(201, uploaded))
			r.holds(object{}, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", "900000")
				w.Write([]byte(pdfFile + strings.Repeat("x", 500_000)))
			})
		}, 800 * time.Millisecond, second, false, false},
		{"zendesk limited", ups(says(429, `{}`, "Retry-After", "33")), 33 * second, 33 * second, true, false},
		{"zendesk's credentials", ups(says(401, `{}`)), time.Minute, time.Minute, false, true},
		{"zendesk 500", ups(says(500, `{}`)), 800 * time.Millisecond, second, false, false},
		{"zendesk's answer lost", ups(cut), 800 * time.Millisecond, second, false, false},
		{"zendesk without a token", ups(says(201, `{}`)), 800 * time.Millisecond, second, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			tt.prepare(r)
			got := r.carry(inbound(customers("document", "a.pdf", "application/pdf")))
			r.later(got, tt.least, tt.most)
			r.same("free", got.Free, tt.free)
			r.same("loud", r.log.Len() > 0, tt.loud)
			r.same("file", got.File, (*conversation.FileResult)(nil))
		})
	}
}

// TestStreamBroken wants a file that is not the announced one to be fetched anew a few times, whenever that is noticed, and never
// to be attached.
func TestStreamBroken(t *testing.T) {
	t.Parallel()
	sum := strings.Repeat("00", 32)
	long := pdfFile + strings.Repeat("x", 300_000)
	for name, prepare := range map[string]func(r *rig){
		"small":                          func(r *rig) { r.holds(object{"sha256": sum}, gives(pdfFile, "application/pdf")) },
		"large":                          func(r *rig) { r.holds(object{"sha256": sum}, gives(long, "application/pdf")) },
		"large, nobody told its length":  func(r *rig) { r.holds(object{"sha256": sum}, pours(long)) },
		"longer than told":               func(r *rig) { r.holds(object{"file_size": "5000"}, pours(long)) },
		"shorter than told":              func(r *rig) { r.holds(object{"file_size": "999999"}, pours(long)) },
		"much shorter than told by them": func(r *rig) { r.holds(object{"file_size": "999999"}, pours(pdfFile)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			prepare(r)
			r.desk.on(uploadsRoute, says(201, uploaded))
			p := inbound(customers("document", "a.pdf", "application/pdf"))
			r.later(r.carry(p), 800*time.Millisecond, time.Second)
			p.Attempts = 4
			r.later(r.carry(p), 12*time.Second, 16*time.Second)
			p.Attempts = 5
			r.lost(r.carry(p), "“a.pdf” chegou danificado do WhatsApp. Peça ao cliente que o envie de novo.")
		})
	}
}

// TestStreamPlaces wants only so many files under way at once, and another to wait without losing an attempt.
func TestStreamPlaces(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.streams = 1
	r.dial(r.desk.url, r.phone.url)
	r.has(pdfFile, "application/pdf")
	begun, goOn := make(chan struct{}), make(chan struct{})
	r.desk.on(uploadsRoute, func(w http.ResponseWriter, q *http.Request) {
		close(begun)
		<-goOn
		says(201, uploaded)(w, q)
	}, says(201, uploaded))
	p := inbound(customers("document", "a.pdf", "application/pdf"))
	first := make(chan conversation.Result)
	go func() { first <- r.carry(p) }()
	<-begun
	asked := len(r.phone.calls())
	second := r.carry(p)
	close(goOn)
	r.later(second, time.Second, time.Second)
	r.same("free", second.Free, true)
	r.same("asked nobody", len(r.phone.calls()), asked)
	r.same("first", r.done(<-first).File.Token, "tok")
	r.same("afterwards", r.done(r.carry(p)).File.Token, "tok")
}
