package decide_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// bento is another agent.
func bento() conversation.Agent { return conversation.Agent{ID: 801, Name: "Bento"} }

func TestGreeting(t *testing.T) {
	t.Parallel()
	const hello = "Olá, Ana! Meu nome é Ana Beatriz e vou seguir com o seu atendimento."
	for name, tt := range map[string]struct {
		second int
		story  func(*world)
		want   []string
	}{
		"in the afternoon":        {0, func(*world) {}, []string{hello + "\nBoa tarde!"}},
		"in the evening":          {evening, func(*world) {}, []string{hello + "\nBoa noite!"}},
		"in the morning":          {morning, func(*world) {}, []string{hello + "\nBom dia!"}},
		"at night":                {12 * hour, func(*world) {}, []string{hello + "\nBoa noite!"}},
		"no time of day":          {0, func(w *world) { w.set.Says.Afternoon = "" }, []string{hello}},
		"the time of day alone":   {0, func(w *world) { w.set.Says.Greeting = "" }, []string{"Boa tarde!"}},
		"nothing is set":          {0, func(w *world) { w.set.Says = settings.Says{} }, nil},
		"who took it has greeted": {0, func(w *world) { w.wantOK(conversation.Command{Kind: conversation.CommandTake, Agent: ana()}) }, []string{hello + "\nBoa tarde!"}},
		"somebody answered": {0, func(w *world) {
			w.wantOK(conversation.Command{Kind: conversation.CommandReply, Agent: ana(), Text: "olá"})
		}, []string{"olá"}},
		"it waits":                 {0, func(w *world) { w.thread.Conversation.State = conversation.StatePending }, nil},
		"a bot has it":             {0, func(w *world) { w.thread.Conversation.State = conversation.StateBot }, nil},
		"whatsapp's window closed": {0, func(w *world) { w.thread.WindowShut = true }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := procedural(t)
			w.second = tt.second
			w.says("oi")
			tt.story(w)
			w.wantOK(conversation.Command{Kind: conversation.CommandOpen, Agent: ana()})
			w.wantOK(conversation.Command{Kind: conversation.CommandOpen, Agent: bento()}) // once
			w.wantPhone(tt.want...)
		})
	}
	w := queued(t)
	w.wantOK(conversation.Command{Kind: conversation.CommandOpen})
	w.wantPhone() // a program greets nobody
}

func TestTake(t *testing.T) {
	t.Parallel()
	w := queued(t)
	take := conversation.Command{Kind: conversation.CommandTake, Agent: ana()}
	w.wantRefused(conversation.Command{Kind: conversation.CommandTake}, conversation.RefusedNowhere)
	w.wantOK(take)
	w.wantState(conversation.StateActive)
	if w.thread.Conversation.Owner != agent {
		t.Errorf("the owner is %d", w.thread.Conversation.Owner)
	}
	want := conversation.Change{Agent: ana(), Assignee: agent, Status: "open"}
	got := w.changes()
	got.Fields = nil
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("change (-want +got):\n%s", diff)
	}
	before := w.thread.Clone()
	w.wantOK(take)
	if diff := cmp.Diff(before, w.thread); diff != "" {
		t.Errorf("taken again (-before +after):\n%s", diff)
	}
	w.wantRefused(conversation.Command{Kind: conversation.CommandTake, Agent: bento()}, conversation.RefusedNowhere)
	w.wantOK(conversation.Command{Kind: conversation.CommandTransfer, Agent: ana(), Group: "Fiscal"})
	w.wantOK(conversation.Command{Kind: conversation.CommandTake, Agent: bento()})
	w.wantState(conversation.StateActive)
	if c := w.changes(); c.Assignee != 801 || c.Unassign {
		t.Errorf("the ticket is changed by %+v", c)
	}
}

