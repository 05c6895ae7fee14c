package provision

import (
	"context"
	"fmt"

	"github.com/ponte-desk/ponte/macros"
	"github.com/ponte-desk/ponte/zendesk"
)

// Result is what Apply did.
type Result struct {
	// Done counts the steps that were taken.
	Done int
	// Secret is what a webhook that was made now signs with; "" when none was made.
	Secret zendesk.Secret
}

// run is the carrying out of a plan.
type run struct {
	c  *zendesk.Client
	n  Needs
	at *places

	secret zendesk.Secret
}

// Apply carries a plan's steps out, in their order, and tells of each that is done; proposals are passed over. It ends at the first
// failure, which names its step: after it, Read and Diff plan the rest. What was done is told also then.
func Apply(ctx context.Context, c *zendesk.Client, p Plan, done func(Step)) (Result, error) {
	r := &run{c: c, n: p.needs, at: p.at}
	count := 0
	for _, s := range p.Steps {
		if s.Action == ActionPropose {
			continue
		}
		if err := s.do(ctx, r); err != nil {
			return Result{Done: count, Secret: r.secret}, fmt.Errorf("%s %s %q: %w", s.Action, s.Kind, s.Title, err)
		}
		count++
		done(s)
	}
	return Result{Done: count, Secret: r.secret}, nil
}

// describe is the description of something made now.
func (r *run) describe(what, print string) string { return mark{what, print}.describe(r.n.Language) }

func (r *run) makeGroup(ctx context.Context, name string) error {
	g, err := r.c.CreateGroup(ctx, zendesk.GroupCreate{Name: name, Description: r.describe("group", "")})
	if err != nil {
		return err
	}
	r.at.groups[macros.Normal(name)] = g.ID
	return nil
}

func (r *run) makeOrganizationField(ctx context.Context, want OrganizationField) error {
	_, err := r.c.CreateOrganizationField(ctx, zendesk.OrganizationFieldCreate{
		Type: want.Type, Key: want.Key, Title: want.Title, Description: r.describe("organization_field", ""), Options: want.Options,
	})
	return err
}

func (r *run) makeTicketField(ctx context.Context, want TicketField) error {
	in := zendesk.TicketFieldCreate{Type: want.Type, Title: want.Ref, AgentDescription: r.describe("ticket_field", "")}
	for _, o := range want.Options {
		in.Options = append(in.Options, r.at.offer(want.Ref, o))
	}
	f, err := r.c.CreateTicketField(ctx, in)
	if err != nil {
		return err
	}
	made := r.at.fields[macros.Normal(want.Ref)]
	made.id = f.ID
	r.at.fields[macros.Normal(want.Ref)] = made
	return nil
}

func (r *run) addOption(ctx context.Context, fieldID int64, ref string, o Option) error {
	_, err := r.c.AddTicketFieldOption(ctx, fieldID, r.at.offer(ref, o))
	return err
}

func (r *run) makeMacro(ctx context.Context, want Macro) error {
	_, err := r.c.CreateMacro(ctx, r.macro(want, want.Ref))
	return err
}

func (r *run) renewMacro(ctx context.Context, want Macro, have zendesk.Macro) error {
	_, err := r.c.UpdateMacro(ctx, have.ID, r.macro(want, have.Title))
	return err
}

// reviveMacro leaves a macro's actions as they are.
func (r *run) reviveMacro(ctx context.Context, have zendesk.Macro, title string) error {
	in := zendesk.MacroWrite{Title: title, Description: have.Description, Active: true, Actions: have.Actions}
	_, err := r.c.UpdateMacro(ctx, have.ID, in)
	return err
}

func (r *run) macro(want Macro, title string) zendesk.MacroWrite {
	actions := want.written(r.at)
	return zendesk.MacroWrite{Title: title, Description: r.describe(string(want.Role), macroPrint(actions)), Active: true, Actions: actions}
}

func (r *run) makeWebhook(ctx context.Context) error {
	w, err := r.c.CreateWebhook(ctx, zendesk.Webhook{
		Name: webhookName, Description: r.describe("webhook", ""), Status: zendesk.WebhookActive, Endpoint: r.n.Endpoint,
		HTTPMethod: "POST", RequestFormat: "json", Subscriptions: []string{zendesk.WebhookForTriggers},
	})
	if err != nil {
		return err
	}
	r.at.webhook = w.ID
	r.secret, err = r.c.WebhookSecret(ctx, w.ID)
	return err
}

// makeTrigger asks for the account's folders of triggers only when it is refused without one.
func (r *run) makeTrigger(ctx context.Context) error {
	t := hintTrigger(r.n, r.at.webhook)
	_, err := r.c.CreateTrigger(ctx, t)
	if kind := zendesk.KindOf(err); kind != zendesk.KindInvalid && kind != zendesk.KindBad {
		return err
	}
	folders, listErr := r.c.TriggerCategories(ctx)
	if listErr != nil || len(folders) == 0 {
		return err
	}
	t.CategoryID = folders[0].ID
	_, err = r.c.CreateTrigger(ctx, t)
	return err
}

// renewTrigger switches on what only was off, and writes anything else anew. People's words stay theirs.
func (r *run) renewTrigger(ctx context.Context, have zendesk.Trigger) error {
	next := hintTrigger(r.n, r.at.webhook)
	next.Title = ""
	if _, own := markIn(have.Description); !own {
		next.Description = ""
	}
	on := have
	on.Active = true
	if callsWebhook(on, r.at.webhook) && tellsAll(on, r.n.Tags) {
		next.Description, next.Conditions, next.Actions = "", have.Conditions, have.Actions
	}
	_, err := r.c.UpdateTrigger(ctx, have.ID, next)
	return err
}

func (r *run) makeView(ctx context.Context, want View) error {
	in := r.view(want)
	in.Output = &zendesk.ViewOutput{
		Columns: []string{"status", "subject", "requester", "organization", "assignee", "updated"}, SortBy: "updated", SortOrder: "asc",
	}
	_, err := r.c.CreateView(ctx, in)
	return err
}

func (r *run) renewView(ctx context.Context, want View, id int64) error {
	_, err := r.c.UpdateView(ctx, id, r.view(want))
	return err
}

func (r *run) view(want View) zendesk.ViewWrite {
	all := want.conditions(r.n, r.at)
	return zendesk.ViewWrite{
		Title: want.Title, Description: r.describe("view", rulePrint(zendesk.RuleConditions{All: all}, nil)), Active: true, All: all,
	}
}
