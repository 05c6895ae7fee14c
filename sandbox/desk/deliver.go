package desk

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Retries of a delivery. Zendesk documents 409 alone; the others are switches of Knobs.
const (
	conflictRetries = 3
	timeoutRetries  = 5
	maxRetryAfter   = 60 * time.Second
)

// The breaker of a webhook (https://alboz.eu/insights/master-webhooks-maximize-stability-performance).
const (
	breakerSpan    = 5 * time.Minute
	breakerErrors  = 1000
	breakerShare   = 0.7
	breakerMinimum = 10 // requests before a share means anything; not documented
	breakerPause   = 5 * time.Second
)

// breaker counts a webhook's results; while it is open, calls fail without being made.
type breaker struct {
	results   []result
	openUntil time.Time
}

type result struct {
	at   time.Time
	good bool
}

func (b *breaker) note(now time.Time, good bool) {
	b.results = slices.DeleteFunc(b.results, func(r result) bool { return now.Sub(r.at) > breakerSpan })
	b.results = append(b.results, result{now, good})
	bad := 0
	for _, r := range b.results {
		if !r.good {
			bad++
		}
	}
	tooMany := len(b.results) >= breakerMinimum && float64(bad) >= breakerShare*float64(len(b.results))
	if tooMany || bad > breakerErrors {
		b.openUntil, b.results = now.Add(breakerPause), nil
	}
}

func (s *Server) queueInvocation(i *invocation) {
	id := i.ID
	s.cfg.Queue.At(i.Due, func(ctx context.Context) { s.deliver(ctx, id) })
}

// deliver makes one attempt of an invocation and decides what follows.
func (s *Server) deliver(ctx context.Context, id string) {
	req, cancel := s.prepare(ctx, id)
	if req == nil {
		return
	}
	defer cancel()
	out := s.send(req)
	if ctx.Err() != nil {
		return // the sandbox ends: the invocation stays pending and is taken up again
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.settle(id, out); err != nil {
		s.log.ErrorContext(ctx, "noting a webhook delivery failed", "invocation", id, "error", err)
	}
}

// prepare builds the request, or returns nil when there is nothing to send any more.
func (s *Server) prepare(ctx context.Context, id string) (*http.Request, context.CancelFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.webhooks.invocations[id]
	if i == nil || i.Status != statePending {
		return nil, nil
	}
	w := s.webhooks.items[i.WebhookID]
	if w == nil || w.Status != "active" {
		s.finish(ctx, i, stateFailed)
		return nil, nil
	}
	b := s.webhooks.breakers[w.ID]
	if b != nil && s.now().Before(b.openUntil) {
		s.finish(ctx, i, stateBroken)
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, s.cfg.WebhookTimeout)
	req, err := http.NewRequestWithContext(ctx, w.HTTPMethod, w.Endpoint, bytes.NewReader([]byte(i.Body)))
	if err != nil {
		cancel()
		s.finish(context.WithoutCancel(ctx), i, stateFailed)
		return nil, nil
	}
	s.sign(req, w, i)
	return req, cancel
}

// sign writes the headers of https://developer.zendesk.com/documentation/webhooks/anatomy-of-a-webhook-request/.
func (s *Server) sign(req *http.Request, w *webhook, i *invocation) {
	stamp := s.now().Format("2006-01-02T15:04:05Z")
	mac := hmac.New(sha256.New, []byte(w.SigningSecret.Secret))
	io.WriteString(mac, stamp+i.Body)
	h := req.Header
	for k, v := range w.CustomHeaders {
		h.Set(k, v)
	}
	h.Set("Content-Type", contentType(w.RequestFormat))
	h.Set("User-Agent", "Zendesk Webhook")
	h.Set("X-Zendesk-Account-Id", strconv.Itoa(accountID))
	h.Set("X-Zendesk-Webhook-Id", w.ID)
	h.Set("X-Zendesk-Webhook-Invocation-Id", i.ID)
	h.Set("X-Zendesk-Webhook-Signature", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	h.Set("X-Zendesk-Webhook-Signature-Timestamp", stamp)
	if a := w.Authentication; a != nil {
		switch a.Type {
		case "basic_auth":
			req.SetBasicAuth(a.Data["username"], a.Data["password"])
		case "bearer_token":
			h.Set("Authorization", "Bearer "+a.Data["token"])
		case "api_key":
			h.Set(a.Data["name"], a.Data["value"])
		}
	}
}

func contentType(format string) string {
	switch format {
	case "xml":
		return "application/xml; charset=utf-8"
	case "form_encoded":
		return "application/x-www-form-urlencoded; charset=utf-8"
	default:
		return "application/json; charset=utf-8"
	}
}

// outcome is what came of one attempt.
type outcome struct {
	status     int // 504 after a time-out, 0 when nobody answered
	retryAfter time.Duration
}

func (o outcome) good() bool { return o.status >= 200 && o.status < 300 }

func (s *Server) send(req *http.Request) outcome {
	res, err := s.client.Do(req)
	if err != nil {
		var netErr net.Error
		if errors.As(err, &netErr) && netErr.Timeout() {
			return outcome{status: http.StatusGatewayTimeout}
		}
		return outcome{}
	}
	defer res.Body.Close()
	io.Copy(io.Discard, io.LimitReader(res.Body, 1<<20))
	out := outcome{status: res.StatusCode}
	if secs, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil && secs >= 0 {
		out.retryAfter = time.Duration(secs)*time.Second + 1
	}
	return out
}

// settle notes an attempt and ends its invocation or has it repeated.
func (s *Server) settle(id string, out outcome) error {
	i := s.webhooks.invocations[id]
	if i == nil {
		return nil
	}
	b := s.webhooks.breakers[i.WebhookID]
	if b == nil {
		b = &breaker{}
		s.webhooks.breakers[i.WebhookID] = b
	}
	b.note(s.now(), out.good())
	next := *i
	next.Attempts = append(slices.Clone(i.Attempts), attempt{
		ID: "01" + rand.Text()[:24], HTTPStatus: out.status, Result: stateFailed, CompletedAt: s.now(),
	})
	if out.good() {
		next.Status, next.Attempts[len(next.Attempts)-1].Result = stateSuccess, stateSuccess
		return s.keepInvocation(&next)
	}
	pause, again := s.retry(out, len(next.Attempts))
	if !again {
		next.Status = stateFailed
		return s.keepInvocation(&next)
	}
	next.Due = s.now().Add(pause)
	if err := s.keepInvocation(&next); err != nil {
		return err
	}
	s.queueInvocation(&next)
	return nil
}

// retry says whether and after which pause an attempt is followed by another; made counts those already made.
func (s *Server) retry(out outcome, made int) (time.Duration, bool) {
	pause := s.cfg.WebhookRetry << (made - 1)
	switch out.status {
	case http.StatusConflict:
		return pause, made <= conflictRetries
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		obeyed := out.retryAfter > 0 && out.retryAfter <= maxRetryAfter && !s.knobs.IgnoreRetryAfter
		return out.retryAfter, obeyed && made <= conflictRetries
	case http.StatusGatewayTimeout:
		return pause, made <= timeoutRetries && !s.knobs.NoTimeoutRetries
	default:
		return 0, false
	}
}

func (s *Server) finish(ctx context.Context, i *invocation, status string) {
	next := *i
	next.Status = status
	if err := s.keepInvocation(&next); err != nil {
		s.log.ErrorContext(ctx, "ending a webhook delivery failed", "invocation", i.ID, "error", err)
	}
}
