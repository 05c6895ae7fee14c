package provision

import (
	"encoding/json"
	"testing"

	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/zendesk"
)

func does(field string, value ...string) zendesk.RuleAction {
	return zendesk.RuleAction{Field: field, Value: quoted(value)}
}

func TestTriggersThatEmailCustomers(t *testing.T) {
	t.Parallel()
	mail := does("notification_user", "requester_and_ccs", "s", "b")
	for name, tt := range map[string]struct {
		action zendesk.RuleAction
		all    []zendesk.RuleCondition
		any    []zendesk.RuleCondition
		want   bool
	}{
		"no condition":              {mail, nil, nil, true},
		"the requester alone":       {does("notification_user", "requester_id", "s", "b"), nil, nil, true},
		"the assignee":              {does("notification_user", "assignee_id", "s", "b"), nil, nil, false},
		"all agents":                {does("notification_user", "all_agents", "s", "b"), nil, nil, false},
		"a group":                   {does("notification_group", "group_id", "s", "b"), nil, nil, false},
		"a change":                  {does("status", "open"), nil, nil, false},
		"no words":                  {zendesk.RuleAction{Field: "notification_user", Value: json.RawMessage("7")}, nil, nil, false},
		"public comments":           {mail, []zendesk.RuleCondition{condition("comment_is_public", "is", "requester_can_see_comment")}, nil, true},
		"without the tag":           {mail, []zendesk.RuleCondition{condition("current_tags", "not_includes", "outra whatsapp")}, nil, false},
		"without another tag":       {mail, []zendesk.RuleCondition{condition("current_tags", "not_includes", "outra")}, nil, true},
		"with another tag":          {mail, []zendesk.RuleCondition{condition("current_tags", "includes", "vip")}, nil, true},
		"without the tag, or":       {mail, nil, []zendesk.RuleCondition{condition("current_tags", "not_includes", "whatsapp")}, true},
		"not through the API":       {mail, []zendesk.RuleCondition{condition("current_via_id", "is_not", "5")}, nil, false},
		"by mail":                   {mail, []zendesk.RuleCondition{condition("current_via_id", "is", "4")}, nil, false},
		"through the API":           {mail, []zendesk.RuleCondition{condition("current_via_id", "is", "5")}, nil, true},
		"not by mail":               {mail, []zendesk.RuleCondition{condition("current_via_id", "is_not", "4")}, nil, true},
		"by customers":              {mail, []zendesk.RuleCondition{condition("role", "is", "end_user")}, nil, false},
		"by agents":                 {mail, []zendesk.RuleCondition{condition("role", "is", "agent")}, nil, true},
		"private tickets":           {mail, []zendesk.RuleCondition{condition("ticket_is_public", "is", "private")}, nil, false},
		"public tickets":            {mail, []zendesk.RuleCondition{condition("ticket_is_public", "is", "public")}, nil, true},
		"on creation, to customers": {mail, []zendesk.RuleCondition{condition("update_type", "is", "Create")}, nil, true},
	} {
		trigger := zendesk.Trigger{Active: true, Actions: []zendesk.RuleAction{does("priority", "low"), tt.action}, Conditions: zendesk.RuleConditions{All: tt.all, Any: tt.any}}
		if got := disturbs(trigger, []string{"whatsapp"}); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
		trigger.Active = false
		if disturbs(trigger, []string{"whatsapp"}) {
			t.Errorf("%s, inactive: it disturbs", name)
		}
	}
}

