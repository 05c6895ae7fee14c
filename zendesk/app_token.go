package zendesk

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Limits of an app's tokens. Zendesk's live five minutes.
const (
	// AppTokenSkew is how far Zendesk's clock may be from ours.
	AppTokenSkew = time.Minute
	// mostTokenLife is the longest life of a token that is taken for one of Zendesk's.
	mostTokenLife = 10 * time.Minute
	// mostToken is the longest token looked at, in bytes.
	mostToken = 8 << 10
	// appAsk is how often the key and the installations are asked for again at most, because a token does not fit them.
	appAsk = time.Minute
	// appPause is how long a key that can't be read is not asked for again: whoever sends anything at all would have it asked for.
	appPause = 2 * time.Second
	// installationsFor is how long the installations are believed.
	installationsFor = 5 * time.Minute
)

// ErrTokenExpired says that a token was good and is too old.
var ErrTokenExpired = errors.New("zendesk: the app token has expired")

// TokenError says why a token is none of the app's. It tells nothing of the token.
type TokenError struct {
	// Cause says what is wrong.
	Cause error
}

// Error implements error.
func (e *TokenError) Error() string { return "zendesk: no token of the app: " + e.Cause.Error() }

// Unwrap returns the cause.
func (e *TokenError) Unwrap() error { return e.Cause }

// AppToken is what a token of the app says.
type AppToken struct {
	// User is the agent's id.
	User int64
	// Location is where in Zendesk the app was opened, for example "ticket_sidebar"; empty when the token does not tell.
	Location string
	// Expires is when the token stops to be good.
	Expires time.Time
}

// appAccount is what the check asks of Zendesk.
type appAccount interface {
	AppKey(ctx context.Context, appID int64) (*rsa.PublicKey, error)
	AppInstallations(ctx context.Context) ([]AppInstallation, error)
}

// AppTokens checks the tokens that Zendesk signs when an agent opens the app. It is safe for concurrent use.
//
// Whether a token was used before is for the caller to know.
// Source: https://developer.zendesk.com/documentation/apps/app-developer-guide/using-the-apps-framework/#jwt-claims.
type AppTokens struct {
	account appAccount
	appID   int64
	base    string // of the addresses in the claims, /api/v2 included
	now     func() time.Time
	parser  *jwt.Parser

	mu            sync.Mutex
	key           *rsa.PublicKey
	keyAsked      time.Time
	keyError      error // of the last time it was asked for
	installations []AppInstallation
	installed     time.Time // when they were read
}

// NewAppTokens checks the tokens of an app in the client's account.
func NewAppTokens(c *Client, appID int64) (*AppTokens, error) {
	u, err := url.Parse(c.base)
	if err != nil {
		return nil, errors.New("zendesk: base address cannot be read")
	}
	u.Host = strings.ToLower(u.Host)
	return &AppTokens{
		account: c, appID: appID, base: u.String(), now: c.now,
		parser: jwt.NewParser(
			jwt.WithValidMethods([]string{jwt.SigningMethodRS256.Alg()}), jwt.WithTimeFunc(c.now), jwt.WithLeeway(AppTokenSkew),
			jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithIssuer(u.Host), jwt.WithStrictDecoding(),
		),
	}, nil
}

// appClaims are the claims that are looked at. Zendesk's cnf names an address to read keys from; nothing is ever read from there.
type appClaims struct {
	jwt.RegisteredClaims

	Context struct {
		Location string `json:"location"`
	} `json:"context"`
}

// Check returns what a token says. It fails with a *TokenError, with ErrTokenExpired, or with what Zendesk said when it was asked for
// the app's key or installations.
func (a *AppTokens) Check(ctx context.Context, raw string) (AppToken, error) {
	if len(raw) > mostToken {
		return AppToken{}, &TokenError{Cause: errors.New("it is too long")}
	}
	key, err := a.keyNow(ctx)
	if err != nil {
		return AppToken{}, err
	}
	claims, err := a.parse(raw, key)
	if errors.Is(err, jwt.ErrTokenSignatureInvalid) {
		if key, again := a.keyAgain(ctx, key); again {
			claims, err = a.parse(raw, key)
		}
	}
	switch {
	case errors.Is(err, jwt.ErrTokenExpired) && !errors.Is(err, jwt.ErrTokenInvalidIssuer):
		return AppToken{}, ErrTokenExpired
	case err != nil:
		return AppToken{}, &TokenError{Cause: err}
	}
	return a.read(ctx, claims)
}

