package desk

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

func (s *Server) ticketRoutes() []route {
	base := "/api/v2/tickets"
	return []route{
		rt("GET", base, s.listTickets),
		rt("POST", base, s.createTicket),
		rt("GET", base+"/count", func(*call) (answer, error) { return s.count(len(s.tickets.all())) }),
		rt("GET", base+"/show_many", s.showManyTickets),
		rt("GET", base+"/{id}", s.showTicket),
		rt("PUT", base+"/{id}", s.updateTicket),
		rt("DELETE", base+"/{id}", s.deleteTicket),
		rt("GET", base+"/{id}/tags", s.showTags),
		rt("POST", base+"/{id}/tags", s.changeTags),
		rt("PUT", base+"/{id}/tags", s.changeTags),
		rt("DELETE", base+"/{id}/tags", s.changeTags),
		rt("GET", "/api/v2/users/{user}/tickets/requested", s.ticketsBy(requestedBy)),
		rt("GET", "/api/v2/users/{user}/tickets/requested/count", s.countBy(requestedBy)),
		rt("GET", "/api/v2/users/{user}/tickets/assigned", s.ticketsBy(assignedTo)),
		rt("GET", "/api/v2/users/{user}/tickets/assigned/count", s.countBy(assignedTo)),
		rt("GET", "/api/v2/users/{user}/tickets/ccd", s.ticketsBy(copiedTo)),
		rt("GET", "/api/v2/organizations/{organization}/tickets", s.ticketsBy(ofOrganization)),
		rt("GET", "/api/v2/organizations/{organization}/tickets/count", s.countBy(ofOrganization)),
	}
}

func requestedBy(c *call, t *ticket) bool { return t.RequesterID == c.id("user") }

func assignedTo(c *call, t *ticket) bool { return idValue(t.AssigneeID) == c.id("user") }

func copiedTo(c *call, t *ticket) bool { return slices.Contains(t.EmailCCs, c.id("user")) }

func ofOrganization(c *call, t *ticket) bool {
	return idValue(t.OrganizationID) == c.id("organization")
}

// owner refuses a list below a user, an organisation or a group that does not exist.
func (s *Server) owner(c *call) error {
	if id := c.id("user"); id != 0 && s.users.get(id) == nil {
		return notFound()
	}
	if id := c.id("organization"); id != 0 && s.orgs.get(id) == nil {
		return notFound()
	}
	if id := c.id("group"); id != 0 && s.groups.get(id) == nil {
		return notFound()
	}
	return nil
}

// below lists a resource's records below their owner.
func below[T any, P record[T]](s *Server, r *resource[T, P]) handler {
	return func(c *call) (answer, error) {
		if err := s.owner(c); err != nil {
			return answer{}, err
		}
		return r.index(s, c)
	}
}

func (s *Server) ticketsBy(keep func(*call, *ticket) bool) handler {
	return func(c *call) (answer, error) {
		if err := s.owner(c); err != nil {
			return answer{}, err
		}
		return s.ticketList(c, s.tickets.where(func(t *ticket) bool { return keep(c, t) }))
	}
}

func (s *Server) countBy(keep func(*call, *ticket) bool) handler {
	return func(c *call) (answer, error) {
		if err := s.owner(c); err != nil {
			return answer{}, err
		}
		return s.count(len(s.tickets.where(func(t *ticket) bool { return keep(c, t) })))
	}
}

// listTickets lists all tickets, or with ?external_id= those that carry it; it does not use the search index.
func (s *Server) listTickets(c *call) (answer, error) {
	external := c.query.Get("external_id")
	return s.ticketList(c, s.tickets.where(func(t *ticket) bool { return external == "" || text(t.ExternalID) == external }))
}

