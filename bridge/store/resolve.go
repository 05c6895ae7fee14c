package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/redis/go-redis/v9"
)

// lookUp asks the store for all ids of the people, in one round trip.
func (a *Aliases) lookUp(ctx context.Context, people []*sight) (map[alias]string, error) {
	asked := make(map[alias]*redis.StringCmd)
	pipe := a.client.Pipeline()
	for _, s := range people {
		for _, n := range s.names() {
			if asked[n] == nil {
				asked[n] = pipe.Get(ctx, aliasKey(a.prefix, n))
			}
		}
	}
	known := make(map[alias]string, len(asked))
	if len(asked) == 0 {
		return known, nil
	}
	if _, err := pipe.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
		return nil, fmt.Errorf("look aliases up: %w", err)
	}
	for n, cmd := range asked {
		contact, err := valueOf(cmd, "")
		if err != nil {
			return nil, fmt.Errorf("look an alias up: %w", err)
		}
		if contact != "" {
			known[n] = contact
		}
	}
	return known, nil
}

// reply is a command's answer that is a text or nothing.
type reply interface{ Result() (string, error) }

// valueOf reads an answer; none stands for nothing.
func valueOf(cmd reply, none string) (string, error) {
	value, err := cmd.Result()
	if errors.Is(err, redis.Nil) {
		return none, nil
	}
	return value, err
}

// question asks for what a contact is bound to.
type question struct {
	s       *sight
	contact string
	cmd     reply
	none    string // what no answer stands for
}

// ask keeps the question from being asked twice of one person.
func (q *questions) ask(s *sight, contact string, cmd func() reply, none string) {
	if _, asked := s.owners[contact]; asked || contact == "" {
		return
	}
	if s.owners == nil {
		s.owners = make(map[string]string)
	}
	s.owners[contact] = ""
	q.list = append(q.list, question{s, contact, cmd(), none})
}

type questions struct{ list []question }

// weigh decides which of the contacts that the people's ids name are theirs.
//
// A contact that only a number names is bound to the person's business-scoped id if it is bound to none: the store decides which of two
// persons with the same number gets it, and from then on nobody else's history can come to it. What names it is entered in its registry
// once more, lest joining it later overlooks that.
func (a *Aliases) weigh(ctx context.Context, people []*sight, known map[alias]string) error {
	pipe := a.client.Pipeline()
	var q questions
	get := func(s *sight, contact string) {
		q.ask(s, contact, func() reply { return pipe.Get(ctx, ownerKey(a.prefix, contact)) }, "")
	}
	for _, s := range people {
		s.survey(known)
		for _, contact := range s.rivals {
			first := s.ids[0].value
			q.ask(s, contact, func() reply { return setOnce(ctx, pipe, ownerKey(a.prefix, contact), first) }, first)
			for _, n := range s.ids {
				if known[n] == contact {
					pipe.SAdd(ctx, registryKey(a.prefix, contact), n.member())
				}
			}
		}
		for _, list := range s.before {
			for _, n := range list {
				get(s, known[n])
			}
		}
	}
	if err := exec(ctx, pipe, "weigh contacts"); err != nil {
		return err
	}
	for _, asked := range q.list {
		owner, err := valueOf(asked.cmd, asked.none)
		if err != nil {
			return fmt.Errorf("weigh a contact: %w", err)
		}
		asked.s.owners[asked.contact] = owner
	}
	for _, s := range people {
		s.choose(known)
	}
	return nil
}

// bind makes a new contact for whoever has none, binds contacts to the business-scoped ids they go by, and enters in their registries what
// is to name them.
//
// All that is done before anybody can find the contact by those ids: else a crash in between would let the next owner of the number take
// it over, or an erasure leave an id behind.
func (a *Aliases) bind(ctx context.Context, people []*sight, known map[alias]string) error {
	pipe := a.client.Pipeline()
	for _, s := range people {
		if s.contact == "" {
			s.contact, s.fresh = a.newID(), true
			if !s.byNumber() {
				pipe.Set(ctx, ownerKey(a.prefix, s.contact), s.ids[0].value, 0)
			}
		} else if from, to, ok := s.rebind(known); ok {
			pipe.Eval(ctx, casSource, []string{ownerKey(a.prefix, s.contact)}, from, to)
		}
		a.enter(ctx, pipe, s.contact, s.gains(known))
	}
	return exec(ctx, pipe, "bind contacts")
}

