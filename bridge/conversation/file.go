package conversation

import (
	"strings"
	"time"
)

// File is a file of a conversation: where it lies and what is said of it. Its bytes never pass through a mailbox.
type File struct {
	// ID names it in its thread: the wamid of the customer's message, the agent's comment and the file's place in it, or an upload.
	ID     string `json:"id"`
	Kind   string `json:"k"`            // as WhatsApp calls it: image, audio, video, document, sticker
	Name   string `json:"n,omitempty"`  // may be hostile until a transfer has made it safe
	MIME   string `json:"m,omitempty"`  // as told, until a transfer has looked
	Size   int64  `json:"s,omitempty"`  // in bytes, 0 unknown
	Voice  bool   `json:"v,omitempty"`  // an audio that was spoken into the phone
	Media  string `json:"md,omitempty"` // WhatsApp's media id
	SHA256 string `json:"h,omitempty"`  // hexadecimal, as told
	URL    string `json:"u,omitempty"`  // Zendesk's content_url
	Tries  int    `json:"t,omitempty"`  // how often its upload was good for nothing
	// Out says that the company sends it and that it goes onto the ticket besides, as Agent's; since schema 5.
	Out   bool  `json:"o,omitempty"`
	Agent int64 `json:"ag,omitempty"` // Zendesk user, 0 = Ponte
}

// TakesCaption tells whether a text may stand below the file, as a kind of file that WhatsApp knows.
func (f File) TakesCaption() bool {
	return f.Kind == "image" || f.Kind == "video" || f.Kind == "document"
}

// Peer is one of the two systems that a file goes to.
type Peer string

// The peers.
const (
	PeerZendesk  Peer = "zendesk"
	PeerWhatsApp Peer = "whatsapp"
)

// Transfer asks for a file to be streamed from one peer to the other.
type Transfer struct {
	Thread string    `json:"t"`  // the mailbox that is told how it ended
	Ask    string    `json:"a"`  // names this request, over all threads
	To     Peer      `json:"to"` //
	File   File      `json:"f"`
	Since  time.Time `json:"s"` // when it was asked for
}

// FileResult is how a transfer ended.
type FileResult struct {
	Ask   string    `json:"a"`
	To    Peer      `json:"to"`
	File  File      `json:"f"`           // as it was found to be: real type, safe name, size, and Media when it went to WhatsApp
	Token string    `json:"t,omitempty"` // Zendesk's upload token
	At    time.Time `json:"at"`          // when it was done
	// Refusal is why the file will never arrive and the way out, pt-BR; "" when it did.
	Refusal string `json:"r,omitempty"`
}

// Attached is a file that goes onto the ticket with a line of a comment.
type Attached struct {
	File  File      `json:"f"`
	Token string    `json:"t"`
	At    time.Time `json:"at"` // when it was uploaded
}

// UploadLife is how long an upload's token is relied on: Zendesk keeps it for an hour.
const UploadLife = 50 * time.Minute

// MediaPrefix begins the mailbox keys of transfers.
const MediaPrefix = "media|"

// MediaKey is the mailbox of a file's transfer.
func MediaKey(file string) string { return MediaPrefix + file }

// MediaMailbox tells whether a mailbox key is that of a transfer.
func MediaMailbox(key string) bool { return strings.HasPrefix(key, MediaPrefix) }

// MediaLife is how long WhatsApp keeps a customer's file, less a day for the work.
const MediaLife = 6 * 24 * time.Hour
