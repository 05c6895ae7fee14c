package desk

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strconv"
)

const (
	maxPage   = 100
	maxOffset = 10_000 // records reachable by offset paging
	deepPage  = 500    // pages beyond it have a limit of their own
)

// listing is a list about to be paged: its key in the answer, what it holds in order, and how an item is told and shown.
type listing[T any] struct {
	key   string
	items []T
	id    func(T) int64
	show  func(T) any
	size  int // of a page when the caller names none; 0 is 100
	most  int // the largest page; 0 is 100
}

// page cuts the asked page out of l, by cursor (page[size], page[after], page[before]) or by offset (page, per_page).
func page[T any](s *Server, c *call, l listing[T]) (map[string]any, error) {
	orDefault(&l.most, maxPage)
	orDefault(&l.size, min(maxPage, l.most))
	if c.query.Has("page[size]") || c.query.Has("page[after]") || c.query.Has("page[before]") {
		return cursorPage(s, c, l)
	}
	return offsetPage(s, c, l)
}

func (l listing[T]) shown(from, to int) []any {
	out := make([]any, 0, to-from)
	for _, it := range l.items[from:to] {
		out = append(out, l.show(it))
	}
	return out
}

func offsetPage[T any](s *Server, c *call, l listing[T]) (map[string]any, error) {
	size := clamp(intParam(c.query, "per_page", l.size), l.most)
	n := max(intParam(c.query, "page", 1), 1)
	if n > deepPage {
		if err := s.spend(c.header, limit{"deep-pages", "", s.limits().DeepListsPerMinute, 60 * second}); err != nil {
			return nil, err
		}
	}
	if n > maxOffset/size+1 || (n-1)*size >= maxOffset {
		return nil, badRequest("InvalidPaginationDepth", "Number of records exceeds the limit of 10000")
	}
	from := min((n-1)*size, len(l.items))
	to := min(from+size, len(l.items))
	out := map[string]any{l.key: l.shown(from, to), "count": len(l.items), "next_page": nil, "previous_page": nil}
	if to < len(l.items) {
		out["next_page"] = s.link(c, map[string]string{"page": strconv.Itoa(n + 1)})
	}
	if n > 1 {
		out["previous_page"] = s.link(c, map[string]string{"page": strconv.Itoa(n - 1)})
	}
	return out, nil
}

func cursorPage[T any](s *Server, c *call, l listing[T]) (map[string]any, error) {
	size := clamp(intParam(c.query, "page[size]", l.size), l.most)
	from, to, err := l.bounds(c.query, size)
	if err != nil {
		return nil, err
	}
	more := to < len(l.items)
	if c.query.Has("page[before]") {
		more = from > 0
	}
	meta := map[string]any{"has_more": more, "after_cursor": nil, "before_cursor": nil}
	links := map[string]any{"next": nil, "prev": nil}
	if to > from {
		after, before := cursorOf(l.id(l.items[to-1])), cursorOf(l.id(l.items[from]))
		meta["after_cursor"], meta["before_cursor"] = after, before
		if to < len(l.items) {
			links["next"] = s.link(c, map[string]string{"page[after]": after, "page[before]": ""})
		}
		if from > 0 {
			links["prev"] = s.link(c, map[string]string{"page[before]": before, "page[after]": ""})
		}
	}
	return map[string]any{l.key: l.shown(from, to), "meta": meta, "links": links}, nil
}

func (l listing[T]) bounds(q url.Values, size int) (from, to int, err error) {
	for _, p := range []string{"page[after]", "page[before]"} {
		if q.Get(p) == "" {
			continue
		}
		at, err := l.find(q.Get(p))
		if err != nil {
			return 0, 0, err
		}
		if p == "page[before]" {
			return max(at-size, 0), at, nil
		}
		return at + 1, min(at+1+size, len(l.items)), nil
	}
	return 0, min(size, len(l.items)), nil
}

func (l listing[T]) find(cursor string) (int, error) {
	id, err := idOf(cursor)
	if err != nil {
		return 0, err
	}
	at := slices.IndexFunc(l.items, func(it T) bool { return l.id(it) == id })
	if at < 0 {
		return 0, badCursor()
	}
	return at, nil
}

func cursorOf(id int64) string {
	return base64.RawURLEncoding.EncodeToString([]byte("id:" + strconv.FormatInt(id, 10)))
}

func idOf(cursor string) (int64, error) {
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(text) < 4 {
		return 0, badCursor()
	}
	id, err := strconv.ParseInt(string(text[3:]), 10, 64)
	if err != nil {
		return 0, badCursor()
	}
	return id, nil
}

func badCursor() error {
	return badRequest("InvalidCursor", "The cursor is not valid")
}

// link is the call's own address with some parameters replaced; an empty value removes one.
func (s *Server) link(c *call, set map[string]string) string {
	q, err := url.ParseQuery(c.r.URL.RawQuery)
	if err != nil {
		q = url.Values{}
	}
	for k, v := range set {
		if v == "" {
			q.Del(k)
			continue
		}
		q.Set(k, v)
	}
	return s.cfg.BaseURL + c.r.URL.Path + "?" + q.Encode()
}

func intParam(q url.Values, name string, def int) int {
	n, err := strconv.Atoi(q.Get(name))
	if err != nil {
		return def
	}
	return n
}

// clamp keeps n from 1 to high.
func clamp(n, high int) int { return min(max(n, 1), high) }
