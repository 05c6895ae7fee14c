package whatsapp

import "time"

// The documented values of Call.Direction.
const (
	CallByUser     = "USER_INITIATED"
	CallByBusiness = "BUSINESS_INITIATED"
)

// The values of Call.Event that are known best.
const (
	CallConnect   = "connect"
	CallTerminate = "terminate"
)

// Call is a step of a voice call. A call of a customer opens the service window as a message does: see OpensWindow.
//
// Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages
type Call struct {
	// ID names the call; it repeats over its steps.
	ID string
	// From is the caller's phone in digits; absent for people who show a username only.
	From string
	// UserID is the caller's business-scoped user id, where the call tells it; else Update.Contact may.
	UserID       string
	ParentUserID string
	// To and ToUserID name who is called.
	To       string
	ToUserID string
	// At is in UTC, zero when absent.
	At time.Time
	// Event is CallConnect, CallTerminate or another word.
	Event string
	// Direction is CallByUser, CallByBusiness, or empty in steps that do not tell.
	Direction string
}

// OpensWindow reports whether the step is a customer's call coming in. The other steps of a call open nothing; neither do those
// that do not tell who called.
func (c Call) OpensWindow() bool { return c.Event == CallConnect && c.Direction == CallByUser }

func (d *decoder) phoneCall(v value) *Call {
	c := new(Call)
	for key, v := range d.object(v) {
		switch key {
		case "id":
			c.ID = d.text(v)
		case "from":
			c.From = d.text(v)
		case "from_user_id":
			c.UserID = d.text(v)
		case "from_parent_user_id":
			c.ParentUserID = d.text(v)
		case "to":
			c.To = d.text(v)
		case "to_user_id":
			c.ToUserID = d.text(v)
		case "timestamp":
			c.At = d.timestamp(v)
		case "event":
			c.Event = d.text(v)
		case "direction":
			c.Direction = d.text(v)
		}
	}
	return c
}
