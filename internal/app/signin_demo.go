package app

import (
	"net"
	"net/http"
	"net/url"
	"slices"

	"github.com/ponte-desk/ponte/sandbox/desk"
)

// demoSDK is the Apps Framework's client that the build of the app takes along: a demo needs no network.
const demoSDK = "/app/assets/zaf_sdk.min.js"

// Names of this machine: to a browser each is another site.
const (
	loopbackIP   = "127.0.0.1"
	loopbackName = "localhost"
)

// onHost is a base address with another host.
func onHost(base *url.URL, host string) string {
	u := *base
	if u.Host = host; base.Port() != "" {
		u.Host = net.JoinHostPort(host, base.Port())
	}
	return u.String()
}

// demoApp is the app as it is installed in the simulated Zendesk. Its pages come from another site than the helpdesk's, as in Zendesk,
// where this machine's two names make that possible.
func demoApp(id int64, public string) desk.App {
	at := public
	if u, err := url.Parse(public); err == nil {
		ip := net.ParseIP(u.Hostname())
		switch {
		case u.Hostname() == loopbackName:
			at = onHost(u, loopbackIP)
		case ip != nil && (ip.IsLoopback() || ip.IsUnspecified()):
			at = onHost(u, loopbackName)
		}
	}
	return desk.App{
		ID: id, InstallationID: DemoInstallation, Name: "Conversas WhatsApp",
		SidebarURL: at + "/app/sidebar", NavURL: at + "/app/conversas",
	}
}

// demoTicket leads from a ticket's address in an agent's Zendesk to where the simulated helpdesk shows it.
func demoTicket(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "/sandbox/helpdesk#/ticket/"+url.PathEscape(r.PathValue("id")), http.StatusFound)
}

// demoFrames are the origins from which people open the demo's helpdesk, which may frame the app.
func demoFrames(public string) []string {
	u, err := url.Parse(public)
	if err != nil || u.Host == "" {
		return nil
	}
	u = &url.URL{Scheme: u.Scheme, Host: u.Host}
	all := []string{u.String(), onHost(u, loopbackIP), onHost(u, loopbackName)}
	slices.Sort(all)
	return slices.Compact(all)
}
