package bench

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/internal/app"
)

// TestMain lets the test's own binary stand for the program: the benchmark starts it again as Ponte, comparator and demo.
func TestMain(m *testing.M) {
	if len(os.Args) < 2 || (os.Args[1] != "serve" && os.Args[1] != "bench" && os.Args[1] != "demo" && os.Args[1] != "chatter") {
		os.Exit(m.Run())
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	err := role(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func role(ctx context.Context, args []string) error {
	logger := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	c, err := app.ReadConfig()
	if err != nil {
		return err
	}
	switch {
	case args[0] == "serve":
		a, err := app.Build(ctx, c, app.Parts{Logger: logger})
		if err != nil {
			return err
		}
		ln, err := new(net.ListenConfig).Listen(ctx, "tcp", c.HTTPAddr)
		if err != nil {
			return err
		}
		logger.InfoContext(ctx, "listening", "addr", ln.Addr().String())
		return a.Serve(ctx, ln, a.Handler())
	case args[0] == "demo":
		ln, err := new(net.ListenConfig).Listen(ctx, "tcp", c.HTTPAddr)
		if err != nil {
			return err
		}
		d, err := app.BuildDemo(ctx, c, ln, logger)
		if err != nil {
			return err
		}
		fmt.Fprintf(os.Stdout, "  Ponte demo: http://%s/\n", ln.Addr())
		return d.Run(ctx)
	case args[0] == "chatter": // many lines, then its address, then deaf to a polite end
		for i := range 500 {
			fmt.Fprintln(os.Stdout, "line", i)
		}
		fmt.Fprintln(os.Stderr, `{"msg":"listening","addr":"here:1"}`)
		<-ctx.Done()
		return errors.New("the last word")
	case args[1] == "-sweep":
		return DryRun(ctx, c, time.Now, os.Stdout)
	case args[1] == "-comparator":
		return Comparator(ctx, args[3], string(c.WhatsAppAppSecret), logger)
	}
	return Profiled(ctx, c, args[3], logger)
}
