package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/bridge/web"
	"github.com/ponte-desk/ponte/internal/testredis"
	"github.com/ponte-desk/ponte/zendesk"
)

// porch is a sign-in with an account in memory. A token is "<user>.<anything>.<signature>".
type porch struct {
	*signIn

	t *testing.T
	r *testredis.Redis

	mu     sync.Mutex
	now    time.Time
	rules  settings.Access
	users  map[int64]zendesk.StaffUser
	groups map[int64][]zendesk.Group
	down   error
	asked  int
	place  string // of the tokens
	bad    error  // what is wrong with all tokens
}

func openPorch(t *testing.T) *porch {
	t.Helper()
	user := func(id int64, name, role string) zendesk.StaffUser {
		return zendesk.StaffUser{User: zendesk.User{ID: id, Name: name, Role: role, Active: true, Locale: "pt-BR"}}
	}
	light, gone, held, client := user(21, "Lia", "agent"), user(22, "Gil", "agent"), user(23, "Hugo", "agent"), user(24, "Caio", "end-user")
	kind := 1
	light.RoleType, gone.Active, held.Suspended = &kind, false, true
	n1, n2, lead := zendesk.Group{ID: 61, Name: "Suporte N1"}, zendesk.Group{ID: 62, Name: "Suporte N2"}, zendesk.Group{ID: 63, Name: "Líderes"}
	p := &porch{
		t: t, r: testredis.Mini(t), now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), rules: settings.Access{Segmented: true},
		users: map[int64]zendesk.StaffUser{
			7: user(7, "Ana", "agent"), 8: user(8, "Bruno", "agent"), 9: user(9, "Heloísa", "agent"), 10: user(10, "Ádamo", "admin"), 11: user(11, "Nina", "agent"),
			21: light, 22: gone, 23: held, 24: client,
		},
		groups: map[int64][]zendesk.Group{
			7: {n2, n1, {ID: 60, Name: "Extinto", Deleted: true}}, 8: {n2}, 9: {lead}, 11: {{ID: 60, Name: "Extinto", Deleted: true}}, 21: {n1}, 22: {n1}, 23: {n1}, 24: {n1},
		},
	}
	p.r.Mini.SetTime(p.now)
	p.signIn = &signIn{
		kept: store.NewSessions(p.r.Client, p.r.Prefix, store.DefaultSessionTimes()), tokens: p, desk: p, now: p.clock, staff: map[int64]person{},
		access: func() settings.Access { return p.rules },
	}
	return p
}

func (p *porch) clock() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.now
}

// pass lets time go by.
func (p *porch) pass(d time.Duration) {
	p.mu.Lock()
	p.now = p.now.Add(d)
	now := p.now
	p.mu.Unlock()
	p.r.Mini.SetTime(now)
	p.r.Mini.FastForward(0)
}

func (p *porch) Check(_ context.Context, raw string) (zendesk.AppToken, error) {
	var user int64
	if _, err := fmt.Sscanf(raw, "%d.", &user); err != nil || p.bad != nil {
		return zendesk.AppToken{}, errors.Join(p.bad, err)
	}
	return zendesk.AppToken{User: user, Location: p.place, Expires: p.clock().Add(5 * time.Minute)}, nil
}

func (p *porch) ShowStaff(_ context.Context, id int64) (zendesk.StaffUser, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	u, ok := p.users[id]
	if !ok && p.down == nil {
		return u, &zendesk.Error{Op: "show user", Kind: zendesk.KindNotFound}
	}
	return u, p.down
}

func (p *porch) UserGroups(_ context.Context, id int64) ([]zendesk.Group, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.groups[id], p.down
}

// refuses wants an error to be a refusal, or none when want is "".
func (p *porch) refuses(what string, err error, want web.Refusal) {
	p.t.Helper()
	var got web.Refusal
	if refused := (*web.RefusedError)(nil); errors.As(err, &refused) {
		got = refused.Refusal
	}
	if got != want || (err == nil) != (want == "") {
		p.t.Errorf("%s: %v; want %q", what, err, want)
	}
}

// enter wants an agent to be let in.
func (p *porch) enter(raw string) web.Session {
	p.t.Helper()
	s, err := p.Enter(p.t.Context(), raw, "ticket_sidebar")
	p.refuses(raw, err, "")
	return s
}

// opens wants a token to be of a role, RoleNone = no session or none that counts.
func (p *porch) opens(token string, want web.Role) web.Caller {
	p.t.Helper()
	s, _, err := p.Find(p.t.Context(), token)
	if err != nil || s.Caller.Role != want {
		p.t.Errorf("the token opens %+v, %v; want %v", s, err, want)
	}
	return s.Caller
}

