package decide

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/ponte-desk/ponte/bridge/bot"
	"github.com/ponte-desk/ponte/bridge/brazil"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// What agents do by commands.

// opened is the status of a ticket that an agent works on.
func (d *draft) opened() string {
	if status := d.Thread.Conversation.Ticket.Status; status == "" || status == "new" || conversation.Resting(status) {
		return "open"
	}
	return ""
}

// commandOpen greets the customer, once, when an agent first looks at the conversation.
func (d *draft) commandOpen(c conversation.Command) conversation.Answer {
	d.greet(c.Agent)
	return conversation.Answer{}
}

// greet says who attends, and good morning.
func (d *draft) greet(a conversation.Agent) {
	conv := d.Thread.Conversation
	waiting := conv.State == conversation.StateQueued || conv.State == conversation.StateActive
	if conv.Procedure.Greeted || conv.Attended || !waiting || a.ID == 0 {
		return
	}
	conv.Procedure.Greeted = true
	v := d.values()
	v["{{agente.nome}}"] = a.Name
	text := settings.Fill(d.set.Says.Greeting, v)
	if daytime := d.set.Greeting.Of(d.now.In(d.set.Zone), d.set.Says); daytime != "" {
		text = strings.TrimSpace(text + "\n" + settings.Fill(daytime, v))
	}
	d.because("greeted")
	d.automaticWith(text, nil)
}

// commandTake gives the conversation to who asks.
func (d *draft) commandTake(c conversation.Command) conversation.Answer {
	conv := d.Thread.Conversation
	switch {
	case c.Agent.ID == 0:
		return refuse(conversation.RefusedNowhere, "Informe quem assume a conversa.")
	case conv.Owner != 0 && conv.Owner != c.Agent.ID && conv.State != conversation.StateQueued:
		return refuse(conversation.RefusedNowhere, "A conversa já está com "+cmp.Or(conv.Clock.Name, "outro atendente")+". Transfira-a, se for o caso.")
	case conv.Owner == c.Agent.ID && conv.State == conversation.StateActive:
		return conversation.Answer{}
	}
	d.assign(c.Agent)
	d.greet(c.Agent)
	return conversation.Answer{}
}

// assign makes an agent the owner, on the ticket as well.
func (d *draft) assign(a conversation.Agent) {
	d.Thread.Conversation.Give(a)
	d.timeline(handAgent, nameOf(a), a.ID)
	d.Thread.Outbox.Unhold()
	d.move(AgentTakes)
	d.update(conversation.Change{Agent: a, Assignee: a.ID, Status: d.opened()}, false)
}

// commandTransfer gives the conversation to another agent or to another queue.
func (d *draft) commandTransfer(c conversation.Command) conversation.Answer {
	conv := d.Thread.Conversation
	if c.To.ID == 0 && c.Group == "" || c.To.ID != 0 && c.To.ID == conv.Owner {
		return refuse(conversation.RefusedNowhere, "Informe para qual fila ou atendente a conversa vai.")
	}
	change := d.contextChange()
	change.Agent, change.Group, change.Roles = c.Agent, c.Group, d.role(settings.RoleTransfer)
	to, what := c.Group, handQueue
	d.Thread.Outbox.Unhold()
	if c.To.ID != 0 {
		to, what = c.To.Name, handAgent
		conv.Give(c.To)
		change.Assignee, change.Status = c.To.ID, d.opened()
		d.move(AgentTakes)
	} else {
		conv.Give(conversation.Agent{})
		change.Unassign = true
		conv.Procedure.Queue = c.Group
		d.move(BackToQueue)
	}
	d.because("transferred")
	d.timeline(what, cmp.Or(to, nameOf(c.To)), c.To.ID)
	d.transferred(to)
	note := fmt.Sprintf(d.set.Texts.Transferred, to, nameOf(c.Agent))
	if c.Text != "" {
		note += "\n\n" + fmt.Sprintf(d.set.Texts.TransferComment, nameOf(c.Agent), c.Text)
		e := d.spoken(c)
		e.Type, e.Text, e.Private = "note", c.Text, true
		d.log(e)
	}
	d.noteWith(note, change)
	return conversation.Answer{}
}

