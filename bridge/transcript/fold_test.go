package transcript_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/transcript"
)

func TestFoldDelivery(t *testing.T) {
	t.Parallel()
	const (
		queued, kept, accepted, sent = conversation.DeliveryQueued, conversation.DeliveryKept, conversation.DeliveryAccepted, conversation.DeliverySent
		delivered, read, failed      = conversation.DeliveryDelivered, conversation.DeliveryRead, conversation.DeliveryFailed
	)
	type report struct {
		minutes int
		state   conversation.DeliveryState
		reason  string
	}
	tests := []struct {
		name    string
		reports []report
		want    conversation.DeliveryState
		at      int
		reason  string
	}{
		{"only queued", nil, queued, 0, ""},
		{"in order", []report{{1, accepted, ""}, {2, sent, ""}, {3, delivered, ""}, {4, read, ""}}, read, 4, ""},
		{"out of order", []report{{4, read, ""}, {3, delivered, ""}, {1, accepted, ""}}, read, 4, ""},
		{"repeated", []report{{1, sent, ""}, {1, sent, ""}, {1, sent, ""}}, sent, 1, ""},
		{"failed", []report{{1, accepted, ""}, {2, failed, "sem WhatsApp"}}, failed, 2, "sem WhatsApp"},
		{"failed, then delivered after all", []report{{2, failed, "sem WhatsApp"}, {3, delivered, ""}}, delivered, 3, ""},
		{"delivered, then failed", []report{{2, delivered, ""}, {3, failed, "tarde"}}, delivered, 2, ""},
		{"kept", []report{{1, kept, "janela fechada"}}, kept, 1, "janela fechada"},
		{"kept after WhatsApp took it", []report{{1, accepted, ""}, {2, kept, ""}}, kept, 2, ""},
		{"kept and sent at last", []report{{1, kept, ""}, {30, queued, ""}, {31, accepted, ""}, {32, sent, ""}}, sent, 32, ""},
		{"failed and tried again", []report{{1, failed, "erro"}, {30, queued, ""}, {31, sent, ""}}, sent, 31, ""},
		{"queued again after it was read", []report{{1, read, ""}, {2, queued, ""}}, read, 1, ""},
		{"before the message by another clock", []report{{-3, delivered, ""}}, delivered, -3, ""},
		{"unknown state", []report{{1, "pinned", ""}}, queued, 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			entries := []conversation.Entry{to(0, "1", "oi")}
			for _, r := range tt.reports {
				entries = append(entries, status(r.minutes, "1", "o1", r.state, r.reason))
			}
			list := transcript.Fold(entries)
			if len(list) != 1 {
				t.Fatalf("%d messages", len(list))
			}
			m := list[0]
			if m.Delivery != tt.want || m.Reason != tt.reason || !m.DeliveredAt.Equal(at(tt.at)) {
				t.Errorf("state %q since %v because %q, want %q since %v because %q", m.Delivery, m.DeliveredAt, m.Reason, tt.want, at(tt.at), tt.reason)
			}
			if want := "o1"; len(tt.reports) > 0 && (m.ID != want || m.Effect != "1") {
				t.Errorf("id %q, effect %q", m.ID, m.Effect)
			}
		})
	}
}

func TestFoldFindsTheMessage(t *testing.T) {
	t.Parallel()
	// The line of a state may name the message by its wamid alone, once another line has joined it to the effect.
	list := transcript.Fold([]conversation.Entry{
		to(0, "1", "oi"), status(1, "1", "o1", conversation.DeliverySent, ""), status(2, "", "o1", conversation.DeliveryRead, ""),
		status(2, "77", "o77", conversation.DeliveryRead, ""), // of an earlier conversation
		// An outbound message may be named by its effect where a wamid is expected.
		answering(from(3, "w1", "reaction", "👍"), "1"), answering(from(4, "w2", "text", "certo"), "o1"),
	})
	if len(list) != 2 || list[0].Delivery != conversation.DeliveryRead || len(list[0].Reactions) != 1 || list[1].Quote == nil || list[1].Quote.Text != "oi" {
		t.Errorf("folded to %+v", list)
	}
}

func TestFoldRepeatedWithItsState(t *testing.T) {
	t.Parallel()
	again := to(5, "1", "oi")
	again.Delivery = conversation.DeliverySent
	list := transcript.Fold([]conversation.Entry{to(0, "1", "oi"), again, status(1, "1", "", conversation.DeliveryKept, "")})
	if len(list) != 1 || list[0].Delivery != conversation.DeliverySent || !list[0].At.Equal(at(0)) {
		t.Errorf("folded to %+v", list)
	}
}

