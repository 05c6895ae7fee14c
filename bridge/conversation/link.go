package conversation

import "time"

// Link asks for messages of a conversation to be copied onto another ticket, as one internal comment. The messages stay where they are.
type Link struct {
	Session string `json:"s"`
	Origin  int64  `json:"o,omitempty"`  // the conversation's own ticket
	Ticket  int64  `json:"t,omitempty"`  // 0 = a new one
	Subject string `json:"su,omitempty"` // of a new one
	By      Agent  `json:"by,omitzero"`
	// Messages are the keys under which the transcript knows them; without any it is those between two times.
	Messages []string  `json:"m,omitempty"`
	Since    time.Time `json:"si,omitzero"`
	Until    time.Time `json:"un,omitzero"`
	// First is when it was asked for.
	First time.Time `json:"f"`
}

// Linked is what became of a Link.
type Linked struct {
	Ticket int64 `json:"t"` // the ticket that has the messages now
	Count  int   `json:"c"` // how many
	New    bool  `json:"n,omitempty"`
	// Left names, pt-BR, what Zendesk did not take of a new one.
	Left []string `json:"l,omitempty"`
}
