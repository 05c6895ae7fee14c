package provision

import (
	"context"
	"fmt"

	"github.com/ponte-desk/ponte/bridge/settings"
)

// Kind is what a step is about.
type Kind string

// The kinds of things, in the order in which they are made.
const (
	KindGroup             Kind = "group"
	KindOrganizationField Kind = "organization_field"
	KindTicketField       Kind = "ticket_field"
	KindOption            Kind = "catalogue_option"
	KindWebhook           Kind = "webhook"
	KindTrigger           Kind = "trigger"
	KindMacro             Kind = "macro"
	KindView              Kind = "view"
	KindNotification      Kind = "notification" // a trigger that e-mails customers
)

// Kinds lists the kinds in the order in which they are made.
func Kinds() []Kind {
	return []Kind{
		KindGroup, KindOrganizationField, KindTicketField, KindOption, KindWebhook, KindTrigger, KindMacro, KindView, KindNotification,
	}
}

// Action is what a step does.
type Action string

// The actions.
const (
	ActionCreate  Action = "create"
	ActionUpdate  Action = "update"
	ActionPropose Action = "propose" // nothing: people decide
)

// Options are what people have agreed to.
type Options struct {
	// Adopt lets things that people made, or changed, be completed.
	Adopt bool
	// Quiet lets triggers that e-mail customers be kept off WhatsApp's tickets.
	Quiet bool
}

// The flags that let proposals be carried out.
const (
	FlagAdopt = "--adopt"
	FlagQuiet = "--quiet-notifications"
)

// Text is a sentence for people.
type Text struct {
	EN string `json:"en"`
	PT string `json:"pt"`
}

// In is the sentence in a language.
func (t Text) In(l settings.Language) string {
	if l == settings.LanguagePT {
		return t.PT
	}
	return t.EN
}

// say fills both sentences with the same values.
func say(en, pt string, values ...any) Text {
	return Text{EN: fmt.Sprintf(en, values...), PT: fmt.Sprintf(pt, values...)}
}

// Step is one thing to do.
type Step struct {
	Kind   Kind   `json:"kind"`
	Action Action `json:"action"`
	Title  string `json:"title"`
	// Role is a macro's.
	Role settings.MacroRole `json:"role,omitempty"`
	// Foreign says that it touches something that Ponte did not make, or that people changed since.
	Foreign bool `json:"foreign,omitempty"`
	// Lacking says that without the step Ponte goes without the thing: it is not there, not active or of another kind.
	Lacking bool `json:"lacking,omitempty"`
	// Flag is what lets a proposal be carried out; "" = only by hand.
	Flag string `json:"flag,omitempty"`
	Text Text   `json:"text"`

	do func(ctx context.Context, r *run) error
}

// Plan is all that is to be done, in its order.
type Plan struct {
	Steps []Step `json:"steps"`

	needs Needs
	at    *places
}

// Changes counts the steps that Apply carries out.
func (p Plan) Changes() int {
	n := 0
	for _, s := range p.Steps {
		if s.Action != ActionPropose {
			n++
		}
	}
	return n
}

// Proposals counts the steps that wait for people.
func (p Plan) Proposals() int { return len(p.Steps) - p.Changes() }