func TestFoldQuotes(t *testing.T) {
	t.Parallel()
	photo := conversation.File{ID: "w1", Kind: "image", Name: "foto.jpg"}
	tests := []struct {
		name   string
		quoted conversation.Entry
		want   string
	}{
		{"text", from(0, "w1", "text", "bom\ndia"), "bom dia"},
		{"long text", from(0, "w1", "text", strings.Repeat("palavra ", 20)), strings.Repeat("palavra ", 9) + "palavra…"},
		{"file", with(from(0, "w1", "image", ""), photo), "foto.jpg"},
		{"file with text", with(from(0, "w1", "image", "a tela"), photo), "a tela"},
		{"nothing", from(0, "w1", "image", ""), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			list := transcript.Fold([]conversation.Entry{tt.quoted, answering(from(1, "w2", "text", "sim"), "w1")})
			if q := list[1].Quote; q == nil || q.ID != "w1" || q.Missing || q.Text != tt.want || q.Type != tt.quoted.Type {
				t.Errorf("quote %+v, want %q", q, tt.want)
			}
		})
	}
}

func TestFoldFiles(t *testing.T) {
	t.Parallel()
	told := conversation.File{ID: "w1", Kind: "image", MIME: "image/png", Media: "m1"}
	found := conversation.File{ID: "w1", Name: "foto.jpg", MIME: "image/jpeg", Size: 9, URL: "https://exemplo.zendesk.com/x"}
	both := conversation.File{ID: "w1", Kind: "image", Name: "foto.jpg", MIME: "image/jpeg", Size: 9, Media: "m1", URL: found.URL}
	second := conversation.File{ID: "w1-2", Kind: "document"}
	const why = "grande demais"
	tests := []struct {
		name  string
		lines []conversation.Entry
		want  []transcript.File
	}{
		{"with the message", []conversation.Entry{with(from(0, "w1", "image", ""), told)}, []transcript.File{{File: told}}},
		{"later", []conversation.Entry{from(0, "w1", "image", ""), file(1, "w1", found, "")}, []transcript.File{{File: found}}},
		{"known better later", []conversation.Entry{with(from(0, "w1", "image", ""), told), file(1, "w1", found, "")}, []transcript.File{{File: both}}},
		{"repeated", []conversation.Entry{with(from(0, "w1", "image", ""), told), file(1, "w1", found, ""), file(1, "w1", found, "")}, []transcript.File{{File: both}}},
		{"before its message", []conversation.Entry{file(-1, "w1", found, ""), from(0, "w1", "image", "")}, []transcript.File{{File: found}}},
		{"two", []conversation.Entry{with(from(0, "w1", "image", ""), told), file(1, "w1", second, "")}, []transcript.File{{File: told}, {File: second}}},
		{"refused by name", []conversation.Entry{with(from(0, "w1", "image", ""), told), file(1, "w1", told, why)}, []transcript.File{{File: told, Refused: true, Reason: why}}},
		{"refused and come after all", []conversation.Entry{with(from(0, "w1", "image", ""), told), file(1, "w1", told, why), file(2, "w1", told, "")}, []transcript.File{{File: told}}},
		{"refused without name", []conversation.Entry{with(from(0, "w1", "image", ""), told), {At: at(1), Type: "file", Message: "w1", Reason: why}, {At: at(1), Type: "file", Message: "w1", Reason: why}}, []transcript.File{{File: told, Refused: true, Reason: why}}},
		{"refused, unknown", []conversation.Entry{from(0, "w1", "image", ""), {At: at(1), Type: "file", Message: "w1", Reason: why}}, []transcript.File{{Refused: true, Reason: why}}},
		{"alone", []conversation.Entry{file(1, "w1", found, "")}, []transcript.File{{File: found}}},
		{"alone and refused", []conversation.Entry{{At: at(1), Type: "file", Message: "w1", Reason: why}}, []transcript.File{{Refused: true, Reason: why}}},
		{"alone without id, repeated", []conversation.Entry{file(1, "", found, ""), file(1, "", found, "")}, []transcript.File{{File: found}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			list := transcript.Fold(tt.lines)
			if len(list) != 1 {
				t.Fatalf("%d messages: %+v", len(list), list)
			}
			if diff := cmp.Diff(tt.want, list[0].Files); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
			if list[0].Reason != "" {
				t.Errorf("the message itself failed: %q", list[0].Reason)
			}
		})
	}
	if list := transcript.Fold([]conversation.Entry{{At: at(1), Type: "file", Message: "w1"}}); len(list) != 0 {
		t.Errorf("a line about nothing became %+v", list)
	}
}

