package main

import (
	"context"
	"fmt"

	"github.com/ponte-desk/ponte/internal/app"
)

// reindex rebuilds views and search from the threads.
func reindex(ctx context.Context, s streams, args []string) error {
	if len(args) != 0 {
		return errUsage
	}
	c, err := configured(false)
	if err != nil {
		return err
	}
	sum, err := app.Reindex(ctx, c)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%d threads looked at, %d mended\n", sum.Threads, sum.Mended)
	if sum.Left > 0 {
		fmt.Fprintf(s.out, "%d changed all the time: run it again\n", sum.Left)
	}
	if sum.Unread > 0 {
		fmt.Fprintf(s.out, "%d can't be read and were left as they are: see `ponte dead list`\n", sum.Unread)
	}
	return nil
}
