package conversation

import "time"

// Foreign is a ticket of another bot as Zendesk tells it: its conversation is not ours.
type Foreign struct {
	Ticket    int64     `json:"t"`
	Status    string    `json:"s"`
	Subject   string    `json:"su,omitempty"`
	Created   time.Time `json:"c"`
	UpdatedAt time.Time `json:"u"`
	// Assignee, Group and Organization are 0 where there is none.
	Assignee     int64    `json:"as,omitempty"`
	Group        int64    `json:"g,omitempty"`
	Organization int64    `json:"o,omitempty"`
	Tags         []string `json:"tg,omitempty"`
	Queue        string   `json:"q,omitempty"`  // the group's name
	Catalogue    string   `json:"ca,omitempty"` // value of the catalogue field
	N2           bool     `json:"n2,omitempty"` // the second level has it
	// Requester is the customer.
	Requester      int64  `json:"rq,omitempty"`
	RequesterName  string `json:"rn,omitempty"`
	RequesterEmail string `json:"re,omitempty"`
	// What the fields say, as they say it: that bot's session id, when it handed over, where its log is, and the company's CNPJ.
	Session string `json:"ss,omitempty"`
	Derived string `json:"d,omitempty"`
	Log     string `json:"l,omitempty"`
	CNPJ    string `json:"cn,omitempty"`
	// API says that a program made the ticket, Submitter in whose name.
	API       bool  `json:"ap,omitempty"`
	Submitter int64 `json:"sb,omitempty"`
	// Of a close look, oldest first; Cut says that earlier ones were not read.
	Comments []ForeignComment `json:"-"`
	Changes  []ForeignChange  `json:"-"`
	Cut      bool             `json:"-"`
	Bot      int64            `json:"-"` // the user in whose name that bot writes, where that is nobody of the people; 0 = not known
	// Repair is what would give the ticket its organisation, where that was looked for and is certain.
	Repair *ForeignRepair `json:"-"`
}

// ForeignComment is one comment of such a ticket.
type ForeignComment struct {
	At     time.Time `json:"at"`
	Author Author    `json:"a"`            // AuthorPonte: that bot, or anything else that nobody wrote
	Agent  int64     `json:"ag,omitempty"` // with AuthorAgent: the Zendesk user
	Who    string    `json:"w,omitempty"`  // the author's name, where known
	Public bool      `json:"p,omitempty"`
	Text   string    `json:"x,omitempty"`
	Files  bool      `json:"f,omitempty"`  // files hang on it
	First  bool      `json:"fi,omitempty"` // the ticket was made with it
	API    bool      `json:"ap,omitempty"` // a program wrote it, in whoever's name
}

// ForeignChange is what one update changed about who has such a ticket and how it stands. What is nil or empty it left alone.
type ForeignChange struct {
	At       time.Time `json:"at"`
	Assignee *int64    `json:"as,omitempty"` // 0 = nobody
	Group    *int64    `json:"g,omitempty"`  // of a ticket that was there before
	Status   string    `json:"s,omitempty"`
	// Verdict is what the auditor found, when the update was its own.
	Verdict []string `json:"v,omitempty"`
}

// ForeignRepair is what gives a ticket its organisation.
type ForeignRepair struct {
	Organization int64  `json:"o"`
	Requester    int64  `json:"r,omitempty"`  // who of the organisation the ticket should belong to, 0 = its requester is one of them
	CC           string `json:"cc,omitempty"` // who gets copies then
}

// VerdictTag begins the tags that tell what the auditor found on a ticket without a conversation of ours.
const VerdictTag = "ponte_auditoria_"
