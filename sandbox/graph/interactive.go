package graph

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

type interactive struct {
	Type   string `json:"type"`
	Header *struct {
		Type     string          `json:"type"`
		Text     string          `json:"text"`
		Image    json.RawMessage `json:"image"`
		Video    json.RawMessage `json:"video"`
		Document json.RawMessage `json:"document"`
	} `json:"header"`
	Body struct {
		Text string `json:"text"`
	} `json:"body"`
	Footer struct {
		Text string `json:"text"`
	} `json:"footer"`
	Action struct {
		Name    string `json:"name"`
		Button  string `json:"button"`
		Buttons []struct {
			Type  string `json:"type"`
			Reply struct {
				ID    string `json:"id"`
				Title string `json:"title"`
			} `json:"reply"`
		} `json:"buttons"`
		Sections []struct {
			Title string `json:"title"`
			Rows  []struct {
				ID          string `json:"id"`
				Title       string `json:"title"`
				Description string `json:"description"`
			} `json:"rows"`
		} `json:"sections"`
	} `json:"action"`
}

func (s *Server) checkInteractive(m *message) error {
	c, err := content[interactive](m)
	if err != nil {
		return err
	}
	if err := s.within("interactive.footer.text", c.Footer.Text, 0, maxFooter); err != nil {
		return err
	}
	if err := s.checkHeader(m, c); err != nil {
		return err
	}
	switch c.Type {
	case "button":
		return s.checkButtons(c)
	case "list":
		return s.checkList(c)
	case "request_contact_info":
		if c.Action.Name != "request_contact_info" {
			return invalid("interactive.action.name must be 'request_contact_info'")
		}
		return s.within("interactive.body.text", c.Body.Text, 1, maxButtonBody)
	case "":
		return missing("interactive.type")
	}
	return invalid("interactive.type '" + c.Type + "' is not one the sandbox has")
}

// checkHeader validates what stands above an interactive message; media only above buttons.
func (s *Server) checkHeader(m *message, c interactive) error {
	if c.Header == nil {
		return nil
	}
	kind := c.Header.Type
	if kind == "text" {
		return s.within("interactive.header.text", c.Header.Text, 1, maxHeader)
	}
	raw := map[string]json.RawMessage{"image": c.Header.Image, "video": c.Header.Video, "document": c.Header.Document}[kind]
	switch {
	case kind == "":
		return missing("interactive.header.type")
	case c.Type != "button" || !slices.Contains([]string{"image", "video", "document"}, kind):
		return invalid("interactive.header.type '" + kind + "' is not allowed for " + c.Type)
	case len(raw) == 0:
		return missing("interactive.header." + kind)
	}
	part := &message{Type: kind, Content: raw, Number: m.Number, Customer: m.Customer}
	err := s.checkMedia(part)
	m.Fail = part.Fail
	return err
}

func (s *Server) checkButtons(c interactive) error {
	errs := []error{s.within("interactive.body.text", c.Body.Text, 1, maxButtonBody)}
	if n := len(c.Action.Buttons); n < 1 || n > maxButtons {
		errs = append(errs, invalid(fmt.Sprintf("Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: %d", maxButtons)))
	}
	titles, ids := map[string]bool{}, map[string]bool{}
	for _, b := range c.Action.Buttons {
		if b.Type != "reply" {
			errs = append(errs, invalid("interactive.action.buttons.type must be 'reply'"))
		}
		errs = append(errs, s.within("Button id", b.Reply.ID, 1, maxButtonID), s.within("Button title", b.Reply.Title, 1, maxButtonTitle))
		if titles[b.Reply.Title] || ids[b.Reply.ID] {
			errs = append(errs, invalid("Duplicated button id or title"))
		}
		titles[b.Reply.Title], ids[b.Reply.ID] = true, true
	}
	return errors.Join(errs...)
}

func (s *Server) checkList(c interactive) error {
	errs := []error{
		s.within("interactive.body.text", c.Body.Text, 1, maxListBody),
		s.within("interactive.action.button", c.Action.Button, 1, maxButtonTitle),
	}
	if n := len(c.Action.Sections); n < 1 || n > maxSections {
		errs = append(errs, invalid(fmt.Sprintf("Invalid sections count. Min: 1, Max: %d", maxSections)))
	}
	rows, ids := 0, map[string]bool{}
	for _, section := range c.Action.Sections {
		least := min(len(c.Action.Sections)-1, 1) // a title is needed when there are several
		errs = append(errs, s.within("Section title", section.Title, least, maxSectionTitle))
		rows += len(section.Rows)
		for _, row := range section.Rows {
			errs = append(errs, s.within("Row id", row.ID, 1, maxRowID), s.within("Row title", row.Title, 1, maxRowTitle),
				s.within("Row description", row.Description, 0, maxRowDescription))
			if ids[row.ID] {
				errs = append(errs, invalid("Duplicated row id"))
			}
			ids[row.ID] = true
		}
	}
	if rows < 1 || rows > maxRows {
		errs = append(errs, invalid(fmt.Sprintf("Total row count exceed max allowed count: %d", maxRows)))
	}
	return errors.Join(errs...)
}
