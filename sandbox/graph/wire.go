package graph

import (
	"encoding/json"
	"strconv"
	"time"
	"unicode/utf16"
)

// The shapes of a webhook, from Meta's pages "Webhooks: overview" and "messages webhook reference".

type envelope struct {
	Object string  `json:"object"`
	Entry  []entry `json:"entry"`
}

type entry struct {
	ID      string   `json:"id"`
	Time    int64    `json:"time"`
	Changes []change `json:"changes"`
}

type change struct {
	Value json.RawMessage `json:"value"`
	Field string          `json:"field"`
}

type value struct {
	Product  string        `json:"messaging_product"`
	Metadata metadata      `json:"metadata"`
	Contacts []wireContact `json:"contacts,omitempty"`
	Messages []wireMessage `json:"messages,omitempty"`
	Statuses []wireStatus  `json:"statuses,omitempty"`
	Calls    []wireCall    `json:"calls,omitempty"`
	// Preferences are what customers want to receive.
	Preferences []wirePreference `json:"user_preferences,omitempty"`
}

type metadata struct {
	Display string `json:"display_phone_number"`
	ID      string `json:"phone_number_id"`
}

type wireContact struct {
	Profile profile `json:"profile"`
	WaID    string  `json:"wa_id,omitempty"`
	UserID  string  `json:"user_id,omitempty"`
	Parent  string  `json:"parent_user_id,omitempty"`
}

type profile struct {
	Name     string `json:"name"`
	Username string `json:"username,omitempty"`
}

// wireMessage is an inbound message; its content goes under a key named by its type, nowhere when it is empty.
type wireMessage struct {
	From       string
	FromUserID string
	FromParent string
	Group      string
	ID         string
	Timestamp  string
	Type       string
	Content    json.RawMessage
	Context    *wireContext
	Referral   json.RawMessage
	Errors     []wireError
}

type wireContext struct {
	From                string          `json:"from,omitempty"`
	ID                  string          `json:"id,omitempty"`
	Forwarded           bool            `json:"forwarded,omitempty"`
	FrequentlyForwarded bool            `json:"frequently_forwarded,omitempty"`
	Product             json.RawMessage `json:"referred_product,omitempty"`
}

// MarshalJSON implements json.Marshaler.
func (m wireMessage) MarshalJSON() ([]byte, error) {
	out := map[string]any{"id": m.ID, "timestamp": m.Timestamp, "type": m.Type}
	for key, text := range map[string]string{
		"from": m.From, "from_user_id": m.FromUserID, "from_parent_user_id": m.FromParent, "group_id": m.Group,
	} {
		if text != "" {
			out[key] = text
		}
	}
	for key, raw := range map[string]json.RawMessage{m.Type: m.Content, "referral": m.Referral} {
		if len(raw) > 0 {
			out[key] = raw
		}
	}
	if m.Context != nil {
		out["context"] = m.Context
	}
	if len(m.Errors) > 0 {
		out["errors"] = m.Errors
	}
	return json.Marshal(out)
}

type wireCall struct {
	ID         string       `json:"id"`
	To         string       `json:"to"`
	From       string       `json:"from,omitempty"`
	FromUserID string       `json:"from_user_id,omitempty"`
	Event      string       `json:"event"`
	Timestamp  string       `json:"timestamp"`
	Direction  string       `json:"direction"`
	Session    *callSession `json:"session,omitempty"`
	Status     string       `json:"status,omitempty"`
	Start      string       `json:"start_time,omitempty"`
	End        string       `json:"end_time,omitempty"`
	Duration   int          `json:"duration,omitempty"` // seconds
}

type callSession struct {
	Type string `json:"sdp_type"`
	SDP  string `json:"sdp"`
}

type wirePreference struct {
	WaID      string `json:"wa_id,omitempty"`
	UserID    string `json:"user_id,omitempty"`
	Parent    string `json:"parent_user_id,omitempty"`
	Detail    string `json:"detail"`
	Category  string `json:"category"`
	Value     string `json:"value"`
	Timestamp int64  `json:"timestamp"` // a number here
}

type wireStatus struct {
	ID              string      `json:"id"`
	Status          string      `json:"status"`
	Timestamp       string      `json:"timestamp"`
	RecipientID     string      `json:"recipient_id,omitempty"`
	RecipientUserID string      `json:"recipient_user_id,omitempty"`
	RecipientParent string      `json:"recipient_parent_user_id,omitempty"`
	Callback        string      `json:"biz_opaque_callback_data,omitempty"`
	Conversation    *adWindowOf `json:"conversation,omitempty"`
	Pricing         *pricing    `json:"pricing,omitempty"`
	Errors          []wireError `json:"errors,omitempty"`
}

// adWindowOf is a status' conversation: present only within the 72 free hours after an ad.
type adWindowOf struct {
	ID     string   `json:"id"`
	Expiry string   `json:"expiration_timestamp,omitempty"`
	Origin adOrigin `json:"origin"`
}

type adOrigin struct {
	Type string `json:"type"`
}

type pricing struct {
	Billable bool   `json:"billable"`
	Model    string `json:"pricing_model"`
	Type     string `json:"type"`
	Category string `json:"category"`
}

type wireError struct {
	Code    int       `json:"code"`
	Title   string    `json:"title"`
	Message string    `json:"message"`
	Data    errorData `json:"error_data"`
	Href    string    `json:"href,omitempty"`
}

func stamp(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }

// escape writes JSON the way Meta sends it: slashes and everything beyond ASCII escaped, so that a receiver that
// serialises a body again before it checks the signature is found out.
func escape(body []byte) []byte {
	out := make([]byte, 0, len(body)+len(body)/4)
	for _, r := range string(body) {
		switch {
		case r == '/':
			out = append(out, '\\', '/')
		case r < 0x80:
			out = append(out, byte(r))
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			out = unicodeEscape(unicodeEscape(out, high), low)
		default:
			out = unicodeEscape(out, r)
		}
	}
	return out
}

func unicodeEscape(out []byte, r rune) []byte {
	const hex = "0123456789abcdef"
	return append(out, '\\', 'u', hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15])
}
