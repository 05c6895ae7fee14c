package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/ponte-desk/ponte/audit"
	"github.com/ponte-desk/ponte/audit/classify"
	"github.com/ponte-desk/ponte/internal/app"
)

// auditing has the auditor look, or makes a report.
func auditing(ctx context.Context, s streams, args []string) error {
	if len(args) == 0 {
		return errUsage
	}
	switch args[0] {
	case "run":
		return auditRun(ctx, s, args[1:])
	case "report":
		return auditReport(ctx, s, args[1:])
	}
	return errUsage
}

// sweepLongest is how long the end of a sweep is awaited, unless the command line says otherwise.
const sweepLongest = 5 * time.Minute

// auditRun has the auditor's sweep run now, or shows what it would do.
func auditRun(ctx context.Context, s streams, args []string) error {
	flags := flag.NewFlagSet("audit run", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	dry, asJSON := flags.Bool("dry-run", false, ""), flags.Bool("json", false, "")
	longest, at := flags.Duration("timeout", sweepLongest, ""), flags.String("at", "", "")
	if flags.Parse(args) != nil || flags.NArg() > 0 || *longest <= 0 || *at != "" && !*dry {
		return errUsage
	}
	c, err := configured(false)
	if err != nil {
		return err
	}
	if !*dry {
		return sweepNow(ctx, s, c, *longest, *asJSON)
	}
	now := time.Now()
	if *at != "" {
		if now, err = time.Parse(time.RFC3339, *at); err != nil {
			return fmt.Errorf("--at %s is no time: write it as 2026-11-30T18:00:00-03:00", *at) //nolint:err113 // a line for people
		}
	}
	return dryRun(ctx, s, c, now, *asJSON)
}

// sweepNow waits for a sweep of the running service.
func sweepNow(ctx context.Context, s streams, c app.Config, longest time.Duration, asJSON bool) (err error) {
	boxes, closeIt, err := app.OpenMailboxes(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeIt()) }()
	woken, err := app.SweepNow(ctx, boxes, longest)
	if err != nil {
		return fmt.Errorf("the auditor was asked to look; after %s: %w", longest, err)
	}
	if asJSON {
		return json.NewEncoder(s.out).Encode(map[string]int{"woken": woken})
	}
	fmt.Fprintf(s.out, "%s woken for the auditor\n", many(woken, "conversation was", "conversations were"))
	return nil
}

// dryRun shows what the auditor would do.
func dryRun(ctx context.Context, s streams, c app.Config, now time.Time, asJSON bool) error {
	out := bufio.NewWriter(s.out)
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	tell := func(f audit.Finding) error { return lines.Encode(f) }
	if !asJSON {
		tell = func(f audit.Finding) error { return showFinding(out, f) }
	}
	counts, err := app.DryRunAudit(ctx, c, now, tell)
	switch {
	case err != nil:
	case asJSON:
		err = lines.Encode(map[string]audit.Counts{"counts": counts})
	default:
		err = showCounts(out, counts)
	}
	return errors.Join(err, out.Flush())
}

// showFinding prints what was found of one conversation, what would change, and the evidence.
func showFinding(w io.Writer, f audit.Finding) error {
	found := make([]string, 0, 1+len(f.Corrections))
	if f.Outcome != classify.OutcomeNone {
		found = append(found, string(f.Outcome))
	}
	for _, c := range f.Corrections {
		found = append(found, string(c))
	}
	ticket := "no ticket"
	if f.Ticket != 0 {
		ticket = "ticket " + strconv.FormatInt(f.Ticket, 10)
	}
	_, err := fmt.Fprintf(w, "%s  %s  %s  (%s)\n  %s\n    %s\n", f.Session, ticket, strings.Join(found, " + "), f.Reason,
		cmp.Or(shownChanges(f.Changes), "nothing would change"), strings.ReplaceAll(f.Evidence, "\n", "\n    "))
	return err
}

// shownChanges is what would change, on one line.
func shownChanges(c audit.Changes) string {
	var parts []string
	add := func(name, value string) {
		if value != "" {
			parts = append(parts, name+"="+value)
		}
	}
	quoted := func(text string) string {
		if text == "" {
			return ""
		}
		return strconv.Quote(text)
	}
	for _, m := range c.Macros {
		add("macro", quoted(m))
	}
	add("status", c.Status)
	if c.Assignee != 0 {
		add("assignee", strconv.FormatInt(c.Assignee, 10))
	}
	add("group", c.Group)
	add("catalogue", quoted(c.Catalogue))
	add("subject", quoted(c.Subject))
	add("tags", strings.Join(c.Tags, ","))
	add("transcript", c.Transcript)
	add("conversation", string(c.Conversation))
	if c.Organization {
		add("organization", "repair")
	}
	if c.Attention {
		add("attention", "yes")
	}
	add("supervisor", strings.Join(c.Supervisor, ","))
	return strings.Join(parts, " ")
}

// showCounts prints what a dry run comes to.
func showCounts(w io.Writer, c audit.Counts) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(name string, n int) {
		if n > 0 {
			fmt.Fprintf(table, "%s\t%d\n", name, n)
		}
	}
	for _, o := range classify.Outcomes() {
		row(string(o), c.Outcomes[o])
	}
	row("corrections only", c.Corrected)
	for _, r := range slices.Sorted(maps.Keys(c.Left)) {
		row("left alone: "+string(r), c.Left[r])
	}
	row("not audited by settings", c.Off)
	row("could not be read", c.Unreadable)
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "%s judged; nothing was changed\n", many(c.Looked, "conversation", "conversations"))
	return err
}

// many is a number with its noun.
func many(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + more
}
