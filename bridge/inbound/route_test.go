package inbound_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/inbound"
	"github.com/ponte-desk/ponte/whatsapp"
)

type routeCase struct {
	name string
	u    whatsapp.Update
	want inbound.Route
}

const (
	phone  = "5511987654321"
	userID = "BR.1502576394655843"
)

func toPerson(rule string, p conversation.Person) inbound.Route {
	return inbound.Route{To: inbound.ToPerson, Rule: rule, Person: p}
}

func toAccount(rule, numberID string) inbound.Route {
	return inbound.Route{To: inbound.ToAccount, Rule: rule, Key: "account|" + numberID}
}

// from is a message to the number.
func from(m whatsapp.Message, c *whatsapp.Contact) whatsapp.Update {
	if m.Type == "" {
		m.Type = whatsapp.TypeText
	}
	return whatsapp.Update{Kind: whatsapp.KindMessage, NumberID: number, Message: &m, Contact: c}
}

func messageRoutes() []routeCase {
	byPhone := conversation.Person{WaID: phone, Phone: phone}
	return []routeCase{
		{"message by phone", from(whatsapp.Message{From: phone}, nil), toPerson(inbound.RuleMessage, byPhone)},
		{
			"mobile without its ninth digit", from(whatsapp.Message{From: "553187654321"}, nil),
			toPerson(inbound.RuleMessage, conversation.Person{WaID: "553187654321", Phone: "5531987654321"}),
		},
		{
			"message by user id", from(whatsapp.Message{FromUserID: userID, FromParentUserID: "BR.ENT.1"}, nil),
			toPerson(inbound.RuleMessage, conversation.Person{UserID: userID, ParentUserID: "BR.ENT.1"}),
		},
		{
			"completed by the contact entry", from(whatsapp.Message{}, &whatsapp.Contact{WaID: phone, UserID: userID, ParentUserID: "BR.ENT.1"}),
			toPerson(inbound.RuleMessage, conversation.Person{UserID: userID, ParentUserID: "BR.ENT.1", WaID: phone, Phone: phone}),
		},
		{
			"the message's own ids win", from(
				whatsapp.Message{From: phone, FromUserID: userID}, &whatsapp.Contact{WaID: "551140000000", UserID: "BR.2", ParentUserID: "BR.ENT.2"},
			), toPerson(inbound.RuleMessage, conversation.Person{UserID: userID, WaID: phone, Phone: phone}),
		},
		{"nobody", from(whatsapp.Message{}, nil), toAccount(inbound.RuleNoSender, number)},
		{"nobody, empty contact entry", from(whatsapp.Message{}, &whatsapp.Contact{Name: "Ana"}), toAccount(inbound.RuleNoSender, number)},
		{"group", from(whatsapp.Message{From: phone, GroupID: "g"}, nil), toAccount(inbound.RuleGroup, number)},
		{"system", from(whatsapp.Message{From: phone, Type: whatsapp.TypeSystem}, nil), toPerson(inbound.RuleSystem, byPhone)},
		{
			"system that only tells an old user id", from(whatsapp.Message{
				Type: whatsapp.TypeSystem, System: &whatsapp.System{Type: whatsapp.SystemChangedUserID, PreviousUserID: userID, PreviousParentUserID: "BR.ENT.1"},
			}, nil), toPerson(inbound.RuleSystem, conversation.Person{UserID: userID, ParentUserID: "BR.ENT.1"}),
		},
		{"system of nobody", from(whatsapp.Message{Type: whatsapp.TypeSystem}, nil), toAccount(inbound.RuleNoSender, number)},
		{
			"system in a group", from(whatsapp.Message{Type: whatsapp.TypeSystem, From: phone, GroupID: "g"}, nil),
			toAccount(inbound.RuleGroup, number),
		},
		{"unknown type", from(whatsapp.Message{From: phone, Type: "hologram"}, nil), toPerson(inbound.RuleMessage, byPhone)},
		{
			"echo",
			whatsapp.Update{Kind: whatsapp.KindEcho, NumberID: number, Message: &whatsapp.Message{From: "551130040000", To: phone}},
			toPerson(inbound.RuleEcho, byPhone),
		},
		{
			"echo to a user id", whatsapp.Update{
				Kind: whatsapp.KindEcho, NumberID: number, Message: &whatsapp.Message{From: "551130040000", ToUserID: userID, ToParentUserID: "BR.ENT.1"},
			}, toPerson(inbound.RuleEcho, conversation.Person{UserID: userID, ParentUserID: "BR.ENT.1"}),
		},
		{
			"echo to nobody",
			whatsapp.Update{Kind: whatsapp.KindEcho, NumberID: number, Message: &whatsapp.Message{From: "551130040000"}},
			toAccount(inbound.RuleNoSender, number),
		},
		{
			"message without a number",
			whatsapp.Update{Kind: whatsapp.KindMessage, Message: &whatsapp.Message{From: phone}},
			toAccount(inbound.RuleNoNumber, "none"),
		},
	}
}

