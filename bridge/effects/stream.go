package effects

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/whatsapp"
	"github.com/ponte-desk/ponte/zendesk"
)

const (
	streamWait = time.Second // for a place among those under way
	headBytes  = 3 << 10     // enough to know a file's real type
	// mostAttempts is how often a file is tried whose bytes are not what was announced.
	mostAttempts = 5
	// mostConverted is the largest picture that is converted, in bytes: it passes through memory.
	mostConverted = 20 << 20
)

// stream carries a file from one peer to the other. Nothing of it stays in memory or in a mailbox. An upload that is repeated
// does no harm: what nobody uses is forgotten.
func (p *Performer) stream(ctx context.Context, j job) conversation.Result {
	select {
	case p.streams <- struct{}{}:
		defer func() { <-p.streams }()
	default:
		r := p.later(j, "other files go first", streamWait)
		r.Free = true
		return r
	}
	if j.Pending.Effect.Stream.To == conversation.PeerWhatsApp {
		return p.toWhatsApp(ctx, j)
	}
	return p.toZendesk(ctx, j)
}

// arrived is the result of a file that is there.
func (p *Performer) arrived(j job, f conversation.File, token string) conversation.Result {
	t := j.Pending.Effect.Stream
	return conversation.Result{Outcome: conversation.Done, File: &conversation.FileResult{
		Ask: t.Ask, To: t.To, File: f, Token: token, At: p.Now(),
	}}
}

// lost is the result of a file that will never arrive; refusal says why and the way out, pt-BR.
func (p *Performer) lost(j job, refusal, reason string) conversation.Result {
	t := j.Pending.Effect.Stream
	if t.File.Out && t.To == conversation.PeerZendesk { // the customer has nothing to do with it
		refusal = named(t.File) + "foi enviado ao cliente, mas não pôde ser guardado no Zendesk: não está neste ticket. Anexe-o de novo, se for preciso."
	}
	return conversation.Result{Outcome: conversation.Done, Reason: reason, File: &conversation.FileResult{
		Ask: t.Ask, To: t.To, File: t.File, At: p.Now(), Refusal: refusal,
	}}
}

// toZendesk carries a customer's file to the ticket's uploads, or once more one that the company sent.
func (p *Performer) toZendesk(ctx context.Context, j job) conversation.Result {
	t := j.Pending.Effect.Stream
	if p.Now().Sub(t.Since) > whatsapp.InboundMediaLife {
		return p.lost(j, named(t.File)+"não pôde ser obtido a tempo: o WhatsApp guarda os arquivos por sete dias. Peça ao cliente que o envie de novo.", "too old")
	}
	if r, ok := p.reserved(ctx, j, zendesk.LaneMirror, zendesk.Cost{Requests: 1}); !ok {
		return r
	}
	d, err := p.source(ctx, j)
	if err != nil {
		return p.notFetched(ctx, j, err)
	}
	defer d.Body.Close()
	most := j.Settings.Files.MostInbound
	if t.File.Out {
		most = whatsapp.MaxDocument
	}
	if d.Size > most {
		return p.lost(j, tooLarge(t.File, d.Size, most), "too large")
	}
	body := bufio.NewReaderSize(&limited{r: d.Body, left: most}, headBytes)
	head, err := body.Peek(headBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return p.notRead(ctx, j, err)
	}
	declared := d.MIME
	if declared == "" {
		declared = t.File.MIME
	}
	f := t.File
	var lies bool
	if f.MIME, lies = whatsapp.Sniff(head, f.Name, declared); lies && !f.Out {
		return p.lost(j, named(f)+"foi recusado: o conteúdo não é do tipo que o arquivo diz ter. Confirme com o cliente do que se trata antes de pedir que o envie de outra forma.", "lying type")
	}
	f.Name, f.Size = fileName(f), max(d.Size, 0)
	content := &sized{Reader: body, size: f.Size, left: f.Size}
	up, err := p.Zendesk.Upload(ctx, f.Name, f.MIME, content, "")
	if err == nil {
		err = content.rest() // only its end tells whether the file is the right one
	}
	if content.lied() {
		err = errors.Join(errLength, err)
	}
	if err != nil {
		return p.notUploaded(ctx, j, err)
	}
	if up.Attachment.Size > 0 {
		f.Size = up.Attachment.Size
	}
	return p.arrived(j, f, up.Token)
}

