package conversation

import (
	"maps"
	"slices"
	"strconv"
	"time"
)

// The desk is the mailbox that knows who is there: it hands conversations that wait to agents. Threads tell it when one begins to wait and
// when an agent has room again; it answers with an agent, or with whether anybody is there. It reads who waits, and who has how much,
// from the views that threads write with their commits, so that nothing it knows can drift.

// DeskKey is its mailbox.
const DeskKey = SystemPrefix + "desk"

// Presence is whether an agent takes conversations.
type Presence string

// The presences.
const (
	PresenceOnline  Presence = "online"
	PresenceAway    Presence = "away"
	PresenceOffline Presence = "offline"
)

// DeskWord is what a word between a thread and the desk says.
type DeskWord string

// The words.
const (
	// From threads.
	DeskQueued   DeskWord = "queued"   // it waits for people: Queue, Automatic
	DeskFreed    DeskWord = "freed"    // Agent has one less
	DeskAccepted DeskWord = "accepted" // it took Agent, whom the desk gave it
	DeskDeclined DeskWord = "declined" // it is not waiting any more
	DeskBack     DeskWord = "back"     // the customer of Agent, who let it wait, wrote again
	// From the desk.
	DeskGive      DeskWord = "give"      // Agent has it from now on
	DeskAvailable DeskWord = "available" // somebody has room for it
	DeskNobody    DeskWord = "nobody"    // nobody is online, or all are at their limit
	DeskAbsent    DeskWord = "absent"    // Agent is offline
)

// DeskNote is one word between a thread and the desk.
type DeskNote struct {
	Word      DeskWord  `json:"w"`
	Thread    string    `json:"t,omitempty"` // the thread's mailbox
	Session   string    `json:"s,omitempty"`
	Queue     string    `json:"q,omitempty"` // by name or id, as the thread names it
	Automatic bool      `json:"au,omitempty"`
	Agent     Agent     `json:"a,omitzero"`
	Gift      string    `json:"g,omitempty"` // names the gift, in give, accepted and declined
	At        time.Time `json:"at,omitzero"`
}

// DeskAgent is an agent as the desk knows one.
type DeskAgent struct {
	Agent
	Presence Presence  `json:"p"`
	Since    time.Time `json:"s,omitzero"`  // of that presence
	Limit    int       `json:"l,omitempty"` // 0 = the installation's
	Groups   []Group   `json:"g,omitempty"` // as Zendesk told
	Read     time.Time `json:"r,omitzero"`  // when it told
	Given    time.Time `json:"gv,omitzero"` // when the agent last got a conversation from the queue
	Waits    []string  `json:"w,omitempty"` // commands that are answered when Zendesk has told whether there is such an agent
}

// Group is a group of agents in Zendesk.
type Group struct {
	ID   int64  `json:"id"`
	Name string `json:"n"`
}

// Gift is a conversation on its way to an agent.
type Gift struct {
	ID     string    `json:"id"`
	Thread string    `json:"t"`
	Agent  int64     `json:"a"`
	At     time.Time `json:"at"`
	// Settled says that it is accepted or given up; it counts until a look is over that may have begun before that.
	Settled bool `json:"se,omitempty"`
}

// GiftLife is how old a gift may be to be accepted. The desk gives one up some time later, so that no gift is accepted which it does
// not count any more.
const GiftLife = 20 * time.Second

// DeskAsk is a conversation that wants to know whether anybody is there.
type DeskAsk struct {
	Thread  string    `json:"t"`
	Session string    `json:"s"`
	Queue   string    `json:"q"`
	At      time.Time `json:"at"`
}

// Desk is the desk's state.
type Desk struct {
	NextEffect int64               `json:"ne,omitempty"`
	Outbox     Outbox              `json:"o,omitzero"`
	Agents     map[int64]DeskAgent `json:"ag,omitempty"`
	// Queues are those that hand their conversations out by themselves and in which somebody waited when it was last looked.
	Queues []string  `json:"q,omitempty"`
	Gifts  []Gift    `json:"gi,omitempty"`
	Asks   []DeskAsk `json:"as,omitempty"`
	// Left are threads that declined, until when nothing is given to them.
	Left map[string]time.Time `json:"lf,omitempty"`
	// Known are the queues heard of so far.
	Known []string `json:"k,omitempty"`
	// Look says that something changed since the last look began.
	Look bool `json:"l,omitempty"`
	// Next is when it looks though nothing happens; zero = never.
	Next time.Time `json:"nx,omitzero"`
}

