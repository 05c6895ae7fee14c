package inbound_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/ponte-desk/ponte/bridge/inbound"
	"github.com/ponte-desk/ponte/whatsapp"
)

const later = " (o arquivo ainda não é anexado automaticamente)"

type describeCase struct {
	name string
	m    whatsapp.Message
	want string
}

func mediaCases() []describeCase {
	file := func(kind string, f whatsapp.Media) whatsapp.Message { return whatsapp.Message{Type: kind, Media: &f} }
	return []describeCase{
		{"image", file("image", whatsapp.Media{ID: "1"}), "[Imagem]" + later},
		{"image with caption", file("image", whatsapp.Media{Caption: "olha só\nisso"}), "[Imagem] olha só\nisso" + later},
		{"video", file("video", whatsapp.Media{}), "[Vídeo]" + later},
		{"audio", file("audio", whatsapp.Media{}), "[Áudio]" + later},
		{"voice note", file("audio", whatsapp.Media{Voice: true}), "[Mensagem de voz]" + later},
		{"voice", file("voice", whatsapp.Media{}), "[Mensagem de voz]" + later},
		{"voice without its object", whatsapp.Message{Type: "voice"}, "[Mensagem de voz]"},
		{"sticker", file("sticker", whatsapp.Media{Animated: true}), "[Figurinha]" + later},
		{
			"document", file("document", whatsapp.Media{Filename: "nota.pdf", Caption: "segue a nota"}),
			"[Documento] nota.pdf segue a nota" + later,
		},
		{"document without its object", whatsapp.Message{Type: "document"}, "[Documento]"},
		{"image without its object", whatsapp.Message{Type: "image"}, "[Imagem]"},
	}
}

