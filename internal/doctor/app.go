package doctor

import (
	"context"
	"fmt"
	"slices"

	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/zendesk"
	"github.com/ponte-desk/ponte/zendesk/provision"
)

// app looks at what signs agents in to the app inside Zendesk.
func (d *desk) app(ctx context.Context) {
	if d.c.ZendeskAppID == 0 {
		d.warn("app", "PONTE_ZENDESK_APP_ID is missing: nobody can sign in to the app inside Zendesk",
			"make the app with `ponte app package`, upload it in Zendesk's admin centre and set the variable to its number")
		return
	}
	_, err := d.client.AppKey(ctx, d.c.ZendeskAppID)
	switch kind := zendesk.KindOf(err); {
	case err == nil:
		d.ok("app_key", "the key that the app's tokens are signed with can be read")
	case kind == zendesk.KindForbidden || kind == zendesk.KindUnauthorized:
		d.wrong("app_key", "the app's public key can't be read, so nobody can sign in to it: "+told(err),
			"give the OAuth client the scope read, and its owner the role of an admin")
	case kind == zendesk.KindNotFound:
		d.wrong("app_key", "Zendesk knows no app with the number of PONTE_ZENDESK_APP_ID: nobody can sign in to it",
			"set the variable to the number that the app's address has in Zendesk's admin centre")
	default:
		d.warn("app_key", "not checked whether the app's public key can be read: "+told(err), "try again")
	}
	all, err := d.client.AppInstallations(ctx)
	if err != nil {
		d.wrong("app", "the account's apps can't be listed, so nobody can sign in: "+told(err),
			"give the OAuth client the scope read, and its owner the role of an admin")
		return
	}
	at := slices.IndexFunc(all, func(i zendesk.AppInstallation) bool { return i.AppID == d.c.ZendeskAppID })
	switch {
	case at < 0:
		d.wrong("app", "the app of PONTE_ZENDESK_APP_ID is not installed in the account", "install it in Zendesk's admin centre, or correct the variable")
	case !slices.ContainsFunc(all, func(i zendesk.AppInstallation) bool { return i.AppID == d.c.ZendeskAppID && i.On() }):
		d.wrong("app", "the app is installed but switched off", "switch it on in Zendesk's admin centre")
	default:
		d.ok("app", "the app is installed")
	}
}

// access wants the groups that let people work in the app to be there.
func (d *desk) access(set settings.Operation, have provision.Have) {
	if have.Unread[provision.KindGroup] != nil {
		return // told already
	}
	a := set.Account.Access
	for _, list := range []struct {
		name   string
		groups []string
	}{{"account.access.agents", a.Agents}, {"account.access.supervisors", a.Supervisors}} {
		for _, ref := range list.groups {
			if !slices.ContainsFunc(have.Groups, func(g zendesk.Group) bool { return provision.SameGroup(g, ref) }) {
				d.warn("access", fmt.Sprintf("%s names the group %q, which the account does not have", list.name, ref), "correct the settings, or make the group")
			}
		}
	}
	if d.sound("access") {
		d.ok("access", "the groups that let people work in the app are there")
	}
}
