// Package settings holds the operation's settings: their types, their pt-BR defaults and what is wrong with them. It is pure.
package settings

import "time"

// Operation is the settings of a whole installation.
type Operation struct {
	// Default is what holds for every number that has no settings of its own.
	Default Number
	// Numbers is the settings of single numbers, by phone_number_id.
	Numbers map[string]Number
	// Account is what is known of the Zendesk account.
	Account Account
}

// Of is the settings of a number.
func (o Operation) Of(number string) Number {
	if n, ok := o.Numbers[number]; ok {
		return n
	}
	return o.Default
}

// Account is the limits of the Zendesk account.
type Account struct {
	// RequestsPerMinute is the plan's limit; 0 = what Zendesk's answers tell, and 200 until they do.
	RequestsPerMinute int
	// UpdatesPerMinute is the account's limit of ticket updates, people's included: 100, or 300 with the High Volume add-on.
	UpdatesPerMinute int
	// HumanShare is the part of the updates left to people, from 0 to below 1.
	HumanShare float64
}

// Number is the settings of one WhatsApp number.
type Number struct {
	// Name is what people call the number.
	Name string
	// Provider is who carries its messages.
	Provider Provider
	// Mode says what is written on the ticket while a conversation goes on.
	Mode Mode
	// Quiet and Longest say how long messages of one author are gathered into one ticket comment: so long after the last
	// one, but never longer than that after the first.
	Quiet, Longest time.Duration
	// StatusWait is how long a send whose outcome is unknown waits for a delivery status before it is decided on.
	StatusWait time.Duration
	// PerSecond is how many messages a second WhatsApp takes from the number.
	PerSecond int
	// Subject and Tags are what a ticket is created with.
	Subject string
	Tags    []string
	// Zone is the operation's time zone, for times that people read.
	Zone *time.Location
	// Window is about the 24 hours in which WhatsApp takes free words.
	Window Window
	// Read says when the customer sees that a message was read.
	Read ReadMark
	// Typing lets the customer see that an agent writes.
	Typing bool
	// Transcript says how the whole conversation is written on the ticket at its end.
	Transcript Transcript
	// Mask says what is made unreadable in what is written on tickets.
	Mask Mask
	// Files limits files.
	Files Files
	// Keep says how long things are kept.
	Keep Keep
	// Texts are what Ponte itself writes.
	Texts Texts
}

// Provider is who carries a number's messages.
type Provider string

// The providers.
const (
	ProviderCloud     Provider = "cloud"     // Meta's Cloud API
	Provider360Dialog Provider = "360dialog" //
)

// Mode says what is written on the ticket while a conversation goes on.
type Mode string

// The modes.
const (
	ModeMirror     Mode = "mirror"          // every message becomes part of a comment
	ModeTranscript Mode = "transcript_only" // nothing but the transcript at the end
)

// ReadMark says when the customer sees that a message was read.
type ReadMark string

// The times of read marks.
const (
	ReadNever   ReadMark = "never"
	ReadArrival ReadMark = "arrival" // as soon as it is stored
	ReadReply   ReadMark = "reply"   // when an agent answers
)

// Visibility says who sees a transcript on the ticket.
type Visibility string

// The visibilities.
const (
	TranscriptNone    Visibility = "none" // not written; transcript_only writes it privately all the same
	TranscriptPrivate Visibility = "private"
	TranscriptPublic  Visibility = "public"
)

// Transcript says how the whole conversation is written on the ticket at its end.
type Transcript struct {
	AtEnd Visibility
}

// Window is about the 24 hours in which WhatsApp takes free words.
type Window struct {
	// Margin is taken off the window's end, so that no message comes just too late.
	Margin time.Duration
	// Invite is the template that asks the customer to write again when words wait for that; nil = none, an agent sends one.
	Invite *Invite
}

// Invite is the template that asks the customer to write again.
type Invite struct {
	Template string
	Language string
	// Values are the body's variables; {{contato.nome}} stands for the customer's name.
	Values []string
	// Preview is the text as the customer reads it, for the ticket; {{1}} and so on stand for the values.
	Preview string
}