func TestTransfer(t *testing.T) {
	t.Parallel()
	const told = "O seu atendimento foi transferido para %. Aguarde um instante, por favor."
	for name, tt := range map[string]struct {
		command conversation.Command
		macro   bool
		to      string
		state   conversation.State
		owner   int64
		want    conversation.Change
		note    string
	}{
		"to an agent": {
			conversation.Command{To: bento()},
			true, "Bento", conversation.StateActive, 801,
			conversation.Change{Agent: ana(), Assignee: 801, Roles: []string{"transfer"}},
			"Atendimento transferido para Bento por Ana Beatriz.",
		},
		"to a queue, without a macro": {
			conversation.Command{Group: "Fiscal", Text: "cliente VIP"},
			false, "Fiscal", conversation.StateQueued, 0,
			conversation.Change{Agent: ana(), Group: "Fiscal", Unassign: true},
			"para Fiscal por Ana Beatriz. | Comentário de Ana Beatriz na transferência: cliente VIP",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := attended(t)
			if !tt.macro {
				w.set.Desk.Macros = nil
			}
			c := tt.command
			c.Kind, c.Agent = conversation.CommandTransfer, ana()
			w.wantOK(c)
			w.wantPhone(strings.Replace(told, "%", tt.to, 1))
			w.wantState(tt.state)
			if w.thread.Conversation.Owner != tt.owner {
				t.Errorf("the owner is %d", w.thread.Conversation.Owner)
			}
			got := w.changes()
			got.Fields = nil
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("change (-want +got):\n%s", diff)
			}
			if lane := strings.Join(w.lane(), "\n"); !strings.Contains(lane, tt.note) || strings.Contains(lane, "public") {
				t.Errorf("the lane is %q, want %q in it", lane, tt.note)
			}
			kept := slices.ContainsFunc(w.transcript, func(e conversation.Entry) bool { return e.Private && e.Text == tt.command.Text && e.Agent == agent })
			if tt.command.Text != "" && !kept {
				t.Errorf("the comment is not in the transcript: %+v", w.transcript)
			}
		})
	}
	w := attended(t)
	w.wantRefused(conversation.Command{Kind: conversation.CommandTransfer, Agent: ana()}, conversation.RefusedNowhere)
	w.wantRefused(conversation.Command{Kind: conversation.CommandTransfer, Agent: bento(), To: ana()}, conversation.RefusedNowhere)
}

