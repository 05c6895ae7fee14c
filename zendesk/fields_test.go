package zendesk_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/zendesk"
)

func TestTicketFields(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	p.pages("GET /api/v2/ticket_fields",
		`"ticket_fields":[{"id":1,"type":"status","title":"Status","active":true,"required":true,"removable":false,
			"regexp_for_validation":null,"tag":null,"system_field_options":[{"name":"Open","value":"open"}]}]`,
		`"ticket_fields":[{"id":360,"type":"tagger","title":"Catálogo de serviços","active":true,"removable":true,
			"custom_field_options":[{"id":5,"name":"99::007::Z-Outros","raw_name":"x","value":"z_outros","default":false},
				{"id":6,"name":"99::007::Abandono de chat","value":"abandono_de_chat","default":true}]}]`,
		`"ticket_fields":[{"id":361,"type":"regexp","title":"CNPJ","active":false,"regexp_for_validation":"^\\d+$"}]`)
	got, err := c.TicketFields(t.Context())
	want := []zendesk.TicketField{
		{
			ID: 1, Type: "status", Title: "Status", Active: true, Required: true,
			SystemOptions: []zendesk.FieldOption{{Name: "Open", Value: "open"}},
		},
		{
			ID: 360, Type: zendesk.FieldTagger, Title: "Catálogo de serviços", Active: true, Removable: true,
			Options: []zendesk.FieldOption{
				{ID: 5, Name: "99::007::Z-Outros", Value: "z_outros"},
				{ID: 6, Name: "99::007::Abandono de chat", Value: "abandono_de_chat", Default: true},
			},
		},
		{ID: 361, Type: zendesk.FieldRegexp, Title: "CNPJ", Regexp: `^\d+$`},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
}

func TestTicketForms(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	p.handle("GET /api/v2/ticket_forms", http.StatusOK,
		`{"ticket_forms":[{"id":5,"name":"Suporte","active":true,"default":true,"ticket_field_ids":[1,360]},{"id":6,"name":"Antigo"}]}`)
	got, err := c.TicketForms(t.Context())
	want := []zendesk.TicketForm{
		{ID: 5, Name: "Suporte", Active: true, Default: true, FieldIDs: []int64{1, 360}}, {ID: 6, Name: "Antigo"},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
	p.only()
}

func TestOrganizationFields(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	p.pages("GET /api/v2/organization_fields",
		`"organization_fields":[{"id":1,"key":"cnpj","type":"text","title":"CNPJ","active":true}]`,
		`"organization_fields":[{"id":2,"key":"pendencia_financeira","type":"dropdown","title":"Pendência Financeira","active":true,
			"custom_field_options":[{"id":3,"name":"Sim","value":"pendencia_sim"},{"id":4,"name":"Não","value":"pendencia_nao"}]}]`)
	got, err := c.OrganizationFields(t.Context())
	want := []zendesk.OrganizationField{
		{ID: 1, Key: "cnpj", Type: zendesk.FieldText, Title: "CNPJ", Active: true},
		{
			ID: 2, Key: "pendencia_financeira", Type: zendesk.FieldDropdown, Title: "Pendência Financeira", Active: true,
			Options: []zendesk.FieldOption{{ID: 3, Name: "Sim", Value: "pendencia_sim"}, {ID: 4, Name: "Não", Value: "pendencia_nao"}},
		},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
}
