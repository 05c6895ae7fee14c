package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/redis/go-redis/v9"
)

// Tickets knows which thread a ticket belongs to.
type Tickets struct {
	client redis.UniversalClient
	prefix string
}

// NewTickets makes the look-up.
func NewTickets(client redis.UniversalClient, prefix string) *Tickets {
	return &Tickets{client: client, prefix: prefix}
}

// BindTicket lets the ticket name the thread whose mailbox is key. It can be repeated; the last one counts.
func (t *Tickets) BindTicket(ctx context.Context, ticketID int64, key string) error {
	if err := t.client.Set(ctx, threadKey(t.prefix, ticketID), key, 0).Err(); err != nil {
		return fmt.Errorf("bind ticket %d: %w", ticketID, err)
	}
	return nil
}

// TicketThread tells the mailbox of the ticket's thread; false when no thread knows the ticket.
func (t *Tickets) TicketThread(ctx context.Context, ticketID int64) (string, bool, error) {
	key, err := t.client.Get(ctx, threadKey(t.prefix, ticketID)).Result()
	if errors.Is(err, redis.Nil) {
		return "", false, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("look ticket %d up: %w", ticketID, err)
	}
	return key, true, nil
}

// TicketThreads looks many tickets up in one pipeline; tickets that no thread knows are absent.
func (t *Tickets) TicketThreads(ctx context.Context, ids []int64) (map[int64]string, error) {
	asked := make(map[int64]*redis.StringCmd, len(ids))
	pipe := t.client.Pipeline()
	for _, id := range ids {
		if asked[id] == nil {
			asked[id] = pipe.Get(ctx, threadKey(t.prefix, id))
		}
	}
	threads := make(map[int64]string, len(asked))
	if len(asked) == 0 {
		return threads, nil
	}
	if _, err := pipe.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
		return nil, fmt.Errorf("look tickets up: %w", err)
	}
	for id, cmd := range asked {
		key, err := cmd.Result()
		switch {
		case errors.Is(err, redis.Nil):
		case err != nil:
			return nil, fmt.Errorf("look ticket %d up: %w", id, err)
		default:
			threads[id] = key
		}
	}
	return threads, nil
}
