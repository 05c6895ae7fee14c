package conversation

// Person is somebody on WhatsApp as an update names them. At least one of UserID and WaID is set.
type Person struct {
	UserID       string // business-scoped user id
	ParentUserID string
	WaID         string // exactly as WhatsApp gave it
	Phone        string // canonical form of WaID
}
