package inbound_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/inbound"
	"github.com/ponte-desk/ponte/whatsapp"
)

// Ids of one person before and after, as the older and newer bodies name them.
const (
	oldPhone, newPhone = "5511987654321", "5511912345678"
	oldID, newID       = "BR.1111", "BR.2222"
	oldEnt, newEnt     = "BR.ENT.1", "BR.ENT.2"
)

func changedRoutes() []routeCase {
	of := func(m whatsapp.Message, s whatsapp.System, c *whatsapp.Contact) whatsapp.Update {
		m.Type, m.System = whatsapp.TypeSystem, &s
		return from(m, c)
	}
	now := func(p conversation.Person, before ...conversation.Person) inbound.Route {
		p.Before = before
		return toPerson(inbound.RuleSystem, p)
	}
	phoneOnly := func(digits string) conversation.Person { return conversation.Person{WaID: digits, Phone: digits} }
	const number, id, key = whatsapp.SystemChangedNumber, whatsapp.SystemChangedUserID, whatsapp.SystemIdentityChanged
	return []routeCase{
		{
			"a new number", of(whatsapp.Message{From: oldPhone}, whatsapp.System{Type: number, WaID: newPhone}, nil),
			now(phoneOnly(newPhone), phoneOnly(oldPhone)),
		},
		{
			"a new number and a new id",
			of(whatsapp.Message{From: oldPhone}, whatsapp.System{Type: number, WaID: newPhone, UserID: newID, PreviousUserID: oldID}, nil),
			now(conversation.Person{UserID: newID, WaID: newPhone, Phone: newPhone}, conversation.Person{UserID: oldID, WaID: oldPhone, Phone: oldPhone}),
		},
		{
			"the old number as the customer", of(whatsapp.Message{From: newPhone}, whatsapp.System{Type: number, WaID: newPhone, Customer: oldPhone}, nil),
			now(phoneOnly(newPhone), phoneOnly(oldPhone)),
		},
		{
			"the old number twice", of(whatsapp.Message{From: oldPhone}, whatsapp.System{Type: number, WaID: newPhone, Customer: oldPhone}, nil),
			now(phoneOnly(newPhone), phoneOnly(oldPhone)),
		},
		{
			"the old number in two forms",
			of(whatsapp.Message{From: "551187654321"}, whatsapp.System{Type: number, WaID: newPhone, Customer: "5511987654321"}, nil),
			now(phoneOnly(newPhone), conversation.Person{WaID: "551187654321", Phone: "5511987654321"}, phoneOnly("5511987654321")),
		},
		{
			"the sender's id is the old one", of(whatsapp.Message{From: oldPhone, FromUserID: oldID}, whatsapp.System{Type: number, WaID: newPhone}, nil),
			now(phoneOnly(newPhone), phoneOnly(oldPhone), conversation.Person{UserID: oldID}),
		},
		{
			"the sender's id is the new one",
			of(whatsapp.Message{From: oldPhone, FromUserID: newID}, whatsapp.System{Type: number, WaID: newPhone, UserID: newID}, nil),
			now(conversation.Person{UserID: newID, WaID: newPhone, Phone: newPhone}, phoneOnly(oldPhone)),
		},
		{
			"the same number again", of(whatsapp.Message{From: newPhone}, whatsapp.System{Type: number, WaID: newPhone}, nil), now(phoneOnly(newPhone)),
		},
		{
			"a new number that nobody tells", of(whatsapp.Message{From: oldPhone}, whatsapp.System{Type: number, Customer: oldPhone}, nil),
			now(phoneOnly(oldPhone)),
		},
		{
			"a new id", of(whatsapp.Message{}, whatsapp.System{
				Type: id, UserID: newID, PreviousUserID: oldID, ParentUserID: newEnt, PreviousParentUserID: oldEnt,
			}, nil),
			now(conversation.Person{UserID: newID, ParentUserID: newEnt}, conversation.Person{UserID: oldID, ParentUserID: oldEnt}),
		},
		{
			"a new id under the same parent", of(whatsapp.Message{}, whatsapp.System{
				Type: id, UserID: newID, PreviousUserID: oldID, ParentUserID: newEnt, PreviousParentUserID: newEnt,
			}, nil),
			now(conversation.Person{UserID: newID, ParentUserID: newEnt}, conversation.Person{UserID: oldID}),
		},
		{
			"a new id, and a phone of which nobody says whether it is old", of(whatsapp.Message{From: oldPhone}, whatsapp.System{
				Type: id, UserID: newID, PreviousUserID: oldID,
			}, nil),
			now(conversation.Person{UserID: newID}, conversation.Person{UserID: oldID, WaID: oldPhone, Phone: oldPhone}),
		},
		{
			"somebody else's contact entry", of(whatsapp.Message{}, whatsapp.System{Type: id, UserID: newID, PreviousUserID: oldID},
				&whatsapp.Contact{WaID: "551140000000", UserID: "BR.9", Name: "Outra"}),
			now(conversation.Person{UserID: newID}, conversation.Person{UserID: oldID}),
		},
		{
			"a new identity key names nobody new", of(whatsapp.Message{From: oldPhone}, whatsapp.System{Type: key, WaID: newPhone, Customer: oldPhone}, nil),
			now(phoneOnly(oldPhone)),
		},
		{
			"a type of tomorrow", of(whatsapp.Message{From: oldPhone}, whatsapp.System{Type: "user_merged", WaID: newPhone, UserID: newID}, nil),
			now(phoneOnly(oldPhone)),
		},
	}
}