func contentCases() []describeCase {
	return []describeCase{
		{"text", whatsapp.Message{Type: "text", Text: "  Olá, *tudo* bem?\n\nPreciso de ajuda 🙏 "}, "Olá, *tudo* bem?\n\nPreciso de ajuda 🙏"},
		{
			"forwarded",
			whatsapp.Message{Type: "text", Text: "oi", Context: &whatsapp.Context{Forwarded: true}},
			"(encaminhada) oi",
		},
		{"reply", whatsapp.Message{Type: "text", Text: "sim", Context: &whatsapp.Context{ID: "wamid.0"}}, "sim"},
		{
			"pin",
			whatsapp.Message{Type: "location", Location: &whatsapp.Location{Latitude: -23.5505, Longitude: -46.6333}},
			"[Localização] -23.550500, -46.633300\nhttps://www.google.com/maps?q=-23.550500,-46.633300",
		},
		{
			"place",
			whatsapp.Message{Type: "location", Location: &whatsapp.Location{Name: "Sede", Address: "Av. Paulista, 1000", Latitude: 1, Longitude: 2}},
			"[Localização] Sede\nAv. Paulista, 1000\n1.000000, 2.000000\nhttps://www.google.com/maps?q=1.000000,2.000000",
		},
		{
			"cards",
			whatsapp.Message{Type: "contacts", Contacts: []whatsapp.Card{
				{Name: "José Antônio", Phones: []whatsapp.CardPhone{{Phone: "+55 11 98765-4321", WaID: phone}, {WaID: "551140030000"}, {}}},
				{},
			}},
			"[Contato] José Antônio\n+55 11 98765-4321\n+551140030000\n\n[Contato] sem nome",
		},
		{"button", whatsapp.Message{Type: "button", Button: &whatsapp.Button{Payload: "p", Text: "Sim, quero"}}, "Sim, quero"},
		{
			"reaction",
			whatsapp.Message{Type: "reaction", Reaction: &whatsapp.Reaction{MessageID: "wamid.0", Emoji: "👍🏽"}},
			"(reagiu com 👍🏽 a uma mensagem)",
		},
		{
			"reaction taken back",
			whatsapp.Message{Type: "reaction", Reaction: &whatsapp.Reaction{MessageID: "wamid.0"}},
			"(o cliente retirou a reação a uma mensagem)",
		},
		{"order", whatsapp.Message{Type: "order", Order: &whatsapp.Order{
			Text:  "entregar à tarde",
			Items: []whatsapp.OrderItem{{ProductID: "SKU-1", Quantity: "2", Price: "19.9", Currency: "BRL"}, {ProductID: "B", Quantity: "1", Price: "5", Currency: "BRL"}},
		}}, "[Pedido]\n2 × SKU-1 (19.9 BRL)\n1 × B (5 BRL)\nentregar à tarde"},
		{
			"edit",
			whatsapp.Message{Type: "edit", Edit: &whatsapp.Edit{OriginalID: "wamid.0", Message: &whatsapp.Message{Type: "text", Text: "corrigido"}}},
			"(mensagem editada) corrigido",
		},
		{
			"edit without the new words",
			whatsapp.Message{Type: "edit", Edit: &whatsapp.Edit{OriginalID: "wamid.0"}},
			"(o cliente editou uma mensagem; o WhatsApp não informou o novo texto)",
		},
		{"revoke", whatsapp.Message{Type: "revoke", Revoke: &whatsapp.Revoke{OriginalID: "wamid.0"}}, "(o cliente apagou uma mensagem)"},
		{"system", whatsapp.Message{Type: "system", System: &whatsapp.System{Body: "User A changed from 1 to 2"}}, "User A changed from 1 to 2"},
		{
			"unsupported",
			whatsapp.Message{Type: "unsupported"},
			"(mensagem que o WhatsApp não entrega por aqui; peça ao cliente que a envie de outra forma)",
		},
		{
			"unsupported poll",
			whatsapp.Message{Type: "unsupported", Unsupported: &whatsapp.Unsupported{Type: "poll_creation"}},
			"(mensagem que o WhatsApp não entrega por aqui: “poll_creation”; peça ao cliente que a envie de outra forma)",
		},
		{
			"unsupported edit",
			whatsapp.Message{Type: "unsupported", Unsupported: &whatsapp.Unsupported{Type: "edit"}},
			"(o cliente editou uma mensagem; o WhatsApp não informou o novo texto)",
		},
		{"unknown", whatsapp.Message{Type: "unknown"}, "(mensagem que o WhatsApp não entrega por aqui; peça ao cliente que a envie de outra forma)"},
		{"a type of tomorrow", whatsapp.Message{Type: "hologram"}, "(mensagem sem conteúdo legível, tipo “hologram”)"},
		{"a hostile type", whatsapp.Message{Type: "a\nb\u202ec"}, "(mensagem sem conteúdo legível, tipo “a b c”)"},
		{"blank text", whatsapp.Message{Type: "text", Text: " \n\t "}, "(mensagem sem conteúdo legível, tipo “text”)"},
	}
}

func interactiveCases() []describeCase {
	of := func(i whatsapp.Interactive) whatsapp.Message {
		return whatsapp.Message{Type: "interactive", Interactive: &i}
	}
	return []describeCase{
		{"chosen button", of(whatsapp.Interactive{Reply: &whatsapp.Reply{ID: "1", Title: "Falar com atendente"}}), "Falar com atendente"},
		{
			"chosen row", of(whatsapp.Interactive{Reply: &whatsapp.Reply{Title: "Financeiro", Description: "Boletos e notas"}}),
			"Financeiro\nBoletos e notas",
		},
		{
			"form", of(whatsapp.Interactive{Flow: &whatsapp.FlowReply{Body: "Sent", ResponseJSON: `{"cnpj":"1"}`}}),
			"[Formulário] Sent\n" + `{"cnpj":"1"}`,
		},
		{
			"calls allowed", of(whatsapp.Interactive{Call: &whatsapp.CallPermission{Response: "accept"}}),
			"(o cliente permitiu ligações pelo WhatsApp)",
		},
		{
			"calls refused", of(whatsapp.Interactive{Call: &whatsapp.CallPermission{Response: "reject"}}),
			"(o cliente não permitiu ligações pelo WhatsApp)",
		},
		{"without a part", of(whatsapp.Interactive{Type: "button_reply"}), "(mensagem sem conteúdo legível, tipo “interactive”)"},
	}
}

