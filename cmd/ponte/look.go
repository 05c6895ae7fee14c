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
	desk *zendesk.Client
	seen map[int64]time.Time      // tickets by the updated_at that was read
	on   map[string]map[int64]int // message → ticket → how often
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
		if l.on[id] == nil {
			l.on[id] = map[int64]int{}
		}
		l.on[id][t.ID] = n
	}
	if t.UpdatedAt.Before(time.Now().Add(-2 * time.Second)) { // within its second a ticket may change again unseen
		l.seen[t.ID] = t.UpdatedAt
	}
	return nil
}

// missing lists the messages that are on fewer tickets than people sent them.
func (l *look) missing(wanted []string, senders map[string]map[string]bool) []string {
	var missing []string
	for _, id := range wanted {
		if len(l.on[id]) < len(senders[id]) {
			missing = append(missing, id)
		}
	}
	return missing
}

// doubled lists the messages that are on a ticket twice, or on more tickets than people sent them.
func (l *look) doubled(wanted []string, senders map[string]map[string]bool) []string {
	var doubled []string
	for _, id := range wanted {
		times := 0
		for _, n := range l.on[id] {
			times += n
		}
		if times > len(senders[id]) {
			doubled = append(doubled, id)
		}
	}
	return doubled
}
