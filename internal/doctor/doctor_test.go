package doctor_test

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/internal/doctor"
	"github.com/ponte-desk/ponte/internal/testredis"
	"github.com/ponte-desk/ponte/whatsapp"
	"github.com/ponte-desk/ponte/zendesk"
)

func itoa(id int64) string { return strconv.FormatInt(id, 10) }

func (c *clinic) put(path string, body any) {
	c.t.Helper()
	if err := c.Put(c.t.Context(), "break", path, body, nil); err != nil {
		c.t.Fatal(err)
	}
}

// record finds a record of a list by its title or name.
func (c *clinic) record(list, title string) int64 {
	c.t.Helper()
	var out map[string]any
	if err := c.Get(c.t.Context(), "look", "/"+list+"?page[size]=100", &out); err != nil {
		c.t.Fatal(err)
	}
	records, _ := out[list].([]any)
	for _, r := range records {
		one, _ := r.(map[string]any)
		if one["title"] == title || one["name"] == title {
			id, _ := one["id"].(float64)
			return int64(id)
		}
	}
	c.t.Fatalf("no %s %q", list, title)
	return 0
}

func (c *clinic) remove(path string) {
	c.t.Helper()
	if err := c.Delete(c.t.Context(), "break", path); err != nil {
		c.t.Fatal(err)
	}
}

type object = map[string]any

const hintTitle = "Ponte: mudança em ticket do WhatsApp"

func TestAnInstallationInOrder(t *testing.T) {
	t.Parallel()
	c := open(t)
	all := c.finds()
	// An embedded Redis does not tell its configuration, the simulated 360dialog lists no templates.
	if diff := cmp.Diff([]string{"redis.version", "redis.eviction", "redis.persistence", "whatsapp.dialog360"}, checks(all, doctor.Warning)); diff != "" {
		t.Errorf("warnings (-want +got):\n%s\n%+v", diff, all)
	}
	for _, check := range []string{
		"variables", "reachable", "partitions", "settings", "credentials", "role", "search", "scope_read", "scope_write", "groups",
		"organization_fields", "ticket_fields", "webhook", "webhook_secret", "trigger", "macros", "views", "notifications", "owner", "clock",
		"api_version", "account", "subscription", "number", "templates",
	} {
		if !slices.ContainsFunc(all, func(f doctor.Finding) bool { return f.Check == check && f.Severity == doctor.OK }) {
			t.Errorf("nothing good about %s: %+v", check, all)
		}
	}
	if doctor.Count(all, doctor.OK)+doctor.Count(all, doctor.Warning) != len(all) {
		t.Error("they do not add up")
	}
}

func TestWrongPublicURL(t *testing.T) {
	t.Parallel()
	for address, words := range map[string]string{
		"http://ponte.example": "is not https", "ponte.example": "no plain address", "": "is missing", "https://ponte.example?x=1": "no plain address",
	} {
		c := open(t)
		c.c.PublicURL = address
		all := c.look()
		if !slices.Contains(checks(all, doctor.Error), "environment.public_url") {
			t.Errorf("%q: %+v", address, all)
		}
		says(t, all, "public_url", words)
	}
	c := open(t)
	c.c.PublicURL = "http://127.0.0.1:8080"
	all := c.look()
	if !slices.Contains(checks(all, doctor.Warning), "environment.public_url") {
		t.Errorf("%+v", all)
	}
}

func TestMissingSecret(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.c.ZendeskWebhookSecret = ""
	c.c.Mistakes = errors.New("PONTE_ZENDESK_WEBHOOK_SECRET is missing: copy the signing secret\nPONTE_SESSIONS is negative: set it")
	all := c.finds("environment.variables", "zendesk.webhook_secret")
	says(t, all, "variables", "PONTE_ZENDESK_WEBHOOK_SECRET is missing → copy the signing secret")
	says(t, all, "variables", "PONTE_SESSIONS is negative → set it")
}

func TestSecretOfAnotherWebhook(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.c.ZendeskWebhookSecret = "another"
	c.finds("zendesk.webhook_secret")
	c.c.ZendeskWebhookSecret = "another, " + webhookSecret // while rotating
	c.finds()
}

func TestWrongToken(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.c.ZendeskClientSecret = "wrong"
	all := c.finds("zendesk.credentials")
	says(t, all, "credentials", "PONTE_ZENDESK_CLIENT_SECRET")
}

