package whatsapp

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
)

// answer is what came back from the peer.
type answer struct {
	status int
	header http.Header
	body   string
	// cut says why the body could not be read whole, if so.
	cut error
}

// readAnswer reads an answer of at most maxAnswer bytes. The caller closes its body.
func readAnswer(resp *http.Response) answer {
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	return answer{status: resp.StatusCode, header: resp.Header, body: string(body), cut: err}
}

var (
	errNoMessageID = errors.New("answer without a message id")
	errNoErrorCode = errors.New("answer without an error code")
	errNoSuccess   = errors.New("answer does not tell success")
)

// failure returns the error that an answer is, nil for a success by its status.
func (a answer) failure() error {
	if a.status >= 200 && a.status <= 299 {
		return nil
	}
	e := apiError(a.status, a.header, a.body)
	if a.status >= http.StatusInternalServerError && e.Code == NoCode {
		return &UncertainError{HTTPStatus: a.status, cause: errors.Join(errNoErrorCode, a.cut)}
	}
	return e
}

// sent reads the answer to a message.
func (a answer) sent() (Sent, error) {
	if err := a.failure(); err != nil {
		return Sent{}, err
	}
	sent := readSent(a.body)
	if sent.ID == "" {
		return Sent{}, &UncertainError{HTTPStatus: a.status, cause: errors.Join(errNoMessageID, a.cut)}
	}
	return sent, nil
}

// success reads the answer to what is no message: {"success": true}.
func (a answer) success() error {
	if err := a.failure(); err != nil {
		return ofRequest(err)
	}
	var d decoder
	if root, err := readObject(a.body); err == nil {
		for key, v := range root.members() {
			if key == "success" && d.boolean(v) {
				return nil
			}
		}
	}
	return &UncertainError{HTTPStatus: a.status, request: true, cause: errors.Join(errNoSuccess, a.cut)}
}

// ofRequest makes an uncertain outcome speak of a request instead of a message.
func ofRequest(err error) error {
	if uncertain, ok := errors.AsType[*UncertainError](err); ok {
		uncertain.request = true
	}
	return err
}

// readSent reads the answer to a send; ID is empty when it does not hold one.
func readSent(body string) Sent {
	var sent Sent
	root, err := readObject(body)
	if err != nil {
		return sent
	}
	var d decoder
	for key, v := range root.members() {
		switch key {
		case "contacts":
			for v := range d.array(v) {
				c := d.contact(v)
				sent.WaID, sent.UserID = c.WaID, c.UserID
			}
		case "messages":
			for v := range d.array(v) {
				for key, v := range d.object(v) {
					switch key {
					case "id":
						sent.ID = d.text(v)
					case "message_status":
						sent.MessageStatus = d.text(v)
					}
				}
			}
		}
	}
	return sent
}

// connectionTrace watches whether a request got a connection to be written to.
type connectionTrace struct{ asked, got atomic.Bool }

func (t *connectionTrace) watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { t.asked.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { t.got.Store(true) },
	})
}

// neverConnected reports whether the request that failed with err was certainly not written. A transport that does not report its
// connections is believed only when it says that dialling failed.
func (t *connectionTrace) neverConnected(err error) bool {
	if t.got.Load() {
		return false
	}
	var op *net.OpError
	dial := errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect")
	return dial || t.asked.Load()
}
