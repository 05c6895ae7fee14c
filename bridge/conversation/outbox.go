package conversation

import (
	"slices"
	"time"
)

// Outbox holds the effects of a mailbox that are not done: two ordered lanes and one unordered.
type Outbox struct {
	Ticket     []Pending `json:"t,omitempty"`
	Phone      []Pending `json:"p,omitempty"`
	Background []Pending `json:"b,omitempty"`
}

// Pending is one effect on its way.
type Pending struct {
	Effect    Effect    `json:"e"`
	NotBefore time.Time `json:"nb,omitzero"`
	Attempts  int       `json:"n,omitempty"`
	Frozen    bool      `json:"f,omitempty"` // it is about to be sent, or may have been: its payload does not change
	Unsure    bool      `json:"u,omitempty"` // it may have happened: look before anything is repeated
	SentAt    time.Time `json:"sa,omitzero"` // with Unsure: when it was sent
	Repeated  bool      `json:"r,omitempty"` // sent a second time after an uncertain outcome
	Tried     bool      `json:"t,omitempty"` // NotBefore was given by an attempt: by a limit, or a refusal
	Held      Hold      `json:"h,omitempty"` // what it waits for besides time
	Since     time.Time `json:"si,omitzero"` // when it was put here
	Running   bool      `json:"-"`           // a worker is at it
}

// Hold is what a message waits for besides time. One that is held lets others overtake it.
type Hold string

// The holds.
const (
	HoldNone   Hold = ""
	HoldWindow Hold = "window" // the customer must write first
	HoldFile   Hold = "file"   // its file is on its way to WhatsApp
	HoldBot    Hold = "bot"    // the ticket is made when people take over, or when it is known whose it is
)

// Attempt is one attempt at an effect: the effect with what is known of earlier attempts, and a copy of the thread (zero in
// mailboxes that are none).
type Attempt struct {
	Key     string // the mailbox
	Thread  Thread
	Pending Pending
}

// Coalescing says how long a comment may wait for more of the same author.
type Coalescing struct {
	Quiet   time.Duration // after the last message
	Longest time.Duration // after the first one
	Settle  time.Duration // changes without words wait so long for others
}

// lane is where effects of a kind wait.
func (o *Outbox) lane(k EffectKind) *[]Pending {
	switch k.Lane() {
	case LaneTicket:
		return &o.Ticket
	case LanePhone:
		return &o.Phone
	case LaneBackground:
		return &o.Background
	}
	return &o.Background
}

// Add puts an effect into its lane. A comment joins the last waiting one of the same author and visibility; a pull joins
// one that waits. New comments wait for more of their kind, and a run of them that can't get through becomes one.
func (o *Outbox) Add(e Effect, c Coalescing, now time.Time) {
	lane := o.lane(e.Kind)
	if e.Kind == EffectPull && joinPull(*lane, e) {
		return
	}
	if e.Kind == EffectComment && joinComment(*lane, e, c) || e.Kind == EffectUpdate && joinUpdate(*lane, e) {
		return
	}
	p := Pending{Effect: e, Since: now}
	switch e.Kind { //nolint:exhaustive // nothing else waits for company
	case EffectComment:
		p.NotBefore = c.due(*e.Comment)
	case EffectUpdate:
		p.NotBefore = now.Add(c.Settle)
	}
	*lane = append(*lane, p)
	if e.Kind == EffectComment {
		o.Ticket = crowd(o.Ticket, now.Add(-c.Longest))
	}
}

func joinPull(lane []Pending, e Effect) bool {
	for i := range lane {
		if lane[i].Effect.Kind != EffectPull || lane[i].Running || lane[i].Effect.Hint.Ticket != e.Hint.Ticket {
			continue
		}
		h := *lane[i].Effect.Hint
		h.Sweep, h.Bind = h.Sweep && e.Hint.Sweep, h.Bind || e.Hint.Bind
		if e.Hint.UpdatedAt.After(h.UpdatedAt) {
			h.UpdatedAt = e.Hint.UpdatedAt
		}
		if e.Hint.Status != "" {
			h.Status, h.Facts = e.Hint.Status, e.Hint.Facts
		}
		lane[i].Effect.Hint = &h
		return true
	}
	return false
}

// lastWrite is the last effect of the ticket lane that may still grow, nil when there is none.
func lastWrite(lane []Pending) *Pending {
	for i := len(lane) - 1; i >= 0; i-- {
		switch kind := lane[i].Effect.Kind; {
		case kind.Reads():
		case lane[i].verdict(): // what people or the procedure want does not depend on what becomes of it
			return nil
		case lane[i].Frozen || kind != EffectCreate && kind != EffectComment && kind != EffectUpdate:
			return nil
		default:
			return &lane[i]
		}
	}
	return nil
}

