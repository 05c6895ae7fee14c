package graph

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"
)

// schedule puts the next step of an outgoing message into the queue. The caller holds s.mu.
func (s *Server) schedule(m *message) {
	var after time.Duration
	switch m.State {
	case stateAccepted:
		after = sentAfter
	case stateSent:
		if c := s.customer(m.Customer); c != nil && c.Offline {
			return
		}
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
		err = s.arrive(m)
	case from == stateDelivered && !m.Seen:
		err = s.look(m)
	}
	if err != nil {
		s.cfg.Logger.Error("status not stored", "wamid", id, "error", err)
		return
	}
	if m.State != from {
		s.schedule(m)
	}
}

// arrive shows a message on the customer's phone, unless the phone is off or it has waited too long: then nothing is
// told at all.
func (s *Server) arrive(m *message) error {
	c := s.customer(m.Customer)
	life := undeliveredLife
	if m.Category == "authentication" {
		life = codeLife
	}
	if c == nil || c.Offline || s.cfg.Clock.Now().Sub(m.At) >= life {
		return nil
	}
	if c.AutoRead && !c.NoReceipts && s.knobs.SkipDelivered {
		return s.look(m)
	}
	return s.report(m, stateDelivered)
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
	u, err := s.newUpdate(tells(n, s.statusValue(n, m, state)))
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
	if state == stateFailed {
		s.failed[ErrorCount{Code: m.Fail, Way: wayStatus}]++
	}
	return nil
}

func (s *Server) statusValue(n Number, m *message, state string) value {
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
		return value{Statuses: []wireStatus{st}}
	}
	v := value{}
	if c != nil {
		if p := s.phoneFor(c, n.ID); p != "" {
			st.RecipientID = p
		}
		st.RecipientUserID, st.RecipientParent = c.BSUID, c.Parent
		v.Contacts = []wireContact{s.contact(c, n.ID, state != stateSent)}
	}
	if state == stateSent || state == stateDelivered {
		st.Pricing, st.Conversation = s.pricing(m)
	}
	v.Statuses = []wireStatus{st}
	return v
}

func failureDetails(f failure) string {
	switch f.code {
	case codeWindow:
		return windowDetails
	case codeUpload:
		return "Media file could not be processed: its content is not what its type says, it is too large, or it could not be fetched."
	case codeUndelivered:
		return "Message undeliverable."
	}
	return "Sandbox: this recipient stands for this error."
}

// pricing says what the message costs: since October 2026 every delivered one is charged, service messages too, but for
// the 72 hours after an ad that was answered within a day. Only then a conversation is named.
func (s *Server) pricing(m *message) (*pricing, *adWindowOf) {
	if ad := s.openAd(m); ad != nil {
		return &pricing{Model: "PMP", Type: "free_entry_point", Category: "referral_conversion"}, &adWindowOf{
			ID: strings.ReplaceAll(ad.ID, "wamid.", ""), Expiry: stamp(ad.At.Add(adWindow)), Origin: adOrigin{Type: "referral_conversion"},
		}
	}
	return &pricing{Billable: true, Model: "PMP", Type: "regular", Category: cmp.Or(m.Category, "service")}, nil
}

// openAd returns the message that came from an ad and opened the free hours m is in.
func (s *Server) openAd(m *message) *message {
	for _, ad := range s.chats[m.chat()] {
		if ad.FromAd && m.At.Sub(ad.At) < adWindow && s.answeredSoon(ad) {
			return ad
		}
	}
	return nil
}

func (s *Server) answeredSoon(ad *message) bool {
	return slices.ContainsFunc(s.chats[ad.chat()], func(m *message) bool {
		return m.Out && m.Seq > ad.Seq && m.At.Sub(ad.At) <= adAnswerWithin && m.State != stateFailed
	})
}
