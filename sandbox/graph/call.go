package graph

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// ring has a customer call a number. Answered it lasts seconds; with 0 nobody takes it. Either way the 24 hours begin
// anew. The caller holds s.mu.
func (s *Server) ring(n Number, c *customer, seconds int) (string, error) {
	const longest = 24 * 60 * 60
	if seconds < 0 || seconds > longest {
		return "", refuse("seconds goes from 0 to %d", longest)
	}
	now := s.cfg.Clock.Now()
	raw, err := json.Marshal(map[string]any{"seconds": seconds})
	if err != nil {
		return "", err
	}
	id := s.id()
	m := &message{
		ID: "wacid." + base64.RawStdEncoding.EncodeToString(fmt.Appendf(nil, "%X", id[:12])), Seq: s.seq, Number: n.ID, Customer: c.ID,
		Type: typeCall, Content: raw, At: now, State: stateSent, Seen: true,
	}
	call := wireCall{
		ID: m.ID, To: n.Display, From: s.phoneFor(c, n.ID), FromUserID: c.BSUID, Direction: "USER_INITIATED",
		Event: "connect", Timestamp: stamp(now), Session: &callSession{Type: "offer", SDP: "v=0\r\ns=-\r\nt=0 0\r\n"},
	}
	end := call
	lasts := ringsFor
	end.Event, end.Session, end.Status = "terminate", nil, "FAILED"
	if seconds > 0 {
		lasts = time.Duration(seconds) * time.Second
		end.Status, end.Duration, end.Start, end.End = "COMPLETED", seconds, stamp(now), stamp(now.Add(lasts))
	}
	end.Timestamp = stamp(now.Add(lasts))
	contacts := []wireContact{s.contact(c, n.ID, true)}
	over := tells(n, value{Contacts: contacts, Calls: []wireCall{end}})
	over.field, over.after = "calls", lasts
	begins := tells(n, value{Contacts: contacts, Calls: []wireCall{call}})
	begins.field, begins.message = "calls", m.ID
	u, err := s.newUpdate(over)
	if err != nil {
		return "", err
	}
	if err := s.record(m, begins); err != nil {
		return "", errors.Join(err, s.withdraw(u))
	}
	s.publish(u)
	return m.ID, nil
}

// prefer records whether a customer wants marketing messages, and tells the business.
func (s *Server) prefer(n Number, c *customer, choice string) error {
	details := map[string]string{
		"stop": "User requested to stop marketing messages", "resume": "User requested to resume marketing messages",
	}
	if details[choice] == "" {
		return refuse("value is stop or resume")
	}
	changed := *c
	changed.StopsAds = choice == "stop"
	if err := s.saveCustomer(&changed); err != nil {
		return err
	}
	told := tells(n, value{
		Contacts: []wireContact{s.contact(c, n.ID, true)},
		Preferences: []wirePreference{{
			WaID: s.phoneFor(c, n.ID), UserID: c.BSUID, Parent: c.Parent, Detail: details[choice], Category: "marketing_messages",
			Value: choice, Timestamp: s.cfg.Clock.Now().Unix(),
		}},
	})
	told.field = "user_preferences"
	return s.tell(told)
}
