package graph

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// incoming is what a customer sends: the type, its content under the type's name, and the quoted message.
type incoming struct {
	Type    string
	Content json.RawMessage
	Quote   string
}

// errCustomer is the root of the errors that whoever types on a phone can mend.
var errCustomer = errors.New("cannot be sent")

func refuse(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errCustomer, fmt.Sprintf(format, args...))
}

// ReceiveFrom has a customer send a text to the first number and returns the message's id.
func (s *Server) ReceiveFrom(customerID, text string) (wamid string, err error) {
	body, err := json.Marshal(map[string]string{"body": text})
	if err != nil {
		return "", err
	}
	return s.receive(s.cfg.Numbers[0], customerID, incoming{Type: "text", Content: body})
}

// receive stores a customer's message and the webhook that tells of it.
func (s *Server) receive(n Number, customerID string, in incoming) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.customer(customerID)
	if c == nil {
		return "", refuse("there is no customer %q", customerID)
	}
	key := chatKey{number: n.ID, customer: c.ID}
	m := &message{Number: n.ID, Customer: c.ID, Type: in.Type, Context: in.Quote, At: s.cfg.Clock.Now(), State: stateSent, Seen: true}
	var err error
	if m.Content, err = s.accept(key, in); err != nil {
		return "", err
	}
	m.ID, m.Seq = s.wamid(c.WaID), s.seq
	out := wireMessage{
		From: c.phone(), FromUserID: c.BSUID, ID: m.ID, Timestamp: stamp(m.At), Type: m.Type,
		Content: m.Content, Context: s.quote(n, c, key, in.Quote),
	}
	u, err := s.newUpdate(value{
		Product: "whatsapp", Metadata: metadata{Display: n.Display, ID: n.ID},
		Contacts: []wireContact{c.contact(true)}, Messages: []wireMessage{out},
	}, m.ID)
	if err != nil {
		return "", err
	}
	if err := s.saveMessage(m); err != nil {
		return "", errors.Join(err, s.withdraw(u))
	}
	s.publish(u)
	return m.ID, nil
}

// quote is the context of a reply: who wrote the quoted message, and its id.
func (s *Server) quote(n Number, c *customer, key chatKey, id string) *wireContext {
	if id == "" {
		return nil
	}
	from := n.Display
	if m := s.byID[id]; m != nil && m.chat() == key && !m.Out {
		from = c.phone()
	}
	return &wireContext{From: from, ID: id}
}

// accept checks what a customer sends and returns it in the words of a webhook. The caller holds s.mu.
func (s *Server) accept(key chatKey, in incoming) (json.RawMessage, error) {
	if in.Quote != "" {
		if q := s.byID[in.Quote]; q == nil || q.chat() != key {
			return nil, refuse("the quoted message is not one of this chat")
		}
	}
	if len(in.Content) == 0 || string(in.Content) == "null" {
		return nil, refuse("%s is missing", in.Type)
	}
	m := &message{Type: in.Type, Content: in.Content, Number: key.number, Customer: key.customer}
	var err error
	switch in.Type {
	case "text":
		err = s.checkText(m)
	case "location":
		err = s.checkLocation(m)
	case "contacts":
		err = s.checkContacts(m)
	case "reaction":
		err = s.checkReaction(m)
	case "interactive":
		err = checkAnswer(m)
	case "button":
		err = checkPressed(m)
	case "image", "video", "audio", "document", "sticker":
		return s.acceptMedia(m)
	default:
		return nil, refuse("type %q is not one a customer can send here", in.Type)
	}
	if err != nil {
		return nil, refuse("%v", err)
	}
	return m.Content, nil
}

func checkAnswer(m *message) error {
	type choice struct {
		ID    string `json:"id"`
		Title string `json:"title"`
	}
	c, err := content[struct {
		Type   string  `json:"type"`
		Button *choice `json:"button_reply"`
		List   *choice `json:"list_reply"`
	}](m)
	if err != nil {
		return err
	}
	chosen := map[string]*choice{"button_reply": c.Button, "list_reply": c.List}[c.Type]
	if chosen == nil || chosen.ID == "" || chosen.Title == "" {
		return missing("interactive.button_reply or list_reply with id and title")
	}
	return nil
}

func checkPressed(m *message) error {
	c, err := content[struct {
		Payload string `json:"payload"`
		Text    string `json:"text"`
	}](m)
	if err != nil {
		return err
	}
	if c.Text == "" || c.Payload == "" {
		return missing("button.text and button.payload")
	}
	return nil
}

// inboundMedia is a webhook's media object.
type inboundMedia struct {
	Caption  string `json:"caption,omitempty"`
	Filename string `json:"filename,omitempty"`
	MIME     string `json:"mime_type"`
	SHA256   []byte `json:"sha256"` // base64 in JSON
	ID       string `json:"id"`
	URL      string `json:"url"`
	Voice    *bool  `json:"voice,omitempty"`
	Animated *bool  `json:"animated,omitempty"`
}

func (s *Server) acceptMedia(m *message) (json.RawMessage, error) {
	c, err := content[struct {
		ID       string `json:"id"`
		Caption  string `json:"caption"`
		Filename string `json:"filename"`
		Voice    bool   `json:"voice"`
	}](m)
	if err != nil {
		return nil, refuse("%v", err)
	}
	f := s.media[c.ID]
	if f == nil || !f.Inbound {
		return nil, refuse("%s.id is not the id of an uploaded file", m.Type)
	}
	if m.Type != "document" && !slices.Contains(mediaKinds(f.MIME), m.Type) {
		return nil, refuse("a file of type %s cannot be sent as %s", f.MIME, m.Type)
	}
	out := inboundMedia{Caption: c.Caption, MIME: f.MIME, SHA256: f.SHA256, ID: f.ID, URL: s.link(f)}
	switch m.Type {
	case "audio":
		out.Voice = &c.Voice
		if c.Voice && strings.HasPrefix(f.MIME, "audio/ogg") {
			out.MIME = "audio/ogg; codecs=opus"
		}
	case "sticker":
		out.Animated = new(bool)
	case "document":
		out.Filename = c.Filename
		if out.Filename == "" {
			out.Filename = f.Filename
		}
	}
	return json.Marshal(out)
}
