package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/bridge/web"
	"github.com/ponte-desk/ponte/zendesk"
)

// How long what Zendesk said of an agent is believed: at sign-in and at renewals, and at renewals while Zendesk does not answer.
const (
	staffFor      = 5 * time.Minute
	staffAtLatest = time.Hour
	mostStaff     = 5_000
)

// staffDesk is what is asked of Zendesk about agents.
type staffDesk interface {
	ShowStaff(ctx context.Context, id int64) (zendesk.StaffUser, error)
	UserGroups(ctx context.Context, userID int64) ([]zendesk.Group, error)
}

// appTokens checks the tokens that Zendesk signs.
type appTokens interface {
	Check(ctx context.Context, raw string) (zendesk.AppToken, error)
}

// signIn lets agents in who come from Zendesk.
type signIn struct {
	kept   *store.Sessions
	tokens appTokens // nil: the app's id is not known
	desk   staffDesk
	access func() settings.Access
	now    func() time.Time

	mu    sync.Mutex
	staff map[int64]person
}

// person is an agent as Zendesk told, which is what a session holds.
type person struct {
	Name   string               `json:"n"`
	Admin  bool                 `json:"a,omitempty"`
	Groups []conversation.Group `json:"g"`
	Locale string               `json:"l,omitempty"`
	Looked time.Time            `json:"at"` // when Zendesk told
}

// newSignIn makes it of the wired parts.
func (a *App) newSignIn() (*signIn, error) {
	s := &signIn{
		kept: store.NewSessions(a.redis, a.Config.RedisPrefix, store.DefaultSessionTimes()), desk: a.desk, now: a.parts.Now,
		access: func() settings.Access { return a.accountNow().Access }, staff: map[int64]person{},
	}
	if a.Config.ZendeskAppID == 0 {
		return s, nil
	}
	tokens, err := zendesk.NewAppTokens(a.desk, a.Config.ZendeskAppID)
	if err != nil {
		return nil, err
	}
	s.tokens = tokens
	return s, nil
}

// refuse is a refusal with its cause.
func refuse(r web.Refusal, cause error) error { return &web.RefusedError{Refusal: r, Cause: cause} }

// Enter makes a session of a token that Zendesk signed, for the page of a location.
func (s *signIn) Enter(ctx context.Context, raw, location string) (web.Session, error) {
	if s.tokens == nil {
		return web.Session{}, refuse(web.RefusedUnset, nil)
	}
	token, err := s.tokens.Check(ctx, raw)
	var bad *zendesk.TokenError
	switch {
	case errors.As(err, &bad):
		return web.Session{}, refuse(web.RefusedToken, bad)
	case errors.Is(err, zendesk.ErrTokenExpired):
		return web.Session{}, refuse(web.RefusedExpired, nil)
	case err != nil:
		return web.Session{}, err
	case otherLocation(token.Location, location):
		return web.Session{}, refuse(web.RefusedToken, errors.New("it is for another page"))
	}
	first, err := s.kept.Spend(ctx, signed(raw), token.Expires.Add(zendesk.AppTokenSkew).Sub(s.now()))
	switch {
	case err != nil:
		return web.Session{}, err
	case !first:
		return web.Session{}, refuse(web.RefusedReplayed, nil)
	}
	p, err := s.person(ctx, token.User)
	if err != nil {
		return web.Session{}, err
	}
	data, err := json.Marshal(p)
	if err != nil {
		return web.Session{}, fmt.Errorf("keep a session: %w", err)
	}
	kept, err := s.kept.Open(ctx, token.User, data)
	if err != nil {
		return web.Session{}, err
	}
	return s.session(kept, p), nil
}

// signed is the part of a token that its signature is of: the rest can be written in more than one way.
func signed(raw string) string {
	if i := strings.LastIndexByte(raw, '.'); i >= 0 {
		return raw[:i]
	}
	return raw
}

// otherLocation tells whether a token names another of the app's pages than the one that is asked for. How Zendesk spells places
// besides these is not known for sure, so any other name passes.
func otherLocation(named, asked string) bool {
	return named != asked && slices.Contains([]string{"ticket_sidebar", "nav_bar"}, named)
}

// person is who an agent is and what they belong to, by Zendesk, not older than staffFor. It fails with a *web.RefusedError for somebody
// who may not work.
func (s *signIn) person(ctx context.Context, agent int64) (person, error) {
	s.mu.Lock()
	p, ok := s.staff[agent]
	s.mu.Unlock()
	if !ok || s.now().Sub(p.Looked) >= staffFor || s.now().Before(p.Looked) {
		var err error
		if p, err = s.ask(ctx, agent); err != nil {
			s.forget(agent)
			return person{}, err
		}
		s.remember(agent, p)
	}
	if roleOf(p, s.access()) == web.RoleNone {
		return person{}, refuse(web.RefusedGroups, nil)
	}
	return p, nil
}

func (s *signIn) remember(agent int64, p person) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.staff) >= mostStaff {
		clear(s.staff)
	}
	s.staff[agent] = p
}

func (s *signIn) forget(agent int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.staff, agent)
}

