package graph

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// systemContent is the object of a system message.
type systemContent struct {
	Body           string `json:"body"`
	WaID           string `json:"wa_id,omitempty"`
	Type           string `json:"type"`
	UserID         string `json:"user_id,omitempty"`
	Previous       string `json:"previous_user_id,omitempty"`
	Parent         string `json:"parent_user_id,omitempty"`
	PreviousParent string `json:"previous_parent_user_id,omitempty"`
}

// changeNumber moves a customer to another phone, and with it to another business-scoped user id. Every number the
// customer has a chat with is told. The caller holds s.mu.
func (s *Server) changeNumber(c *customer, phone string) (*customer, error) {
	digits, ok := dial(phone, s.cfg.Numbers[0].Display)
	switch {
	case !ok:
		return nil, refuse("phone must be a number with country code, as +55 11 98765-4321")
	case s.customerByPhone(digits) != nil:
		return nil, refuse("a customer has this phone already")
	}
	after := *c
	after.WaID = digits
	if after.BSUID != "" {
		after.BSUID = s.newBSUID(digits)
	}
	if c.HidesPhone {
		return s.turnInto(c, after, "user_changed_user_id")
	}
	return s.turnInto(c, after, "user_changed_number")
}

// changeID gives a customer another business-scoped user id, and another parent id where there is one.
func (s *Server) changeID(c *customer) (*customer, error) {
	if c.BSUID == "" {
		return nil, refuse("%s has no business-scoped user id", c.Name)
	}
	after := *c
	after.BSUID = s.newBSUID(c.WaID)
	if c.Parent != "" {
		after.Parent = strings.Replace(s.newBSUID(c.WaID), ".", ".ENT.", 1)
	}
	return s.turnInto(c, after, "user_changed_user_id")
}

// turnInto stores what a customer is from now on, and tells of it in every chat.
func (s *Server) turnInto(c *customer, after customer, kind string) (*customer, error) {
	before := *c
	if err := s.saveCustomer(&after); err != nil {
		return nil, err
	}
	for _, n := range s.cfg.Numbers {
		if len(s.chats[chatKey{number: n.ID, customer: c.ID}]) == 0 {
			continue
		}
		if err := s.tellOfChange(n, before, after, kind); err != nil {
			return nil, err
		}
	}
	return &after, nil
}

func (s *Server) tellOfChange(n Number, before, after customer, kind string) error {
	content := systemContent{Type: kind, UserID: after.BSUID, Previous: before.BSUID, Parent: after.Parent}
	out := wireMessage{Type: typeSystem}
	if before.Parent != after.Parent {
		content.PreviousParent = before.Parent
	}
	old, now := before.BSUID, after.BSUID
	if kind == "user_changed_number" {
		old, now = before.WaID, after.WaID
		content.WaID, out.From = after.WaID, before.WaID
	}
	content.Body = "User " + after.Name + " changed from " + old + " to " + now
	if s.knobs.NoPreviousID {
		content.Previous, content.PreviousParent = "", ""
	}
	raw, err := json.Marshal(content)
	if err != nil {
		return err
	}
	m := &message{
		Number: n.ID, Customer: after.ID, Type: typeSystem, Content: raw, At: s.cfg.Clock.Now(), State: stateSent, Seen: true,
	}
	m.ID, m.Seq = s.wamid(cmp.Or(out.From, before.BSUID)), s.seq
	out.ID, out.Timestamp, out.Content = m.ID, stamp(m.At), raw
	told := tells(n, value{Messages: []wireMessage{out}})
	told.message = m.ID
	return s.record(m, told)
}

// recycle gives a customer's phone to somebody new, of whom the business knows nothing. Nobody is told.
func (s *Server) recycle(c *customer, name string) (*customer, error) {
	if name == "" {
		return nil, refuse("name is missing")
	}
	gone := *c
	gone.Gone = true
	if err := s.saveCustomer(&gone); err != nil {
		return nil, err
	}
	heir := &customer{ID: strconv.Itoa(len(s.customers) + 1), Name: name, WaID: c.WaID, BSUID: s.newBSUID(c.WaID), AutoRead: true}
	return heir, s.saveCustomer(heir)
}

// sharePhone answers the business' request for the phone, the last one when id is empty: the card goes out, and from
// then on webhooks have the phone.
func (s *Server) sharePhone(n Number, c *customer, id string) (string, error) {
	if id == "" {
		for _, m := range slices.Backward(s.chats[chatKey{number: n.ID, customer: c.ID}]) {
			if m.asksForPhone() {
				id = m.ID
				break
			}
		}
	}
	first, last, _ := strings.Cut(c.Name, " ")
	name := map[string]string{"formatted_name": c.Name, "first_name": first}
	if last != "" {
		name["last_name"] = last
	}
	card, err := json.Marshal([]map[string]any{{
		"origin": "contact_request", "name": name,
		"phones": []map[string]string{{"phone": "+" + c.WaID, "wa_id": c.WaID, "type": "CELL"}},
	}})
	if err != nil {
		return "", err
	}
	sent, err := s.receiveMessage(n, c, incoming{Type: "contacts", content: card, Context: incomingContext{MessageID: id}})
	if err != nil {
		return "", err
	}
	shown := *c
	shown.HidesPhone = false
	return sent, s.saveCustomer(&shown)
}

// asksForPhone reports whether a message of the business has a button to share the phone.
func (m *message) asksForPhone() bool {
	if !m.Out || !m.onPhone() {
		return false
	}
	if m.Template != nil {
		return slices.ContainsFunc(m.Template.Buttons, func(b TemplateButton) bool { return b.Type == "request_contact_info" })
	}
	c, err := content[interactive](m)
	return m.Type == "interactive" && err == nil && c.Type == "request_contact_info"
}
