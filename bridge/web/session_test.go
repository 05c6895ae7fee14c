package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/web"
)

// The agents of these tests, by their tokens.
const (
	anaToken    = "7.ana.secret"    // of Suporte N1
	brunoToken  = "8.bruno.secret"  // of Suporte N2
	heloToken   = "9.helo.secret"   // a supervisor
	adminToken  = "10.admin.secret" // an admin
	nobodyToken = "11.none.secret"  // has lost all groups
)

// people are the sessions, in memory.
type people struct {
	mu       sync.Mutex
	sessions map[string]web.Session
	err      error
	renewal  error // of renewals alone
	ended    []string
	redeemed []string
	gone     bool // codes are given no more
}

func newPeople() *people {
	p := &people{sessions: map[string]web.Session{}}
	n1, n2 := conversation.Group{ID: 61, Name: "Suporte N1"}, conversation.Group{ID: 62, Name: "Suporte N2"}
	add := func(token, name string, id int64, role web.Role, groups ...conversation.Group) {
		p.sessions[token] = web.Session{Expires: apiNow().Add(10*time.Minute + time.Millisecond), Caller: web.Caller{
			Agent: conversation.DeskAgent{Agent: conversation.Agent{ID: id, Name: name}, Groups: groups}, Role: role, Everything: role > web.RoleAgent,
			Locale: "pt-BR", Session: token[:strings.LastIndex(token, ".")],
		}}
	}
	add(anaToken, "Ana", 7, web.RoleAgent, n1)
	add(brunoToken, "Bruno", 8, web.RoleAgent, n2)
	add(heloToken, "Heloísa", 9, web.RoleSupervisor, n2)
	add(adminToken, "Ádamo", 10, web.RoleAdmin)
	add(nobodyToken, "Nina", 11, web.RoleNone)
	return p
}

func (p *people) Find(_ context.Context, token string) (web.Session, bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s, ok := p.sessions[token]
	return s, ok, p.err
}

func (p *people) Current(ctx context.Context, id string) (web.Caller, bool, error) {
	s, ok, err := p.Find(ctx, id+".secret")
	return s.Caller, ok && s.Caller.Role > web.RoleNone, err
}

func (p *people) Renew(ctx context.Context, token string) (web.Session, error) {
	s, ok, err := p.Find(ctx, token)
	if err == nil && !ok {
		err = &web.RefusedError{Refusal: web.RefusedEnded}
	}
	s.Token = token + "-new"
	return s, errors.Join(err, p.renewal)
}

func (p *people) Enter(context.Context, string, string) (web.Session, error) {
	return web.Session{}, errors.New("nobody enters here")
}

func (p *people) Code(_ context.Context, token string) (string, time.Time, bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return "code-of-" + token, apiNow().Add(time.Minute), !p.gone, p.err
}

func (p *people) Redeem(_ context.Context, code string) (web.Session, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.redeemed = append(p.redeemed, code)
	if p.err != nil {
		return web.Session{}, p.err
	}
	if code != "good" {
		return web.Session{}, &web.RefusedError{Refusal: web.RefusedCode}
	}
	s := p.sessions[anaToken]
	s.Token = "7.window.secret"
	return s, nil
}

func (p *people) End(_ context.Context, id string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ended = append(p.ended, id)
	return p.err
}

func (p *people) EndAll(_ context.Context, agent int64) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for _, s := range p.sessions {
		if s.Caller.Agent.ID == agent {
			n++
		}
	}
	return n, p.err
}

func (p *people) numbers() []web.Line {
	return []web.Line{{ID: apiNumber, Name: "Atendimento", Queue: "Suporte N1"}, {ID: "118273645509182", Name: "Comercial"}}
}

// as makes a request with a session.
func (c *counter) as(token, method, path, body string) *httptest.ResponseRecorder {
	c.t.Helper()
	return c.askAs("Bearer "+token, method, path, body)
}

