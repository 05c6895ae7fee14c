package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// uploadKey holds what is known of a file that an agent uploaded.
func uploadKey(prefix, id string) string { return prefix + "upload:" + id }

// Upload is a file that an agent uploaded to Zendesk and has not sent yet. Its bytes are there alone.
type Upload struct {
	Session string                `json:"s"` // the conversation that it is for
	Agent   int64                 `json:"a"` // who uploaded it, 0 = a program
	File    conversation.Attached `json:"f"`
}

// Uploads remembers uploads for as long as Zendesk keeps them.
type Uploads struct {
	client redis.UniversalClient
	prefix string
}

// NewUploads makes the memory of uploads.
func NewUploads(client redis.UniversalClient, prefix string) *Uploads {
	return &Uploads{client: client, prefix: prefix}
}

// Keep remembers an upload under an id for ttl.
func (u *Uploads) Keep(ctx context.Context, id string, up Upload, ttl time.Duration) error {
	raw, err := json.Marshal(up)
	if err != nil {
		return fmt.Errorf("keep an upload: %w", err)
	}
	if err := u.client.Set(ctx, uploadKey(u.prefix, id), raw, ttl).Err(); err != nil {
		return fmt.Errorf("keep an upload: %w", err)
	}
	return nil
}

// Find tells what is known of an upload; ok is false when it is not known, or not any more.
func (u *Uploads) Find(ctx context.Context, id string) (up Upload, ok bool, err error) {
	raw, err := u.client.Get(ctx, uploadKey(u.prefix, id)).Bytes()
	if errors.Is(err, redis.Nil) {
		return up, false, nil
	}
	if err != nil {
		return up, false, fmt.Errorf("find an upload: %w", err)
	}
	if err := json.Unmarshal(raw, &up); err != nil {
		return Upload{}, false, fmt.Errorf("find an upload: %w", err)
	}
	return up, true, nil
}
