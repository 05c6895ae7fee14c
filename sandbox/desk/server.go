package desk

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Server is one simulated Zendesk account. It is safe for concurrent use.
type Server struct {
	cfg    Config
	log    *slog.Logger
	client *http.Client // of webhook deliveries
	vault  *vault       // the files

	painting sync.Mutex // held while a thumbnail is made
	counters counters

	mu      sync.Mutex // guards everything below; never held during a delivery
	ids     idSource
	limiter *limiter
	knobs   Knobs
	behind  time.Duration     // how far in the past the account lives while it is seeded
	tokens  map[string]*token // by access token

	users       *collection[user, *user]
	identities  *collection[identity, *identity]
	orgs        *collection[organization, *organization]
	orgMembers  *collection[orgMembership, *orgMembership]
	groups      *collection[group, *group]
	members     *collection[membership, *membership]
	fields      *collection[ticketField, *ticketField]
	orgFields   *collection[entityField, *entityField]
	userFields  *collection[entityField, *entityField]
	forms       *collection[ticketForm, *ticketForm]
	macros      *collection[macro, *macro]
	views       *collection[view, *view]
	triggers    *collection[trigger, *trigger]
	attachments *collection[attachment, *attachment]

	tickets  ticketBook
	uploads  map[string]*upload
	files    map[string]int64   // attachments by the token of their address
	links    map[string]cdnLink // of the file store
	jobs     jobBook
	webhooks webhookBook
	index    searchIndex
	live     hub
	app      appSigner

	apiRoutes  []route
	pageRoutes []route
}

// accountID is the account's number in webhook headers and events.
const accountID = 22_129_848

// errNeeds says which part of Config is missing.
var errNeeds = errors.New("clock, store and queue are required")

// New opens the account kept in cfg.Store, seeding an empty one, and schedules what it still has to do.
func New(cfg Config) (*Server, error) {
	if cfg.Clock == nil || cfg.Store == nil || cfg.Queue == nil {
		return nil, fmt.Errorf("new desk: %w", errNeeds)
	}
	if err := checkSeed(cfg.Seed); err != nil {
		return nil, fmt.Errorf("new desk: %w", err)
	}
	if err := cfg.App.Validate(); err != nil {
		return nil, fmt.Errorf("new desk: %w", err)
	}
	cfg = cfg.withDefaults()
	files, err := openVault(cfg.Dir)
	if err != nil {
		return nil, fmt.Errorf("new desk: %w", err)
	}
	s := &Server{
		cfg: cfg, log: cfg.Logger, vault: files,
		client: &http.Client{
			Transport:     cfg.Transport,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		users: newCollection[user]("user"), identities: newCollection[identity]("identity"),
		orgs: newCollection[organization]("organization"), orgMembers: newCollection[orgMembership]("organization_membership"),
		groups: newCollection[group]("group"), members: newCollection[membership]("group_membership"),
		fields: newCollection[ticketField]("ticket_field"), orgFields: newCollection[entityField]("organization_field"),
		userFields: newCollection[entityField]("user_field"), forms: newCollection[ticketForm]("ticket_form"),
		macros: newCollection[macro]("macro"), views: newCollection[view]("view"), triggers: newCollection[trigger]("trigger"),
		attachments: newCollection[attachment]("attachment"),
	}
	s.live.init()
	s.apiRoutes = s.buildAPI()
	s.pageRoutes = s.buildPage()
	if err := s.open(); err != nil {
		return nil, fmt.Errorf("new desk: %w", err)
	}
	return s, nil
}

// Close removes the temporary folder of files, where there is one. The store is the caller's to close.
func (s *Server) Close() error { return s.vault.close() }

// Reset throws everything away, the store's content and the files too, and seeds the account anew.
func (s *Server) Reset() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.cfg.Store.Reset(); err != nil {
		return fmt.Errorf("reset desk: %w", err)
	}
	if err := s.load(); err != nil {
		return fmt.Errorf("reset desk: %w", err)
	}
	s.live.restart()
	return nil
}

func (s *Server) open() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.load()
}

func (s *Server) load() error {
	s.limiter = newLimiter()
	s.index = newSearchIndex()
	s.knobs = Knobs{}
	steps := []func() error{
		func() error { return s.ids.load(s) },
		func() error { return s.users.load(s) },
		func() error { return s.identities.load(s) },
		func() error { return s.orgs.load(s) },
		func() error { return s.orgMembers.load(s) },
		func() error { return s.groups.load(s) },
		func() error { return s.members.load(s) },
		func() error { return s.fields.load(s) },
		func() error { return s.orgFields.load(s) },
		func() error { return s.userFields.load(s) },
		func() error { return s.forms.load(s) },
		func() error { return s.macros.load(s) },
		func() error { return s.views.load(s) },
		func() error { return s.triggers.load(s) },
		func() error { return s.attachments.load(s) },
		s.loadTokens, s.loadTickets, s.dropOldMails, s.loadUploads, s.loadWebhooks, s.loadKnobs, s.loadAppKey,
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	if len(s.users.order) == 0 {
		if err := s.seed(); err != nil {
			return fmt.Errorf("seed: %w", err)
		}
	}
	if err := s.followConfig(); err != nil {
		return err
	}
	s.indexAll()
	s.scheduleClosings()
	return s.loadJobs()
}

// API serves the account's HTTP API: /api/v2/… with and without .json, /oauth/tokens and /attachments/token/….
func (s *Server) API() http.Handler { return s.serve(s.apiRoutes, s.admitAPI) }

// HelpdeskAPI serves what the helpdesk page calls; the package's documentation lists it.
func (s *Server) HelpdeskAPI() http.Handler {
	pages := s.serve(s.pageRoutes, s.admitPage)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/stream":
			s.stream(w, r)
		case "/changes":
			s.poll(w, r)
		default:
			pages.ServeHTTP(w, r)
		}
	})
}

func (s *Server) now() time.Time { return s.cfg.Clock.Now().UTC().Add(-s.behind) }

// stamp is now as Zendesk stores times: in whole seconds.
func (s *Server) stamp() time.Time { return s.now().Truncate(time.Second) }

func (s *Server) url(format string, args ...any) string {
	return s.cfg.BaseURL + "/api/v2" + fmt.Sprintf(format, args...)
}

func (s *Server) store(kind, id string, v any) error {
	if s.ids.err != nil {
		return s.ids.err
	}
	if err := s.cfg.Store.Put(kind, id, v); err != nil {
		return fmt.Errorf("store %s: %w", kind, err)
	}
	return nil
}

// idSource hands out the numbers that all kinds but tickets share. It reserves them in blocks, so that none is given
// out twice whatever happens to the process.
type idSource struct {
	Next     int64 `json:"next"`
	reserved int64
	err      error
}

const (
	firstID = 8_447_388_090_000
	idBlock = 100_000
)

func (s *Server) newID() int64 {
	i := &s.ids
	i.Next += 3
	if i.Next >= i.reserved {
		i.reserved = i.Next + idBlock
		if err := s.cfg.Store.Put("meta", "ids", idSource{Next: i.reserved}); err != nil && i.err == nil {
			i.err = fmt.Errorf("reserve ids: %w", err)
		}
	}
	return i.Next
}

func (i *idSource) load(s *Server) error {
	*i = idSource{Next: firstID}
	if err := loadOne(s, "ids", i); err != nil {
		return err
	}
	i.reserved = i.Next
	return nil
}

func itoa(id int64) string { return strconv.FormatInt(id, 10) }
