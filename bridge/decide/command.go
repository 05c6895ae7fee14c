package decide

import (
	"fmt"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// command carries out what a person or a program asks for, and answers.
func (d *draft) command(c conversation.Command) {
	a := d.refusal(c)
	if a.Code == "" {
		a = d.obey(c)
	}
	a.ID, a.OK = c.ID, a.Code == ""
	if conv := d.Thread.Conversation; conv != nil {
		a.State = conv.State
		if a.Session == "" {
			a.Session, a.Ticket = conv.Session, conv.Ticket.ID
		}
	}
	if a.Code != "" {
		d.because("refused: " + a.Code)
	}
	d.Answers = append(d.Answers, a)
}

func (d *draft) obey(c conversation.Command) conversation.Answer {
	switch c.Kind { //nolint:exhaustive // the others are the procedure's
	case conversation.CommandReply:
		return d.commandReply(c)
	case conversation.CommandNote:
		return d.commandNote(c)
	case conversation.CommandTemplate:
		return d.commandTemplate(c)
	case conversation.CommandStart:
		return d.commandStart(c)
	case conversation.CommandStop:
		return d.commandStop(c)
	case conversation.CommandRestart:
		return d.commandRestart(c)
	case conversation.CommandTyping:
		return d.commandTyping()
	}
	return d.procedure(c)
}

// procedure carries out a command of the support procedure.
func (d *draft) procedure(c conversation.Command) conversation.Answer {
	switch c.Kind { //nolint:exhaustive // the others are not of the procedure
	case conversation.CommandOpen:
		return d.commandOpen(c)
	case conversation.CommandTake:
		return d.commandTake(c)
	case conversation.CommandTransfer:
		return d.commandTransfer(c)
	case conversation.CommandN2:
		return d.commandN2(c)
	case conversation.CommandClose:
		return d.commandClose(c)
	case conversation.CommandCancel:
		return d.commandCancel(c)
	case conversation.CommandIdentify:
		return d.commandIdentify(c)
	case conversation.CommandOverride:
		return d.commandOverride(c)
	case conversation.CommandPosition:
		return d.commandPosition(c)
	}
	return d.attending(c)
}

// attending carries out a command about who attends when.
func (d *draft) attending(c conversation.Command) conversation.Answer {
	switch c.Kind { //nolint:exhaustive // the others are not of these
	case conversation.CommandSnooze:
		return d.commandSnooze(c)
	case conversation.CommandWake:
		return d.commandWake(c)
	case conversation.CommandAttention, conversation.CommandResolve:
		return d.commandAttention(c.Kind == conversation.CommandAttention)
	case conversation.CommandMute, conversation.CommandUnmute:
		return d.commandMute(c.Kind == conversation.CommandMute)
	case conversation.CommandOverrule:
		return d.commandOverrule(c)
	case conversation.CommandTag:
		return d.commandTag(c)
	case conversation.CommandLink:
		return d.commandLink(c)
	}
	return refuse(conversation.RefusedUnknown, "Este comando não existe nesta versão.")
}

func refuse(code, text string) conversation.Answer {
	return conversation.Answer{Code: code, Text: text}
}

// refusal is what forbids a command whatever it is; its Code is "" when nothing does.
func (d *draft) refusal(c conversation.Command) conversation.Answer {
	conv := d.Thread.Conversation
	switch {
	case c.Kind == conversation.CommandStart:
		return conversation.Answer{}
	case conv == nil || conv.Session != c.Session:
		return refuse(conversation.RefusedOtherSession, "Esta não é mais a conversa atual do contato.")
	case afterEnd(c.Kind):
		return conversation.Answer{}
	case c.Kind == conversation.CommandOverride && conv.State == conversation.StateClosed && conv.Procedure.Outcome == conversation.EndFinancial:
		return conversation.Answer{} // it is attended after all
	case conv.State.Ended():
		return refuse(conversation.RefusedEnded, "A conversa já foi encerrada. Inicie uma nova conversa com um modelo.")
	case conv.State == conversation.StateStopped && speaks(c.Kind):
		return refuse(conversation.RefusedStopped, "O envio pelo WhatsApp foi encerrado nesta conversa. Reinicie a conversa antes de escrever.")
	}
	return conversation.Answer{}
}

// afterEnd tells whether a command makes sense after the end too.
func afterEnd(k conversation.CommandKind) bool {
	switch k { //nolint:exhaustive // the others do not
	case conversation.CommandNote, conversation.CommandRestart, conversation.CommandAttention, conversation.CommandResolve, conversation.CommandMute,
		conversation.CommandUnmute, conversation.CommandOverrule, conversation.CommandTag, conversation.CommandLink:
		return true
	}
	return false
}

// speaks tells whether a command says something to the customer.
func speaks(k conversation.CommandKind) bool {
	switch k { //nolint:exhaustive // the others are silent, or may be
	case conversation.CommandReply, conversation.CommandTemplate, conversation.CommandTyping, conversation.CommandPosition:
		return true
	}
	return false
}

// commandReply says words to the customer and writes them on the ticket in the agent's name.
func (d *draft) commandReply(c conversation.Command) conversation.Answer {
	switch {
	case c.Upload != nil && c.Choices != nil:
		return refuse(conversation.RefusedFile, "Um arquivo não pode ir com opções de resposta.")
	case c.Upload != nil:
		return d.replyFile(c)
	case c.Text == "":
		return refuse(conversation.RefusedEmpty, "Não há nada para enviar.")
	}
	assign := d.attended(c.Agent)
	s := conversation.Send{Text: c.Text, Agent: c.Agent.ID, Choices: c.Choices, ReplyTo: c.ReplyTo}
	effect, state := d.say(s, d.spoken(c))
	d.mirror(c.Agent, assign, conversation.Line{Text: c.Text, Re: c.ReplyTo})
	d.seen()
	return conversation.Answer{Effects: []string{effect}, Delivery: state}
}

// spoken is the transcript entry of what an agent says by a command.
func (d *draft) spoken(c conversation.Command) conversation.Entry {
	return conversation.Entry{
		At: d.now, Author: conversation.AuthorAgent, Agent: c.Agent.ID, Who: c.Agent.Name, Origin: conversation.OriginApp, Command: c.ClientID(),
	}
}

// mirror writes an agent's words on the ticket, where messages are written there at all. Without an agent they are Ponte's.
func (d *draft) mirror(a conversation.Agent, assign bool, line conversation.Line) {
	if d.set.Mode == modeTranscript {
		d.ensureTicket()
		if assign {
			d.update(conversation.Change{Agent: a, Assignee: a.ID, Status: d.opened()}, false)
		}
		return
	}
	d.commentOf(conversation.Comment{Author: authorOf(a.ID), Agent: a.ID, Assign: assign, Public: true}, line)
}

// authorOf is in whose name an agent's words are written: a program's are Ponte's.
func authorOf(agent int64) conversation.Author {
	if agent == 0 {
		return conversation.AuthorPonte
	}
	return conversation.AuthorAgent
}

// attended makes the one who answers the owner of a conversation that nobody has; it tells whether that is new.
func (d *draft) attended(agent conversation.Agent) (assign bool) {
	c := d.Thread.Conversation
	c.Attended = true
	d.answered()
	if c.Owner == 0 && agent.ID != 0 {
		c.Give(agent)
		assign = true
	}
	d.move(AgentReplies)
	return assign
}

func (d *draft) commandNote(c conversation.Command) conversation.Answer {
	if c.Text == "" {
		return refuse(conversation.RefusedEmpty, "A nota está vazia.")
	}
	e := d.spoken(c)
	e.Type, e.Text, e.Private = "note", c.Text, true
	d.log(e)
	d.commentOf(conversation.Comment{Author: authorOf(c.Agent.ID), Agent: c.Agent.ID}, conversation.Line{Text: c.Text})
	return conversation.Answer{}
}

// commandTemplate sends an approved template, which goes out whatever the window.
func (d *draft) commandTemplate(c conversation.Command) conversation.Answer {
	if c.Template == nil {
		return refuse(conversation.RefusedEmpty, "Escolha um modelo.")
	}
	assign := d.attended(c.Agent)
	return d.template(c, assign)
}

func (d *draft) template(c conversation.Command, assign bool) conversation.Answer {
	e := d.spoken(c)
	e.Template = c.Template.Name
	effect, state := d.say(conversation.Send{Text: c.Text, Agent: c.Agent.ID, Template: c.Template}, e)
	if !d.open() && d.Thread.Invited.IsZero() {
		d.Thread.Invited = d.now // one invitation is enough
	}
	d.mirror(c.Agent, assign, conversation.Line{Text: fmt.Sprintf(d.set.Texts.Template, c.Template.Name, c.Text)})
	return conversation.Answer{Effects: []string{effect}, Delivery: state}
}

// commandStart begins a conversation: within the window at once, after it with a template.
func (d *draft) commandStart(c conversation.Command) conversation.Answer {
	if d.Thread.Open() {
		return d.refuseSecond()
	}
	if have := d.Thread.Contact; c.Contact != nil && have.WaID == "" && have.UserID == "" {
		d.know(*c.Contact) // what WhatsApp itself told counts more than what was typed
	}
	if c.Template == nil && !d.open() {
		return refuse(conversation.RefusedWindow, "A janela de 24 horas está fechada: escolha um modelo aprovado para iniciar a conversa.")
	}
	if c.Template == nil && c.Text == "" {
		return refuse(conversation.RefusedEmpty, "Escreva a primeira mensagem ou escolha um modelo.")
	}
	d.begin(c.ID, AgentStarts)
	conv := d.Thread.Conversation
	if c.Ticket != 0 {
		conv.Ticket = conversation.Ticket{ID: c.Ticket}
		d.add(conversation.Effect{Kind: conversation.EffectPull, Hint: &conversation.Hint{Ticket: c.Ticket, Bind: true}})
		d.update(d.contextChange(), false)
	}
	conv.Attended = true
	conv.Give(c.Agent)
	d.answered()
	who := c.Agent.Name
	if who == "" {
		who = "um atendente"
	}
	d.note(fmt.Sprintf(d.set.Texts.Started, who))
	if c.Template != nil {
		return d.template(c, c.Agent.ID != 0)
	}
	effect, state := d.say(conversation.Send{Text: c.Text, Agent: c.Agent.ID}, d.spoken(c))
	d.mirror(c.Agent, c.Agent.ID != 0, conversation.Line{Text: c.Text})
	return conversation.Answer{Effects: []string{effect}, Delivery: state}
}

// refuseSecond refuses a second conversation and names the first.
func (d *draft) refuseSecond() conversation.Answer {
	c := d.Thread.Conversation
	text := fmt.Sprintf("Este contato já tem uma conversa aberta (%s).", c.Session)
	if c.Ticket.ID != 0 {
		text = fmt.Sprintf("Este contato já tem uma conversa aberta no ticket %d (%s).", c.Ticket.ID, c.Session)
	}
	return refuse(conversation.RefusedOpen, text)
}

// commandStop ends sending without a word to the customer; what waits does not go out any more.
func (d *draft) commandStop(c conversation.Command) conversation.Answer {
	if !d.stopped() {
		reason := "stopped by an agent"
		if c.Reason != "" {
			reason = c.Reason
		}
		d.stop(AgentStops, reason)
	}
	return conversation.Answer{}
}

// stop moves to stopped and takes back what has not gone to WhatsApp.
func (d *draft) stop(on Trigger, reason string) {
	d.moveBecause(on, reason)
	if !d.stopped() {
		return
	}
	var left []conversation.Pending
	for _, p := range d.Thread.Outbox.Phone {
		if p.Running || p.Unsure || p.Frozen {
			left = append(left, p)
			continue
		}
		if have := d.Thread.Delivery(p.Effect.ID, ""); have != nil {
			have.Send = nil
			d.merge(have, conversation.Status{State: conversation.DeliveryFailed, At: d.now, Reason: d.set.Texts.Stopped})
		}
	}
	d.Thread.Outbox.Phone = left
}

// commandRestart lets a stopped conversation go on while its ticket is not solved.
func (d *draft) commandRestart(c conversation.Command) conversation.Answer {
	conv := d.Thread.Conversation
	switch conv.Ticket.Status {
	case "solved", "closed":
		return refuse(conversation.RefusedTicket, "O ticket está resolvido: a conversa não pode ser reiniciada nele.")
	}
	if conv.State.Ended() {
		return refuse(conversation.RefusedEnded, "A conversa já foi encerrada. Inicie uma nova conversa com um modelo.")
	}
	d.moveBecause(AgentRestarts, c.Reason)
	return conversation.Answer{}
}

// commandTyping lets the customer see that somebody writes.
func (d *draft) commandTyping() conversation.Answer {
	if d.set.Typing && d.Thread.Newest != "" && d.open() {
		d.add(conversation.Effect{Kind: conversation.EffectRead, Read: &conversation.Read{MessageID: d.Thread.Newest, Typing: true}})
	}
	return conversation.Answer{}
}
