package doctor

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/whatsapp"
)

// number is a phone number as the Graph API shows it.
// Source: https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account-to-number-current-status/.
type number struct {
	ID      string `json:"id"`
	Quality string `json:"quality_rating"`
	Status  string `json:"status"`
	Webhook struct {
		Application string `json:"application"`
		Account     string `json:"whatsapp_business_account"`
		Number      string `json:"phone_number"`
	} `json:"webhook_configuration"`
}

// numberFields are the fields of number.
const numberFields = "id,quality_rating,status,webhook_configuration"

// callbackPath is where Ponte takes WhatsApp's webhooks.
const callbackPath = "/webhooks/whatsapp"

// phones is the look at WhatsApp.
type phones struct {
	*sheet

	c     Config
	graph graph
	set   settings.Operation

	known     map[string]number
	templates []whatsapp.Template
	read      bool // the templates were read
}

// whatsapp looks at accounts, numbers and templates.
func (c Config) whatsapp(ctx context.Context, s *sheet, set settings.Operation) {
	c.version(s)
	client := &http.Client{
		Transport: c.Transport, Timeout: c.Timeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	p := &phones{
		sheet: s, c: c, set: set, known: map[string]number{},
		graph: graph{base: c.WhatsAppAPIURL, version: c.WhatsAppAPIVersion, token: c.WhatsAppAccessToken, http: client},
	}
	if p.cloud(ctx, client) {
		p.numbers(ctx)
		p.invites()
	}
	p.dialog(ctx, client)
}

// cloud looks at the accounts of Meta's Cloud API; false when the token is of no use, or missing.
func (p *phones) cloud(ctx context.Context, client *http.Client) bool {
	if p.c.WhatsAppAccessToken == "" || !versionForm.MatchString(p.c.WhatsAppAPIVersion) {
		p.warn("token", "WhatsApp was not looked at: the access token is missing or the API's version wrong", "set the variables PONTE_WHATSAPP_…")
		return false
	}
	if len(p.c.Accounts) == 0 {
		p.warn("account", "no WhatsApp Business account is named: its subscription and templates were not looked at",
			"set PONTE_WHATSAPP_BUSINESS_ACCOUNT_ID")
	}
	peer := whatsapp.NewCloud(whatsapp.CloudConfig{
		BaseURL: p.c.WhatsAppAPIURL, Version: p.c.WhatsAppAPIVersion, Token: p.c.WhatsAppAccessToken, HTTP: client,
	})
	p.read = len(p.c.Accounts) > 0
	for _, account := range p.c.Accounts {
		var list struct {
			Data []number `json:"data"`
		}
		if err := p.graph.get(ctx, &list, numberFields, account, "phone_numbers"); err != nil {
			p.read = false
			if !p.refused("account", "the WhatsApp Business account "+account, err) {
				return false
			}
			continue
		}
		for _, n := range list.Data {
			p.known[n.ID] = n
		}
		p.ok("account", "the WhatsApp Business account "+account+" answers")
		p.subscription(ctx, account)
		some, err := peer.Templates(ctx, account)
		if err != nil {
			p.read = false
			p.wrong("templates", "the templates of the account "+account+" can't be read: "+reason(err),
				"give the access token the permission whatsapp_business_management")
			continue
		}
		p.templates = append(p.templates, some...)
	}
	return true
}

// refused tells of an answer that is none; false when the token is to blame, so that nothing more can be asked.
func (p *phones) refused(check, what string, err error) bool {
	told, answered := errors.AsType[*graphError](err)
	switch {
	case answered && (told.code == whatsapp.CodeTokenExpired || told.status == http.StatusUnauthorized):
		p.wrong("token", "WhatsApp refuses the access token: it is wrong or expired ("+told.Error()+")",
			"create a system user's token that does not expire, with whatsapp_business_messaging and whatsapp_business_management")
		return false
	case answered && told.class() == whatsapp.ClassAuth:
		p.wrong(check, what+" is not open to the access token: "+told.Error(), "assign it to the token's system user")
	case answered:
		p.wrong(check, what+" does not answer: "+told.Error(), "correct the id, or assign it to the token's system user")
	default:
		p.wrong("reachable", "WhatsApp can't be reached: "+reason(err), "check PONTE_WHATSAPP_API_URL and the network")
		return false
	}
	return true
}

// subscription wants an app that gets the account's webhooks.
func (p *phones) subscription(ctx context.Context, account string) {
	var apps struct {
		Data []struct{} `json:"data"`
	}
	switch err := p.graph.get(ctx, &apps, "", account, "subscribed_apps"); {
	case err != nil:
		p.wrong("subscription", "the webhook subscription of the account "+account+" can't be read: "+reason(err),
			"give the access token the permission whatsapp_business_management")
	case len(apps.Data) == 0:
		p.wrong("subscription", "no app is subscribed to the webhooks of the account "+account+": no message arrives",
			"subscribe the app: POST /"+account+"/subscribed_apps")
	default:
		p.ok("subscription", "an app is subscribed to the webhooks of the account "+account)
	}
}

// numbers looks at the numbers of the accounts, of the settings and those that were asked for.
func (p *phones) numbers(ctx context.Context) {
	ids := slices.Collect(maps.Keys(p.known))
	ids = append(append(ids, p.c.Numbers...), slices.Collect(maps.Keys(p.set.Numbers))...)
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		if p.set.Of(id).Provider == settings.Provider360Dialog {
			continue
		}
		n, ok := p.known[id]
		if !ok {
			if err := p.graph.get(ctx, &n, numberFields, id); err != nil {
				if !p.refused("number", "the number "+id, err) {
					return
				}
				continue
			}
		}
		p.number(n)
	}
}

