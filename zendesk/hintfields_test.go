package zendesk_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/zendesk"
)

// TestHintTellsUnknownFromNone: what a webhook leaves out must not look like what a ticket has not.
func TestHintTellsUnknownFromNone(t *testing.T) {
	t.Parallel()
	none, some := new(int64(0)), new(int64(70))
	for _, tt := range []struct {
		name, value string // "" leaves the key out
		want        *int64
	}{
		{"absent", "", nil},
		{"null", `null`, none},
		{"empty placeholder", `""`, none},
		{"blank placeholder", `"  "`, none},
		{"text", `"70"`, some},
		{"text with blanks", `" 70 "`, some},
		{"number", `70`, some},
		{"placeholder left", `"{{ticket.group.id}}"`, nil},
		{"word", `"N1"`, nil},
		{"dash", `"-"`, nil},
		{"negative", `-70`, nil},
		{"zero is no id", `0`, nil},
		{"fraction", `70.5`, nil},
		{"too large", `99999999999999999999`, nil},
		{"object", `{"id":70}`, nil},
		{"list", `[70]`, nil},
		{"truth", `true`, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			keys := ""
			if tt.value != "" {
				for _, key := range []string{"group_id", "assignee_id", "organization_id", "form_id"} {
					keys += `,"` + key + `":` + tt.value
				}
			}
			for _, body := range []string{
				`{"ticket_id":"7"` + keys + `}`, `{"type":"zen:event-type:ticket.status_changed","detail":{"id":"7"` + keys + `}}`,
			} {
				got, err := zendesk.ParseHint([]byte(body))
				if err != nil {
					t.Fatal(err)
				}
				want := []*int64{tt.want, tt.want, tt.want, tt.want}
				if diff := cmp.Diff(want, []*int64{got.Group, got.Assignee, got.Organization, got.Form}); diff != "" {
					t.Errorf("%s (-want +got):\n%s", body, diff)
				}
			}
		})
	}
}

func TestHintIDsAreNotMixedUp(t *testing.T) {
	t.Parallel()
	const keys = `"group_id":"1","assignee_id":"2","organization_id":"3","form_id":"4"`
	for _, body := range []string{
		`{"ticket_id":"7",` + keys + `}`, `{"type":"zen:event-type:ticket.created","detail":{"id":"7",` + keys + `}}`,
	} {
		got, err := zendesk.ParseHint([]byte(body))
		if err != nil || *got.Group != 1 || *got.Assignee != 2 || *got.Organization != 3 || *got.Form != 4 {
			t.Errorf("hint = %+v, %v", got, err)
		}
	}
}

func TestHintOfAnEventLooksInDetailOnly(t *testing.T) {
	t.Parallel()
	got, err := zendesk.ParseHint([]byte(`{"type":"zen:event-type:ticket.created","detail":{"id":"7"},"group_id":"1","tags":"a"}`))
	if diff := cmp.Diff(zendesk.Hint{TicketID: 7, Type: "ticket.created"}, got); err != nil || diff != "" {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
}

func TestHintTags(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, value string
		want        []string
		known       bool
	}{
		{"absent", "", nil, false},
		{"event", `["whatsapp","vip"]`, []string{"whatsapp", "vip"}, true},
		{"event without tags", `[]`, []string{}, true},
		{"null", `null`, nil, true},
		{"trigger", `"whatsapp vip"`, []string{"whatsapp", "vip"}, true},
		{"trigger with odd blanks", `"  whatsapp  vip "`, []string{"whatsapp", "vip"}, true},
		{"trigger without tags", `""`, []string{}, true},
		{"placeholder left", `"{{ticket.tags}}"`, nil, false},
		{"object", `{"a":1}`, nil, false},
		{"list of ids", `[1,2]`, nil, false},
		{"number", `7`, nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			keys := ""
			if tt.value != "" {
				keys = `,"tags":` + tt.value
			}
			got, err := zendesk.ParseHint([]byte(`{"ticket_id":"7"` + keys + `}`))
			if diff := cmp.Diff(tt.want, got.Tags); err != nil || diff != "" || got.TagsKnown != tt.known {
				t.Errorf("known %v, error %v (-want +got):\n%s", got.TagsKnown, err, diff)
			}
		})
	}
}
