package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	ui "github.com/ponte-desk/ponte/app"
	"github.com/ponte-desk/ponte/bridge/calendar"
	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/bridge/store"
)

// What is asked of the app, and how busy it is.
const (
	maxScreen   = 1000 // ms, from a customer's message to the agent's screen
	maxHandOver = 500  // ms, from an agent's reply to WhatsApp
	eachAgent   = 5    // conversations
	writeRate   = 10.0 // messages a second, of all customers
	replyRate   = 5.0  // replies a second, of all agents
	lookAgain   = 500 * time.Millisecond
	onDesk      = 8 * time.Minute  // the longest until all conversations are there and have tickets
	stragglers  = 15 * time.Second // waited for those still under way
)

// ErrNoApp says that the program was built without the app that agents have inside Zendesk.
var ErrNoApp = errors.New("bench: the app was not built, and row 10 is about it: run make build, or choose other rows by -only")

// hasApp tells whether this program brings the app.
func hasApp() bool {
	files := ui.Files()
	if files == nil {
		return false
	}
	f, err := files.Open("conversas.html")
	return err == nil && f.Close() == nil
}

// floor is a support floor: agents at their pages, customers with phones, Ponte and its peers.
type floor struct {
	*bench
	peers     *peers
	redis     *redisServer
	desk      *desk
	client    *http.Client // of the customers' side
	instances []server     // pages are on the first
	pages     []*page
	customers []*customer
	words     *flights // customers' messages, to screens
	replies   *flights // to WhatsApp
	patience  time.Duration
}

// live lets customers and agents write to each other, with one instance, then with two: agents on one, customers on the other.
func (b *bench) live(ctx context.Context) (err error) {
	var f freed
	defer func() { err = errors.Join(err, f.run(ctx)) }()
	fl, err := b.openFloor(ctx, &f)
	if err != nil {
		return err
	}
	if err := fl.sitDown(ctx); err != nil {
		return err
	}
	pages, leave := context.WithCancel(ctx)
	f.add(func(context.Context) error {
		leave()
		for _, p := range fl.pages {
			p.close()
		}
		fl.client.CloseIdleConnections()
		return nil
	})
	for _, p := range fl.pages {
		if err := p.open(pages); err != nil {
			return err
		}
	}
	if err := fl.half(ctx, "one instance"); err != nil {
		return err
	}
	if err := fl.start(ctx, &f); err != nil {
		return err
	}
	return fl.half(ctx, "two instances")
}

// openFloor starts everything that is a process or a peer.
func (b *bench) openFloor(ctx context.Context, f *freed) (fl *floor, err error) {
	fl = &floor{
		bench: b, words: newFlights("bm"), replies: newFlights("br"), patience: stragglers,
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
	}
	if fl.peers, err = startPeers(ctx, f, fl.replies, b.o.Now); err != nil {
		return nil, err
	}
	if fl.desk, err = newDesk(fl.peers.base, b.o.Now); err != nil {
		return nil, err
	}
	if fl.redis, err = startRedis(ctx, f, policies()[0].fsync); err != nil {
		return nil, err
	}
	if _, err := store.NewSettings(fl.redis.client, keyPrefix, b.o.Now).Save(ctx, floorSettings(), "bench", 0); err != nil {
		return nil, err
	}
	return fl, fl.start(ctx, f)
}

// floorSettings are the defaults, at any hour, for customers whose companies are not asked for.
func floorSettings() settings.Operation {
	o := settings.DefaultOperation()
	o.Default.Hours = calendar.Hours{}
	o.Default.Organizations.Check = false
	o.Account.AgentLimit = max(o.Account.AgentLimit, eachAgent)
	return o
}

// start starts one more instance, to which all webhooks go from then on.
func (fl *floor) start(ctx context.Context, f *freed) error {
	s, err := fl.peers.startAttending(ctx, f, fl.o, fl.redis.url)
	if err != nil {
		return err
	}
	fl.instances = append(fl.instances, s)
	fl.peers.tell(s.addr)
	return nil
}

// sitDown lets agents sign in and take conversations, and waits until all of these have tickets.
func (fl *floor) sitDown(ctx context.Context) error {
	agents, err := fl.desk.hire(ctx, fl.o.Agents)
	if err != nil {
		return err
	}
	for _, id := range agents {
		token, err := signIn(ctx, fl.client, fl.peers.base, fl.instances[0].addr, id)
		if err != nil {
			return err
		}
		p := newPage(fl.instances[0].addr, token, id, fl.words, fl.o.Now)
		err = p.call(ctx, http.MethodPut, fmt.Sprintf("/agents/%d/presence", id), map[string]string{
			"id": fmt.Sprintf("bench-here-%d", id), "presence": "online",
		}, nil)
		if err != nil {
			return err
		}
		fl.pages = append(fl.pages, p)
	}
	if fl.customers, err = fl.peers.customers(ctx, fl.client, fl.o.Agents*eachAgent); err != nil {
		return err
	}
	for _, c := range fl.customers {
		if _, err := fl.peers.box.WhatsApp().ReceiveFrom(c.ID, "Bom dia! Preciso de ajuda com um pedido."); err != nil {
			return fmt.Errorf("a first message: %w", err)
		}
	}
	if err := fl.until(ctx, "are on the list", func(c *customer, _ int64) bool { return c.session != "" }); err != nil {
		return err
	}
	for i, c := range fl.customers {
		c.owner = fl.pages[i%len(fl.pages)]
		c.owner.show(c.session)
		err := c.owner.call(ctx, http.MethodPost, conversationPath(c.session)+"/take", map[string]string{"id": fmt.Sprintf("bench-take-%d", i)}, nil)
		if err != nil {
			return err
		}
	}
	return fl.until(ctx, "have tickets", func(_ *customer, ticket int64) bool { return ticket != 0 })
}

