package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// Uploads takes in files that replies send.
type Uploads interface {
	// Upload streams a file to where it waits for its reply. An error that tells an HTTP status (`HTTPStatus() int`) and advice
	// (`Advice() string`, pt-BR) says why it can't be sent.
	Upload(ctx context.Context, u UploadAsk) (Upload, error)
	// Uploaded finds one again; ok is false when there is none, not any more, or for another conversation or caller.
	Uploaded(ctx context.Context, id, session string, caller int64) (f conversation.Attached, ok bool, err error)
}

// UploadAsk is a file on its way in.
type UploadAsk struct {
	Session string
	Caller  int64  // the agent, 0 = a program
	Name    string // as it is called on the agent's machine
	Voice   bool   // it was spoken into the app
	Size    int64  // in bytes, negative when it is not told
	Body    io.Reader
}

// Upload is a file that waits to be sent.
type Upload struct {
	ID   string `json:"id"`
	Kind string `json:"kind"`
	Name string `json:"name"`
	MIME string `json:"mime"`
	Size int64  `json:"size"`
}

// maxFileName is the longest name of a file, in characters.
const maxFileName = 240

// upload takes a file in for a reply of the path's conversation.
func (a *api) upload(c echo.Context) error {
	name, voice := c.QueryParam("name"), c.QueryParam("voice")
	if n := utf8.RuneCountInString(name); n == 0 || n > maxFileName || voice != "" && voice != "0" && voice != "1" {
		return problem(c, http.StatusBadRequest, "bad_request", "Informe o nome do arquivo, com até 240 caracteres.")
	}
	if _, ok, err := a.thread(c); !ok {
		return err
	}
	body := patient(c)
	defer body.timer.Stop()
	up, err := a.Uploads.Upload(c.Request().Context(), UploadAsk{
		Session: c.Param("session"), Caller: callerOf(c).Agent.ID, Name: name, Voice: voice == "1", Size: c.Request().ContentLength, Body: body,
	})
	if refusal := (interface {
		HTTPStatus() int
		Advice() string
	})(nil); errors.As(err, &refusal) {
		return problem(c, refusal.HTTPStatus(), uploadCode(refusal.HTTPStatus()), refusal.Advice())
	}
	if err != nil {
		return a.unavailable(c, err)
	}
	return c.JSON(http.StatusOK, up)
}

// uploadCode is what programs read of a refused file.
func uploadCode(status int) string {
	switch status {
	case http.StatusRequestEntityTooLarge:
		return "too_large"
	case http.StatusUnsupportedMediaType:
		return "bad_type"
	}
	return "bad_request"
}

// uploadStall is how long the next bytes of a file may take: all of it may take longer than other requests.
const uploadStall = 30 * time.Second

// stalling is a body that ends when nothing comes for too long, however long it takes as a whole.
type stalling struct {
	body  io.Reader
	timer *time.Timer
}

// patient is a request's body without the server's limit for all of it.
func patient(c echo.Context) *stalling {
	control := http.NewResponseController(c.Response())
	never := time.Time{}
	if control.SetReadDeadline(never) != nil { // it is no connection's: nothing to wait for
		return &stalling{c.Request().Body, time.NewTimer(uploadStall)}
	}
	over := time.Unix(1, 0)
	return &stalling{c.Request().Body, time.AfterFunc(uploadStall, func() { _ = control.SetReadDeadline(over) })}
}

// Read implements io.Reader.
func (s *stalling) Read(p []byte) (int, error) {
	n, err := s.body.Read(p)
	s.timer.Reset(uploadStall)
	return n, err
}

// attach adds the uploaded file to a reply; when it is not there the answer has been written and ok is false.
func (a *api) attach(c echo.Context, key, id string, cmd *conversation.Command) (ok bool, err error) {
	if id == "" {
		return true, nil
	}
	ctx := c.Request().Context()
	f, ok, err := a.Uploads.Uploaded(ctx, id, cmd.Session, callerOf(c).Agent.ID)
	if err != nil {
		return false, a.unavailable(c, err)
	}
	if ok {
		cmd.Upload = &f
		return true, nil
	}
	if answer, known, err := a.Commands.Answer(ctx, key, cmd.ID); err == nil && known { // it was sent before the upload was forgotten
		return false, answered(c, answer)
	}
	return false, answered(c, conversation.Answer{
		ID: cmd.ID, Code: conversation.RefusedFile, Session: cmd.Session, Text: "O arquivo não está mais disponível para envio. Anexe-o de novo.",
	})
}