func ownPhoneRoutes() []routeCase {
	card := func(origin string, phones ...whatsapp.CardPhone) whatsapp.Card {
		return whatsapp.Card{Origin: origin, Phones: phones}
	}
	of := func(m whatsapp.Message, cards ...whatsapp.Card) whatsapp.Update {
		m.Type, m.Contacts = whatsapp.TypeContacts, cards
		return from(m, nil)
	}
	known := func(p conversation.Person) inbound.Route { return toPerson(inbound.RuleMessage, p) }
	const own, other = whatsapp.OriginRequest, whatsapp.OriginOther
	hidden := whatsapp.Message{FromUserID: newID}
	alone := known(conversation.Person{UserID: newID})
	linked := known(conversation.Person{UserID: newID, WaID: newPhone, Phone: newPhone})
	return []routeCase{
		{"own card", of(hidden, card(own, whatsapp.CardPhone{Phone: "+55 11 91234-5678", WaID: newPhone})), linked},
		{"own card with a phone as people write it", of(hidden, card(own, whatsapp.CardPhone{Phone: "+55 11 91234-5678"})), linked},
		{
			"own card without the ninth digit", of(hidden, card(own, whatsapp.CardPhone{WaID: "551181234567"})),
			known(conversation.Person{UserID: newID, WaID: "551181234567", Phone: "5511981234567"}),
		},
		{"own card with a phone without its country", of(hidden, card(own, whatsapp.CardPhone{Phone: "91234-5678"})), alone},
		{"own card with an impossible phone", of(hidden, card(own, whatsapp.CardPhone{Phone: "+1"})), alone},
		{"own card without a phone", of(hidden, card(own)), alone},
		{"another's card", of(hidden, card(other, whatsapp.CardPhone{WaID: newPhone})), alone},
		{"a card that does not say whose", of(hidden, card("", whatsapp.CardPhone{WaID: newPhone})), alone},
		{"another's card and the own one", of(hidden, card(other, whatsapp.CardPhone{WaID: oldPhone}), card(own, whatsapp.CardPhone{WaID: newPhone})), linked},
		{"two own cards of one phone", of(hidden, card(own, whatsapp.CardPhone{WaID: newPhone}), card(own, whatsapp.CardPhone{WaID: newPhone})), linked},
		{"two own cards", of(hidden, card(own, whatsapp.CardPhone{WaID: newPhone}), card(own, whatsapp.CardPhone{WaID: oldPhone})), alone},
		{
			"a phone that shows already", of(whatsapp.Message{From: oldPhone, FromUserID: newID}, card(own, whatsapp.CardPhone{WaID: newPhone})),
			known(conversation.Person{UserID: newID, WaID: oldPhone, Phone: oldPhone}),
		},
		{
			"a card in a message of another type", from(whatsapp.Message{
				FromUserID: newID, Type: whatsapp.TypeText, Contacts: []whatsapp.Card{card(own, whatsapp.CardPhone{WaID: newPhone})},
			}, nil), alone,
		},
	}
}

