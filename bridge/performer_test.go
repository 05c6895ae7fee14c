package bridge_test

import (
	"context"
	"sync"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// try is one attempt at an effect in the hands of a script.
type try struct {
	conversation.Attempt
	ctx  context.Context
	mark func(context.Context, bool) (time.Time, error)
}

// performer is a scripted Performer that remembers its attempts.
type performer struct {
	mu   sync.Mutex
	seen []conversation.Attempt
	play map[conversation.EffectKind]func(try) conversation.Result
}

// on scripts a kind of effect; the others go well.
func (p *performer) on(k conversation.EffectKind, f func(try) conversation.Result) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.play == nil {
		p.play = map[conversation.EffectKind]func(try) conversation.Result{}
	}
	p.play[k] = f
}

func (p *performer) Perform(
	ctx context.Context, a conversation.Attempt, _ settings.Number, mark func(context.Context, bool) (time.Time, error),
) conversation.Result {
	p.mu.Lock()
	f := p.play[a.Pending.Effect.Kind]
	if a.Pending.Effect.Kind != conversation.EffectRegister || f != nil { // each thread's first effect, seldom of interest
		p.seen = append(p.seen, a)
	}
	p.mu.Unlock()
	if f == nil {
		f = well
	}
	return f(try{a, ctx, mark})
}

// attempts returns what was tried so far.
func (p *performer) attempts() []conversation.Attempt {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]conversation.Attempt{}, p.seen...)
}

// kinds names the effects tried so far, in order.
func (p *performer) kinds() []conversation.EffectKind {
	kinds := []conversation.EffectKind{}
	for _, a := range p.attempts() {
		kinds = append(kinds, a.Pending.Effect.Kind)
	}
	return kinds
}

// well is an attempt that succeeds.
func well(t try) conversation.Result {
	done := conversation.Result{Outcome: conversation.Done}
	switch t.Pending.Effect.Kind {
	case conversation.EffectUser:
		done.User = 7
	case conversation.EffectCreate:
		done.Ticket = &conversation.TicketResult{ID: 11, Status: "new", Comments: []int64{101}}
	case conversation.EffectComment, conversation.EffectReopen, conversation.EffectUpdate:
		done.Ticket = &conversation.TicketResult{ID: 11, Status: "open", Comments: []int64{102}}
	case conversation.EffectPull:
		done.Pulled = &conversation.Pulled{Status: "open", Hint: *t.Pending.Effect.Hint}
	case conversation.EffectSend:
		done.Sent = &conversation.Sent{MessageID: "wamid.out." + t.Pending.Effect.ID}
	case conversation.EffectIdentify:
		done.Identity = &conversation.Identity{Ask: *t.Pending.Effect.Ask}
	case conversation.EffectFind:
		done.Position = &conversation.Position{Ticket: t.Pending.Effect.Hint.Ticket}
	case conversation.EffectNumber:
		done.Number = "260302-001"
	case conversation.EffectReconcile:
		done.Sweep = &conversation.Sweep{Cursor: "c1"}
	case conversation.EffectLookup, conversation.EffectRepair, conversation.EffectTell, conversation.EffectForward, conversation.EffectStream,
		conversation.EffectRead, conversation.EffectRegister, conversation.EffectAdopt, conversation.EffectIdentity, conversation.EffectErase,
		conversation.EffectAudit, conversation.EffectSummary, conversation.EffectDesk, conversation.EffectAgent, conversation.EffectSweep,
		conversation.EffectReport, conversation.EffectLink:
	}
	return done
}

// gate is an effect that hangs until it is let go or its context ends.
type gate struct {
	entered, left chan struct{} // closed when the first attempt hangs, and when it is over
	open          chan struct{}
	once          sync.Once
}

func newGate() *gate {
	return &gate{entered: make(chan struct{}), left: make(chan struct{}), open: make(chan struct{})}
}

// hang is a script: it marks, hangs, and goes well when it is let go. Later attempts go well at once.
func (g *gate) hang(t try) conversation.Result {
	first := false
	g.once.Do(func() { first = true })
	if !first {
		return well(t)
	}
	defer close(g.left)
	if _, err := t.mark(t.ctx, false); err != nil {
		return conversation.Result{Outcome: conversation.Later, Reason: err.Error()}
	}
	close(g.entered)
	select {
	case <-g.open:
		return well(t)
	case <-t.ctx.Done():
		return conversation.Result{Outcome: conversation.Done, Ticket: &conversation.TicketResult{ID: 666}, Sent: &conversation.Sent{MessageID: "too late"}}
	}
}
