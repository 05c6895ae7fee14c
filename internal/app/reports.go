package app

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/audit/report"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/effects"
	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/bridge/web"
)

// Reports keeps the rows of conversations and makes reports of them.
type Reports struct {
	rows    *store.Summaries
	kept    *store.Reports
	account func() settings.Account
	number  func() settings.Number // that has no settings of its own
	tickets string                 // what a ticket's number is put behind for a link
	now     func() time.Time
	logger  *slog.Logger
}

func (a *App) newReports() *Reports {
	return &Reports{
		rows: store.NewSummaries(a.redis, a.Config.RedisPrefix), kept: store.NewReports(a.redis, a.Config.RedisPrefix, a.parts.Now),
		account: a.accountNow, number: func() settings.Number { return a.parts.Settings("") },
		tickets: ticketsAt(a.Config.ZendeskURL), now: a.parts.Now, logger: a.parts.Logger,
	}
}

// OpenReports opens the reports of an installation alone, for an operator's commands. Without PONTE_REDIS_URL it is the running
// demo's. The caller calls closeIt.
func OpenReports(ctx context.Context, c Config, logger *slog.Logger) (r *Reports, closeIt func() error, err error) {
	if c.RedisURL == "" {
		c = DemoDefaults(c)
		c.RedisURL = "unix://" + demoSocket(c.DataDir)
	}
	client, err := store.Open(c.RedisURL)
	if err != nil {
		return nil, nil, fmt.Errorf("PONTE_REDIS_URL: %w", err)
	}
	op, _, err := store.NewSettings(client, c.RedisPrefix, time.Now).Load(ctx) //nolint:forbidigo // the machine's clock is chosen here
	if err != nil {
		return nil, nil, errors.Join(err, client.Close())
	}
	return &Reports{
		rows: store.NewSummaries(client, c.RedisPrefix), kept: store.NewReports(client, c.RedisPrefix, time.Now), //nolint:forbidigo // as above
		account: func() settings.Account { return op.Account }, number: func() settings.Number { return op.Of("") },
		tickets: ticketsAt(c.ZendeskURL), now: time.Now, logger: logger, //nolint:forbidigo // as above
	}, client.Close, nil
}

// ticketsAt is what a ticket's number is put behind for the address of its page; "" where there is no Zendesk.
func ticketsAt(zendesk string) string {
	if zendesk == "" {
		return ""
	}
	if base, simulated := strings.CutSuffix(zendesk, "/sandbox/zendesk"); simulated {
		return base + "/sandbox/helpdesk#/ticket/"
	}
	return strings.TrimSuffix(zendesk, "/") + "/agent/tickets/"
}

// Keep stores a conversation's row. When its transcript is gone already, what was measured by it before stays.
func (r *Reports) Keep(ctx context.Context, s conversation.Summary, entries []conversation.Entry, set settings.Number) error {
	row := report.RowOf(s, entries, set)
	if len(entries) == 0 {
		raw, ok, err := r.rows.Row(ctx, s.Session, s.Started)
		if err != nil {
			return err
		}
		if before, err := report.DecodeRow(raw); ok && err == nil {
			before.Summary = s
			row = before
		}
	}
	raw, err := row.Encode()
	if err != nil {
		return err
	}
	return r.rows.Keep(ctx, store.Row{Session: s.Session, Contact: s.Contact, Started: s.Started, Data: raw}, set.Keep.Summaries, r.account().Report.Keep)
}

// Forget removes the rows of a contact, out of kept reports as well.
func (r *Reports) Forget(ctx context.Context, contact string) error {
	places, err := r.rows.Places(ctx, contact)
	if err != nil {
		return err
	}
	if err := r.kept.Forget(ctx, places); err != nil {
		return err
	}
	return r.rows.Forget(ctx, contact)
}

// Zone is where a report's days are counted.
func (r *Reports) Zone() *time.Location { return r.number().Zone }

// Report makes a report of the days from first to last, both included, which are given as midnights of UTC; it is not kept.
func (r *Reports) Report(ctx context.Context, first, last time.Time) (report.Report, error) {
	from, to := beginning(first, r.Zone()), beginning(last.AddDate(0, 0, 1), r.Zone())
	b := report.New(r.options(from, to))
	err := r.between(ctx, from, to, func(row report.Row, _ []byte) error {
		b.Add(row)
		return nil
	})
	if err != nil {
		return report.Report{}, err
	}
	return b.Report(), nil
}