func TestRouteOfIdentities(t *testing.T) {
	t.Parallel()
	for _, tt := range append(changedRoutes(), ownPhoneRoutes()...) {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, inbound.RouteOf(tt.u)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A notice of new ids goes to the thread with the new address, and only a contact entry of that person gives it a name.
func TestChangedContact(t *testing.T) {
	t.Parallel()
	const words = "Aviso do WhatsApp: o cliente trocou de número: o novo é +5511912345678. As próximas mensagens vão para ele."
	for name, tt := range map[string]struct {
		contact string
		want    conversation.Contact
	}{
		"without an entry":        {``, conversation.Contact{WaID: newPhone}},
		"with an entry":           {`"contacts":[{"profile":{"name":"Ana"},"wa_id":"` + newPhone + `"}],`, conversation.Contact{WaID: newPhone}},
		"with an entry of others": {`"contacts":[{"profile":{"name":"Rui"},"user_id":"BR.9"}],`, conversation.Contact{WaID: newPhone}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			h.ok(h.post(webhook(of(number, tt.contact+list("messages",
				`{"id":"wamid.1","from":"`+oldPhone+`","type":"system","system":{"type":"user_changed_number","wa_id":"`+newPhone+`"}}`)))))
			h.same("stored", bare(h.stored()), map[string][]conversation.Event{
				number + "|c." + newPhone: {notice("n:wamid.1", "system", words, &tt.want)},
			})
		})
	}
}

func merged(with, id string) conversation.Event {
	return conversation.Event{Kind: conversation.EventMerge, ID: id, At: noon(), Merge: &conversation.Merge{With: with}}
}

// Whoever an update shows to be the same person, or to have lost the phone, hears of it with the message.
func TestOtherContactsHear(t *testing.T) {
	t.Parallel()
	h := setup(t)
	one, two := "c."+ana, "c."+rui
	h.people.same = map[string]string{one: "c.old"}
	h.people.lost = map[string]string{one: "c.lost", two: "c.lost"}
	gone := func(to, phone string) conversation.Event {
		sum := sha256.Sum256([]byte(phone))
		return conversation.Event{
			Kind: conversation.EventGone, ID: "go:c.lost:" + to + ":" + hex.EncodeToString(sum[:8]), At: noon(), Contact: &conversation.Contact{WaID: phone},
		}
	}
	body := webhook(
		of(number, list("messages", text("wamid.1", ana, "um"), text("wamid.2", ana, "dois"), text("wamid.3", rui, "três"))),
		of(second, list("messages", text("wamid.4", ana, "quatro"))),
	)
	want := map[string][]conversation.Event{
		number + "|" + one: {message("wamid.1", ana, "um"), message("wamid.2", ana, "dois")},
		number + "|c.old":  {merged(one, "mg:c.old:"+one)},
		number + "|c.lost": {gone(one, ana), gone(two, rui)},
		number + "|" + two: {message("wamid.3", rui, "três")},
		second + "|" + one: {message("wamid.4", ana, "quatro")},
		second + "|c.old":  {merged(one, "mg:c.old:"+one)},
		second + "|c.lost": {gone(one, ana)},
	}
	h.ok(h.post(body))
	h.same("stored", bare(h.stored()), want)
	h.same("notified", h.notified, []string{
		number + "|" + one, number + "|c.old", number + "|c.lost", number + "|" + two, second + "|" + one, second + "|c.old", second + "|c.lost",
	})
	h.ok(h.post(body))
	h.same("stored again", h.stored(), map[string][]conversation.Event{})
	h.same("counted", h.counted(), map[string]float64{
		"ponte_webhooks_total{accepted,whatsapp}": 2, "ponte_events_total{new}": 9, "ponte_events_total{duplicate}": 9,
	})
}

// Many mailboxes in one webhook keep their events apart, and all of them.
func TestManyMailboxes(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.people.same = map[string]string{}
	want := map[string][]conversation.Event{}
	var messages []string
	for i := range 60 {
		who := fmt.Sprint("55119876500", 10+i%20)
		id, words := fmt.Sprint("wamid.", i), fmt.Sprint(i)
		messages = append(messages, text(id, who, words))
		key := number + "|c." + who
		want[key] = append(want[key], message(id, who, words))
		h.people.same["c."+who] = "c.old" + who
		want[number+"|c.old"+who] = []conversation.Event{merged("c."+who, "mg:c.old"+who+":c."+who)}
	}
	h.ok(h.post(webhook(of(number, list("messages", messages...)))))
	h.same("stored", bare(h.stored()), want)
	h.same("notified, each once", slices.Sorted(slices.Values(h.notified)), keysOf(want))
}

// The people that statuses are about are looked up together, and parked together, however many there are.
func TestStatusesOfPeopleAtOnce(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.ok(h.post(statusesOfPeople().body))
	if h.people.looks != 1 || h.people.calls != 0 || h.lot.calls != 1 {
		t.Errorf("%d look-ups, %d resolutions, %d parkings", h.people.looks, h.people.calls, h.lot.calls)
	}
	h.same("people", h.people.whether, []conversation.Person{
		{WaID: ana, Phone: ana}, {WaID: ana, Phone: ana}, {UserID: "BR.1"}, {WaID: "550000", Phone: "550000"},
	})
	h.ok(h.post(statuses().body))
	if h.people.looks != 1 || h.lot.calls != 2 {
		t.Errorf("statuses without a person: %d look-ups, %d parkings", h.people.looks, h.lot.calls)
	}
}
