package inbound_test

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"testing"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// stock is what one webhook leaves behind.
type stock struct {
	body   string
	events map[string][]conversation.Event // by mailbox, without the peers' own words
	parked map[string][]conversation.Status
	// repeats is how many of the events come again with a repeated webhook, because that does no harm.
	repeats int
}

const ana, rui = "5511987654321", "551140030000"

func notice(id, rule, words string, c *conversation.Contact) conversation.Event {
	return conversation.Event{
		Kind: conversation.EventNotice, ID: id, At: noon(), Contact: c, Notice: &conversation.Notice{Rule: rule, Text: words},
	}
}

// accountID is the id of an event that has none of its own.
func accountID(raw string) string {
	sum := sha256.Sum256([]byte(raw))
	return "a:" + hex.EncodeToString(sum[:16])
}

func stocks() map[string]stock {
	all := map[string]stock{
		"text": {
			body:   webhook(of(number, list("messages", text("wamid.1", ana, "olá")))),
			events: map[string][]conversation.Event{number + "|c." + ana: {message("wamid.1", ana, "olá")}},
		},
		"nothing":        {body: `{"object":"whatsapp_business_account","entry":[]}`},
		"another object": {body: `{"object":"instagram","entry":[{"id":"1"}]}`},
		"two numbers, two people, in order": {
			body: webhook(
				of(number, list("messages", text("wamid.1", ana, "um"), text("wamid.2", rui, "dois"), text("wamid.3", ana, "três"))),
				of(second, list("messages", text("wamid.4", ana, "quatro"))),
				of(number, list("messages", text("wamid.5", ana, "cinco"))),
			),
			events: map[string][]conversation.Event{
				number + "|c." + ana: {message("wamid.1", ana, "um"), message("wamid.3", ana, "três"), message("wamid.5", ana, "cinco")},
				number + "|c." + rui: {message("wamid.2", rui, "dois")},
				second + "|c." + ana: {message("wamid.4", ana, "quatro")},
			},
		},
		"the same message twice": {
			body:   webhook(of(number, list("messages", text("wamid.1", ana, "olá"), text("wamid.1", ana, "olá")))),
			events: map[string][]conversation.Event{number + "|c." + ana: {message("wamid.1", ana, "olá")}},
		},
		"profile": {
			body: webhook(of(number, `"contacts":[{"profile":{"name":"Ana","username":"@ana"},"user_id":"BR.1","wa_id":"`+ana+`"}],`+
				`"messages":[{"id":"wamid.1","from_user_id":"BR.1","timestamp":"1795300000","type":"reaction","reaction":{"message_id":"wamid.0","emoji":"👍"}}]`)),
			events: map[string][]conversation.Event{number + "|c.BR.1": {{
				Kind: conversation.EventMessage, ID: "m:wamid.1", At: noon(),
				Contact: &conversation.Contact{Name: "Ana", Username: "ana", WaID: ana, UserID: "BR.1"},
				Message: &conversation.Message{ID: "wamid.1", Type: "reaction", Text: "(reagiu com 👍)", Sent: sent(), Re: "wamid.0"},
			}}},
		},
		"statuses":           statuses(),
		"statuses of people": statusesOfPeople(),
		"call": {
			body: webhook(change("calls", `{"metadata":{"phone_number_id":"`+number+`"},"contacts":[{"profile":{"name":"Ana"},"wa_id":"`+ana+`"}],`+
				list("calls", `{"id":"wacid.1","from":"`+ana+`","event":"connect","direction":"USER_INITIATED","timestamp":"1795300000"}`)+`}`)),
			events: map[string][]conversation.Event{number + "|c." + ana: {{
				Kind: conversation.EventCall, ID: "c:wacid.1", At: noon(), Contact: &conversation.Contact{Name: "Ana", WaID: ana},
				Message: &conversation.Message{ID: "wacid.1", Type: "call", Text: "(ligação do cliente pelo WhatsApp)", Sent: sent()},
			}}},
		},
	}
	maps.Copy(all, notices())
	return all
}

