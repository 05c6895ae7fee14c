package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"time"

	load "github.com/ponte-desk/ponte/internal/bench"
)

// measure is what the command line asks of the load generator.
type measure struct {
	rounds, connections int
	seconds             float64
	only, json          string
	profiles            string
	audits, threads     int
	live                bool
	liveSeconds         float64
	agents              int

	// Roles in which it starts itself.
	comparator, serve, sweep bool
	addr, cpuProfile         string
}

func (m *measure) flags(s streams) *flag.FlagSet {
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.SetOutput(s.err)
	f.IntVar(&m.rounds, "rounds", 5, "rounds of Ponte and of the comparator, taking turns; the median counts")
	f.Float64Var(&m.seconds, "seconds", 4, "how long a round lasts")
	f.IntVar(&m.connections, "connections", 32, "connections at once")
	f.StringVar(&m.only, "only", "", "rows to measure, such as 1,2,6; all when empty (7 is the one with the workers on, 8 the auditor's, 9 the one with many conversations, 10 the app's)")
	f.IntVar(&m.audits, "audit", 100_000, "conversations that the auditor looks at; 0 leaves that row out")
	f.IntVar(&m.threads, "threads", 1_000_000, "open conversations that are kept, 2.5 GB for a million; 0 leaves that row out")
	f.BoolVar(&m.live, "live", false, "measure how fast messages are on agents' screens and replies at WhatsApp, the same as -only 10")
	f.Float64Var(&m.liveSeconds, "live-seconds", 60, "how long customers and agents write there, with one instance and again with two; 0 leaves that row out")
	f.IntVar(&m.agents, "agents", 20, "agents who are connected there, each with five conversations")
	f.StringVar(&m.json, "json", "", "file for a summary")
	f.StringVar(&m.profiles, "profiles", "", "folder for profiles of Ponte's CPU time")
	f.BoolVar(&m.comparator, "comparator", false, "be the server that only checks signatures (the benchmark starts it)")
	f.StringVar(&m.addr, "addr", "127.0.0.1:0", "where the comparator listens")
	f.BoolVar(&m.serve, "serve", false, "be the service under the profiler (the benchmark starts it)")
	f.BoolVar(&m.sweep, "sweep", false, "be the auditor (the benchmark starts it)")
	f.StringVar(&m.cpuProfile, "cpuprofile", "", "the profile of -serve")
	return f
}

// bench measures the product on this machine, with Redis and the servers as processes of their own.
func bench(ctx context.Context, s streams, args []string) error {
	var m measure
	flags := m.flags(s)
	if flags.Parse(args) != nil || flags.NArg() > 0 {
		return errUsage
	}
	only, err := load.ParseRows(m.only)
	if err != nil {
		return err
	}
	if m.live {
		only = append(only, load.RowLive)
	}
	c, err := configured(false)
	if err != nil {
		return err
	}
	switch {
	case m.comparator:
		return load.Comparator(ctx, m.addr, string(c.WhatsAppAppSecret), logger(s.err, c.LogLevel))
	case m.sweep:
		return load.DryRun(ctx, c, time.Now, s.out)
	case m.serve:
		return load.Profiled(ctx, c, m.cpuProfile, logger(s.err, c.LogLevel))
	}
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	return load.Run(ctx, load.Options{
		Executable: self, Rounds: m.rounds, Round: seconds(m.seconds), Connections: m.connections,
		Only: only, JSON: m.json, Profiles: m.profiles, Audits: m.audits, Threads: m.threads,
		Live: seconds(m.liveSeconds), Agents: m.agents, Now: time.Now,
	}, s.out)
}

func seconds(n float64) time.Duration { return time.Duration(n * float64(time.Second)) }
