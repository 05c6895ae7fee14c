package bench

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestVerdict(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		target   *Target
		measured float64
		want     string
	}{
		{nil, 7, ""},
		{atLeast(100), 100, "ok"},
		{atLeast(100), 250, "ok"},
		{atLeast(100), 99, "missed by 1 %"},
		{atLeast(0.5), 0.27, "missed by 46 %"},
		{atLeast(100), 0, "missed by 100 %"},
		{atMost(250), 250, "ok"},
		{atMost(250), 1, "ok"},
		{atMost(250), 250.1, "missed by 1 %"},
		{atMost(250), 665, "missed by 166 %"},
		{exactly(50), 50, "ok"},
		{exactly(50), 49, "missed by 2 %"},
		{exactly(50), 398, "missed by 696 %"},
		{exactly(0), 1, "missed"},
		{&Target{Sense: "?", Value: 1}, 1, "missed by 0 %"},
	} {
		if got := (Line{Target: tt.target, Measured: tt.measured}).verdict(); got != tt.want {
			t.Errorf("%v of %+v: %q; want %q", tt.measured, tt.target, got, tt.want)
		}
	}
}

func TestQuantity(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		v    float64
		unit string
		want string
	}{
		{0, "", "0"},
		{5, "ms", "5 ms"},
		{0.087, "ms", "0.09 ms"},
		{9.994, "", "9.99"},
		{12.34, "µs", "12.3 µs"},
		{123.4, "ms", "123 ms"},
		{999.6, "", "1,000"},
		{3720, "", "3,720"},
		{17166.4, "", "17,166"},
		{1234567, "", "1,234,567"},
		{-1234.5, "", "-1,234"},
	} {
		if got := quantity(tt.v, tt.unit); got != tt.want {
			t.Errorf("%v: %q; want %q", tt.v, got, tt.want)
		}
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][]string{
		"":                       nil,
		"a":                      {"a"},
		"aaaa bbbb  cccc":        {"aaaa bbbb", "cccc"},
		"µµµµ µµµµ µ":            {"µµµµ µµµµ", "µ"},
		"a-word-that-is-long b":  {"a-word-that-is-long", "b"},
		"b a-word-that-is-long ": {"b", "a-word-that-is-long"},
	} {
		if diff := cmp.Diff(want, wrap(in, 9)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", in, diff)
		}
	}
}

func example() Summary {
	return Summary{
		Machine: Machine{Cores: 2, Memory: 16 << 30, System: "linux/amd64", Go: "1.26", Redis: "7.0.15"}, Rounds: 5, Seconds: 2.5, Connections: 32,
		Lines: []Line{
			{Row: RowRate, What: "stored webhooks/s, everysec", Target: atLeast(3720), Measured: 17166.2, Note: strings.Repeat("rounds ", 20)},
			{Row: RowBatch, What: "1,000 updates at once, known contacts, everysec", Target: atMost(250), Measured: 12345.6, Unit: "ms"},
			{Row: RowOnce, What: "50 messages x 8 connections at once, everysec", Target: exactly(50), Measured: 50},
			{Row: RowMemory, What: "told", Measured: 1, Unit: "MB"},
		},
		Problems: []string{"round, always: 10 messages answered 200, 9 stored"},
	}
}

func printed(s Summary) string {
	var out bytes.Buffer
	s.printHead(&out)
	for _, l := range s.Lines {
		l.print(&out)
	}
	s.printEnd(&out)
	return out.String()
}

func TestPrint(t *testing.T) {
	t.Parallel()
	const want = `ponte bench: 2 cores, 16 GB, linux/amd64, Go 1.26, Redis 7.0.15
5 rounds of 2.50 s at 32 connections, on this machine together with Redis and the load

                                                             target     measured
 1  stored webhooks/s, everysec                            >= 3,720       17,166  ok
      rounds rounds rounds rounds rounds rounds rounds rounds rounds rounds rounds rounds rounds
      rounds rounds rounds rounds rounds rounds rounds
 5  1,000 updates at once, known contacts, everysec       <= 250 ms    12,346 ms  missed by 4839 %
 6  50 messages x 8 connections at once, everysec              = 50           50  ok
 4  told                                                                    1 MB

2 of 3 targets met
WRONG: round, always: 10 messages answered 200, 9 stored
`
	got := printed(example())
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
	for line := range strings.Lines(got) {
		if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > lineWidth {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	if unknown := printed(Summary{Machine: Machine{Cores: 1}}); !strings.HasPrefix(unknown, "ponte bench: 1 cores, , Go") || strings.Contains(unknown, "GB") {
		t.Errorf("memory that is not known: %s", unknown)
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := example().writeJSON(&out); err != nil {
		t.Fatal(err)
	}
	var back Summary
	if err := json.Unmarshal(out.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(example(), back); diff != "" {
		t.Errorf("summary (-written +read):\n%s", diff)
	}
	for _, part := range []string{`"sense": "\u003e="`, `"seconds_per_round": 2.5`, `"row": 5`, `"problems": [`} {
		if !strings.Contains(out.String(), part) {
			t.Errorf("no %s in %s", part, out.String())
		}
	}
}
