package zendesk

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Token is an OAuth access token as instances share it. It never prints its Access.
type Token struct {
	// Access is the bearer token.
	Access string `json:"access"`
	// Expires is when Zendesk stops taking it.
	Expires time.Time `json:"expires"`
	// RenewAt is when a new one should be fetched, at 80 % of its life.
	RenewAt time.Time `json:"renew_at"`
	// Scope is what it may do, as Zendesk told.
	Scope string `json:"scope,omitempty"`
}

// String returns a text without the token itself.
func (t Token) String() string { return "token(" + masked + ")" }

// GoString returns a text without the token itself.
func (t Token) GoString() string { return t.String() }

// LogValue gives slog a text without the token itself.
func (t Token) LogValue() slog.Value { return slog.StringValue(t.String()) }

// TokenStore keeps the account's token for all instances.
type TokenStore interface {
	// Load returns the stored token; false when there is none.
	Load(ctx context.Context) (Token, bool, error)
	// Save stores the token.
	Save(ctx context.Context, t Token) error
	// Lock takes the account-wide right to refresh for at most ttl; ok false = somebody else has it. unlock gives it back
	// and does nothing when it is no longer held.
	Lock(ctx context.Context, ttl time.Duration) (unlock func(context.Context) error, ok bool, err error)
}

// MemoryTokens is a TokenStore for a single process.
type MemoryTokens struct {
	mu     sync.Mutex
	token  Token
	stored bool
	lock   int64 // number of the lock that is held, 0 for none
	locks  int64 // locks handed out so far
}

// NewMemoryTokens returns an empty store.
func NewMemoryTokens() *MemoryTokens { return &MemoryTokens{} }

// Load implements TokenStore.
func (m *MemoryTokens) Load(context.Context) (Token, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.token, m.stored, nil
}

// Save implements TokenStore.
func (m *MemoryTokens) Save(_ context.Context, t Token) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.token, m.stored = t, true
	return nil
}

// Lock implements TokenStore.
func (m *MemoryTokens) Lock(_ context.Context, ttl time.Duration) (func(context.Context) error, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.lock != 0 {
		return nil, false, nil
	}
	m.locks++
	mine := m.locks
	m.lock = mine
	expiry := time.AfterFunc(ttl, func() { m.release(mine) })
	return func(context.Context) error {
		expiry.Stop()
		m.release(mine)
		return nil
	}, true, nil
}

// release frees the lock if it is still the given one.
func (m *MemoryTokens) release(lock int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.lock == lock {
		m.lock = 0
	}
}
