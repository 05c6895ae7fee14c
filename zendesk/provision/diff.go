package provision

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/ponte-desk/ponte/macros"
	"github.com/ponte-desk/ponte/zendesk"
)

// Diff plans how an account comes to have what is needed. It calls nobody.
func Diff(n Needs, h Have, o Options) Plan {
	d := &differ{n: n, h: h, o: o, at: newPlaces(n, h)}
	d.groups()
	d.organizationFields()
	d.ticketFields()
	d.webhook()
	d.trigger()
	d.macros()
	d.views()
	d.notifications()
	return Plan{Steps: d.steps, needs: n, at: newPlaces(n, h)}
}

// differ collects steps.
type differ struct {
	n     Needs
	h     Have
	o     Options
	at    *places // as they will be
	steps []Step
}

// do adds a step that Ponte may take by itself.
func (d *differ) do(a Action, s Step) {
	s.Action = a
	d.steps = append(d.steps, s)
}

// ask adds a step that touches what people made: it is taken with its flag, else proposed. It returns whether it is taken.
func (d *differ) ask(s Step) bool {
	s.Action, s.Foreign = ActionPropose, true
	if s.Flag == FlagAdopt && d.o.Adopt || s.Flag == FlagQuiet && d.o.Quiet {
		s.Action = ActionUpdate
	}
	if s.Action == ActionPropose {
		s.do = nil
	}
	d.steps = append(d.steps, s)
	return s.Action == ActionUpdate
}

func (d *differ) groups() {
	if !d.h.reads(KindGroup) {
		return
	}
	for _, ref := range d.n.Groups {
		if _, ok := d.h.group(ref); ok {
			continue
		}
		if idOf(ref) != 0 {
			d.ask(Step{Kind: KindGroup, Title: ref, Lacking: true, Text: say("There is no group with the id %s: correct the settings",
				"Não existe grupo com o id %s: corrija as configurações", ref)})
			continue
		}
		d.at.groups[macros.Normal(ref)] = unmade
		d.do(ActionCreate, Step{
			Kind: KindGroup, Title: ref, Lacking: true,
			Text: say("Create the group %q; add its agents by hand", "Criar o grupo %q; inclua os agentes manualmente", ref),
			do:   func(ctx context.Context, r *run) error { return r.makeGroup(ctx, ref) },
		})
	}
}

func (d *differ) organizationFields() {
	if !d.h.reads(KindOrganizationField) {
		return
	}
	for _, want := range d.n.OrganizationFields {
		have, ok := first(d.h.OrganizationFields, func(f zendesk.OrganizationField) bool { return f.Key == want.Key })
		step := Step{Kind: KindOrganizationField, Title: want.Key, Lacking: true}
		switch {
		case !ok:
			step.Text = say("Create the organisation field %q (%s)", "Criar o campo de organização %q (%s)", want.Title, want.Key)
			step.do = func(ctx context.Context, r *run) error { return r.makeOrganizationField(ctx, want) }
			d.do(ActionCreate, step)
		case !fits(want.Type, have.Type):
			step.Text = say("The organisation field %q is of type %s, not %s: name another one in the settings",
				"O campo de organização %q é do tipo %s, não %s: indique outro nas configurações", want.Key, have.Type, want.Type)
			d.ask(step)
		case have.Type == zendesk.FieldDropdown && lacks(want.Options, have.Options):
			step.Text = say("The organisation field %q lacks the options Não and Sim: add them",
				"Faltam as opções Não e Sim no campo de organização %q: inclua-as", want.Key)
			d.ask(step)
		case !have.Active:
			step.Flag = FlagAdopt
			step.Text = say("Activate the organisation field %q", "Ativar o campo de organização %q", want.Key)
			step.do = func(ctx context.Context, r *run) error {
				_, err := r.c.ActivateOrganizationField(ctx, have.ID)
				return err
			}
			d.ask(step)
		}
	}
}

