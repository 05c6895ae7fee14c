package inbound_test

import (
	"context"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/inbound"
	"github.com/ponte-desk/ponte/bridge/mailbox"
)

// nowhere stores nothing.
type nowhere struct{ receipts []mailbox.Receipt }

func (n *nowhere) Append(_ context.Context, d ...mailbox.Delivery) ([]mailbox.Receipt, error) {
	for i := range d {
		n.receipts[i] = mailbox.Receipt{Key: d[i].Key, New: 1}
	}
	return n.receipts[:len(d)], nil
}

// directory knows one person.
type directory struct{ found []conversation.Resolved }

func (d directory) Resolve(_ context.Context, p []conversation.Person) ([]conversation.Resolved, error) {
	return d.found[:len(p)], nil
}

func (directory) Known(_ context.Context, p []conversation.Person) ([]string, error) {
	return make([]string, len(p)), nil
}

// plainText takes in one message of a known person, with Redis left out.
func plainText(tb testing.TB) func() error {
	tb.Helper()
	r := inbound.New(inbound.Config{
		Mailboxes: &nowhere{receipts: make([]mailbox.Receipt, 1)}, Contacts: directory{found: []conversation.Resolved{{Contact: "01JD0000000000000000000000"}}},
		Notify: func(...string) {}, Now: noon, Metrics: inbound.NewMetrics(prometheus.NewRegistry()), WhatsAppSecrets: []string{secret},
	})
	body := webhook(of(number, `"contacts":[{"profile":{"name":"Ana Prado","username":"ana.prado"},"wa_id":"`+ana+`","user_id":"BR.8877665544332211",`+
		`"parent_user_id":"BR.ENT.5566778899001122"}],"messages":[{"from":"`+ana+`","from_user_id":"BR.8877665544332211",`+
		`"id":"wamid.HBgNNTUyMTk5ODg3NzY2NRUCABIYFDNBMDAwMDAwMDAwMDAwMDAwMDAxAA==","timestamp":"1795300001","type":"text",`+
		`"text":{"body":"Olá! O pedido 4711 ainda não chegou, podem ver?"}}]`))
	header, raw := signed(body, secret), []byte(body)
	return func() error { return r.WhatsApp(tb.Context(), header, raw) }
}

func BenchmarkWhatsAppText(b *testing.B) {
	take := plainText(b)
	b.ReportAllocs()
	for b.Loop() {
		if err := take(); err != nil {
			b.Fatal(err)
		}
	}
}

// A plain text is what comes most: its garbage is bounded. Not parallel, as testing.AllocsPerRun wants it.
func TestWhatsAppTextAllocations(t *testing.T) {
	const most = 32 // some more than it takes: the race detector empties pools
	take := plainText(t)
	var err error
	if got := testing.AllocsPerRun(100, func() { err = take() }); got > most || err != nil {
		t.Errorf("%v allocations, %v; want %d at most", got, err, most)
	}
}
