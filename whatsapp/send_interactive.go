package whatsapp

import (
	"context"
	"strings"
)

// The values of InteractiveMessage.Kind.
const (
	// AskButtons shows one to three buttons below the text.
	AskButtons = "button"
	// AskList shows one button that opens a list.
	AskList = "list"
	// AskContact asks the customer for the own phone; the answer is a card with OriginRequest.
	AskContact = "request_contact_info"
)

// InteractiveMessage is a question with prepared answers. The answer comes back as Interactive.Reply. NumberID, To, ReplyTo and
// CallbackData are those of TextMessage; all limits are those of this package's constants, in UTF-16 units.
type InteractiveMessage struct {
	NumberID, To, ReplyTo, CallbackData string
	// Kind is AskButtons, AskList or AskContact; when empty, Buttons or List tells it.
	Kind string
	// Header, of at most MaxHeader, and Footer, of at most MaxFooter, may be empty; AskContact has neither.
	Header, Footer string
	// Body is the question: at most MaxButtonBody, in a list MaxListBody.
	Body string
	// Buttons are the answers of AskButtons: one to MaxButtons, ids and titles without repetition.
	Buttons []Choice
	// List holds the answers of AskList.
	List *ChoiceList
}

// Choice is one answer of a question with buttons.
type Choice struct {
	// ID comes back as Reply.ID; at most MaxButtonID.
	ID string
	// Title is what the customer reads; at most MaxButtonTitle.
	Title string
}

// ChoiceList is the answers of a question with a list: at most MaxListRows in at most MaxListSections.
type ChoiceList struct {
	// Button opens the list; at most MaxListButton.
	Button   string
	Sections []ListSection
}

// ListSection is a part of a list.
type ListSection struct {
	// Title may be empty in a list of one section only; at most MaxListSection.
	Title string
	Rows  []ListRow
}

// ListRow is one answer of a question with a list.
type ListRow struct {
	// ID comes back as Reply.ID; at most MaxListRowID, without repetition in the whole list.
	ID string
	// Title is at most MaxListRowTitle.
	Title string
	// Description is at most MaxListDescription, or empty.
	Description string
}

// SendInteractive sends a question once. See Provider for its errors.
//
// Sources, below https://developers.facebook.com/documentation/business-messaging/whatsapp/:
// messages/interactive-reply-buttons-messages, messages/interactive-list-messages and, for AskContact, business-scoped-user-ids.
func (a *api) SendInteractive(ctx context.Context, m InteractiveMessage) (Sent, error) {
	m.Kind = m.kind()
	if err := m.validate(); err != nil {
		return Sent{}, err
	}
	return a.send(ctx, m.NumberID, m.payload())
}

func (m InteractiveMessage) envelope() envelope {
	return envelope{m.NumberID, m.To, m.ReplyTo, m.CallbackData}
}

// kind is the kind as it is given, else as the answers tell it.
func (m InteractiveMessage) kind() string {
	switch {
	case m.Kind != "":
		return m.Kind
	case m.List != nil:
		return AskList
	}
	return AskButtons
}

func (m InteractiveMessage) validate() error {
	longest := MaxButtonBody
	if m.Kind == AskList {
		longest = MaxListBody
	}
	switch {
	case !between(m.Body, 1, longest):
		return invalid("question that is blank or above %d units", longest)
	case !between(m.Header, 0, MaxHeader):
		return invalid("header above %d units", MaxHeader)
	case !between(m.Footer, 0, MaxFooter):
		return invalid("footer above %d units", MaxFooter)
	}
	if err := m.validateAnswers(); err != nil {
		return err
	}
	return m.envelope().validate()
}

// validateAnswers checks that the answers are those of the kind, and none of another.
func (m InteractiveMessage) validateAnswers() error {
	switch {
	case m.Kind == AskButtons && m.List == nil:
		return validateChoices(m.Buttons)
	case m.Kind == AskList && m.List != nil && len(m.Buttons) == 0:
		return m.List.validate()
	case m.Kind == AskContact && m.List == nil && len(m.Buttons) == 0 && m.Header == "" && m.Footer == "":
		return nil
	}
	return invalid("question of the kind %q with parts that it does not have", m.Kind)
}

