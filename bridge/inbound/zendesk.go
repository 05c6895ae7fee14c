package inbound

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/zendesk"
)

// Zendesk takes in one webhook of Zendesk. An error other than *RefusedError means: not stored, deliver it again.
func (r *Receiver) Zendesk(ctx context.Context, h http.Header, body []byte) error {
	if !zendesk.Verify(r.ZendeskSecrets, h.Get(zendesk.HeaderTimestamp), h.Get(zendesk.HeaderSignature), body) {
		return r.refuse(peerZendesk, outcomeSignature, http.StatusUnauthorized)
	}
	hint, err := zendesk.ParseHint(body)
	switch {
	case errors.Is(err, zendesk.ErrNoTicket):
		r.Metrics.outcome(peerZendesk, outcomeIgnored)
		return nil
	case err != nil:
		return r.refuse(peerZendesk, outcomeMalformed, http.StatusBadRequest)
	case hint.ActorID != 0 && hint.ActorID == r.OwnUser():
		r.Metrics.outcome(peerZendesk, outcomeOwn)
		return nil
	}
	if err := r.hint(ctx, hint); err != nil {
		r.Metrics.outcome(peerZendesk, outcomeUnavailable)
		return err
	}
	r.Metrics.outcome(peerZendesk, outcomeAccepted)
	return nil
}

func (r *Receiver) hint(ctx context.Context, h zendesk.Hint) error {
	threads, err := r.Tickets.TicketThreads(ctx, []int64{h.TicketID})
	if err != nil {
		return fmt.Errorf("find thread: %w", err)
	}
	key, ok := threads[h.TicketID]
	if !ok {
		key, ok = conversation.ThreadOfSession(h.ExternalID)
	}
	if !ok {
		key = fmt.Sprintf("%s%d", conversation.TicketPrefix, h.TicketID)
	}
	e := conversation.Event{
		Kind: conversation.EventHint, At: r.Now(),
		Hint: &conversation.Hint{Ticket: h.TicketID, Status: h.Status, UpdatedAt: h.UpdatedAt, Facts: conversation.Facts{
			Group: h.Group, Assignee: h.Assignee, Organization: h.Organization, Tags: h.Tags, TagsKnown: h.TagsKnown,
		}},
	}
	if h.EventID != "" {
		e.ID = eventID("z", h.EventID)
	}
	var b batch
	if err := b.add(key, e); err != nil {
		return err
	}
	return r.append(ctx, &b)
}