func TestN2(t *testing.T) {
	t.Parallel()
	w := attended(t)
	w.finds("open", of(alfaID, groupN1, agent))
	n2 := conversation.Command{Kind: conversation.CommandN2, Agent: ana()}
	w.wantRefused(n2, conversation.RefusedMissing)
	if a := w.ask(n2); !strings.Contains(a.Text, "resumo") || strings.Contains(a.Text, "nome") {
		t.Errorf("what is missing is told as %q", a.Text)
	}
	n2.Fields = map[string]string{conversation.FieldSummary: "  "}
	w.wantRefused(n2, conversation.RefusedMissing)
	n2.Fields = map[string]string{conversation.FieldSummary: "Erro 302 ao emitir a nota"}
	w.wantOK(n2)
	w.wantState(conversation.StateClosed)
	w.wantOutcome(conversation.EndN2)
	w.wantSaid("O seu chamado foi encaminhado à nossa equipe especializada")
	got := w.changes()
	if got.Fields[conversation.FieldSummary] != "Erro 302 ao emitir a nota" || got.Fields[conversation.FieldContactPhone] != "+5511987654321" ||
		got.Fields[conversation.FieldContactName] != "Ana" {
		t.Errorf("fields are %v", got.Fields)
	}
	got.Fields = nil
	want := conversation.Change{Agent: ana(), Group: "Suporte N2", Unassign: true, Status: "open", Roles: []string{"n2"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("change (-want +got):\n%s", diff)
	}
	w.second += 60
	w.writes()
	w.finds("open", of(alfaID, groupN2, 0))
	w.wantState(conversation.StateClosed) // it goes on there without the chat
	w.wantOutcome(conversation.EndN2)
}

func TestN2IsRefused(t *testing.T) {
	t.Parallel()
	w := attended(t)
	w.set.Desk.N2 = ""
	w.wantRefused(conversation.Command{Kind: conversation.CommandN2, Agent: ana()}, conversation.RefusedNowhere)
	w = attended(t)
	w.thread.Contact.Name, w.thread.Contact.WaID = "", ""
	w.set.N2.Needs = []string{settings.NeedContactName, settings.NeedContactPhone, settings.NeedSummary, settings.NeedCNPJ, settings.NeedCatalogue}
	w.thread.Conversation.Procedure.Organization = nil
	a := w.ask(conversation.Command{Kind: conversation.CommandN2, Agent: ana()})
	if want := "Faltam campos para a transferência ao N2: nome do contato, telefone do contato, resumo, CNPJ, catálogo de serviços."; a.Text != want {
		t.Errorf("what is missing is told as %q", a.Text)
	}
}

// A conversation whose sending was stopped goes to the second level as well, without a word.
func TestN2AfterStop(t *testing.T) {
	t.Parallel()
	w := attended(t)
	w.wantOK(conversation.Command{Kind: conversation.CommandStop, Agent: ana()})
	w.wantOK(conversation.Command{Kind: conversation.CommandN2, Agent: ana(), Fields: map[string]string{conversation.FieldSummary: "r"}})
	w.wantState(conversation.StateClosed)
	w.wantPhone()
	if c := w.changes(); c.Group != "Suporte N2" {
		t.Errorf("the ticket is changed by %+v", c)
	}
}

func TestIdentifyByCommand(t *testing.T) {
	t.Parallel()
	w := queued(t)
	w.wantRefused(conversation.Command{Kind: conversation.CommandIdentify, Agent: ana(), CNPJ: "11.444.777/0001-60"}, conversation.RefusedCNPJ)
	w.wantOK(conversation.Command{Kind: conversation.CommandIdentify, Agent: ana(), CNPJ: "11.444.777/0001-61"})
	if diff := cmp.Diff(&conversation.Identify{CNPJ: betaCNPJ, Repair: true}, w.asks()); diff != "" {
		t.Fatalf("asked for (-want +got):\n%s", diff)
	}
	w.identifies(conversation.Identity{
		Organizations: []conversation.Organization{w.beta(conversation.PendingNo)}, Requester: 702, RequesterName: "Célia", Email: "ana@alfa.example",
	})
	if o := w.proc().Organization; o == nil || o.ID != betaID {
		t.Errorf("the organisation is %+v", o)
	}
	if c := w.changes(); c.Organization != betaID || c.Requester != 702 {
		t.Errorf("the ticket is changed by %+v", c)
	}
	w.wantOK(conversation.Command{Kind: conversation.CommandIdentify, Agent: ana(), CNPJ: alfaCNPJ})
	w.identifies(conversation.Identity{})
	w.wantFlags(conversation.FlagNoEmail, conversation.FlagNoOrganization)
}

func TestOverrideIsRefused(t *testing.T) {
	t.Parallel()
	w := queued(t)
	w.wantRefused(conversation.Command{Kind: conversation.CommandOverride, Agent: ana(), Reason: " "}, conversation.RefusedMissing)
	w.thread.Conversation.Procedure.Organization = nil
	w.wantRefused(conversation.Command{Kind: conversation.CommandOverride, Agent: ana(), Reason: "r"}, conversation.RefusedNoPending)
}

// Every command of the procedure is refused for another conversation and for one that has ended.
func TestProcedureNeedsTheOpenConversation(t *testing.T) {
	t.Parallel()
	for _, kind := range []conversation.CommandKind{
		conversation.CommandOpen, conversation.CommandTake, conversation.CommandTransfer, conversation.CommandN2, conversation.CommandClose,
		conversation.CommandCancel, conversation.CommandIdentify, conversation.CommandOverride, conversation.CommandPosition,
	} {
		c := finish()
		c.Kind, c.To, c.CNPJ, c.Ticket, c.Fields = kind, bento(), alfaCNPJ, 123, map[string]string{conversation.FieldSummary: "r"}
		w := attended(t)
		c.Session = "wa-100-c1-9"
		w.wantRefused(c, conversation.RefusedOtherSession)
		c.Session = ""
		w.finds("solved", of(alfaID, groupN1, agent))
		w.wantRefused(c, conversation.RefusedEnded)
		if kind == conversation.CommandPosition {
			w = attended(t)
			w.wantOK(conversation.Command{Kind: conversation.CommandStop, Agent: ana()})
			w.wantRefused(c, conversation.RefusedStopped)
		}
	}
}

// A ticket that a conversation is begun in is told so.
func TestStartInATicketTellsItsContext(t *testing.T) {
	t.Parallel()
	w := procedural(t)
	w.wantOK(conversation.Command{
		Kind: conversation.CommandStart, Agent: ana(), Ticket: 12, Text: "Olá", Contact: &conversation.Contact{Name: "Ana", WaID: "5511987654321"},
		Template: &conversation.Template{Name: "oi", Language: "pt_BR"},
	})
	if c := w.changes(); c.Fields[conversation.FieldSession] != "wa-100-c1-1" {
		t.Errorf("the ticket is changed by %+v", c)
	}
}
