package store

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

const (
	// remembered is how long an instance trusts what it knows about a person. It bounds how long another instance's merge or erasure goes
	// unnoticed.
	remembered = 5 * time.Minute
	// tellings is how often an instance tells that two contacts are the same person, while it remembers having told so. More than once,
	// because a webhook that could not be stored comes again.
	tellings = 3
)

// Aliases turns the ids WhatsApp uses into contacts of our own. It is safe for concurrent use, also by several instances.
//
// Business-scoped ids never pass to somebody else; numbers do. So only a person who comes with a business-scoped id is answered from the
// local memory, and only while the numbers told are those that were last seen to be that person's. What other instances do meanwhile makes
// such an answer late, not wrong:
//   - A number that passed to somebody new: that person comes with an id of their own, which this instance either does not know or knows to
//     name another contact. The old owner's id still names the old owner, and a late webhook of theirs does not take the number back.
//   - A merge: the old contact's mailboxes have moved and forward what is appended to them.
//   - An erasure: for at most five minutes the person may still be given the contact that was forgotten, which by then holds nothing.
//
// Nothing is written on the strength of that memory: whoever is not answered from it is looked up anew with all ids.
type Aliases struct {
	client redis.UniversalClient
	prefix string
	newID  func() string
	cache  *recent[alias, string]
	told   *recent[[2]string, int] // how often two contacts were told to be the same person
}

// NewAliases makes the look-up. newID must give a fresh contact id each time; cacheSize is the number of aliases remembered locally, 0 for
// none.
func NewAliases(client redis.UniversalClient, prefix string, newID func() string, cacheSize int, now func() time.Time) *Aliases {
	return &Aliases{
		client: client, prefix: prefix, newID: newID,
		cache: newRecent[alias, string](cacheSize, remembered, now), told: newRecent[[2]string, int](cacheSize, 0, now),
	}
}

// aliasesOf adds what names the person to a list, the strongest first.
func aliasesOf(list []alias, p *conversation.Person) []alias {
	for _, a := range [...]alias{{KindBSUID, p.UserID}, {KindBSUID, p.ParentUserID}, {KindWA, p.WaID}, {KindPhone, p.Phone}} {
		if a.value != "" && (len(list) == 0 || list[len(list)-1] != a) {
			list = append(list, a)
		}
	}
	return list
}

// Resolve tells who each person is among our contacts, in order; persons seen for the first time get a new contact.
//
// The business-scoped id counts first, then wa_id, then the phone. What a weaker id names besides decides the rest:
//   - A number, beside a business-scoped id, whose contact is bound to no other such id: one signed payload names both, so the two are the
//     Same person.
//   - A number, beside a business-scoped id, whose contact is bound to another one was given to somebody new: from now on it names the
//     person, and the other contact has Lost it. That is told once, by the call that saw it happen.
//   - Ids the person had before: if nothing names the person yet, all ids come to name the contact of the old ones; else the two contacts
//     are the Same person.
//
// Same is told by every call that sees it until the two were joined (Adopt), except for what this instance has told three times and still
// remembers. Of people with equal ids in one call the first is told. A person without any id gets nothing.
//
// Known persons cost one pipelined round trip, remembered ones none, everything else a few more, as many for a thousand as for one. After
// an error the call can be repeated.
func (a *Aliases) Resolve(ctx context.Context, people []conversation.Person) ([]conversation.Resolved, error) {
	answers := make([]conversation.Resolved, len(people))
	var strangers []int // persons that can't be answered from memory
	for i := range people {
		var room [aliasKinds]alias
		contact, ok := a.recall(&people[i], room[:0])
		if answers[i].Contact = contact; !ok {
			strangers = append(strangers, i)
		}
	}
	if len(strangers) == 0 {
		return answers, nil
	}
	asked := make([]*sight, len(strangers))
	for i, s := range strangers {
		asked[i] = newSight(&people[s])
	}
	met, known, err := a.meet(ctx, asked)
	if err != nil {
		return nil, err
	}
	for i, s := range strangers {
		answers[s] = met[i].tell()
		if answers[s].Same != "" && met[i].before == nil {
			met[i].settled = a.often(&answers[s])
		}
	}
	for _, s := range met {
		a.remember(s, known)
	}
	return answers, nil
}

