package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// aliasesOf adds what names the person to a list, the strongest first.
func aliasesOf(list []alias, p conversation.Person) []alias {
	for _, a := range [...]alias{{kindBSUID, p.UserID}, {kindBSUID, p.ParentUserID}, {kindWA, p.WaID}, {kindPhone, p.Phone}} {
		if a.value != "" {
			list = append(list, a)
		}
	}
	return list
}

// Aliases turns the ids WhatsApp uses into contacts of our own. It is safe for concurrent use, also by several instances.
type Aliases struct {
	client redis.UniversalClient
	prefix string
	newID  func() string
	cache  *recent
}

// NewAliases makes the look-up. newID must give a fresh contact id each time; cacheSize is the number of aliases remembered locally, 0 for
// none.
func NewAliases(client redis.UniversalClient, prefix string, newID func() string, cacheSize int) *Aliases {
	return &Aliases{client: client, prefix: prefix, newID: newID, cache: newRecent(cacheSize)}
}

// Resolve tells the contact of each person, in order; persons seen for the first time get a new contact.
//
// The business-scoped id counts first, then wa_id, then the phone. A number known from a contact that is bound to another business-scoped
// id was recycled: the person gets a contact of their own and the number keeps naming the old one. A person without any id gets "".
// Known persons cost one pipelined round trip, cached ones none, and first sights a few more, as many for a thousand as for one. After an
// error the call can be repeated.
func (a *Aliases) Resolve(ctx context.Context, people []conversation.Person) ([]string, error) {
	contacts := make([]string, len(people))
	var strangers []int // persons that the cache does not know
	for i, p := range people {
		var room [aliasKinds]alias
		contact, ok := a.cache.person(aliasesOf(room[:0], p))
		if contacts[i] = contact; !ok {
			strangers = append(strangers, i)
		}
	}
	if len(strangers) == 0 {
		return contacts, nil
	}
	named := make([][]alias, len(strangers))
	for i, s := range strangers {
		named[i] = aliasesOf(nil, people[s])
	}
	known, err := a.lookUp(ctx, named)
	if err != nil {
		return nil, err
	}
	for _, wave := range waves(named) {
		if err := a.settle(ctx, wave, known); err != nil {
			return nil, err
		}
	}
	for i, s := range strangers {
		contacts[s] = known[named[i][0]]
	}
	for n, contact := range known {
		a.cache.put(n, contact)
	}
	return contacts, nil
}

