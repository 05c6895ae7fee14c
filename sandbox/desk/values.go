package desk

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// opt is a written attribute: absent, null, or a value.
type opt[T any] struct {
	Set, Null bool
	V         T
}

// UnmarshalJSON implements json.Unmarshaler.
func (o *opt[T]) UnmarshalJSON(raw []byte) error {
	o.Set = true
	if string(raw) == "null" {
		o.Null = true
		return nil
	}
	return json.Unmarshal(raw, &o.V)
}

// flexID is an id written as a number or as a string of digits; an empty string is 0.
type flexID int64

// UnmarshalJSON implements json.Unmarshaler.
func (f *flexID) UnmarshalJSON(raw []byte) error {
	text := strings.Trim(string(raw), `"`)
	if text == "" || text == "null" {
		*f = 0
		return nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return fmt.Errorf("not an id: %s", raw)
	}
	*f = flexID(n)
	return nil
}

// flexText is a text that may be written as a number or a boolean.
type flexText string

// UnmarshalJSON implements json.Unmarshaler.
func (f *flexText) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] == '"' {
		var s string
		if err := json.Unmarshal(raw, &s); err != nil {
			return err
		}
		*f = flexText(s)
		return nil
	}
	if bytes.ContainsAny(raw, "{[") {
		return fmt.Errorf("not a text: %s", raw)
	}
	*f = flexText(raw)
	return nil
}

// tagList is a list of tags, also as one text with spaces or commas.
type tagList []string

// UnmarshalJSON implements json.Unmarshaler.
func (l *tagList) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] == '"' {
		var s string
		if err := json.Unmarshal(raw, &s); err != nil {
			return err
		}
		*l = splitTags(s)
		return nil
	}
	return json.Unmarshal(raw, (*[]string)(l))
}

func splitTags(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == ',' })
}

// normalTags lower-cases, splits at spaces, sorts and removes repetitions.
func normalTags(tags []string) []string {
	out := []string{}
	for _, t := range tags {
		out = append(out, splitTags(strings.ToLower(t))...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// listOf joins lists into one that is never nil, so that it is [] in JSON.
func listOf[T any](lists ...[]T) []T {
	out := []T{}
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}

func withoutTags(tags, drop []string) []string {
	return slices.DeleteFunc(slices.Clone(tags), func(t string) bool { return slices.Contains(drop, t) })
}

func text(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}

func blankToNil(p **string) {
	if *p != nil && strings.TrimSpace(**p) == "" {
		*p = nil
	}
}

func idValue(p *int64) int64 {
	if p == nil {
		return 0
	}
	return *p
}

// idPointer is nil for 0.
func idPointer(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

func strangersOf[T any](raw json.RawMessage) []string { return strangers(raw, reflect.TypeFor[T]()) }

// loadOne reads one of the account's single values into v and leaves v alone when there is none.
func loadOne(s *Server, id string, v any) error {
	return s.cfg.Store.Each("meta", func(found string, raw json.RawMessage) error {
		if found != id {
			return nil
		}
		if err := json.Unmarshal(raw, v); err != nil {
			return fmt.Errorf("load meta %s: %w", id, err)
		}
		return nil
	})
}

// mustJSON encodes values that cannot fail: texts, numbers, lists of them.
func mustJSON(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		return json.RawMessage("null")
	}
	return raw
}
