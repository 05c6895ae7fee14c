package desk

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Statuses of tickets.
const (
	statusNew     = "new"
	statusOpen    = "open"
	statusPending = "pending"
	statusHold    = "hold"
	statusSolved  = "solved"
	statusClosed  = "closed"
)

// statusRank orders the statuses, as less_than and greater_than compare them; unknown ones rank -1.
func statusRank(status string) int {
	return slices.Index([]string{statusNew, statusOpen, statusPending, statusHold, statusSolved, statusClosed}, status)
}

// ticket is one ticket as it is stored. Tickets are never changed: an update makes a new value.
type ticket struct {
	ID             int64                     `json:"id"`
	ExternalID     *string                   `json:"external_id"`
	Via            via                       `json:"via"`
	CreatedAt      time.Time                 `json:"created_at"`
	UpdatedAt      time.Time                 `json:"updated_at"`
	SolvedAt       *time.Time                `json:"solved_at,omitempty"`
	Type           *string                   `json:"type"`
	Subject        string                    `json:"subject"`
	Description    string                    `json:"description"`
	Priority       *string                   `json:"priority"`
	Status         string                    `json:"status"`
	RequesterID    int64                     `json:"requester_id"`
	SubmitterID    int64                     `json:"submitter_id"`
	AssigneeID     *int64                    `json:"assignee_id"`
	OrganizationID *int64                    `json:"organization_id"`
	GroupID        *int64                    `json:"group_id"`
	FormID         *int64                    `json:"ticket_form_id"`
	ProblemID      *int64                    `json:"problem_id"`
	DueAt          *time.Time                `json:"due_at"`
	IsPublic       bool                      `json:"is_public"`
	Tags           []string                  `json:"tags"`
	Fields         map[int64]json.RawMessage `json:"fields"` // without those that are null
	EmailCCs       []int64                   `json:"email_ccs"`
	Followers      []int64                   `json:"followers"`
	FollowupIDs    []int64                   `json:"followup_ids"`
	Deleted        bool                      `json:"deleted,omitempty"`
}

// via says by which way something came in.
type via struct {
	Channel string    `json:"channel"`
	Source  viaSource `json:"source"`
}

type viaSource struct {
	From map[string]any `json:"from"`
	To   map[string]any `json:"to"`
	Rel  *string        `json:"rel"`
}

func viaOf(channel string) via {
	return via{Channel: channel, Source: viaSource{From: map[string]any{}, To: map[string]any{}}}
}

// viaID is the number of a channel in conditions on current_via_id.
func viaID(channel string) string {
	switch channel {
	case "email":
		return "4"
	case "api":
		return "5"
	case "rule":
		return "8"
	default:
		return "0" // the web form and the agents' interface
	}
}

// ticketWire is a ticket as the API shows it.
type ticketWire struct {
	URL string `json:"url"`
	ticket
	Generated      *int64       `json:"generated_timestamp,omitempty"`
	RawSubject     string       `json:"raw_subject"`
	Recipient      *string      `json:"recipient"`
	Collaborators  []int64      `json:"collaborator_ids"`
	FollowerIDs    []int64      `json:"follower_ids"`
	EmailCCIDs     []int64      `json:"email_cc_ids"`
	HasIncidents   bool         `json:"has_incidents"`
	CustomFields   []fieldValue `json:"custom_fields"`
	Fields         []fieldValue `json:"fields"`
	Satisfaction   *string      `json:"satisfaction_rating"`
	Sharing        []int64      `json:"sharing_agreement_ids"`
	CustomStatusID int64        `json:"custom_status_id"`
	BrandID        int64        `json:"brand_id"`
	Channelback    bool         `json:"allow_channelback"`
	Attach         bool         `json:"allow_attachments"`
	Messaging      bool         `json:"from_messaging_channel"`
	// Stored only.
	EmailCCs  *struct{} `json:"email_ccs,omitempty"`
	Followers *struct{} `json:"followers,omitempty"`
	SolvedAt  *struct{} `json:"solved_at,omitempty"`
	Deleted   *struct{} `json:"deleted,omitempty"`
}

type fieldValue struct {
	ID    int64           `json:"id"`
	Value json.RawMessage `json:"value"`
}

// brandID is the account's only brand.
const brandID = 8_447_346_621_310

func (s *Server) ticketWire(t *ticket) *ticketWire {
	values := s.fieldValues(t)
	w := &ticketWire{
		URL: s.url("/tickets/%d.json", t.ID), ticket: *t, RawSubject: t.Subject,
		Collaborators: listOf(t.EmailCCs, t.Followers),
		FollowerIDs:   listOf(t.Followers), EmailCCIDs: listOf(t.EmailCCs),
		CustomFields: values, Fields: values, Sharing: []int64{},
		CustomStatusID: customStatusID(t.Status), BrandID: brandID, Attach: true,
	}
	w.FollowupIDs = listOf(t.FollowupIDs)
	w.HasIncidents = text(t.Type) == "problem" && s.tickets.first(func(o *ticket) bool { return idValue(o.ProblemID) == t.ID }) != nil
	return w
}