func (s *Server) ticketList(c *call, list []*ticket) (answer, error) {
	sortTickets(c, list)
	var people []int64
	out, err := page(s, c, listing[*ticket]{
		key: "tickets", items: list, id: func(t *ticket) int64 { return t.ID },
		show: func(t *ticket) any {
			people = append(people, peopleOf(t)...)
			return s.ticketWire(t)
		},
	})
	if err == nil {
		s.sideload(c, out, people)
	}
	return answer{body: out}, err
}

func peopleOf(t *ticket) []int64 {
	return []int64{t.RequesterID, t.SubmitterID, idValue(t.AssigneeID)}
}

func (s *Server) showManyTickets(c *call) (answer, error) {
	ids, err := idList(c.query.Get("ids"))
	if err != nil {
		return answer{}, err
	}
	return s.ticketList(c, s.tickets.where(func(t *ticket) bool { return slices.Contains(ids, t.ID) }))
}

func (s *Server) showTicket(c *call) (answer, error) {
	t := s.tickets.get(c.id("id"))
	if t == nil {
		return answer{}, notFound()
	}
	out := map[string]any{"ticket": s.ticketWire(t)}
	s.sideload(c, out, peopleOf(t))
	for part := range strings.SplitSeq(c.query.Get("include"), ",") {
		switch part {
		case "organizations":
			out[part] = s.shownOrgs(t)
		case "groups":
			out[part] = s.shownGroups(t)
		case "comment_count":
			out["ticket"] = struct {
				*ticketWire
				Count int `json:"comment_count"`
			}{s.ticketWire(t), len(s.tickets.comments[t.ID])}
		}
	}
	return ok(out)
}

func (s *Server) shownOrgs(t *ticket) []any {
	if o := s.orgs.get(idValue(t.OrganizationID)); o != nil {
		return []any{s.orgResource().wire(s, o)}
	}
	return []any{}
}

func (s *Server) shownGroups(t *ticket) []any {
	if g := s.groups.get(idValue(t.GroupID)); g != nil {
		return []any{s.groupResource().wire(s, g)}
	}
	return []any{}
}

// createTicket answers 201; with an Idempotency-Key a repetition gets the first answer again.
func (s *Server) createTicket(c *call) (answer, error) {
	raw, err := c.object("ticket")
	if err != nil {
		return answer{}, err
	}
	key, hash := c.r.Header.Get("Idempotency-Key"), ""
	if key != "" {
		hash = bodyHash(c.body)
		done, err := s.replay(c, key, hash)
		if done != nil || err != nil {
			return answer{status: http.StatusCreated, body: done}, err
		}
	}
	in, dropped, err := readTicket(raw, false)
	if err != nil {
		return answer{}, err
	}
	c.warn(dropped)
	if c.query.Get("async") == "true" {
		return s.createLater(c, raw)
	}
	ch, err := s.create(actorOf(c), in)
	if err != nil {
		return answer{}, err
	}
	ch.key, ch.hash = key, hash
	a, err := s.commit(ch)
	if err != nil {
		return answer{}, err
	}
	if err := s.linkFollowup(ch.next, in); err != nil {
		return answer{}, err
	}
	return created(s.madeAnswer(c, ch.next, a))
}

func (s *Server) madeAnswer(c *call, t *ticket, a *audit) map[string]any {
	c.header.Set("Location", s.url("/tickets/%d.json", t.ID))
	return map[string]any{"ticket": s.ticketWire(t), "audit": s.auditWire(a)}
}

// replay answers a creation whose key is known, and marks the answer as miss or hit.
func (s *Server) replay(c *call, key, hash string) (map[string]any, error) {
	if len(key) > 255 {
		return nil, badRequest("IdempotentRequestError", "The idempotency key must not be longer than 255 characters")
	}
	for k, v := range s.tickets.keys {
		if s.now().Sub(v.audit.CreatedAt) >= idempotencyLife {
			delete(s.tickets.keys, k)
		}
	}
	known, found := s.tickets.keys[key]
	if !found {
		c.header.Set("X-Idempotency-Lookup", "miss")
		return nil, nil
	}
	if known.hash != hash {
		return nil, badRequest("IdempotentRequestError", "Request parameters don't match the given idempotency key")
	}
	c.header.Set("X-Idempotency-Lookup", "hit")
	return s.madeAnswer(c, known.made, known.audit), nil
}

