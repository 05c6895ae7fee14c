package whatsapp

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/url"
	"strings"
)

// SignatureHeader is the HTTP header that carries a webhook's signature.
const SignatureHeader = "X-Hub-Signature-256"

const signaturePrefix = "sha256="

// Verify reports whether header is the signature of body under one of the app secrets.
//
// The signature is the hexadecimal HMAC-SHA256 of the raw body bytes behind "sha256=". Several secrets allow rotation; an empty
// secret never matches. A malformed header costs the same work as a wrong one.
//
// Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/create-webhook-endpoint
func Verify(secrets []string, header string, body []byte) bool {
	var given [sha256.Size]byte
	digits, prefixed := strings.CutPrefix(header, signaturePrefix)
	wellFormed := prefixed && len(digits) == hex.EncodedLen(len(given))
	if wellFormed {
		_, err := hex.Decode(given[:], []byte(digits))
		wellFormed = err == nil
	}
	match := 0
	for _, secret := range secrets {
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write(body)
		var sum [sha256.Size]byte
		equal := subtle.ConstantTimeCompare(mac.Sum(sum[:0]), given[:])
		if secret != "" {
			match |= equal
		}
	}
	return wellFormed && match == 1
}

// Handshake answers the subscription request that Meta sends when the callback URL or the verify token is edited.
//
// It returns the challenge to be written as the whole body of a 200 answer, and false when the request is not a subscription or
// does not carry verifyToken (compared in constant time). An empty verifyToken refuses everything.
//
// Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/create-webhook-endpoint
func Handshake(q url.Values, verifyToken string) (challenge string, ok bool) {
	// Hashing first hides the length of the token, which a plain constant time comparison tells.
	given, want := sha256.Sum256([]byte(q.Get("hub.verify_token"))), sha256.Sum256([]byte(verifyToken))
	equal := subtle.ConstantTimeCompare(given[:], want[:]) == 1
	if !equal || verifyToken == "" || q.Get("hub.mode") != "subscribe" {
		return "", false
	}
	return q.Get("hub.challenge"), true
}