// fieldValues lists every active custom field, set or not.
func (s *Server) fieldValues(t *ticket) []fieldValue {
	out := []fieldValue{}
	for _, f := range s.fields.all() {
		if !f.Removable || !f.Active {
			continue
		}
		v, set := t.Fields[f.ID]
		if !set {
			v = json.RawMessage("null")
			if f.Type == typeCheckbox {
				v = json.RawMessage("false")
			}
		}
		out = append(out, fieldValue{f.ID, v})
	}
	return out
}

// ticketBook holds the tickets and all that happened to them.
type ticketBook struct {
	items    map[int64]*ticket
	order    []int64
	audits   map[int64][]*audit // by ticket, oldest first
	comments map[int64][]*comment
	keys     map[string]idempotent
	mails    []Mail
	last     int64
}

// firstTicket is the number before the first ticket's.
const firstTicket = 5157

// get returns a ticket that is not deleted.
func (b *ticketBook) get(id int64) *ticket {
	t := b.items[id]
	if t == nil || t.Deleted {
		return nil
	}
	return t
}

func (b *ticketBook) all() []*ticket { return b.where(func(*ticket) bool { return true }) }

func (b *ticketBook) where(keep func(*ticket) bool) []*ticket {
	var out []*ticket
	for _, id := range b.order {
		if t := b.items[id]; !t.Deleted && keep(t) {
			out = append(out, t)
		}
	}
	return out
}

func (b *ticketBook) first(fits func(*ticket) bool) *ticket {
	for _, id := range b.order {
		if t := b.items[id]; !t.Deleted && fits(t) {
			return t
		}
	}
	return nil
}

// auditRecord is what one change stores, in one write: the audit and the ticket as it was afterwards.
type auditRecord struct {
	Audit  *audit  `json:"audit"`
	Ticket *ticket `json:"ticket"`
	Mails  []Mail  `json:"mails,omitempty"`
	Key    string  `json:"key,omitempty"`  // Idempotency-Key of a creation
	Hash   string  `json:"hash,omitempty"` // of its body
}

// idempotent is a creation that may be asked for again.
type idempotent struct {
	hash  string
	made  *ticket
	audit *audit
}

// idempotencyLife is how long a key is remembered.
const idempotencyLife = 2 * time.Hour

func (b *ticketBook) apply(r *auditRecord) {
	t, a := r.Ticket, r.Audit
	if _, known := b.items[t.ID]; !known {
		b.order = append(b.order, t.ID)
	}
	b.items[t.ID] = t
	b.last = max(b.last, t.ID)
	b.audits[t.ID] = append(b.audits[t.ID], a)
	for i := range a.Events {
		if c := a.Events[i].Comment; c != nil {
			b.comments[t.ID] = append(b.comments[t.ID], c)
		}
	}
	b.mails = append(b.mails, r.Mails...)
	if r.Key != "" {
		b.keys[r.Key] = idempotent{hash: r.Hash, made: t, audit: a}
	}
}

func (s *Server) loadTickets() error {
	s.tickets = ticketBook{
		items: map[int64]*ticket{}, audits: map[int64][]*audit{}, comments: map[int64][]*comment{},
		keys: map[string]idempotent{}, last: firstTicket,
	}
	return s.cfg.Store.Each("audit", func(id string, raw json.RawMessage) error {
		r := &auditRecord{}
		if err := json.Unmarshal(raw, r); err != nil {
			return fmt.Errorf("load audit %s: %w", id, err)
		}
		s.tickets.apply(r)
		return nil
	})
}

// sortTickets orders by sort_by and sort_order (or sort=, with a leading - for descending); by default by id.
func sortTickets(c *call, list []*ticket) {
	by, order := c.query.Get("sort_by"), c.query.Get("sort_order")
	if by == "" {
		by = c.query.Get("sort")
		if len(by) > 0 && by[0] == '-' {
			by, order = by[1:], "desc"
		}
	}
	slices.SortStableFunc(list, func(a, b *ticket) int {
		n := 0
		switch by {
		case "updated_at":
			n = a.UpdatedAt.Compare(b.UpdatedAt)
		case "created_at":
			n = a.CreatedAt.Compare(b.CreatedAt)
		case "status":
			n = cmp.Compare(statusRank(a.Status), statusRank(b.Status))
		case "subject":
			n = cmp.Compare(a.Subject, b.Subject)
		}
		n = cmp.Or(n, cmp.Compare(a.ID, b.ID))
		if order == "desc" {
			return -n
		}
		return n
	})
}
