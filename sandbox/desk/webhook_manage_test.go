package desk_test

import (
	"maps"
	"testing"
)

func hook(more object) object {
	out := object{"name": "Meu", "endpoint": "https://x.example/h", "subscriptions": []string{"conditional_ticket_events"}}
	maps.Copy(out, more)
	return object{"webhook": out}
}

func TestManageWebhooks(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.call("POST", "/api/v2/webhooks", hook(object{"signing_secret": object{"algorithm": "SHA256", "secret": "s"}})).want(201)
	path := "/api/v2/webhooks/" + r.text("webhook", "id")
	r.is("POST", "webhook", "http_method").is("json", "webhook", "request_format").is("active", "webhook", "status")
	b.get(path).want(200).is("Meu", "webhook", "name").is(nil, "webhook", "signing_secret")
	b.get(path+"/signing_secret").want(200).is("s", "signing_secret", "secret").is("SHA256", "signing_secret", "algorithm")
	b.call("POST", path+"/signing_secret", nil).want(201)
	if got := b.get(path+"/signing_secret").text("signing_secret", "secret"); got == "s" || got == "" {
		t.Errorf("secret %q after its reset", got)
	}
	b.call("PATCH", path, object{"webhook": object{"status": "inactive"}}).want(204)
	b.call("PUT", path, object{"webhook": object{"name": "Outro"}}).want(204)
	b.get(path).is("inactive", "webhook", "status").is("Outro", "webhook", "name").is([]string{"conditional_ticket_events"}, "webhook", "subscriptions")
	b.call("PATCH", path, object{"webhook": object{"subscriptions": []string{"zen:event-type:ticket.created"}}}).want(400)
	b.get("/api/v2/webhooks?filter[name_contains]=outro").want(200).is("Outro", "webhooks", 0, "name").is(nil, "webhooks", 1)
	first := b.get("/api/v2/webhooks?page[size]=1").want(200).is(true, "meta", "has_more")
	b.get("/api/v2/webhooks?page[size]=1&page[after]="+first.text("meta", "after_cursor")).want(200).is("Outro", "webhooks", 0, "name")
	b.call("DELETE", path, nil).want(204)
	b.get(path).want(404)
	used := "/api/v2/webhooks/" + b.get("/api/v2/webhooks").text("webhooks", 0, "id")
	b.call("DELETE", used, nil).want(400)
	b.get(used + "/invocations/x/attempts").want(404)
}

func TestWebhooksRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for name, w := range map[string]object{
		"no name":                {"name": ""},
		"no address":             {"endpoint": "x"},
		"other scheme":           {"endpoint": "ftp://x.example"},
		"unknown status":         {"status": "on"},
		"unknown format":         {"request_format": "yaml"},
		"unknown method":         {"http_method": "BREW"},
		"no subscriptions":       {"subscriptions": []string{}},
		"both kinds":             {"subscriptions": []string{"conditional_ticket_events", "zen:event-type:ticket.created"}},
		"not an event":           {"subscriptions": []string{"ticket.created"}},
		"events other than POST": {"subscriptions": []string{"zen:event-type:ticket.created"}, "http_method": "PUT"},
	} {
		if r := b.call("POST", "/api/v2/webhooks", hook(w)); r.status != 400 {
			t.Errorf("%s: %d %s", name, r.status, r.raw)
		}
	}
}

func TestWebhookAuthenticationAndFormats(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for name, tt := range map[string]struct {
		webhook object
		header  string
		want    string
	}{
		"basic":  {object{"authentication": object{"type": "basic_auth", "data": object{"username": "u", "password": "p"}}}, "Authorization", "Basic dTpw"},
		"bearer": {object{"authentication": object{"type": "bearer_token", "data": object{"token": "t"}}}, "Authorization", "Bearer t"},
		"key":    {object{"authentication": object{"type": "api_key", "data": object{"name": "X-Key", "value": "k"}}}, "X-Key", "k"},
		"custom": {object{"custom_headers": object{"X-Mine": "m"}}, "X-Mine", "m"},
		"xml":    {object{"request_format": "xml"}, "Content-Type", "application/xml; charset=utf-8"},
		"form":   {object{"request_format": "form_encoded", "http_method": "PUT"}, "Content-Type", "application/x-www-form-urlencoded; charset=utf-8"},
	} {
		tt.webhook["endpoint"] = b.hooks.url("/" + name)
		id := b.call("POST", "/api/v2/webhooks", hook(tt.webhook)).want(201).text("webhook", "id")
		b.call("POST", "/api/v2/triggers", trigger("notification_webhook", []string{id, "{{ticket.title}}"})).want(201)
		b.change(b.ticket(nil), name)
		b.pump()
		found := false
		for _, d := range b.hooks.take() {
			if d.path == "/"+name {
				found = true
				if d.header.Get(tt.header) != tt.want || d.body != name {
					t.Errorf("%s: %s: %q, body %q", name, tt.header, d.header.Get(tt.header), d.body)
				}
			}
		}
		if !found {
			t.Errorf("%s: not called", name)
		}
	}
}
