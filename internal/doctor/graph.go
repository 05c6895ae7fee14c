package doctor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/ponte-desk/ponte/whatsapp"
)

// graph reads objects of the Graph API.
type graph struct {
	base, version string
	token         whatsapp.Secret
	http          *http.Client
}

// mostAnswer is the largest answer that is read, in bytes.
const mostAnswer = 1 << 20

// graphError is an answer that was not the one hoped for; its text holds Meta's code alone.
type graphError struct{ status, code int }

// Error tells status and code.
func (e *graphError) Error() string {
	if e.code == whatsapp.NoCode {
		return fmt.Sprintf("http status %d", e.status)
	}
	return fmt.Sprintf("error code %d, http status %d", e.code, e.status)
}

// class groups the error by what is to be done about it.
func (e *graphError) class() whatsapp.Class { return whatsapp.Classify(e.code, e.status) }

// get reads the object at a path of ids and words into out.
func (g graph) get(ctx context.Context, out any, fields string, path ...string) error {
	target, err := url.JoinPath(g.base, append([]string{g.version}, path...)...)
	if err != nil {
		return errors.New("PONTE_WHATSAPP_API_URL can't be read")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return errors.New("PONTE_WHATSAPP_API_URL can't be read")
	}
	if fields != "" {
		req.URL.RawQuery = url.Values{"fields": {fields}, "limit": {"100"}}.Encode()
	}
	req.Header.Set("Authorization", "Bearer "+string(g.token))
	resp, err := g.http.Do(req)
	if err != nil {
		if wrapped, ok := errors.AsType[*url.Error](err); ok {
			err = wrapped.Err
		}
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, mostAnswer))
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return refusal(resp.StatusCode, body)
	}
	if err := json.Unmarshal(body, out); err != nil {
		return errors.New("the answer is not the Graph API's")
	}
	return nil
}

// refusal reads {"error":{"code":…}}.
func refusal(status int, body []byte) *graphError {
	var told struct {
		Error struct {
			Code *int `json:"code"`
		} `json:"error"`
	}
	e := &graphError{status: status, code: whatsapp.NoCode}
	if json.Unmarshal(body, &told) == nil && told.Error.Code != nil {
		e.code = *told.Error.Code
	}
	return e
}