func TestDescribe(t *testing.T) {
	t.Parallel()
	cases := append(mediaCases(), contentCases()...)
	for _, tt := range append(cases, interactiveCases()...) {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := inbound.Describe(&tt.m); got != tt.want {
				t.Errorf("Describe = %q; want %q", got, tt.want)
			}
		})
	}
}

// A message of any type says something, also without the object of its type.
func TestDescribeIsNeverEmpty(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{
		whatsapp.TypeText, whatsapp.TypeImage, whatsapp.TypeVideo, whatsapp.TypeAudio, whatsapp.TypeVoice, whatsapp.TypeDocument,
		whatsapp.TypeSticker, whatsapp.TypeLocation, whatsapp.TypeContacts, whatsapp.TypeInteractive, whatsapp.TypeButton,
		whatsapp.TypeReaction, whatsapp.TypeOrder, whatsapp.TypeSystem, whatsapp.TypeEdit, whatsapp.TypeRevoke, whatsapp.TypeUnsupported,
		whatsapp.TypeUnknown, whatsapp.TypeRequestWelcome, "hologram", "",
	} {
		for name, m := range map[string]whatsapp.Message{
			"without its object": {Type: kind},
			"with empty objects": {
				Type: kind, Context: &whatsapp.Context{}, Media: &whatsapp.Media{}, Location: &whatsapp.Location{}, Contacts: []whatsapp.Card{{}},
				Interactive: &whatsapp.Interactive{Reply: &whatsapp.Reply{}}, Button: &whatsapp.Button{}, Reaction: &whatsapp.Reaction{},
				Order: &whatsapp.Order{}, System: &whatsapp.System{}, Edit: &whatsapp.Edit{Message: &whatsapp.Message{}},
				Revoke: &whatsapp.Revoke{}, Unsupported: &whatsapp.Unsupported{},
			},
		} {
			if got := inbound.Describe(&m); strings.TrimSpace(got) == "" || !utf8.ValidString(got) {
				t.Errorf("%q %s: %q", kind, name, got)
			}
		}
	}
}

func TestDescribeHostileFileNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"../../etc/passwd", "C:\\windows\\system32\\a.dll", "a\r\nDe: Banco\r\n\r\nPague aqui.pdf", "nulo\x00.pdf", "\x1b[31mvermelho.pdf",
		"fatura\u202efdp.exe", "a\u2066b\u2069.pdf", "a\u2028b\u2029c.pdf", "a\u0085b.pdf", "<img src=x onerror=alert(1)>.pdf",
		strings.Repeat("á", 100_000), "\xff\xfe.pdf",
	} {
		got := inbound.Describe(&whatsapp.Message{Type: whatsapp.TypeDocument, Media: &whatsapp.Media{Filename: name}})
		odd := strings.IndexFunc(got, func(c rune) bool {
			return unicode.In(c, unicode.Cc, unicode.Zl, unicode.Zp, unicode.Bidi_Control)
		})
		if odd >= 0 {
			t.Errorf("%.40q: %q has an odd character at %d", name, got, odd)
		}
		if n := utf8.RuneCountInString(got); n > 200 || !strings.HasPrefix(got, "[Documento] ") || !strings.HasSuffix(got, later) {
			t.Errorf("%.40q: %d characters: %.300q", name, n, got)
		}
	}
	odd := inbound.Describe(&whatsapp.Message{Type: whatsapp.TypeDocument, Media: &whatsapp.Media{Filename: "Nota nº 1 ção 👩‍🔧.pdf"}})
	if want := "[Documento] Nota nº 1 ção 👩‍🔧.pdf" + later; odd != want {
		t.Errorf("a good name: %q; want %q", odd, want)
	}
}

// An edit of an edit of an edit ends.
func TestDescribeNestedEdits(t *testing.T) {
	t.Parallel()
	m := whatsapp.Message{Type: whatsapp.TypeText, Text: "fim"}
	for range 60 {
		inner := m
		m = whatsapp.Message{Type: whatsapp.TypeEdit, Edit: &whatsapp.Edit{Message: &inner}}
	}
	if got := inbound.Describe(&m); !strings.HasSuffix(got, " fim") {
		t.Errorf("Describe = %q", got)
	}
}
