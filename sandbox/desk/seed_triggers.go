package desk

import (
	"crypto/rand"
	"strings"
)

// hintBody is what the seeded trigger sends to Ponte.
const hintBody = `{"ticket_id":"{{ticket.id}}","external_id":"{{ticket.external_id}}","status":"{{ticket.status}}",` +
	`"updated_at":"{{ticket.updated_at_with_timestamp}}","actor_id":"{{current_user.id}}","group_id":"{{ticket.group.id}}",` +
	`"assignee_id":"{{ticket.assignee.id}}","organization_id":"{{ticket.organization.id}}","tags":"{{ticket.tags}}"}`

// seedTriggers makes the triggers of a desk in use and Ponte's own with its webhook.
func (s *Server) seedTriggers(*seedPlan) error {
	list := standardTriggers()
	for _, t := range list {
		t.Active = t.Title != allAgentsTitle // a desk in use has had enough of it
		if s.cfg.Seed == SeedMuted && t.toRequester() {
			t.Conditions.All = append(t.Conditions.All, cond("current_tags", "not_includes", "whatsapp"))
		}
	}
	if s.cfg.WebhookURL != "" {
		hint, err := s.seedWebhook()
		if err != nil {
			return err
		}
		list = append(list, hint)
	}
	return s.saveTriggers(list)
}

func (s *Server) saveTriggers(list []*trigger) error {
	for i, t := range list {
		t.Position = i + 1
		if err := s.checkTrigger(t); err != nil {
			return err
		}
		if err := s.triggers.save(s, t); err != nil {
			return err
		}
	}
	return nil
}

// toRequester tells a trigger that e-mails the customer.
func (t *trigger) toRequester() bool {
	for _, a := range t.Actions {
		if a.Field == "notification_user" && strings.HasPrefix(a.text(), "requester") {
			return true
		}
	}
	return false
}

const allAgentsTitle = "Notificar todos os agentes sobre solicitação recebida"

// standardTriggers are those that every new account has; most of them send e-mails.
func standardTriggers() []*trigger {
	mail := func(whom, subject, body string) action {
		return act("notification_user", []string{whom, subject, body})
	}
	standard := func(title string, does action, all ...condition) *trigger {
		return &trigger{Title: title, Active: true, Default: true, Conditions: conditions{All: all}, Actions: []action{does}}
	}
	return []*trigger{
		standard("Notificar solicitante e CCs sobre solicitação recebida",
			mail("requester_and_ccs", "[Solicitação recebida] {{ticket.title}}", "Sua solicitação ({{ticket.id}}) foi recebida e está sendo analisada."),
			cond("update_type", "is", "Create"), cond("status", "is_not", statusSolved), cond("ticket_is_public", "is", "public"),
			cond("comment_is_public", "is", "true")),
		standard("Notificar solicitante e CCs sobre atualização de comentário",
			mail("requester_and_ccs", "[{{ticket.id}}] {{ticket.title}}", "{{ticket.latest_public_comment}}"),
			cond("update_type", "is", "Change"), cond("comment_is_public", "is", "requester_can_see_comment"),
			cond("ticket_is_public", "is", "public")),
		standard("Notificar atribuído sobre atualização de comentário",
			mail("assignee_id", "[{{ticket.id}}] Ticket atualizado: {{ticket.title}}", "{{ticket.latest_comment}}"),
			cond("update_type", "is", "Change"), cond("comment_is_public", "is", "not_relevant"),
			cond("assignee_id", "is_not", "current_user"), cond("assignee_id", "not_changed", ""),
			cond("status", "not_value_previous", statusSolved)),
		standard("Notificar atribuído sobre atribuição",
			mail("assignee_id", "[{{ticket.id}}] Ticket atribuído: {{ticket.title}}", "Este ticket foi atribuído a você."),
			cond("assignee_id", "changed", ""), cond("assignee_id", "is_not", "current_user")),
		standard("Notificar atribuído sobre ticket reaberto",
			mail("assignee_id", "[{{ticket.id}}] Ticket reaberto: {{ticket.title}}", "Este ticket foi reaberto."),
			cond("assignee_id", "is_not", "current_user"), cond("status", "value_previous", statusSolved), cond("status", "is_not", statusClosed)),
		standard("Notificar grupo sobre atribuição",
			act("notification_group", []string{"group_id", "[{{ticket.id}}] Ticket do grupo: {{ticket.title}}", "Este ticket foi atribuído ao grupo {{ticket.group.name}}."}),
			cond("group_id", "changed", ""), cond("group_id", "is_not", ""), cond("assignee_id", "is", "")),
		standard(allAgentsTitle,
			mail("all_agents", "[{{ticket.id}}] {{ticket.title}}", "Uma solicitação de {{ticket.requester.name}} foi recebida."),
			cond("update_type", "is", "Create"), cond("status", "is_not", statusSolved)),
		standard("Atribuir ao primeiro agente que responder por e-mail", act("assignee_id", "current_user"),
			cond("update_type", "is", "Change"), cond("current_via_id", "is", viaID(channelEmail)), cond("role", "is", "agent"),
			cond("assignee_id", "is", ""), cond("status", "is_not", statusSolved)),
	}
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
		Title: "Ponte: mudança em ticket do WhatsApp", Active: true,
		Conditions: conditions{All: []condition{
			cond("update_type", "is", "Change"), cond("current_tags", "includes", "whatsapp"),
		}},
		Actions: []action{act("notification_webhook", []string{w.ID, hintBody})},
	}, nil
}

// followConfig gives the seeded webhook the address and secret of today's configuration.
func (s *Server) followConfig() error {
	var id string
	if err := loadOne(s, "seeded_webhook", &id); err != nil {
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
