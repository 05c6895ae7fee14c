package graph

import (
	"bytes"
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// update is one webhook update on its way to the business. It is stored until a webhook with it was answered 200.
type update struct {
	ID       string          `json:"id"`
	Seq      int             `json:"seq"`
	Field    string          `json:"field"`
	Number   string          `json:"number,omitempty"` // whose webhook it goes to
	Value    json.RawMessage `json:"value"`
	Message  string          `json:"message,omitempty"` // the customer's message it tells of
	Created  time.Time       `json:"created"`
	Due      time.Time       `json:"due"`
	Attempts int             `json:"attempts"`
	Repeats  int             `json:"repeats"` // how often it is still to be delivered again

	inFlight bool
}

// notice is what an update tells of.
type notice struct {
	field   string // "" is messages
	number  string // whose webhook it goes to; "" is that of the account
	value   any
	message string        // the customer's message it tells of
	after   time.Duration // how long it waits
}

// tells is the notice of a value of the field messages.
func tells(n Number, v value) notice {
	v.Product, v.Metadata = "whatsapp", metadata{Display: n.Display, ID: n.ID}
	return notice{number: n.ID, value: v}
}

// newUpdate stores an update; publish sends it off. The caller holds s.mu.
func (s *Server) newUpdate(n notice) (*update, error) {
	raw, err := json.Marshal(n.value)
	if err != nil {
		return nil, err
	}
	now := s.cfg.Clock.Now()
	due := now.Add(n.after + time.Duration(s.knobs.DelayMS)*time.Millisecond)
	if s.knobs.Shuffle {
		due = due.Add(s.spread())
	}
	id := s.id()
	u := &update{
		ID: hex.EncodeToString(id[:]), Seq: s.seq, Field: cmp.Or(n.field, "messages"), Number: n.number, Value: raw,
		Message: n.message, Created: now, Due: due, Repeats: s.knobs.Repeat,
	}
	return u, s.cfg.Store.Put(kindUpdate, u.ID, u)
}

// tell stores an update and sends it off. The caller holds s.mu.
func (s *Server) tell(n notice) error {
	u, err := s.newUpdate(n)
	if err == nil {
		s.publish(u)
	}
	return err
}

func (s *Server) spread() time.Duration {
	return time.Duration(s.cfg.Rand() * float64(shuffleWithin))
}

// publish sends a stored update off. The caller holds s.mu.
func (s *Server) publish(u *update) {
	s.updates[u.ID] = u
	s.cfg.Queue.At(u.Due, s.deliver)
}

// withdraw forgets an update whose cause could not be stored.
func (s *Server) withdraw(u *update) error {
	return s.cfg.Store.Delete(kindUpdate, u.ID)
}

// deliver posts one webhook with the updates that are due, as many as a batch may carry.
func (s *Server) deliver(ctx context.Context) {
	batch := s.collect()
	if len(batch) == 0 {
		return
	}
	err := s.post(ctx, batch)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, u := range batch {
		u.inFlight = false
		if ctx.Err() != nil {
			s.cfg.Queue.At(u.Due, s.deliver)
			continue
		}
		if err := s.settle(u, err); err != nil {
			s.cfg.Logger.ErrorContext(ctx, "webhook update not stored", "update", u.ID, "error", err)
		}
	}
}

func (s *Server) collect() []*update {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.cfg.Clock.Now()
	var due []*update
	for _, u := range s.updates {
		if !u.inFlight && !u.Due.After(now) {
			due = append(due, u)
		}
	}
	slices.SortFunc(due, func(a, b *update) int {
		if c := a.Due.Compare(b.Due); c != 0 {
			return c
		}
		return a.Seq - b.Seq
	})
	if len(due) > 0 { // one webhook goes to one place
		first := s.dialog360(due[0].Number)
		due = slices.DeleteFunc(due, func(u *update) bool { return s.dialog360(u.Number) != first })
	}
	due = due[:min(len(due), s.knobs.Batch)]
	for _, u := range due {
		u.inFlight = true
	}
	return due
}

var errDropped = errors.New("lost on the way")

func (s *Server) post(ctx context.Context, batch []*update) error {
	s.mu.Lock()
	dropped := s.cfg.Rand()*100 < float64(s.knobs.DropPercent)
	now := s.cfg.Clock.Now()
	s.mu.Unlock()
	if dropped {
		return errDropped
	}
	e := envelope{Object: "whatsapp_business_account", Entry: []entry{{ID: s.cfg.WABA, Time: now.Unix()}}}
	for _, u := range batch {
		e.Entry[0].Changes = append(e.Entry[0].Changes, change{Field: cmp.Or(u.Field, "messages"), Value: u.Value})
	}
	body, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("encode webhook: %w", err)
	}
	req, err := s.webhook(ctx, s.dialog360(batch[0].Number), escape(body))
	if err != nil {
		return fmt.Errorf("webhook: %w", err)
	}
	status, _, err := s.exchange(req)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("webhook answered %d", status)
	}
	return err
}

