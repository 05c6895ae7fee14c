// Package whatsapp speaks the WhatsApp Business Platform: it checks and parses webhooks, sends messages and moves files through a
// Provider, turns HTML into WhatsApp's own markup, and keeps the platform's limits and error codes as tables.
//
// Parsing is lenient on purpose. Meta adds fields, types and codes without notice and retries a refused webhook for seven days,
// so nothing unknown is ever an error: what cannot be understood is kept as an Update of KindUnknown with its raw JSON.
//
// The package knows nothing of conversations or tickets and logs nothing; its errors carry no text, name, phone or token.
package whatsapp
