package effects

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/macros"
	"github.com/ponte-desk/ponte/zendesk"
)

// mostRequests is what the longest identification costs.
const mostRequests = 3

// identify finds which organisations the contact, or a CNPJ, belongs to. It only reads, but for a person who is made one of an
// organisation that has no other.
func (p *Performer) identify(ctx context.Context, j job) conversation.Result {
	q := *j.Pending.Effect.Ask
	cost := zendesk.Cost{Requests: 1}
	switch {
	case q.CNPJ != "":
		cost.Requests = mostRequests
	case q.Organization == 0 && j.Thread.Contact.Zendesk == 0:
		cost.Requests = 2
	}
	if r, ok := p.reserved(ctx, j, zendesk.LanePeople, cost); !ok {
		return r
	}
	at := p.Now()
	id := conversation.Identity{Ask: q, User: j.Thread.Contact.Zendesk}
	var found []zendesk.Organization
	var err error
	switch {
	case q.Organization != 0:
		var o zendesk.Organization
		if o, err = p.Zendesk.ShowOrganization(ctx, q.Organization); err == nil {
			found = []zendesk.Organization{o}
		}
		if zendesk.KindOf(err) == zendesk.KindNotFound {
			err = nil
		}
	case q.CNPJ != "":
		if found, err = p.organizationOf(ctx, j, q.CNPJ); err == nil && len(found) == 1 && q.Repair {
			id.Requester, id.RequesterName, err = p.requester(ctx, j, found[0])
		}
	default:
		found, err = p.ofContact(ctx, j, &id)
	}
	if err != nil {
		r := p.refused(ctx, j, err)
		r.Code = ""
		return r
	}
	for _, o := range found {
		id.Organizations = append(id.Organizations, organization(o, j, at))
	}
	return conversation.Result{Outcome: conversation.Done, Identity: &id}
}

// ofContact finds the organisations of the contact's user, and the user by phone where it is not known.
func (p *Performer) ofContact(ctx context.Context, j job, id *conversation.Identity) ([]zendesk.Organization, error) {
	if id.User == 0 {
		u, ok, err := p.userWithPhone(ctx, j.Thread.Contact)
		if err != nil || !ok {
			return nil, err
		}
		id.User, id.Email = u.ID, u.Email
	}
	found, err := p.Zendesk.UserOrganizations(ctx, id.User)
	if zendesk.KindOf(err) == zendesk.KindNotFound { // the user was deleted: somebody else may have the phone
		id.User, id.Email = 0, ""
		return nil, nil
	}
	return found, err
}

// organizationOf finds the organisation with a CNPJ: by its external id, which is exact, else by its field, whose index lags.
func (p *Performer) organizationOf(ctx context.Context, j job, cnpj string) ([]zendesk.Organization, error) {
	o, ok, err := p.Zendesk.OrganizationByExternalID(ctx, cnpj)
	if err != nil || ok {
		return one(o, ok), err
	}
	key := j.Settings.Organizations.CNPJField
	var terms []string
	for _, form := range conversation.CNPJForms(cnpj) {
		terms = append(terms, key+`:"`+form+`"`)
	}
	all, err := p.Zendesk.SearchOrganizations(ctx, strings.Join(terms, " "))
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(o zendesk.Organization) bool { return cnpjOf(o, key) != cnpj })
	if len(all) != 1 {
		return nil, nil // of several nobody is chosen
	}
	return all, nil
}

func one(o zendesk.Organization, ok bool) []zendesk.Organization {
	if !ok {
		return nil
	}
	return []zendesk.Organization{o}
}

// mostTickets is how many of an organisation's tickets say who opens most.
const mostTickets = 100

