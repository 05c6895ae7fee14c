// Package effects carries out what was decided: it turns effects into calls of Zendesk and WhatsApp, each under the rule
// that makes it happen once in effect.
//
//	effect           what makes it happen once
//	user             create_or_update by our external id is idempotent
//	create           Idempotency-Key for two hours, afterwards a list by external id
//	comment, update, journal, then a marker in the audit's metadata; after an uncertain outcome look for it, repeat only
//	report, link     when it is absent, and then with safe_update; a ticket that a link makes is created like any
//	reopen           sets a status that it reads first, with safe_update
//	identify, find,  only read
//	desk, agent,
//	audit
//	number           the same conversation has the same number again
//	pull, lookup,    reads, and appends whose event ids are taken once
//	reconcile,
//	repair, sweep
//	send             journal, then wait for a status that carries the effect's id; an agent's words are repeated once and
//	                 marked, automatic notices are not, but for the one that turns a customer away
//	stream           an upload may be repeated: what nobody uses is forgotten by the peer
//	tell, forward    appends whose event ids are taken once
//	register, adopt, say the same when said twice
//	identity, erase,
//	summary
//	read             done once, whatever comes of it
package effects

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/macros"
	"github.com/ponte-desk/ponte/whatsapp"
	"github.com/ponte-desk/ponte/zendesk"
)

// Tickets remembers which thread a ticket belongs to.
type Tickets interface {
	// BindTicket may be repeated.
	BindTicket(ctx context.Context, ticketID int64, thread string) error
	// TicketThreads finds the threads of tickets; those unknown are left out.
	TicketThreads(ctx context.Context, tickets []int64) (map[int64]string, error)
}

// Parking holds statuses that came before their message was known.
type Parking interface {
	// Unpark hands out and forgets the statuses of a message, as Park was given them.
	Unpark(ctx context.Context, messageID string) ([][]byte, error)
}

// Pace hands out WhatsApp's rates over all instances.
type Pace interface {
	// Reserve tells when the message named id may go from the number to the recipient: not later than now means go.
	Reserve(ctx context.Context, id, number, recipient string, perSecond int) (time.Time, error)
	// Pause holds everything back that the number sends.
	Pause(ctx context.Context, number string, d time.Duration) error
}

// Contacts remembers which ids and which threads are whose. Everything may be repeated.
type Contacts interface {
	Register(ctx context.Context, contact, number string, p conversation.Person) error
	Numbers(ctx context.Context, contact string) ([]string, error)
	// Adopt lets the ids of one contact name another.
	Adopt(ctx context.Context, from, to string) error
	Forget(ctx context.Context, contact string) error
}

// Mailboxes is what effects read of threads beside their state.
type Mailboxes interface {
	// Transcript reads the entries of a session, oldest first.
	Transcript(ctx context.Context, key, session string) ([][]byte, error)
	DropTranscript(ctx context.Context, key, session string) error
	// HandOver lets one mailbox know the event ids that another has taken in, but for those in its inbox and those that waiting
	// finds in the state.
	HandOver(ctx context.Context, from, to, field string, waiting func(state []byte) []string) error
}

// Counter counts things by name.
type Counter interface {
	// Count is the place of a thing among those counted under a name, from 1; the same thing has the same place again.
	Count(ctx context.Context, name, thing string) (int, error)
}

// Config is what a Performer works with; all fields but Settle and Streams are required.
type Config struct {
	Zendesk *zendesk.Client
	// WhatsApp is who carries a number's messages.
	WhatsApp  func(number string, set settings.Number) whatsapp.Provider
	Budget    zendesk.Budget
	Pace      Pace
	Tickets   Tickets
	Parking   Parking
	Contacts  Contacts
	Mailboxes Mailboxes
	Views     Views
	// Rows keeps what reports are made of, Reports makes them.
	Rows    Rows
	Reports Reports
	// Macros are the account's.
	Macros *macros.Book
	// Counter counts the conversations of a day.
	Counter Counter
	// Deliver appends an event to another mailbox.
	Deliver func(ctx context.Context, key string, e conversation.Event) error
	// DeliverAll appends events to several mailboxes at once.
	DeliverAll func(ctx context.Context, list []conversation.Tell) error
	// Due lists the mailboxes of a view that are due at a time, at most limit of them after a cursor, "" at first; next is "" at the end.
	Due func(ctx context.Context, view string, upto time.Time, cursor string, limit int) (keys []string, next string, err error)
	// Account is what settings say of the Zendesk account.
	Account func() settings.Account
	// Repair mends mailboxes that break the invariant and counts them: there must be none.
	Repair func(ctx context.Context) (violations int, err error)
	Now    func() time.Time
	Logger *slog.Logger
	// Settle is how long a write to Zendesk with an uncertain outcome is left alone before it is looked for; it must be
	// longer than a call may take. Default 15 s.
	Settle time.Duration
	// Streams is how many files are carried at once; default 8.
	Streams int
}

const (
	defaultSettle  = 15 * time.Second
	defaultStreams = 8
	backoffFirst   = time.Second
	backoffMost    = 30 * time.Second
	backoffHelp    = time.Minute // where a person has to do something first
	backoffLook    = 2 * time.Second
)

