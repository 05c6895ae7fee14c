package main

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/ponte-desk/ponte/internal/app"
)

// serve runs the service until it is told to stop.
func serve(ctx context.Context, s streams, args []string) (err error) {
	if len(args) > 0 {
		return errUsage
	}
	c, err := configured(true)
	if err != nil {
		return err
	}
	log := logger(s.err, c.LogLevel)
	a, err := app.Build(ctx, c, app.Parts{Logger: log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close(context.WithoutCancel(ctx))) }()
	if err := a.CheckRedis(ctx); err != nil {
		return err
	}
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", c.HTTPAddr)
	if err != nil {
		return fmt.Errorf("PONTE_HTTP_ADDR: %w", err)
	}
	log.InfoContext(ctx, "listening", "addr", ln.Addr().String())
	return a.Serve(ctx, ln, a.Handler())
}
