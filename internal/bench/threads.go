package bench

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// What is asked of an installation with many open conversations.
const (
	maxPerThread   = 1000 // bytes
	minRateLoaded  = 0.8  // of the rate of an empty installation
	transcriptPart = 10   // one in so many conversations gets its transcript as well, for the figure with it
	sampled        = 200  // keys of a sort whose memory is asked for
)

// house is one installation of two that are measured side by side: Redis, Ponte without workers, and who writes to it.
type house struct {
	redis *redisServer
	ponte server
	crowd *crowd
}

func (b *bench) house(ctx context.Context, f *freed) (h house, err error) {
	if h.redis, err = startRedis(ctx, f, policies()[0].fsync); err != nil {
		return h, err
	}
	h.crowd = &crowd{secret: appSecret, now: b.o.Now}
	h.ponte, err = startPonte(ctx, f, b.o, h.redis.url, "")
	return h, err
}

// threads fills an installation with open conversations, tells what each costs, and how fast webhooks are stored beside them.
func (b *bench) threads(ctx context.Context) (err error) {
	var f freed
	defer func() { err = errors.Join(err, f.run(ctx)) }()
	full, err := b.house(ctx, &f)
	if err != nil {
		return err
	}
	began := b.o.Now()
	if err := b.fillThreads(ctx, full.redis); err != nil {
		return err
	}
	took := b.o.Now().Sub(began)
	empty, err := b.house(ctx, &f)
	if err != nil {
		return err
	}
	return b.sideBySide(ctx, full, empty, took)
}

// fillThreads fills an installation and tells what a conversation takes.
func (b *bench) fillThreads(ctx context.Context, r *redisServer) error {
	fill, err := rehearse(ctx, r.client, keyPrefix, openPlays())
	if err != nil {
		return err
	}
	n := b.o.Threads
	var used [4]int64 // before, with conversations, with their contacts and tickets, with some transcripts
	steps := []struct {
		end    int
		wanted func(class string) bool
	}{
		{0, nil},
		{n, func(class string) bool { return class != classTranscript && ofConversation(class) }},
		{n, func(class string) bool { return !ofConversation(class) }},
		{max(n/transcriptPart, 1), func(class string) bool { return class == classTranscript }},
	}
	if err := r.unlogged(ctx, func() error {
		for i, s := range steps {
			if err := fill.fill(ctx, 0, s.end, s.wanted); err != nil {
				return err
			}
			if used[i], err = r.used(ctx); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return err
	}
	shares, err := fill.shares(ctx, n)
	if err != nil {
		return err
	}
	alone := float64(used[1]-used[0]) / float64(n)
	named := alone + float64(used[2]-used[1])/float64(n)
	told := float64(used[3]-used[2]) / float64(steps[3].end)
	b.add(Line{
		Row: RowThreads, What: "Redis memory per open conversation", Target: atMost(maxPerThread), Measured: alone, Unit: "B",
		Note: fmt.Sprintf("%s conversations, half of them queued, half with an agent, without transcripts: %s in all; of each: %s",
			quantity(float64(n), ""), quantity(float64(used[1]-used[0])/1e9, "GB"), shares),
	})
	b.add(Line{Row: RowThreads, What: "the same with what names contact and ticket", Measured: named, Unit: "B"})
	b.add(Line{Row: RowThreads, What: "the same with its transcript", Measured: named + told, Unit: "B"})
	return nil
}

// rehearse plays plays on a stage and returns what fills an installation with copies of them.
func rehearse(ctx context.Context, client redis.UniversalClient, prefix string, plays []play) (*filler, error) {
	s, err := newStage(ctx, client, "stage:"+prefix)
	if err != nil {
		return nil, err
	}
	for _, p := range plays {
		if err := s.perform(ctx, p); err != nil {
			return nil, fmt.Errorf("bench: the play %q: %w", p.name, err)
		}
	}
	castings, err := s.leave(ctx)
	return &filler{client: client, prefix: prefix, partition: s.boxes.Partition, castings: castings}, err
}

// shares tells how many bytes of a conversation lie in which sort of key, the largest first, by Redis' own account of keys.
func (f *filler) shares(ctx context.Context, n int) (string, error) {
	own, shared := map[string]float64{}, map[string]string{}
	for serial := range min(n, sampled) {
		c := &f.castings[serial%len(f.castings)]
		values := f.values(c, serial)
		for i := range c.places {
			p := &c.places[i]
			key := f.prefix + p.key.with(values)
			switch {
			case p.class == classTranscript || !ofConversation(p.class):
			case p.own:
				size, err := f.client.MemoryUsage(ctx, key, 0).Result() // all of its fields: one of them is the state
				if err != nil {
					return "", fmt.Errorf("memory of a key: %w", err)
				}
				own[p.class] += float64(size) / float64(min(n, sampled))
			default:
				_, rest, _ := strings.Cut(key, "}:")
				shared[rest] = p.class
			}
		}
	}
	for rest, class := range shared {
		for p := range partitions {
			size, err := f.client.MemoryUsage(ctx, f.prefix+partitionMark(p)+":"+rest).Result()
			if err != nil && !errors.Is(err, redis.Nil) {
				return "", fmt.Errorf("memory of a view: %w", err)
			}
			own[class] += float64(size) / float64(n)
		}
	}
	classes := slices.SortedFunc(maps.Keys(own), func(a, b string) int { return int(own[b] - own[a]) })
	words := make([]string, len(classes))
	for i, class := range classes {
		words[i] = fmt.Sprintf("%s %.0f", class, own[class])
	}
	return strings.Join(words, ", "), nil
}

// sideBySide measures how fast webhooks are stored in a full and in an empty installation, taking turns.
func (b *bench) sideBySide(ctx context.Context, full, empty house, filling time.Duration) error {
	rates := map[*redisServer][]float64{}
	var ratios []float64
	for _, h := range []house{full, empty} {
		if err := h.crowd.greet(ctx, h.ponte.addr); err != nil {
			return err
		}
	}
	for i := -1; i < b.o.Rounds; i++ {
		lasts := b.o.Round
		if i < 0 {
			lasts = warmUp
		}
		for _, h := range []house{full, empty} {
			if err := h.redis.drainDue(ctx); err != nil {
				return err
			}
			got, err := h.crowd.load(ctx, h.ponte.addr, b.o.Connections, lasts)
			if err != nil {
				return err
			}
			stored, err := h.redis.storedDue(ctx)
			if err != nil {
				return err
			}
			b.same("beside open conversations", got.accepted, stored)
			rates[h.redis] = append(rates[h.redis], perSecond(stored, got.elapsed))
		}
		if i >= 0 {
			ratios = append(ratios, rates[full.redis][i+1]/rates[empty.redis][i+1])
		}
	}
	b.add(Line{
		Row: RowThreads, What: fmt.Sprintf("webhooks stored beside %s, of an empty one", quantity(float64(b.o.Threads), "")),
		Target: atLeast(minRateLoaded), Measured: median(ratios),
		Note: fmt.Sprintf("%s/s and %s/s; rounds:%s; filled in %s", quantity(median(rates[full.redis][1:]), ""),
			quantity(median(rates[empty.redis][1:]), ""), list(ratios), quantity(filling.Seconds(), "s")),
	})
	return nil
}
