package inbound_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ponte-desk/ponte/bridge/inbound"
	"github.com/ponte-desk/ponte/whatsapp"
)

type describeCase struct {
	name string
	m    whatsapp.Message
	want string
}

// describes checks what people read of each message.
func describes(t *testing.T, cases []describeCase) {
	t.Helper()
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := inbound.Describe(&tt.m); got != tt.want {
				t.Errorf("Describe = %q; want %q", got, tt.want)
			}
		})
	}
}

const (
	otherWay = "; peça ao cliente que a envie de outra forma)"
	notHere  = ": o WhatsApp não entrega esse conteúdo por aqui; peça ao cliente que o envie de outra forma)"
	unseen   = "(editou uma mensagem; o WhatsApp não informou o novo texto: se fizer falta, pergunte ao cliente)"
)

func TestDescribeText(t *testing.T) {
	t.Parallel()
	describes(t, []describeCase{
		{"text", whatsapp.Message{Type: "text", Text: "  Olá, *tudo* bem?\n\nPreciso de ajuda 🙏 "}, "Olá, *tudo* bem?\n\nPreciso de ajuda 🙏"},
		{"formula", whatsapp.Message{Type: "text", Text: "=1+1"}, "=1+1"},
		{"control characters", whatsapp.Message{Type: "text", Text: "a\x00b\x1b[31mc\r\nd\u2028e\u0085f\tg\x7f"}, "ab[31mc\nd\ne\nf\tg"},
		{"writing from right to left", whatsapp.Message{Type: "text", Text: "שלום \u200fא"}, "שלום \u200fא"},
		{"not Unicode", whatsapp.Message{Type: "text", Text: "a\x00\xff"}, "a\ufffd"},
		{"reply", whatsapp.Message{Type: "text", Text: "sim", Context: &whatsapp.Context{ID: "wamid.0"}}, "sim"},
		{"blank text", whatsapp.Message{Type: "text", Text: " \n\t "}, "(mensagem sem conteúdo legível, tipo “text”" + otherWay},
		{"a type of tomorrow", whatsapp.Message{Type: "hologram"}, "(mensagem sem conteúdo legível, tipo “hologram”" + otherWay},
		{"a hostile type", whatsapp.Message{Type: "a\nb\u202ec"}, "(mensagem sem conteúdo legível, tipo “a b c”" + otherWay},
		{"template button", whatsapp.Message{Type: "button", Button: &whatsapp.Button{Payload: "p", Text: "Sim, quero"}}, "Sim, quero"},
		{"template button without text", whatsapp.Message{Type: "button", Button: &whatsapp.Button{Payload: "p"}}, "(tocou no botão “p”)"},
		{"welcome", whatsapp.Message{Type: "request_welcome"}, "(abriu a conversa no WhatsApp e ainda não escreveu)"},
		{"system", whatsapp.Message{Type: "system", System: &whatsapp.System{Body: "User A did something"}}, "User A did something"},
	})
}

func TestDescribeContext(t *testing.T) {
	t.Parallel()
	oi := func(c whatsapp.Context) whatsapp.Message {
		return whatsapp.Message{Type: "text", Text: "oi", Context: &c}
	}
	ad := func(r whatsapp.Referral) whatsapp.Message {
		return whatsapp.Message{Type: "text", Text: "oi", Referral: &r}
	}
	describes(t, []describeCase{
		{"forwarded", oi(whatsapp.Context{Forwarded: true}), "(encaminhada) oi"},
		{"forwarded often", oi(whatsapp.Context{Forwarded: true, FrequentlyForwarded: true}), "(encaminhada muitas vezes) oi"},
		{"product", oi(whatsapp.Context{ID: "w", Product: &whatsapp.Product{CatalogID: "194", ProductID: "SKU\n1"}}), "oi\n(sobre o produto “SKU 1” do catálogo “194”)"},
		{"product without catalogue", oi(whatsapp.Context{Product: &whatsapp.Product{ProductID: "SKU"}}), "oi\n(sobre o produto “SKU”)"},
		{"catalogue without product", oi(whatsapp.Context{Product: &whatsapp.Product{CatalogID: "194"}}), "oi"},
		{
			"ad", ad(whatsapp.Referral{SourceType: "ad", Headline: "Promoção", Body: "Só hoje\n50%", SourceURL: "https://fb.me/1"}),
			"oi\n(veio pelo anúncio “Promoção” “Só hoje 50%” https://fb.me/1)",
		},
		{"post", ad(whatsapp.Referral{SourceType: "post", SourceURL: "http://fb.me/1"}), "oi\n(veio pela publicação http://fb.me/1)"},
		{"ad that says nothing", ad(whatsapp.Referral{}), "oi\n(veio pelo anúncio)"},
		{"ad with a hostile address", ad(whatsapp.Referral{SourceURL: "javascript:alert(1)"}), "oi\n(veio pelo anúncio)"},
		{"ad with lines in its address", ad(whatsapp.Referral{SourceURL: "https://a/\nDe: Banco"}), "oi\n(veio pelo anúncio)"},
		{"ad with an endless address", ad(whatsapp.Referral{SourceURL: "https://a/" + strings.Repeat("x", 500)}), "oi\n(veio pelo anúncio)"},
	})
}