// Performer carries effects out. It keeps no state of its own but for how many files are under way.
type Performer struct {
	Config
	streams   chan struct{} // one token each
	directory *directory
}

// New builds a Performer.
func New(c Config) *Performer {
	if c.Settle == 0 {
		c.Settle = defaultSettle
	}
	if c.Streams == 0 {
		c.Streams = defaultStreams
	}
	return &Performer{Config: c, streams: make(chan struct{}, c.Streams), directory: &directory{desk: c.Zendesk, now: c.Now}}
}

// job is one attempt with what it needs.
type job struct {
	conversation.Attempt
	Settings settings.Number
	// Mark journals that the effect is about to leave the house; its error forbids it.
	Mark func(ctx context.Context, repeat bool) (time.Time, error)
}

// Perform makes one attempt at an effect. mark writes the journal entry that must stand before an effect without an
// idempotent peer leaves the house; its error forbids the effect, and repeat says that the words go out a second time.
func (p *Performer) Perform(
	ctx context.Context, a conversation.Attempt, set settings.Number, mark func(ctx context.Context, repeat bool) (time.Time, error),
) conversation.Result {
	j := job{Attempt: a, Settings: set, Mark: mark}
	switch j.Pending.Effect.Kind {
	case conversation.EffectUser:
		return p.user(ctx, j)
	case conversation.EffectCreate:
		return p.create(ctx, j)
	case conversation.EffectComment, conversation.EffectUpdate:
		return p.comment(ctx, j)
	case conversation.EffectIdentify:
		return p.identify(ctx, j)
	case conversation.EffectFind:
		return p.find(ctx, j)
	case conversation.EffectNumber:
		return p.number(ctx, j)
	case conversation.EffectReopen:
		return p.reopen(ctx, j)
	case conversation.EffectPull:
		return p.pull(ctx, j)
	case conversation.EffectSend:
		return p.send(ctx, j)
	case conversation.EffectLookup:
		return p.lookup(ctx, j)
	case conversation.EffectReconcile:
		return p.reconcile(ctx, j)
	case conversation.EffectRepair:
		return p.repair(ctx, j)
	case conversation.EffectTell, conversation.EffectForward:
		return p.tell(ctx, j)
	case conversation.EffectStream:
		return p.stream(ctx, j)
	case conversation.EffectRead:
		return p.read(ctx, j)
	case conversation.EffectRegister:
		return p.register(ctx, j)
	case conversation.EffectAdopt:
		return p.adopt(ctx, j)
	case conversation.EffectIdentity:
		return p.identity(ctx, j)
	case conversation.EffectErase:
		return p.erase(ctx, j)
	case conversation.EffectAudit:
		return p.audit(ctx, j)
	case conversation.EffectSweep:
		return p.sweep(ctx, j)
	case conversation.EffectDesk:
		return p.desk(ctx, j)
	case conversation.EffectAgent:
		return p.agent(ctx, j)
	case conversation.EffectSummary:
		return p.summary(ctx, j)
	case conversation.EffectReport:
		return p.report(ctx, j)
	case conversation.EffectLink:
		return p.link(ctx, j)
	}
	return conversation.Result{Outcome: conversation.Failed, Reason: "unknown kind of effect"}
}

// later is the result of an attempt that certainly did nothing.
func (p *Performer) later(j job, reason string, wait time.Duration) conversation.Result {
	if wait == 0 {
		wait = backoff(j.Pending.Attempts)
	}
	return conversation.Result{Outcome: conversation.Later, NotBefore: p.Now().Add(wait), Reason: reason}
}

// backoff doubles from a second to half a minute, with a fifth of jitter.
func backoff(attempts int) time.Duration {
	d := backoffMost
	if attempts < 5 {
		d = min(backoffFirst<<attempts, backoffMost)
	}
	return d - time.Duration(rand.Int64N(int64(d)/5))
}

// reserved asks the account's budget for a time. ok is false when it is not now: r then says when.
func (p *Performer) reserved(ctx context.Context, j job, lane zendesk.Lane, c zendesk.Cost) (r conversation.Result, ok bool) {
	return p.reservedAs(ctx, j, "", lane, c)
}

// reservedAs is reserved for one of several calls of an effect, told apart by name.
func (p *Performer) reservedAs(ctx context.Context, j job, name string, lane zendesk.Lane, c zendesk.Cost) (r conversation.Result, ok bool) {
	at, err := p.Budget.Reserve(ctx, j.Key+"#"+j.Pending.Effect.ID+name, lane, c)
	if err != nil {
		return p.later(j, "budget", 0), false
	}
	if at.After(p.Now()) {
		return conversation.Result{Outcome: conversation.Later, NotBefore: at, Free: true, Reason: "rate budget"}, false
	}
	return conversation.Result{}, true
}

// waiting keeps an unsure effect unsure until a time.
func waiting(until time.Time, reason string) conversation.Result {
	return conversation.Result{Outcome: conversation.Unsure, NotBefore: until, Free: true, Reason: reason}
}
