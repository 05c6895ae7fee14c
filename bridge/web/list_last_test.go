package web_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

func TestListLastWords(t *testing.T) {
	t.Parallel()
	type entries = []conversation.Entry
	type words = struct{ At, Author, Text, Type, Delivery string }
	customer := conversation.Entry{At: ago(9), Author: conversation.AuthorCustomer, Message: "w1", Type: "text", Text: "bom\n  dia", Origin: conversation.OriginWhatsApp}
	agent := conversation.Entry{At: ago(8), Author: conversation.AuthorAgent, Message: "5", Effect: "5", Text: "olá", Delivery: conversation.DeliveryQueued, Origin: conversation.OriginApp}
	status := func(state conversation.DeliveryState, minutes int) conversation.Entry {
		return conversation.Entry{At: ago(minutes), Message: "wamid.5", Effect: "5", Delivery: state}
	}
	note := conversation.Entry{At: ago(7), Author: conversation.AuthorAgent, Type: "note", Text: "ver com o N2", Private: true, Origin: conversation.OriginApp}
	state := conversation.Entry{At: ago(6), State: conversation.StateActive, Reason: "agent replies"}
	stamp := func(minutes int) string { return ago(minutes).Format("2006-01-02T15:04:05Z07:00") }
	said := &words{stamp(9), "customer", "bom dia", "text", ""}
	for name, c := range map[string]struct {
		ends entries
		want *words
	}{
		"nothing":                    {nil, nil},
		"states alone":               {entries{state, {At: ago(5), State: conversation.StateClosed}}, nil},
		"the customer":               {entries{agent, {At: ago(2), Author: conversation.AuthorCustomer, Message: "w2", Type: "text", Text: "e?"}, state}, &words{stamp(2), "customer", "e?", "text", ""}},
		"read":                       {entries{customer, agent, status(conversation.DeliverySent, 7), status(conversation.DeliveryRead, 6), status(conversation.DeliveryDelivered, 5)}, &words{stamp(8), "agent", "olá", "", "read"}},
		"failed":                     {entries{agent, status(conversation.DeliveryFailed, 6)}, &words{stamp(8), "agent", "olá", "", "failed"}},
		"states of one before":       {entries{status(conversation.DeliveryRead, 6), state}, nil},
		"a note does not hide words": {entries{customer, note, state}, said},
		"a note alone":               {entries{state, note}, &words{stamp(7), "agent", "ver com o N2", "note", ""}},
		"edited": {
			entries{customer, {At: ago(3), Author: conversation.AuthorCustomer, Message: "w9", Type: "edit", Re: "w1", Text: "boa tarde"}},
			&words{stamp(9), "customer", "boa tarde", "text", ""},
		},
		"a reaction is no word": {entries{customer, {At: ago(3), Author: conversation.AuthorCustomer, Message: "w9", Type: "reaction", Re: "w1", Text: "👍"}}, said},
		"a file": {
			entries{{At: ago(3), Author: conversation.AuthorCustomer, Message: "w3", Type: "document", File: &conversation.File{ID: "w3", Kind: "document", Name: "nota fiscal.pdf"}}},
			&words{stamp(3), "customer", "nota fiscal.pdf", "document", ""},
		},
		"a file without a name": {
			entries{{At: ago(3), Author: conversation.AuthorCustomer, Message: "w3", Type: "audio", File: &conversation.File{ID: "w3", Kind: "audio"}}},
			&words{stamp(3), "customer", "", "audio", ""},
		},
		"a long one": {
			entries{{At: ago(3), Author: conversation.AuthorCustomer, Message: "w3", Type: "text", Text: strings.Repeat("ã", 121)}},
			&words{stamp(3), "customer", strings.Repeat("ã", 119) + "…", "text", ""},
		},
		"as long as there is room for": {
			entries{{At: ago(3), Author: conversation.AuthorCustomer, Message: "w3", Type: "text", Text: strings.Repeat("ã", 120)}},
			&words{stamp(3), "customer", strings.Repeat("ã", 120), "text", ""},
		},
		"the auditor's":       {entries{customer, {At: ago(1), Author: conversation.AuthorPonte, Type: "verdict", Text: "client_abandonment", Private: true, Origin: conversation.OriginAutomatic}}, said},
		"the auditor's alone": {entries{{At: ago(1), Author: conversation.AuthorPonte, Type: "verdict", Text: "client_abandonment", Private: true}}, nil},
		"a notice":            {entries{customer, {At: ago(1), Author: conversation.AuthorPonte, Text: "Aviso", Origin: conversation.OriginAutomatic}}, said},
		"Ponte's":             {entries{customer, {At: ago(1), Author: conversation.AuthorPonte, Effect: "6", Text: "Você está na fila.", Delivery: conversation.DeliveryQueued, Origin: conversation.OriginAutomatic}}, &words{stamp(1), "ponte", "Você está na fila.", "", "queued"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			office := openCounter(t, newSecret)
			office.board.one("a", owned(conversation.StateActive, 7, "Suporte N1"))
			office.board.ends = map[string][]conversation.Entry{"wa-a": c.ends}
			if diff := cmp.Diff(c.want, office.listAs(anaToken, "").Rows[0].Last); diff != "" {
				t.Errorf("last words (-want +got):\n%s", diff)
			}
		})
	}
}