func TestNoAdmin(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.answer = func(r *http.Request) *http.Response {
		switch {
		case strings.HasSuffix(r.URL.Path, "/users/me"):
			return reply(r, 200, `{"user":{"id":77,"role":"agent","active":true}}`)
		case strings.HasSuffix(r.URL.Path, "/webhooks"), strings.HasSuffix(r.URL.Path, "/triggers"), strings.HasSuffix(r.URL.Path, "/cursor"):
			return reply(r, 403, `{"error":{"title":"Forbidden","message":"You do not have access to this page."}}`)
		}
		return nil
	}
	all := c.finds("zendesk.role", "zendesk.scope_read", "zendesk.webhook", "zendesk.trigger")
	says(t, all, "role", `of role "agent"`)
	says(t, all, "webhook", "must be an admin")
}

func TestSuspendedOwner(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.answer = func(r *http.Request) *http.Response {
		if !strings.HasSuffix(r.URL.Path, "/users/me") {
			return nil
		}
		return reply(r, 200, `{"user":{"id":77,"role":"admin","active":true,"suspended":true}}`)
	}
	says(t, c.finds("zendesk.role"), "role", "suspended")
}

func TestMissingMacro(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.remove("/macros/" + itoa(c.record("macros", "Atendimento Whatsapp Transferência")))
	all := c.finds() // it is not required
	says(t, all, "macros", "Atendimento Whatsapp Transferência")
	c.remove("/macros/" + itoa(c.record("macros", "Atendimento Whatsapp (Oficial)")))
	all = c.finds("zendesk.macros")
	says(t, all, "macros", `"Atendimento Whatsapp (Oficial)" (closing) → run `+"`ponte setup`")
	c.change(func(o *settings.Operation) {
		o.Default.Desk.Macros = map[settings.MacroRole]string{settings.RoleClosing: "Pedir mais informações", settings.RoleN2: "Auditoria Whatsapp | Fora do horário"}
	})
	all = c.finds("zendesk.macros")
	says(t, all, "macros", "no macro is named for the role financial_pending →")
	c.change(func(o *settings.Operation) {
		o.Default.Desk, o.Numbers[hosted] = settings.Default().Desk, o.Default
		n := o.Numbers[hosted]
		n.Provider, n.Desk.Macros = settings.Provider360Dialog, nil
		n.Window.Invite = nil
		o.Numbers[hosted] = n
		o.Default.Desk.Macros[settings.RoleClosing] = "Pedir mais informações"
	})
	says(t, c.finds("zendesk.macros"), "macros", "no macro is named for the role n2 of the number "+hosted)
}

func TestMissingField(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.remove("/ticket_fields/" + itoa(c.record("ticket_fields", "Sessão WhatsApp")))
	says(t, c.finds("zendesk.ticket_fields"), "ticket_fields", "Sessão WhatsApp")
}

func TestMissingOrganizationField(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.remove("/organization_fields/" + itoa(c.record("organization_fields", "Pendência Financeira")))
	says(t, c.finds("zendesk.organization_fields"), "organization_fields", "pendencia_financeira")
}

func TestMissingGroup(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.change(func(o *settings.Operation) { o.Default.Desk.N2 = "Desenvolvimento" })
	says(t, c.finds("zendesk.groups"), "groups", "Desenvolvimento")
}

// A view or a choice of the catalogue that is missing is worth a word, no more.
func TestMissingView(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.remove("/views/" + itoa(c.record("views", "WINTHOR WHATSAPP")))
	c.change(func(o *settings.Operation) { o.Default.Catalogue.Position = "Distribuição::Outra::Posição" })
	all := c.finds()
	for _, check := range []string{"zendesk.views", "zendesk.catalogue"} {
		if !slices.Contains(checks(all, doctor.Warning), check) {
			t.Errorf("%s is not warned about: %+v", check, all)
		}
	}
}

func TestWebhookElsewhere(t *testing.T) {
	t.Parallel()
	c := open(t)
	hooks, err := c.Webhooks(t.Context())
	if err != nil || len(hooks) != 1 {
		t.Fatalf("%+v, %v", hooks, err)
	}
	hooks[0].Endpoint = "https://elsewhere.example/webhooks/zendesk"
	if err := c.UpdateWebhook(t.Context(), hooks[0]); err != nil {
		t.Fatal(err)
	}
	all := c.finds("zendesk.webhook", "zendesk.trigger")
	says(t, all, "webhook", public+"/webhooks/zendesk")
}