func statuses() stock {
	status := func(id, state, more string) string {
		return `{"id":"` + id + `","status":"` + state + `","timestamp":"1795300000"` + more + `}`
	}
	back := func(key string) string { return `,"biz_opaque_callback_data":"` + key + `"` }
	event := func(state conversation.DeliveryState) conversation.Event {
		return conversation.Event{Kind: conversation.EventStatus, At: noon(), Status: &conversation.Status{
			MessageID: "wamid.o1", Effect: "7", Contact: "c1", State: state, At: sent(),
		}}
	}
	failed := event(conversation.DeliveryFailed)
	failed.Status.Code = 131047
	failed.Status.Reason = "A mensagem não foi entregue: já se passaram mais de 24 horas desde a última mensagem do cliente. " +
		"Envie um modelo aprovado e continue quando ele responder."
	return stock{
		body: webhook(of(number, list("statuses",
			status("wamid.o1", "sent", back(number+"|c1#7")), status("wamid.o1", "read", back(number+"|c1#7")),
			status("wamid.o1", "failed", back(number+"|c1#7")+`,"errors":[{"code":131047,"title":"Re-engagement message"}]`),
			status("wamid.o2", "sent", ""), status("wamid.o2", "failed", ""), status("wamid.o3", "read", back(second+"|c1#7"))))),
		events: map[string][]conversation.Event{
			number + "|c1": {event(conversation.DeliverySent), event(conversation.DeliveryRead), failed},
		},
		parked: map[string][]conversation.Status{
			"wamid.o2": {
				{MessageID: "wamid.o2", State: conversation.DeliverySent, At: sent()},
				{
					MessageID: "wamid.o2", State: conversation.DeliveryFailed, At: sent(),
					Reason: "O WhatsApp recusou a mensagem por um motivo não identificado. Tente outro canal e avise o administrador do sistema.",
				},
			},
			"wamid.o3": {{MessageID: "wamid.o3", State: conversation.DeliveryRead, At: sent()}},
		},
		repeats: 3,
	}
}

// statusesOfPeople is of messages that others sent, or whose send is not answered yet.
func statusesOfPeople() stock {
	status := func(id, state, more string) string {
		return `{"id":"` + id + `","status":"` + state + `","timestamp":"1795300000",` + more + `}`
	}
	told := func(id string, state conversation.DeliveryState) conversation.Status {
		return conversation.Status{MessageID: id, State: state, At: sent()}
	}
	event := func(id string, state conversation.DeliveryState) conversation.Event {
		s := told(id, state)
		return conversation.Event{Kind: conversation.EventStatus, At: noon(), Status: &s}
	}
	return stock{
		body: webhook(
			of(number, list("statuses", status("wamid.o1", "delivered", `"recipient_id":"`+ana+`"`), status("wamid.o1", "read", `"recipient_id":"`+ana+`"`))),
			of(second, list("statuses", status("wamid.o2", "delivered", `"recipient_user_id":"BR.1","biz_opaque_callback_data":"order#7"`))),
			of(number, list("statuses", status("wamid.o3", "sent", `"recipient_id":"550000"`),
				status("wamid.o4", "read", `"recipient_id":"120363","recipient_type":"group"`))),
		),
		events: map[string][]conversation.Event{
			number + "|c." + ana: {event("wamid.o1", conversation.DeliveryDelivered), event("wamid.o1", conversation.DeliveryRead)},
			second + "|c.BR.1":   {event("wamid.o2", conversation.DeliveryDelivered)},
		},
		parked: map[string][]conversation.Status{
			"wamid.o1": {told("wamid.o1", conversation.DeliveryDelivered), told("wamid.o1", conversation.DeliveryRead)},
			"wamid.o2": {told("wamid.o2", conversation.DeliveryDelivered)},
			"wamid.o3": {told("wamid.o3", conversation.DeliverySent)},
			"wamid.o4": {told("wamid.o4", conversation.DeliveryRead)},
		},
		repeats: 3,
	}
}

