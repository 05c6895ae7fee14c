package effects

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/zendesk"
)

// MarkVerdict is the key of an update's metadata that tells what the auditor found, where the update is its own.
const MarkVerdict = "ponte_verdict"

// What reading a ticket of another bot costs: a close look, and finding out whose it is.
const (
	foreignPages  = 2 // of a hundred, of comments and of updates
	requestsClose = 2
	requestsWhose = 4
)

// The channels of what nobody wrote by hand.
const (
	channelAPI  = "api"
	channelRule = "rule"
)

// foreign reads a ticket of another bot: at first the ticket alone, by one request, then what was said on it and who had it.
func (p *Performer) foreign(ctx context.Context, j job) conversation.Result {
	seen := conversation.AuditSeen{Look: *j.Pending.Effect.Look}
	var err error
	cost := zendesk.Cost{Requests: 1}
	if f := seen.Look.Foreign; f != nil {
		cost.Requests = requestsClose
		if f.Organization == 0 {
			cost.Requests += requestsWhose
		}
	}
	if r, ok := p.reserved(ctx, j, zendesk.LaneAudit, cost); !ok {
		return r
	}
	if seen.Look.Foreign == nil {
		seen.Foreign, err = p.foreignTicket(ctx, j)
	} else {
		seen.Foreign, err = p.foreignTalk(ctx, j, *seen.Look.Foreign)
	}
	if zendesk.KindOf(err) == zendesk.KindNotFound {
		seen.Foreign, seen.Gone, err = nil, true, nil
	}
	if err != nil {
		return p.refused(ctx, j, err)
	}
	return conversation.Result{Outcome: conversation.Done, Audit: &seen}
}

// foreignTicket is the ticket of the effect's hint; nil when it is none of another bot's.
func (p *Performer) foreignTicket(ctx context.Context, j job) (*conversation.Foreign, error) {
	t, users, err := p.Zendesk.TicketWithUsers(ctx, j.Pending.Effect.Hint.Ticket)
	if err != nil {
		return nil, err
	}
	other := p.Account().OtherBot
	if _, ours := conversation.ThreadOfSession(t.ExternalID); ours || other.Tag == "" || !slices.Contains(t.Tags, other.Tag) {
		return nil, nil //nolint:nilnil // there is none
	}
	requester := users[t.RequesterID]
	f := &conversation.Foreign{
		Ticket: t.ID, Status: t.Status, Subject: t.Subject, Created: t.CreatedAt, UpdatedAt: t.UpdatedAt, Assignee: t.AssigneeID, Group: t.GroupID,
		Organization: t.OrganizationID, Tags: t.Tags, Requester: t.RequesterID, RequesterName: requester.Name, RequesterEmail: requester.Email,
		API: t.Via.Channel == channelAPI, Submitter: t.SubmitterID,
	}
	if f.Catalogue, f.N2, err = p.standing(ctx, j, t); err != nil {
		return nil, err
	}
	if t.GroupID != 0 {
		g, _, err := p.directory.group(ctx, strconv.FormatInt(t.GroupID, 10))
		if err != nil {
			return nil, err
		}
		f.Queue = g.Name
	}
	for _, of := range []struct {
		ref string
		to  *string
	}{{other.Session, &f.Session}, {other.Derived, &f.Derived}, {other.Log, &f.Log}, {j.Settings.Desk.Fields.CNPJ, &f.CNPJ}} {
		field, ok, err := p.directory.field(ctx, of.ref)
		if err != nil {
			return nil, err
		}
		if ok {
			*of.to = fieldText(t.Field(field.ID))
		}
	}
	return f, nil
}

// foreignTalk adds what was said on a ticket, who had it, and what would give it its organisation.
func (p *Performer) foreignTalk(ctx context.Context, j job, f conversation.Foreign) (*conversation.Foreign, error) {
	audits, moreAudits, err := p.Zendesk.NewestAudits(ctx, f.Ticket, foreignPages)
	if err != nil {
		return nil, err
	}
	comments, users, more, err := p.Zendesk.NewestComments(ctx, f.Ticket, foreignPages)
	if err != nil {
		return nil, err
	}
	f.Cut = more || moreAudits
	bot := foreignBot(f, audits, moreAudits)
	f.Comments, f.Changes, f.Bot = nil, nil, bot
	for i, c := range comments {
		said := foreignComment(f, c, users, bot)
		said.First = i == 0 && !more
		f.Comments = append(f.Comments, said)
		if said.Agent == bot { // a person goes by that name as well
			f.Bot = 0
		}
	}
	for i, a := range audits {
		if change, ok := foreignChange(a, i == 0 && !moreAudits); ok {
			f.Changes = append(f.Changes, change)
		}
	}
	if f.Organization == 0 && f.Requester != 0 {
		f.Repair, err = p.foreignRepair(ctx, j, f)
	}
	return &f, err
}