// until looks at the list until all conversations are as they should be; ticket is 0 where there is none.
func (fl *floor) until(ctx context.Context, what string, ok func(c *customer, ticket int64) bool) error {
	ctx, cancel := context.WithTimeout(ctx, onDesk)
	defer cancel()
	for {
		var list struct {
			Rows []struct {
				Session string `json:"session"`
				Ticket  int64  `json:"ticket"`
				Contact struct {
					Name string `json:"name"`
				} `json:"contact"`
			} `json:"rows"`
		}
		if err := fl.pages[0].call(ctx, http.MethodGet, "/conversations?view=all&limit=2000", nil, &list); err != nil {
			return err
		}
		n := 0
		for _, row := range list.Rows {
			for _, c := range fl.customers {
				if !c.isOf(row.Contact.Name) {
					continue
				}
				c.session = row.Session
				if ok(c, row.Ticket) {
					n++
				}
			}
		}
		if n == len(fl.customers) {
			return nil
		}
		if err := pause(ctx, lookAgain); err != nil {
			return fmt.Errorf("%d of %d conversations %s: %w", n, len(fl.customers), what, err)
		}
	}
}

// tally is what has been used so far.
type tally struct {
	ponte, redis, own time.Duration // of the processors
	requests          int           // to Zendesk
	events            int64         // on streams
	cuts, failures    int64         // of streams, and of what pages read
}

func (fl *floor) tally(ctx context.Context) (t tally, err error) {
	for _, s := range fl.instances {
		used, err := cpu(s.pid())
		if err != nil {
			return t, err
		}
		t.ponte += used
	}
	if t.redis, err = cpu(fl.redis.pid()); err != nil {
		return t, err
	}
	if t.own, err = cpu(os.Getpid()); err != nil {
		return t, err
	}
	for _, p := range fl.pages {
		t.events += p.events.Load()
		t.cuts += p.cuts.Load()
		t.failures += p.failures.Load()
	}
	t.requests, err = fl.desk.count(ctx, anyMethod)
	return t, err
}

func (t tally) minus(b tally) tally {
	return tally{
		t.ponte - b.ponte, t.redis - b.redis, t.own - b.own, t.requests - b.requests, t.events - b.events, t.cuts - b.cuts, t.failures - b.failures,
	}
}

// half lets everybody write for a while, and adds its figures.
func (fl *floor) half(ctx context.Context, name string) error {
	before, err := fl.tally(ctx)
	if err != nil {
		return err
	}
	words, replies, began := fl.words.count(), fl.replies.count(), fl.o.Now()
	if err := fl.chatter(ctx); err != nil {
		return err
	}
	lasted := fl.o.Now().Sub(began)
	after, err := fl.tally(ctx)
	if err != nil {
		return err
	}
	fl.words.wait(ctx, fl.patience)
	fl.replies.wait(ctx, fl.patience)
	if err := ctx.Err(); err != nil {
		return err
	}
	now := fl.o.Now()
	fl.addHalf(name, fl.words.since(words, now), fl.replies.since(replies, now), after.minus(before), lasted)
	return nil
}

// missing notes what must never happen to words.
func (b *bench) missing(what string, j journey) {
	if j.wrong() > 0 {
		b.summary.Problems = append(b.summary.Problems, fmt.Sprintf("%s: %d never arrived, %d arrived more than once", what, j.lost, j.again))
	}
}

func (b *bench) liveLine(name, what string, target *Target, measured float64, unit, note string) {
	b.add(Line{Row: RowLive, What: what + ", " + name, Target: target, Measured: measured, Unit: unit, Note: note})
}

func (fl *floor) addHalf(name string, words, replies journey, used tally, lasted time.Duration) {
	fl.liveLine(name, "message on the agent's screen, p95", atMost(maxScreen), milliseconds(percentile(words.took, 0.95)), "ms", words.note())
	fl.liveLine(name, "reply handed to WhatsApp, p95", atMost(maxHandOver), milliseconds(percentile(replies.took, 0.95)), "ms", replies.note())
	fl.liveLine(name, "messages not on one screen once", exactly(0), float64(words.wrong()), "", "")
	fl.liveLine(name, "replies not in WhatsApp once", exactly(0), float64(replies.wrong()), "", "")
	fl.liveLine(name, "requests to Zendesk a conversation", nil, float64(used.requests)/float64(len(fl.customers)), "",
		fmt.Sprintf("in %s, of %d conversations with %d agents: %d messages, %d replies",
			quantity(lasted.Seconds(), "s"), len(fl.customers), len(fl.pages), len(words.took), len(replies.took)))
	share := func(d time.Duration) float64 { return float64(d) / float64(lasted) * 100 }
	fl.liveLine(name, "CPU of Ponte", nil, share(used.ponte), "%",
		fmt.Sprintf("of one core; Redis %s, peers and load %s; %s events a second on streams; %d streams cut, %d readings failed",
			quantity(share(used.redis), "%"), quantity(share(used.own), "%"), quantity(float64(used.events)/lasted.Seconds(), ""), used.cuts, used.failures))
	fl.missing(name+", messages", words)
	fl.missing(name+", replies", replies)
}
