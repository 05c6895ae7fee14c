package transcript_test

import (
	"fmt"
	"testing"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/transcript"
)

// long is a conversation of 10,000 log lines.
func long(tb testing.TB) transcript.Conversation {
	tb.Helper()
	c := whole(tb)
	c.Entries = nil
	for i := 0; len(c.Entries) < 10_000; i++ {
		in, out := fmt.Sprintf("w%d", i), fmt.Sprint(i)
		c.Entries = append(c.Entries,
			from(i, in, "text", fmt.Sprintf("mensagem %d do cliente, com algumas palavras a mais 👍\ne outra linha", i)),
			answering(to(i, out, fmt.Sprintf("resposta %d do atendente, também com algumas palavras", i)), in),
			status(i, out, "o"+out, conversation.DeliverySent, ""), status(i, out, "o"+out, conversation.DeliveryRead, ""),
		)
	}
	return c
}

func TestLong(t *testing.T) {
	t.Parallel()
	c := long(t)
	if n := len(transcript.Fold(c.Entries)); n != 5000 {
		t.Errorf("%d messages", n)
	}
	const limit = 60_000
	text, cut := transcript.Fit(transcript.Text(c), limit, c.Language)
	if !cut || len(text) > limit || len(text) < limit-200 {
		t.Errorf("%d bytes, cut %v", len(text), cut)
	}
}

func Benchmark(b *testing.B) {
	c := long(b)
	for name, run := range map[string]func(){
		"fold":     func() { transcript.Fold(c.Entries) },
		"since":    func() { transcript.Since(c.Entries, len(c.Entries)-4) },
		"text":     func() { transcript.Text(c) },
		"html":     func() { transcript.HTML(c) },
		"fragment": func() { transcript.HTMLFragment(c, 60_000) },
		"csv":      func() { transcript.CSV(c) },
		"json":     func() { transcript.JSON(c) },
		"pdf":      func() { transcript.PDF(c) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				run()
			}
		})
	}
}