// bodyHash is the same for bodies that say the same.
func bodyHash(body []byte) string {
	var v any
	if json.Unmarshal(body, &v) == nil {
		body = mustJSON(v)
	}
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

func (s *Server) updateTicket(c *call) (answer, error) {
	t := s.tickets.get(c.id("id"))
	if t == nil {
		return answer{}, notFound()
	}
	if err := s.spendTicketUpdate(c.header, t.ID, c.user.ID); err != nil {
		return answer{}, err
	}
	raw, err := c.object("ticket")
	if err != nil {
		return answer{}, err
	}
	in, dropped, err := readTicket(raw, false)
	if err != nil {
		return answer{}, err
	}
	c.warn(dropped)
	next, a, err := s.amend(actorOf(c), t, in)
	if err != nil {
		return answer{}, err
	}
	out := map[string]any{"ticket": s.ticketWire(next), "audit": nil}
	if a != nil {
		out["audit"] = s.auditWire(a)
	}
	return ok(out)
}

// amend changes a ticket and commits it.
func (s *Server) amend(by actor, t *ticket, in *ticketInput) (*ticket, *audit, error) {
	ch, err := s.modify(by, t, in)
	if err != nil {
		return nil, nil, err
	}
	a, err := s.commit(ch)
	if err != nil {
		return nil, nil, err
	}
	return s.tickets.get(t.ID), a, nil
}

func (s *Server) deleteTicket(c *call) (answer, error) {
	t := s.tickets.get(c.id("id"))
	if t == nil {
		return answer{}, notFound()
	}
	next := *t
	next.Deleted, next.UpdatedAt = true, s.stamp()
	a := s.newAudit(t.ID, actorOf(c), nil, []event{})
	if err := s.record(&auditRecord{Audit: a, Ticket: &next}); err != nil {
		return answer{}, err
	}
	if err := s.notifyDeleted(&next, actorOf(c)); err != nil {
		return answer{}, err
	}
	return noContent()
}

func (s *Server) showTags(c *call) (answer, error) {
	t := s.tickets.get(c.id("id"))
	if t == nil {
		return answer{}, notFound()
	}
	return ok(map[string]any{"tags": listOf(t.Tags)})
}

// changeTags adds (PUT), sets (POST) or removes (DELETE) tags; safe_update works here too.
func (s *Server) changeTags(c *call) (answer, error) {
	t := s.tickets.get(c.id("id"))
	if t == nil {
		return answer{}, notFound()
	}
	if err := s.spendTicketUpdate(c.header, t.ID, c.user.ID); err != nil {
		return answer{}, err
	}
	var sent struct {
		Tags         tagList       `json:"tags"`
		SafeUpdate   opt[flexText] `json:"safe_update"`
		UpdatedStamp opt[string]   `json:"updated_stamp"`
	}
	if err := c.decode(&sent); err != nil {
		return answer{}, err
	}
	in := &ticketInput{SafeUpdate: sent.SafeUpdate, UpdatedStamp: sent.UpdatedStamp}
	list := opt[tagList]{Set: true, V: sent.Tags}
	switch c.r.Method {
	case http.MethodPost:
		in.Tags = list
	case http.MethodPut:
		in.AdditionalTags = list
	default:
		in.RemoveTags = list
	}
	next, _, err := s.amend(actorOf(c), t, in)
	if err != nil {
		return answer{}, err
	}
	out := answer{body: map[string]any{"tags": listOf(next.Tags)}}
	if c.r.Method == http.MethodPost {
		out.status = http.StatusCreated
	}
	return out, nil
}
