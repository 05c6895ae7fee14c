package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParseRows(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][]Row{
		"": nil, "1": {RowRate}, "1, 2,7": {RowRate, RowLatency, RowWorkers}, ",6,": {RowOnce}, "8,9": {RowAudit, RowThreads}, "10": {RowLive},
	} {
		got, err := ParseRows(in)
		if err != nil {
			t.Errorf("%q: %v", in, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", in, diff)
		}
	}
	for _, in := range []string{"0", "11", "-1", "one", "1;2", "1.5"} {
		if _, err := ParseRows(in); err == nil || !strings.Contains(err.Error(), "there are 1 to 10") {
			t.Errorf("%q: %v", in, err)
		}
	}
}

func TestRunOptions(t *testing.T) {
	t.Parallel()
	for _, o := range []Options{
		{},
		{Rounds: 1, Round: time.Second},
		{Rounds: 1, Connections: 1},
		{Round: 1, Connections: 1},
		{Rounds: -1, Round: 1, Connections: 1},
		{Rounds: 1, Round: 1, Connections: 1, Live: time.Second},
		{Rounds: 1, Round: 1, Connections: 1, Live: -1, Agents: 1},
	} {
		if err := Run(t.Context(), o, &bytes.Buffer{}); !errors.Is(err, ErrOptions) {
			t.Errorf("%+v: %v", o, err)
		}
	}
	if !(Options{}).wants(RowCPU) || !(Options{Only: []Row{RowCPU}}).wants(RowRate, RowCPU) || (Options{Only: []Row{RowCPU}}).wants(RowRate) {
		t.Error("rows that are wanted")
	}
}

// An answer without a stored message is told and fails the run.
func TestSame(t *testing.T) {
	t.Parallel()
	b := &bench{}
	b.same("round, always", 10, 10)
	b.same("round, always", 10, 9)
	b.same("round, always", 10, 11)
	want := []string{"round, always: 10 messages answered 200, 9 stored", "round, always: 10 messages answered 200, 11 stored"}
	if diff := cmp.Diff(want, b.summary.Problems); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

// temporary makes a folder for the temporary data of a test, which must be empty in the end.
func temporary(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	t.Cleanup(func() {
		left, err := os.ReadDir(dir)
		if err != nil || len(left) > 0 {
			t.Errorf("left behind: %v, %v", left, err)
		}
	})
}

// The whole of it, in small: every row is measured and everything is cleaned up.
func TestRun(t *testing.T) {
	temporary(t)
	dir := t.TempDir()
	o := Options{
		Executable: self(t), Rounds: 2, Round: 150 * time.Millisecond, Connections: 8, Now: time.Now,
		JSON: filepath.Join(dir, "summary.json"), Profiles: dir, Audits: 60, Threads: 60,
	}
	var out bytes.Buffer
	if err := Run(t.Context(), o, &out); err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	raw, err := os.ReadFile(o.JSON)
	if err != nil {
		t.Fatal(err)
	}
	var s Summary
	if err := json.Unmarshal(raw, &s); err != nil {
		t.Fatal(err)
	}
	lines := map[Row]int{}
	for _, l := range s.Lines {
		lines[l.Row]++
		if l.Measured <= 0 && (l.Target == nil || l.Target.Value > 0) {
			t.Errorf("%s: %v", l.What, l.Measured)
		}
		if l.Target != nil && l.Target.Sense == Exactly && !l.Target.meets(l.Measured) {
			t.Errorf("%s: %v of %v", l.What, l.Measured, l.Target.Value)
		}
		if !strings.Contains(out.String(), l.What) {
			t.Errorf("%s is not printed", l.What)
		}
	}
	want := map[Row]int{RowRate: 4, RowLatency: 4, RowCPU: 2, RowMemory: 2, RowBatch: 6, RowOnce: 4, RowWorkers: 1, RowAudit: 4, RowThreads: 4}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("figures by row (-want +got):\n%s", diff)
	}
	if len(s.Problems) != 0 || s.Machine.Redis == "" || s.Connections != 8 {
		t.Errorf("summary: %+v", s)
	}
	for line := range strings.Lines(out.String()) {
		if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > lineWidth {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	for _, name := range []string{"ponte-everysec.pprof", "ponte-always.pprof"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A run that is interrupted leaves nothing behind.
func TestRunInterrupted(t *testing.T) {
	temporary(t)
	ctx, cancel := context.WithCancel(t.Context())
	out := &watch{until: "target", then: cancel}
	o := Options{Executable: self(t), Rounds: 100, Round: time.Minute, Connections: 2, Now: time.Now, Only: []Row{RowRate}}
	if err := Run(ctx, o, out); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// watch does something once a word has been written.
type watch struct {
	until string
	then  func()
}

func (w *watch) Write(p []byte) (int, error) {
	if strings.Contains(string(p), w.until) {
		w.then()
	}
	return len(p), nil
}

// A program that is no Ponte is an error with its own words.
func TestRunWrongProgram(t *testing.T) {
	temporary(t)
	o := Options{Executable: "/bin/false", Rounds: 1, Round: time.Second, Connections: 1, Now: time.Now}
	if err := Run(t.Context(), o, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "ponte ended too soon") {
		t.Errorf("got %v", err)
	}
}

// A server that answers 200 and stores nothing is found out.
func TestLiarIsFoundOut(t *testing.T) {
	t.Parallel()
	var f freed
	defer func() {
		if err := f.run(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	redis, err := startRedis(t.Context(), &f, "everysec")
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body) }))
	defer srv.Close()
	liar := server{process: redis.process, addr: srv.Listener.Addr().String()} // any process whose time can be read
	r := &rig{
		bench:  &bench{o: Options{Rounds: 1, Round: 50 * time.Millisecond, Connections: 2}, out: &bytes.Buffer{}},
		policy: policies()[0], crowd: &crowd{secret: "s", now: time.Now}, redis: redis, ponte: liar, comparator: liar,
	}
	for name, step := range map[string]func(context.Context) error{
		"rounds": r.rounds, "quiet": r.quiet, "batches": r.batches, "repeats": r.repeats, "bursts": r.firstBursts,
	} {
		before := len(r.summary.Problems)
		if err := step(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if len(r.summary.Problems) == before {
			t.Errorf("%s: nobody noticed", name)
		}
	}
}
