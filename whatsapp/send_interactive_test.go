package whatsapp_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/whatsapp"
)

func choices(n int) []whatsapp.Choice {
	var list []whatsapp.Choice
	for i := range n {
		list = append(list, whatsapp.Choice{ID: fmt.Sprintf("id%d", i), Title: fmt.Sprintf("Opção %d", i)})
	}
	return list
}

// sections returns a list of so many sections with so many rows each.
func sections(n, rows int) *whatsapp.ChoiceList {
	l := &whatsapp.ChoiceList{Button: "Escolha"}
	for i := range n {
		s := whatsapp.ListSection{Title: fmt.Sprintf("Parte %d", i)}
		for j := range rows {
			s.Rows = append(s.Rows, whatsapp.ListRow{ID: fmt.Sprintf("id%d/%d", i, j), Title: fmt.Sprintf("Linha %d", j)})
		}
		l.Sections = append(l.Sections, s)
	}
	return l
}

func question(change func(*whatsapp.InteractiveMessage)) whatsapp.InteractiveMessage {
	m := whatsapp.InteractiveMessage{NumberID: "7001", To: "5521998877665", Body: "Qual?"}
	change(&m)
	return m
}

func TestSendInteractiveBodies(t *testing.T) {
	t.Parallel()
	type object = map[string]any
	type list = []any
	tests := map[string]struct {
		change func(*whatsapp.InteractiveMessage)
		want   object
	}{
		"buttons": {func(m *whatsapp.InteractiveMessage) { m.Buttons = choices(1); m.Header, m.Footer = "h", "f" }, object{
			"type": "button", "header": object{"type": "text", "text": "h"}, "body": object{"text": "Qual?"}, "footer": object{"text": "f"},
			"action": object{"buttons": list{object{"type": "reply", "reply": object{"id": "id0", "title": "Opção 0"}}}},
		}},
		"list of one section": {func(m *whatsapp.InteractiveMessage) {
			m.List = sections(1, 1)
			m.List.Sections[0].Title = ""
			m.List.Sections[0].Rows[0].Description = "d"
		}, object{
			"type": "list", "body": object{"text": "Qual?"},
			"action": object{"button": "Escolha", "sections": list{object{"rows": list{object{"id": "id0/0", "title": "Linha 0", "description": "d"}}}}},
		}},
		"contact": {func(m *whatsapp.InteractiveMessage) { m.Kind = whatsapp.AskContact }, object{
			"type": "request_contact_info", "body": object{"text": "Qual?"}, "action": object{"name": "request_contact_info"},
		}},
	}
	p := newPeer(t, http.StatusOK, accepted)
	for name, test := range tests {
		if _, err := p.cloud().SendInteractive(t.Context(), question(test.change)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got := (<-p.asked).body
		if diff := cmp.Diff(test.want, got["interactive"]); diff != "" || got["type"] != "interactive" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// limit is a change to a question that goes as far as it may, and one beyond.
type limit struct {
	set  func(m *whatsapp.InteractiveMessage, text string)
	most int
}

func TestSendInteractiveLimits(t *testing.T) {
	t.Parallel()
	buttons := func(m *whatsapp.InteractiveMessage) { m.Buttons = choices(2) }
	list := func(m *whatsapp.InteractiveMessage) { m.List = sections(2, 2) }
	contact := func(m *whatsapp.InteractiveMessage) { m.Kind = whatsapp.AskContact }
	tests := map[string]struct {
		kind   func(*whatsapp.InteractiveMessage)
		limits map[string]limit
	}{
		"buttons": {buttons, map[string]limit{
			"body":   {func(m *whatsapp.InteractiveMessage, s string) { m.Body = s }, 1024},
			"header": {func(m *whatsapp.InteractiveMessage, s string) { m.Header = s }, 60},
			"footer": {func(m *whatsapp.InteractiveMessage, s string) { m.Footer = s }, 60},
			"id":     {func(m *whatsapp.InteractiveMessage, s string) { m.Buttons[1].ID = s }, 256},
			"title":  {func(m *whatsapp.InteractiveMessage, s string) { m.Buttons[1].Title = s }, 20},
		}},
		"list": {list, map[string]limit{
			"body":        {func(m *whatsapp.InteractiveMessage, s string) { m.Body = s }, 4096},
			"header":      {func(m *whatsapp.InteractiveMessage, s string) { m.Header = s }, 60},
			"footer":      {func(m *whatsapp.InteractiveMessage, s string) { m.Footer = s }, 60},
			"button":      {func(m *whatsapp.InteractiveMessage, s string) { m.List.Button = s }, 20},
			"section":     {func(m *whatsapp.InteractiveMessage, s string) { m.List.Sections[1].Title = s }, 24},
			"row id":      {func(m *whatsapp.InteractiveMessage, s string) { m.List.Sections[1].Rows[1].ID = s }, 200},
			"row title":   {func(m *whatsapp.InteractiveMessage, s string) { m.List.Sections[1].Rows[1].Title = s }, 24},
			"description": {func(m *whatsapp.InteractiveMessage, s string) { m.List.Sections[1].Rows[1].Description = s }, 72},
		}},
		"contact": {contact, map[string]limit{
			"body": {func(m *whatsapp.InteractiveMessage, s string) { m.Body = s }, 1024},
		}},
	}
	const blank = " \n"
	optional := map[string]bool{"header": true, "footer": true, "description": true}
	p := newPeer(t, http.StatusOK, accepted)
	for kind, test := range tests {
		for name, limit := range test.limits {
			for text, valid := range map[string]bool{
				strings.Repeat("ç", limit.most): true, strings.Repeat("ç", limit.most+1): false,
				strings.Repeat("😀", limit.most/2): true, strings.Repeat("😀", limit.most/2) + "aa": false,
				"": optional[name], blank: optional[name],
			} {
				m := question(test.kind)
				limit.set(&m, text)
				_, err := p.cloud().SendInteractive(t.Context(), m)
				if valid && err != nil || !valid && !errors.Is(err, whatsapp.ErrInvalid) {
					t.Errorf("%s, %s of %d bytes: got %v", kind, name, len(text), err)
				}
				if valid {
					<-p.asked
				}
			}
		}
	}
	if len(p.asked) > 0 {
		t.Error("a refused question was sent")
	}
}

func TestSendInteractiveParts(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*whatsapp.InteractiveMessage)
		valid  bool
	}{
		"three buttons":             {func(m *whatsapp.InteractiveMessage) { m.Buttons = choices(3) }, true},
		"four buttons":              {func(m *whatsapp.InteractiveMessage) { m.Buttons = choices(4) }, false},
		"no answers":                {func(*whatsapp.InteractiveMessage) {}, false},
		"ten rows":                  {func(m *whatsapp.InteractiveMessage) { m.List = sections(2, 5) }, true},
		"ten sections":              {func(m *whatsapp.InteractiveMessage) { m.List = sections(10, 1) }, true},
		"eleven rows":               {func(m *whatsapp.InteractiveMessage) { m.List = sections(1, 11) }, false},
		"twelve rows, in all":       {func(m *whatsapp.InteractiveMessage) { m.List = sections(2, 6) }, false},
		"eleven sections":           {func(m *whatsapp.InteractiveMessage) { m.List = sections(11, 1) }, false},
		"no sections":               {func(m *whatsapp.InteractiveMessage) { m.List = sections(0, 0) }, false},
		"no rows":                   {func(m *whatsapp.InteractiveMessage) { m.List = sections(2, 0) }, false},
		"same id":                   {func(m *whatsapp.InteractiveMessage) { m.Buttons = choices(2); m.Buttons[1].ID = "id0" }, false},
		"same title":                {func(m *whatsapp.InteractiveMessage) { m.Buttons = choices(2); m.Buttons[1].Title = " Opção 0 " }, false},
		"same row id, two sections": {func(m *whatsapp.InteractiveMessage) { m.List = sections(2, 1); m.List.Sections[1].Rows[0].ID = "id0/0" }, false},
		"same row title":            {func(m *whatsapp.InteractiveMessage) { m.List = sections(2, 1) }, true},
		"kind and answers":          {func(m *whatsapp.InteractiveMessage) { m.Kind, m.Buttons = whatsapp.AskButtons, choices(1) }, true},
		"kind of other answers":     {func(m *whatsapp.InteractiveMessage) { m.Kind, m.Buttons = whatsapp.AskList, choices(1) }, false},
		"kind of no answers":        {func(m *whatsapp.InteractiveMessage) { m.Kind = whatsapp.AskList }, false},
		"unknown kind":              {func(m *whatsapp.InteractiveMessage) { m.Kind, m.Buttons = "flow", choices(1) }, false},
		"two sorts of answers":      {func(m *whatsapp.InteractiveMessage) { m.Buttons, m.List = choices(1), sections(1, 1) }, false},
		"contact with a header":     {func(m *whatsapp.InteractiveMessage) { m.Kind, m.Header = whatsapp.AskContact, "h" }, false},
		"contact with a footer":     {func(m *whatsapp.InteractiveMessage) { m.Kind, m.Footer = whatsapp.AskContact, "f" }, false},
		"contact with buttons":      {func(m *whatsapp.InteractiveMessage) { m.Kind, m.Buttons = whatsapp.AskContact, choices(1) }, false},
		"contact with a list":       {func(m *whatsapp.InteractiveMessage) { m.Kind, m.List = whatsapp.AskContact, sections(1, 1) }, false},
	}
	p := newPeer(t, http.StatusOK, accepted)
	for name, test := range tests {
		_, err := p.cloud().SendInteractive(t.Context(), question(test.change))
		if test.valid && err != nil || !test.valid && !errors.Is(err, whatsapp.ErrInvalid) {
			t.Errorf("%s: got %v", name, err)
		}
		if test.valid {
			<-p.asked
		}
	}
	if len(p.asked) > 0 {
		t.Error("a refused question was sent")
	}
}