func TestInactiveWebhook(t *testing.T) {
	t.Parallel()
	c := open(t)
	hooks, err := c.Webhooks(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	hooks[0].Status = zendesk.WebhookInactive
	if err := c.UpdateWebhook(t.Context(), hooks[0]); err != nil {
		t.Fatal(err)
	}
	says(t, c.finds("zendesk.webhook"), "webhook", "with --adopt")
}

func TestDisabledTrigger(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.put("/triggers/"+itoa(c.record("triggers", hintTitle)), object{"trigger": object{"active": false}})
	says(t, c.finds("zendesk.trigger"), "trigger", "Activate the trigger")
}

func TestNoisyNotificationTrigger(t *testing.T) {
	t.Parallel()
	c := open(t)
	id := c.record("triggers", "Notificar solicitante e CCs sobre atualização de comentário")
	c.put("/triggers/"+itoa(id), object{"trigger": object{"conditions": object{"all": []object{{"field": "update_type", "operator": "is", "value": "Change"}}}}})
	all := c.finds("zendesk.notifications")
	says(t, all, "notifications", "current_tags not_includes whatsapp → run `ponte setup` with --quiet-notifications")
}

func TestRedisEvictionPolicy(t *testing.T) {
	t.Parallel()
	r := testredis.Server(t, testredis.Dedicated())
	c := open(t)
	c.c.RedisURL, c.c.RedisPrefix = r.URL, r.Prefix
	c.change(func(*settings.Operation) {})
	all := c.finds()
	if !slices.ContainsFunc(all, func(f doctor.Finding) bool {
		return f.Area == doctor.AreaRedis && f.Check == "persistence" && f.Severity == doctor.OK
	}) {
		t.Errorf("%+v", all)
	}
	for name, value := range map[string]string{"maxmemory-policy": "allkeys-lru", "appendonly": "no"} {
		if err := configurable(r.Client).ConfigSet(t.Context(), name, value).Err(); err != nil {
			t.Fatal(err)
		}
	}
	all = c.finds("redis.eviction", "redis.persistence")
	says(t, all, "eviction", "maxmemory-policy is allkeys-lru → set `maxmemory-policy noeviction`")
}

func TestRedisOfAnotherInstallation(t *testing.T) {
	t.Parallel()
	c := open(t)
	r := testredis.Mini(t)
	c.c.RedisURL, c.c.RedisPrefix = r.URL, r.Prefix
	if n := r.Client.Exists(t.Context(), r.Prefix+"cfg:partitions").Val(); n != 0 {
		t.Fatal("not new")
	}
	says(t, c.look(), "partitions", "new")
	if n := r.Client.DBSize(t.Context()).Val(); n != 0 {
		t.Errorf("the look left %d keys", n)
	}
	r.Client.Set(t.Context(), r.Prefix+"cfg:partitions", 64, 0)
	says(t, c.look(), "partitions", "fits")
	r.Client.Set(t.Context(), r.Prefix+"cfg:partitions", 16, 0)
	says(t, c.finds("redis.partitions"), "partitions", "configured 64, stored 16")
}

func TestRedisDown(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.c.RedisURL = "redis://127.0.0.1:1"
	all := c.finds("redis.reachable")
	if !slices.ContainsFunc(all, func(f doctor.Finding) bool {
		return f.Area == doctor.AreaZendesk && f.Check == "macros" && f.Severity == doctor.OK
	}) {
		t.Errorf("Zendesk was not looked at: %+v", all)
	}
	c.c.RedisURL = "redis://u:hunter7@:x"
	for _, f := range c.finds("redis.reachable") {
		if strings.Contains(f.What+f.Mend, "hunter7") {
			t.Errorf("the password shows: %+v", f)
		}
	}
	c.c.RedisURL = ""
	c.finds()
}

func TestSettingsUnreadable(t *testing.T) {
	t.Parallel()
	c := open(t)
	r := testredis.Mini(t)
	c.c.RedisURL, c.c.RedisPrefix = r.URL, r.Prefix
	r.Client.Set(t.Context(), r.Prefix+"{cfg:settings}:version", "3 w", 0)
	c.finds("redis.settings")
}

func TestZendeskDown(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.broken = "/sandbox/zendesk"
	all := c.finds("zendesk.reachable")
	if !slices.ContainsFunc(all, func(f doctor.Finding) bool { return f.Check == "templates" && f.Severity == doctor.OK }) {
		t.Errorf("WhatsApp was not looked at: %+v", all)
	}
	says(t, all, "clock", "not checked")
	c.c.ZendeskURL = "https://desk.example?x"
	if got := checks(c.look(), doctor.Error); !slices.Equal(got, []string{"environment.zendesk_url", "zendesk.reachable"}) {
		t.Errorf("%q", got)
	}
	c.c.ZendeskURL = ""
	says(t, c.finds(), "reachable", "Zendesk was not looked at")
}

func TestAPITokenInsteadOfOAuth(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"ana@desk.example/token", "ana@desk.example"} {
		c := open(t)
		c.c.ZendeskClientID = id
		says(t, c.finds("environment.api_token", "zendesk.credentials"), "api_token", "API token")
	}
}

