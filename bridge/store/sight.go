package store

import (
	"maps"
	"slices"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// sight is a person as one call meets them, on the way to a contact.
type sight struct {
	ids    []alias   // strongest first, at least one
	before [][]alias // the same of what they had until now
	own    []string  // what a contact of theirs may be bound to

	base    string            // the contact that their ids name for sure, "" for none
	kin     string            // the contact that their parent's id names, "" for none
	rivals  []string          // other contacts that the numbers of somebody with a business-scoped id name
	owners  map[string]string // what contacts in question are bound to, "" for nothing
	former  []string          // contacts of what they had before
	contact string
	fresh   bool   // the contact is a new one
	lost    string // who lost a number to them

	told    bool // the first of those who share this sight has its answer
	settled bool // Same was told often enough
	kept    bool // in the local memory
}

func newSight(p *conversation.Person) *sight {
	s := &sight{ids: aliasesOf(make([]alias, 0, aliasKinds), p)}
	for i := range p.Before {
		if list := aliasesOf(nil, &p.Before[i]); len(list) > 0 {
			s.before = append(s.before, list)
		}
	}
	for _, n := range s.names() {
		if !n.isNumber() {
			s.own = append(s.own, n.value)
		}
	}
	if p.WaID != "" {
		s.own = append(s.own, alias{KindWA, p.WaID}.member()) // see rebind
	}
	return s
}

// names is all ids, each once, those of before last.
func (s *sight) names() []alias {
	list := slices.Clone(s.ids)
	for _, before := range s.before {
		for _, n := range before {
			if !slices.Contains(list, n) {
				list = append(list, n)
			}
		}
	}
	return list
}

// byNumber reports whether the person comes without a business-scoped id.
func (s *sight) byNumber() bool { return s.ids[0].isNumber() }

// survey finds the contacts that the person's ids name.
func (s *sight) survey(known map[alias]string) {
	for _, n := range s.ids {
		contact := known[n]
		if !n.isNumber() {
			s.kin = contact
		}
		switch {
		case contact == "":
		case s.base == "" && (s.byNumber() || !n.isNumber()): // the parent's id never passes to somebody else either
			s.base = contact
		case n.isNumber() && !s.byNumber() && contact != s.base && !slices.Contains(s.rivals, contact):
			s.rivals = append(s.rivals, contact)
		}
	}
}

// theirs reports whether a contact that only a number of the person names belongs to them: whoever is bound to another business-scoped id
// had the number before, unless the parent's id or what the person had before names them too.
func (s *sight) theirs(contact string) bool {
	owner := s.owners[contact]
	return owner == "" || contact == s.kin || slices.Contains(s.former, contact) ||
		slices.Contains(s.own, owner)
}

// choose finds the person's contact among those that their ids name.
func (s *sight) choose(known map[alias]string) {
	s.recollect(known)
	s.contact = s.base
	for _, c := range s.rivals {
		if s.contact == "" && s.theirs(c) {
			s.contact = c
		}
	}
	if s.contact == "" && len(s.former) > 0 {
		s.contact = s.former[0]
	}
}

// recollect finds the contacts of what the person had before. A number of then counts unless its contact is bound to an id that the person
// never had.
func (s *sight) recollect(known map[alias]string) {
	for _, list := range s.before {
		for _, n := range list {
			contact := known[n]
			if contact == "" {
				continue
			}
			owner := s.owners[contact]
			if !n.isNumber() || list[0].isNumber() || owner == "" || slices.Contains(s.own, owner) {
				s.former = append(s.former, contact)
			}
		}
	}
}

// gains lists the ids that are to name the person's contact from now on.
func (s *sight) gains(known map[alias]string) []alias {
	var list []alias
	for _, n := range s.names() {
		if known[n] == "" || s.passes(n, known) {
			list = append(list, n)
		}
	}
	return list
}

// passes reports whether a number is taken from the contact it names, because it was given to the person.
func (s *sight) passes(n alias, known map[alias]string) bool {
	contact := known[n]
	return n.isNumber() && contact != s.contact && slices.Contains(s.rivals, contact) && !s.theirs(contact) &&
		slices.Contains(s.ids, n)
}

// rebind tells to what the person's contact is to be bound instead of what it is bound to.
//
// Who is told to have changed their ids takes the contact with them. When WhatsApp tells a new number but no new business-scoped id, the
// contact is held for whoever comes with one from that number; else the next owner of the old number could have it.
func (s *sight) rebind(known map[alias]string) (from, to string, ok bool) {
	from, asked := s.owners[s.contact]
	first := s.ids[0]
	switch {
	case !asked || known[first] != "":
		return "", "", false
	case !s.byNumber():
		return from, first.value, from != first.value
	}
	return from, first.member(), slices.Contains(s.former, s.contact) && from != "" && first.kind == KindWA && from != first.member()
}

// same is another contact that is the same person.
func (s *sight) same() string {
	for _, c := range slices.Concat(s.former, s.rivals) {
		if c != s.contact && s.theirs(c) {
			return c
		}
	}
	return ""
}

// tell gives the answer: all of it to the first who asks, the contact alone to their twins.
func (s *sight) tell() conversation.Resolved {
	r := conversation.Resolved{Contact: s.contact}
	if !s.told {
		s.told, r.Same, r.Lost = true, s.same(), s.lost
	}
	return r
}

// twins reports whether two persons came with the same ids.
func (s *sight) twins(o *sight) bool {
	return slices.Equal(s.ids, o.ids) && slices.EqualFunc(s.before, o.before, slices.Equal)
}

// touches is what a person may have in common with others: the ids and the contacts they name.
func (s *sight) touches(known map[alias]string) []alias {
	list := s.names()
	for _, n := range list {
		if contact := known[n]; contact != "" {
			list = append(list, alias{value: contact})
		}
	}
	return list
}

// waves sorts people into groups whose members have nothing in common, so that each group can be dealt with at once; who has something in
// common with an earlier person comes in a later group. A person like the last one who touched the same things is replaced by that one.
func waves(people []*sight, known map[alias]string) [][]*sight {
	var groups [][]*sight
	last := make(map[alias]int) // who touched it last
	group := make([]int, len(people))
	for i, s := range people {
		touched := s.touches(known)
		before := make(map[int]bool)
		for _, n := range touched {
			if j, ok := last[n]; ok {
				before[j], group[i] = true, max(group[i], group[j]+1)
			} else {
				before[-1] = true
			}
		}
		if twin, ok := only(before); ok && twin >= 0 && people[twin].twins(s) {
			people[i] = people[twin]
			continue
		}
		for _, n := range touched {
			last[n] = i
		}
		if group[i] == len(groups) {
			groups = append(groups, nil)
		}
		groups[group[i]] = append(groups[group[i]], s)
	}
	return groups
}

// only gives the one member of a set that has just one.
func only(set map[int]bool) (member int, ok bool) {
	for member := range maps.Keys(set) {
		return member, len(set) == 1
	}
	return 0, false
}
