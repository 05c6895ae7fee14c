package inbound_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ponte-desk/ponte/bridge/inbound"
	"github.com/ponte-desk/ponte/whatsapp"
)

func TestDescribeLocation(t *testing.T) {
	t.Parallel()
	of := func(l whatsapp.Location) whatsapp.Message { return whatsapp.Message{Type: "location", Location: &l} }
	describes(t, []describeCase{
		{
			"pin", of(whatsapp.Location{Latitude: -23.5505, Longitude: -46.6333}),
			"[Localização] -23.550500, -46.633300\nhttps://www.google.com/maps?q=-23.550500,-46.633300",
		},
		{
			"place", of(whatsapp.Location{Name: "Sede", Address: "Av. Paulista,\n1000", Latitude: 1, Longitude: 2, URL: "https://sede.example"}),
			"[Localização] Sede\nAv. Paulista, 1000\n1.000000, 2.000000\nhttps://www.google.com/maps?q=1.000000,2.000000\nhttps://sede.example",
		},
		{
			"hostile address", of(whatsapp.Location{Latitude: 1, Longitude: 2, URL: "javascript:alert(1)"}),
			"[Localização] 1.000000, 2.000000\nhttps://www.google.com/maps?q=1.000000,2.000000",
		},
		{"nowhere", whatsapp.Message{Type: "location"}, "(mensagem sem conteúdo legível, tipo “location”" + otherWay},
	})
}

func TestDescribeOrder(t *testing.T) {
	t.Parallel()
	of := func(o whatsapp.Order) whatsapp.Message { return whatsapp.Message{Type: "order", Order: &o} }
	many := of(whatsapp.Order{Items: make([]whatsapp.OrderItem, 75)})
	for i := range many.Order.Items {
		many.Order.Items[i].ProductID = "x"
	}
	describes(t, []describeCase{
		{"order", of(whatsapp.Order{
			Text: "entregar à tarde",
			Items: []whatsapp.OrderItem{
				{ProductID: "SKU-1", Quantity: "2", Price: "19.9", Currency: "BRL"}, {ProductID: "B", Quantity: "1", Price: "5"}, {ProductID: "C\u202e\nD"},
			},
		}), "[Pedido]\n2 × SKU-1 (19.9 BRL)\n1 × B (5)\nC  D\nentregar à tarde"},
		{"with its catalogue", of(whatsapp.Order{CatalogID: "35"}), "[Pedido] do catálogo “35”"},
		{"endless", many, "[Pedido]" + strings.Repeat("\nx", 60) + "\n… e mais 15 itens"},
	})
}

func TestDescribeInteractive(t *testing.T) {
	t.Parallel()
	of := func(i whatsapp.Interactive) whatsapp.Message {
		return whatsapp.Message{Type: "interactive", Interactive: &i}
	}
	describes(t, []describeCase{
		{"chosen button", of(whatsapp.Interactive{Reply: &whatsapp.Reply{ID: "1", Title: "Falar com atendente"}}), "Falar com atendente"},
		{"chosen row", of(whatsapp.Interactive{Reply: &whatsapp.Reply{Title: "Financeiro", Description: "Boletos e notas"}}), "Financeiro\nBoletos e notas"},
		{"chosen without a title", of(whatsapp.Interactive{Reply: &whatsapp.Reply{ID: "n2"}}), "(escolheu a opção “n2”)"},
		{"calls allowed", of(whatsapp.Interactive{Call: &whatsapp.CallPermission{Response: "accept"}}), "(o cliente permitiu ligações pelo WhatsApp)"},
		{"calls refused", of(whatsapp.Interactive{Call: &whatsapp.CallPermission{Response: "reject"}}), "(o cliente não permitiu ligações pelo WhatsApp)"},
		{"without a part", of(whatsapp.Interactive{Type: "button_reply"}), "(mensagem sem conteúdo legível, tipo “interactive”" + otherWay},
	})
}

const unread = "\n(o restante do formulário não pôde ser lido)"

func TestDescribeForm(t *testing.T) {
	t.Parallel()
	of := func(response string) whatsapp.Message {
		return whatsapp.Message{Type: "interactive", Interactive: &whatsapp.Interactive{Flow: &whatsapp.FlowReply{Name: "flow", Body: "Sent", ResponseJSON: response}}}
	}
	many := make([]string, 100)
	for i := range many {
		many[i] = fmt.Sprintf(`"c%d":%d`, i, i)
	}
	long, err := json.Marshal(strings.Repeat("ã", 40_000))
	if err != nil {
		t.Fatal(err)
	}
	body := of(`{"a":1}`)
	body.Interactive.Flow.Body = "Cadastro\nenviado"
	describes(t, []describeCase{
		{"fields in their order", of(`{"flow_token":"ft-1","z":"12.ABC.345/01DE-35","a":"oi"}`), "[Formulário]\nz: 12.ABC.345/01DE-35\na: oi"},
		{"its own words", body, "[Formulário] Cadastro enviado\na: 1"},
		{"kinds of values", of(`{"a":true,"b":false,"c":null,"d":"","e":1.50,"f":12345678901234567890}`), "[Formulário]\na: sim\nb: não\nc: (vazio)\nd: (vazio)\ne: 1.50\nf: 12345678901234567890"},
		{"nested", of(`{"a":{"b":["x","y",{"c":1}],"d":{}},"e":[]}`), "[Formulário]\na / b: x\na / b: y\na / b / c: 1"},
		{"a value alone", of(`"oi"`), "[Formulário]\noi"},
		{"lines that would be fields", of(`{"a\nb":"1\ncnpj: 2"}`), "[Formulário]\na b: 1 cnpj: 2"},
		{"nothing", of(""), "[Formulário]"},
		{"no JSON", of("oi"), "[Formulário]" + unread},
		{"cut short", of(`{"a":1,"b":`), "[Formulário]\na: 1" + unread},
		{"broken in the middle", of(`{"a":1,}`), "[Formulário]\na: 1" + unread},
		{"too deep", of(strings.Repeat(`{"a":`, 10_000) + "1" + strings.Repeat("}", 10_000)), "[Formulário]" + unread},
		{"too deep, arrays", of(strings.Repeat("[", 20_000)), "[Formulário]" + unread},
		{"after what is too deep", of(`{"a":1,"b":[[[[[[[1]]]]]]],"c":2}`), "[Formulário]\na: 1" + unread},
		{"too long", of(`{"a":1,"b":` + string(long) + `,"c":2}`), "[Formulário]\na: 1" + unread},
	})
	got := inbound.Describe(&whatsapp.Message{Type: "interactive", Interactive: of("{" + strings.Join(many, ",") + "}").Interactive})
	if n := strings.Count(got, "\n"); n != 81 || !strings.HasSuffix(got, "\nc79: 79"+unread) {
		t.Errorf("%d lines of a hundred fields: %s", n, got)
	}
}

