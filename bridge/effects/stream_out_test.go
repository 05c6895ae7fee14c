package effects_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// ours is a file that an agent sent by the app.
func (r *rig) ours(media string) conversation.File {
	return conversation.File{
		ID: "up-1", Kind: "document", Name: "a.pdf", MIME: "application/pdf", Size: int64(len(pdfFile)), Media: media, URL: r.desk.url + "/files/a1", Out: true, Agent: 8,
	}
}

// TestStreamOursToZendesk wants a file of the company's fetched from whoever still has it.
func TestStreamOursToZendesk(t *testing.T) {
	t.Parallel()
	gone := says(400, `{"error":{"message":"m","code":100,"error_subcode":33}}`)
	for name, tt := range map[string]struct {
		media string
		phone http.HandlerFunc // nil: it has the file
		calls []string         // of Zendesk
	}{
		"whatsapp has it":           {"m1", nil, []string{uploadsRoute}},
		"whatsapp has forgotten it": {"m1", gone, []string{attachRoute, uploadsRoute}},
		"it never came to whatsapp": {"", nil, []string{attachRoute, uploadsRoute}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.has(pdfFile, "application/pdf")
			if tt.phone != nil {
				r.phone.on(lookRoute, tt.phone)
			}
			r.desk.on(attachRoute, gives(pdfFile, "application/pdf"))
			r.desk.on(uploadsRoute, says(201, uploaded))
			got := r.done(r.carry(inbound(r.ours(tt.media))))
			r.same("refusal", got.File.Refusal, "")
			r.same("token", got.File.Token, "tok")
			r.same("file", got.File.File, r.ours(tt.media))
			r.same("calls", r.desk.calls(), tt.calls)
			r.same("content", string(r.desk.last("POST").Raw), pdfFile)
		})
	}
}

// TestStreamOursRefused wants the agent to read that the file is not on the ticket, whatever the reason, and what may succeed tried again.
func TestStreamOursRefused(t *testing.T) {
	t.Parallel()
	const refusal = "“a.pdf” foi enviado ao cliente, mas não pôde ser guardado no Zendesk: não está neste ticket. Anexe-o de novo, se for preciso."
	r := setup(t)
	r.desk.on(attachRoute, says(404, `{}`))
	r.lost(r.carry(inbound(r.ours(""))), refusal)
	r = setup(t)
	r.desk.on(attachRoute, gives(pdfFile, "application/pdf"))
	r.desk.on(uploadsRoute, says(413, `{}`))
	r.lost(r.carry(inbound(r.ours(""))), refusal)
	r = setup(t)
	r.desk.on(attachRoute, says(500, ``))
	r.later(r.carry(inbound(r.ours(""))), 800*time.Millisecond, time.Second)
	r = setup(t)
	r.set.Files.MostInbound = 2 // of customers
	r.desk.on(attachRoute, gives(pdfFile, "application/pdf"))
	r.desk.on(uploadsRoute, says(201, uploaded))
	r.same("token", r.done(r.carry(inbound(r.ours("")))).File.Token, "tok")
}