// joinUpdate lets a change ride along with the last write. A macro may need the ticket to be there already.
func joinUpdate(lane []Pending, e Effect) bool {
	last := lastWrite(lane)
	if last == nil || e.Change.Verdict || last.Effect.Kind == EffectCreate && len(e.Change.Roles) > 0 || !goesWith(last.Effect.Comment, *e.Change) {
		return false
	}
	last.change(*e.Change)
	return true
}

// goesWith tells whether a change may ride along with words: what solves or moves a ticket is Ponte's own act, and stands with
// nobody else's words.
func goesWith(words *Comment, c Change) bool {
	return words == nil || words.Author == AuthorPonte || len(c.Roles) == 0 && c.Status != "solved"
}

// verdict tells whether a write is the auditor's.
func (p Pending) verdict() bool { return p.Effect.Change != nil && p.Effect.Change.Verdict }

// change adds to what a write changes.
func (p *Pending) change(c Change) {
	if p.Effect.Change != nil {
		c = p.Effect.Change.With(c)
	}
	p.Effect.Change = &c
}

// joinComment adds words to the last write: to a comment of the same author and visibility, or to a change without words.
func joinComment(lane []Pending, e Effect, c Coalescing) bool {
	last := lastWrite(lane)
	if last == nil || e.Change != nil && e.Change.Verdict || last.Effect.Kind == EffectCreate && e.Change != nil && len(e.Change.Roles) > 0 {
		return false
	}
	if last.Effect.Comment == nil && !goesWith(e.Comment, *last.Effect.Change) {
		return false
	}
	if last.Effect.Comment == nil {
		last.Effect.Kind, last.Effect.Comment = EffectComment, e.Comment
		if e.Change != nil {
			last.change(*e.Change)
		}
		if !last.Tried {
			last.NotBefore = c.due(*e.Comment)
		}
		return true
	}
	have := *last.Effect.Comment
	if have.Transcript != "" || e.Comment.Transcript != "" || have.Public != e.Comment.Public || !have.fits(e.Comment.Lines) {
		return false
	}
	if e.Change != nil && !goesWith(&have, *e.Change) || last.Effect.Change != nil && !goesWith(e.Comment, *last.Effect.Change) {
		return false
	}
	lines := e.Comment.Lines
	if have.mixed() {
		lines = labelled(*e.Comment)
	} else if have.Author != e.Comment.Author || have.Agent != e.Comment.Agent {
		return false
	}
	have.Lines = append(slices.Clone(have.Lines), lines...)
	have.Last = e.Comment.Last
	have.Assign = have.Assign || e.Comment.Assign
	last.Effect.Comment = &have
	if e.Change != nil {
		last.change(*e.Change)
	}
	if last.Effect.Kind == EffectComment && !last.Tried {
		last.NotBefore = c.due(have)
	}
	return true
}

// due is when a growing comment should wait no longer.
func (c Coalescing) due(m Comment) time.Time {
	quiet, longest := m.Last.Add(c.Quiet), m.First.Add(c.Longest)
	if longest.Before(quiet) {
		return longest
	}
	return quiet
}

// Ready lists the effects that may be carried out now: the heads of the two ordered lanes and everything in background.
// A pull goes before writes that have not been sent, so that no growing or refused comment delays an agent's reply; while a
// write is unsettled nothing else of its lane goes.
func (o *Outbox) Ready(now time.Time) []Pending {
	var ready []Pending
	for _, p := range nextOnTicket(o.Ticket) {
		if p.free(now) {
			ready = append(ready, p)
			break
		}
	}
	if next := nextOnPhone(o.Phone); next != nil && next.free(now) {
		ready = append(ready, *next)
	}
	for _, p := range o.Background {
		if p.free(now) {
			ready = append(ready, p)
		}
	}
	return ready
}

func (p Pending) free(now time.Time) bool { return !p.Running && !p.NotBefore.After(now) }

// unsettled tells whether the effect may have changed the world. What only reads is simply done again.
func (p Pending) unsettled() bool { return p.Unsure && !p.Effect.Kind.Reads() }

