package whatsapp

import (
	"context"
	"strconv"
	"strings"
)

// The values of TemplateButton.Kind.
const (
	TemplateQuickReply = "quick_reply"
	TemplateURL        = "url"
)

// TemplateMessage is an approved template with its variables filled. It is the only message that is delivered outside of the
// service window. NumberID, To, ReplyTo and CallbackData are those of TextMessage; WhatsApp shows no quote above a template.
type TemplateMessage struct {
	NumberID, To, ReplyTo, CallbackData string
	// Name and Language, such as "pt_BR", pick the template.
	Name, Language string
	// HeaderText is the value of the header's variable, where it has one.
	HeaderText string
	// HeaderName is the name of the header's variable, in templates with named ones.
	HeaderName string
	// HeaderMedia is the file for a header of an image, video or document.
	HeaderMedia *TemplateMedia
	// Body are the values of the body's variables in their order. Runs of white space in a value become one space, as the
	// platform refuses line breaks there; none may be blank.
	Body []string
	// Names are the names of the body's variables in templates with named ones, else nil: see Template.Names.
	Names []string
	// Buttons are the variable parts of the buttons that have one.
	Buttons []TemplateButton
}

// TemplateMedia is the file in a template's header.
type TemplateMedia struct {
	// Kind is TypeImage, TypeVideo or TypeDocument.
	Kind string
	// MediaID is what Upload returned.
	MediaID string
	// Filename is shown for documents.
	Filename string
}

// TemplateButton is the variable part of one button of a template.
type TemplateButton struct {
	// Index is the place of the button among all of the template's, from 0.
	Index int
	// Kind is TemplateQuickReply or TemplateURL.
	Kind string
	// Payload is what comes back as Button.Payload when a quick reply is pressed, or the end of an address.
	Payload string
}

type templateBody struct {
	Name       string              `json:"name"`
	Language   templateLanguage    `json:"language"`
	Components []templateComponent `json:"components,omitempty"`
}

type templateLanguage struct {
	Code string `json:"code"`
}

type templateComponent struct {
	Type       string              `json:"type"`
	SubType    string              `json:"sub_type,omitempty"`
	Index      string              `json:"index,omitempty"`
	Parameters []templateParameter `json:"parameters"`
}

type templateParameter struct {
	Type     string     `json:"type"`
	Name     string     `json:"parameter_name,omitempty"`
	Text     string     `json:"text,omitempty"`
	Payload  string     `json:"payload,omitempty"`
	Image    *mediaBody `json:"image,omitempty"`
	Video    *mediaBody `json:"video,omitempty"`
	Document *mediaBody `json:"document,omitempty"`
}

// SendTemplate sends a template once. See Provider for its errors.
//
// Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages
func (a *api) SendTemplate(ctx context.Context, m TemplateMessage) (Sent, error) {
	if err := m.validate(); err != nil {
		return Sent{}, err
	}
	return a.send(ctx, m.NumberID, m.payload())
}

func (m TemplateMessage) envelope() envelope {
	return envelope{m.NumberID, m.To, m.ReplyTo, m.CallbackData}
}

func (m TemplateMessage) validate() error {
	switch {
	case !isPathSegment(m.Name) || len(m.Name) > MaxTemplateName:
		return invalid("name of a template")
	case !isPathSegment(m.Language):
		return invalid("language of a template")
	case m.HeaderText != "" && m.HeaderMedia != nil:
		return invalid("two headers")
	case m.HeaderText != "" && !between(templateValue(m.HeaderText), 1, MaxHeader):
		return invalid("header that is blank or above %d units", MaxHeader)
	case m.Names != nil && len(m.Names) != len(m.Body):
		return invalid("%d names for %d variables", len(m.Names), len(m.Body))
	}
	for i, v := range m.Body {
		if templateValue(v) == "" {
			return invalid("variable %d is blank", i+1)
		}
		if m.Names != nil && m.Names[i] == "" {
			return invalid("variable %d has no name", i+1)
		}
	}
	if m.HeaderMedia != nil {
		if err := m.HeaderMedia.validate(); err != nil {
			return err
		}
	}
	if err := validateTemplateButtons(m.Buttons); err != nil {
		return err
	}
	return m.envelope().validate()
}

func (f TemplateMedia) validate() error {
	switch {
	case f.Kind != TypeImage && f.Kind != TypeVideo && f.Kind != TypeDocument:
		return invalid("header of the kind %q", f.Kind)
	case !isPathSegment(f.MediaID):
		return invalid("media id of the header")
	}
	return nil
}

func validateTemplateButtons(buttons []TemplateButton) error {
	taken := map[int]bool{}
	for _, b := range buttons {
		switch {
		case b.Kind != TemplateQuickReply && b.Kind != TemplateURL:
			return invalid("button of the kind %q", b.Kind)
		case b.Index < 0 || taken[b.Index]:
			return invalid("place %d of a button", b.Index)
		case strings.TrimSpace(b.Payload) == "":
			return invalid("button %d is empty", b.Index)
		}
		taken[b.Index] = true
	}
	return nil
}

func (m TemplateMessage) payload() payload {
	t := &templateBody{Name: m.Name, Language: templateLanguage{Code: m.Language}}
	if m.HeaderText != "" || m.HeaderMedia != nil {
		t.Components = append(t.Components, templateComponent{Type: "header", Parameters: []templateParameter{m.header()}})
	}
	if len(m.Body) > 0 {
		body := templateComponent{Type: "body"}
		for i, v := range m.Body {
			value := templateParameter{Type: TypeText, Text: templateValue(v)}
			if m.Names != nil {
				value.Name = m.Names[i]
			}
			body.Parameters = append(body.Parameters, value)
		}
		t.Components = append(t.Components, body)
	}
	for _, b := range m.Buttons {
		value := templateParameter{Type: "payload", Payload: b.Payload}
		if b.Kind == TemplateURL {
			value = templateParameter{Type: TypeText, Text: b.Payload}
		}
		t.Components = append(t.Components, templateComponent{
			Type: "button", SubType: b.Kind, Index: strconv.Itoa(b.Index), Parameters: []templateParameter{value},
		})
	}
	p := m.envelope().payload("template")
	p.Template = t
	return p
}

func (m TemplateMessage) header() templateParameter {
	if m.HeaderMedia == nil {
		return templateParameter{Type: TypeText, Name: m.HeaderName, Text: templateValue(m.HeaderText)}
	}
	file, p := &mediaBody{ID: m.HeaderMedia.MediaID}, templateParameter{Type: m.HeaderMedia.Kind}
	switch m.HeaderMedia.Kind {
	case TypeImage:
		p.Image = file
	case TypeVideo:
		p.Video = file
	case TypeDocument:
		file.Filename = m.HeaderMedia.Filename
		p.Document = file
	}
	return p
}

// templateValue returns a value as a variable may carry it.
func templateValue(s string) string { return strings.Join(strings.Fields(s), " ") }