func TestDescribeOnMessages(t *testing.T) {
	t.Parallel()
	describes(t, []describeCase{
		{"reaction", whatsapp.Message{Type: "reaction", Reaction: &whatsapp.Reaction{MessageID: "wamid.0", Emoji: "👍🏽"}}, "(reagiu com 👍🏽)"},
		{"reaction of ten characters", whatsapp.Message{Type: "reaction", Reaction: &whatsapp.Reaction{Emoji: "👩🏽‍❤️‍💋‍👨🏿"}}, "(reagiu com 👩🏽‍❤️‍💋‍👨🏿)"},
		{
			"reaction with a speech",
			whatsapp.Message{Type: "reaction", Reaction: &whatsapp.Reaction{Emoji: strings.Repeat("a\n", 50)}},
			"(reagiu com a a a a a a a a a a …)",
		},
		{"reaction taken back", whatsapp.Message{Type: "reaction", Reaction: &whatsapp.Reaction{MessageID: "wamid.0"}}, "(retirou a reação)"},
		{
			"edit",
			whatsapp.Message{Type: "edit", Edit: &whatsapp.Edit{OriginalID: "wamid.0", Message: &whatsapp.Message{Type: "text", Text: "corrigido"}}},
			"(editou a mensagem) corrigido",
		},
		{
			"edited caption",
			whatsapp.Message{ID: "w", Type: "edit", Edit: &whatsapp.Edit{Message: &whatsapp.Message{Type: "image", Media: &whatsapp.Media{Caption: "nova"}}}},
			"(editou a mensagem) [Imagem] nova",
		},
		{"edit without the new words", whatsapp.Message{Type: "edit", Edit: &whatsapp.Edit{OriginalID: "wamid.0"}}, unseen},
		{"revoke", whatsapp.Message{Type: "revoke", Revoke: &whatsapp.Revoke{OriginalID: "wamid.0"}}, "(apagou a mensagem)"},
	})
}

