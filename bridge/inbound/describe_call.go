package inbound

// typeCall is the type of the message that stands for a call; WhatsApp itself has none.
const typeCall = "call"

// describeCall says that the customer called: nobody can take the call here.
func describeCall() string { return "(ligação do cliente pelo WhatsApp)" }
