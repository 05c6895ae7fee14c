package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// policy is a way for Redis to keep its file, with what is asked of Ponte then.
type policy struct {
	fsync       string
	rate, ratio float64
}

// The gateway that the targets are taken from stores 372 messages a second.
const (
	gatewayRate = 372
	maxP99      = 40   // ms
	maxP50      = 1    // ms
	maxCPU      = 0.45 // ms
	maxMemory   = 60   // MB
)

func policies() []policy {
	return []policy{{"everysec", 10 * gatewayRate, 0.5}, {"always", 6 * gatewayRate, 0.3}}
}

// rig is what one policy is measured on.
type rig struct {
	*bench
	policy
	crowd      *crowd
	redis      *redisServer
	ponte      server
	comparator server
}

// policy measures rows 1 to 6 under one policy.
func (b *bench) policy(ctx context.Context, p policy) (err error) {
	var f freed
	defer func() { err = errors.Join(err, f.run(ctx)) }()
	r := &rig{bench: b, policy: p, crowd: &crowd{secret: appSecret, now: b.o.Now}}
	if r.redis, err = startRedis(ctx, &f, p.fsync); err != nil {
		return err
	}
	version, err := r.redis.info(ctx, "server", "redis_version")
	if err != nil {
		return err
	}
	b.head(version)
	if !b.o.wants(RowRate, RowLatency, RowCPU, RowMemory, RowBatch, RowOnce) {
		return nil
	}
	file := ""
	if b.o.Profiles != "" {
		file = filepath.Join(b.o.Profiles, "ponte-"+p.fsync+".pprof")
	}
	if r.ponte, err = startPonte(ctx, &f, b.o, r.redis.url, file); err != nil {
		return err
	}
	if r.comparator, err = startComparator(ctx, &f, b.o); err != nil {
		return err
	}
	return r.measure(ctx)
}

func (r *rig) measure(ctx context.Context) error {
	if err := r.crowd.greet(ctx, r.ponte.addr); err != nil {
		return err
	}
	steps := []struct {
		run  func(context.Context) error
		rows []Row
	}{
		{r.rounds, []Row{RowRate, RowLatency, RowCPU, RowMemory}},
		{r.quiet, []Row{RowLatency}},
		{r.batches, []Row{RowBatch}},
		{r.repeats, []Row{RowOnce}},
		{r.firstBursts, []Row{RowOnce}},
		{r.memory, []Row{RowMemory}},
	}
	for _, s := range steps {
		if !r.o.wants(s.rows...) {
			continue
		}
		if err := s.run(ctx); err != nil {
			return err
		}
	}
	return nil
}

// what names a figure under the policy.
func (r *rig) what(format string, args ...any) string {
	return fmt.Sprintf(format, args...) + ", " + r.fsync
}

// counted runs something on empty mailboxes and tells what it stored. accepted is how many messages were answered 200.
func (r *rig) counted(ctx context.Context, what string, run func() (accepted int, err error)) (inboxes, error) {
	if err := r.redis.drain(ctx); err != nil {
		return inboxes{}, err
	}
	accepted, err := run()
	if err != nil {
		return inboxes{}, err
	}
	stored, err := r.redis.stored(ctx)
	if err == nil {
		r.same(r.what("%s", what), accepted, stored.events)
	}
	return stored, err
}

// warmUp is how long both servers run before the first round.
const warmUp = time.Second

// turns is what the rounds of one server came to.
type turns struct {
	rates         []float64
	latencies     []time.Duration
	sent, counted int // webhooks answered 200, and what counts of them
	server, redis time.Duration
	generator     time.Duration
}

func (t *turns) add(r round, counted int, u usage) {
	t.rates = append(t.rates, perSecond(counted, r.elapsed))
	t.latencies = append(t.latencies, r.latencies...)
	t.sent, t.counted = t.sent+r.accepted, t.counted+counted
	t.server, t.redis, t.generator = t.server+u.server, t.redis+u.redis, t.generator+u.generator
}

// rounds lets Ponte and the comparator take turns.
func (r *rig) rounds(ctx context.Context) error {
	var ponte, other turns
	var ratios []float64
	for i := -1; i < r.o.Rounds; i++ {
		lasts := r.o.Round
		if i < 0 {
			lasts = warmUp
		}
		got, stored, used, err := r.round(ctx, lasts)
		if err != nil {
			return err
		}
		compared, usedByOther, err := r.used(ctx, r.comparator, lasts)
		if err != nil {
			return err
		}
		if i < 0 {
			continue
		}
		ponte.add(got, stored, used)
		other.add(compared, compared.accepted, usedByOther)
		ratios = append(ratios, ponte.rates[i]/other.rates[i])
	}
	r.addRounds(ponte, other, ratios)
	return nil
}

