package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"sync/atomic"
	"time"

	"github.com/ponte-desk/ponte/audit"
	"github.com/ponte-desk/ponte/internal/app"
)

// What is asked of the auditor.
const (
	maxAudit      = 10      // s
	auditsOfThat  = 100_000 // conversations
	maxAuditSteep = 1.3     // time and memory of ten times as many, each against one
	auditPart     = 10      // a sweep of one in so many comes first
)

// Sweep is what one dry run came to.
type Sweep struct {
	Looked  int     `json:"looked"`
	Found   int     `json:"found"` // of them, with something to be done
	Seconds float64 `json:"seconds"`
	CPU     float64 `json:"cpu"`    // seconds of its processors, Redis' apart
	Memory  int64   `json:"memory"` // the most that was resident, in bytes
}

// audits lets the auditor look at conversations that it is to look at by now, without doing anything.
func (b *bench) audits(ctx context.Context) (err error) {
	var f freed
	defer func() { err = errors.Join(err, f.run(ctx)) }()
	r, err := startRedis(ctx, &f, policies()[0].fsync)
	if err != nil {
		return err
	}
	fill, err := rehearse(ctx, r.client, keyPrefix, auditPlays())
	if err != nil {
		return err
	}
	var asked atomic.Int64
	zendesk := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	f.add(func(context.Context) error { zendesk.Close(); return nil })
	var sweeps []Sweep
	filled := 0
	for _, n := range []int{max(b.o.Audits/auditPart, 1), b.o.Audits} {
		if err := fill.fill(ctx, filled, n, func(string) bool { return true }); err != nil {
			return err
		}
		filled = n
		s, err := b.sweep(ctx, r.url, zendesk.URL)
		if err != nil {
			return err
		}
		if s.Looked != n {
			b.summary.Problems = append(b.summary.Problems, fmt.Sprintf("audit: looked at %d of %d conversations", s.Looked, n))
		}
		sweeps = append(sweeps, s)
	}
	b.addAudits(sweeps[0], sweeps[1], fill.lines(), int(asked.Load()))
	return nil
}

func (b *bench) addAudits(few, many Sweep, lines float64, requests int) {
	n := float64(max(many.Looked, 1))
	each := func(s Sweep) float64 { return s.Seconds / float64(max(s.Looked, 1)) }
	b.add(Line{
		Row: RowAudit, What: fmt.Sprintf("auditing %s conversations, dry run", quantity(n, "")), Target: atMost(maxAudit * n / auditsOfThat),
		Measured: many.Seconds, Unit: "s", Note: fmt.Sprintf("%s/s; with %s entries each; something found of %s",
			quantity(n/many.Seconds, ""), quantity(lines, ""), quantity(float64(many.Found), "")),
	})
	b.add(Line{
		Row: RowAudit, What: fmt.Sprintf("time of each, against that of %s", quantity(float64(few.Looked), "")), Target: atMost(maxAuditSteep),
		Measured: each(many) / each(few), Note: fmt.Sprintf("%s and %s; %s of CPU without Redis",
			quantity(each(many)*1e6, "µs"), quantity(each(few)*1e6, "µs"), quantity(many.CPU/n*1e6, "µs")),
	})
	b.add(Line{
		Row: RowAudit, What: fmt.Sprintf("resident memory, against that of %s", quantity(float64(few.Looked), "")), Target: atMost(maxAuditSteep),
		Measured: float64(many.Memory) / float64(few.Memory),
		Note:     fmt.Sprintf("%s and %s", quantity(float64(many.Memory)/1e6, "MB"), quantity(float64(few.Memory)/1e6, "MB")),
	})
	b.add(Line{Row: RowAudit, What: "requests to Zendesk", Target: exactly(0), Measured: float64(requests)})
}

// lines is how many entries a transcript has on average.
func (f *filler) lines() float64 {
	n := 0
	for _, c := range f.castings {
		for _, p := range c.places {
			if p.class == classTranscript {
				n += len(p.contents)
			}
		}
	}
	return float64(n) / float64(len(f.castings))
}

// sweep lets a process of its own look.
func (b *bench) sweep(ctx context.Context, redisURL, zendeskURL string) (s Sweep, err error) {
	p, err := start(ctx, command{name: "ponte bench -sweep", path: b.o.Executable, args: []string{"bench", "-sweep"}, env: []string{
		"PONTE_REDIS_URL=" + redisURL, "PONTE_REDIS_PREFIX=" + keyPrefix, "PONTE_ZENDESK_URL=" + zendeskURL,
	}})
	if err != nil {
		return s, err
	}
	select {
	case <-p.exited:
	case <-ctx.Done():
		return s, errors.Join(ctx.Err(), p.stop(ctx))
	}
	for _, line := range p.last {
		if json.Unmarshal([]byte(line), &s) == nil {
			return s, nil
		}
	}
	return s, p.failure("told nothing")
}

// DryRun audits the conversations of an installation that was filled for that, without doing anything, and writes what it came to as
// one line of JSON.
func DryRun(ctx context.Context, c app.Config, now func() time.Time, out io.Writer) error {
	var s Sweep
	began := now()
	counts, err := app.DryRunAudit(ctx, c, present(), func(audit.Finding) error {
		s.Found++
		return nil
	})
	if err != nil {
		return err
	}
	s.Looked, s.Seconds = counts.Looked, now().Sub(began).Seconds()
	used, err := cpu(os.Getpid())
	if err != nil {
		return err
	}
	s.CPU = used.Seconds()
	if s.Memory, err = mostResident(os.Getpid()); err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(s)
}