// toWhatsApp carries an agent's file to WhatsApp.
func (p *Performer) toWhatsApp(ctx context.Context, j job) conversation.Result {
	t := j.Pending.Effect.Stream
	if r, ok := p.reserved(ctx, j, zendesk.LanePeople, zendesk.Cost{Requests: 1}); !ok {
		return r
	}
	body, size, mime, err := p.Zendesk.Download(ctx, t.File.URL)
	if err != nil {
		return p.notDownloaded(ctx, j, err)
	}
	defer body.Close()
	source := bufio.NewReaderSize(&limited{r: body, left: whatsapp.MaxDocument}, headBytes)
	head, err := source.Peek(headBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return p.later(j, "read: "+err.Error(), 0)
	}
	f := t.File
	if f.MIME != "" {
		mime = f.MIME
	}
	f.MIME, _ = whatsapp.Sniff(head, f.Name, mime)
	f.Size = length(head, size, f.Size)
	kind, refusal := whatsapp.Fits(whatsapp.FileInfo{Name: f.Name, MIME: f.MIME, Size: f.Size}) // its own name speaks against it
	if refusal != "" {
		return p.lost(j, refusal, "does not fit")
	}
	var content io.Reader = source
	if whatsapp.Convertible(f.MIME) {
		picture, err := whatsapp.ToJPEG(io.LimitReader(source, mostConverted))
		if err != nil {
			return p.notConverted(ctx, j, err)
		}
		content, kind, f.MIME, f.Size = bytes.NewReader(picture), whatsapp.TypeImage, "image/jpeg", int64(len(picture))
	}
	f.Kind, f.Size = kind, max(f.Size, 0)
	f.Name = fileName(f)
	number, _, _ := conversation.ParseKey(t.Thread)
	f.Media, err = p.WhatsApp(number, j.Settings).Upload(ctx, number, whatsapp.UploadFile{
		Name: f.Name, MIME: takenAs(f.MIME), Size: f.Size, Body: content,
	})
	if err != nil {
		return p.notTaken(ctx, j, err)
	}
	return p.arrived(j, f, "")
}

// length is how many bytes a file holds whose first ones are head: as its host says, else as was told before; -1 is not known.
func length(head []byte, says, told int64) int64 {
	switch {
	case len(head) == 0:
		return 0
	case says > 0:
		return says
	case told > 0:
		return told
	}
	return -1
}

// takenAs is the type under which WhatsApp takes a file: texts of any sort as plain text, where its list has no better type.
func takenAs(mime string) string {
	if _, _, ok := whatsapp.KindOf(mime, false); ok {
		return mime
	}
	if plain := whatsapp.FallbackType(mime); plain != "" {
		return plain
	}
	return mime
}

// fileName is a safe name for the file; one that came without any is called what it is.
func fileName(f conversation.File) string {
	name := f.Name
	if strings.TrimSpace(name) == "" {
		switch f.Kind {
		case whatsapp.TypeImage:
			name = "imagem"
		case whatsapp.TypeAudio:
			name = "audio"
		case whatsapp.TypeVideo:
			name = "video"
		case whatsapp.TypeSticker:
			name = "figurinha"
		case whatsapp.TypeDocument:
			name = "documento"
		}
	}
	return whatsapp.Filename(name, f.MIME)
}

// notConverted is the result when a picture did not become a JPEG.
func (p *Performer) notConverted(ctx context.Context, j job, err error) conversation.Result {
	if !errors.Is(err, whatsapp.ErrNotConverted) { // its bytes did not come
		return p.notTaken(ctx, j, err)
	}
	return p.lost(j, named(j.Pending.Effect.Stream.File)+"não foi enviado: a imagem não pôde ser convertida para um formato que o WhatsApp aceita. Salve-a como JPEG e envie de novo.", "not converted")
}

// notFetched is the result when a peer did not hand a file out.
func (p *Performer) notFetched(ctx context.Context, j job, err error) conversation.Result {
	if _, ok := errors.AsType[*zendesk.Error](err); ok {
		return p.notDownloaded(ctx, j, err)
	}
	f := j.Pending.Effect.Stream.File
	switch {
	case errors.Is(err, whatsapp.ErrMediaGone), errors.Is(err, whatsapp.ErrInvalid):
		return p.lost(j, named(f)+"não está mais disponível no WhatsApp. Peça ao cliente que o envie de novo.", "gone")
	case errors.Is(err, whatsapp.ErrMediaAddress):
		p.Logger.ErrorContext(ctx, "address of a file refused", "error", err)
		return p.lost(j, named(f)+"foi recusado: o endereço do arquivo não é do WhatsApp. Peça ao cliente que o envie de novo.", "address refused")
	}
	return p.laterFile(ctx, j, err)
}

// notRead is the result when a file's bytes did not come.
func (p *Performer) notRead(ctx context.Context, j job, err error) conversation.Result {
	t := j.Pending.Effect.Stream
	switch {
	case errors.Is(err, errTooLarge):
		return p.lost(j, tooLarge(t.File, 0, j.Settings.Files.MostInbound), "too large")
	case (errors.Is(err, whatsapp.ErrMediaBroken) || errors.Is(err, errLength)) && j.Pending.Attempts >= mostAttempts:
		return p.lost(j, named(t.File)+"chegou danificado do WhatsApp. Peça ao cliente que o envie de novo.", "broken")
	}
	return p.laterFile(ctx, j, err)
}

