package web

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"
)

// Account is what the app asks the Zendesk account for.
type Account interface {
	// Catalogue lists the values of the service catalogue, in the account's order; none when there is no such field.
	Catalogue(ctx context.Context) ([]string, error)
	// FindTickets finds tickets by number or by words, at most most of them, those changed last first.
	FindTickets(ctx context.Context, q string, most int) ([]Ticket, error)
}

// catalogue lists the values of the service catalogue.
func (a *api) catalogue(c echo.Context) error {
	names, err := a.Reads.Zendesk.Catalogue(c.Request().Context())
	if err != nil {
		return a.unavailable(c, err)
	}
	type value struct {
		Name string `json:"name"`
	}
	values := make([]value, len(names))
	for i, name := range names {
		values[i].Name = name
	}
	return c.JSON(http.StatusOK, struct {
		Values []value `json:"values"`
	}{values})
}