// recall gives the contact of a person that the memory may answer for.
func (a *Aliases) recall(p *conversation.Person, room []alias) (contact string, ok bool) {
	ids := aliasesOf(room, p)
	switch {
	case len(ids) == 0:
		return "", true
	case ids[0].isNumber() || p.Before != nil:
		return "", false
	}
	ok = a.cache.all(ids, func(i int, named string) bool {
		if i == 0 {
			contact = named
		}
		return named == contact || !ids[i].isNumber()
	})
	if !ok {
		contact = ""
	}
	return contact, ok
}

// often counts that two contacts were told to be the same person and silences it when that was often enough. It reports whether there is
// nothing left to tell.
func (a *Aliases) often(r *conversation.Resolved) (enough bool) {
	pair := [2]string{r.Contact, r.Same}
	n, _ := a.told.get(pair)
	if n >= tellings {
		r.Same = ""
		return true
	}
	a.told.put(pair, n+1)
	return n+1 >= tellings
}

// remember keeps what the store told of the ids of a person who came with a business-scoped one.
func (a *Aliases) remember(s *sight, known map[alias]string) {
	if s.byNumber() || s.kept {
		return
	}
	s.kept = true
	for _, n := range s.ids {
		contact := known[n]
		if s.settled && n.isNumber() {
			contact = s.contact // what else it names was told
		}
		n.value = strings.Clone(n.value) // may be a piece of something large
		a.cache.put(n, contact)
	}
}

// Known tells the contacts of the people by their strongest known id, in order, "" for nobody we know. It creates and changes nothing; ids
// a person had before do not count. A number does not tell who somebody is whose business-scoped id is not the one its contact is bound to.
func (a *Aliases) Known(ctx context.Context, people []conversation.Person) ([]string, error) {
	contacts := make([]string, len(people))
	var strangers []int
	for i, p := range people {
		ok := false
		if p.UserID != "" {
			contacts[i], ok = a.cache.get(alias{KindBSUID, p.UserID})
		}
		if !ok {
			strangers = append(strangers, i)
		}
	}
	if len(strangers) == 0 {
		return contacts, nil
	}
	asked := make([]*sight, len(strangers))
	for i, s := range strangers {
		p := people[s]
		p.Before = nil
		asked[i] = newSight(&p)
	}
	found, err := a.peek(ctx, asked)
	if err != nil {
		return nil, err
	}
	for i, s := range strangers {
		contacts[s] = found[i]
	}
	return contacts, nil
}

// Find is Known for one person, asked of the store alone. A typed phone is a Person with nothing but its canonical form, which stands for
// all forms of the number.
func (a *Aliases) Find(ctx context.Context, p conversation.Person) (contact string, ok bool, err error) {
	p.Before = nil
	found, err := a.peek(ctx, []*sight{newSight(&p)})
	if err != nil {
		return "", false, err
	}
	return found[0], found[0] != "", nil
}

// Claim gives the contact of a typed phone, a new one when nobody is known by it. Only the person's Phone counts: as long as WhatsApp has
// not named the person, other ids are somebody's guess.
func (a *Aliases) Claim(ctx context.Context, p conversation.Person) (contact string, err error) {
	if p.Phone == "" {
		return "", errors.New("claim a phone: it is empty")
	}
	met, _, err := a.meet(ctx, []*sight{newSight(&conversation.Person{Phone: p.Phone})})
	if err != nil {
		return "", err
	}
	return met[0].contact, nil
}

// meet finds or makes the contact of each person. Persons whose twins come first share their answer.
func (a *Aliases) meet(ctx context.Context, people []*sight) ([]*sight, map[alias]string, error) {
	known, err := a.lookUp(ctx, people)
	if err != nil {
		return nil, nil, err
	}
	people = slices.Clone(people)
	for _, wave := range waves(people, known) {
		for _, step := range [...]func(context.Context, []*sight, map[alias]string) error{a.weigh, a.bind, a.take, a.link} {
			if err := step(ctx, wave, known); err != nil {
				return nil, nil, err
			}
		}
	}
	return people, known, nil
}
