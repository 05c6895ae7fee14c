package classify_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// customer tells what the customer did.
func (s *scene) customer(at time.Time, how, text string) error {
	e := conversation.Entry{At: at, Author: conversation.AuthorCustomer, Origin: conversation.OriginWhatsApp, Message: "w" + s.id(), Type: "text", Text: text}
	switch how {
	case "":
	case "reage":
		e.Type, e.Re = "reaction", s.last
	case "edita":
		e.Type, e.Re = "edit", s.last
	case "apaga":
		e.Type, e.Re = "revoke", s.last
	case "figurinha":
		e.Type = "sticker"
	case "áudio":
		e.Type, e.File = "audio", &conversation.File{ID: "f", Kind: "audio", Voice: true}
	case "e-mail":
		e.Message, e.Origin = "", conversation.OriginEmail
	default:
		return fmt.Errorf("what does the customer do: %q", how)
	}
	if v := s.thread.Conversation; v.State == conversation.StatePending {
		s.state(at, conversation.StateActive)
	}
	if e.Type != "reaction" && e.Type != "edit" && e.Type != "revoke" {
		s.last = e.Message
	}
	s.log(e)
	if how == "e-mail" {
		s.state(at, conversation.StateStopped)
	}
	return nil
}

// agent tells what an agent wrote.
func (s *scene) agent(at time.Time, name, how, text string) error {
	id, err := agentOf(name)
	if err != nil || id == 0 {
		return fmt.Errorf("who is %q? %w", name, err)
	}
	v := s.thread.Conversation
	e := conversation.Entry{
		At: at, Author: conversation.AuthorAgent, Agent: id, Who: name, Origin: conversation.OriginApp, Type: "text", Text: text, Effect: s.id(),
		Delivery: conversation.DeliveryQueued,
	}
	switch how {
	case "nota":
		e.Private, e.Type, e.Effect, e.Delivery = true, "note", "", ""
		s.log(e)
		return nil
	case "pelo Zendesk":
		e.Origin, e.Who = conversation.OriginTicket, ""
	case "":
	case "sem entrega":
	default:
		return fmt.Errorf("how does an agent write: %q", how)
	}
	v.Attended = true
	if v.State == conversation.StateQueued || v.State == conversation.StateBot {
		if err := s.hands(at, name); err != nil {
			return err
		}
	}
	s.log(e)
	state := conversation.DeliveryDelivered
	if how == "sem entrega" {
		state = conversation.DeliveryFailed
	}
	s.log(conversation.Entry{At: at.Add(time.Second), Effect: e.Effect, Delivery: state})
	return nil
}

// hands tells who has it from now on.
func (s *scene) hands(at time.Time, to string) error {
	v := s.thread.Conversation
	text := "Atendente: " + to
	if queue, ok := strings.CutPrefix(to, "fila"); ok {
		v.Owner = 0
		if queue = strings.TrimSpace(queue); queue != "" {
			v.Procedure.Queue = queue
		}
		text = "Fila: " + v.Procedure.Queue
		s.state(at, conversation.StateQueued)
	} else {
		id, err := agentOf(to)
		if err != nil || id == 0 {
			return fmt.Errorf("whose is it now: %q: %w", to, err)
		}
		v.Owner = id
		s.state(at, conversation.StateActive)
	}
	s.log(conversation.Entry{At: at, Author: conversation.AuthorPonte, Origin: conversation.OriginAutomatic, Type: "hands", Text: text, Private: true})
	return nil
}

// status tells that the conversation's state changed.
func (s *scene) status(at time.Time, text string) error {
	to, ok := map[string]struct {
		state conversation.State
		end   string
	}{
		"pendente": {conversation.StatePending, ""}, "em andamento": {conversation.StateActive, ""}, "reaberta": {conversation.StateActive, ""},
		"expirada": {conversation.StateExpired, conversation.EndExpired}, "concluída": {conversation.StateClosed, conversation.EndClosed},
		"N2": {conversation.StateClosed, conversation.EndN2}, "cancelada": {conversation.StateCancelled, conversation.EndCancelled},
		"recusada por pendência": {conversation.StateClosed, conversation.EndFinancial}, "recusada": {conversation.StateClosed, conversation.EndRefused},
		"encerrada no WhatsApp": {conversation.StateStopped, ""},
	}[text]
	if !ok {
		return fmt.Errorf("unknown state %q", text)
	}
	s.state(at, to.state)
	s.thread.Conversation.Procedure.Outcome = to.end
	return nil
}
