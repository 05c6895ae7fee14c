package macros_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/macros"
	"github.com/ponte-desk/ponte/zendesk"
)

// golden are macros as Zendesk tells them and what is kept of them in the journal.
func golden() map[string]struct{ macro, want string } {
	return map[string]struct{ macro, want string }{
		"closing": {
			`{"id":101,"title":"Atendimento Whatsapp (Oficial)","active":true,"position":1,"restriction":null,"actions":[
				{"field":"status","value":"solved"},{"field":"current_tags","value":"atendimento_whatsapp"}]}`,
			`{"macro_id":101,"status":"solved","add_tags":["atendimento_whatsapp"]}`,
		},
		"second level": {
			`{"id":102,"title":"1. Atendimento Whatsapp Transferência N2(oficial)","active":true,"actions":[
				{"field":"group_id","value":"71"},{"field":"assignee_id","value":""},{"field":"status","value":"open"},
				{"field":"comment_mode_is_public","value":"false"},
				{"field":"comment_value","value":["channel:all","Contato: {{ticket.requester.name}}\nTelefone: {{ticket.requester.phone}}"]}]}`,
			`{"macro_id":102,"group_id":71,"assignee_id":null,"status":"open",
				"comment":{"text":"Contato: Ana Beatriz Souza\nTelefone: +5511987654321","public_set":true}}`,
		},
		"financial": {
			`{"id":103,"title":"3. Atendimento Whatsapp - Pendência no Cadastro do Cliente (oficial)","active":true,"actions":[
				{"field":"subject","value":"Whats - Pendência no Cadastro"},{"field":"status","value":"solved"},
				{"field":"comment_mode_is_public","value":false},
				{"field":"comment_value_html","value":"<p>Cliente {{ticket.organization.name}}: pendência.</p>"}]}`,
			`{"macro_id":103,"subject":"Whats - Pendência no Cadastro","status":"solved",
				"comment":{"html":"<p>Cliente Acme &amp; Filhos: pendência.</p>","public_set":true}}`,
		},
		"abandonment": {
			`{"id":104,"title":"Auditoria Whatsapp | Abandono do Cliente","active":true,"actions":[
				{"field":"assignee_id","value":"current_user"},{"field":"group_id","value":"current_groups"},
				{"field":"custom_fields_360","value":"abandono_de_chat"},{"field":"custom_fields_361","value":["a","b"]},
				{"field":"custom_status_id","value":"88"},{"field":"status","value":"solved"},{"field":"set_tags","value":"auditoria"},
				{"field":"remove_tags","value":"auditoria"},{"field":"side_conversation","value":["s","b","text/html"]}]}`,
			`{"macro_id":104,"assignee_id":31,"group_id":70,"fields":{"360":"abandono_de_chat","361":["a","b"]},"custom_status_id":88,
				"status":"solved","set_tags":[],"notes":[{"field":"side_conversation","reason":"no_ticket_change"}]}`,
		},
	}
}

func TestGolden(t *testing.T) {
	t.Parallel()
	for name, tt := range golden() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var m zendesk.Macro
			if err := json.Unmarshal([]byte(tt.macro), &m); err != nil {
				t.Fatal(err)
			}
			folded, err := macros.Fold(m, ticket())
			if err != nil {
				t.Fatal(err)
			}
			raw, err := json.Marshal(folded)
			if err != nil {
				t.Fatal(err)
			}
			var got, want any
			if err := json.Unmarshal(raw, &got); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal([]byte(tt.want), &want); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("result (-want +got):\n%s", diff)
			}
		})
	}
}
