package desk

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/url"
	"time"
)

const (
	appProduct   = "support"
	appVersion   = "1.0.0"
	appSubdomain = "balcao"
	appTokenLife = 5 * time.Minute
	appKeyBits   = 2048
)

// Values of Knobs.AppToken: what is wrong with the tokens that the app's pages are opened with.
const (
	forgeOtherKey          = "other_key"          // signed by somebody else
	forgeExpired           = "expired"            // ended a minute ago
	forgeEarly             = "early"              // begins in an hour
	forgeOtherAccount      = "other_account"      // issued by another account for its own installation
	forgeOtherInstallation = "other_installation" // for another installation at the same account
	forgeNone              = "no_algorithm"       // alg none, without signature
	forgeHMAC              = "hmac"               // alg HS256, keyed with the public key
	forgeReplayed          = "replayed"           // the good token that was handed out before, once more
)

func forgeries() []string {
	return []string{
		"", forgeOtherKey, forgeExpired, forgeEarly, forgeOtherAccount, forgeOtherInstallation, forgeNone, forgeHMAC, forgeReplayed,
	}
}

// otherAccount is where the tokens of forgeOtherAccount come from.
const otherAccount = "https://outra.zendesk.example"

// appClaims are what the account tells the app about who opens its page
// (https://developer.zendesk.com/documentation/apps/app-developer-guide/using-the-apps-framework/#jwt-claims).
type appClaims struct {
	Issuer    string     `json:"iss"` // host of the account's address
	Audience  string     `json:"aud"` // address of the installation
	Subject   string     `json:"sub"` // address of the user
	IssuedAt  int64      `json:"iat"`
	NotBefore int64      `json:"nbf"`
	Expires   int64      `json:"exp"`
	ID        string     `json:"jti"`
	QueryHash string     `json:"qsh"`
	Context   appContext `json:"context"`
	Confirm   appConfirm `json:"cnf"`
}

// appContext is where the page is shown.
type appContext struct {
	Product  string `json:"product"`
	Location string `json:"location"`
}

// appConfirm names the key.
type appConfirm struct {
	Address string `json:"jku"`
}

// appKeyRecord is the app's key as it is kept: PKCS #8, in base64.
type appKeyRecord struct {
	Key   []byte    `json:"key"`
	Since time.Time `json:"since"`
}

// errAppKey is why a kept key is refused.
var errAppKey = errors.New("the kept key of the app is not an RSA key")

// appSigner is what the account signs the app's tokens with; the zero one has no key.
type appSigner struct {
	key   *rsa.PrivateKey
	since time.Time
	last  string // the good token that was handed out before
}

// loadAppKey reads the app's key, or makes it. An account without app has none; a reset of the account keeps it.
func (s *Server) loadAppKey() error {
	if !s.cfg.App.installed() {
		return nil
	}
	var kept appKeyRecord
	err := s.cfg.Keys.Each("app_key", func(_ string, raw json.RawMessage) error { return json.Unmarshal(raw, &kept) })
	if err != nil {
		return fmt.Errorf("load the app's key: %w", err)
	}
	if kept.Key == nil {
		return s.makeAppKey()
	}
	parsed, err := x509.ParsePKCS8PrivateKey(kept.Key)
	if err != nil {
		return fmt.Errorf("load the app's key: %w", err)
	}
	key, isRSA := parsed.(*rsa.PrivateKey)
	if !isRSA {
		return errAppKey
	}
	s.app.key, s.app.since = key, kept.Since
	return nil
}

// makeAppKey stores a new key, or the one that a reset took out of the store.
func (s *Server) makeAppKey() error {
	if s.app.key == nil {
		key, err := rsa.GenerateKey(rand.Reader, appKeyBits)
		if err != nil {
			return fmt.Errorf("make the app's key: %w", err)
		}
		s.app.key, s.app.since = key, s.stamp()
	}
	text, err := x509.MarshalPKCS8PrivateKey(s.app.key)
	if err != nil {
		return fmt.Errorf("encode the app's key: %w", err)
	}
	if err := s.cfg.Keys.Put("app_key", "key", appKeyRecord{Key: text, Since: s.app.since}); err != nil {
		return fmt.Errorf("store the app's key: %w", err)
	}
	return nil
}

