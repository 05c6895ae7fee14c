package graph

import (
	"encoding/json"
	"errors"
	"net/http"
)

// PhoneAPI returns what the phone page calls; the package's documentation lists it. Mount it with its prefix stripped.
func (s *Server) PhoneAPI() http.Handler {
	mux := http.NewServeMux()
	for pattern, h := range map[string]handler{
		"GET /customers":                     s.getCustomers,
		"POST /customers":                    s.postCustomer,
		"PATCH /customers/{id}":              s.patchCustomer,
		"GET /customers/{id}/chat":           s.getChat,
		"POST /customers/{id}/messages":      s.postIncoming,
		"POST /customers/{id}/media":         s.postCustomerMedia,
		"POST /customers/{id}/read":          s.postRead,
		"POST /customers/{id}/played":        s.postPlayed,
		"POST /customers/{id}/calls":         s.postCall,
		"POST /customers/{id}/preferences":   s.postPreference,
		"POST /customers/{id}/share-phone":   s.postSharePhone,
		"POST /customers/{id}/change-number": s.postChangeNumber,
		"POST /customers/{id}/change-id":     s.postChangeID,
		"POST /customers/{id}/recycle":       s.postRecycle,
	} {
		mux.Handle(pattern, phoneCall(h))
	}
	mux.HandleFunc("GET /media/{id}", s.getPhoneMedia)
	mux.HandleFunc("GET /events", s.getEvents)
	return mux
}

type phoneError struct {
	Error string `json:"error"`
}

func phoneCall(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer, err := h(w, r)
		switch {
		case errors.Is(err, errCustomer):
			writeJSON(w, http.StatusBadRequest, phoneError{err.Error()})
		case err != nil:
			writeJSON(w, http.StatusInternalServerError, phoneError{err.Error()})
		default:
			writeJSON(w, http.StatusOK, answer)
		}
	})
}

// numberOf returns the number a phone call is about.
func (s *Server) numberOf(r *http.Request) (Number, error) {
	id := r.URL.Query().Get("number")
	if id == "" {
		return s.cfg.Numbers[0], nil
	}
	n, ok := s.number(id)
	if !ok {
		return n, refuse("there is no number %q", id)
	}
	return n, nil
}

func (s *Server) getCustomers(_ http.ResponseWriter, r *http.Request) (any, error) {
	n, err := s.numberOf(r)
	if err != nil {
		return nil, err
	}
	return struct {
		Numbers   []Number   `json:"numbers"`
		Customers []Customer `json:"customers"`
	}{s.cfg.Numbers, s.customersOf(n)}, nil
}

func (s *Server) getChat(_ http.ResponseWriter, r *http.Request) (any, error) {
	n, err := s.numberOf(r)
	if err != nil {
		return nil, err
	}
	chat, ok := s.Chat(r.PathValue("id"), n.ID, r.URL.Query().Get("all") == "1")
	if !ok {
		return nil, refuse("there is no customer %q", r.PathValue("id"))
	}
	return chat, nil
}

func (s *Server) postIncoming(w http.ResponseWriter, r *http.Request) (any, error) {
	n, err := s.numberOf(r)
	if err != nil {
		return nil, err
	}
	var raw json.RawMessage
	if err := readJSON(w, r, &raw); err != nil {
		return nil, refuse("%v", err)
	}
	var in incoming
	var fields map[string]json.RawMessage
	if err := errors.Join(json.Unmarshal(raw, &in), json.Unmarshal(raw, &fields)); err != nil {
		return nil, refuse("%v", err)
	}
	if in.Type == "" {
		return nil, refuse("type is missing")
	}
	in.content = fields[in.Type]
	id, err := s.receive(n, r.PathValue("id"), in)
	if err != nil {
		return nil, err
	}
	return sendMessage{ID: id}, nil
}

func (s *Server) postCustomerMedia(w http.ResponseWriter, r *http.Request) (any, error) {
	f, _, err := s.readUpload(w, r)
	var bad *apiError
	switch {
	case errors.As(err, &bad):
		return nil, refuse("%v", bad)
	case err != nil:
		return nil, err
	}
	f.Inbound = true
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.customer(r.PathValue("id")) == nil {
		return nil, errors.Join(refuse("there is no customer %q", r.PathValue("id")), s.cfg.Blobs.Delete(f.ID))
	}
	if err := s.saveMedia(f); err != nil {
		return nil, err
	}
	return mediaID{ID: f.ID}, nil
}

// postRead shows the customer the chat: what has arrived is read.
func (s *Server) postRead(_ http.ResponseWriter, r *http.Request) (any, error) {
	n, err := s.numberOf(r)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.chats[chatKey{number: n.ID, customer: r.PathValue("id")}] {
		if !m.Out || m.Seen || m.State != stateDelivered {
			continue
		}
		if err := s.look(m); err != nil {
			return nil, err
		}
	}
	return success{Success: true}, nil
}

// postPlayed has the customer listen to a voice message. Switched-off read receipts do not hide that.
func (s *Server) postPlayed(w http.ResponseWriter, r *http.Request) (any, error) {
	var in struct {
		MessageID string `json:"message_id"`
	}
	if err := readJSON(w, r, &in); err != nil {
		return nil, refuse("%v", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.byID[in.MessageID]
	if m == nil || !m.Out || m.Customer != r.PathValue("id") || m.Type != "audio" || !m.onPhone() {
		return nil, refuse("message_id is not an audio message of this customer's chats")
	}
	c, err := content[outgoingMedia](m)
	if err != nil || !c.Voice || m.State == statePlayed {
		return success{Success: true}, err
	}
	m.Seen = true
	return success{Success: true}, s.report(m, statePlayed)
}

func (s *Server) getPhoneMedia(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	f := s.media[r.PathValue("id")]
	s.mu.Unlock()
	if f == nil {
		http.NotFound(w, r)
		return
	}
	if !inline(f.MIME) {
		w.Header().Set("Content-Disposition", "attachment")
	}
	s.serveMedia(w, r, f, f.MIME)
}
