package graph

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
)

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
	return s.view(c, s.cfg.Numbers[0]), s.saveCustomer(c)
}

var usernamePattern = regexp.MustCompile(`^[a-z0-9._]{3,35}$`)

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
	case username != "" && !usernamePattern.MatchString(username):
		return nil, refuse("username is 3 to 35 of a-z, 0-9, dot and underscore")
	}
	return &customer{
		ID: strconv.Itoa(len(s.customers) + 1), Name: name, Username: username, WaID: digits,
		BSUID: s.newBSUID(digits), HidesPhone: username != "", AutoRead: true,
	}, nil
}

// customerChange is what PATCH may change; what is nil stays.
type customerChange struct {
	Name       *string `json:"name"`
	Username   *string `json:"username"`
	Parent     *string `json:"parent_bsuid"`
	HidesPhone *bool   `json:"hides_phone"`
	AutoRead   *bool   `json:"auto_read"`
	NoReceipts *bool   `json:"no_receipts"`
	Offline    *bool   `json:"offline"`
	FailCode   *int    `json:"fail_code"`
	FailWay    *string `json:"fail_way"`
}

func set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

func (in customerChange) apply(c *customer) error {
	set(&c.Name, in.Name)
	set(&c.Username, in.Username)
	set(&c.Parent, in.Parent)
	set(&c.HidesPhone, in.HidesPhone)
	set(&c.AutoRead, in.AutoRead)
	set(&c.NoReceipts, in.NoReceipts)
	set(&c.Offline, in.Offline)
	set(&c.FailCode, in.FailCode)
	set(&c.FailWay, in.FailWay)
	_, known := failureOf(c.FailCode)
	switch {
	case strings.TrimSpace(c.Name) == "":
		return refuse("name is missing")
	case c.Username != "" && !usernamePattern.MatchString(c.Username):
		return refuse("username is 3 to 35 of a-z, 0-9, dot and underscore")
	case c.Parent != "" && !parentPattern.MatchString(c.Parent):
		return refuse("parent_bsuid begins like BR.ENT.")
	case c.HidesPhone && c.BSUID == "":
		return refuse("%s has no other id than the phone", c.Name)
	case !known:
		return refuse("fail_code %d is not a documented error", c.FailCode)
	case c.FailWay != "" && c.FailWay != wayAnswer && c.FailWay != wayStatus:
		return refuse("fail_way is answer, status or empty")
	}
	return nil
}

func (s *Server) patchCustomer(w http.ResponseWriter, r *http.Request) (any, error) {
	var in customerChange
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
	if err := in.apply(&changed); err != nil {
		return nil, err
	}
	back := c.Offline && !changed.Offline
	if err := s.saveCustomer(&changed); err != nil {
		return nil, err
	}
	for _, n := range s.cfg.Numbers {
		for _, m := range s.chats[chatKey{number: n.ID, customer: changed.ID}] {
			if m.Out && (m.State == stateDelivered || back && m.State == stateSent) {
				s.schedule(m)
			}
		}
	}
	return s.view(&changed, s.cfg.Numbers[0]), nil
}

// act is something a customer does: it reads its body, if it needs one, and has the customer changed under the lock.
func act[T any](s *Server, w http.ResponseWriter, r *http.Request, do func(n Number, c *customer, in T) (any, error)) (any, error) {
	n, err := s.numberOf(r)
	if err != nil {
		return nil, err
	}
	var in T
	if r.ContentLength != 0 {
		if err := readJSON(w, r, &in); err != nil {
			return nil, refuse("%v", err)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.present(r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	return do(n, c, in)
}

func (s *Server) postCall(w http.ResponseWriter, r *http.Request) (any, error) {
	type body struct {
		Seconds int `json:"seconds"`
	}
	return act(s, w, r, func(n Number, c *customer, in body) (any, error) {
		id, err := s.ring(n, c, in.Seconds)
		return sendMessage{ID: id}, err
	})
}

func (s *Server) postPreference(w http.ResponseWriter, r *http.Request) (any, error) {
	type body struct {
		Value string `json:"value"`
	}
	return act(s, w, r, func(n Number, c *customer, in body) (any, error) {
		return success{Success: true}, s.prefer(n, c, in.Value)
	})
}

func (s *Server) postSharePhone(w http.ResponseWriter, r *http.Request) (any, error) {
	type body struct {
		MessageID string `json:"message_id"`
	}
	return act(s, w, r, func(n Number, c *customer, in body) (any, error) {
		id, err := s.sharePhone(n, c, in.MessageID)
		return sendMessage{ID: id}, err
	})
}

func (s *Server) postChangeNumber(w http.ResponseWriter, r *http.Request) (any, error) {
	type body struct {
		Phone string `json:"phone"`
	}
	return act(s, w, r, func(n Number, c *customer, in body) (any, error) {
		after, err := s.changeNumber(c, in.Phone)
		return s.viewOf(after, n), err
	})
}

func (s *Server) postChangeID(w http.ResponseWriter, r *http.Request) (any, error) {
	return act(s, w, r, func(n Number, c *customer, _ struct{}) (any, error) {
		after, err := s.changeID(c)
		return s.viewOf(after, n), err
	})
}

func (s *Server) postRecycle(w http.ResponseWriter, r *http.Request) (any, error) {
	type body struct {
		Name string `json:"name"`
	}
	return act(s, w, r, func(n Number, c *customer, in body) (any, error) {
		heir, err := s.recycle(c, strings.TrimSpace(in.Name))
		return s.viewOf(heir, n), err
	})
}

// viewOf is a customer as an action answers it, nil when the action failed.
func (s *Server) viewOf(c *customer, n Number) any {
	if c == nil {
		return nil
	}
	return s.view(c, n)
}
