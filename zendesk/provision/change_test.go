package provision_test

import (
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/sandbox/desk"
	"github.com/ponte-desk/ponte/zendesk"
	"github.com/ponte-desk/ponte/zendesk/provision"
)

func itoa(id int64) string { return strconv.FormatInt(id, 10) }

// Ponte's own webhook follows its address; another's is left alone.
func TestWebhookFollowsTheAddress(t *testing.T) {
	t.Parallel()
	elsewhere, err := provision.Needed(settings.DefaultOperation(), "https://novo.example/ponte/")
	if err != nil {
		t.Fatal(err)
	}
	const endpoint = "https://novo.example/ponte/webhooks/zendesk"
	t.Run("own", func(t *testing.T) {
		t.Parallel()
		a := open(t, desk.SeedEmpty)
		secret := a.provide(needed(t, settings.DefaultOperation()), agreed()).Secret
		has(t, a.plan(elsewhere, provision.Options{}), provision.KindWebhook, provision.ActionUpdate, "Ponte")
		if got := a.provide(elsewhere, provision.Options{}); got.Done != 1 || got.Secret != "" {
			t.Errorf("%d done, secret %q", got.Done, string(got.Secret))
		}
		a.idle(elsewhere, provision.Options{}, 0)
		hooks := a.read().Webhooks
		if len(hooks) != 1 || hooks[0].Endpoint != endpoint {
			t.Errorf("%+v", hooks)
		}
		if now := must[zendesk.Secret](t)(a.WebhookSecret(t.Context(), hooks[0].ID)); now != secret {
			t.Error("its secret changed")
		}
	})
	t.Run("people's", func(t *testing.T) {
		t.Parallel()
		a := open(t, desk.SeedMuted)
		p := a.plan(elsewhere, provision.Options{})
		has(t, p, provision.KindWebhook, provision.ActionCreate, "Ponte")
		has(t, p, provision.KindTrigger, provision.ActionCreate, "Ponte: mudança em ticket do WhatsApp")
		a.provide(elsewhere, provision.Options{})
		a.idle(elsewhere, provision.Options{}, 0)
		if hooks := a.read().Webhooks; len(hooks) != 2 || hooks[0].Endpoint == endpoint {
			t.Errorf("%+v", hooks)
		}
	})
}

func TestInactiveWebhookAndTrigger(t *testing.T) {
	t.Parallel()
	for seed, action := range map[string]provision.Action{desk.SeedEmpty: provision.ActionUpdate, desk.SeedMuted: provision.ActionPropose} {
		a := open(t, seed)
		n := needed(t, settings.DefaultOperation())
		a.provide(n, agreed())
		hook := a.read().Webhooks[0]
		hook.Status = zendesk.WebhookInactive
		if err := a.UpdateWebhook(t.Context(), hook); err != nil {
			t.Fatal(err)
		}
		rule := a.hint()
		if _, err := a.UpdateTrigger(t.Context(), rule.ID, zendesk.TriggerWrite{
			Active: true, Description: rule.Description + " Nota.", Conditions: rule.Conditions, Actions: rule.Actions,
		}); err != nil {
			t.Fatal(err)
		}
		rule = a.hint()
		must[zendesk.Trigger](t)(a.UpdateTrigger(t.Context(), rule.ID, zendesk.TriggerWrite{Conditions: rule.Conditions, Actions: rule.Actions}))
		p := a.plan(n, provision.Options{})
		for _, s := range []provision.Step{
			has(t, p, provision.KindWebhook, action, "Ponte"), has(t, p, provision.KindTrigger, action, rule.Title),
		} {
			if !s.Lacking || s.Foreign != (action == provision.ActionPropose) || !strings.HasPrefix(s.Text.EN, "Activate") {
				t.Errorf("%q: %+v", seed, s)
			}
		}
		a.provide(n, provision.Options{Adopt: true})
		a.idle(n, provision.Options{}, 0)
		got := a.hint()
		if !got.Active {
			t.Error("it is not active")
		}
		got.Active = rule.Active
		if diff := cmp.Diff(text(t, rule), text(t, got)); diff != "" {
			t.Errorf("%q: more changed than that (-was +is):\n%s", seed, diff)
		}
	}
}