func call(c whatsapp.Call, contact *whatsapp.Contact) whatsapp.Update {
	c.ID = "wacid.1"
	return whatsapp.Update{Kind: whatsapp.KindCall, NumberID: number, Call: &c, Contact: contact}
}

func otherRoutes() []routeCase {
	status := func(numberID, callback string) whatsapp.Update {
		return whatsapp.Update{
			Kind: whatsapp.KindStatus, NumberID: numberID,
			Status: &whatsapp.Status{ID: "wamid.1", State: whatsapp.StateSent, CallbackData: callback},
		}
	}
	parked := inbound.Route{To: inbound.ToParking, Rule: inbound.RuleStranger}
	about := func(s whatsapp.Status, c *whatsapp.Contact) whatsapp.Update {
		s.ID, s.State = "wamid.1", whatsapp.StateRead
		return whatsapp.Update{Kind: whatsapp.KindStatus, NumberID: number, Status: &s, Contact: c}
	}
	parkedOf := func(p conversation.Person) inbound.Route {
		return inbound.Route{To: inbound.ToParking, Rule: inbound.RuleStranger, Person: p}
	}
	return []routeCase{
		{
			"status of ours", status(number, number+"|c1#7"),
			inbound.Route{To: inbound.ToThread, Rule: inbound.RuleStatus, Key: number + "|c1"},
		},
		{
			"status of ours, a contact with a hash sign", status(number, number+"|c#1#7"),
			inbound.Route{To: inbound.ToThread, Rule: inbound.RuleStatus, Key: number + "|c#1"},
		},
		{"status without callback data", status(number, ""), parked},
		{"status with another program's callback data", status(number, "order-77"), parked},
		{"status with another program's hash sign", status(number, "order#77"), parked},
		{"status without an effect", status(number, number+"|c1#"), parked},
		{"status without a contact", status(number, number+"|#7"), parked},
		{"status with a third part", status(number, number+"|c1|x#7"), parked},
		{"status about a phone", about(whatsapp.Status{RecipientID: phone}, nil), parkedOf(conversation.Person{WaID: phone, Phone: phone})},
		{
			"status about a user id", about(whatsapp.Status{RecipientUserID: userID, RecipientParentUserID: "BR.ENT.1"}, nil),
			parkedOf(conversation.Person{UserID: userID, ParentUserID: "BR.ENT.1"}),
		},
		{
			"status about a phone, with a contact entry", about(whatsapp.Status{RecipientID: phone}, &whatsapp.Contact{WaID: phone, UserID: userID}),
			parkedOf(conversation.Person{UserID: userID, WaID: phone, Phone: phone}),
		},
		{"status about a group", about(whatsapp.Status{RecipientID: "g", RecipientType: "group"}, &whatsapp.Contact{WaID: phone}), parked},
		{"status of another number", status(number, second+"|c1#7"), parked},
		{"status of no number", status("", "|c1#7"), parked},
		{"status that names the account's mailbox", status("account", "account|"+number+"#7"), parked},
		{"status that names a ticket's mailbox", status("ticket", "ticket|5#7"), parked},
		{"status that names a job", status("sys", "sys|reconcile#7"), parked},
		{
			"call of a customer", call(whatsapp.Call{From: phone, UserID: userID, Event: whatsapp.CallConnect, Direction: whatsapp.CallByUser}, nil),
			toPerson(inbound.RuleCall, conversation.Person{UserID: userID, WaID: phone, Phone: phone}),
		},
		{
			"call of a customer without a phone", call(whatsapp.Call{Event: whatsapp.CallConnect, Direction: whatsapp.CallByUser}, &whatsapp.Contact{UserID: userID}),
			toPerson(inbound.RuleCall, conversation.Person{UserID: userID}),
		},
		{
			"call of nobody", call(whatsapp.Call{Event: whatsapp.CallConnect, Direction: whatsapp.CallByUser}, nil),
			toAccount(inbound.RuleNoSender, number),
		},
		{
			"call of ours", call(whatsapp.Call{From: phone, Event: whatsapp.CallConnect, Direction: whatsapp.CallByBusiness}, nil),
			toAccount(inbound.RuleAccount, number),
		},
		{
			"end of a call", call(whatsapp.Call{From: phone, Event: whatsapp.CallTerminate, Direction: whatsapp.CallByUser}, nil),
			toAccount(inbound.RuleAccount, number),
		},
		{"call that does not tell who called", call(whatsapp.Call{From: phone, Event: whatsapp.CallConnect}, nil), toAccount(inbound.RuleAccount, number)},
		{
			"error of the number",
			whatsapp.Update{Kind: whatsapp.KindNumberError, NumberID: number},
			toAccount(inbound.RuleNumberError, number),
		},
		{"account", whatsapp.Update{Kind: whatsapp.KindAccount, Field: "account_update"}, toAccount(inbound.RuleAccount, "none")},
		{"account event of a number", whatsapp.Update{Kind: whatsapp.KindAccount, NumberID: number}, toAccount(inbound.RuleAccount, number)},
		{"unknown", whatsapp.Update{Kind: whatsapp.KindUnknown, NumberID: number}, toAccount(inbound.RuleUnknown, number)},
		{"a kind of a later version", whatsapp.Update{Kind: "later", NumberID: number}, toAccount(inbound.RuleUnknown, number)},
	}
}

