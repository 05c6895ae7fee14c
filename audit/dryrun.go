// Package audit shows what the auditor would do now, without doing any of it.
package audit

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/ponte-desk/ponte/audit/classify"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// Mailboxes is what a dry run reads of threads. Nothing is written.
type Mailboxes interface {
	// Due lists mailboxes of a view that are due at a time, at most limit of them after a cursor, "" at first; next is "" at the end.
	Due(ctx context.Context, view string, upto time.Time, cursor string, limit int) (keys []string, next string, err error)
	// States reads one field of many mailboxes; nil where there is none.
	States(ctx context.Context, keys []string, field string) ([][]byte, error)
	// Transcripts reads lists of many mailboxes, each oldest entry first.
	Transcripts(ctx context.Context, keys, names []string) ([][]string, error)
}

// Finding is a conversation of which something was found.
type Finding struct {
	Session     string                `json:"session"`
	Ticket      int64                 `json:"ticket,omitempty"`
	Outcome     classify.Outcome      `json:"outcome,omitempty"`
	Corrections []classify.Correction `json:"corrections,omitempty"`
	Reason      classify.Reason       `json:"reason"`
	Changes     Changes               `json:"changes"`
	Evidence    string                `json:"evidence"` // for people, in the language of the number
}

// Changes are what would be done about it. What is empty would be left alone.
type Changes struct {
	Macros       []string           `json:"macros,omitempty"` // as settings call them; roles without a macro are left out
	Status       string             `json:"status,omitempty"` // of the ticket
	Assignee     int64              `json:"assignee,omitempty"`
	Group        string             `json:"group,omitempty"` // by name or id
	Catalogue    string             `json:"catalogue,omitempty"`
	Subject      string             `json:"subject,omitempty"`
	Tags         []string           `json:"tags,omitempty"`       // added
	Transcript   string             `json:"transcript,omitempty"` // how it would be written: public or private
	Conversation conversation.State `json:"conversation,omitempty"`
	Organization bool               `json:"organization,omitempty"` // the ticket would get its organisation
	Attention    bool               `json:"attention,omitempty"`
	Supervisor   []string           `json:"supervisor,omitempty"` // what a supervisor would be asked
}

// Counts are what a dry run comes to.
type Counts struct {
	Looked     int                      `json:"looked"`               // conversations
	Outcomes   map[classify.Outcome]int `json:"outcomes,omitempty"`   // of those with one
	Corrected  int                      `json:"corrected,omitempty"`  // those with a correction and no outcome
	Left       map[classify.Reason]int  `json:"left,omitempty"`       // those left alone, by why
	Off        int                      `json:"off,omitempty"`        // of numbers whose conversations are not audited
	Unreadable int                      `json:"unreadable,omitempty"` // threads that can't be read
}

// Config is what a dry run works with.
type Config struct {
	Mailboxes Mailboxes
	Settings  func(number string) settings.Number
	Now       time.Time
}

const (
	listed   = 4000 // threads that are listed at once
	pageSize = 250  // of them, that are read at once
	workers  = 2    // judge at once
	ahead    = 4    // pages that wait for somebody to hear of them
)

// DryRun judges every conversation that a sweep would wake now, by its transcript and what is known of its ticket, and tells of each of
// which something is found. It asks nobody but Redis and writes nothing; its memory does not grow with their number.
func DryRun(ctx context.Context, c Config, tell func(Finding) error) (Counts, error) {
	ctx, stop := context.WithCancel(ctx)
	pages, order := make(chan *page), make(chan *page, ahead)
	var busy sync.WaitGroup
	defer busy.Wait()
	defer stop()
	var listing error
	busy.Go(func() {
		defer close(order)
		defer close(pages)
		listing = list(ctx, c, pages, order)
	})
	for range workers {
		busy.Go(func() {
			b := bench{c: c, sets: map[string]settings.Number{}}
			for p := range pages {
				p.err = b.judge(ctx, p)
				close(p.done)
			}
		})
	}
	total := Counts{Outcomes: map[classify.Outcome]int{}, Left: map[classify.Reason]int{}}
	for p := range order {
		select {
		case <-p.done:
		case <-ctx.Done():
			return total, ctx.Err()
		}
		if p.err != nil {
			return total, p.err
		}
		total.add(p.counts)
		for _, f := range p.found {
			if err := tell(f); err != nil {
				return total, err
			}
		}
	}
	return total, listing
}

// page is some threads on their way through a dry run.
type page struct {
	keys   []string
	found  []Finding
	counts Counts
	err    error
	done   chan struct{} // closed once they are judged
}

// list hands all that is due to the workers, page by page, in the order in which it is told.
func list(ctx context.Context, c Config, pages, order chan<- *page) error {
	cursor := ""
	for {
		keys, next, err := c.Mailboxes.Due(ctx, conversation.ViewAudit, c.Now, cursor, listed)
		if err != nil {
			return err
		}
		for some := range slices.Chunk(keys, pageSize) {
			p := &page{keys: some, done: make(chan struct{})}
			if err := hand(ctx, p, order); err != nil {
				return err
			}
			if err := hand(ctx, p, pages); err != nil {
				return err
			}
		}
		if cursor = next; cursor == "" {
			return nil
		}
	}
}

// hand gives a page to whoever takes it.
func hand(ctx context.Context, p *page, to chan<- *page) error {
	select {
	case to <- p:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *Counts) add(more Counts) {
	c.Looked, c.Corrected, c.Off, c.Unreadable = c.Looked+more.Looked, c.Corrected+more.Corrected, c.Off+more.Off, c.Unreadable+more.Unreadable
	for o, n := range more.Outcomes {
		c.Outcomes[o] += n
	}
	for r, n := range more.Left {
		c.Left[r] += n
	}
}
