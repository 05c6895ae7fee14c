package classify

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// What Zendesk calls the statuses of a ticket that matter here.
const (
	statusNew     = "new"
	statusOpen    = "open"
	statusPending = "pending"
	statusHold    = "hold"
	statusSolved  = "solved"
	statusClosed  = "closed"
)

// Ticket is what Zendesk says of the ticket right now.
type Ticket struct {
	ID                            int64 // 0 = there is none
	Status                        string
	Assignee, Group, Organization int64
	Subject                       string
	Catalogue                     string // value of the catalogue field
	N2                            bool   // it is at the second level
}

// Case is a conversation as the auditor sees it.
type Case struct {
	State    conversation.State
	End      string // how it ended, see conversation's End values
	Owner    int64  // who has it
	Before   int64  // who had the ticket when the conversation began in it
	Queue    string // the group that has it, by name or id
	Created  time.Time
	Derived  time.Time // when the bot handed over; zero = it did not, or there is none
	Ended    time.Time
	Attended bool // an agent's words reached the customer, also where the steps have lost them
	N2       bool
	Snoozed  time.Time // until when it is put off; zero = it is not
	Settling bool      // writes are on their way to the ticket
	Contact  string    // the contact's name
	Category string    // catalogue value, from the menu or an agent
	Subject  string    // what it is about, from the bot or an agent
	Choice   string    // the menu's line that was chosen
	Ticket   Ticket
	Steps    []Step // in the order of time
	// Untold are outcomes that can't be told from what is known: they rest on words that were not read. A supervisor decides.
	Untold []Outcome
}

// Kind is what a step is.
type Kind string

// The kinds of steps.
const (
	StepCustomer    Kind = "customer"    // words or files of the customer
	StepGesture     Kind = "gesture"     // a reaction and the like
	StepAgent       Kind = "agent"       // an agent's words to the customer
	StepUndelivered Kind = "undelivered" // an agent's words that did not reach the customer
	StepNote        Kind = "note"        // an agent's words to colleagues
	StepAutomatic   Kind = "automatic"   // said or told by itself
	StepAssigned    Kind = "assigned"    // an agent got it
	StepQueue       Kind = "queue"       // a queue got it, or got it back
	StepState       Kind = "state"       //
	StepVerdict     Kind = "verdict"     // the auditor was there
)

// Step is one thing that happened.
type Step struct {
	At       time.Time
	Kind     Kind
	Agent    int64  // with StepAgent, StepUndelivered, StepNote and StepAssigned; 0 = not known
	Who      string // the agent's or the queue's name, where known
	Text     string // with StepCustomer
	Courtesy bool   // the words say no more than thank you or all right
	Repeated bool   // with StepAssigned: the auditor itself gave it to the one who owes the answer
	State    conversation.State
	Found    []string // with StepVerdict: outcome and corrections; none = the verdict before this one is void
}

// VerdictType is the type of the transcript's entry that tells of a verdict.
const VerdictType = "verdict"

// Entry is the transcript's line about the verdict. FromThread reads it, so that nothing is found twice.
func (v Verdict) Entry(at time.Time) conversation.Entry {
	var found []string
	if v.Outcome != OutcomeNone {
		found = append(found, string(v.Outcome))
	}
	for _, c := range v.Corrections {
		found = append(found, string(c))
	}
	return conversation.Entry{
		At: at, Author: conversation.AuthorPonte, Origin: conversation.OriginAutomatic, Type: VerdictType, Private: true,
		Text: strings.Join(found, " "), Agent: v.Action.Assignee,
	}
}

// OfThread is the case of the thread's newest conversation by what a look saw: its transcript and, where it was read, its ticket. Of a
// ticket that was not read, what the thread heard last counts.
func OfThread(t conversation.Thread, seen conversation.AuditSeen) Case {
	known := conversation.Ticket{}
	if t.Conversation != nil {
		known = t.Conversation.Ticket
	}
	if seen.Look.Ticket {
		known.Take(seen.Facts)
	}
	return FromThread(t, seen.Entries, Ticket{
		ID: known.ID, Status: known.Status, Assignee: known.Assignee, Group: known.Group, Organization: known.Organization,
		Subject: known.Subject, Catalogue: seen.Catalogue, N2: seen.N2,
	})
}