// requester is who of an organisation opened most of its newest tickets, at a tie whoever did so last; people that Ponte made and
// those who can't have tickets do not count. 0 = nobody.
func (p *Performer) requester(ctx context.Context, j job, o zendesk.Organization) (id int64, name string, err error) {
	tickets, users, err := p.Zendesk.OrganizationTickets(ctx, o.ID, mostTickets)
	if err != nil {
		return 0, "", err
	}
	counts := map[int64]int{}
	newest := map[int64]zendesk.Ticket{}
	for _, t := range tickets {
		u, ok := users[t.RequesterID]
		if !ok || u.Staff() || u.Suspended || !u.Active || strings.HasPrefix(u.ExternalID, ownPrefix) || u.ID == j.Thread.Contact.Zendesk || t.OrganizationID != o.ID {
			continue
		}
		counts[u.ID]++
		if t.CreatedAt.After(newest[u.ID].CreatedAt) {
			newest[u.ID] = t
		}
	}
	var best int64
	for id, n := range counts {
		if best == 0 || n > counts[best] || n == counts[best] && newest[id].CreatedAt.After(newest[best].CreatedAt) {
			best = id
		}
	}
	return best, users[best].Name, nil
}

// organization is what the procedure wants to know of one.
func organization(o zendesk.Organization, j job, at time.Time) conversation.Organization {
	set := j.Settings.Organizations
	return conversation.Organization{ID: o.ID, Name: o.Name, CNPJ: cnpjOf(o, set.CNPJField), Pending: pendingOf(o, set.PendingField), At: at}
}

// cnpjOf is an organisation's CNPJ, by its field, else by its external id; "" when it has none.
func cnpjOf(o zendesk.Organization, key string) string {
	for _, text := range []string{fieldText(o.Fields[key]), o.ExternalID} {
		if cnpj, ok := conversation.ReadCNPJ(text); ok {
			return cnpj
		}
	}
	return ""
}

// fieldText is a field's value as text.
func fieldText(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		text = strings.Trim(string(raw), `"`)
	}
	if text == "null" {
		return ""
	}
	return text
}

// pendingOf reads the financial pending: a drop-down's tag, a check box or words.
func pendingOf(o zendesk.Organization, key string) conversation.PendingAnswer {
	text := macros.Normal(fieldText(o.Fields[key]))
	if i := strings.LastIndexAny(text, "_:"); i >= 0 { // a drop-down's value often has its field's name in front
		text = strings.TrimSpace(text[i+1:])
	}
	switch text {
	case "sim", "s", "yes", "true", "1":
		return conversation.PendingYes
	case "não", "nao", "n", "no", "false", "0":
		return conversation.PendingNo
	}
	return conversation.PendingEmpty
}

// find reads where a ticket stands.
func (p *Performer) find(ctx context.Context, j job) conversation.Result {
	id := j.Pending.Effect.Hint.Ticket
	if r, ok := p.reserved(ctx, j, zendesk.LanePeople, zendesk.Cost{Requests: 1}); !ok {
		return r
	}
	t, err := p.Zendesk.ShowTicket(ctx, id)
	if zendesk.KindOf(err) == zendesk.KindNotFound {
		return conversation.Result{Outcome: conversation.Done, Position: &conversation.Position{Ticket: id}}
	}
	if err != nil {
		r := p.refused(ctx, j, err)
		r.Code = ""
		return r
	}
	at := conversation.Position{Ticket: id, Found: true, Status: t.Status, Organization: t.OrganizationID}
	if f, ok, err := p.directory.field(ctx, j.Settings.Desk.Fields.Expected); err == nil && ok {
		at.Expected = dateOf(fieldText(t.Field(f.ID)))
	}
	if at.Expected == "" && !t.DueAt.IsZero() {
		at.Expected = t.DueAt.In(j.Settings.Zone).Format(time.DateOnly)
	}
	return conversation.Result{Outcome: conversation.Done, Position: &at}
}

// dateOf is the date that a field's text begins with, "" when it is no date.
func dateOf(text string) string {
	day, _, _ := strings.Cut(text, "T")
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		return ""
	}
	return day
}

// number counts the conversation among those of the day; the same conversation gets the same number again.
func (p *Performer) number(ctx context.Context, j job) conversation.Result {
	conv := j.Thread.Conversation
	day := conv.Started.In(j.Settings.Zone)
	n, err := p.Counter.Count(ctx, day.Format(time.DateOnly), conv.Session)
	if err != nil {
		return p.later(j, "count: "+err.Error(), 0)
	}
	return conversation.Result{Outcome: conversation.Done, Number: conversation.DailyNumber(day, n)}
}