// sessionRequests are the requests about sessions, which are of people and not of programs.
func sessionRequests() [][3]string {
	return [][3]string{
		{"GET", "/api/v1/session", ""},
		{"DELETE", "/api/v1/session", ""},
		{"POST", "/api/v1/session/renew", ""},
		{"POST", "/api/v1/session/window", ""},
		{"POST", "/api/v1/session/redeem", `{"code":"good"}`},
		{"DELETE", "/api/v1/agents/7/sessions", ""},
	}
}

func TestSession(t *testing.T) {
	t.Parallel()
	c := openCounter(t, newSecret)
	c.desk.Known = []string{"suporte n1", "", "Financeiro"}
	const rest = `"expires":"2026-11-20T15:10:00Z","agent":{"id":7,"name":"Ana","role":"agent","locale":"pt-BR","groups":[{"id":61,"name":"Suporte N1"}]},` +
		`"zone":"America/Sao_Paulo","ticket_url":"https://acme.zendesk.com/agent/tickets/{id}","numbers":[{"id":"106540352242922","name":"Atendimento",` +
		`"queue":"Suporte N1"},{"id":"118273645509182","name":"Comercial"}],"queues":["Financeiro","suporte n1"],"everything":false}`
	for _, tt := range []struct {
		method, path, body, want string
	}{
		{"GET", "/session", "", `{` + rest},
		{"POST", "/session/renew", "", `{"token":"` + anaToken + `-new",` + rest},
		{"POST", "/session/renew", "{}", `{"token":"` + anaToken + `-new",` + rest},
		{"POST", "/session/window", "", `{"code":"code-of-` + anaToken + `","expires":"2026-11-20T15:01:00Z"}`},
	} {
		rec := c.as(anaToken, tt.method, "/api/v1"+tt.path, tt.body)
		if got := strings.TrimSpace(rec.Body.String()); rec.Code != 200 || got != tt.want || rec.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s %s: %d %v (-want +got):\n%s", tt.method, tt.path, rec.Code, rec.Header(), cmp.Diff(tt.want, got))
		}
	}
	rec := c.askAs("", "POST", "/api/v1/session/redeem", `{"code":"good"}`)
	if got := strings.TrimSpace(rec.Body.String()); rec.Code != 200 || got != `{"token":"7.window.secret",`+rest || rec.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("redeem: %d %s", rec.Code, got)
	}
	if rec := c.as(anaToken, "DELETE", "/api/v1/session", ""); rec.Code != 204 || !slices.Equal(c.people.ended, []string{"7.ana"}) {
		t.Errorf("end: %d, ended %q", rec.Code, c.people.ended)
	}
}

func TestSessionRefused(t *testing.T) {
	t.Parallel()
	c := openCounter(t, newSecret)
	c.tells(c.askAs("", "POST", "/api/v1/session/redeem", `{"code":"bad"}`), 401, `"bad_code"`, "outra vez pelo Zendesk")
	c.tells(c.askAs("", "POST", "/api/v1/session/redeem", `{"code":""}`), 401, `"bad_code"`)
	c.tells(c.askAs("", "POST", "/api/v1/session/redeem", `{`), 400, "bad_request")
	c.tells(c.askAs("", "POST", "/api/v1/session/redeem", `{"code":"good","agent":7}`), 400, "bad_request")
	for _, path := range []string{"GET /session", "DELETE /session", "POST /session/renew", "POST /session/window"} {
		method, path, _ := strings.Cut(path, " ")
		c.tells(c.ask(method, "/api/v1"+path, ""), 403, `"no_session"`) // a program has none
		for _, token := range []string{"", "7.ana.other", nobodyToken, anaToken + " "} {
			c.tells(c.as(token, method, "/api/v1"+path, ""), 401, `"unauthorized"`)
		}
	}
	c.people.gone = true
	c.tells(c.as(anaToken, "POST", "/api/v1/session/window", ""), 401, `"ended"`)
	c.people.err = errDown
	for _, path := range []string{"GET /session", "DELETE /session", "POST /session/renew", "POST /session/window", "GET /agents"} {
		method, path, _ := strings.Cut(path, " ")
		c.tells(c.as(anaToken, method, "/api/v1"+path, ""), 503, `"unavailable"`)
	}
	c.tells(c.askAs("", "POST", "/api/v1/session/redeem", `{"code":"good"}`), 503, `"unavailable"`)
	c.people.err = &web.RefusedError{Refusal: web.RefusedGroups}
	c.tells(c.askAs("", "POST", "/api/v1/session/redeem", `{"code":"good"}`), 403, `"no_group"`, "Sem permissão")
	if text := c.logs.String(); strings.Contains(text, "secret") || strings.Contains(text, "good") {
		t.Errorf("the log tells a token: %s", text)
	}
}

