package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Options say what to measure; Executable, Rounds, Round, Connections and Now are required.
type Options struct {
	Executable  string        // this program: Ponte and the comparator are started from it
	Rounds      int           // of each server, taking turns; their median counts
	Round       time.Duration // how long one lasts
	Connections int
	Only        []Row  // nothing: all
	JSON        string // file for the summary, "": none
	Profiles    string // folder for profiles of Ponte's use of the CPU, "": none
	Audits      int    // conversations that are audited, 0: that row is left out
	Threads     int    // open conversations, 0: that row is left out
	// Live is how long customers and agents write to each other, with one instance and again with two; 0: that row is left out.
	Live   time.Duration
	Agents int // of that row, each with five conversations
	Now    func() time.Time
}

// Errors of Run.
var (
	// ErrOptions says that the options make no sense.
	ErrOptions = errors.New("bench: rounds, seconds, connections and agents must be more than zero")
	// ErrWrong says that a webhook was answered and not stored, or stored without having been sent, or that words did not arrive once.
	ErrWrong = errors.New("bench: what was sent and what arrived differ")
)

// ParseRows reads a list of rows, such as "1,2,6"; "" is none.
func ParseRows(list string) ([]Row, error) {
	var rows []Row
	for part := range strings.SplitSeq(list, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		n, err := strconv.Atoi(part)
		if err != nil || Row(n) < RowRate || Row(n) > rowLast {
			return nil, fmt.Errorf("bench: no row %q, there are 1 to %d", part, rowLast) //nolint:err113 // a line for people
		}
		rows = append(rows, Row(n))
	}
	return rows, nil
}

// wants tells whether one of the rows is to be measured.
func (o Options) wants(rows ...Row) bool {
	return len(o.Only) == 0 || slices.ContainsFunc(rows, func(r Row) bool { return slices.Contains(o.Only, r) })
}

// bench is a run.
type bench struct {
	o       Options
	out     io.Writer
	summary Summary
}

// Run measures and prints, and removes what it started. A missed target is a figure; an error is a measurement that could
// not be made, or a message that was lost or doubled.
func Run(ctx context.Context, o Options, out io.Writer) error {
	if o.Rounds <= 0 || o.Round <= 0 || o.Connections <= 0 || o.Live < 0 || o.Live > 0 && o.Agents <= 0 {
		return ErrOptions
	}
	if o.Live > 0 && o.wants(RowLive) && !hasApp() {
		return ErrNoApp
	}
	b := &bench{o: o, out: out, summary: Summary{
		Rounds: o.Rounds, Seconds: o.Round.Seconds(), Connections: o.Connections, Problems: []string{},
	}}
	if err := b.run(ctx); err != nil {
		return err
	}
	b.summary.printEnd(out)
	if err := b.writeJSON(); err != nil {
		return err
	}
	if len(b.summary.Problems) > 0 {
		return ErrWrong
	}
	return nil
}

func (b *bench) run(ctx context.Context) error {
	for i, p := range policies() {
		if i > 0 && !b.o.wants(RowRate, RowLatency, RowCPU, RowMemory, RowBatch, RowOnce) {
			break // the first one is started all the same: it tells the version of Redis
		}
		if err := b.policy(ctx, p); err != nil {
			return err
		}
	}
	rest := []struct {
		wanted bool
		run    func(context.Context) error
	}{
		{b.o.wants(RowWorkers), b.workers},
		{b.o.wants(RowAudit) && b.o.Audits > 0, b.audits},
		{b.o.wants(RowThreads) && b.o.Threads > 0, b.threads},
		{b.o.wants(RowLive) && b.o.Live > 0, b.live},
	}
	for _, r := range rest {
		if !r.wanted {
			continue
		}
		if err := r.run(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) writeJSON() (err error) {
	if b.o.JSON == "" {
		return nil
	}
	f, err := os.Create(filepath.Clean(b.o.JSON))
	if err != nil {
		return fmt.Errorf("-json: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return b.summary.writeJSON(f)
}

// head prints the machine once it is known.
func (b *bench) head(redisVersion string) {
	if b.summary.Machine.Redis != "" {
		return
	}
	b.summary.Machine = machine(redisVersion)
	b.summary.printHead(b.out)
}

// add prints and keeps a figure.
func (b *bench) add(l Line) {
	if !b.o.wants(l.Row) {
		return
	}
	b.summary.Lines = append(b.summary.Lines, l)
	l.print(b.out)
}

// same notes when what was answered is not what is stored.
func (b *bench) same(what string, answered, stored int) {
	if answered != stored {
		b.summary.Problems = append(b.summary.Problems, fmt.Sprintf("%s: %d messages answered 200, %d stored", what, answered, stored))
	}
}
