package desk

import "fmt"

func act(field string, value any) action { return action{field, mustJSON(value)} }

func cond(field, operator, value string) condition {
	return condition{field, operator, mustJSON(value)}
}

func (s *Server) seedMacros(p *seedPlan) error {
	s.behind = 90 * day
	field := func(title string) string { return fmt.Sprintf("custom_fields_%d", p.fields[title]) }
	catalogue := field("Catálogo de serviços")
	for _, m := range []struct {
		title   string
		actions []action
	}{
		{"Atendimento Whatsapp (Oficial)", []action{act("status", statusSolved), act("current_tags", "atendimento_whatsapp")}},
		{"1. Atendimento Whatsapp Transferência N2(oficial)", []action{
			act("group_id", itoa(p.groups["Suporte N2"])), act("current_tags", "whatsapp_n2"), act("status", statusOpen),
			act("comment_mode_is_public", "false"),
			act("comment_value", "Contato: \nTelefone: \nResumo: "),
		}},
		{"3. Atendimento Whatsapp - Pendência no Cadastro do Cliente (oficial)", []action{
			act("subject", "Whats - Pendência no Cadastro"), act("current_tags", "whatsapp_pendencia_cadastro"), act("status", statusSolved),
			act("comment_mode_is_public", "false"),
			act("comment_value", "Cliente orientado a procurar o CST por pendência no cadastro."),
		}},
		{"Atendimento Whatsapp Transferência", []action{act("current_tags", "whatsapp_transferido")}},
		{"Auditoria Whatsapp |Ticket não assumido", []action{
			act("current_tags", "auditoria_nao_assumido"), act("status", statusSolved), act("comment_mode_is_public", "false"),
			act("comment_value", "Auditoria: o atendimento foi feito sem que o ticket fosse assumido."),
		}},
		{"Auditoria Whatsapp | Abandono do Cliente", []action{
			act("current_tags", "auditoria_abandono_cliente"), act(catalogue, "abandono_de_chat"), act("status", statusSolved),
		}},
		{"Auditoria Whatsapp | Abandono do analista", []action{
			act("current_tags", "auditoria_abandono_analista"), act(catalogue, "abandono_de_chat"), act("status", statusOpen),
			act("comment_mode_is_public", "false"),
			act("comment_value", "Auditoria: o cliente ficou sem resposta. Retome o atendimento."),
		}},
		{"Auditoria Whatsapp | Fora do horário", []action{
			act("current_tags", "auditoria_fora_do_horario"), act(catalogue, "z_outros"), act("status", statusSolved),
		}},
		{"Auditoria Whatsapp | Indisponibilidade do analista", []action{
			act("current_tags", "auditoria_indisponibilidade"), act(catalogue, "abandono_de_chat"), act("status", statusPending),
			act("comment_mode_is_public", "false"), act("comment_value", "Auditoria: nenhum atendente assumiu a conversa."),
		}},
		{"Auditoria Whatsapp | Título incorreto", []action{act("current_tags", "auditoria_titulo_incorreto")}},
		{"Pedir mais informações", []action{
			act("comment_mode_is_public", "true"), act("status", statusPending),
			act("comment_value", []string{"channel:all", "Olá, {{ticket.requester.first_name}}! Para continuar, envie por favor o número da rotina e uma imagem da tela."}),
		}},
	} {
		saved := &macro{Title: m.title, RawTitle: m.title, Active: true, Position: 1 + len(s.macros.order), Actions: m.actions}
		if err := s.macros.save(s, saved); err != nil {
			return err
		}
	}
	return nil
}

// seededView is a view in few words.
type seededView struct {
	title string
	all   []condition
}

// standardViews are those that every account has.
func standardViews() []seededView {
	unsolved := cond("status", "less_than", statusSolved)
	return []seededView{
		{"Seus tickets não resolvidos", []condition{unsolved, cond("assignee_id", "is", "current_user")}},
		{"Tickets não atribuídos", []condition{unsolved, cond("assignee_id", "is", "")}},
		{"Todos os tickets não resolvidos", []condition{unsolved}},
		{"Tickets pendentes", []condition{cond("status", "is", statusPending)}},
		{"Resolvidos recentemente", []condition{cond("status", "is", statusSolved)}},
	}
}

func (s *Server) seedViews(p *seedPlan) error {
	queue := []condition{cond("status", "less_than", statusSolved), cond("group_id", "is", itoa(p.groups["WINTHOR WHATSAPP"]))}
	return s.saveViews(append(standardViews(), seededView{"WINTHOR WHATSAPP", queue}))
}

func (s *Server) saveViews(list []seededView) error {
	for _, v := range list {
		saved := &view{Title: v.title, Active: true, Position: 1 + len(s.views.order), All: v.all}
		if err := checkView(saved); err != nil {
			return err
		}
		if err := s.views.save(s, saved); err != nil {
			return err
		}
	}
	return nil
}
