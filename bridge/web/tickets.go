package web

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// How many tickets a search answers, and how much may be looked for, in UTF-16 units.
const (
	mostTickets = 20
	mostQuery   = 100
)

// findTickets finds tickets of Zendesk by number or words.
func (a *api) findTickets(c echo.Context) error {
	q := c.QueryParam("q")
	if q == "" || units(q) > mostQuery {
		return problem(c, http.StatusBadRequest, "bad_request", "Informe o número do ticket ou palavras, com no máximo 100 caracteres.")
	}
	list, err := a.Reads.Zendesk.FindTickets(c.Request().Context(), strings.TrimSpace(q), mostTickets)
	if err != nil {
		return a.unavailable(c, err)
	}
	return c.JSON(http.StatusOK, struct {
		Tickets []Ticket `json:"tickets"`
	}{append([]Ticket{}, list...)})
}
