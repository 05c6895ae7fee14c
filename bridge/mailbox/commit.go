package mailbox

import (
	"context"
	"fmt"
	"maps"
	"time"
)

// Commit is what one decision changes in its mailbox, in one step.
type Commit struct {
	Consume    int               // events of the inbox, from the oldest, that the decision has taken in
	Set        map[string][]byte // fields written; names must not start with "_"
	Del        []string          // fields removed
	Transcript []Entry           // appended to lists
	Index      []IndexChange     // places in views
	Find       FindChange        // the text by which it is found
	Dead       []DeadLetter      // what failed for good
	Deadline   time.Time         // the earliest deadline of the state; zero = none
	Wake       time.Time         // when work that waits in the state may go on; zero = nothing waits
	MovedTo    string            // the mailbox that takes over; appends answer with it once nothing is left in the inbox
	Answers    []Answer          // what those who wait for an event's outcome may read
	Ends       []TranscriptEnd   // how long transcripts are kept from now on
	Release    bool              // gives the lease back
	TTL        time.Duration     // with Release: the state is forgotten after this long without a commit; 0 = never
	Forget     bool              // with Release: the state is forgotten now, if nothing waits
}

// Entry is one line of a transcript.
type Entry struct {
	Name string // the list, e.g. a session id
	Data []byte
}

// Answer is the outcome of an event, for whoever waits for it.
type Answer struct {
	ID   string // chosen by who asked
	Data []byte
	TTL  time.Duration // how long it can be read
}

// TranscriptEnd says how long a transcript is kept.
type TranscriptEnd struct {
	Name   string
	TTL    time.Duration // from now; 0 = for good
	Remove bool          // now
}

// IndexChange puts the mailbox at a score of a view, or takes it out.
type IndexChange struct {
	Name   string
	Score  float64
	Remove bool
}

// Commit consumes events and writes everything else of c in one step, only while the lease is ours: else ErrFenceLost.
// After any other error the commit may have happened: drop the lease and let the next claim see.
func (s *Store) Commit(ctx context.Context, l *Lease, c Commit) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := l.partition
	args, err := s.commitArgs(l, c)
	if err != nil {
		return err
	}
	reply, err := s.run(ctx, s.scripts.commit, []string{
		s.keys.inbox(p, l.Key), s.keys.seen(p, l.Key), s.keys.due(p), s.keys.run(p), s.keys.timers(p), s.keys.halt(p),
		s.keys.fields(p, l.Key), s.keys.dead(p), s.keys.deadMsg(p), s.keys.changes(p), s.keys.counter(p),
	}, args...)
	if err != nil {
		return fmt.Errorf("mailbox: commit: %w", err)
	}
	if reply == int64(0) {
		return ErrFenceLost
	}
	l.inbox = l.inbox[c.Consume:]
	l.Version++
	maps.Copy(l.Fields, c.Set)
	for _, name := range c.Del {
		delete(l.Fields, name)
	}
	return nil
}

func (s *Store) commitArgs(l *Lease, c Commit) ([]any, error) {
	if c.Consume < 0 || c.Consume > len(l.inbox) {
		return nil, fmt.Errorf("mailbox: commit consumes %d of %d events read", c.Consume, len(l.inbox))
	}
	ttl := ""
	if c.TTL > 0 {
		ttl = fmt.Sprint(c.TTL.Milliseconds())
	}
	before, after := c.Find.members(l.Key)
	args := make([]any, 0, 23+2*(len(c.Set)+len(c.Transcript)+len(c.Index)+len(c.Dead)+len(c.Ends))+3*len(c.Answers)+len(c.Del))
	args = append(args, l.Key, l.token, s.cfg.NewID(), s.now(), c.Consume, flag(c.Release), millis(c.Wake), millis(c.Deadline),
		ttl, SeenFor.Milliseconds(), s.cfg.Schema, c.MovedTo, flag(c.Forget), s.keys.base(l.partition),
		len(c.Set), len(c.Del), len(c.Transcript), len(c.Index), len(c.Dead), len(c.Answers), len(c.Ends), before, after)
	for name, value := range c.Set {
		args = append(args, name, value)
	}
	for _, name := range c.Del {
		args = append(args, name)
	}
	for _, e := range c.Transcript {
		args = append(args, e.Name, e.Data)
	}
	for _, x := range c.Index {
		score := any(x.Score)
		if x.Remove {
			score = ""
		}
		args = append(args, x.Name, score)
	}
	for _, d := range c.Dead {
		payload, err := d.encode(l.Key, s.cfg.Now())
		if err != nil {
			return nil, err
		}
		args = append(args, d.ID, payload)
	}
	for _, a := range c.Answers {
		args = append(args, a.ID, a.Data, max(a.TTL.Milliseconds(), 1))
	}
	for _, e := range c.Ends {
		args = append(args, e.Name, e.milliseconds())
	}
	return args, nil
}

// members are what leaves the texts and what comes to them; "" = nothing.
func (f FindChange) members(key string) (before, after string) {
	if f.Before != "" {
		before = foundMember(f.Before, key)
	}
	if f.After != "" {
		after = foundMember(f.After, key)
	}
	return before, after
}

// milliseconds is how the script takes the time to live.
func (e TranscriptEnd) milliseconds() int64 {
	switch {
	case e.Remove:
		return -1
	case e.TTL == 0:
		return 0
	}
	return max(e.TTL.Milliseconds(), 1)
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}