// number judges one number.
func (p *phones) number(n number) {
	const check = "number"
	switch status := strings.ToUpper(n.Status); {
	case status == "FLAGGED" || status == "RESTRICTED":
		p.warn(check, fmt.Sprintf("the number %s is %s", n.ID, strings.ToLower(status)), "look at its quality in WhatsApp Manager")
	case status != "" && status != "CONNECTED":
		p.wrong(check, fmt.Sprintf("the number %s is not connected but %s", n.ID, strings.ToLower(status)), "register it again in WhatsApp Manager")
	case strings.EqualFold(n.Quality, "RED"):
		p.warn(check, "the quality of the number "+n.ID+" is low", "send less that customers did not ask for")
	default:
		p.ok(check, "the number "+n.ID+" is connected")
	}
	callback := n.Webhook.Application
	for _, nearer := range []string{n.Webhook.Account, n.Webhook.Number} {
		if nearer != "" {
			callback = nearer
		}
	}
	if want := strings.TrimRight(p.c.PublicURL, "/") + callbackPath; callback != "" && p.c.PublicURL != "" && callback != want {
		p.wrong("callback", "the webhooks of the number "+n.ID+" go elsewhere than to "+want, "correct the callback address in the app's dashboard")
	}
}

// invites wants the templates of the settings approved.
func (p *phones) invites() {
	for _, id := range append([]string{""}, slices.Sorted(maps.Keys(p.set.Numbers))...) {
		set := p.set.Of(id)
		if set.Window.Invite == nil || set.Provider == settings.Provider360Dialog {
			continue
		}
		if !p.read {
			p.warn("templates", "not checked whether the template "+set.Window.Invite.Template+" is approved", "see above")
			continue
		}
		p.invite(*set.Window.Invite, p.templates)
	}
}

// invite judges one template.
func (p *phones) invite(want settings.Invite, have []whatsapp.Template) {
	name := want.Template + " (" + want.Language + ")"
	at := slices.IndexFunc(have, func(t whatsapp.Template) bool { return t.Name == want.Template && t.Language == want.Language })
	switch {
	case at < 0:
		p.wrong("templates", "the template "+name+" of window.invite does not exist", "create it in WhatsApp Manager, or name another one in the settings")
	case have[at].Status != whatsapp.TemplateApproved:
		p.wrong("templates", "the template "+name+" of window.invite is not approved but "+strings.ToLower(have[at].Status),
			"mend it in WhatsApp Manager, or name another one in the settings")
	case have[at].Variables() != len(want.Values):
		p.wrong("templates", fmt.Sprintf("the template %s needs %d values and window.invite has %d", name, have[at].Variables(), len(want.Values)),
			"correct window.invite.values in the settings")
	default:
		p.ok("templates", "the template "+name+" is approved")
	}
}

// dialog looks at the numbers that 360dialog carries.
func (p *phones) dialog(ctx context.Context, client *http.Client) {
	for _, id := range slices.Sorted(maps.Keys(p.set.Numbers)) {
		if p.set.Of(id).Provider != settings.Provider360Dialog {
			continue
		}
		key := p.c.Dialog360Keys[id]
		if key == "" {
			p.wrong("dialog360", "the number "+id+" has no API key of 360dialog", "add it to PONTE_DIALOG360_API_KEYS as number=key")
			continue
		}
		peer := whatsapp.NewDialog360(whatsapp.Dialog360Config{BaseURL: p.c.Dialog360URL, Key: key, HTTP: client})
		list, err := peer.Templates(ctx, "")
		told, answered := errors.AsType[*whatsapp.APIError](err)
		switch {
		case answered && told.HTTPStatus == http.StatusUnauthorized:
			p.wrong("dialog360", "360dialog refuses the API key of the number "+id, "correct it in PONTE_DIALOG360_API_KEYS")
		case answered && told.HTTPStatus == 0, err != nil && !answered:
			p.wrong("dialog360", "360dialog can't be reached: "+reason(err), "check PONTE_DIALOG360_URL and the network")
		case answered:
			p.warn("dialog360", "360dialog takes the API key of the number "+id+" but lists no templates: "+reason(err), "look at them in its hub")
		default:
			p.ok("dialog360", "360dialog answers for the number "+id)
			if invite := p.set.Of(id).Window.Invite; invite != nil {
				p.invite(*invite, list)
			}
		}
	}
}