// beginning is the first instant of a day in a zone: not every day has a midnight.
func beginning(day time.Time, zone *time.Location) time.Time {
	y, m, d := day.Date()
	_, begin := settings.Report{Period: settings.PeriodDay}.Span(time.Date(y, m, d, 12, 0, 0, 0, zone), zone)
	return begin
}

func (r *Reports) options(from, to time.Time) report.Options {
	set := r.number()
	return report.Options{From: from, To: to, Zone: set.Zone, Language: set.Language, TicketURL: r.tickets, Now: r.now()}
}

// between hands out the rows of the conversations that began in a time. Those that can't be read are left out, and counted in the log.
func (r *Reports) between(ctx context.Context, from, to time.Time, visit func(report.Row, []byte) error) error {
	bad := 0
	err := r.rows.Between(ctx, from, to, func(_ string, raw []byte) error {
		row, err := report.DecodeRow(raw)
		switch {
		case err != nil:
			bad++
			return nil //nolint:nilerr // it is counted
		case row.Started.Before(from), !row.Started.Before(to):
			return nil
		}
		return visit(row, raw)
	})
	r.unread(ctx, bad)
	return err
}

func (r *Reports) unread(ctx context.Context, bad int) {
	if bad > 0 {
		r.logger.WarnContext(ctx, "rows of a report can't be read and are left out", "rows", bad)
	}
}

// Make makes a report, keeps it, and returns it as it is posted.
func (r *Reports) Make(ctx context.Context, ask conversation.Report) (effects.Made, error) {
	o := r.options(ask.From, ask.To)
	b, w := report.New(o), r.kept.Write(ask.ID)
	err := r.between(ctx, ask.From, ask.To, func(row report.Row, raw []byte) error {
		b.Add(row)
		return w.Add(ctx, store.ReportRow{Session: row.Session, Data: raw})
	})
	if err != nil {
		return effects.Made{}, err
	}
	about := store.Report{From: ask.From, To: ask.To, Made: o.Now, Zone: o.Zone.String(), Language: string(o.Language)}
	if err := w.Close(ctx, about, r.account().Report.Keep); err != nil {
		return effects.Made{}, err
	}
	if ask.Ticket == 0 {
		return effects.Made{}, nil
	}
	return posted(b.Report(), ask.ID)
}

// posted is a report as it stands on a ticket.
func posted(r report.Report, id string) (effects.Made, error) {
	made := effects.Made{Summary: r.Summary()}
	for _, f := range []struct {
		ending, mime string
		write        func(io.Writer) error
	}{
		{"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", r.WriteXLSX},
		{"html", "text/html", r.WriteHTML},
	} {
		var content bytes.Buffer
		if err := f.write(&content); err != nil {
			return made, fmt.Errorf("write a report's %s: %w", f.ending, err)
		}
		made.Files = append(made.Files, effects.MadeFile{Name: "relatorio-" + id + "." + f.ending, MIME: f.mime, Content: content.Bytes()})
	}
	return made, nil
}

// Kept lists the reports that are kept, those made last first.
func (r *Reports) Kept(ctx context.Context) ([]web.KeptReport, error) {
	all, err := r.kept.List(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]web.KeptReport, len(all))
	for i, about := range all {
		list[i] = web.KeptReport{ID: about.ID, From: about.From, To: about.To, Made: about.Made, Conversations: about.Rows}
	}
	return list, nil
}

// KeptReport makes a kept report again of the rows that it was made of, in the zone and the language that it had; ok is false when there
// is none.
func (r *Reports) KeptReport(ctx context.Context, id string) (made report.Report, ok bool, err error) {
	about, ok, err := r.kept.Report(ctx, id)
	if err != nil || !ok {
		return made, false, err
	}
	o := r.options(about.From, about.To)
	o.Now, o.Language = about.Made, cmp.Or(settings.Language(about.Language), o.Language)
	if zone, err := time.LoadLocation(about.Zone); err == nil {
		o.Zone = zone
	}
	b, bad := report.New(o), 0
	err = r.kept.Rows(ctx, about, func(_ string, raw []byte) error {
		row, err := report.DecodeRow(raw)
		if err != nil {
			bad++
			return nil //nolint:nilerr // it is counted
		}
		b.Add(row)
		return nil
	})
	r.unread(ctx, bad)
	if err != nil {
		return made, false, err
	}
	return b.Report(), true, nil
}
