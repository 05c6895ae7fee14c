package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// Session is a person's right to use the API for a while.
type Session struct {
	Caller Caller
	// Token opens the session; it is told where it was made, and never again.
	Token string
	// Expires is until when the token is good without being renewed.
	Expires time.Time
}

// Sessions knows the sessions of people.
type Sessions interface {
	// Find is the session that a token opens; ok is false when it opens none.
	Find(ctx context.Context, token string) (s Session, ok bool, err error)
	// Current is a session's caller by its id, as they are now; ok is false when the session has ended.
	Current(ctx context.Context, id string) (c Caller, ok bool, err error)
	// Renew gives the session of a token a new one, after who its agent is was looked up again. It fails with a *RefusedError.
	Renew(ctx context.Context, token string) (Session, error)
}

// Entrance lets people in.
type Entrance interface {
	// Enter makes a session of a token that Zendesk signed, for the page of a location. It fails with a *RefusedError.
	Enter(ctx context.Context, token, location string) (Session, error)
	// Code makes a code that opens one more session, once, for a while; ok is false when the token opens none.
	Code(ctx context.Context, token string) (code string, expires time.Time, ok bool, err error)
	// Redeem opens the session of a code. It fails with a *RefusedError.
	Redeem(ctx context.Context, code string) (Session, error)
}

// Exit ends sessions.
type Exit interface {
	// End ends a session by its id.
	End(ctx context.Context, id string) error
	// EndAll ends all of an agent, and tells how many they were.
	EndAll(ctx context.Context, agent int64) (ended int, err error)
}

// Refusal is why somebody is not let in.
type Refusal string

// The refusals, by the names that metrics have.
const (
	RefusedToken    Refusal = "bad_token" // not signed by Zendesk for this app in this account
	RefusedExpired  Refusal = "expired"
	RefusedReplayed Refusal = "replayed"    // used before
	RefusedCode     Refusal = "bad_code"    // unknown, used or too old
	RefusedEnded    Refusal = "ended"       // the session is over
	RefusedStaff    Refusal = "not_staff"   // neither agent nor admin
	RefusedInactive Refusal = "suspended"   // or deleted
	RefusedLight    Refusal = "light_agent" // may not answer customers
	RefusedGroups   Refusal = "no_group"    // in none of the groups that may work
	RefusedUnset    Refusal = "not_configured"
	RefusedNoAnswer Refusal = "unavailable" // Zendesk or Redis does not answer
)

// refusalWords are the status of each refusal and what people read, pt-BR.
func (r Refusal) words() (status int, text string) {
	switch r {
	case RefusedToken:
		return http.StatusUnauthorized, "O acesso enviado pelo Zendesk não pôde ser confirmado. Recarregue a página do Zendesk."
	case RefusedExpired:
		return http.StatusUnauthorized, "O acesso enviado pelo Zendesk expirou. Recarregue a página do Zendesk."
	case RefusedReplayed:
		return http.StatusUnauthorized, "Este acesso já foi usado. Recarregue a página do Zendesk."
	case RefusedCode:
		return http.StatusUnauthorized, "O código desta janela não vale mais. Abra a janela outra vez pelo Zendesk."
	case RefusedEnded:
		return http.StatusUnauthorized, "A sua sessão terminou. Recarregue a página do Zendesk."
	case RefusedStaff:
		return http.StatusForbidden, "Sem permissão: só agentes e administradores do Zendesk usam as conversas."
	case RefusedInactive:
		return http.StatusForbidden, "Sem permissão: o seu usuário foi desativado ou bloqueado no Zendesk."
	case RefusedLight:
		return http.StatusForbidden, "Sem permissão: agentes light não podem responder ao cliente."
	case RefusedGroups:
		return http.StatusForbidden, "Sem permissão: você não está em nenhum grupo que atende conversas. Fale com o seu supervisor."
	case RefusedUnset:
		return http.StatusServiceUnavailable, "O aplicativo ainda não foi configurado: falta informar ao Ponte o número dele no Zendesk (PONTE_ZENDESK_APP_ID)."
	case RefusedNoAnswer:
	}
	return http.StatusServiceUnavailable, "O serviço está indisponível agora. Tente de novo em instantes."
}

