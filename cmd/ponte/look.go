package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"time"

	"github.com/ponte-desk/ponte/bridge/effects"
	"github.com/ponte-desk/ponte/zendesk"
)

// look reads which messages are on which tickets.
type look struct {
	desk  *zendesk.Client
	seen  map[int64]time.Time // tickets by the updated_at that was read
	on    map[string]int64    // message → ticket
	twice map[string]bool     // messages found more than once
}

// all reads the updates of every ticket that changed since the last look.
func (l *look) all(ctx context.Context) error {
	path := "/tickets.json?page[size]=100"
	for path != "" {
		var page struct {
			Tickets []zendesk.Ticket `json:"tickets"`
			Meta    struct {
				HasMore bool   `json:"has_more"`
				After   string `json:"after_cursor"`
			} `json:"meta"`
		}
		if err := l.desk.Get(ctx, "list tickets", path, &page); err != nil {
			return err
		}
		for _, t := range page.Tickets {
			if !l.seen[t.ID].Before(t.UpdatedAt) {
				continue
			}
			if err := l.ticket(ctx, t); err != nil {
				return err
			}
		}
		path = ""
		if page.Meta.HasMore {
			path = "/tickets.json?page[size]=100&page[after]=" + url.QueryEscape(page.Meta.After)
		}
	}
	return nil
}

// ticket reads one ticket's updates.
func (l *look) ticket(ctx context.Context, t zendesk.Ticket) error {
	audits, err := l.desk.Audits(ctx, t.ID)
	if err != nil {
		return err
	}
	count := map[string]int{}
	for _, a := range audits {
		raw, ok := a.Metadata.Custom[effects.MarkMessages]
		if !ok {
			continue
		}
		var ids []string
		if err := json.Unmarshal(raw, &ids); err != nil {
			return fmt.Errorf("metadata of ticket %d: %w", t.ID, err)
		}
		for _, id := range ids {
			count[id]++
		}
	}
	for id, n := range count {
		if other, ok := l.on[id]; n > 1 || (ok && other != t.ID) {
			l.twice[id] = true
		}
		l.on[id] = t.ID
	}
	if t.UpdatedAt.Before(time.Now().Add(-2 * time.Second)) { // within its second a ticket may change again unseen
		l.seen[t.ID] = t.UpdatedAt
	}
	return nil
}

// missing lists the messages that are on no ticket.
func (l *look) missing(wanted []string) []string {
	var missing []string
	for _, id := range wanted {
		if _, ok := l.on[id]; !ok {
			missing = append(missing, id)
		}
	}
	return missing
}
