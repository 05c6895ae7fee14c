package provision

import (
	"context"
	"slices"
	"strings"

	"github.com/ponte-desk/ponte/zendesk"
)

// What Ponte calls its own trigger and webhook.
const (
	triggerTitle = "Ponte: mudança em ticket do WhatsApp"
	webhookName  = "Ponte"
)

// Fields of triggers.
const (
	actionWebhook = "notification_webhook"
	fieldTags     = "current_tags"
	fieldUpdate   = "update_type"
)

// HintBody is what the trigger has the webhook send. Ids that are empty tell that the ticket has none.
// Source: https://support.zendesk.com/hc/en-us/articles/4408886858138.
const HintBody = `{"ticket_id":"{{ticket.id}}","external_id":"{{ticket.external_id}}","status":"{{ticket.status}}",` +
	`"updated_at":"{{ticket.updated_at_with_timestamp}}","actor_id":"{{current_user.id}}","group_id":"{{ticket.group.id}}",` +
	`"assignee_id":"{{ticket.assignee.id}}","organization_id":"{{ticket.organization.id}}","tags":"{{ticket.tags}}"}`

func condition(field, operator, value string) zendesk.RuleCondition {
	return zendesk.RuleCondition{Field: field, Operator: operator, Value: quoted(value)}
}

// tagged is a condition on the tags of which each ticket has one.
func tagged(operator string, tags []string) zendesk.RuleCondition {
	return condition(fieldTags, operator, strings.Join(tags, " "))
}

// hintTrigger is the trigger that tells Ponte of changes. Ponte's own changes are told, too: who made a change stands in the body.
func hintTrigger(n Needs, webhook string) zendesk.TriggerWrite {
	t := zendesk.TriggerWrite{
		Title: triggerTitle, Active: true,
		Conditions: zendesk.RuleConditions{
			All: []zendesk.RuleCondition{tagged("includes", n.Tags)},
			Any: []zendesk.RuleCondition{condition(fieldUpdate, "is", "Create"), condition(fieldUpdate, "is", "Change")},
		},
		Actions: []zendesk.RuleAction{{Field: actionWebhook, Value: quoted([]string{webhook, HintBody})}},
	}
	t.Description = mark{"trigger", rulePrint(t.Conditions, t.Actions)}.describe(n.Language)
	return t
}

func (d *differ) webhook() {
	if !d.h.reads(KindWebhook) {
		return
	}
	have, ok := d.h.Webhook(d.n.Endpoint)
	step := Step{Kind: KindWebhook, Title: webhookName, Lacking: true}
	if !ok {
		d.at.webhook = "unmade"
		step.Text = say("Create the webhook %q to %s", "Criar o webhook %q para %s", webhookName, d.n.Endpoint)
		step.do = func(ctx context.Context, r *run) error { return r.makeWebhook(ctx) }
		d.do(ActionCreate, step)
		return
	}
	d.at.webhook, step.Title = have.ID, have.Name
	next := have
	next.Endpoint, next.Status = d.n.Endpoint, zendesk.WebhookActive
	switch {
	case have.Endpoint != next.Endpoint:
		step.Text = say("Lead the webhook %q to %s", "Direcionar o webhook %q para %s", have.Name, d.n.Endpoint)
	case have.Status != next.Status:
		step.Text = say("Activate the webhook %q", "Ativar o webhook %q", have.Name)
	default:
		return
	}
	step.do = func(ctx context.Context, r *run) error { return r.c.UpdateWebhook(ctx, next) }
	d.own(have.Description, step)
}

func (d *differ) trigger() {
	if !d.h.reads(KindWebhook, KindTrigger) {
		return
	}
	calls := func(t zendesk.Trigger) bool { return callsWebhook(t, d.at.webhook) }
	if t, ok := first(d.h.Triggers, func(t zendesk.Trigger) bool { return calls(t) && tellsAll(t, d.n.Tags) }); ok {
		d.refresh(t)
		return
	}
	own := func(t zendesk.Trigger) bool { left, ok := markIn(t.Description); return ok && left.what == "trigger" }
	have, ok := first(d.h.Triggers, own)
	if !ok {
		have, ok = first(d.h.Triggers, calls)
	}
	step := Step{Kind: KindTrigger, Title: triggerTitle, Lacking: true}
	if !ok {
		step.Text = say("Create the trigger %q", "Criar o gatilho %q", triggerTitle)
		step.do = func(ctx context.Context, r *run) error { return r.makeTrigger(ctx) }
		d.do(ActionCreate, step)
		return
	}
	step.Title = have.Title
	step.Text = say("Have the trigger %q tell Ponte of every change of WhatsApp's tickets",
		"Fazer o gatilho %q avisar o Ponte de toda mudança nos tickets do WhatsApp", have.Title)
	if !have.Active {
		step.Text = say("Activate the trigger %q", "Ativar o gatilho %q", have.Title)
	}
	step.do = func(ctx context.Context, r *run) error { return r.renewTrigger(ctx, have) }
	d.own(have.Description, step)
}

// refresh updates a trigger that works, as an older version of Ponte wrote it, unless people changed it since.
func (d *differ) refresh(have zendesk.Trigger) {
	left, own := markIn(have.Description)
	want := hintTrigger(d.n, d.at.webhook)
	if !own || left.print != rulePrint(have.Conditions, have.Actions) || left.print == rulePrint(want.Conditions, want.Actions) {
		return
	}
	d.do(ActionUpdate, Step{
		Kind: KindTrigger, Title: have.Title, Text: say("Update the trigger %q", "Atualizar o gatilho %q", have.Title),
		do: func(ctx context.Context, r *run) error {
			next := hintTrigger(r.n, r.at.webhook)
			next.Title = ""
			_, err := r.c.UpdateTrigger(ctx, have.ID, next)
			return err
		},
	})
}

// callsWebhook reports whether a trigger calls a webhook.
func callsWebhook(t zendesk.Trigger, id string) bool {
	return slices.ContainsFunc(t.Actions, func(a zendesk.RuleAction) bool {
		texts := a.Texts()
		return a.Field == actionWebhook && len(texts) > 0 && texts[0] == id
	})
}

// tellsAll reports whether a trigger fires at every change of WhatsApp's tickets and tells which one it was.
func tellsAll(t zendesk.Trigger, tags []string) bool {
	tells := slices.ContainsFunc(t.Actions, func(a zendesk.RuleAction) bool {
		texts := a.Texts()
		return a.Field == actionWebhook && len(texts) > 1 && strings.Contains(texts[1], `"ticket_id"`) && strings.Contains(texts[1], "{{ticket.id}}")
	})
	narrow := slices.ContainsFunc(t.Conditions.All, func(c zendesk.RuleCondition) bool {
		return !onChange(c) && (c.Field != fieldTags || c.Operator != "includes" || !covers(c.Text(), tags))
	})
	some := t.Conditions.Any
	return t.Active && tells && !narrow && (len(some) == 0 || slices.ContainsFunc(some, onChange))
}

// onChange is the condition that holds at every change of a ticket.
func onChange(c zendesk.RuleCondition) bool {
	return c.Field == fieldUpdate && (c.Operator == "is" && c.Text() == "Change" || c.Operator == "is_not" && c.Text() == "Create")
}

// covers reports whether a condition's tags, parted by blanks, hold all of tags.
func covers(value string, tags []string) bool {
	have := strings.FieldsFunc(value, func(r rune) bool { return r == ' ' || r == ',' })
	return !slices.ContainsFunc(tags, func(tag string) bool { return !slices.Contains(have, tag) })
}