func TestEnter(t *testing.T) {
	t.Parallel()
	p := openPorch(t)
	s := p.enter("7.a.sig")
	want := web.Caller{Role: web.RoleAgent, Locale: "pt-BR", Session: s.Caller.Session, Agent: conversation.DeskAgent{
		Agent: conversation.Agent{ID: 7, Name: "Ana"}, Groups: []conversation.Group{{ID: 61, Name: "Suporte N1"}, {ID: 62, Name: "Suporte N2"}},
	}}
	if diff := cmp.Diff(want, s.Caller); diff != "" || s.Token == "" || !s.Expires.Equal(p.now.Add(15*time.Minute)) {
		t.Errorf("session %+v (-want +got):\n%s", s, diff)
	}
	if diff := cmp.Diff(want, p.opens(s.Token, web.RoleAgent)); diff != "" {
		t.Errorf("found (-want +got):\n%s", diff)
	}
	if c, ok, err := p.Current(t.Context(), s.Caller.Session); err != nil || !ok || cmp.Diff(want, c) != "" {
		t.Errorf("current %+v, %v, %v", c, ok, err)
	}
}

func TestEnterRefused(t *testing.T) {
	t.Parallel()
	p := openPorch(t)
	p.enter("7.a.sig")
	for raw, want := range map[string]web.Refusal{
		"7.a.sig": web.RefusedReplayed, "7.a.other": web.RefusedReplayed, "21.a.sig": web.RefusedLight, "22.a.sig": web.RefusedInactive,
		"23.a.sig": web.RefusedInactive, "24.a.sig": web.RefusedStaff, "99.a.sig": web.RefusedInactive, "11.a.sig": web.RefusedGroups,
	} {
		_, err := p.Enter(t.Context(), raw, "ticket_sidebar")
		p.refuses(raw, err, want)
	}
	for place, want := range map[string]web.Refusal{"nav_bar": web.RefusedToken, "": "", "ticket_sidebar": "", "a new place": ""} {
		p.place = place
		_, err := p.Enter(t.Context(), "7.in "+place+".sig", "ticket_sidebar")
		p.refuses(place, err, want)
	}
	for cause, want := range map[error]web.Refusal{
		zendesk.ErrTokenExpired: web.RefusedExpired, &zendesk.TokenError{Cause: errors.New("forged")}: web.RefusedToken,
	} {
		p.bad = cause
		_, err := p.Enter(t.Context(), "7.x.sig", "ticket_sidebar")
		p.refuses("bad token", err, want)
	}
	p.bad = errors.New("zendesk: away")
	if _, err := p.Enter(t.Context(), "7.y.sig", "ticket_sidebar"); !errors.Is(err, p.bad) {
		t.Errorf("what passes is a refusal: %v", err)
	}
	p.tokens = nil
	_, err := p.Enter(t.Context(), "7.z.sig", "ticket_sidebar")
	p.refuses("without the app's id", err, web.RefusedUnset)
}

// A token is used up although the account can't be asked: the next page brings another.
func TestEnterWhileZendeskIsAway(t *testing.T) {
	t.Parallel()
	p := openPorch(t)
	p.down = &zendesk.Error{Op: "show user", Kind: zendesk.KindServer}
	if _, err := p.Enter(t.Context(), "7.a.sig", "nav_bar"); zendesk.KindOf(err) != zendesk.KindServer {
		t.Errorf("got %v", err)
	}
	p.down = nil
	_, err := p.Enter(t.Context(), "7.a.sig", "nav_bar")
	p.refuses("again", err, web.RefusedReplayed)
	p.pass(6*time.Minute + time.Second)
	p.enter("7.a.sig") // whether it is too old is for the check, which looks at its own time
}

