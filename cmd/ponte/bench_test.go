package main

import (
	"strings"
	"testing"
)

// A benchmark that can't be made says why before it starts anything.
func TestBenchMistakes(t *testing.T) {
	environment(t, nil)
	t.Setenv("PATH", t.TempDir())
	for _, args := range [][]string{{"-x"}, {"-rounds", "many"}, {"-seconds", "4s"}, {"now"}, {"-h"}} {
		got := ponte(t, append([]string{"bench"}, args...)...)
		if got.code != 2 || got.out != "" || !strings.HasSuffix(got.err, "usage: ponte bench [flags]\n") {
			t.Errorf("%v: exit %d, %s", args, got.code, got.err)
		}
	}
	for words, want := range map[string]string{
		"-only 11":                      "no row \"11\", there are 1 to 10",
		"-rounds 0":                     "must be more than zero",
		"-seconds 0":                    "must be more than zero",
		"-connections -1":               "must be more than zero",
		"-only 1":                       "redis-server is not on PATH",
		"-live -agents 0":               "must be more than zero",
		"-live -live-seconds -1":        "must be more than zero",
		"--live -live-seconds 0":        "redis-server is not on PATH",
		"-comparator -addr nowhere":     "-addr: ",
		"-serve -cpuprofile /nowhere/p": "PONTE_REDIS_URL: ",
	} {
		got := ponte(t, append([]string{"bench"}, strings.Fields(words)...)...)
		if got.code != 1 || got.out != "" || !strings.Contains(got.err, want) {
			t.Errorf("%s: exit %d, %q; want %q", words, got.code, got.err, want)
		}
	}
}

// The benchmark reads the environment as every command does.
func TestBenchWrongEnvironment(t *testing.T) {
	environment(t, map[string]string{"LOG_LEVEL": "loud"})
	if got := ponte(t, "bench"); got.code != 1 || got.out != "" || !strings.Contains(got.err, "PONTE_LOG_LEVEL") {
		t.Errorf("exit %d, %s", got.code, got.err)
	}
}
