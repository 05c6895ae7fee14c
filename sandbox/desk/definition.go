package desk

import (
	"slices"
	"strings"
)

// choice is one value that an action or a condition may have.
type choice struct {
	Value   string `json:"value"`
	Title   string `json:"title"`
	Enabled bool   `json:"enabled"`
}

// definition describes an action, or with operators a condition, to whoever builds rules.
type definition struct {
	Subject   string              `json:"subject"`
	Field     string              `json:"field"`
	Title     string              `json:"title"`
	Type      string              `json:"type"` // list, text or tags
	Group     string              `json:"group"`
	Repeat    bool                `json:"repeatable"`
	Nullable  bool                `json:"nullable"`
	Values    []choice            `json:"values,omitempty"`
	Operators []map[string]string `json:"operators,omitempty"`
}

func (s *Server) definitionRoutes() []route {
	return []route{
		rt("GET", "/api/v2/macros/actions", func(*call) (answer, error) { return ok(map[string]any{"actions": s.actionDefinitions(false)}) }),
		rt("GET", "/api/v2/macros/definitions", func(*call) (answer, error) {
			return ok(map[string]any{"definitions": map[string]any{"actions": s.actionDefinitions(false)}})
		}),
		rt("GET", "/api/v2/macros/categories", s.macroCategories),
		rt("GET", "/api/v2/triggers/definitions", func(*call) (answer, error) {
			conditions := s.conditionDefinitions()
			return ok(map[string]any{"definitions": map[string]any{
				"actions": s.actionDefinitions(true), "conditions_all": conditions, "conditions_any": conditions,
			}})
		}),
	}
}

// macroCategories are what stands before the first "::" of the macros' titles.
func (s *Server) macroCategories(*call) (answer, error) {
	names := []string{}
	for _, m := range s.macros.all() {
		if name, _, nested := strings.Cut(m.Title, "::"); nested && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return ok(map[string]any{"categories": names})
}

func define(field, title, kind string, values ...choice) definition {
	return definition{Subject: field, Field: field, Title: title, Type: kind, Group: "ticket", Values: values}
}

// actionDefinitions lists what act does; triggers also send and macros also comment.
func (s *Server) actionDefinitions(triggers bool) []definition {
	out := []definition{
		define("status", "Status", "list", plain(statusOpen, statusPending, statusHold, statusSolved)...),
		define("priority", "Prioridade", "list", plain("low", "normal", "high", "urgent")...),
		define("type", "Tipo", "list", plain("question", "incident", "problem", "task")...),
		define("group_id", "Grupo", "list", s.groupChoices()...),
		define("assignee_id", "Atribuído", "list", s.agentChoices()...),
		define("ticket_form_id", "Formulário", "list", s.formChoices()...),
		define("subject", "Assunto", "text"),
		define("set_tags", "Definir tags", "tags"),
		define("current_tags", "Adicionar tags", "tags"),
		define("remove_tags", "Remover tags", "tags"),
	}
	out = append(out, s.fieldDefinitions()...)
	if triggers {
		return append(out, define("notification_user", "E-mail ao usuário", "text"), define("notification_group", "E-mail ao grupo", "text"),
			define("notification_webhook", "Notificar webhook ativo", "list", s.webhookChoices()...))
	}
	return append(out, define("comment_value", "Comentário", "text"), define("comment_value_html", "Comentário formatado", "text"),
		define("comment_mode_is_public", "Modo do comentário", "list", plain("true", "false")...))
}

func (s *Server) conditionDefinitions() []definition {
	var out []definition
	for _, field := range conditionFields() {
		d := define(field, strings.ReplaceAll(field, "_", " "), "text")
		switch field {
		case "status":
			d.Type, d.Values = "list", plain(statusNew, statusOpen, statusPending, statusHold, statusSolved, statusClosed)
		case "update_type":
			d.Type, d.Values = "list", plain("Create", "Change")
		case "comment_is_public":
			d.Type, d.Values = "list", plain("true", "false", "not_relevant", "requester_can_see_comment")
		case "role":
			d.Type, d.Values = "list", append(plain("agent", "end_user"), s.agentChoices()...)
		case "group_id":
			d.Type, d.Values = "list", s.groupChoices()
		case "assignee_id":
			d.Type, d.Values = "list", s.agentChoices()
		}
		out = append(out, d)
	}
	out = append(out, s.fieldDefinitions()...)
	for i := range out {
		for _, operator := range conditionOperators() {
			out[i].Operators = append(out[i].Operators, map[string]string{"value": operator, "title": strings.ReplaceAll(operator, "_", " ")})
		}
	}
	return out
}

func (s *Server) fieldDefinitions() []definition {
	var out []definition
	for _, f := range s.fields.all() {
		if !f.Removable || !f.Active {
			continue
		}
		d := define("custom_fields_"+itoa(f.ID), f.Title, "text")
		for _, o := range f.CustomFieldOptions {
			d.Type, d.Values = "list", append(d.Values, choice{o.Value, o.Name, true})
		}
		out = append(out, d)
	}
	return out
}

// plain are values that are their own titles.
func plain(values ...string) []choice {
	out := make([]choice, len(values))
	for i, v := range values {
		out[i] = choice{v, v, true}
	}
	return out
}

func (s *Server) groupChoices() []choice {
	out := []choice{}
	for _, g := range s.groups.all() {
		out = append(out, choice{itoa(g.ID), g.Name, !g.Deleted})
	}
	return out
}

func (s *Server) agentChoices() []choice {
	out := []choice{{"current_user", "(usuário atual)", true}}
	for _, u := range s.users.where(func(u *user) bool { return u.staff() && u.Active }) {
		out = append(out, choice{itoa(u.ID), u.Name, true})
	}
	return out
}

func (s *Server) formChoices() []choice {
	out := []choice{}
	for _, f := range s.forms.all() {
		out = append(out, choice{itoa(f.ID), f.Name, f.Active})
	}
	return out
}

func (s *Server) webhookChoices() []choice {
	out := []choice{}
	for _, id := range s.webhooks.order {
		if w := s.webhooks.items[id]; w.onTriggers() {
			out = append(out, choice{w.ID, w.Name, w.Status == "active"})
		}
	}
	return out
}
