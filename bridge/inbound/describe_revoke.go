package inbound

// revoke says that a message was deleted for everyone; its words stay on the ticket.
func revoke() string { return "(apagou a mensagem)" }
