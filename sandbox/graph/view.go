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
	Parent     string `json:"parent_bsuid,omitempty"`
	HidesPhone bool   `json:"hides_phone"`
	AutoRead   bool   `json:"auto_read"`
	NoReceipts bool   `json:"no_receipts"`
	Offline    bool   `json:"offline"`
	Gone       bool   `json:"gone"` // gave the phone up
	StopsAds   bool   `json:"stops_ads"`
	// FailCode is the error that every message to the customer ends in, 0 none, and FailWay how the business learns of
	// it: "answer", "status", or "" for the code's usual way.
	FailCode int    `json:"fail_code"`
	FailWay  string `json:"fail_way"`
	Unread   int    `json:"unread"`
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

// ChatMessage is one message of a chat, or a line of type call or system. Reactions are shown on the message they answer.
type ChatMessage struct {
	ID   string `json:"id"`
	From string `json:"from"` // customer or business
	Type string `json:"type"`
	// Content is the object under the type's name, in the words of the Cloud API; null when the message was deleted.
	Content json.RawMessage `json:"content"`
	// Template is a template's message, filled in; Preview is its text and Buttons are the words of its quick replies.
	Template  *TemplateView `json:"template,omitempty"`
	Preview   string        `json:"preview,omitempty"`
	Buttons   []string      `json:"buttons,omitempty"`
	At        time.Time     `json:"at"`
	State     string        `json:"state"` // accepted, sent, delivered, read, played, failed
	ErrorCode int           `json:"error_code,omitempty"`
	Callback  string        `json:"callback,omitempty"` // biz_opaque_callback_data
	Forwarded bool          `json:"forwarded,omitempty"`
	Edited    bool          `json:"edited,omitempty"`
	Deleted   bool          `json:"deleted,omitempty"`
	Quoted    *Quoted       `json:"quoted,omitempty"`
	Reactions []Reaction    `json:"reactions,omitempty"`
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
		ID: m.ID, From: m.from(), Type: m.Type, Content: m.Content, Template: m.Template, At: m.At, State: m.State,
		Callback: m.Callback, Forwarded: m.Forwarded, Edited: m.Edited, Deleted: m.Deleted,
	}
	if m.Deleted {
		out.Content = json.RawMessage("null")
	}
	if m.State == stateFailed {
		out.ErrorCode = m.Fail
	}
	if m.Template != nil {
		out.Preview = m.Template.Body
		for _, b := range m.Template.Buttons {
			if b.Type == "quick_reply" {
				out.Buttons = append(out.Buttons, b.Text)
			}
		}
	}
	q := s.byID[m.Context]
	if q != nil && q.chat() == m.chat() && m.Type != "template" && !q.Deleted && m.At.Sub(q.At) <= quoteLife {
		out.Quoted = &Quoted{ID: q.ID, From: q.from(), Type: q.Type, Content: q.Content}
		if q.Template != nil {
			out.Quoted.Preview = q.Template.Body
		}
	}
	return out
}

func (s *Server) view(c *customer, n Number) Customer {
	out := Customer{
		ID: c.ID, Name: c.Name, Username: c.Username, Phone: c.WaID, BSUID: c.BSUID, Parent: c.Parent, HidesPhone: c.HidesPhone,
		AutoRead: c.AutoRead, NoReceipts: c.NoReceipts, Offline: c.Offline, Gone: c.Gone, StopsAds: c.StopsAds,
		FailCode: c.FailCode, FailWay: c.FailWay,
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
