package bench

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// How a page behaves: as the app's does.
const (
	browserConns  = 6                       // to one server
	overviewEvery = 1500 * time.Millisecond // counts, after something changed
	wordsEvery    = 2 * time.Second         // the newest words of the list's rows, after something changed
	hereEvery     = 10 * time.Second        // that the agent looks
	againAfter    = time.Second             // a stream that was cut
	readPatience  = 20 * time.Second
)

// page is an agent's page: it follows the stream and reads what changes of the agent's own conversations.
type page struct {
	base, token string
	agent       int64
	client      *http.Client
	now         func() time.Time
	screen      *flights
	own         map[string]*chat // by session; the same from open on

	cursor         string
	counts, rows   atomic.Bool // are older than what the page was told
	events         atomic.Int64
	cuts, failures atomic.Int64 // of streams, and of what was read
	busy           sync.WaitGroup
}

// chat is one conversation on the screen. One reading goes on at a time, and what happens meanwhile leads to one more.
type chat struct {
	path string
	rev  int // of the last reading

	mu         sync.Mutex
	busy, more bool
}

// newPage is a page of an instance, with the session that its HTML brought.
func newPage(addr, token string, agent int64, screen *flights, now func() time.Time) *page {
	return &page{
		base: "http://" + addr, token: token, agent: agent, screen: screen, now: now, own: map[string]*chat{},
		client: &http.Client{Transport: &http.Transport{MaxConnsPerHost: browserConns, MaxIdleConnsPerHost: browserConns}},
	}
}

// call makes a request of the API and reads its answer into out, if any; another status than 2xx is an error.
func (p *page) call(ctx context.Context, method, path string, in, out any) error {
	ctx, cancel := context.WithTimeout(ctx, readPatience)
	defer cancel()
	var body io.Reader = http.NoBody
	if in != nil {
		raw, err := json.Marshal(in)
		if err != nil {
			return fmt.Errorf("encode a request: %w", err)
		}
		body = bytes.NewReader(raw)
	}
	resp, err := p.ask(ctx, method, path, body, "")
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode/100 != http.StatusOK/100 {
		said, _ := io.ReadAll(io.LimitReader(resp.Body, 300))
		return fmt.Errorf("bench: %s %s was answered %d: %s", method, path, resp.StatusCode, said) //nolint:err113 // a line for people
	}
	if out == nil {
		_, err := io.Copy(io.Discard, resp.Body)
		return err
	}
	if err := json.NewDecoder(resp.Body).Decode(out); err != nil {
		return fmt.Errorf("read the answer to %s %s: %w", method, path, err)
	}
	return nil
}

func (p *page) ask(ctx context.Context, method, path string, body io.Reader, cursor string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, p.base+"/api/v1"+path, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+p.token)
	if method != http.MethodGet {
		req.Header.Set("Content-Type", "application/json")
	}
	if cursor != "" {
		req.Header.Set("Last-Event-ID", cursor)
	}
	return p.client.Do(req)
}

// conversationPath is where a conversation is in the API.
func conversationPath(session string) string { return "/conversations/" + url.PathEscape(session) }

// show puts a conversation on the screen.
func (p *page) show(session string) { p.own[session] = &chat{path: conversationPath(session)} }

// open reads everything once and follows from then on, until ctx ends; close waits for the end.
func (p *page) open(ctx context.Context) error {
	var list struct {
		Cursor string `json:"cursor"`
	}
	if err := p.call(ctx, http.MethodGet, "/conversations?view=mine&limit=2000", nil, &list); err != nil {
		return err
	}
	p.cursor = list.Cursor
	for _, c := range p.own {
		if err := p.messages(ctx, c); err != nil {
			return err
		}
	}
	p.busy.Go(func() { p.follow(ctx) })
	p.busy.Go(func() { p.beside(ctx) })
	return nil
}

func (p *page) close() {
	p.busy.Wait()
	p.client.CloseIdleConnections()
}

// messages reads what is new of a conversation: what it brings is on the screen then.
func (p *page) messages(ctx context.Context, c *chat) error {
	var list struct {
		Rev      int `json:"rev"`
		Messages []struct {
			ID   string `json:"id"`
			Text string `json:"text"`
		} `json:"messages"`
	}
	if err := p.call(ctx, http.MethodGet, c.path+"/messages?since="+strconv.Itoa(c.rev), nil, &list); err != nil {
		return err
	}
	at := p.now()
	c.rev = list.Rev
	for _, m := range list.Messages {
		p.screen.arrive(m.Text, m.ID, at)
	}
	return nil
}

