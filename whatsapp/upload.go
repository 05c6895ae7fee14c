package whatsapp

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"

	"github.com/ponte-desk/ponte/internal/guard"
)

// UploadFile is a file on its way to WhatsApp.
type UploadFile struct {
	// Name is the file's name; what is unsafe in it is left out.
	Name string
	// MIME is its true type, which must be one that WhatsApp takes: see Fits and FallbackType.
	MIME string
	// Size is how many bytes Body holds, 0 when that is not known.
	Size int64
	// Body is read once, and no longer than the call takes.
	Body io.Reader
}

// Upload hands a file to WhatsApp, as a stream, and returns its media id. Repeating it with a new Body is harmless. It may take any
// time, only not stall, and ends with ctx.
//
// A file that is empty or not as long as told is ErrInvalid, one of a type or size that WhatsApp does not take ErrMediaRefused. When
// Body fails the error is an *UncertainError that wraps its own.
//
// Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media
func (a *api) Upload(ctx context.Context, numberID string, f UploadFile) (string, error) {
	if !isPathSegment(numberID) {
		return "", invalid("phone number id")
	}
	lent := guard.Lend(f.Body)
	defer lent.TakeBack()
	content := bufio.NewReader(lent)
	if _, err := content.Peek(1); errors.Is(err, io.EOF) {
		return "", invalid("an empty file")
	} else if err != nil {
		return "", broken(0, err)
	}
	form, err := newForm(f, content)
	if err != nil {
		return "", err
	}
	req, err := a.newRequest(ctx, http.MethodPost, numberID, []string{"media"}, form.body)
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", form.contentType)
	req.ContentLength = form.length
	patient := *a.http
	patient.Timeout = 0
	resp, err := guard.Do(&patient, req, uploadStall)
	if errors.Is(err, errLength) {
		return "", invalid("a file of another length than %d bytes", f.Size)
	}
	if err != nil {
		return "", broken(0, err)
	}
	defer resp.Body.Close()
	return uploaded(readAnswer(resp))
}

// uploaded reads the answer to an upload.
func uploaded(got answer) (string, error) {
	if err := got.failure(); err != nil {
		if told, ok := errors.AsType[*APIError](err); ok && refusesFile(told) {
			return "", fmt.Errorf("%w: %w", ErrMediaRefused, told)
		}
		return "", ofRequest(err)
	}
	id := ""
	if root, err := readObject(got.body); err == nil {
		var d decoder
		for key, v := range root.members() {
			if key == "id" {
				id = d.text(v)
			}
		}
	}
	if !isPathSegment(id) {
		return "", broken(got.status, errors.Join(errNoMediaID, got.cut))
	}
	return id, nil
}

var (
	errNoMediaID = errors.New("answer without a media id")
	errLength    = errors.New("the file is not as long as it was said to be")
)

// form is the body of an upload.
type form struct {
	body        io.Reader
	contentType string
	length      int64 // -1: unknown
}

// newForm puts a file between the beginning and the end of a multipart body.
func newForm(f UploadFile, content io.Reader) (form, error) {
	if _, _, err := mime.ParseMediaType(f.MIME); err != nil {
		return form{}, invalid("the type of the file")
	}
	var frame bytes.Buffer
	w := multipart.NewWriter(&frame)
	head, err := writeParts(w, f, &frame)
	if err != nil {
		return form{}, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	out := form{contentType: w.FormDataContentType(), length: -1}
	if f.Size > 0 {
		out.length = int64(frame.Len()) + f.Size
		content = &exact{Reader: content, left: f.Size}
	}
	begin, end := frame.Bytes()[:head], frame.Bytes()[head:]
	out.body = io.MultiReader(bytes.NewReader(begin), content, bytes.NewReader(end))
	return out, nil
}

// writeParts writes all of a form but the content of its file, and returns where that belongs.
func writeParts(w *multipart.Writer, f UploadFile, frame *bytes.Buffer) (int, error) {
	if err := errors.Join(w.WriteField("messaging_product", "whatsapp"), w.WriteField("type", f.MIME)); err != nil {
		return 0, err
	}
	header := textproto.MIMEHeader{
		"Content-Disposition": {multipart.FileContentDisposition("file", Filename(f.Name, f.MIME))},
		"Content-Type":        {f.MIME},
	}
	if _, err := w.CreatePart(header); err != nil {
		return 0, err
	}
	head := frame.Len()
	return head, w.Close()
}

// exact is a reader that fails unless it holds exactly as much as was said.
type exact struct {
	io.Reader

	left int64
}

// Read implements io.Reader.
func (e *exact) Read(p []byte) (int, error) {
	n, err := e.Reader.Read(p)
	if e.left -= int64(n); e.left < 0 || e.left > 0 && errors.Is(err, io.EOF) {
		return 0, errLength
	}
	return n, err
}
