package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// aliasesOf lists what names the person, the strongest first.
func aliasesOf(p conversation.Person) []alias {
	all := [...]alias{{kindBSUID, p.UserID}, {kindBSUID, p.ParentUserID}, {kindWA, p.WaID}, {kindPhone, p.Phone}}
	named := make([]alias, 0, len(all))
	for _, a := range all {
		if a.value != "" {
			named = append(named, a)
		}
	}
	return named
}

// Aliases turns the ids WhatsApp uses into contacts of our own. It is safe for concurrent use, also by several instances.
type Aliases struct {
	client redis.UniversalClient
	prefix string
	newID  func() string
	cache  *lru
}

// NewAliases makes the look-up. newID must give a fresh contact id each time; cacheSize is the number of aliases remembered locally, 0 for
// none.
func NewAliases(client redis.UniversalClient, prefix string, newID func() string, cacheSize int) *Aliases {
	return &Aliases{client: client, prefix: prefix, newID: newID, cache: newLRU(cacheSize)}
}

// Resolve tells the contact of each person, in order; persons seen for the first time get a new contact.
//
// The business-scoped id counts first, then wa_id, then the phone. A number known from a contact that is bound to another business-scoped
// id was recycled: the person gets a contact of their own and the number keeps naming the old one. A person without any id gets "".
// Known persons cost one pipelined round trip, cached ones none. After an error the call can be repeated.
func (a *Aliases) Resolve(ctx context.Context, people []conversation.Person) ([]string, error) {
	known, err := a.lookUp(ctx, people)
	if err != nil {
		return nil, err
	}
	contacts := make([]string, len(people))
	for i, p := range people {
		named := aliasesOf(p)
		if len(named) == 0 {
			continue
		}
		// The same person again finds every alias in known and settles without a call.
		if err := a.settle(ctx, named, known); err != nil {
			return nil, err
		}
		contacts[i] = known[named[0]]
	}
	for n, contact := range known {
		a.cache.put(n, contact)
	}
	return contacts, nil
}

// lookUp finds what the cache or the store knows of the people's aliases.
func (a *Aliases) lookUp(ctx context.Context, people []conversation.Person) (map[alias]string, error) {
	known := make(map[alias]string)
	asked := make(map[alias]*redis.StringCmd)
	pipe := a.client.Pipeline()
	for _, p := range people {
		for _, n := range aliasesOf(p) {
			if contact, ok := a.cache.get(n); ok {
				known[n] = contact
			} else if asked[n] == nil {
				asked[n] = pipe.Get(ctx, aliasKey(a.prefix, n))
			}
		}
	}
	if len(asked) == 0 {
		return known, nil
	}
	if _, err := pipe.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
		return nil, fmt.Errorf("look aliases up: %w", err)
	}
	for n, cmd := range asked {
		contact, err := cmd.Result()
		if errors.Is(err, redis.Nil) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("look an alias up: %w", err)
		}
		known[n] = contact
	}
	return known, nil
}

// settle makes every alias of one person known. The contact of the strongest is the person's.
func (a *Aliases) settle(ctx context.Context, named []alias, known map[alias]string) error {
	strongest := named[0]
	if known[strongest] == "" {
		contact, err := a.adopt(ctx, named, known)
		if err != nil {
			return err
		}
		if contact == "" {
			contact, err = a.claimNew(ctx, strongest)
		} else {
			contact, err = a.setOnce(ctx, aliasKey(a.prefix, strongest), contact)
		}
		if err != nil {
			return err
		}
		known[strongest] = contact
	}
	return a.link(ctx, named[1:], known[strongest], known)
}

// adopt finds a contact that a weaker alias of the person already names, "" when there is none that may be theirs.
func (a *Aliases) adopt(ctx context.Context, named []alias, known map[alias]string) (string, error) {
	for _, n := range named[1:] {
		contact := known[n]
		if contact == "" {
			continue
		}
		// Ids of WhatsApp's own never pass to somebody else; numbers do.
		if named[0].kind != kindBSUID || n.kind == kindBSUID {
			return contact, nil
		}
		owner, err := a.setOnce(ctx, ownerKey(a.prefix, contact), named[0].value)
		if err != nil {
			return "", err
		}
		if owner != named[0].value {
			return "", nil
		}
		return contact, nil
	}
	return "", nil
}

// claimNew binds a new contact to an alias, or gives the contact that was faster.
//
// The contact is bound to its business-scoped id before anybody can find it: else a crash in between would let the next owner of the
// number take it over.
func (a *Aliases) claimNew(ctx context.Context, n alias) (string, error) {
	contact := a.newID()
	owner := ownerKey(a.prefix, contact)
	if n.kind == kindBSUID {
		if err := a.client.Set(ctx, owner, n.value, 0).Err(); err != nil {
			return "", fmt.Errorf("bind a new contact: %w", err)
		}
	}
	winner, err := a.setOnce(ctx, aliasKey(a.prefix, n), contact)
	if err != nil {
		return "", err
	}
	if winner != contact && n.kind == kindBSUID {
		if err := a.client.Del(ctx, owner).Err(); err != nil {
			return "", fmt.Errorf("drop an unused contact: %w", err)
		}
	}
	return winner, nil
}

// link lets the aliases nobody has used yet name the contact; the others keep theirs.
func (a *Aliases) link(ctx context.Context, named []alias, contact string, known map[alias]string) error {
	asked := make(map[alias]*redis.StatusCmd)
	pipe := a.client.Pipeline()
	for _, n := range named {
		if known[n] == "" && asked[n] == nil {
			asked[n] = pipe.SetArgs(ctx, aliasKey(a.prefix, n), contact, redis.SetArgs{Mode: "NX", Get: true})
		}
	}
	if len(asked) == 0 {
		return nil
	}
	if _, err := pipe.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
		return fmt.Errorf("link aliases: %w", err)
	}
	for n, cmd := range asked {
		holder, err := holderOf(cmd, contact)
		if err != nil {
			return fmt.Errorf("link an alias: %w", err)
		}
		known[n] = holder
	}
	return nil
}

// setOnce writes the key unless it exists and gives what it holds afterwards. A repeat after a lost reply finds its own value.
func (a *Aliases) setOnce(ctx context.Context, key, value string) (string, error) {
	holder, err := holderOf(a.client.SetArgs(ctx, key, value, redis.SetArgs{Mode: "NX", Get: true}), value)
	if err != nil {
		return "", fmt.Errorf("claim an alias: %w", err)
	}
	return holder, nil
}

// holderOf reads the answer to SET NX GET: nothing means that value was written, else it is what was there before.
func holderOf(cmd *redis.StatusCmd, value string) (string, error) {
	before, err := cmd.Result()
	if errors.Is(err, redis.Nil) {
		return value, nil
	}
	return before, err
}
