package graph

import (
	"encoding/json"
	"errors"
	"fmt"
)

// incoming is what a customer sends. Its content stands under the type's name.
type incoming struct {
	Type    string          `json:"type"`
	Context incomingContext `json:"context"`
	// Referral is the ad the customer comes from, in the words of a webhook.
	Referral json.RawMessage `json:"referral"`
	Group    string          `json:"group_id"` // a message to a group instead of to the business
	// GenerateBytes has a media message carry a file of this size that is computed when it is read.
	GenerateBytes int64 `json:"generate_bytes"`
	// Declare is what WhatsApp says of the file instead of the truth.
	Declare claim `json:"declare"`

	content json.RawMessage
	file    *media // generated, not yet stored
}

type incomingContext struct {
	MessageID           string          `json:"message_id"` // quotes
	Forwarded           bool            `json:"forwarded"`
	FrequentlyForwarded bool            `json:"frequently_forwarded"`
	Product             json.RawMessage `json:"referred_product"`
}

// errCustomer is the root of the errors that whoever types on a phone can mend.
var errCustomer = errors.New("cannot be sent")

func refuse(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errCustomer, fmt.Sprintf(format, args...))
}

// ReceiveFrom has a customer send a text to the first number and returns the message's id.
func (s *Server) ReceiveFrom(customerID, text string) (wamid string, err error) {
	content, err := json.Marshal(map[string]string{"body": text})
	if err != nil {
		return "", err
	}
	return s.receive(s.cfg.Numbers[0], customerID, incoming{Type: "text", content: content})
}

// receive stores a customer's message and the webhook that tells of it.
func (s *Server) receive(n Number, customerID string, in incoming) (string, error) {
	if err := in.generate(); err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.present(customerID)
	if err != nil {
		return "", err
	}
	switch in.Type {
	case "edit":
		return s.edit(n, c, in.content)
	case "revoke":
		return s.revoke(n, c, in.content)
	}
	return s.receiveMessage(n, c, in)
}

// present returns a customer who can use the phone now. The caller holds s.mu.
func (s *Server) present(id string) (*customer, error) {
	c := s.customer(id)
	switch {
	case c == nil:
		return nil, refuse("there is no customer %q", id)
	case c.Gone:
		return nil, refuse("%s gave this phone up", c.Name)
	case c.Offline:
		return nil, refuse("the phone of %s is offline", c.Name)
	}
	return c, nil
}

func (s *Server) receiveMessage(n Number, c *customer, in incoming) (string, error) {
	m := &message{
		Number: n.ID, Customer: c.ID, Type: in.Type, Content: in.content, Context: in.Context.MessageID, At: s.cfg.Clock.Now(),
		State: stateSent, Seen: true, FromAd: len(in.Referral) > 0,
		Forwarded: in.Context.Forwarded || in.Context.FrequentlyForwarded,
	}
	out, err := s.accept(m, in)
	if err != nil {
		return "", err
	}
	m.ID, m.Seq = s.wamid(c.peer()), s.seq
	s.introduce(&out, m, c)
	out.Group, out.Referral, out.Context = in.Group, in.Referral, s.context(n, c, in.Context)
	notice := tells(n, value{Contacts: []wireContact{s.contact(c, n.ID, true)}, Messages: []wireMessage{out}})
	s.rates.count(n.ID, m.At)
	if in.Group != "" {
		return m.ID, s.tell(notice) // it is in no chat with the business
	}
	notice.message = m.ID
	return m.ID, s.record(m, notice)
}

// introduce says from whom a message is.
func (s *Server) introduce(out *wireMessage, m *message, c *customer) {
	out.From, out.FromUserID, out.FromParent = s.phoneFor(c, m.Number), c.BSUID, c.Parent
	out.ID, out.Timestamp = m.ID, stamp(m.At)
	if out.Type == "" {
		out.Type, out.Content = m.Type, m.Content
	}
}

// record stores a line of a chat and the update that tells of it, the update first.
func (s *Server) record(m *message, n notice) error {
	u, err := s.newUpdate(n)
	if err != nil {
		return err
	}
	if err := s.saveMessage(m); err != nil {
		return errors.Join(err, s.withdraw(u))
	}
	s.publish(u)
	return nil
}

// peer is what an id of a message names the customer by: not by a phone that is hidden.
func (c *customer) peer() string {
	if c.HidesPhone {
		return c.BSUID
	}
	return c.WaID
}

// context is what a message refers to: who wrote the quoted message, and its id.
func (s *Server) context(n Number, c *customer, in incomingContext) *wireContext {
	out := wireContext{
		ID: in.MessageID, Forwarded: in.Forwarded, FrequentlyForwarded: in.FrequentlyForwarded, Product: in.Product,
	}
	if out.ID != "" {
		out.From = n.Display
		if m := s.byID[out.ID]; m != nil && !m.Out {
			out.From = s.phoneFor(c, n.ID)
		}
	}
	if out.ID == "" && !out.Forwarded && !out.FrequentlyForwarded && len(out.Product) == 0 {
		return nil
	}
	return &out
}

// unreadable is a message whose content WhatsApp keeps for itself.
func unreadable(kind string, code int) wireMessage {
	title, details := "Message type unknown", "Message type is currently not supported."
	switch code {
	case codeTooLarge:
		title = "Media file size too big. Max file size we currently support: 100MB. Please communicate with your customer to send a media file that is smaller than 100MB"
		details = "Media file size too big."
	case codeUnavailable:
		title = "This message is currently unavailable."
		details = title
	}
	message := title
	if code == codeTooLarge {
		message = details
	}
	out := wireMessage{Type: "unsupported", Errors: []wireError{{Code: code, Title: title, Message: message, Data: errorData{Details: details}}}}
	if kind != "" {
		out.Content = json.RawMessage(`{"type":` + quoted(kind) + `}`)
	}
	return out
}

// quoted is a text as JSON.
func quoted(text string) string {
	raw, err := json.Marshal(text)
	if err != nil {
		return `""`
	}
	return string(raw)
}
