package transcript

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// Schema is the version of what JSON writes. Fields may be added to it; none changes its meaning or goes away without a new number.
const Schema = 1

// JSON is the transcript for programs.
//
// The document has schema, session, ticket, number, contact {name, phone}, organisation, time_zone, language, written_at, public and
// messages, in the order of time. A message has:
//   - kind: message, note (internal, by a person), notice (internal, by Ponte) or state (the conversation entered a state);
//   - id (WhatsApp's, else Ponte's), at, author (customer, agent or ponte), agent_id, name, origin (whatsapp, ticket, email, portal, app,
//     phone, automatic), type (WhatsApp's), text (as first written), template, comment_id (of the ticket);
//   - reply_to {id, at, author, name, text}: the message it answers; text is its beginning, and only id is there when it is missing;
//   - files [{id, kind, name, mime_type, size (bytes), voice, sha256, refused, reason}];
//   - reactions [{at, author, name, emoji, until}], edits [{at, text}], revoked {at, author, name};
//   - delivery {state, at, reason} with the states of conversation.DeliveryState;
//   - state {from, to, reason} with the states of conversation.State.
//
// Times are RFC 3339 with the offset of the zone. What is empty or unknown is left out, messages is always there. Texts are as they
// were written: they are not escaped for anything but JSON.
func JSON(c Conversation) []byte {
	doc := document{
		Schema: Schema, Session: c.Session, Ticket: c.Ticket, Number: c.mask(c.Number), Organisation: c.mask(c.Organisation),
		Contact: &person{Name: c.mask(c.Contact), Phone: c.Phone}, Zone: c.zone().String(), Language: Portuguese, Public: c.Public,
		Messages: []message{},
	}
	if c.Language == English {
		doc.Language = English
	}
	if *doc.Contact == (person{}) {
		doc.Contact = nil
	}
	if !c.Written.IsZero() {
		doc.Written = c.stamp(c.Written)
	}
	for _, m := range c.messages() {
		doc.Messages = append(doc.Messages, c.message(m))
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", "  ")
	// Strings, numbers and truth values alone can't fail, nor can the buffer.
	_ = enc.Encode(doc)
	return b.Bytes()
}

type document struct {
	Schema       int       `json:"schema"`
	Session      string    `json:"session,omitempty"`
	Ticket       int64     `json:"ticket,omitempty"`
	Number       string    `json:"number,omitempty"`
	Contact      *person   `json:"contact,omitempty"`
	Organisation string    `json:"organisation,omitempty"`
	Zone         string    `json:"time_zone"`
	Language     Language  `json:"language"`
	Written      string    `json:"written_at,omitempty"`
	Public       bool      `json:"public"`
	Messages     []message `json:"messages"`
}

type person struct {
	Name  string `json:"name,omitempty"`
	Phone string `json:"phone,omitempty"`
}

type message struct {
	Kind      Kind                `json:"kind"`
	ID        string              `json:"id,omitempty"`
	At        string              `json:"at"`
	Author    conversation.Author `json:"author,omitempty"`
	Agent     int64               `json:"agent_id,omitempty"`
	Name      string              `json:"name,omitempty"`
	Origin    conversation.Origin `json:"origin,omitempty"`
	Type      string              `json:"type,omitempty"`
	Text      string              `json:"text,omitempty"`
	Template  string              `json:"template,omitempty"`
	Comment   int64               `json:"comment_id,omitempty"`
	Quote     *quote              `json:"reply_to,omitempty"`
	Files     []file              `json:"files,omitempty"`
	Reactions []reaction          `json:"reactions,omitempty"`
	Edits     []edit              `json:"edits,omitempty"`
	Revoked   *revocation         `json:"revoked,omitempty"`
	Delivery  *delivery           `json:"delivery,omitempty"`
	State     *state              `json:"state,omitempty"`
}

type quote struct {
	ID     string              `json:"id,omitempty"`
	At     string              `json:"at,omitempty"`
	Author conversation.Author `json:"author,omitempty"`
	Name   string              `json:"name,omitempty"`
	Text   string              `json:"text,omitempty"`
}

type file struct {
	ID      string `json:"id,omitempty"`
	Kind    string `json:"kind,omitempty"`
	Name    string `json:"name,omitempty"`
	MIME    string `json:"mime_type,omitempty"`
	Size    int64  `json:"size,omitempty"`
	Voice   bool   `json:"voice,omitempty"`
	SHA256  string `json:"sha256,omitempty"`
	Refused bool   `json:"refused,omitempty"`
	Reason  string `json:"reason,omitempty"`
}

type reaction struct {
	At     string              `json:"at"`
	Author conversation.Author `json:"author,omitempty"`
	Name   string              `json:"name,omitempty"`
	Emoji  string              `json:"emoji"`
	Until  string              `json:"until,omitempty"`
}

type edit struct {
	At   string `json:"at"`
	Text string `json:"text"`
}

type revocation struct {
	At     string              `json:"at"`
	Author conversation.Author `json:"author,omitempty"`
	Name   string              `json:"name,omitempty"`
}

type delivery struct {
	State  conversation.DeliveryState `json:"state"`
	At     string                     `json:"at"`
	Reason string                     `json:"reason,omitempty"`
}

type state struct {
	From   conversation.State `json:"from,omitempty"`
	To     conversation.State `json:"to"`
	Reason string             `json:"reason,omitempty"`
}

func (c Conversation) stamp(at time.Time) string { return at.In(c.zone()).Format(time.RFC3339) }

func (c Conversation) message(m Message) message {
	out := message{
		Kind: m.Kind, ID: m.ID, At: c.stamp(m.At), Author: m.Author, Agent: m.Agent, Name: m.Who, Origin: m.Origin, Type: m.Type,
		Text: m.Text, Template: m.Template, Comment: m.Comment,
	}
	if q := m.Quote; q != nil {
		out.Quote = &quote{ID: q.ID, Author: q.Author, Name: q.Who, Text: q.Text}
		if !q.Missing {
			out.Quote.At = c.stamp(q.At)
		}
	}
	for _, f := range m.Files {
		out.Files = append(out.Files, file{
			ID: f.ID, Kind: f.Kind, Name: f.Name, MIME: f.MIME, Size: f.Size, Voice: f.Voice, SHA256: f.SHA256, Refused: f.Refused,
			Reason: f.Reason,
		})
	}
	for _, r := range m.Reactions {
		shown := reaction{At: c.stamp(r.At), Author: r.Author, Name: r.Who, Emoji: r.Emoji}
		if !r.Until.IsZero() {
			shown.Until = c.stamp(r.Until)
		}
		out.Reactions = append(out.Reactions, shown)
	}
	for _, e := range m.Edits {
		out.Edits = append(out.Edits, edit{At: c.stamp(e.At), Text: e.Text})
	}
	if r := m.Revoked; r != nil {
		out.Revoked = &revocation{At: c.stamp(r.At), Author: r.Author, Name: r.Who}
	}
	if m.Delivery != "" {
		out.Delivery = &delivery{State: m.Delivery, At: c.stamp(m.DeliveredAt), Reason: m.Reason}
	}
	if m.Kind == KindState {
		out.State = &state{From: m.Before, To: m.State, Reason: m.Reason}
	}
	return out
}
