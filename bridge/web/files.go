package web

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/transcript"
)

// Files opens the files of messages.
type Files interface {
	// Open opens a file of a session's transcript that was sent at a time, from whichever peer still has it. It fails with ErrFileGone
	// when none has.
	Open(ctx context.Context, t conversation.Thread, session string, f conversation.File, sent time.Time) (File, error)
}

// ErrFileGone says that no peer has a file any more.
var ErrFileGone = errors.New("no peer has the file any more")

// File is an open file.
type File struct {
	Body io.ReadCloser
	Name string // safe to show and to store
	MIME string // by its bytes
	Size int64  // -1 when nobody tells
}

// filesKept is how long a page may keep a file: what is behind an id never changes.
const filesKept = 24 * time.Hour

// filePolicy lets a file that is looked at by itself do nothing at all.
const filePolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; media-src 'self'; sandbox"

// showFile streams a file of a message. What a browser could run comes as a download only.
func (a *api) showFile(c echo.Context) error {
	t, ok, err := a.thread(c)
	if !ok {
		return err
	}
	download := c.QueryParam("download")
	if download != "" && download != "0" && download != "1" {
		return problem(c, http.StatusBadRequest, "bad_request", "O parâmetro download é 0 ou 1.")
	}
	ctx, session := c.Request().Context(), c.Param("session")
	entries, err := a.Threads.Transcript(ctx, session)
	if err != nil {
		return a.unavailable(c, err)
	}
	found, sent, ok := findFile(entries, param(c, "file"))
	switch {
	case !ok:
		return problem(c, http.StatusNotFound, "not_found", "Arquivo não encontrado.")
	case found.Refused:
		return problem(c, http.StatusGone, "gone", fileOf(found).Refused)
	}
	f, err := a.Reads.Files.Open(ctx, t, session, found.File, sent)
	switch {
	case errors.Is(err, ErrFileGone):
		return problem(c, http.StatusGone, "gone", "O arquivo não está mais disponível no WhatsApp nem no ticket.")
	case err != nil:
		return a.unavailable(c, err)
	}
	defer f.Body.Close()
	return a.stream(c, f, download == "1")
}

// findFile is a file of a transcript by its id, as it was last known, and when it was sent.
func findFile(entries []conversation.Entry, id string) (f transcript.File, sent time.Time, ok bool) {
	for _, m := range transcript.Fold(entries) {
		i := slices.IndexFunc(m.Files, func(f transcript.File) bool { return f.ID == id })
		if i >= 0 {
			return m.Files[i], m.At, true
		}
	}
	return f, sent, false
}

// stream answers a file as it comes. What goes wrong on the way can only be told by an answer that ends early.
func (a *api) stream(c echo.Context, f File, download bool) error {
	h := c.Response().Header()
	disposition := "attachment"
	if !download && shown(f.MIME) {
		disposition = "inline"
	}
	h.Set(echo.HeaderContentType, f.MIME)
	h.Set(echo.HeaderContentDisposition, mime.FormatMediaType(disposition, map[string]string{"filename": f.Name}))
	h.Set(echo.HeaderContentSecurityPolicy, filePolicy)
	h.Set(echo.HeaderXContentTypeOptions, "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "private, max-age="+strconv.Itoa(int(filesKept.Seconds())))
	h.Set("Vary", "Authorization")
	if f.Size >= 0 {
		h.Set(echo.HeaderContentLength, strconv.FormatInt(f.Size, 10))
	}
	c.Response().WriteHeader(http.StatusOK)
	n, err := io.Copy(c.Response(), f.Body)
	if err == nil && f.Size >= 0 && n != f.Size {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		ctx := c.Request().Context()
		if ctx.Err() == nil {
			a.logger.WarnContext(ctx, "file not sent to its end", "error", err)
		}
		panic(http.ErrAbortHandler) // so that nobody takes a part of it for the whole
	}
	return nil
}

// shown tells whether browsers may show a file of a type within the page: pictures, sounds, films and PDF, but nothing that can hold
// a program.
func shown(mimeType string) bool {
	base, _, err := mime.ParseMediaType(mimeType)
	if err != nil {
		return false
	}
	family, kind, _ := strings.Cut(base, "/")
	switch family {
	case "image":
		return slices.Contains([]string{"jpeg", "png", "gif", "webp", "bmp", "avif", "heic", "heif", "tiff"}, kind)
	case "audio", "video":
		return true
	}
	return base == "application/pdf"
}
