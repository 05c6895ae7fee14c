package app

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/bridge/web"
	"github.com/ponte-desk/ponte/macros"
	"github.com/ponte-desk/ponte/zendesk"
)

// account is what the app asks the Zendesk account for.
type account struct {
	a      *App
	values *brief[string, []string]     // of the catalogue, by the field's name
	found  *brief[string, []web.Ticket] // by what was looked for
}

// How long the account's answers count, and how many are remembered.
const (
	catalogueLife = 10 * time.Minute
	foundLife     = 10 * time.Second
	mostFound     = 200
)

func newAccount(a *App) *account {
	return &account{
		a: a, values: newBrief[string, []string](a.parts.Now, catalogueLife, mostFound),
		found: newBrief[string, []web.Ticket](a.parts.Now, foundLife, mostFound),
	}
}

// Catalogue lists the values of the service catalogue, by their names.
func (c *account) Catalogue(ctx context.Context) ([]string, error) {
	field := strings.TrimSpace(c.a.parts.Settings("").Desk.Fields.Catalogue)
	if field == "" {
		return nil, nil
	}
	return c.values.get(ctx, field, func(ctx context.Context) ([]string, error) {
		if err := c.a.turn(ctx, "catalogue"); err != nil {
			return nil, err
		}
		fields, err := c.a.desk.TicketFields(ctx)
		if err != nil {
			return nil, err
		}
		return optionsOf(fields, field), nil
	})
}

// optionsOf is the names of the choices of a field, by its title or id.
func optionsOf(fields []zendesk.TicketField, ref string) (names []string) {
	id, _ := strconv.ParseInt(ref, 10, 64)
	for _, f := range fields {
		if !f.Active || !f.Removable || f.ID != id && macros.Normal(f.Title) != macros.Normal(ref) {
			continue
		}
		for _, o := range f.Options {
			names = append(names, o.Name)
		}
		return names
	}
	return nil
}

// FindTickets finds tickets by number or by words, those changed last first.
func (c *account) FindTickets(ctx context.Context, q string, most int) ([]web.Ticket, error) {
	return c.found.get(ctx, q, func(ctx context.Context) ([]web.Ticket, error) {
		if err := c.a.turn(ctx, "tickets:"+q); err != nil {
			return nil, err
		}
		id, err := strconv.ParseInt(strings.TrimPrefix(q, "#"), 10, 64)
		if err != nil || id <= 0 {
			found, err := c.a.desk.FindTickets(ctx, q, most)
			return ticketsOf(found), err
		}
		t, err := c.a.desk.ShowTicket(ctx, id)
		if zendesk.KindOf(err) == zendesk.KindNotFound {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		return ticketsOf([]zendesk.Ticket{t}), nil
	})
}
