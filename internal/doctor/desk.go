package doctor

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/zendesk"
	"github.com/ponte-desk/ponte/zendesk/provision"
)

// runSetup is how most of what is missing in Zendesk is mended.
const runSetup = "run `ponte setup`"

// zendesk looks at the account.
func (c Config) zendesk(ctx context.Context, s *sheet, set settings.Operation) {
	if c.ZendeskURL == "" || c.ZendeskClientID == "" || c.ZendeskClientSecret == "" {
		s.warn("reachable", "Zendesk was not looked at: its address or OAuth client is missing", "set the variables PONTE_ZENDESK_…")
		return
	}
	w := &watch{next: c.Transport, now: c.Now}
	client, err := zendesk.New(zendesk.Config{
		BaseURL: c.ZendeskURL, ClientID: c.ZendeskClientID, ClientSecret: c.ZendeskClientSecret, Tokens: zendesk.NewMemoryTokens(),
		Transport: w, Now: c.Now, BreakAfter: -1,
	})
	if err != nil {
		s.wrong("reachable", err.Error(), "correct PONTE_ZENDESK_URL")
		return
	}
	d := &desk{c: c, client: client, sheet: s}
	if d.identify(ctx) {
		d.rights(ctx)
		d.app(ctx)
		d.account(ctx, set)
	}
	w.report(s)
}

// desk is the look at one account.
type desk struct {
	*sheet

	c      Config
	client *zendesk.Client
	me     zendesk.User
}

// identify learns who Ponte is in the account; false when nothing more can be asked.
func (d *desk) identify(ctx context.Context) bool {
	me, err := d.client.Me(ctx)
	switch kind := zendesk.KindOf(err); {
	case err == nil:
	case kind == zendesk.KindUnauthorized:
		d.wrong("credentials", "Zendesk refuses the OAuth client: "+told(err),
			"check PONTE_ZENDESK_CLIENT_ID and PONTE_ZENDESK_CLIENT_SECRET, and that the client is confidential and active")
		return false
	default:
		d.wrong("reachable", "Zendesk can't be asked: "+told(err), "check PONTE_ZENDESK_URL and the network")
		return false
	}
	d.me = me
	d.ok("credentials", "Zendesk takes the OAuth client")
	switch {
	case me.Suspended || !me.Active:
		d.wrong("role", "the owner of the OAuth client is suspended", "activate the user, or make the client anew as another admin")
	case me.Role == zendesk.RoleAdmin:
		d.ok("role", "the owner of the OAuth client is an admin")
	default:
		d.wrong("role", fmt.Sprintf("the owner of the OAuth client is no admin but of role %q: webhooks and the export of changes are for admins", me.Role),
			"make the user an admin, or make the client anew as one")
	}
	return true
}

// exportAge is from when on changes are asked for: Zendesk leaves the last minute out.
const exportAge = 5 * time.Minute

// rights probes what the token may do, without writing anything.
func (d *desk) rights(ctx context.Context) {
	const scopes = "give the OAuth client the scopes read and write, and its owner the role of an admin"
	for _, probe := range []struct {
		check, does string
		try         func() error
	}{
		{"search", "search answers", func() error { _, err := d.client.ProbeSearch(ctx, "type:organization"); return err }},
		{"scope_read", "changed tickets can be read", func() error { return d.client.ProbeChanges(ctx, d.c.Now().Add(-exportAge).Unix()) }},
		{"scope_write", "tickets can be written", func() error { return d.client.ProbeWrite(ctx) }},
	} {
		err := probe.try()
		kind := zendesk.KindOf(err)
		switch {
		case err == nil:
			d.ok(probe.check, probe.does)
		case kind == zendesk.KindForbidden || kind == zendesk.KindUnauthorized:
			d.wrong(probe.check, "not so: "+probe.does+": "+told(err), scopes)
		case kind == zendesk.KindLimited:
			d.warn(probe.check, "not checked whether "+probe.does+": Zendesk's limit is reached", "try again in a minute")
		default:
			d.wrong(probe.check, "not so: "+probe.does+": "+told(err), "try again; then ask Zendesk")
		}
	}
}

// account compares what is there with what is needed.
func (d *desk) account(ctx context.Context, set settings.Operation) {
	needs, err := provision.Needed(set, d.c.PublicURL)
	if err != nil {
		d.warn("account", "fields, macros and webhook were not looked at: "+err.Error(), "correct PONTE_PUBLIC_URL or the settings")
		return
	}
	d.roles(set)
	have := provision.Read(ctx, d.client)
	for _, kind := range provision.Kinds() {
		if err := have.Unread[kind]; err != nil {
			d.wrong(checkOf(kind), "can't be read: "+told(err), "the owner of the OAuth client must be an admin")
		}
	}
	for _, step := range provision.Diff(needs, have, provision.Options{}).Steps {
		d.step(step, needs)
	}
	d.good(have)
	d.secret(ctx, needs, have)
	d.owner(ctx, needs, have)
	d.access(set, have)
}

// roles wants a macro named for every role that the procedure can't do without.
func (d *desk) roles(set settings.Operation) {
	for _, id := range append([]string{""}, slices.Sorted(maps.Keys(set.Numbers))...) {
		whose := ""
		if id != "" {
			whose = " of the number " + id
		}
		for _, role := range settings.MacroRoles() {
			if role.Required() && set.Of(id).Desk.Macros[role] == "" {
				d.wrong("macros", fmt.Sprintf("no macro is named for the role %s%s", role, whose), "name one in the settings below desk.macros")
			}
		}
	}
}