// nameOf is what an agent is called.
func nameOf(a conversation.Agent) string {
	if a.Name != "" {
		return a.Name
	}
	return "um atendente"
}

// role is a macro's role, as far as the account has a macro for it.
func (d *draft) role(r settings.MacroRole) []string {
	if d.set.Desk.Macro(r) == "" {
		return nil
	}
	return []string{string(r)}
}

// commandN2 sends the ticket to the second level; the chat ends. What is missing is named.
func (d *draft) commandN2(c conversation.Command) conversation.Answer {
	if d.set.Desk.N2 == "" {
		return refuse(conversation.RefusedNowhere, "Não há um grupo de N2 configurado.")
	}
	change := d.contextChange()
	change = change.With(conversation.Change{Fields: c.Fields})
	if missing := d.missing(d.set.N2.Needs, change.Fields); missing != "" {
		return refuse(conversation.RefusedMissing, "Faltam campos para a transferência ao N2: "+missing+".")
	}
	conv := d.Thread.Conversation
	change.Agent, change.Group, change.Unassign, change.Status = c.Agent, d.set.Desk.N2, true, "open"
	change.Roles = d.role(settings.RoleN2)
	conv.Closing = &change
	conv.Procedure.Outcome = conversation.EndN2
	d.because("sent to n2")
	d.toN2()
	return conversation.Answer{}
}

// sentToN2 takes in that people sent the ticket to the second level in Zendesk itself.
func (d *draft) sentToN2() {
	conv := d.Thread.Conversation
	change := d.contextChange()
	conv.Closing = &change
	conv.Procedure.Outcome = conversation.EndN2
	d.because("sent to n2 in zendesk")
	d.toN2()
}

// toN2 ends the chat, and tells the customer where it goes on.
func (d *draft) toN2() {
	conv := d.Thread.Conversation
	conv.Procedure.Silent = true // the ticket goes on: nothing is concluded
	conv.Procedure.Queue = d.set.Desk.N2
	d.automatic(d.set.Says.N2)
	d.move(GoesToN2)
	conv.Owner = 0
}

// missing names the fields without a value, pt-BR.
func (d *draft) missing(needs []string, have map[string]string) string {
	var names []string
	for _, need := range needs {
		if strings.TrimSpace(have[need]) == "" {
			names = append(names, fieldNames()[need])
		}
	}
	return strings.Join(names, ", ")
}

// fieldNames is what people call the fields.
func fieldNames() map[string]string {
	return map[string]string{
		conversation.FieldCNPJ: "CNPJ", conversation.FieldContactName: "nome do contato", conversation.FieldContactPhone: "telefone do contato",
		conversation.FieldSummary: "resumo", conversation.FieldCatalogue: "catálogo de serviços",
	}
}

// commandClose finishes the attendance, or lets it wait for the customer.
func (d *draft) commandClose(c conversation.Command) conversation.Answer {
	if c.Folder == conversation.FolderPending {
		return d.wait(c)
	}
	conv := d.Thread.Conversation
	if c.Catalogue == "" {
		c.Catalogue = conv.Procedure.Category
	}
	var names []string
	for _, need := range []struct{ name, value string }{
		{"assunto", c.Subject}, {"catálogo de serviços", c.Catalogue}, {"motivo", c.Reason},
	} {
		if strings.TrimSpace(need.value) == "" {
			names = append(names, need.name)
		}
	}
	if len(names) > 0 {
		return refuse(conversation.RefusedMissing, "Para concluir, informe: "+strings.Join(names, ", ")+".")
	}
	change := d.contextChange().With(conversation.Change{Fields: c.Fields})
	change.Fields[conversation.FieldCatalogue], change.Fields[conversation.FieldReason] = c.Catalogue, c.Reason
	change.Agent, change.Subject, change.Status, change.Roles = c.Agent, c.Subject, statusSolved, d.role(settings.RoleClosing)
	if conv.Owner == 0 {
		conv.Give(c.Agent)
	}
	change.Assignee = conv.Owner
	conv.Closing = &change
	conv.Procedure.Outcome, conv.Procedure.Subject, conv.Procedure.Category = conversation.EndClosed, c.Subject, c.Catalogue
	conv.Procedure.Silent = conv.State == conversation.StateStopped
	d.moveBecause(AgentCloses, c.Reason)
	return conversation.Answer{}
}

