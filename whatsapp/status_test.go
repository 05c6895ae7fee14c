package whatsapp_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/whatsapp"
)

func TestParseStatus(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		members string
		want    whatsapp.Status
	}{
		"plain": {`"status":"delivered"`, whatsapp.Status{State: "delivered"}},
		"full": {
			`"status":"sent","timestamp":"1795300001","recipient_id":"5521998877665","recipient_user_id":"BR.88","recipient_parent_user_id":"BR.ENT.55",` +
				`"biz_opaque_callback_data":"t/e","conversation":{"id":"c","origin":{"type":"service"}},` +
				`"pricing":{"billable":true,"pricing_model":"PMP","type":"regular","category":"service"}`,
			whatsapp.Status{
				State: "sent", Timestamp: time.Unix(1795300001, 0).UTC(), RecipientID: "5521998877665", RecipientUserID: "BR.88",
				RecipientParentUserID: "BR.ENT.55", CallbackData: "t/e",
				Pricing: &whatsapp.Pricing{Billable: true, Model: "PMP", Type: "regular", Category: "service"},
			},
		},
		"other spelling": {`"status":"read","parent_recipient_user_id":"BR.ENT.55"`, whatsapp.Status{State: "read", RecipientParentUserID: "BR.ENT.55"}},
		"group": {
			`"status":"read","recipient_id":"g","recipient_type":"group","recipient_participant_id":"55","recipient_participant_user_id":"BR.88"`,
			whatsapp.Status{State: "read", RecipientID: "g", RecipientType: "group", ParticipantID: "55", ParticipantUserID: "BR.88"},
		},
		"failed": {`"status":"failed","errors":[{"code":131047,"title":"t","message":"m","error_data":{"details":"d"},"href":"h"}]`, whatsapp.Status{
			State: "failed", Errors: []whatsapp.Error{{Code: 131047, Title: "t", Message: "m", Details: "d", Href: "h"}},
		}},
		"unknown state": {`"status":"in_orbit","pricing":null`, whatsapp.Status{State: "in_orbit"}},
		"milliseconds":  {`"status":"enqueued","timestamp":1795300001250`, whatsapp.Status{State: "enqueued", Timestamp: time.UnixMilli(1795300001250).UTC()}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			raw := `{"id":"o1",` + test.members + `}`
			u := one(t, hook(change("messages", `"contacts":[`+ana+`],"statuses":[`+raw+`]`)))
			test.want.ID = "o1"
			if diff := cmp.Diff(&test.want, u.Status); diff != "" || u.Kind != whatsapp.KindStatus || string(u.Raw) != raw {
				t.Errorf("got %s %s: %s", u.Kind, u.Raw, diff)
			}
		})
	}
}
