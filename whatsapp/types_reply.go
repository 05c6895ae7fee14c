package whatsapp

import "time"

// The documented values of Interactive.Type.
const (
	InteractiveButton = "button_reply"
	InteractiveList   = "list_reply"
	InteractiveFlow   = "nfm_reply"
	InteractiveCall   = "call_permission_reply"
)

// Interactive is the answer to an interactive message of ours, which Context.ID names.
//
// A body without any of the parts has been seen, together with Update.Errors.
//
// Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/interactive
type Interactive struct {
	Type string
	// Reply is the button or list row that was chosen.
	Reply *Reply
	// Flow is a form that was sent.
	Flow *FlowReply
	// Call is the answer to a request for permission to call.
	Call *CallPermission
}

// Reply is a chosen button or list row.
type Reply struct {
	// ID is the one we gave to it.
	ID    string
	Title string
	// Description is that of a list row.
	Description string
}

// FlowReply is a form that a customer filled in.
type FlowReply struct {
	Name string
	Body string
	// ResponseJSON is the form's content: JSON in a string, unchecked.
	ResponseJSON string
}

// CallPermission tells whether we may call the customer.
type CallPermission struct {
	// Response is "accept" or "reject".
	Response string
	// Expires is zero when the permission is permanent or was refused.
	Expires time.Time
	Source  string
}

func (d *decoder) interactive(v value) *Interactive {
	i := new(Interactive)
	for key, v := range d.object(v) {
		switch key {
		case "type":
			i.Type = d.text(v)
		case InteractiveButton, InteractiveList:
			i.Reply = d.reply(v)
		case InteractiveFlow:
			i.Flow = d.flow(v)
		case InteractiveCall:
			i.Call = d.call(v)
		}
	}
	return i
}

func (d *decoder) reply(v value) *Reply {
	r := new(Reply)
	for key, v := range d.object(v) {
		switch key {
		case "id":
			r.ID = d.text(v)
		case "title":
			r.Title = d.text(v)
		case "description":
			r.Description = d.text(v)
		}
	}
	return r
}

func (d *decoder) flow(v value) *FlowReply {
	f := new(FlowReply)
	for key, v := range d.object(v) {
		switch key {
		case "name":
			f.Name = d.text(v)
		case "body":
			f.Body = d.text(v)
		case "response_json":
			f.ResponseJSON = d.text(v)
		}
	}
	return f
}

func (d *decoder) call(v value) *CallPermission {
	c := new(CallPermission)
	for key, v := range d.object(v) {
		switch key {
		case "response":
			c.Response = d.text(v)
		case "expiration_timestamp":
			c.Expires = d.timestamp(v)
		case "response_source":
			c.Source = d.text(v)
		}
	}
	return c
}

// Button is the quick reply button of a template that a customer pressed.
type Button struct {
	Payload string
	Text    string
}

func (d *decoder) button(v value) *Button {
	b := new(Button)
	for key, v := range d.object(v) {
		switch key {
		case "payload":
			b.Payload = d.text(v)
		case "text":
			b.Text = d.text(v)
		}
	}
	return b
}

// Reaction is an emoji on a message, which we may not know.
type Reaction struct {
	// MessageID is the wamid of the message reacted to.
	MessageID string
	// Emoji is empty when the reaction was removed.
	Emoji string
}

// Removed reports whether the customer took the reaction back.
func (r Reaction) Removed() bool { return r.Emoji == "" }

func (d *decoder) reaction(v value) *Reaction {
	r := new(Reaction)
	for key, v := range d.object(v) {
		switch key {
		case "message_id":
			r.MessageID = d.text(v)
		case "emoji":
			r.Emoji = d.text(v)
		}
	}
	return r
}

// Order is a list of products that a customer put together from a catalogue.
type Order struct {
	CatalogID string
	Text      string
	Items     []OrderItem
}

// OrderItem is one position of an order. Quantity and Price are kept as written, to be shown: the price is a float on the wire and
// not fit for arithmetic.
type OrderItem struct {
	ProductID string
	Quantity  string
	Price     string
	Currency  string
}

func (d *decoder) order(v value) *Order {
	o := new(Order)
	for key, v := range d.object(v) {
		switch key {
		case "catalog_id":
			o.CatalogID = d.text(v)
		case "text":
			o.Text = d.text(v)
		case "product_items":
			for v := range d.array(v) {
				o.Items = append(o.Items, d.orderItem(v))
			}
		}
	}
	return o
}

func (d *decoder) orderItem(v value) OrderItem {
	var i OrderItem
	for key, v := range d.object(v) {
		switch key {
		case "product_retailer_id":
			i.ProductID = d.text(v)
		case "quantity":
			i.Quantity = d.text(v)
		case "item_price":
			i.Price = d.text(v)
		case "currency":
			i.Currency = d.text(v)
		}
	}
	return i
}