// lacks reports whether an option is missing, by its name or the end of its value, accents and case aside.
func lacks(want []zendesk.FieldOptionWrite, have []zendesk.FieldOption) bool {
	return slices.ContainsFunc(want, func(w zendesk.FieldOptionWrite) bool {
		return !slices.ContainsFunc(have, func(h zendesk.FieldOption) bool {
			return slug(h.Name) == slug(w.Name) || strings.HasSuffix("_"+slug(h.Value), "_"+slug(w.Name))
		})
	})
}

// fits reports whether a field of a type can stand for one of the wanted type.
func fits(want, have string) bool {
	likewise := map[string][]string{
		zendesk.FieldText:     {zendesk.FieldTextarea, zendesk.FieldRegexp},
		zendesk.FieldTextarea: {zendesk.FieldText},
		zendesk.FieldInteger:  {zendesk.FieldDecimal, zendesk.FieldText, zendesk.FieldTextarea, zendesk.FieldRegexp},
		zendesk.FieldTagger:   {zendesk.FieldDropdown},
		zendesk.FieldDropdown: {zendesk.FieldTagger, zendesk.FieldCheckbox, zendesk.FieldText},
	}
	return want == have || slices.Contains(likewise[want], have)
}

func (d *differ) ticketFields() {
	if !d.h.reads(KindTicketField) {
		return
	}
	for _, want := range d.n.TicketFields {
		have, ok := d.h.ticketField(want.Ref)
		step := Step{Kind: KindTicketField, Title: want.Ref, Lacking: true}
		switch {
		case !ok && idOf(want.Ref) != 0:
			step.Text = say("There is no ticket field with the id %s: correct the settings",
				"Não existe campo de ticket com o id %s: corrija as configurações", want.Ref)
			d.ask(step)
		case !ok:
			d.makeTicketField(want, step)
		case !fits(want.Type, have.Type):
			step.Text = say("The ticket field %q is of type %s, not %s: name another one in the settings",
				"O campo de ticket %q é do tipo %s, não %s: indique outro nas configurações", want.Ref, have.Type, want.Type)
			d.ask(step)
		default:
			d.activateTicketField(have, step)
			d.options(want, have)
		}
	}
}

func (d *differ) makeTicketField(want TicketField, step Step) {
	d.at.fields[macros.Normal(want.Ref)] = field{id: unmade}
	for _, o := range want.Options {
		d.at.offer(want.Ref, o)
	}
	step.Text = say("Create the ticket field %q (%s)", "Criar o campo de ticket %q (%s)", want.Ref, want.Type)
	step.do = func(ctx context.Context, r *run) error { return r.makeTicketField(ctx, want) }
	d.do(ActionCreate, step)
}

func (d *differ) activateTicketField(have zendesk.DescribedTicketField, step Step) {
	if have.Active {
		return
	}
	step.Text = say("Activate the ticket field %q", "Ativar o campo de ticket %q", have.Title)
	step.do = func(ctx context.Context, r *run) error {
		_, err := r.c.ActivateTicketField(ctx, have.ID)
		return err
	}
	d.own(have.AgentDescription, step)
}

// options adds the catalogue's choices that Ponte uses.
func (d *differ) options(want TicketField, have zendesk.DescribedTicketField) {
	for _, o := range want.Options {
		if _, ok := o.find(have.Options); ok {
			continue
		}
		step := Step{
			Kind: KindOption, Title: o.Path, Lacking: true,
			Text: say("Add %q to the options of %q", "Incluir %q nas opções de %q", o.Path, have.Title),
			do:   func(ctx context.Context, r *run) error { return r.addOption(ctx, have.ID, want.Ref, o) },
		}
		if d.own(have.AgentDescription, step) {
			d.at.offer(want.Ref, o)
		}
	}
}

// own takes a step on a thing that Ponte made, or asks for one that people made. It returns whether it is taken.
func (d *differ) own(description string, s Step) bool {
	if _, ok := markIn(description); ok {
		d.do(ActionUpdate, s)
		return true
	}
	s.Flag = FlagAdopt
	return d.ask(s)
}

