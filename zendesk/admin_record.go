package zendesk

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
)

// send describes the writing of one record of the account's administration.
type send struct {
	op, method, path string
	// key names the record in request and answer, for example "macro".
	key    string
	record any
}

// record writes a record and reads the answer's of the same name into out.
func (c *Client) record(ctx context.Context, s send, out any) error {
	var told map[string]json.RawMessage
	in := map[string]any{s.key: s.record}
	var err error
	status := http.StatusOK
	if s.method == http.MethodPost {
		status = http.StatusCreated
		err = c.Post(ctx, s.op, s.path, in, &told)
	} else {
		err = c.Put(ctx, s.op, s.path, in, &told)
	}
	if err != nil {
		return err
	}
	raw := told[s.key]
	if len(raw) == 0 || raw[0] != '{' {
		return unreadable(s.op, s.method, status, errNoRecord)
	}
	if err := json.Unmarshal(raw, out); err != nil {
		return unreadable(s.op, s.method, status, err)
	}
	return nil
}

// records reads all pages of a list whose records lie below key.
func records[T any](ctx context.Context, c *Client, op, path, key string) ([]T, error) {
	var all []T
	var wrong error
	visit := func(p keyedPage) bool {
		var some []T
		if wrong = json.Unmarshal(p.raw[key], &some); wrong != nil {
			return false
		}
		all = append(all, some...)
		return true
	}
	if err := eachPage(ctx, c, op, path, url.Values{}, visit); err != nil {
		return nil, err
	}
	if wrong != nil {
		return nil, unreadable(op, http.MethodGet, http.StatusOK, wrong)
	}
	return all, nil
}

// keyedPage is a page whose list has a name that is known later.
type keyedPage struct {
	pageMeta
	raw map[string]json.RawMessage
}

// UnmarshalJSON reads the page's cursor and keeps the rest.
func (p *keyedPage) UnmarshalJSON(b []byte) error {
	if err := json.Unmarshal(b, &p.pageMeta); err != nil {
		return err
	}
	return json.Unmarshal(b, &p.raw)
}
