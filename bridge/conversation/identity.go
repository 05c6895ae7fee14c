package conversation

// Merge says that another contact is the same person, by one signed payload that named both.
type Merge struct {
	With string `json:"w"` // the other contact
	// Asked is set when the other one can't move itself, because a conversation of its own goes on.
	Asked bool `json:"a,omitempty"`
	// Refused is the other one's answer when neither can.
	Refused bool `json:"r,omitempty"`
}

// Absorb hands over a thread that moved into this one.
type Absorb struct {
	Thread Thread `json:"t"` // its last state
}

// Tell is an event for another mailbox.
type Tell struct {
	Key   string `json:"k"`
	Event Event  `json:"e"`
}

// Erase ends what is known of a contact.
type Erase struct {
	Request string `json:"r"` // names the request
}