// FromThread is the case of the thread's newest conversation, whose transcript is given; ticket is what Zendesk says right now.
func FromThread(t conversation.Thread, entries []conversation.Entry, ticket Ticket) Case {
	v := t.Conversation
	if v == nil {
		return Case{Ticket: ticket}
	}
	p := v.Procedure
	c := Case{
		State: v.State, End: p.Outcome, Owner: v.Owner, Queue: p.Queue, Created: v.Started, Derived: p.Derived, Ended: v.Ended,
		N2: p.Outcome == conversation.EndN2, Settling: v.Closing != nil || len(t.Outbox.Ticket) > 0, Contact: t.Contact.Name,
		Category: p.Category, Subject: p.Subject, Ticket: ticket, Before: v.Before, Snoozed: v.Clock.Snoozed,
	}
	if p.Bot != nil {
		c.Choice = p.Bot.Choice
	}
	r := reader{steps: make([]Step, 0, len(entries)), failed: undelivered(entries), words: map[string]int{}, names: names(entries), owner: v.Owner}
	for _, e := range entries {
		r.entry(e)
	}
	slices.SortStableFunc(r.steps, func(a, b Step) int { return a.At.Compare(b.At) })
	r.repeats()
	c.Steps = r.steps
	c.Attended = v.Attended && !slices.ContainsFunc(c.Steps, func(s Step) bool { return s.Kind == StepUndelivered })
	if i := slices.IndexFunc(c.Steps, func(s Step) bool { return s.Kind == StepCustomer || s.Kind == StepGesture }); i >= 0 {
		if at := c.Steps[i].At; c.Created.IsZero() || at.Before(c.Created) {
			c.Created = at
		}
	}
	return c
}

// reader turns the lines of a transcript into steps.
type reader struct {
	steps  []Step
	words  map[string]int  // the customer's words, by message: their place in steps
	failed map[string]bool // messages that did not reach the customer, by effect
	names  map[string]int64
	owner  int64
}

func (r *reader) entry(e conversation.Entry) {
	switch {
	case e.Type == VerdictType:
		r.steps = append(r.steps, Step{At: e.At, Kind: StepVerdict, Agent: e.Agent, Found: strings.Fields(e.Text)})
	case e.State != conversation.StateNone:
		r.steps = append(r.steps, Step{At: e.At, Kind: StepState, State: e.State})
	case e.Type == "hands":
		r.hands(e)
	case e.Author == conversation.AuthorCustomer:
		r.customer(e)
	case e.Author == conversation.AuthorAgent || e.Origin == conversation.OriginPhone:
		r.agent(e)
	case e.Author == conversation.AuthorPonte:
		r.steps = append(r.steps, Step{At: e.At, Kind: StepAutomatic})
	}
}

// hands takes in that the conversation changed hands: the timeline tells whose by name.
func (r *reader) hands(e conversation.Entry) {
	what, who, _ := strings.Cut(e.Text, ": ")
	s := Step{At: e.At, Kind: StepQueue, Who: who}
	if what == "Atendente" {
		s.Kind, s.Agent = StepAssigned, cmp.Or(e.Agent, r.names[who])
	}
	r.steps = append(r.steps, s)
}

func (r *reader) agent(e conversation.Entry) {
	s := Step{At: e.At, Kind: StepAgent, Agent: e.Agent, Who: e.Who}
	switch {
	case e.Type == "reaction" || e.Type == "edit" || e.Type == "revoke" || e.Type == "file":
		return
	case e.Private:
		s.Kind = StepNote
	case e.Effect != "" && r.failed[e.Effect]:
		s.Kind = StepUndelivered
	}
	r.steps = append(r.steps, s)
}

