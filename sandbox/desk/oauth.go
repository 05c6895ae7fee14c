package desk

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Lives that may be asked for (https://developer.zendesk.com/documentation/api-basics/authentication/oauth-migration/).
const (
	minTokenLife   = 300 * time.Second
	maxTokenLife   = 172_800 * time.Second
	minRefreshLife = 604_800 * time.Second
	maxRefreshLife = 7_776_000 * time.Second
)

// token is one issued pair.
type token struct {
	Access         string    `json:"access"`
	Refresh        string    `json:"refresh"`
	Scope          string    `json:"scope"`
	UserID         int64     `json:"user_id"`
	ExpiresAt      time.Time `json:"expires_at"`
	RefreshExpires time.Time `json:"refresh_expires_at"`
}

func (s *Server) oauthRoutes() []route {
	return []route{
		{method: "POST", path: segments("/oauth/tokens"), handle: s.grant, open: true},
		rt("GET", "/api/v2/oauth/tokens/current", s.currentToken),
	}
}

// grantRequest is the body of POST /oauth/tokens, as JSON or as a form.
type grantRequest struct {
	GrantType      string `json:"grant_type"`
	ClientID       string `json:"client_id"`
	ClientSecret   string `json:"client_secret"`
	Scope          string `json:"scope"`
	RefreshToken   string `json:"refresh_token"`
	ExpiresIn      int64  `json:"expires_in"`
	RefreshExpires int64  `json:"refresh_token_expires_in"`
}

func (s *Server) grant(c *call) (answer, error) {
	in, err := readGrant(c)
	if err != nil {
		return answer{}, err
	}
	if !same(in.ClientID, s.cfg.ClientID) || !same(in.ClientSecret, s.cfg.ClientSecret) {
		return answer{}, &apiError{status: http.StatusUnauthorized, code: "invalid_client", description: "Client authentication failed"}
	}
	t, err := s.newToken(in)
	if err != nil {
		return answer{}, err
	}
	switch in.GrantType {
	case "client_credentials":
		err = s.forgetExpired()
	case "refresh_token":
		err = s.rotate(in.RefreshToken, t)
	default:
		err = badRequest("unsupported_grant_type", "The authorization grant type is not supported by the authorization server")
	}
	if err != nil {
		return answer{}, err
	}
	if err := s.store("token", t.Access, t); err != nil {
		return answer{}, err
	}
	s.tokens[t.Access] = t
	return created(map[string]any{
		"access_token": t.Access, "refresh_token": t.Refresh, "token_type": "bearer", "scope": t.Scope,
		"expires_in":               int64(t.ExpiresAt.Sub(c.now) / time.Second),
		"refresh_token_expires_in": int64(t.RefreshExpires.Sub(c.now) / time.Second),
	})
}

func readGrant(c *call) (grantRequest, error) {
	var in grantRequest
	kind, _, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if kind != "application/x-www-form-urlencoded" {
		return in, c.decode(&in)
	}
	form, err := url.ParseQuery(string(c.body))
	if err != nil {
		return in, badRequest("invalid_request", "The form could not be read")
	}
	in = grantRequest{
		GrantType: form.Get("grant_type"), ClientID: form.Get("client_id"), ClientSecret: form.Get("client_secret"),
		Scope: form.Get("scope"), RefreshToken: form.Get("refresh_token"),
	}
	in.ExpiresIn, _ = strconv.ParseInt(form.Get("expires_in"), 10, 64)
	in.RefreshExpires, _ = strconv.ParseInt(form.Get("refresh_token_expires_in"), 10, 64)
	return in, nil
}

func (s *Server) newToken(in grantRequest) (*token, error) {
	life, err := lifetime(in.ExpiresIn, s.cfg.TokenLife, minTokenLife, maxTokenLife)
	if err != nil {
		return nil, err
	}
	refresh, err := lifetime(in.RefreshExpires, s.cfg.RefreshLife, minRefreshLife, maxRefreshLife)
	if err != nil {
		return nil, err
	}
	orDefault(&in.Scope, "read write")
	return &token{
		Access: rand.Text() + rand.Text(), Refresh: rand.Text() + rand.Text(), Scope: in.Scope,
		UserID: s.integrationUser().ID, ExpiresAt: s.stamp().Add(life), RefreshExpires: s.stamp().Add(refresh),
	}, nil
}

func lifetime(asked int64, def, low, high time.Duration) (time.Duration, error) {
	if asked == 0 {
		return def, nil
	}
	d := time.Duration(asked) * time.Second
	if d < low || d > high {
		return 0, badRequest("invalid_request", fmt.Sprintf("The life must be from %d to %d seconds", low/time.Second, high/time.Second))
	}
	return d, nil
}

// rotate kills the pair of a refresh token, whose scope the new pair takes over.
func (s *Server) rotate(refresh string, next *token) error {
	for access, t := range s.tokens {
		if refresh == "" || !same(t.Refresh, refresh) || !s.now().Before(t.RefreshExpires) {
			continue
		}
		next.Scope, next.UserID = t.Scope, t.UserID
		return s.forget(access)
	}
	return badRequest("invalid_grant", "The provided refresh token is invalid, expired or revoked")
}

func (s *Server) forgetExpired() error {
	for access, t := range s.tokens {
		if s.now().Before(t.RefreshExpires) {
			continue
		}
		if err := s.forget(access); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) forget(access string) error {
	if err := s.cfg.Store.Delete("token", access); err != nil {
		return fmt.Errorf("delete token: %w", err)
	}
	delete(s.tokens, access)
	return nil
}

func (s *Server) loadTokens() error {
	s.tokens = map[string]*token{}
	return s.cfg.Store.Each("token", func(id string, raw json.RawMessage) error {
		t := &token{}
		if err := json.Unmarshal(raw, t); err != nil {
			return fmt.Errorf("load token: %w", err)
		}
		s.tokens[id] = t
		return nil
	})
}

// admitAPI lets a call to the API in: a good token, its scope, the account's rate limit.
func (s *Server) admitAPI(c *call, found *route) error {
	if found.open {
		return nil
	}
	t := s.bearer(c)
	if t == nil {
		return unauthorized()
	}
	c.user, c.channel = s.users.get(t.UserID), "api"
	if found.counted {
		if err := s.spendRequest(c.header); err != nil {
			return err
		}
	}
	verb := "write"
	if c.r.Method == http.MethodGet || c.r.Method == http.MethodHead {
		verb = "read"
	}
	// A path is /api/v2/<resource>/…; scopes name the resource.
	if scopes := strings.Fields(t.Scope); !slices.Contains(scopes, verb) && !slices.Contains(scopes, found.path[2]+":"+verb) {
		return forbidden("You do not have access to this page: the token lacks the scope " + found.path[2] + ":" + verb)
	}
	return nil
}

func (s *Server) bearer(c *call) *token {
	kind, value, _ := strings.Cut(c.r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(kind, "bearer") {
		return nil
	}
	if value == DemoToken {
		return &token{Access: DemoToken, Scope: "read write", UserID: s.integrationUser().ID, ExpiresAt: s.now().Add(maxTokenLife)}
	}
	t := s.tokens[value]
	if t == nil || !s.now().Before(t.ExpiresAt) {
		return nil
	}
	return t
}

func (s *Server) currentToken(c *call) (answer, error) {
	t := s.bearer(c)
	return ok(map[string]any{"token": map[string]any{
		"url": s.url("/oauth/tokens/current.json"), "user_id": t.UserID, "scopes": strings.Fields(t.Scope), "expires_at": t.ExpiresAt,
	}})
}

func same(got, want string) bool {
	return want != "" && subtle.ConstantTimeCompare([]byte(got), []byte(want)) == 1
}
