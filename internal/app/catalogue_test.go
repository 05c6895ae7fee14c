package app_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/app"
)

// TestCatalogue reads the account's service catalogue, once for all who ask.
func TestCatalogue(t *testing.T) {
	t.Parallel()
	s := openShop(t, nil)
	const path = "/api/v1/catalogue"
	if got := s.want(http.StatusOK, http.MethodGet, path, nil).list("values"); len(got) != 0 {
		t.Errorf("without a field there are %v", got)
	}
	kept := store.NewSettings(s.r.Client, s.r.Prefix, time.Now)
	op, version, err := kept.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	op.Default.Desk.Fields.Catalogue = app.DemoSettings().Default.Desk.Fields.Catalogue
	if _, err := kept.Save(t.Context(), op, "test", version); err != nil {
		t.Fatal(err)
	}
	var values []fields
	eventually(t, soon, "the catalogue", func() bool {
		values = s.want(http.StatusOK, http.MethodGet, path, nil).list("values")
		return len(values) > 0
	})
	found := false
	for _, v := range values {
		found = found || v["name"] == "Distribuição::Linha Winthor::14::1400::Emissão de NF-e"
	}
	if !found {
		t.Errorf("values %v", values)
	}
	n := s.requests(http.MethodGet, "/ticket_fields")
	s.want(http.StatusOK, http.MethodGet, path, nil)
	if more := s.requests(http.MethodGet, "/ticket_fields"); more != n {
		t.Errorf("the account was asked %d times, then %d", n, more)
	}
}

// TestFindTickets finds tickets by number and by words.
func TestFindTickets(t *testing.T) {
	t.Parallel()
	s := openShop(t, nil)
	find := func(q string) []fields {
		return s.want(http.StatusOK, http.MethodGet, "/api/v1/tickets?q="+q, nil).list("tickets")
	}
	all := find("nota")
	if len(all) == 0 || len(all) > 20 {
		t.Fatalf("found %v", all)
	}
	for _, ticket := range all {
		if ticket["subject"] == nil || ticket["status"] == nil || ticket["updated"] == nil {
			t.Errorf("ticket %v", ticket)
		}
	}
	id := fmt.Sprintf("%.0f", all[0]["id"])
	for _, q := range []string{id, "%23" + id, "+" + id + "+"} {
		if one := find(q); len(one) != 1 || one[0]["subject"] != all[0]["subject"] {
			t.Errorf("%s finds %v", q, one)
		}
	}
	for _, q := range []string{"999999999", "nenhumaassim", strings.Repeat("9", 40), "status:"} {
		if none := find(q); len(none) != 0 {
			t.Errorf("%s finds %v", q, none)
		}
	}
	s.ask(http.MethodPost, "/sandbox/control/faults", []fields{{"peer": "zendesk", "method": "GET", "path": "*", "status": 503}})
	s.want(http.StatusServiceUnavailable, http.MethodGet, "/api/v1/tickets?q=boleto", nil)
}
