package desk

import (
	"slices"
	"strconv"
	"strings"
)

// searchUsers answers ?external_id= from the records and ?query= from the lagging index.
func (s *Server) searchUsers(c *call) (answer, error) {
	if id := c.query.Get("external_id"); id != "" {
		return s.withIdentities(c, s.users.where(func(u *user) bool { return u.Active && strings.EqualFold(text(u.ExternalID), id) }))
	}
	if strings.TrimSpace(c.query.Get("query")) == "" {
		return answer{}, badRequest("InvalidValue", "You must supply a query or an external_id")
	}
	var found []*user
	for _, d := range s.index.find(s, parseQuery("type:user "+c.query.Get("query"))) {
		found = append(found, d.user)
	}
	return s.withIdentities(c, found)
}

func (s *Server) autocompleteUsers(c *call) (answer, error) {
	name := strings.ToLower(c.query.Get("name"))
	if len(name) < 2 {
		return answer{}, badRequest("InvalidValue", "The name must have at least two characters")
	}
	return s.userResource().indexOf(s, c, s.users.where(func(u *user) bool {
		return u.Active && (strings.HasPrefix(strings.ToLower(u.Name), name) || strings.HasPrefix(text(u.Email), name))
	}))
}

func (s *Server) showManyUsers(c *call) (answer, error) {
	ids, err := idList(c.query.Get("ids"))
	if err != nil {
		return answer{}, err
	}
	var found []*user
	for _, id := range ids {
		if u := s.users.get(id); u != nil {
			found = append(found, u)
		}
	}
	if external := c.query.Get("external_ids"); external != "" {
		for id := range strings.SplitSeq(external, ",") {
			if u := s.userByExternalID(id); u != nil {
				found = append(found, u)
			}
		}
	}
	return s.withIdentities(c, found)
}

// withIdentities lists users and, with include=identities, everybody's identities beside them.
func (s *Server) withIdentities(c *call, found []*user) (answer, error) {
	out, err := s.userResource().indexOf(s, c, found)
	list, isList := out.body.(map[string]any)
	if err != nil || !isList || !slices.Contains(strings.Split(c.query.Get("include"), ","), "identities") {
		return out, err
	}
	all := []*identityWire{}
	for _, u := range found {
		all = append(all, s.identityWires(u.ID)...)
	}
	list["identities"] = all
	return out, nil
}

// idList reads up to 100 comma-separated numbers.
func idList(list string) ([]int64, error) {
	if list == "" {
		return nil, nil
	}
	var ids []int64
	for p := range strings.SplitSeq(list, ",") {
		id, err := strconv.ParseInt(strings.TrimSpace(p), 10, 64)
		if err != nil {
			return nil, badRequest("InvalidValue", "ids must be a list of numbers")
		}
		ids = append(ids, id)
	}
	if len(ids) > maxPage {
		return nil, badRequest("TooManyValues", "At most 100 ids may be given")
	}
	return ids, nil
}

func (s *Server) count(n int) (answer, error) {
	return ok(map[string]any{"count": map[string]any{"value": n, "refreshed_at": s.stamp()}})
}
