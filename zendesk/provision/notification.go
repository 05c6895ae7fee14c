package provision

import (
	"context"
	"slices"
	"strings"

	"github.com/ponte-desk/ponte/zendesk"
)

// viaAPI is how conditions spell "through the API", by which Ponte writes.
const viaAPI = "5"

// notifications looks for triggers that would e-mail customers what they read on WhatsApp. They are people's.
func (d *differ) notifications() {
	if !d.h.reads(KindTrigger) {
		return
	}
	for _, t := range d.h.Triggers {
		if !disturbs(t, d.n.Tags) {
			continue
		}
		next := zendesk.TriggerWrite{Active: t.Active, Conditions: t.Conditions, Actions: t.Actions}
		next.Conditions.All = append(slices.Clone(t.Conditions.All), tagged("not_includes", d.n.Tags))
		d.ask(Step{
			Kind: KindNotification, Title: t.Title, Flag: FlagQuiet,
			Text: say("The trigger %q e-mails the customers of WhatsApp's tickets: add the condition current_tags not_includes %s",
				"O gatilho %q envia e-mail a quem escreve pelo WhatsApp: incluir a condição current_tags not_includes %s",
				t.Title, strings.Join(d.n.Tags, " ")),
			do: func(ctx context.Context, r *run) error {
				_, err := r.c.UpdateTrigger(ctx, t.ID, next)
				return err
			},
		})
	}
}

// disturbs reports whether a trigger e-mails customers when Ponte writes on a WhatsApp ticket.
func disturbs(t zendesk.Trigger, tags []string) bool {
	mails := slices.ContainsFunc(t.Actions, mailsCustomer)
	return t.Active && mails && !slices.ContainsFunc(t.Conditions.All, func(c zendesk.RuleCondition) bool { return spares(c, tags) })
}

// mailsCustomer is an action that e-mails the requester, with or without those in copy.
func mailsCustomer(a zendesk.RuleAction) bool {
	texts := a.Texts()
	if len(texts) == 0 || a.Field != "notification_user" {
		return false
	}
	return strings.HasPrefix(texts[0], "requester") || texts[0] == "email_ccs"
}

// spares is a condition that never holds when Ponte writes on a WhatsApp ticket: it wants other tags, an end user or another way
// than the API, a private ticket, or somebody else's channel.
func spares(c zendesk.RuleCondition, tags []string) bool {
	value := c.Text()
	switch c.Field {
	case fieldTags:
		return c.Operator == "not_includes" && covers(value, tags)
	case "role":
		return c.Operator == "is" && (value == "end_user" || value == "end-user")
	case "current_via_id":
		return c.Operator == "is" && value != viaAPI || c.Operator == "is_not" && value == viaAPI
	case "ticket_is_public":
		return c.Operator == "is" && value == "private"
	}
	return false
}
