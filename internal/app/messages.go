package app

import (
	"context"
	"errors"
	"time"

	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/bridge/web"
	"github.com/ponte-desk/ponte/zendesk"
)

// reads is what stands behind what the app reads.
func (a *App) reads() web.Reads {
	account := newAccount(a)
	return web.Reads{
		Canned:  replies{store.NewCannedReplies(a.redis, a.Config.RedisPrefix), a.parts.NewID},
		Files:   newFiles(a),
		Past:    newPast(a),
		Zendesk: account,
		Work:    work{a},
	}
}

// errBusy says that the account's budget lets nobody ask soon.
var errBusy = errors.New("zendesk's request budget is used up")

// mostBudgetWait is how long a page waits for its turn to ask Zendesk.
const mostBudgetWait = 2 * time.Second

// turn waits for its turn to make a request of Zendesk that somebody looks forward to; name tells the question. The wait is short.
func (a *App) turn(ctx context.Context, name string) error {
	end := a.parts.Now().Add(mostBudgetWait)
	for {
		at, err := a.limits.Reserve(ctx, "app:"+name, int(zendesk.LanePeople), store.Cost{Requests: 1})
		if err != nil {
			return err
		}
		now := a.parts.Now()
		switch {
		case !at.After(now):
			return nil
		case at.After(end):
			return errBusy
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(at.Sub(now)):
		}
	}
}
