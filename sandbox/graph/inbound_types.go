package graph

import (
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
)

// accept checks what a customer sends, puts it into the words of a webhook in m, and returns the beginning of the
// webhook's message where that differs. The caller holds s.mu.
func (s *Server) accept(m *message, in incoming) (wireMessage, error) {
	if in.Context.MessageID != "" {
		if q := s.byID[in.Context.MessageID]; q == nil || q.chat() != m.chat() || !q.quotable() {
			return wireMessage{}, refuse("the quoted message is not one of this chat")
		}
	}
	if len(m.Content) == 0 || string(m.Content) == "null" {
		return wireMessage{}, refuse("%s is missing", m.Type)
	}
	var err error
	switch {
	case m.Type == "text":
		err = s.checkText(m)
	case m.Type == "location":
		err = s.checkLocation(m)
	case m.Type == "contacts":
		err = s.acceptContacts(m)
	case m.Type == "reaction":
		err = s.checkReaction(m)
	case m.Type == "interactive":
		err = checkAnswer(m)
	case m.Type == "button":
		err = checkPressed(m)
	case m.Type == "order":
		err = checkOrder(m)
	case m.Type == "unsupported":
		return acceptUnsupported(m)
	case isMedia(m.Type):
		return s.acceptFile(m, in)
	default:
		err = errors.New("type " + quoted(m.Type) + " is not one a customer can send here")
	}
	if err != nil {
		return wireMessage{}, refuse("%v", err)
	}
	return wireMessage{}, nil
}

// contactCard is one card of a contacts message.
type contactCard struct {
	Name struct {
		Formatted string `json:"formatted_name"`
		First     string `json:"first_name"`
		Last      string `json:"last_name"`
	} `json:"name"`
	Phones []struct {
		Phone string `json:"phone"`
		WaID  string `json:"wa_id"`
		Type  string `json:"type"`
	} `json:"phones"`
}

// acceptContacts adds what WhatsApp adds to cards that a customer picks: where they are from, and their vCard.
func (s *Server) acceptContacts(m *message) error {
	if err := s.checkContacts(m); err != nil {
		return err
	}
	list, err := content[[]map[string]json.RawMessage](m)
	if err != nil {
		return err
	}
	cards, err := content[[]contactCard](m)
	if err != nil {
		return err
	}
	for i, card := range list {
		if _, ok := card["origin"]; ok {
			continue
		}
		card["origin"] = json.RawMessage(`"other"`)
		if _, ok := card["vcard"]; !ok {
			card["vcard"] = json.RawMessage(quoted(cards[i].vcard()))
		}
	}
	m.Content, err = json.Marshal(list)
	return err
}

func (c contactCard) vcard() string {
	clean := strings.NewReplacer("\n", " ", "\r", " ", ";", `\;`, ",", `\,`)
	lines := []string{
		"BEGIN:VCARD", "VERSION:3.0",
		"N:" + clean.Replace(c.Name.Last) + ";" + clean.Replace(cmp.Or(c.Name.First, c.Name.Formatted)) + ";;;",
		"FN:" + clean.Replace(c.Name.Formatted),
	}
	for _, p := range c.Phones {
		tel := "TEL;type=" + cmp.Or(clean.Replace(p.Type), "CELL")
		if p.WaID != "" {
			tel += ";waid=" + clean.Replace(p.WaID)
		}
		lines = append(lines, tel+":"+clean.Replace(p.Phone))
	}
	return strings.Join(append(lines, "END:VCARD"), "\n")
}

func checkAnswer(m *message) error {
	type choice struct {
		ID    string `json:"id"`
		Title string `json:"title"`
	}
	c, err := content[struct {
		Type   string  `json:"type"`
		Button *choice `json:"button_reply"`
		List   *choice `json:"list_reply"`
		Flow   *struct {
			Response string `json:"response_json"`
		} `json:"nfm_reply"`
		Call *struct {
			Response string `json:"response"`
		} `json:"call_permission_reply"`
	}](m)
	if err != nil {
		return err
	}
	switch c.Type {
	case "nfm_reply":
		if c.Flow == nil || !json.Valid([]byte(c.Flow.Response)) {
			return missing("interactive.nfm_reply.response_json, a text of JSON")
		}
		return nil
	case "call_permission_reply":
		if c.Call == nil || !slices.Contains([]string{"accept", "reject"}, c.Call.Response) {
			return missing("interactive.call_permission_reply.response, accept or reject")
		}
		return nil
	}
	chosen := map[string]*choice{"button_reply": c.Button, "list_reply": c.List}[c.Type]
	if chosen == nil || chosen.ID == "" || chosen.Title == "" {
		return missing("interactive.button_reply or list_reply with id and title")
	}
	return nil
}

func checkPressed(m *message) error {
	c, err := content[struct {
		Payload string `json:"payload"`
		Text    string `json:"text"`
	}](m)
	if err != nil {
		return err
	}
	if c.Text == "" || c.Payload == "" {
		return missing("button.text and button.payload")
	}
	return nil
}

func checkOrder(m *message) error {
	c, err := content[struct {
		Catalog string `json:"catalog_id"`
		Items   []struct {
			ID       string   `json:"product_retailer_id"`
			Quantity int      `json:"quantity"`
			Price    *float64 `json:"item_price"`
			Currency string   `json:"currency"`
		} `json:"product_items"`
	}](m)
	switch {
	case err != nil:
		return err
	case c.Catalog == "" || len(c.Items) == 0:
		return missing("order.catalog_id and order.product_items")
	}
	for _, item := range c.Items {
		if item.ID == "" || item.Quantity < 1 || item.Price == nil || len(item.Currency) != 3 {
			return missing("product_retailer_id, quantity, item_price and currency of an order's item")
		}
	}
	return nil
}