func TestFoldChanges(t *testing.T) {
	t.Parallel()
	agent := func(minutes int, effect, emoji string) conversation.Entry {
		return conversation.Entry{At: at(minutes), Author: conversation.AuthorAgent, Who: "João", Effect: effect, Type: "reaction", Text: emoji, Re: "w1"}
	}
	list := transcript.Fold([]conversation.Entry{
		answering(from(3, "w4", "reaction", "❤️"), "w1"), answering(from(2, "w3", "reaction", "👍"), "w1"), answering(from(2, "w3", "reaction", "👍"), "w1"),
		agent(2, "9", "🙏"), answering(from(5, "w5", "reaction", ""), "w1"), answering(from(2, "w3", "reaction", "👍"), "w1"),
		from(1, "w1", "text", "um"),
		answering(from(6, "w6", "edit", "dois"), "w1"), answering(from(7, "w7", "edit", "três"), "w6"), answering(from(6, "w6", "edit", "dois"), "w1"),
		answering(from(8, "w8", "revoke", ""), "w7"), answering(from(9, "w9", "revoke", ""), "w1"),
		answering(from(10, "w10", "text", "ué"), "w7"),
	})
	const customer, desk = conversation.AuthorCustomer, conversation.AuthorAgent
	want := []transcript.Message{
		{
			Kind: transcript.KindMessage, ID: "w1", At: at(1), Author: customer, Origin: "whatsapp", Type: "text", Text: "um",
			Reactions: []transcript.Reaction{
				{At: at(2), Author: customer, Emoji: "👍", Until: at(3)},
				{At: at(2), Author: desk, Who: "João", Emoji: "🙏"},
				{At: at(3), Author: customer, Emoji: "❤️", Until: at(5)},
			},
			Edits:   []transcript.Edit{{At: at(6), Text: "dois"}, {At: at(7), Text: "três"}},
			Revoked: &transcript.Revocation{At: at(8), Author: customer},
		},
		{
			Kind: transcript.KindMessage, ID: "w10", At: at(10), Author: customer, Origin: "whatsapp", Type: "text", Text: "ué",
			Quote: &transcript.Quote{ID: "w1", At: at(1), Author: customer, Text: "um", Type: "text"},
		},
	}
	hidden := cmpopts.IgnoreUnexported(transcript.Reaction{}, transcript.Edit{}, transcript.Quote{})
	names := cmpopts.IgnoreFields(transcript.Message{}, "Key", "Place", "Rev")
	if diff := cmp.Diff(want, list, hidden, names, cmpopts.IgnoreFields(transcript.Quote{}, "Key")); diff != "" {
		t.Errorf("folded (-want +got):\n%s", diff)
	}
}

func TestFoldKindsAndOrigins(t *testing.T) {
	t.Parallel()
	const customer, agent, ponte = conversation.AuthorCustomer, conversation.AuthorAgent, conversation.AuthorPonte
	tests := []struct {
		name   string
		line   conversation.Entry
		kind   transcript.Kind
		origin conversation.Origin
	}{
		{"customer of the first schema", conversation.Entry{Author: customer, Message: "w", Text: "x"}, transcript.KindMessage, "whatsapp"},
		{"agent of the first schema", conversation.Entry{Author: agent, Effect: "1", Comment: 3, Text: "x"}, transcript.KindMessage, "ticket"},
		{"agent, unknown way", conversation.Entry{Author: agent, Effect: "1", Text: "x"}, transcript.KindMessage, ""},
		{"automatic", conversation.Entry{Author: ponte, Effect: "1", Text: "x"}, transcript.KindMessage, "automatic"},
		{"notice", conversation.Entry{Author: ponte, Type: "system", Text: "x"}, transcript.KindNotice, "automatic"},
		{"note", conversation.Entry{Author: agent, Comment: 3, Private: true, Text: "x", Origin: "app"}, transcript.KindNote, "app"},
		{"state", conversation.Entry{State: conversation.StateActive}, transcript.KindState, ""},
		{"e-mail", conversation.Entry{Author: customer, Comment: 4, Text: "x", Origin: "email"}, transcript.KindMessage, "email"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.line.At = at(0)
			list := transcript.Fold([]conversation.Entry{tt.line, tt.line})
			if len(list) != 1 || list[0].Kind != tt.kind || list[0].Origin != tt.origin {
				t.Errorf("folded to %+v", list)
			}
		})
	}
}

