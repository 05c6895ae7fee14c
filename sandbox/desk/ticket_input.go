package desk

import (
	"encoding/json"
	"slices"
	"time"
)

// ticketInput is a written ticket; what is absent stays as it is.
type ticketInput struct {
	Subject      opt[flexText]     `json:"subject"`
	RawSubject   opt[flexText]     `json:"raw_subject"`
	Description  opt[string]       `json:"description"`
	Comment      opt[commentInput] `json:"comment"`
	Status       opt[string]       `json:"status"`
	Priority     opt[string]       `json:"priority"`
	Type         opt[string]       `json:"type"`
	RequesterID  opt[flexID]       `json:"requester_id"`
	Requester    opt[person]       `json:"requester"`
	SubmitterID  opt[flexID]       `json:"submitter_id"`
	AssigneeID   opt[flexID]       `json:"assignee_id"`
	AssigneeMail opt[string]       `json:"assignee_email"`
	GroupID      opt[flexID]       `json:"group_id"`
	Organization opt[flexID]       `json:"organization_id"`
	ExternalID   opt[flexText]     `json:"external_id"`
	Tags         opt[tagList]      `json:"tags"`
	CustomFields opt[fieldList]    `json:"custom_fields"`
	Fields       opt[fieldList]    `json:"fields"`
	FormID       opt[flexID]       `json:"ticket_form_id"`
	BrandID      opt[flexID]       `json:"brand_id"`
	ProblemID    opt[flexID]       `json:"problem_id"`
	DueAt        opt[time.Time]    `json:"due_at"`
	EmailCCs     opt[[]personMove] `json:"email_ccs"`
	Followers    opt[[]personMove] `json:"followers"`
	Collaborator opt[[]flexID]     `json:"collaborator_ids"`
	Copied       opt[[]copied]     `json:"collaborators"`
	AlsoCopied   opt[[]copied]     `json:"additional_collaborators"`
	Metadata     json.RawMessage   `json:"metadata"`
	SafeUpdate   opt[flexText]     `json:"safe_update"`
	UpdatedStamp opt[string]       `json:"updated_stamp"`
	FollowupOf   opt[flexID]       `json:"via_followup_source_id"`
	MacroID      json.RawMessage   `json:"macro_id"`
	MacroIDs     json.RawMessage   `json:"macro_ids"`
	CustomStatus opt[flexID]       `json:"custom_status_id"`
	bulkInput
}

// bulkInput are the keys that update_many alone obeys.
type bulkInput struct {
	ID             opt[flexID]  `json:"id"`
	AdditionalTags opt[tagList] `json:"additional_tags"`
	RemoveTags     opt[tagList] `json:"remove_tags"`
}

// person names somebody who may have to be made first.
type person struct {
	Name       string   `json:"name"`
	Email      string   `json:"email"`
	ExternalID flexText `json:"external_id"`
	Phone      flexText `json:"phone"`
	LocaleID   int64    `json:"locale_id"`
}

// personMove adds (put) or removes (delete) a CC or follower.
type personMove struct {
	UserID opt[flexID] `json:"user_id"`
	Email  string      `json:"user_email"`
	Name   string      `json:"user_name"`
	Action string      `json:"action"`
}

// copied names somebody to be copied: by id, by e-mail address, or as an object.
type copied struct {
	id flexID
	person
}

// UnmarshalJSON implements json.Unmarshaler.
func (p *copied) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] == '{' {
		return json.Unmarshal(raw, &p.person)
	}
	if json.Unmarshal(raw, &p.id) == nil {
		return nil
	}
	return json.Unmarshal(raw, &p.Email)
}

// fieldList is written as a list of {id,value} or as an object of id → value.
type fieldList []fieldValue

// UnmarshalJSON implements json.Unmarshaler.
func (l *fieldList) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] == '{' {
		var byID map[flexID]json.RawMessage
		if err := json.Unmarshal(raw, &byID); err != nil {
			return err
		}
		for id, v := range byID {
			*l = append(*l, fieldValue{ID: int64(id), Value: v})
		}
		return nil
	}
	var list []struct {
		ID    flexID          `json:"id"`
		Value json.RawMessage `json:"value"`
	}
	if err := json.Unmarshal(raw, &list); err != nil {
		return err
	}
	for _, f := range list {
		if f.Value == nil {
			f.Value = json.RawMessage("null")
		}
		*l = append(*l, fieldValue{ID: int64(f.ID), Value: f.Value})
	}
	return nil
}

// readTicket reads a written ticket and the keys in it that are dropped. Keys of a bulk update are kept when bulk.
func readTicket(raw json.RawMessage, bulk bool) (*ticketInput, []string, error) {
	in := &ticketInput{}
	if err := json.Unmarshal(raw, in); err != nil {
		return nil, nil, badJSON(err)
	}
	dropped := strangersOf[ticketInput](raw)
	if !bulk {
		for _, k := range []string{"id", "additional_tags", "remove_tags"} {
			if hasKey(raw, k) {
				dropped = append(dropped, k)
			}
		}
		in.bulkInput = bulkInput{}
	}
	var inner struct {
		Comment json.RawMessage `json:"comment"`
	}
	if json.Unmarshal(raw, &inner) == nil {
		dropped = append(dropped, strangersOf[commentInput](inner.Comment)...)
	}
	slices.Sort(dropped)
	return in, slices.Compact(dropped), nil
}

func hasKey(raw json.RawMessage, key string) bool {
	var keys map[string]json.RawMessage
	if json.Unmarshal(raw, &keys) != nil {
		return false
	}
	_, found := keys[key]
	return found
}

func (in *ticketInput) subject() opt[flexText] {
	if in.Subject.Set {
		return in.Subject
	}
	return in.RawSubject
}

// opening is the first comment of a ticket: comment, else description.
func (in *ticketInput) opening() *commentInput {
	if in.Comment.Set && !in.Comment.Null {
		return &in.Comment.V
	}
	return &commentInput{Body: &in.Description.V}
}

// custom is the metadata to keep with the audit.
func (in *ticketInput) custom() json.RawMessage {
	var obj map[string]any
	if json.Unmarshal(in.Metadata, &obj) != nil || obj == nil {
		return nil
	}
	return in.Metadata
}
