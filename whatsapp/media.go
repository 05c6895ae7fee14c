package whatsapp

import (
	"errors"
	"net/http"
	"time"
)

// Errors of FetchMedia and Upload, to be told apart with errors.Is. Beside them both fail like all calls of a Provider: with an
// *APIError, whose Verdict tells whether to try again, or with an *UncertainError, after which trying again is safe.
var (
	// ErrMediaGone says that WhatsApp does not know a media id, or forgot its file: nothing will bring it back. An *APIError with
	// the answer is wrapped.
	ErrMediaGone = errors.New("whatsapp: the file is gone for good")
	// ErrMediaRefused says that WhatsApp does not take a file of this type or size. An *APIError with the answer is wrapped.
	ErrMediaRefused = errors.New("whatsapp: the file was refused")
	// ErrMediaAddress says that a file lies where no file of WhatsApp can lie. Nothing was sent there.
	ErrMediaAddress = errors.New("whatsapp: the address of the file is not allowed")
	// ErrMediaBroken says that what was read is not what the look-up told: the file has another digest, or is too large.
	ErrMediaBroken = errors.New("whatsapp: the file is not the one that was announced")
)

// How long a peer may take for the next byte.
const (
	downloadStall = 30 * time.Second
	uploadStall   = time.Minute // it also looks at the file before it answers
)

// mediaHosts are the domains of Meta that serve files and may see its access token.
func mediaHosts() []string { return []string{"fbsbx.com", "facebook.com", "fbcdn.net", "whatsapp.net"} }

// broken is a transfer without a usable answer, or cut short.
func broken(status int, cause error) error {
	return &UncertainError{HTTPStatus: status, request: true, cause: cause}
}

// codeParameter is Meta's code for a wrong parameter; with subcodeNoObject it is an id that does not exist, or not for us.
//
// Source: https://developers.facebook.com/docs/graph-api/guides/error-handling
const (
	codeParameter   = 100
	subcodeNoObject = 33
)

// gone reports whether the answer to a look-up says that there is no such file.
func gone(e *APIError) bool {
	switch e.Code {
	case codeParameter, subcodeNoObject, 131009, CodeMediaDownload:
		return true
	case NoCode:
		return missing(e.HTTPStatus)
	}
	return false
}

func missing(status int) bool { return status == http.StatusNotFound || status == http.StatusGone }

// refusesFile reports whether the answer to an upload is about the file itself.
func refusesFile(e *APIError) bool {
	switch e.Code {
	case codeParameter:
		return e.Subcode != subcodeNoObject
	case CodeMediaUpload:
		return true
	}
	return e.HTTPStatus == http.StatusRequestEntityTooLarge || e.HTTPStatus == http.StatusUnsupportedMediaType
}
