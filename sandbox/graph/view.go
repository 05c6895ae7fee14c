package graph

import (
	"encoding/json"
	"slices"
	"time"
)

// Customer is a customer as the phone page shows it in its list.
type Customer struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	Username   string `json:"username,omitempty"`
	Phone      string `json:"phone"` // digits; the customer's own, also when the business does not get it
	BSUID      string `json:"bsuid,omitempty"`
	HidesPhone bool   `json:"hides_phone"`
	AutoRead   bool   `json:"auto_read"`
	NoReceipts bool   `json:"no_receipts"`
	Unread     int    `json:"unread"`
	// Last is the newest message the phone shows, nil in an empty chat.
	Last *ChatMessage `json:"last,omitempty"`
}

// Chat is a customer's chat with one number.
type Chat struct {
	Number     Number        `json:"number"`
	Customer   Customer      `json:"customer"`
	Typing     bool          `json:"typing"` // the business is typing
	WindowOpen bool          `json:"window_open"`
	Messages   []ChatMessage `json:"messages"` // oldest first
}

// ChatMessage is one message of a chat. Reactions are shown on the message they answer.
type ChatMessage struct {
	ID   string `json:"id"`
	From string `json:"from"` // customer or business
	Type string `json:"type"`
	// Content is the object under the type's name, in the words of the Cloud API.
	Content json.RawMessage `json:"content"`
	// Preview is a template's text, filled in, and Buttons its quick replies.
	Preview   string     `json:"preview,omitempty"`
	Buttons   []string   `json:"buttons,omitempty"`
	At        time.Time  `json:"at"`
	State     string     `json:"state"` // accepted, sent, delivered, read, failed
	ErrorCode int        `json:"error_code,omitempty"`
	Callback  string     `json:"callback,omitempty"` // biz_opaque_callback_data
	Quoted    *Quoted    `json:"quoted,omitempty"`
	Reactions []Reaction `json:"reactions,omitempty"`
}

// Quoted is the message a reply answers.
type Quoted struct {
	ID      string          `json:"id"`
	From    string          `json:"from"`
	Type    string          `json:"type"`
	Content json.RawMessage `json:"content"`
	Preview string          `json:"preview,omitempty"`
}

// Reaction is an emoji on a message.
type Reaction struct {
	From  string `json:"from"`
	Emoji string `json:"emoji"`
}

// Customers returns all customers with the newest message of their chats with the first number.
func (s *Server) Customers() []Customer { return s.customersOf(s.cfg.Numbers[0]) }

func (s *Server) customersOf(n Number) []Customer {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Customer, 0, len(s.customers))
	for _, c := range s.customers {
		out = append(out, s.view(c, n))
	}
	return out
}

// Chat returns a customer's chat with a number, "" being the first, as the customer sees it; with all also messages of
// the business that did not reach the phone. It is false when there is no such customer or number.
func (s *Server) Chat(customerID, numberID string, all bool) (Chat, bool) {
	n, ok := s.cfg.Numbers[0], true
	if numberID != "" {
		n, ok = s.number(numberID)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.customer(customerID)
	if c == nil || !ok {
		return Chat{}, false
	}
	key := chatKey{number: n.ID, customer: c.ID}
	return Chat{
		Number: n, Customer: s.view(c, n), Typing: s.cfg.Clock.Now().Before(s.typing[key]), WindowOpen: s.windowOpen(key),
		Messages: s.chatMessages(key, all),
	}, true
}

func (s *Server) chatMessages(key chatKey, all bool) []ChatMessage {
	out, place := []ChatMessage{}, map[string]int{}
	for _, m := range s.chats[key] {
		if !m.onPhone() && !all {
			continue
		}
		if m.Type != "reaction" {
			place[m.ID] = len(out)
			out = append(out, s.viewMessage(m))
			continue
		}
		if id, r := m.reaction(); !m.Out || m.onPhone() {
			if i, ok := place[id]; ok {
				out[i].react(r)
			}
		}
	}
	return out
}

// react replaces what the same side had on the message; an empty emoji takes it away.
func (c *ChatMessage) react(r Reaction) {
	c.Reactions = slices.DeleteFunc(c.Reactions, func(old Reaction) bool { return old.From == r.From })
	if r.Emoji != "" {
		c.Reactions = append(c.Reactions, r)
	}
}

func (m *message) reaction() (target string, r Reaction) {
	c, err := content[struct {
		MessageID string `json:"message_id"`
		Emoji     string `json:"emoji"`
	}](m)
	if err != nil {
		return "", Reaction{}
	}
	return c.MessageID, Reaction{From: m.from(), Emoji: c.Emoji}
}

func (m *message) from() string {
	if m.Out {
		return "business"
	}
	return "customer"
}

func (s *Server) viewMessage(m *message) ChatMessage {
	out := ChatMessage{
		ID: m.ID, From: m.from(), Type: m.Type, Content: m.Content, Preview: m.Preview, Buttons: m.Buttons,
		At: m.At, State: m.State, Callback: m.Callback,
	}
	if m.State == stateFailed {
		out.ErrorCode = m.Fail
	}
	q := s.byID[m.Context]
	if q != nil && q.chat() == m.chat() && m.Type != "template" && m.At.Sub(q.At) <= quoteLife {
		out.Quoted = &Quoted{ID: q.ID, From: q.from(), Type: q.Type, Content: q.Content, Preview: q.Preview}
	}
	return out
}

func (s *Server) view(c *customer, n Number) Customer {
	out := Customer{
		ID: c.ID, Name: c.Name, Username: c.Username, Phone: c.WaID, BSUID: c.BSUID, HidesPhone: c.HidesPhone,
		AutoRead: c.AutoRead, NoReceipts: c.NoReceipts,
	}
	for _, m := range s.chats[chatKey{number: n.ID, customer: c.ID}] {
		if !m.onPhone() || m.Type == "reaction" {
			continue
		}
		last := s.viewMessage(m)
		out.Last = &last
		if !m.Seen {
			out.Unread++
		}
	}
	return out
}
