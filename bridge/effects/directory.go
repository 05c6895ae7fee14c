package effects

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/ponte-desk/ponte/macros"
	"github.com/ponte-desk/ponte/zendesk"
)

// How old what is known of the account's fields and groups may be, and how old before one that is not there is looked for again.
const (
	directoryLife = time.Hour
	directoryMiss = time.Minute
)

// directory knows the account's ticket fields, groups and agents by name.
type directory struct {
	desk   *zendesk.Client
	now    func() time.Time
	fields kept[[]zendesk.TicketField]
	groups kept[[]zendesk.Group]
	agents sync.Map // id → name
}

// kept is an answer that is good for a while.
type kept[T any] struct {
	mu    sync.Mutex
	at    time.Time
	value T
}

// get is the answer, read again when it is older than age. Who asks meanwhile waits for the same reading.
func (k *kept[T]) get(ctx context.Context, now time.Time, age time.Duration, read func(context.Context) (T, error)) (T, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.at.IsZero() && now.Sub(k.at) < age {
		return k.value, nil
	}
	value, err := read(ctx)
	if err != nil {
		return value, err
	}
	k.value, k.at = value, now
	return value, nil
}

// find looks something up by its id or its name, in a list that is read again when it is not there. An
// empty reference is nothing.
func find[T any](ctx context.Context, k *kept[[]T], now time.Time, read func(context.Context) ([]T, error), ref string, of func(T) (int64, string)) (t T, ok bool, err error) {
	if strings.TrimSpace(ref) == "" {
		return t, false, nil
	}
	id, _ := strconv.ParseInt(strings.TrimSpace(ref), 10, 64)
	for _, age := range []time.Duration{directoryLife, directoryMiss} {
		all, err := k.get(ctx, now, age, read)
		if forGood(err) { // an account without such a list has nothing in it
			return t, false, nil
		}
		if err != nil {
			return t, false, err
		}
		for _, t := range all {
			if have, name := of(t); id != 0 && have == id || macros.Normal(name) == macros.Normal(ref) {
				return t, true, nil
			}
		}
	}
	return t, false, nil
}

// forGood tells whether asking again can't help: the account does not have it, or a macro needs a ticket that is not there yet.
func forGood(err error) bool {
	kind := zendesk.KindOf(err)
	return kind == zendesk.KindNotFound || kind == zendesk.KindInvalid || kind == zendesk.KindBad || errors.Is(err, macros.ErrNoTicket)
}

// field finds an active ticket field by its title or id.
func (d *directory) field(ctx context.Context, ref string) (zendesk.TicketField, bool, error) {
	return find(ctx, &d.fields, d.now(), d.desk.TicketFields, ref, func(f zendesk.TicketField) (int64, string) {
		if !f.Active || !f.Removable {
			return 0, "\x00"
		}
		return f.ID, f.Title
	})
}

// group finds a group by its name or id.
func (d *directory) group(ctx context.Context, ref string) (zendesk.Group, bool, error) {
	return find(ctx, &d.groups, d.now(), d.desk.Groups, ref, func(g zendesk.Group) (int64, string) {
		if g.Deleted {
			return 0, "\x00"
		}
		return g.ID, g.Name
	})
}

// agent is what an agent is called, "" when that can't be found out.
func (d *directory) agent(ctx context.Context, id int64) string {
	if known, ok := d.agents.Load(id); ok {
		name, _ := known.(string)
		return name
	}
	u, err := d.desk.ShowUser(ctx, id)
	if err != nil || !u.Staff() {
		return ""
	}
	d.agents.Store(id, u.Name)
	return u.Name
}
