package desk

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// eventPrefix begins every type of a ticket's event
// (https://developer.zendesk.com/api-reference/webhooks/event-types/ticket-events/).
const eventPrefix = "zen:event-type:ticket."

// happening is one event of a change: its type without prefix and its payload.
type happening struct {
	kind    string
	payload map[string]any
}

// notify calls the webhooks that triggers fired, and those subscribed to what happened.
func (s *Server) notify(ch *change, a *audit, calls []webhookCall) error {
	for _, one := range calls {
		if err := s.enqueue(s.webhooks.items[one.webhookID], onTriggersOnly, one.body); err != nil {
			return err
		}
	}
	return s.publish(ch.next, a.AuthorID, s.happenings(ch, a))
}

func (s *Server) notifyDeleted(t *ticket, by actor) error {
	return s.publish(t, by.id(), []happening{{"soft_deleted", map[string]any{}}})
}

func (s *Server) publish(t *ticket, by int64, list []happening) error {
	sequence := newUUID()
	for position, h := range list {
		h.payload["meta"] = map[string]any{"sequence": map[string]any{"id": sequence, "position": position + 1, "total": len(list)}}
		var body string
		for _, id := range s.webhooks.order {
			w := s.webhooks.items[id]
			if w.Status != "active" || !slices.Contains(w.Subscriptions, eventPrefix+h.kind) {
				continue
			}
			if body == "" {
				body = string(mustJSON(s.envelope(t, by, h)))
			}
			if err := s.enqueue(w, eventPrefix+h.kind, body); err != nil {
				return err
			}
		}
	}
	return nil
}

// happenings are the events of a change, from its audit.
func (s *Server) happenings(ch *change, a *audit) []happening {
	var out []happening
	if ch.prev == nil {
		out = append(out, happening{"created", map[string]any{}})
	}
	for i := range a.Events {
		e := &a.Events[i]
		switch {
		case e.Comment != nil:
			out = append(out, s.commentHappening("comment_added", e.Comment))
			out = append(out, s.fileHappenings(e.Comment)...)
		case e.Type == eventChange:
			out = append(out, s.changeHappenings(e)...)
		}
	}
	return out
}

func (s *Server) commentHappening(kind string, m *comment) happening {
	author := map[string]any{"id": itoa(m.AuthorID), "is_staff": false, "name": ""}
	if u := s.users.get(m.AuthorID); u != nil {
		author["is_staff"], author["name"] = u.staff(), u.Name
	}
	return happening{kind, map[string]any{"comment": map[string]any{
		"id": itoa(m.ID), "body": m.Body, "is_public": m.Public, "author": author,
	}}}
}

// fileHappenings are events of their own: comment_added does not tell of files.
func (s *Server) fileHappenings(m *comment) []happening {
	var out []happening
	for _, id := range m.Attachments {
		a := s.attachments.get(id)
		if a == nil {
			continue
		}
		out = append(out, happening{"attachment_linked_to_comment", map[string]any{
			"comment": map[string]any{"id": itoa(m.ID)},
			"attachment": map[string]any{
				"id": itoa(a.ID), "filename": a.FileName, "content_type": a.ContentType, "content_url": s.contentURL(a), "is_public": m.Public,
			},
		}})
	}
	return out
}

// changedKind is the event that tells of a changed attribute, "" when none does.
func changedKind(field string) string {
	return map[string]string{
		"priority": "priority_changed", "type": "type_changed", "assignee_id": "agent_assignment_changed",
		"group_id": "group_assignment_changed", "requester_id": "requester_changed", "organization_id": "organization_changed",
		"external_id": "external_id_changed", "subject": "subject_changed", "ticket_form_id": "form_changed",
		"problem_id": "problem_link_changed", "due_at": "task_due_at_changed", "email_ccs": "email_ccs_changed",
		"followers": "followers_changed",
	}[field]
}

// changeHappenings are the events of one changed attribute. Enumerated values are upper case.
func (s *Server) changeHappenings(e *event) []happening {
	pair := func(kind string, current, previous any) happening {
		return happening{kind, map[string]any{"current": current, "previous": previous}}
	}
	switch e.FieldName {
	case "status":
		return []happening{
			pair("status_changed", upper(e.Value), upper(e.Previous)),
			pair("custom_status_changed", customStatus(e.Value), customStatus(e.Previous)),
		}
	case "priority", "type":
		return []happening{pair(changedKind(e.FieldName), upper(e.Value), upper(e.Previous))}
	case "tags":
		now, before := tagsIn(e.Value), tagsIn(e.Previous)
		return []happening{{"tags_changed", map[string]any{
			"tags_added": withoutTags(now, before), "tags_removed": withoutTags(before, now),
		}}}
	}
	if kind := changedKind(e.FieldName); kind != "" {
		return []happening{pair(kind, e.Value, e.Previous)}
	}
	id, err := strconv.ParseInt(e.FieldName, 10, 64)
	f := s.fields.get(id)
	if err != nil || f == nil {
		return nil
	}
	out := pair("custom_field_changed", e.Value, e.Previous)
	out.payload["field"] = map[string]any{"id": e.FieldName, "title": f.Title, "type": f.Type, "is_system": false}
	return []happening{out}
}

// customStatus is the id of the default custom status of a status.
func customStatus(status json.RawMessage) any {
	var name string
	if json.Unmarshal(status, &name) != nil || name == "" {
		return nil
	}
	return itoa(customStatusID(name))
}

func customStatusID(status string) int64 { return 8_447_320_465_790 + int64(statusRank(status)) }

func upper(raw json.RawMessage) any {
	var s *string
	if json.Unmarshal(raw, &s) != nil || s == nil {
		return nil
	}
	return strings.ToUpper(*s)
}

func tagsIn(raw json.RawMessage) []string {
	list := []string{}
	if json.Unmarshal(raw, &list) != nil {
		return []string{}
	}
	return list
}

// envelope is an event as it is sent: ids are texts and enumerated values upper case, unlike in the API.
func (s *Server) envelope(t *ticket, by int64, h happening) map[string]any {
	id := func(p *int64) any {
		if p == nil {
			return nil
		}
		return itoa(*p)
	}
	status := strings.ToUpper(t.Status)
	if t.Deleted {
		status = "DELETED"
	}
	return map[string]any{
		"type": eventPrefix + h.kind, "account_id": accountID, "id": newUUID(), "time": s.now().Format(time.RFC3339Nano),
		"zendesk_event_version": "2022-11-06", "subject": "zen:ticket:" + itoa(t.ID), "event": h.payload,
		"detail": map[string]any{
			"actor_id": itoa(by), "assignee_id": id(t.AssigneeID), "brand_id": itoa(brandID), "created_at": t.CreatedAt,
			"custom_status": itoa(customStatusID(t.Status)), "description": t.Description,
			"external_id": t.ExternalID, "form_id": id(t.FormID), "group_id": id(t.GroupID), "id": itoa(t.ID), "is_public": t.IsPublic,
			"organization_id": id(t.OrganizationID), "priority": upper(mustJSON(t.Priority)), "requester_id": itoa(t.RequesterID),
			"status": status, "subject": t.Subject, "submitter_id": itoa(t.SubmitterID), "tags": listOf(t.Tags),
			"type": upper(mustJSON(t.Type)), "updated_at": t.UpdatedAt, "via": map[string]any{"channel": eventChannel(t.Via.Channel)},
		},
	}
}

// eventChannel is a channel's name in events.
func eventChannel(channel string) string {
	switch channel {
	case "api":
		return "web_service"
	case "email":
		return "mail"
	default:
		return "web_form"
	}
}

func newUUID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
