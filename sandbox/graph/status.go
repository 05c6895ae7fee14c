package graph

import (
	"context"
	"errors"
	"time"
)

// schedule puts the next step of an outgoing message into the queue. The caller holds s.mu.
func (s *Server) schedule(m *message) {
	var after time.Duration
	switch m.State {
	case stateAccepted:
		after = sentAfter
	case stateSent:
		after = deliveredAfter
	case stateDelivered:
		c := s.customer(m.Customer)
		if c == nil || !c.AutoRead || m.Seen {
			return
		}
		after = readAfter
	default:
		return
	}
	due := s.cfg.Clock.Now().Add(s.jitter(after))
	from := m.State
	s.cfg.Queue.At(due, func(context.Context) { s.step(m.ID, from) })
}

// step moves a message on, when it is still where it was at the time of scheduling.
func (s *Server) step(id, from string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.byID[id]
	if m == nil || m.State != from {
		return
	}
	var err error
	switch {
	case from == stateAccepted && m.Fail != 0:
		err = s.report(m, stateFailed)
	case from == stateAccepted:
		err = s.report(m, stateSent)
	case from == stateSent:
		err = s.report(m, stateDelivered)
	case from == stateDelivered && !m.Seen:
		err = s.look(m)
	}
	if err != nil {
		s.cfg.Logger.Error("status not stored", "wamid", id, "error", err)
		return
	}
	s.schedule(m)
}

// look records that the customer saw a message; the business learns of it unless receipts are switched off.
func (s *Server) look(m *message) error {
	m.Seen = true
	if c := s.customer(m.Customer); c == nil || c.NoReceipts {
		return s.saveMessage(m)
	}
	return s.report(m, stateRead)
}

// report gives a message a new state and tells the business. The webhook is stored first: killed in between, the
// sandbox tells it twice, which the business has to bear anyway.
func (s *Server) report(m *message, state string) error {
	n, ok := s.number(m.Number)
	if !ok {
		return nil // the number is no longer configured
	}
	u, err := s.newUpdate(s.statusValue(n, m, state), "")
	if err != nil {
		return err
	}
	before := m.State
	m.State = state
	if err := s.saveMessage(m); err != nil {
		m.State = before
		return errors.Join(err, s.withdraw(u))
	}
	s.publish(u)
	return nil
}

func (s *Server) statusValue(n Number, m *message, state string) value {
	v := value{Product: "whatsapp", Metadata: metadata{Display: n.Display, ID: n.ID}}
	st := wireStatus{
		ID: m.ID, Status: state, Timestamp: stamp(s.cfg.Clock.Now()), Callback: m.Callback,
		RecipientID: m.ToPhone, RecipientUserID: m.ToBSUID,
	}
	c := s.customer(m.Customer)
	if c != nil && m.ToPhone != "" {
		st.RecipientID = c.WaID
	}
	if state == stateFailed {
		f, _ := failureOf(m.Fail)
		st.Errors = []wireError{{
			Code: f.code, Title: f.title, Message: f.title, Data: errorData{Details: failureDetails(f)}, Href: errorsHref,
		}}
		v.Statuses = []wireStatus{st}
		return v
	}
	if c != nil {
		if p := c.phone(); p != "" {
			st.RecipientID = p
		}
		st.RecipientUserID = c.BSUID
		v.Contacts = []wireContact{c.contact(state != stateSent)}
	}
	if state == stateSent || state == stateDelivered {
		st.Pricing = m.pricing()
	}
	v.Statuses = []wireStatus{st}
	return v
}

func failureDetails(f failure) string {
	switch f.code {
	case codeWindow:
		return "Message failed to send because more than 24 hours have passed since the customer last replied to this number."
	case codeUndelivered:
		return "Message undeliverable."
	}
	return "Sandbox: this recipient stands for this error."
}

// contact is how webhooks introduce a customer.
func (c *customer) contact(withUsername bool) wireContact {
	out := wireContact{Profile: profile{Name: c.Name}, WaID: c.phone(), UserID: c.BSUID}
	if withUsername {
		out.Profile.Username = c.Username
	}
	return out
}

// pricing says what the message costs: since October 2026 every delivered one is charged, service messages too.
func (m *message) pricing() *pricing {
	p := &pricing{Billable: true, Model: "PMP", Type: "regular", Category: "service"}
	if m.Type == "template" {
		p.Category = "utility"
	}
	return p
}
