package inbound

import (
	"context"
	"net/http"
	"slices"

	"github.com/ponte-desk/ponte/whatsapp"
)

// Dialog360 takes in one webhook that 360dialog passed on. An error other than *RefusedError means: not stored, deliver it again.
//
// Its body is WhatsApp's own, but not signed: a secret header is all that vouches for it. So only updates of the numbers that
// 360dialog carries are taken; the others are counted and let go.
//
// Source: https://docs.360dialog.com/guides/send-and-receive-messages
func (r *Receiver) Dialog360(ctx context.Context, h http.Header, body []byte) error {
	if !whatsapp.VerifyHeader(r.Dialog360Secrets, h.Get("Authorization")) {
		return r.refuse(peerDialog360, outcomeSignature, http.StatusUnauthorized)
	}
	updates, err := whatsapp.Parse(body)
	if err != nil {
		return r.refuse(peerDialog360, outcomeMalformed, http.StatusBadRequest)
	}
	all := len(updates)
	updates = slices.DeleteFunc(updates, func(u whatsapp.Update) bool {
		return !plain(u.NumberID) || !r.Dialog360Number(u.NumberID)
	})
	r.Metrics.foreign.Add(float64(all - len(updates)))
	if all > 0 && len(updates) == 0 {
		r.Metrics.outcome(peerDialog360, outcomeForeign)
		return nil
	}
	return r.keep(ctx, peerDialog360, body, updates)
}
