package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/effects"
	"github.com/ponte-desk/ponte/zendesk"
)

// desk looks at the demo's Zendesk, and keeps its own requests out of the count.
type desk struct {
	base   string
	client *zendesk.Client
	plain  *http.Client
	own    atomic.Int64
}

func newDesk(base string, now func() time.Time) (*desk, error) {
	d := &desk{base: base, plain: &http.Client{Timeout: 10 * time.Second}}
	var err error
	d.client, err = zendesk.New(zendesk.Config{BaseURL: base + "/sandbox/zendesk", StaticToken: "demo", Now: now, Transport: d})
	return d, err
}

// RoundTrip counts a request of ours.
func (d *desk) RoundTrip(r *http.Request) (*http.Response, error) {
	d.own.Add(1)
	return http.DefaultTransport.RoundTrip(r)
}

// found is what lies on the tickets.
type found struct {
	tickets  map[int64]bool
	messages map[string]bool
	comments int
	twice    int
}

// wait looks until everything is on tickets or the time is up. requests are those that Ponte made.
func (d *desk) wait(ctx context.Context, wanted int) (f found, requests int, err error) {
	ctx, cancel := context.WithTimeout(ctx, onTickets)
	defer cancel()
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for seen := 0; ; {
		written, err := d.count(ctx, writes)
		if err != nil {
			return f, 0, err
		}
		if written > seen {
			switch got, err := d.look(ctx); {
			case limited(err): // by our own looking: the next one sees
			case err != nil:
				return f, 0, err
			default:
				f, seen = got, written
			}
		}
		if len(f.messages) >= wanted {
			break
		}
		select {
		case <-tick.C:
			continue
		case <-ctx.Done():
		}
		break
	}
	all, err := d.count(context.WithoutCancel(ctx), anyMethod)
	return f, all - int(d.own.Load()), err
}

// limited tells whether the account took no more requests.
func limited(err error) bool {
	e, ok := errors.AsType[*zendesk.Error](err)
	return ok && e.Kind == zendesk.KindLimited
}

// look reads what Ponte's tickets were written with.
func (d *desk) look(ctx context.Context) (found, error) {
	f := found{tickets: map[int64]bool{}, messages: map[string]bool{}}
	var page struct {
		Tickets []zendesk.Ticket `json:"tickets"`
	}
	if err := d.client.Get(ctx, "list tickets", "/tickets.json?page[size]=100", &page); err != nil {
		return f, err
	}
	for _, t := range page.Tickets {
		if _, ours := conversation.ThreadOfSession(t.ExternalID); !ours {
			continue
		}
		audits, err := d.client.Audits(ctx, t.ID)
		if err != nil {
			return f, err
		}
		f.tickets[t.ID] = true
		for _, a := range audits {
			if err := f.take(a.Metadata.Custom[effects.MarkMessages]); err != nil {
				return f, err
			}
		}
	}
	return f, nil
}

// take notes the messages that one write names.
func (f *found) take(mark json.RawMessage) error {
	if mark == nil {
		return nil
	}
	var ids []string
	if err := json.Unmarshal(mark, &ids); err != nil {
		return fmt.Errorf("metadata of a ticket: %w", err)
	}
	f.comments++
	for _, id := range ids {
		if f.messages[id] {
			f.twice++
		}
		f.messages[id] = true
	}
	return nil
}

// count sums the requests that the simulated Zendesk received.
func (d *desk) count(ctx context.Context, wanted func(method string) bool) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.base+"/sandbox/control/requests", http.NoBody)
	if err != nil {
		return 0, err
	}
	resp, err := d.plain.Do(req)
	if err != nil {
		return 0, fmt.Errorf("read the sandbox's counters: %w", err)
	}
	defer resp.Body.Close()
	var counters []struct {
		Peer   string `json:"peer"`
		Method string `json:"method"`
		Count  int    `json:"count"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&counters); err != nil {
		return 0, fmt.Errorf("read the sandbox's counters: %w", err)
	}
	sum := 0
	for _, c := range counters {
		if c.Peer == "zendesk" && wanted(c.Method) {
			sum += c.Count
		}
	}
	return sum, nil
}

func anyMethod(string) bool { return true }

// writes leaves reads out, ours among them.
func writes(method string) bool { return method != http.MethodGet }
