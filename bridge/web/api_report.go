package web

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/ponte-desk/ponte/audit/report"
)

// Reports makes reports, and knows those that were made by themselves.
type Reports interface {
	// Zone is where a report's days are counted.
	Zone() *time.Location
	// Report makes a report of the days from first to last, both included, which are given as midnights of UTC; it is not kept.
	Report(ctx context.Context, first, last time.Time) (report.Report, error)
	// Kept lists the reports that are kept, those made last first.
	Kept(ctx context.Context) ([]KeptReport, error)
	// KeptReport is one of them; ok is false when there is none.
	KeptReport(ctx context.Context, id string) (r report.Report, ok bool, err error)
}

// KeptReport says what a kept report is about.
type KeptReport struct {
	ID string `json:"id"`
	// From and To are the time that it is about, To excluded; Made is when it was made.
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
	Made time.Time `json:"made"`
	// Conversations is how many it was made of.
	Conversations int `json:"conversations"`
}

// mostReportDays is the longest time that a report may be about, in days.
const mostReportDays = 366

// reports mounts what there is about reports.
func (a *api) reports(g *echo.Group) {
	g.GET("/reports", a.report)
	g.GET("/reports/kept", a.keptReports)
	g.GET("/reports/kept/:id", a.keptReport)
}

// report makes a report about the days from and to, both included; without them it is about this month up to today.
func (a *api) report(c echo.Context) error {
	f, ok := formatOf(c.QueryParam("format"))
	if !ok {
		return badFormat(c)
	}
	first, last, why := a.period(c)
	if why != "" {
		return problem(c, http.StatusBadRequest, "bad_request", why)
	}
	r, err := a.Reports.Report(c.Request().Context(), first, last)
	if err != nil {
		return a.unavailable(c, err)
	}
	return a.writeReport(c, r, f, "relatorio-"+first.Format(time.DateOnly)+"-a-"+last.Format(time.DateOnly))
}

// period is the days that a report is asked for, as midnights of UTC; why says what is wrong with them.
func (a *api) period(c echo.Context) (first, last time.Time, why string) {
	y, m, d := a.now().In(a.Reports.Zone()).Date()
	first, last = time.Date(y, m, 1, 0, 0, 0, 0, time.UTC), time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	for name, day := range map[string]*time.Time{"from": &first, "to": &last} {
		text := c.QueryParam(name)
		if text == "" {
			continue
		}
		var err error
		if *day, err = time.Parse(time.DateOnly, text); err != nil {
			return first, last, "O período não pôde ser lido: escreva as datas como 2026-11-30."
		}
	}
	switch {
	case last.Before(first):
		return first, last, "O período termina antes de começar."
	case !last.Before(first.AddDate(0, 0, mostReportDays)):
		return first, last, fmt.Sprintf("O período é longo demais: no máximo %d dias.", mostReportDays)
	}
	return first, last, ""
}

// keptReports lists the reports that were made by themselves.
func (a *api) keptReports(c echo.Context) error {
	list, err := a.Reports.Kept(c.Request().Context())
	if err != nil {
		return a.unavailable(c, err)
	}
	return c.JSON(http.StatusOK, struct {
		Reports []KeptReport `json:"reports"`
	}{append([]KeptReport{}, list...)})
}

// keptReport hands one of them out.
func (a *api) keptReport(c echo.Context) error {
	f, ok := formatOf(c.QueryParam("format"))
	if !ok {
		return badFormat(c)
	}
	id := c.Param("id")
	r, ok, err := a.Reports.KeptReport(c.Request().Context(), id)
	switch {
	case err != nil:
		return a.unavailable(c, err)
	case !ok:
		return problem(c, http.StatusNotFound, "not_found", "Relatório não encontrado.")
	}
	return a.writeReport(c, r, f, "relatorio-"+id)
}

// reportFormat is one way to write a report.
type reportFormat struct {
	ending, mime string
	download     bool
	write        func(report.Report, io.Writer) error
}

// formatOf finds a format by its name; "" is JSON.
func formatOf(name string) (f reportFormat, ok bool) {
	switch name {
	case "", "json":
		return reportFormat{"json", echo.MIMEApplicationJSON, false, report.Report.WriteJSON}, true
	case "csv":
		return reportFormat{"csv", "text/csv; charset=utf-8", true, report.Report.WriteCSV}, true
	case "xlsx":
		return reportFormat{"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", true, report.Report.WriteXLSX}, true
	case "html":
		return reportFormat{"html", echo.MIMETextHTMLCharsetUTF8, false, report.Report.WriteHTML}, true
	}
	return reportFormat{}, false
}

func badFormat(c echo.Context) error {
	return problem(c, http.StatusBadRequest, "bad_request", "O formato é json, csv, xlsx ou html.")
}

// reportPolicy lets a report's page show its own styles and pictures and nothing else.
const reportPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

// writeReport answers a report as it is written. What goes wrong on the way can only be told by an answer that ends early.
func (a *api) writeReport(c echo.Context, r report.Report, f reportFormat, name string) error {
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, f.mime)
	if f.download {
		h.Set(echo.HeaderContentDisposition, fmt.Sprintf("attachment; filename=%q", name+"."+f.ending))
	}
	if f.ending == "html" {
		h.Set(echo.HeaderContentSecurityPolicy, reportPolicy)
	}
	c.Response().WriteHeader(http.StatusOK)
	if err := f.write(r, c.Response()); err != nil {
		ctx := c.Request().Context()
		if ctx.Err() == nil {
			a.logger.ErrorContext(ctx, "report not written", "format", f.ending, "error", err)
		}
		panic(http.ErrAbortHandler) // so that nobody takes a part of it for the whole
	}
	return nil
}
