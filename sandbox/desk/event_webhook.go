package desk

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
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
			out = append(out, s.commentHappening(e.Comment))
			out = append(out, s.fileHappenings(e.Comment)...)
		case e.Type == eventChange:
			if h, told := changeHappening(e); told {
				out = append(out, h)
			}
		}
	}
	return out
}

func (s *Server) commentHappening(m *comment) happening {
	author := map[string]any{"id": itoa(m.AuthorID), "is_staff": false, "name": ""}
	if u := s.users.get(m.AuthorID); u != nil {
		author["is_staff"], author["name"] = u.staff(), u.Name
	}
	return happening{"comment_added", map[string]any{"comment": map[string]any{
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

func changeHappening(e *event) (happening, bool) {
	pair := func(kind string) (happening, bool) {
		return happening{kind, map[string]any{"current": e.Value, "previous": e.Previous}}, true
	}
	switch e.FieldName {
	case "status":
		return happening{"status_changed", map[string]any{"current": upper(e.Value), "previous": upper(e.Previous)}}, true
	case "priority":
		return happening{"priority_changed", map[string]any{"current": upper(e.Value), "previous": upper(e.Previous)}}, true
	case "assignee_id":
		return pair("agent_assignment_changed")
	case "group_id":
		return pair("group_assignment_changed")
	case "requester_id":
		return pair("requester_changed")
	case "organization_id":
		return pair("organization_changed")
	case "external_id":
		return pair("external_id_changed")
	case "subject":
		return pair("subject_changed")
	case "tags":
		now, before := tagsIn(e.Value), tagsIn(e.Previous)
		return happening{"tags_changed", map[string]any{
			"tags_added": withoutTags(now, before), "tags_removed": withoutTags(before, now),
		}}, true
	default:
		return happening{}, false
	}
}

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
			"custom_status": itoa(8_447_320_465_790 + int64(statusRank(t.Status))), "description": t.Description,
			"external_id": t.ExternalID, "form_id": id(t.FormID), "group_id": id(t.GroupID), "id": itoa(t.ID), "is_public": t.IsPublic,
			"organization_id": id(t.OrganizationID), "priority": upper(mustJSON(t.Priority)), "requester_id": itoa(t.RequesterID),
			"status": status, "subject": t.Subject, "submitter_id": itoa(t.SubmitterID), "tags": slices.Concat([]string{}, t.Tags),
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