// hint is the trigger that calls the only webhook.
func (a *account) hint() zendesk.Trigger {
	a.t.Helper()
	return find(a.t, a.read().Triggers, func(t zendesk.Trigger) bool { return t.Actions[0].Field == "notification_webhook" })
}

// A trigger that works and was written by an older version is brought up to date, unless people changed it.
func TestTriggerOfAnOlderVersion(t *testing.T) {
	t.Parallel()
	a := open(t, desk.SeedEmpty)
	set := settings.DefaultOperation()
	set.Default.Tags = []string{"whatsapp", "canal"}
	n := needed(t, set)
	a.provide(n, agreed())
	set.Default.Tags = []string{"canal"}
	n = needed(t, set)
	has(t, a.plan(n, provision.Options{}), provision.KindTrigger, provision.ActionUpdate, a.hint().Title)
	a.provide(n, agreed())
	a.idle(n, provision.Options{}, 0)
	got := a.hint()
	if got.Conditions.All[0].Text() != "canal" {
		t.Errorf("%+v", got.Conditions)
	}
	wider := zendesk.TriggerWrite{Active: true, Conditions: got.Conditions, Actions: got.Actions}
	wider.Conditions.All = nil
	must[zendesk.Trigger](t)(a.UpdateTrigger(t.Context(), got.ID, wider))
	a.idle(n, provision.Options{}, 0)
}

// A trigger that calls the webhook but does not tell enough is completed: people's when they agree, with their words kept.
func TestTriggerThatTellsTooLittle(t *testing.T) {
	t.Parallel()
	for seed, agreedTo := range map[string]provision.Options{desk.SeedEmpty: {}, desk.SeedMuted: {Adopt: true}} {
		a := open(t, seed)
		n := needed(t, settings.DefaultOperation())
		a.provide(n, agreed())
		rule := a.hint()
		narrow := rule.Conditions
		narrow.All = append(slices.Clone(narrow.All), zendesk.RuleCondition{Field: "priority", Operator: "is", Value: []byte(`"high"`)})
		must[zendesk.Trigger](t)(a.UpdateTrigger(t.Context(), rule.ID, zendesk.TriggerWrite{Active: true, Conditions: narrow, Actions: rule.Actions}))
		if seed == desk.SeedMuted {
			has(t, a.plan(n, provision.Options{}), provision.KindTrigger, provision.ActionPropose, rule.Title)
		}
		a.provide(n, agreedTo)
		a.idle(n, provision.Options{}, 0)
		got := a.hint()
		if len(got.Conditions.All) != 1 || got.Title != rule.Title || got.Description != rule.Description {
			t.Errorf("%q: %+v", seed, got)
		}
	}
}

func TestViewFollowsTheSettings(t *testing.T) {
	t.Parallel()
	a := open(t, desk.SeedEmpty)
	set := settings.DefaultOperation()
	a.provide(needed(t, set), agreed())
	set.Default.Desk.Queue = "Plantão"
	n := needed(t, set)
	has(t, a.plan(n, provision.Options{}), provision.KindView, provision.ActionUpdate, "WINTHOR WHATSAPP")
	a.provide(n, provision.Options{})
	a.idle(n, provision.Options{}, 0)
	have := a.read()
	view := find(t, have.Views, func(v zendesk.View) bool { return v.Title == "WINTHOR WHATSAPP" })
	queue := find(t, have.Groups, func(g zendesk.Group) bool { return g.Name == "Plantão" })
	var got []string
	for _, c := range view.Conditions.All {
		got = append(got, c.Field+" "+c.Operator+" "+c.Text())
	}
	if diff := cmp.Diff([]string{"status less_than solved", "current_tags includes whatsapp", "group_id is " + itoa(queue.ID)}, got); diff != "" {
		t.Errorf("conditions (-want +got):\n%s", diff)
	}
	mine := zendesk.ViewWrite{Title: view.Title, Description: view.Description, Active: true, All: view.Conditions.All[:1]}
	must[zendesk.View](t)(a.UpdateView(t.Context(), view.ID, mine))
	a.idle(n, provision.Options{}, 0)
	set.Default.Desk.Queue = "Suporte N1"
	n = needed(t, set)
	has(t, a.plan(n, provision.Options{}), provision.KindView, provision.ActionPropose, view.Title)
	a.provide(n, provision.Options{Adopt: true})
	a.idle(n, provision.Options{}, 0)
}

