package graph

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// check reads and validates the content of an outgoing message and keeps it in m. The caller holds s.mu.
func (s *Server) check(m *message, raw json.RawMessage) error {
	fn, ok := map[string]func(*message) error{
		"text": s.checkText, "image": s.checkMedia, "video": s.checkMedia, "audio": s.checkMedia,
		"document": s.checkMedia, "sticker": s.checkMedia, "location": s.checkLocation, "contacts": s.checkContacts,
		"interactive": s.checkInteractive, "reaction": s.checkReaction, "template": s.checkTemplate,
	}[m.Type]
	if !ok {
		return &apiError{code: codeType, details: "Unsupported message type '" + m.Type + "'"}
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil {
		return badParameter("The body is not a JSON object")
	}
	m.Content = fields[m.Type]
	if len(m.Content) == 0 || string(m.Content) == "null" {
		return missing(m.Type)
	}
	return fn(m)
}

// content decodes a message's content.
func content[T any](m *message) (T, error) {
	var v T
	if err := json.Unmarshal(m.Content, &v); err != nil {
		return v, badParameter(fmt.Sprintf("Param %s has the wrong type: %v", m.Type, err))
	}
	return v, nil
}

// length counts the characters of a text; Meta does not tell what a character is.
func (s *Server) length(text string) int {
	if s.knobs.CountUTF16 {
		return len(utf16.Encode([]rune(text)))
	}
	return utf8.RuneCountInString(text)
}

// within checks a text's length and, with least 1, that it is there.
func (s *Server) within(param, text string, least, most int) error {
	n := s.length(text)
	switch {
	case n < least:
		return missing(param)
	case n > most:
		return invalid(fmt.Sprintf("%s length invalid. Min length: %d, Max length: %d", param, least, most))
	}
	return nil
}

func (s *Server) checkText(m *message) error {
	c, err := content[struct {
		Body string `json:"body"`
	}](m)
	switch {
	case err != nil:
		return err
	case c.Body == "":
		return missing("text.body")
	case s.length(c.Body) > maxText:
		return badParameter("Param text['body'] must be at most 4096 characters long.")
	}
	return nil
}

// outgoingMedia is the object of a media message.
type outgoingMedia struct {
	ID      string `json:"id"`
	Link    string `json:"link"`
	Caption string `json:"caption"`
	Voice   bool   `json:"voice"`
}

// checkMedia validates a media message. What WhatsApp only finds out while it processes the file fails later.
func (s *Server) checkMedia(m *message) error {
	c, err := content[outgoingMedia](m)
	if err != nil {
		return err
	}
	if c.Caption != "" && (m.Type == "audio" || m.Type == "sticker") {
		return invalid("caption is not allowed for " + m.Type)
	}
	if err := s.within(m.Type+".caption", c.Caption, 0, maxCaption); err != nil {
		return err
	}
	switch {
	case (c.ID == "") == (c.Link == ""):
		return missing(m.Type + ".id or " + m.Type + ".link")
	case c.Link != "":
		return checkLink(m, c.Link)
	}
	f := s.living(c.ID)
	if f == nil || f.Number != m.Number {
		return invalid(m.Type + ".id is not the id of uploaded media")
	}
	if !allowed(m.Type, f.MIME) {
		return &apiError{code: codeUpload, details: "Media of type " + f.MIME + " cannot be sent as " + m.Type}
	}
	if f.Size > sizeLimit(m.Type) {
		return &apiError{code: codeUpload, details: "Media is too large to be sent as " + m.Type}
	}
	head, err := s.head(f)
	if err != nil {
		return err
	}
	if !s.knobs.AnyMedia && !processable(m.Type, f, head, c.Voice) {
		m.Fail = codeUpload
	}
	return nil
}

// processable reports whether WhatsApp gets through with a file that begins with head.
func processable(kind string, f *media, head []byte, voice bool) bool {
	switch {
	case !fits(f.MIME, head):
		return false
	case kind == "sticker" && !animated(head):
		return f.Size <= maxStill
	case voice:
		return strings.HasPrefix(f.MIME, "audio/ogg")
	}
	return true
}

// checkLink validates an address to fetch a file from. The sandbox fetches nothing: a link stays one, and only a host
// that exists nowhere (.invalid) fails as if it had tried.
func checkLink(m *message, link string) error {
	u, err := url.Parse(link)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return badParameter("Param " + m.Type + "['link'] is not a valid URI.")
	}
	if strings.HasSuffix(u.Hostname(), ".invalid") {
		m.Fail = codeUpload
	}
	return nil
}

func (s *Server) checkLocation(m *message) error {
	c, err := content[struct {
		Latitude  *float64 `json:"latitude"`
		Longitude *float64 `json:"longitude"`
	}](m)
	switch {
	case err != nil:
		return err
	case c.Latitude == nil:
		return missing("location.latitude")
	case c.Longitude == nil:
		return missing("location.longitude")
	case max(*c.Latitude, -*c.Latitude) > 90 || max(*c.Longitude, -*c.Longitude) > 180:
		return invalid("location is not on earth")
	}
	return nil
}

func (s *Server) checkContacts(m *message) error {
	list, err := content[[]struct {
		Name struct {
			Formatted string `json:"formatted_name"`
		} `json:"name"`
	}](m)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return missing("contacts")
	}
	for _, c := range list {
		if c.Name.Formatted == "" {
			return missing("contacts.name.formatted_name")
		}
	}
	return nil
}

func (s *Server) checkReaction(m *message) error {
	c, err := content[struct {
		MessageID string  `json:"message_id"`
		Emoji     *string `json:"emoji"`
	}](m)
	if err != nil {
		return err
	}
	if c.MessageID == "" || m.Out && c.Emoji == nil {
		return missing("reaction.message_id and reaction.emoji")
	}
	if c.Emoji != nil && !emoji(*c.Emoji) {
		return invalid("reaction.emoji is not an emoji")
	}
	target := s.byID[c.MessageID]
	if target == nil || target.chat() != m.chat() || !target.quotable() || s.cfg.Clock.Now().Sub(target.At) > quoteLife {
		return invalid("reaction.message_id is not a message of this chat of the last 30 days")
	}
	return nil
}

// emoji reports whether a text can be one emoji, however it is put together; empty takes a reaction away.
func emoji(text string) bool {
	const longest = 16
	if utf8.RuneCountInString(text) > longest {
		return false
	}
	keycap := strings.HasSuffix(text, "\u20e3")
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsSpace(r) || r < 0x80 && !keycap {
			return false
		}
	}
	return true
}