// Mask says what is made unreadable in what is written on tickets, but for its last four characters.
type Mask struct {
	CPF, Cards, CNPJ bool
}

// Files limits files, in bytes.
type Files struct {
	// MostInbound is the largest file of a customer that is attached to the ticket.
	MostInbound int64
	// MostCaption is the largest file whose text goes with it as its caption; with a larger one the text goes first, on its own.
	MostCaption int64
}

// Keep says how long things are kept.
type Keep struct {
	// Transcripts is how long the transcript of an ended conversation stays; the ticket has it for good.
	Transcripts time.Duration
}

// Texts are Ponte's own words on tickets, pt-BR.
type Texts struct {
	NotDelivered  string // a reply did not reach the customer: time, reason
	Repeated      string // a reply was sent a second time: time
	Unconfirmed   string // a reply was never confirmed: time
	NoAttachments string // attachments of a reply that did not go out: number of them
	FollowUp      string // first line of a ticket that follows a closed one: ticket number
	Kept          string // a reply waits for the customer, the window being closed: time
	Invited       string // and the customer was invited to write: the invitation
	NotInvited    string // and nobody has invited the customer
	FileRefused   string // a customer's file could not be attached: reason
	FileFollows   string // a customer's file that comes after its message: name
	Started       string // the company began the conversation: agent
	StartedText   string // first comment of a ticket in transcript_only
	Template      string // a template was sent: name, text
	Conflict      string // two contacts may be one person and both have a conversation
	PhoneLost     string // the contact's phone belongs to somebody else now
}

// Default is what holds for every number that has no settings of its own.
func Default() Number {
	return Number{
		Name: "WhatsApp", Provider: ProviderCloud, Mode: ModeMirror,
		Quiet: 20 * time.Second, Longest: time.Minute, StatusWait: 20 * time.Second, PerSecond: 80,
		Subject: "Atendimento iniciado via WhatsApp", Tags: []string{"whatsapp"},
		Zone:       time.FixedZone("BRT", -3*60*60),
		Window:     Window{Margin: time.Minute},
		Read:       ReadNever,
		Transcript: Transcript{AtEnd: TranscriptNone},
		Files:      Files{MostInbound: 50 << 20, MostCaption: 16 << 20},
		Keep:       Keep{Transcripts: 30 * 24 * time.Hour},
		Texts: Texts{
			NotDelivered:  "A resposta das %s não foi entregue no WhatsApp: %s",
			Repeated:      "A resposta das %s foi enviada outra vez, porque o WhatsApp não confirmou a primeira; o cliente pode tê-la recebido em dobro.",
			Unconfirmed:   "O WhatsApp não confirmou a resposta das %s. Verifique com o cliente se ela chegou antes de escrevê-la de novo.",
			NoAttachments: "%d anexo(s) desta resposta não foram enviados ao WhatsApp: por enquanto só o texto é enviado.",
			FollowUp:      "Continuação do ticket %d, que está fechado.",
			Kept:          "A resposta das %s está guardada: Aguardando resposta do cliente para ser entregue via WhatsApp.",
			Invited:       "O cliente foi convidado a responder com o modelo: %s",
			NotInvited:    "A janela de 24 horas está fechada. Envie um modelo aprovado para convidar o cliente a responder; a resposta segue sozinha quando ele escrever.",
			FileRefused:   "Um arquivo do cliente não pôde ser anexado: %s",
			FileFollows:   "[Arquivo] %s",
			Started:       "Conversa iniciada pela empresa no WhatsApp por %s.",
			StartedText:   "Atendimento pelo WhatsApp em andamento. A conversa completa será registrada aqui no encerramento.",
			Template:      "Modelo “%s” enviado ao cliente: %s",
			Conflict:      "Este cliente parece ser a mesma pessoa de outro contato que também tem uma conversa aberta. Encerre uma delas; a união dos contatos precisa ser decidida por uma pessoa.",
			PhoneLost:     "O telefone deste contato passou a outra pessoa no WhatsApp. As respostas seguem apenas pela identificação do WhatsApp do contato.",
		},
	}
}
