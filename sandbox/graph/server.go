package graph

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/ponte-desk/ponte/sandbox/rig"
)

// Config is what a Server stands on. Clock, Store and Queue are required.
type Config struct {
	Clock  *rig.Clock
	Store  *rig.Store
	Queue  *rig.Queue
	Logger *slog.Logger // nil logs nothing
	Blobs  *rig.Blobs   // the files' contents; nil keeps them in memory
	// Numbers are the business' numbers, all of one account; none means DefaultNumbers.
	Numbers []Number
	WABA    string // id of the WhatsApp Business account; "" is 102290129340398
	// Dialog360 has the second number hosted by 360dialog; without a key it is like the first.
	Dialog360 Dialog360
	// BaseURL is where API is reachable from outside; media links begin with it.
	BaseURL string
	// AppSecret signs webhooks, VerifyToken goes into the handshake, AccessToken is what callers must show.
	AppSecret, VerifyToken, AccessToken string
	CallbackURL                         string            // the business' webhook
	Transport                           http.RoundTripper // for webhooks; nil is the default one
	Rand                                func() float64    // numbers from 0 to below 1; nil is a random source
	Batch                               int               // updates a webhook may carry, 1 to 1000; 0 is 1
}

// Server is the simulated WhatsApp: its API, its webhooks and its customers' phones.
type Server struct {
	cfg    Config
	client *http.Client
	hub    *hub

	mu        sync.Mutex
	install   install
	seq       int
	customers []*customer
	chats     map[chatKey][]*message // each in order of creation
	byID      map[string]*message
	media     map[string]*media
	updates   map[string]*update
	templates []*template
	knobs     Knobs
	rates     *rates
	failed    map[ErrorCount]int    // keyed by an ErrorCount without Count
	typing    map[chatKey]time.Time // until when the business is typing
}

// chatKey names one customer's chat with one number.
type chatKey struct{ number, customer string }

// New loads the store, or fills an empty one with the seeded customers, and schedules what is still to be done.
func New(cfg Config) (*Server, error) {
	if cfg.Clock == nil || cfg.Store == nil || cfg.Queue == nil {
		return nil, errors.New("graph: Clock, Store and Queue are required")
	}
	if err := cfg.fill(); err != nil {
		return nil, fmt.Errorf("graph: %w", err)
	}
	s := &Server{
		cfg: cfg,
		client: &http.Client{
			Transport:     cfg.Transport,
			Timeout:       webhookTimeout,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		hub:     newHub(),
		chats:   map[chatKey][]*message{},
		byID:    map[string]*message{},
		media:   map[string]*media{},
		updates: map[string]*update{},
		typing:  map[chatKey]time.Time{},
		rates:   newRates(),
		failed:  map[ErrorCount]int{},
		knobs:   Knobs{Batch: min(max(cfg.Batch, 1), maxBatch)},
	}
	if err := s.load(); err != nil {
		return nil, fmt.Errorf("graph: %w", err)
	}
	s.resume()
	return s, nil
}

// fill puts defaults where nothing is given.
func (c *Config) fill() error {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if len(c.Numbers) == 0 {
		c.Numbers = DefaultNumbers()
	}
	if c.Transport == nil {
		c.Transport = http.DefaultTransport
	}
	if c.Rand == nil {
		c.Rand = rand.Float64
	}
	if c.Blobs == nil {
		var err error
		if c.Blobs, err = rig.OpenBlobs("", ""); err != nil {
			return err
		}
	}
	c.WABA = cmp.Or(c.WABA, "102290129340398")
	if c.Dialog360.Key == "" {
		return nil
	}
	if len(c.Numbers) < 2 {
		return errors.New("360dialog hosts the second number, and there is none")
	}
	c.Numbers = slices.Clone(c.Numbers)
	c.Numbers[1].Via = via360
	return nil
}

func (s *Server) load() error {
	err := errors.Join(
		each(s.cfg.Store, kindInstall, func(v *install) { s.install = *v }),
		each(s.cfg.Store, kindKnobs, func(v *Knobs) { s.knobs = *v }),
		each(s.cfg.Store, kindCustomer, func(v *customer) { s.customers = append(s.customers, v) }),
		each(s.cfg.Store, kindTemplate, func(v *template) { s.templates = append(s.templates, v) }),
		each(s.cfg.Store, kindMedia, func(v *media) { s.media[v.ID] = v }),
		each(s.cfg.Store, kindUpdate, func(v *update) { s.updates[v.ID] = v; s.seq = max(s.seq, v.Seq) }),
		each(s.cfg.Store, kindMessage, func(v *message) { s.remember(v); s.seq = max(s.seq, v.Seq) }),
	)
	if err == nil && s.install.Nonce == "" {
		err = s.seed()
	}
	if err == nil && len(s.templates) == 0 {
		err = s.seedTemplates()
	}
	if err != nil {
		return err
	}
	s.install.Starts++ // the last write: without it the next start seeds again
	return s.cfg.Store.Put(kindInstall, "1", s.install)
}

func each[T any](store *rig.Store, kind string, fn func(*T)) error {
	return store.Each(kind, func(_ string, raw json.RawMessage) error {
		v := new(T)
		if err := json.Unmarshal(raw, v); err != nil {
			return fmt.Errorf("load %s: %w", kind, err)
		}
		fn(v)
		return nil
	})
}

// resume schedules the next step of every message on its way and every webhook not delivered.
func (s *Server) resume() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.byID {
		if m.Out {
			s.schedule(m)
		}
	}
	for _, u := range s.updates {
		s.cfg.Queue.At(u.Due, s.deliver)
	}
}

func (s *Server) remember(m *message) {
	if s.byID[m.ID] == nil {
		s.chats[m.chat()] = append(s.chats[m.chat()], m)
	}
	s.byID[m.ID] = m
}

// saveMessage stores m and, once stored, makes it part of the chat. The caller holds s.mu.
func (s *Server) saveMessage(m *message) error {
	if err := s.cfg.Store.Put(kindMessage, m.ID, m); err != nil {
		return err
	}
	s.remember(m)
	s.hub.tell(m.Customer)
	return nil
}

// id returns 16 bytes that no other entity of this or another installation has. The caller holds s.mu.
func (s *Server) id() [16]byte {
	s.seq++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d %d", s.install.Nonce, s.install.Starts, s.seq))
	return [16]byte(sum[:16])
}

// wamid returns the id of a new message exchanged with peer.
func (s *Server) wamid(peer string) string {
	id := s.id()
	head := fmt.Appendf(nil, "\x1d\x04%c%s\x15\x02\x00\x12\x18", len(peer), peer)
	return "wamid." + base64.StdEncoding.EncodeToString(fmt.Appendf(head, "%X\x00", id[:10]))
}

// digitsID returns an id in the form of Meta's objects.
func (s *Server) digitsID() string {
	id := s.id()
	return strconv.FormatUint(1e15+binary.BigEndian.Uint64(id[:8])%9e15, 10)
}

func (s *Server) number(id string) (Number, bool) {
	for _, n := range s.cfg.Numbers {
		if n.ID == id {
			return n, true
		}
	}
	return Number{}, false
}

// jitter spreads d by a fifth to either side.
func (s *Server) jitter(d time.Duration) time.Duration {
	return time.Duration(float64(d) * (0.8 + 0.4*s.cfg.Rand()))
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{}`)
	}
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(status)
	w.Write(body)
}

// readJSON reads a body of at most 1 MB.
func readJSON(w http.ResponseWriter, r *http.Request, v any) error {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err != nil {
		return fmt.Errorf("read body: %w", err)
	}
	return json.Unmarshal(body, v)
}
