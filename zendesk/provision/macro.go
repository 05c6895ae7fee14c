package provision

import (
	"encoding/json"
	"slices"

	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/zendesk"
)

// Macro is a macro of a role.
type Macro struct {
	Role settings.MacroRole
	// Ref is its title or id.
	Ref     string
	actions []action
}

// action is a macro's action; its group or catalogue choice is known by name until the account is known.
type action struct {
	field, value string
	group        string // of field group_id, instead of value
	catalogue    string // the catalogue field, instead of field
	option       Option // its choice, instead of value
}

// macros adds the macros of a number's roles; the first number's settings shape a macro that several share.
func (n *Needs) macros(number settings.Number) {
	for _, role := range settings.MacroRoles() {
		ref := number.Desk.Macros[role]
		known := slices.ContainsFunc(n.Macros, func(m Macro) bool { return same(m.Ref, ref) })
		if ref != "" && !known {
			n.Macros = append(n.Macros, Macro{Role: role, Ref: ref, actions: actionsOf(role, number)})
		}
	}
}

// actionsOf is what the macro of a role does.
func actionsOf(role settings.MacroRole, n settings.Number) []action {
	tag := func(t string) action { return action{field: "current_tags", value: t} }
	status := func(s string) action { return action{field: "status", value: s} }
	chosen := func(path string) action {
		return action{catalogue: n.Desk.Fields.Catalogue, option: audited(path)}
	}
	switch role {
	case settings.RoleClosing:
		return []action{status(zendesk.StatusSolved), tag("atendimento_whatsapp")}
	case settings.RoleN2:
		return []action{{field: "group_id", group: n.Desk.N2}, status(zendesk.StatusOpen), tag("whatsapp_n2")}
	case settings.RoleFinancial:
		return []action{
			{field: "subject", value: n.Subjects.Financial},
			status(zendesk.StatusSolved), tag("whatsapp_pendencia_cadastro"),
			{field: "comment_mode_is_public", value: "false"},
			{field: "comment_value", value: financialNote(n.Language)},
		}
	case settings.RoleTransfer:
		return []action{tag("whatsapp_transferido")}
	case settings.RoleNotAssumed:
		return []action{tag("auditoria_nao_assumido"), status(zendesk.StatusSolved)}
	case settings.RoleClientAbandonment:
		return []action{tag("auditoria_abandono_cliente"), chosen(n.Catalogue.Abandoned), status(zendesk.StatusSolved)}
	case settings.RoleAgentAbandonment:
		return []action{tag("auditoria_abandono_analista"), chosen(n.Catalogue.Abandoned), status(zendesk.StatusOpen)}
	case settings.RoleAfterHours:
		return []action{tag("auditoria_fora_do_horario"), chosen(n.Catalogue.Others), status(zendesk.StatusSolved)}
	case settings.RoleAgentUnavailable:
		return []action{tag("auditoria_indisponibilidade"), chosen(n.Catalogue.Abandoned), status(zendesk.StatusPending)}
	case settings.RoleWrongTitle:
		return []action{tag("auditoria_titulo_incorreto")}
	}
	return nil
}

// financialNote is the internal note of a ticket that a financial pending ends.
func financialNote(l settings.Language) string {
	if l == settings.LanguageEN {
		return "The customer was asked to contact the finance team about a pending in the registration."
	}
	return "Cliente orientado a procurar o CST por pendência no cadastro."
}

// written are a macro's actions as the account takes them; those whose group or choice the account does not have are left out.
func (m Macro) written(at *places) []zendesk.MacroAction {
	var out []zendesk.MacroAction
	for _, a := range m.actions {
		field, value := a.field, a.value
		if a.field == "group_id" {
			value = at.group(a.group)
		}
		if a.option.Path != "" {
			field, value = at.choice(a.catalogue, a.option)
		}
		if field != "" && value != "" {
			out = append(out, zendesk.MacroAction{Field: field, Value: quoted(value)})
		}
	}
	return out
}

// quoted is a text, or a list of texts, as JSON.
func quoted(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		return json.RawMessage("null") // texts can always be written
	}
	return raw
}