// RefusedError says why somebody is not let in.
type RefusedError struct {
	Refusal Refusal
	// Cause is what is behind it, for logs; it holds nothing of a token. May be nil.
	Cause error
}

// Error implements error.
func (e *RefusedError) Error() string {
	if e.Cause == nil {
		return "not let in: " + string(e.Refusal)
	}
	return "not let in: " + string(e.Refusal) + ": " + e.Cause.Error()
}

// Unwrap returns the cause.
func (e *RefusedError) Unwrap() error { return e.Cause }

// refusalOf is the refusal behind an error; every other error is one that may pass.
func refusalOf(err error) Refusal {
	if e, ok := errors.AsType[*RefusedError](err); ok {
		return e.Refusal
	}
	return RefusedNoAnswer
}

// Line is one of the company's WhatsApp numbers.
type Line struct {
	ID    string `json:"id"` // phone_number_id
	Name  string `json:"name"`
	Queue string `json:"queue,omitempty"` // the group that gets its conversations
}

// sessionView is a session as the API shows it.
type sessionView struct {
	Token   string       `json:"token,omitempty"`
	Expires time.Time    `json:"expires"`
	Agent   sessionAgent `json:"agent"`
	Zone    string       `json:"zone"`
	// TicketURL leads to a ticket in the agent's Zendesk; {id} stands for its number.
	TicketURL string   `json:"ticket_url"`
	Numbers   []Line   `json:"numbers"`
	Queues    []string `json:"queues"`
	// Everything says that the agent sees the conversations of all queues.
	Everything bool `json:"everything"`
}

type sessionAgent struct {
	ID     int64       `json:"id"`
	Name   string      `json:"name"`
	Role   string      `json:"role"`
	Locale string      `json:"locale,omitempty"`
	Groups []groupView `json:"groups"`
}

// sessions mounts what there is about sessions; open takes what needs none.
func (a *api) sessions(open *echo.Echo, g *echo.Group) {
	open.POST(apiPrefix+"/session/redeem", a.redeem)
	g.GET("/session", a.showSession)
	g.DELETE("/session", a.endSession)
	g.POST("/session/renew", a.renew)
	g.POST("/session/window", a.window)
	g.DELETE("/agents/:agent/sessions", a.endSessions)
}

// person is the caller's session; a program has none: then the answer has been written and ok is false.
func (a *api) person(c echo.Context) (caller Caller, ok bool, err error) {
	if caller = callerOf(c); caller.Program() {
		return caller, false, problem(c, http.StatusForbidden, "no_session", "Este pedido é de uma sessão, e um segredo não tem sessão.")
	}
	return caller, true, nil
}

// showSession tells who the caller is.
func (a *api) showSession(c echo.Context) error {
	if _, ok, err := a.person(c); !ok {
		return err
	}
	s, ok, err := a.Sessions.Find(c.Request().Context(), bearer(c))
	switch {
	case err != nil:
		return a.unavailable(c, err)
	case !ok:
		return refused(c, RefusedEnded)
	}
	return a.session(c, s)
}

// session answers a session.
func (a *api) session(c echo.Context, s Session) error {
	ctx := c.Request().Context()
	desk, err := a.Desk.Desk(ctx)
	if err != nil {
		return a.unavailable(c, err)
	}
	who := s.Caller.Agent
	v := sessionView{
		Token: s.Token, Expires: s.Expires.UTC().Truncate(time.Second),
		Agent: sessionAgent{ID: who.ID, Name: who.Name, Role: s.Caller.Role.String(), Locale: s.Caller.Locale, Groups: groupsOf(who)},
		Zone:  a.Settings("").Zone.String(), TicketURL: strings.TrimSuffix(a.ZendeskURL, "/") + "/agent/tickets/{id}",
		Numbers: append([]Line{}, a.Lines()...), Everything: s.Caller.Everything,
	}
	v.Queues = queuesOf(v.Numbers, desk)
	return c.JSON(http.StatusOK, v)
}

