package bench

import (
	"errors"
	"os"
	"runtime"
	"testing"
	"time"
)

func TestParseStat(t *testing.T) {
	t.Parallel()
	const line = "123 (a (b) c) S 1 123 123 0 -1 4194560 9 8 7 6 250 50 3 2 20 0 8 0 4321 1278316 13877"
	for in, want := range map[string]time.Duration{
		line: 3050 * time.Millisecond,
		"1 (x) R 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20": 0,
	} {
		if got, err := parseStat(in); err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", in, got, err, want)
		}
	}
	for _, bad := range []string{"", "1 x R", "1 (x) R 1 1 1 0 -1 0 0 0 0 0 1 2", "1 (x) R 1 1 1 0 -1 0 0 0 0 0 a 2 3 4 5"} {
		if _, err := parseStat(bad); !errors.Is(err, errProc) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestParseKilobytes(t *testing.T) {
	t.Parallel()
	const file = "Name:\tponte\nVmHWM:\t   34104 kB\nVmRSS:\t   33104 kB\nVmSwap:\tmany kB\n"
	if got, err := parseKilobytes(file, "VmRSS:"); err != nil || got != 33104<<10 {
		t.Errorf("%d, %v", got, err)
	}
	for _, name := range []string{"VmSwap:", "Vm:", "RSS:"} {
		if _, err := parseKilobytes(file, name); !errors.Is(err, errProc) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What is read of this very process must be believable.
func TestOwnUsage(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Log("only Linux tells")
		return
	}
	before, err := cpu(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	for s, n := newStencil("s", time.Unix(0, 0)), int64(0); ; n++ { // work until it shows
		s.fill(int(n%1000), n)
		after, err := cpu(os.Getpid())
		if err != nil {
			t.Fatal(err)
		}
		if after > before {
			break
		}
	}
	if n, err := resident(os.Getpid()); err != nil || n < 1<<20 || n > 10<<30 {
		t.Errorf("%d bytes, %v", n, err)
	}
	if _, err := cpu(-1); err == nil {
		t.Error("the time of no process")
	}
	if _, err := resident(-1); err == nil {
		t.Error("the memory of no process")
	}
	m := machine("7.4")
	if m.Cores < 1 || m.Memory < 1<<20 || m.Go == "" || m.Redis != "7.4" {
		t.Errorf("%+v", m)
	}
}