func notices() map[string]stock {
	account := func(rule, raw, words string) map[string][]conversation.Event {
		return map[string][]conversation.Event{"account|" + number: {notice(accountID(raw), rule, words, nil)}}
	}
	thread := func(e conversation.Event) map[string][]conversation.Event {
		return map[string][]conversation.Event{number + "|c." + ana: {e}}
	}
	contact := &conversation.Contact{WaID: ana}
	group := `{"id":"wamid.1","from":"` + ana + `","group_id":"g","type":"text","text":{"body":"oi"}}`
	nobody := `{"id":"wamid.1","type":"text","text":{"body":"oi"}}`
	broken := `{"id":["wamid.1"]}`
	withMetadata := func(members string) string {
		return `{"messaging_product":"whatsapp","metadata":{"phone_number_id":"` + number + `"},` + members + `}`
	}
	rate := withMetadata(`"errors":[{"code":130429,"title":"Rate limit hit"}]`)
	noCode := withMetadata(`"errors":[{"title":"odd"}]`)
	ourCall := `{"id":"wacid.1","from":"551130040000","to":"` + ana + `","event":"terminate","direction":"BUSINESS_INITIATED"}`
	restricted := `{"event":"ACCOUNT_RESTRICTION","restriction_info":[]}`
	return map[string]stock{
		"system": {
			body: webhook(of(number, list("messages", `{"id":"wamid.1","from":"`+ana+`","type":"system","system":{"type":"customer_identity_changed","body":"Ana mudou"}}`))),
			events: thread(notice("n:wamid.1", "system", "Aviso do WhatsApp: o código de segurança do cliente mudou: ele pode ter "+
				"trocado de aparelho ou reinstalado o aplicativo. Confirme a identidade antes de tratar de dados sigilosos.", contact)),
		},
		"system of a later version": {
			body:   webhook(of(number, list("messages", `{"id":"wamid.1","from":"`+ana+`","type":"system","system":{"type":"new","body":"Ana\u0000 mudou"}}`))),
			events: thread(notice("n:wamid.1", "system", "Aviso do WhatsApp: Ana mudou", contact)),
		},
		"calls of ours": {
			body:   webhook(change("calls", withMetadata(list("calls", ourCall)))),
			events: account("account", ourCall, "Aviso da conta do WhatsApp: “calls terminate”"),
		},
		"system without words": {
			body:   webhook(of(number, list("messages", `{"id":"wamid.1","from":"`+ana+`","type":"system"}`))),
			events: thread(notice("n:wamid.1", "system", "Aviso do WhatsApp sobre o contato.", contact)),
		},
		"echo": {
			body: webhook(change("smb_message_echoes", withMetadata(list("message_echoes",
				`{"id":"wamid.1","from":"551130040000","to":"`+ana+`","type":"text","text":{"body":"já vejo"}}`)))),
			events: thread(notice("n:wamid.1", "echo", "Respondido pelo aplicativo WhatsApp Business: já vejo", contact)),
		},
		"group": {
			body:   webhook(of(number, list("messages", group))),
			events: account("group", group, "Mensagem de grupo, que não é atendida: oi"),
		},
		"nobody": {
			body:   webhook(of(number, list("messages", nobody))),
			events: account("no_sender", nobody, "Mensagem sem remetente ou sem número de destino: oi"),
		},
		"hostile number": {
			body: webhook(of("ticket", list("messages", nobody[:len(nobody)-1]+`,"from":"`+ana+`"}`))),
			events: map[string][]conversation.Event{"account|none": {notice(
				accountID(nobody[:len(nobody)-1]+`,"from":"`+ana+`"}`), "no_number", "Mensagem sem remetente ou sem número de destino: oi", nil,
			)}},
		},
		"number error": {
			body: webhook(change("messages", rate)),
			events: account("number_error", rate, "Erro do número no WhatsApp (130429): "+
				"O WhatsApp limitou o ritmo de envio deste número. A mensagem está na fila e seguirá sozinha; não reenvie."),
		},
		"number error without a code": {
			body:   webhook(change("messages", noCode)),
			events: account("number_error", noCode, "Erro do número no WhatsApp."),
		},
		"account": {
			body: webhook(change("account_update", restricted)),
			events: map[string][]conversation.Event{"account|none": {notice(
				accountID(restricted), "account", "Aviso da conta do WhatsApp: “account_update ACCOUNT_RESTRICTION”", nil,
			)}},
		},
		"not understood, and its neighbour": {
			body: webhook(of(number, list("messages", broken, text("wamid.2", ana, "olá")))),
			events: map[string][]conversation.Event{
				"account|" + number:  {notice(accountID(broken), "unknown", "Aviso do WhatsApp que não foi entendido: “messages”", nil)},
				number + "|c." + ana: {message("wamid.2", ana, "olá")},
			},
		},
	}
}

// each runs f on every stock with a fresh house.
func each(t *testing.T, f func(h *house, s stock)) {
	t.Helper()
	for name, s := range stocks() {
		if s.events == nil {
			s.events = map[string][]conversation.Event{}
		}
		if s.parked == nil {
			s.parked = map[string][]conversation.Status{}
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f(setup(t), s)
		})
	}
}
