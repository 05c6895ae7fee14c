package zendesk

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	gozendesk "github.com/nukosuke/go-zendesk/zendesk"
)

// Kind is the class of a failure; it decides what the caller does next.
type Kind int

// The kinds of failure. Source: https://developer.zendesk.com/api-reference/introduction/requests/.
const (
	// KindNetwork is a call without a usable answer: connection refused or lost, timeout, cancelled context.
	KindNetwork Kind = iota + 1
	// KindServer is 5xx, 408, or an answer that cannot be understood.
	KindServer
	// KindLimited is 429; Error.RetryAfter tells the wait.
	KindLimited
	// KindUnauthorized is 401 after a refreshed token, or a refused OAuth client.
	KindUnauthorized
	// KindForbidden is 403: the scope or the role does not reach.
	KindForbidden
	// KindNotFound is 404 and 410.
	KindNotFound
	// KindConflict is 409: the ticket was changed since updated_stamp, or two updates met.
	KindConflict
	// KindInvalid is 422 for any reason but a closed ticket.
	KindInvalid
	// KindClosed is 422 for an update of a closed ticket, which takes no updates any more.
	KindClosed
	// KindBad is every other refusal; repeating the same call cannot help.
	KindBad
)

// String returns the kind's name as used in logs and metrics.
func (k Kind) String() string {
	switch k {
	case KindNetwork:
		return "network"
	case KindServer:
		return "server"
	case KindLimited:
		return "limited"
	case KindUnauthorized:
		return "unauthorized"
	case KindForbidden:
		return "forbidden"
	case KindNotFound:
		return "not_found"
	case KindConflict:
		return "conflict"
	case KindInvalid:
		return "invalid"
	case KindClosed:
		return "closed"
	case KindBad:
		return "bad"
	}
	return "unknown"
}

// Error is what every call of the client returns when it fails.
//
// Its text holds the operation, the status, the kind and Zendesk's error code, never a body, an address with a query or a
// token.
type Error struct {
	// Op names the operation, for example "update ticket".
	Op string
	// Status is the HTTP status, 0 when there was no answer.
	Status int
	// Kind is the class of the failure.
	Kind Kind
	// Code is Zendesk's error code, for example "RecordInvalid"; may be empty.
	Code string
	// Description is Zendesk's own explanation, shortened and with addresses, numbers and long words masked; may be empty.
	Description string
	// RetryAfter is the wait Zendesk asked for, 0 for none.
	RetryAfter time.Duration

	uncertain bool
	cause     error
}

// Error implements error.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "zendesk: %s: %s", e.Op, e.Kind)
	if e.Status != 0 {
		fmt.Fprintf(&b, " (status %d", e.Status)
		if e.Code != "" {
			fmt.Fprintf(&b, ", %s", e.Code)
		}
		b.WriteString(")")
	}
	if e.cause != nil {
		fmt.Fprintf(&b, ": %v", e.cause)
	}
	return b.String()
}

// Unwrap returns the cause: of a network failure the error below, of a failed login the *Error of the token call.
func (e *Error) Unwrap() error { return e.cause }

// Uncertain reports whether a write may have happened although it failed: the request may have left and no usable answer
// came, or the answer was a 5xx. It is false for reads, and for a connection that was never had.
func (e *Error) Uncertain() bool { return e.uncertain }

// KindOf returns the kind of the *Error in err's tree, 0 when there is none.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return 0
}

// unsentError marks a call that failed before anything of it was sent: no token could be had, or its time was over.
type unsentError struct{ error }

// Unwrap returns the reason.
func (e *unsentError) Unwrap() error { return e.error }

// failure turns what a transport or go-zendesk returned into an *Error. now dates a Retry-After that is a date.
func failure(op, method string, ex *exchange, err error, now time.Time) *Error {
	if refused, ok := errors.AsType[gozendesk.Error](err); ok {
		body, readErr := io.ReadAll(refused.Body())
		if readErr != nil {
			body = nil
		}
		return answered(op, method, answer{refused.Status(), refused.Headers(), body}, now)
	}
	if unsent, ok := errors.AsType[*unsentError](err); ok {
		return unsentFailure(op, unsent.error)
	}
	for {
		outer, ok := errors.AsType[*url.Error](err)
		if !ok {
			break
		}
		err = outer.Err // its text holds the whole address
	}
	return &Error{
		Op: op, Kind: KindNetwork, Status: 0, cause: err,
		uncertain: writes(method) && !ex.unsent() && !isDial(err),
	}
}

// unsentFailure carries what the token call or the token store said over to the call that needed the token.
func unsentFailure(op string, cause error) *Error {
	e := &Error{Op: op, Kind: KindNetwork, cause: cause}
	if inner, ok := errors.AsType[*Error](cause); ok {
		e.Kind, e.RetryAfter = inner.Kind, inner.RetryAfter
	}
	return e
}

// isDial reports whether err is a failure to connect.
func isDial(err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	return ok && op.Op == "dial"
}

// writes reports whether a method changes something.
func writes(method string) bool { return method != http.MethodGet }

// answer is an HTTP answer that was not the one hoped for.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// answered turns an HTTP answer into an *Error.
func answered(op, method string, a answer, now time.Time) *Error {
	told := readEnvelope(a.body)
	e := &Error{
		Op: op, Status: a.status, Kind: kindOfStatus(a.status),
		Code: told.code, Description: told.description,
		RetryAfter: retryAfter(a.header, now),
	}
	if e.Kind == KindInvalid && method == http.MethodPut && told.closed {
		e.Kind = KindClosed
	}
	// An unexpected 2xx (an asynchronous 202, say) is a write that most likely did happen.
	e.uncertain = writes(method) && (e.Kind == KindServer || a.status < http.StatusMultipleChoices)
	return e
}

// unreadable is an answer of a good status whose body is not what was asked for. A write has happened all the same.
func unreadable(op, method string, status int, cause error) *Error {
	return &Error{Op: op, Status: status, Kind: KindServer, uncertain: writes(method), cause: cause}
}

// kindOfStatus is the table of statuses.
func kindOfStatus(status int) Kind {
	switch status {
	case http.StatusUnauthorized:
		return KindUnauthorized
	case http.StatusForbidden:
		return KindForbidden
	case http.StatusNotFound, http.StatusGone:
		return KindNotFound
	case http.StatusConflict:
		return KindConflict
	case http.StatusUnprocessableEntity:
		return KindInvalid
	case http.StatusTooManyRequests:
		return KindLimited
	case http.StatusRequestTimeout:
		return KindServer
	}
	if status >= http.StatusInternalServerError {
		return KindServer
	}
	return KindBad
}