// notUploaded is the result when Zendesk did not take a file, or its bytes did not come.
func (p *Performer) notUploaded(ctx context.Context, j job, err error) conversation.Result {
	if errors.Is(err, errTooLarge) || errors.Is(err, errLength) || errors.Is(err, whatsapp.ErrMediaBroken) {
		return p.notRead(ctx, j, err)
	}
	switch zendesk.KindOf(err) {
	case zendesk.KindInvalid, zendesk.KindBad, zendesk.KindClosed, zendesk.KindNotFound:
		return p.lost(j, named(j.Pending.Effect.Stream.File)+"não foi aceito pelo Zendesk (tipo ou tamanho). Combine com o cliente outra forma de envio.", "refused by zendesk")
	case zendesk.KindLimited, zendesk.KindNetwork, zendesk.KindServer, zendesk.KindConflict, zendesk.KindUnauthorized, zendesk.KindForbidden:
	}
	return p.refused(ctx, j, err)
}

// notDownloaded is the result when Zendesk did not hand an agent's file out.
func (p *Performer) notDownloaded(ctx context.Context, j job, err error) conversation.Result {
	switch zendesk.KindOf(err) {
	case zendesk.KindNotFound, zendesk.KindInvalid, zendesk.KindBad, zendesk.KindClosed:
		return p.lost(j, named(j.Pending.Effect.Stream.File)+"não foi enviado: o anexo não está mais disponível no ticket. Anexe-o de novo.", "gone")
	case zendesk.KindLimited, zendesk.KindNetwork, zendesk.KindServer, zendesk.KindConflict, zendesk.KindUnauthorized, zendesk.KindForbidden:
	}
	return p.refused(ctx, j, err)
}

// notTaken is the result when WhatsApp did not take a file.
func (p *Performer) notTaken(ctx context.Context, j job, err error) conversation.Result {
	f := j.Pending.Effect.Stream.File
	switch {
	case errors.Is(err, errTooLarge):
		return p.lost(j, tooLarge(f, 0, whatsapp.MaxDocument), "too large")
	case errors.Is(err, whatsapp.ErrMediaRefused), errors.Is(err, whatsapp.ErrInvalid):
		return p.lost(j, named(f)+"não foi aceito pelo WhatsApp. Confira se o conteúdo corresponde à extensão ou envie o arquivo em outro formato.", "refused by whatsapp")
	}
	return p.laterFile(ctx, j, err)
}

// laterFile is the result of a try that may succeed later; where somebody has to act first it is told loudly.
func (p *Performer) laterFile(ctx context.Context, j job, err error) conversation.Result {
	if e, ok := errors.AsType[*whatsapp.APIError](err); ok {
		v := e.Verdict()
		if v.Loud {
			p.Logger.ErrorContext(ctx, "whatsapp refuses the number", "code", e.Code, "status", e.HTTPStatus, "class", string(e.Class))
		}
		if !v.Retry {
			return p.later(j, e.Error(), backoffHelp)
		}
		return p.later(j, e.Error(), e.RetryAfter)
	}
	return p.later(j, "file: "+err.Error(), 0)
}

// named begins a sentence about a file.
func named(f conversation.File) string {
	if f.Name == "" {
		return "o arquivo "
	}
	return "“" + whatsapp.Filename(f.Name, f.MIME) + "” "
}

const megabyte = 1 << 20

// tooLarge says that a file passes a limit; size 0 is not known.
func tooLarge(f conversation.File, size, most int64) string {
	text := named(f)
	if size > 0 {
		text += fmt.Sprintf("(%d MB) ", (size+megabyte-1)/megabyte)
	}
	return text + fmt.Sprintf("passa do limite de %d MB. Peça um arquivo menor ou um link.", most/megabyte)
}

var (
	// errTooLarge says that a file holds more than may pass.
	errTooLarge = errors.New("file larger than allowed")
	// errLength says that a file is not as long as it was said to be.
	errLength = errors.New("file of another length than announced")
)

// limited fails when more bytes come than may pass: what was announced may be a lie.
type limited struct {
	r    io.Reader
	left int64
}

// Read implements io.Reader.
func (l *limited) Read(b []byte) (int, error) {
	n, err := l.r.Read(b)
	if l.left -= int64(n); l.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}

// sized is a reader that is said to hold so much, 0 = not known.
type sized struct {
	io.Reader
	size, left int64
	ended      bool
}

// Read implements io.Reader.
func (s *sized) Read(b []byte) (int, error) {
	n, err := s.Reader.Read(b)
	s.left -= int64(n)
	s.ended = s.ended || errors.Is(err, io.EOF)
	return n, err
}

// rest reads to the end what nobody has read.
func (s *sized) rest() error {
	_, err := io.Copy(io.Discard, s)
	return err
}

// lied tells whether the reader was found to hold more or less than was said.
func (s *sized) lied() bool { return s.size > 0 && (s.left < 0 || s.left > 0 && s.ended) }

// Size is how much the reader is said to hold.
func (s *sized) Size() int64 { return s.size }
