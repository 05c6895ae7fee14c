package bench

import (
	"context"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Who writes: most are known from before, some are seen for the first time. Their aliases are more than an instance keeps
// in its memory, so that some look-ups go to Redis.
const (
	knownPersons = 8000
	firstSights  = 0.02
)

// crowd hands out messages and persons, none of them twice.
type crowd struct {
	secret  string
	now     func() time.Time
	serial  atomic.Int64
	persons atomic.Int64
}

// newPersons reserves persons that nobody has seen.
func (c *crowd) newPersons(n int) (first int) { return int(c.persons.Add(int64(n))) - n }

// newSerials reserves messages that nobody has sent.
func (c *crowd) newSerials(n int) (first int64) { return c.serial.Add(int64(n)) - int64(n) }

// someone is who writes the next message.
func (c *crowd) someone(r *rand.Rand) int {
	if r.Float64() < firstSights {
		return c.newPersons(1)
	}
	return r.IntN(knownPersons)
}

// round is what one burst of load came to.
type round struct {
	sent      int // webhooks, each with one message
	accepted  int // of them answered 200
	elapsed   time.Duration
	latencies []time.Duration
}

// load sends webhooks of one message over so many connections, each as fast as it is answered, for that long.
func (c *crowd) load(ctx context.Context, addr string, connections int, lasts time.Duration) (round, error) {
	clients, err := dialAll(ctx, addr, connections)
	if err != nil {
		return round{}, err
	}
	defer closeAll(clients)
	begin := c.now()
	parts, errs := make([]round, connections), make([]error, connections)
	var busy sync.WaitGroup
	for i, cl := range clients {
		busy.Go(func() { parts[i], errs[i] = c.loop(cl, uint64(i), begin, begin.Add(lasts)) })
	}
	busy.Wait()
	total := round{elapsed: c.now().Sub(begin)}
	for _, p := range parts {
		total.sent += p.sent
		total.accepted += p.accepted
		total.latencies = append(total.latencies, p.latencies...)
	}
	return total, first(errs)
}

// loop is one connection's part of a round.
func (c *crowd) loop(cl *client, seed uint64, begin, end time.Time) (round, error) {
	r := rand.New(rand.NewPCG(seed, uint64(begin.UnixNano())))
	t := newStencil(c.secret, begin)
	var p round
	for from := begin; from.Before(end); {
		status, err := cl.post(t.fill(c.someone(r), c.newSerials(1)))
		if err != nil {
			return p, err
		}
		to := c.now()
		p.sent++
		p.latencies = append(p.latencies, to.Sub(from))
		if status == http.StatusOK {
			p.accepted++
		}
		from = to
	}
	return p, nil
}

// greet lets all known persons write once.
func (c *crowd) greet(ctx context.Context, addr string) error {
	cl, err := dial(ctx, addr)
	if err != nil {
		return err
	}
	defer cl.close()
	first := c.newPersons(knownPersons)
	const together = 400
	for p := first; p < first+knownPersons; p += together {
		body := batch(c.now(), p, together, c.newSerials(together))
		status, err := cl.post(request(newSigner(c.secret), body))
		if err := refused(status, err); err != nil {
			return err
		}
	}
	return nil
}

// first is the first error of connections that worked side by side: the others fail for the same reason.
func first(errs []error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func dialAll(ctx context.Context, addr string, n int) ([]*client, error) {
	clients := make([]*client, 0, n)
	for range n {
		cl, err := dial(ctx, addr)
		if err != nil {
			closeAll(clients)
			return nil, err
		}
		clients = append(clients, cl)
	}
	return clients, nil
}

func closeAll(clients []*client) {
	for _, cl := range clients {
		cl.close()
	}
}
