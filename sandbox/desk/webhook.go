package desk

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// onTriggersOnly is the subscription of a webhook that triggers call; it excludes events.
const onTriggersOnly = "conditional_ticket_events"

// webhook is an address to be told (https://developer.zendesk.com/api-reference/webhooks/webhooks-api/webhooks/).
type webhook struct {
	ID             string            `json:"id"`
	Name           string            `json:"name"`
	Description    string            `json:"description"`
	Status         string            `json:"status"`
	Subscriptions  []string          `json:"subscriptions"`
	Endpoint       string            `json:"endpoint"`
	HTTPMethod     string            `json:"http_method"`
	RequestFormat  string            `json:"request_format"`
	Authentication *webhookAuth      `json:"authentication,omitempty"`
	CustomHeaders  map[string]string `json:"custom_headers,omitempty"`
	SigningSecret  *signingSecret    `json:"signing_secret,omitempty"`
	CreatedAt      time.Time         `json:"created_at"`
	UpdatedAt      time.Time         `json:"updated_at"`
	CreatedBy      string            `json:"created_by"`
	UpdatedBy      string            `json:"updated_by"`
}

type webhookAuth struct {
	Type        string            `json:"type"` // api_key, basic_auth or bearer_token
	Data        map[string]string `json:"data"`
	AddPosition string            `json:"add_position"`
}

type signingSecret struct {
	Algorithm string `json:"algorithm"`
	Secret    string `json:"secret"`
}

func (w *webhook) onTriggers() bool { return slices.Contains(w.Subscriptions, onTriggersOnly) }

// webhookBook holds the webhooks, what was and is to be delivered, and each webhook's breaker.
type webhookBook struct {
	items       map[string]*webhook
	order       []string
	invocations map[string]*invocation
	history     []string // of invocations, oldest first
	breakers    map[string]*breaker
}

func (s *Server) webhookRoutes() []route {
	base := "/api/v2/webhooks"
	return []route{
		rt("GET", base, s.listWebhooks),
		rt("POST", base, s.createWebhook),
		rt("GET", base+"/{key}", s.withWebhook(func(_ *call, w *webhook) (answer, error) {
			return ok(map[string]any{"webhook": w.shown()})
		})),
		rt("PUT", base+"/{key}", s.withWebhook(s.updateWebhook)),
		rt("PATCH", base+"/{key}", s.withWebhook(s.updateWebhook)),
		rt("DELETE", base+"/{key}", s.withWebhook(s.deleteWebhook)),
		rt("GET", base+"/{key}/signing_secret", s.withWebhook(func(_ *call, w *webhook) (answer, error) {
			return ok(map[string]any{"signing_secret": w.SigningSecret})
		})),
		rt("POST", base+"/{key}/signing_secret", s.withWebhook(s.resetSecret)),
		rt("GET", base+"/{key}/invocations", s.withWebhook(s.listInvocations)),
		rt("GET", base+"/{key}/invocations/{id-key}/attempts", s.withWebhook(s.listAttempts)),
	}
}

func (w *webhook) shown() *webhook {
	out := *w
	out.SigningSecret = nil
	return &out
}

func (s *Server) withWebhook(h func(c *call, w *webhook) (answer, error)) handler {
	return func(c *call) (answer, error) {
		if c.user.Role != roleAdmin {
			return answer{}, forbidden("Only admins manage webhooks")
		}
		w := s.webhooks.items[c.vars["key"]]
		if w == nil {
			return answer{}, notFound()
		}
		return h(c, w)
	}
}

func (s *Server) listWebhooks(c *call) (answer, error) {
	if c.user.Role != roleAdmin {
		return answer{}, forbidden("Only admins manage webhooks")
	}
	name := strings.ToLower(c.query.Get("filter[name_contains]"))
	if !c.query.Has("page[size]") {
		c.query.Set("page[size]", "100")
	}
	var list []*webhook
	for _, id := range s.webhooks.order {
		if w := s.webhooks.items[id]; strings.Contains(strings.ToLower(w.Name), name) {
			list = append(list, w)
		}
	}
	out, err := page(s, c, listing[*webhook]{
		key: "webhooks", items: list,
		id:   func(w *webhook) int64 { return int64(slices.Index(s.webhooks.order, w.ID)) },
		show: func(w *webhook) any { return w.shown() },
	})
	return answer{body: out}, err
}

func (s *Server) createWebhook(c *call) (answer, error) {
	if c.user.Role != roleAdmin {
		return answer{}, forbidden("Only admins manage webhooks")
	}
	raw, err := c.object("webhook")
	if err != nil {
		return answer{}, err
	}
	w := &webhook{}
	if err := json.Unmarshal(raw, w); err != nil {
		return answer{}, badJSON(err)
	}
	w.ID, w.CreatedAt, w.CreatedBy = "01"+rand.Text()[:24], c.now, itoa(c.user.ID)
	if w.SigningSecret == nil || w.SigningSecret.Secret == "" {
		w.SigningSecret = newSecret()
	}
	if err := s.saveWebhook(c, w); err != nil {
		return answer{}, err
	}
	return created(map[string]any{"webhook": w})
}

func newSecret() *signingSecret {
	return &signingSecret{Algorithm: "SHA256", Secret: rand.Text() + rand.Text()}
}

