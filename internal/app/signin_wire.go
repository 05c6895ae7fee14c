package app

import (
	"cmp"
	"maps"
	"net/url"
	"slices"

	ui "github.com/ponte-desk/ponte/app"
	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/bridge/web"
)

// lines lists the company's numbers: those that have settings, and those that 360dialog carries.
func (a *App) lines(operation func() settings.Operation) func() []web.Line {
	return func() []web.Line {
		op := operation()
		ids := slices.Collect(maps.Keys(op.Numbers))
		for id := range a.providers.dialog {
			if _, own := op.Numbers[id]; !own {
				ids = append(ids, id)
			}
		}
		slices.Sort(ids)
		list := make([]web.Line, len(ids))
		for i, id := range ids {
			set := op.Of(id)
			list[i] = web.Line{ID: id, Name: cmp.Or(set.Name, id), Queue: set.Desk.Queue}
		}
		return list
	}
}

// page is the app inside Zendesk, framed by the account alone.
func (a *App) page() web.App {
	p := web.App{Files: a.parts.Files, SDK: a.parts.SDK, Frames: a.parts.Frames}
	if p.Files == nil {
		p.Files = ui.Files()
	}
	if u, err := url.Parse(a.Config.ZendeskURL); err == nil && u.Host != "" && p.Frames == nil {
		p.Frames = []string{u.Scheme + "://" + u.Host}
	}
	return p
}