// parse checks signature, times and issuer.
func (a *AppTokens) parse(raw string, key *rsa.PublicKey) (*appClaims, error) {
	claims := &appClaims{}
	_, err := a.parser.ParseWithClaims(raw, claims, func(*jwt.Token) (any, error) { return key, nil })
	return claims, err
}

// read checks the rest of the claims.
func (a *AppTokens) read(ctx context.Context, c *appClaims) (AppToken, error) {
	begins := a.now()
	for _, at := range []*jwt.NumericDate{c.IssuedAt, c.NotBefore} {
		if at != nil && at.Before(begins) {
			begins = at.Time
		}
	}
	if c.ExpiresAt.Sub(begins) > mostTokenLife {
		return AppToken{}, &TokenError{Cause: errors.New("it lives too long")}
	}
	user, ok := a.idIn(c.Subject, "/users/")
	if !ok {
		return AppToken{}, &TokenError{Cause: errors.New("its sub is no user of the account")}
	}
	if err := a.audience(ctx, c.Audience); err != nil {
		return AppToken{}, err
	}
	return AppToken{User: user, Location: c.Context.Location, Expires: c.ExpiresAt.Time}, nil
}

// audience wants the token to be for an installation of this app in this account.
func (a *AppTokens) audience(ctx context.Context, names []string) error {
	if len(names) != 1 {
		return &TokenError{Cause: errors.New("its aud is not one installation")}
	}
	id, ok := a.idIn(names[0], "/apps/installations/")
	if !ok {
		return &TokenError{Cause: errors.New("its aud is no installation in the account")}
	}
	ours, err := a.installedHere(ctx, id)
	switch {
	case err != nil:
		return err
	case !ours:
		return &TokenError{Cause: errors.New("its aud is no installation of the app")}
	}
	return nil
}

// idIn reads the id out of an address such as https://acme.zendesk.com/api/v2/users/7.json.
func (a *AppTokens) idIn(address, kind string) (id int64, ok bool) {
	rest, ours := strings.CutPrefix(address, a.base+kind)
	digits := strings.TrimSuffix(rest, ".json")
	id, err := strconv.ParseInt(digits, 10, 64)
	return id, ours && err == nil && id > 0 && strconv.FormatInt(id, 10) == digits
}

// keyNow is the app's key, read once.
func (a *AppTokens) keyNow(ctx context.Context) (*rsa.PublicKey, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case a.key != nil:
		return a.key, nil
	case a.keyError != nil && a.now().Sub(a.keyAsked) < appPause:
		return nil, a.keyError
	}
	return a.readKey(ctx)
}

// keyAgain reads the key anew when a signature does not fit the one that is known; again is false when it was read only just now, or
// can't be, or is the same.
func (a *AppTokens) keyAgain(ctx context.Context, unfit *rsa.PublicKey) (key *rsa.PublicKey, again bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.key == unfit && a.now().Sub(a.keyAsked) >= appAsk {
		if _, err := a.readKey(ctx); err != nil {
			return nil, false // the token stays as unfit as it was
		}
	}
	return a.key, !a.key.Equal(unfit)
}

func (a *AppTokens) readKey(ctx context.Context) (*rsa.PublicKey, error) {
	a.keyAsked = a.now()
	key, err := a.account.AppKey(ctx, a.appID)
	if err != nil {
		a.keyError = fmt.Errorf("read the app's key: %w", err)
		return nil, a.keyError
	}
	a.key, a.keyError = key, nil
	return key, nil
}

// installedHere tells whether an installation is one of the app in the account. One that is not known is asked for again.
func (a *AppTokens) installedHere(ctx context.Context, id int64) (bool, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	is := func(i AppInstallation) bool { return i.ID == id && i.AppID == a.appID && i.On() }
	age := a.now().Sub(a.installed)
	known := slices.ContainsFunc(a.installations, is)
	if !a.installed.IsZero() && (age < appAsk || known && age < installationsFor) {
		return known, nil
	}
	list, err := a.account.AppInstallations(ctx)
	if err != nil {
		return false, fmt.Errorf("read the app's installations: %w", err)
	}
	a.installations, a.installed = list, a.now()
	return slices.ContainsFunc(list, is), nil
}
