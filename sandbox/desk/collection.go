package desk

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

const second = time.Second

// head is what every record with a numeric id has.
type head struct {
	ID        int64     `json:"id"`
	URL       string    `json:"url,omitempty"` // filled in answers only
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

func (h *head) meta() *head { return h }

// record is a pointer to a struct with a head. Records are never changed once they are in a collection: a change puts
// a new one in the old one's place.
type record[T any] interface {
	*T
	meta() *head
}

// collection is the stored records of one kind in the order of their making.
type collection[T any, P record[T]] struct {
	kind  string
	items map[int64]P
	order []int64
}

func newCollection[T any, P record[T]](kind string) *collection[T, P] {
	return &collection[T, P]{kind: kind, items: map[int64]P{}}
}

func (l *collection[T, P]) get(id int64) P { return l.items[id] }

func (l *collection[T, P]) all() []P {
	out := make([]P, 0, len(l.order))
	for _, id := range l.order {
		out = append(out, l.items[id])
	}
	return out
}

func (l *collection[T, P]) where(keep func(P) bool) []P {
	var out []P
	for _, id := range l.order {
		if keep(l.items[id]) {
			out = append(out, l.items[id])
		}
	}
	return out
}

// first returns the first record that fits, or nil.
func (l *collection[T, P]) first(fits func(P) bool) P {
	for _, id := range l.order {
		if fits(l.items[id]) {
			return l.items[id]
		}
	}
	return nil
}

func (l *collection[T, P]) apply(v P) {
	id := v.meta().ID
	if _, known := l.items[id]; !known {
		l.order = append(l.order, id)
	}
	l.items[id] = v
}

func (l *collection[T, P]) load(s *Server) error {
	l.items, l.order = map[int64]P{}, nil
	return s.cfg.Store.Each(l.kind, func(id string, raw json.RawMessage) error {
		v := P(new(T))
		if err := json.Unmarshal(raw, v); err != nil {
			return fmt.Errorf("load %s %s: %w", l.kind, id, err)
		}
		l.apply(v)
		return nil
	})
}

// save stores v and then shows it; a record without id gets one, and both times are set.
func (l *collection[T, P]) save(s *Server, v P) error {
	m := v.meta()
	if m.ID == 0 {
		m.ID = s.newID()
		m.CreatedAt = s.stamp()
	}
	m.UpdatedAt = s.stamp()
	if err := s.store(l.kind, strconv.FormatInt(m.ID, 10), v); err != nil {
		return err
	}
	l.apply(v)
	return nil
}

func (l *collection[T, P]) remove(s *Server, id int64) error {
	if err := s.cfg.Store.Delete(l.kind, strconv.FormatInt(id, 10)); err != nil {
		return fmt.Errorf("delete %s: %w", l.kind, err)
	}
	delete(l.items, id)
	l.order = slices.DeleteFunc(slices.Clone(l.order), func(o int64) bool { return o == id })
	return nil
}

// resource is a collection with the five usual calls: list, show, create, update, delete.
type resource[T any, P record[T]] struct {
	list     *collection[T, P]
	singular string
	plural   string
	fresh    func() P                      // a new one with its defaults
	check    func(c *call, old, v P) error // old is nil on create; may complete v
	made     int                           // status of a creation; 0 is 201
	guard    func(v P) error               // may refuse a deletion
	saved    func(v P)                     // after a write
	removed  func(v P)                     // after a deletion
	show     func(v P) any                 // nil shows the record itself
	keep     func(c *call, v P) bool       // the list's filters; nil keeps all
}

func (r *resource[T, P]) routes(s *Server) []route {
	base := "/api/v2/" + r.plural
	return []route{
		rt("GET", base, func(c *call) (answer, error) { return r.index(s, c) }),
		rt("POST", base, func(c *call) (answer, error) { return r.create(s, c) }),
		rt("GET", base+"/{id}", func(c *call) (answer, error) { return r.get(s, c) }),
		rt("PUT", base+"/{id}", func(c *call) (answer, error) { return r.update(s, c) }),
		rt("DELETE", base+"/{id}", func(c *call) (answer, error) { return r.destroy(s, c) }),
	}
}

func (r *resource[T, P]) wire(s *Server, v P) any {
	if r.show != nil {
		return r.show(v)
	}
	shown := *v
	m := P(&shown).meta()
	m.URL = s.url("/%s/%d.json", r.plural, m.ID)
	return &shown
}

func (r *resource[T, P]) index(s *Server, c *call) (answer, error) {
	return r.indexOf(s, c, r.list.where(func(v P) bool { return r.keep == nil || r.keep(c, v) }))
}

func (r *resource[T, P]) indexOf(s *Server, c *call, items []P) (answer, error) {
	out, err := page(s, c, listing[P]{
		key: r.plural, items: items,
		id: func(v P) int64 { return v.meta().ID }, show: func(v P) any { return r.wire(s, v) },
	})
	return answer{body: out}, err
}

func (r *resource[T, P]) get(s *Server, c *call) (answer, error) {
	v := r.list.get(c.id("id"))
	if v == nil {
		return answer{}, notFound()
	}
	return ok(map[string]any{r.singular: r.wire(s, v)})
}

func (r *resource[T, P]) create(s *Server, c *call) (answer, error) {
	v, err := r.write(s, c, nil)
	if err != nil {
		return answer{}, err
	}
	status := r.made
	orDefault(&status, http.StatusCreated)
	return answer{status: status, body: map[string]any{r.singular: r.wire(s, v)}}, nil
}

func (r *resource[T, P]) update(s *Server, c *call) (answer, error) {
	old := r.list.get(c.id("id"))
	if old == nil {
		return answer{}, notFound()
	}
	v, err := r.write(s, c, old)
	if err != nil {
		return answer{}, err
	}
	return ok(map[string]any{r.singular: r.wire(s, v)})
}

func (r *resource[T, P]) write(s *Server, c *call, old P) (P, error) {
	raw, err := c.object(r.singular)
	if err != nil {
		return nil, err
	}
	v, err := r.merge(c, old, raw)
	if err != nil {
		return nil, err
	}
	if r.check != nil {
		if err := r.check(c, old, v); err != nil {
			return nil, err
		}
	}
	if err := r.list.save(s, v); err != nil {
		return nil, err
	}
	if r.saved != nil {
		r.saved(v)
	}
	return v, nil
}

// merge lays the written keys over old, or over a fresh record.
func (r *resource[T, P]) merge(c *call, old P, raw json.RawMessage) (P, error) {
	v := r.fresh()
	if old != nil {
		v = P(new(T))
		if err := copyUnder(raw, old, v); err != nil {
			return nil, fmt.Errorf("copy %s: %w", r.singular, err)
		}
	}
	m := *v.meta()
	if err := json.Unmarshal(raw, v); err != nil {
		return nil, badJSON(err)
	}
	*v.meta() = m
	c.warn(strangers(raw, reflect.TypeFor[T]()))
	return v, nil
}

// copyUnder copies old into v without the lists that raw brings: a written list replaces the old one and nothing of its items.
func copyUnder(raw json.RawMessage, old, v any) error {
	text, err := json.Marshal(old)
	if err != nil {
		return err
	}
	var kept, sent map[string]json.RawMessage
	if err := json.Unmarshal(text, &kept); err != nil {
		return err
	}
	if err := json.Unmarshal(raw, &sent); err != nil {
		return badJSON(err)
	}
	for k, value := range sent {
		if len(value) > 0 && value[0] == '[' {
			delete(kept, k)
		}
	}
	return json.Unmarshal(mustJSON(kept), v)
}

func (r *resource[T, P]) destroy(s *Server, c *call) (answer, error) {
	v := r.list.get(c.id("id"))
	if v == nil {
		return answer{}, notFound()
	}
	if r.guard != nil {
		if err := r.guard(v); err != nil {
			return answer{}, err
		}
	}
	if err := r.list.remove(s, c.id("id")); err != nil {
		return answer{}, err
	}
	if r.removed != nil {
		r.removed(v)
	}
	return noContent()
}

// strangers lists, sorted, the keys of an object that t has no field for, and those only Zendesk sets.
func strangers(raw json.RawMessage, t reflect.Type) []string {
	var keys map[string]json.RawMessage
	if json.Unmarshal(raw, &keys) != nil {
		return nil
	}
	known := map[string]bool{}
	fieldNames(t, known)
	var out []string
	for k := range keys {
		if !known[k] {
			out = append(out, k)
		}
	}
	slices.Sort(out)
	return out
}

// fieldNames collects the JSON names of t's fields; a head's are not writable and left out.
func fieldNames(t reflect.Type, names map[string]bool) {
	for f := range t.Fields() {
		if f.Anonymous {
			if f.Type != reflect.TypeFor[head]() {
				fieldNames(f.Type, names)
			}
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		names[name] = true
	}
}
