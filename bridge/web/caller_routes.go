package web

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// needs is the least role that a route of the API takes, by its path below apiPrefix. What a caller may see of it is another question.
func needs(method, path string) Role {
	for _, rule := range []struct {
		method, path string // "" = every method; a path that ends in / stands for all below it
		role         Role
	}{
		{http.MethodPut, "/agents/:agent/limit", RoleAdmin},
		{http.MethodDelete, "/agents/:agent/sessions", RoleAdmin},
		{"", "/settings/", RoleAdmin},
		{"", "/conversations/:session/overrule", RoleSupervisor},
		{"", "/reports/", RoleSupervisor},
		{"", "/work/", RoleSupervisor},
		{http.MethodGet, "/canned/", RoleAgent},
		{"", "/canned/", RoleSupervisor},
	} {
		if rule.method != "" && rule.method != method {
			continue
		}
		if rule.path == path || strings.HasSuffix(rule.path, "/") && strings.HasPrefix(path+"/", rule.path) {
			return rule.role
		}
	}
	return RoleAgent
}

// bearer is the token that a request shows; "" when it shows none.
func bearer(c echo.Context) string {
	token, ok := strings.CutPrefix(c.Request().Header.Get("Authorization"), "Bearer ")
	if !ok {
		return ""
	}
	return token
}

// authorized lets those in who know a secret or have a session, as far as their role reaches.
func (a *api) authorized(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set("Cache-Control", "no-store")
		caller, ok, err := a.caller(c.Request().Context(), bearer(c))
		switch {
		case err != nil:
			return a.unavailable(c, err)
		case !ok:
			c.Response().Header().Set("WWW-Authenticate", "Bearer")
			return problem(c, http.StatusUnauthorized, "unauthorized", "Acesso não autorizado.")
		case caller.Role < needs(c.Request().Method, strings.TrimPrefix(c.Path(), apiPrefix)):
			return forbidden(c)
		}
		c.Set(callerKey, caller)
		return next(c)
	}
}

// caller is who shows a token. Digests of the secrets are compared, so that not even a length shows.
func (a *api) caller(ctx context.Context, token string) (caller Caller, ok bool, err error) {
	if token == "" {
		return Caller{}, false, nil
	}
	got, known := sha256.Sum256([]byte(token)), 0
	for _, s := range a.Secrets {
		want := sha256.Sum256([]byte(s))
		known |= subtle.ConstantTimeCompare(got[:], want[:])
	}
	if known == 1 {
		return program(), true, nil
	}
	if a.Sessions == nil {
		return Caller{}, false, nil
	}
	s, ok, err := a.Sessions.Find(ctx, token)
	return s.Caller, ok && s.Caller.Role >= RoleAgent, err
}

// forbidden answers somebody whose role does not reach.
func forbidden(c echo.Context) error {
	return problem(c, http.StatusForbidden, "forbidden", "Você não tem permissão para isto.")
}

// themself lets people ask about themselves alone, and supervisors and programs about everybody; when the caller may not, the answer has
// been written and ok is false.
func (a *api) themself(c echo.Context, agent int64) (ok bool, err error) {
	caller := callerOf(c)
	if caller.Agent.ID == agent || caller.Role >= RoleSupervisor {
		return true, nil
	}
	return false, forbidden(c)
}
