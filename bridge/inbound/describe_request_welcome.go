package inbound

// requestWelcome says that the customer opened the chat for the first time, before any words.
func requestWelcome() string { return "(abriu a conversa no WhatsApp e ainda não escreveu)" }