// Things may be named by their ids; what an id does not name can't be made.
func TestNamedByID(t *testing.T) {
	t.Parallel()
	a := open(t, desk.SeedMuted)
	have := a.read()
	set := settings.DefaultOperation()
	set.Default.Desk.Queue = itoa(have.Groups[0].ID)
	set.Default.Desk.Fields.Session = itoa(find(t, have.TicketFields, func(f zendesk.DescribedTicketField) bool { return f.Title == "Sessão WhatsApp" }).ID)
	set.Default.Desk.Macros[settings.RoleClosing] = itoa(have.Macros[0].ID)
	a.idle(needed(t, set), provision.Options{}, 0)
	set.Default.Desk.Queue, set.Default.Desk.Fields.Session = "77", "78"
	set.Default.Desk.Macros[settings.RoleClosing] = "79"
	n := needed(t, set)
	p := a.plan(n, agreed())
	for kind, id := range map[provision.Kind]string{provision.KindGroup: "77", provision.KindTicketField: "78", provision.KindMacro: "79"} {
		if s := has(t, p, kind, provision.ActionPropose, id); s.Flag != "" || !s.Lacking || !strings.Contains(s.Text.EN, "no ") {
			t.Errorf("%+v", s)
		}
	}
	a.idle(n, agreed(), 3)
	if len(a.written()) != 0 {
		t.Error("something was written")
	}
}

// Fields of another kind are told, never changed; inactive ones are activated when people agree.
func TestFieldsOfPeople(t *testing.T) {
	t.Parallel()
	a := open(t, desk.SeedEmpty)
	ctx := t.Context()
	must[zendesk.OrganizationField](t)(a.CreateOrganizationField(ctx, zendesk.OrganizationFieldCreate{Type: zendesk.FieldDate, Key: "cnpj", Title: "CNPJ"}))
	must[zendesk.OrganizationField](t)(a.CreateOrganizationField(ctx, zendesk.OrganizationFieldCreate{
		Type: zendesk.FieldDropdown, Key: "pendencia_financeira", Title: "Pendência", Options: []zendesk.FieldOptionWrite{{Name: "Talvez", Value: "talvez"}},
	}))
	must[zendesk.TicketField](t)(a.CreateTicketField(ctx, zendesk.TicketFieldCreate{Type: zendesk.FieldDate, Title: "CNPJ"}))
	off := must[zendesk.TicketField](t)(a.CreateTicketField(ctx, zendesk.TicketFieldCreate{Type: zendesk.FieldTextarea, Title: "nome do  contato"}))
	if err := a.Put(ctx, "switch off", "/ticket_fields/"+itoa(off.ID), map[string]any{"ticket_field": map[string]any{"active": false}}, nil); err != nil {
		t.Fatal(err)
	}
	n := needed(t, settings.DefaultOperation())
	p := a.plan(n, provision.Options{})
	has(t, p, provision.KindOrganizationField, provision.ActionPropose, "cnpj")
	has(t, p, provision.KindOrganizationField, provision.ActionPropose, "pendencia_financeira")
	has(t, p, provision.KindTicketField, provision.ActionPropose, "CNPJ")
	has(t, p, provision.KindTicketField, provision.ActionPropose, "Nome do contato")
	a.provide(n, agreed())
	a.idle(n, agreed(), 3)
	if err := a.Put(ctx, "switch off", "/organization_fields/"+itoa(a.read().OrganizationFields[0].ID),
		map[string]any{"organization_field": map[string]any{"active": false, "type": "text"}}, nil); err != nil {
		t.Fatal(err)
	}
	if s := has(t, a.plan(n, agreed()), provision.KindOrganizationField, provision.ActionUpdate, "cnpj"); !s.Foreign {
		t.Errorf("%+v", s)
	}
	a.provide(n, agreed())
	a.idle(n, agreed(), 2)
}

