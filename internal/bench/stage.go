package bench

import (
	"context"
	"encoding/base64"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/bridge"
	"github.com/ponte-desk/ponte/bridge/brazil"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/app"
)

// A stage is an installation of its own, beside the measured one on the same Redis, on which conversations are acted out: customers
// and agents by plays, decisions and commits by the engine itself, the peers by extras. What it leaves in Redis is what the engine
// writes; copies of that are what an installation is filled with.

// partitions is how many a measured installation has.
const partitions = 64

// stage plays conversations.
type stage struct {
	client  redis.UniversalClient
	prefix  string // of its keys
	boxes   *mailbox.Store
	engine  *bridge.Engine
	aliases *store.Aliases
	tickets *store.Tickets
	now     time.Time
	ids     int
	cast    []*actor
	acting  *actor
	failed  error // the first one of a play
}

// actor is the customer of one conversation, with what names it in Redis.
type actor struct {
	contact, phone, user, name string
	key                        string // mailbox
	ticket                     int64
	zendesk                    int64
	sent                       []string // messages to the customer whose statuses have not come yet
	ids                        []string // what else is its own: wamids, numbers of comments
}

// newStage opens the stage.
func newStage(ctx context.Context, client redis.UniversalClient, prefix string) (*stage, error) {
	s := &stage{client: client, prefix: prefix, now: present()}
	clock := func() time.Time { return s.now }
	boxes, err := mailbox.Open(ctx, mailbox.Config{
		Client: client, Prefix: prefix, Partitions: partitions, Lease: time.Hour, Schema: conversation.Schema, Now: clock, NewID: s.newID,
	})
	if err != nil {
		return nil, err
	}
	s.boxes = boxes
	s.aliases = store.NewAliases(client, prefix, func() string { return s.acting.contact }, 0, clock)
	s.tickets = store.NewTickets(client, prefix)
	s.engine = bridge.New(bridge.Deps{
		Mailboxes: boxes, Perform: extras{s}, Settings: stageSettings(), Now: clock, NewID: s.newID,
		Logger: slog.New(slog.DiscardHandler), Metrics: bridge.NewMetrics(prometheus.NewRegistry()), Go: func(f func()) { f() },
	}, bridge.Options{})
	return s, nil
}

// stageSettings is the demo's settings, with business hours.
func stageSettings() func(number string) settings.Number {
	o := app.DemoSettings()
	hours := settings.Default().Hours
	return func(n string) settings.Number {
		set := o.Of(n)
		set.Hours = hours
		return set
	}
}

// newID is as long as an id of the service.
func (s *stage) newID() string {
	s.ids++
	return fmt.Sprintf("01KSTAGED0%016d", s.ids)
}

// enter lets a new customer of a number in.
func (s *stage) enter(ctx context.Context, number string) {
	n := len(s.cast)
	a := &actor{
		contact: fmt.Sprintf("01KCNTACT0%016d", n), phone: fmt.Sprintf("5511961%06d", n), user: fmt.Sprintf("BR.1290055500%09d", n),
		name: fmt.Sprintf("Figurante Numero %03d", n), ticket: int64(48_000_000 + n), zendesk: int64(39_870_000_000_000 + n),
	}
	s.cast, s.acting = append(s.cast, a), a
	who, err := s.aliases.Resolve(ctx, []conversation.Person{{UserID: a.user, WaID: a.phone, Phone: brazil.CanonicalPhone(a.phone)}})
	s.fail(err)
	if err == nil && who[0].Contact != a.contact {
		s.fail(fmt.Errorf("bench: the stage knows %s already", a.contact)) //nolint:err113 // a line for people
	}
	a.key = conversation.Key(number, a.contact)
}

func (s *stage) fail(err error) {
	if s.failed == nil {
		s.failed = err
	}
}

