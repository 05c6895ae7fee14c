package conversation_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

func TestValues(t *testing.T) {
	t.Parallel()
	thread := conversation.NewThread("1", "c")
	thread.Contact.Name = "Mariana"
	if diff := cmp.Diff(map[string]string{"{{contato.nome}}": "Mariana"}, thread.Values()); diff != "" {
		t.Errorf("without a conversation (-want +got):\n%s", diff)
	}
	thread.Conversation = &conversation.Conversation{Ticket: conversation.Ticket{ID: 35436}}
	thread.Conversation.Procedure.Number, thread.Conversation.Procedure.Queue = "261123-007", "N1"
	thread.Conversation.Procedure.Organization = &conversation.Organization{Name: "Padaria Real"}
	want := map[string]string{
		"{{contato.nome}}": "Mariana", "{{atendimento.numero}}": "261123-007", "{{fila.nome}}": "N1", "{{organizacao.nome}}": "Padaria Real",
		"{{ticket.id}}": "35436",
	}
	if diff := cmp.Diff(want, thread.Values()); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
}