// The financial pending may be a drop-down of people's own, a check box or words, as long as Ponte can read it.
func TestPendingFieldsOfPeople(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]zendesk.OrganizationFieldCreate{
		"values":    {Type: zendesk.FieldDropdown, Options: []zendesk.FieldOptionWrite{{Name: "Há", Value: "pendencia_sim"}, {Name: "Não há", Value: "pendencia_não"}}},
		"names":     {Type: zendesk.FieldDropdown, Options: []zendesk.FieldOptionWrite{{Name: "sim", Value: "a"}, {Name: "NAO", Value: "b"}}},
		"check box": {Type: zendesk.FieldCheckbox},
		"words":     {Type: zendesk.FieldText},
	} {
		a := open(t, desk.SeedEmpty)
		f.Key, f.Title = "pendencia_financeira", "Pendência"
		must[zendesk.OrganizationField](t)(a.CreateOrganizationField(t.Context(), f))
		for _, s := range a.plan(needed(t, settings.DefaultOperation()), provision.Options{}).Steps {
			if s.Title == f.Key {
				t.Errorf("%s: %s", name, s.Text.EN)
			}
		}
	}
}

// The survey's answer is a number, and fits wherever one can be written.
func TestSurveyFieldsOfPeople(t *testing.T) {
	t.Parallel()
	const title = "Pesquisa de satisfação"
	for kind, fits := range map[string]bool{
		zendesk.FieldInteger: true, zendesk.FieldDecimal: true, zendesk.FieldText: true, zendesk.FieldTextarea: true, zendesk.FieldDate: false,
		zendesk.FieldCheckbox: false,
	} {
		a := open(t, desk.SeedEmpty)
		must[zendesk.TicketField](t)(a.CreateTicketField(t.Context(), zendesk.TicketFieldCreate{Type: kind, Title: title}))
		p := a.plan(needed(t, settings.DefaultOperation()), provision.Options{})
		told := slices.ContainsFunc(p.Steps, func(s provision.Step) bool {
			return s.Kind == provision.KindTicketField && s.Title == title && s.Action == provision.ActionPropose
		})
		if told == fits {
			t.Errorf("%s: %q", kind, sentences(p))
		}
	}
}

// A field of Zendesk's own is no field of Ponte's, whatever its title.
func TestSystemFieldsAreNotTaken(t *testing.T) {
	t.Parallel()
	a := open(t, desk.SeedMuted)
	set := settings.DefaultOperation()
	set.Default.Desk.Fields.Reason = "Assunto"
	has(t, a.plan(needed(t, set), provision.Options{}), provision.KindTicketField, provision.ActionCreate, "Assunto")
}

