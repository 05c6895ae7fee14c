package whatsapp

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/ponte-desk/ponte/internal/guard"
)

// Download is an open file.
type Download struct {
	// Body streams the file and must be closed. In place of its end it fails with ErrMediaBroken when the file is not the one with
	// the digest SHA256, or larger than MaxDocument. Any other failure is an *UncertainError.
	Body io.ReadCloser
	// MIME is the type that WhatsApp tells, with its parameters; it may be empty, and wrong.
	MIME string
	// Size is how many bytes Body holds, -1 when nobody tells.
	Size int64
	// SHA256 is the file's digest of 32 bytes, nil when nobody tells.
	SHA256 []byte
}

// mediaInfo is what a look-up tells about a file.
type mediaInfo struct {
	url, mime string
	size      int64
	sha256    []byte
}

// FetchMedia looks a file up and opens it. numberID is the number that got it; the credential goes to the platform's own hosts alone.
// The file may take any time, only not stall, and ends with ctx.
//
// Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media
func (a *api) FetchMedia(ctx context.Context, numberID, mediaID string) (*Download, error) {
	if !isPathSegment(mediaID) {
		return nil, invalid("media id")
	}
	d, err := a.fetchOnce(ctx, numberID, mediaID)
	if lost, ok := errors.AsType[*lostError](err); ok { // the address was no longer good; a new one is
		if d, err = a.fetchOnce(ctx, numberID, mediaID); err != nil && errors.As(err, &lost) {
			err = fmt.Errorf("%w: %w", ErrMediaGone, lost.answer)
		}
	}
	return d, err
}

// lostError is an address at which there is no file.
type lostError struct{ answer *APIError }

// Error implements error.
func (e *lostError) Error() string { return e.answer.Error() }

func (a *api) fetchOnce(ctx context.Context, numberID, mediaID string) (*Download, error) {
	info, err := a.lookUp(ctx, numberID, mediaID)
	if err != nil {
		return nil, err
	}
	return a.open(ctx, info)
}

// lookUp asks where a file lies.
func (a *api) lookUp(ctx context.Context, numberID, mediaID string) (mediaInfo, error) {
	query := url.Values{}
	if a.inPath && numberID != "" {
		query.Set("phone_number_id", numberID)
	}
	got, err := a.exchange(ctx, call{method: http.MethodGet, parts: []string{mediaID}, query: query})
	if err != nil {
		return mediaInfo{}, ofRequest(err)
	}
	if err := got.failure(); err != nil {
		if told, ok := errors.AsType[*APIError](err); ok && gone(told) {
			return mediaInfo{}, fmt.Errorf("%w: %w", ErrMediaGone, told)
		}
		return mediaInfo{}, ofRequest(err)
	}
	info := readMediaInfo(got.body)
	if info.url == "" {
		return mediaInfo{}, broken(got.status, errors.Join(errNoAddress, got.cut))
	}
	return info, nil
}

var errNoAddress = errors.New("answer without a download address")

// readMediaInfo reads the answer to a look-up; url is empty when it does not hold one.
func readMediaInfo(body string) mediaInfo {
	info := mediaInfo{size: -1}
	root, err := readObject(body)
	if err != nil {
		return info
	}
	var d decoder
	for key, v := range root.members() {
		switch key {
		case "url":
			info.url = d.text(v)
		case "mime_type":
			info.mime = d.text(v)
		case "sha256":
			info.sha256 = digest(d.text(v))
		case "file_size":
			if n, err := strconv.ParseInt(d.text(v), 10, 64); err == nil && n >= 0 {
				info.size = n
			}
		}
	}
	return info
}

// digest reads a SHA-256 in hexadecimal, as look-ups tell it, or in base64, as webhooks do; nil when it is neither.
func digest(s string) []byte {
	plain := strings.TrimRight(s, "=")
	for _, decode := range []func(string) ([]byte, error){
		hex.DecodeString, base64.RawStdEncoding.DecodeString, base64.RawURLEncoding.DecodeString,
	} {
		if sum, err := decode(plain); err == nil && len(sum) == sha256.Size {
			return sum
		}
	}
	return nil
}

// open asks for a file. It follows redirects, but without the credential.
func (a *api) open(ctx context.Context, info mediaInfo) (*Download, error) {
	req, err := a.fileRequest(ctx, info.url)
	if err != nil {
		return nil, err
	}
	client := guard.Client(guard.Config{Hosts: mediaHosts(), Trust: []string{a.base}, Transport: a.http.Transport})
	resp, err := guard.Do(client, req, downloadStall)
	if refused, ok := errors.AsType[*guard.RefusedError](err); ok {
		return nil, fmt.Errorf("%w: %w", ErrMediaAddress, refused)
	}
	if err != nil {
		return nil, broken(0, err)
	}
	if resp.StatusCode != http.StatusOK {
		defer resp.Body.Close()
		return nil, notOpened(readAnswer(resp))
	}
	return newDownload(info, resp), nil
}

// fileRequest returns the request for a file. It carries the credential only to the peer's own origin, and Meta's to Meta's hosts.
func (a *api) fileRequest(ctx context.Context, address string) (*http.Request, error) {
	u, own, err := a.fileURL(address)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMediaAddress, err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMediaAddress, guard.Bare(err))
	}
	req.Header.Set("User-Agent", userAgent)
	metas := a.files == "" && u.Scheme == "https" && guard.Below(u.Hostname(), mediaHosts())
	if own || metas || a.isBase(u) {
		a.authorize(req)
	}
	return req, nil
}

// isBase reports whether an address lies at the origin of the peer.
func (a *api) isBase(u *url.URL) bool {
	base, err := url.Parse(a.base)
	return err == nil && guard.Origin(u) != "" && guard.Origin(u) == guard.Origin(base)
}

// notOpened is an answer without the file.
func notOpened(got answer) error {
	e := apiError(got.status, got.header, got.body)
	if missing(got.status) {
		return &lostError{e}
	}
	return e
}

// newDownload joins what the look-up and the answer tell. The answer knows better how much will come.
func newDownload(info mediaInfo, resp *http.Response) *Download {
	d := &Download{MIME: info.mime, Size: info.size, SHA256: info.sha256}
	if d.MIME == "" {
		d.MIME = resp.Header.Get("Content-Type")
	}
	if resp.ContentLength >= 0 {
		d.Size = resp.ContentLength
	}
	d.Body = &verified{ReadCloser: resp.Body, sum: sha256.New(), want: d.SHA256, left: MaxDocument}
	return d
}

// verified is a file that ends well only when it is the right one.
type verified struct {
	io.ReadCloser

	sum  hash.Hash
	want []byte // nil: unknown
	left int64  // how much more it may hold
}

// Read implements io.Reader.
func (v *verified) Read(p []byte) (int, error) {
	n, err := v.ReadCloser.Read(p)
	v.sum.Write(p[:n])
	v.left -= int64(n)
	switch {
	case v.left < 0:
		return 0, fmt.Errorf("%w: larger than %d bytes", ErrMediaBroken, MaxDocument)
	case errors.Is(err, io.EOF):
		if v.want != nil && subtle.ConstantTimeCompare(v.want, v.sum.Sum(nil)) == 0 {
			return n, fmt.Errorf("%w: another digest", ErrMediaBroken)
		}
		return n, io.EOF
	case err != nil:
		return n, broken(0, err)
	}
	return n, nil
}