// groupsOf is an agent's groups as the API shows them.
func groupsOf(g conversation.DeskAgent) []groupView {
	list := make([]groupView, len(g.Groups))
	for i, group := range g.Groups {
		list[i] = groupView{group.ID, group.Name}
	}
	return list
}

// queuesOf names the queues that there are: those of the numbers, and those that conversations have waited in. Nobody's has no name.
func queuesOf(lines []Line, desk conversation.Desk) []string {
	all := slices.Clone(desk.Known)
	for _, l := range lines {
		all = append(all, l.Queue)
	}
	slices.SortFunc(all, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	all = slices.CompactFunc(all, strings.EqualFold)
	return append([]string{}, slices.DeleteFunc(all, func(q string) bool { return q == "" })...)
}

// endSession ends the caller's session.
func (a *api) endSession(c echo.Context) error {
	caller, ok, err := a.person(c)
	if !ok {
		return err
	}
	if err := a.Exit.End(c.Request().Context(), caller.Session); err != nil {
		return a.unavailable(c, err)
	}
	return c.NoContent(http.StatusNoContent)
}

// endSessions ends all sessions of an agent.
func (a *api) endSessions(c echo.Context) error {
	id, ok, err := a.agentID(c)
	if !ok {
		return err
	}
	ended, err := a.Exit.EndAll(c.Request().Context(), id)
	if err != nil {
		return a.unavailable(c, err)
	}
	return c.JSON(http.StatusOK, map[string]int{"ended": ended})
}

// renew gives the caller's session a new token.
func (a *api) renew(c echo.Context) error {
	if _, ok, err := a.person(c); !ok {
		return err
	}
	s, err := a.Sessions.Renew(c.Request().Context(), bearer(c))
	if err != nil {
		return a.notLetIn(c, err)
	}
	return a.session(c, s)
}

// window makes a code for a window of the agent's own.
func (a *api) window(c echo.Context) error {
	if _, ok, err := a.person(c); !ok {
		return err
	}
	code, expires, ok, err := a.Entrance.Code(c.Request().Context(), bearer(c))
	switch {
	case err != nil:
		return a.unavailable(c, err)
	case !ok:
		return refused(c, RefusedEnded)
	}
	return c.JSON(http.StatusOK, struct {
		Code    string    `json:"code"`
		Expires time.Time `json:"expires"`
	}{code, expires.UTC().Truncate(time.Second)})
}

// redeem opens the session that a code stands for. The code is all that is asked for.
func (a *api) redeem(c echo.Context) error {
	c.Response().Header().Set("Cache-Control", "no-store")
	var r struct {
		Code string `json:"code"`
	}
	if err := body(c, &r); err != nil {
		return badBody(c, err)
	}
	s, err := a.Entrance.Redeem(c.Request().Context(), r.Code)
	a.entries.count(err)
	if err != nil {
		return a.notLetIn(c, err)
	}
	return a.session(c, s)
}

// entries counts who was let in, and why not.
type entries struct{ *prometheus.CounterVec }

func newEntries(r prometheus.Registerer) entries {
	e := entries{prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "ponte_app_signins_total", //nolint:misspell // a name
		Help: "Sign-ins to the app, by what became of them.",
	}, []string{"result"})}
	r.MustRegister(e)
	return e
}

// count notes a sign-in that failed with err, or did not fail.
func (e entries) count(err error) {
	result := "ok"
	if err != nil {
		result = string(refusalOf(err))
	}
	e.WithLabelValues(result).Inc()
}

// notLetIn answers why somebody is not let in.
func (a *api) notLetIn(c echo.Context, err error) error {
	if r := refusalOf(err); r != RefusedNoAnswer {
		return refused(c, r)
	}
	return a.unavailable(c, err)
}

// refused answers a refusal.
func refused(c echo.Context, r Refusal) error {
	status, text := r.words()
	if status == http.StatusUnauthorized {
		c.Response().Header().Set("WWW-Authenticate", "Bearer")
	}
	return problem(c, status, string(r), text)
}
