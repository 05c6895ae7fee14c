package app_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/ponte-desk/ponte/internal/app"
)

// TestHistory: an agent reads what was before, and Zendesk is asked for it no more than it has to be.
func TestHistory(t *testing.T) {
	t.Parallel()
	s := openShop(t, nil)
	first := s.customer("1", app.DemoNumber, "primeira conversa")
	s.command(http.StatusOK, first, "cancel", fields{"id": "cancel-01", "reason": "engano"})
	var second string
	eventually(t, soon, "another conversation", func() bool {
		second = strings.TrimSuffix(first, "1") + "2"
		s.want(http.StatusOK, http.MethodPost, "/sandbox/phone/api/customers/1/messages?number="+app.DemoNumber, fields{"type": "text", "text": fields{"body": "segunda conversa"}})
		status, _ := s.ask(http.MethodGet, "/api/v1/conversations/"+second, nil)
		return status == http.StatusOK
	})
	path := "/api/v1/conversations/" + second + "/history"
	var past fields
	eventually(t, soon, "the first one among the past", func() bool {
		past = s.want(http.StatusOK, http.MethodGet, path, nil)
		return len(past.list("conversations")) > 0
	})
	before := past.list("conversations")
	if len(before) != 1 || before[0]["session"] != first || before[0]["state"] != "cancelled" || before[0]["outcome"] != "cancelled" || before[0]["ended"] == nil {
		t.Errorf("before: %v", before)
	}
	tickets := past.list("tickets")
	own := s.tickets()[0]
	known := slices.ContainsFunc(tickets, func(f fields) bool {
		id, _ := f["id"].(float64)
		return int64(id) == own.ID && f["subject"] != "" && f["status"] != "" && f["updated"] != ""
	})
	if !known || past["tickets_known"] != true || len(tickets) > 10 {
		t.Errorf("tickets %v; want %d among them", tickets, own.ID)
	}

	asked := func() int {
		return s.requests(http.MethodGet, "/tickets/requested") + s.requests(http.MethodGet, "/organizations/")
	}
	n := asked()
	for range 5 {
		s.want(http.StatusOK, http.MethodGet, path, nil)
	}
	after := s.want(http.StatusOK, http.MethodGet, "/api/v1/conversations/"+first+"/history", nil).list("conversations")
	if len(after) != 1 || after[0]["session"] != second || after[0]["state"] != "queued" {
		t.Errorf("of the first one: %v", after)
	}
	if more := asked() - n; more != 0 || n == 0 || n > 2 {
		t.Errorf("asked Zendesk %d times, then %d times more", n, more)
	}
}

// TestHistoryWithoutZendesk shows the conversations all the same, and that the tickets are not known.
func TestHistoryWithoutZendesk(t *testing.T) {
	t.Parallel()
	s := openShop(t, nil)
	session := s.customer("1", app.DemoNumber, "bom dia")
	s.ask(http.MethodPost, "/sandbox/control/faults", []fields{{"peer": "zendesk", "method": "GET", "path": "*", "status": 503}})
	past := s.want(http.StatusOK, http.MethodGet, "/api/v1/conversations/"+session+"/history", nil)
	if past["tickets_known"] != false || past["conversations"] == nil || past["tickets"] == nil {
		t.Errorf("history %v", past)
	}
	s.ask(http.MethodPost, "/sandbox/control/faults", []fields{})
	eventually(t, soon, "the tickets again", func() bool {
		return s.want(http.StatusOK, http.MethodGet, "/api/v1/conversations/"+session+"/history", nil)["tickets_known"] == true
	})
}