// Renewing tells why somebody may not go on.
func TestRenewalRefused(t *testing.T) {
	t.Parallel()
	c := openCounter(t, newSecret)
	for refusal, status := range map[web.Refusal]int{
		web.RefusedEnded: 401, web.RefusedGroups: 403, web.RefusedInactive: 403, web.RefusedStaff: 403, web.RefusedLight: 403,
	} {
		c.people.renewal = &web.RefusedError{Refusal: refusal}
		c.tells(c.as(anaToken, "POST", "/api/v1/session/renew", "{}"), status, `"`+string(refusal)+`"`)
	}
}

func TestEndSessions(t *testing.T) {
	t.Parallel()
	c := openCounter(t, newSecret)
	c.tells(c.ask("DELETE", "/api/v1/agents/7/sessions", ""), 200, `{"ended":1}`)
	c.tells(c.as(adminToken, "DELETE", "/api/v1/agents/99/sessions", ""), 200, `{"ended":0}`)
	c.tells(c.as(adminToken, "DELETE", "/api/v1/agents/ana/sessions", ""), 400, "bad_request")
	for _, token := range []string{anaToken, heloToken} { // not even their own
		c.tells(c.as(token, "DELETE", "/api/v1/agents/7/sessions", ""), 403, "forbidden")
	}
	c.people.err = errDown
	c.tells(c.ask("DELETE", "/api/v1/agents/7/sessions", ""), 503, "unavailable")
}

// What a session says beats what a body says.
func TestAgentsSpeakForThemselves(t *testing.T) {
	t.Parallel()
	claimed := `{"id":"command-1","agent":{"id":99,"name":"Impostora"},"text":"Olá!"}`
	for token, want := range map[string]conversation.Agent{
		anaToken: {ID: 7, Name: "Ana"}, heloToken: {ID: 9, Name: "Heloísa"}, adminToken: {ID: 10, Name: "Ádamo"}, newSecret: {ID: 99, Name: "Impostora"},
	} {
		c := openCounter(t, newSecret)
		c.thread.Conversation.Procedure.Queue = "Suporte N1"
		rec := c.as(token, "POST", conv+"/reply", claimed)
		if rec.Code != 200 || len(c.got) != 1 || c.got[0].Agent != want {
			t.Errorf("%s: %d %s, got %+v", token, rec.Code, rec.Body, c.got)
		}
		c = openCounter(t, newSecret)
		rec = c.as(token, "POST", "/api/v1/numbers/"+apiNumber+"/conversations", strings.Replace(claimed, `"text"`, `"phone":"11987650142","text"`, 1))
		if rec.Code != 200 || len(c.got) != 1 || c.got[0].Agent != want {
			t.Errorf("%s starts: %d %s, got %+v", token, rec.Code, rec.Body, c.got)
		}
	}
}