func (r *reader) customer(e conversation.Entry) {
	s := Step{At: e.At, Kind: StepCustomer, Text: e.Text, Courtesy: courteous(e)}
	switch e.Type {
	case "reaction", "request_welcome", "system":
		s.Kind = StepGesture
	case "file":
		return
	case "edit":
		r.edit(e, s)
		return
	case "revoke":
		if i, ok := r.words[e.Re]; ok { // it asks nothing any more
			r.steps[i].Kind, r.steps[i].Text = StepGesture, ""
		}
		s.Kind, s.Text = StepGesture, ""
	default:
		if e.Message != "" {
			if _, ok := r.words[e.Message]; ok {
				return // the same line again
			}
			r.words[e.Message] = len(r.steps)
		}
	}
	r.steps = append(r.steps, s)
}

// edit puts the new words in the place of the old ones. A thank-you that becomes a question is asked when it was edited.
func (r *reader) edit(e conversation.Entry, s Step) {
	s.Text = strings.TrimPrefix(s.Text, "(mensagem editada) ")
	s.Courtesy = conversation.Courtesy(s.Text)
	i, ok := r.words[e.Re]
	switch {
	case !ok || r.steps[i].Courtesy && !s.Courtesy && r.steps[i].Kind == StepCustomer:
		if ok {
			r.steps[i].Kind = StepGesture
		}
		r.words[e.Re] = len(r.steps)
		r.steps = append(r.steps, s)
	default:
		r.steps[i].Text, r.steps[i].Courtesy = s.Text, s.Courtesy
		r.steps = append(r.steps, Step{At: e.At, Kind: StepGesture})
	}
	if e.Message != "" {
		r.words[e.Message] = r.words[e.Re]
	}
}

// repeats marks the assignments that were the auditor's own doing.
func (r *reader) repeats() {
	for i := len(r.steps) - 1; i >= 0 && r.steps[i].Kind != StepQueue; i-- {
		if s := &r.steps[i]; s.Kind == StepAssigned { // the last who got it has it
			s.Agent = cmp.Or(s.Agent, r.owner)
			break
		}
	}
	var judged int64
	for i := range r.steps {
		switch s := &r.steps[i]; s.Kind {
		case StepVerdict:
			judged = s.Agent
		case StepAssigned:
			s.Repeated = judged != 0 && s.Agent == judged
			judged = 0
		case StepAgent, StepQueue:
			judged = 0
		case StepCustomer, StepGesture, StepUndelivered, StepNote, StepAutomatic, StepState:
		}
	}
}

// courteous tells whether a message says no more than thank you; a sticker says no more than a sign.
func courteous(e conversation.Entry) bool {
	if e.Type == "sticker" {
		return true
	}
	return e.File == nil && conversation.Courtesy(e.Text)
}

// undelivered finds the messages, by effect, that were not delivered, or that wait for the customer to write.
func undelivered(entries []conversation.Entry) map[string]bool {
	states := map[string]conversation.DeliveryState{}
	for _, e := range entries {
		if e.Effect == "" || e.Delivery == "" {
			continue
		}
		if e.Delivery == conversation.DeliveryQueued || states[e.Effect] == conversation.DeliveryKept {
			states[e.Effect] = e.Delivery // back to the queue, or out of it
			continue
		}
		states[e.Effect] = states[e.Effect].Merge(e.Delivery)
		if e.Delivery == conversation.DeliveryKept {
			states[e.Effect] = e.Delivery
		}
	}
	list := map[string]bool{}
	for effect, s := range states {
		if s == conversation.DeliveryFailed || s == conversation.DeliveryKept {
			list[effect] = true
		}
	}
	return list
}

// names finds the agents by name, as far as the transcript tells both.
func names(entries []conversation.Entry) map[string]int64 {
	list := map[string]int64{}
	for _, e := range entries {
		if e.Author == conversation.AuthorAgent && e.Agent != 0 && e.Who != "" {
			list[e.Who] = e.Agent
		}
	}
	return list
}
