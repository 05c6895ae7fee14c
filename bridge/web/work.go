package web

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

// Work is what failed for good, and what stands still.
type Work interface {
	// Dead lists what failed for good, and Halted the mailboxes that workers stay away from.
	Dead(ctx context.Context) ([]DeadWork, error)
	Halted(ctx context.Context) ([]HaltedWork, error)
	// Replay tries something dead again, Drop gives it up, Resume lets workers at a mailbox again; ok is false when there is no such.
	Replay(ctx context.Context, id string) (ok bool, err error)
	Drop(ctx context.Context, id string) (ok bool, err error)
	Resume(ctx context.Context, key string) (ok bool, err error)
}

// DeadWork is work that failed for good.
type DeadWork struct {
	ID      string    `json:"id"`
	At      time.Time `json:"at"`
	Reason  string    `json:"reason"`
	Kind    string    `json:"kind,omitempty"`
	Session string    `json:"session,omitempty"`
}

// HaltedWork is a mailbox that workers stay away from.
type HaltedWork struct {
	Key     string    `json:"key"`
	Since   time.Time `json:"since"`
	Reason  string    `json:"reason,omitempty"`
	Waiting int       `json:"waiting,omitempty"`
	Session string    `json:"session,omitempty"`
}

// work lists what failed and what stands still.
func (a *api) work(c echo.Context) error {
	ctx := c.Request().Context()
	dead, err := a.Reads.Work.Dead(ctx)
	if err != nil {
		return a.unavailable(c, err)
	}
	halted, err := a.Reads.Work.Halted(ctx)
	if err != nil {
		return a.unavailable(c, err)
	}
	return c.JSON(http.StatusOK, struct {
		Dead   []DeadWork   `json:"dead"`
		Halted []HaltedWork `json:"halted"`
	}{append([]DeadWork{}, dead...), append([]HaltedWork{}, halted...)})
}

// operate is the handler of something that is done to a piece of work, which the path names.
func (a *api) operate(name string, do func(w Work, ctx context.Context, what string) (bool, error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		ok, err := do(a.Reads.Work, c.Request().Context(), param(c, name))
		switch {
		case err != nil:
			return a.unavailable(c, err)
		case !ok:
			return problem(c, http.StatusNotFound, "not_found", "Não há nada parado com este nome.")
		}
		return c.NoContent(http.StatusNoContent)
	}
}