// updateWebhook serves PUT and PATCH alike: absent keys stay. The kind of connection can't be changed.
func (s *Server) updateWebhook(c *call, old *webhook) (answer, error) {
	raw, err := c.object("webhook")
	if err != nil {
		return answer{}, err
	}
	w := *old
	w.Subscriptions, w.Authentication, w.CustomHeaders = nil, nil, nil
	if err := json.Unmarshal(raw, &w); err != nil {
		return answer{}, badJSON(err)
	}
	if !hasKey(raw, "subscriptions") {
		w.Subscriptions = old.Subscriptions
	}
	if !hasKey(raw, "authentication") {
		w.Authentication = old.Authentication
	}
	if !hasKey(raw, "custom_headers") {
		w.CustomHeaders = old.CustomHeaders
	}
	w.ID, w.CreatedAt, w.CreatedBy, w.SigningSecret = old.ID, old.CreatedAt, old.CreatedBy, old.SigningSecret
	if w.onTriggers() != old.onTriggers() {
		return answer{}, badRequest("InvalidWebhook", "The connection of a webhook cannot be changed")
	}
	if err := s.saveWebhook(c, &w); err != nil {
		return answer{}, err
	}
	return noContent()
}

func (s *Server) saveWebhook(c *call, w *webhook) error {
	orDefault(&w.Status, "active")
	orDefault(&w.HTTPMethod, http.MethodPost)
	orDefault(&w.RequestFormat, "json")
	if err := checkWebhook(w); err != nil {
		return err
	}
	w.UpdatedAt = s.stamp()
	if c.user != nil {
		w.UpdatedBy = itoa(c.user.ID)
	}
	return s.keepWebhook(w)
}

func (s *Server) keepWebhook(w *webhook) error {
	if err := s.store("webhook", w.ID, w); err != nil {
		return err
	}
	if s.webhooks.items[w.ID] == nil {
		s.webhooks.order = append(s.webhooks.order, w.ID)
	}
	s.webhooks.items[w.ID] = w
	return nil
}

func checkWebhook(w *webhook) error {
	wrong := func(why string) error { return badRequest("InvalidWebhook", why) }
	if strings.TrimSpace(w.Name) == "" {
		return wrong("Name: cannot be blank")
	}
	if w.Status != "active" && w.Status != "inactive" {
		return wrong("Status: must be active or inactive")
	}
	u, err := url.Parse(w.Endpoint)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return wrong("Endpoint: is not an address")
	}
	if !slices.Contains([]string{"json", "xml", "form_encoded"}, w.RequestFormat) {
		return wrong("Request format: must be json, xml or form_encoded")
	}
	if !slices.Contains([]string{"GET", "POST", "PUT", "PATCH", "DELETE"}, w.HTTPMethod) {
		return wrong("HTTP method: is not known")
	}
	if len(w.Subscriptions) == 0 {
		return wrong("Subscriptions: cannot be blank")
	}
	if w.onTriggers() {
		if len(w.Subscriptions) > 1 {
			return wrong("Subscriptions: conditional_ticket_events stands alone")
		}
		return nil
	}
	if w.HTTPMethod != http.MethodPost || w.RequestFormat != "json" {
		return wrong("Events are always sent as JSON by POST")
	}
	for _, sub := range w.Subscriptions {
		if !strings.HasPrefix(sub, "zen:event-type:") {
			return wrong("Subscriptions: " + sub + " is not an event type")
		}
	}
	return nil
}

func (s *Server) deleteWebhook(_ *call, w *webhook) (answer, error) {
	used := s.triggers.first(func(t *trigger) bool {
		return slices.ContainsFunc(t.Actions, func(a action) bool { return a.Field == "notification_webhook" && a.text() == w.ID })
	})
	if used != nil {
		return answer{}, badRequest("InvalidWebhook", "The webhook is used by the trigger "+used.Title)
	}
	if err := s.cfg.Store.Delete("webhook", w.ID); err != nil {
		return answer{}, fmt.Errorf("delete webhook: %w", err)
	}
	delete(s.webhooks.items, w.ID)
	s.webhooks.order = slices.DeleteFunc(s.webhooks.order, func(id string) bool { return id == w.ID })
	return noContent()
}

func (s *Server) resetSecret(_ *call, w *webhook) (answer, error) {
	next := *w
	next.SigningSecret = newSecret()
	if err := s.keepWebhook(&next); err != nil {
		return answer{}, err
	}
	return created(map[string]any{"signing_secret": next.SigningSecret})
}

func (s *Server) loadWebhooks() error {
	s.webhooks = webhookBook{
		items: map[string]*webhook{}, invocations: map[string]*invocation{}, breakers: map[string]*breaker{},
	}
	err := s.cfg.Store.Each("webhook", func(id string, raw json.RawMessage) error {
		w := &webhook{}
		if err := json.Unmarshal(raw, w); err != nil {
			return fmt.Errorf("load webhook %s: %w", id, err)
		}
		s.webhooks.items[id] = w
		s.webhooks.order = append(s.webhooks.order, id)
		return nil
	})
	if err != nil {
		return err
	}
	return s.loadInvocations()
}
