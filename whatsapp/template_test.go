package whatsapp_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/whatsapp"
)

func TestTemplatePreview(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		template  whatsapp.Template
		values    []string
		want      string
		variables int
		names     []string
	}{
		"no variables": {whatsapp.Template{Body: "Olá!"}, nil, "Olá!", 0, nil},
		"all parts": {whatsapp.Template{
			Header: whatsapp.TemplateHeader{Format: "TEXT", Text: "Pedido"}, Body: "Oi, {{1}}.\n\nChega {{2}}.", Footer: "ACME",
		}, []string{"Ana", "hoje"}, "Pedido\n\nOi, Ana.\n\nChega hoje.\n\nACME", 2, nil},
		"header of a file":   {whatsapp.Template{Header: whatsapp.TemplateHeader{Format: "IMAGE"}, Body: "a"}, nil, "a", 0, nil},
		"twice":              {whatsapp.Template{Body: "{{1}}, {{2}}, {{1}}"}, []string{"a", "b"}, "a, b, a", 2, nil},
		"out of order":       {whatsapp.Template{Body: "{{10}} {{2}} {{1}}"}, []string{"a", "b", "c"}, "c b a", 3, nil},
		"named":              {whatsapp.Template{Body: "{{nome}} {{pedido_2}} {{nome}}"}, []string{"Ana", "7"}, "Ana 7 Ana", 2, []string{"nome", "pedido_2"}},
		"spaces in braces":   {whatsapp.Template{Body: "{{ 1 }}"}, []string{"a"}, "a", 1, nil},
		"white space":        {whatsapp.Template{Body: "a {{1}} b"}, []string{" x\n y "}, "a x y b", 1, nil},
		"braces in values":   {whatsapp.Template{Body: "{{1}} {{2}}"}, []string{"{{2}}", "b"}, "{{2}} b", 2, nil},
		"braces in the text": {whatsapp.Template{Body: "{a} {{ }} {{b c}} }} {{{1}}} {{"}, []string{"x"}, "{a} {{ }} {{b c}} }} {x} {{", 1, nil},
		"name of no length":  {whatsapp.Template{Body: "{{}}"}, nil, "{{}}", 0, nil},
		"endless name":       {whatsapp.Template{Body: "{{" + strings.Repeat("a", 1000) + "}}"}, nil, "{{" + strings.Repeat("a", 1000) + "}}", 0, nil},
	}
	for name, test := range tests {
		got, err := test.template.Preview(test.values)
		if err != nil || got != test.want {
			t.Errorf("%s: got %q, %v, want %q", name, got, err, test.want)
		}
		if n := test.template.Variables(); n != test.variables {
			t.Errorf("%s: got %d variables, want %d", name, n, test.variables)
		}
		if diff := cmp.Diff(test.names, test.template.Names()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestTemplateFillHeader(t *testing.T) {
	t.Parallel()
	template := whatsapp.Template{Header: whatsapp.TemplateHeader{Format: "TEXT", Text: "Pedido {{1}}"}, Body: "Oi, {{1}}"}
	for _, test := range []struct{ template, want string }{{"4711", "Pedido 4711\n\nOi, Ana"}, {"{{1}}", "Pedido {{1}}\n\nOi, Ana"}} {
		if got, err := template.FillHeader(test.template).Preview([]string{"Ana"}); err != nil || got != test.want {
			t.Errorf("got %q, %v", got, err)
		}
	}
	if got, err := template.Preview([]string{"Ana"}); err != nil || got != "Pedido {{1}}\n\nOi, Ana" {
		t.Errorf("got %q, %v", got, err)
	}
	plain := whatsapp.Template{Body: "a"}
	if diff := cmp.Diff(plain, plain.FillHeader("x")); diff != "" {
		t.Error(diff)
	}
}

func TestTemplateValuesError(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		body      string
		values    []string
		want, got int
		advice    string
	}{
		"none of two": {"{{1}} {{2}}", nil, 2, 0, "Preencha todos os campos"},
		"one of two":  {"{{1}} {{2}}", []string{"a"}, 2, 1, "2 campos e 1 estão preenchidos"},
		"a blank one": {"{{1}} {{2}}", []string{"a", " \n"}, 2, 1, "Preencha todos os campos"},
		"too many":    {"{{1}} {{2}}", []string{"a", "b", "c"}, 2, 3, "Deixe só os campos"},
		"none wanted": {"a", []string{"a"}, 0, 1, "não tem campos"},
		"one wanted":  {"{{1}}", nil, 1, 0, "1 campo"},
	} {
		text, err := whatsapp.Template{Name: "pedido", Body: test.body}.Preview(test.values)
		var e *whatsapp.TemplateValuesError
		if !errors.As(err, &e) || text != "" {
			t.Errorf("%s: got %q, %v", name, text, err)
			continue
		}
		if e.Name != "pedido" || e.Want != test.want || e.Got != test.got || !strings.Contains(e.Advice(), test.advice) || e.Error() == "" {
			t.Errorf("%s: got %+v: %v: %s", name, e, e, e.Advice())
		}
	}
}

// A template's text is what stands around its variables and the values, whatever they hold.
func TestTemplatePreviewProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.StringMatching(`[a-z{}1]{1,8}`)
		var body, want strings.Builder
		var values []string
		for i := range rapid.IntRange(0, 5).Draw(t, "variables") {
			values = append(values, value.Draw(t, "value"))
			piece := rapid.StringMatching(`[a-z{} ]{0,5}[a-z]`).Draw(t, "piece")
			body.WriteString(piece + "{{" + string(rune('1'+i)) + "}}")
			want.WriteString(piece + values[i])
		}
		body.WriteString("x")
		want.WriteString("x")
		template := whatsapp.Template{Body: body.String()}
		// A brace right in front of a variable, or a word in braces, would make another one.
		if template.Variables() != len(values) {
			t.Skip("the pieces make a variable of their own")
		}
		got, err := template.Preview(values)
		if err != nil || got != strings.TrimSpace(want.String()) {
			t.Fatalf("got %q, %v, want %q", got, err, want.String())
		}
	})
}
