package store_test

import (
	"fmt"
	"maps"
	"slices"

	"github.com/ponte-desk/ponte/bridge/store"
)

// model is what the rules say, without a store, a cache or anybody else.
type model struct {
	names   map[store.ID]string // contacts by id
	bound   map[string]string   // business-scoped ids by contact
	numbers map[string]map[string]bool
	made    int
}

func newModel() *model {
	return &model{names: map[store.ID]string{}, bound: map[string]string{}, numbers: map[string]map[string]bool{}}
}

// scoped and phones are the two sorts of id of a person, the stronger first.
func scoped(p person) (list []store.ID) {
	for _, v := range []string{p.UserID, p.ParentUserID} {
		if v != "" {
			list = append(list, store.ID{Kind: store.KindBSUID, Value: v})
		}
	}
	return list
}

func phones(p person) (list []store.ID) {
	if p.WaID != "" {
		list = append(list, store.ID{Kind: store.KindWA, Value: p.WaID})
	}
	if p.Phone != "" {
		list = append(list, store.ID{Kind: store.KindPhone, Value: p.Phone})
	}
	return list
}

func (m *model) first(list []store.ID) string {
	for _, id := range list {
		if c := m.names[id]; c != "" {
			return c
		}
	}
	return ""
}

func (m *model) fresh() string {
	m.made++
	return fmt.Sprintf("m%d", m.made)
}

// former is the contacts of the ids that somebody had before.
func (m *model) former(before []person, own map[string]bool) (list []string) {
	for _, b := range before {
		for _, id := range scoped(b) {
			list = append(list, m.names[id])
		}
		for _, id := range phones(b) {
			if c := m.names[id]; len(scoped(b)) == 0 || m.bound[c] == "" || own[m.bound[c]] {
				list = append(list, c)
			}
		}
	}
	return slices.DeleteFunc(list, func(c string) bool { return c == "" })
}

func (m *model) resolve(p person) (r resolved) {
	strong, weak := scoped(p), phones(p)
	if len(strong)+len(weak) == 0 {
		return r
	}
	own := map[string]bool{"wa " + p.WaID: p.WaID != ""}
	for _, q := range append([]person{p}, p.Before...) {
		for _, id := range scoped(q) {
			own[id.Value] = true
		}
	}
	if len(strong) == 0 {
		return m.byNumber(p, weak, own)
	}
	newcomer := m.names[strong[0]] == ""
	r.Contact = m.first(strong)
	former := m.former(p.Before, own)
	var mine, others []string // contacts of the numbers
	for _, id := range weak {
		c := m.names[id]
		if c == "" || c == r.Contact {
			continue
		}
		if m.bound[c] == "" {
			m.bound[c] = strong[0].Value
		}
		if own[m.bound[c]] || slices.Contains(former, c) || c == m.names[strong[len(strong)-1]] {
			mine = append(mine, c)
		} else {
			others = append(others, c)
		}
	}
	candidates := slices.DeleteFunc(slices.Concat([]string{r.Contact}, mine, former), func(c string) bool { return c == "" })
	if len(candidates) == 0 {
		candidates = []string{m.fresh()}
		m.bound[candidates[0]] = strong[0].Value
	}
	found := r.Contact != ""
	r.Contact = candidates[0]
	if newcomer && (!found || m.isFormer(r.Contact, p.Before)) {
		m.bound[r.Contact] = strong[0].Value
	}
	for _, id := range slices.Backward(weak) {
		if c := m.names[id]; c != "" && slices.Contains(others, c) && c != r.Contact {
			m.names[id] = r.Contact
			if r.Lost == "" {
				r.Lost = c
			}
		}
	}
	m.name(r.Contact, p)
	r.Same = another(r.Contact, append(former, mine...))
	return r
}

// isFormer reports whether any id that somebody had before names the contact.
func (m *model) isFormer(contact string, before []person) bool {
	for _, b := range before {
		for _, id := range append(scoped(b), phones(b)...) {
			if m.names[id] == contact {
				return true
			}
		}
	}
	return false
}

// byNumber is resolve for somebody without a business-scoped id.
func (m *model) byNumber(p person, weak []store.ID, own map[string]bool) (r resolved) {
	former := m.former(p.Before, own)
	newcomer := m.names[weak[0]] == ""
	if r.Contact = m.first(weak); r.Contact == "" {
		r.Contact = another("", former)
	}
	if r.Contact == "" {
		r.Contact = m.fresh()
	}
	if newcomer && slices.Contains(former, r.Contact) && m.bound[r.Contact] != "" && p.WaID != "" {
		m.bound[r.Contact] = "wa " + p.WaID
	}
	m.name(r.Contact, p)
	r.Same = another(r.Contact, former)
	return r
}

// name lets all ids that name nobody name the contact.
func (m *model) name(contact string, p person) {
	for _, q := range append([]person{p}, p.Before...) {
		for _, id := range append(scoped(q), phones(q)...) {
			if m.names[id] == "" {
				m.names[id] = contact
			}
		}
	}
}

func another(contact string, list []string) string {
	for _, c := range list {
		if c != "" && c != contact {
			return c
		}
	}
	return ""
}

func (m *model) known(p person) string {
	if c := m.first(scoped(p)); c != "" {
		return c
	}
	for _, id := range phones(p) {
		c := m.names[id]
		if c != "" && (len(scoped(p)) == 0 || m.bound[c] == "" || m.bound[c] == p.UserID || m.bound[c] == p.ParentUserID || m.bound[c] == "wa "+p.WaID) {
			return c
		}
	}
	return ""
}

func (m *model) ids(contact string) (list []store.ID) {
	for id, c := range m.names {
		if c == contact {
			list = append(list, id)
		}
	}
	return sortIDs(list)
}

func sortIDs(list []store.ID) []store.ID {
	rank := map[string]string{store.KindBSUID: "1", store.KindWA: "2", store.KindPhone: "3"}
	slices.SortFunc(list, func(a, b store.ID) int {
		switch x, y := rank[a.Kind]+a.Value, rank[b.Kind]+b.Value; {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	return list
}

func (m *model) register(contact, number string) {
	if m.numbers[contact] == nil {
		m.numbers[contact] = map[string]bool{}
	}
	m.numbers[contact][number] = true
}

func (m *model) adopt(from, to string) {
	for _, id := range m.ids(from) {
		m.names[id] = to
	}
	if m.bound[to] == "" && m.bound[from] != "" {
		m.bound[to] = m.bound[from]
	}
	for number := range m.numbers[from] {
		m.register(to, number)
	}
	delete(m.bound, from)
	delete(m.numbers, from)
}

func (m *model) forget(contact string) {
	maps.DeleteFunc(m.names, func(_ store.ID, c string) bool { return c == contact })
	delete(m.bound, contact)
	delete(m.numbers, contact)
}
