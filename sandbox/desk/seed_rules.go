package desk

import (
	"crypto/rand"
	"fmt"
)

// hintBody is what the seeded trigger sends to Ponte.
const hintBody = `{"ticket_id":"{{ticket.id}}","external_id":"{{ticket.external_id}}","status":"{{ticket.status}}",` +
	`"updated_at":"{{ticket.updated_at_with_timestamp}}","actor_id":"{{current_user.id}}"}`

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
		{"Auditoria Whatsapp |Ticket não assumido", []action{act("current_tags", "auditoria_nao_assumido"), act("status", statusSolved)}},
		{"Auditoria Whatsapp | Abandono do Cliente", []action{
			act("current_tags", "auditoria_abandono_cliente"), act(catalogue, "abandono_de_chat"), act("status", statusSolved),
		}},
		{"Auditoria Whatsapp | Abandono do analista", []action{
			act("current_tags", "auditoria_abandono_analista"), act(catalogue, "abandono_de_chat"), act("status", statusOpen),
		}},
		{"Auditoria Whatsapp | Fora do horário", []action{
			act("current_tags", "auditoria_fora_do_horario"), act(catalogue, "z_outros"), act("status", statusSolved),
		}},
		{"Auditoria Whatsapp | Indisponibilidade do analista", []action{
			act("current_tags", "auditoria_indisponibilidade"), act(catalogue, "abandono_de_chat"), act("status", statusPending),
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

func (s *Server) seedViews(p *seedPlan) error {
	unsolved := cond("status", "less_than", statusSolved)
	for _, v := range []struct {
		title string
		all   []condition
	}{
		{"Seus tickets não resolvidos", []condition{unsolved, cond("assignee_id", "is", "current_user")}},
		{"Tickets não atribuídos", []condition{unsolved, cond("assignee_id", "is", "")}},
		{"Todos os tickets não resolvidos", []condition{unsolved}},
		{"Tickets pendentes", []condition{cond("status", "is", statusPending)}},
		{"Resolvidos recentemente", []condition{cond("status", "is", statusSolved)}},
		{"WINTHOR WHATSAPP", []condition{unsolved, cond("group_id", "is", itoa(p.groups["WINTHOR WHATSAPP"]))}},
	} {
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

// seedTriggers makes the triggers that every new account has — they send e-mails — and Ponte's own with its webhook.
func (s *Server) seedTriggers(*seedPlan) error {
	list := []*trigger{
		{
			Title: "Notificar solicitante e CCs sobre solicitação recebida", Default: true,
			Conditions: conditions{All: []condition{
				cond("update_type", "is", "Create"), cond("status", "is_not", statusSolved), cond("ticket_is_public", "is", "public"),
				cond("comment_is_public", "is", "true"),
			}},
			Actions: []action{act("notification_user", []string{
				"requester_and_ccs", "[Solicitação recebida] {{ticket.title}}", "Sua solicitação ({{ticket.id}}) foi recebida e está sendo analisada.",
			})},
		},
		{
			Title: "Notificar solicitante e CCs sobre atualização de comentário", Default: true,
			Conditions: conditions{All: []condition{
				cond("update_type", "is", "Change"), cond("comment_is_public", "is", "requester_can_see_comment"),
				cond("ticket_is_public", "is", "public"),
			}},
			Actions: []action{act("notification_user", []string{
				"requester_and_ccs", "[{{ticket.id}}] {{ticket.title}}", "{{ticket.latest_public_comment}}",
			})},
		},
		{
			Title: "Notificar atribuído sobre atribuição", Default: true,
			Conditions: conditions{All: []condition{cond("assignee_id", "changed", "")}},
			Actions: []action{act("notification_user", []string{
				"assignee_id", "[{{ticket.id}}] Ticket atribuído: {{ticket.title}}", "Este ticket foi atribuído a você.",
			})},
		},
	}
	if s.cfg.WebhookURL != "" {
		hint, err := s.seedWebhook()
		if err != nil {
			return err
		}
		list = append(list, hint)
	}
	for i, t := range list {
		t.Active, t.Position = true, i+1
		if err := s.checkTrigger(t); err != nil {
			return err
		}
		if err := s.triggers.save(s, t); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) seedWebhook() (*trigger, error) {
	w := &webhook{
		ID: "01" + rand.Text()[:24], Name: "Ponte", Description: "Mudanças em tickets do WhatsApp", Subscriptions: []string{onTriggersOnly},
		Endpoint: s.cfg.WebhookURL, SigningSecret: newSecret(), CreatedAt: s.stamp(), CreatedBy: itoa(s.integrationUser().ID),
	}
	if s.cfg.WebhookSecret != "" {
		w.SigningSecret.Secret = s.cfg.WebhookSecret
	}
	if err := s.saveWebhook(&call{}, w); err != nil {
		return nil, err
	}
	if err := s.store("meta", "seeded_webhook", w.ID); err != nil {
		return nil, err
	}
	return &trigger{
		Title: "Ponte: mudança em ticket do WhatsApp",
		Conditions: conditions{All: []condition{
			cond("update_type", "is", "Change"), cond("current_tags", "includes", "whatsapp"),
		}},
		Actions: []action{act("notification_webhook", []string{w.ID, hintBody})},
	}, nil
}

// followConfig gives the seeded webhook the address and secret of today's configuration.
func (s *Server) followConfig() error {
	var id string
	if err := loadOne(s, "meta", "seeded_webhook", &id); err != nil {
		return err
	}
	w := s.webhooks.items[id]
	if w == nil || s.cfg.WebhookURL == "" {
		return nil
	}
	next := *w
	next.Endpoint = s.cfg.WebhookURL
	if s.cfg.WebhookSecret != "" {
		next.SigningSecret = &signingSecret{Algorithm: "SHA256", Secret: s.cfg.WebhookSecret}
	}
	if next.Endpoint == w.Endpoint && next.SigningSecret.Secret == w.SigningSecret.Secret {
		return nil
	}
	return s.keepWebhook(&next)
}
