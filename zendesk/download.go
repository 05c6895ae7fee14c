package zendesk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/ponte-desk/ponte/internal/guard"
)

const (
	// downloadStall is how long a file's host may take for the next byte.
	downloadStall = 30 * time.Second
	// maxFile is the largest file read, in bytes, well above what Zendesk keeps: another host's file need not end.
	maxFile = 128 << 20
)

// fileClient returns the client for files. What goes to Zendesk's own origin gets the token from own, a transport, redirects to it
// from itself included; every other host is reached over https alone, at public addresses alone, and sees no token.
func fileClient(base string, own http.RoundTripper) *http.Client {
	return guard.Client(guard.Config{Trust: []string{base}, Transport: own})
}

// originOf returns the origin of a base address.
func originOf(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return ""
	}
	return guard.Origin(u)
}

// Download opens the file behind an attachment's ContentURL, which may lead to any host; the token goes to Zendesk alone. size is -1
// and mime empty when nobody tells. The caller closes body. The file may take any time, only not stall, and ends with ctx.
//
// An address that must not be fetched is KindBad and wraps a *guard.RefusedError. Reading body fails with an *Error, too: KindNetwork,
// or KindBad for a file larger than 128 MB.
// Source: https://developer.zendesk.com/api-reference/ticketing/tickets/ticket-attachments/.
func (c *Client) Download(ctx context.Context, contentURL string) (body io.ReadCloser, size int64, mime string, err error) {
	const op = "download file"
	ex := &exchange{}
	req, err := http.NewRequestWithContext(withExchange(ctx, ex), http.MethodGet, contentURL, http.NoBody)
	if err != nil {
		return nil, 0, "", &Error{Op: op, Kind: KindBad, cause: errors.New("the address cannot be read")}
	}
	req.Header.Set("User-Agent", "Ponte")
	asked := req.URL
	resp, err := guard.Do(c.files, req, downloadStall)
	if refused, ok := errors.AsType[*guard.RefusedError](err); ok {
		return nil, 0, "", &Error{Op: op, Kind: KindBad, cause: refused}
	}
	if err != nil {
		return nil, 0, "", failure(op, http.MethodGet, ex, err, c.now())
	}
	if resp.StatusCode != http.StatusOK {
		defer resp.Body.Close()
		return nil, 0, "", c.noFile(op, resp, asked)
	}
	return &file{ReadCloser: resp.Body, op: op, left: maxFile}, resp.ContentLength, resp.Header.Get("Content-Type"), nil
}

// noFile turns an answer without a file into an *Error. Another host's refusal says nothing about our token.
func (c *Client) noFile(op string, resp *http.Response, asked *url.URL) *Error {
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxDrain))
	if err != nil {
		text = nil // the status says enough
	}
	e := answered(op, http.MethodGet, answer{resp.StatusCode, resp.Header, text}, c.now())
	at := asked
	if resp.Request != nil {
		at = resp.Request.URL
	}
	if e.Kind == KindUnauthorized && guard.Origin(at) != c.origin {
		e.Kind = KindForbidden
	}
	return e
}

// file is the body of a file, whose failures are ours.
type file struct {
	io.ReadCloser

	op   string
	left int64
}

// Read implements io.Reader.
func (f *file) Read(p []byte) (int, error) {
	n, err := f.ReadCloser.Read(p)
	if f.left -= int64(n); f.left < 0 {
		return 0, &Error{Op: f.op, Kind: KindBad, cause: fmt.Errorf("the file is larger than %d bytes", maxFile)}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = &Error{Op: f.op, Kind: KindNetwork, cause: err}
	}
	return n, err
}