// publicPEM is a key's public half as the account hands it out.
func publicPEM(key *rsa.PrivateKey) ([]byte, error) {
	text, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return nil, fmt.Errorf("encode the app's key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: text}), nil
}

// appToken is the signed token for the signed-in agent at a location; query is what the page is asked with. The knobs say
// what is wrong with it.
func (s *Server) appToken(c *call, location, query string) (string, error) {
	forge := s.knobs.AppToken
	if forge == forgeReplayed && s.app.last != "" {
		return s.app.last, nil
	}
	token, err := s.signApp(s.appClaims(c, location, query, forge), forge)
	if err == nil && (forge == "" || forge == forgeReplayed) {
		s.app.last = token
	}
	return token, err
}

// appClaims are what a token says, falsified in the way that was ordered.
func (s *Server) appClaims(c *call, location, query, forge string) appClaims {
	base, installation, from := s.cfg.BaseURL, s.cfg.App.InstallationID, c.now
	switch forge {
	case forgeOtherAccount:
		base = otherAccount
	case forgeOtherInstallation:
		installation++
	case forgeExpired:
		from = from.Add(-appTokenLife - time.Minute)
	case forgeEarly:
		from = from.Add(time.Hour)
	}
	sum := sha256.Sum256([]byte(query))
	return appClaims{
		Issuer:   hostOf(base),
		Audience: fmt.Sprintf("%s/api/v2/apps/installations/%d.json", base, installation),
		Subject:  fmt.Sprintf("%s/api/v2/users/%d.json", base, c.user.ID),
		IssuedAt: from.Unix(), NotBefore: from.Unix(), Expires: from.Add(appTokenLife).Unix(),
		ID: newGUID(), QueryHash: hex.EncodeToString(sum[:]),
		Context: appContext{Product: appProduct, Location: location},
		Confirm: appConfirm{Address: fmt.Sprintf("%s/api/v2/apps/%d/public_key.pem", base, s.cfg.App.ID)},
	}
}

// hostOf returns the host of an address, with its port where it has one.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// signApp makes a JSON Web Token of claims (RFC 7515), by default with RS256.
func (s *Server) signApp(claims appClaims, forge string) (string, error) {
	switch forge {
	case forgeNone:
		return joinJWT("none", claims, func([]byte) ([]byte, error) { return nil, nil })
	case forgeHMAC:
		secret, err := publicPEM(s.app.key)
		if err != nil {
			return "", err
		}
		return joinJWT("HS256", claims, func(text []byte) ([]byte, error) {
			mac := hmac.New(sha256.New, secret)
			mac.Write(text)
			return mac.Sum(nil), nil
		})
	case forgeOtherKey:
		stranger, err := rsa.GenerateKey(rand.Reader, appKeyBits)
		if err != nil {
			return "", fmt.Errorf("make a stranger's key: %w", err)
		}
		return joinJWT("RS256", claims, signer(stranger))
	default:
		return joinJWT("RS256", claims, signer(s.app.key))
	}
}

func signer(key *rsa.PrivateKey) func([]byte) ([]byte, error) {
	return func(text []byte) ([]byte, error) {
		sum := sha256.Sum256(text)
		return rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	}
}

func joinJWT(algorithm string, claims appClaims, sign func([]byte) ([]byte, error)) (string, error) {
	body, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("encode a token: %w", err)
	}
	head := fmt.Sprintf(`{"alg":%q,"typ":"JWT"}`, algorithm)
	text := base64.RawURLEncoding.EncodeToString([]byte(head)) + "." + base64.RawURLEncoding.EncodeToString(body)
	signature, err := sign([]byte(text))
	if err != nil {
		return "", fmt.Errorf("sign a token: %w", err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}

// newGUID returns a random UUID (RFC 9562, version 4).
func newGUID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