// checkOf names the check of a kind of thing.
func checkOf(k provision.Kind) string {
	return map[provision.Kind]string{
		provision.KindGroup: "groups", provision.KindOrganizationField: "organization_fields", provision.KindTicketField: "ticket_fields",
		provision.KindOption: "catalogue", provision.KindWebhook: "webhook", provision.KindTrigger: "trigger", provision.KindMacro: "macros",
		provision.KindView: "views", provision.KindNotification: "notifications",
	}[k]
}

// step tells what setup would do: an error where the procedure can't go on without it.
func (d *desk) step(step provision.Step, n provision.Needs) {
	mend := runSetup
	if step.Flag != "" {
		mend += " with " + step.Flag
	} else if step.Action == provision.ActionPropose {
		mend = "do it by hand, or change the settings"
	}
	grave := step.Lacking
	switch step.Kind {
	case provision.KindNotification:
		grave = true
	case provision.KindMacro:
		grave = grave && step.Role.Required()
	case provision.KindView, provision.KindOption:
		grave = false
	case provision.KindGroup, provision.KindOrganizationField, provision.KindTicketField, provision.KindWebhook, provision.KindTrigger:
	}
	switch {
	case grave:
		d.wrong(checkOf(step.Kind), "to do: "+step.Text.EN, mend)
	case step.Lacking || step.Action != provision.ActionPropose:
		d.warn(checkOf(step.Kind), "to do: "+step.Text.EN, mend)
	}
	if step.Kind == provision.KindWebhook && step.Action == provision.ActionPropose {
		d.warn(checkOf(step.Kind), "hints are to go to "+n.Endpoint, mend)
	}
}

// good tells of what is as it must be.
func (d *desk) good(have provision.Have) {
	for _, one := range []struct {
		kind provision.Kind
		what string
	}{
		{provision.KindGroup, "the groups are there"},
		{provision.KindOrganizationField, "the organisation fields are there"},
		{provision.KindTicketField, "the ticket fields are there"},
		{provision.KindWebhook, "the webhook is active and leads here"},
		{provision.KindTrigger, "the trigger tells of changes"},
		{provision.KindMacro, "the macros are there"},
		{provision.KindView, "the queue's view is there"},
		{provision.KindNotification, "no trigger e-mails WhatsApp's customers"},
	} {
		depends := one.kind
		if depends == provision.KindNotification {
			depends = provision.KindTrigger
		}
		if d.sound(checkOf(one.kind)) && have.Unread[depends] == nil {
			d.ok(checkOf(one.kind), one.what)
		}
	}
}

// secret compares what the webhook signs with and what Ponte expects.
func (d *desk) secret(ctx context.Context, n provision.Needs, have provision.Have) {
	w, ok := have.Webhook(n.Endpoint)
	if !ok {
		return
	}
	const mend = "set PONTE_ZENDESK_WEBHOOK_SECRET to it: `ponte setup --secret-file FILE` writes it down"
	secret, err := d.client.WebhookSecret(ctx, w.ID)
	switch {
	case err != nil:
		d.wrong("webhook_secret", "the webhook's signing secret can't be read: "+told(err), "the owner of the OAuth client must be an admin")
	case d.c.ZendeskWebhookSecret == "":
		d.wrong("webhook_secret", "the webhook's signing secret is not known to Ponte", mend)
	case !anyOf(string(d.c.ZendeskWebhookSecret), string(secret)):
		d.wrong("webhook_secret", "the webhook signs with another secret than Ponte expects: every hint is refused", mend)
	default:
		d.ok("webhook_secret", "the webhook signs with the secret that Ponte expects")
	}
}

// anyOf looks for a secret among those of a comma-separated list, as there are two while rotating.
func anyOf(listed, secret string) bool {
	found := false
	for _, one := range split(listed) {
		found = subtle.ConstantTimeCompare([]byte(one), []byte(secret)) == 1 || found
	}
	return found
}

// owner refuses an OAuth owner who works as an agent: what they write would be taken for Ponte's.
func (d *desk) owner(ctx context.Context, n provision.Needs, have provision.Have) {
	const mend = "give the OAuth client a user of its own, who works on no tickets"
	members, err := d.client.GroupMemberships(ctx)
	if err != nil {
		d.warn("owner", "not checked whether the OAuth client's owner works as an agent: "+told(err), "try again")
		return
	}
	queues := map[int64]string{}
	for _, ref := range n.Groups {
		for _, g := range have.Groups {
			if provision.SameGroup(g, ref) {
				queues[g.ID] = g.Name
			}
		}
	}
	for _, m := range members {
		if name, ok := queues[m.GroupID]; ok && m.UserID == d.me.ID {
			d.wrong("owner", fmt.Sprintf("the owner of the OAuth client is a member of %q: what they write as an agent is taken for Ponte's", name), mend)
			return
		}
	}
	assigned, err := d.client.AssignedTickets(ctx, d.me.ID)
	switch {
	case err != nil:
		d.warn("owner", "not checked whether the OAuth client's owner has tickets: "+told(err), "try again")
	case assigned > 0:
		d.warn("owner", fmt.Sprintf("the owner of the OAuth client has %d tickets assigned", assigned), mend)
	default:
		d.ok("owner", "the owner of the OAuth client does not work as an agent")
	}
}

// told is an error of Zendesk without its operation's context.
func told(err error) string {
	if errors.Is(err, context.DeadlineExceeded) {
		return "no answer in time"
	}
	return err.Error()
}