// wait lets the conversation wait for the customer, without a word.
func (d *draft) wait(c conversation.Command) conversation.Answer {
	conv := d.Thread.Conversation
	if conv.Owner == 0 && c.Agent.ID != 0 {
		conv.Give(c.Agent)
	}
	d.Thread.Outbox.Unhold()
	d.moveBecause(AgentWaits, c.Reason)
	change := conversation.Change{Agent: c.Agent, Status: "pending", Assignee: conv.Owner, Subject: c.Subject, Fields: map[string]string{}}
	if c.Catalogue != "" {
		change.Fields[conversation.FieldCatalogue] = c.Catalogue
	}
	d.update(change, false)
	return conversation.Answer{}
}

// commandCancel ends what was opened by mistake, without a word.
func (d *draft) commandCancel(c conversation.Command) conversation.Answer {
	conv := d.Thread.Conversation
	conv.Closing = &conversation.Change{Agent: c.Agent, Status: statusSolved, Tags: []string{"whatsapp_cancelado"}}
	conv.Procedure.Outcome, conv.Procedure.Silent = conversation.EndCancelled, true
	d.moveBecause(Cancels, c.Reason)
	return conversation.Answer{}
}

// commandIdentify tells the customer's company.
func (d *draft) commandIdentify(c conversation.Command) conversation.Answer {
	cnpj, ok := brazil.NormalizeCNPJ(c.CNPJ)
	if !ok {
		return refuse(conversation.RefusedCNPJ, "O CNPJ informado não é válido.")
	}
	d.because("agent told a cnpj")
	d.proc().Organization = nil
	d.ask(conversation.Identify{CNPJ: cnpj, Repair: true})
	return conversation.Answer{}
}

// commandOverride lets the conversation be attended in spite of a financial pending.
func (d *draft) commandOverride(c conversation.Command) conversation.Answer {
	p := d.proc()
	switch {
	case strings.TrimSpace(c.Reason) == "":
		return refuse(conversation.RefusedMissing, "Informe o motivo para atender apesar da pendência.")
	case p.Organization == nil:
		return refuse(conversation.RefusedNoPending, "A organização do cliente ainda não é conhecida.")
	}
	p.Override = c.Reason
	p.Set(conversation.FlagPending, false)
	p.Set(conversation.FlagOverridden, true)
	d.because("pending overridden")
	var change conversation.Change
	if d.Thread.Conversation.State.Ended() { // it was refused for that
		d.move(Overrides)
		change = conversation.Change{Agent: c.Agent, Status: "open", Group: p.Queue, Subject: d.set.Subject}
	}
	d.noteWith(fmt.Sprintf(d.set.Texts.OverrideNote, nameOf(c.Agent), c.Reason), change)
	return conversation.Answer{}
}

// commandPosition tells the customer where another ticket stands.
func (d *draft) commandPosition(c conversation.Command) conversation.Answer {
	if c.Ticket == 0 {
		return refuse(conversation.RefusedMissing, "Informe o número do chamado.")
	}
	d.add(conversation.Effect{Kind: conversation.EffectFind, Hint: &conversation.Hint{Ticket: c.Ticket}})
	return conversation.Answer{}
}

// positioned tells the customer what an agent asked for, and what the ticket is about.
func (d *draft) positioned(at conversation.Position) {
	d.because("position told")
	d.announce(conversation.Send{Text: bot.Where(d.world(), at), Automatic: true})
	d.aboutPosition(at)
}

// aboutPosition calls the conversation's ticket after the one that was asked about.
func (d *draft) aboutPosition(at conversation.Position) {
	if !at.Found {
		return
	}
	d.update(conversation.Change{
		Subject: strings.ReplaceAll(d.set.Subjects.Position, "{{chamado}}", strconv.FormatInt(at.Ticket, 10)),
		Fields:  map[string]string{conversation.FieldCatalogue: d.set.Catalogue.Position},
	}, false)
}