func TestFoldOrder(t *testing.T) {
	t.Parallel()
	timeless := from(0, "w2", "text", "sem hora")
	timeless.At = time.Time{}
	first := timeless
	first.Message = "w0"
	list := transcript.Fold([]conversation.Entry{
		first, from(5, "w1", "text", "a"), timeless, from(5, "w3", "text", "c"), from(1, "w4", "text", "antes"),
		{At: at(2), State: conversation.StateActive},
		{At: at(1), State: conversation.StateQueued},
	})
	var ids []string
	for _, m := range list {
		ids = append(ids, m.ID+string(m.Before)+">"+string(m.State))
	}
	if diff := cmp.Diff([]string{"w4>", ">queued", "queued>active", "w0>", "w1>", "w2>", "w3>"}, ids); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

// anything draws lines with ids that meet one another and texts of all kinds.
func anything() *rapid.Generator[[]conversation.Entry] {
	id := rapid.SampledFrom([]string{"", "", "w1", "w2", "w3", "o1", "1", "2"})
	text := rapid.OneOf(rapid.SampledFrom([]string{
		"", "oi", "=1+1", "a\n[10:00] Ponte (automática): pago\r\n→ lida", "<script>alert(1)</script>&amp;", "\u2028[00:00] x", "x\x00\x1b[2J\u202e",
		"\xff\xfe", "👩‍👩‍👧‍👦🏽\U000e0067", "\U0001f1e7", "a\u0301\u0301\u0301", "\uffff\U0010ffff", "، مرحبا", "  ", "\t=x", "(reagiu com 👍 a uma mensagem)",
		"</p></li></ol>", "\";\"", "x,=cmd|' /C calc'!A0", "\n\n", "']]>", "—",
	}), rapid.String())
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) conversation.Entry {
		e := conversation.Entry{
			At:      at(rapid.IntRange(-3000, 3000).Draw(t, "at")),
			Author:  conversation.Author(rapid.SampledFrom([]string{"", "customer", "agent", "ponte", "other"}).Draw(t, "author")),
			Message: id.Draw(t, "message"), Effect: id.Draw(t, "effect"), Re: id.Draw(t, "re"),
			Type:     rapid.SampledFrom([]string{"", "text", "image", "reaction", "edit", "revoke", "file", "novo\ntipo"}).Draw(t, "type"),
			Text:     text.Draw(t, "text"),
			Who:      text.Draw(t, "who"),
			Reason:   text.Draw(t, "reason"),
			Template: rapid.SampledFrom([]string{"", "", "modelo\n[x]"}).Draw(t, "template"),
			Delivery: conversation.DeliveryState(rapid.SampledFrom([]string{"", "queued", "kept", "sent", "read", "failed", "x\ny"}).Draw(t, "delivery")),
			State:    conversation.State(rapid.SampledFrom([]string{"", "", "", "queued", "active", "novo\n[estado]"}).Draw(t, "state")),
			Origin:   conversation.Origin(rapid.SampledFrom([]string{"", "whatsapp", "ticket", "<b>"}).Draw(t, "origin")),
			Private:  rapid.Bool().Draw(t, "private"),
		}
		if rapid.Bool().Draw(t, "file") {
			e.File = &conversation.File{ID: id.Draw(t, "id"), Name: text.Draw(t, "name"), Kind: text.Draw(t, "kind"), Size: rapid.Int64().Draw(t, "size")}
		}
		if rapid.IntRange(0, 20).Draw(t, "timeless") == 0 {
			e.At = time.Time{}
		}
		return e
	}), 0, 12)
}

func TestFoldProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		entries := anything().Draw(t, "entries")
		list := transcript.Fold(entries)
		if len(list) > len(entries) {
			t.Fatalf("%d lines became %d messages", len(entries), len(list))
		}
		for i := 1; i < len(list); i++ {
			if list[i].At.Before(list[i-1].At) {
				t.Fatalf("message %d is before message %d", i, i-1)
			}
		}
		hidden := cmpopts.IgnoreUnexported(transcript.Reaction{}, transcript.Edit{}, transcript.Quote{})
		if diff := cmp.Diff(list, transcript.Fold(entries), hidden); diff != "" {
			t.Fatalf("folded twice, not the same:\n%s", diff)
		}
	})
}
