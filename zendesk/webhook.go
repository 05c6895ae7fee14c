package zendesk

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
)

// The headers of a webhook that matter here; only timestamp and body are signed.
// Source: https://developer.zendesk.com/documentation/webhooks/anatomy-of-a-webhook-request/.
const (
	HeaderSignature    = "X-Zendesk-Webhook-Signature"
	HeaderTimestamp    = "X-Zendesk-Webhook-Signature-Timestamp"
	HeaderInvocationID = "X-Zendesk-Webhook-Invocation-Id"
	HeaderWebhookID    = "X-Zendesk-Webhook-Id"
	HeaderAccountID    = "X-Zendesk-Account-Id"
)

// Verify reports whether signature is that of timestamp and the raw body under one of the secrets (two while rotating).
// Empty secrets never match. Every secret is tried, each in constant time.
// Source: https://developer.zendesk.com/documentation/webhooks/verifying/.
func Verify(secrets []string, timestamp, signature string, body []byte) bool {
	given, err := base64.StdEncoding.DecodeString(signature)
	if err != nil {
		return false
	}
	match := false
	for _, secret := range secrets {
		if secret == "" {
			continue
		}
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte(timestamp))
		mac.Write(body)
		if hmac.Equal(mac.Sum(nil), given) {
			match = true
		}
	}
	return match
}