// ask looks an agent up in Zendesk.
func (s *signIn) ask(ctx context.Context, agent int64) (person, error) {
	u, err := s.desk.ShowStaff(ctx, agent)
	switch {
	case zendesk.KindOf(err) == zendesk.KindNotFound:
		return person{}, refuse(web.RefusedInactive, err)
	case err != nil:
		return person{}, err
	case !u.Active || u.Suspended:
		return person{}, refuse(web.RefusedInactive, nil)
	case !u.Staff():
		return person{}, refuse(web.RefusedStaff, nil)
	case !u.Answers():
		return person{}, refuse(web.RefusedLight, nil)
	}
	groups, err := s.desk.UserGroups(ctx, agent)
	if err != nil {
		return person{}, err
	}
	p := person{Name: u.Name, Admin: u.Role == zendesk.RoleAdmin, Locale: u.Locale, Looked: s.now(), Groups: []conversation.Group{}}
	for _, g := range groups {
		if !g.Deleted {
			p.Groups = append(p.Groups, conversation.Group{ID: g.ID, Name: g.Name})
		}
	}
	slices.SortFunc(p.Groups, func(a, b conversation.Group) int { return cmp.Compare(a.ID, b.ID) })
	return p, nil
}

// roleOf is what a person may do.
func roleOf(p person, a settings.Access) web.Role {
	in := func(groups []string) bool {
		return slices.ContainsFunc(groups, conversation.DeskAgent{Groups: p.Groups}.Serves)
	}
	switch {
	case p.Admin:
		return web.RoleAdmin
	case in(a.Supervisors):
		return web.RoleSupervisor
	case in(a.Agents), len(a.Agents) == 0 && len(p.Groups) > 0:
		return web.RoleAgent
	}
	return web.RoleNone
}

// session is a kept session as the API has it. What its agent may do is decided now: settings may have changed since it began.
func (s *signIn) session(kept store.Session, p person) web.Session {
	return web.Session{Caller: s.caller(kept, p), Token: kept.Token, Expires: kept.Expires}
}

func (s *signIn) caller(kept store.Session, p person) web.Caller {
	access := s.access()
	role := roleOf(p, access)
	return web.Caller{
		Agent: conversation.DeskAgent{Agent: conversation.Agent{ID: kept.Agent, Name: p.Name}, Groups: p.Groups},
		Role:  role, Everything: role > web.RoleAgent || !access.Segmented, Locale: p.Locale, Session: kept.ID,
	}
}

// read takes a session's content; what can't be read is no session.
func read(kept store.Session, found bool, err error) (p person, ok bool, _ error) {
	if err != nil || !found {
		return person{}, false, err
	}
	return p, json.Unmarshal(kept.Data, &p) == nil, nil
}

// Find is the session that a token opens.
func (s *signIn) Find(ctx context.Context, token string) (web.Session, bool, error) {
	kept, found, err := s.kept.Find(ctx, token)
	p, ok, err := read(kept, found, err)
	if !ok {
		return web.Session{}, false, err
	}
	return s.session(kept, p), true, nil
}

// Current is a session's caller by its id.
func (s *signIn) Current(ctx context.Context, id string) (web.Caller, bool, error) {
	kept, found, err := s.kept.Read(ctx, id)
	p, ok, err := read(kept, found, err)
	if !ok {
		return web.Caller{}, false, err
	}
	c := s.caller(kept, p)
	return c, c.Role != web.RoleNone, nil
}

// Renew looks the agent up again and gives the session a new token. Somebody who may not work any more loses the session. While Zendesk
// does not answer, what it said before holds for a while.
func (s *signIn) Renew(ctx context.Context, token string) (web.Session, error) {
	kept, found, err := s.kept.Find(ctx, token)
	before, ok, err := read(kept, found, err)
	switch {
	case err != nil:
		return web.Session{}, err
	case !ok:
		return web.Session{}, refuse(web.RefusedEnded, nil)
	}
	p, err := s.person(ctx, kept.Agent)
	var refused *web.RefusedError
	switch {
	case errors.As(err, &refused):
		return web.Session{}, errors.Join(err, s.kept.End(ctx, kept.ID))
	case err != nil && s.now().Sub(before.Looked) < staffAtLatest:
		p = before
	case err != nil:
		return web.Session{}, err
	}
	data, err := json.Marshal(p)
	if err != nil {
		return web.Session{}, fmt.Errorf("keep a session: %w", err)
	}
	renewed, ok, err := s.kept.Renew(ctx, token, data)
	switch {
	case err != nil:
		return web.Session{}, err
	case !ok:
		return web.Session{}, refuse(web.RefusedEnded, nil)
	}
	return s.session(renewed, p), nil
}

// Code makes a code that opens one more session of the same agent, once.
func (s *signIn) Code(ctx context.Context, token string) (code string, expires time.Time, ok bool, err error) {
	return s.kept.Code(ctx, token)
}

// Redeem opens the session of a code.
func (s *signIn) Redeem(ctx context.Context, code string) (web.Session, error) {
	kept, found, err := s.kept.Redeem(ctx, code)
	p, ok, err := read(kept, found, err)
	switch {
	case err != nil:
		return web.Session{}, err
	case !ok:
		return web.Session{}, refuse(web.RefusedCode, nil)
	case roleOf(p, s.access()) == web.RoleNone:
		return web.Session{}, errors.Join(refuse(web.RefusedGroups, nil), s.kept.End(ctx, kept.ID))
	}
	return s.session(kept, p), nil
}

// End ends a session by its id.
func (s *signIn) End(ctx context.Context, id string) error { return s.kept.End(ctx, id) }

// EndAll ends all sessions of an agent, and has Zendesk asked when the agent comes back.
func (s *signIn) EndAll(ctx context.Context, agent int64) (ended int, err error) {
	s.forget(agent)
	return s.kept.EndAll(ctx, agent)
}
