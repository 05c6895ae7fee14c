package macros_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/ponte-desk/ponte/macros"
)

// fold renders a text by a macro's plain comment; false when it is not static.
func fold(t *testing.T, template string, at macros.Ticket) (string, bool) {
	t.Helper()
	value, err := json.Marshal(template)
	if err != nil {
		t.Fatal(err)
	}
	got, err := macros.Fold(macro(act("comment_value", string(value))), at)
	return got.Comment.Text, err == nil
}

func TestPlaceholders(t *testing.T) {
	t.Parallel()
	for template, want := range map[string]string{
		"Olá!":                                "Olá!",
		"{{ticket.id}}":                       "7",
		"{{ ticket.id }}":                     "7",
		"#{{ticket.id}}, {{ticket.id}}.":      "#7, 7.",
		"{{ticket.link}}":                     "https://acme.zendesk.com/agent/tickets/7",
		"https://{{ticket.url}}":              "https://acme.zendesk.com/agent/tickets/7",
		"{{ticket.title}}":                    "Nota fiscal <2>",
		"{{ticket.external_id}}":              "wa-100-c1-1",
		"{{ticket.tags}}":                     "whatsapp vip",
		"{{ticket.group.name}}":               "Suporte N1",
		"{{ticket.requester.id}}":             "21",
		"{{ticket.requester.name}}":           "Ana Beatriz Souza",
		"{{ticket.requester.first_name}}":     "Ana",
		"{{ticket.requester.last_name}}":      "Beatriz Souza",
		"{{ticket.requester.email}}":          "ana@example.com",
		"{{ticket.requester.phone}}":          "+5511987654321",
		"{{ticket.requester.external_id}}":    "c-1",
		"{{ticket.assignee.name}}":            "Rui",
		"{{ticket.organization.id}}":          "40",
		"{{ticket.organization.name}}":        "Acme & Filhos",
		"{{current_user.id}}":                 "31",
		"{{current_user.name}}":               "João D'Ávila",
		"{{current_user.first_name}}":         "João",
		"{{current_user.email}}":              "joao@example.com",
		"{{ponte.link}}":                      "https://ponte.example/c/1",
		"a{{ponte.empty}}b":                   "ab",
		"um } e outro }} soltos, { também":    "um } e outro }} soltos, { também",
		"{{ticket.id}}{{ticket.assignee.id}}": "732",
	} {
		if got, ok := fold(t, template, ticket()); !ok || got != want {
			t.Errorf("%s = %q, %v; want %q", template, got, ok, want)
		}
	}
}

// TestPlaceholdersOfNothing: what is not known here may be known to Zendesk.
func TestPlaceholdersOfNothing(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"ticket.id", "ticket.link", "ticket.url", "ticket.title", "ticket.external_id", "ticket.tags", "ticket.group.name",
		"ticket.requester.id", "ticket.requester.name", "ticket.requester.first_name", "ticket.requester.last_name", "ticket.requester.email",
		"ticket.requester.phone", "ticket.organization.name", "ticket.organization.id", "ticket.assignee.name", "current_user.name",
		"ponte.link", "ticket", "ticket.requester", "ticket.organization", "ticket.requester.name.x", "ticket.agent.name", "current_user", "x",
		"Ticket.ID", "ticket.",
	} {
		if got, ok := fold(t, "{{"+name+"}}", macros.Ticket{}); ok {
			t.Errorf("%s of an unknown ticket = %q", name, got)
		}
	}
	at := ticket()
	at.Requester.Name = "Ana"
	if got, ok := fold(t, "{{ticket.requester.last_name}}", at); ok {
		t.Errorf("last name of a single name = %q", got)
	}
}

func TestOwnValuesWin(t *testing.T) {
	t.Parallel()
	at := ticket()
	at.Values = map[string]string{"ticket.requester.email": "", "ticket.status": "aberto", "contato.nome": "Ana"}
	got, ok := fold(t, "[{{ticket.requester.email}}] {{ticket.status}} {{contato.nome}}", at)
	if want := "[] aberto Ana"; !ok || got != want {
		t.Errorf("text = %q, %v; want %q", got, ok, want)
	}
}

// TestValuesAreNoTemplates: Zendesk renders a comment once more, and a customer chooses their name.
func TestValuesAreNoTemplates(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"{{ticket.id}}":       "{ {ticket.id}}",
		"{% if 1 %}":          "{ % if 1 %}",
		"{{{x}}}":             "{ { {x}}}",
		"{{%":                 "{ { %",
		"{x}":                 "{x}",
		"Ana {{current_user}": "Ana { {current_user}",
	} {
		at := ticket()
		at.Requester.Name = value
		got, ok := fold(t, "{{ticket.requester.name}}", at)
		if !ok || got != want || strings.Contains(got, "{{") || strings.Contains(got, "{%") {
			t.Errorf("%s = %q, %v; want %q", value, got, ok, want)
		}
	}
	at := ticket()
	at.Values = map[string]string{"a": "x{", "b": "{y"}
	if got, ok := fold(t, "{{a}}{{b}}{{a}}%", at); !ok || got != "x{ {yx{ %" {
		t.Errorf("values that meet = %q, %v", got, ok)
	}
}

func TestValuesAreEscapedInHTML(t *testing.T) {
	t.Parallel()
	at := ticket()
	at.Requester.Name = `<img src=x onerror="alert(1)"> & Cia`
	got, err := macros.Fold(macro(act("comment_value_html", `"<b>{{ticket.requester.name}}</b>"`)), at)
	const want = `<b>&lt;img src=x onerror=&#34;alert(1)&#34;&gt; &amp; Cia</b>`
	if err != nil || got.Comment.HTML != want {
		t.Errorf("HTML = %q, %v; want %q", got.Comment.HTML, err, want)
	}
}