// nextOnTicket lists what may go next in the ticket lane, whichever's time comes, the preferred ones first: an unsettled
// write alone, else what only reads and the first write, unless that is held.
func nextOnTicket(lane []Pending) []Pending {
	if slices.ContainsFunc(lane, func(p Pending) bool { return p.Running }) {
		return nil
	}
	if i := slices.IndexFunc(lane, Pending.unsettled); i >= 0 {
		return lane[i : i+1]
	}
	var reads, writes []Pending
	for _, p := range lane {
		if p.Effect.Kind.Reads() {
			reads = append(reads, p)
		} else {
			writes = append(writes, p)
		}
	}
	if len(writes) > 0 && writes[0].Held == HoldNone {
		return append(reads, writes[0])
	}
	return reads
}

// nextOnPhone is what goes next to the customer: the first that nothing but time holds, one at a time. Whatever belongs to a
// comment goes in its order, so a file waits for an earlier one of the same comment; anything else overtakes a file that
// is still on its way.
func nextOnPhone(lane []Pending) *Pending {
	var held []int64 // comments whose files are on their way
	for i := range lane {
		p := &lane[i]
		switch {
		case p.Running:
			return nil
		case p.Held != HoldNone:
			held = append(held, p.Effect.Send.Comment)
		case p.Effect.Send == nil || p.Effect.Send.File == nil || p.Effect.Send.Comment == 0 || !slices.Contains(held, p.Effect.Send.Comment):
			return p
		}
	}
	return nil
}

// NextWake is when the outbox has something to do that is not under way; zero when it has nothing. Ready lists something
// exactly from that time on.
func (o *Outbox) NextWake() time.Time {
	var wake time.Time
	var phone []Pending
	if next := nextOnPhone(o.Phone); next != nil {
		phone = []Pending{*next}
	}
	for _, p := range slices.Concat(nextOnTicket(o.Ticket), phone, o.Background) {
		at := p.NotBefore
		if at.IsZero() {
			at = time.Unix(0, 0)
		}
		if !p.Running && (wake.IsZero() || at.Before(wake)) {
			wake = at
		}
	}
	return wake
}

// Find returns the pending effect of that id for changes, nil when there is none.
func (o *Outbox) Find(id string) *Pending {
	for _, lane := range []*[]Pending{&o.Ticket, &o.Phone, &o.Background} {
		for i := range *lane {
			if (*lane)[i].Effect.ID == id {
				return &(*lane)[i]
			}
		}
	}
	return nil
}

// Take removes an effect and returns it; ok is false when it is not there.
func (o *Outbox) Take(id string) (p Pending, ok bool) {
	for _, lane := range []*[]Pending{&o.Ticket, &o.Phone, &o.Background} {
		for i := range *lane {
			if (*lane)[i].Effect.ID == id {
				p = (*lane)[i]
				*lane = slices.Delete(*lane, i, i+1)
				return p, true
			}
		}
	}
	return Pending{}, false
}

// Settle takes a result in: done and failed effects leave their lane, others wait. It returns the effect as it was; ok is
// false when the effect is not pending any more, and the result then tells nothing new.
func (o *Outbox) Settle(r Result) (p Pending, ok bool) {
	if r.Outcome == Done || r.Outcome == Failed {
		return o.Take(r.Effect)
	}
	have := o.Find(r.Effect)
	if have == nil {
		return Pending{}, false
	}
	have.Running = false
	have.NotBefore = r.NotBefore
	have.Repeated = have.Repeated || r.Repeated
	if !r.Free {
		have.Attempts++
	}
	have.Unsure = r.Outcome == Unsure
	// It has certainly not happened, so the words may grow until the next attempt. A creation's key goes with its words.
	if r.Outcome == Later && have.SentAt.IsZero() && (r.Free || have.Effect.Kind != EffectCreate) {
		have.Frozen, have.Tried = false, true
	}
	if !r.SentAt.IsZero() {
		have.SentAt = r.SentAt
	}
	return *have, true
}

// Has tells whether an effect of the kind is pending.
func (o *Outbox) Has(k EffectKind) bool {
	return slices.ContainsFunc(*o.lane(k), func(p Pending) bool { return p.Effect.Kind == k })
}

// Empty tells whether nothing is pending.
func (o *Outbox) Empty() bool { return len(o.Ticket)+len(o.Phone)+len(o.Background) == 0 }

func (o Outbox) clone() Outbox {
	return Outbox{Ticket: cloneLane(o.Ticket), Phone: cloneLane(o.Phone), Background: cloneLane(o.Background)}
}

func cloneLane(lane []Pending) []Pending {
	lane = slices.Clone(lane)
	for i := range lane {
		lane[i].Effect = lane[i].Effect.clone()
	}
	return lane
}