// webhook makes the request that delivers body: Meta signs it, 360dialog shows a header that was agreed on.
func (s *Server) webhook(ctx context.Context, dialog360 bool, body []byte) (*http.Request, error) {
	address := s.cfg.CallbackURL
	if dialog360 {
		address = s.cfg.Dialog360.CallbackURL
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	switch {
	case !dialog360:
		req.Header.Set("User-Agent", "facebookexternalua")
		req.Header.Set("X-Hub-Signature-256", "sha256="+s.sign(body))
	case s.cfg.Dialog360.HeaderSecret != "":
		req.Header.Set("Authorization", "Bearer "+s.cfg.Dialog360.HeaderSecret)
	}
	return req, nil
}

func (s *Server) sign(body []byte) string {
	mac := hmac.New(sha256.New, []byte(s.cfg.AppSecret))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

func (s *Server) exchange(req *http.Request) (status int, body []byte, err error) {
	res, err := s.client.Do(req)
	if err != nil {
		return 0, nil, fmt.Errorf("webhook: %w", err)
	}
	defer res.Body.Close()
	body, err = io.ReadAll(io.LimitReader(res.Body, 1<<16))
	if err != nil {
		return 0, nil, fmt.Errorf("webhook: %w", err)
	}
	return res.StatusCode, body, nil
}

// settle records how an update's delivery ended. The caller holds s.mu.
func (s *Server) settle(u *update, failed error) error {
	now := s.cfg.Clock.Now()
	if failed == nil {
		if err := s.tick(u.Message); err != nil {
			return err
		}
		if u.Repeats == 0 {
			return s.drop(u)
		}
		u.Repeats--
		return s.again(u, now.Add(s.spread()))
	}
	u.Attempts++
	s.cfg.Logger.Warn("webhook not delivered", "update", u.ID, "attempt", u.Attempts, "error", failed)
	if now.Sub(u.Created) >= retryLife {
		return s.drop(u)
	}
	return s.again(u, now.Add(s.jitter(pause(u.Attempts))))
}

func (s *Server) drop(u *update) error {
	delete(s.updates, u.ID)
	return s.cfg.Store.Delete(kindUpdate, u.ID)
}

func (s *Server) again(u *update, due time.Time) error {
	u.Due = due
	s.cfg.Queue.At(due, s.deliver)
	return s.cfg.Store.Put(kindUpdate, u.ID, u)
}

// tick shows the customer that the business received a message.
func (s *Server) tick(id string) error {
	m := s.byID[id]
	if m == nil || m.State != stateSent {
		return nil
	}
	m.State = stateDelivered
	return s.saveMessage(m)
}

// pause is how long the n-th failure of an update is waited for: not at all after the first, then longer and longer.
func pause(n int) time.Duration {
	if n <= 1 {
		return 0
	}
	d := firstPause
	for range n - 2 {
		if d = 3 * d; d >= longestPause {
			return longestPause
		}
	}
	return d
}

func (s *Server) challenge() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strconv.Itoa(1e9 + int(s.cfg.Rand()*1e9))
}

// Verify does the handshake with the webhook, as when the callback is edited in Meta's App Dashboard.
func (s *Server) Verify(ctx context.Context) error {
	u, err := url.Parse(s.cfg.CallbackURL)
	if err != nil {
		return fmt.Errorf("verify webhook: %w", err)
	}
	challenge := s.challenge()
	q := u.Query()
	q.Set("hub.mode", "subscribe")
	q.Set("hub.challenge", challenge)
	q.Set("hub.verify_token", s.cfg.VerifyToken)
	u.RawQuery = q.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), http.NoBody)
	if err != nil {
		return fmt.Errorf("verify webhook: %w", err)
	}
	status, body, err := s.exchange(req)
	switch {
	case err != nil:
		return fmt.Errorf("verify: %w", err)
	case status != http.StatusOK:
		return fmt.Errorf("verify: the webhook answered %d", status)
	case string(body) != challenge:
		return errors.New("verify: the webhook did not answer with the challenge")
	}
	return nil
}
