package main

import (
	"context"
	"fmt"
	"net"

	"github.com/ponte-desk/ponte/internal/app"
)

// demo runs everything on this machine until it is told to stop.
func demo(ctx context.Context, s streams, args []string) error {
	if len(args) > 0 {
		return errUsage
	}
	c, err := configured(false)
	if err != nil {
		return err
	}
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", c.HTTPAddr)
	if err != nil {
		return fmt.Errorf("PONTE_HTTP_ADDR: %w", err)
	}
	d, err := app.BuildDemo(ctx, c, ln, logger(s.err, c.LogLevel))
	if err != nil {
		return err
	}
	if !d.Durable {
		fmt.Fprintln(s.err, "\n  ATTENTION: redis-server is not installed. NOTHING SURVIVES the end of this demo.")
	}
	fmt.Fprintf(s.out, "\n  Ponte demo: http://%s/\n  (Ctrl-C ends it)\n\n", ln.Addr())
	return d.Run(ctx)
}
