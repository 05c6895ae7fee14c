package macros

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/ponte-desk/ponte/zendesk"
)

const (
	// Life is how long a Book takes the account's macros for true.
	Life = 10 * time.Minute
	// MissLife is how old the list must be before a macro that is not in it makes a Book read it again.
	MissLife = time.Minute
	// readTimeout bounds one reading of the list, all its pages.
	readTimeout = 30 * time.Second
)

// ErrNoTicket is a macro that needs Zendesk's help while there is no ticket yet.
var ErrNoTicket = errors.New("macro needs a ticket to be applied to")

// Account is what a Book needs of Zendesk; *zendesk.Client is one.
type Account interface {
	// Macros returns the active macros.
	Macros(ctx context.Context) ([]zendesk.Macro, error)
	// ApplyMacro returns a ticket as it would be after a macro.
	ApplyMacro(ctx context.Context, ticketID, macroID int64) (zendesk.Applied, error)
}

// Book knows the account's macros. It is safe for concurrent use.
type Book struct {
	account Account
	now     func() time.Time

	mu      sync.Mutex
	known   *index   // nil before the first reading
	reading *reading // nil when nobody reads
}

// reading is one call for the list, which all who need it wait for.
type reading struct {
	done  chan struct{} // closed when the rest is set
	found *index
	err   error
}

// NewBook returns a book that has read nothing yet.
func NewBook(account Account, now func() time.Time) *Book { return &Book{account: account, now: now} }

// All returns the active macros, at most Life old. They are shared: leave them as they are.
func (b *Book) All(ctx context.Context) ([]zendesk.Macro, error) {
	ix, err := b.list(ctx, Life)
	if err != nil {
		return nil, err
	}
	return ix.all, nil
}

// Find returns the active macro of a reference: its id in digits, or its whole title, folders included, where case and white space do
// not matter; of several with one title the first. false means that the account has none, by a list that is at most MissLife old.
// An empty reference is none.
func (b *Book) Find(ctx context.Context, ref string) (zendesk.Macro, bool, error) {
	if strings.TrimSpace(ref) == "" {
		return zendesk.Macro{}, false, nil
	}
	for _, age := range []time.Duration{Life, MissLife} {
		ix, err := b.list(ctx, age)
		if err != nil {
			return zendesk.Macro{}, false, err
		}
		if m, ok := ix.find(ref); ok {
			return m, true, nil
		}
	}
	return zendesk.Macro{}, false, nil
}

// Run returns what the macro of a reference does to a ticket; false when the account has no such macro. A static macro costs no
// request beyond the list's; another is applied by Zendesk to at.ID, without changing the ticket, and is ErrNoTicket while that is 0.
// Errors of Zendesk are *zendesk.Error.
func (b *Book) Run(ctx context.Context, ref string, at Ticket) (Result, bool, error) {
	m, found, err := b.Find(ctx, ref)
	if err != nil || !found {
		return Result{}, false, err
	}
	out, err := Fold(m, at)
	if err == nil {
		return out, true, nil
	}
	if at.ID == 0 {
		return Result{}, true, errors.Join(ErrNoTicket, err)
	}
	applied, err := b.account.ApplyMacro(ctx, at.ID, m.ID)
	if err != nil {
		if zendesk.KindOf(err) == zendesk.KindNotFound {
			b.forget() // the macro may be gone
		}
		return Result{}, true, err
	}
	return Merge(m, at, applied), true, nil
}

// list returns the macros by a list that is younger than age, reading it when there is none.
func (b *Book) list(ctx context.Context, age time.Duration) (*index, error) {
	b.mu.Lock()
	if b.known != nil && b.now().Sub(b.known.at) < age {
		defer b.mu.Unlock()
		return b.known, nil
	}
	r := b.reading
	if r == nil {
		r = &reading{done: make(chan struct{})}
		b.reading = r
		go b.read(context.WithoutCancel(ctx), r) // one caller's patience is not another's
	}
	b.mu.Unlock()
	select {
	case <-r.done:
		return r.found, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// read asks the account for its macros.
func (b *Book) read(ctx context.Context, r *reading) {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	at := b.now()
	all, err := b.account.Macros(ctx)
	if err != nil {
		r.err = err
	} else {
		r.found = newIndex(all, at)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if r.found != nil {
		b.known = r.found
	}
	b.reading = nil
	close(r.done)
}

// forget makes the next look-up read the list again.
func (b *Book) forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.known = nil
}

// index is the list of one reading.
type index struct {
	at      time.Time
	all     []zendesk.Macro
	byID    map[int64]zendesk.Macro
	byTitle map[string]zendesk.Macro
}

// newIndex indexes the active macros.
func newIndex(all []zendesk.Macro, at time.Time) *index {
	ix := &index{at: at, byID: make(map[int64]zendesk.Macro), byTitle: make(map[string]zendesk.Macro)}
	for _, m := range all {
		if !m.Active {
			continue
		}
		ix.all = append(ix.all, m)
		ix.byID[m.ID] = m
		title := Normal(m.Title)
		if _, taken := ix.byTitle[title]; !taken {
			ix.byTitle[title] = m
		}
	}
	return ix
}

// find looks a reference up, as an id first.
func (ix *index) find(ref string) (zendesk.Macro, bool) {
	if id, err := strconv.ParseInt(strings.TrimSpace(ref), 10, 64); err == nil {
		if m, ok := ix.byID[id]; ok {
			return m, true
		}
	}
	m, ok := ix.byTitle[Normal(ref)]
	return m, ok
}

// Normal returns a title as titles are compared: lower case, single blanks, none around "::" and "|".
func Normal(title string) string {
	title = strings.ToLower(strings.Join(strings.Fields(title), " "))
	for _, mark := range []string{"::", "|"} {
		parts := strings.Split(title, mark)
		for i, part := range parts {
			parts[i] = strings.TrimSpace(part)
		}
		title = strings.Join(parts, mark)
	}
	return title
}
