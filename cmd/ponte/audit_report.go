package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/ponte-desk/ponte/audit/report"
	"github.com/ponte-desk/ponte/internal/app"
)

// mostReportDays is the longest time that a report may be about, in days.
const mostReportDays = 366

// auditReport makes a report of the conversations that began on the days from and to, both included.
func auditReport(ctx context.Context, s streams, args []string) (err error) {
	flags := flag.NewFlagSet("audit report", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	from, to := flags.String("from", "", ""), flags.String("to", "", "")
	format, out := flags.String("format", "", ""), flags.String("out", "-", "")
	if flags.Parse(args) != nil || flags.NArg() > 0 {
		return errUsage
	}
	write, err := reportWriter(*format, *out)
	if err != nil {
		return err
	}
	c, err := configured(false)
	if err != nil {
		return err
	}
	reports, closeIt, err := app.OpenReports(ctx, c, logger(s.err, slog.LevelWarn))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeIt()) }()
	first, last, err := reportDays(*from, *to, time.Now().In(reports.Zone()))
	if err != nil {
		return err
	}
	r, err := reports.Report(ctx, first, last)
	if err != nil {
		return err
	}
	if *out == "-" {
		return write(r, s.out)
	}
	return toFile(*out, func(w io.Writer) error { return write(r, w) })
}

// reportWriter finds how a report is written in a format; without one the file's ending tells, and JSON it is where nothing does.
func reportWriter(format, out string) (func(report.Report, io.Writer) error, error) {
	if format == "" {
		format = "json"
		if ending := filepath.Ext(out); ending != "" {
			format = ending[1:]
		}
	}
	switch format {
	case "json":
		return report.Report.WriteJSON, nil
	case "csv":
		return report.Report.WriteCSV, nil
	case "xlsx":
		return report.Report.WriteXLSX, nil
	case "html":
		return report.Report.WriteHTML, nil
	}
	return nil, fmt.Errorf("there is no format %q: it is json, csv, xlsx or html", format) //nolint:err113 // a line for people
}

// reportDays are the first day and the last one of a report, as midnights of UTC; without them it is about this month up to today.
func reportDays(from, to string, now time.Time) (first, last time.Time, err error) {
	y, m, d := now.Date()
	if first, err = reportDay("--from", from, time.Date(y, m, 1, 0, 0, 0, 0, time.UTC)); err != nil {
		return first, last, err
	}
	if last, err = reportDay("--to", to, time.Date(y, m, d, 0, 0, 0, 0, time.UTC)); err != nil {
		return first, last, err
	}
	switch {
	case last.Before(first):
		return first, last, fmt.Errorf("the report would end on %s, before it begins on %s", last.Format(time.DateOnly), first.Format(time.DateOnly)) //nolint:err113 // a line for people
	case !last.Before(first.AddDate(0, 0, mostReportDays)):
		return first, last, fmt.Errorf("a report is about %d days at the most", mostReportDays) //nolint:err113 // likewise
	}
	return first, last, nil
}

// reportDay reads a day; none is what it is otherwise.
func reportDay(name, text string, otherwise time.Time) (time.Time, error) {
	if text == "" {
		return otherwise, nil
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return day, fmt.Errorf("%s %s is no day: write it as 2026-11-30", name, text) //nolint:err113 // likewise
	}
	return day, nil
}

// toFile writes a file once all of it is there: a report that fails leaves what was there before.
func toFile(name string, write func(io.Writer) error) error {
	var content bytes.Buffer
	if err := write(&content); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	if err := os.WriteFile(name, content.Bytes(), 0o600); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}
