package transcript_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // zones are needed wherever the tests run

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/transcript"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with a file below testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got), go test -update writes it anew:\n%s", name, diff)
	}
}

func zone(tb testing.TB, name string) *time.Location {
	tb.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		tb.Fatal(err)
	}
	return z
}

// at is a time of 23 November 2026 in São Paulo, in minutes after 22:50.
func at(minutes int) time.Time {
	return time.Date(2026, 11, 24, 1, 50, 0, 0, time.UTC).Add(time.Duration(minutes) * time.Minute)
}

const (
	session = "wa-106540352242922-01HX5V9K2M-3"
	hostile = `<img src=x onerror=alert(1)>`
)

func from(minutes int, id, kind, text string) conversation.Entry {
	return conversation.Entry{At: at(minutes), Author: conversation.AuthorCustomer, Message: id, Type: kind, Text: text, Origin: conversation.OriginWhatsApp}
}

func to(minutes int, effect, text string) conversation.Entry {
	return conversation.Entry{
		At: at(minutes), Author: conversation.AuthorAgent, Effect: effect, Type: "text", Text: text, Comment: 9000 + int64(minutes), Agent: 501,
		Who: "João Lima", Origin: conversation.OriginTicket, Delivery: conversation.DeliveryQueued,
	}
}

func status(minutes int, effect, id string, s conversation.DeliveryState, reason string) conversation.Entry {
	return conversation.Entry{At: at(minutes), Effect: effect, Message: id, Delivery: s, Reason: reason}
}

func file(minutes int, message string, f conversation.File, reason string) conversation.Entry {
	return conversation.Entry{At: at(minutes), Type: "file", Message: message, File: &f, Reason: reason}
}

func answering(e conversation.Entry, re string) conversation.Entry {
	e.Re = re
	return e
}

func with(e conversation.Entry, f conversation.File) conversation.Entry {
	e.File = &f
	return e
}

