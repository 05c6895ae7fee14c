package bench

import (
	"context"
	"fmt"
	"sync"
	"time"
)

const (
	updates    = 1000 // in one webhook
	maxBatch   = 250  // ms
	batchTries = 5

	deliveries = 8 // of one message, or messages of one burst, at once
	messages   = 50
	strangers  = 50
)

// batches sends webhooks of 1,000 updates of as many persons, first by strangers, then by the same persons again.
func (r *rig) batches(ctx context.Context) error {
	var first, again []time.Duration
	fewest := updates
	_, err := r.counted(ctx, "1,000 updates", func() (int, error) {
		cl, err := dial(ctx, r.ponte.addr)
		if err != nil {
			return 0, err
		}
		defer cl.close()
		for range batchTries {
			persons := r.crowd.newPersons(updates)
			for _, times := range []*[]time.Duration{&first, &again} {
				took, stored, err := r.batch(ctx, cl, persons)
				if err != nil {
					return 0, err
				}
				*times, fewest = append(*times, took), min(fewest, stored)
			}
		}
		return 2 * batchTries * updates, nil
	})
	if err != nil {
		return err
	}
	for _, kind := range []struct {
		name  string
		times []time.Duration
	}{{"first sights", first}, {"known contacts", again}} {
		r.add(Line{
			Row: RowBatch, What: r.what("1,000 updates at once, %s", kind.name), Target: atMost(maxBatch),
			Measured: milliseconds(percentile(kind.times, 0.5)), Unit: "ms", Note: fmt.Sprintf("longest of %d: %s", batchTries, ms(percentile(kind.times, 1))),
		})
	}
	r.add(Line{Row: RowBatch, What: r.what("of 1,000 updates at once stored"), Target: exactly(updates), Measured: float64(fewest)})
	return nil
}

// batch sends one webhook and tells how long its answer took and how many of its messages are stored.
func (r *rig) batch(ctx context.Context, cl *client, persons int) (took time.Duration, stored int, err error) {
	before, err := r.redis.stored(ctx)
	if err != nil {
		return 0, 0, err
	}
	whole := request(newSigner(r.crowd.secret), batch(r.crowd.now(), persons, updates, r.crowd.newSerials(updates)))
	begin := r.crowd.now()
	status, err := cl.post(whole)
	took = r.crowd.now().Sub(begin)
	if err := refused(status, err); err != nil {
		return 0, 0, err
	}
	after, err := r.redis.stored(ctx)
	return took, after.minus(before).events, err
}

// repeats delivers each message over all connections at once.
func (r *rig) repeats(ctx context.Context) error {
	stored, err := r.counted(ctx, "the same messages at once", func() (int, error) {
		err := r.atOnce(ctx, messages, func(fill *stencil) [][]byte {
			same := append([]byte(nil), fill.fill(r.crowd.newPersons(1), r.crowd.newSerials(1))...)
			requests := make([][]byte, deliveries)
			for i := range requests {
				requests[i] = same
			}
			return requests
		})
		return messages, err
	})
	r.add(Line{
		Row: RowOnce, What: r.what("%d messages x %d connections at once", messages, deliveries), Target: exactly(messages), Measured: float64(stored.events),
	})
	return err
}

// firstBursts lets strangers send several messages at once.
func (r *rig) firstBursts(ctx context.Context) error {
	stored, err := r.counted(ctx, "first messages at once", func() (int, error) {
		err := r.atOnce(ctx, strangers, func(fill *stencil) [][]byte {
			requests, person := make([][]byte, deliveries), r.crowd.newPersons(1)
			for i := range requests {
				requests[i] = append([]byte(nil), fill.fill(person, r.crowd.newSerials(1))...)
			}
			return requests
		})
		return strangers * deliveries, err
	})
	r.add(Line{
		Row: RowOnce, What: r.what("mailboxes of %d strangers x %d at once", strangers, deliveries), Target: exactly(strangers), Measured: float64(stored.mailboxes),
	})
	return err
}

// atOnce sends, so many times, one request over each connection at the same moment.
func (r *rig) atOnce(ctx context.Context, times int, prepare func(*stencil) [][]byte) error {
	clients, err := dialAll(ctx, r.ponte.addr, deliveries)
	if err != nil {
		return err
	}
	defer closeAll(clients)
	fill := newStencil(r.crowd.secret, r.crowd.now())
	for range times {
		requests, errs := prepare(fill), make([]error, deliveries)
		gate := make(chan struct{})
		var busy sync.WaitGroup
		for i, cl := range clients {
			busy.Go(func() {
				<-gate
				errs[i] = refused(cl.post(requests[i]))
			})
		}
		close(gate)
		busy.Wait()
		if err := first(errs); err != nil {
			return err
		}
	}
	return nil
}
