package app

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/bridge/web"
	"github.com/ponte-desk/ponte/whatsapp"
	"github.com/ponte-desk/ponte/zendesk"
)

// uploads takes in files that agents send: they lie at Zendesk, from where they are carried to WhatsApp and put on the ticket.
type uploads struct {
	desk   *zendesk.Client
	budget zendesk.Budget
	kept   *store.Uploads
	newID  func() string
	now    func() time.Time
}

// uploadKept is how long an upload can be sent: Zendesk keeps it so long.
const uploadKept = time.Hour

// uploadPrefix begins the ids of uploads: a customer's file has a wamid, an agent's attachment numbers.
const uploadPrefix = "up-"

// fileError says why a file is not taken in.
type fileError struct {
	status int
	advice string // pt-BR
}

// Error implements error.
func (e *fileError) Error() string { return "file refused: " + http.StatusText(e.status) }

// HTTPStatus is what the API answers.
func (e *fileError) HTTPStatus() int { return e.status }

// Advice is what the agent reads.
func (e *fileError) Advice() string { return e.advice }

// Upload checks a file by what it is against what WhatsApp takes, and streams it to Zendesk.
func (u *uploads) Upload(ctx context.Context, ask web.UploadAsk) (web.Upload, error) {
	source := bufio.NewReaderSize(&within{r: ask.Body, left: whatsapp.MaxDocument}, whatsapp.SniffLength)
	head, err := source.Peek(whatsapp.SniffLength)
	if err != nil && !errors.Is(err, io.EOF) {
		return web.Upload{}, err
	}
	f, err := checked(ask, head)
	if err != nil {
		return web.Upload{}, err
	}
	f.ID = uploadPrefix + u.newID()
	if err := u.turn(ctx, f.ID); err != nil {
		return web.Upload{}, err
	}
	at := u.now()
	up, err := u.desk.Upload(ctx, f.Name, f.MIME, known{source, ask.Size}, "")
	if err != nil {
		return web.Upload{}, notUploaded(f, err)
	}
	if up.Attachment.ContentURL == "" {
		return web.Upload{}, errors.New("zendesk does not tell where an upload lies")
	}
	f.URL, f.Size = up.Attachment.ContentURL, max(up.Attachment.Size, ask.Size, 0)
	if err := u.kept.Keep(ctx, f.ID, store.Upload{
		Session: ask.Session, Agent: ask.Caller, File: conversation.Attached{File: f, Token: up.Token, At: at},
	}, uploadKept); err != nil {
		return web.Upload{}, err
	}
	return web.Upload{ID: f.ID, Kind: f.Kind, Name: f.Name, MIME: f.MIME, Size: f.Size}, nil
}

// checked is the file as it is found to be by its first bytes, or why it can't be sent.
func checked(ask web.UploadAsk, head []byte) (f conversation.File, err error) {
	size := ask.Size
	if len(head) == 0 {
		size = 0
	}
	f.MIME, _ = whatsapp.Sniff(head, ask.Name, "")
	f.Name = whatsapp.Filename(ask.Name, f.MIME)
	kind, refusal := whatsapp.Fits(whatsapp.FileInfo{Name: ask.Name, MIME: f.MIME, Size: size}) // its own name speaks against it
	switch {
	case refusal != "" && size == 0:
		return f, &fileError{http.StatusBadRequest, refusal}
	case refusal != "" && size > whatsapp.MaxDocument:
		return f, &fileError{http.StatusRequestEntityTooLarge, refusal}
	case refusal != "":
		return f, &fileError{http.StatusUnsupportedMediaType, refusal}
	}
	f.Kind = kind
	if whatsapp.Convertible(f.MIME) { // it becomes a picture on its way
		f.Kind = whatsapp.TypeImage
	}
	sound := whatsapp.SoundOf(f.MIME, head)
	if ask.Voice && sound == whatsapp.SoundNone || sound == whatsapp.SoundRefused {
		return f, &fileError{http.StatusUnsupportedMediaType, "“" + f.Name + "” não foi enviado: " + whatsapp.SoundAdvice}
	}
	f.Voice = ask.Voice && sound == whatsapp.SoundVoice && f.Kind == whatsapp.TypeAudio
	return f, nil
}

// mostTurn is how long a file waits for its turn at Zendesk before the agent is asked to try again.
const mostTurn = 5 * time.Second

// turn waits until the account's budget allows the call.
func (u *uploads) turn(ctx context.Context, id string) error {
	at, err := u.budget.Reserve(ctx, "upload#"+id, zendesk.LanePeople, zendesk.Cost{Requests: 1})
	if err != nil {
		return err
	}
	wait := at.Sub(u.now())
	switch {
	case wait <= 0:
		return nil
	case wait > mostTurn:
		return errors.New("no budget for an upload now")
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// notUploaded is why Zendesk has not taken a file: its own doing when trying again makes no difference.
func notUploaded(f conversation.File, err error) error {
	if errors.Is(err, errPasses) {
		_, refusal := whatsapp.Fits(whatsapp.FileInfo{Name: f.Name, MIME: f.MIME, Size: whatsapp.MaxDocument + 1})
		return &fileError{http.StatusRequestEntityTooLarge, refusal}
	}
	status := http.StatusUnsupportedMediaType
	if ze, ok := errors.AsType[*zendesk.Error](err); ok && ze.Status == http.StatusRequestEntityTooLarge {
		status = http.StatusRequestEntityTooLarge
	}
	switch zendesk.KindOf(err) {
	case zendesk.KindInvalid, zendesk.KindBad, zendesk.KindClosed, zendesk.KindNotFound:
		return &fileError{status, "“" + f.Name + "” não foi aceito pelo Zendesk (tipo ou tamanho). Envie um arquivo menor ou um link."}
	case zendesk.KindLimited, zendesk.KindNetwork, zendesk.KindServer, zendesk.KindConflict, zendesk.KindUnauthorized, zendesk.KindForbidden:
	}
	return err
}

// Uploaded finds a file that was uploaded for a conversation by the same caller.
func (u *uploads) Uploaded(ctx context.Context, id, session string, caller int64) (f conversation.Attached, ok bool, err error) {
	if !strings.HasPrefix(id, uploadPrefix) {
		return f, false, nil
	}
	up, ok, err := u.kept.Find(ctx, id)
	if err != nil || !ok || up.Session != session || up.Agent != caller {
		return f, false, err
	}
	return up.File, true, nil
}

// errPasses says that a file holds more than WhatsApp takes of any.
var errPasses = errors.New("file larger than allowed")

// within fails when more bytes come than may pass.
type within struct {
	r    io.Reader
	left int64
}

// Read implements io.Reader.
func (w *within) Read(b []byte) (int, error) {
	n, err := w.r.Read(b)
	if w.left -= int64(n); w.left < 0 {
		return 0, errPasses
	}
	return n, err
}

// known is a reader that tells how much it holds.
type known struct {
	io.Reader
	size int64
}

// Size is in bytes, 0 when it is not known.
func (k known) Size() int64 { return max(k.size, 0) }