// lookUp finds what the cache or the store knows of the people's aliases.
func (a *Aliases) lookUp(ctx context.Context, people [][]alias) (map[alias]string, error) {
	known := make(map[alias]string)
	asked := make(map[alias]*redis.StringCmd)
	pipe := a.client.Pipeline()
	for _, named := range people {
		for _, n := range named {
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

// waves sorts people into groups whose members share no alias, so that each group can be settled at once; who shares one with an earlier
// person comes in a later group.
func waves(people [][]alias) [][][]alias {
	var groups [][][]alias
	after := make(map[alias]int) // the first group that a person with the alias may be in
	for _, named := range people {
		group := 0
		for _, n := range named {
			group = max(group, after[n])
		}
		for _, n := range named {
			after[n] = group + 1
		}
		if group == len(groups) {
			groups = append(groups, nil)
		}
		groups[group] = append(groups[group], named)
	}
	return groups
}

// claim is a person whose strongest alias names nobody yet.
type claim struct {
	strongest alias
	contact   string // whom it should name
	fresh     bool   // a new contact
}

// settle makes every alias of the people known; they share none. The contact of a person's strongest alias is the person's.
func (a *Aliases) settle(ctx context.Context, people [][]alias, known map[alias]string) error {
	var strangers [][]alias
	for _, named := range people {
		if known[named[0]] == "" {
			strangers = append(strangers, named)
		}
	}
	claims, err := a.adopt(ctx, strangers, known)
	if err != nil {
		return err
	}
	if err := a.bind(ctx, claims); err != nil {
		return err
	}
	if err := a.take(ctx, claims, known); err != nil {
		return err
	}
	return a.link(ctx, people, known)
}

// adopt finds for each person a contact that a weaker alias already names, none where there is none that may be theirs.
func (a *Aliases) adopt(ctx context.Context, people [][]alias, known map[alias]string) ([]claim, error) {
	claims := make([]claim, len(people))
	var owners []entry
	var asking []int
	for i, named := range people {
		claims[i].strongest = named[0]
		weaker, contact := firstKnown(named[1:], known)
		switch {
		case contact == "":
		case named[0].kind != kindBSUID || weaker.kind == kindBSUID: // ids of WhatsApp's own never pass to somebody else; numbers do
			claims[i].contact = contact
		default:
			owners, asking = append(owners, entry{ownerKey(a.prefix, contact), named[0].value}), append(asking, i)
			claims[i].contact = contact
		}
	}
	holders, err := a.setOnce(ctx, owners)
	if err != nil {
		return nil, fmt.Errorf("bind a contact: %w", err)
	}
	for n, i := range asking {
		if holders[n] != owners[n].value {
			claims[i].contact = ""
		}
	}
	return claims, nil
}

func firstKnown(named []alias, known map[alias]string) (alias, string) {
	for _, n := range named {
		if contact := known[n]; contact != "" {
			return n, contact
		}
	}
	return alias{}, ""
}

// bind makes a new contact for each claim that has none.
//
// The contact is bound to its business-scoped id before anybody can find it: else a crash in between would let the next owner of the
// number take it over.
func (a *Aliases) bind(ctx context.Context, claims []claim) error {
	pipe := a.client.Pipeline()
	for i := range claims {
		c := &claims[i]
		if c.contact != "" {
			continue
		}
		c.contact, c.fresh = a.newID(), true
		if c.strongest.kind == kindBSUID {
			pipe.Set(ctx, ownerKey(a.prefix, c.contact), c.strongest.value, 0)
		}
	}
	if pipe.Len() == 0 {
		return nil
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return fmt.Errorf("bind a new contact: %w", err)
	}
	return nil
}

// take lets the strongest aliases name the claims' contacts, unless somebody was faster.
func (a *Aliases) take(ctx context.Context, claims []claim, known map[alias]string) error {
	entries := make([]entry, len(claims))
	for i, c := range claims {
		entries[i] = entry{aliasKey(a.prefix, c.strongest), c.contact}
	}
	winners, err := a.setOnce(ctx, entries)
	if err != nil {
		return fmt.Errorf("claim an alias: %w", err)
	}
	pipe := a.client.Pipeline()
	for i, c := range claims {
		known[c.strongest] = winners[i]
		if c.fresh && winners[i] != c.contact && c.strongest.kind == kindBSUID {
			pipe.Del(ctx, ownerKey(a.prefix, c.contact))
		}
	}
	if pipe.Len() == 0 {
		return nil
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return fmt.Errorf("drop an unused contact: %w", err)
	}
	return nil
}

// link lets the aliases nobody has used yet name their person's contact; the others keep theirs.
func (a *Aliases) link(ctx context.Context, people [][]alias, known map[alias]string) error {
	var free []alias
	var entries []entry
	for _, named := range people {
		for _, n := range named[1:] {
			if known[n] == "" {
				free, entries = append(free, n), append(entries, entry{aliasKey(a.prefix, n), known[named[0]]})
			}
		}
	}
	holders, err := a.setOnce(ctx, entries)
	if err != nil {
		return fmt.Errorf("link an alias: %w", err)
	}
	for i, n := range free {
		known[n] = holders[i]
	}
	return nil
}

// entry is a key and what it should hold.
type entry struct{ key, value string }

// setOnce writes the keys that do not exist and gives what each holds afterwards, in one round trip. A repeat after a lost reply finds its
// own values.
func (a *Aliases) setOnce(ctx context.Context, entries []entry) ([]string, error) {
	if len(entries) == 0 {
		return nil, nil
	}
	pipe := a.client.Pipeline()
	asked := make([]*redis.StatusCmd, len(entries))
	for i, e := range entries {
		asked[i] = pipe.SetArgs(ctx, e.key, e.value, redis.SetArgs{Mode: "NX", Get: true})
	}
	if _, err := pipe.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
		return nil, err
	}
	holders := make([]string, len(entries))
	for i, cmd := range asked {
		holder, err := holderOf(cmd, entries[i].value)
		if err != nil {
			return nil, err
		}
		holders[i] = holder
	}
	return holders, nil
}

// holderOf reads the answer to SET NX GET: nothing means that value was written, else it is what was there before.
func holderOf(cmd *redis.StatusCmd, value string) (string, error) {
	before, err := cmd.Result()
	if errors.Is(err, redis.Nil) {
		return value, nil
	}
	return before, err
}