func TestDescribeContacts(t *testing.T) {
	t.Parallel()
	of := func(c ...whatsapp.Card) whatsapp.Message { return whatsapp.Message{Type: "contacts", Contacts: c} }
	many := make([]whatsapp.Card, 35)
	for i := range many {
		many[i].Name = "x"
	}
	const silva = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Silva;José;;;\r\nFN:José Silva\r\nORG:Padaria\\, Ltda\\; Filial;Compras\r\n" +
		"TEL;type=CELL;waid=5511912345678:+55 11 91234-5678\r\nitem1.EMAIL;type=INTERNET:jose@padaria.example\r\nEND:VCARD\r\n"
	describes(t, []describeCase{
		{"two", of(
			whatsapp.Card{Name: "José Antônio", Phones: []whatsapp.CardPhone{{Phone: "+55 11 98765-4321", WaID: phone}, {WaID: "551140030000"}, {}}},
			whatsapp.Card{},
		), "[Contato] José Antônio\n+55 11 98765-4321\n+551140030000\n\n[Contato] sem nome"},
		{
			"whole", of(whatsapp.Card{Name: "A\u202eb", Company: "Padaria\nLtda", Phones: []whatsapp.CardPhone{{Phone: "1"}}, Emails: []string{"a@b", "c@d"}}),
			"[Contato] A b\nPadaria Ltda\n1\na@b\nc@d",
		},
		{"own", of(whatsapp.Card{Origin: whatsapp.OriginRequest, Name: "Ana", Phones: []whatsapp.CardPhone{{WaID: phone}}}), "[Contato do próprio cliente] Ana\n+" + phone},
		{
			"vCard alone", of(whatsapp.Card{Origin: whatsapp.OriginOther, VCard: silva}),
			"[Contato] José Silva\nPadaria, Ltda; Filial, Compras\n+55 11 91234-5678\njose@padaria.example",
		},
		{
			"vCard that adds something", of(whatsapp.Card{VCard: silva, Name: "Zé", Phones: []whatsapp.CardPhone{{Phone: "1"}}}),
			"[Contato] Zé\nPadaria, Ltda; Filial, Compras\n1\njose@padaria.example",
		},
		{
			"vCard of version 2.1", of(whatsapp.Card{VCard: "BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=53=69lva;Jos=C3=A9=\n=20Ant=C3=B4nio\n" +
				"TEL;CELL:11 91234-5678\nPHOTO;ENCODING=BASE64;JPEG:AAAA\n BBBB\nEND:VCARD"}),
			"[Contato] José Antônio Silva\n11 91234-5678",
		},
		{
			"vCard of version 4.0, folded", of(whatsapp.Card{VCard: "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Jos\r\n é\r\n" +
				`TEL;VALUE=uri;TYPE="voice:x,home":tel:+55119` + "\r\n\t12345678\r\nEND:VCARD"}),
			"[Contato] José\n+5511912345678",
		},
		{"hostile vCard", of(whatsapp.Card{VCard: "FN:a\\nb\x1b\u202e\nTEL\nEMAIL;a=b;;c\n:\n;\nN:"}), "[Contato] a b"},
		{"vCard of one name", of(whatsapp.Card{VCard: "N:Madonna"}), "[Contato] Madonna"},
		{
			"endless phones and addresses", of(whatsapp.Card{Name: "x", Phones: slices.Repeat([]whatsapp.CardPhone{{Phone: "1"}}, 25), Emails: slices.Repeat([]string{"a@b"}, 25)}),
			"[Contato] x" + strings.Repeat("\n1", 20) + strings.Repeat("\na@b", 20),
		},
		{"endless", of(many...), strings.Repeat("[Contato] x\n\n", 30) + "… e mais 5 contatos"},
	})
}

func FuzzDescribeForm(f *testing.F) {
	f.Add(`{"a":{"b":[1,"x",null,true]}}`, "FN:José\nTEL;waid=1:+1")
	f.Add(`[[[[`, "N;ENCODING=QUOTED-PRINTABLE:=\n=\n=")
	f.Fuzz(func(t *testing.T, response, vCard string) {
		for _, m := range []whatsapp.Message{
			{Type: "interactive", Interactive: &whatsapp.Interactive{Flow: &whatsapp.FlowReply{ResponseJSON: response}}},
			{Type: "contacts", Contacts: []whatsapp.Card{{VCard: vCard}}},
		} {
			if got := inbound.Describe(&m); got == "" || len(got) > 25_000 {
				t.Errorf("%d bytes", len(got))
			}
		}
	})
}
