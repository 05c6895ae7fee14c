package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// ID is something that names a contact.
type ID struct {
	Kind  string // KindBSUID, KindWA or KindPhone
	Value string
}

// rank orders kinds, the strongest first.
func rank(kind string) int {
	return slices.Index([]string{KindBSUID, KindWA, KindPhone, kindNumber}, kind)
}

// Register notes that the contact has a thread on a number of the company. It can be repeated.
func (a *Aliases) Register(ctx context.Context, contact, number string, p conversation.Person) error {
	pipe := a.client.Pipeline()
	a.enter(ctx, pipe, contact, append(aliasesOf(nil, &p), alias{kindNumber, number}))
	if _, err := pipe.Exec(ctx); err != nil {
		return fmt.Errorf("register a number: %w", err)
	}
	return nil
}

// Numbers lists the company's numbers that the contact has threads on, sorted.
func (a *Aliases) Numbers(ctx context.Context, contact string) ([]string, error) {
	entries, err := a.entries(ctx, contact)
	if err != nil {
		return nil, err
	}
	var numbers []string
	for _, e := range entries {
		if e.kind == kindNumber {
			numbers = append(numbers, e.value)
		}
	}
	return numbers, nil
}

// IDs lists what names the contact, the strongest first.
func (a *Aliases) IDs(ctx context.Context, contact string) ([]ID, error) {
	entries, err := a.entries(ctx, contact)
	if err != nil {
		return nil, err
	}
	return a.each(ctx, entries, func(pipe redis.Pipeliner, key string) func() (bool, error) {
		cmd := pipe.Get(ctx, key)
		return func() (bool, error) {
			named, err := valueOf(cmd, "")
			return named == contact, err
		}
	})
}

// Adopt lets everything that names from name to, whose registry takes the other one's in. What meanwhile names somebody else stays as it
// is, and to stays bound to its own business-scoped id if it has one. It can be repeated, also after a failure at any point; ids that came
// to name from during the call are moved by the next one.
func (a *Aliases) Adopt(ctx context.Context, from, to string) error {
	if from == "" || to == "" || from == to {
		return errors.New("join contacts: two are needed")
	}
	entries, err := a.entries(ctx, from)
	if err != nil {
		return err
	}
	owner, err := valueOf(a.client.Get(ctx, ownerKey(a.prefix, from)), "")
	if err != nil {
		return fmt.Errorf("join contacts: %w", err)
	}
	pipe := a.client.Pipeline()
	a.enter(ctx, pipe, to, entries)
	if owner != "" {
		setOnce(ctx, pipe, ownerKey(a.prefix, to), owner)
	}
	if err := exec(ctx, pipe, "join registries"); err != nil {
		return err
	}
	if _, err := a.each(ctx, entries, func(pipe redis.Pipeliner, key string) func() (bool, error) {
		cmd := pipe.Eval(ctx, casSource, []string{key}, from, to)
		return func() (bool, error) { return true, cmd.Err() }
	}); err != nil {
		return err
	}
	return a.strike(ctx, from, entries, owner)
}

// Forget removes what names the contact, what it is bound to and its registry, and tells the ids that named it: also when an earlier call
// failed half-way. Ids that meanwhile name somebody else stay and are not told. It can be repeated.
func (a *Aliases) Forget(ctx context.Context, contact string) ([]ID, error) {
	entries, err := a.entries(ctx, contact)
	if err != nil {
		return nil, err
	}
	owner, err := valueOf(a.client.Get(ctx, ownerKey(a.prefix, contact)), "")
	if err != nil {
		return nil, fmt.Errorf("forget a contact: %w", err)
	}
	ids, err := a.each(ctx, entries, func(pipe redis.Pipeliner, key string) func() (bool, error) {
		cmd := pipe.Eval(ctx, cadSource, []string{key}, contact)
		return cmd.Bool
	})
	if err != nil {
		return nil, err
	}
	return ids, a.strike(ctx, contact, entries, owner)
}

// entries reads a contact's registry, sorted.
func (a *Aliases) entries(ctx context.Context, contact string) ([]alias, error) {
	members, err := a.client.SMembers(ctx, registryKey(a.prefix, contact)).Result()
	if err != nil {
		return nil, fmt.Errorf("read a contact's registry: %w", err)
	}
	list := make([]alias, 0, len(members))
	for _, m := range members {
		kind, value, _ := strings.Cut(m, " ")
		list = append(list, alias{kind, value})
	}
	slices.SortFunc(list, func(x, y alias) int {
		return cmp.Or(cmp.Compare(rank(x.kind), rank(y.kind)), cmp.Compare(x.value, y.value))
	})
	return list, nil
}

// each does something about the ids of a registry in one pipeline and lists those for which its answer is true.
func (a *Aliases) each(ctx context.Context, entries []alias, do func(pipe redis.Pipeliner, key string) func() (bool, error)) ([]ID, error) {
	pipe := a.client.Pipeline()
	asked := make([]func() (bool, error), len(entries))
	for i, e := range entries {
		if e.kind != kindNumber {
			asked[i] = do(pipe, aliasKey(a.prefix, e))
		}
	}
	if err := exec(ctx, pipe, "look at a contact's ids"); err != nil {
		return nil, err
	}
	var ids []ID
	for i, e := range entries {
		if asked[i] == nil {
			continue
		}
		listed, err := asked[i]()
		if err != nil {
			return nil, fmt.Errorf("look at a contact's id: %w", err)
		}
		if listed {
			ids = append(ids, ID{e.kind, e.value})
		}
	}
	return ids, nil
}

// strike takes entries out of a contact's registry, last of all: until then the same call can be made again. The contact is let go of what
// it was bound to, unless it was bound anew, and this instance forgets what it remembers of the entries.
func (a *Aliases) strike(ctx context.Context, contact string, entries []alias, owner string) error {
	pipe := a.client.Pipeline()
	if len(entries) > 0 {
		members := make([]any, len(entries))
		for i, e := range entries {
			members[i] = e.member()
			a.cache.drop(e)
		}
		pipe.SRem(ctx, registryKey(a.prefix, contact), members...)
	}
	if owner != "" {
		pipe.Eval(ctx, cadSource, []string{ownerKey(a.prefix, contact)}, owner)
	}
	return exec(ctx, pipe, "strike a contact")
}
