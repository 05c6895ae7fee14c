package desk

import (
	"slices"
	"time"
)

// searchIndex is what searches see: each record as it was a while ago.
type searchIndex struct {
	docs  map[docKey][]indexed // versions, oldest first
	order []docKey
}

type docKey struct {
	kind string
	id   int64
}

// indexed is one version of a record; one without content is gone.
type indexed struct {
	kind   string
	id     int64
	at     time.Time
	ticket *ticket
	user   *user
	known  []*identity // of the user
	org    *organization
	group  *group
}

// indexUser shows a user, with their identities as they are now, to searches to come.
func (s *Server) indexUser(u *user, at time.Time) {
	s.index.put(s, indexed{kind: "user", id: u.ID, at: at, user: u, known: s.identitiesOf(u.ID)})
}

func newSearchIndex() searchIndex { return searchIndex{docs: map[docKey][]indexed{}} }

func (x *searchIndex) put(s *Server, d indexed) {
	k := docKey{d.kind, d.id}
	list, known := x.docs[k]
	if !known {
		x.order = append(x.order, k)
	}
	// Of the versions that can be seen already only the newest will ever be.
	if newest := s.newestVisible(list); newest > 0 {
		list = slices.Clone(list[newest:])
	}
	x.docs[k] = append(list, d)
}

func (s *Server) searchable(at time.Time) bool {
	return !at.Add(s.searchLag()).After(s.now())
}

// newestVisible is the place of the newest version that may be seen, -1 when none may.
func (s *Server) newestVisible(list []indexed) int {
	hidden := slices.IndexFunc(list, func(d indexed) bool { return !s.searchable(d.at) })
	if hidden < 0 {
		hidden = len(list)
	}
	return hidden - 1
}

// visible returns the newest version of each record that searches may see.
func (x *searchIndex) visible(s *Server) []indexed {
	var out []indexed
	for _, k := range x.order {
		list := x.docs[k]
		if i := s.newestVisible(list); i >= 0 && !list[i].gone() {
			out = append(out, list[i])
		}
	}
	return out
}

func (d *indexed) gone() bool {
	switch {
	case d.ticket != nil:
		return d.ticket.Deleted
	case d.user != nil:
		return !d.user.Active
	default:
		return d.org == nil && d.group == nil
	}
}

// find returns the visible records that a query fits, the latest change first.
func (x *searchIndex) find(s *Server, q query) []indexed {
	var out []indexed
	for _, d := range x.visible(s) {
		if q.fits(s, &d) {
			out = append(out, d)
		}
	}
	return out
}

// indexAll fills an empty index with what was loaded.
func (s *Server) indexAll() {
	s.index = newSearchIndex()
	for _, u := range s.users.all() {
		s.indexUser(u, u.UpdatedAt)
	}
	for _, o := range s.orgs.all() {
		s.index.put(s, indexed{kind: "organization", id: o.ID, at: o.UpdatedAt, org: o})
	}
	for _, g := range s.groups.all() {
		s.index.put(s, indexed{kind: "group", id: g.ID, at: g.UpdatedAt, group: g})
	}
	for _, t := range s.tickets.all() {
		s.index.put(s, indexed{kind: "ticket", id: t.ID, at: t.UpdatedAt, ticket: t})
	}
}
