package whatsapp

import (
	"encoding/json"
	"strings"
)

const objectAccount = "whatsapp_business_account"

// Parse takes a webhook body apart. The answer shares no memory with body.
//
// It fails only with ErrNotObject or ErrTooDeep. A body of another object, or without changes, has no updates. A message, status or
// call with a value of the wrong type, or without its id, becomes an Update of KindUnknown and leaves the others alone; surroundings
// of the wrong type (metadata, contacts, ids of the account) read as absent.
//
// Sources: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview and its reference pages.
func Parse(body []byte) ([]Update, error) {
	root, err := readObject(string(body))
	if err != nil {
		return nil, err
	}
	var object string
	var entries value
	for key, v := range root.members() {
		switch key {
		case "object":
			object = new(decoder).text(v)
		case "entry":
			entries = v
		}
	}
	var p parser
	if object == objectAccount {
		p.each(Update{}, entries, p.entry)
	}
	return p.updates, nil
}

type parser struct{ updates []Update }

// keep adds an update with its raw JSON.
func (p *parser) keep(u Update, kind Kind, raw value) {
	u.Kind, u.Raw = kind, json.RawMessage(raw.Raw)
	p.updates = append(p.updates, u)
}

// each hands the objects of a list on; what is not a list or not an object is kept as unknown.
func (p *parser) each(u Update, list value, next func(Update, value)) {
	if list.absent() {
		return
	}
	if !list.isArray() {
		p.keep(u, KindUnknown, list)
		return
	}
	for v := range list.elements() {
		if v.isObject() {
			next(u, v)
		} else {
			p.keep(u, KindUnknown, v)
		}
	}
}

func (p *parser) entry(u Update, v value) {
	var d decoder
	var changes value
	for key, v := range v.members() {
		switch key {
		case "id":
			u.WABA = d.text(v)
		case "changes":
			changes = v
		}
	}
	p.each(u, changes, p.change)
}

func (p *parser) change(u Update, v value) {
	var d decoder
	var content value
	for key, v := range v.members() {
		switch key {
		case "field":
			u.Field = d.text(v)
		case "value":
			content = v
		}
	}
	switch {
	case u.Field == "" || !content.isObject():
		p.keep(u, KindUnknown, v)
	case u.Field == FieldMessages || u.Field == FieldEchoes:
		p.content(u, content)
	case u.Field == FieldCalls:
		p.calls(u, content)
	default:
		p.account(u, content)
	}
}

// parts are the members of a change's value that are common to several fields.
type parts struct {
	contacts, messages, statuses, echoes, calls, errors value

	event string
}

func collect(u *Update, content value) parts {
	var d decoder
	var part parts
	for key, v := range content.members() {
		switch key {
		case "metadata":
			for key, v := range d.object(v) {
				switch key {
				case "phone_number_id":
					u.NumberID = d.text(v)
				case "display_phone_number":
					u.Display = d.text(v)
				}
			}
		case "contacts":
			part.contacts = v
		case "messages":
			part.messages = v
		case "statuses":
			part.statuses = v
		case "message_echoes":
			part.echoes = v
		case "calls":
			part.calls = v
		case "errors":
			part.errors = v
		case "event":
			part.event = d.text(v)
		}
	}
	return part
}

func (p *parser) account(u Update, content value) {
	part := collect(&u, content)
	var d decoder
	u.Event, u.Errors = part.event, d.errors(part.errors)
	u.Contact = match(contacts(part.contacts), "", "")
	p.keep(u, KindAccount, content)
}

// calls reads the value of the field "calls". What it tells beside calls, such as the ringing of one of ours, is an account event.
func (p *parser) calls(u Update, content value) {
	bare, before := u, len(p.updates)
	part := collect(&u, content)
	u.Errors = new(decoder).errors(part.errors)
	people := contacts(part.contacts)
	p.each(u, part.calls, func(u Update, v value) {
		p.call(u, v, people)
	})
	if len(p.updates) == before || !part.statuses.absent() {
		p.account(bare, content)
	}
}

func (p *parser) call(u Update, v value, people []Contact) {
	var d decoder
	c := d.phoneCall(v)
	if d.bad || c.ID == "" {
		p.keep(u, KindUnknown, v)
		return
	}
	u.Call = c
	if c.Direction == CallByBusiness {
		u.Contact = match(people, c.To, c.ToUserID)
	} else {
		u.Contact = match(people, c.From, c.UserID)
	}
	p.keep(u, KindCall, v)
}

// content reads the value of the fields "messages" and "smb_message_echoes".
func (p *parser) content(u Update, content value) {
	part, before := collect(&u, content), len(p.updates)
	var d decoder
	u.Errors = d.errors(part.errors)
	people := contacts(part.contacts)
	p.each(u, part.messages, func(u Update, v value) {
		p.message(u, v, KindMessage, people)
	})
	p.each(u, part.echoes, func(u Update, v value) {
		p.message(u, v, KindEcho, people)
	})
	p.each(u, part.statuses, func(u Update, v value) {
		p.status(u, v, people)
	})
	switch {
	case len(p.updates) > before:
	case len(u.Errors) > 0 && !d.bad:
		p.keep(u, KindNumberError, content)
	default:
		p.keep(u, KindUnknown, content)
	}
}

func (p *parser) message(u Update, v value, kind Kind, people []Contact) {
	var d decoder
	m := d.message(v)
	if d.bad || m.ID == "" {
		p.keep(u, KindUnknown, v)
		return
	}
	u.Message = m
	if kind == KindEcho {
		u.Contact = match(people, m.To, m.ToUserID)
	} else {
		u.Contact = match(people, m.From, m.FromUserID)
	}
	p.keep(u, kind, v)
}

func (p *parser) status(u Update, v value, people []Contact) {
	var d decoder
	s := d.status(v)
	if d.bad || s.ID == "" || s.State == "" {
		p.keep(u, KindUnknown, v)
		return
	}
	u.Status = s
	u.Contact = match(people, s.RecipientID, s.RecipientUserID)
	p.keep(u, KindStatus, v)
}

// contacts reads the people of a webhook. They are context: an entry that cannot be read is left out and fails nothing.
func contacts(list value) []Contact {
	var people []Contact
	for v := range new(decoder).array(list) {
		var d decoder
		if c := d.contact(v); !d.bad {
			people = append(people, c)
		}
	}
	return people
}

func (d *decoder) contact(v value) Contact {
	var c Contact
	for key, v := range d.object(v) {
		switch key {
		case "wa_id":
			c.WaID = d.text(v)
		case "user_id":
			c.UserID = d.text(v)
		case "parent_user_id":
			c.ParentUserID = d.text(v)
		case "profile":
			for key, v := range d.object(v) {
				switch key {
				case "name":
					c.Name = d.text(v)
				case "username":
					c.Username = strings.TrimPrefix(d.text(v), "@")
				}
			}
		}
	}
	return c
}

// match finds the person with the given ids. The user id decides where both sides have one, else the phone; where they have
// nothing in common to compare, only a single person can be meant.
func match(people []Contact, waID, userID string) *Contact {
	var byPhone *Contact
	for i := range people {
		c := &people[i]
		byUser := userID != "" && c.UserID != ""
		switch {
		case byUser && c.UserID == userID:
			return c
		case byUser:
		case waID != "" && c.WaID != "":
			if c.WaID == waID {
				byPhone = c
			}
		case len(people) == 1:
			return c
		}
	}
	return byPhone
}