func validateChoices(buttons []Choice) error {
	if len(buttons) < 1 || len(buttons) > MaxButtons {
		return invalid("%d buttons, not 1 to %d", len(buttons), MaxButtons)
	}
	ids, titles := map[string]bool{}, map[string]bool{}
	for i, b := range buttons {
		switch {
		case !between(b.ID, 1, MaxButtonID) || ids[b.ID]:
			return invalid("id of button %d is blank, above %d units or taken", i+1, MaxButtonID)
		case !between(b.Title, 1, MaxButtonTitle) || titles[strings.TrimSpace(b.Title)]:
			return invalid("title of button %d is blank, above %d units or taken", i+1, MaxButtonTitle)
		}
		ids[b.ID], titles[strings.TrimSpace(b.Title)] = true, true
	}
	return nil
}

func (l ChoiceList) validate() error {
	if !between(l.Button, 1, MaxListButton) {
		return invalid("button of a list that is blank or above %d units", MaxListButton)
	}
	if len(l.Sections) < 1 || len(l.Sections) > MaxListSections {
		return invalid("%d sections, not 1 to %d", len(l.Sections), MaxListSections)
	}
	least := 0
	if len(l.Sections) > 1 {
		least = 1
	}
	ids := map[string]bool{}
	for i, s := range l.Sections {
		switch {
		case !between(s.Title, least, MaxListSection):
			return invalid("title of section %d is missing or above %d units", i+1, MaxListSection)
		case len(s.Rows) == 0:
			return invalid("section %d has no rows", i+1)
		}
		for _, row := range s.Rows {
			if err := row.validate(ids); err != nil {
				return err
			}
		}
	}
	if len(ids) > MaxListRows {
		return invalid("%d rows, at most %d", len(ids), MaxListRows)
	}
	return nil
}

// validate checks a row and adds its id to those that are taken.
func (r ListRow) validate(taken map[string]bool) error {
	number := len(taken) + 1
	switch {
	case !between(r.ID, 1, MaxListRowID) || taken[r.ID]:
		return invalid("id of row %d is blank, above %d units or taken", number, MaxListRowID)
	case !between(r.Title, 1, MaxListRowTitle):
		return invalid("title of row %d is blank or above %d units", number, MaxListRowTitle)
	case !between(r.Description, 0, MaxListDescription):
		return invalid("description of row %d is above %d units", number, MaxListDescription)
	}
	taken[r.ID] = true
	return nil
}

func (m InteractiveMessage) payload() payload {
	body := &interactiveBody{Type: m.Kind, Body: interactiveText{Text: m.Body}}
	if m.Header != "" {
		body.Header = &interactiveText{Type: TypeText, Text: m.Header}
	}
	if m.Footer != "" {
		body.Footer = &interactiveText{Text: m.Footer}
	}
	switch m.Kind {
	case AskButtons:
		for _, b := range m.Buttons {
			body.Action.Buttons = append(body.Action.Buttons, interactiveButton{
				Type: "reply", Reply: interactiveChoice{ID: b.ID, Title: b.Title},
			})
		}
	case AskList:
		body.Action.Button = m.List.Button
		for _, s := range m.List.Sections {
			section := interactiveSection{Title: s.Title}
			for _, row := range s.Rows {
				section.Rows = append(section.Rows, interactiveChoice(row))
			}
			body.Action.Sections = append(body.Action.Sections, section)
		}
	case AskContact:
		body.Action.Name = AskContact
	}
	p := m.envelope().payload(TypeInteractive)
	p.Interactive = body
	return p
}

type interactiveBody struct {
	Type   string            `json:"type"`
	Header *interactiveText  `json:"header,omitempty"`
	Body   interactiveText   `json:"body"`
	Footer *interactiveText  `json:"footer,omitempty"`
	Action interactiveAction `json:"action"`
}

type interactiveText struct {
	Type string `json:"type,omitempty"` // in headers
	Text string `json:"text"`
}

type interactiveAction struct {
	Name     string               `json:"name,omitempty"`
	Buttons  []interactiveButton  `json:"buttons,omitempty"`
	Button   string               `json:"button,omitempty"`
	Sections []interactiveSection `json:"sections,omitempty"`
}

type interactiveButton struct {
	Type  string            `json:"type"`
	Reply interactiveChoice `json:"reply"`
}

type interactiveSection struct {
	Title string              `json:"title,omitempty"`
	Rows  []interactiveChoice `json:"rows"`
}

type interactiveChoice struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
}
