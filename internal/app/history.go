package app

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/ponte-desk/ponte/audit/report"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/bridge/web"
	"github.com/ponte-desk/ponte/zendesk"
)

// Bounds of what is told of the past.
const (
	mostPastConversations = 50 // conversations
	mostPastTickets       = 10
	pastLife              = time.Minute
	mostPastKnown         = 2000 // contacts whose tickets are remembered
	// pastWait is how long a page waits for Zendesk before it shows the rest without it.
	pastWait = 4 * time.Second
)

// past is what was before a conversation.
type past struct {
	a       *App
	rows    *store.Summaries
	tickets *brief[string, []web.Ticket] // by contact and company
}

func newPast(a *App) *past {
	return &past{
		a: a, rows: store.NewSummaries(a.redis, a.Config.RedisPrefix),
		tickets: newBrief[string, []web.Ticket](a.parts.Now, pastLife, mostPastKnown),
	}
}

// Conversations lists those of a thread's contact, newest first. The thread itself knows best about its newest one.
func (p *past) Conversations(ctx context.Context, t conversation.Thread) ([]web.PastConversation, error) {
	rows, err := p.rows.Of(ctx, t.Contact.ID)
	if err != nil {
		return nil, err
	}
	found := map[string]web.PastConversation{}
	for _, raw := range rows {
		if row, err := report.DecodeRow(raw); err == nil {
			found[row.Session] = pastOf(row.Summary)
		}
	}
	if s, ok := t.Summary(); ok {
		found[s.Session] = pastOf(s)
	}
	list := make([]web.PastConversation, 0, len(found))
	for _, c := range found {
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b web.PastConversation) int {
		return cmp.Or(b.Started.Compare(a.Started), cmp.Compare(b.Session, a.Session))
	})
	return list[:min(len(list), mostPastConversations)], nil
}

// pastOf is a conversation as the history shows it.
func pastOf(s conversation.Summary) web.PastConversation {
	c := web.PastConversation{
		Session: s.Session, Started: s.Started, Ended: s.Ended, State: s.State, Outcome: s.End, Subject: s.Subject, Queue: s.Queue, Owner: s.Owner,
		Ticket: s.Ticket,
	}
	if v := s.Audited; v != nil {
		c.Verdict = v.Outcome
		if v.Overruled != nil {
			c.Verdict = v.Overruled.Outcome
		}
	}
	return c
}

// Tickets lists tickets of the thread's contact and, where there are few, of the company; known is false when Zendesk can't be asked.
func (p *past) Tickets(ctx context.Context, t conversation.Thread) (list []web.Ticket, known bool) {
	user, company := t.Contact.Zendesk, int64(0)
	if c := t.Conversation; c != nil {
		company = c.Ticket.Organization
		if o := c.Procedure.Organization; o != nil {
			company = o.ID
		}
	}
	if user == 0 && company == 0 {
		return nil, true
	}
	ctx, cancel := context.WithTimeout(ctx, pastWait)
	defer cancel()
	name := "history:" + strconv.FormatInt(user, 10) + ":" + strconv.FormatInt(company, 10)
	list, err := p.tickets.get(ctx, name, func(ctx context.Context) ([]web.Ticket, error) { return p.ask(ctx, name, user, company) })
	if err != nil {
		p.a.parts.Logger.WarnContext(ctx, "tickets of a contact not known", "error", err)
	}
	return list, err == nil
}

// ask asks Zendesk, once or twice.
func (p *past) ask(ctx context.Context, name string, user, company int64) ([]web.Ticket, error) {
	var found []zendesk.Ticket
	if user != 0 {
		if err := p.a.turn(ctx, name); err != nil {
			return nil, err
		}
		own, err := p.a.desk.RequestedTickets(ctx, user, mostPastTickets)
		if err != nil && zendesk.KindOf(err) != zendesk.KindNotFound {
			return nil, err
		}
		found = own
	}
	if company != 0 && len(found) < mostPastTickets {
		if err := p.a.turn(ctx, name+":company"); err != nil {
			return nil, err
		}
		others, _, err := p.a.desk.OrganizationTickets(ctx, company, 2*mostPastTickets)
		if err != nil && zendesk.KindOf(err) != zendesk.KindNotFound {
			return nil, err
		}
		for _, t := range others {
			if len(found) < mostPastTickets && !slices.ContainsFunc(found, func(have zendesk.Ticket) bool { return have.ID == t.ID }) {
				found = append(found, t)
			}
		}
	}
	return ticketsOf(found), nil
}

// ticketsOf is tickets as the API lists them, those changed last first.
func ticketsOf(found []zendesk.Ticket) []web.Ticket {
	list := make([]web.Ticket, len(found))
	for i, t := range found {
		list[i] = web.Ticket{ID: t.ID, Subject: t.Subject, Status: t.Status, Updated: t.UpdatedAt}
	}
	slices.SortStableFunc(list, func(a, b web.Ticket) int { return cmp.Or(b.Updated.Compare(a.Updated), cmp.Compare(b.ID, a.ID)) })
	return list
}