func TestScopes(t *testing.T) {
	t.Parallel()
	for path, check := range map[string]string{
		"PUT /sandbox/zendesk/api/v2/tickets/0": "scope_write", "GET /sandbox/zendesk/api/v2/incremental/tickets/cursor": "scope_read",
		"GET /sandbox/zendesk/api/v2/search/count": "search",
	} {
		for status, severity := range map[int]doctor.Severity{403: doctor.Error, 500: doctor.Error, 429: doctor.Warning} {
			c := open(t)
			c.answer = func(r *http.Request) *http.Response {
				if r.Method+" "+r.URL.Path != path {
					return nil
				}
				return reply(r, status, `{"error":"X"}`)
			}
			all := c.look()
			if !slices.Contains(checks(all, severity), "zendesk."+check) {
				t.Errorf("%s, %d: %+v", path, status, all)
			}
		}
	}
}

func TestOwnerWorksAsAnAgent(t *testing.T) {
	t.Parallel()
	c := open(t)
	me, err := c.Me(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	err = c.Post(t.Context(), "join", "/group_memberships", object{"group_membership": object{"user_id": me.ID, "group_id": c.record("groups", "Suporte N1")}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	says(t, c.finds("zendesk.owner"), "owner", `a member of "Suporte N1"`)
	c = open(t)
	c.answer = func(r *http.Request) *http.Response {
		if !strings.HasSuffix(r.URL.Path, "/related") {
			return nil
		}
		return reply(r, 200, `{"user_related":{"assigned_tickets":3}}`)
	}
	says(t, c.finds(), "owner", "3 tickets")
}

func TestClocks(t *testing.T) {
	t.Parallel()
	for skew, severity := range map[time.Duration]doctor.Severity{
		2 * time.Second: doctor.OK, -2 * time.Second: doctor.OK, time.Minute: doctor.Warning, -time.Minute: doctor.Warning, time.Hour: doctor.Error, -time.Hour: doctor.Error,
	} {
		c := open(t)
		c.skew = skew
		if !slices.Contains(checks(c.look(), severity), "zendesk.clock") {
			t.Errorf("%v is not %s", skew, severity)
		}
	}
}

func TestWhatsAppTokenExpired(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.c.WhatsAppAccessToken = "expired"
	says(t, c.finds("whatsapp.token"), "token", "wrong or expired (error code 190, http status 401)")
	c.c.Accounts, c.c.Numbers = nil, []string{first}
	says(t, c.finds("whatsapp.token"), "token", "wrong or expired")
	c.c.WhatsAppAccessToken = ""
	says(t, c.finds(), "token", "missing")
}

func TestTemplateMissing(t *testing.T) {
	t.Parallel()
	for name, words := range map[string]string{
		"nao_existe": "does not exist", "pesquisa_satisfacao": "is not approved but paused", "hello_world": "does not exist",
		"cobranca_atrasada": "is not approved but rejected", "consulta_estoque": "is not approved but pending",
	} {
		c := open(t)
		c.change(func(o *settings.Operation) { o.Default.Window.Invite.Template = name })
		says(t, c.finds("whatsapp.templates"), "templates", words)
	}
	c := open(t)
	c.change(func(o *settings.Operation) {
		o.Default.Window.Invite.Values, o.Default.Window.Invite.Preview = []string{"a", "b"}, "{{1}} {{2}}"
	})
	says(t, c.finds("whatsapp.templates"), "templates", "needs 1 values and window.invite has 2")
}

func TestWhatsAppDown(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.broken = "/sandbox/whatsapp"
	c.finds("whatsapp.reachable", "whatsapp.dialog360")
}

func TestWhatsAppVersions(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)
	for version, want := range map[string]doctor.Severity{
		"v26.0": doctor.OK, "v25.0": doctor.OK, "v21.0": doctor.Warning, "v20.0": doctor.Error, "v9.0": doctor.Warning, "26": doctor.Error, "": doctor.Error,
	} {
		all := doctor.Run(t.Context(), doctor.Config{Now: func() time.Time { return now }, WhatsAppAPIVersion: version})
		if !slices.Contains(checks(all, want), "whatsapp.api_version") {
			t.Errorf("%q is not %s: %+v", version, want, all)
		}
	}
}

// What the Graph API tells of numbers and accounts.
func TestNumbers(t *testing.T) {
	t.Parallel()
	number := func(more string) string { return `{"data":[{"id":"` + first + `"` + more + `}]}` }
	for name, tt := range map[string]struct {
		path, body string
		severity   doctor.Severity
		check      string
		words      string
	}{
		"connected":       {"/phone_numbers", number(`,"status":"CONNECTED","quality_rating":"GREEN"`), doctor.OK, "number", "is connected"},
		"no word":         {"/phone_numbers", number(``), doctor.OK, "number", "is connected"},
		"flagged":         {"/phone_numbers", number(`,"status":"FLAGGED"`), doctor.Warning, "number", "is flagged"},
		"disconnected":    {"/phone_numbers", number(`,"status":"DISCONNECTED"`), doctor.Error, "number", "not connected but disconnected"},
		"bad quality":     {"/phone_numbers", number(`,"quality_rating":"RED"`), doctor.Warning, "number", "quality"},
		"other callback":  {"/phone_numbers", number(`,"webhook_configuration":{"application":"https://x"}`), doctor.Error, "callback", public + "/webhooks/whatsapp"},
		"number's own":    {"/phone_numbers", number(`,"webhook_configuration":{"application":"` + public + `/webhooks/whatsapp","phone_number":"https://x"}`), doctor.Error, "callback", "go elsewhere"},
		"not subscribed":  {"/subscribed_apps", `{"data":[]}`, doctor.Error, "subscription", "/" + waba + "/subscribed_apps"},
		"no such account": {"/phone_numbers", `{"error":{"code":100}}`, doctor.Error, "account", "error code 100"},
		"no permission":   {"/phone_numbers", `{"error":{"code":200}}`, doctor.Error, "account", "not open to the access token"},
		"no code":         {"/phone_numbers", `oops`, doctor.Error, "account", "http status 400"},
		"no templates":    {"/message_templates", `{"error":{"code":10}}`, doctor.Error, "templates", "whatsapp_business_management"},
		"no word of apps": {"/subscribed_apps", `{"error":{"code":10}}`, doctor.Error, "subscription", "can't be read"},
	} {
		c := open(t)
		c.answer = func(r *http.Request) *http.Response {
			switch {
			case !strings.HasSuffix(r.URL.Path, tt.path):
				return nil
			case strings.HasPrefix(tt.body, `{"data"`):
				return reply(r, 200, tt.body)
			}
			return reply(r, 400, tt.body)
		}
		all := c.look()
		if !slices.Contains(checks(all, tt.severity), "whatsapp."+tt.check) {
			t.Errorf("%s: %s is not %s: %+v", name, tt.check, tt.severity, all)
		}
		says(t, all, tt.check, tt.words)
	}
}

// Numbers that no account lists are looked at one by one.
func TestGivenNumbers(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.c.Accounts, c.c.Numbers = nil, []string{first, "77"}
	all := c.finds("whatsapp.number")
	says(t, all, "number", "the number "+first+" is connected")
	says(t, all, "number", "the number 77 does not answer: error code 100")
	says(t, all, "account", "PONTE_WHATSAPP_BUSINESS_ACCOUNT_ID")
	says(t, all, "templates", "not checked")
}

func TestNumbersOf360Dialog(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.c.Dialog360Keys = nil
	says(t, c.finds("whatsapp.dialog360"), "dialog360", "has no API key")
	c.c.Dialog360Keys = map[string]whatsapp.Secret{hosted: "wrong"}
	says(t, c.finds("whatsapp.dialog360"), "dialog360", "refuses the API key")
	c.c.Dialog360Keys = map[string]whatsapp.Secret{hosted: dialogKey}
	c.answer = func(r *http.Request) *http.Response {
		if !strings.HasSuffix(r.URL.Path, "/v1/configs/templates") {
			return nil
		}
		return reply(r, 200, `{"waba_templates":[{"name":"volte","language":"pt_BR","status":"approved","components":[{"type":"BODY","text":"Oi"}]}],"total":1}`)
	}
	says(t, c.finds(), "dialog360", "360dialog answers for the number "+hosted)
	c.change(func(o *settings.Operation) {
		n := o.Numbers[hosted]
		n.Window.Invite = &settings.Invite{Template: "volte", Language: "pt_BR", Preview: "Oi"}
		o.Numbers[hosted] = n
	})
	says(t, c.finds(), "templates", "volte (pt_BR) is approved")
}
