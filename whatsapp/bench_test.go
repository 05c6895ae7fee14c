package whatsapp_test

import (
	"strings"
	"testing"

	"github.com/ponte-desk/ponte/whatsapp"
)

func BenchmarkParse(b *testing.B) {
	message := `{"from":"5521998877665","id":"wamid.X","timestamp":"1795300001","type":"text","text":{"body":"Bom dia"}}`
	bodies := map[string]struct {
		body    string
		updates int
	}{
		"text":         {textWebhook, 1},
		"full webhook": {hook(change("messages", `"messages":[`+strings.Repeat(message+",", 999)+message+`]`)), 1000},
	}
	for name, test := range bodies {
		b.Run(name, func(b *testing.B) {
			body := []byte(test.body)
			b.ReportAllocs()
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				if updates, err := whatsapp.Parse(body); err != nil || len(updates) != test.updates {
					b.Fatal(len(updates), err)
				}
			}
		})
	}
}

// The parser is on the path of every webhook; its garbage is bounded. Not parallel, as testing.AllocsPerRun wants it.
func TestParseAllocations(t *testing.T) {
	body := []byte(textWebhook)
	var err error
	if got := testing.AllocsPerRun(100, func() { _, err = whatsapp.Parse(body) }); got > 10 || err != nil {
		t.Errorf("got %v allocations, %v", got, err)
	}
}

const textWebhook = `{"object":"whatsapp_business_account","entry":[{"id":"301122334455667","time":1795300002,"changes":[{"value":{` +
	`"messaging_product":"whatsapp","metadata":{"display_phone_number":"551140028922","phone_number_id":"700800900100200"},` +
	`"contacts":[{"profile":{"name":"Ana Prado","username":"ana.prado"},"wa_id":"5521998877665","user_id":"BR.8877665544332211",` +
	`"parent_user_id":"BR.ENT.5566778899001122"}],"messages":[{"from":"5521998877665","from_user_id":"BR.8877665544332211",` +
	`"from_parent_user_id":"BR.ENT.5566778899001122","id":"wamid.HBgNNTUyMTk5ODg3NzY2NRUCABIYFDNBMDAwMDAwMDAwMDAwMDAwMDAxAA==",` +
	`"timestamp":"1795300001","type":"text","text":{"body":"Ol\u00e1! O pedido 4711 ainda n\u00e3o chegou, podem ver?"}}]},"field":"messages"}]}]}`
