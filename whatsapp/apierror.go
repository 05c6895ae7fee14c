package whatsapp

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// APIError is a definite failure: the platform did not take the message.
//
// Its text carries neither Message nor Details, which may name a person.
type APIError struct {
	// Code and Subcode are Meta's; NoCode when the answer has none.
	Code, Subcode int
	// HTTPStatus is 0 when the request never left.
	HTTPStatus int
	Message    string
	Details    string
	// FBTrace is what Meta's support asks for.
	FBTrace string
	Class   Class
	// RetryAfter is the platform's own wish, zero when it has none. For CodePairRate see PairBackoff.
	RetryAfter time.Duration

	cause error
}

// Error tells the code, the HTTP status and the class.
func (e *APIError) Error() string {
	switch {
	case e.HTTPStatus == 0:
		return fmt.Sprintf("whatsapp: not sent: %v", e.cause)
	case e.Code == NoCode:
		return fmt.Sprintf("whatsapp: http status %d without an error code (%s)", e.HTTPStatus, e.Class)
	}
	return fmt.Sprintf("whatsapp: error code %d, http status %d (%s), trace %q", e.Code, e.HTTPStatus, e.Class, e.FBTrace)
}

// Unwrap returns the failure to connect, when that is what it is.
func (e *APIError) Unwrap() error { return e.cause }

// Verdict tells what to do about the error.
func (e *APIError) Verdict() Verdict {
	if e.HTTPStatus == 0 {
		return e.Class.verdict()
	}
	return Judge(e.Code, e.HTTPStatus)
}

// UncertainError is a failure after which nobody knows whether the message was sent. It must not be sent again before a status
// with its callback data had time to come. A call that sends no message may be repeated.
type UncertainError struct {
	// HTTPStatus is 0 when no answer came.
	HTTPStatus int

	request bool // it was no message
	cause   error
}

// Error tells what is known.
func (e *UncertainError) Error() string {
	what := "the message may have been sent"
	if e.request {
		what = "the request may have taken effect"
	}
	if e.HTTPStatus == 0 {
		return fmt.Sprintf("whatsapp: %s: %v", what, e.cause)
	}
	return fmt.Sprintf("whatsapp: %s: http status %d: %v", what, e.HTTPStatus, e.cause)
}

// Unwrap returns the cause.
func (e *UncertainError) Unwrap() error { return e.cause }

// apiError reads {"error": {…}} of an answer that is no success. Parts that cannot be read are left out.
func apiError(status int, header http.Header, body string) *APIError {
	e := &APIError{Code: NoCode, Subcode: NoCode, HTTPStatus: status, RetryAfter: retryAfter(header)}
	if root, err := readObject(body); err == nil {
		for key, v := range root.members() {
			if key == "error" {
				e.read(v)
			}
		}
	}
	e.Class = Classify(e.Code, status)
	return e
}

func (e *APIError) read(v value) {
	var d decoder
	for key, v := range d.object(v) {
		switch key {
		case "code":
			e.Code = d.integer(v, NoCode)
		case "error_subcode":
			e.Subcode = d.integer(v, NoCode)
		case "message":
			e.Message = d.text(v)
		case "fbtrace_id":
			e.FBTrace = d.text(v)
		case "error_data":
			for key, v := range d.object(v) {
				if key == "details" {
					e.Details = d.text(v)
				}
			}
		}
	}
}

// maxRetryAfter bounds what an answer can make us wait.
const maxRetryAfter = 24 * time.Hour

// retryAfter reads the header of that name, in seconds or as a date. A date is measured against the answer's own Date, so that the
// two clocks need not agree.
func retryAfter(header http.Header) time.Duration {
	wish := header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(wish, 10, 31); err == nil {
		return min(time.Duration(seconds)*time.Second, maxRetryAfter)
	}
	at, err := http.ParseTime(wish)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		return 0
	}
	return min(max(at.Sub(now), 0), maxRetryAfter)
}