func TestDescribeUnsupported(t *testing.T) {
	t.Parallel()
	of := func(kind string) whatsapp.Message {
		return whatsapp.Message{Type: "unsupported", Unsupported: &whatsapp.Unsupported{Type: kind}}
	}
	failed := func(code int) whatsapp.Message {
		return whatsapp.Message{Type: "unsupported", Errors: []whatsapp.Error{{Code: whatsapp.CodeUnsupportedType}, {Code: code}}}
	}
	cases := []describeCase{
		{"without a kind", whatsapp.Message{Type: "unsupported"}, "(mensagem" + notHere},
		{"unknown", whatsapp.Message{Type: "unknown"}, "(mensagem" + notHere},
		{"edit", of("edit"), unseen},
		{"a kind of tomorrow", of("hologram\u202e"), "(mensagem do tipo “hologram ”" + notHere},
		{
			"too large a file", failed(whatsapp.CodeMediaDownload),
			"[Mensagem não recebida] O arquivo do cliente não pôde ser baixado, talvez por passar de 100 MB. Peça que ele envie de novo em tamanho menor.",
		},
		{"held back", failed(whatsapp.CodeUnavailable), "[Mensagem não recebida] O WhatsApp ainda não liberou esta mensagem do cliente. Peça que ele a envie de novo."},
		{"another error", failed(131000), "(mensagem" + notHere},
	}
	for kind, name := range map[string]string{
		"button": "mensagem com botões", "interactive": "mensagem com botões", "hsm": "mensagem com botões", "errors": "mensagem com erro", "gif": "GIF",
		"group_invite": "convite para um grupo", "image": "imagem", "keep_in_chat": "mensagem mantida na conversa", "link_preview": "mensagem com prévia de link",
		"list": "lista", "location": "localização em tempo real", "media_placeholder": "arquivo", "order": "pedido",
		"pin": "mensagem fixada na conversa", "poll_creation": "enquete", "poll_update": "voto em uma enquete", "product": "produto", "reaction": "reação",
	} {
		cases = append(cases, describeCase{kind, of(kind), "(" + name + notHere})
	}
	describes(t, cases)
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
				Type: kind, Context: &whatsapp.Context{Product: &whatsapp.Product{}}, Referral: &whatsapp.Referral{}, Media: &whatsapp.Media{},
				Location: &whatsapp.Location{}, Contacts: []whatsapp.Card{{}}, Interactive: &whatsapp.Interactive{Reply: &whatsapp.Reply{}},
				Button: &whatsapp.Button{}, Reaction: &whatsapp.Reaction{}, Order: &whatsapp.Order{}, System: &whatsapp.System{},
				Edit: &whatsapp.Edit{Message: &whatsapp.Message{}}, Revoke: &whatsapp.Revoke{}, Unsupported: &whatsapp.Unsupported{},
			},
			"with an empty form": {Type: kind, Interactive: &whatsapp.Interactive{Flow: &whatsapp.FlowReply{}}},
		} {
			if got := inbound.Describe(&m); strings.TrimSpace(got) == "" || !utf8.ValidString(got) {
				t.Errorf("%q %s: %q", kind, name, got)
			}
		}
	}
}

// No message is longer than a comment holds.
func TestDescribeIsBounded(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ção 👍 ", 100_000)
	phones := make([]whatsapp.CardPhone, 10_000)
	people := make([]whatsapp.Card, 10_000)
	for i := range people {
		phones[i] = whatsapp.CardPhone{Phone: long[:100]}
	}
	for i := range people {
		people[i] = whatsapp.Card{Name: long, Company: long, Phones: phones, Emails: []string{long}}
	}
	for name, m := range map[string]whatsapp.Message{
		"text":      {Type: "text", Text: long},
		"caption":   {Type: "image", Media: &whatsapp.Media{ID: "1", Caption: long}},
		"cards":     {Type: "contacts", Contacts: people},
		"vcard":     {Type: "contacts", Contacts: []whatsapp.Card{{VCard: "FN:" + long}, {VCard: strings.Repeat("TEL:1\n", 100_000)}}},
		"order":     {Type: "order", Order: &whatsapp.Order{Text: long, CatalogID: long, Items: make([]whatsapp.OrderItem, 10_000)}},
		"form":      {Type: "interactive", Interactive: &whatsapp.Interactive{Flow: &whatsapp.FlowReply{Body: long, ResponseJSON: `{"a":"` + long + `"}`}}},
		"location":  {Type: "location", Location: &whatsapp.Location{Name: long, Address: long, URL: long}},
		"reply":     {Type: "interactive", Interactive: &whatsapp.Interactive{Reply: &whatsapp.Reply{Title: long, Description: long}}},
		"ad":        {Type: "text", Text: "oi", Referral: &whatsapp.Referral{Headline: long, Body: long, SourceURL: "https://a/" + long}},
		"type":      {Type: long},
		"edit":      {Type: "edit", Edit: &whatsapp.Edit{Message: &whatsapp.Message{Type: "text", Text: long}}},
		"reaction":  {Type: "reaction", Reaction: &whatsapp.Reaction{Emoji: long}},
		"poll":      {Type: "unsupported", Unsupported: &whatsapp.Unsupported{Type: long}},
		"in system": {Type: "system", System: &whatsapp.System{Body: long}},
	} {
		got := inbound.Describe(&m)
		if len(got) > 25_000 || !utf8.ValidString(got) {
			t.Errorf("%s: %d bytes", name, len(got))
		}
		if whole := strings.HasPrefix(long, got); whole {
			t.Errorf("%s: cut without a word", name)
		}
	}
	short := inbound.Describe(&whatsapp.Message{Type: "text", Text: strings.Repeat("\U0001f44d", 4096)})
	if n := utf8.RuneCountInString(short); n != 4096 {
		t.Errorf("the longest text that WhatsApp takes has %d characters left", n)
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