func TestRoles(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		rules settings.Access
		want  map[int64]web.Role // of 7 (N1, N2), 8 (N2), 9 (Líderes), 10 (admin), 11 (no group)
	}{
		{"by default", settings.Access{Segmented: true}, map[int64]web.Role{7: web.RoleAgent, 8: web.RoleAgent, 9: web.RoleAgent, 10: web.RoleAdmin, 11: web.RoleNone}},
		{"some groups", settings.Access{Agents: []string{"suporte n1"}}, map[int64]web.Role{7: web.RoleAgent, 8: web.RoleNone, 9: web.RoleNone, 10: web.RoleAdmin}},
		{"a group by id", settings.Access{Agents: []string{"62"}}, map[int64]web.Role{7: web.RoleAgent, 8: web.RoleAgent, 9: web.RoleNone}},
		{
			"supervisors",
			settings.Access{Agents: []string{"Suporte N1"}, Supervisors: []string{"lideres", "nobody"}},
			map[int64]web.Role{7: web.RoleAgent, 8: web.RoleNone, 9: web.RoleSupervisor, 10: web.RoleAdmin, 11: web.RoleNone},
		},
	} {
		p := openPorch(t)
		p.rules = tt.rules
		for id, want := range tt.want {
			s, err := p.Enter(t.Context(), fmt.Sprintf("%d.a.sig", id), "nav_bar")
			if s.Caller.Role != want || (err == nil) != (want > web.RoleNone) {
				t.Errorf("%s: %d is %v, %v; want %v", tt.name, id, s.Caller.Role, err, want)
			}
			if sees := want > web.RoleAgent || want == web.RoleAgent && !tt.rules.Segmented; s.Caller.Everything != sees {
				t.Errorf("%s: %d sees everything: %v", tt.name, id, s.Caller.Everything)
			}
		}
	}
}

// Settings that change hold at once, for sessions that are open too.
func TestRolesFollowSettings(t *testing.T) {
	t.Parallel()
	p := openPorch(t)
	s := p.enter("7.a.sig")
	p.rules.Supervisors = []string{"Suporte N1"}
	if c := p.opens(s.Token, web.RoleSupervisor); !c.Everything {
		t.Error("a supervisor does not see everything")
	}
	p.rules = settings.Access{Agents: []string{"Líderes"}, Segmented: true}
	p.opens(s.Token, web.RoleNone)
	if _, ok, err := p.Current(t.Context(), s.Caller.Session); ok || err != nil {
		t.Errorf("current: %v, %v", ok, err)
	}
	_, err := p.Renew(t.Context(), s.Token)
	p.refuses("renewal", err, web.RefusedGroups)
	p.rules = settings.Access{}
	p.opens(s.Token, web.RoleNone) // the refusal ended it
}

func TestRenew(t *testing.T) {
	t.Parallel()
	p := openPorch(t)
	s := p.enter("7.a.sig")
	p.pass(4 * time.Minute)
	asked := p.asked
	next, err := p.Renew(t.Context(), s.Token)
	p.refuses("renewal", err, "")
	if p.asked != asked || next.Token == s.Token || next.Caller.Session != s.Caller.Session || !next.Expires.Equal(p.now.Add(15*time.Minute)) {
		t.Errorf("renewed %+v, asked %d times", next, p.asked-asked)
	}
	p.opens(s.Token, web.RoleAgent) // for a while
	p.pass(31 * time.Second)
	p.opens(s.Token, web.RoleNone)
	p.mu.Lock()
	p.groups[7] = []zendesk.Group{{ID: 63, Name: "Líderes"}}
	p.mu.Unlock()
	p.pass(time.Minute)
	third, err := p.Renew(t.Context(), next.Token)
	p.refuses("renewal", err, "")
	if diff := cmp.Diff([]conversation.Group{{ID: 63, Name: "Líderes"}}, third.Caller.Agent.Groups); diff != "" || p.asked != asked+1 {
		t.Errorf("asked %d times (-want +got):\n%s", p.asked-asked, diff)
	}
	_, err = p.Renew(t.Context(), s.Token)
	p.refuses("an old token", err, web.RefusedEnded)
	_, err = p.Renew(t.Context(), "nonsense")
	p.refuses("nonsense", err, web.RefusedEnded)
}

// Who may not work any more loses the session at its renewal, on every page with its own.
func TestRenewalOfSomebodyWhoIsOut(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(p *porch)
		want   web.Refusal
	}{
		"suspended": {func(p *porch) { u := p.users[7]; u.Suspended = true; p.users[7] = u }, web.RefusedInactive},
		"deleted":   {func(p *porch) { delete(p.users, 7) }, web.RefusedInactive},
		"no agent":  {func(p *porch) { u := p.users[7]; u.Role = "end-user"; p.users[7] = u }, web.RefusedStaff},
		"no groups": {func(p *porch) { delete(p.groups, 7) }, web.RefusedGroups},
	} {
		p := openPorch(t)
		s := p.enter("7.a.sig")
		p.pass(6 * time.Minute)
		p.mu.Lock()
		tt.change(p)
		p.mu.Unlock()
		p.opens(s.Token, web.RoleAgent) // until then
		_, err := p.Renew(t.Context(), s.Token)
		p.refuses(name, err, tt.want)
		if _, ok, err := p.Find(t.Context(), s.Token); ok || err != nil {
			t.Errorf("%s: the session goes on: %v, %v", name, ok, err)
		}
	}
}

