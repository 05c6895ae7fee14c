package desk

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The last minute is not exported (Zendesk's article 8143500919322).
const exportDelay = time.Minute

// maxExport is the largest page of an export, and its default.
const maxExport = 1000

func (s *Server) incrementalRoutes() []route {
	return []route{
		rt("GET", "/api/v2/incremental/tickets/cursor", s.exportTickets),
		rt("GET", "/api/v2/incremental/users/cursor", s.exportUsers),
		rt("GET", "/api/v2/incremental/ticket_events", s.exportEvents),
	}
}

// place is a position in an export: everything changed up to then, with ids up to id at that very second, was seen.
type place struct {
	at int64 // Unix seconds
	id int64
}

func (p place) String() string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d|%d", p.at, p.id))
}

func (p place) before(at time.Time, id int64) bool {
	return cmp.Or(cmp.Compare(p.at, at.Unix()), cmp.Compare(p.id, id)) < 0
}

func readPlace(cursor string) (place, error) {
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	at, id, found := strings.Cut(string(raw), "|")
	if err != nil || !found {
		return place{}, badCursor()
	}
	p := place{}
	var errAt, errID error
	p.at, errAt = strconv.ParseInt(at, 10, 64)
	p.id, errID = strconv.ParseInt(id, 10, 64)
	if errAt != nil || errID != nil {
		return place{}, badCursor()
	}
	return p, nil
}

// startOf reads where an export shall begin: its cursor or its start_time.
func (s *Server) startOf(c *call) (place, error) {
	if err := s.spend(c.header, limit{"incremental-exports", "", s.limits().IncrementalPerMinute, time.Minute}); err != nil {
		return place{}, err
	}
	if c.user.Role != roleAdmin {
		return place{}, forbidden("Only admins may export")
	}
	if cursor := c.query.Get("cursor"); cursor != "" {
		return readPlace(cursor)
	}
	start, err := strconv.ParseInt(c.query.Get("start_time"), 10, 64)
	if err != nil {
		return place{}, badRequest("InvalidValue", "start_time or cursor must be given")
	}
	if s.now().Unix()-start < int64(exportDelay/time.Second) {
		return place{}, &apiError{
			status: http.StatusUnprocessableEntity, code: "InvalidStartTime",
			description: "Too recent start_time. Use a start_time older than 60 seconds",
		}
	}
	return place{at: start, id: 0}, nil
}

// export answers the items changed after the call's place, oldest change first.
func export[T any](s *Server, c *call, key string, all []T, at func(T) (time.Time, int64), show func(T) any) (answer, error) {
	from, err := s.startOf(c)
	if err != nil {
		return answer{}, err
	}
	horizon := s.now().Add(-exportDelay)
	list := slices.DeleteFunc(all, func(v T) bool {
		when, id := at(v)
		return !from.before(when, id) || when.After(horizon)
	})
	slices.SortStableFunc(list, func(a, b T) int {
		atA, idA := at(a)
		atB, idB := at(b)
		return cmp.Or(atA.Compare(atB), cmp.Compare(idA, idB))
	})
	size := clamp(intParam(c.query, "per_page", maxExport), maxExport)
	end := len(list) <= size
	list = list[:min(size, len(list))]
	shown := make([]any, 0, len(list))
	for _, v := range list {
		shown = append(shown, show(v))
	}
	to := from
	if len(list) > 0 {
		when, id := at(list[len(list)-1])
		to = place{when.Unix(), id}
	}
	next := s.link(c, map[string]string{"cursor": to.String(), "start_time": ""})
	return ok(map[string]any{
		key: shown, "after_cursor": to.String(), "after_url": next, "before_cursor": nil, "before_url": nil, "end_of_stream": end,
	})
}

// exportTickets includes deleted tickets, with that status.
func (s *Server) exportTickets(c *call) (answer, error) {
	var all []*ticket
	for _, id := range s.tickets.order {
		all = append(all, s.tickets.items[id])
	}
	return export(s, c, "tickets", all,
		func(t *ticket) (time.Time, int64) { return t.UpdatedAt, t.ID },
		func(t *ticket) any {
			w := s.ticketWire(t)
			generated := t.UpdatedAt.Unix()
			w.Generated = &generated
			if t.Deleted {
				w.Status = "deleted"
			}
			return w
		})
}

func (s *Server) exportUsers(c *call) (answer, error) {
	res := s.userResource()
	return export(s, c, "users", s.users.all(),
		func(u *user) (time.Time, int64) { return u.UpdatedAt, u.ID },
		func(u *user) any { return res.wire(s, u) })
}

// exportEvents is time-based: it ends at a whole second, given as end_time, from which the next call starts.
func (s *Server) exportEvents(c *call) (answer, error) {
	from, err := s.startOf(c)
	if err != nil {
		return answer{}, err
	}
	horizon := s.now().Add(-exportDelay)
	if end, err := strconv.ParseInt(c.query.Get("end_time"), 10, 64); err == nil && time.Unix(end, 0).Before(horizon) {
		horizon = time.Unix(end, 0)
	}
	var list []*audit
	for _, audits := range s.tickets.audits {
		for _, a := range audits {
			if a.CreatedAt.Unix() >= from.at && !a.CreatedAt.After(horizon) {
				list = append(list, a)
			}
		}
	}
	slices.SortFunc(list, func(a, b *audit) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	end := len(list) <= maxExport
	list = list[:min(maxExport, len(list))]
	bodies := slices.Contains(strings.Split(c.query.Get("include"), ","), "comment_events")
	shown := make([]any, 0, len(list))
	to := from.at
	for _, a := range list {
		shown = append(shown, s.eventWire(a, bodies))
		to = a.CreatedAt.Unix()
	}
	return ok(map[string]any{
		"ticket_events": shown, "count": len(shown), "end_of_stream": end, "end_time": to,
		"next_page": s.link(c, map[string]string{"start_time": strconv.FormatInt(to, 10)}),
	})
}

func (s *Server) eventWire(a *audit, bodies bool) map[string]any {
	children := []any{}
	for i := range a.Events {
		e := &a.Events[i]
		switch {
		case e.Comment != nil && bodies:
			children = append(children, struct {
				*commentWire
				Kind string `json:"event_type"`
			}{s.commentWire(e.Comment), eventComment})
		case e.Comment != nil:
			children = append(children, map[string]any{
				"id": e.ID, "event_type": eventComment, "comment_present": true, "comment_public": e.Comment.Public, "via": a.Via.Channel,
			})
		default:
			children = append(children, map[string]any{
				"id": e.ID, "event_type": e.Type, e.FieldName: e.Value, "previous_value": e.Previous, "via": a.Via.Channel,
			})
		}
	}
	return map[string]any{
		"id": a.ID, "ticket_id": a.TicketID, "timestamp": a.CreatedAt.Unix(), "created_at": a.CreatedAt, "updater_id": a.AuthorID,
		"via": a.Via.Channel, "system": a.Metadata.System, "metadata": a.Metadata, "event_type": "Audit", "child_events": children,
	}
}