func (d *differ) macros() {
	if !d.h.reads(KindMacro) {
		return
	}
	for _, want := range d.n.Macros {
		have, ok := d.h.macro(want, func(title string) bool {
			return slices.ContainsFunc(d.n.Macros, func(m Macro) bool { return same(m.Ref, title) })
		})
		step := Step{Kind: KindMacro, Title: want.Ref, Role: want.Role, Lacking: true}
		switch {
		case !ok && idOf(want.Ref) != 0:
			step.Text = say("There is no macro with the id %s (%s): correct the settings",
				"Não existe macro com o id %s (%s): corrija as configurações", want.Ref, want.Role)
			d.ask(step)
		case !ok:
			step.Text = say("Create the macro %q (%s)", "Criar a macro %q (%s)", want.Ref, want.Role)
			step.do = func(ctx context.Context, r *run) error { return r.makeMacro(ctx, want) }
			d.do(ActionCreate, step)
		default:
			d.macro(want, have, step)
		}
	}
}

// macro compares one that is there.
func (d *differ) macro(want Macro, have zendesk.Macro, step Step) {
	left, own := markIn(have.Description)
	title := want.Ref
	if idOf(want.Ref) != 0 {
		title = have.Title
	}
	if !have.Active || !same(title, have.Title) {
		step.Text = say("Activate the macro %q (%s)", "Ativar a macro %q (%s)", title, want.Role)
		if have.Active {
			step.Text = say("Rename the macro %q to %q", "Renomear a macro %q para %q", have.Title, title)
		}
		step.do = func(ctx context.Context, r *run) error { return r.reviveMacro(ctx, have, title) }
		d.own(have.Description, step)
		return
	}
	if !own || !d.h.reads(KindGroup, KindTicketField) || left.print == macroPrint(want.written(d.at)) {
		return // people's macros are used as they are
	}
	step.Lacking = false
	step.do = func(ctx context.Context, r *run) error { return r.renewMacro(ctx, want, have) }
	if left.print == macroPrint(have.Actions) {
		step.Text = say("Update the macro %q (%s)", "Atualizar a macro %q (%s)", have.Title, want.Role)
		d.do(ActionUpdate, step)
		return
	}
	step.Flag = FlagAdopt
	step.Text = say("The macro %q (%s) was changed by people and differs from Ponte's: replace its actions",
		"A macro %q (%s) foi alterada por pessoas e difere da do Ponte: substituir suas ações", have.Title, want.Role)
	d.ask(step)
}

func (d *differ) views() {
	if !d.h.reads(KindView, KindGroup) {
		return
	}
	for _, want := range d.n.Views {
		have, ok := d.h.view(want.Title)
		step := Step{Kind: KindView, Title: want.Title}
		if !ok {
			step.Lacking = true
			step.Text = say("Create the view %q", "Criar a visualização %q", want.Title)
			step.do = func(ctx context.Context, r *run) error { return r.makeView(ctx, want) }
			d.do(ActionCreate, step)
			continue
		}
		left, own := markIn(have.Description)
		if !own || left.print == rulePrint(zendesk.RuleConditions{All: want.conditions(d.n, d.at)}, nil) {
			continue
		}
		step.Text = say("Update the view %q", "Atualizar a visualização %q", want.Title)
		step.do = func(ctx context.Context, r *run) error { return r.renewView(ctx, want, have.ID) }
		if left.print == rulePrint(have.Conditions, nil) {
			d.do(ActionUpdate, step)
			continue
		}
		step.Flag = FlagAdopt
		d.ask(step)
	}
}

// conditions are what the view shows: what is not solved in the queue and came by WhatsApp.
func (v View) conditions(n Needs, at *places) []zendesk.RuleCondition {
	all := []zendesk.RuleCondition{
		condition("status", "less_than", zendesk.StatusSolved),
		tagged("includes", n.Tags),
	}
	if group := at.group(v.Group); group != "" && group != strconv.Itoa(unmade) {
		all = append(all, condition("group_id", "is", group))
	}
	return all
}
