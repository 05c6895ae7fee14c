package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

// TokenKeeper shares the Zendesk account's token among the instances. It knows bytes only.
type TokenKeeper struct {
	client       redis.UniversalClient
	prefix       string
	lock, unlock *redis.Script
}

// NewTokenKeeper makes the keeper.
func NewTokenKeeper(client redis.UniversalClient, prefix string) *TokenKeeper {
	return &TokenKeeper{client: client, prefix: prefix, lock: script(lockSource), unlock: script(unlockSource)}
}

// LoadToken gives the stored token; false when there is none.
func (k *TokenKeeper) LoadToken(ctx context.Context) ([]byte, bool, error) {
	token, err := k.client.Get(ctx, tokenKey(k.prefix)).Bytes()
	if errors.Is(err, redis.Nil) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("load the token: %w", err)
	}
	return token, true, nil
}

// SaveToken stores the token for ttl, or until it is replaced when ttl is zero or less.
func (k *TokenKeeper) SaveToken(ctx context.Context, token []byte, ttl time.Duration) error {
	if err := k.client.Set(ctx, tokenKey(k.prefix), token, max(ttl, 0)).Err(); err != nil {
		return fmt.Errorf("save the token: %w", err)
	}
	return nil
}

// LockRefresh takes the right to refresh the token for at most ttl (at least a millisecond); ok false = somebody else has it.
//
// unlock gives it back and does nothing when it is no longer held.
func (k *TokenKeeper) LockRefresh(ctx context.Context, ttl time.Duration) (unlock func(context.Context) error, ok bool, err error) {
	holder, keys := rand.Text(), []string{refreshKey(k.prefix)}
	held, err := k.lock.Run(ctx, k.client, keys, holder, ttl.Milliseconds()).Bool()
	if err != nil {
		return nil, false, fmt.Errorf("lock the token's refresh: %w", err)
	}
	if !held {
		return nil, false, nil
	}
	return func(ctx context.Context) error {
		if err := k.unlock.Run(ctx, k.client, keys, holder).Err(); err != nil {
			return fmt.Errorf("unlock the token's refresh: %w", err)
		}
		return nil
	}, true, nil
}
