// Command ponte joins WhatsApp numbers to a Zendesk account. Run `ponte help` for what it can do.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/ponte-desk/ponte/internal/app"
)

// command is one word of the command line.
type command struct {
	name, args, does string
	run              func(ctx context.Context, io streams, args []string) error
}

// streams is where a command reads and writes.
type streams struct{ out, err io.Writer }

// errUsage makes the command line answer with its help.
var errUsage = errors.New("usage")

func commands() []command {
	return []command{
		{"demo", "", "everything on this machine, with a simulated WhatsApp and Zendesk; prints the address to open", demo},
		{"serve", "", "the service", serve},
		{"setup", "[--dry-run] [--adopt] [--quiet-notifications] [--secret-file FILE] [--lang en|pt-BR]", "creates or updates in the Zendesk account what Ponte needs", setup},
		{"doctor", "[--json] [--number ID]…", "checks configuration, Redis, Zendesk and WhatsApp; says what is wrong and how to mend it", diagnose},
		{"health", "", "asks the running service whether it lives; for health checks of containers", health},
		{"replay", "[-v] FILE…", "sends recorded WhatsApp webhooks, signed, to a running bridge, and tells where every message went", replay},
		{"dead", "list|show ID|retry ID|drop ID", "work that failed for good, and halted mailboxes (retry KEY)", dead},
		{"settings", "export [--history N] [FILE] | import [--dry-run] [--by WHO] FILE | history", "the operation's settings as YAML, checked, with their history; - = standard input or output", manageSettings},
		{"contact", "export|erase ID", "a contact's data as JSON; its erasure. ID is ours, a WhatsApp user id or a phone", contact},
		{
			"audit",
			"run [--dry-run [--at TIME]] [--json] [--timeout 5m] | report [--from DAY] [--to DAY] [--format json|csv|xlsx|html] [--out FILE]",
			"has the auditor look now, or shows what it would do; a report of what it found", auditing,
		},
		{"reindex", "", "rebuilds views and search from the threads; the service may run meanwhile", reindex},
		{"app", "package [--out FILE] [--public-url URL]", "the app inside Zendesk as a .zip to upload, checked by Zendesk's rules", manageApp},
		{"bench", "[flags]", "the load generator behind the benchmarks", bench},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, streams{os.Stdout, os.Stderr}, os.Args[1:])
	stop()
	os.Exit(code)
}

// run carries out one command line and returns the process's exit status.
func run(ctx context.Context, s streams, args []string) int {
	if len(args) > 0 {
		for _, c := range commands() {
			if c.name != args[0] {
				continue
			}
			err := c.run(ctx, s, args[1:])
			switch {
			case err == nil:
				return 0
			case errors.Is(err, errUsage):
				fmt.Fprintf(s.err, "usage: ponte %s %s\n", c.name, c.args)
				return 2
			}
			fmt.Fprintln(s.err, err)
			return 1
		}
	}
	fmt.Fprintln(s.err, "usage: ponte COMMAND")
	for _, c := range commands() {
		fmt.Fprintf(s.err, "  %-8s %-30s %s\n", c.name, c.args, c.does)
	}
	if len(args) == 1 && args[0] == "help" {
		return 0
	}
	return 2
}

// logger writes what operators read, as JSON lines.
func logger(w io.Writer, level slog.Level) *slog.Logger {
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level}))
}

// configured reads the environment, and with check wants everything that serve needs. Its error has one line a mistake.
func configured(check bool) (app.Config, error) {
	c, err := app.ReadConfig()
	if err == nil && check {
		err = c.Validate()
	}
	return c, err
}
