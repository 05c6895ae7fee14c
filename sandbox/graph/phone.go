package graph

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
)

// PhoneAPI returns what the phone page calls; the package's documentation lists it. Mount it with its prefix stripped.
func (s *Server) PhoneAPI() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /customers", phoneCall(s.getCustomers))
	mux.Handle("POST /customers", phoneCall(s.postCustomer))
	mux.Handle("PATCH /customers/{id}", phoneCall(s.patchCustomer))
	mux.Handle("GET /customers/{id}/chat", phoneCall(s.getChat))
	mux.Handle("POST /customers/{id}/messages", phoneCall(s.postIncoming))
	mux.Handle("POST /customers/{id}/media", phoneCall(s.postCustomerMedia))
	mux.Handle("POST /customers/{id}/read", phoneCall(s.postRead))
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

func (s *Server) postCustomer(w http.ResponseWriter, r *http.Request) (any, error) {
	var in struct {
		Name     string `json:"name"`
		Phone    string `json:"phone"`
		Username string `json:"username"`
	}
	if err := readJSON(w, r, &in); err != nil {
		return nil, refuse("%v", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.newCustomer(strings.TrimSpace(in.Name), in.Phone, strings.TrimPrefix(in.Username, "@"))
	if err != nil {
		return nil, err
	}
	if err := s.cfg.Store.Put(kindCustomer, c.ID, c); err != nil {
		return nil, err
	}
	s.customers = append(s.customers, c)
	s.hub.tell("")
	return s.view(c, s.cfg.Numbers[0]), nil
}

// newCustomer makes a customer of what somebody typed; one with a username keeps the phone to itself.
func (s *Server) newCustomer(name, phone, username string) (*customer, error) {
	digits, ok := dial(phone, s.cfg.Numbers[0].Display)
	switch {
	case name == "":
		return nil, refuse("name is missing")
	case !ok:
		return nil, refuse("phone must be a number with country code, as +55 11 98765-4321")
	case s.customerByPhone(digits) != nil:
		return nil, refuse("a customer has this phone already")
	}
	return &customer{
		ID: strconv.Itoa(len(s.customers) + 1), Name: name, Username: username, WaID: digits,
		BSUID: "BR." + s.digitsID(), HidesPhone: username != "", AutoRead: true,
	}, nil
}

func (s *Server) patchCustomer(w http.ResponseWriter, r *http.Request) (any, error) {
	var in struct {
		AutoRead   *bool `json:"auto_read"`
		NoReceipts *bool `json:"no_receipts"`
	}
	if err := readJSON(w, r, &in); err != nil {
		return nil, refuse("%v", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.customer(r.PathValue("id"))
	if c == nil {
		return nil, refuse("there is no customer %q", r.PathValue("id"))
	}
	changed := *c
	if in.AutoRead != nil {
		changed.AutoRead = *in.AutoRead
	}
	if in.NoReceipts != nil {
		changed.NoReceipts = *in.NoReceipts
	}
	if err := s.cfg.Store.Put(kindCustomer, c.ID, changed); err != nil {
		return nil, err
	}
	*c = changed
	for _, n := range s.cfg.Numbers {
		for _, m := range s.chats[chatKey{number: n.ID, customer: c.ID}] {
			if m.Out && m.State == stateDelivered {
				s.schedule(m)
			}
		}
	}
	s.hub.tell("")
	return s.view(c, s.cfg.Numbers[0]), nil
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
	var fields map[string]json.RawMessage
	if err := readJSON(w, r, &fields); err != nil {
		return nil, refuse("%v", err)
	}
	var in incoming
	var quote struct {
		MessageID string `json:"message_id"`
	}
	if err := json.Unmarshal(fields["type"], &in.Type); err != nil {
		return nil, refuse("type is missing")
	}
	if raw, ok := fields["context"]; ok {
		if err := json.Unmarshal(raw, &quote); err != nil {
			return nil, refuse("context: %v", err)
		}
	}
	in.Content, in.Quote = fields[in.Type], quote.MessageID
	id, err := s.receive(n, r.PathValue("id"), in)
	if err != nil {
		return nil, err
	}
	return sendMessage{ID: id}, nil
}

func (s *Server) postCustomerMedia(w http.ResponseWriter, r *http.Request) (any, error) {
	f, err := readUpload(w, r)
	if err != nil {
		return nil, refuse("%v", err)
	}
	f.Inbound = true
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.customer(r.PathValue("id")) == nil {
		return nil, refuse("there is no customer %q", r.PathValue("id"))
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
	serve(w, r, f)
}