func TestRouteOf(t *testing.T) {
	t.Parallel()
	rules, kinds := map[string]bool{}, map[whatsapp.Kind]bool{}
	for _, tt := range append(messageRoutes(), otherRoutes()...) {
		rules[tt.want.Rule], kinds[tt.u.Kind] = true, true
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, inbound.RouteOf(tt.u)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	for _, rule := range []string{
		inbound.RuleMessage, inbound.RuleCall, inbound.RuleSystem, inbound.RuleEcho, inbound.RuleGroup, inbound.RuleNoSender, inbound.RuleNoNumber,
		inbound.RuleNumberError, inbound.RuleAccount, inbound.RuleUnknown, inbound.RuleStatus, inbound.RuleStranger,
	} {
		if !rules[rule] {
			t.Errorf("no case for the rule %s", rule)
		}
	}
	for _, kind := range []whatsapp.Kind{
		whatsapp.KindMessage, whatsapp.KindStatus, whatsapp.KindEcho, whatsapp.KindCall, whatsapp.KindNumberError, whatsapp.KindAccount,
		whatsapp.KindUnknown,
	} {
		if !kinds[kind] {
			t.Errorf("no case for the kind %s", kind)
		}
	}
}

// No number may lead into another mailbox than the number's own.
func TestRouteOfHostileNumbers(t *testing.T) {
	t.Parallel()
	for _, numberID := range []string{
		"1|c9", "|", "1#2", "1 2", " ", "\t1", "1\n2", "1\x00", "número", "1\u202e2", "\xff", strings.Repeat("1", 65),
		"account", "ticket", "sys", "media",
	} {
		for _, u := range []whatsapp.Update{
			{Kind: whatsapp.KindMessage, Message: &whatsapp.Message{From: phone, Type: whatsapp.TypeText}},
			{Kind: whatsapp.KindMessage, Message: &whatsapp.Message{From: phone, Type: whatsapp.TypeSystem}},
			{Kind: whatsapp.KindEcho, Message: &whatsapp.Message{To: phone}},
			{Kind: whatsapp.KindCall, Call: &whatsapp.Call{From: phone, Event: whatsapp.CallConnect, Direction: whatsapp.CallByUser}},
		} {
			u.NumberID = numberID
			if diff := cmp.Diff(toAccount(inbound.RuleNoNumber, "none"), inbound.RouteOf(u)); diff != "" {
				t.Errorf("%q, %s (-want +got):\n%s", numberID, u.Kind, diff)
			}
		}
		unknown := inbound.RouteOf(whatsapp.Update{Kind: whatsapp.KindUnknown, NumberID: numberID})
		if unknown.Key != "account|none" {
			t.Errorf("%q: key = %q", numberID, unknown.Key)
		}
		status := inbound.RouteOf(whatsapp.Update{
			Kind: whatsapp.KindStatus, NumberID: numberID, Status: &whatsapp.Status{ID: "w", CallbackData: numberID + "|c1#7", RecipientID: phone},
		})
		if diff := cmp.Diff(inbound.Route{To: inbound.ToParking, Rule: inbound.RuleStranger}, status); diff != "" {
			t.Errorf("%q: a status goes to %q", numberID, status.Key)
		}
	}
}
