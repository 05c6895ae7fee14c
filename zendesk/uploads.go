package zendesk

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/ponte-desk/ponte/internal/guard"
)

// uploadStall is how long Zendesk may take none of a file, or no decision after its end.
const uploadStall = time.Minute

// Upload is a file that waits to be attached to a comment.
type Upload struct {
	// Token goes into CommentWrite.Uploads, within UploadTokenLife.
	Token string `json:"token"`
	// ExpiresAt is when the token ends, zero when Zendesk did not tell.
	ExpiresAt time.Time `json:"expires_at"`
	// Attachment describes the file.
	Attachment Attachment `json:"attachment"`
}

// sized is a reader that knows how much it holds, in bytes.
type sized interface{ Size() int64 }

// Upload streams a file to Zendesk. mime must be its true type and fit filename's extension. token adds it to an earlier
// upload, "" starts a new one. Repeating it is harmless, but it cannot be repeated by the client: r is read once, also when
// a refused token (KindUnauthorized) has already been replaced for the next try. Nobody reads r after it returned. An empty file is
// refused with KindBad. It may take any time until ctx ends, but fails with KindNetwork when Zendesk takes nothing for a minute; how
// long r takes does not count. The length is sent when r is a seeker or has Len() int or Size() int64.
// Source: https://developer.zendesk.com/api-reference/ticketing/tickets/ticket-attachments/#upload-files.
func (c *Client) Upload(ctx context.Context, filename, mime string, r io.Reader, token string) (Upload, error) {
	const op = "upload file"
	size := sizeOf(r)
	lent := guard.Lend(r)
	defer lent.TakeBack()
	body := bufio.NewReader(lent)
	if _, err := body.Peek(1); errors.Is(err, io.EOF) {
		return Upload{}, &Error{Op: op, Kind: KindBad, cause: errors.New("the file is empty")}
	} else if err != nil {
		return Upload{}, &Error{Op: op, Kind: KindNetwork, cause: fmt.Errorf("read file: %w", err)}
	}
	q := url.Values{"filename": {filename}}
	if token != "" {
		q.Set("token", token)
	}
	ex := &exchange{}
	req, err := http.NewRequestWithContext(
		withExchange(ctx, ex), http.MethodPost, c.base+withQuery("/uploads", q), io.NopCloser(body),
	)
	if err != nil {
		return Upload{}, &Error{Op: op, Kind: KindBad, cause: errors.New("the request cannot be made")}
	}
	req.Header.Set("Content-Type", mime)
	if size > 0 {
		req.ContentLength = size
	}
	resp, err := guard.Do(c.plain, req, uploadStall)
	if err != nil {
		return Upload{}, failure(op, http.MethodPost, ex, err, c.now())
	}
	defer resp.Body.Close()
	return c.uploaded(op, resp)
}

// uploaded reads the answer.
func (c *Client) uploaded(op string, resp *http.Response) (Upload, error) {
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return Upload{}, &Error{Op: op, Status: resp.StatusCode, Kind: KindNetwork, uncertain: true, cause: err}
	}
	if resp.StatusCode != http.StatusCreated && resp.StatusCode != http.StatusOK {
		return Upload{}, answered(op, http.MethodPost, answer{resp.StatusCode, resp.Header, body}, c.now())
	}
	var out struct {
		Upload Upload `json:"upload"`
	}
	if err := json.Unmarshal(body, &out); err != nil {
		return Upload{}, unreadable(op, http.MethodPost, resp.StatusCode, err)
	}
	if out.Upload.Token == "" {
		return Upload{}, unreadable(op, http.MethodPost, resp.StatusCode, errNoRecord)
	}
	return out.Upload, nil
}

// sizeOf returns how many bytes r still holds, 0 when it cannot tell.
func sizeOf(r io.Reader) int64 {
	switch r := r.(type) {
	case interface{ Len() int }:
		return int64(r.Len())
	case io.Seeker:
		here, err := r.Seek(0, io.SeekCurrent)
		if err != nil {
			return 0
		}
		end, err := r.Seek(0, io.SeekEnd)
		if err != nil {
			return 0
		}
		if _, err := r.Seek(here, io.SeekStart); err != nil {
			return 0
		}
		return end - here
	case sized:
		return r.Size()
	}
	return 0
}
