package graph

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// templateMessage is the content of an outgoing message of type template.
type templateMessage struct {
	Name     string `json:"name"`
	Language struct {
		Code string `json:"code"`
	} `json:"language"`
	Components []filledComponent `json:"components"`
}

type filledComponent struct {
	Type       string            `json:"type"`
	SubType    string            `json:"sub_type"`
	Index      json.RawMessage   `json:"index"` // a number or a text
	Parameters []filledParameter `json:"parameters"`
}

type filledParameter struct {
	Type       string          `json:"type"`
	Name       string          `json:"parameter_name"`
	Text       string          `json:"text"`
	Payload    string          `json:"payload"`
	CouponCode string          `json:"coupon_code"`
	Currency   *fallback       `json:"currency"`
	DateTime   *fallback       `json:"date_time"`
	Image      json.RawMessage `json:"image"`
	Video      json.RawMessage `json:"video"`
	Document   json.RawMessage `json:"document"`
	Location   json.RawMessage `json:"location"`
}

type fallback struct {
	Value string `json:"fallback_value"`
}

// TemplateView is a template's message as the customer sees it, filled in.
type TemplateView struct {
	// HeaderType is text, image, video, document or location, "" without a header; Header is its text, HeaderContent
	// the media or location object of the message.
	HeaderType    string           `json:"header_type,omitempty"`
	Header        string           `json:"header,omitempty"`
	HeaderContent json.RawMessage  `json:"header_content,omitempty"`
	Body          string           `json:"body"`
	Footer        string           `json:"footer,omitempty"`
	Buttons       []TemplateButton `json:"buttons,omitempty"`
}

// TemplateButton is a button below a template's message: quick_reply, url, phone_number, copy_code, otp or
// request_contact_info. Payload is what a quick reply sends back, and the code to copy.
type TemplateButton struct {
	Type    string `json:"type"`
	Text    string `json:"text"`
	Payload string `json:"payload,omitempty"`
	URL     string `json:"url,omitempty"`
	Phone   string `json:"phone,omitempty"`
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
	t := s.findTemplate(c.Name, c.Language.Code)
	switch {
	case t == nil || t.Status == templatePending || t.Status == templateRejected:
		return &apiError{code: codeTemplate, details: "template name (" + c.Name + ") does not exist in " + c.Language.Code}
	case t.Status == templatePaused:
		return &apiError{code: codePaused, details: "Template is paused due to low quality so it cannot be sent in a template message."}
	case t.Status == templateDisabled:
		return &apiError{code: codeDisabled, details: "Template has been paused too many times due to low quality and is now permanently disabled."}
	case t.Category == "AUTHENTICATION" && m.ToPhone == "":
		return &apiError{code: codeNeedsPhone, details: "Authentication templates need the recipient's phone number"}
	}
	m.Category = strings.ToLower(t.Category)
	m.Template, err = s.render(t, c, m)
	return err
}

// render fills a template with a message's parameters.
func (s *Server) render(t *template, c templateMessage, m *message) (*TemplateView, error) {
	given := map[string]filledComponent{}
	for _, component := range c.Components {
		kind := strings.ToLower(component.Type)
		if kind != "button" && t.part(kind).Type == "" && len(component.Parameters) > 0 {
			return nil, wrongCount(kind, len(component.Parameters), 0)
		}
		given[kind] = component
	}
	view := &TemplateView{Footer: t.part("footer").Text}
	var err error
	if view.Body, err = t.text("body", t.part("body").Text, given["body"].Parameters); err != nil {
		return nil, err
	}
	if s.length(view.Body) > maxTemplateBody {
		return nil, &apiError{code: codeTooLong, details: "Translated text too long"}
	}
	if err := s.renderHeader(view, t, given["header"].Parameters, m); err != nil {
		return nil, err
	}
	view.Buttons, err = t.buttons(c.Components)
	return view, err
}

func wrongCount(kind string, given, want int) error {
	return &apiError{code: codeTemplateVars, details: fmt.Sprintf(
		"%s: number of localizable_params (%d) does not match the expected number of params (%d)", kind, given, want)}
}

func wrongFormat(kind, want, got string) error {
	return &apiError{code: codeFormat, details: fmt.Sprintf("%s: Format mismatch, expected %s, received %s", kind, want, cmp.Or(got, "UNKNOWN"))}
}