// acceptUnsupported takes {"type","code"}: what the phone sent, and how WhatsApp reports that it does not tell.
func acceptUnsupported(m *message) (wireMessage, error) {
	c, err := content[struct {
		Type string `json:"type"`
		Code int    `json:"code"`
	}](m)
	code := cmp.Or(c.Code, codeType)
	if err != nil || !slices.Contains([]int{codeType, codeTooLarge, codeUnavailable}, code) {
		return wireMessage{}, refuse("unsupported is {\"type\",\"code\"}, the code being %d, %d or %d", codeType, codeTooLarge, codeUnavailable)
	}
	return unreadable(c.Type, code), nil
}

// inboundMedia is a webhook's media object.
type inboundMedia struct {
	Caption  string `json:"caption,omitempty"`
	Filename string `json:"filename,omitempty"`
	MIME     string `json:"mime_type"`
	SHA256   []byte `json:"sha256"` // base64 in JSON
	ID       string `json:"id"`
	URL      string `json:"url,omitempty"`
	Voice    *bool  `json:"voice,omitempty"`
	Animated *bool  `json:"animated,omitempty"`
}

// pickedMedia is how a phone names a file it sends. MIME is that of a generated one.
type pickedMedia struct {
	ID       string `json:"id"`
	MIME     string `json:"mime_type"`
	Caption  string `json:"caption"`
	Filename string `json:"filename"`
	Voice    bool   `json:"voice"`
}

func (s *Server) acceptFile(m *message, in incoming) (wireMessage, error) {
	c, err := content[pickedMedia](m)
	if err != nil {
		return wireMessage{}, refuse("%v", err)
	}
	f := in.file
	if f == nil {
		if f, err = s.picked(c.ID, m); err != nil {
			return wireMessage{}, err
		}
	}
	if m.Type != "document" && !slices.Contains(mediaKinds(f.MIME), m.Type) {
		return wireMessage{}, refuse("a file of type %s cannot be sent as %s", f.MIME, m.Type)
	}
	if f.Size > maxDocument {
		return unreadable("", codeTooLarge), nil
	}
	f.Number, f.Claim = m.Number, in.Declare
	if err := s.saveMedia(f); err != nil {
		return wireMessage{}, err
	}
	m.Content, err = s.describe(m.Type, f, c)
	return wireMessage{}, err
}

// picked returns a copy of what is known of a file that a customer sends. One that came from the business, or was sent
// to another number, becomes a file of its own: forwarding uploads it anew.
func (s *Server) picked(id string, m *message) (*media, error) {
	known := s.media[id]
	if known == nil {
		return nil, refuse("%s.id is not the id of an uploaded file", m.Type)
	}
	f := *known
	if f.Inbound && (f.Number == "" || f.Number == m.Number) {
		return &f, nil
	}
	if !f.Inbound && f.Number != m.Number && !m.Forwarded {
		return nil, refuse("%s.id is not the id of an uploaded file", m.Type)
	}
	f.ID, f.Inbound, f.At, f.Claim = s.digitsID(), true, s.cfg.Clock.Now(), claim{}
	if f.Generated {
		return &f, nil
	}
	return &f, s.copyBlob(id, f.ID)
}

func (s *Server) copyBlob(from, to string) error {
	r, err := s.cfg.Blobs.Open(from)
	if err != nil {
		return err
	}
	defer r.Close()
	_, err = s.cfg.Blobs.Save(to, io.Reader(r))
	return err
}

// describe is a file in the words of a webhook.
func (s *Server) describe(kind string, f *media, c pickedMedia) (json.RawMessage, error) {
	out := inboundMedia{Caption: c.Caption, MIME: cmp.Or(f.Claim.MIME, f.MIME), SHA256: f.shownHash(), ID: f.ID}
	if !f.Claim.NoURL {
		out.URL = s.link(f)
	}
	switch kind {
	case "audio":
		out.Voice = &c.Voice
		if c.Voice && strings.HasPrefix(out.MIME, "audio/ogg") {
			out.MIME = "audio/ogg; codecs=opus"
		}
	case "sticker":
		head, err := s.head(f)
		if err != nil {
			return nil, err
		}
		moves := animated(head)
		out.Animated = &moves
	case "document":
		out.Filename = cmp.Or(c.Filename, f.Filename)
	}
	return json.Marshal(out)
}

// generate makes the file of a message that asks for one, outside of any lock.
func (in *incoming) generate() error {
	if in.GenerateBytes == 0 || !isMedia(in.Type) {
		return nil
	}
	const most = 1 << 30
	var c pickedMedia
	if err := json.Unmarshal(in.content, &c); err != nil && len(in.content) > 0 {
		return refuse("%s: %v", in.Type, err)
	}
	if in.GenerateBytes < 1 || in.GenerateBytes > most {
		return refuse("generate_bytes goes from 1 to %d", most)
	}
	usual := map[string]string{
		"image": "image/jpeg", "video": "video/mp4", "audio": "audio/ogg", "sticker": "image/webp", "document": "application/pdf",
	}[in.Type]
	f, err := generate(cmp.Or(c.MIME, usual), c.Filename, in.GenerateBytes)
	if err != nil {
		return err
	}
	if in.file = f; len(in.content) == 0 {
		in.content = json.RawMessage(`{}`)
	}
	if in.Type == "document" && f.Filename == "" {
		f.Filename = "documento.pdf"
	}
	return nil
}
