package decide_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// finish is the command that finishes an attendance.
func finish() conversation.Command {
	return conversation.Command{
		Kind: conversation.CommandClose, Agent: ana(), Folder: conversation.FolderDone,
		Subject: "Nota rejeitada", Catalogue: "99::007::Fiscal", Reason: "Resolvido",
	}
}

// The end costs one write: transcript, macro, subject, catalogue and status together.
func TestCloseIsOneWrite(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		mode settings.Mode
		end  settings.Visibility
		lane string
	}{
		"with a transcript":    {settings.ModeMirror, settings.TranscriptPrivate, "comment ponte private: "},
		"a public one":         {settings.ModeTranscript, settings.TranscriptPublic, "comment ponte public: "},
		"without a transcript": {settings.ModeMirror, settings.TranscriptNone, "update"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := attended(t)
			w.set.Mode, w.set.Transcript.AtEnd = tt.mode, tt.end
			w.wantOK(finish())
			w.wantState(conversation.StateClosed)
			w.wantOutcome(conversation.EndClosed)
			w.wantLane(tt.lane)
			w.wantSaid("O atendimento foi concluído sob o número 260302-007.")
			writes := w.writes()
			if len(writes) != 1 {
				t.Fatalf("%d writes: %+v", len(writes), writes)
			}
			got := writes[0]
			if got.Fields[conversation.FieldCatalogue] != "99::007::Fiscal" || got.Fields[conversation.FieldReason] != "Resolvido" {
				t.Errorf("fields are %v", got.Fields)
			}
			got.Fields = nil
			want := conversation.Change{Agent: ana(), Assignee: agent, Subject: "Nota rejeitada", Status: "solved", Roles: []string{"closing"}}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("change (-want +got):\n%s", diff)
			}
			w.delivers()
			w.finds("solved", of(alfaID, groupN1, agent))
			w.wantPhone() // told once
			w.wantLane()
		})
	}
}

// A read of the ticket from before the write that solves it does not bring the conversation back.
func TestCloseIsNotUndoneByAnOldRead(t *testing.T) {
	t.Parallel()
	w := attended(t)
	w.thread.Conversation.Ticket.Status = "open"
	w.wantOK(finish())
	w.delivers()
	w.second++
	w.finds("open", of(alfaID, groupN1, agent))
	w.wantState(conversation.StateClosed)
	w.writes()
	w.second++
	w.finds("open", of(alfaID, groupN1, agent)) // somebody opens it again
	w.wantState(conversation.StateActive)
	w.wantOutcome("")
}

func TestCloseNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	w := attended(t)
	for name, tt := range map[string]struct {
		change func(*conversation.Command)
		want   string
	}{
		"all of it":     {func(c *conversation.Command) { c.Subject, c.Catalogue, c.Reason = "", "", " " }, "assunto, catálogo de serviços, motivo"},
		"the subject":   {func(c *conversation.Command) { c.Subject = " " }, "assunto"},
		"the catalogue": {func(c *conversation.Command) { c.Catalogue = "" }, "catálogo de serviços"},
		"the reason":    {func(c *conversation.Command) { c.Reason = "" }, "motivo"},
	} {
		c := finish()
		tt.change(&c)
		w.wantRefused(c, conversation.RefusedMissing)
		if a := w.ask(c); a.Text != "Para concluir, informe: "+tt.want+"." {
			t.Errorf("%s: %q", name, a.Text)
		}
	}
	w.thread.Conversation.Procedure.Category = "99::007::Fiscal" // the bot's menu told it
	c := finish()
	c.Catalogue = ""
	w.wantOK(c)
	if got := w.changes().Fields[conversation.FieldCatalogue]; got != "99::007::Fiscal" {
		t.Errorf("the catalogue is %q", got)
	}
}

func TestCloseIntoPendentes(t *testing.T) {
	t.Parallel()
	wait := conversation.Command{Kind: conversation.CommandClose, Agent: ana(), Folder: conversation.FolderPending, Catalogue: "99::007::Fiscal", Reason: "aguarda XML"}
	for name, world := range map[string]func(*testing.T) *world{"attended": attended, "queued": queued, "with the bot": atMenu} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := world(t)
			w.wantOK(wait)
			w.wantState(conversation.StatePending)
			w.wantPhone()
			c := w.changes()
			if c.Status != "pending" || c.Assignee != agent || c.Fields[conversation.FieldCatalogue] != "99::007::Fiscal" || len(c.Roles) > 0 {
				t.Errorf("the ticket is changed by %+v", c)
			}
			if w.thread.Conversation.Owner != agent {
				t.Errorf("the owner is %d", w.thread.Conversation.Owner)
			}
			w.says("aqui está")
			w.wantState(conversation.StateActive)
		})
	}
}

// Who answers a ticket that waits, in transcript_only, opens it.
func TestCustomerWakesThePendingTicket(t *testing.T) {
	t.Parallel()
	w := attended(t)
	w.set.Mode = settings.ModeTranscript
	w.wantOK(conversation.Command{Kind: conversation.CommandClose, Agent: ana(), Folder: conversation.FolderPending})
	w.second += 600
	w.writes()
	w.says("aqui está")
	if c := w.changes(); c.Status != "open" {
		t.Errorf("the ticket is changed by %+v", c)
	}
}

// The end of what was stopped, of what was a mistake and of what goes on elsewhere is told to nobody.
func TestSilentEnds(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		story   func(*world)
		outcome string
		state   conversation.State
	}{
		"closed after a stop": {func(w *world) {
			w.wantOK(conversation.Command{Kind: conversation.CommandStop, Agent: ana()})
			w.wantOK(finish())
		}, conversation.EndClosed, conversation.StateClosed},
		"solved after a stop": {func(w *world) {
			w.wantOK(conversation.Command{Kind: conversation.CommandStop, Agent: ana()})
			w.finds("solved", of(alfaID, groupN1, agent))
		}, conversation.EndClosed, conversation.StateClosed},
		"solved after an e-mail": {func(w *world) {
			w.finds("open", of(alfaID, groupN1, agent), conversation.Pull{ID: 9, Author: contactUser, Public: true, Channel: "email", Texts: []string{"por e-mail"}})
			w.wantState(conversation.StateStopped)
			w.second += 60
			w.finds("solved", of(alfaID, groupN1, agent))
		}, conversation.EndClosed, conversation.StateClosed},
		"cancelled": {func(w *world) {
			w.wantOK(conversation.Command{Kind: conversation.CommandCancel, Agent: ana(), Reason: "spam"})
			c := w.changes()
			if c.Status != "solved" || !slices.Equal(c.Tags, []string{"whatsapp_cancelado"}) || len(c.Roles) > 0 {
				w.t.Errorf("the ticket is changed by %+v", c)
			}
		}, conversation.EndCancelled, conversation.StateCancelled},
		"cancelled after a stop": {func(w *world) {
			w.wantOK(conversation.Command{Kind: conversation.CommandStop, Agent: ana()})
			w.wantOK(conversation.Command{Kind: conversation.CommandCancel, Agent: ana(), Reason: "spam"})
		}, conversation.EndCancelled, conversation.StateCancelled},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := attended(t)
			w.second++
			tt.story(w)
			w.wantState(tt.state)
			w.wantOutcome(tt.outcome)
			w.wantPhone()
		})
	}
}
