package app

import (
	"context"
	"errors"

	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/bridge/web"
)

// replies are the canned replies as the API asks for them.
type replies struct {
	kept  *store.CannedReplies
	newID func() string
}

// List is all of them.
func (r replies) List(ctx context.Context) ([]web.Canned, error) {
	all, err := r.kept.List(ctx)
	list := make([]web.Canned, len(all))
	for i, c := range all {
		list[i] = web.Canned{ID: c.ID, Folder: c.Folder, Title: c.Title, Short: c.Short, Text: c.Text}
	}
	return list, err
}

// Add keeps a new one.
func (r replies) Add(ctx context.Context, c web.Canned) (id string, err error) {
	c.ID = r.newID()
	return c.ID, notKept(r.kept.Add(ctx, keptAs(c)))
}

// Change keeps one over another.
func (r replies) Change(ctx context.Context, c web.Canned) error {
	return notKept(r.kept.Change(ctx, keptAs(c)))
}

// Drop removes one.
func (r replies) Drop(ctx context.Context, id string) error { return notKept(r.kept.Drop(ctx, id)) }

func keptAs(c web.Canned) store.Canned {
	return store.Canned{ID: c.ID, Folder: c.Folder, Title: c.Title, Short: c.Short, Text: c.Text}
}

// notKept is why a reply was not kept, as the API knows it.
func notKept(err error) error {
	switch {
	case errors.Is(err, store.ErrNoCanned):
		return web.ErrNoCanned
	case errors.Is(err, store.ErrShortTaken):
		return web.ErrShortTaken
	case errors.Is(err, store.ErrCannedFull):
		return web.ErrCannedFull
	}
	return err
}

// firstCanned keeps the demo's replies where there are none.
func (a *App) firstCanned(ctx context.Context) error {
	kept := store.NewCannedReplies(a.redis, a.Config.RedisPrefix)
	if n, err := kept.Count(ctx); n > 0 || err != nil {
		return err
	}
	for _, c := range demoCanned() {
		c.ID = a.parts.NewID()
		if err := kept.Add(ctx, c); err != nil {
			return err
		}
	}
	return nil
}
