package provision

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/ponte-desk/ponte/zendesk"
)

// Have is what an account has.
type Have struct {
	Groups             []zendesk.Group
	OrganizationFields []zendesk.OrganizationField
	TicketFields       []zendesk.DescribedTicketField
	Macros             []zendesk.Macro
	Webhooks           []zendesk.Webhook
	Triggers           []zendesk.Trigger
	Views              []zendesk.View
	// Unread says why a kind of thing could not be read; Diff leaves such kinds out.
	Unread map[Kind]error
}

// Read reads what the account has, with seven requests or a few more. What can't be read is told in Unread.
func Read(ctx context.Context, c *zendesk.Client) Have {
	h := Have{Unread: map[Kind]error{}}
	note := func(kind Kind, err error) {
		if err != nil {
			h.Unread[kind] = err
		}
	}
	var err error
	h.Groups, err = c.Groups(ctx)
	note(KindGroup, err)
	h.OrganizationFields, err = c.OrganizationFields(ctx)
	note(KindOrganizationField, err)
	h.TicketFields, err = c.DescribedTicketFields(ctx)
	note(KindTicketField, err)
	h.Macros, err = c.AllMacros(ctx)
	note(KindMacro, err)
	h.Webhooks, err = c.Webhooks(ctx)
	note(KindWebhook, err)
	h.Triggers, err = c.Triggers(ctx)
	note(KindTrigger, err)
	h.Views, err = c.Views(ctx)
	note(KindView, err)
	return h
}

// Err joins what could not be read; nil when all was.
func (h Have) Err() error {
	var wrong []error
	for _, kind := range Kinds() {
		if err := h.Unread[kind]; err != nil {
			wrong = append(wrong, fmt.Errorf("read %s: %w", kind, err))
		}
	}
	return errors.Join(wrong...)
}

// reads reports whether all of these kinds could be read.
func (h Have) reads(kinds ...Kind) bool {
	return !slices.ContainsFunc(kinds, func(k Kind) bool { return h.Unread[k] != nil })
}

// group finds a group by name or id.
func (h Have) group(ref string) (zendesk.Group, bool) {
	return first(h.Groups, func(g zendesk.Group) bool { return SameGroup(g, ref) })
}

// ticketField finds a field by title or id; an active one wins.
func (h Have) ticketField(ref string) (zendesk.DescribedTicketField, bool) {
	fits := func(f zendesk.DescribedTicketField) bool {
		return f.ID == idOf(ref) || f.Removable && same(f.Title, ref)
	}
	if f, ok := first(h.TicketFields, func(f zendesk.DescribedTicketField) bool { return f.Active && fits(f) }); ok {
		return f, true
	}
	return first(h.TicketFields, fits)
}

// macro finds a role's macro by title or id, an active one first, else the one that Ponte made for the role under another title.
func (h Have) macro(m Macro, taken func(title string) bool) (zendesk.Macro, bool) {
	fits := func(k zendesk.Macro) bool { return k.ID == idOf(m.Ref) || same(k.Title, m.Ref) }
	if k, ok := first(h.Macros, func(k zendesk.Macro) bool { return k.Active && fits(k) }); ok {
		return k, true
	}
	if k, ok := first(h.Macros, fits); ok || idOf(m.Ref) != 0 {
		return k, ok
	}
	return first(h.Macros, func(k zendesk.Macro) bool {
		own, ok := markIn(k.Description)
		return ok && own.what == string(m.Role) && !taken(k.Title)
	})
}

// Webhook finds the webhook that triggers call at an address, an active one first, else the one that Ponte made.
func (h Have) Webhook(endpoint string) (zendesk.Webhook, bool) {
	for _, fits := range []func(zendesk.Webhook) bool{
		func(w zendesk.Webhook) bool { return w.Endpoint == endpoint && w.Status == zendesk.WebhookActive },
		func(w zendesk.Webhook) bool { return w.Endpoint == endpoint },
		func(w zendesk.Webhook) bool { _, own := markIn(w.Description); return own },
	} {
		w, ok := first(h.Webhooks, func(w zendesk.Webhook) bool {
			return slices.Contains(w.Subscriptions, zendesk.WebhookForTriggers) && fits(w)
		})
		if ok {
			return w, true
		}
	}
	return zendesk.Webhook{}, false
}

// view finds a view by title, an active one first.
func (h Have) view(title string) (zendesk.View, bool) {
	if v, ok := first(h.Views, func(v zendesk.View) bool { return v.Active && same(v.Title, title) }); ok {
		return v, true
	}
	return first(h.Views, func(v zendesk.View) bool { return same(v.Title, title) })
}

// first returns the first of a list that fits.
func first[T any](list []T, fits func(T) bool) (T, bool) {
	if i := slices.IndexFunc(list, fits); i >= 0 {
		return list[i], true
	}
	var none T
	return none, false
}

// SameGroup reports whether a group is the one of a reference: its name or id.
func SameGroup(g zendesk.Group, ref string) bool {
	return !g.Deleted && (g.ID == idOf(ref) || same(g.Name, ref))
}
