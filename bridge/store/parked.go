package store

import (
	"context"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

// MaxParked is the number of statuses kept per message; of more, the newest stay.
const MaxParked = 16

// Parked keeps delivery statuses whose message is not known yet: the answer to the send may still be on its way.
type Parked struct {
	client       redis.UniversalClient
	prefix       string
	park, unpark *redis.Script
}

// NewParked makes the store of parked statuses.
func NewParked(client redis.UniversalClient, prefix string) *Parked {
	return &Parked{client: client, prefix: prefix, park: script(parkSource), unpark: script(unparkSource)}
}

// Park keeps a status of the message wamid, with those before it, until ttl after the last one. ttl must be at least a millisecond.
func (p *Parked) Park(ctx context.Context, wamid string, raw []byte, ttl time.Duration) error {
	keys := []string{parkedKey(p.prefix, wamid)}
	if err := p.park.Run(ctx, p.client, keys, raw, ttl.Milliseconds(), MaxParked).Err(); err != nil {
		return fmt.Errorf("park a status: %w", err)
	}
	return nil
}

// ParkedStatus is a status and the message that it is of.
type ParkedStatus struct {
	MessageID string // wamid
	Raw       []byte
}

// ParkAll keeps several statuses, each as Park does, those of one message in the order given; all in one round trip.
func (p *Parked) ParkAll(ctx context.Context, list []ParkedStatus, ttl time.Duration) error {
	if len(list) == 0 {
		return nil
	}
	pipe := p.client.Pipeline()
	for _, s := range list {
		// The source goes along: a pipeline can't send it to those nodes alone that don't know it.
		p.park.Eval(ctx, pipe, []string{parkedKey(p.prefix, s.MessageID)}, s.Raw, ttl.Milliseconds(), MaxParked)
	}
	return exec(ctx, pipe, "park statuses")
}

// Unpark takes the statuses of the message wamid out, oldest first; no two callers get the same ones.
func (p *Parked) Unpark(ctx context.Context, wamid string) ([][]byte, error) {
	parked, err := p.unpark.Run(ctx, p.client, []string{parkedKey(p.prefix, wamid)}).StringSlice()
	if err != nil {
		return nil, fmt.Errorf("unpark statuses: %w", err)
	}
	statuses := make([][]byte, len(parked))
	for i, s := range parked {
		statuses[i] = []byte(s)
	}
	return statuses, nil
}