// enter adds ids to a contact's registry.
func (a *Aliases) enter(ctx context.Context, pipe redis.Pipeliner, contact string, ids []alias) {
	if len(ids) == 0 {
		return
	}
	members := make([]any, len(ids))
	for i, n := range ids {
		members[i] = n.member()
	}
	pipe.SAdd(ctx, registryKey(a.prefix, contact), members...)
}

// take lets the strongest ids that name nobody yet name their person's contact, unless somebody was faster: then that one's counts.
func (a *Aliases) take(ctx context.Context, people []*sight, known map[alias]string) error {
	pipe := a.client.Pipeline()
	var claims []question
	for _, s := range people {
		if first := s.ids[0]; known[first] == "" {
			claims = append(claims, question{s: s, cmd: setOnce(ctx, pipe, aliasKey(a.prefix, first), s.contact), none: s.contact})
		}
	}
	if err := exec(ctx, pipe, "claim aliases"); err != nil {
		return err
	}
	pipe = a.client.Pipeline()
	for _, claim := range claims {
		winner, err := valueOf(claim.cmd, claim.none)
		if err != nil {
			return fmt.Errorf("claim an alias: %w", err)
		}
		s := claim.s
		if winner != s.contact {
			if s.fresh {
				pipe.Del(ctx, ownerKey(a.prefix, s.contact))
				pipe.Del(ctx, registryKey(a.prefix, s.contact))
			}
			s.contact = winner
			a.enter(ctx, pipe, winner, s.gains(known))
		}
		known[s.ids[0]] = winner
	}
	return exec(ctx, pipe, "adopt winners")
}

// link lets the ids nobody has used yet name their person's contact, and the numbers that were given to the person. The phone comes first:
// it stands for all forms of the number.
func (a *Aliases) link(ctx context.Context, people []*sight, known map[alias]string) error {
	pipe := a.client.Pipeline()
	type change struct {
		s    *sight
		n    alias
		cmd  reply
		lost string // whose it was
	}
	var changes []change
	for _, s := range people {
		for _, n := range slices.Backward(s.gains(known)) {
			key, had := aliasKey(a.prefix, n), known[n]
			if had == "" {
				changes = append(changes, change{s, n, setOnce(ctx, pipe, key, s.contact), ""})
				continue
			}
			changes = append(changes, change{s, n, text{pipe.Eval(ctx, casSource, []string{key}, had, s.contact)}, had})
		}
	}
	if err := exec(ctx, pipe, "link aliases"); err != nil {
		return err
	}
	for _, c := range changes {
		holder, err := valueOf(c.cmd, c.s.contact)
		if err != nil {
			return fmt.Errorf("link an alias: %w", err)
		}
		known[c.n] = holder
		if holder == c.s.contact && c.s.lost == "" {
			c.s.lost = c.lost
		}
	}
	return nil
}

// text reads a script's answer as text.
type text struct{ *redis.Cmd }

// Result implements reply.
func (t text) Result() (string, error) { return t.Text() }

// setOnce writes a key that does not exist; the answer is what was there before, nothing when value was written. A repeat after a lost
// reply finds its own value.
func setOnce(ctx context.Context, pipe redis.Pipeliner, key, value string) reply {
	return pipe.SetArgs(ctx, key, value, redis.SetArgs{Mode: "NX", Get: true})
}

// exec sends a pipeline that has something to send. Its commands are read by the caller.
func exec(ctx context.Context, pipe redis.Pipeliner, what string) error {
	if pipe.Len() == 0 {
		return nil
	}
	if _, err := pipe.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// peek tells the contacts of the people as far as they are known.
func (a *Aliases) peek(ctx context.Context, people []*sight) ([]string, error) {
	known, err := a.lookUp(ctx, people)
	if err != nil {
		return nil, err
	}
	pipe := a.client.Pipeline()
	var q questions
	for _, s := range people {
		if len(s.ids) == 0 {
			continue
		}
		s.survey(known)
		if s.base != "" {
			continue
		}
		for _, contact := range s.rivals {
			q.ask(s, contact, func() reply { return pipe.Get(ctx, ownerKey(a.prefix, contact)) }, "")
		}
	}
	if err := exec(ctx, pipe, "weigh contacts"); err != nil {
		return nil, err
	}
	for _, asked := range q.list {
		if asked.s.owners[asked.contact], err = valueOf(asked.cmd, ""); err != nil {
			return nil, fmt.Errorf("weigh a contact: %w", err)
		}
	}
	contacts := make([]string, len(people))
	for i, s := range people {
		s.choose(known)
		contacts[i] = s.contact
	}
	return contacts, nil
}
