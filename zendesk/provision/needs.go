package provision

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/macros"
	"github.com/ponte-desk/ponte/zendesk"
)

// Needs is what an account must have for an operation's settings.
type Needs struct {
	// Endpoint is where Zendesk sends its hints.
	Endpoint string
	// Tags are the tags of which every WhatsApp ticket has at least one.
	Tags []string
	// Groups are the groups that take conversations, by name or id; Queue is the first queue's.
	Groups []string
	Queue  string

	OrganizationFields []OrganizationField
	TicketFields       []TicketField
	Macros             []Macro
	Views              []View
	// Language is what descriptions are written in.
	Language settings.Language
}

// OrganizationField is a field of organisations.
type OrganizationField struct {
	Key, Type string
	Title     string
	Options   []zendesk.FieldOptionWrite
}

// TicketField is a field of tickets.
type TicketField struct {
	// Ref is its title or id.
	Ref  string
	Type string
	// Options are the choices that Ponte itself uses.
	Options []Option
}

// Option is a choice of the service catalogue.
type Option struct {
	// Path is its levels, joined by "::".
	Path string
	// Tail is the end of a path that stands for it as well, where only one path ends so; "" = only Path does.
	Tail string
}

// View is a list of the queue's unsolved WhatsApp tickets.
type View struct {
	Title string
	// Group is the queue, by name or id.
	Group string
}

// viewTitle is what the reference operation calls the view of its queue.
const viewTitle = "WINTHOR WHATSAPP"

// hintPath is where Ponte takes Zendesk's webhooks.
const hintPath = "/webhooks/zendesk"

var (
	errPublicURL = errors.New("the public address must be http(s)://host[/path], without a query")
	errNoTags    = errors.New("a number's tickets have no tag, so that no trigger can know them: give them one in the settings")
)

// Needed tells what an account needs for settings, where publicURL is the address that Zendesk reaches Ponte by.
func Needed(set settings.Operation, publicURL string) (Needs, error) {
	u, err := url.Parse(publicURL)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return Needs{}, errPublicURL
	}
	n := Needs{Endpoint: strings.TrimRight(publicURL, "/") + hintPath, Language: set.Default.Language, Queue: set.Default.Desk.Queue}
	all := numbers(set)
	for _, number := range all {
		if len(number.Tags) == 0 {
			return Needs{}, errNoTags
		}
		n.groups(number)
		n.organizationFields(number.Organizations)
		n.ticketFields(number)
		n.macros(number)
	}
	n.Tags = tags(all)
	return n, nil
}

// numbers lists the default settings and those of single numbers, always in the same order.
func numbers(set settings.Operation) []settings.Number {
	all := []settings.Number{set.Default}
	for _, id := range slices.Sorted(keys(set.Numbers)) {
		all = append(all, set.Numbers[id])
	}
	return all
}

// keys iterates over a map's keys.
func keys[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// tags is one tag that all numbers share, or the first of each.
func tags(all []settings.Number) []string {
	for _, tag := range all[0].Tags {
		if !slices.ContainsFunc(all, func(n settings.Number) bool { return !slices.Contains(n.Tags, tag) }) {
			return []string{tag}
		}
	}
	var first []string
	for _, n := range all {
		if !slices.Contains(first, n.Tags[0]) {
			first = append(first, n.Tags[0])
		}
	}
	return first
}

// groups adds a number's queues and its second level; every number's own queue gets a view.
func (n *Needs) groups(number settings.Number) {
	for i, group := range append([]string{number.Desk.Queue, number.Desk.N2}, menuQueues(number.Bot)...) {
		if group == "" {
			continue
		}
		if !contains(n.Groups, group) {
			n.Groups = append(n.Groups, group)
		}
		if i == 0 && !slices.ContainsFunc(n.Views, func(v View) bool { return same(v.Group, group) }) {
			title := viewTitle
			if len(n.Views) > 0 {
				title += " – " + group
			}
			n.Views = append(n.Views, View{Title: title, Group: group})
		}
	}
}

// menuQueues are the queues that a bot's menu leads to.
func menuQueues(b settings.Bot) []string {
	var out []string
	for _, o := range b.Menu {
		out = append(out, o.Queue)
	}
	return out
}

// organizationFields adds the fields that identify and judge an organisation.
func (n *Needs) organizationFields(o settings.Organizations) {
	for _, f := range []OrganizationField{
		{Key: o.CNPJField, Type: zendesk.FieldText, Title: "CNPJ"},
		{Key: o.PendingField, Type: zendesk.FieldDropdown, Title: "Pendência Financeira", Options: []zendesk.FieldOptionWrite{
			{Name: "Não", Value: o.PendingField + "_nao"}, {Name: "Sim", Value: o.PendingField + "_sim"},
		}},
	} {
		known := slices.ContainsFunc(n.OrganizationFields, func(k OrganizationField) bool { return k.Key == f.Key })
		if f.Key != "" && !known {
			n.OrganizationFields = append(n.OrganizationFields, f)
		}
	}
}

// ticketFields adds the fields that Ponte fills in.
func (n *Needs) ticketFields(number settings.Number) {
	f := number.Desk.Fields
	for _, field := range []TicketField{
		{Ref: f.CNPJ, Type: zendesk.FieldText},
		{Ref: f.Session, Type: zendesk.FieldText},
		{Ref: f.Number, Type: zendesk.FieldText},
		{Ref: f.ContactName, Type: zendesk.FieldText},
		{Ref: f.ContactPhone, Type: zendesk.FieldText},
		{Ref: f.Derived, Type: zendesk.FieldText},
		{Ref: f.Link, Type: zendesk.FieldText},
		{Ref: f.Catalogue, Type: zendesk.FieldTagger, Options: options(number)},
		{Ref: f.Summary, Type: zendesk.FieldTextarea},
		{Ref: f.Expected, Type: zendesk.FieldDate},
		{Ref: f.Reason, Type: zendesk.FieldText},
		{Ref: f.Survey, Type: zendesk.FieldInteger},
	} {
		if field.Ref == "" {
			continue
		}
		at := slices.IndexFunc(n.TicketFields, func(k TicketField) bool { return same(k.Ref, field.Ref) })
		if at < 0 {
			n.TicketFields = append(n.TicketFields, field)
			continue
		}
		for _, o := range field.Options {
			n.TicketFields[at].Options = addOption(n.TicketFields[at].Options, o)
		}
	}
}

// same compares titles or ids as people write them.
func same(a, b string) bool { return macros.Normal(a) == macros.Normal(b) }

// contains looks for a title or id in a list.
func contains(list []string, ref string) bool {
	return slices.ContainsFunc(list, func(k string) bool { return same(k, ref) })
}

// idOf reads a reference that is an id, 0 for a title.
func idOf(ref string) int64 {
	id, err := strconv.ParseInt(strings.TrimSpace(ref), 10, 64)
	if err != nil || id < 0 {
		return 0
	}
	return id
}
