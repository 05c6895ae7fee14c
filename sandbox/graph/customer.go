package graph

import (
	"slices"
	"strings"
)

func (s *Server) customer(id string) *customer {
	for _, c := range s.customers {
		if c.ID == id {
			return c
		}
	}
	return nil
}

// customerByPhone returns who has the phone now.
func (s *Server) customerByPhone(digits string) *customer {
	for _, c := range s.customers {
		if !c.Gone && phoneKey(c.WaID) == phoneKey(digits) {
			return c
		}
	}
	return nil
}

func (s *Server) customerByBSUID(id string) *customer {
	for _, c := range s.customers {
		if id != "" && (c.BSUID == id || c.Parent == id) {
			return c
		}
	}
	return nil
}

// saveCustomer stores a customer and has the pages read the list again. The caller holds s.mu.
func (s *Server) saveCustomer(c *customer) error {
	if err := s.cfg.Store.Put(kindCustomer, c.ID, c); err != nil {
		return err
	}
	if old := s.customer(c.ID); old != nil {
		*old = *c
	} else {
		s.customers = append(s.customers, c)
	}
	s.hub.tell("")
	return nil
}

// phoneFor returns what a number's webhooks show of the customer's phone: nothing of one who has a username, unless the
// two exchanged a message by phone within the last 30 days. The caller holds s.mu.
func (s *Server) phoneFor(c *customer, number string) string {
	if !c.HidesPhone {
		return c.WaID
	}
	earliest := s.cfg.Clock.Now().Add(-phoneShownFor)
	for _, m := range slices.Backward(s.chats[chatKey{number: number, customer: c.ID}]) {
		if m.At.Before(earliest) {
			break
		}
		if m.Out && m.onPhone() && phoneKey(m.ToPhone) == phoneKey(c.WaID) {
			return c.WaID
		}
	}
	return ""
}

// contact is how a number's webhooks introduce a customer.
func (s *Server) contact(c *customer, number string, withUsername bool) wireContact {
	out := wireContact{Profile: profile{Name: c.Name}, WaID: s.phoneFor(c, number), UserID: c.BSUID, Parent: c.Parent}
	if withUsername {
		out.Profile.Username = c.Username
	}
	return out
}

// windowOpen reports whether the customer wrote to the number, or called it, within the last 24 hours. The caller holds
// s.mu.
func (s *Server) windowOpen(key chatKey) bool {
	earliest := s.cfg.Clock.Now().Add(-serviceWindow)
	for _, m := range slices.Backward(s.chats[key]) {
		if !m.Out && m.Type != typeSystem && (m.Type != "reaction" || s.knobs.ReactionsOpenWindow) {
			return m.At.After(earliest)
		}
	}
	return false
}

// newBSUID returns an id of the country that digits belong to; the sandbox knows two countries.
func (s *Server) newBSUID(digits string) string {
	if strings.HasPrefix(digits, "1") {
		return "US." + s.digitsID()
	}
	return "BR." + s.digitsID()
}
