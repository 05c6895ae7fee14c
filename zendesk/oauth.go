package zendesk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

// lockPoll is how often an instance that may not refresh looks for the token of the one that does.
const lockPoll = 100 * time.Millisecond

// flightPause is how long a still valid token is used without another try after a refresh failed.
const flightPause = 10 * time.Second

// opToken names the token call in errors.
const opToken = "fetch token"

// oauthTokens hands out the account's access token, fetched with OAuth client credentials.
//
// Within the process one refresh runs at a time; between instances the store's lock sees to that, and whoever does not get
// it waits for the token of the one that did.
// Source: https://developer.zendesk.com/api-reference/ticketing/oauth/grant_type_tokens/.
type oauthTokens struct {
	store   TokenStore
	fetch   func(context.Context) (Token, error)
	now     func() time.Time
	timeout time.Duration // of one fetch

	mu     sync.Mutex
	cached Token
	flight *flight
	rest   time.Time // no refresh ahead of time before this
}

// flight is one running refresh that any number of calls wait for.
type flight struct {
	done  chan struct{}
	token Token
	err   error
}

// current returns a token to use.
func (o *oauthTokens) current(ctx context.Context) (string, error) { return o.get(ctx, "") }

// replace returns a token other than the refused one, fetching it unless somebody already did.
func (o *oauthTokens) replace(ctx context.Context, refused string) (string, error) {
	return o.get(ctx, refused)
}

// get returns a usable token that is not the refused one.
func (o *oauthTokens) get(ctx context.Context, refused string) (string, error) {
	for {
		token, f := o.join(ctx, refused)
		if f == nil {
			return token.Access, nil
		}
		select {
		case <-ctx.Done():
			return "", fmt.Errorf("wait for token: %w", ctx.Err())
		case <-f.done:
		}
		if f.err != nil {
			return "", f.err
		}
		if f.token.Access != refused {
			return f.token.Access, nil
		}
		// That refresh began before this token was refused: go round with one of our own.
	}
}

// join returns the cached token, or the refresh to wait for. A token past its renewal that still lives is used on, while
// its successor is fetched.
func (o *oauthTokens) join(ctx context.Context, refused string) (Token, *flight) {
	o.mu.Lock()
	defer o.mu.Unlock()
	now := o.now()
	alive := o.cached.Access != "" && o.cached.Access != refused && now.Before(o.cached.Expires)
	if alive && (now.Before(o.cached.RenewAt) || now.Before(o.rest)) {
		return o.cached, nil
	}
	if o.flight == nil {
		o.flight = &flight{done: make(chan struct{})}
		// The refresh serves many calls, so the end of one of them must not end it.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*o.timeout)
		go func(f *flight) {
			defer cancel()
			o.fly(ctx, f, refused)
		}(o.flight)
	}
	if alive {
		return o.cached, nil
	}
	return Token{}, o.flight
}

// fly runs a refresh and wakes those who wait for it.
func (o *oauthTokens) fly(ctx context.Context, f *flight, refused string) {
	f.token, f.err = o.renew(ctx, refused)
	o.mu.Lock()
	if f.err != nil {
		o.rest = o.now().Add(flightPause)
	}
	o.flight = nil
	o.mu.Unlock()
	close(f.done)
}

// renew finds a fresh token in the store, or fetches one under the lock.
func (o *oauthTokens) renew(ctx context.Context, refused string) (Token, error) {
	for {
		token, err := o.stored(ctx, refused)
		if err != nil || token.Access != "" {
			return token, err
		}
		unlock, ok, err := o.store.Lock(ctx, o.timeout+5*time.Second)
		if err != nil {
			return Token{}, fmt.Errorf("lock token store: %w", err)
		}
		if ok {
			return o.renewLocked(ctx, refused, unlock)
		}
		if err := pauseFor(ctx, lockPoll); err != nil {
			return Token{}, fmt.Errorf("wait for another instance's token: %w", err)
		}
	}
}

