package bench

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"time"

	"github.com/ponte-desk/ponte/internal/app"
)

// How much the workers get to do. The simulated account takes 400 requests a minute and one user write a second.
const (
	customers   = 12
	wordsOfEach = 4
	onTickets   = 3 * time.Minute // the longest that is waited for
	lookEvery   = 2 * time.Second // a look costs a request a customer, of those that the account takes
)

// demoAt is the line in which the demo tells its address.
var demoAt = regexp.MustCompile(`Ponte demo: http://([^/]+)/`)

// workers lets customers write to a demo, and waits until all they wrote is on tickets.
func (b *bench) workers(ctx context.Context) (err error) {
	var f freed
	defer func() { err = errors.Join(err, f.run(ctx)) }()
	dir, err := f.folder()
	if err != nil {
		return err
	}
	p, err := start(ctx, command{name: "ponte demo", path: b.o.Executable, args: []string{"demo"}, env: []string{
		"PONTE_HTTP_ADDR=127.0.0.1:0", "PONTE_DATA_DIR=" + filepath.Join(dir, "demo"),
	}})
	if err != nil {
		return err
	}
	f.add(p.stop)
	addr, err := p.address(ctx, demoAt)
	if err != nil {
		return err
	}
	d, err := newDesk("http://"+addr, b.o.Now)
	if err != nil {
		return err
	}
	crowd := &crowd{secret: app.DemoAppSecret, now: b.o.Now}
	begin := b.o.Now()
	if err := crowd.chat(ctx, addr); err != nil {
		return err
	}
	accepted := b.o.Now().Sub(begin)
	found, requests, err := d.wait(ctx, customers*wordsOfEach)
	if err != nil {
		return err
	}
	const all = customers * wordsOfEach
	b.add(Line{
		Row: RowWorkers, What: fmt.Sprintf("workers on: %d customers x %d messages, on tickets", customers, wordsOfEach),
		Target: exactly(all), Measured: float64(len(found.messages)),
		Note: fmt.Sprintf("accepted at %s/s; all on %d tickets %s after the first, in %d comments; %d requests to Zendesk, %s a message, %s a customer",
			quantity(perSecond(all, accepted), ""), len(found.tickets), quantity(b.o.Now().Sub(begin).Seconds(), "s"), found.comments,
			requests, quantity(float64(requests)/all, ""), quantity(float64(requests)/customers, "")),
	})
	if len(found.messages) != all || found.twice > 0 || len(found.tickets) != customers {
		b.summary.Problems = append(b.summary.Problems, fmt.Sprintf("workers: %d of %d messages on tickets, %d twice; %d tickets for %d customers",
			len(found.messages), all, found.twice, len(found.tickets), customers))
	}
	return nil
}

// chat lets every customer write, one webhook a message.
func (c *crowd) chat(ctx context.Context, addr string) error {
	cl, err := dial(ctx, addr)
	if err != nil {
		return err
	}
	defer cl.close()
	first, t := c.newPersons(customers), newStencil(c.secret, c.now())
	for range wordsOfEach {
		for p := first; p < first+customers; p++ {
			if err := refused(cl.post(t.fill(p, c.newSerials(1)))); err != nil {
				return err
			}
		}
	}
	return nil
}