// What can't be read is told, and nothing is planned about it.
func TestUnread(t *testing.T) {
	t.Parallel()
	c := fake(t, map[string]http.HandlerFunc{
		"GET /api/v2/groups": func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, `{"groups":[{"id":1,"name":"Suporte N1"}]}`)
		},
		"GET /api/v2/macros":        func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{"macros":[]}`) },
		"GET /api/v2/webhooks":      func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) },
		"GET /api/v2/triggers":      func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{"triggers":7}`) },
		"GET /api/v2/views":         func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{"views":[]}`) },
		"GET /api/v2/ticket_fields": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) },
	})
	have := provision.Read(t.Context(), c)
	err := have.Err()
	if len(have.Unread) != 4 || zendesk.KindOf(have.Unread[provision.KindWebhook]) != zendesk.KindForbidden || !strings.HasPrefix(err.Error(), "read organization_field: ") {
		t.Errorf("%v", err)
	}
	p := provision.Diff(needed(t, settings.DefaultOperation()), have, agreed())
	kinds := map[provision.Kind]bool{}
	for _, s := range p.Steps {
		kinds[s.Kind] = true
	}
	if diff := cmp.Diff(map[provision.Kind]bool{provision.KindGroup: true, provision.KindMacro: true, provision.KindView: true}, kinds); diff != "" {
		t.Errorf("kinds (-want +got):\n%s", diff)
	}
}

// An account that wants a folder for every trigger gets it put into its first one.
func TestTriggerNeedsACategory(t *testing.T) {
	t.Parallel()
	var bodies []string
	lists := func(key string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{"`+key+`":[]}`) }
	}
	handlers := map[string]http.HandlerFunc{
		"POST /api/v2/triggers": func(w http.ResponseWriter, r *http.Request) {
			bodies = append(bodies, body(r))
			if len(bodies) == 1 {
				w.WriteHeader(http.StatusUnprocessableEntity)
				io.WriteString(w, `{"error":"RecordInvalid","details":{"category_id":[{"description":"can't be blank"}]}}`)
				return
			}
			w.WriteHeader(http.StatusCreated)
			io.WriteString(w, `{"trigger":{"id":5}}`)
		},
		"GET /api/v2/trigger_categories": func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, `{"trigger_categories":[{"id":"10026","name":"Notificações"},{"id":"10027","name":"x"}]}`)
		},
		"POST /api/v2/webhooks": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusCreated)
			io.WriteString(w, `{"webhook":{"id":"01W"}}`)
		},
		"GET /api/v2/webhooks/01W/signing_secret": func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, `{"signing_secret":{"algorithm":"SHA256","secret":"s3"}}`)
		},
	}
	for _, key := range []string{"webhooks", "triggers"} {
		handlers["GET /api/v2/"+key] = lists(key)
	}
	c := fake(t, handlers)
	p := provision.Diff(needed(t, settings.DefaultOperation()), provision.Read(t.Context(), c), agreed())
	got, err := provision.Apply(t.Context(), c, p, func(provision.Step) {})
	if err != nil || got.Secret != "s3" || len(bodies) != 2 {
		t.Fatalf("%v, secret %q, %d tries", err, string(got.Secret), len(bodies))
	}
	if strings.Contains(bodies[0], "category_id") || !strings.Contains(bodies[1], `"category_id":"10026"`) || !strings.Contains(bodies[1], `"01W"`) {
		t.Errorf("%q", bodies)
	}
}

func TestNeededRefuses(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", "ponte.example", "ftp://ponte.example", "https://ponte.example?a=b", "https://a:b@ponte.example", "https://ponte.example/#x", "https://%"} {
		if _, err := provision.Needed(settings.DefaultOperation(), address); err == nil {
			t.Errorf("%q passed", address)
		}
	}
	bare := settings.DefaultOperation()
	bare.Numbers = map[string]settings.Number{"1": settings.Default()}
	n := bare.Numbers["1"]
	n.Tags = nil
	bare.Numbers["1"] = n
	if _, err := provision.Needed(bare, public); err == nil {
		t.Error("a number without tags passed")
	}
}

func TestNeedsOfSeveralNumbers(t *testing.T) {
	t.Parallel()
	set := settings.DefaultOperation()
	second := settings.Default()
	second.Desk.Queue, second.Tags = "Comercial", []string{"vendas"}
	second.Desk.Fields.Catalogue, second.Desk.Fields.Reason = "", "Motivo"
	second.Organizations.CNPJField = "documento"
	second.Desk.Macros = map[settings.MacroRole]string{settings.RoleClosing: "Encerrar venda"}
	set.Numbers = map[string]settings.Number{"2": second, "1": settings.Default()}
	n := needed(t, set)
	if diff := cmp.Diff([]string{"whatsapp", "vendas"}, n.Tags); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"Suporte N1", "Suporte N2", "Comercial"}, n.Groups); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]provision.View{{Title: "WINTHOR WHATSAPP", Group: "Suporte N1"}, {Title: "WINTHOR WHATSAPP – Comercial", Group: "Comercial"}}, n.Views); diff != "" {
		t.Errorf("views (-want +got):\n%s", diff)
	}
	if len(n.OrganizationFields) != 3 || len(n.TicketFields) != 12 || len(n.Macros) != 11 || n.Macros[10].Role != settings.RoleClosing {
		t.Errorf("%d organisation fields, %d ticket fields, %d macros", len(n.OrganizationFields), len(n.TicketFields), len(n.Macros))
	}
	a := open(t, desk.SeedEmpty)
	a.provide(n, agreed())
	a.idle(n, provision.Options{}, 0)
	if !slices.ContainsFunc(a.read().Views, func(v zendesk.View) bool { return v.Title == "WINTHOR WHATSAPP – Comercial" }) {
		t.Error("the second queue has no view")
	}
}
