package graph

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

type interactive struct {
	Type   string `json:"type"`
	Header *struct {
		Type string `json:"type"`
		Text string `json:"text"`
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
	if c.Header != nil && c.Header.Type == "text" {
		if err := s.within("interactive.header.text", c.Header.Text, 1, maxHeader); err != nil {
			return err
		}
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
	if c.Header != nil && c.Header.Type != "text" {
		errs = append(errs, invalid("the header of a list must be text"))
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

type templateMessage struct {
	Name     string `json:"name"`
	Language struct {
		Code string `json:"code"`
	} `json:"language"`
	Components []struct {
		Type       string `json:"type"`
		Parameters []struct {
			Type string `json:"type"`
			Text string `json:"text"`
		} `json:"parameters"`
	} `json:"components"`
}

func (s *Server) checkTemplate(m *message) error {
	c, err := content[templateMessage](m)
	if err != nil {
		return err
	}
	if c.Language.Code == "" {
		return missing("template.language.code")
	}
	if err := s.within("template.name", c.Name, 1, maxTemplateName); err != nil {
		return err
	}
	t, ok := findTemplate(c.Name, c.Language.Code)
	if !ok {
		return &apiError{code: codeTemplate, details: "template name does not exist in the translation"}
	}
	m.Preview, err = t.fill(c)
	m.Buttons = t.Buttons
	return err
}

func (t template) fill(c templateMessage) (string, error) {
	text, given := t.Body, 0
	for _, component := range c.Components {
		if !strings.EqualFold(component.Type, "body") {
			continue
		}
		for _, p := range component.Parameters {
			given++
			text = strings.ReplaceAll(text, "{{"+strconv.Itoa(given)+"}}", p.Text)
		}
	}
	if given != t.Vars {
		return "", &apiError{code: codeTemplateVars, details: "number of localizable_params does not match the expected number of params"}
	}
	return text, nil
}