// read reads a conversation's news, and itself, side by side.
func (p *page) read(ctx context.Context, c *chat) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.busy {
		c.more = true
		return
	}
	c.busy = true
	p.busy.Go(func() {
		for again := true; again; {
			p.note(ctx, p.messages(ctx, c))
			c.mu.Lock()
			again, c.more = c.more, false
			c.busy = again
			c.mu.Unlock()
		}
	})
	p.busy.Go(func() { p.note(ctx, p.call(ctx, http.MethodGet, c.path, nil, nil)) })
}

// note counts what could not be read; a page shows that and goes on.
func (p *page) note(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil {
		p.failures.Add(1)
	}
}

// follow keeps the stream up.
func (p *page) follow(ctx context.Context) {
	for first := true; ; first = false {
		p.stream(ctx, !first)
		if ctx.Err() != nil {
			return
		}
		p.cuts.Add(1)
		if pause(ctx, againAfter) != nil {
			return
		}
	}
}

// stream follows one answer to its end. After a cut everything is read again.
func (p *page) stream(ctx context.Context, again bool) {
	sessions := make([]string, 0, len(p.own))
	for session := range p.own {
		sessions = append(sessions, session)
	}
	resp, err := p.ask(ctx, http.MethodGet, "/stream?watch="+url.QueryEscape(strings.Join(sessions, ",")), http.NoBody, p.cursor)
	if err != nil {
		return
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return
	}
	if again {
		p.all(ctx)
	}
	readEvents(resp.Body, func(e event) {
		if e.id != "" {
			p.cursor = e.id
		}
		if e.name != "" {
			p.hear(ctx, e)
		}
	})
}

// all reads all conversations again.
func (p *page) all(ctx context.Context) {
	for _, c := range p.own {
		p.read(ctx, c)
	}
}

// hear takes an event in.
func (p *page) hear(ctx context.Context, e event) {
	p.events.Add(1)
	switch e.name {
	case "change", "gone":
		p.counts.Store(true)
		p.rows.Store(true)
		var row struct {
			Session string `json:"session"`
		}
		if json.Unmarshal([]byte(e.data), &row) != nil {
			p.failures.Add(1)
			return
		}
		if c := p.own[row.Session]; c != nil {
			p.read(ctx, c)
		}
	case "desk":
		p.counts.Store(true)
	case "reset":
		p.all(ctx)
	}
}

// beside reads what else a page shows: counts, and the newest words of the list; and tells that the agent is there.
func (p *page) beside(ctx context.Context) {
	overview, words, here := time.NewTicker(overviewEvery), time.NewTicker(wordsEvery), time.NewTicker(hereEvery)
	defer overview.Stop()
	defer words.Stop()
	defer here.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-overview.C:
			if p.counts.Swap(false) {
				p.note(ctx, p.call(ctx, http.MethodGet, "/overview", nil, nil))
			}
		case <-words.C:
			if p.rows.Swap(false) {
				p.note(ctx, p.call(ctx, http.MethodGet, "/conversations?view=mine&sort=newest&limit=50", nil, nil))
			}
		case <-here.C:
			for _, c := range p.own {
				p.note(ctx, p.call(ctx, http.MethodPut, c.path+"/here", map[string]string{"doing": "viewing"}, nil))
				break // one is looked at
			}
		}
	}
}

// event is one server-sent event; without a name it tells a cursor alone.
type event struct{ id, name, data string }

// maxEvent is the longest line of a stream.
const maxEvent = 1 << 20

// readEvents hands on what a stream brings, until it ends.
// Form: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream.
func readEvents(r io.Reader, each func(event)) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxEvent)
	var e event
	for lines.Scan() {
		line := lines.Text()
		if line == "" {
			if e != (event{}) {
				each(e)
			}
			e = event{}
			continue
		}
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch name {
		case "id":
			e.id = value
		case "event":
			e.name = value
		case "data":
			if e.data != "" {
				e.data += "\n"
			}
			e.data += value
		}
	}
}

// pause waits; its error is that of a ctx that ended first.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