func (r *rig) addRounds(ponte, other turns, ratios []float64) {
	r.add(Line{
		Row: RowRate, What: r.what("stored webhooks/s"), Target: atLeast(r.rate), Measured: median(ponte.rates),
		Note: fmt.Sprintf("%s answered 200, %s stored; rounds:%s",
			quantity(float64(ponte.sent), ""), quantity(float64(ponte.counted), ""), list(ponte.rates)),
	})
	r.add(Line{
		Row: RowRate, What: r.what("ratio to the signature-only route"), Target: atLeast(r.ratio), Measured: median(ratios),
		Note: fmt.Sprintf("that route: %s/s, %s of CPU each and %s in the load generator; rounds:%s",
			quantity(median(other.rates), ""), each(other.server, other.sent), each(other.generator, other.sent), list(ratios)),
	})
	r.add(Line{
		Row: RowLatency, What: r.what("p99 at %d connections", r.o.Connections), Target: atMost(maxP99),
		Measured: milliseconds(percentile(ponte.latencies, 0.99)), Unit: "ms",
		Note: fmt.Sprintf("p50 %s, p90 %s, longest %s", ms(percentile(ponte.latencies, 0.5)),
			ms(percentile(ponte.latencies, 0.9)), ms(percentile(ponte.latencies, 1))),
	})
	r.add(Line{
		Row: RowCPU, What: r.what("CPU per stored message, Ponte + Redis"), Target: atMost(maxCPU),
		Measured: milliseconds(ponte.server+ponte.redis) / float64(max(ponte.counted, 1)), Unit: "ms",
		Note: fmt.Sprintf("Ponte %s, Redis %s; the load generator %s", each(ponte.server, ponte.counted),
			each(ponte.redis, ponte.counted), each(ponte.generator, ponte.sent)),
	})
}

// round is one round of Ponte: what was answered, how much of it is stored, and the time of the processors it took.
func (r *rig) round(ctx context.Context, lasts time.Duration) (got round, stored int, used usage, err error) {
	in, err := r.counted(ctx, "round", func() (int, error) {
		got, used, err = r.used(ctx, r.ponte, lasts)
		return got.accepted, err
	})
	return got, in.events, used, err
}

// usage is the time of the processors that those who take part in a round used.
type usage struct{ server, redis, generator time.Duration }

// used is one round of a server, with the time of the processors it took.
func (r *rig) used(ctx context.Context, s server, lasts time.Duration) (got round, used usage, err error) {
	before, err := r.usage(s)
	if err != nil {
		return got, used, err
	}
	if got, err = r.crowd.load(ctx, s.addr, r.o.Connections, lasts); err != nil {
		return got, used, err
	}
	after, err := r.usage(s)
	return got, usage{after.server - before.server, after.redis - before.redis, after.generator - before.generator}, err
}

func (r *rig) usage(s server) (u usage, err error) {
	for pid, used := range map[int]*time.Duration{s.pid(): &u.server, r.redis.pid(): &u.redis, os.Getpid(): &u.generator} {
		if *used, err = cpu(pid); err != nil {
			return u, err
		}
	}
	return u, nil
}

// quiet is one connection alone.
func (r *rig) quiet(ctx context.Context) error {
	var got round
	_, err := r.counted(ctx, "one connection", func() (accepted int, err error) {
		got, err = r.crowd.load(ctx, r.ponte.addr, 1, r.o.Round)
		return got.accepted, err
	})
	r.add(Line{
		Row: RowLatency, What: r.what("p50 at one connection"), Target: atMost(maxP50),
		Measured: milliseconds(percentile(got.latencies, 0.5)), Unit: "ms",
		Note: fmt.Sprintf("p90 %s, p99 %s; %s/s", ms(percentile(got.latencies, 0.9)), ms(percentile(got.latencies, 0.99)),
			quantity(perSecond(got.accepted, got.elapsed), "")),
	})
	return err
}

// memory is what Ponte holds after all of it.
func (r *rig) memory(context.Context) error {
	n, err := resident(r.ponte.pid())
	r.add(Line{
		Row: RowMemory, What: r.what("resident memory of Ponte after the run"), Target: atMost(maxMemory),
		Measured: float64(n) / 1e6, Unit: "MB",
	})
	return err
}

func perSecond(n int, d time.Duration) float64 { return float64(n) / d.Seconds() }

// each is the share of one of n.
func each(d time.Duration, n int) string {
	return quantity(float64(d)/float64(time.Microsecond)/float64(max(n, 1)), "µs")
}

func ms(d time.Duration) string { return quantity(milliseconds(d), "ms") }

// list writes figures beside each other.
func list(values []float64) string {
	var out strings.Builder
	for _, v := range values {
		out.WriteString(" " + quantity(v, ""))
	}
	return out.String()
}

// refused is the error of an answer other than 200.
func refused(status int, err error) error {
	if err == nil && status != http.StatusOK {
		return fmt.Errorf("bench: a webhook was answered %d", status) //nolint:err113 // a line for people
	}
	return err
}
