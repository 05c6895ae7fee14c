package app

import (
	"context"
	"maps"
	"sync"
	"time"
)

// brief remembers answers for a short while, not more of them than most.
type brief[K comparable, V any] struct {
	now  func() time.Time
	life time.Duration
	most int

	mu    sync.Mutex
	known map[K]answered[V]
}

type answered[V any] struct {
	value V
	at    time.Time
}

func newBrief[K comparable, V any](now func() time.Time, life time.Duration, most int) *brief[K, V] {
	return &brief[K, V]{now: now, life: life, most: most, known: map[K]answered[V]{}}
}

// get is the answer to a question, asked again when it is older than its life. What fails is not remembered.
func (b *brief[K, V]) get(ctx context.Context, key K, ask func(context.Context) (V, error)) (V, error) {
	b.mu.Lock()
	have, ok := b.known[key]
	b.mu.Unlock()
	if ok && b.fresh(have) {
		return have.value, nil
	}
	value, err := ask(ctx)
	if err == nil {
		b.keep(key, value)
	}
	return value, err
}

// fresh tells whether an answer still counts; one from the future, of a clock that was turned back, does not.
func (b *brief[K, V]) fresh(a answered[V]) bool {
	age := b.now().Sub(a.at)
	return age >= 0 && age < b.life
}

func (b *brief[K, V]) keep(key K, value V) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, ok := b.known[key]; !ok && len(b.known) >= b.most {
		maps.DeleteFunc(b.known, func(_ K, a answered[V]) bool { return !b.fresh(a) })
		if len(b.known) >= b.most { // all of them are in use: begin anew
			clear(b.known)
		}
	}
	b.known[key] = answered[V]{value, b.now()}
}
