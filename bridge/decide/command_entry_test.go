package decide_test

import (
	"testing"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// What an agent says by a command stands in the transcript under the command's own id, so that who sent it finds it again.
func TestEntriesNameTheirCommand(t *testing.T) {
	t.Parallel()
	template := &conversation.Template{Name: "boas_vindas", Language: "pt_BR"}
	tests := map[string]conversation.Command{
		"reply":    {Kind: conversation.CommandReply, Text: "olá"},
		"note":     {Kind: conversation.CommandNote, Text: "olá"},
		"template": {Kind: conversation.CommandTemplate, Text: "olá", Template: template},
		"transfer": {Kind: conversation.CommandTransfer, Text: "olá", Group: "N2"},
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := opened(t)
			c.ID, c.Agent, c.Session = "bubble-0001", ana(), w.thread.Conversation.Session
			d := w.decide(conversation.Event{Kind: conversation.EventCommand, ID: "c:1", At: at(w.second), Command: &c})
			n := 0
			for _, e := range d.Transcript {
				if e.Text == "olá" && e.Author == conversation.AuthorAgent && e.Command == c.ID {
					n++
				} else if e.Command != "" {
					t.Errorf("entry %+v", e)
				}
			}
			if n != 1 {
				t.Errorf("%d entries of the command in %+v", n, d.Transcript)
			}
		})
	}
}
