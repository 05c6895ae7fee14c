package desk

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
)

// Locations of the Apps Framework where an app can have a page here
// (https://developer.zendesk.com/documentation/apps/app-developer-guide/manifest/#locations).
const (
	LocationSidebar = "ticket_sidebar"
	LocationNavBar  = "nav_bar"
)

// App is a private app with signed URLs that is installed at the account; without a page none is. Its pages are absolute
// addresses as the app's manifest has them, on any site, and each location without one stays empty.
type App struct {
	ID, InstallationID int64
	Name               string // what agents read; default "Conversas"
	SidebarURL         string // of ticket_sidebar
	NavURL             string // of nav_bar
}

// errApp is why an app cannot be installed.
var errApp = errors.New("an app needs ID, InstallationID and absolute http addresses")

// installed tells whether there is an app at all.
func (a App) installed() bool { return a.SidebarURL != "" || a.NavURL != "" }

// page returns the address of the app's page at a location, or "".
func (a App) page(location string) string {
	switch location {
	case LocationSidebar:
		return a.SidebarURL
	case LocationNavBar:
		return a.NavURL
	}
	return ""
}

// locations are those where the app has a page.
func (a App) locations() []string {
	return slices.DeleteFunc([]string{LocationSidebar, LocationNavBar}, func(l string) bool { return a.page(l) == "" })
}

// Origins returns the origins that the app's pages come from, without repetition: what frames them must allow these.
func (a App) Origins() []string {
	var out []string
	for _, location := range a.locations() {
		if origin := originOf(a.page(location)); !slices.Contains(out, origin) {
			out = append(out, origin)
		}
	}
	return out
}

// Validate tells what is wrong with an app; none at all is right.
func (a App) Validate() error {
	if !a.installed() {
		return nil
	}
	if a.ID <= 0 || a.InstallationID <= 0 {
		return errApp
	}
	for _, location := range a.locations() {
		u, err := url.Parse(a.page(location))
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || u.User != nil {
			return fmt.Errorf("%w: %s", errApp, location)
		}
	}
	return nil
}

func (s *Server) appRoutes() []route {
	return []route{
		rt("GET", "/api/v2/apps/installations", s.appInstallations),
		rt("GET", "/api/v2/apps/installations/{id}", s.appInstallation),
		rt("GET", "/api/v2/apps/{id}/public_key.pem", s.appPublicKey),
	}
}

// pageAppRoutes are what the helpdesk page asks to host the app.
func (s *Server) pageAppRoutes() []route {
	return []route{
		rt("GET", "/app", s.pageApp),
		rt("POST", "/app/token", s.pageAppToken),
	}
}

// installationWire is the app's installation as the account's API shows it
// (https://developer.zendesk.com/api-reference/ticketing/apps/apps/#list-app-installations).
func (s *Server) installationWire() map[string]any {
	a := s.cfg.App
	return map[string]any{
		"id": a.InstallationID, "app_id": a.ID, "product": appProduct, "enabled": true,
		"settings":           map[string]any{"name": a.Name, "title": a.Name},
		"settings_objects":   []map[string]any{{"name": "name", "value": a.Name}, {"name": "title", "value": a.Name}},
		"group_restrictions": []int64{}, "role_restrictions": nil, "position": 0, "collapsible": true, "paid": nil,
		"created_at": s.app.since, "updated_at": s.app.since,
	}
}

func (s *Server) appInstallations(*call) (answer, error) {
	list := []any{}
	if s.cfg.App.installed() {
		list = append(list, s.installationWire())
	}
	return ok(map[string]any{"installations": list})
}

func (s *Server) appInstallation(c *call) (answer, error) {
	if !s.cfg.App.installed() || c.id("id") != s.cfg.App.InstallationID {
		return answer{}, notFound()
	}
	return ok(s.installationWire())
}

// appPublicKey is for admins; an app that the account does not have is not found.
func (s *Server) appPublicKey(c *call) (answer, error) {
	if c.user.Role != roleAdmin {
		return answer{}, forbidden("You do not have access to this page: only admins may read the app's key")
	}
	if !s.cfg.App.installed() || c.id("id") != s.cfg.App.ID {
		return answer{}, notFound()
	}
	text, err := publicPEM(s.app.key)
	return answer{plain: text}, err
}

// pageApp tells the helpdesk page which app it hosts, null for none, and what of the account the app is told.
func (s *Server) pageApp(*call) (answer, error) {
	a := s.cfg.App
	if !a.installed() {
		return ok(map[string]any{"app": nil})
	}
	return ok(map[string]any{"app": map[string]any{
		"id": a.ID, "installation_id": a.InstallationID, "name": a.Name, "product": appProduct, "version": appVersion,
		"locations": a.locations(), "subdomain": appSubdomain,
	}})
}

// pageAppToken hands the page the address of the app's page and the signed token that goes with it.
func (s *Server) pageAppToken(c *call) (answer, error) {
	var in struct {
		Location    string `json:"location"`
		Origin      string `json:"origin"`
		ColorScheme string `json:"color_scheme"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if !s.cfg.App.installed() {
		return answer{}, notFound()
	}
	place := s.cfg.App.page(in.Location)
	if place == "" {
		return answer{}, invalid("location", "InvalidValue", "Location: the app has no page there")
	}
	orDefault(&in.Origin, originOf(s.cfg.BaseURL))
	orDefault(&in.ColorScheme, "light")
	if in.ColorScheme != "light" && in.ColorScheme != "dark" {
		return answer{}, invalid("color_scheme", "InvalidValue", "Color scheme: is neither light nor dark")
	}
	guid := newGUID()
	query := url.Values{"origin": {in.Origin}, "app_guid": {guid}, "colorScheme": {in.ColorScheme}}
	address, err := withQuery(place, query)
	if err != nil {
		return answer{}, err
	}
	token, err := s.appToken(c, in.Location, address.RawQuery)
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusCreated, body: map[string]any{
		"url": address.String(), "token": token, "app_guid": guid, "origin": originOf(place),
	}}, nil
}

// originOf returns the origin of an address.
func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// withQuery adds values to an address' query.
func withQuery(address string, more url.Values) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("the app's page: %w", err)
	}
	query := u.Query()
	maps.Copy(query, more)
	u.RawQuery = query.Encode()
	return u, nil
}
