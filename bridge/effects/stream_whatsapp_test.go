package effects_test

import (
	"bytes"
	"errors"
	"image/jpeg"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/zendesk"
)

// handed is a file as WhatsApp got it.
type handed struct {
	Product, Type, Name, MIME string
	Content                   string
}

// handed reads the newest upload to WhatsApp.
func (r *rig) handed() handed {
	r.Helper()
	req := r.phone.last("POST")
	_, params, err := mime.ParseMediaType(req.Header.Get("Content-Type"))
	if err != nil {
		r.Fatal(err)
	}
	var h handed
	form := multipart.NewReader(bytes.NewReader(req.Raw), params["boundary"])
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return h
		}
		if err != nil {
			r.Fatal(err)
		}
		raw, err := io.ReadAll(part)
		if err != nil {
			r.Fatal(err)
		}
		switch part.FormName() {
		case "messaging_product":
			h.Product = string(raw)
		case "type":
			h.Type = string(raw)
		case "file":
			h.Name, h.MIME, h.Content = part.FileName(), part.Header.Get("Content-Type"), string(raw)
		}
	}
}

// TestStreamToWhatsApp wants an agent's file at WhatsApp as what it really is.
func TestStreamToWhatsApp(t *testing.T) {
	t.Parallel()
	const csv = "nota;valor\n1;10\n"
	large := pngFile(t) + strings.Repeat("x", 6*megabyte)
	tests := []struct {
		name               string
		called, told       string
		content            string
		kind, as, mime, is string // mime as the thread knows it, is as WhatsApp does
	}{
		{"picture", "tela.png", "image/png", pngFile(t), "image", "tela.png", "image/png", "image/png"},
		{"picture of a wrong type", "tela.jpg", "image/jpeg", pngFile(t), "image", "tela.png", "image/png", "image/png"},
		{"document", "nota.pdf", "application/pdf", pdfFile, "document", "nota.pdf", "application/pdf", "application/pdf"},
		{"document as nothing", "nota.pdf", "application/octet-stream", pdfFile, "document", "nota.pdf", "application/pdf", "application/pdf"},
		{"word", "contrato.docx", mimeDocx, docxFile(t), "document", "contrato.docx", mimeDocx, mimeDocx},
		{"voice", "fala.ogg", "audio/ogg", oggFile, "audio", "fala.ogg", "audio/ogg; codecs=opus", "audio/ogg; codecs=opus"},
		{"film without a name", "", "video/mp4", mp4File, "video", "documento.mp4", "video/mp4", "video/mp4"},
		{"table, which whatsapp takes as text", "notas.csv", "text/csv", csv, "document", "notas.csv", "text/csv", "text/plain"},
		{"picture too large for one", "tela.png", "image/png", large, "document", "tela.png", "image/png", "image/png"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.desk.on(attachRoute, gives(tt.content, tt.told))
			r.phone.on(toPhoneRoute, says(200, `{"id":"9001"}`))
			if tt.called == "" {
				tt.as = "video.mp4"
			}
			p := r.agents("document", tt.called, tt.told, 1)
			got := r.done(r.carry(p))
			want := p.Effect.Stream.File
			want.Kind, want.Name, want.MIME, want.Size, want.Media = tt.kind, tt.as, tt.mime, int64(len(tt.content)), "9001"
			r.same("file", got.File, &conversation.FileResult{Ask: thread + "#9", To: conversation.PeerWhatsApp, At: r.now, File: want})
			h := r.handed()
			r.same("content is the same", h.Content == tt.content, true)
			h.Content = ""
			r.same("handed over", h, handed{Product: "whatsapp", Type: tt.is, Name: tt.as, MIME: tt.is})
			r.same("asked", r.budget.asks, []ask{{mediaKey + "#2", zendesk.LanePeople, zendesk.Cost{Requests: 1}}})
			r.same("zendesk is shown the token", r.desk.last("GET").Header.Get("Authorization"), "Bearer demo")
		})
	}
}

