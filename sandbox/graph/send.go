package graph

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// outgoing is the body of POST messages; the content of its type is read by the type's own check.
type outgoing struct {
	Product       string `json:"messaging_product"`
	RecipientType string `json:"recipient_type"`
	To            string `json:"to"`
	Recipient     string `json:"recipient"`
	Type          string `json:"type"`
	Status        string `json:"status"`
	MessageID     string `json:"message_id"`
	Typing        *struct {
		Type string `json:"type"`
	} `json:"typing_indicator"`
	Context *struct {
		MessageID string `json:"message_id"`
	} `json:"context"`
	Callback string `json:"biz_opaque_callback_data"`
}

// recipient is whom a message goes to. Without a customer it is nobody.
type recipient struct {
	customer *customer
	digits   string // set when addressed by phone
	bsuid    string // set when addressed by business-scoped user id
	input    string
}

type sendAnswer struct {
	Product  string        `json:"messaging_product"`
	Contacts []sendContact `json:"contacts"`
	Messages []sendMessage `json:"messages"`
}

type sendContact struct {
	Input  string `json:"input"`
	WaID   string `json:"wa_id,omitempty"`
	UserID string `json:"user_id,omitempty"`
}

type sendMessage struct {
	ID     string `json:"id"`
	Status string `json:"message_status,omitempty"`
}

type success struct {
	Success bool `json:"success"`
}