// renewLocked fetches and stores a token, unless another instance did so just before the lock was had.
func (o *oauthTokens) renewLocked(
	ctx context.Context, refused string, unlock func(context.Context) error,
) (_ Token, err error) {
	defer func() {
		if unlockErr := unlock(context.WithoutCancel(ctx)); unlockErr != nil && err != nil {
			err = errors.Join(err, fmt.Errorf("unlock token store: %w", unlockErr))
		}
	}()
	token, err := o.stored(ctx, refused)
	if err != nil || token.Access != "" {
		return token, err
	}
	token, err = o.fetch(ctx)
	if err != nil {
		return Token{}, err
	}
	if token.Access == refused {
		return Token{}, &Error{Op: opToken, Kind: KindUnauthorized, cause: errors.New("the refused token came again")}
	}
	if err := o.store.Save(ctx, token); err != nil {
		return Token{}, fmt.Errorf("save token: %w", err)
	}
	o.keep(token)
	return token, nil
}

// stored returns the store's token if it is fresh and not the refused one, else an empty one.
func (o *oauthTokens) stored(ctx context.Context, refused string) (Token, error) {
	token, ok, err := o.store.Load(ctx)
	if err != nil {
		return Token{}, fmt.Errorf("load token: %w", err)
	}
	if !ok || token.Access == "" || token.Access == refused || !o.now().Before(token.RenewAt) {
		return Token{}, nil
	}
	o.keep(token)
	return token, nil
}

// keep caches a token.
func (o *oauthTokens) keep(t Token) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.cached = t
}

// pauseFor waits, or returns when ctx ends.
func pauseFor(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// grant asks for tokens with client credentials.
type grant struct {
	http    *http.Client
	url     string
	id      string
	secret  Secret
	scope   string
	timeout time.Duration
	now     func() time.Time
}

// fetch asks Zendesk for a token. Every refusal that is not about load is KindUnauthorized, so that nobody takes a wrong
// address for a ticket that is gone.
func (g *grant) fetch(ctx context.Context) (Token, error) {
	ctx, cancel := context.WithTimeout(ctx, g.timeout)
	defer cancel()
	body, err := json.Marshal(map[string]string{
		"grant_type": "client_credentials", "client_id": g.id, "client_secret": string(g.secret), "scope": g.scope,
	})
	if err != nil {
		return Token{}, fmt.Errorf("encode token request: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, g.url, bytes.NewReader(body))
	if err != nil {
		return Token{}, fmt.Errorf("make token request: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	resp, err := g.http.Do(req)
	if err != nil {
		return Token{}, failure(opToken, http.MethodGet, &exchange{}, err, g.now())
	}
	defer resp.Body.Close()
	return g.read(resp)
}

// maxTokenAnswer bounds the token call's answer, in bytes.
const maxTokenAnswer = 1 << 20

// read turns the token call's answer into a token.
func (g *grant) read(resp *http.Response) (Token, error) {
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxTokenAnswer))
	if err != nil {
		return Token{}, &Error{Op: opToken, Status: resp.StatusCode, Kind: KindNetwork, cause: err}
	}
	if resp.StatusCode != http.StatusCreated && resp.StatusCode != http.StatusOK {
		e := answered(opToken, http.MethodGet, answer{resp.StatusCode, resp.Header, body}, g.now())
		if e.Kind != KindServer && e.Kind != KindLimited {
			e.Kind = KindUnauthorized
		}
		return Token{}, e
	}
	var told struct {
		Access    string `json:"access_token"`
		Scope     string `json:"scope"`
		ExpiresIn int64  `json:"expires_in"`
	}
	if err := json.Unmarshal(body, &told); err != nil || told.Access == "" {
		return Token{}, &Error{
			Op: opToken, Status: resp.StatusCode, Kind: KindServer, cause: errors.New("no access token in the answer"),
		}
	}
	life := DefaultTokenLife
	if told.ExpiresIn > 0 && told.ExpiresIn < maxCount {
		life = time.Duration(told.ExpiresIn) * time.Second
	}
	now := g.now()
	return Token{
		Access: told.Access, Scope: told.Scope, Expires: now.Add(life), RenewAt: now.Add(life / 5 * 4),
	}, nil
}