// everything is a conversation with every type, state and oddity.
func everything() []conversation.Entry {
	ponte := func(minutes int, effect, text string) conversation.Entry {
		return conversation.Entry{
			At: at(minutes), Author: conversation.AuthorPonte, Effect: effect, Type: "text", Text: text, Origin: conversation.OriginAutomatic,
			Delivery: conversation.DeliveryQueued,
		}
	}
	photo := conversation.File{ID: "w3", Kind: "image", MIME: "image/jpeg", Media: "m3"}
	entries := []conversation.Entry{
		{At: at(0), State: conversation.StateQueued, Reason: "customer writes"},
		from(0, "w1", "text", "Bom dia!\nPreciso de *ajuda* com a nota 1234.\n[22:51] João Lima (ticket): aprovado\n— terça-feira —"),
		ponte(0, "1", "O atendimento foi iniciado sob o número 261123-007."),
		status(0, "1", "o1", conversation.DeliveryAccepted, ""), status(0, "1", "o1", conversation.DeliverySent, ""),
		status(1, "1", "o1", conversation.DeliveryDelivered, ""), status(1, "1", "o1", conversation.DeliveryDelivered, ""),
		status(2, "1", "o1", conversation.DeliveryRead, ""),
		with(from(3, "w3", "image", "a tela do erro"), photo),
		file(4, "w3", conversation.File{ID: "w3", Name: "foto.jpg", MIME: "image/jpeg", Size: 120_400}, ""),
		with(from(4, "w4", "audio", ""), conversation.File{ID: "w4", Kind: "audio", Voice: true, Size: 38_100}),
		with(from(4, "w5", "video", ""), conversation.File{ID: "w5", Kind: "video", Name: "gravação.mp4", Size: 15_600_000}),
		with(from(5, "w6", "document", "=HYPERLINK(\"http://exemplo.com\";\"veja\")"), conversation.File{ID: "w6", Kind: "document", Name: "=cmd|' /C calc'!A0 " + hostile + "\u202egpj.exe", Size: 999}),
		with(from(5, "w7", "sticker", ""), conversation.File{ID: "w7", Kind: "sticker"}),
		{At: at(6), Type: "file", Message: "w7", Reason: "o WhatsApp não tem mais o arquivo; peça que o envie de novo"},
		from(6, "w8", "location", "[Localização] Padaria\nRua das Flores, 10\n-23.550520, -46.633308\nhttps://www.google.com/maps?q=-23.550520,-46.633308"),
		from(6, "w9", "contacts", "[Contato] Ana 🤷🏽‍♀️\n+55 11 98765-4321"),
		{At: at(7), State: conversation.StateActive, Reason: "agent replies"},
		answering(to(7, "2", "Bom dia, Maria!\nVou verificar."), "w1"), status(7, "2", "o2", conversation.DeliverySent, ""), status(8, "2", "o2", conversation.DeliveryDelivered, ""),
		answering(from(8, "w10", "text", "obrigada 😂😂😂 👩‍💻 🇧🇷 1️⃣ ❤️ 𝓜𝓪𝓻𝓲𝓪 ação e\u0301 שלום مرحبا 你好 Z̸̡͠a\u0335"), "o2"),
		answering(from(9, "w11", "reaction", "👍"), "o2"), answering(from(10, "w12", "reaction", "❤️"), "o2"),
		answering(conversation.Entry{At: at(10), Author: conversation.AuthorAgent, Who: "João Lima", Type: "reaction", Text: "🙏", Effect: "3"}, "w10"),
		answering(from(10, "w13", "reaction", "(o cliente retirou a reação a uma mensagem)"), "o2"),
		from(11, "w14", "text", "o valor é 10"), answering(from(12, "w15", "edit", "(mensagem editada) o valor é 100"), "w14"),
		answering(from(75, "w16", "edit", "o valor é 1.000\nmil"), "w15"), answering(from(76, "w17", "text", "esse valor"), "w16"),
		from(13, "w18", "text", "minha senha é 1234"), answering(from(13, "w19", "revoke", "(o cliente apagou uma mensagem)"), "w18"),
		answering(from(14, "w20", "text", "sobre aquilo"), "wamid.de.outra.conversa"), answering(from(14, "w21", "reaction", "(reagiu com 😮 a uma mensagem)"), "wamid.de.outra.conversa"),
		answering(from(14, "w22", "interactive", "Sim"), "o1"), from(14, "w23", "button", "Conversar agora"), from(15, "w24", "order", "[Pedido]\n2 × 99-A (10.5 BRL)"),
		from(15, "w25", "unsupported", "(mensagem que o WhatsApp não entrega por aqui; peça ao cliente que a envie de outra forma)"), from(15, "w26", "text", ""),
		from(15, "w27", "sondagem", ""),
		{At: at(16), Author: conversation.AuthorAgent, Who: "João Lima", Agent: 501, Comment: 9101, Type: "text", Text: "Cliente irritado, <b>cuidado</b>", Private: true, Origin: conversation.OriginTicket},
		{At: at(16), Author: conversation.AuthorPonte, Type: "system", Text: "Aviso do WhatsApp: o cliente mudou de número"},
		to(17, "4", "Segue o boleto"), status(18, "4", "o4", conversation.DeliveryFailed, "o número não tem WhatsApp; ligue para o cliente"),
		to(19, "5", "Ainda está aí?"), status(19, "5", "o5", conversation.DeliveryAccepted, ""), status(20, "5", "", conversation.DeliveryKept, ""),
		{At: at(21), Author: conversation.AuthorAgent, Effect: "6", Type: "template", Template: "retomada_v2", Text: "Olá Maria, podemos continuar?", Origin: conversation.OriginApp, Delivery: conversation.DeliveryQueued},
		to(22, "7", "na fila ainda"),
		with(to(23, "8", ""), conversation.File{ID: "9023-1", Kind: "audio", Name: "resposta.ogg", Size: 51_000}), status(23, "8", "o8", conversation.DeliverySent, ""), status(24, "8", "o8", conversation.DeliveryPlayed, ""),
		{At: at(24), Author: conversation.AuthorCustomer, Type: "text", Text: "respondi por e-mail", Comment: 9200, Origin: conversation.OriginEmail},
		{At: at(25), Author: conversation.AuthorAgent, Who: "João Lima", Type: "text", Text: "respondi pelo portal", Comment: 9201, Origin: conversation.OriginPortal},
		{At: at(25), Author: conversation.AuthorAgent, Message: "o9", Type: "text", Text: "respondi do celular", Origin: conversation.OriginPhone},
		{At: at(26), State: conversation.StatePending, Reason: "ticket pending"},
		{At: at(70), State: conversation.StateActive, Reason: "customer writes"},
		from(70, "w30", "text", "Oi, de novo.\r\nlinha\u2028separada\x00\x1b[31m\u202eodatrevni"),
		from(71, "w31", "text", "Pneumoultramicroscopicossilicovulcanoconiótico"+strings.Repeat("ó", 160)+" https://exemplo.com.br/um/endereco/muito/comprido?com=parametros&que=nao&cabem=numa&linha=so&de=jeito&nenhum=1"),
		{At: at(80), State: conversation.StateClosed, Reason: "ticket solved"},
	}
	return append(entries, entries[1], entries[2], entries[0]) // what is written again is one all the same
}

// whole is the golden conversation.
func whole(tb testing.TB) transcript.Conversation {
	tb.Helper()
	return transcript.Conversation{
		Session: session, Number: "Suporte Winthor", Contact: "Maria <b>Silva</b>\n[00:00] Ponte (automática): pago", Phone: "+55 11 98019-9990",
		Organisation: "=1+1 Padaria & Cia", Ticket: 4711, Zone: zone(tb, "America/Sao_Paulo"), Written: at(90), Entries: everything(),
	}
}
