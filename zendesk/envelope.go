package zendesk

import (
	"encoding/json"
	"strings"
	"unicode"
)

// told is what Zendesk's error body says.
type told struct {
	code        string
	description string
	closed      bool // it says that the ticket is closed
}

// maxDescription is the longest description kept, in characters.
const maxDescription = 200

// readEnvelope reads an error body.
//
// Shapes: {"error":"RecordInvalid","description":"…","details":{"field":[{"description":"…"}]}}, {"error":{"title":"…",
// "message":"…"}} and OAuth's {"error":"invalid_client","error_description":"…"}. Anything else tells nothing. Details are
// looked at for a closed ticket only: they repeat what was sent.
func readEnvelope(body []byte) told {
	var env map[string]json.RawMessage
	if json.Unmarshal(body, &env) != nil {
		return told{}
	}
	t := told{code: text(env["error"]), description: text(env["description"])}
	if t.code == "" {
		var nested map[string]json.RawMessage
		if json.Unmarshal(env["error"], &nested) == nil {
			t.code, t.description = text(nested["title"]), text(nested["message"])
		}
	}
	if t.description == "" {
		t.description = text(env["error_description"])
	}
	t.closed = saysClosed(t.description) || detailsSayClosed(env["details"])
	t.code, t.description = scrub(t.code), scrub(t.description)
	return t
}

// text reads a JSON string, "" for anything else.
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

// detailsSayClosed looks at the details of the fields that a closed ticket is refused with.
func detailsSayClosed(raw json.RawMessage) bool {
	var details map[string]json.RawMessage
	if json.Unmarshal(raw, &details) != nil {
		return false
	}
	for _, field := range []string{"status", "base"} {
		var faults []struct {
			Description string `json:"description"`
		}
		if json.Unmarshal(details[field], &faults) != nil {
			continue
		}
		for _, fault := range faults {
			if saysClosed(fault.Description) {
				return true
			}
		}
	}
	return false
}

// saysClosed knows "closed" in the languages an account may answer in (English, Portuguese, Spanish).
func saysClosed(s string) bool {
	s = strings.ToLower(s)
	return strings.Contains(s, "closed") || strings.Contains(s, "fechad") || strings.Contains(s, "cerrad")
}

// Words that scrub masks.
const (
	longWord   = 40 // characters; tokens are longer than words
	manyDigits = 6  // digits; phones, documents and ids
)

// scrub shortens a text and masks words that may be personal or secret: addresses, long numbers, very long words.
func scrub(s string) string {
	words := strings.Fields(s)
	for i, word := range words {
		digits := 0
		for _, r := range word {
			if unicode.IsDigit(r) {
				digits++
			}
		}
		if digits >= manyDigits || len([]rune(word)) > longWord || strings.Contains(word, "@") {
			words[i] = masked
		}
	}
	runes := []rune(strings.Join(words, " "))
	if len(runes) > maxDescription {
		runes = append(runes[:maxDescription], '…')
	}
	return string(runes)
}