// Clone copies the desk so deeply that changes to the copy don't show in the original.
func (d Desk) Clone() Desk {
	d.Outbox = d.Outbox.clone()
	d.Agents = maps.Clone(d.Agents)
	for id, a := range d.Agents {
		a.Groups, a.Waits = slices.Clone(a.Groups), slices.Clone(a.Waits)
		d.Agents[id] = a
	}
	d.Queues, d.Gifts, d.Asks = slices.Clone(d.Queues), slices.Clone(d.Gifts), slices.Clone(d.Asks)
	d.Left, d.Known = maps.Clone(d.Left), slices.Clone(d.Known)
	return d
}

// Enqueue puts an effect into the outbox under a new id, which it returns.
func (d *Desk) Enqueue(e Effect, now time.Time) string {
	d.NextEffect++
	e.ID = strconv.FormatInt(d.NextEffect, 10)
	d.Outbox.Add(e, Coalescing{}, now)
	return e.ID
}

// DeskLook is what the desk wants to see: the longest waiting of queues, and how much agents have.
type DeskLook struct {
	Queues []string `json:"q,omitempty"`
	Agents []int64  `json:"a,omitempty"`
	Most   int      `json:"m,omitempty"` // of each queue
}

// DeskSeen is what it saw.
type DeskSeen struct {
	Queues map[string][]Waiting `json:"q,omitempty"` // the first come first
	Loads  map[int64]int        `json:"l,omitempty"` // how many conversations an agent attends
}

// Waiting is a conversation in a queue.
type Waiting struct {
	Thread string    `json:"t"`
	Since  time.Time `json:"s"`
	First  bool      `json:"f,omitempty"` // it goes before all that are not
}

// AgentSeen is what Zendesk tells of an agent.
type AgentSeen struct {
	ID     int64   `json:"id"`
	Name   string  `json:"n,omitempty"`
	Groups []Group `json:"g,omitempty"`
	Gone   bool    `json:"go,omitempty"` // no agent has that id
}

// Views of threads, by what they wait for or who has them.
const (
	ViewState   = "state:"   // + state of the newest conversation, scored by since when
	ViewQueue   = "queue:"   // + queue: those that wait, scored by WaitScore
	ViewActive  = "active:"  // + agent: those that the agent attends, scored by since when
	ViewPending = "pending:" // + agent: those that wait for the customer
	ViewSnoozed = "snoozed"  // scored by when they wake
	ViewAudit   = "audit"    // scored by when the auditor should look next
)

// first is taken off the score of what goes before others: no time in milliseconds is as far from another.
const first = 1e14

// WaitScore is the score in a queue's view: who waits longer, and who goes before others, has a lower one.
func WaitScore(since time.Time, goesFirst bool) float64 {
	score := float64(since.UnixMilli())
	if goesFirst {
		score -= first
	}
	return score
}

// ParseWaitScore reads what WaitScore made.
func ParseWaitScore(score float64) (since time.Time, goesFirst bool) {
	if score < 0 {
		return time.UnixMilli(int64(score + first)), true
	}
	return time.UnixMilli(int64(score)), false
}

// Attends is the agent who attends the thread's conversation; 0 = nobody.
func (t Thread) Attends() int64 {
	if c := t.Conversation; c != nil && c.State == StateActive && c.Clock.Snoozed.IsZero() {
		return c.Owner
	}
	return 0
}

// Queued is the queue in which the thread's conversation waits for people; ok is false when it does not.
func (t Thread) Queued() (queue string, ok bool) {
	c := t.Conversation
	if c == nil || c.State != StateQueued || c.Owner != 0 {
		return "", false
	}
	return c.Procedure.Queue, true
}
