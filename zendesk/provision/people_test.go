package provision_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/sandbox/desk"
	"github.com/ponte-desk/ponte/zendesk"
	"github.com/ponte-desk/ponte/zendesk/provision"
)

// closingTitle is the title of the reference operation's closing macro.
const closingTitle = "Atendimento Whatsapp (Oficial)"

func status(value string) []zendesk.MacroAction {
	return []zendesk.MacroAction{{Field: "status", Value: []byte(`"` + value + `"`)}}
}

func (a *account) macro(title string) zendesk.Macro {
	a.t.Helper()
	return find(a.t, a.read().Macros, func(m zendesk.Macro) bool { return m.Title == title })
}

func must[T any](t *testing.T) func(T, error) T {
	t.Helper()
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// A macro of the same title that people made is used as it is, whatever it does.
func TestPeoplesMacroIsUsedAsItIs(t *testing.T) {
	t.Parallel()
	a := open(t, desk.SeedEmpty)
	n := needed(t, settings.DefaultOperation())
	foreign := must[zendesk.Macro](t)(a.CreateMacro(t.Context(), zendesk.MacroWrite{Title: "atendimento  whatsapp (OFICIAL)", Active: true, Actions: status("pending")}))
	a.provide(n, agreed())
	a.idle(n, agreed(), 0)
	got := a.macro(foreign.Title)
	if diff := cmp.Diff(status("pending"), got.Actions); diff != "" || got.Description != "" {
		t.Errorf("it was changed: %q %s", got.Description, diff)
	}
	if slices.ContainsFunc(a.read().Macros, func(m zendesk.Macro) bool { return m.Title == closingTitle }) {
		t.Error("a second one was made")
	}
}

// An inactive one is switched on only when people agree.
func TestPeoplesInactiveMacro(t *testing.T) {
	t.Parallel()
	a := open(t, desk.SeedMuted)
	n := needed(t, settings.DefaultOperation())
	have := a.macro(closingTitle)
	must[zendesk.Macro](t)(a.UpdateMacro(t.Context(), have.ID, zendesk.MacroWrite{Title: have.Title, Active: false, Actions: have.Actions}))
	step := has(t, a.plan(n, provision.Options{}), provision.KindMacro, provision.ActionPropose, closingTitle)
	if !step.Foreign || !step.Lacking || step.Flag != provision.FlagAdopt || step.Role != settings.RoleClosing {
		t.Errorf("%+v", step)
	}
	a.idle(n, provision.Options{}, 1)
	a.provide(n, provision.Options{Adopt: true})
	if got := a.macro(closingTitle); !got.Active || !cmp.Equal(got.Actions, have.Actions) {
		t.Errorf("%+v", got)
	}
	a.idle(n, provision.Options{}, 0)
}

// What Ponte made and people changed is theirs.
func TestChangedMacroOfPonte(t *testing.T) {
	t.Parallel()
	a := open(t, desk.SeedEmpty)
	set := settings.DefaultOperation()
	n := needed(t, set)
	a.provide(n, agreed())
	const title = "3. Atendimento Whatsapp - Pendência no Cadastro do Cliente (oficial)"
	have := a.macro(title)
	mine := zendesk.MacroWrite{Title: have.Title, Active: true, Description: have.Description, Actions: status("hold")}
	must[zendesk.Macro](t)(a.UpdateMacro(t.Context(), have.ID, mine))
	a.idle(n, provision.Options{}, 0) // nothing new is needed
	set.Default.Subjects.Financial = "Pendência"
	n = needed(t, set)
	if step := has(t, a.plan(n, provision.Options{}), provision.KindMacro, provision.ActionPropose, title); step.Lacking || !step.Foreign {
		t.Errorf("%+v", step)
	}
	a.idle(n, provision.Options{}, 1)
	a.provide(n, provision.Options{Adopt: true})
	if got := a.macro(title); len(got.Actions) != 5 || got.Description == have.Description {
		t.Errorf("%+v", got)
	}
	a.idle(n, provision.Options{}, 0)
}

// What nobody changed follows the settings: its actions, its title, and that it is active.
func TestMacrosFollowTheSettings(t *testing.T) {
	t.Parallel()
	a := open(t, desk.SeedEmpty)
	set := settings.DefaultOperation()
	a.provide(needed(t, set), agreed())
	a.written()
	const title = "1. Atendimento Whatsapp Transferência N2(oficial)"
	before := a.macro(title)
	set.Default.Desk.N2 = "Desenvolvimento"
	set.Default.Desk.Macros = map[settings.MacroRole]string{settings.RoleN2: title, settings.RoleClosing: "Encerrar"}
	n := needed(t, set)
	p := a.plan(n, provision.Options{})
	has(t, p, provision.KindGroup, provision.ActionCreate, "Desenvolvimento")
	has(t, p, provision.KindMacro, provision.ActionUpdate, title)
	renamed := has(t, p, provision.KindMacro, provision.ActionUpdate, "Encerrar")
	if renamed.Text.EN != `Rename the macro "Atendimento Whatsapp (Oficial)" to "Encerrar"` {
		t.Error(renamed.Text)
	}
	if p.Changes() != 3 || p.Proposals() != 0 {
		t.Errorf("%q", sentences(p))
	}
	a.provide(n, provision.Options{})
	a.idle(n, provision.Options{}, 0)
	after, group := a.macro(title), find(t, a.read().Groups, func(g zendesk.Group) bool { return g.Name == "Desenvolvimento" })
	i := slices.IndexFunc(after.Actions, func(x zendesk.MacroAction) bool { return x.Field == "group_id" })
	if cmp.Equal(before.Actions, after.Actions) || i < 0 || string(after.Actions[i].Value) != quote(group.ID) {
		t.Errorf("%+v", after)
	}
	off := a.macro("Encerrar")
	must[zendesk.Macro](t)(a.UpdateMacro(t.Context(), off.ID, zendesk.MacroWrite{Title: off.Title, Description: off.Description, Actions: off.Actions}))
	has(t, a.plan(n, provision.Options{}), provision.KindMacro, provision.ActionUpdate, "Encerrar")
	a.provide(n, provision.Options{})
	a.idle(n, provision.Options{}, 0)
	if !a.macro("Encerrar").Active {
		t.Error("it is not active")
	}
}

// A macro whose title another role has now is left to that role.
func TestTitlesThatMove(t *testing.T) {
	t.Parallel()
	a := open(t, desk.SeedEmpty)
	set := settings.DefaultOperation()
	a.provide(needed(t, set), agreed())
	set.Default.Desk.Macros[settings.RoleTransfer] = closingTitle
	set.Default.Desk.Macros[settings.RoleClosing] = "Encerrar"
	n := needed(t, set)
	p := a.plan(n, provision.Options{})
	has(t, p, provision.KindMacro, provision.ActionCreate, "Encerrar")
	has(t, p, provision.KindMacro, provision.ActionUpdate, closingTitle)
	a.provide(n, provision.Options{})
	a.idle(n, provision.Options{}, 0)
}

// The catalogue that people made is completed when they agree; its options stay.
func TestCatalogueOfPeople(t *testing.T) {
	t.Parallel()
	a := open(t, desk.SeedMuted)
	set := settings.DefaultOperation()
	set.Default.Bot.Menu = []settings.MenuOption{
		{Title: "Fiscal", Do: settings.MenuQueue, Queue: "Financeiro", Category: "Distribuição >> Linha Winthor >> 14 >> 1400 >> emissão de nf-e"},
		{Title: "Outro", Do: settings.MenuQueue, Category: "Distribuição::Linha Winthor::15::1500::Abandono de chat"},
	}
	n := needed(t, set)
	before := a.catalogue()
	step := has(t, a.plan(n, provision.Options{}), provision.KindOption, provision.ActionPropose, "Distribuição::Linha Winthor::15::1500::Abandono de chat")
	if !step.Foreign || step.Flag != provision.FlagAdopt {
		t.Errorf("%+v", step)
	}
	a.idle(n, provision.Options{}, 1)
	a.provide(n, provision.Options{Adopt: true})
	a.idle(n, provision.Options{}, 0)
	after := a.catalogue()
	added := after[len(after)-1]
	if len(after) != len(before)+1 || !cmp.Equal(before, after[:len(before)]) ||
		added.Value != "distribuicao_linha_winthor_15_1500_abandono_de_chat" {
		t.Errorf("options %+v", after)
	}
}

// In a catalogue of Ponte's own a new category needs nobody's word.
func TestCatalogueOfPonte(t *testing.T) {
	t.Parallel()
	a := open(t, desk.SeedEmpty)
	set := settings.DefaultOperation()
	a.provide(needed(t, set), agreed())
	set.Default.Bot.Menu = []settings.MenuOption{{Title: "Fiscal", Do: settings.MenuQueue, Category: "Fiscal::NF-e"}}
	n := needed(t, set)
	has(t, a.plan(n, provision.Options{}), provision.KindOption, provision.ActionUpdate, "Fiscal::NF-e")
	a.provide(n, provision.Options{})
	a.idle(n, provision.Options{}, 0)
	if all := a.catalogue(); len(all) != 4 || all[3].Value != "nf_e" {
		t.Errorf("options %+v", all)
	}
	set.Default.Desk.Fields.Catalogue = "Assuntos"
	set.Default.Catalogue.Position = ""
	set.Default.Bot.Menu = append(set.Default.Bot.Menu,
		settings.MenuOption{Title: "A", Do: settings.MenuQueue, Category: "A::X"}, settings.MenuOption{Title: "B", Do: settings.MenuQueue, Category: "B::X"})
	n = needed(t, set)
	a.provide(n, provision.Options{}) // choices of one name, and choices that another field has
	a.idle(n, provision.Options{}, 0)
}

// The audit's macros choose what the settings say, and nothing where they say nothing.
func TestCatalogueOfTheAudit(t *testing.T) {
	t.Parallel()
	const left, late = "Auditoria Whatsapp | Abandono do analista", "Auditoria Whatsapp | Fora do horário"
	a := open(t, desk.SeedEmpty)
	set := settings.DefaultOperation()
	a.provide(needed(t, set), agreed())
	set.Default.Catalogue.Abandoned, set.Default.Catalogue.Others = "Geral::Sem resposta", ""
	n := needed(t, set)
	p := a.plan(n, provision.Options{})
	has(t, p, provision.KindOption, provision.ActionUpdate, "Geral::Sem resposta")
	has(t, p, provision.KindMacro, provision.ActionUpdate, left)
	has(t, p, provision.KindMacro, provision.ActionUpdate, late)
	a.provide(n, provision.Options{})
	a.idle(n, provision.Options{}, 0)
	chosen := func(title string) (all []string) {
		for _, x := range a.macro(title).Actions {
			if strings.HasPrefix(x.Field, "custom_fields_") {
				all = append(all, string(x.Value))
			}
		}
		return all
	}
	if got := chosen(left); len(got) != 1 || got[0] != `"sem_resposta"` {
		t.Errorf("%s chooses %q", left, got)
	}
	if got := chosen(late); len(got) != 0 {
		t.Errorf("%s chooses %q", late, got)
	}
}

func (a *account) catalogue() []zendesk.FieldOption {
	a.t.Helper()
	return find(a.t, a.read().TicketFields, func(f zendesk.DescribedTicketField) bool { return f.Title == "Catálogo de serviços" }).Options
}

func quote(id int64) string { return `"` + itoa(id) + `"` }