// While Zendesk is away agents go on for an hour after it last told who they are.
func TestRenewWhileZendeskIsAway(t *testing.T) {
	t.Parallel()
	p := openPorch(t)
	s := p.enter("7.a.sig")
	p.down = &zendesk.Error{Op: "show user", Kind: zendesk.KindNetwork}
	token := s.Token
	for range 5 {
		p.pass(10 * time.Minute)
		next, err := p.Renew(t.Context(), token)
		p.refuses("renewal", err, "")
		token = next.Token
	}
	p.pass(10 * time.Minute)
	if _, err := p.Renew(t.Context(), token); zendesk.KindOf(err) != zendesk.KindNetwork {
		t.Errorf("after an hour: %v", err)
	}
	p.opens(token, web.RoleAgent)
	p.down = nil
	_, err := p.Renew(t.Context(), token)
	p.refuses("afterwards", err, "")
}

func TestSessionsHaveAnEnd(t *testing.T) {
	t.Parallel()
	p := openPorch(t)
	s := p.enter("7.a.sig")
	began := p.now
	for {
		p.pass(14 * time.Minute)
		next, err := p.Renew(t.Context(), s.Token)
		if err != nil {
			p.refuses("at the end", err, web.RefusedEnded)
			break
		}
		s = next
	}
	if lived := p.now.Sub(began); lived < 12*time.Hour || lived > 12*time.Hour+15*time.Minute {
		t.Errorf("the session lived %v", lived)
	}
}

func TestWindowCode(t *testing.T) {
	t.Parallel()
	p := openPorch(t)
	s := p.enter("7.a.sig")
	code, expires, ok, err := p.Code(t.Context(), s.Token)
	if err != nil || !ok || !expires.Equal(p.now.Add(time.Minute)) {
		t.Fatal(expires, ok, err)
	}
	own, err := p.Redeem(t.Context(), code)
	p.refuses("redemption", err, "")
	if own.Caller.Session == s.Caller.Session || own.Caller.Agent.ID != 7 || own.Token == "" {
		t.Errorf("own window %+v", own)
	}
	_, err = p.Redeem(t.Context(), code)
	p.refuses("the same code", err, web.RefusedCode)
	if code, _, _, err = p.Code(t.Context(), s.Token); err != nil {
		t.Fatal(err)
	}
	p.rules.Agents = []string{"Líderes"}
	_, err = p.Redeem(t.Context(), code)
	p.refuses("without the group", err, web.RefusedGroups)
	p.rules.Agents = nil
	if n, err := p.EndAll(t.Context(), 7); n != 2 || err != nil {
		t.Errorf("%d sessions ended, %v", n, err)
	}
	p.opens(own.Token, web.RoleNone)
	p.opens(s.Token, web.RoleNone)
	again := p.enter("7.b.sig")
	if err := p.End(t.Context(), again.Caller.Session); err != nil {
		t.Fatal(err)
	}
	p.opens(again.Token, web.RoleNone)
}

// A session that a newer version wrote, and can't be read, is none.
func TestUnreadableSession(t *testing.T) {
	t.Parallel()
	p := openPorch(t)
	kept, err := p.kept.Open(t.Context(), 7, []byte("{"))
	if err != nil {
		t.Fatal(err)
	}
	p.opens(kept.Token, web.RoleNone)
	_, err = p.Renew(t.Context(), kept.Token)
	p.refuses("renewal", err, web.RefusedEnded)
}

func TestSignInTellsFailures(t *testing.T) {
	t.Parallel()
	p := openPorch(t)
	s := p.enter("7.a.sig")
	p.r.Mini.SetError("ERR out of order")
	ctx := t.Context()
	for name, do := range map[string]func() error{
		"Enter":   func() error { _, err := p.Enter(ctx, "7.b.sig", "nav_bar"); return err },
		"Find":    func() error { _, _, err := p.Find(ctx, s.Token); return err },
		"Current": func() error { _, _, err := p.Current(ctx, s.Caller.Session); return err },
		"Renew":   func() error { _, err := p.Renew(ctx, s.Token); return err },
		"Redeem":  func() error { _, err := p.Redeem(ctx, "7.a.b"); return err },
	} {
		err := do()
		if refused := (*web.RefusedError)(nil); err == nil || errors.As(err, &refused) || strings.Contains(err.Error(), s.Token) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
