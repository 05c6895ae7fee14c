package macros_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ponte-desk/ponte/macros"
	"github.com/ponte-desk/ponte/zendesk"
)

// noon is the time of the tests.
func noon() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }

// ticket is one of which everything is known.
func ticket() macros.Ticket {
	return macros.Ticket{
		ID: 7, URL: "https://acme.zendesk.com/agent/tickets/7", Session: "wa-100-c1-1", Subject: "Nota fiscal <2>",
		Requester: macros.Person{
			ID: 21, Name: "Ana Beatriz Souza", Email: "ana@example.com", Phone: "+5511987654321", ExternalID: "c-1",
		},
		Assignee:       macros.Person{ID: 32, Name: "Rui"},
		Agent:          macros.Person{ID: 31, Name: "João D'Ávila", Email: "joao@example.com", GroupID: 70},
		OrganizationID: 40, OrganizationName: "Acme & Filhos", GroupName: "Suporte N1",
		Tags: []string{"whatsapp", "vip"}, Values: map[string]string{"ponte.link": "https://ponte.example/c/1", "ponte.empty": ""},
	}
}

// act is a macro's action.
func act(field, value string) zendesk.MacroAction {
	return zendesk.MacroAction{Field: field, Value: json.RawMessage(value)}
}

// macro is an active macro.
func macro(actions ...zendesk.MacroAction) zendesk.Macro {
	return zendesk.Macro{ID: 3, Title: "M", Active: true, Actions: actions}
}

// wantResult compares results, whose references are opaque.
func wantResult(t *testing.T, got, want macros.Result) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b zendesk.Ref) bool { return a == b }), cmpopts.EquateComparable()); diff != "" {
		t.Errorf("result (-want +got):\n%s", diff)
	}
}

// fields are custom fields by id.
func fields(id int64, value string) map[int64]json.RawMessage {
	return map[int64]json.RawMessage{id: json.RawMessage(value)}
}

// notes are remarks about one field.
func notes(field string, reason macros.Reason) []macros.Note {
	return []macros.Note{{Field: field, Reason: reason}}
}