// TestStreamConverts wants a picture of a kind that WhatsApp does not take to become a JPEG.
func TestStreamConverts(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ content, told, called, as string }{
		"bmp":  {bmpFile(t), "image/bmp", "tela.bmp", "tela.jpg"},
		"webp": {webpFile, "image/webp", "", "imagem.jpg"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.desk.on(attachRoute, gives(tt.content, tt.told))
			r.phone.on(toPhoneRoute, says(200, `{"id":"9001"}`))
			got := r.done(r.carry(r.agents("image", tt.called, tt.told, int64(len(tt.content))))).File
			if got.Refusal != "" {
				t.Fatal(got.Refusal)
			}
			h := r.handed()
			r.same("file", []any{got.File.Name, got.File.MIME, got.File.Kind, got.File.Size, got.File.Media},
				[]any{tt.as, "image/jpeg", "image", int64(len(h.Content)), "9001"})
			if _, err := jpeg.Decode(strings.NewReader(h.Content)); err != nil || h.Type != "image/jpeg" {
				t.Errorf("type %s: %v", h.Type, err)
			}
		})
	}
}

// TestStreamUnknownLength wants a file whose host tells no length to be carried all the same.
func TestStreamUnknownLength(t *testing.T) {
	t.Parallel()
	for name, told := range map[string]int64{"told before": int64(len(pdfFile)), "never told": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.desk.on(attachRoute, pours(pdfFile))
			r.phone.on(toPhoneRoute, says(200, `{"id":"9001"}`))
			got := r.done(r.carry(r.agents("document", "a.pdf", "application/pdf", told)))
			r.same("refusal", got.File.Refusal, "")
			r.same("size", got.File.File.Size, told)
			r.same("content", r.handed().Content, pdfFile)
		})
	}
}

// TestStreamToWhatsAppRefused is what never reaches WhatsApp, with what the agent reads.
func TestStreamToWhatsAppRefused(t *testing.T) {
	t.Parallel()
	const gone = "“a.pdf” não foi enviado: o anexo não está mais disponível no ticket. Anexe-o de novo."
	const refused = "“a.pdf” não foi aceito pelo WhatsApp. Confira se o conteúdo corresponde à extensão ou envie o arquivo em outro formato."
	const program = "não foi enviado: por segurança, arquivos executáveis e scripts não seguem pelo WhatsApp. Envie um link oficial para download."
	announced := func(length string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", length)
			w.Write([]byte(pdfFile + strings.Repeat("x", 9000)))
		}
	}
	pdf := gives(pdfFile, "application/pdf")
	tests := []struct {
		name         string
		called, told string
		file, answer http.HandlerFunc
		refusal      string
	}{
		{"too large", "a.pdf", "application/pdf", announced("104857601"), nil, "“a.pdf” (100,1 MB) não foi enviado: o WhatsApp aceita documentos de até 100 MB. Envie um link ou divida o arquivo."},
		{"empty", "a.pdf", "application/pdf", gives("", "application/pdf"), nil, "“a.pdf” não foi enviado: o arquivo está vazio. Confira o arquivo e anexe-o de novo."},
		{"program", "a.exe", "application/x-msdownload", gives(exeFile, ""), nil, "“a.exe” " + program},
		{"program as picture", "a.png", "image/png", gives(exeFile, "image/png"), nil, "“a.png” " + program},
		{"script by its name", "a.bat", "text/plain", gives("echo", "text/plain"), nil, "“a.bat” " + program},
		{
			"no picture", "a.bmp", "image/bmp", gives(bmpFile(t)[:5000], "image/bmp"), nil,
			"“a.bmp” não foi enviado: a imagem não pôde ser convertida para um formato que o WhatsApp aceita. Salve-a como JPEG e envie de novo.",
		},
		{"gone", "a.pdf", "application/pdf", says(404, `{}`), nil, gone},
		{"leads to the machine's own network", "a.pdf", "application/pdf", http.RedirectHandler("http://169.254.169.254/", http.StatusFound).ServeHTTP, nil, gone},
		{"leads into the company's network", "a.pdf", "application/pdf", http.RedirectHandler("https://10.0.0.7/a.pdf", http.StatusFound).ServeHTTP, nil, gone},
		{"type refused", "a.pdf", "application/pdf", pdf, refusal(400, "100"), refused},
		{"content refused", "a.pdf", "application/pdf", pdf, refusal(400, "131053"), refused},
		{"too large for whatsapp", "a.pdf", "application/pdf", pdf, says(413, ``), refused},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.desk.on(attachRoute, tt.file)
			if tt.answer != nil {
				r.phone.on(toPhoneRoute, tt.answer)
			}
			got := r.carry(r.agents("document", tt.called, tt.told, 9))
			r.lost(got, tt.refusal)
			r.same("media", got.File.File.Media, "")
			r.same("asked whatsapp", len(r.phone.calls()) > 0, tt.answer != nil)
		})
	}
}