// An agent who takes over the limit, or gives to one who is full, needs a supervisor.
func TestForceNeedsASupervisor(t *testing.T) {
	t.Parallel()
	for token, want := range map[string]int{anaToken: 403, heloToken: 200, adminToken: 200, newSecret: 200} {
		for kind, rest := range map[string]string{"take": "", "transfer": `"to":{"id":8},`} {
			c := openDesk(t)
			c.thread.Conversation.Procedure.Queue, c.thread.Conversation.Owner = "Suporte N1", 0
			rec := c.as(token, "POST", conv+"/"+kind, `{"id":"command-1",`+rest+`"force":true}`)
			if rec.Code != want || (len(c.got) == 1) != (want == 200) {
				t.Errorf("%s %s: %d %s", token, kind, rec.Code, rec.Body)
			}
		}
	}
	c := openDesk(t)
	c.thread.Conversation.Procedure.Queue, c.thread.Conversation.Owner = "Suporte N1", 0
	rec := c.as(anaToken, "POST", conv+"/take", `{"id":"command-1"}`)
	c.tells(rec, http.StatusConflict, "limit_reached")
	if strings.Contains(rec.Body.String(), "force") {
		t.Errorf("an agent is told of what they may not do: %s", rec.Body)
	}
}

func TestPresenceIsOnesOwn(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		token string
		agent string
		name  string
		want  int
	}{
		{anaToken, "7", "Ana", 200}, {anaToken, "8", "", 403}, {heloToken, "7", "x", 200}, {adminToken, "7", "x", 200}, {newSecret, "7", "x", 200},
	} {
		c := openDesk(t)
		rec := c.as(tt.token, "PUT", "/api/v1/agents/"+tt.agent+"/presence", `{"id":"command-1","presence":"online","name":"x"}`)
		if rec.Code != tt.want || (len(c.got) == 1) != (tt.want == 200) || tt.want == 200 && c.got[0].Agent.Name != tt.name {
			t.Errorf("%s of %s: %d %s, got %+v", tt.token, tt.agent, rec.Code, rec.Body, c.got)
		}
		rec = c.as(tt.token, "GET", "/api/v1/agents/"+tt.agent+"/commands/command-1", "")
		if rec.Code != tt.want {
			t.Errorf("%s asks after a command of %s: %d", tt.token, tt.agent, rec.Code)
		}
	}
}

// What an agent sees: their queues, what is theirs, and what has no queue yet as far as the number's own is theirs.
func TestWhatAgentsSee(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, token, queue string
		owner              int64
		everything         bool
		want               int
	}{
		{"their queue", anaToken, "Suporte N1", 0, false, 200},
		{"their queue, however it is written", anaToken, "SUPORTE n1", 99, false, 200},
		{"their queue by its id", anaToken, "61", 99, false, 200},
		{"another queue", anaToken, "Suporte N2", 0, false, 404},
		{"another queue's, which is theirs", anaToken, "Suporte N2", 7, false, 200},
		{"no queue yet", anaToken, "", 0, false, 200},
		{"no queue yet, and the number's is another", brunoToken, "", 0, false, 404},
		{"another queue, views not segmented", anaToken, "Suporte N2", 0, true, 200},
		{"another queue, a supervisor", heloToken, "Financeiro", 0, false, 200},
	} {
		c := openCounter(t, newSecret)
		c.thread.Conversation.Procedure.Queue, c.thread.Conversation.Owner = tt.queue, tt.owner
		if s := c.people.sessions[tt.token]; tt.everything {
			s.Caller.Everything = true
			c.people.sessions[tt.token] = s
		}
		if rec := c.as(tt.token, "GET", conv, ""); rec.Code != tt.want {
			t.Errorf("%s: %d %s", tt.name, rec.Code, rec.Body)
		}
	}
	c := openCounter(t, newSecret)
	c.thread.Conversation = nil
	if rec := c.as(anaToken, "GET", conv+"/transcript", ""); rec.Code != 404 {
		t.Errorf("a thread without conversation: %d", rec.Code)
	}
}