func TestTriggersThatTellAll(t *testing.T) {
	t.Parallel()
	hint := does("notification_webhook", "w", HintBody)
	tag := condition("current_tags", "includes", "whatsapp vendas")
	change, create := condition("update_type", "is", "Change"), condition("update_type", "is", "Create")
	for name, tt := range map[string]struct {
		action   zendesk.RuleAction
		all, any []zendesk.RuleCondition
		want     bool
	}{
		"always":              {hint, nil, nil, true},
		"Ponte's":             {hint, []zendesk.RuleCondition{tag}, []zendesk.RuleCondition{create, change}, true},
		"changes":             {hint, []zendesk.RuleCondition{tag, change}, nil, true},
		"not creations":       {hint, []zendesk.RuleCondition{condition("update_type", "is_not", "Create")}, nil, true},
		"creations":           {hint, []zendesk.RuleCondition{tag, create}, nil, false},
		"creations, or":       {hint, nil, []zendesk.RuleCondition{create}, false},
		"one tag of two":      {hint, []zendesk.RuleCondition{condition("current_tags", "includes", "whatsapp")}, nil, false},
		"without the tags":    {hint, []zendesk.RuleCondition{condition("current_tags", "not_includes", "whatsapp vendas")}, nil, false},
		"of a group":          {hint, []zendesk.RuleCondition{tag, condition("group_id", "is", "7")}, nil, false},
		"another body":        {does("notification_webhook", "w", `{"id":"{{ticket.id}}"}`), nil, nil, false},
		"a body with no id":   {does("notification_webhook", "w", `{"ticket_id":"7"}`), nil, nil, false},
		"no body":             {does("notification_webhook", "w"), nil, nil, false},
		"an e-mail":           {does("notification_user", "requester_id", HintBody), nil, nil, false},
		"another kind of any": {hint, nil, []zendesk.RuleCondition{condition("status", "is", "open")}, false},
	} {
		trigger := zendesk.Trigger{Active: true, Actions: []zendesk.RuleAction{tt.action}, Conditions: zendesk.RuleConditions{All: tt.all, Any: tt.any}}
		if got := tellsAll(trigger, []string{"whatsapp", "vendas"}); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
		trigger.Active = false
		if tellsAll(trigger, []string{"whatsapp", "vendas"}) {
			t.Errorf("%s: it tells although it is inactive", name)
		}
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	have := []zendesk.FieldOption{
		{Name: "Winthor::11::Abandono de chat", Value: "a"},
		{Name: "Distribuição::Linha Winthor::99::007::Abandono de chat", Value: "b"},
		{Name: "Outra::99 > 007 >> z-outros", Value: "c"},
	}
	for _, tt := range []struct {
		option Option
		want   string
	}{
		{Option{Path: "distribuição >> linha winthor > 99 007 >> abandono de chat"}, "b"},
		{Option{Path: "Abandono de chat"}, ""},
		{Option{Path: "Abandono de chat", Tail: "Abandono de chat"}, ""}, // two choices end so
		{Option{Path: "11::Abandono de chat", Tail: "11::Abandono de chat"}, "a"},
		{Option{Path: "x", Tail: "99::007::Z-Outros"}, "c"},
		{Option{Path: "x", Tail: "9::007::Z-Outros"}, ""},
		{Option{Path: "Linha Winthor::99::007::Abandono de chat", Tail: "99::007::Abandono de chat"}, "b"},
	} {
		got, ok := tt.option.find(have)
		if got.Value != tt.want || ok != (tt.want != "") {
			t.Errorf("%+v: %q", tt.option, got.Value)
		}
	}
	number := settings.Default()
	number.Catalogue = settings.Catalogue{Abandoned: "A::B", Others: "a >> b"}
	number.Bot.Menu = []settings.MenuOption{{Category: "A::C"}, {Category: "A B"}, {}}
	if got := options(number); len(got) != 2 || got[0] != (Option{Path: "A::B", Tail: "A::B"}) || got[1] != (Option{Path: "A::C"}) {
		t.Errorf("%+v", got)
	}
	number.Catalogue, number.Bot.Menu = settings.Catalogue{}, nil
	if got := options(number); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestTags(t *testing.T) {
	t.Parallel()
	taken := map[string]bool{"nf_e": true, "pedido": true, "fiscal_pedido": true, "___": true}
	for path, want := range map[string]string{
		"Fiscal::Emissão de NF-e": "emissao_de_nf_e", "Fiscal::NF-e": "fiscal_nf_e", "Fiscal::Pedido": "ponte_fiscal_pedido",
		"  Ação: ÁÀÂÃ/ÇÑ  ": "acao_aaaa_cn", "Fiscal::日本": "fiscal", "日本": "ponte_",
		"Boleto": "boleto",
	} {
		if got := tagFor(path, taken); got != want {
			t.Errorf("%q: %q, want %q", path, got, want)
		}
	}
	taken["ponte_fiscal_pedido"] = true
	if got := tagFor("Fiscal::Pedido", taken); got != "ponte_fiscal_pedido_" {
		t.Errorf("%q", got)
	}
}

func TestMarks(t *testing.T) {
	t.Parallel()
	for _, l := range []settings.Language{settings.LanguagePT, settings.LanguageEN} {
		want := mark{"audit.not_assumed", "0123456789ab"}
		text := want.describe(l)
		if got, ok := markIn("Uma nota. " + text + " Outra."); !ok || got != want {
			t.Errorf("%q: %+v", text, got)
		}
	}
	if got, ok := markIn(mark{"group", ""}.describe(settings.LanguageEN)); !ok || got.what != "group" || got.print != "" {
		t.Errorf("%+v", got)
	}
	for _, text := range []string{"", "Ponte", "[ponte]", "[ponte x]", "[ponte X 12]"} {
		if _, ok := markIn(text); ok {
			t.Errorf("%q bears a mark", text)
		}
	}
}

// A print is the same however Zendesk spells what was written, and another for anything else.
func TestPrints(t *testing.T) {
	t.Parallel()
	macro := func(pairs ...string) string {
		var list []zendesk.MacroAction
		for i := 0; i < len(pairs); i += 2 {
			list = append(list, zendesk.MacroAction{Field: pairs[i], Value: json.RawMessage(pairs[i+1])})
		}
		return macroPrint(list)
	}
	base := macro("group_id", `"360001234567890"`, "comment_mode_is_public", `"false"`, "comment_value", `["channel:all","a"]`)
	if got := macro("comment_value", `[ "channel:all", "a" ]`, "group_id", `360001234567890`, "comment_mode_is_public", `false`); got != base || len(got) != printLength {
		t.Errorf("%s, want %s", got, base)
	}
	if got := macro("group_id", `"360001234567890"`, "comment_mode_is_public", `"false"`, "comment_value", `"a"`); got != base {
		t.Errorf("%s without the channel, want %s", got, base)
	}
	for _, other := range []string{
		macro(), macro("group_id", `"1"`), macro("group_id", `null`), macro("group_id", `"360001234567890"`, "comment_mode_is_public", `"true"`, "comment_value", `["channel:all","a"]`),
	} {
		if other == base {
			t.Error("the same print of something else")
		}
	}
	all := zendesk.RuleConditions{All: []zendesk.RuleCondition{condition("status", "is", "open")}}
	anyOf := zendesk.RuleConditions{Any: all.All}
	if rulePrint(all, nil) == rulePrint(anyOf, nil) || rulePrint(all, nil) == rulePrint(all, []zendesk.RuleAction{does("x", "y")}) {
		t.Error("the same print of another rule")
	}
}