// foreignBot is the user in whose name the other bot writes: who made the ticket through the API. 0 = nobody of the staff.
func foreignBot(f conversation.Foreign, audits []zendesk.Audit, more bool) int64 {
	if !more && len(audits) > 0 && audits[0].Via.Channel == channelAPI && audits[0].AuthorID != f.Requester {
		return audits[0].AuthorID
	}
	if f.API && f.Submitter != f.Requester {
		return f.Submitter
	}
	return 0
}

// foreignComment is a comment, and whose words it is.
func foreignComment(f conversation.Foreign, c zendesk.Comment, users map[int64]zendesk.User, bot int64) conversation.ForeignComment {
	said := conversation.ForeignComment{
		At: c.CreatedAt, Author: conversation.AuthorPonte, Who: users[c.AuthorID].Name, Public: c.Public, Text: textOf(c), Files: len(c.Attachments) > 0,
		API: c.Via.Channel == channelAPI,
	}
	author, known := users[c.AuthorID]
	switch {
	case c.Metadata.Text(MarkEffect) != "", c.AuthorID <= 0, c.Via.Channel == channelRule, said.API && c.AuthorID == bot: // nobody's
	case known && author.Staff():
		said.Author, said.Agent = conversation.AuthorAgent, c.AuthorID
	case known, c.AuthorID == f.Requester:
		said.Author = conversation.AuthorCustomer
	}
	return said
}

// foreignChange is what an update changed; ok is false when that is nothing that matters. first says that it made the ticket.
func foreignChange(a zendesk.Audit, first bool) (c conversation.ForeignChange, ok bool) {
	c.At = a.CreatedAt
	c.Verdict = strings.Fields(a.Metadata.Text(MarkVerdict))
	for _, e := range a.Events {
		switch e.FieldName {
		case "assignee_id":
			c.Assignee = auditID(e.Value)
		case "group_id":
			if !first {
				c.Group = auditID(e.Value)
			}
		case "status":
			c.Status = fieldText(e.Value)
		case "tags":
			for _, tag := range auditTags(e.Value) {
				finding, ours := strings.CutPrefix(tag, conversation.VerdictTag)
				if ours && !slices.Contains(auditTags(e.PreviousValue), tag) && !slices.Contains(c.Verdict, finding) {
					c.Verdict = append(c.Verdict, finding)
				}
			}
		}
	}
	return c, c.Assignee != nil || c.Group != nil || c.Status != "" || len(c.Verdict) > 0
}

// auditID is an id as audits tell it: as text, as a number, or null for none.
func auditID(raw json.RawMessage) *int64 {
	id, err := strconv.ParseInt(fieldText(raw), 10, 64)
	if err != nil {
		id = 0
	}
	return &id
}

// auditTags is tags as audits tell them: as a list, or as text.
func auditTags(raw json.RawMessage) []string {
	var list []string
	if json.Unmarshal(raw, &list) == nil {
		return list
	}
	return strings.Fields(fieldText(raw))
}

// foreignRepair finds whose a ticket is: its requester's only organisation, else the one of its CNPJ. nil = that is not certain.
func (p *Performer) foreignRepair(ctx context.Context, j job, f conversation.Foreign) (*conversation.ForeignRepair, error) {
	belongs, err := p.Zendesk.UserOrganizations(ctx, f.Requester)
	if err != nil && !forGood(err) {
		return nil, err
	}
	if len(belongs) == 1 {
		return &conversation.ForeignRepair{Organization: belongs[0].ID}, nil
	}
	cnpj, ok := conversation.ReadCNPJ(f.CNPJ)
	if !ok {
		return nil, nil //nolint:nilnil // it is not known
	}
	found, err := p.organizationOf(ctx, j, cnpj)
	if err != nil || len(found) != 1 {
		return nil, err
	}
	if slices.ContainsFunc(belongs, func(o zendesk.Organization) bool { return o.ID == found[0].ID }) {
		return &conversation.ForeignRepair{Organization: found[0].ID}, nil
	}
	j.Thread.Contact.Zendesk = f.Requester // who is none of them
	requester, _, err := p.requester(ctx, j, found[0])
	if err != nil || requester == 0 {
		return nil, err
	}
	return &conversation.ForeignRepair{Organization: found[0].ID, Requester: requester, CC: f.RequesterEmail}, nil
}

// verdictIn is what a change says that the auditor found.
func verdictIn(c *conversation.Change) string {
	if c == nil || !c.Verdict {
		return ""
	}
	var found []string
	for _, tag := range c.Tags {
		if finding, ok := strings.CutPrefix(tag, conversation.VerdictTag); ok {
			found = append(found, finding)
		}
	}
	return strings.Join(found, " ")
}

// writeLane is the lane of the budget that a write to a ticket belongs to.
func writeLane(j job) zendesk.Lane {
	if c := j.Pending.Effect.Change; c != nil && c.Verdict {
		return zendesk.LaneAudit
	}
	return zendesk.LaneMirror
}
