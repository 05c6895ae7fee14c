package graph

import (
	"encoding/json"
	"errors"
	"maps"
)

// own returns a message of the customer's that may still be changed.
func (s *Server) own(n Number, c *customer, id string) (*message, error) {
	m := s.byID[id]
	if m == nil || m.Out || m.Customer != c.ID || m.Number != n.ID || !m.quotable() {
		return nil, refuse("message_id is not a message of %s in this chat", c.Name)
	}
	return m, nil
}

// edit changes the words of a customer's message within 15 minutes. Its content is {"message_id","text"}, text being
// that of a text message or the caption of media. The business mostly learns only that something was edited.
func (s *Server) edit(n Number, c *customer, raw json.RawMessage) (string, error) {
	in, err := content[struct {
		MessageID string `json:"message_id"`
		Text      string `json:"text"`
	}](&message{Type: "edit", Content: raw})
	if err != nil {
		return "", refuse("%v", err)
	}
	m, err := s.own(n, c, in.MessageID)
	switch {
	case err != nil:
		return "", err
	case s.cfg.Clock.Now().Sub(m.At) > editLife:
		return "", refuse("a message can be edited for 15 minutes")
	}
	changed := *m
	if changed.Content, err = s.reword(m, in.Text); err != nil {
		return "", err
	}
	changed.Edited = true
	out := unreadable("edit", codeType)
	if s.knobs.RealEdits {
		if out, err = s.editBody(n, c, &changed); err != nil {
			return "", err
		}
	}
	return s.alter(n, c, m, changed, out)
}

// reword returns a message's content with other words.
func (s *Server) reword(m *message, text string) (json.RawMessage, error) {
	key := "caption"
	switch m.Type {
	case "text":
		key = "body"
		if err := s.checkText(&message{Type: "text", Content: json.RawMessage(`{"body":` + quoted(text) + `}`)}); err != nil {
			return nil, refuse("%v", err)
		}
	case "image", "video", "document":
		if err := s.within(m.Type+".caption", text, 1, maxCaption); err != nil {
			return nil, refuse("%v", err)
		}
	default:
		return nil, refuse("a message of type %s has no words to edit", m.Type)
	}
	fields, err := content[map[string]json.RawMessage](m)
	if err != nil {
		return nil, err
	}
	fields = maps.Clone(fields)
	fields[key] = json.RawMessage(quoted(text))
	return json.Marshal(fields)
}

// editBody is the documented webhook of an edit, with the new content.
func (s *Server) editBody(n Number, c *customer, m *message) (wireMessage, error) {
	inner := map[string]any{"type": m.Type, m.Type: m.Content}
	if quote := s.context(n, c, incomingContext{MessageID: m.Context, Forwarded: m.Forwarded}); quote != nil {
		inner["context"] = quote
	}
	raw, err := json.Marshal(map[string]any{"original_message_id": m.ID, "message": inner})
	return wireMessage{Type: "edit", Content: raw}, err
}

// revoke deletes a customer's message for everyone within two days. Its content is {"message_id"}.
func (s *Server) revoke(n Number, c *customer, raw json.RawMessage) (string, error) {
	in, err := content[struct {
		MessageID string `json:"message_id"`
	}](&message{Type: "revoke", Content: raw})
	if err != nil {
		return "", refuse("%v", err)
	}
	m, err := s.own(n, c, in.MessageID)
	switch {
	case err != nil:
		return "", err
	case s.cfg.Clock.Now().Sub(m.At) > revokeLife:
		return "", refuse("a message can be deleted for two days")
	}
	changed := *m
	changed.Deleted = true
	out := wireMessage{Type: "revoke", Content: json.RawMessage(`{"original_message_id":` + quoted(m.ID) + `}`)}
	return s.alter(n, c, m, changed, out)
}

// alter stores a changed message and the webhook that tells of the change, which has an id of its own.
func (s *Server) alter(n Number, c *customer, m *message, changed message, out wireMessage) (string, error) {
	event := message{ID: s.wamid(c.peer()), Number: n.ID, At: s.cfg.Clock.Now()}
	s.introduce(&out, &event, c)
	u, err := s.newUpdate(tells(n, value{Contacts: []wireContact{s.contact(c, n.ID, true)}, Messages: []wireMessage{out}}))
	if err != nil {
		return "", err
	}
	before := *m
	*m = changed
	if err := s.saveMessage(m); err != nil {
		*m = before
		return "", errors.Join(err, s.withdraw(u))
	}
	s.publish(u)
	return event.ID, nil
}