func (s *Server) postMessages(w http.ResponseWriter, r *http.Request) (any, error) {
	n, err := s.hosted(r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	return s.acceptMessage(w, r, n)
}

// acceptMessage takes what a number sends: a message, or that it read one.
func (s *Server) acceptMessage(w http.ResponseWriter, r *http.Request, n Number) (any, error) {
	var raw json.RawMessage
	if err := readJSON(w, r, &raw); err != nil {
		return nil, badParameter("The body is not a JSON object of at most 1 MB")
	}
	var o outgoing
	if err := json.Unmarshal(raw, &o); err != nil {
		return nil, badParameter("A parameter has the wrong type: " + err.Error())
	}
	if o.Product != "whatsapp" {
		return nil, badParameter("The parameter messaging_product is required and must be 'whatsapp'.")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if o.Status != "" || o.Typing != nil {
		return s.markRead(n, o)
	}
	return s.send(n, o, raw)
}

func (s *Server) send(n Number, o outgoing, raw json.RawMessage) (any, error) {
	to, err := s.address(n, o)
	if err != nil {
		return nil, err
	}
	m, err := s.compose(n, to, o, raw)
	if err != nil {
		return nil, err
	}
	if f, late, ok := failureFor(to); ok {
		if !late {
			return nil, &apiError{code: f.code, message: f.title, details: failureDetails(f)}
		}
		m.Fail = f.code
	}
	if m.Fail == codeWindow && s.knobs.WindowError == wayAnswer {
		return nil, &apiError{code: codeWindow, details: windowDetails}
	}
	if err := s.spend(m); err != nil {
		return nil, err
	}
	if err := s.saveMessage(m); err != nil {
		return nil, err
	}
	delete(s.typing, m.chat())
	s.schedule(m)
	return to.answer(m), nil
}

// compose checks the body and makes the message of it. The caller holds s.mu.
func (s *Server) compose(n Number, to recipient, o outgoing, raw json.RawMessage) (*message, error) {
	switch {
	case o.RecipientType != "" && o.RecipientType != "individual":
		return nil, invalid("recipient_type must be 'individual': the sandbox has no groups")
	case s.length(o.Callback) > maxCallback:
		return nil, invalid("biz_opaque_callback_data must be at most 512 characters long")
	case o.Type == "":
		return nil, missing("type")
	}
	m := &message{
		Number: n.ID, Out: true, Type: o.Type, At: s.cfg.Clock.Now(), State: stateAccepted,
		Callback: o.Callback, ToPhone: to.digits, ToBSUID: to.bsuid,
	}
	if o.Context != nil {
		m.Context = o.Context.MessageID
	}
	if to.customer != nil {
		m.Customer = to.customer.ID
	}
	if err := s.check(m, raw); err != nil {
		return nil, err
	}
	switch {
	case to.customer == nil || to.customer.Gone:
		m.Fail = codeUndelivered
	case m.Type != "template" && !s.windowOpen(m.chat()):
		m.Fail = codeWindow
	case m.Category == "marketing" && to.customer.StopsAds:
		m.Fail = codeStopped
	}
	m.ID, m.Seq = s.wamid(to.digits+to.bsuid), s.seq
	return m, nil
}

var (
	bsuidPattern  = regexp.MustCompile(`^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$`)
	parentPattern = regexp.MustCompile(`^[A-Z]{2}\.ENT\.`)
)

// address finds the recipient; a phone goes before a business-scoped user id.
func (s *Server) address(n Number, o outgoing) (recipient, error) {
	switch {
	case o.To != "":
		digits, ok := dial(o.To, n.Display)
		if !ok {
			return recipient{}, invalid("Recipient phone number is not valid")
		}
		if phoneKey(digits) == phoneKey(n.Display) {
			return recipient{}, &apiError{code: codeSelf, details: "The recipient is the sender's own number"}
		}
		return recipient{customer: s.customerByPhone(digits), digits: digits, input: o.To}, nil
	case o.Recipient != "":
		if !bsuidPattern.MatchString(o.Recipient) {
			return recipient{}, invalid("recipient is not a business-scoped user id")
		}
		return recipient{customer: s.customerByBSUID(o.Recipient), bsuid: o.Recipient, input: o.Recipient}, nil
	}
	return recipient{}, badParameter("The parameter to is required.")
}

// dial turns what callers write into digits. Without a plus, a number too short to have a country code gets the
// business' one, which is right for national numbers and wrong for short foreign ones.
func dial(to, own string) (digits string, ok bool) {
	plus := strings.HasPrefix(to, "+")
	digits = strings.Map(func(r rune) rune {
		if strings.ContainsRune("+ -()", r) {
			return -1
		}
		return r
	}, to)
	if strings.Trim(digits, "0123456789") != "" || strings.LastIndex(to, "+") > 0 {
		return "", false
	}
	if !plus && len(digits) <= 11 {
		digits = own[:2] + digits
	}
	return digits, len(digits) >= 8 && len(digits) <= 15
}

// phone returns the digits that decide whether the recipient is one that fails.
func (to recipient) phone() string {
	if to.customer != nil {
		return phoneKey(to.customer.WaID)
	}
	return phoneKey(to.digits)
}

func (to recipient) answer(m *message) sendAnswer {
	contact := sendContact{Input: to.input, UserID: to.bsuid}
	if to.digits != "" {
		contact.WaID = to.digits
		if to.customer != nil {
			contact.WaID = to.customer.WaID
		}
	}
	made := sendMessage{ID: m.ID}
	if m.Type == "template" {
		made.Status = "accepted"
	}
	return sendAnswer{Product: "whatsapp", Contacts: []sendContact{contact}, Messages: []sendMessage{made}}
}

// markRead marks a customer's message and the earlier ones of its chat as read, and starts the typing indicator.
func (s *Server) markRead(n Number, o outgoing) (any, error) {
	switch {
	case o.Status != "read":
		return nil, invalid("status must be 'read'")
	case o.MessageID == "":
		return nil, missing("message_id")
	case o.Typing != nil && o.Typing.Type != "text":
		return nil, invalid("typing_indicator.type must be 'text'")
	}
	now := s.cfg.Clock.Now()
	last := s.byID[o.MessageID]
	if last == nil || last.Out || last.Number != n.ID || now.Sub(last.At) > readLife {
		return nil, invalid("message_id is not a message of the last 30 days that this number received")
	}
	for _, m := range s.chats[last.chat()] {
		if m.Out || m.Seq > last.Seq || m.State == stateRead || m.Type == typeSystem {
			continue
		}
		m.State = stateRead
		if err := s.saveMessage(m); err != nil {
			return nil, err
		}
	}
	if o.Typing != nil {
		s.typing[last.chat()] = now.Add(typingLife)
		s.cfg.Queue.At(now.Add(typingLife+time.Millisecond), s.tellLater(last.Customer))
		s.hub.tell(last.Customer)
	}
	return success{Success: true}, nil
}