// put hands an event to the acting customer's thread and lets the engine work until it has nothing to do.
func (s *stage) put(ctx context.Context, e conversation.Event) {
	e.At = s.now
	raw, err := e.Encode()
	s.fail(err)
	_, err = s.boxes.Append(ctx, mailbox.Delivery{Key: s.acting.key, Events: []mailbox.Event{{ID: e.ID, Data: raw}}})
	s.fail(err)
	s.work(ctx)
}

func (s *stage) work(ctx context.Context) {
	_, err := s.engine.Step(ctx)
	s.fail(err)
}

// beat is how far the clock goes at a time, so that what waits for it comes in order; no whole second, as clocks are.
const beat = 20*time.Second + 123_456_789*time.Nanosecond

// wait lets time pass, and the customer's phone tell what became of messages.
func (s *stage) wait(ctx context.Context, d time.Duration) {
	for end := s.now.Add(d); s.now.Before(end); {
		s.now = s.now.Add(max(min(end.Sub(s.now), beat), d/16))
		s.work(ctx)
		s.statuses(ctx)
	}
}

// statuses says that the customer has read what came.
func (s *stage) statuses(ctx context.Context) {
	sent := s.acting.sent
	s.acting.sent = nil
	for _, id := range sent {
		for _, state := range []conversation.DeliveryState{conversation.DeliverySent, conversation.DeliveryDelivered, conversation.DeliveryRead} {
			s.put(ctx, conversation.Event{Kind: conversation.EventStatus, Status: &conversation.Status{
				MessageID: id, State: state, At: s.now.Truncate(time.Second),
			}})
		}
	}
}

// own makes an id of the acting customer's.
func (a *actor) own(id string) string {
	a.ids = append(a.ids, id)
	return id
}

// wamid is a message's id.
func (s *stage) wamid() string {
	s.ids++
	return s.acting.own(wamid(s.acting.phone, fmt.Sprintf("3A%018X", s.ids)))
}

// wamid is a message's id as WhatsApp makes it of a phone and something in hexadecimal digits.
func wamid(phone, hex string) string {
	return "wamid." + base64.StdEncoding.EncodeToString([]byte("\x1c\x18\x0d"+phone+"\x15\x02\x00\x12\x18\x14"+hex+"\x00"))
}

// comment is the number of a comment.
func (s *stage) comment() int64 {
	s.ids++
	n := 40_210_000_000_000 + int64(s.ids)
	s.acting.own(strconv.FormatInt(n, 10))
	return n
}

// says lets the customer write.
func (s *stage) says(ctx context.Context, text string) {
	a, id := s.acting, s.wamid()
	s.put(ctx, conversation.Event{
		Kind: conversation.EventMessage, ID: id, Contact: &conversation.Contact{Name: a.name, WaID: a.phone, UserID: a.user},
		Message: &conversation.Message{ID: id, Type: "text", Text: text, Sent: s.now.Truncate(time.Second)},
	})
	s.wait(ctx, 2*beat)
}

// agent is whose turn it is.
func (s *stage) agent() conversation.Agent {
	if len(s.cast)%2 == 0 {
		return conversation.Agent{ID: 39871000000801, Name: "Beatriz Nogueira"}
	}
	return conversation.Agent{ID: 39871000000802, Name: "Rafael Tavares"}
}

// asks lets an agent ask for something.
func (s *stage) asks(ctx context.Context, c conversation.Command) {
	s.ids++
	c.ID = fmt.Sprintf("stage-%d", s.ids)
	c.Session = conversation.SessionID(numberOf(s.acting.key), s.acting.contact, 1)
	c.Agent = s.agent()
	s.put(ctx, conversation.Event{Kind: conversation.EventCommand, ID: "c:" + c.ID, Command: &c})
	s.wait(ctx, 2*beat)
}

func numberOf(key string) string {
	number, _, _ := conversation.ParseKey(key)
	return number
}

// replies lets the agent answer.
func (s *stage) replies(ctx context.Context, text string) {
	s.asks(ctx, conversation.Command{Kind: conversation.CommandReply, Text: text})
}
