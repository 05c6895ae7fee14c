package inbound_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/inbound"
	"github.com/ponte-desk/ponte/bridge/mailbox"
)

// paper writes down what becomes of webhooks, in its order and as people would see it.
type paper struct {
	people
	text strings.Builder
	err  error
}

// shown is what one webhook leaves behind, signed or as 360dialog passes it on.
func shown(t *testing.T, body string, unsigned bool, lost map[string]string) string {
	t.Helper()
	p := &paper{people: people{lost: lost}}
	r := inbound.New(inbound.Config{
		Mailboxes: p, Contacts: p, Parking: p, Notify: func(...string) {}, Now: noon, Metrics: inbound.NewMetrics(prometheus.NewRegistry()),
		WhatsAppSecrets: []string{secret}, Dialog360Secrets: []string{secret}, Dialog360Number: func(n string) bool { return n == second },
	})
	take, h := r.WhatsApp, signed(body, secret)
	if unsigned {
		take, h = r.Dialog360, passed(secret)
	}
	if err := take(t.Context(), h, []byte(body)); err != nil || p.err != nil {
		t.Fatal(err, p.err)
	}
	return p.text.String()
}

func (p *paper) Append(_ context.Context, deliveries ...mailbox.Delivery) ([]mailbox.Receipt, error) {
	for _, d := range deliveries {
		fmt.Fprintln(&p.text, d.Key)
		for _, raw := range d.Events {
			e, err := conversation.DecodeEvent(raw.Data)
			if err != nil {
				p.err = err
				continue
			}
			p.event(e)
		}
	}
	return nil, nil
}

func (p *paper) ParkAll(_ context.Context, list []inbound.ParkedStatus) error {
	for _, one := range list {
		var s conversation.Status
		if err := json.Unmarshal(one.Raw, &s); err != nil {
			p.err = err
		}
		fmt.Fprintln(&p.text, "parked", s.MessageID, s.State)
	}
	return nil
}

func (p *paper) event(e conversation.Event) {
	what, text := string(e.Kind), ""
	switch {
	case e.Message != nil:
		what, text = what+" "+e.Message.Type, e.Message.Text
	case e.Notice != nil:
		what, text = what+" "+e.Notice.Rule, e.Notice.Text
	case e.Status != nil:
		what, text = what+" "+string(e.Status.State)+" effect="+e.Status.Effect, e.Status.Reason
	}
	fmt.Fprintln(&p.text, " ", strings.TrimSuffix(what, " effect="))
	if c := e.Contact; c != nil {
		fmt.Fprintln(&p.text, "    by", strings.Join(strings.Fields(c.Name+" @"+c.Username+" wa:"+c.WaID+" id:"+c.UserID), " "))
	}
	for line := range strings.SplitSeq(text, "\n") {
		if text != "" {
			fmt.Fprintln(&p.text, "    |", line)
		}
	}
	if m := e.Message; m != nil && m.Re != "" {
		fmt.Fprintln(&p.text, "    re", m.Re)
	}
	if m := e.Message; m != nil && m.File != nil {
		f := m.File
		fmt.Fprintf(&p.text, "    file %s %q %s media:%s voice:%t sha:%.8s\n", f.Kind, f.Name, f.MIME, f.Media, f.Voice, f.SHA256)
	}
}