// text fills the variables of one component's text.
func (t *template) text(kind, text string, params []filledParameter) (string, error) {
	names := variables(text)
	if len(names) != len(params) {
		return "", wrongCount(kind, len(params), len(names))
	}
	values := map[string]string{}
	for i, p := range params {
		value, err := p.plain(kind)
		if err != nil {
			return "", err
		}
		name := names[i]
		if t.Format == named {
			if name = p.Name; name == "" {
				return "", &apiError{code: codeParameter, details: "Parameter name is missing or empty"}
			}
		}
		values[name] = value
	}
	for _, name := range names {
		if _, ok := values[name]; !ok {
			return "", &apiError{code: codeParameter, details: "Parameter name " + name + " is missing or empty"}
		}
	}
	return fillIn(text, values), nil
}

var badSpaces = regexp.MustCompile(`[\n\t]| {5,}`)

// plain returns a parameter as text.
func (p filledParameter) plain(kind string) (string, error) {
	text := p.Text
	switch {
	case p.Type == "currency" && p.Currency != nil:
		text = p.Currency.Value
	case p.Type == "date_time" && p.DateTime != nil:
		text = p.DateTime.Value
	case p.Type != "text":
		return "", wrongFormat(kind, "TEXT", strings.ToUpper(p.Type))
	}
	switch {
	case text == "":
		return "", missing(kind + ".parameters.text")
	case badSpaces.MatchString(text):
		return "", &apiError{code: codeTemplateText, details: "Param text cannot have new-line/tab characters or more than 4 consecutive spaces"}
	}
	return text, nil
}

func (s *Server) renderHeader(view *TemplateView, t *template, params []filledParameter, m *message) error {
	header := t.part("header")
	view.HeaderType = strings.ToLower(header.Format)
	switch header.Format {
	case "":
		return nil
	case "TEXT":
		var err error
		view.Header, err = t.text("header", header.Text, params)
		return err
	}
	if len(params) != 1 {
		return wrongCount("header", len(params), 1)
	}
	raw := map[string]json.RawMessage{
		"IMAGE": params[0].Image, "VIDEO": params[0].Video, "DOCUMENT": params[0].Document, "LOCATION": params[0].Location,
	}[header.Format]
	if !strings.EqualFold(params[0].Type, header.Format) || len(raw) == 0 {
		return wrongFormat("header", header.Format, strings.ToUpper(params[0].Type))
	}
	view.HeaderContent = raw
	part := &message{Type: view.HeaderType, Content: raw, Number: m.Number, Customer: m.Customer}
	if part.Type == "location" {
		return s.checkLocation(part)
	}
	err := s.checkMedia(part)
	m.Fail = cmp.Or(m.Fail, part.Fail)
	return err
}

// buttons returns a template's buttons with what the message says of them.
func (t *template) buttons(components []filledComponent) ([]TemplateButton, error) {
	all := t.part("buttons").Buttons
	params := map[int]filledParameter{}
	for _, c := range components {
		if !strings.EqualFold(c.Type, "button") {
			continue
		}
		i, err := strconv.Atoi(strings.Trim(string(c.Index), `"`))
		switch {
		case err != nil:
			return nil, missing("template.components.button.index")
		case i < 0 || i >= len(all):
			return nil, wrongCount("buttons", i+1, len(all))
		case !strings.EqualFold(c.SubType, all[i].subType()):
			return nil, wrongFormat("buttons", all[i].Type, strings.ToUpper(c.SubType))
		case len(c.Parameters) > 1:
			return nil, wrongCount("buttons", len(c.Parameters), 1)
		}
		if len(c.Parameters) == 1 {
			params[i] = c.Parameters[0]
		}
	}
	var out []TemplateButton
	for i, b := range all {
		made, err := b.fill(i, params[i])
		if err != nil {
			return nil, err
		}
		out = append(out, made)
	}
	return out, nil
}

// subType is what a message calls a button of this type.
func (b templateButton) subType() string {
	if b.Type == "OTP" {
		return "url"
	}
	return b.Type
}

func (b templateButton) fill(at int, p filledParameter) (TemplateButton, error) {
	out := TemplateButton{Type: strings.ToLower(b.Type), Text: b.Text, URL: b.URL, Phone: b.Phone}
	names := variables(b.URL)
	switch {
	case b.Type == "QUICK_REPLY":
		out.Payload = cmp.Or(p.Payload, b.Text)
	case b.Type == "COPY_CODE":
		out.Payload = p.CouponCode
	case b.Type == "OTP":
		out.Payload = p.Text
	case len(names) > 0:
		out.URL = fillIn(b.URL, map[string]string{names[0]: p.Text})
	default:
		return out, nil
	}
	if b.Type != "QUICK_REPLY" && p.Text == "" && out.Payload == "" {
		return out, &apiError{code: codeMissing, details: fmt.Sprintf("buttons: Button at index %d of type %s requires a parameter", at, b.Type)}
	}
	return out, nil
}
