package zendesk

import (
	"context"
	"net/http"
	"net/url"
	"strings"
)

// What a webhook may be.
const (
	// WebhookActive and WebhookInactive are the values of Webhook.Status.
	WebhookActive   = "active"
	WebhookInactive = "inactive"
	// WebhookForTriggers is the subscription of a webhook that triggers and automations call.
	WebhookForTriggers = "conditional_ticket_events"
)

// Webhook is an address that Zendesk calls. Who may call it back and its signing secret are not part of it.
// Source: https://developer.zendesk.com/api-reference/webhooks/webhooks-api/webhooks/.
type Webhook struct {
	ID            string   `json:"id,omitempty"`
	Name          string   `json:"name"`
	Description   string   `json:"description,omitempty"`
	Status        string   `json:"status"`
	Endpoint      string   `json:"endpoint"`
	HTTPMethod    string   `json:"http_method"`
	RequestFormat string   `json:"request_format"`
	Subscriptions []string `json:"subscriptions"`
}

// webhookPath is the path of one webhook. Its id is not a number.
func webhookPath(id string) string { return "/webhooks/" + url.PathEscape(id) }

// Webhooks returns all webhooks of the account. It needs an admin.
func (c *Client) Webhooks(ctx context.Context) ([]Webhook, error) {
	return records[Webhook](ctx, c, "list webhooks", "/webhooks", "webhooks")
}

// CreateWebhook makes a webhook; Zendesk makes its signing secret. Whether it is called by triggers or by events can't be changed
// later.
func (c *Client) CreateWebhook(ctx context.Context, w Webhook) (Webhook, error) {
	w.ID = ""
	var out Webhook
	err := c.record(ctx, send{"create webhook", http.MethodPost, "/webhooks", "webhook", w}, &out)
	return out, err
}

// UpdateWebhook replaces a webhook; its signing secret stays.
func (c *Client) UpdateWebhook(ctx context.Context, w Webhook) error {
	path := webhookPath(w.ID)
	w.ID = ""
	return c.Put(ctx, "update webhook", path, map[string]any{"webhook": w}, nil)
}

// WebhookSecret returns what Zendesk signs a webhook's requests with.
// Source: https://developer.zendesk.com/api-reference/webhooks/webhooks-api/webhooks/#show-webhook-signing-secret.
func (c *Client) WebhookSecret(ctx context.Context, id string) (Secret, error) {
	const op = "show webhook's signing secret"
	var out struct {
		Signing struct {
			Secret string `json:"secret"`
		} `json:"signing_secret"`
	}
	if err := c.Get(ctx, op, webhookPath(id)+"/signing_secret", &out); err != nil {
		return "", err
	}
	if strings.TrimSpace(out.Signing.Secret) == "" {
		return "", unreadable(op, http.MethodGet, http.StatusOK, errNoRecord)
	}
	return Secret(out.Signing.Secret), nil
}
