package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// filler fills an installation with copies of castings, in turn. The same number is always the same customer.
type filler struct {
	client    redis.UniversalClient
	prefix    string
	partition func(key string) int
	castings  []casting
}

const (
	fillers      = 2   // write at once
	filledAtOnce = 100 // conversations, in one round trip
)

// fill writes what conversations of these numbers have in the wanted sorts of keys.
func (f *filler) fill(ctx context.Context, first, end int, wanted func(class string) bool) error {
	errs := make([]error, fillers)
	var busy sync.WaitGroup
	for w := range fillers {
		busy.Go(func() {
			for from := first + w*filledAtOnce; from < end && errs[w] == nil; from += fillers * filledAtOnce {
				pipe := f.client.Pipeline()
				for i := from; i < min(from+filledAtOnce, end); i++ {
					f.copy(ctx, pipe, i, wanted)
				}
				_, errs[w] = pipe.Exec(ctx)
			}
		})
	}
	busy.Wait()
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("fill redis: %w", err)
	}
	return nil
}

// copy writes one conversation.
func (f *filler) copy(ctx context.Context, pipe redis.Pipeliner, serial int, wanted func(class string) bool) {
	c := &f.castings[serial%len(f.castings)]
	values := f.values(c, serial)
	for i := range c.places {
		if wanted(c.places[i].class) {
			c.places[i].copy(ctx, pipe, f.prefix, values)
		}
	}
}

func (p *place) copy(ctx context.Context, pipe redis.Pipeliner, prefix string, values []string) {
	key := prefix + p.key.with(values)
	texts := make([]any, len(p.contents))
	for i, content := range p.contents {
		texts[i] = content.with(values)
		if p.state > 0 && i == p.state {
			texts[i] = conversation.PackState([]byte(content.with(values)))
		}
	}
	switch p.kind {
	case "hash":
		pipe.HSet(ctx, key, texts...)
	case "set":
		pipe.SAdd(ctx, key, texts...)
	case "list":
		pipe.RPush(ctx, key, texts...)
	case "string":
		pipe.Set(ctx, key, texts[0], 0)
	case "zset":
		members := make([]redis.Z, len(texts))
		for i := range texts {
			members[i] = redis.Z{Score: p.scores[i], Member: texts[i]}
		}
		pipe.ZAdd(ctx, key, members...)
	}
	if p.own && p.left > 0 {
		pipe.PExpire(ctx, key, p.left)
	}
}

// values makes up a customer.
func (f *filler) values(c *casting, serial int) []string {
	r := rand.New(rand.NewPCG(uint64(serial), 1)) // #nosec G115 G404 -- no secrets: the same customer each time
	values := make([]string, len(c.marks))
	for i, mark := range c.marks {
		switch {
		case i == markContact:
			values[i] = mark[:8] + letters(r, "0123456789ABCDEFGHJKMNPQRSTVWXYZ", len(mark)-8)
			values[markPartition] = partitionMark(f.partition(conversation.Key(c.number, values[i])))
		case i == markPhone:
			values[i] = "55" + strconv.Itoa(11+r.IntN(88)) + "9" + letters(r, decimal, len(mark)-5)
		case i == markUser:
			values[i] = "BR." + letters(r, decimal, len(mark)-3)
		case i == markName:
			values[i] = anyOf(r, "Mariana", "João Pedro", "Sebastião", "Ana", "Beatriz", "Carlos Eduardo", "Fernanda", "Luiz", "Patrícia", "Wagner") + " " +
				anyOf(r, "Albuquerque", "Silva", "Souza", "Nogueira", "Drummond", "dos Santos", "Pinheiro", "Farias", "Lima", "Valadares")
		case i == markTicket:
			values[i] = strconv.Itoa(10_000_000 + serial)
		case strings.HasPrefix(mark, "wamid."):
			values[i] = wamid(values[markPhone], "3A"+letters(r, "0123456789ABCDEF", 18))
		case i != markPartition:
			values[i] = mark[:4] + letters(r, decimal, len(mark)-4)
		}
	}
	return values
}

const decimal = "0123456789"

// letters is so many characters of an alphabet.
func letters(r *rand.Rand, alphabet string, n int) string {
	text := make([]byte, n)
	for i := range text {
		text[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(text)
}

func anyOf(r *rand.Rand, words ...string) string { return words[r.IntN(len(words))] }
