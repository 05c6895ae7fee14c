package inbound_test

import (
	"strings"
	"testing"
)

// Account events have no id: the same words at another time are another event, and a webhook that comes again is none.
func TestAccountEventsByTime(t *testing.T) {
	t.Parallel()
	restricted := `{"field":"account_update","value":{"event":"ACCOUNT_RESTRICTION"}}`
	lifted := `{"field":"account_update","value":{"event":"ACCOUNT_LIFTED"}}`
	rate := change("messages", `{"metadata":{"phone_number_id":"`+number+`"},"errors":[{"code":130429}]}`)
	at := func(time string, changes ...string) string {
		return `{"object":"whatsapp_business_account","entry":[{"id":"waba",` + time + `"changes":[` + strings.Join(changes, ",") + `]}]}`
	}
	h := setup(t)
	for _, tt := range []struct {
		name, body string
		fresh      int
	}{
		{"restricted", at(`"time":1795300001,`, restricted), 1},
		{"delivered again", at(`"time":1795300001,`, restricted), 0},
		{"lifted", at(`"time":1795300002,`, lifted), 1},
		{"restricted again", at(`"time":1795300003,`, restricted), 1},
		{"with a quoted time", at(`"time":"1795300004",`, restricted), 1},
		{"without a time", at(``, restricted), 1},
		{"without a time, again", at(``, restricted), 0},
		{"several changes", at(`"time":1795300005,`, restricted, lifted), 2},
		{"an odd time", at(`"time":{"a":[1]},`, restricted), 1},
		{"error of the number", at(`"time":1795300001,`, rate), 1},
		{"error of the number, delivered again", at(`"time":1795300001,`, rate), 0},
		{"error of the number, later", at(`"time":1795300009,`, rate), 1},
	} {
		h.ok(h.post(tt.body))
		fresh := 0
		for _, events := range h.stored() {
			fresh += len(events)
		}
		if fresh != tt.fresh {
			t.Errorf("%s: %d new events; want %d", tt.name, fresh, tt.fresh)
		}
	}
}

// A message kept for the supervisor has an id of its own in its words: the time of its webhook does not make it another.
func TestMessagesForTheSupervisorByThemselves(t *testing.T) {
	t.Parallel()
	h := setup(t)
	group := `{"id":"wamid.1","from":"` + ana + `","group_id":"g","type":"text","text":{"body":"oi"}}`
	for _, time := range []string{"1795300001", "1795300002"} {
		body := strings.Replace(webhook(of(number, list("messages", group))), `"id":"waba"`, `"id":"waba","time":`+time, 1)
		h.ok(h.post(body))
	}
	h.same("counted", h.counted(), map[string]float64{
		"ponte_webhooks_total{accepted,whatsapp}": 2, "ponte_events_total{new}": 1, "ponte_events_total{duplicate}": 1,
	})
}
