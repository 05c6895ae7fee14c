package whatsapp

import (
	"crypto/sha256"
	"crypto/subtle"
	"strings"
)

// VerifyHeader reports whether header is one of the secrets, alone or behind "Bearer ".
//
// It stands in for Verify where a provider signs nothing: the operator has 360dialog send a secret in a header of each webhook. The
// comparison takes the same time for all headers; several secrets allow rotation; an empty secret never matches.
func VerifyHeader(secrets []string, header string) bool {
	const scheme = "Bearer "
	bare := header
	if len(header) > len(scheme) && strings.EqualFold(header[:len(scheme)], scheme) {
		bare = strings.TrimLeft(header[len(scheme):], " ")
	}
	// Hashing first hides the length of a secret, which a plain constant time comparison tells.
	whole, part := sha256.Sum256([]byte(header)), sha256.Sum256([]byte(bare))
	match := 0
	for _, secret := range secrets {
		want := sha256.Sum256([]byte(secret))
		equal := subtle.ConstantTimeCompare(whole[:], want[:]) | subtle.ConstantTimeCompare(part[:], want[:])
		if secret != "" {
			match |= equal
		}
	}
	return match == 1
}