// TestStreamToWhatsAppLater is what may succeed later.
func TestStreamToWhatsAppLater(t *testing.T) {
	t.Parallel()
	second := time.Second
	pdf := gives(pdfFile, "application/pdf")
	short := func(content, mime string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", mime)
			w.Header().Set("Content-Length", "900000")
			w.Write([]byte(content))
		}
	}
	tests := []struct {
		name         string
		called, told string
		file, answer http.HandlerFunc
		least, most  time.Duration
		free, loud   bool
	}{
		{"zendesk 500", "a.pdf", "application/pdf", says(500, ``), nil, 800 * time.Millisecond, second, false, false},
		{"zendesk limited", "a.pdf", "application/pdf", says(429, ``, "Retry-After", "33"), nil, 33 * second, 33 * second, true, false},
		{"zendesk's credentials", "a.pdf", "application/pdf", says(401, ``), nil, time.Minute, time.Minute, false, true},
		{"cut", "a.pdf", "application/pdf", cut, nil, 800 * time.Millisecond, second, false, false},
		{"file cut short", "a.pdf", "application/pdf", short(pdfFile, "application/pdf"), nil, 800 * time.Millisecond, second, false, false},
		{"large file cut short", "a.pdf", "application/pdf", short(pdfFile+strings.Repeat("x", 9000), "application/pdf"), says(200, `{"id":"9001"}`), 800 * time.Millisecond, second, false, false},
		{"picture cut short on its way to be converted", "a.bmp", "image/bmp", short(bmpFile(t)[:5000], "image/bmp"), nil, 800 * time.Millisecond, second, false, false},
		{"whatsapp 500", "a.pdf", "application/pdf", pdf, says(500, ``), 800 * time.Millisecond, second, false, false},
		{"whatsapp busy", "a.pdf", "application/pdf", pdf, refusal(503, "131016", "Retry-After", "9"), 9 * second, 9 * second, false, false},
		{"whatsapp's token", "a.pdf", "application/pdf", pdf, refusal(401, "190"), time.Minute, time.Minute, false, true},
		{"whatsapp's answer lost", "a.pdf", "application/pdf", pdf, cut, 800 * time.Millisecond, second, false, false},
		{"whatsapp without an id", "a.pdf", "application/pdf", pdf, says(200, `{}`), 800 * time.Millisecond, second, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.desk.on(attachRoute, tt.file)
			if tt.answer != nil {
				r.phone.on(toPhoneRoute, tt.answer)
			}
			got := r.carry(r.agents("document", tt.called, tt.told, 9))
			r.later(got, tt.least, tt.most)
			r.same("free", got.Free, tt.free)
			r.same("loud", r.log.Len() > 0, tt.loud)
		})
	}
	t.Run("no budget", func(t *testing.T) {
		t.Parallel()
		r := setup(t)
		r.budget.at = at(5)
		got := r.carry(r.agents("document", "a.pdf", "application/pdf", 9))
		r.later(got, 5*second, 5*second)
		r.same("free", got.Free, true)
		r.silent()
	})
}
